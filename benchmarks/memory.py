"""Peak memory of the whole way to the nearest facility, over nodes and facilities, each in a process of its own.

``python -m benchmarks.memory NODES FACILITIES`` prints what the process had held at most after each stage. As many
points as the roads have vertices ask for the nearest facility, so a matrix of nodes × facilities, if there were one,
would show: a million nodes and 10,000 facilities make 80 GB of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

import numpy as np

from benchmarks.measure import peak_mib
from benchmarks.networks import ROOT, make_synthetic, synthetic
from benchmarks.stages import ACCESS, beside_roads, compile_kernels
from lifezone.routing import ModeRoads, build_graph, nearest

__all__ = ["FACILITIES", "growth"]

FACILITIES: Final = (10, 10_000)
LEAST_NODES: Final = 500


def growth(n_nodes: int) -> list[dict[str, Any]]:
    """Return peaks for a hundredth, a tenth and all of the nodes, with few and with many facilities."""
    rows = []
    for n in (n_nodes // 100, n_nodes // 10, n_nodes):
        if n >= LEAST_NODES:
            make_synthetic(n)
            rows += [_in_a_process(n, n_facilities) for n_facilities in FACILITIES]
    return rows


def _in_a_process(n_nodes: int, n_facilities: int) -> dict[str, Any]:
    """Run this module as a program."""
    command = [sys.executable, "-m", "benchmarks.memory", str(n_nodes), str(n_facilities)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    peaks: dict[str, Any] = json.loads(told)
    return peaks


def _peaks(n_nodes: int, n_facilities: int) -> dict[str, Any]:
    """Go the whole way once and tell the peak after each stage, MiB."""
    compile_kernels()
    synthetic(LEAST_NODES)  # what reading roads imports is no memory of roads
    peak = {"start": peak_mib()}
    network = synthetic(n_nodes)
    peak["open"] = peak_mib()
    roads = ModeRoads(network, build_graph(network, "car"), ACCESS)
    peak["contract"] = peak_mib()
    points = roads.attach(*beside_roads(network, 3))
    chosen = np.random.default_rng(4).integers(0, network.n_vertices, n_facilities)
    supply = roads.attach(network.x_m[chosen], network.y_m[chosen])
    peak["anchor"] = peak_mib()
    nearest(roads, points, supply, np.arange(n_facilities, dtype=np.int32))
    peak["nearest"] = peak_mib()
    return {
        "nodes": roads.graph.n_nodes, "points": points.n_points, "facilities": n_facilities, "peak_mib": peak,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_peaks(int(sys.argv[1]), int(sys.argv[2]))))
