"""The random road networks that timings run on."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from benchmarks.graphs import road_like


def test_road_like__is_one_strong_part_of_the_wanted_shape() -> None:
    network = road_like(5000, 1)
    seconds = network.seconds["car"].reshape(-1, 2)
    ahead, back = np.isfinite(seconds).T
    ends = np.r_[network.tail[ahead], network.head[back]], np.r_[network.head[ahead], network.tail[back]]
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(network.n_vertices,) * 2)
    assert connected_components(graph, connection="strong")[0] == 1
    assert 4000 < network.n_vertices <= 5000
    assert 2.3 < len(ends[0]) / network.n_vertices < 2.6
    one_way = (ahead ^ back).mean()
    assert 0.04 < one_way < 0.09
    assert len(set(network.way.tolist())) >= 3


def test_road_like__same_seed_same_arrays() -> None:
    one, again, other = road_like(2000, 3), road_like(2000, 3), road_like(2000, 4)
    assert np.array_equal(one.x_m, again.x_m)
    assert np.array_equal(one.tail, again.tail)
    assert one.n_segments != other.n_segments or not np.array_equal(one.metres, other.metres)
