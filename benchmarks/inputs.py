"""Big inputs in bounded memory: ``python -m benchmarks.inputs`` prints a table of seconds and memory.

Each case runs in a process of its own, which says how much more memory it held at most than before it read: a raster of
1 GiB by a window and whole, a table of a million people, a table of a million pairs, a timetable of a million rows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import peak_mib

CASES = ("raster window", "raster whole", "people table", "pairs table", "timetable")
ROWS = 1_000_000
SIDE = 16_384
"""Cells of the raster's side: 16,384² cells of 4 bytes are 1 GiB."""


def main() -> None:
    """Make the files, run every case, print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make(folder)
        print("| input | seconds | memory more, at most | what came out |\n| --- | --- | --- | --- |")
        for case in CASES:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.inputs", case, name], check=True, capture_output=True, text=True
            )
            print(done.stdout.strip())


def _make(folder: Path) -> None:
    """Write the files: one cell in a thousand of the raster is lived in."""
    import pandas as pd  # noqa: PLC0415
    import rasterio  # noqa: PLC0415
    from affine import Affine  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    random = np.random.default_rng(1)
    with rasterio.open(
        folder / "p.tif", "w", driver="GTiff", height=SIDE, width=SIDE, count=1, dtype="float32", crs="EPSG:5179",
        transform=Affine(25, 0, 900_000, 0, -25, 2_000_000), tiled=True, blockxsize=512, blockysize=512,
    ) as file:  # fmt: skip
        for top in range(0, SIDE, 512):
            file.write((random.random((512, SIDE)) < 0.001).astype(np.float32), 1, window=Window(0, top, SIDE, 512))
    places = {"x": 900_000 + 400_000 * random.random(ROWS), "y": 1_600_000 + 400_000 * random.random(ROWS)}
    pd.DataFrame({"id": np.arange(ROWS), **places, "n": random.integers(1, 9, ROWS)}).to_csv(
        folder / "people.csv", index=False
    )
    pairs = {"a": np.repeat(np.arange(2000), 500), "b": np.tile(np.arange(500), 2000), "s": random.random(ROWS) * 3600}
    pd.DataFrame(pairs).to_csv(folder / "pairs.csv", index=False)
    minutes = random.integers(300, 1400, ROWS)
    rows = {"r": random.integers(0, 900, ROWS), "s": random.integers(0, 5000, ROWS)}
    times = [f"{at // 60}:{at % 60:02d}" for at in minutes.tolist()]
    pd.DataFrame({**rows, "t": times, "x": 1e6, "y": 1.8e6}).to_csv(folder / "runs.csv", index=False)


def _case(case: str, folder: Path) -> str:
    """Run one case; returns its row."""
    import shapely  # noqa: PLC0415

    from lifezone.model import Demand, Facilities  # noqa: PLC0415
    from lifezone.sources.people import PeopleRaster, PeopleTable  # noqa: PLC0415
    from lifezone.sources.reading import Reading  # noqa: PLC0415
    from lifezone.sources.stops import TimetableStops  # noqa: PLC0415
    from lifezone.sources.times_table import TimesTable  # noqa: PLC0415
    from lifezone.standards import load_kinds  # noqa: PLC0415

    clip = shapely.box(126.9, 36.5, 127.1, 36.6) if case == "raster window" else None
    study = Reading(folder=folder, crs="EPSG:5179", clip=clip, kinds=load_kinds())
    before, begin = peak_mib() or 0.0, time.perf_counter()
    if case.startswith("raster"):
        told = f"{PeopleRaster(type='raster', path='p.tif', groups={'total': 1}).load(study).n_points:,} cells"
    elif case == "people table":
        keys: dict[str, Any] = {"id": "id", "x": "x", "y": "y", "crs": "EPSG:5179", "groups": {"total": "n"}}
        told = f"{PeopleTable(type='table', path='people.csv', **keys).load(study).n_points:,} points"
    elif case == "timetable":
        stops = TimetableStops(path="runs.csv", stop="s", route="r", time="t", x="x", y="y", crs="EPSG:5179")
        told = f"{stops.load(study).n_facilities:,} stops"
    else:
        some = np.arange(2000)
        ids = np.array([str(one) for one in some], dtype=object)
        people = Demand(ids, some * 1.0, some * 1.0, np.ones((2000, 1)), ("total",), np.zeros(2000, np.int32),
                        np.zeros(2000, bool))  # fmt: skip
        text, none = np.full(500, "", dtype=object), np.full(500, np.nan)
        supply = Facilities(ids[:500], some[:500] * 1.0, some[:500] * 1.0, np.zeros(500, np.int32), ("clinic",), text,
                            none, none, np.ones(500, bool), text)  # fmt: skip
        table = TimesTable.model_validate({"path": "pairs.csv", "from": "a", "to": "b", "seconds": "s"})
        given, _ = table.load(study, people, supply)
        told = f"{len(given.between(people, supply, np.arange(500, dtype=np.int32)).seconds):,} trips"
    seconds = time.perf_counter() - begin
    more = (peak_mib() or 0.0) - before
    return f"| {case} | {seconds:.1f} s | {more:,.0f} MiB | {told} |"


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(_case(sys.argv[1], Path(sys.argv[2])))
    else:
        main()
