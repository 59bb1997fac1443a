"""Huff shares against closed forms and a law that made the data, places against plain programmes, observed users."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from lifezone.divide import ask, divide
from lifezone.errors import InputError
from lifezone.scenario.spec import ScenarioSpec
from lifezone.sources.reading import Reading
from lifezone.zoning.places import place_by_prices, place_exactly
from tests.zoning.towns import CRS, world_of, zones_by_id


def divided(world, folder=None, **function):
    base = {"id": "m", "kinds": ["clinic"], "reach": "60 min"}
    spec = ScenarioSpec.model_validate_json(json.dumps({"zones": {"functions": [{**base, **function}]}}))
    reading = None if folder is None else Reading(folder, CRS)
    return divide(ask(world, spec, reading)).functions[0]


TOWN = {"p": {"A": 10, "B": 20, "C": 40}, "q": {"A": 30, "B": 10}}
SIZE = {"A": 10, "B": 40, "C": 160}


def test_huff__shares_by_hand() -> None:
    # p: 10/100, 40/400, 160/1600 = .1 each; q: 10/900 and 40/100 = .0111 and .4
    world = world_of({"p": 300, "q": 370}, TOWN, capacity=SIZE)
    zones = divided(world, assignment={"method": "huff", "attraction": "capacity"})
    assert zones_by_id(zones, world) == {"p": "A", "q": "B"}
    assert zones.share == pytest.approx([1 / 3, 36 / 37])
    assert [one.catchment for one in zones.zones] == pytest.approx([100 + 10, 100 + 360, 100])
    assert [one.containment for one in zones.zones[:2]] == pytest.approx([1 / 3, 36 / 37])
    assert np.isnan(zones.zones[2].containment)
    assert sum(one.catchment for one in zones.zones) == pytest.approx(670)


def test_huff__exponential_decay_and_the_number_of_facilities() -> None:
    world = world_of({"p": 300, "q": 370}, TOWN, place={"A": (0, 0), "C": (500, 0), "B": (9e4, 0)})
    rule = {"method": "huff", "decay": {"type": "exponential", "scale": "10 min"}}
    zones = divided(world, assignment=rule)
    # A and C are one centre of two, 10 min from p; B of one, 20 min
    assert zones.share[0] == pytest.approx(2 * np.exp(-1) / (2 * np.exp(-1) + np.exp(-2)))


def test_huff__without_decay_between_equals_everybody_parts_alike() -> None:
    world = world_of({"p": 90}, {"p": {"A": 5, "B": 5, "C": 5}})
    zones = divided(world, assignment={"method": "huff"})
    assert [one.catchment for one in zones.zones] == pytest.approx([30, 30, 30])
    assert zones_by_id(zones, world) == {"p": "A"}


def test_huff__a_dropped_centre_gives_its_users_to_all_others_by_share() -> None:
    world = world_of({"p": 300, "q": 370}, TOWN, capacity=SIZE)
    rule = {"method": "huff", "attraction": "capacity"}
    zones = divided(world, assignment=rule, minimum={"people": 105, "kind": "survival"})
    assert [(step.centre, step.users) for step in zones.merges] == [("C", pytest.approx(100))]
    assert [one.catchment for one in zones.zones] == pytest.approx([150 + 10, 150 + 360])


def write_flows(folder, rows):
    lines = ["home,clinic,patients", *(f"{a},{b},{n}" for a, b, n in rows)]
    (folder / "users.csv").write_text("\n".join(lines), encoding="utf-8")
    return {"path": "users.csv", "from": "home", "to": "clinic", "people": "patients"}


@pytest.mark.parametrize("law", ["power", "exponential"])
def test_huff__finds_the_law_that_made_the_users(tmp_path, law) -> None:
    rng = np.random.default_rng(1)
    points, sites = [f"p{i}" for i in range(30)], [f"F{j}" for j in range(6)]
    minutes = {p: {f: float(rng.integers(4, 50)) for f in sites} for p in points}
    size = {f: float(rng.integers(5, 80)) for f in sites}
    alpha, beta, scale = 0.7, 1.6, 12.0

    def pull(p, f):
        t = minutes[p][f]
        return size[f] ** alpha * (t**-beta if law == "power" else np.exp(-t / scale))

    rows = [(p, f, 1000 * pull(p, f) / sum(pull(p, g) for g in sites)) for p in points for f in sites]
    world = world_of(dict.fromkeys(points, 100), minutes, capacity=size)
    table = {**write_flows(tmp_path, rows), "by": "point"}
    decay = {"type": "power"} if law == "power" else {"type": "exponential", "scale": "30 min"}
    zones = divided(
        world, tmp_path, assignment={"method": "huff", "attraction": "capacity", "decay": decay, "fit": table}
    )
    told = next(english for _ko, english in zones.notes if "fitted to" in english)
    assert "exponent of attraction 0.7," in told
    assert f"decay {beta if law == 'power' else 1 / (60 * scale):.4g} ±" in told
    best = {p: max(sites, key=lambda f: (pull(p, f), f)) for p in points}
    assert zones_by_id(zones, world) == best


def test_places__the_nearest_is_full_and_the_least_travel_in_all_counts() -> None:
    # A has 1000 places: whoever saves most by A gets them; b has no other choice
    minutes = {"a": {"A": 5, "B": 8}, "b": {"A": 9}, "c": {"A": 4, "B": 30}}
    world = world_of({"a": 600, "b": 500, "c": 400}, minutes, capacity={"A": 1000, "B": 5000})
    zones = divided(world, assignment={"method": "capacity"})
    assert zones_by_id(zones, world) == {"a": "B", "b": "A", "c": "A"}
    assert zones.share == pytest.approx([5 / 6, 1, 1])
    assert [one.catchment for one in zones.zones] == pytest.approx([1000, 500])


def test_places__whoever_finds_none_is_told() -> None:
    world = world_of({"a": 600, "b": 500}, {"a": {"A": 5}, "b": {"A": 9}}, capacity={"A": 800})
    zones = divided(world, assignment={"method": "capacity"})
    assert sum(one.catchment for one in zones.zones) == pytest.approx(800)
    assert any("300 people reach a centre, but none has a place" in english for _ko, english in zones.notes)
    assert zones_by_id(zones, world) == {"a": "A", "b": "A"}


def test_places__unit_people_and_places_are_the_assignment_problem() -> None:
    rng = np.random.default_rng(5)
    cost = rng.integers(1, 100, (12, 12)).astype(float)
    row, centre = (one.ravel() for one in np.indices(cost.shape))
    at, to = linear_sum_assignment(cost)
    found = place_exactly(row, centre, cost.ravel(), np.ones(12), np.ones(12))
    assert found.cost == pytest.approx(cost[at, to].sum())
    assert found.unplaced == pytest.approx(0)


def random_places(seed, n=60, m=7, room=1.1):
    rng = np.random.default_rng(seed)
    row, centre = np.nonzero(rng.random((n, m)) < 0.6)
    cost = rng.integers(1, 40, len(row)).astype(float)
    weight = rng.integers(1, 50, n).astype(float)
    places = np.round(rng.dirichlet(np.ones(m) * 3) * weight.sum() * room)
    return row, centre, cost, weight, places


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("room", [0.7, 1.2])
def test_places__prices_keep_every_limit_and_their_gap_is_true(seed, room) -> None:
    row, centre, cost, weight, places = random_places(seed, room=room)
    best, found = (place(row, centre, cost, weight, places) for place in (place_exactly, place_by_prices))
    assert (np.bincount(centre, weights=found.people, minlength=len(places)) <= places + 1e-6).all()
    assert (np.bincount(row, weights=found.people, minlength=len(weight)) <= weight + 1e-6).all()
    assert found.bound <= best.value * (1 + 1e-9) <= found.value * (1 + 1e-6)
    assert found.value <= best.value * 1.1


def test_observed__everybody_belongs_where_most_of_their_neighbours_go(tmp_path) -> None:
    world = world_of(
        {"a": 100, "b": 300, "c": 50}, {"a": {"A": 5, "B": 9}, "b": {"A": 5, "B": 9}, "c": {"A": 3}},
        district={"a": 0, "b": 0, "c": 1},
    )  # fmt: skip
    table = write_flows(tmp_path, [("d0", "A", 30), ("d0", "B", 70), ("d0", "elsewhere", 5)])
    zones = divided(world, tmp_path, assignment={"method": "observed", **table})
    assert zones_by_id(zones, world) == {"a": "B", "b": "B", "c": None}
    assert [one.catchment for one in zones.zones] == pytest.approx([120, 280])
    assert zones.zones[1].containment == pytest.approx(0.7)
    assert any("1 rows name 1 facilities that are not in this study" in english for _ko, english in zones.notes)


def test_observed__people_of_a_dropped_centre_use_the_nearest_left(tmp_path) -> None:
    world = world_of({"a": 100, "b": 300}, {"a": {"A": 5, "B": 9}, "b": {"A": 5, "B": 9, "C": 7}})
    rows = [("a", "A", 60), ("a", "B", 40), ("b", "B", 10)]
    table = {**write_flows(tmp_path, rows), "by": "point"}
    rule = {"method": "observed", **table}
    zones = divided(world, tmp_path, assignment=rule, minimum={"people": 70, "kind": "survival"})
    # C nobody, then A 60: a's people all use B
    assert [(step.centre, step.users) for step in zones.merges] == [("C", 0), ("A", pytest.approx(60))]
    assert zones_by_id(zones, world) == {"a": "B", "b": "B"}
    assert zones.share == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ({"method": "capacity"}, "have no capacity: A, B"),
        ({"method": "huff", "attraction": "capacity"}, "have no capacity: A, B"),
        ({"method": "huff", "decay": {"type": "exponential", "scale": "2 km"}}, "give the scale in minutes too"),
        ({"method": "observed", "path": "u.csv", "from": "a", "to": "b", "people": "n"}, "there is no file u.csv"),
    ],
)
def test_assignment__what_does_not_fit_is_refused(tmp_path, assignment, message) -> None:
    with pytest.raises(InputError, match=message):
        divided(world_of({"a": 1}, {"a": {"A": 1, "B": 2}}), tmp_path, assignment=assignment)


@pytest.mark.parametrize("cell", ["-3", "many", ""])
def test_observed__people_are_numbers_of_zero_or_more(tmp_path: Path, cell) -> None:
    table = {**write_flows(tmp_path, [("a", "A", cell), ("a", "B", 3)]), "by": "point"}
    with pytest.raises(InputError, match="people"):
        divided(world_of({"a": 1}, {"a": {"A": 1, "B": 2}}), tmp_path, assignment={"method": "observed", **table})
