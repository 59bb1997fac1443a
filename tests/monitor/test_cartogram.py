"""Cartograms: areas as wanted, borders whole, equal density left alone, a disc against its closed form."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.monitor import cartogram


def cells_of(n, seed=0, width=300_000.0, height=200_000.0):
    """A map of n districts whose borders are shared lines."""
    points = np.random.default_rng(seed).random((n, 2)) * [width, height]
    frame = shapely.box(0, 0, width, height)
    parts = shapely.intersection(
        list(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame).geoms), frame
    )
    return np.asarray(parts)


def test_areas__are_as_large_as_figures_and_neighbours_stay_neighbours():
    shapes = cells_of(60)
    people = np.exp(np.random.default_rng(1).normal(11.0, 1.0, 60))
    drawn = cartogram(shapes, people, cells=256)
    assert drawn.error.mean() < 0.002
    assert drawn.error.max() <= 0.01
    area = shapely.area(drawn.polygons)
    assert area.sum() == pytest.approx(shapely.area(shapes).sum())
    assert area / area.sum() == pytest.approx(people / people.sum(), rel=0.011)
    assert shapely.is_valid(drawn.polygons).all()
    assert shapely.coverage_is_valid(drawn.polygons)  # no gap and no overlap
    assert shapely.union_all(drawn.polygons).area == pytest.approx(area.sum())
    touched = [shapely.relate_pattern(shapes[i], shapes[j], "****1****") for i in range(60) for j in range(i)]
    assert touched == [
        shapely.relate_pattern(drawn.polygons[i], drawn.polygons[j], "****1****") for i in range(60) for j in range(i)
    ]


def test_equal_density__changes_nothing():
    shapes = cells_of(20)
    drawn = cartogram(shapes, shapely.area(shapes) * 0.013)
    assert drawn.rounds == 0
    assert shapely.equals_exact(drawn.polygons, shapes, 1e-6 * 300_000).all()


def test_a_disc__grows_to_its_closed_form():
    """A disc three times as dense as the ring around it: radius by conservation of mass, and still a disc."""
    angle = np.linspace(0, 2 * np.pi, 361)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    circle[-1] = circle[0]
    inner, outer = shapely.polygons(circle * 20_000), shapely.polygons(circle * 50_000)
    ring = shapely.polygons(circle * 50_000, [circle * 20_000])
    drawn = cartogram(np.array([inner, ring]), np.array([3.0 * inner.area, ring.area]), cells=256)
    radius = np.hypot(*shapely.get_coordinates(drawn.polygons[0]).T)
    share = 3 * 4 / (3 * 4 + 21)
    assert radius.mean() == pytest.approx(50_000 * np.sqrt(share), rel=0.01)
    assert radius.std() / radius.mean() < 0.01
    assert drawn.polygons[1].area + drawn.polygons[0].area == pytest.approx(outer.area)


def test_order_of_districts__changes_nothing():
    shapes, order = cells_of(12), np.random.default_rng(2).permutation(12)
    people = np.arange(1.0, 13.0)
    one, two = cartogram(shapes, people, cells=128), cartogram(shapes[order], people[order], cells=128)
    assert shapely.area(two.polygons) == pytest.approx(shapely.area(one.polygons)[order], rel=1e-3)


def test_unknown_figures_keep_their_share_and_empty_districts_stay_on_the_map():
    shapes = cells_of(10)
    people = np.full(10, 100.0) * shapely.area(shapes)
    people[3], people[4] = np.nan, 0.0
    drawn = cartogram(shapes, people, cells=256)
    assert drawn.kept.tolist() == [at == 3 for at in range(10)]
    assert drawn.small.tolist() == [at == 4 for at in range(10)]
    area = shapely.area(drawn.polygons)
    assert 0 < area[4] < 0.1 * shapely.area(shapes)[4]
    assert area[3] == pytest.approx(shapely.area(shapes)[3], rel=0.01)
    assert drawn.error[[3, 4]].tolist() == [0.0, 0.0]


def test_all_unknown__is_the_map_itself():
    shapes = cells_of(4)
    drawn = cartogram(shapes, np.full(4, np.nan))
    assert drawn.kept.all()
    assert drawn.rounds == 0


def test_islands_and_holes__stay_islands_and_holes():
    lake = shapely.Polygon(
        shapely.box(0, 0, 40_000, 40_000).exterior, [shapely.box(10_000, 10_000, 20_000, 20_000).exterior]
    )
    town = shapely.MultiPolygon([shapely.box(40_000, 0, 80_000, 40_000), shapely.box(90_000, 5_000, 95_000, 9_000)])
    drawn = cartogram(np.array([lake, town]), np.array([1.0, 4.0]), cells=256)
    assert len(drawn.polygons[0].interiors) == 1
    assert len(drawn.polygons[1].geoms) == 2
    assert drawn.error.max() <= 0.01


@pytest.mark.parametrize(
    "figure", [np.array([1.0]), np.array([1.0, -1.0]), np.array([0.0, 0.0]), np.array([1.0, np.inf])]
)
def test_faults__are_told(figure):
    with pytest.raises(InputError, match="cartogram"):
        cartogram(cells_of(2), figure)


def test_a_missing_shape__is_a_fault():
    with pytest.raises(InputError, match="shape"):
        cartogram(np.array([None, shapely.box(0, 0, 1, 1)], dtype=object), np.ones(2))


def test_corners__are_told_where_they_went():
    shapes = cells_of(15)
    people = np.exp(np.random.default_rng(4).normal(8.0, 1.5, 15))
    drawn = cartogram(shapes, people, cells=128)
    assert len(drawn.moved) == shapely.get_num_coordinates(shapes).sum()
    of_drawn = shapely.get_coordinates(drawn.polygons)
    assert np.isin(drawn.moved[:, 0] + 1j * drawn.moved[:, 1], of_drawn[:, 0] + 1j * of_drawn[:, 1]).all()


def test_a_thousandfold_difference_and_needles__never_overlap():
    """A crowded town in a thinly settled country, and a wedge that is a metre wide where it ends."""
    town, needle = shapely.box(100_000, 100_000, 104_000, 104_000), shapely.Polygon(
        [(0, 50_000), (99_000, 50_000.5), (99_000, 49_999.5)]
    )  # fmt: skip
    country = shapely.box(0, 0, 200_000, 200_000).difference(town).difference(needle)
    east = shapely.box(200_000, 0, 260_000, 200_000)
    shapes = shapely.coverage_clean(np.array([country, town, needle, east]))
    drawn = cartogram(shapes, np.array([1e5, 1e6, 100.0, 1e5]), cells=256)
    assert shapely.is_valid(drawn.polygons).all()
    assert shapely.coverage_is_valid(drawn.polygons)
    assert drawn.error[[0, 1, 3]].max() < 0.02


def test_districts_that_overlap__are_refused():
    with pytest.raises(InputError, match="clean the borders"):
        cartogram(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)]), np.ones(2))
