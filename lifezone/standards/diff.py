"""Two standards side by side: what their texts say differently, and whose verdict that changes.

Requirements are paired by id, else by the same kinds for the same setting (each is paired once, in the order of the
first); what only one of the two has stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lifezone.model import TOTAL, Bools, Demand, Requirement, Standard, World
from lifezone.standards.summary import areas

__all__ = ["Change", "Side", "changes_of_verdict", "paired_rules", "said_differently"]

_TOLD = ("kinds", "match", "mode", "bound_text", "group", "setting", "direction", "nearest", "target", "least_capacity")


@dataclass(frozen=True, eq=False)
class Side:
    """One of two verdicts over the same P demand points.

    Attributes:
        label: what it is called: a requirement's id, or ``id: convention``.
        judged: bool[P].
        met: bool[P].
        group: whose people it is for.
    """

    label: str
    judged: Bools
    met: Bools
    group: str = TOTAL


@dataclass(frozen=True)
class Change:
    """People whose verdict differs, in one district for one group.

    ``judged`` counts those whom both judge: ``both`` + ``only_first`` + ``only_second`` + ``neither``. ``first_alone``
    and ``second_alone`` count people whom one of the two judges and the other does not.
    """

    district: str
    first: str
    second: str
    group: str
    people: float
    judged: float
    both: float
    only_first: float
    only_second: float
    neither: float
    first_alone: float
    second_alone: float


def paired_rules(first: Standard, second: Standard) -> list[tuple[Requirement | None, Requirement | None]]:
    """Pair the requirements of two standards: those of the first in order, then what only the second has."""
    left = {rule.id: rule for rule in second.requirements}
    pairs: list[tuple[Requirement | None, Requirement | None]] = []
    waiting = []
    for rule in first.requirements:
        other = left.pop(rule.id, None)
        pairs.append((rule, other))
        if other is None:
            waiting.append(len(pairs) - 1)
    for at in waiting:
        rule = first.requirements[at]
        twin = next(
            (one for one in left.values() if set(one.kinds) & set(rule.kinds) and one.setting == rule.setting), None
        )
        if twin is not None:
            pairs[at] = (rule, left.pop(twin.id))
    return pairs + [(None, rule) for rule in left.values()]


def said_differently(first: Requirement, second: Requirement) -> tuple[str, ...]:
    """Return what two requirements say differently, field by field: ``bound 25 min → 15 min``."""
    told = []
    for name in _TOLD:
        one, two = getattr(first, name), getattr(second, name)
        if one != two:
            told.append(f"{name.removesuffix('_text')} {_written(one)} → {_written(two)}")
    if first.optimum != second.optimum:
        words = ["–" if rule.optimum is None else rule.in_words(rule.optimum) for rule in (first, second)]
        told.append(f"optimum {words[0]} → {words[1]}")
    return tuple(told)


def changes_of_verdict(world: World, pairs: Sequence[tuple[Side, Side]]) -> list[Change]:
    """Count people whose verdict differs, by district, pair and group.

    Args:
        world: whose points and districts they are.
        pairs: verdicts over its P points; told for the groups that both are for.
    """
    demand = world.demand
    return [
        _change(area.id, area.rows, one, two, group, demand)
        for area in areas(world)
        for one, two in pairs
        for group in _groups(one, two, demand)
    ]


def _groups(one: Side, two: Side, demand: Demand) -> tuple[str, ...]:
    """Return the groups that are told: the one that either is for, else everybody and every other group."""
    own = [side.group for side in (one, two) if side.group != TOTAL]
    return tuple(dict.fromkeys(own)) if own else (TOTAL, *(group for group in demand.groups if group != TOTAL))


def _change(district: str, rows: np.ndarray, one: Side, two: Side, group: str, demand: Demand) -> Change:
    """Count one pair in one area for one group."""
    people = demand.of(group)[rows]

    def count(where: np.ndarray) -> float:
        return float(people[where].sum())

    judged = (one.judged & two.judged)[rows]
    first, second = one.met[rows], two.met[rows]
    return Change(
        district=district,
        first=one.label,
        second=two.label,
        group=group,
        people=float(people.sum()),
        judged=count(judged),
        both=count(judged & first & second),
        only_first=count(judged & first & ~second),
        only_second=count(judged & second & ~first),
        neither=count(judged & ~first & ~second),
        first_alone=count((one.judged & ~two.judged)[rows]),
        second_alone=count((two.judged & ~one.judged)[rows]),
    )


def _written(value: object) -> str:
    """Write a field as people read it."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
