"""How much of a district's or area's daily life stays inside it, and what crosses its border.

Flows F f64[D, D]: F[i, j] people who live in i and go to j; those who stay stand on the diagonal. R = Σ_j F[i, j]
residents who go anywhere, W = Σ_i F[i, j] people who come, their own included.

(1)  supply_side = F_ii / R_i           residents who find what they go to at home
(2)  demand_side = F_ii / W_i           places filled by their own residents
(3)  self_containment = min of both     Coombes and Bond, *Travel-to-Work Areas: the 2007 review*, ONS, 2008
(4)  catchment_share = Σ_{i≠j} F_ij ÷ Σ_{i≠k} F_ik     share of all who cross a border that come to j
(5)  in_out = Σ_{i≠j} F_ij ÷ Σ_{k≠j} F_jk              those who come for each one who leaves
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.model.urban import Containment

__all__ = ["containment", "gathered"]


def containment(flows: Floats) -> Containment:
    """Measure every district or area.

    Args:
        flows: f64[n, n] people, from row to column.
    """
    residents, workers, inside = flows.sum(axis=1), flows.sum(axis=0), np.diagonal(flows).copy()
    supply, demand = _ratio(inside, residents), _ratio(inside, workers)
    arrivals, leavers = workers - inside, residents - inside
    crossing = np.full(len(flows), arrivals.sum())
    return Containment(
        residents, workers, inside, supply, demand, np.minimum(supply, demand), _ratio(arrivals, crossing),
        _ratio(arrivals, leavers),
    )  # fmt: skip


def gathered(flows: Floats, label: Ints) -> tuple[Ints, Floats]:
    """Return the labels in use, i32[n] ascending, and f64[n, n] the flows between the areas they stand for.

    Districts without an area (−1) are areas of their own under −2 − position, so that everybody is counted.

    Args:
        flows: f64[D, D].
        label: i32[D], −1 = none.
    """
    whole = np.where(label < 0, -2 - np.arange(len(label)), label)
    used, back = np.unique(whole, return_inverse=True)
    member = (back.reshape(-1)[:, None] == np.arange(len(used))[None, :]).astype(np.float64)
    return used.astype(np.int32), member.T @ flows @ member


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part ÷ whole, NaN where there is no whole."""
    found: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return found
