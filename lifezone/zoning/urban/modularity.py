"""Areas with more flow inside than chance would bring: modularity by the Leiden algorithm, for comparison.

(1)  a_ij = F_ij + F_ji for i ≠ j; k_i = Σ_j a_ij; 2m = Σ_i k_i
(2)  Q = (1/2m) Σ_ij [a_ij − γ k_i k_j / 2m] · (i and j in one area)

M. E. J. Newman, "Modularity and community structure in networks", *PNAS* 103 (2006), 8577–8582; V. A. Traag, L. Waltman
and N. J. van Eck, "From Louvain to Leiden", *Scientific Reports* 9 (2019), 5233. The search is that of
graspologic-native, seeded, the best of several trials. Those who stay at home are left out of (1): Q asks who belongs
together, and large districts would else be areas alone. Q has no least size and no containment: compare, do not rest
a plan on it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Floats, Ints

__all__ = ["modularity", "modularity_areas"]

_TRIALS: Final = 20


def modularity_areas(flows: Floats, *, resolution: float = 1.0, seed: int = 1) -> Ints:
    """Return i32[D] the first district of each area; districts without ties are areas alone.

    Args:
        flows: f64[D, D] people, from row to column.
        resolution: γ of equation (2); larger = more and smaller areas.
        seed: of the search; the same seed gives the same areas.
    """
    from graspologic_native import leiden  # noqa: PLC0415

    ties = np.triu(flows + flows.T, 1)
    one, two = np.nonzero(ties)
    label = np.arange(len(flows), dtype=np.int32)
    if not len(one):
        return label
    width = len(str(len(flows)))
    names = [str(at).zfill(width) for at in range(len(flows))]
    edges = [
        (names[a], names[b], weight)
        for a, b, weight in zip(one.tolist(), two.tolist(), ties[one, two].tolist(), strict=True)
    ]
    _, found = leiden(edges, resolution=resolution, use_modularity=True, seed=seed, trials=_TRIALS)
    first: dict[int, int] = {}
    for at, name in enumerate(names):
        if name in found:
            label[at] = first.setdefault(found[name], at)
    return label


def modularity(flows: Floats, label: Ints, *, resolution: float = 1.0) -> float:
    """Return Q of equation (2); NaN where nobody crosses a border."""
    ties = flows + flows.T
    np.fill_diagonal(ties, 0.0)
    degree = ties.sum(axis=1)
    whole = degree.sum()
    if whole <= 0:
        return float("nan")
    together = label[:, None] == label[None, :]
    expected = resolution * degree[:, None] * degree[None, :] / whole
    return float(((ties - expected) * together).sum() / whole)
