"""Area-level designations: every step of the reasoning, one row a test, then the grade.

Measures of a district: people of a group beyond the bounds of any or all of some requirements, as a share of those who
are judged or in number; its people; people for one unit of capacity inside it; mean supply per head in floating
catchments; a figure of a table. Of a facility: people who have no other within the bound, and how densely those live
whom it is nearest to (people ÷ square kilometres in which some of them live: ours; whole catchments are thinner).

(1)  a test holds when its measure stands to its threshold as the rule says; it is unknown where the measure is
(2)  a unit has the first grade whose ``all_of`` tests all hold and of whose ``any_of`` tests one holds
(3)  where an unknown test could make a graver grade, the grade is undecided: it is not given, and the row says why
(4)  where people or roads are modelled nothing is designated; the steps are told all the same
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lifezone.model import Bools, Demand, Designation, DesignationStep, DesignationTest, Floats, Verdicts, World
from lifezone.standards.density import people_per_km2

__all__ = ["Measured", "Units", "decide", "district_units", "measured", "steps_of"]

_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Units:
    """What is designated.

    Attributes:
        ids: n ids.
        name: n names.
        density: f64[n] people per km².
    """

    ids: tuple[str, ...]
    name: tuple[str, ...]
    density: Floats


@dataclass(frozen=True, eq=False)
class Measured:
    """A measure over n units.

    Attributes:
        value: f64[n], NaN = unknown.
        words: how it came about, for each unit; or once for all.
    """

    value: Floats
    words: tuple[str, ...] = field(default=())

    def told(self, unit: int) -> str:
        """Return the words of a unit."""
        return self.words[unit if len(self.words) > 1 else 0] if self.words else ""


def measured(
    test: DesignationTest, world: World, verdicts: Mapping[str, Verdicts], per_head: Floats | None
) -> Measured:
    """Measure every district by a test; measures of facilities need trips and are made by the caller.

    Args:
        test: of a district.
        world: people, facilities, districts, tables.
        verdicts: by requirement id.
        per_head: f64[P] supply per head for floating catchments; None = not computed.
    """
    n = len(world.districts.ids)
    if test.measure in ("share_beyond", "people_beyond"):
        return _beyond(test, world, verdicts)
    if test.measure == "statistic":
        return _statistic(test, world)
    if test.group not in world.demand.groups:
        return Measured(np.full(n, np.nan), (f"people are not given by the group {test.group!r}",))
    people = _padded(_by_district(world.demand, world.demand.of(test.group)), n)
    if test.measure == "people":
        return Measured(people, (f"people ({test.group})",))
    if test.measure == "ratio":
        return _ratio(test, world, people)
    if per_head is None:
        return Measured(np.full(n, np.nan), ("no source gives the facilities",))
    total = _padded(_by_district(world.demand, world.demand.of(test.group) * per_head), n)
    mean = np.divide(total, people, out=np.full(n, np.nan), where=people > 0)
    return Measured(mean, ("mean over people of supply per head in floating catchments",))


def steps_of(
    designation: Designation, units: Units, found: Mapping[str, Measured], modelled: str
) -> list[DesignationStep]:
    """Return the steps of one designation: for every unit its tests, then its grade.

    Args:
        designation: what is designated by what.
        units: its n units.
        found: test id → its measure over the units.
        modelled: why nothing may be designated; empty = it may.
    """
    holds = {test.id: _holds(test, found[test.id].value, units.density) for test in designation.tests}
    rows = []
    for at, (key, name) in enumerate(zip(units.ids, units.name, strict=True)):
        head = (designation.id, designation.unit, key, name)
        for test in designation.tests:
            value = float(found[test.id].value[at])
            known = not np.isnan(value)
            threshold, words = _threshold_at(test, float(units.density[at]))
            parts = (found[test.id].told(at), words, f"source: {test.source}" if test.source else "", test.note)
            rows.append(
                DesignationStep(
                    *head, step=test.id, measure=test.measure, value=value if np.isfinite(value) else None,
                    comparison=test.comparison, threshold=threshold,
                    holds=bool(holds[test.id][at] > 0) if known else None, grade=None,
                    reason="; ".join(part for part in (*parts, "" if known else "unknown") if part),
                )
            )  # fmt: skip
        grade, why = decide(designation, {test: int(values[at]) for test, values in holds.items()})
        if modelled:
            grade, why = None, f"nothing is designated: {modelled}"
        rows.append(
            DesignationStep(*head, step="grade", measure="", value=None, comparison="", threshold=None, holds=None,
                           grade=grade, reason=why)
        )  # fmt: skip
    return rows


def decide(designation: Designation, holds: Mapping[str, int]) -> tuple[str | None, str]:
    """Return the grade of one unit and why, equations (2) and (3).

    Args:
        designation: its grades.
        holds: test id → 1 holds, 0 does not, −1 unknown.
    """
    for grade in designation.grades:
        state = _both(min((_order(holds[test]) for test in grade.all_of), default=2),
                      max((_order(holds[test]) for test in grade.any_of), default=2))  # fmt: skip
        tests = ", ".join((*grade.all_of, *grade.any_of))
        if state == 2:
            return grade.grade, f"grade {grade.grade}: {_words(grade.all_of, grade.any_of)}"
        if state == 1:
            unknown = [test for test in (*grade.all_of, *grade.any_of) if holds[test] < 0]
            return None, f"undecided: grade {grade.grade} by {tests} hangs on {', '.join(unknown)}, unknown here"
    return "", "not designated: no grade fits"


def _order(state: int) -> int:
    """Bring no, unknown, yes into their order: 0, 1, 2."""
    return {0: 0, -1: 1, 1: 2}[state]


def _both(left: int, right: int) -> int:
    """Return the weaker of two states."""
    return min(left, right)


def _words(all_of: Sequence[str], any_of: Sequence[str]) -> str:
    """Say which tests make a grade."""
    parts = []
    if all_of:
        parts.append(" and ".join(all_of))
    if any_of:
        parts.append(f"one of {', '.join(any_of)}" if len(any_of) > 1 else any_of[0])
    return " and ".join(parts)


def _holds(test: DesignationTest, value: Floats, density: Floats) -> np.ndarray:
    """Return i8[n]: 1 holds, 0 does not, −1 unknown; equation (1)."""
    limit = np.array([_threshold_at(test, float(one))[0] for one in density])
    edge = np.abs(limit) * _SLACK
    compared: dict[str, Bools] = {
        "at_least": value >= limit - edge,
        "above": value > limit + edge,
        "at_most": value <= limit + edge,
        "below": value < limit - edge,
    }
    return np.where(np.isnan(value), -1, compared[test.comparison].astype(np.int8)).astype(np.int8)


def _threshold_at(test: DesignationTest, density: float) -> tuple[float, str]:
    """Return the threshold that is worked with at a density, and what to tell of it."""
    if test.thin_below is not None and test.thin_threshold is not None and density < test.thin_below:
        return test.thin_threshold, f"settled more thinly than {test.thin_below:g} people per km²"
    if test.working is not None:
        return test.working, f"the rule says {test.threshold:g}, worked with at {test.working:g}"
    return test.threshold, ""


def _by_district(demand: Demand, values: Floats) -> Floats:
    """Return f64[D] sums over the points of each district."""
    inside = demand.inside
    n = int(demand.district.max(initial=-1)) + 1
    sums: Floats = np.bincount(demand.district[inside], weights=values[inside], minlength=n).astype(np.float64)
    return sums


def _padded(values: Floats, n: int) -> Floats:
    """Return values brought to n districts: those without any point count 0."""
    return np.concatenate([values, np.zeros(n - len(values))])


def _beyond(test: DesignationTest, world: World, verdicts: Mapping[str, Verdicts]) -> Measured:
    """Measure people beyond the bounds of any or all of some requirements."""
    demand, n = world.demand, len(world.districts.ids)
    if test.group not in demand.groups:
        return Measured(np.full(n, np.nan), (f"people are not given by the group {test.group!r}",))
    found = [verdicts[key] for key in test.requirements]
    silent = [key for key in test.requirements if not verdicts[key].judged.any()]
    if silent:
        return Measured(np.full(n, np.nan), (f"{', '.join(silent)} not assessed",))
    judged = np.stack([one.judged for one in found]).any(axis=0)
    unmet = np.stack([one.judged & ~one.met for one in found])
    beyond = unmet.any(axis=0) if test.beyond == "any" else unmet.all(axis=0)
    people = demand.of(test.group)
    lost = _padded(_by_district(demand, np.where(judged & beyond, people, 0.0)), n)
    asked = _padded(_by_district(demand, np.where(judged, people, 0.0)), n)
    how = f"{test.group} beyond {test.beyond} of {', '.join(test.requirements)}"
    words = tuple(f"{a:,.0f} of {b:,.0f} {how}" for a, b in zip(lost, asked, strict=True))
    if test.measure == "people_beyond":
        return Measured(lost, words)
    return Measured(np.divide(lost, asked, out=np.full(n, np.nan), where=asked > 0), words)


def _statistic(test: DesignationTest, world: World) -> Measured:
    """Look up a figure of the districts; several rows of one district are averaged by weight."""
    n = len(world.districts.ids)
    one = next((one for one in world.statistics if one.name == test.statistic), None)
    if one is None:
        return Measured(np.full(n, np.nan), (f"no statistics give {test.statistic!r}",))
    told = ~np.isnan(one.value)
    weight = np.bincount(one.district[told], weights=one.weight[told], minlength=n)
    total = np.bincount(one.district[told], weights=one.weight[told] * one.value[told], minlength=n)
    return Measured(
        np.divide(total, weight, out=np.full(n, np.nan), where=weight > 0), (f"{test.statistic} of {one.source}",)
    )


def _ratio(test: DesignationTest, world: World, people: Floats) -> Measured:
    """Measure people for one unit of capacity of the open facilities inside each district."""
    from lifezone.sources.districts import join_districts  # noqa: PLC0415  (shapely is slow to import)

    n, facilities = len(world.districts.ids), world.facilities
    if not set(test.kinds) & set(facilities.kinds):
        return Measured(np.full(n, np.nan), (f"no source gives facilities of {', '.join(test.kinds)}",))
    positions = facilities.open_of(test.kinds)
    where = join_districts(facilities.x_m[positions], facilities.y_m[positions], world.districts)
    capacity = facilities.capacity[positions]
    counted = (where >= 0) & ~np.isnan(capacity)
    supply = np.bincount(where[counted], weights=capacity[counted] * test.supply_per_unit, minlength=n)
    unknown = np.bincount(where[(where >= 0) & np.isnan(capacity)], minlength=n)
    value = np.divide(people, supply, out=np.where(people > 0, np.inf, np.nan), where=supply > 0)
    value[unknown > 0] = np.nan
    words = tuple(
        f"{p:,.0f} people, {s:,.1f} units of capacity" + (f", {u} facilities do not tell theirs" if u else "")
        for p, s, u in zip(people, supply, unknown, strict=True)
    )
    return Measured(value, words)


def district_units(world: World) -> Units:
    """Return the districts as units."""
    districts, demand = world.districts, world.demand
    n = len(districts.ids)
    density = np.full(n, np.inf)
    if districts.polygon is not None:
        by_point = people_per_km2(world, "district")
        inside = np.flatnonzero(demand.inside)
        density[demand.district[inside]] = by_point[inside]
    return Units(tuple(districts.ids), tuple(districts.name), density)
