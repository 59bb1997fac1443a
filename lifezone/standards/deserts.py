"""Life deserts (D1): which functions a point has lost, which points are desert, and which of them are one desert.

(1)  a function is lost where at least one of its anchor requirements judges the point and none of those is met
(2)  gap: at least one function lost; desert: at least ``at_least`` lost, one of ``must_have`` among them;
     deep: every function that is judged there is lost, two or more
(3)  desert points near one another along the walking network that share a lost function are one desert
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Demand, Desert, DesertTest, Districts, Floats, Ints, Places, Reason, Verdicts
from lifezone.standards.naming import name_deserts

__all__ = ["MOST_FUNCTIONS", "deep", "find_deserts", "gap", "is_desert", "judged_functions", "lost_functions"]

MOST_FUNCTIONS = 32
"""Functions of a desert test, one bit each in the mask that joins points."""

GroupLabel = Callable[[Ints, np.ndarray], Ints]
"""From rows (i32[n] demand positions, ascending) and lost functions (u32[n] bit masks) to a group number i32[n]."""


def lost_functions(test: DesertTest, verdicts: Mapping[str, Verdicts], n_points: int) -> tuple[Bools, tuple[str, ...]]:
    """Tell which functions are lost where, equation (1).

    Args:
        test: the desert test.
        verdicts: by requirement id; an anchor that is missing here judges nobody.
        n_points: number of demand points P.

    Returns:
        bool[P, functions] in the test's order, and the functions that could be assessed: those with an anchor that was
        not refused for want of a source or of finer cells.
    """
    lost = np.zeros((n_points, len(test.functions)), np.bool_)
    assessed = []
    for column, (function, anchors) in enumerate(test.functions.items()):
        judged, met = _anchors(anchors, verdicts, n_points)
        lost[:, column] = judged & ~met
        if any(a in verdicts and bool((verdicts[a].reason != Reason.NOT_ASSESSED).any()) for a in anchors):
            assessed.append(function)
    return lost, tuple(assessed)


def judged_functions(test: DesertTest, verdicts: Mapping[str, Verdicts], n_points: int) -> Bools:
    """Return bool[P, functions] where at least one anchor of the function judges the point."""
    columns = [_anchors(anchors, verdicts, n_points)[0] for anchors in test.functions.values()]
    return np.stack(columns, axis=1) if columns else np.zeros((n_points, 0), np.bool_)


def gap(lost: Bools) -> Bools:
    """Return bool[P] where at least one function is lost."""
    return np.asarray(lost.any(axis=1))


def deep(lost: Bools, judged: Bools) -> Bools:
    """Return bool[P] where all functions that apply are lost, two or more.

    Args:
        lost: bool[P, functions].
        judged: bool[P, functions] of :func:`judged_functions`.
    """
    return np.asarray((judged.sum(axis=1) >= 2) & (lost == judged).all(axis=1))


def is_desert(test: DesertTest, lost: Bools, demand: Demand) -> Bools:
    """Return bool[P] desert points, equation (2); only points with people, inside the study area.

    A test whose functions are not all assessed finds fewer deserts, never more.
    """
    fails: Bools = lost.sum(axis=1) >= test.at_least
    if test.must_have:
        required = [function in test.must_have for function in test.functions]
        fails &= lost[:, required].any(axis=1)
    return fails & (demand.total > 0) & demand.inside


def find_deserts(
    test: DesertTest,
    lost: Bools,
    demand: Demand,
    districts: Districts,
    places: Places,
    group_label: GroupLabel,
    *,
    verdicts: Mapping[str, Verdicts],
) -> tuple[Ints, tuple[Desert, ...]]:
    """Join desert points to deserts, rank and name them.

    Args:
        test: the desert test.
        lost: bool[P, functions] of :func:`lost_functions`.
        demand: P points.
        districts: for names.
        places: for names.
        group_label: tells which of the desert points belong together, equation (3); called once with their positions
            and bit masks (bit i = function i lost), and not at all when there are none.
        verdicts: by requirement id, for the worst times.

    Returns:
        i32[P] label of the desert of each point (−1 = none), and the deserts by label: falling people, ties by the
        lowest demand position.
    """
    if len(test.functions) > MOST_FUNCTIONS:
        raise InputError(
            f"a desert test may have {MOST_FUNCTIONS} functions at most, this one has {len(test.functions)}"
        )
    label = np.full(demand.n_points, -1, dtype=np.int32)
    rows = np.flatnonzero(is_desert(test, lost, demand)).astype(np.int32)
    if not len(rows):
        return label, ()
    bits = np.left_shift(np.uint32(1), np.arange(len(test.functions), dtype=np.uint32))
    mask = (lost[rows] * bits).sum(axis=1, dtype=np.uint32)
    label[rows] = _ranked(group_label(rows, mask), demand.total[rows])
    members = _members(label, rows)
    worst = _worst_seconds(test, lost, verdicts, rows)
    deserts = [
        _desert(number, here, test=test, lost=lost, demand=demand, worst_s=float(worst[here].max()))
        for number, here in enumerate(members)
    ]
    named = name_deserts(deserts, members, demand=demand, districts=districts, places=places)
    return label, tuple(named)


def _anchors(anchors: tuple[str, ...], verdicts: Mapping[str, Verdicts], n_points: int) -> tuple[Bools, Bools]:
    """Return bool[P] where any anchor judges, and where any is met."""
    judged, met = np.zeros(n_points, np.bool_), np.zeros(n_points, np.bool_)
    for anchor in anchors:
        if anchor in verdicts:
            judged |= verdicts[anchor].judged
            met |= verdicts[anchor].met
    return judged, met


def _ranked(group: Ints, people: Floats) -> Ints:
    """Renumber groups from 0 by falling people; ties by the first row (rows ascend, so the lowest position)."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    total = np.bincount(inverse, weights=people)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.lexsort((first, -total))] = np.arange(len(first), dtype=np.int32)
    return rank[inverse]


def _members(label: Ints, rows: Ints) -> list[Ints]:
    """Return the demand positions of each desert, by label."""
    order = rows[np.argsort(label[rows], kind="stable")]
    counts = np.bincount(label[rows])
    return np.split(order, np.cumsum(counts)[:-1])


def _worst_seconds(test: DesertTest, lost: Bools, verdicts: Mapping[str, Verdicts], rows: Ints) -> Floats:
    """Return f64[P] the largest travel time over the lost anchors at each of ``rows``, ``inf`` if unreachable."""
    worst = np.zeros(len(lost))
    for column, anchors in enumerate(test.functions.values()):
        for anchor in anchors:
            if anchor in verdicts:
                verdict = verdicts[anchor]
                here = rows[(lost[rows, column]) & verdict.judged[rows]]
                worst[here] = np.maximum(worst[here], verdict.seconds[here])
    return worst


def _desert(number: int, here: Ints, *, test: DesertTest, lost: Bools, demand: Demand, worst_s: float) -> Desert:
    """Describe one desert, not yet named."""
    district = np.bincount(demand.district[here], weights=demand.total[here])
    lost_here: Bools = np.asarray(lost[here].any(axis=0))
    return Desert(
        label=number,
        named=bool(demand.total[here].sum() >= test.least_people),
        name_ko="",
        name_en="",
        district=int(district.argmax()),
        people=tuple(float(people) for people in demand.people[here].sum(axis=0)),
        missing=tuple(function for function, is_lost in zip(test.functions, lost_here, strict=True) if is_lost),
        worst_seconds=worst_s,
        area_m2=len(here) * demand.cell_m**2 if demand.cells else 0.0,
        points=len(here),
    )
