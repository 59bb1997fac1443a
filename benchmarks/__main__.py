"""``python -m benchmarks``: measure, print the tables, and write them where asked."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import machine
from benchmarks.networks import andorra_file, make_synthetic, synthetic
from benchmarks.processes import caches_in, processes
from benchmarks.report import markdown, write_block

PARTS: Final = ("searches", "memory", "processes")
LEAST_NODES: Final = 500
README: Final = Path(__file__).resolve().parents[1] / "README.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    asked = _options(arguments)
    report: dict[str, Any] = {"machine": machine(), "nodes": asked.nodes}
    kept = dict(os.environ)
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ.update(caches_in(Path(folder)))  # before numba is imported: what it compiled before is not used
            if "searches" in asked.parts:
                report["searches"] = _searches(asked.nodes)
            if "memory" in asked.parts:
                report["memory"] = _memory(asked.nodes)
            if "processes" in asked.parts:
                _say("whole commands, first start and warm")
                report["processes"] = processes()
    finally:
        os.environ.clear()
        os.environ.update(kept)
        report["machine"]["load after"] = machine()["load"]
        if asked.json is not None:  # what was measured before something went wrong is kept
            asked.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    text = markdown(report)
    print(text)
    if asked.readme:
        write_block(README, text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000, help="search nodes of the random network, about")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="only these")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md")
    asked = parser.parse_args(arguments)
    if asked.nodes < LEAST_NODES:
        parser.error(f"--nodes must be {LEAST_NODES} or more")
    return asked


def _searches(n_nodes: int) -> dict[str, Any]:
    """Measure the stages and the searches on Andorra and on a random network."""
    from benchmarks.searches import compare  # noqa: PLC0415  (numba loads after its cache folder is named)
    from benchmarks.stages import TRIES, compile_kernels, load_andorra, prepare  # noqa: PLC0415

    _say("compiling")
    told: dict[str, Any] = {"compile": compile_kernels(), "networks": []}
    path = andorra_file()
    if path is None:
        told["networks"].append({"name": "Andorra", "skipped": "its file is not at hand: set LIFEZONE_SHARED"})
    else:
        _say("Andorra")
        network, loading = load_andorra(path)
        for mode in network.modes:
            roads, stages = prepare(network, mode)
            told["networks"].append({"name": "Andorra", "stages": {**loading, **stages}, **compare(roads)})
    _say(f"a random network of {n_nodes:,} nodes")
    from benchmarks.measure import timed  # noqa: PLC0415

    make_synthetic(n_nodes)
    opening, network = timed(lambda: synthetic(n_nodes), TRIES)
    roads, stages = prepare(network, "car")
    row = {"name": "random", "stages": {"open from cache": opening.plain(), **stages}, **compare(roads)}
    told["networks"].append(row)
    return told


def _memory(n_nodes: int) -> list[dict[str, Any]]:
    """Measure peak memory over nodes and facilities."""
    from benchmarks.memory import growth  # noqa: PLC0415

    _say("peak memory over nodes and facilities")
    return growth(n_nodes)


def _say(what: str) -> None:
    """Tell what is being measured."""
    sys.stderr.write(f"… {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
