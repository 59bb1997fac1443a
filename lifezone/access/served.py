"""Who finds a place: served, in reach but full, out of reach (D8).

(1)  pairs of point and facility within the bound are worked off from the nearest to the farthest; ties go to the lower
     demand position, then to the lower facility position
(2)  each pair takes min(people who still ask, places still left)
(3)  in reach but full = people of points with a facility in reach − served;  out of reach = all others

Nearest first is the one stable assignment (Gale and Shapley 1962, American Mathematical Monthly 69: 9–15): facilities
and people agree on nearness, nobody served could change places with somebody nearer. One place more never takes a place
from anybody (Crawford 1991, Journal of Economic Theory 54: 404–411). It is not the assignment that serves most people:
that one sends some of them farther so that others find a place at all.
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Bools, Floats, TravelTimes

__all__ = ["serve"]


def serve(pairs: TravelTimes, seekers: Floats, places: Floats) -> tuple[Floats, Bools]:
    """Assign people to places by nearness.

    Args:
        pairs: trips within the bound.
        seekers: f64[P] people who ask for a place, ≥ 0.
        places: f64[F] people whom each facility of the study can serve, ``inf`` = unknown.

    Returns:
        f64[P] people served, equations (1) and (2), and bool[P] points with a facility in reach.
    """
    from lifezone.kernels.serve import fill_places  # noqa: PLC0415  (numba loads when places are counted)

    point = np.repeat(np.arange(pairs.n_points, dtype=np.int32), np.diff(pairs.first))
    value = pairs.seconds if pairs.metric == "time" else pairs.metres
    order = np.lexsort((pairs.facility, point, value))
    served = np.zeros(pairs.n_points)
    facility = np.ascontiguousarray(pairs.facility[order], np.int32)
    fill_places(point[order], facility, np.array(seekers, np.float64), np.array(places, np.float64), served)
    return served, np.diff(pairs.first) > 0
