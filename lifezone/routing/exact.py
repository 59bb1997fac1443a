"""Nearest trips by sweeps over a hierarchy, exact to the last bit of :func:`lifezone.routing.nearest`.

A sweep gives every node's least cost in whole numbers, a trace the true cost of a trip of that cost, and one more
pass over the edges mends what rounding has hidden (:mod:`lifezone.kernels.mend`). Ties fall as in the search, since
both end where no edge improves a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lifezone.kernels.records import LABEL, Edges, Records
from lifezone.model import TravelTimes
from lifezone.routing.roads import Attached
from lifezone.routing.sides import Direction, hooks_of, on_chain_of, seeds_of
from lifezone.routing.sweeps import LANES, Rooms, Seeds, filled
from lifezone.routing.swept import Prepared, Supply
from lifezone.routing.threads import map_threads
from lifezone.routing.times import nearest_from_labels

if TYPE_CHECKING:
    from lifezone.kernels.trace import Tight

__all__ = ["nearest_by_sweeps"]


def nearest_by_sweeps(
    prepared: Prepared, demand: Attached, kinds: Sequence[Supply], *, direction: Direction = "to_facility",
    threads: int = 1,
) -> list[TravelTimes]:  # fmt: skip
    """Find the nearest facility of every kind for every point, as :func:`lifezone.routing.nearest` would.

    Args:
        prepared: the roads.
        demand: P points attached to them.
        kinds: the facilities of each kind.
        direction: ``from_facility`` for trips that start at the facility.
        threads: blocks of kinds are swept, then kinds mended, by so many threads; same answer for any number.
    """
    width = LANES["u32"]
    blocks = [kinds[begin : begin + width] for begin in range(0, len(kinds), width)]
    return [times for block in blocks for times in _block(prepared, demand, block, direction, threads)]


def _block(
    prepared: Prepared, demand: Attached, kinds: Sequence[Supply], direction: Direction, threads: int
) -> list[TravelTimes]:
    """Sweep once for as many kinds as there are lanes, then follow and mend each."""
    from lifezone.kernels.sweep import gather  # noqa: PLC0415

    roads, metric, asked = prepared.roads, prepared.metric, prepared.asked(direction)
    seeds = [seeds_of(supply, metric, direction) for supply, _ in kinds]
    whole = [prepared.whole(seed["cost"]) for seed in seeds]
    starts = Seeds.of([(seed["node"], cost, seed["owner"]) for seed, cost in zip(seeds, whole, strict=True)])
    known = np.empty((len(kinds), roads.graph.n_nodes), np.uint32)
    with filled(starts, asked, "u32", LANES["u32"], Rooms()) as field:
        gather(field, asked.row, known)
    tight = prepared.tight(direction)
    edges = roads.edges(metric, reverse=direction == "to_facility")  # made once, before threads ask for them

    def mended(at: int) -> TravelTimes:
        label = _labels(tight, edges, seeds[at], whole[at], known[at])
        on_chain = on_chain_of(kinds[at][0], metric)
        hooks = hooks_of(demand, metric, direction, on_chain)
        return nearest_from_labels(roads, demand, *kinds[at], metric, label, hooks, on_chain)

    return map_threads(mended, range(len(kinds)), threads)


def _labels(tight: Tight, edges: Edges, seed: Records, whole: np.ndarray, known: np.ndarray) -> Records:
    """Return LABEL[N]: the exact nearest facility of every node."""
    from lifezone.kernels.mend import mend_labels  # noqa: PLC0415
    from lifezone.kernels.queue import clear_labels  # noqa: PLC0415
    from lifezone.kernels.trace import Started, Traces, link_seeds, trace  # noqa: PLC0415

    n, n_edges = len(known), len(edges.edge)
    started = Started(seed, whole, np.full(n, -1, np.int32), np.empty(len(seed), np.int32))
    link_seeds(started)
    label = np.empty(n, LABEL)
    clear_labels(label)
    room = Traces(label, np.zeros(n, np.uint8), np.empty(n, np.int32), np.empty(n_edges + n + 1, np.int32))
    trace(tight, started, known, np.arange(n, dtype=np.int32), room)
    mend_labels(edges, seed, label)
    return label
