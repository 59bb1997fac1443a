"""Measures of access, one a file: arrays in, arrays or one number out; each states its equations and its paper.

Decided: a measure knows neither standards nor files; people weigh everything; unreachable is ``inf`` going in and None
coming out; bounds are inclusive with a relative slack of 1e-9; a quantile is the smallest time that the share of people
reaches (no interpolation between villages). Refused: a class that keeps the caller's frame, a mean that counts an
unreachable trip as a number.
"""

from lifezone.access.closure import only_here
from lifezone.access.coverage import Coverage, coverage
from lifezone.access.floating import floating_catchment
from lifezone.access.given import groups_by_air, nearest_given
from lifezone.access.nearest import NearestTrip, combine, kth_nearest, nearest
from lifezone.access.opportunities import opportunities
from lifezone.access.quantiles import sorted_quantiles, weighted_mean, weighted_quantile
from lifezone.access.served import serve
from lifezone.access.shortfall import TOLERANCE, depth, fgt, within

__all__ = [
    "TOLERANCE", "Coverage", "NearestTrip", "combine", "coverage", "depth", "fgt", "floating_catchment",
    "groups_by_air", "kth_nearest", "nearest", "nearest_given", "only_here", "opportunities", "serve",
    "sorted_quantiles", "weighted_mean", "weighted_quantile", "within",
]  # fmt: skip
