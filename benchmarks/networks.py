"""The networks that are timed: Andorra from its file, and random ones that a process of their own makes.

A random network is made by ``python -m benchmarks.networks N`` and kept in the cache, so that what making it costs
(triangles, trees: over a gigabyte for a million nodes) is neither timed nor counted as memory of what comes after.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from lifezone.model import Network

__all__ = ["ROOT", "andorra", "andorra_file", "make_synthetic", "synthetic"]

ROOT: Final = Path(__file__).resolve().parents[1]
SEED: Final = 20260
VERTICES_PER_NODE: Final = 1.85
"""A random network has so many vertices for each node of its search graph by car."""
ANDORRA_CRS: Final = "EPSG:25831"
"""ETRS89 / UTM zone 31N, which Andorra lies in."""


def andorra_file() -> Path | None:
    """Return Andorra's OpenStreetMap file in ``LIFEZONE_SHARED`` or beside the checkout, or None."""
    named = os.environ.get("LIFEZONE_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    path = folder / "data" / "andorra" / "andorra.osm.pbf"
    return path.resolve() if path.is_file() else None


def andorra(path: Path) -> Network:
    """Read Andorra's roads as a scenario does: from the file, or from the cache where it was read before."""
    from lifezone.sources.reading import Reading  # noqa: PLC0415  (nothing heavy before it is timed)
    from lifezone.sources.roads import OsmFile  # noqa: PLC0415

    return OsmFile(path=path.name).load(Reading(path.parent, ANDORRA_CRS)).network


def synthetic(n_nodes: int) -> Network:
    """Open a random network of about so many search nodes by car from the cache, or make it."""
    from lifezone.sources.cache import cached  # noqa: PLC0415
    from lifezone.sources.roads.result import Roads, pack, unpack  # noqa: PLC0415

    def make() -> dict[str, object]:
        from benchmarks.graphs import road_like  # noqa: PLC0415

        return pack(Roads(road_like(max(1000, round(n_nodes * VERTICES_PER_NODE)), SEED)))

    return unpack(cached(("benchmark network", str(n_nodes), str(SEED)), make)).network


def make_synthetic(n_nodes: int) -> None:
    """Make a random network in a process of its own; :func:`synthetic` then opens it from the cache."""
    subprocess.run([sys.executable, "-m", "benchmarks.networks", str(n_nodes)], cwd=ROOT, check=True)


if __name__ == "__main__":
    synthetic(int(sys.argv[1]))
