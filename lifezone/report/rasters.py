"""GeoTIFF layers for demand on a grid: minutes, metres, reasons, people and deserts, one file a variant and theme.

Decided: one band a requirement or group, named; null is NaN or -1 or 255 as the file itself says (nodata), never a
number that could be taken for minutes: whoever is unreachable has no minutes, and the reasons say why. Refused: grids
that lie turned in the study's coordinate system (resampling would move people); that is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from lifezone.model import Demand, Reason, Result, Variant
from lifezone.progress import Progress
from lifezone.report.frames import minutes, rounded_metres

__all__ = ["FOLDER", "grid_of", "why_no_grid", "write_rasters"]

FOLDER: Final = "rasters"
_OFF_GRID: Final = 1e-3
_MOST_CELLS: Final = 400_000_000


def why_no_grid(demand: Demand) -> str:
    """Say why people cannot be written as a raster; empty when they can."""
    if not demand.cells or demand.cell_m <= 0:
        return "no rasters are written: people are points, not cells of a grid"
    if not demand.inside.any():
        return "no rasters are written: nobody lives in the area"
    if demand.sides_m is not None and np.ptp(demand.sides_m) > 0:
        return "no rasters are written: cells differ in size"
    column, row = _steps(demand)
    if max(_gap(column), _gap(row)) > _OFF_GRID:
        return "no rasters are written: in the study's coordinate system the cells lie on no common grid"
    if np.prod([np.ptp(np.rint(column)) + 1, np.ptp(np.rint(row)) + 1]) > _MOST_CELLS:
        return "no rasters are written: the grid would have more than 400 million cells"
    return ""


def write_rasters(result: Result, folder: Path, progress: Progress) -> None:
    """Write ``rasters/<variant>_<theme>.tif``; themes without a band are left out."""
    place = folder / FOLDER
    with progress.step("writing GeoTIFF", len(result.variants)) as advance:
        for variant in result.variants:
            if not why_no_grid(variant.world.demand):
                place.mkdir(exist_ok=True)
                for theme, bands in _themes(variant).items():
                    _write(place / f"{variant.name}_{theme}.tif", variant, bands)
            advance(1)


def grid_of(demand: Demand) -> tuple[np.ndarray, np.ndarray, int, int, tuple[float, float]]:
    """Return row and column of each cell in the area (north is row 0), height, width, and the north-west corner."""
    column, row = (np.rint(steps).astype(np.int64) for steps in _steps(demand))
    west, north = int(column.min()), int(row.max())
    x0, y0 = _origin(demand)
    corner = (x0 + (west - 0.5) * demand.cell_m, y0 + (north + 0.5) * demand.cell_m)
    return north - row, column - west, int(np.ptp(row)) + 1, int(np.ptp(column)) + 1, corner


def _origin(demand: Demand) -> tuple[float, float]:
    at = int(np.flatnonzero(demand.inside)[0])
    return float(demand.x_m[at]), float(demand.y_m[at])


def _steps(demand: Demand) -> tuple[np.ndarray, np.ndarray]:
    """Return how many cells each point of the area lies east and north of the first."""
    x0, y0 = _origin(demand)
    inside = demand.inside
    return (demand.x_m[inside] - x0) / demand.cell_m, (demand.y_m[inside] - y0) / demand.cell_m


def _gap(steps: np.ndarray) -> float:
    return float(np.abs(steps - np.rint(steps)).max())


Band = tuple[str, str, np.ndarray]
"""Name, unit, and one value for each cell of the area."""


def _themes(variant: Variant) -> dict[str, list[Band]]:
    """Return the bands of every theme of a variant."""
    assessment, demand = variant.assessment, variant.world.demand
    inside = demand.inside
    rules = {rule.id: rule for rule in assessment.standard.requirements}
    themes: dict[str, list[Band]] = {name: [] for name in ("minutes", "metres", "reason", "people", "deserts")}
    for key, verdicts in assessment.verdicts.items():
        themes["minutes"].append((key, "min", minutes(verdicts.seconds[inside]).astype(np.float32)))
        if rules[key].metric == "length":
            themes["metres"].append((key, "m", rounded_metres(verdicts.metres[inside]).astype(np.float32)))
        reason = verdicts.reason[inside].astype(np.uint8)
        themes["reason"].append((key, "", np.where(reason == Reason.NOT_JUDGED, 255, reason).astype(np.uint8)))
    for at, group in enumerate(demand.groups):
        themes["people"].append((group, "people", demand.people[inside, at].astype(np.float32)))
    themes["deserts"].append(("deficits", "requirements", assessment.deficits[inside].astype(np.int32)))
    if assessment.standard.desert is not None:
        themes["deserts"].append(("desert", "label", assessment.desert[inside].astype(np.int32)))
    return {name: bands for name, bands in themes.items() if bands}


def _write(path: Path, variant: Variant, bands: Sequence[Band]) -> None:
    """Write one file: a band each, with its name and unit; reasons with what the codes mean."""
    import rasterio  # noqa: PLC0415

    demand = variant.world.demand
    row, column, height, width, (west, north) = grid_of(demand)
    kind = bands[0][2].dtype
    nodata: Any = np.nan if kind == np.float32 else 255 if kind == np.uint8 else -1
    profile = {
        "driver": "GTiff", "height": height, "width": width, "count": len(bands), "dtype": kind.name, "nodata": nodata,
        "crs": variant.world.crs, "transform": rasterio.Affine(demand.cell_m, 0, west, 0, -demand.cell_m, north),
        "compress": "deflate", "tiled": True, "blockxsize": 256, "blockysize": 256, "interleave": "band",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        for number, (name, unit, values) in enumerate(bands, 1):
            grid = np.full((height, width), nodata, kind)
            grid[row, column] = values
            file.write(grid, number)
            file.set_band_description(number, name)
            if unit:
                file.set_band_unit(number, unit)
            if kind == np.uint8:
                file.update_tags(number, **{f"code_{int(why)}": why.name.lower() for why in Reason if why})
