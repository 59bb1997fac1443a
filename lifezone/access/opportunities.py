"""Cumulative opportunities: how much is within reach.

(1)  A_p = Σ_f O_f · [t_pf ≤ reach], the reach inclusive

Reference: Wachs, Kumagai (1973), Socio-Economic Planning Sciences 7: 437–456.
"""

from __future__ import annotations

import numpy as np

from lifezone.access.shortfall import within
from lifezone.model import Floats, TravelTimes

__all__ = ["opportunities"]


def opportunities(times: TravelTimes, amount: Floats, reach: float) -> Floats:
    """Return f64[P] the sum (1) at every demand point; 0 where nothing is within reach.

    Args:
        times: trips of P demand points.
        amount: f64[F] O of each facility of the study: places, beds, jobs; NaN counts as 0.
        reach: seconds for travel times by ``time``, metres by ``length``.
    """
    value = times.seconds if times.metric == "time" else times.metres
    point = np.repeat(np.arange(times.n_points), np.diff(times.first))
    near = within(value, reach)
    sums: Floats = np.bincount(
        point[near], weights=np.nan_to_num(amount[times.facility[near]]), minlength=times.n_points
    ).astype(np.float64)
    return sums
