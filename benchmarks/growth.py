"""``python -m benchmarks.growth [--nodes N …] [--out benchmarks]``: how the prepared engine grows with the network.

Order, customisation, one search without preparation and one sweep of 16 kinds, and the memory of the process, each size
in a process of its own. Processor seconds are told, so that waiting for others bends no line. The numbers go to
``growth.json``, the log–log picture to ``growth.png``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.measure import Timing
from benchmarks.networks import ROOT

__all__ = ["main", "measure"]

SIZES: Final = (100_000, 1_000_000, 4_000_000)
LINES: Final = {
    "order_s": "order",
    "customise_s": "customise",
    "search_s": "nearest, one kind, no preparation",
    "sweep_s": "sweep, 16 kinds",
}
SWEPT_KINDS: Final = 16


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size in a process of its own and draw the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=list(SIZES), help="search nodes of each network, about")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks", help="folder for growth.json and growth.png")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one is not None:
        print(json.dumps(measure(asked.one)))
        return
    rows = []
    for n_nodes in asked.nodes:
        command = [sys.executable, "-m", "benchmarks.growth", "--one", str(n_nodes)]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8")
        rows.append(json.loads(told.stdout.splitlines()[-1]))
        print(rows[-1], flush=True)
    (asked.out / "growth.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    draw(rows, asked.out / "growth.png")


def measure(n_nodes: int) -> dict[str, Any]:
    """Return what one size takes."""
    import numpy as np  # noqa: PLC0415

    from benchmarks.course import make_course  # noqa: PLC0415
    from benchmarks.duel import Side, duel  # noqa: PLC0415
    from benchmarks.measure import peak_mib  # noqa: PLC0415
    from lifezone.routing import field_room, filled, nearest_field  # noqa: PLC0415

    course = make_course(n_nodes)
    seeds, asked = course.seeds(SWEPT_KINDS), course.everywhere
    facilities, room = course.at_nodes(course.kinds[0]), field_room(course.roads)

    def sweep() -> None:
        with filled(seeds, asked, "u32", SWEPT_KINDS, course.rooms):
            pass

    swept, searched = duel(
        Side("sweep", sweep, again=5),
        Side("search", lambda: nearest_field(course.roads, facilities, room=room)[0][0], again=3),
    )
    ready = {name: timing for name, timing in course.preparing.items() if name in ("order", "customise")}
    return {
        "nodes": course.n_nodes,
        "arcs_a_node": round(len(course.tenths.climb_head) / course.n_nodes, 2),
        "facilities_a_kind": len(course.kinds[0]),
        **{f"{name}_s": round(_processor_s([timing]), 4) for name, timing in ready.items()},
        "sweep_s": round(_processor_s(swept.timings), 5),
        "search_s": round(_processor_s(searched.timings), 5),
        "prepare_peak_mib": max(timing.peak_mib or np.nan for timing in ready.values()),
        "peak_mib": peak_mib(),
    }


def _processor_s(timings: Sequence[Timing]) -> float:
    """Return the median over turns of the processor seconds of one repetition."""
    return median(one.cpu_s / len(one.seconds) for one in timings)


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw seconds and memory over nodes, both on logarithmic axes, with a line of slope one."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    nodes = [row["nodes"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    for name, label in LINES.items():
        values = [row[name] for row in rows]
        left.loglog(nodes, values, marker="o", label=label)
        left.loglog(nodes, [values[0] * n / nodes[0] for n in nodes], color="0.75", linestyle=":", zorder=0)
    right.loglog(nodes, [row["prepare_peak_mib"] for row in rows], marker="o", label="while preparing")
    right.loglog(nodes, [row["peak_mib"] for row in rows], marker="o", label="whole process, two metrics' costs kept")
    for axes, title in ((left, "processor seconds, one thread"), (right, "peak memory, MiB")):
        axes.set(xlabel="search nodes", title=title)
        axes.legend(fontsize=8, frameon=False)
        axes.grid(visible=True, which="major", color="0.92")
    left.text(
        0.99, 0.01, "dotted: in step with the nodes", transform=left.transAxes, ha="right", fontsize=8, color="0.5"
    )
    figure.savefig(path, dpi=100)
    plt.close(figure)


if __name__ == "__main__":
    main()
