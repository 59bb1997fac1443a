"""Cutting segments: one becomes several, with vertices between; times and lengths are shared out by length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lifezone.model import Longs, Network

__all__ = ["cut_segments"]


def cut_segments(network: Network, cuts: Mapping[int, Sequence[float] | np.ndarray]) -> tuple[Network, Longs]:
    """Cut segments at parts of their length.

    The first piece of a cut segment keeps its position; the others follow behind all segments, in the order of
    ``cuts``. New vertices follow behind all vertices in the same order.

    Args:
        network: the roads; they are not changed.
        cuts: segment → parts (above 0, below 1, ascending) at which it is cut; at least one each.

    Returns:
        The network, and i64[S'] the segment that each segment of it is a piece of.
    """
    if not cuts:
        return network, np.arange(network.n_segments, dtype=np.int64)
    n_cuts = [len(parts) for parts in cuts.values()]
    row = np.array(list(cuts), dtype=np.int64)
    owner = np.repeat(row, n_cuts)
    at = np.concatenate([np.asarray(parts, dtype=np.float64) for parts in cuts.values()])
    last = np.zeros(len(at), np.bool_)
    last[np.cumsum(n_cuts) - 1] = True
    until = np.where(last, 1.0, np.append(at[1:], 1.0))
    first_at = at[np.cumsum(n_cuts) - n_cuts]
    vertex = network.n_vertices + np.arange(len(at))
    tail, head = network.tail, network.head
    x_m, y_m = (values[tail[owner]] * (1 - at) + values[head[owner]] * at for values in (network.x_m, network.y_m))
    new_head = np.where(last, head[owner], np.append(vertex[1:], 0))
    heads = head.copy()
    heads[row] = vertex[np.cumsum(n_cuts) - n_cuts]
    metres = np.append(network.metres, network.metres[owner] * (until - at))
    metres[row] = network.metres[row] * first_at
    seconds = {mode: _shared_out(arcs, row, first_at, owner, until - at) for mode, arcs in network.seconds.items()}
    boarding, beyond, ends = network.boarding_s, network.beyond, network.n_segments + np.cumsum(n_cuts) - 1
    cut = replace(
        network,
        x_m=np.append(network.x_m, x_m),
        y_m=np.append(network.y_m, y_m),
        border=np.append(network.border, np.zeros(len(at), np.bool_)),
        tail=np.append(tail, vertex.astype(np.int32)).astype(np.int32),
        head=np.append(heads, new_head).astype(np.int32),
        metres=metres,
        seconds=seconds,
        way=np.append(network.way, network.way[owner]),
        name=np.append(network.name, network.name[owner]),
        beyond=None if beyond is None else np.append(beyond, beyond[tail[owner]] & beyond[head[owner]]),
        boarding_s=None if boarding is None else _shared_out(boarding, row, first_at, owner, until - at),
        turns={mode: turns.after_cuts(row, ends) for mode, turns in network.turns.items()},
    )
    return cut, np.append(np.arange(network.n_segments, dtype=np.int64), owner)


def _shared_out(arcs: np.ndarray, row: Longs, first: np.ndarray, owner: Longs, part: np.ndarray) -> np.ndarray:
    """Return the arcs' seconds after cutting: the first pieces in place, the others appended."""
    both = arcs.reshape(-1, 2)
    whole = np.concatenate([both, both[owner] * part[:, None]])
    whole[row] = both[row] * first[:, None]
    return whole.ravel()
