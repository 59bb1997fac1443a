"""People spread over roads: every cell keeps its people, on the roads inside it, by their length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Demand, Districts, Network
from lifezone.sources.people import PeopleOnRoads, spread_over_roads


def network(lines: list[tuple[float, float, float, float, str]], closed: tuple[int, ...] = ()) -> Network:
    """Make roads from (x0, y0, x1, y1, way); every segment has its own vertices."""
    xy = np.array([line[:4] for line in lines], float).reshape(-1, 2)
    ways = tuple(dict.fromkeys(line[4] for line in lines))
    n = len(lines)
    tail = np.arange(0, 2 * n, 2, dtype=np.int32)
    metres = np.hypot(*(xy[1::2] - xy[0::2]).T)
    seconds = np.repeat(metres / 10, 2)
    for at in closed:
        seconds[2 * at : 2 * at + 2] = np.inf
    return Network(
        x_m=xy[:, 0].copy(), y_m=xy[:, 1].copy(), border=np.zeros(2 * n, np.bool_), tail=tail, head=tail + 1,
        metres=metres, seconds={"car": seconds}, way=np.array([ways.index(line[4]) for line in lines], np.int16),
        ways=ways, name=np.zeros(n, np.int32), names=("",), crs="EPSG:5179",
    )  # fmt: skip


def cells(x: list[float], y: list[float], people: list[list[float]], cell_m: float = 100.0) -> Demand:
    n = len(x)
    groups = ("total", "old")[: len(people[0])]
    return Demand(
        ids=np.array([f"c{at}" for at in range(n)], object), x_m=np.array(x), y_m=np.array(y), people=np.array(people),
        groups=groups, district=np.zeros(n, np.int32), urban=np.zeros(n, np.bool_), cell_m=cell_m, cells=True,
    )  # fmt: skip


def test_spread__puts_points_in_the_middle_of_equal_stretches() -> None:
    # cell 0: square 0–100; 80 m of the first road lie in it (20–100), of the second 40 m (y 60–100).
    # 120 m at 50 m at most = 3 stretches of 40 m: middles at 20, 60 and 100 m along = x 40, x 80, y 80.
    # cell 1: square 100–200 with 20 m of the first road: one point in its middle, x 110. Cell 2 has no road.
    roads = network([(20, 50, 120, 50, "residential"), (10, 60, 10, 500, "residential"), (0, 5, 300, 5, "primary")])
    demand = cells([50, 150, 950], [50, 50, 50], [[30, 6], [8, 2], [4, 0]])
    spread = spread_over_roads(demand, roads, ["residential"], 50.0)
    assert spread.ids.tolist() == ["c0/1", "c0/2", "c0/3", "c1/1", "c2"]
    np.testing.assert_allclose(spread.x_m, [40, 80, 10, 110, 950])
    np.testing.assert_allclose(spread.y_m, [50, 50, 80, 50, 50])
    np.testing.assert_allclose(spread.people, [[10, 2], [10, 2], [10, 2], [8, 2], [4, 0]])
    assert (spread.cells, spread.cell_m) == (False, 50)
    assert spread.modelled == "people spread over residential roads within cells of 100 m"
    assert "1 cells with 4 people have no such road" in spread.notes[-1]


def test_spread__counts_a_road_once_whatever_its_directions() -> None:
    roads = network([(0, 50, 100, 50, "road"), (0, 20, 100, 20, "road")])
    twice = Network(**{**vars(roads), "tail": np.array([0, 1, 2], np.int32), "head": np.array([1, 0, 3], np.int32),
                       "metres": np.full(3, 100.0), "seconds": {"car": np.ones(6)}, "way": np.zeros(3, np.int16),
                       "name": np.zeros(3, np.int32)})  # fmt: skip
    spread = spread_over_roads(cells([50], [50], [[8]]), twice, [], 100.0)
    assert sorted(spread.y_m.tolist()) == [20, 50]


def test_spread__without_ways_leaves_out_big_roads_ferries_and_closed_ones() -> None:
    lines = [(0, 10 * at + 5, 100, 10 * at + 5, way) for at, way in enumerate(
        ["motorway", "trunk_link", "primary", "ferry", "secondary", "service", "residential"])]  # fmt: skip
    spread = spread_over_roads(cells([50], [50], [[8]]), network(lines, closed=(5,)), [], 100.0)
    assert sorted(spread.y_m.tolist()) == [45, 65]


def test_spread__needs_cells_and_known_roads() -> None:
    roads = network([(0, 50, 100, 50, "residential")])
    with pytest.raises(InputError, match="no roads of class alley; it has residential"):
        spread_over_roads(cells([50], [50], [[8]]), roads, ["alley"], 50.0)
    with pytest.raises(InputError, match="give cell"):
        spread_over_roads(cells([50], [50], [[8]], cell_m=0.0), roads, [], 50.0)
    partly = spread_over_roads(cells([50], [50], [[8]]), roads, ["residential", "alley"], 50.0)
    assert "no roads of class alley" in partly.notes[0]


def test_spread__joins_the_new_points_to_districts() -> None:
    halves = np.array([shapely.box(0, 0, 50, 100), shapely.box(50, 0, 90, 100)], object)
    roads = network([(0, 50, 100, 50, "road")])
    districts = Districts(("a", "b"), ("a", "b"), ("a", "b"), halves)
    spread = spread_over_roads(cells([50], [50], [[8]]), roads, [], 25.0, districts=districts)
    assert spread.district.tolist() == [0, 0, 1, 1]
    assert spread_over_roads(cells([50], [50], [[8]]), roads, [], 25.0).district.tolist() == [0] * 4


coordinate = st.integers(0, 400).map(float)


@settings(max_examples=80, deadline=None)
@given(
    lines=st.lists(st.tuples(coordinate, coordinate, coordinate, coordinate, st.just("road")), min_size=1, max_size=12),
    people=st.lists(st.floats(0, 1e4), min_size=16, max_size=16),
    spacing=st.sampled_from([7.0, 50.0, 1000.0]),
)
def test_spread__keeps_people_in_each_cell_and_points_on_its_roads(
    lines: list[Any], people: list[float], spacing: float
) -> None:
    if not any(line[:2] != line[2:4] for line in lines):
        return
    x, y = np.meshgrid(np.arange(50, 400, 100.0), np.arange(50, 400, 100.0))
    demand = cells(x.ravel().tolist(), y.ravel().tolist(), [[n, n / 3] for n in people])
    spread = spread_over_roads(demand, network(lines), [], spacing)
    parent = np.array([int(key.split("/")[0][1:]) for key in spread.ids])
    for group in range(2):
        np.testing.assert_allclose(
            np.bincount(parent, spread.people[:, group], 16), demand.people[:, group], rtol=1e-9, atol=1e-12
        )
    assert (np.abs(spread.x_m - demand.x_m[parent]) <= 50 + 1e-6).all()
    assert (np.abs(spread.y_m - demand.y_m[parent]) <= 50 + 1e-6).all()
    roads = shapely.union_all([shapely.LineString([line[:2], line[2:4]]) for line in lines if line[:2] != line[2:4]])
    on_road = np.array(["/" in key for key in spread.ids])
    assert (shapely.distance(roads, shapely.points(spread.x_m[on_road], spread.y_m[on_road])) < 1e-6).all()
    boxes = shapely.box(demand.x_m - 50, demand.y_m - 50, demand.x_m + 50, demand.y_m + 50)
    met = shapely.length(shapely.intersection(roads, boxes)) > 1e-6
    assert set(parent[on_road]) <= set(np.flatnonzero(met))
    assert set(np.flatnonzero(met & (demand.total > 0))) <= set(parent[on_road])


def on_roads(**keys: Any) -> PeopleOnRoads:
    return PeopleOnRoads(**{"type": "roads", "people": 1200, **keys})


def test_people_on_roads__are_spread_by_length() -> None:
    roads = network([(0, 0, 900, 0, "residential"), (0, 50, 300, 50, "residential"), (0, 9, 900, 9, "trunk")])
    demand = on_roads(groups={"age_65_plus": 0.15, "age_0_6": "5 %"}, ways=["residential"]).place(roads)
    assert demand.n_points == 12  # 1,200 m at 100 m
    np.testing.assert_allclose(demand.people, [[100, 15, 5]] * 12)
    assert [int((demand.y_m == y).sum()) for y in (0, 50)] == [9, 3]
    assert demand.x_m[:3].tolist() == [50, 150, 250]
    assert (demand.estimated, demand.people_read) == (("age_65_plus", "age_0_6"), 1200)
    assert "not counted where they live" in demand.modelled


def test_people_on_roads__stay_in_the_districts() -> None:
    roads = network([(0, 0, 100, 0, "road"), (500, 0, 600, 0, "road")])
    squares = np.array([shapely.box(-9, -9, -1, -1), shapely.box(0, -5, 90, 5)], object)
    districts = Districts(("x", "a"), ("x", "a"), ("x", "a"), squares)
    demand = on_roads(spacing="20 m").place(roads, districts=districts)
    assert demand.total.sum() == pytest.approx(1200, rel=1e-12)
    assert demand.x_m.max() <= 100
    assert demand.district.tolist() == [1] * 5  # the last 10 m go with the road whose middle lies inside


@pytest.mark.parametrize(
    "keys",
    [
        {"people": 0},
        {"groups": {"total": 0.5}},
        {"groups": {"old": 1.5}},
        {"spacing": "0 m"},
        {"groups": {"old": "15"}},
    ],
)
def test_people_on_roads__refuse_impossible_numbers(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        on_roads(**keys)
