"""From travel times to the measures of a portfolio: minutes, coverage, life deserts, each as blocks of elements.

 (1) person_minutes: Σ requirements, points where they judge: trips a year × people × least(minutes, cap)
 (2) covered:        Σ requirements, points where they judge: people beyond the bound
 (3) lifted:         Σ points: people in life deserts (D1); a point has one row for each smallest set of functions that
                     makes it desert when they are lost, so that kinds interact
Elements that no project can change are left out: they cancel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import TYPE_CHECKING

import numpy as np

from lifezone.improve.portfolio.tables import RuleTables
from lifezone.model import Bools, DesertTest, Floats, Requirement
from lifezone.siting.portfolio import Block, Frame, Measure

if TYPE_CHECKING:
    from lifezone.siting.portfolio_spec import Portfolio

__all__ = ["MEASURES", "Ground", "covered_block", "desert_block", "measure_of", "minutes_block", "most_rows"]

MEASURES = ("person_minutes", "lifted", "covered")
_MINUTE_S = 60.0
_MOST_ROWS = 400
"""Rows of a desert test beyond which its value is not part of the model."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Who is counted, in every state.

    Attributes:
        people: per state and group f64[P, A] people of the study area in each known year.
        judged: per state, requirement id → bool[P] where it judges.
    """

    people: tuple[Mapping[str, Floats], ...]
    judged: tuple[Mapping[str, Bools], ...]


def minutes_block(tables: RuleTables, group: str, ground: Ground, spec: Portfolio) -> Block | None:
    """Return equation (1) of one requirement; None where it is about metres or nothing can change it."""
    if tables.rule.metric != "time":
        return None
    factor = spec.trips.get(tables.rule.id, 1.0) / _MINUTE_S
    cost = [[np.minimum(row.seconds, spec.cap) for row in rows] for rows in tables.states]
    return _block(tables, cost, _weights(tables.rule, group, ground, factor))


def covered_block(tables: RuleTables, group: str, ground: Ground) -> Block | None:
    """Return equation (2) of one requirement; None where nothing can change it."""
    cost = [[np.where(row.near, 0.0, 1.0) for row in rows] for rows in tables.states]
    return _block(tables, cost, _weights(tables.rule, group, ground, 1.0))


def _weights(rule: Requirement, group: str, ground: Ground, factor: float) -> list[Floats]:
    """Return per state f64[P, A] the people whom a requirement judges, times a factor."""
    found: list[Floats] = []
    for people, judged in zip(ground.people, ground.judged, strict=True):
        same = found and people is ground.people[0] and judged is ground.judged[0]
        found.append(found[0] if same else people[group] * judged[rule.id][:, None] * factor)
    return found


def _block(tables: RuleTables, cost: Sequence[Sequence[Floats]], weight: Sequence[Floats]) -> Block | None:
    """Bring the rows of a requirement onto all of its sites, and keep what some project can change."""
    sites = np.unique(np.concatenate(tables.site)) if tables.site else np.empty(0, np.int64)
    wide = [[_on_all(row, site, sites) for row, site in zip(rows, tables.site, strict=True)] for rows in cost]
    return _kept(sites, wide, weight)


def _on_all(cost: Floats, own: np.ndarray, sites: np.ndarray) -> Floats:
    """Return f64[J + 1, P] with a line for each of ``sites``; one that does not count is as far as what stands."""
    wide = np.repeat(cost[-1:], len(sites) + 1, axis=0)
    wide[np.searchsorted(sites, own)] = cost[:-1]
    return wide


def _kept(sites: np.ndarray, cost: Sequence[Sequence[Floats]], weight: Sequence[Floats]) -> Block | None:
    """Return the block of the elements that some project can change."""
    varies = np.zeros(len(weight[0]), np.bool_)
    for one in weight:
        varies |= (one != weight[0]).any(axis=1)
    for rows in cost:
        for row, first in zip(rows, cost[0], strict=True):
            varies |= (row[:-1] < row[-1]).any(axis=0) | (row[-1] != first[-1])
    counts = np.any([(one > 0).any(axis=1) for one in weight], axis=0)
    keep = np.flatnonzero(varies & counts)
    if not len(keep):
        return None
    first_weight = weight[0][keep]
    return Block(
        sites,
        tuple(tuple(np.ascontiguousarray(row[:, keep]) for row in rows) for rows in cost),
        tuple(first_weight if one is weight[0] else one[keep] for one in weight),
    )


def desert_block(test: DesertTest, near: Mapping[str, RuleTables], ground: Ground) -> Block | None:
    """Return equation (3).

    Args:
        test: the desert test.
        near: the tables of its anchors that are judged.
        ground: who is counted.
    """
    functions = {name: [one for one in anchors if one in near] for name, anchors in test.functions.items()}
    functions = {name: anchors for name, anchors in functions.items() if anchors}
    every = [site for anchors in functions.values() for one in anchors for site in near[one].site]
    sites = np.unique(np.concatenate(every)) if every else np.empty(0, np.int64)
    cost = [
        [_lost_together(choice, near, ground.judged[k], k, sites) for choice in _choices(test, functions, near)]
        for k in range(len(ground.judged))
    ]
    weight: list[Floats] = []
    for people in ground.people:
        weight.append(weight[0] if weight and people is ground.people[0] else people["total"])
    return _kept(sites, cost, weight) if cost and cost[0] else None


def most_rows(test: DesertTest, near: Mapping[str, RuleTables]) -> bool:
    """Tell whether a desert test has more rows than a model should have."""
    functions = {name: [one for one in anchors if one in near] for name, anchors in test.functions.items()}
    judged = {name: anchors for name, anchors in functions.items() if anchors}
    return len(list(islice(_choices(test, judged, near), _MOST_ROWS + 1))) > _MOST_ROWS


Choice = tuple[tuple[tuple[str, int], ...], ...]
"""For each function of a set, the row of each of its anchors."""


def _choices(
    test: DesertTest, functions: Mapping[str, Sequence[str]], near: Mapping[str, RuleTables]
) -> Iterator[Choice]:
    """Yield the smallest sets of rows that make a point desert when all are beyond the bound.

    A function is lost when none of its anchors is met; an anchor that needs several kinds is not met when one of them
    is beyond the bound: a row is chosen of each.
    """
    must = set(test.must_have)
    for chosen in combinations(functions, test.at_least):
        if must and not must & set(chosen):
            continue
        by_function = [
            list(product(*([(one, row) for row in range(len(near[one].site))] for one in functions[name])))
            for name in chosen
        ]
        yield from product(*by_function)


def _lost_together(
    choice: Choice, near: Mapping[str, RuleTables], judged: Mapping[str, Bools], state: int, sites: np.ndarray
) -> Floats:
    """Return f64[J + 1, P] 0 where a site serves any of the functions of a set, or one of them is not judged."""
    n_points = len(next(iter(judged.values())))
    reached = np.zeros((len(sites) + 1, n_points), np.bool_)
    for anchors in choice:
        applies = np.zeros(n_points, np.bool_)
        for one, row in anchors:
            tables = near[one]
            at = np.append(np.searchsorted(sites, tables.site[row]), len(sites))
            reached[at] |= tables.states[state][row].near & judged[one]
            applies |= judged[one]
        reached[-1] |= ~applies
    reached[:-1] |= reached[-1]
    return np.where(reached, 0.0, 1.0)


def measure_of(frame: Frame, blocks: Sequence[Block | None]) -> Measure:
    """Return a measure of the blocks that something can change."""
    return Measure(frame, tuple(block for block in blocks if block is not None))
