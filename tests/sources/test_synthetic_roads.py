"""The roads of the synthetic county: joined, directed, dry, with an island, and right for the studies that use them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from lifezone.model import Network
from lifezone.sources.crs import to_crs
from lifezone.sources.synthetic import County, synthetic_county
from lifezone.sources.synthetic.network import SPEEDS_KMH
from lifezone.sources.synthetic.plan import BRIDGES


@pytest.fixture(scope="module", params=[1, 2])
def county(request: pytest.FixtureRequest) -> County:
    return synthetic_county(request.param)


def _graph(network: Network, mode: str, closed: np.ndarray | None = None) -> csr_array:
    seconds = network.seconds[mode].reshape(-1, 2).copy()
    if closed is not None:
        seconds[closed] = np.inf
    ahead, back = np.isfinite(seconds).T
    tail = np.r_[network.tail[ahead], network.head[back]]
    head = np.r_[network.head[ahead], network.tail[back]]
    cost = np.r_[seconds[ahead, 0], seconds[back, 1]]
    least: dict[tuple[int, int], float] = {}
    for a, b, s in zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True):
        least[a, b] = min(s, least.get((a, b), np.inf))
    ends = np.array(list(least)).T
    return csr_array((np.array(list(least.values())), (ends[0], ends[1])), shape=(network.n_vertices,) * 2)


def _segments(network: Network) -> np.ndarray:
    xy = np.column_stack([network.x_m, network.y_m])
    return shapely.linestrings(xy[np.column_stack([network.tail, network.head])])


def _way(network: Network, name: str) -> np.ndarray:
    return network.way == network.ways.index(name)


def test_roads__are_one_strongly_connected_net_but_for_a_forest_track(county: County) -> None:
    network = county.network
    driven = np.isfinite(network.seconds["car"].reshape(-1, 2)).any(axis=1)
    _, part = connected_components(_graph(network, "car"), connection="strong")
    inside = part[network.tail] == part[network.head]
    size = np.bincount(part[network.tail[inside]], weights=network.metres[inside])
    main = inside & (part[network.tail] == size.argmax())
    assert network.metres[main].sum() / network.metres[driven].sum() > 0.97
    left_out = driven & ~main
    assert set(network.way[left_out].tolist()) == {network.ways.index("track")}
    assert network.metres[left_out].sum() > 500


def test_roads__have_the_size_of_a_county(county: County) -> None:
    network = county.network
    middle = shapely.get_coordinates(shapely.centroid(_segments(network)))
    inside = shapely.intersects_xy(county.area, middle[:, 0], middle[:, 1])
    assert 600_000 < network.metres[inside].sum() < 950_000
    assert 8_000 < network.n_segments < 20_000
    used = set(np.unique(network.way).tolist())
    assert used == set(range(len(network.ways)))


def test_roads__stay_dry_but_for_the_bridges(county: County) -> None:
    network = county.network
    names = np.array(network.names, dtype=object)[network.name]
    wet = shapely.intersects(county.water, _segments(network)) & ~_way(network, "ferry")
    bridges = {name for name, _ in BRIDGES}
    assert set(names[wet].tolist()) == bridges
    assert wet.sum() == len(bridges) == 5


def test_island__is_reached_by_ferry_alone(county: County) -> None:
    network, demand = county.network, county.demand
    island = max((shapely.polygons(hole) for part in shapely.get_parts(county.water)
                  for hole in shapely.get_rings(part)[1:]), key=shapely.area)  # fmt: skip
    on_island = shapely.contains_xy(island, demand.x_m, demand.y_m)
    assert 100 <= demand.total[on_island].sum() <= 200
    xy = np.column_stack([network.x_m, network.y_m])
    near = cKDTree(xy).query(np.column_stack([demand.x_m, demand.y_m]))[1]
    town = near[np.argmax(np.where(demand.district == 0, demand.total, 0))]
    for mode in ("car", "walk"):
        with_ferry = dijkstra(_graph(network, mode), indices=town)
        without = dijkstra(_graph(network, mode, _way(network, "ferry")), indices=town)
        assert np.isfinite(with_ferry[near[on_island]]).all()
        assert np.isinf(without[near[on_island]]).all()
        assert np.isinf(without[near]).sum() - np.isinf(with_ferry[near]).sum() == on_island.sum()


def test_times__follow_speeds_and_directions(county: County) -> None:
    network = county.network
    car, walk = (network.seconds[mode].reshape(-1, 2) for mode in ("car", "walk"))
    primary = np.flatnonzero(_way(network, "primary"))
    assert np.allclose(car[primary, 0], network.metres[primary] / (SPEEDS_KMH["primary"] / 3.6))
    on_foot = _way(network, "path") | _way(network, "footway")
    assert np.isinf(car[on_foot]).all()
    land = ~_way(network, "ferry")
    assert np.allclose(walk[land], (network.metres[land] / (3 / 3.6))[:, None])
    one_way = np.isfinite(car).sum(axis=1) == 1
    assert (one_way & _way(network, "residential")).sum() > 20
    carriageways = one_way & _way(network, "trunk")
    assert network.metres[carriageways].sum() > 10_000
    step = np.hypot(network.x_m[network.tail] - network.x_m[network.head],
                    network.y_m[network.tail] - network.y_m[network.head])  # fmt: skip
    assert np.all(network.metres >= step - 0.02)
    assert network.metres.min() > 0


def test_times__another_walking_speed_changes_walking_alone(county: County) -> None:
    slow = county.network
    quick = synthetic_county(1 if county is synthetic_county(1) else 2, walk_mps=4 / 3.6).network
    land = np.repeat(~_way(slow, "ferry"), 2)
    assert np.allclose(quick.seconds["walk"][land] * 4, slow.seconds["walk"][land] * 3)
    assert np.array_equal(quick.seconds["walk"][~land], slow.seconds["walk"][~land])
    assert np.array_equal(quick.seconds["car"], slow.seconds["car"])


def test_carriageways__drive_on_the_right(county: County) -> None:
    network = county.network
    car = np.isfinite(network.seconds["car"].reshape(-1, 2))
    own = np.flatnonzero(_way(network, "trunk") & (car.sum(axis=1) == 1))
    assert car[own, 0].all()  # drawn in the direction of travel
    xy = np.column_stack([network.x_m, network.y_m])
    middle = (xy[network.tail[own]] + xy[network.head[own]]) / 2
    ahead = xy[network.head[own]] - xy[network.tail[own]]
    right, checked = 0, 0
    for k in range(len(own)):
        other = np.flatnonzero((ahead @ ahead[k] < 0) & (np.hypot(*(middle - middle[k]).T) < 40))
        if len(other):
            to_other = middle[other[0]] - middle[k]
            checked += 1
            right += bool(ahead[k][0] * to_other[1] - ahead[k][1] * to_other[0] > 0)  # the other one is to the left
    assert checked > 50
    assert right / checked > 0.95


def test_border__is_where_roads_leave_the_map(county: County) -> None:
    network = county.network
    assert network.border.sum() == 8
    out = shapely.points(network.x_m[network.border], network.y_m[network.border])
    assert (shapely.distance(county.world.exterior, out) < 5).all()
    assert not shapely.intersects(county.area, out).any()
    degree = np.bincount(np.r_[network.tail, network.head], minlength=network.n_vertices)
    assert (degree[network.border] >= 1).all()
    assert degree.min() >= 1


def test_studies__the_designs_places_make_sense(county: County) -> None:
    network = county.network
    names = np.array(network.names, dtype=object)[network.name]
    segments = _segments(network)

    def spot(lon: float, lat: float) -> shapely.Point:
        x, y = to_crs(np.array([lon]), np.array([lat]), "EPSG:4326", "EPSG:5179")
        return shapely.Point(x[0], y[0])

    assert names[np.argmin(shapely.distance(segments, spot(127.41, 36.51)))] == "한빛교"
    for lon, lat in ((127.41, 36.52), (127.40, 36.50), (127.40, 36.51), (127.42, 36.51)):
        assert shapely.distance(segments, spot(lon, lat)).min() < 400
        assert county.area.contains(spot(lon, lat))
    west, east = spot(127.40, 36.51), spot(127.42, 36.51)
    assert shapely.intersects(county.water, shapely.LineString([west, east]))
    land = np.flatnonzero(np.isfinite(network.seconds["car"].reshape(-1, 2)).all(axis=1))
    ends = [network.tail[land[np.argmin(shapely.distance(segments[land], one))]] for one in (west, east)]
    seconds = dijkstra(_graph(network, "car"), indices=ends[0])[ends[1]]
    assert seconds > 8 * 60  # 1.8 km over a new bridge is 3 minutes


def test_studies__people_are_far_from_a_clinic_in_the_east_and_a_school_is_missed(county: County) -> None:
    network, demand, facilities = county.network, county.demand, county.facilities
    driven = np.unique(np.r_[network.tail, network.head][np.tile(_driven(network), 2)])
    tree = cKDTree(np.column_stack([network.x_m, network.y_m])[driven])
    home = driven[tree.query(np.column_stack([demand.x_m, demand.y_m]))[1]]
    place = driven[tree.query(np.column_stack([facilities.x_m, facilities.y_m]))[1]]
    back = csr_array(_graph(network, "car").T)

    def minutes(rows: np.ndarray) -> np.ndarray:
        return dijkstra(back, indices=place[rows], min_only=True)[home] / 60 + 3

    inside, people = demand.inside, demand.total
    clinic = minutes(facilities.open_of(["clinic"]))
    shop = minutes(facilities.open_of(["retail"]))
    assert 0.4 < people[inside & (clinic <= 15)].sum() / people[inside].sum() < 0.8
    assert people[inside & (clinic > 30)].sum() > 500
    assert people[inside & (clinic > 15) & (shop > 15)].sum() > 1000
    schools = facilities.open_of(["elementary_school"])
    kids = demand.of("age_7_12")
    before = kids[inside & (minutes(schools) > 10)].sum()
    lost = [kids[inside & (minutes(schools[schools != one]) > 10)].sum() - before for one in schools[2:11]]
    assert max(lost) >= 20
    assert min(lost) >= 0


def _driven(network: Network) -> np.ndarray:
    track = _way(network, "track")
    return np.isfinite(network.seconds["car"].reshape(-1, 2)).any(axis=1) & ~track
