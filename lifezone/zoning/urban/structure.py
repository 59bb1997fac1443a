"""What an urban area is like inside: one centre or several, one-way or a network.

Among the n districts of an area, flows between them F, i ≠ j:

(1)  slope: ln(places W) on ln(rank − ½) over the area's districts, steeper than −1 = sizes fall faster than Zipf's rule
     (rank − ½: X. Gabaix and R. Ibragimov, *Journal of Business & Economic Statistics* 29, 2011, 24–39)
(2)  evenness = −Σ p ln p / ln(n (n − 1)), p = F_ij / Σ F: 1 = every tie alike, 0 = one tie holds everything
     (N. Limtanakool, T. Schwanen and M. Dijst, *Regional Studies* 43, 2009, 179–198, entropy index)
(3)  reciprocity = Σ_ij min(F_ij, F_ji) / Σ F: 1 = as many go as come, 0 = one way only
(4)  to_centre = Σ_i F_ic / Σ F, c the district with the most places

By size an area is *monocentric* when the slope is at or below its cut (default −1), else *polycentric*. By flows it is
a *network city* when both evenness and reciprocity reach their cuts (.7 and .5), *centre–periphery* when neither does,
else *mixed*; two districts are a *pair*, whose one tie says nothing of a network. The cuts are ours, can be set, and
stand with every result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats
from lifezone.model.urban import ByFlows, BySize, Structure

__all__ = ["Cuts", "structure"]


@dataclass(frozen=True)
class Cuts:
    """Where classes begin: largest slope of one centre, least evenness and reciprocity of a network."""

    slope: float = -1.0
    evenness: float = 0.7
    reciprocity: float = 0.5


def structure(flows: Floats, places: Floats, cuts: Cuts | None = None) -> Structure:
    """Measure an area.

    Args:
        flows: f64[n, n] between its districts; the diagonal is not looked at.
        places: f64[n] W of each district, from wherever people come.
        cuts: where classes begin; None = the defaults.
    """
    cuts = cuts or Cuts()
    between = flows.copy()
    np.fill_diagonal(between, 0.0)
    total = float(between.sum())
    slope = _rank_size_slope(places)
    by_size: BySize = "single" if len(flows) < 2 else "monocentric" if slope <= cuts.slope else "polycentric"
    if len(flows) < 2 or total <= 0:
        nothing = float("nan")
        return Structure(slope, nothing, nothing, nothing, by_size, _few(len(flows)) or "mixed")
    share = between[between > 0] / total
    evenness = max(0.0, float(-(share * np.log(share)).sum() / np.log(len(flows) * (len(flows) - 1))))
    reciprocity = float(np.minimum(between, between.T).sum() / total)
    to_centre = float(between[:, int(places.argmax())].sum() / total)
    met = (evenness >= cuts.evenness) + (reciprocity >= cuts.reciprocity)
    kinds: tuple[ByFlows, ...] = ("centre_periphery", "mixed", "network")
    return Structure(slope, evenness, reciprocity, to_centre, by_size, _few(len(flows)) or kinds[met])


def _few(count: int) -> ByFlows | None:
    """Return the class of an area that has too few districts for one by flows."""
    return "single" if count < 2 else "pair" if count == 2 else None


def _rank_size_slope(sizes: Floats) -> float:
    """Return the least-squares slope of equation (1); NaN below two sizes above zero."""
    known = np.sort(sizes[sizes > 0])[::-1]
    if len(known) < 2:
        return float("nan")
    rank = np.log(np.arange(1, len(known) + 1) - 0.5)
    return float(np.polyfit(rank, np.log(known), 1)[0])
