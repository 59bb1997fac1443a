"""What turn rules cost: nodes, edges, memory, time to contract and to search, beside the same roads without any.

``python -m benchmarks.turns`` prints the table for Andorra (where it is at hand) and for an invented county.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.measure import timed
from benchmarks.networks import andorra_file, synthetic
from lifezone.model import Access, Network, SearchGraph, Turns
from lifezone.routing import ModeRoads, build_graph, nearest
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmFile
from lifezone.sources.turns import TurnsSpec, with_turns

__all__ = ["main", "rows_of"]

COSTS = {"left_s": 5.4, "right_s": 2.1, "u_turn_s": 27.5}
FACILITIES, POINTS = 100, 5_000


def rows_of(network: Network) -> list[tuple[str, int, int, float, float, float]]:
    """Return per set of rules: its name, nodes, edges, MiB of the graph, seconds to contract and to search."""
    rules = network.turns.get("car", Turns())
    cases = {
        "none": Turns(),
        "bans": rules,
        "bans, turning round at dead ends alone": replace(rules, turns_round=False),
        "bans and seconds for every turn": replace(rules, **COSTS),
    }
    rng = np.random.default_rng(1)
    x, y = (rng.uniform(np.quantile(a, 0.05), np.quantile(a, 0.95), POINTS) for a in (network.x_m, network.y_m))
    found = []
    for name, turns in cases.items():
        ruled = replace(network, turns={"car": turns})
        graph = build_graph(ruled, "car")
        made, _ = timed(partial(build_graph, ruled, "car"), 3)
        roads = ModeRoads(ruled, graph, Access(5_000.0, 1.0))
        people, supply = roads.attach(x, y), roads.attach(x[:FACILITIES], y[:FACILITIES])
        positions = np.arange(FACILITIES, dtype=np.int32)
        nearest(roads, people, supply, positions)
        asked, _ = timed(partial(nearest, roads, people, supply, positions), 5)
        found.append((name, graph.n_nodes, graph.n_edges, _mib(graph), median(made.seconds), median(asked.seconds)))
    return found


def _mib(graph: SearchGraph) -> float:
    """Return the size of a graph's arrays."""
    arrays = (getattr(graph, one.name) for one in fields(graph))
    return float(sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))) / 2**20


def _andorra(path: Path) -> Network:
    """Read Andorra with its turn restrictions."""
    reading = Reading(path.parent, "EPSG:32631")
    roads = OsmFile(path=path.name).load(reading)
    return with_turns(roads.network, roads.ids, TurnsSpec(), roads.relations, reading)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=100_000, help="size of the invented roads")
    asked = parser.parse_args(arguments)
    path = andorra_file()
    networks = {} if path is None else {"Andorra": _andorra(path)}
    networks["invented"] = synthetic(asked.nodes)
    for name, network in networks.items():
        print(f"\n{name}: {len(network.turns.get('car', Turns()).seconds)} rules")
        print("| rules | nodes | edges | graph | contract | nearest |\n|---|---:|---:|---:|---:|---:|")
        for rules, nodes, edges, mib, contract_s, search_s in rows_of(network):
            print(f"| {rules} | {nodes:,} | {edges:,} | {mib:.1f} MiB | {contract_s:.2f} s | {search_s * 1e3:.1f} ms |")


if __name__ == "__main__":
    main()
