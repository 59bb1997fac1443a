"""Floating catchments: how much supply there is for one person, when all who reach it share it (2SFCA and kin).

(1)  R_j = S_j / Σ_i w(t_ij) · P_i       over demand points i within the catchment of facility j
(2)  A_i = Σ_j w(t_ij) · R_j             over facilities j within reach of point i

w is a step function: the weight of the first zone that the trip lies within, 0 beyond the last. One zone of weight 1
is the two-step floating catchment area (Radke and Mu 2000, Geographic Information Sciences 6: 105–112; Luo and Wang
2003, Environment and Planning B 30: 865–884), several are its enhanced form (Luo and Qi 2009, Health & Place 15:
1100–1107) and the French APL. Supply is conserved: Σ_i P_i · A_i = Σ_j S_j over the facilities that anybody reaches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lifezone.access.shortfall import within
from lifezone.model import Floats, TravelTimes

__all__ = ["floating_catchment"]


def floating_catchment(
    pairs: TravelTimes, people: Floats, supply: Floats, zones: Sequence[tuple[float, float]]
) -> Floats:
    """Return f64[P] supply per head at every demand point, 0 where none is in reach.

    Args:
        pairs: trips within the last zone or farther; those beyond it count nothing.
        people: f64[P] people (or weighted demand) ≥ 0.
        supply: f64[F] supply of each facility of the study, ≥ 0; NaN = unknown, counts nothing.
        zones: (seconds, weight), ascending; inclusive.
    """
    point = np.repeat(np.arange(pairs.n_points), np.diff(pairs.first))
    weight = np.zeros(len(point))
    for reach_s, zone_weight in reversed(list(zones)):
        weight[within(pairs.seconds, reach_s)] = zone_weight
    n = len(supply)
    shared = np.bincount(pairs.facility, weights=weight * people[point], minlength=n)
    known = np.where(np.isnan(supply), 0.0, supply)
    ratio = np.divide(known, shared, out=np.zeros(n), where=shared > 0)
    found = np.bincount(point, weights=weight * ratio[pairs.facility], minlength=pairs.n_points)
    return np.asarray(found, np.float64)
