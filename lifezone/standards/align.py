"""Two assessments point by point: which demand point of one is which of the other, and whom that leaves out.

The variants of a run share their points unless one brings people of its own; runs made apart may share ids, or only a
grid. Points are matched by id where the ids stand at the same places, else by place; what cannot be matched is counted
and left out, and what has nothing in common is refused, since a comparison of other people is none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Assessment, Demand, Floats, Longs, Variant
from lifezone.standards.disclosure import shown_group

__all__ = ["Pair", "align", "taken"]

_SAME_PLACE_M: Final = 50.0
"""Points of one id farther apart than this (or half a cell) are not the same point."""
_STRAYS: Final = 0.01
"""Share of common ids that may stand elsewhere before ids are taken for mere numbers."""
_GRID_M: Final = 1.0
"""Points that round to the same whole metres are at the same place."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Two variants over the same demand points, in the same order.

    Attributes:
        before: the first; districts and names are its own.
        after: the second.
        notes: how points were matched and whom that leaves out; empty when all are the same.
    """

    before: Variant
    after: Variant
    notes: tuple[str, ...] = ()


def align(before: Variant, after: Variant) -> Pair:
    """Bring two variants to the demand points of the study area that both have.

    Raises:
        InputError: they have cells of other sizes, or no point in common.
    """
    one, two = before.world.demand, after.world.demand
    if one.cells and two.cells and abs(one.cell_m - two.cell_m) > 1e-6:
        raise InputError(
            f"cells of {one.cell_m:g} m and of {two.cell_m:g} m cannot be compared: use people on one grid for both"
        )
    same = one is two or (np.array_equal(one.ids, two.ids) and np.array_equal(one.district >= 0, two.district >= 0))
    if same and before.world.crs == after.world.crs and _gap(before, after, _all(one), _all(one)) <= _near_m(one):
        return Pair(before, after)
    rows, how = _matched(before, after)
    if not len(rows[0]):
        raise InputError(
            "they have no demand point in common, neither by id nor by place: use one people table or grid for both"
        )
    kept = one.inside[rows[0]] & two.inside[rows[1]]
    pair = taken(before, rows[0][kept]), taken(after, rows[1][kept])
    return Pair(*pair, (how, *_left_out("before", one, rows[0][kept]), *_left_out("after", two, rows[1][kept])))


def taken(variant: Variant, rows: Longs) -> Variant:
    """Return a variant at some demand points only, in the order of ``rows``; deserts keep labels, conventions go."""
    assessment = variant.assessment
    verdicts = {
        key: replace(one, **{field.name: getattr(one, field.name)[rows] for field in fields(one)
                             if isinstance(getattr(one, field.name), np.ndarray)})
        for key, one in assessment.verdicts.items()
    }  # fmt: skip
    cut: Assessment = replace(
        assessment,
        verdicts=verdicts,
        deficits=assessment.deficits[rows],
        lost=assessment.lost[rows],
        desert=assessment.desert[rows],
        deep=assessment.deep[rows],
        official={},
    )
    return replace(variant, world=replace(variant.world, demand=variant.world.demand.take(rows)), assessment=cut)


def _matched(before: Variant, after: Variant) -> tuple[tuple[Longs, Longs], str]:
    """Return the rows of both that are the same points, ascending in the first, and how they were matched."""
    one, two = before.world.demand, after.world.demand
    ids, first, second = np.intersect1d(one.ids.astype(str), two.ids.astype(str), return_indices=True)
    if len(ids):
        x_m, y_m = _places(after, before.world.crs)
        gap_m = np.hypot(one.x_m[first] - x_m[second], one.y_m[first] - y_m[second])
        near = gap_m <= _near_m(one)
        if (~near).mean() <= _STRAYS:
            order = np.argsort(first[near], kind="stable")
            moved = int((~near).sum())
            told = f"points are matched by id ({int(near.sum()):,})"
            told += f"; {moved:,} of the same id stand elsewhere and are left out" if moved else ""
            return (first[near][order], second[near][order]), told
    keys = [_place_keys(*_places(variant, before.world.crs)) for variant in (before, after)]
    _, first, second = np.intersect1d(keys[0], keys[1], return_indices=True)
    order = np.argsort(first, kind="stable")
    return (first[order], second[order]), f"points are matched by place, as their ids differ ({len(first):,})"


def _places(variant: Variant, crs: str) -> tuple[Floats, Floats]:
    """Return the points of a variant in another variant's CRS."""
    demand = variant.world.demand
    if variant.world.crs == crs:
        return demand.x_m, demand.y_m
    from pyproj import Transformer  # noqa: PLC0415

    x_m, y_m = Transformer.from_crs(variant.world.crs, crs, always_xy=True).transform(demand.x_m, demand.y_m)
    return np.asarray(x_m), np.asarray(y_m)


def _place_keys(x_m: Floats, y_m: Floats) -> np.ndarray:
    """Return c128[P]: places rounded to whole metres, which compare and sort as one value."""
    return np.round(x_m / _GRID_M) + 1j * np.round(y_m / _GRID_M)


def _gap(before: Variant, after: Variant, rows: Longs, others: Longs) -> float:
    """Return the largest distance between two lists of points, 0 for none."""
    one, two = before.world.demand, after.world.demand
    if not len(rows):
        return 0.0
    return float(np.hypot(one.x_m[rows] - two.x_m[others], one.y_m[rows] - two.y_m[others]).max())


def _all(demand: Demand) -> Longs:
    return np.arange(demand.n_points)


def _near_m(demand: Demand) -> float:
    """Return how far apart two points of one id may lie."""
    return max(_SAME_PLACE_M, demand.cell_m / 2)


def _left_out(which: str, demand: Demand, rows: Longs) -> list[str]:
    """Say how many people of the study area have no partner."""
    left = demand.inside.copy()
    left[rows] = False
    people = float(demand.total[left].sum())
    if not left.any():
        return []
    return [f"{int(left.sum()):,} points with {shown_group(people)} people are only in the {which} run and left out"]
