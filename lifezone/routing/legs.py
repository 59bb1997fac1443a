"""Turn anchors into legs: how a point on a road meets the junctions, and where it lies on its chain."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Anchors, Bools, Floats, Ints, Legs, Network, SearchGraph
from lifezone.routing.contract import on_grid

__all__ = ["AT_END", "arriving_legs", "leaving_legs", "vertex_of"]

AT_END: Final = 1e-6
"""A point within this part of a segment's end is the vertex itself."""


def vertex_of(network: Network, anchors: Anchors) -> Ints:
    """Return i32[n] the vertex that each anchor is, −1 where it lies between two vertices or off the network."""
    vertex = np.full(len(anchors.segment), -1, dtype=np.int32)
    hung = anchors.segment >= 0
    at_tail, at_head = hung & (anchors.part <= AT_END), hung & (anchors.part >= 1 - AT_END)
    vertex[at_tail] = network.tail[anchors.segment[at_tail]]
    vertex[at_head & ~at_tail] = network.head[anchors.segment[at_head & ~at_tail]]
    return vertex


def leaving_legs(network: Network, graph: SearchGraph, anchors: Anchors) -> Legs:
    """Return the legs from each point to the ends of its chains.

    A point on a node has one leg without cost and lies on no chain; any other has one leg for each chain of its segment
    that is open (one on a one-way street, two on a two-way one); a point off the network has none.
    """
    return _legs(network, graph, anchors, leaving=True)


def arriving_legs(network: Network, graph: SearchGraph, anchors: Anchors) -> Legs:
    """Return the legs from the starts of each point's chains to the point; see :func:`leaving_legs`."""
    return _legs(network, graph, anchors, leaving=False)


def _legs(network: Network, graph: SearchGraph, anchors: Anchors, *, leaving: bool) -> Legs:
    """Return leaving or arriving legs."""
    n = len(anchors.segment)
    legs = Legs(
        node=np.full((n, 2), -1, np.int32), seconds=np.full((n, 2), np.inf), metres=np.full((n, 2), np.inf),
        chain=np.full((n, 2), -1, np.int32), chain_seconds=np.full((n, 2), np.inf),
        chain_metres=np.full((n, 2), np.inf),
    )  # fmt: skip
    vertex = vertex_of(network, anchors)
    node = np.full(n, -1, dtype=np.int32)
    node[vertex >= 0] = (graph.node if leaving else graph.arrive)[vertex[vertex >= 0]]
    on_node = node >= 0
    legs.node[on_node, 0] = node[on_node]
    legs.seconds[on_node, 0] = 0.0
    legs.metres[on_node, 0] = 0.0
    along = np.where(anchors.part <= AT_END, 0.0, np.where(anchors.part >= 1 - AT_END, 1.0, anchors.part))
    for direction in (0, 1):
        part = along if direction == 0 else 1.0 - along
        _fill(legs, direction, graph, network, anchors.segment, part, ~on_node, leaving=leaving)
    return legs


def _fill(
    legs: Legs, direction: int, graph: SearchGraph, network: Network, segment: Ints, part: Floats, wanted: Bools,
    *, leaving: bool,
) -> None:  # fmt: skip
    """Write column ``direction`` of the legs that are being made: the way along each segment in that direction."""
    row = np.flatnonzero(wanted & (segment >= 0))
    arc = 2 * segment[row].astype(np.int64) + direction
    is_open = graph.arc_chain[arc] >= 0
    row, arc = row[is_open], arc[is_open]
    chain = graph.arc_chain[arc]
    seconds = graph.arc_seconds[arc] + _share_of(part[row], on_grid(network.seconds[graph.mode][arc]))
    metres = graph.arc_metres[arc] + _share_of(part[row], on_grid(network.metres[arc // 2]))
    legs.chain[row, direction] = chain
    legs.chain_seconds[row, direction] = seconds
    legs.chain_metres[row, direction] = metres
    legs.node[row, direction] = graph.chain_to[chain] if leaving else graph.chain_from[chain]
    legs.seconds[row, direction] = graph.chain_seconds[chain] - seconds if leaving else seconds
    legs.metres[row, direction] = graph.chain_metres[chain] - metres if leaving else metres


def _share_of(part: Floats, whole: Floats) -> Floats:
    """Return ``part`` of ``whole`` on the fixed grid, so that what is left of the whole is exact."""
    return on_grid(part * whole)
