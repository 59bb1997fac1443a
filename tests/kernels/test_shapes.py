"""Contraction and anchoring kernels against their slow twins."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.kernels.anchor import fill_cells, find_nearest
from lifezone.kernels.contract import NODE, SWALLOWED, UNUSED, mark_nodes, sum_along, trace_chains
from lifezone.kernels.records import Grid, Lines
from tests import naive


def random_arcs(seed, n=14, n_segments=16):
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(0, n, (2, n_segments)).astype(np.int32)
    return n, tail, head, rng.random(2 * n_segments) < 0.75


@pytest.mark.parametrize("seed", range(30))
def test_contraction__swallows_what_its_twin_swallows(seed):
    n, tail, head, is_open = random_arcs(seed)
    arcs = [(s, *((tail[s], head[s]) if d == 0 else (head[s], tail[s]))) for s in range(len(tail)) for d in (0, 1)
            if is_open[2 * s + d]]  # fmt: skip
    state, beside = mark_nodes(tail, head, is_open, np.zeros(n, np.bool_))
    chain_arc, first, start, end, arc_chain = trace_chains(tail, head, is_open, state, beside)
    used = {v for _, a, b in arcs for v in (a, b)}
    gone = naive.swallowed(n, arcs)
    assert state.tolist() == [UNUSED if v not in used else SWALLOWED if v in gone else NODE for v in range(n)]
    assert sorted(chain_arc.tolist()) == np.flatnonzero(is_open).tolist()
    assert (state[start] == NODE).all()
    assert (state[end] == NODE).all()
    for chain in range(len(start)):
        assert (arc_chain[chain_arc[first[chain] : first[chain + 1]]] == chain).all()


def test_sum_along__sums_each_chain_from_its_start():
    offset, whole = sum_along(np.array([1.0, 2.0, 4.0, 8.0]), np.array([2, 0, 3], np.int32), np.array([0, 2, 3]))
    assert whole.tolist() == [5.0, 8.0]
    assert offset.tolist() == [4.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limit", [15.0, 1e9])
def test_find_nearest__equals_its_twin(seed, limit):
    rng = np.random.default_rng(seed)
    ends = rng.uniform(0, 100, (4, 12))
    ends[2:, :3] = ends[:2, :3]  # lines without length
    ends[3, 3:6] = ends[1, 3:6]  # level lines
    x, y = rng.uniform(-60, 160, (2, 25))
    x[:4], y[:4] = ends[0, :4], ends[1, :4]  # on an end: distance 0
    lines = Lines(*ends)
    columns = rows = int(rng.integers(1, 9))
    grid = Grid(
        0.0, 0.0, 100 / columns + 1e-9, columns, rows, np.zeros(columns * rows + 2, np.int64), np.empty(0, np.int32)
    )
    fill_cells(lines, grid, True)
    np.cumsum(grid.first, out=grid.first)
    grid = grid._replace(line=np.empty(grid.first[-1], np.int32))
    fill_cells(lines, grid, False)
    line, part, gap = find_nearest(lines, grid, x, y, limit)
    wanted = [naive.nearest_line(list(zip(*ends, strict=True)), *place, limit) for place in zip(x, y, strict=True)]
    assert line.tolist() == [w[0] for w in wanted]
    np.testing.assert_allclose(part, [w[1] for w in wanted], atol=1e-9)
    np.testing.assert_allclose(gap, [w[2] for w in wanted], atol=1e-9)
