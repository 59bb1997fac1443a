"""Fill places by nearness: pairs in the order in which they are worked off."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["fill_places"]

Float64s = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]


@kernel
def fill_places(point: Int32s, facility: Int32s, seekers: Float64s, places: Float64s, served: Float64s) -> None:
    """Give every pair, in order, as many places as are asked for and left.

    Args:
        point: i32[K] demand point of each pair, nearest pairs first.
        facility: i32[K] facility of each pair.
        seekers: f64[P] people who still ask for a place; counted down.
        places: f64[F] people who still find one, ``inf`` = unknown; counted down.
        served: f64[P] people who found a place; counted up.
    """
    for pair in range(len(point)):
        p, f = point[pair], facility[pair]
        if seekers[p] > 0.0 and places[f] > 0.0:
            taken = min(seekers[p], places[f])
            seekers[p] -= taken
            places[f] -= taken
            served[p] += taken
