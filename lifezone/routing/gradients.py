"""How slopes change the speed of walking and cycling, relative to the flat.

Walking: Tobler's hiking function, v = 6 km/h · exp(−3.5 |s + 0.05|) with s the slope in the direction of travel (rise
over run); fastest at −5 %. Only its ratio to the flat is used, so that a study's own walking speed holds on the flat.
Cycling: free-flow speeds of 21.6 km/h on the flat, 1.44 km/h less for each per cent uphill and 0.86 km/h more for each
per cent downhill, as measured by Parkin and Rotheram; again only the ratio, never slower than walking the bicycle up
and never above 1.5 times the flat.

W. Tobler, *Three Presentations on Geographical Analysis and Modeling*, NCGIA 93-1, 1993; J. Parkin and J. Rotheram,
Design speeds and acceleration characteristics of bicycle traffic, *Transport Policy* 17, 2010.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Floats

__all__ = ["STEEPEST", "bicycle_share", "tobler_share"]

STEEPEST: Final = 0.5
"""Slopes are taken as no steeper: roads that are, are cliffs or tunnels in a coarse terrain model."""
TOBLER: Final = 3.5
BEST_SLOPE: Final = -0.05
FLAT_KMH: Final = 21.6
LESS_KMH: Final = 1.44
MORE_KMH: Final = 0.86
MOST: Final = 1.5
LEAST: Final = 0.1
"""Where feet may not go a bicycle creeps up at a tenth of its speed: nobody is stopped by a slope."""


def tobler_share(slope: Floats) -> Floats:
    """Return the walking speed on slopes (rise over run, in the direction of travel) as a share of that on the flat."""
    slope = np.clip(slope, -STEEPEST, STEEPEST)
    share: Floats = np.exp(-TOBLER * (np.abs(slope - BEST_SLOPE) - abs(BEST_SLOPE)))
    return share


def bicycle_share(slope: Floats, walking_share: Floats) -> Floats:
    """Return the riding speed on slopes as a share of that on the flat.

    Args:
        slope: f64[n] rise over run, in the direction of travel.
        walking_share: f64[n] walking speed on the flat as a share of the riding speed, 0 where feet may not go;
            uphill a bicycle is pushed at this share of Tobler's speed where that is quicker.
    """
    per_cent = 100.0 * np.clip(slope, -STEEPEST, STEEPEST)
    ridden = 1.0 - np.where(per_cent > 0, LESS_KMH, MORE_KMH) * per_cent / FLAT_KMH
    share: Floats = np.clip(np.maximum(ridden, walking_share * tobler_share(slope)), LEAST, MOST)
    return share
