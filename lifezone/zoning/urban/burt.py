"""How firmly one tie binds a district: dyadic network constraint.

c_ij = (p_ij + Σ_{q≠i,j} p_iq · p_qj)², the share of i's ties that runs to j, directly or through a third.

- ``external``: p_ij = (a_ij + a_ji) / Σ_{k≠i} (a_ik + a_ki), ties to others only, both directions together.
- ``total``: p_ij = F_ij / Σ_k F_ik, those who stay at home counted in what everything is shared by.

R. S. Burt, *Structural Holes*, Harvard University Press, 1992, chapter 2. ``external`` alone says nothing of how many
leave at all: a district whose few leavers all go one way looks bound, so it stands beside the share of all residents.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from lifezone.model import Floats

__all__ = ["constraint", "dyadic_constraint"]


def dyadic_constraint(flows: Floats, base: Literal["external", "total"] = "external") -> Floats:
    """Return f64[D, D] the constraint that j puts on i; 0 on the diagonal and where i has no ties.

    Args:
        flows: f64[D, D] people.
        base: what ties are shared by, see the module.
    """
    ties = flows + flows.T if base == "external" else flows.copy()
    if base == "external":
        np.fill_diagonal(ties, 0.0)
    whole = ties.sum(axis=1, keepdims=True)
    share = np.divide(ties, whole, out=np.zeros_like(ties), where=whole > 0)
    np.fill_diagonal(share, 0.0)  # q is neither i nor j
    found: Floats = np.square(share + share @ share)
    np.fill_diagonal(found, 0.0)
    return found


def constraint(flows: Floats) -> Floats:
    """Return f64[D] Burt's constraint of every district, Σ_j c_ij over those it is tied to; it can exceed 1."""
    each = dyadic_constraint(flows)
    tied = (flows + flows.T) > 0
    np.fill_diagonal(tied, val=False)
    found: Floats = np.where(tied, each, 0.0).sum(axis=1)
    return np.where(tied.any(axis=1), found, np.nan)
