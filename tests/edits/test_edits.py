"""Edits change exactly what they say and leave the old world as it was."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from pyproj import Transformer

from lifezone.edits import apply
from lifezone.edits.spec import EditSpec
from lifezone.errors import InputError
from lifezone.model import Access, Demand, Districts, Facilities, Network, World

CRS = "EPSG:5179"
X0, Y0 = 1_000_000.0, 1_900_000.0


def lon_lat(x_m: float, y_m: float) -> list[float]:
    """A place in degrees, from metres east and north of the test's corner."""
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(X0 + x_m, Y0 + y_m)
    return [lon, lat]


def grid_world() -> World:
    """Two parallel east–west roads 400 m apart, 1 km long, joined at the west end only.

    4 ------ 5 ------ 6      secondary, vertices 500 m apart
    |
    0 ------ 1 ------ 2      residential
    """
    x_m = X0 + np.array([0.0, 500, 1000, 0, 500, 1000])
    y_m = Y0 + np.array([0.0, 0, 0, 400, 400, 400])
    tail = np.array([0, 1, 3, 4, 0], np.int32)
    head = np.array([1, 2, 4, 5, 3], np.int32)
    metres = np.hypot(x_m[head] - x_m[tail], y_m[head] - y_m[tail])
    network = Network(
        x_m=x_m,
        y_m=y_m,
        border=np.zeros(6, bool),
        tail=tail,
        head=head,
        metres=metres,
        seconds={"car": np.repeat(metres / 10, 2), "walk": np.repeat(metres / 1.0, 2)},
        way=np.array([0, 0, 1, 1, 1], np.int16),
        ways=("residential", "secondary"),
        name=np.array([1, 1, 2, 2, 0], np.int32),
        names=("", "아랫길", "윗길"),
        crs=CRS,
    )
    demand = Demand(
        ids=np.array(["a"], dtype=object),
        x_m=x_m[:1],
        y_m=y_m[:1],
        people=np.array([[10.0]]),
        groups=("total",),
        district=np.zeros(1, np.int32),
        urban=np.zeros(1, bool),
    )
    facilities = Facilities(
        ids=np.array(["c1", "c2"], dtype=object),
        x_m=X0 + np.array([1000.0, 0.0]),
        y_m=Y0 + np.array([0.0, 400.0]),
        kind=np.zeros(2, np.int32),
        kinds=("clinic",),
        name=np.array(["하나의원", "둘의원"], dtype=object),
        capacity=np.array([3.0, np.nan]),
        cost=np.full(2, np.nan),
        open=np.array([True, False]),
        hours=np.array(["", ""], dtype=object),
    )
    access = {mode: Access(500.0, 1.0) for mode in ("car", "walk")}
    return World(network, demand, facilities, Districts(("all",), ("전체",)), access, CRS)


def change(world: World, edit: dict) -> tuple[World, str]:
    return apply(world, EditSpec.model_validate(edit))


def same(a: object, b: object, *, but: tuple[str, ...] = ()) -> bool:
    """True when two dataclasses hold equal arrays in every field but some."""
    for field in fields(a):
        if field.name in but:
            continue
        one, two = getattr(a, field.name), getattr(b, field.name)
        if isinstance(one, np.ndarray):
            if not (one.dtype == object and (one == two).all()) and not np.array_equal(one, two, equal_nan=True):
                return False
        elif one is not two and not isinstance(one, dict) and one != two:
            return False
    return True


def test_open__adds_one_facility_and_nothing_else() -> None:
    before = grid_world()
    after, told = change(before, {"open": {"kind": "clinic", "at": lon_lat(500, 400), "capacity": 2.0}})
    assert after.facilities.ids.tolist() == ["c1", "c2", "new-clinic-1"]
    assert after.facilities.open.tolist() == [True, False, True]
    assert after.facilities.x_m[2] == pytest.approx(X0 + 500, abs=0.01)
    assert before.facilities.n_facilities == 2
    assert after.network is before.network
    assert after.demand is before.demand
    assert "clinic" in told


def test_open__a_kind_without_a_source_becomes_assessed() -> None:
    after, _ = change(grid_world(), {"open": {"kind": "pharmacy", "at": lon_lat(0, 0), "id": "p"}})
    assert after.facilities.kinds == ("clinic", "pharmacy")
    assert after.facilities.open_of(["pharmacy"]).tolist() == [2]


def test_open__candidate_by_id() -> None:
    after, _ = change(grid_world(), {"open": {"id": "c2"}})
    assert after.facilities.open.all()


def test_open__an_open_one_and_close__a_shut_one_are_faults() -> None:
    with pytest.raises(InputError, match="'c1' is open already: leave it out"):
        change(grid_world(), {"open": {"id": "c1"}})
    with pytest.raises(InputError, match="'c2' is not open: leave it out"):
        change(grid_world(), {"close": {"id": "c2"}})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"close": {"id": "c3"}}, "no facility has the id 'c3'; did you mean"),
        ({"close": {"ids": ["c3", "c9"]}}, "no facility has the id 'c9'"),
        ({"open": {"id": "nobody"}}, "no facility has the id 'nobody'"),
        ({"open": {"kind": "clinic", "at": [127.5, 36.5], "id": "c1"}}, "exists already"),
        ({"open": {"kind": "clinic", "at": [10.0, 50.0]}}, "lies outside the loaded roads"),
        ({"road": {"close": {"near": lon_lat(500, 3000)}}}, "no road within 500 m"),
        ({"road": {"speed": {"way": "motorway", "factor": 2.0}}}, "no road of the class 'motorway'"),
        ({"road": {"add": {"from": lon_lat(0, 0), "to": lon_lat(500, 0), "way": "primary"}}}, "to take the speed from"),
        ({"road": {"add": {"from": lon_lat(0, 0), "to": lon_lat(-3, -3), "way": "secondary"}}}, "at the same place"),
    ],
)
def test_edit__that_does_not_fit_says_why(edit: dict, message: str) -> None:
    with pytest.raises(InputError) as caught:
        change(grid_world(), edit)
    assert message in str(caught.value)
    assert caught.value.faults[0].path[0] == next(iter(edit))


def test_close__several_at_once_gathers_every_unknown_id() -> None:
    with pytest.raises(InputError) as caught:
        change(grid_world(), {"close": {"ids": ["x1", "c1", "x2"]}})
    assert [fault.path for fault in caught.value.faults] == [("close", "ids", 0), ("close", "ids", 2)]


def test_move__changes_the_place_alone() -> None:
    before = grid_world()
    after, told = change(before, {"move": {"id": "c1", "to": lon_lat(1000, 300)}})
    assert same(before.facilities, after.facilities, but=("x_m", "y_m"))
    assert after.facilities.y_m[0] == pytest.approx(Y0 + 300, abs=0.01)
    assert "300 m" in told


def test_resize__changes_the_capacity_alone() -> None:
    after, told = change(grid_world(), {"resize": {"id": "c1", "capacity": 7.0}})
    assert after.facilities.capacity[0] == 7
    assert told == "resize c1 from 3 to 7"
    assert same(grid_world().facilities, after.facilities, but=("capacity",))


def test_road_speed__by_class_scales_cars_alone() -> None:
    before = grid_world()
    after, _ = change(before, {"road": {"speed": {"way": "secondary", "factor": 2.0}}})
    ratio = after.network.seconds["car"] / before.network.seconds["car"]
    assert ratio.tolist() == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert np.array_equal(after.network.seconds["walk"], before.network.seconds["walk"])


def test_road_speed__near_a_place_takes_the_stretch_between_junctions() -> None:
    # without side roads the whole ring of bends is one stretch: all five segments
    after, _ = change(grid_world(), {"road": {"speed": {"near": lon_lat(250, 390), "speed": "36 km/h"}}})
    assert after.network.seconds["car"] == pytest.approx(np.repeat(after.network.metres, 2) / 10)


def test_road_close__blocks_one_spot_for_every_mode() -> None:
    before = grid_world()
    after, told = change(before, {"road": {"close": {"near": lon_lat(250, 10)}}})
    for mode in ("car", "walk"):
        assert np.isinf(after.network.seconds[mode]).tolist() == [True, True] + [False] * 8
    assert np.isfinite(before.network.seconds["car"]).all()
    assert "아랫길" in told


def test_road_close__within_a_distance_closes_all_of_them() -> None:
    after, _ = change(grid_world(), {"road": {"close": {"near": lon_lat(750, 200), "within": "210 m"}}})
    closed = np.isinf(after.network.seconds["car"].reshape(-1, 2)).all(axis=1)
    assert closed.tolist() == [False, True, False, True, False]


def test_road_add__joins_junctions_within_30_m() -> None:
    before = grid_world()
    after, told = change(
        before, {"road": {"add": {"from": lon_lat(990, 10), "to": lon_lat(1005, 395), "way": "secondary"}}}
    )
    network = after.network
    assert network.n_vertices == before.network.n_vertices
    assert (network.tail[-1], network.head[-1]) == (2, 5)
    assert network.metres[-1] == pytest.approx(400)
    # 10 m/s is the median speed of the secondary roads here: 400 m in 40 s
    assert network.seconds["car"][-2:] == pytest.approx([40, 40])
    assert network.seconds["walk"][-2:] == pytest.approx([400, 400])
    assert told.count("joins a junction") == 2


def test_road_add__splits_the_nearest_road_where_no_junction_is_near() -> None:
    before = grid_world()
    after, told = change(
        before,
        {"road": {"add": {"from": lon_lat(700, 0), "to": lon_lat(700, 380), "way": "secondary", "oneway": True}}},
    )
    network = after.network
    assert told.count("splits") == 2
    # 200 m + 300 m and likewise above; lengths and times are conserved
    assert network.metres.sum() == pytest.approx(before.network.metres.sum() + 400)
    halves = network.seconds["car"].reshape(-1, 2)[[1, 5], 0]
    assert halves == pytest.approx([20, 30])
    forward, backward = network.seconds["car"].reshape(-1, 2)[-1]
    assert np.isfinite(forward)
    assert np.isinf(backward)
    # the given end lies 20 m short of the upper road, so the road leads on through it
    assert network.metres[-2:] == pytest.approx([380, 20], abs=0.1)


def test_edits__leave_the_old_world_as_it_was() -> None:
    before, twin = grid_world(), grid_world()
    world = before
    for edit in (
        {"open": {"id": "c2"}},
        {"close": {"id": "c1"}},
        {"move": {"id": "c2", "to": lon_lat(500, 0)}},
        {"road": {"add": {"from": lon_lat(700, 0), "to": lon_lat(700, 400), "way": "residential"}}},
        {"road": {"close": {"near": lon_lat(250, 400)}}},
        {"road": {"speed": {"way": "residential", "factor": 0.5}}},
    ):
        world, _ = change(world, edit)
    assert same(before.facilities, twin.facilities)
    assert same(before.network, twin.network)
    assert all(
        np.array_equal(before.network.seconds[mode], twin.network.seconds[mode]) for mode in before.network.seconds
    )


def test_road_add__an_empty_network_is_refused() -> None:
    world = grid_world()
    shut = {mode: np.full(10, np.inf) for mode in ("car", "walk")}
    world = replace(world, network=replace(world.network, seconds=shut))
    with pytest.raises(InputError):
        change(world, {"road": {"add": {"from": lon_lat(0, 0), "to": lon_lat(500, 0), "way": "secondary"}}})
