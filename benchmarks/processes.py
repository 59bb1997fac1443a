"""Whole commands, from the start of Python to the last file written: first with empty caches, then warm.

A first start compiles every kernel, lists the machine's fonts for maps and reads roads from their file; after it,
kernels, fonts and roads come from the caches. What pip does when it installs is not in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.networks import ROOT, andorra_file

__all__ = ["caches_in", "help_start", "processes"]

WARM_RUNS: Final = 3
HELP_RUNS: Final = 11
SCENARIO: Final = ROOT / "tests" / "real" / "andorra.yaml"


def processes() -> list[dict[str, Any]]:
    """Time ``lifezone demo`` and Andorra by kr-auri-2019; says so where Andorra's file is not at hand."""
    rows = [help_start(), _first_and_warm("lifezone demo", ["demo"])]
    path = andorra_file()
    name = "Andorra by kr-auri-2019"
    if path is None:
        return [*rows, {"name": name, "skipped": "Andorra's file is not at hand: set LIFEZONE_SHARED"}]
    return [*rows, _first_and_warm(name, ["run", str(SCENARIO), "--set", f"area.network.path={path.as_posix()}"])]


def help_start() -> dict[str, Any]:
    """Time ``lifezone --help`` beside a bare ``import numpy`` in turns, in processor seconds."""
    commands = {"help": ["-m", "lifezone", "--help"], "numpy": ["-c", "import numpy"]}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(HELP_RUNS):
        for name, arguments in commands.items():
            taken[name].append(_cpu_s([sys.executable, *arguments]))
    mine, numpy = median(taken["help"]), median(taken["numpy"])
    return {"name": "lifezone --help", "cpu_s": round(mine, 3), "numpy_cpu_s": round(numpy, 3)}


def _cpu_s(command: Sequence[str]) -> float:
    """Return a child's processor seconds, or seconds by the clock where the system does not tell them."""
    try:
        import resource  # noqa: PLC0415  (POSIX only)
    except ImportError:
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return time.perf_counter() - started
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def caches_in(folder: Path) -> dict[str, str]:
    """Return the settings with which everything that is kept between runs goes into a folder."""
    names = {"LIFEZONE_CACHE": "roads", "NUMBA_CACHE_DIR": "kernels", "MPLCONFIGDIR": "fonts"}
    return {name: str(folder / sub) for name, sub in names.items()}


def _first_and_warm(name: str, arguments: Sequence[str]) -> dict[str, Any]:
    """Run a command with empty caches, then a few times more with what the first run left in them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        first = _run(arguments, folder)
        warm = [_run(arguments, folder) for _ in range(WARM_RUNS)]
    seconds = [one["seconds"] for one in warm]
    return {
        "name": name, "first": first, "warm": warm, "first_s": first["seconds"], "warm_s": median(seconds),
        "first_mib": first["peak_mib"], "warm_mib": max((one["peak_mib"] or 0 for one in warm), default=0) or None,
    }  # fmt: skip


def _run(arguments: Sequence[str], folder: Path) -> dict[str, Any]:
    """Run the command once in a process of its own.

    Raises:
        RuntimeError: it did not end well; with the end of what it said.
    """
    told, out = folder / "told.json", folder / "result"
    command = [sys.executable, "-m", "benchmarks.child", str(told), *arguments, "--out", str(out), "--quiet"]
    env = {**os.environ, **caches_in(folder), "PYTHONUTF8": "1"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, encoding="utf-8")
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    taken: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return {"seconds": round(seconds, 2), **taken, "inside": manifest["run"]["seconds"]}
