"""Groups of people by age and sex out of whatever classes a file counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lifezone.errors import Fault
from lifezone.model import TOTAL
from lifezone.sources.korea.registration import OLDEST, AgeColumn

__all__ = ["DEFAULT_GROUPS", "Group", "Recipe", "ages_in_heading", "parse_group", "recipe_of"]

_GROUP: Final = re.compile(
    r"^(?:(?P<sex>male|female)\s+)?(?:all|(?P<low>\d{1,3})(?:-(?P<high>\d{1,3})|(?P<open>\+))?)$"
)
_HEADING: Final = re.compile(
    r"^(?P<sex>male_|female_|m_|f_)?(?:a|age_?)(?P<low>\d{1,3})(?:_(?P<high>\d{1,3})|(?P<open>p|plus|_plus|_over))?"
    r"(?P<rest>_(?P<year>\d{4})(?P<est>est)?)?$"
)
DEFAULT_GROUPS: Final = {TOTAL: "all", "age_0_6": "0-6", "age_65_plus": "65+"}
"""The groups that the packaged standards ask for."""


@dataclass(frozen=True)
class Group:
    """Whom a group counts: a sex and ages from ``low`` to ``high``, inclusive; everybody has no ages."""

    sex: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Recipe:
    """How a group is put together: columns and the share of each; estimated where a class was cut."""

    parts: tuple[tuple[str, float], ...]
    is_estimated: bool


def parse_group(text: str) -> Group | None:
    """Read ``all``, ``65+``, ``0-6``, ``7`` or ``female 15-49``; None for anything else."""
    match = _GROUP.match(text.strip().lower())
    if match is None:
        return None
    low = match["low"]
    if low is None:
        return Group(match["sex"] or "both", None, None)
    high = OLDEST if match["open"] else int(match["high"] or low)
    return Group(match["sex"] or "both", int(low), high) if high >= int(low) else None


def ages_in_heading(column: str) -> AgeColumn | None:
    """Read a heading such as ``a00_04``, ``a65p`` or ``a75p_2020est``; None for another."""
    match = _HEADING.match(column.strip().lower())
    if match is None:
        return None
    low = int(match["low"])
    high = OLDEST if match["open"] else int(match["high"] or low)
    sex = {"m": "male", "f": "female"}.get((match["sex"] or "")[:1], "both")
    return AgeColumn(column, sex, low, high, match["year"] or "") if high >= low else None


def recipe_of(group: Group, columns: Sequence[AgeColumn], total: str | None) -> Recipe | None:
    """Return how a group is put together from classes of ages, or None where they do not tell it.

    Classes that fit exactly go first; where a class reaches beyond the group, an equal share a year of age is taken of
    it, and the group is estimated. Open classes (75 and over) are never cut.

    Args:
        group: Whom to count.
        columns: The classes that the file has.
        total: Column that counts everybody, where there is one.
    """
    own = [one for one in columns if one.sex == group.sex and one.low is not None]
    if group.low is None or group.high is None:
        everybody = next((one.column for one in columns if one.sex == group.sex and one.low is None), None)
        if group.sex == "both":
            everybody = everybody or total
        if everybody is not None:
            return Recipe(((everybody, 1.0),), False)
        group = Group(group.sex, 0, OLDEST)
    halves = None if group.sex != "both" or own else _both_sexes(group, columns)
    return halves or _tiled(group, own)


def _both_sexes(group: Group, columns: Sequence[AgeColumn]) -> Recipe | None:
    """Add men and women where a file has no column for both."""
    found = [recipe_of(Group(sex, group.low, group.high), columns, None) for sex in ("male", "female")]
    if found[0] is None or found[1] is None:
        return None
    return Recipe((*found[0].parts, *found[1].parts), found[0].is_estimated or found[1].is_estimated)


def _tiled(group: Group, columns: Sequence[AgeColumn]) -> Recipe | None:
    """Lay classes end to end from the group's first to its last age."""
    parts: list[tuple[str, float]] = []
    low, high = group.low or 0, OLDEST if group.high is None else group.high
    at, is_estimated = low, False
    while at <= high:
        exact = [one for one in columns if one.low == at and one.high is not None and one.high <= high]
        if exact:
            best = max(exact, key=lambda one: one.high or 0)
            parts.append((best.column, 1.0))
            at = (best.high or 0) + 1
            continue
        around = [one for one in columns
                  if one.low is not None and one.high is not None and one.low <= at <= one.high < OLDEST]  # fmt: skip
        if not around:
            return None
        best = min(around, key=lambda one: (one.high or 0) - (one.low or 0))
        last = min(best.high or 0, high)
        parts.append((best.column, (last - at + 1) / ((best.high or 0) - (best.low or 0) + 1)))
        is_estimated, at = True, last + 1
    return Recipe(tuple(parts), is_estimated)


def group_faults(groups: Mapping[str, str]) -> list[Fault]:
    """Return a fault for every group that cannot be read."""
    return [
        Fault(f"{text!r} is no group of people: write all, 65+, 0-6 or female 15-49", ("groups", name))
        for name, text in groups.items() if parse_group(text) is None
    ]  # fmt: skip
