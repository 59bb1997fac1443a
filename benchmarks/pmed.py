"""The OR-Library's p-median instances (Beasley 1985) and their known optima."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from lifezone.siting import FREE, Pairs, Problem

__all__ = ["CENTERS", "MEDIANS", "pmed"]

MEDIANS: Final = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255,
                  7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789)  # fmt: skip
CENTERS: Final = (127, 98, 93, 74, 48, 84, 64, 55, 37, 20, 59, 51, 36, 26, 18, 47, 39, 28, 18, 13)


def pmed(folder: Path, number: int) -> Problem:
    """Read an instance: every node is a demand point of one person and a candidate; costs are shortest paths."""
    from scipy.sparse.csgraph import floyd_warshall  # noqa: PLC0415

    lines = (folder / f"pmed{number}.txt").read_text(encoding="ascii").split("\n")
    rows = [tuple(map(int, line.split())) for line in lines if line.strip()]
    n, _, p = rows[0]
    length = np.full((n, n), np.inf)
    for a, b, metres in rows[1:]:  # of a repeated edge the last one counts
        length[a - 1, b - 1] = length[b - 1, a - 1] = metres
    np.fill_diagonal(length, 0)
    row, site = np.indices((n, n)).reshape(2, -1).astype(np.int32)
    pairs = Pairs.of(row, site, floyd_warshall(length).ravel(), n, n)
    return Problem(pairs, np.ones(n), np.zeros(n, np.bool_), np.full(n, FREE, np.int8), choose=p)
