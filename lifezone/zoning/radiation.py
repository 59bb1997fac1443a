"""Flows modelled by radiation: people take the nearest of the places that are good enough. No parameter is fitted.

(1)  T_ij = T_i · m_i n_j / [(m_i + s_ij)(m_i + n_j + s_ij)] ÷ (1 − m_i / N)
     T_i who leave i, m_i what i has to offer (people, jobs), s_ij what lies nearer to i than j does, without i and j

F. Simini, M. C. González, A. Maritan and A.-L. Barabási, "A universal model for mobility and migration patterns",
*Nature* 484 (2012), 96–100; the last factor, N all there is, from A. P. Masucci et al., *Physical Review E* 88 (2013),
022812: it makes the rows of a finite country add up to T_i. Those who stay are not modelled: the diagonal is 0 unless
``stay`` says how many.
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats

__all__ = ["radiation"]


def radiation(leaving: Floats, offer: Floats, cost: Floats, stay: Floats | None = None) -> Floats:
    """Return f64[D, D] flows of equation (1).

    Args:
        leaving: f64[D] people who leave for another district.
        offer: f64[D] what districts offer: people or jobs.
        cost: f64[D, D] distance or time; districts equally near are one destination, shared by what they offer.
            Infinite = never gone to.
        stay: f64[D] people who stay, for the diagonal; None = 0.
    """
    count = len(leaving)
    total = offer.sum()
    flows = np.zeros((count, count))
    for i in range(count):
        ordered = np.argsort(cost[i], kind="stable")
        ordered = ordered[(ordered != i) & np.isfinite(cost[i, ordered])]
        if not len(ordered) or offer[i] <= 0 or offer[i] >= total:
            continue
        reached, far = offer[ordered], cost[i, ordered]
        upto = np.concatenate([[0.0], np.cumsum(reached)])
        nearer = upto[np.searchsorted(far, far, side="left")]
        until = upto[np.searchsorted(far, far, side="right")]  # with all that is equally near
        chance = offer[i] * reached / ((offer[i] + nearer) * (offer[i] + until))
        flows[i, ordered] = leaving[i] * chance / (1 - offer[i] / total)
    if stay is not None:
        np.fill_diagonal(flows, stay)
    return flows
