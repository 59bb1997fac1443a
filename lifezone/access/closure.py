"""Whom the closure of one facility would push beyond the bound: the only one they have within it.

(1)  only_here_j = Σ people of points whose nearest facility j lies within the bound and whose second nearest does not

Only one facility closes at a time: two that stand side by side each have nobody who depends on them alone.
"""

from __future__ import annotations

import numpy as np

from lifezone.access.nearest import kth_nearest
from lifezone.access.shortfall import within
from lifezone.model import Floats, TravelTimes

__all__ = ["only_here"]


def only_here(times: TravelTimes, people: Floats, bound: float, n_facilities: int) -> Floats:
    """Return f64[F] people who would be beyond the bound without the facility, equation (1).

    Args:
        times: the two nearest facilities of every point.
        people: f64[P] people ≥ 0.
        bound: seconds or metres, as the rows' metric; inclusive.
        n_facilities: number of facilities of the study.
    """
    first, second = kth_nearest(times, 1), kth_nearest(times, 2)
    value = [trip.seconds if times.metric == "time" else trip.metres for trip in (first, second)]
    alone = within(value[0], bound) & ~within(value[1], bound) & (first.facility >= 0)
    found = np.bincount(first.facility[alone], weights=people[alone], minlength=n_facilities)
    return np.asarray(found, np.float64)
