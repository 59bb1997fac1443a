"""How flows change between years: districts that hold more of their own, pairs that grow together or apart."""

from __future__ import annotations

from itertools import pairwise

from lifezone.model.flows import FlowMap
from lifezone.model.urban import FlowChange
from lifezone.zoning.urban.containment import containment

__all__ = ["changes_of"]


def changes_of(known: FlowMap) -> tuple[FlowChange, ...]:
    """Return the change of every purpose from each of its years to the next."""
    found = []
    for purpose in known.purposes:
        years = known.years((purpose,))
        for before, after in pairwise(years):
            one, two = known.matrix((purpose,), before), known.matrix((purpose,), after)
            modelled = bool(known.modelled((purpose,), before) or known.modelled((purpose,), after))
            found.append(FlowChange(purpose, before, after, one, two, containment(one), containment(two), modelled))
    return tuple(found)
