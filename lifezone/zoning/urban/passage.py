"""Areas of districts from which people who go where the flows go come to the same places equally soon.

(1)  P_ij = F_ij / R_i, a walk that takes each tie as often as people do; π its stationary distribution
(2)  Z = (I − P + 1π')⁻¹;  m_ij = (Z_jj − Z_ij) / π_j   mean number of steps to come to j from i for the first time
(3)  r_ij = π_j m_ij                                    in units of the mean time between two visits of the goal
(4)  Ward's linkage of the rows of r, cut at a number of areas, or where the mean silhouette is largest

J. G. Kemeny, J. L. Snell, *Finite Markov Chains*, Van Nostrand, 1960, chapter 4, for (2); J. H. Ward, *Journal of the
American Statistical Association* 58 (1963), 236–244, and P. J. Rousseeuw, "Silhouettes", *Journal of Computational and
Applied Mathematics* 20 (1987), 53–65, for (4). (3) is ours: m alone is ruled by 1/π, the size of the goal, and average
or complete linkage of ½(r + r') leaves one large area and districts alone (tried on twenty communes of Brindisi).
A walk that cannot come from everywhere to everywhere gets a small restart at home, so that (2) is defined.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Floats, Ints

__all__ = ["RESTART", "mean_passage", "passage_areas", "relative_passage", "walk"]

RESTART: Final = 0.001
"""Share of steps that start anew, anywhere in proportion to residents, where the walk is not connected."""
_MOST_AREAS: Final = 100
"""The largest number of areas that is tried when none is asked for."""


def walk(flows: Floats) -> tuple[Floats, bool]:
    """Return f64[D, D] the walk (1), and whether a restart had to be added.

    Districts that nobody leaves or stays in are left at once for anywhere, in proportion to residents.
    """
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    residents = flows.sum(axis=1)
    home = residents / residents.sum()
    steps = np.divide(flows, residents[:, None], out=np.tile(home, (len(flows), 1)), where=residents[:, None] > 0)
    parts, _ = connected_components(steps > 0, directed=True, connection="strong")
    if parts == 1:
        return steps, False
    some = np.where(home > 0, home, 1e-6)
    return (1 - RESTART) * steps + RESTART * some / some.sum(), True


def mean_passage(steps: Floats) -> tuple[Floats, Floats]:
    """Return f64[D, D] mean first passage m_ij of (2), 0 on the diagonal, and f64[D] the stationary distribution.

    Args:
        steps: f64[D, D] a walk from everywhere to everywhere; rows add up to 1.
    """
    count = len(steps)
    system = np.vstack([steps.T - np.eye(count), np.ones(count)])
    stationary = np.linalg.lstsq(system, np.append(np.zeros(count), 1.0), rcond=None)[0]
    fundamental = np.linalg.inv(np.eye(count) - steps + stationary[None, :])
    passage: Floats = (np.diagonal(fundamental)[None, :] - fundamental) / stationary[None, :]
    np.fill_diagonal(passage, 0.0)
    return passage, stationary


def relative_passage(flows: Floats) -> tuple[Floats, bool]:
    """Return f64[D, D] of equation (3), and whether a restart had to be added."""
    steps, restarted = walk(flows)
    passage, stationary = mean_passage(steps)
    return passage * stationary[None, :], restarted


def passage_areas(flows: Floats, areas: int | None = None) -> tuple[Ints, bool]:
    """Return i32[D] the first district of each area, and whether a restart had to be added.

    Args:
        flows: f64[D, D] people, from row to column; at least one.
        areas: how many; None = as many as the silhouette likes best, 2 to 100.
    """
    from scipy.cluster.hierarchy import cut_tree, linkage  # noqa: PLC0415
    from scipy.spatial.distance import pdist, squareform  # noqa: PLC0415

    count = len(flows)
    if count < 3:
        return np.arange(count, dtype=np.int32) if (areas or 1) >= count else np.zeros(count, np.int32), False
    profile, restarted = relative_passage(flows)
    apart = pdist(profile)
    tree = linkage(apart, "ward")
    if areas is not None:
        return _by_first(cut_tree(tree, [min(areas, count)])[:, 0]), restarted
    distance = squareform(apart)
    tried = range(2, min(count - 1, _MOST_AREAS) + 1)
    cuts = cut_tree(tree, list(tried))
    best = max(range(len(tried)), key=lambda at: (_silhouette(distance, cuts[:, at]), -at))
    return _by_first(cuts[:, best]), restarted


def _silhouette(distance: Floats, label: np.ndarray) -> float:
    """Return the mean silhouette; a district alone in its area counts 0."""
    used = np.unique(label)
    member = (label[:, None] == used[None, :]).astype(np.float64)
    size = member.sum(axis=0)
    rows = np.arange(len(label))
    mine = np.searchsorted(used, label)
    sums = distance @ member
    own = sums[rows, mine] / np.maximum(size[mine] - 1, 1)
    others = sums / size
    others[rows, mine] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(own, nearest)
    score = np.divide(nearest - own, widest, out=np.zeros(len(label)), where=widest > 0)
    return float(np.where(size[mine] > 1, score, 0.0).mean())


def _by_first(label: np.ndarray) -> Ints:
    """Return labels that are the position of each area's first district."""
    _, first, back = np.unique(label, return_index=True, return_inverse=True)
    found: Ints = first[back.reshape(-1)].astype(np.int32)
    return found
