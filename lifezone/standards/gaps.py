"""Who has lost what, by district and group: gap, desert, deep, and every function by itself (D1)."""

from __future__ import annotations

from lifezone.model import TOTAL, Bools, Variant
from lifezone.standards.deserts import gap
from lifezone.standards.rows import GapRow
from lifezone.standards.summary import areas

__all__ = ["gaps"]


def gaps(variant: Variant) -> list[GapRow]:
    """Return the rows of ``gaps.csv`` for one variant; none where the standard has no desert test.

    A group is told for all of its people, also where a function is lost only to others who live beside them: the loss
    is that of the place.
    """
    assessment, demand = variant.assessment, variant.world.demand
    test = assessment.standard.desert
    if test is None:
        return []
    told: dict[str, Bools] = {"gap": gap(assessment.lost), "desert": assessment.desert >= 0, "deep": assessment.deep}
    told |= {f"lost_{function}": assessment.lost[:, at] for at, function in enumerate(test.functions)}
    groups = (TOTAL, *(group for group in demand.groups if group != TOTAL))
    rows = []
    for area in areas(variant.world):
        for group in groups:
            people = demand.of(group)[area.rows]
            everybody = float(people.sum())
            for what, where in told.items():
                concerned = float(people[where[area.rows]].sum())
                share = concerned / everybody if everybody > 0 else None
                rows.append(GapRow(variant.name, area.id, group, what, everybody, concerned, share))
    return rows
