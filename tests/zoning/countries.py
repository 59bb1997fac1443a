"""Made-up countries for tests of flows."""

from __future__ import annotations

import numpy as np


def random_flows(count, seed=1):
    """A country of ``count`` districts: flows fall with distance, most people stay."""
    rng = np.random.default_rng(seed)
    place, size = rng.random((count, 2)), rng.lognormal(8, 1, count)
    far = np.hypot(*(place[:, None] - place[None, :]).T)
    return np.round(size[:, None] * size[None, :] * np.exp(-25 * far) / size.sum() * 4)
