"""Measure one piece of work: wall-clock seconds, peak memory, and whether a kernel was compiled meanwhile."""

from __future__ import annotations

import gc
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, Final, TypeVar

__all__ = ["Timing", "compiled_kernels", "machine", "optional", "peak_mib", "timed"]

T = TypeVar("T")

MIB: Final = 2**20
STATUS: Final = Path("/proc/self/status")
CLEAR: Final = Path("/proc/self/clear_refs")
FORGET_PEAK: Final = "5"
"""Written to ``clear_refs``, it sets the peak of a Linux process back to what it holds now (man 5 proc)."""
TOLD: Final = ("numba", "numpy", "scipy", "pandana", "ch-router")


@dataclass(frozen=True)
class Timing:
    """How long work took, and how much memory the process held at most meanwhile.

    Attributes:
        seconds: one entry a repetition.
        peak_mib: most memory of the whole process while it ran, None where that cannot be told.
        grown_mib: of that, what came on top of the memory held when it began.
        cpu_s: processor seconds of all repetitions together; unlike the seconds, they do not count waiting for others.
    """

    seconds: tuple[float, ...]
    peak_mib: float | None
    grown_mib: float | None
    cpu_s: float = 0.0

    @property
    def median_s(self) -> float:
        """Median of the repetitions."""
        return median(self.seconds)

    def plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "seconds": [round(one, 5) for one in self.seconds],
            "median_s": round(self.median_s, 5),
            "peak_mib": self.peak_mib,
            "grown_mib": self.grown_mib,
        }


def timed(work: Callable[[], T], times: int = 1) -> tuple[Timing, T]:
    """Do some work, ``times`` times over, and return how long each took with what the last one made."""
    gc.collect()
    before, can_tell = _linux("VmRSS"), _forget_peak()
    seconds, cpu_before = [], time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        made = work()
        seconds.append(time.perf_counter() - started)
    cpu_s = time.process_time() - cpu_before
    peak = peak_mib() if can_tell else None
    grown = None if peak is None or before is None else round(peak - before, 1)
    return Timing(tuple(seconds), peak, grown, cpu_s), made


def peak_mib() -> float | None:
    """Return the most memory that this process has held, in MiB; None where the platform does not tell."""
    linux = _linux("VmHWM")
    if linux is not None:  # not ru_maxrss: there a child starts with the peak of the process that started it
        return linux
    psutil = optional("psutil")
    windows = getattr(psutil.Process().memory_info(), "peak_wset", None) if psutil else None
    if windows is not None:
        return round(float(windows) / MIB, 1)
    resource = optional("resource")
    if resource is None:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return round(float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit / MIB, 1)


def optional(name: str) -> Any:
    """Return a module that need not be installed, or None."""
    import warnings  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a peer warns of on import is not about us
            return import_module(name)
    except ImportError:
        return None


def machine() -> dict[str, Any]:
    """Tell cores, system and versions; no names of hosts or people."""
    versions = {}
    for name in TOLD:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def compiled_kernels() -> int:
    """Return how many forms of kernels this process has compiled or opened from the cache so far."""
    dispatchers = {
        id(thing): thing
        for name, module in list(sys.modules.items())
        if name.startswith("lifezone.kernels.")
        for thing in vars(module).values()
        if hasattr(thing, "signatures") and hasattr(thing, "py_func")
    }
    return sum(len(one.signatures) for one in dispatchers.values())


def _forget_peak() -> bool:
    """Set the peak of this process back to what it holds now; False where that cannot be done."""
    try:
        CLEAR.write_text(FORGET_PEAK, encoding="ascii")
    except OSError:
        return False
    return True


def _linux(field: str) -> float | None:
    """Return a field of this process's status in MiB, None elsewhere than on Linux."""
    try:
        lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    found = [line for line in lines if line.startswith(f"{field}:")]
    return round(int(found[0].split()[1]) * 1024 / MIB, 1) if found else None
