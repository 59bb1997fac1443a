"""The stages before a search: loading, contraction, anchoring; and the first call of every kernel."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.measure import timed
from benchmarks.networks import andorra
from lifezone.model import Access, Floats, Network
from lifezone.routing import ModeRoads, build_graph, nearest, nearest_field

__all__ = ["ACCESS", "beside_roads", "compile_kernels", "load_andorra", "prepare"]

ACCESS: Final = Access(limit_m=1000.0, speed_mps=3 / 3.6)
"""No terminal time, so that times are what a shortest-path library gives."""
TRIES: Final = 3
WARM_NODES: Final = 1000
OFF_ROAD_M: Final = 40.0
"""Spread of people around the roads, standard deviation in each direction."""


def compile_kernels() -> dict[str, float]:
    """Ask everything once of a small network, and once more; the difference is compiling."""
    from benchmarks.graphs import road_like  # noqa: PLC0415

    network = road_like(WARM_NODES, 1)
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        for mode in network.modes:
            roads = ModeRoads.build(network, mode, ACCESS)
            points = roads.attach(*beside_roads(network, 1))
            supply = points.take(np.arange(5))
            nearest(roads, points, supply, np.arange(5, dtype=np.int32))
            nearest_field(roads, supply)
        seconds.append(time.perf_counter() - started)
    return {"first_s": round(seconds[0], 3), "again_s": round(seconds[1], 3)}


def beside_roads(network: Network, seed: int) -> tuple[Floats, Floats]:
    """Return a place beside every vertex, x and y in metres: as many people's places as the network has vertices."""
    rng = np.random.default_rng(seed)
    shift = rng.normal(size=(2, network.n_vertices)) * OFF_ROAD_M
    return network.x_m + shift[0], network.y_m + shift[1]


def load_andorra(path: Path) -> tuple[Network, dict[str, Any]]:
    """Read Andorra with an empty cache, then from the cache."""
    first, _ = timed(lambda: andorra(path))
    again, network = timed(lambda: andorra(path), TRIES)
    return network, {"read from file": first.plain(), "open from cache": again.plain()}


def prepare(network: Network, mode: str) -> tuple[ModeRoads, dict[str, Any]]:
    """Contract one mode, search it for the first time (which lays its edges out), and hang a point for every vertex."""
    x_m, y_m = beside_roads(network, 2)
    contract, graph = timed(lambda: build_graph(network, mode), TRIES)
    roads = ModeRoads(network, graph, ACCESS)
    supply = roads.attach(x_m[:1], y_m[:1])
    layout, _ = timed(lambda: nearest_field(ModeRoads(network, graph, ACCESS), supply), TRIES)
    attach: Callable[[], object] = lambda: roads.attach(x_m, y_m)  # noqa: E731
    anchoring, _ = timed(attach, TRIES)
    stages = {"contract": contract.plain(), "first search": layout.plain(), "anchor": anchoring.plain()}
    return roads, stages
