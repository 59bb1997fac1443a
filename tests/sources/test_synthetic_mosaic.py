"""Provinces and nations: counties side by side, joined by roads, the same every time."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.sources.synthetic import County, synthetic_county, synthetic_network
from lifezone.sources.synthetic.alleys import with_alleys
from lifezone.sources.synthetic.mosaic import NODES_PER_TILE, PITCH_M, TILES, Layout, layout_for, make_mosaic


@pytest.fixture(scope="module")
def mosaic() -> County:
    counties = {0: synthetic_county(1), 1: synthetic_county(2)}
    return make_mosaic(Layout(2, 4), 7, lambda seed: counties[seed % 2])


def _part_of(network: Network) -> np.ndarray:
    pairs = coo_array((np.ones(network.n_segments), (network.tail, network.head)), shape=(network.n_vertices,) * 2)
    return connected_components(pairs, directed=False)[1]


def test_mosaic__counties_are_joined_to_one_network(mosaic: County) -> None:
    part = np.bincount(_part_of(mosaic.network))
    assert part.max() > 0.98 * mosaic.network.n_vertices
    assert np.count_nonzero(part > 0.1 * part.max()) == 1
    joined = 4 * 8 - mosaic.network.border.sum()
    assert joined == 2 * (2 * 3 + 2 * 1)  # three roads east and one north, for two pairs of neighbours each


def test_mosaic__people_live_in_their_own_district_and_cell(mosaic: County) -> None:
    demand, districts = mosaic.demand, mosaic.districts
    assert districts.polygon is not None
    assert shapely.contains_xy(districts.polygon[demand.district], demand.x_m, demand.y_m).all()
    assert len(set(demand.ids.tolist())) == demand.n_points
    assert np.array_equal(np.floor(demand.x_m / 100) * 100 + 50, demand.x_m)
    counts = np.bincount(demand.district, minlength=4)
    one, two = synthetic_county(1).demand.n_points, synthetic_county(2).demand.n_points
    assert sorted(set(counts.tolist())) == sorted({one, two})


def test_mosaic__districts_tile_the_area(mosaic: County) -> None:
    assert mosaic.districts.polygon is not None
    assert shapely.area(mosaic.districts.polygon).sum() == pytest.approx(4 * PITCH_M[0] * PITCH_M[1])
    assert mosaic.area.area == pytest.approx(4 * PITCH_M[0] * PITCH_M[1])
    assert len(set(mosaic.districts.name)) == 4


def test_mosaic__every_kind_grows_with_the_counties(mosaic: County) -> None:
    many = np.bincount(mosaic.facilities.kind, minlength=len(mosaic.facilities.kinds))
    one = synthetic_county(1).facilities
    shop = one.kinds.index("retail")
    assert many[shop] == round(75_000 * 4 / (TILES["nation"][0] * TILES["nation"][1]))
    assert (many >= 2 * np.bincount(one.kind, minlength=len(one.kinds))).all()


def test_mosaic__same_seed_same_arrays(mosaic: County) -> None:
    counties = {0: synthetic_county(1), 1: synthetic_county(2)}
    again = make_mosaic(Layout(2, 4), 7, lambda seed: counties[seed % 2])
    for name in ("x_m", "y_m", "tail", "head", "metres", "way", "name", "border"):
        assert np.array_equal(getattr(mosaic.network, name), getattr(again.network, name)), name
    assert np.array_equal(mosaic.facilities.x_m, again.facilities.x_m)
    assert mosaic.facilities.ids.tolist() == again.facilities.ids.tolist()


def test_alleys__add_blind_lanes_and_change_no_other_road() -> None:
    before = synthetic_county(1).network
    after = with_alleys(before, 500, 3 / 3.6, np.random.default_rng(1))
    assert after.n_vertices == before.n_vertices + 500
    assert np.array_equal(after.tail[: before.n_segments], before.tail)
    assert np.array_equal(after.seconds["car"][: 2 * before.n_segments], before.seconds["car"])
    degree = np.bincount(np.concatenate([after.tail, after.head]), minlength=after.n_vertices)
    assert set(degree[before.n_vertices :].tolist()) == {1, 2}  # blind, or joined with one neighbour
    assert (after.metres[before.n_segments :] <= 90.0).all()


@pytest.mark.parametrize(("nodes", "count"), [(1, 1), (NODES_PER_TILE, 1), (NODES_PER_TILE + 1, 2), (100_000, 12)])
def test_layout__has_as_many_counties_as_the_nodes_need(nodes: int, count: int) -> None:
    layout = layout_for(nodes)
    assert layout.count == count
    places = {(float(x), float(y)) for x, y in zip(*layout.at(np.arange(count)), strict=True)}
    assert len(places) == count


def test_network__refuses_a_negative_seed() -> None:
    with pytest.raises(InputError, match="0 or more"):
        synthetic_network(1, -1)
