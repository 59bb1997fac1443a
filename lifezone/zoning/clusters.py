"""Groups of alike cities found from their figures, with how stable each group is.

Ward's linkage on standardised figures (Ward 1963, *Hierarchical grouping to optimize an objective function*); the
number of groups is the one with the largest mean silhouette (Rousseeuw 1987) unless it is given; stability of a group
is its mean Jaccard likeness to the most alike group in resamples of the cities (Hennig 2007, *Cluster-wise assessment
of cluster stability*): from 0.75 stable, from 0.6 a pattern, below it dissolves.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.model.cities import Clusters

__all__ = ["cluster", "silhouettes"]

_MOST: Final = 6
"""Largest number of groups that is tried."""
_ENOUGH: Final = 0.1
"""Share of the resamples that must say something of a group: nearly as many groups as cities always look stable."""


def cluster(figures: Floats, *, groups: int | None = None, samples: int = 200, seed: int = 1) -> Clusters:
    """Group cities by their figures.

    Args:
        figures: f64[N, F]; a city with an unknown figure is left out; one that is the same everywhere is not used.
        groups: number of groups; None = the one with the largest mean silhouette, 2 to 6.
        samples: resamples for the stability.
        seed: of the resamples.
    """
    known = np.flatnonzero(~np.isnan(figures).any(axis=1))
    label = np.full(len(figures), -1, np.int32)
    fit = np.full(len(figures), np.nan)
    scaled = _standardised(figures[known])
    n = len(known)
    if n < 3 or not scaled.shape[1] or len(np.unique(scaled, axis=0)) < 3:  # too few to tell apart
        label[known] = 0
        mean = figures[known].mean(axis=0, keepdims=True) if n else np.empty((0, figures.shape[1]))
        return Clusters(label, fit, np.full(len(mean), np.nan), mean, {})
    distinct = len(np.unique(scaled, axis=0))
    tried = {}
    for number in range(2, min(_MOST, distinct - 1) + 1):
        width = silhouettes(scaled, _ward(scaled, number))
        tried[number] = float(np.nan_to_num(width).mean())  # a city alone counts 0, as Rousseeuw has it
    best = min(groups, distinct) if groups is not None else max(tried, key=lambda number: (tried[number], -number))
    found = _ward(scaled, best)
    label[known], fit[known] = found, silhouettes(scaled, found)
    centre = np.array([figures[known][found == one].mean(axis=0) for one in range(found.max() + 1)])
    return Clusters(label, fit, _stability(scaled, found, best, samples, seed), centre, tried)


def _standardised(figures: Floats) -> Floats:
    """Return figures with mean 0 and deviation 1, without those that are the same everywhere."""
    spread = figures.std(axis=0) if len(figures) else np.zeros(figures.shape[1])
    use = spread > 0
    return np.asarray((figures[:, use] - figures[:, use].mean(axis=0)) / spread[use]) if len(figures) else figures


def _ward(scaled: Floats, number: int) -> Ints:
    """Return i32[N] groups, the largest first."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415

    raw = fcluster(linkage(scaled, "ward"), number, criterion="maxclust")
    names, first, size = np.unique(raw, return_index=True, return_counts=True)
    order = np.lexsort((first, -size))
    place = np.empty(len(names), np.int32)
    place[order] = np.arange(len(names))
    return np.asarray(place[np.searchsorted(names, raw)], np.int32)


def silhouettes(scaled: Floats, label: Ints) -> Floats:
    """Return f64[N] (b − a) ÷ max(a, b): a = mean distance in the own group, b = least mean distance to another's."""
    from scipy.spatial.distance import cdist  # noqa: PLC0415

    n_groups = int(label.max()) + 1
    member = (label[:, None] == np.arange(n_groups)).astype(float)
    size = member.sum(axis=0)
    total = cdist(scaled, scaled) @ member
    own = np.arange(len(label)), label
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = total[own] / (size[label] - 1)
        outside = total / size
        outside[own] = np.inf
        least = outside.min(axis=1)
        width = (least - inside) / np.maximum(inside, least)
    return np.asarray(np.where((size[label] > 1) & np.isfinite(least), width, np.nan))


def _stability(scaled: Floats, label: Ints, number: int, samples: int, seed: int) -> Floats:
    """Return f64[K] the mean of the best Jaccard likeness of each group over resamples of the cities.

    NaN where too few resamples hold more cities than groups, and some city of the group.
    """
    random = np.random.default_rng(seed)
    n, groups = len(label), int(label.max()) + 1
    total, counted = np.zeros(groups), np.zeros(groups)
    for _ in range(samples):
        drawn = np.unique(random.integers(0, n, n))
        if len(np.unique(scaled[drawn], axis=0)) <= number:
            continue
        again = _ward(scaled[drawn], number)
        both = np.zeros((groups, int(again.max()) + 1))
        np.add.at(both, (label[drawn], again), 1.0)
        either = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
        there = both.sum(axis=1) > 0
        total[there] += (both / either).max(axis=1)[there]
        counted[there] += 1
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where((counted > 0) & (counted >= _ENOUGH * samples), total / counted, np.nan))
