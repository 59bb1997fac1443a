"""How zones of a lower level lie in those of a higher one: village → town → hub → metropolis, nested or across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Floats, Zones
from lifezone.zoning.spec import LEVELS

__all__ = ["Nesting", "nestings"]

_COUNTS: Final = 0.05
"""Share of a zone's people from which another upper zone counts as one that it belongs to as well."""


@dataclass(frozen=True)
class Nesting:
    """Where one zone lies in the zones of a higher level.

    Attributes:
        lower: id of the function whose zone it is.
        centre: its centre.
        upper: id of the other function.
        parent: centre of the upper zone that most of its people belong to; empty where that is none.
        people: people living in the zone, of all groups.
        share: share of them in that upper zone.
        others: further upper zones with at least a twentieth of its people.
    """

    lower: str
    centre: str
    upper: str
    parent: str
    people: float
    share: float
    others: int


def nestings(functions: Sequence[Zones], people: Floats) -> Iterator[Nesting]:
    """Yield where every zone lies in every function of a higher level, lower levels first.

    Args:
        functions: life zones over the same P points.
        people: f64[P] everybody.
    """
    ranked = sorted(functions, key=lambda zones: LEVELS.index(zones.level))
    for position, lower in enumerate(ranked):
        for upper in ranked[position + 1 :]:
            if LEVELS.index(upper.level) > LEVELS.index(lower.level):
                yield from _within(lower, upper, people)


def _within(lower: Zones, upper: Zones, people: Floats) -> Iterator[Nesting]:
    """Yield where the zones of one function lie in those of another."""
    n, m = len(lower.zones), len(upper.zones) + 1  # the last column: in none
    here = lower.label >= 0
    cell = lower.label[here].astype(np.int64) * m + np.where(upper.label[here] < 0, m - 1, upper.label[here])
    table = np.bincount(cell, weights=people[here], minlength=n * m).reshape(n, m)
    for at, row in enumerate(table):
        total = float(row.sum())
        if total <= 0:
            continue
        most = int(row.argmax())
        others = int((row[:-1] >= _COUNTS * total).sum()) - int(most < m - 1 and row[most] >= _COUNTS * total)
        yield Nesting(
            lower.id, lower.zones[at].centre, upper.id, upper.zones[most].centre if most < m - 1 else "",
            total, float(row[most] / total), others,
        )  # fmt: skip
