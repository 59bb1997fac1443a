"""Estimated beside measured time of every way to answer: ``python -m benchmarks.choice [--nodes N] [--kinds K …]``.

For each number of kinds and of variants it prints what each way took and was estimated to take, which way would have
been chosen, and by how much it was slower than the quickest.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lifezone.model import Access

__all__ = ["main"]

POINTS_PER_NODE = 0.37
VARIANTS = (1, 3, 30)


@dataclass
class Bench:
    """Roads with points and kinds attached."""

    roads: Any
    people: Any
    kinds: list[Any]
    order_s: float
    hierarchy: Any


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--kinds", type=int, nargs="+", default=[1, 4, 16])
    told = parser.parse_args()
    bench = _bench(told.nodes, max(told.kinds))
    _row(["question", "way", "measured s", "estimated s", "chosen"])
    right, worst = 0, 1.0
    rows = [*(_kinds(bench, count) for count in told.kinds), *(_variants(bench, count) for count in VARIANTS)]
    for name, work, measured in rows:
        slower = _tell(name, work, measured)
        right += slower <= 1.0
        worst = max(worst, slower)
    print(f"chosen the quickest in {right} of {len(rows)}; at worst {worst:.2f} times as slow as the quickest")


def _bench(n_nodes: int, n_kinds: int) -> Bench:
    from lifezone.routing import ModeRoads, order_nodes  # noqa: PLC0415
    from lifezone.sources.synthetic import synthetic_network  # noqa: PLC0415

    network = synthetic_network(n_nodes)
    roads = ModeRoads.build(network, "car", Access(500.0, 3 / 3.6, 180.0))
    rng = np.random.default_rng(1)
    n = roads.graph.n_nodes

    def attached(count: int) -> Any:
        vertex = np.sort(rng.permutation(network.n_vertices)[:count])
        return roads.attach(network.x_m[vertex] + 5.0, network.y_m[vertex] + 3.0)

    kinds = []
    for k in range(n_kinds):
        supply = attached(max(5, n // (100 * (k % 10 + 1))))
        kinds.append((supply, np.arange(supply.n_points, dtype=np.int32)))
    vertex = roads.graph.vertex
    order_s, hierarchy = _timed(lambda: order_nodes(roads.graph, network.x_m[vertex], network.y_m[vertex]))
    bench = Bench(roads, attached(int(POINTS_PER_NODE * n)), kinds, order_s, hierarchy)
    _kinds(bench, 1)  # compiles, or loads what is compiled
    _variants(bench, 1)
    return bench


def _kinds(bench: Bench, count: int) -> tuple[str, Any, dict[str, float]]:
    """Time searches and sweeps for some kinds; the order is taken from the cache."""
    from lifezone.routing import Work, nearest  # noqa: PLC0415
    from lifezone.routing.exact import nearest_by_sweeps  # noqa: PLC0415
    from lifezone.routing.swept import Prepared  # noqa: PLC0415

    kinds = bench.kinds[:count]

    def sweep() -> Any:
        return nearest_by_sweeps(Prepared.build(bench.roads, bench.hierarchy, "time"), bench.people, kinds)

    search_s, _ = _timed(lambda: [nearest(bench.roads, bench.people, *one) for one in kinds])
    sweep_s, _ = _timed(sweep)
    work = Work(bench.roads.graph.n_nodes, bench.people.n_points, count, prepared=True)
    return f"{count} kinds", work, {"search": search_s, "hierarchy": sweep_s}


def _variants(bench: Bench, count: int) -> tuple[str, Any, dict[str, float]]:
    """Time searches and edits for some variants in which one facility is closed."""
    from lifezone.routing import Work, nearest  # noqa: PLC0415
    from lifezone.routing.dynamic import Variants  # noqa: PLC0415

    supply, positions = bench.kinds[0]
    left = [np.delete(np.arange(len(positions)), gone) for gone in range(count)]

    def edit() -> Any:
        base = Variants(bench.roads, bench.people, supply, positions)
        return [base.nearest(supply.take(rows), positions[rows]) for rows in left]

    def search() -> Any:
        return [nearest(bench.roads, bench.people, supply.take(rows), positions[rows]) for rows in left]

    measured = {"search": _timed(search)[0], "edited": _timed(edit)[0]}
    return f"{count} variants", Work(bench.roads.graph.n_nodes, bench.people.n_points, variants=count), measured


def _tell(name: str, work: Any, measured: dict[str, float]) -> float:
    """Print the ways of one question; returns how much slower the chosen one is than the quickest."""
    from lifezone.routing import choose, estimate  # noqa: PLC0415

    ways: Any = list(measured)
    chosen = choose(work, "auto", ways)
    for way in ways:
        _row([name, way, f"{measured[way]:.3f}", f"{estimate(work, way):.3f}", "yes" if way == chosen else ""])
    return measured[chosen] / min(measured.values())


def _row(cells: list[str]) -> None:
    print("  ".join(cell.rjust(12) for cell in cells))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    made = work()
    return time.perf_counter() - begin, made


if __name__ == "__main__":
    main()
