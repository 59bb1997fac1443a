"""What changed coverage between two editions: rows that split it into people, facilities, roads and standard.

(1)  v(S) is measured in the world whose parts in S are the later edition's, see :mod:`lifezone.monitor.shapley`
(2)  three figures of each district and requirement: coverage in percent, people within the bound, people beyond it
(3)  parts that are the same in both editions were not swapped and have exactly 0

Where a requirement is judged in one edition alone, or nobody is judged in one of the swapped worlds (a district that
had no people), the figure is told without parts: there is nothing fair to say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.counts import ALL_MET
from lifezone.monitor.shapley import split

__all__ = ["ALL_MET", "PARTS", "AttributionRow", "Worth", "attribution_rows"]

Part = Literal["people", "facilities", "roads", "standard"]
Measure = Literal["coverage", "covered", "uncovered"]
PARTS: Final[tuple[Part, ...]] = ("people", "facilities", "roads", "standard")
"""What is swapped; the first is bit 0 of a world's number."""
_MEASURES: Final[tuple[Measure, ...]] = ("coverage", "covered", "uncovered")
_DIGITS: Final = 6
_UNSPLIT: Final = "in one of the swapped worlds nobody is judged here, so the change is not split"


@dataclass(frozen=True, eq=False)
class Worth:
    """What a world is worth to one requirement, in A areas (the whole first).

    Attributes:
        covered: f64[A] people within the bound; NaN = not assessed.
        judged: f64[A] people who are judged.
    """

    covered: Floats
    judged: Floats


@dataclass(frozen=True)
class AttributionRow:
    """What changed one figure of one requirement in one district.

    Attributes:
        edition_before: the earlier edition.
        edition: the later one.
        district: id, ``all`` = the whole area.
        requirement: id, ``all_requirements`` = every requirement that judges a person.
        name: its Korean name.
        name_en: its English name.
        group: whose people.
        measure: ``coverage`` in percent, ``covered`` or ``uncovered`` people.
        before: in the earlier edition.
        after: in the later one.
        change: after − before; in percentage points for coverage.
        people: what other people, elsewhere, more or fewer, add to it.
        facilities: what opened, closed, moved facilities add.
        roads: what roads, speeds and access to roads add.
        standard: what the rules add.
        note: why there are no parts; empty = there are.
    """

    edition_before: str
    edition: str
    district: str
    requirement: str
    name: str
    name_en: str
    group: str
    measure: Measure
    before: float | None
    after: float | None
    change: float | None
    people: float | None
    facilities: float | None
    roads: float | None
    standard: float | None
    note: str = ""


def attribution_rows(
    editions: tuple[str, str],
    areas: Sequence[str],
    worths: Mapping[str, Mapping[int, Worth]],
    changed: Sequence[Part],
    about: Mapping[str, tuple[str, str, str]],
) -> list[AttributionRow]:
    """Return the rows of ``attribution.csv`` for two editions.

    Args:
        editions: the earlier, the later.
        areas: A ids, the whole area first.
        worths: requirement → world → its worth; worlds are numbered by the bits of ``changed`` that are the later
            edition's. A world without the requirement is missing.
        changed: parts that differ between the editions.
        about: requirement → its Korean name, its English name, whose people.
    """
    rows = []
    for at, area in enumerate(areas):
        for requirement, worth in worths.items():
            figures = [_figures(worth.get(world), at) for world in range(1 << len(changed))]
            for k, measure in enumerate(_MEASURES):
                found = split([one[k] for one in figures], changed, digits=_DIGITS)
                told = {part: found.parts.get(part, 0.0) for part in PARTS} if found.is_known or not changed else {}
                change = round(found.after - found.before, _DIGITS)
                rows.append(
                    AttributionRow(
                        *editions, area, requirement, *about[requirement], measure, _or_none(found.before),
                        _or_none(found.after), _or_none(change), told.get("people"), told.get("facilities"),
                        told.get("roads"), told.get("standard"), "" if told else _why(worth, len(changed)),
                    )
                )  # fmt: skip
    return rows


def _figures(worth: Worth | None, area: int) -> tuple[float, float, float]:
    """Return coverage in percent, people within the bound, people beyond it; NaN where there is none."""
    if worth is None:
        return math.nan, math.nan, math.nan
    covered, judged = float(worth.covered[area]), float(worth.judged[area])
    share = 100.0 * min(1.0, covered / judged) if judged > 0 else math.nan
    return share, covered, max(0.0, judged - covered) if not math.isnan(covered) else math.nan


def _why(worth: Mapping[int, Worth], n: int) -> str:
    """Say why a change is not split."""
    if not worth or not any(np.isfinite(one.covered).any() for one in worth.values()):
        return "not assessed in either edition"
    first, last = worth.get(0), worth.get((1 << n) - 1)
    if first is None or np.isnan(first.covered).all():
        return "assessed in the later edition alone"
    if last is None or np.isnan(last.covered).all():
        return "assessed in the earlier edition alone"
    if any(world not in worth or np.isnan(worth[world].covered).all() for world in range(1 << n)):
        return "not assessed in one of the swapped worlds, so the change is not split"
    return _UNSPLIT


def _or_none(value: float) -> float | None:
    """Return None for what is not known."""
    return value if math.isfinite(value) else None
