"""``python -m benchmarks.engine [--nodes N] [--json FILE] [--readme]``: the routing engine beside its peers.

Public functions of :mod:`lifezone.routing` and every peer that is installed (``pip install "lifezone[peers]"``) answer
the same questions on the same contracted random network, taking turns in one process, one thread each; medians,
preparation told apart, the most memory held beside every time. Each ratio is peer ÷ ours (``sweep_vs_stream``: ours ÷
the floor), each ``equal`` a comparison of the answers within the unit that is named. A peer that is missing is null.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["NAMES", "main"]

NAMES: Final = (
    "nearest_unprepared_vs_scipy", "nearest_prepared_vs_scipy", "nearest_vs_pandana", "k_nearest_vs_pandana",
    "within_reach_vs_scipy", "matrix_vs_scipy", "matrix_vs_pandana", "matrix_vs_osrm", "open_vs_recompute",
    "close_vs_recompute", "edge_vs_recompute", "prepare_vs_routingkit", "sweep_vs_stream",
)  # fmt: skip
"""What the report holds at its top level, whatever is installed."""
README: Final = Path(__file__).resolve().parents[1] / "README.md"
LEAST_NODES: Final = 1000
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write it where asked."""
    asked = _options(arguments)
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")  # before any library looks
    report = measure(asked.nodes)
    if asked.json is not None:
        asked.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    from benchmarks.engine_table import MARKS, table  # noqa: PLC0415
    from benchmarks.report import write_block  # noqa: PLC0415

    text = table(report)
    print(text)
    if asked.readme:
        write_block(README, text, MARKS)


def measure(n_nodes: int) -> dict[str, Any]:
    """Return the whole report of a random network of about so many search nodes."""
    from benchmarks import contests, session  # noqa: PLC0415
    from benchmarks.course import make_course  # noqa: PLC0415
    from benchmarks.measure import compiled_kernels, machine  # noqa: PLC0415
    from benchmarks.peers import pandana_of  # noqa: PLC0415

    started = time.perf_counter()
    report: dict[str, Any] = dict.fromkeys(NAMES)
    report["machine"] = machine()
    _say(f"a random network of {n_nodes:,} nodes, and its hierarchy")
    course = make_course(n_nodes)
    report["nodes"], report["edges"] = course.n_nodes, course.roads.graph.n_edges
    report["preparing"] = {name: timing.plain() for name, timing in course.preparing.items()}
    pandana = pandana_of(course)
    contest: tuple[tuple[str, Callable[[], dict[str, Any]]], ...] = (
        ("nearest, no preparation", lambda: contests.nearest_unprepared(course)),
        ("nearest, prepared", lambda: contests.nearest_prepared(course, pandana)),
        ("k nearest", lambda: contests.k_nearest(course, pandana)),
        ("all within a reach", lambda: contests.within(course)),
        ("matrices", lambda: contests.matrices(course, pandana)),
        ("edits", lambda: session.edits(course)),
        ("streaming", lambda: contests.streaming(course)),
        ("preparation", lambda: contests.preparation(course)),
    )
    for name, work in contest:
        _say(name)
        report |= work()
    report["compiled"] = compiled_kernels()
    report["machine"]["load after"] = machine()["load"]
    report["took_s"] = round(time.perf_counter() - started, 1)
    return report


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--nodes", type=int, default=100_000, help="search nodes of the random network, about")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    asked = parser.parse_args(arguments)
    if asked.nodes < LEAST_NODES:
        parser.error(f"--nodes must be {LEAST_NODES:,} or more")
    if asked.json is not None and (asked.json.is_dir() or not asked.json.resolve().parent.is_dir()):
        parser.error(f"--json {asked.json}: no file can be written there")  # before minutes of measuring, not after
    return asked


def _say(what: str) -> None:
    """Tell what is being measured."""
    sys.stderr.write(f"… {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
