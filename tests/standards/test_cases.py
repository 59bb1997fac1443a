"""Every worked example of tests/cases, as a planner would write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from lifezone.access import NearestTrip, coverage, fgt
from lifezone.model import Demand, Places, Reason, Standard, Variant, Verdicts
from lifezone.standards import (
    StandardSpec,
    classify,
    deep,
    find_deserts,
    gap,
    judge,
    judged_functions,
    lost_functions,
    preset_ids,
    resolve,
    summarise,
)
from lifezone.standards.density import people_per_km2
from lifezone.standards.items import items
from lifezone.units import parse_length
from tests.standards.case_worlds import assessed_case
from tests.standards.making import CAR, WALK, demand, districts, variant, world

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.yaml"))


def _people(case: dict[str, Any]) -> Demand:
    points = list(case["points"].values())
    groups = list(dict.fromkeys(group for point in points for group in point["people"]))
    return demand(
        {group: [point["people"][group] for point in points] for group in groups},
        urban=[point.get("urban", False) for point in points],
        cell_m=parse_length(case.get("cell", 0)),
        cells="cell" in case,
        x_m=1000.0 * case.get("spread_km", 0.7) * np.arange(len(points)),
    )


def _number(value: Any) -> float:
    return np.inf if value == "unreachable" else float(value)


def _trips(case: dict[str, Any], requirement_id: str) -> NearestTrip:
    """Minutes and metres as written; whichever is missing follows at 3 km/h."""
    seconds, metres = [], []
    for point in case["points"].values():
        minutes, length = (
            _number(point.get(column, {}).get(requirement_id, "nan")) for column in ("minutes", "metres")
        )
        seconds.append(60 * minutes if not np.isnan(minutes) else length * 1.2)
        metres.append(length if not np.isnan(length) else 60 * minutes / 1.2)
    reached = np.isfinite(seconds)
    access = np.where(reached, 0.0, np.inf)
    return NearestTrip(np.where(reached, 0, -1).astype(np.int32), np.array(seconds), np.array(metres), access)


def _verdicts(case: dict[str, Any], standard: Standard, people: Demand) -> dict[str, Verdicts]:
    off = np.zeros(people.n_points, np.bool_)
    density = people_per_km2(world(people), "cell")
    return {
        r.id: judge(
            r, _trips(case, r.id), people, access=WALK if r.mode == "walk" else CAR, off_network=off,
            density=density if r.by_density else None,
        )
        for r in standard.requirements
    }  # fmt: skip


def _joined(case: dict[str, Any]) -> Any:
    """The road network of a case: points of one list are within the link distance of one another."""
    names = list(case["points"])
    group_of = {name: len(names) + at for at, group in enumerate(case.get("joined", [])) for name in group}
    return lambda rows, mask: np.array([group_of.get(names[row], row) for row in rows], np.int32)


def _read(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return case


def _standard(case: dict[str, Any]) -> Standard:
    block = {key: case[key] for key in ("extends", "requirements", "desert") if key in case}
    return resolve(StandardSpec.model_validate(block))


TRIPS = [path for path in CASES if "facilities" not in _read(path)]
WORLDS = [path for path in CASES if "facilities" in _read(path)]


def test_cases__cover_every_preset() -> None:
    assert {_read(path).get("extends") for path in CASES} >= set(preset_ids())


@pytest.mark.parametrize("path", WORLDS, ids=[path.stem for path in WORLDS])
def test_case__of_a_whole_world_gives_what_it_says(path: Path) -> None:
    case = _read(path)
    standard, expect = _standard(case), case["expect"]
    place, assessment = assessed_case(case, standard)
    names = [one.partition("/")[0] for one in place.demand.ids.tolist()]
    for key, by_point in expect.get("reasons", {}).items():
        reasons = assessment.verdicts[key].reason
        assert {name: Reason(reasons[names.index(name)]).name.lower() for name in by_point} == by_point, key
    for key, headcount in expect.get("places", {}).items():
        row = next(row for row in summarise(Variant("v", place, assessment)) if row.requirement == key)
        assert {name: getattr(row, name) for name in headcount} == headcount
    for item, wanted in expect.get("items", {}).items():
        row = next(row for row in items(place, standard) if (row.district, row.item) == ("all", item))
        assert (row.units, row.known, row.have, row.target_met) == tuple(
            wanted[name] for name in ("units", "known", "have", "met")
        )
        assert row.share == (wanted["share"] if wanted["share"] is None else pytest.approx(wanted["share"]))
    for designation, units in expect.get("designations", {}).items():
        for unit, wanted in units.items():
            steps = {s.step: s for s in assessment.designations if (s.designation, s.id) == (designation, unit)}
            assert steps["grade"].grade == wanted["grade"], steps["grade"].reason
            for step, value in wanted["steps"].items():
                assert steps[step].value == (value if value is None else pytest.approx(value, rel=1e-4)), step


@pytest.mark.parametrize("path", TRIPS, ids=[path.stem for path in TRIPS])
def test_case__gives_what_definitions_say(path: Path) -> None:
    case = _read(path)
    people, names, expect = _people(case), list(case["points"]), case["expect"]
    standard = _standard(case)
    verdicts = _verdicts(case, standard, people)
    group = {r.id: r.group if r.group in people.groups else "total" for r in standard.requirements}

    for key, by_point in expect.get("reasons", {}).items():
        found = {name: Reason(verdicts[key].reason[names.index(name)]).name.lower() for name in by_point}
        assert found == by_point, key
    for key, by_point in expect.get("depth", {}).items():
        found = [verdicts[key].depth[names.index(name)] for name in by_point]
        np.testing.assert_allclose(found, list(by_point.values()), atol=1e-12)
    for key, by_point in expect.get("level", {}).items():
        for name, level in by_point.items():
            at = names.index(name)
            met, optimum = verdicts[key].met[at], verdicts[key].optimum[at]
            assert level == ("optimum" if optimum else "between" if met else "below minimum")
    for key, at in expect.get("uncertain", {}).items():
        assert [name for name, is_so in zip(names, verdicts[key].uncertain, strict=True) if is_so] == at
    for key, shares in expect.get("coverage", {}).items():
        v = verdicts[key]
        covered = coverage(v.met, v.uncertain, v.judged, people.of(group[key]))
        assert [covered.share, covered.low, covered.high] == pytest.approx(shares)
    for key, measures in expect.get("shortfall", {}).items():
        found = [fgt(verdicts[key].depth, people.of(group[key]), alpha) for alpha in range(len(measures))]
        assert found == pytest.approx(list(measures.values()), abs=5e-5)
    assert expect.get("unjudged", []) == [r.id for r in standard.requirements if r.bound is None]
    if "target" in expect:
        told = summarise(variant(people, verdicts, standard.requirements))
        met = {row.requirement: row.target_met for row in told if row.group == group[row.requirement]}
        assert {key: met[key] for key in expect["target"]} == expect["target"]
    _check_deserts(case, standard, people, verdicts)
    if "class" in expect:
        _check_class(expect["class"], standard, people, verdicts)


def _check_deserts(case: dict[str, Any], standard: Standard, people: Demand, verdicts: dict[str, Verdicts]) -> None:
    expect, names, test = case["expect"], list(case["points"]), standard.desert
    if test is None or not {"gap", "deep", "deserts", "in_deserts"} & set(expect):
        return
    lost, assessed = lost_functions(test, verdicts, people.n_points)
    judged = judged_functions(test, verdicts, people.n_points)
    assert assessed == tuple(test.functions)
    label, deserts = find_deserts(test, lost, people, districts(), Places.empty(), _joined(case), verdicts=verdicts)
    for key, found in (("gap", gap(lost)), ("deep", deep(lost, judged))):
        if key in expect:
            assert [name for name, is_so in zip(names, found, strict=True) if is_so] == expect[key]
    if "deserts" in expect:
        assert len(deserts) == len(expect["deserts"])
        for number, (desert, wanted) in enumerate(zip(deserts, expect["deserts"], strict=True)):
            assert [name for name, of in zip(names, label, strict=True) if of == number] == wanted["points"]
            assert desert.people[people.groups.index("total")] == wanted["people"]
            assert list(desert.missing) == wanted["missing"]
            assert desert.worst_seconds == pytest.approx(60 * _number(wanted["worst_minutes"]))
            assert desert.named is not wanted.get("scattered", False)
    if "in_deserts" in expect:
        assert people.total[label >= 0].sum() == expect["in_deserts"]["people"]
        assert people.total.sum() == expect["in_deserts"]["of"]


def _check_class(wanted: dict[str, Any], standard: Standard, people: Demand, verdicts: dict[str, Verdicts]) -> None:
    (row,) = classify(variant(people, verdicts, standard.requirements))
    assert row.class_ == wanted["class"]
    assert row.boundary is wanted["boundary"]
    assert row.mean_share == pytest.approx(wanted["mean_share"])
    assert row.lowest_requirement == wanted["lowest"]
    assert row.lowest_share == pytest.approx(wanted["lowest_share"])
    assert row.all_met_share == pytest.approx(wanted["all_met"])
