"""Does a district meet the rule by which areas are designated, and does one that is designated still meet it?

Every step is a row: whether the district may be designated at all, every figure with its score, the place by the index,
every test against its cut, exceptions, what follows, and what that means for a district that is designated today.

(1)  need of a figure x: z = ±(x − mean) / standard deviation over the districts compared, + where more is worse; or the
     share of those districts that are better off (equal ones count half), in percent
(2)  index = Σ weight · need ÷ Σ weight; place 1 = greatest need, equals share a place
(3)  districts compared: all that may be designated and have every figure
(4)  a place within the cut holds even if all districts without figures stood before it; beyond the cut it fails; in
     between, and where fewer districts are compared than a place among them means anything, it is unknown
(5)  unknown steps that could decide leave the result undecided (:func:`lifezone.standards.designations.decide`)

A figure that is missing never fails a district and never helps it. Only a notice designates: a rule says who meets what
is known of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Designation, DesignationStep, DesignationTest, Floats, Grade, Longs
from lifezone.monitor.designation_rule import BEYOND, INDEX, FigureSpec, ListedSpec, RuleEntry
from lifezone.monitor.ranks import ranked
from lifezone.monitor.series import Direction, Series
from lifezone.monitor.since import type_of
from lifezone.sources.files import input_record
from lifezone.sources.tables import read_table
from lifezone.standards.designations import Measured, Units, steps_of

__all__ = ["designated_ids", "designation_rows"]

_TYPES: Final = {"시": "si", "군": "gun", "구": "gu", "읍": "eup", "면": "myeon", "동": "dong"}
_NEAR_YEARS: Final = 1.0
_YEAR_DAYS: Final = 365.25


@dataclass(frozen=True, eq=False)
class _Figure:
    """One figure of D districts, NaN where missing, and how it came about."""

    value: Floats
    words: str


def designation_rows(
    series: Series, rule: RuleEntry, *, edition: int = -1, designated: frozenset[str] | None = None, modelled: str = ""
) -> list[DesignationStep]:
    """Return every step of a rule for every district.

    Args:
        series: the indicators.
        rule: a whole rule, see :func:`lifezone.monitor.designation_rule.rule_of`.
        edition: position of the edition whose figures count.
        designated: ids that are designated today; None = not known.
        modelled: what of the figures is modelled, so that nothing may be designated by them; empty = nothing.
    """
    edition %= len(series.editions)
    eligible = [
        _eligible(rule, key, name, english)
        for key, name, english in zip(series.ids, series.name, series.name_en, strict=True)
    ]
    may = np.array([state is not False for state, _ in eligible], np.bool_)
    parts = _parts(series, rule, edition, may)
    tests, found = _tests(series, rule, edition)
    of_index, measured = _index_tests(rule, parts, may)
    tests, found = (*of_index, *tests), found | measured
    units = Units(series.ids, series.name, np.full(len(series.ids), np.inf))
    rows = steps_of(Designation(str(rule.id), "district", tests, _grades(rule)), units, found, modelled)
    size = len(tests) + 1
    told: list[DesignationStep] = []
    for at, key in enumerate(series.ids):
        own = rows[at * size : (at + 1) * size]
        told += _told(rule, own, eligible[at], _told_parts(rule, parts, at))
        if designated is not None:
            told.append(_still(told[-1], is_one=key in designated, since=_since(rule)))
    return told


def _told(
    rule: RuleEntry, own: list[DesignationStep], eligible: tuple[bool | None, str],
    parts: Iterator[tuple[str, str, float, str]],
) -> Iterator[DesignationStep]:  # fmt: skip
    """Yield the steps of one district: eligibility, figures of the index, tests, exception, result."""
    grade = own[-1]
    yield _step(grade, "eligible", "type", holds=eligible[0], reason=eligible[1])
    for key, indicator, value, words in parts:
        yield replace(_step(grade, f"{INDEX}.{key}", indicator, holds=None, reason=words), value=_or_none(value))
    yield from own[:-1]
    reason = rule.exceptions.get(grade.id)
    if reason is None:
        yield _with_eligibility(grade, eligible)
        return
    yield _step(grade, "exception", "list", holds=True, reason=reason)
    yield replace(grade, grade=rule.grades[0].grade, reason=f"by exception: {reason}")


def _grades(rule: RuleEntry) -> tuple[Grade, ...]:
    """Return the grades; where another rule takes the first places, the index holds beyond them alone."""
    takes = {INDEX: (INDEX, BEYOND)} if rule.index is not None and rule.index.beyond else {}
    return tuple(
        Grade(one.grade, tuple(name for test in one.all_of for name in takes.get(test, (test,))), one.any_of)
        for one in rule.grades
    )


def designated_ids(
    rule: RuleEntry, folder: Path, ids: tuple[str, ...], inputs: list[dict[str, Any]]
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """Return the districts that are designated today, and what to tell; None where the study does not say.

    Raises:
        InputError: the table cannot be read, or none of its districts is one of the study.
    """
    listed = rule.designated
    if listed is None:
        return None, ()
    if isinstance(listed, ListedSpec):
        table = read_table(folder, listed.path, encoding=listed.encoding)
        faults = table.missing(listed.id, ("designated", "id"))
        if faults:
            raise InputError(faults)
        names = [one for one in table.text(listed.id).tolist() if one]
        inputs.append(
            input_record(listed.path, table.file, what="designated areas", rows=table.n_rows, used=len(names))
        )
    else:
        names = list(listed)
    strange = [one for one in dict.fromkeys(names) if one not in ids]
    if names and len(strange) == len(set(names)):
        raise InputError(
            Fault(f"none of the designated districts is one of the study: {some_of(strange)}", ("designated",))
        )
    told = f"{rule.id}: designated districts that are not in the study: {some_of(strange)}"
    return frozenset(names), (told,) if strange else ()


def _eligible(rule: RuleEntry, key: str, name: str, english: str) -> tuple[bool | None, str]:
    """Say whether a district may be designated, and why; None = it cannot be told."""
    asked = rule.eligible
    if key in asked.without:
        return False, "left out by the rule"
    if asked.provinces and key[:2] not in asked.provinces:
        return False, f"not in the provinces {', '.join(asked.provinces)}"
    if not asked.types:
        return True, "every district"
    kind = _TYPES.get(type_of(name, english), "")
    wanted = ", ".join(asked.types)
    if not kind:
        return None, f"whether it is one of {wanted} cannot be told by its name"
    return kind in asked.types, f"type {kind}, the rule is for {wanted}"


def _figure(series: Series, asked: FigureSpec, edition: int) -> _Figure:
    """Return a figure of all districts."""
    nothing = np.full(len(series.ids), np.nan)
    if not series.has(asked.indicator):
        return _Figure(nothing, f"the study has no indicator {asked.indicator!r}: give its tables, or one under own")
    value, about = series.of(asked.indicator), series.editions[edition]
    if asked.measure == "value":
        return _Figure(value[:, edition], f"{asked.indicator} of {about.name}")
    dates = np.array([np.datetime64(one.date) for one in series.editions])
    ago = (dates[edition] - dates) / np.timedelta64(1, "D") / _YEAR_DAYS
    off = np.where(ago > 0, np.abs(ago - (asked.years or 0.0)), np.inf)  # never the edition itself
    first = int(np.argmin(off))
    if off[first] > _NEAR_YEARS:
        return _Figure(nothing, f"no edition {asked.years:g} years before {about.name}")
    was, now = value[:, first], value[:, edition]
    known = (was > 0) & (now >= 0)
    grown = np.divide(now, was, out=nothing.copy(), where=known)
    change = 100 * (grown ** (1 / ago[first]) - 1)
    return _Figure(
        change, f"{asked.indicator}, mean change a year in % from {series.editions[first].name} to {about.name}"
    )


def _parts(series: Series, rule: RuleEntry, edition: int, may: Bools) -> dict[str, tuple[_Figure, Floats]]:
    """Return every figure of the index with its need, equation (1)."""
    if rule.index is None:
        return {}
    figures = {key: _figure(series, part, edition) for key, part in rule.index.parts.items()}
    whole = may & np.all([~np.isnan(one.value) for one in figures.values()], axis=0)
    found = {}
    for key, figure in figures.items():
        better = rule.index.parts[key].better or "more"
        found[key] = (figure, _need(figure.value, whole, better=better, score=rule.index.score))
    return found


def _need(value: Floats, whole: Bools, *, better: Direction, score: str) -> Floats:
    """Return f64[D] need of one figure, NaN for districts that are not compared."""
    need = np.full(len(value), np.nan)
    if not whole.any():
        return need
    if score == "percentile":
        need[whole] = 100.0 - ranked(value[whole], better=better).percentile
        return need
    spread = float(value[whole].std())
    sign = 1.0 if better == "less" else -1.0
    need[whole] = 0.0 if spread == 0 else sign * (value[whole] - value[whole].mean()) / spread
    return need


def _index_tests(
    rule: RuleEntry, parts: dict[str, tuple[_Figure, Floats]], may: Bools
) -> tuple[tuple[DesignationTest, ...], dict[str, Measured]]:
    """Return the tests of the place by the index and what they measure, equations (2) to (4)."""
    index = rule.index
    if index is None:
        return (), {}
    weights = {key: part.weight for key, part in index.parts.items()}
    needs = np.array([weights[key] * need for key, (_, need) in parts.items()])
    total = needs.sum(axis=0) / sum(weights.values())
    place = ranked(total, better="more").rank
    asked: list[tuple[str, Literal["at_most", "above"], int]] = [(INDEX, "at_most", index.worst or 0)]
    if index.beyond:
        asked.append((BEYOND, "above", index.beyond))
    tests = tuple(
        DesignationTest(name, "statistic", comparison, float(cut), source=rule.source, confidence=rule.confidence)
        for name, comparison, cut in asked
    )
    return tests, {name: _measured(total, place, may, index.of_at_least, cut) for name, _, cut in asked}


def _measured(total: Floats, place: Longs, may: Bools, of_at_least: int, cut: int) -> Measured:
    """Return places, NaN where it cannot be said on which side of a cut they are."""
    compared, missing = int((place > 0).sum()), int((may & (place == 0)).sum())
    value, words = np.full(len(place), np.nan), []
    for at, mine in enumerate(place.tolist()):
        said = f"index {total[at]:.3f}, place {mine} of {compared}"
        if not mine:
            said = "a figure is missing" if may[at] else "not compared"
        elif compared + missing < of_at_least:
            said += f"; the rule compares {of_at_least} districts or more, so that this place says nothing"
        elif mine <= cut < mine + missing:
            said += f"; {missing} without figures could stand before it"
        else:
            value[at] = mine
        words.append(said)
    return Measured(value, tuple(words))


def _tests(series: Series, rule: RuleEntry, edition: int) -> tuple[tuple[DesignationTest, ...], dict[str, Measured]]:
    """Return the single tests and what they measure."""
    tests, found = [], {}
    for key, test in rule.tests.items():
        comparison, cut = test.cuts[0]
        figure = _figure(series, test, edition)
        tests.append(DesignationTest(key, "statistic", comparison, cut, statistic=test.indicator, source=test.source,
                                     confidence=test.confidence, note=test.note))  # fmt: skip
        found[key] = Measured(figure.value, (figure.words,))
    return tuple(tests), found


def _told_parts(
    rule: RuleEntry, parts: dict[str, tuple[_Figure, Floats]], at: int
) -> Iterator[tuple[str, str, float, str]]:
    """Yield key, indicator, figure and words of every figure of the index for one district."""
    if rule.index is None:
        return
    for key, (figure, need) in parts.items():
        part = rule.index.parts[key]
        if math.isnan(figure.value[at]):
            said = "unknown"
        elif math.isnan(need[at]):
            said = "not compared: another figure is missing, or the district may not be designated"
        else:
            said = f"need {need[at]:+.3f}, weight {part.weight:g}"
        tail = f"; source: {part.source}" if part.source else ""
        yield key, part.indicator, float(figure.value[at]), f"{figure.words}; {said}{tail}"


def _bare(row: DesignationStep) -> DesignationStep:
    """Return a row about the same district that says nothing yet."""
    return replace(row, measure="", value=None, comparison="", threshold=None, holds=None, grade=None, reason="")


def _step(row: DesignationStep, step: str, measure: str, *, holds: bool | None, reason: str) -> DesignationStep:
    """Return one more step about the same district."""
    return replace(_bare(row), step=step, measure=measure, holds=holds, reason=reason)


def _with_eligibility(grade: DesignationStep, eligible: tuple[bool | None, str]) -> DesignationStep:
    """Return the result of a district that may be designated, may not, or of which that is not known."""
    state, why = eligible
    if state is False:
        return replace(grade, grade="", reason=f"may not be designated: {why}")
    if state is None and grade.grade != "":
        return replace(grade, grade=None, reason=f"undecided: {why}; {grade.reason}")
    return grade


def _still(grade: DesignationStep, *, is_one: bool, since: str) -> DesignationStep:
    """Say what the result means for a district that is designated today, or is not."""
    was = f"designated today{since}" if is_one else "not designated today"
    words = {
        (True, True): "still meets the rule",
        (True, False): "no longer meets the rule",
        (False, True): "would newly meet the rule",
        (False, False): "does not meet the rule",
    }
    meets = None if grade.grade is None else grade.grade != ""
    said = "undecided" if meets is None else words[is_one, meets]
    return _step(grade, "still", "list", holds=meets if is_one else None, reason=f"{was}; {said}")


def _since(rule: RuleEntry) -> str:
    """Say since when districts are designated."""
    return f" ({rule.designated.since})" if isinstance(rule.designated, ListedSpec) and rule.designated.since else ""


def _or_none(value: float) -> float | None:
    """Return None for what is not known."""
    return value if math.isfinite(value) else None
