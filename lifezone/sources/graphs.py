"""Contracted roads and hierarchies on disk, each under a hash of what it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

import lifezone
from lifezone import kernels, routing
from lifezone.model import Network, SearchGraph
from lifezone.routing import Hierarchy, ModeRoads, build_graph, order_nodes
from lifezone.routing.hierarchy import ARRAYS, from_arrays, to_arrays
from lifezone.sources.cache import cached, is_kept

__all__ = ["WORTH_KEEPING", "kept_graph", "kept_hierarchy", "knows_hierarchy"]

WORTH_KEEPING: Final = 20_000
"""Vertices below which contracting takes less time than opening files."""


def kept_graph(network: Network, mode: str) -> SearchGraph:
    """Return one mode's contracted graph, from disk where the same roads were contracted before."""
    if network.n_vertices < WORTH_KEEPING:
        return build_graph(network, mode)
    columns = [network.x_m, network.y_m, network.border, network.tail, network.head, network.metres]
    columns.append(network.seconds[mode])
    if mode in network.turns:
        columns += [getattr(network.turns[mode], one.name) for one in fields(network.turns[mode])]
    names = [field.name for field in fields(SearchGraph) if field.name != "mode"]

    def make() -> dict[str, np.ndarray]:
        graph = build_graph(network, mode)
        return {name: getattr(graph, name) for name in names}

    # the names of the arrays too: what an older form of the graph left behind is not taken for this one
    key = ["search graph", *_makers(), " ".join(names), mode, _hash(columns)]
    arrays: dict[str, Any] = dict(cached(key, make))
    return SearchGraph(mode=mode, **arrays)


def kept_hierarchy(roads: ModeRoads) -> Hierarchy:
    """Return the hierarchy of some roads, from disk where the same topology was ordered before, whatever its times."""
    vertex = roads.graph.vertex

    def make() -> dict[str, np.ndarray]:
        return to_arrays(order_nodes(roads.graph, roads.network.x_m[vertex], roads.network.y_m[vertex]))

    arrays: dict[str, Any] = dict(cached(_hierarchy_key(roads), make))
    return from_arrays(arrays)


def knows_hierarchy(roads: ModeRoads) -> bool:
    """Tell whether :func:`kept_hierarchy` would find it on disk."""
    return is_kept(_hierarchy_key(roads))


def _hierarchy_key(roads: ModeRoads) -> list[str]:
    """Return what names a hierarchy: where the edges lead from and to."""
    return ["hierarchy", *_makers(), " ".join(ARRAYS), _hash([roads.graph.first_out, roads.graph.head])]


@cache
def _makers() -> tuple[str, ...]:
    """Return what names the code that contracts and orders, so that what older code made is never taken for its own."""
    from lifezone.kernels.jit import sources_hash  # noqa: PLC0415  (numba loads)

    folders = [Path(package.__file__).parent for package in (kernels, routing) if package.__file__]
    return (lifezone.__version__, *map(sources_hash, folders))


def _hash(columns: Iterable[np.ndarray]) -> str:
    """Return the sha256 of some arrays."""
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column).data)
    return digest.hexdigest()
