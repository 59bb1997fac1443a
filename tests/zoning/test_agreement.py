"""Agreement of divisions against scikit-learn, hand-worked hierarchies, borders and blind spots."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from lifezone.divide import ask, divide
from lifezone.model import Districts
from lifezone.report.zones.layers import agreements, blind_spots, hierarchy, municipalities, profiles
from lifezone.scenario.spec import ScenarioSpec
from lifezone.zoning.agreement import agreement
from lifezone.zoning.borders import ABROAD, AT_HOME, BEYOND, OUTSIDE, across_borders
from lifezone.zoning.units import district_at
from tests.zoning.towns import world_of


@pytest.mark.parametrize("seed", range(6))
def test_agreement__is_scikit_learns_with_every_person_written_out(seed) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 5, 80), rng.integers(0, 4, 80)
    other = np.where(rng.random(80) < 0.6, one % 4, other)
    people = rng.integers(0, 9, 80).astype(float)
    found = agreement(one.astype(np.int32), other.astype(np.int32), people)
    a, b = (np.repeat(labels, people.astype(int)) for labels in (one, other))
    assert found.adjusted_rand == pytest.approx(metrics.adjusted_rand_score(a, b))
    (_tn, fp), (fn, tp) = metrics.cluster.pair_confusion_matrix(a, b)
    assert found.jaccard == pytest.approx(tp / (tp + fp + fn))
    h_a, h_b = (metrics.mutual_info_score(labels, labels) for labels in (a, b))
    assert found.variation_of_information == pytest.approx(h_a + h_b - 2 * metrics.mutual_info_score(a, b))


def test_agreement__by_hand() -> None:
    # 2+2 against 2+2, crossed: pairs together in both 0, in one 2, in the other 2, of 6
    one, other = np.array([0, 0, 1, 1], np.int32), np.array([0, 1, 0, 1], np.int32)
    found = agreement(one, other, np.ones(4))
    assert found.adjusted_rand == pytest.approx((0 - 2 * 2 / 6) / (2 - 2 * 2 / 6))
    assert found.jaccard == 0
    assert found.variation_of_information == pytest.approx(2 * np.log(2))


def test_agreement__names_do_not_matter_and_people_in_no_zone_are_left_out() -> None:
    one, other = np.array([0, 0, 1, 2, -1], np.int32), np.array([7, 7, 3, -1, 3], np.int32)
    found = agreement(one, other, np.array([5.0, 6, 7, 8, 9]))
    assert (found.adjusted_rand, found.jaccard, found.variation_of_information) == (1, 1, 0)
    assert (found.people, found.left_out) == (18, 17)
    nobody = agreement(one, np.full(5, -1, np.int32), np.ones(5))
    assert np.isnan(nobody.adjusted_rand)
    assert nobody.left_out == 5


def two_levels():
    """Six hamlets, four clinics in the villages, two of them (by capacity) in towns; d0 and d1 are municipalities."""
    people = {"a": 100, "b": 200, "c": 300, "d": 400, "e": 50, "f": 60}
    minutes = {
        "a": {"A": 3, "T": 20, "U": 40}, "b": {"A": 4, "T": 25}, "c": {"T": 2}, "d": {"B": 5, "U": 9, "T": 11},
        "e": {"B": 9, "T": 12, "U": 14}, "f": {"U": 70},
    }  # fmt: skip
    world = world_of(
        people, minutes, capacity={"A": 1, "B": 2, "T": 30, "U": 40},
        district={"a": 0, "b": 0, "c": 0, "d": 1, "e": 0, "f": 1},
        place={"A": (0, 0), "T": (1400, 0), "B": (2900, 0), "U": (3500, 0)},
    )  # fmt: skip
    functions = [
        {"id": "near", "kinds": ["clinic"], "level": "village", "reach": "15 min", "centre": "0 m"},
        {"id": "town", "kinds": ["clinic"], "level": "town", "reach": "30 min", "centre": "0 m", "least_capacity": 30},
    ]
    spec = ScenarioSpec.model_validate_json(json.dumps({"zones": {"functions": functions}}))
    return world, divide(ask(world, spec))


def test_hierarchy__where_village_zones_lie_in_town_zones() -> None:
    world, zoning = two_levels()
    rows = hierarchy(zoning, world).to_dict("records")
    assert [(row["centre"], row["parent"], row["people"], row["share"], row["others"]) for row in rows] == [
        ("A", "T", 300, 1, 0), ("B", "U", 450, pytest.approx(400 / 450), 1), ("T", "T", 300, 1, 0),
    ]  # fmt: skip


def test_profiles__are_the_memberships_by_people() -> None:
    world, zoning = two_levels()
    found = profiles(zoning, world)
    assert found[["near", "town", "people"]].astype(object).where(found.notna(), None).values.tolist() == [
        ["B", "U", 400], ["A", "T", 300], ["T", "T", 300], [None, None, 60], ["B", "T", 50],
    ]  # fmt: skip


def test_borders__whose_facility_lies_in_another_municipality() -> None:
    world, zoning = two_levels()
    # without polygons a facility lies where the nearest hamlet does: A and T in d0, B (at hamlet e) in d0, U in d1
    where = across_borders(zoning.functions[0], zoning, world)
    assert where.tolist() == [AT_HOME, AT_HOME, AT_HOME, ABROAD, AT_HOME, BEYOND]
    rows = {(row["function"], row["municipality"]): row for row in municipalities(zoning, world).to_dict("records")}
    assert rows["near", "d1"]["abroad"] == 400
    assert rows["near", "d1"]["beyond"] == 60
    assert rows["near", "all"]["share_abroad"] == pytest.approx(400 / 1110)
    assert rows["town", "d0"]["main_centre"] == "T"
    assert rows["town", "d0"]["minutes"] == pytest.approx((100 * 20 + 200 * 25 + 300 * 2 + 50 * 12) / 650)


def test_borders__facilities_lie_where_the_polygons_say() -> None:
    world, zoning = two_levels()
    squares = np.array([shapely.box(-500, -500, 2000, 500), shapely.box(2000, -500, 3200, 500)], dtype=object)
    drawn = replace(world, districts=Districts(("d0", "d1"), ("d0", "d1"), polygon=squares))
    at = district_at(drawn, world.facilities.x_m, world.facilities.y_m)
    assert dict(zip(world.facilities.ids.tolist(), at.tolist(), strict=True)) == {"A": 0, "T": 0, "B": 1, "U": -1}
    assert district_at(drawn, np.array([2000.0]), np.array([0.0])).tolist() == [0]
    where = across_borders(zoning.functions[1], zoning, drawn)
    assert where.tolist() == [AT_HOME, AT_HOME, AT_HOME, ABROAD, AT_HOME, BEYOND]


def test_borders__neighbours_are_not_of_the_area() -> None:
    world, zoning = two_levels()
    demand = replace(world.demand, district=np.array([0, 0, 0, 1, 0, -1], np.int32))
    assert across_borders(zoning.functions[0], zoning, replace(world, demand=demand))[-1] == OUTSIDE


def test_blind_spots__by_mode_district_and_group() -> None:
    world, zoning = two_levels()
    rows = {
        (row["function"], row["district"]): (row["people"], row["beyond"])
        for row in blind_spots(zoning, world).to_dict("records")
    }
    assert rows["near", "all"] == (1110, 60)
    assert rows["near", "d1"] == (460, 60)
    assert rows["town", "d0"] == (650, 0)


def test_blind_spots__other_modes_are_told_on_request() -> None:
    world, _zoning = two_levels()
    by_car, on_foot = (replace(world.times[0], mode=mode) for mode in ("car", "walk"))
    slow = replace(on_foot, seconds=on_foot.seconds * 4)
    functions = [{"id": "m", "kinds": ["clinic"], "reach": "15 min", "also_by": ["walk"]}]
    spec = ScenarioSpec.model_validate_json(json.dumps({"zones": {"functions": functions}}))
    both = replace(world, times=(by_car, slow))
    rows = blind_spots(divide(ask(both, spec)), both)
    beyond = rows[rows["district"] == "all"].set_index("mode")["beyond"].to_dict()
    assert beyond == {"car": 60, "walk": 200 + 400 + 50 + 60}  # b 16, d 20, e 36 minutes; f reaches none


def test_agreements__every_pair_and_the_borders() -> None:
    world, zoning = two_levels()
    found = agreements(zoning, world)
    assert found[["one", "other"]].values.tolist() == [
        ["near", "town"], ["near", "municipalities"], ["town", "municipalities"],
    ]  # fmt: skip
    assert found["left_out"].tolist() == [60, 60, 60]
