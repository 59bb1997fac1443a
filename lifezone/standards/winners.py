"""Who wins and who loses by a change, and who is pushed beyond a bound that they lived within: rows for tables.

A win or loss is a change that people notice: at least 0.1 minutes, or 10 m where the requirement is in metres. Whoever
comes to reach a facility at all wins, whoever is cut off loses; neither has a number of minutes. People are those who
live there afterwards; points that are judged only before or only after are in no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from lifezone.model import TOTAL, Bools, Demand, Floats, Ints, Requirement, Variant, Verdicts
from lifezone.standards.align import Pair
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import PushedRow, WinnerRow
from lifezone.standards.summary import ALL, areas, groups_told

__all__ = ["ANY", "LEAST_METRES", "LEAST_SECONDS", "changes_nothing", "pushed_beyond", "winners_and_losers"]

ANY: Final = "any"
"""The row over all requirements together."""
LEAST_SECONDS: Final = 6.0
LEAST_METRES: Final = 10.0
_NO_FACILITY: Final = "none"


@dataclass(frozen=True, eq=False)
class _Moved:
    """How one requirement changes at P points; ``won`` and ``lost`` are positive where finite, else NaN."""

    rule: Requirement
    better: Bools
    worse: Bools
    newly_reached: Bools
    cut_off: Bools
    difference: Floats
    both: Bools


def winners_and_losers(pair: Pair) -> list[WinnerRow]:
    """Return the rows of ``winners_losers.csv``: by district, requirement and group, then all requirements together.

    In the rows ``any`` a group counts by the requirements that are for it or for everybody: winners gain by at least
    one and lose by none, losers the other way round, the rest who gain and lose are mixed.
    """
    moved = [_moved(rule, before, after) for rule, before, after in _shared(pair)]
    demand = pair.after.world.demand
    rows: dict[str, list[WinnerRow]] = {}
    places = _Places.of(pair.before)
    for one in moved:
        for group in _groups(one.rule, pair):
            for row in _rows_of(pair.after.name, one, group, demand.of(group), places):
                rows.setdefault(row.district, []).append(row)
    for group in demand.groups if moved else ():
        for row in _rows_of_any(pair.after.name, moved, group, demand, places):
            rows.setdefault(row.district, []).append(row)
    return [row for district in places.names for row in rows.get(district, [])]


def pushed_beyond(pair: Pair) -> list[PushedRow]:
    """Return the rows of ``pushed_beyond.csv``: who was within the bound before and is not after.

    By requirement and group: the whole area, every district with such people, and every facility that they used.
    """
    rows = []
    demand, names = pair.after.world.demand, _Places.of(pair.before)
    facilities = pair.before.world.facilities
    for rule, before, after in _shared(pair):
        pushed = before.met & after.judged & ~after.met & demand.inside
        if not pushed.any():
            continue
        for group in _groups(rule, pair):
            people = np.where(pushed, demand.of(group), 0.0)
            concerned = np.flatnonzero(people > 0)
            if not len(concerned):
                continue
            told = partial(_pushed_row, (pair.after.name, rule.id, group), people, before, after)
            rows.append(told(names.names[0], ALL, concerned))
            if not names.is_one:
                for position, at in _grouped(names.district[concerned], concerned):
                    rows.append(told(names.names[position + 1], ALL, at))
            for position, at in _grouped(before.facility[concerned], concerned):
                used = facilities.ids[position] if 0 <= position < facilities.n_facilities else _NO_FACILITY
                rows.append(told(ALL, used, at))
    return rows


def _grouped(key: Ints, points: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield every key, ascending, with its points; one pass however many keys there are."""
    order = np.argsort(key, kind="stable")
    values, first = np.unique(key[order], return_index=True)
    yield from zip(values.tolist(), np.split(points[order], first[1:]), strict=True)


def _pushed_row(
    key: tuple[str, str, str], whole: Floats, before: Verdicts, after: Verdicts, district: str, facility: str,
    at: np.ndarray,
) -> PushedRow:  # fmt: skip
    """Tell of the people of some points who are pushed beyond a bound; means are over those who still reach one."""
    people, old_s, new_s = whole[at], before.seconds[at], after.seconds[at]
    reach = np.isfinite(old_s) & np.isfinite(new_s)
    weight = people[reach]
    variant, requirement, group = key
    extra = new_s[reach] - old_s[reach]
    metres = after.metres[at][reach] - before.metres[at][reach]
    return PushedRow(
        variant=variant, requirement=requirement, district=district, group=group, facility=facility,
        people=float(people.sum()),
        minutes_before=_mean(old_s[reach] / 60, weight),
        minutes_after=_mean(new_s[reach] / 60, weight),
        extra_minutes=_mean(extra / 60, weight),
        most_extra_minutes=float(extra.max()) / 60 if len(extra) else None,
        extra_metres=_mean(metres, weight) if np.isfinite(metres).all() else None,
        cut_off=float(people[~np.isfinite(new_s)].sum()),
    )  # fmt: skip


def changes_nothing(pair: Pair) -> bool:
    """Tell whether two variants have the same people, requirements, reasons, times, places counted and deserts."""
    before, after = pair.before.assessment, pair.after.assessment
    if before.verdicts.keys() != after.verdicts.keys():
        return False
    if not np.array_equal(pair.before.world.demand.people, pair.after.world.demand.people):
        return False
    return np.array_equal(before.desert >= 0, after.desert >= 0) and all(
        np.array_equal(getattr(old, name), getattr(after.verdicts[key], name), equal_nan=name != "reason")
        for key, old in before.verdicts.items()
        for name in ("reason", "seconds", "metres", "served")
    )


@dataclass(frozen=True, eq=False)
class _Places:
    """The whole area and its districts: names, and the district of each point."""

    names: tuple[str, ...]
    district: Ints
    is_one: bool

    @staticmethod
    def of(variant: Variant) -> _Places:
        """Return the units that results are told by."""
        names = tuple(area.id for area in areas(variant.world))
        return _Places(names, variant.world.demand.district, len(names) == 1)

    def sums(self, values: Floats) -> Floats:
        """Return f64[units] of values summed over the whole area and over each district."""
        inside = self.district >= 0
        total = values[inside].sum()
        if self.is_one:
            return np.array([total])
        return np.append(
            total, np.bincount(self.district[inside], weights=values[inside], minlength=len(self.names) - 1)
        )


def _shared(pair: Pair) -> Iterator[tuple[Requirement, Verdicts, Verdicts]]:
    """Yield the requirements that both assessments judge, in the first one's order."""
    before, after = pair.before.assessment, pair.after.assessment
    for rule in before.standard.requirements:
        if rule.id in before.verdicts and rule.id in after.verdicts:
            yield rule, before.verdicts[rule.id], after.verdicts[rule.id]


def _groups(rule: Requirement, pair: Pair) -> Sequence[str]:
    """Return the groups that a requirement is told for and both count."""
    after = pair.after.world.demand.groups
    return [group for group in groups_told(rule, pair.before.world.demand) if group in after]


def _moved(rule: Requirement, before: Verdicts, after: Verdicts) -> _Moved:
    """Tell where a requirement gets better and worse."""
    is_time = rule.metric == "time"
    old, new = (one.seconds if is_time else one.metres for one in (before, after))
    both = before.judged & after.judged
    had, has = (np.isfinite(value) & both for value in (old, new))
    difference = np.where(had & has, np.where(had, new, 0.0) - np.where(had, old, 0.0), np.nan)
    least = LEAST_SECONDS if is_time else LEAST_METRES
    with np.errstate(invalid="ignore"):
        better, worse = difference <= -least, difference >= least
    gained, lost = has & ~had, had & ~has & both
    return _Moved(rule, better | gained, worse | lost, gained, lost, difference, both)


def _rows_of(variant: str, moved: _Moved, group: str, people: Floats, places: _Places) -> Iterator[WinnerRow]:
    """Tell of one requirement and group in every unit."""
    is_time = moved.rule.metric == "time"
    scale = 60.0 if is_time else 1.0
    finite = np.isfinite(moved.difference)
    change = np.where(finite, moved.difference, 0.0) / scale
    masks = {
        "people": moved.both, "winners": moved.better, "losers": moved.worse,
        "newly_reached": moved.newly_reached, "cut_off": moved.cut_off,
    }  # fmt: skip
    told = {name: places.sums(np.where(mask, people, 0.0)) for name, mask in masks.items()}
    won, lost = moved.better & finite, moved.worse & finite
    mean_won = _ratio(places.sums(-change * people * won), places.sums(people * won))
    mean_lost = _ratio(places.sums(change * people * lost), places.sums(people * lost))
    for at, district in enumerate(places.names):
        count = {name: float(values[at]) for name, values in told.items()}
        yield WinnerRow(
            variant=variant, district=district, requirement=moved.rule.id, group=group, people=count["people"],
            winners=count["winners"], losers=count["losers"], mixed=0.0,
            unchanged=max(count["people"] - count["winners"] - count["losers"], 0.0),
            newly_reached=count["newly_reached"], cut_off=count["cut_off"],
            mean_won=mean_won[at], mean_lost=mean_lost[at], unit="min" if is_time else "m",
        )  # fmt: skip


def _rows_of_any(
    variant: str, moved: Sequence[_Moved], group: str, demand: Demand, places: _Places
) -> Iterator[WinnerRow]:
    """Tell of all requirements together for one group in every unit."""
    own = [one for one in moved if effective_group(one.rule, demand)[0] in (TOTAL, group)]
    if not own:
        return
    better, worse, both = (
        np.logical_or.reduce([getattr(one, name) for one in own]) for name in ("better", "worse", "both")
    )
    newly, cut = (np.logical_or.reduce([getattr(one, name) for one in own]) for name in ("newly_reached", "cut_off"))
    people = demand.of(group)
    masks = (both, better & ~worse, worse & ~better, better & worse, both & ~better & ~worse, newly, cut)
    sums = [places.sums(np.where(mask, people, 0.0)) for mask in masks]
    for at, district in enumerate(places.names):
        judged, winners, losers, mixed, unchanged, newly_reached, cut_off = (float(values[at]) for values in sums)
        yield WinnerRow(
            variant=variant, district=district, requirement=ANY, group=group, people=judged, winners=winners,
            losers=losers, mixed=mixed, unchanged=unchanged, newly_reached=newly_reached, cut_off=cut_off,
            mean_won=None, mean_lost=None, unit="",
        )  # fmt: skip


def _ratio(part: Floats, whole: Floats) -> list[float | None]:
    """Divide sums; None where there is nobody."""
    return [float(a) / float(b) if b > 0 else None for a, b in zip(part, whole, strict=True)]


def _mean(values: Floats, weight: Floats) -> float | None:
    """Return the mean over people, None over nobody."""
    return float((values * weight).sum() / weight.sum()) if weight.sum() > 0 else None
