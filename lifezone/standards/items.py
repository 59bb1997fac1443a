"""Items of a standard that tables tell of: the share of ri, eup and myeon, or districts that have something."""

from __future__ import annotations

import numpy as np

from lifezone.model import Item, Standard, Statistic, World
from lifezone.standards.rows import ItemRow
from lifezone.standards.summary import Area, areas

__all__ = ["items"]

_SLACK = 1e-9


def items(world: World, standard: Standard) -> list[ItemRow]:
    """Return the rows of ``items.csv``: by district, then item; an item without a table is told once, as not assessed.

    For ``has`` the share is units that have it ÷ units known (each unit counts once, as evaluations count ri); for
    figures that are shares already it is their mean, weighted where the table gives weights.
    """
    known = {one.name: one for one in world.statistics}
    return [
        _row(area, item, known.get(item.statistic))
        for area in areas(world)
        for item in standard.items
        if item.statistic in known or area.district < 0  # what no table tells is said once
    ]


def _row(area: Area, item: Item, statistic: Statistic | None) -> ItemRow:
    """Tell one item in one area."""
    if statistic is None:
        note = f"not assessed: no statistics give {item.statistic!r}"
        return ItemRow(area.id, item.id, item.unit, 0, 0, None, None, item.target, None, item.source, note)
    here = statistic.district >= 0 if area.district < 0 else statistic.district == area.district
    value, weight = statistic.value[here], statistic.weight[here]
    told = ~np.isnan(value)
    note = "" if statistic.unit == item.unit else f"the table is of {statistic.unit}, the item of {item.unit}"
    if not told.any():
        note = "; ".join(part for part in (note, "no figure here") if part)
        return ItemRow(area.id, item.id, item.unit, len(value), 0, None, None, item.target, None, item.source, note)
    if item.reads == "has":
        have = int((value[told] >= item.least).sum())
        share = have / int(told.sum())
    else:
        have = None
        total = float(weight[told].sum())
        mean = float((value[told] * weight[told]).sum() / total) if total > 0 else float(value[told].mean())
        share = mean / 100.0 if item.reads == "percent" else mean
    met = share >= item.target * (1 - _SLACK)
    return ItemRow(
        area.id, item.id, item.unit, len(value), int(told.sum()), have, share, item.target, met, item.source, note
    )
