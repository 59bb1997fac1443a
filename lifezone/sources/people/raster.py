"""People from a raster: one demand point for each cell that somebody lives in.

Decided: cells are never resampled; a cell's middle is projected and its people stay whole, so that people in are people
out. Read in strips of rows, so memory follows from the strip and the cells with people, not from the file.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import numpy as np
from pydantic import Field, field_validator

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Demand, Floats
from lifezone.sources.crs import DEGREES, bounds_in_degrees, inside_clip, parse_crs, to_crs
from lifezone.sources.districts import join_districts
from lifezone.sources.files import input_record, local_file
from lifezone.sources.people.build import MOST_PEOPLE, Spread, check_groups, finished, told_people
from lifezone.sources.reading import Extent, Reading
from lifezone.spec import Spec

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["PeopleRaster"]

_DRIVERS: Final = {".tif": "GTiff", ".tiff": "GTiff", ".gtiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid"}
"""The formats that are read; a driver that opens other files or the net is never asked."""
_STRIP_CELLS: Final = 1 << 21
_EDGE_POINTS: Final = 21


class PeopleRaster(Spec):
    """People from a raster such as GeoTIFF: every cell holds a number of people."""

    type: Literal["raster"] = Field(description="Read from a raster.")
    path: str = Field(description="The raster file (GeoTIFF, Erdas Imagine or ASCII grid), in any coordinate system.")
    groups: dict[str, Annotated[int, Field(ge=1)]] = Field(
        description="Group and the band that counts it, from 1; total, everybody, is needed."
    )
    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        1.0, description="Every value is multiplied by this, where the raster does not hold plain people."
    )
    nodata: float | Literal["nan"] | None = Field(
        None, description="Value that means no data, where the file does not say it; nan for cells that hold NaN."
    )
    crs: str | None = Field(None, description="Coordinate system, only where the file does not say it.")
    estimated: list[str] = Field(
        default_factory=list, description="Groups whose numbers were spread from larger units."
    )
    spread: Spread | None = Field(None, description="Spread the people of each cell along the roads in it.")

    _groups = field_validator("groups")(check_groups)

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of the whole raster."""
        file = local_file(folder, self.path)
        with self._open(file) as raster:
            column, row = _edge(raster.width, raster.height)
            x, y = _applied(raster.transform, column, row)
            return bounds_in_degrees(x, y, self._crs(raster))

    def load(self, reading: Reading) -> Demand:
        """Read the cells of the clip window.

        Raises:
            InputError: The file is no raster, has no such band or no CRS, does not touch the area, holds negative
                numbers or NaN that are not declared as nodata, or nobody lives there.
        """
        file = local_file(reading.folder, self.path)
        with self._open(file) as raster:
            crs = self._crs(raster)
            window = _window(raster, crs, reading.clip)
            if window is None:
                raise InputError(Fault(f"{self.path} does not touch the area: check the file and its crs", ("path",)))
            found = self._read(raster, window, reading)
            transform, cell_m = raster.transform, _cell_side_m(raster.transform, window, crs, reading.crs)
        self._refuse_impossible(found)
        row, column = np.concatenate(found.row), np.concatenate(found.column)
        people = np.concatenate(found.people)
        if len(row) == 0:
            raise InputError(Fault(f"{self.path}: nobody lives in the area", ("path",)))
        x, y = _applied(transform, column + 0.5, row + 0.5)
        x_m, y_m = to_crs(x, y, crs, reading.crs)
        inside = inside_clip(x_m, y_m, reading.crs, reading.clip)
        used = int(inside.sum())
        reading.inputs.append(
            input_record(self.path, file, rows=found.seen, used=used, refused=found.seen - used, encoding="")
        )
        if used == 0:
            raise InputError(Fault(f"{self.path}: nobody lives in the area", ("path",)))
        ids = np.array([f"r{r}c{c}" for r, c in zip(row.tolist(), column.tolist(), strict=True)], dtype=object)
        demand = Demand(
            ids=ids, x_m=x_m, y_m=y_m, people=people, groups=tuple(self.groups),
            district=join_districts(x_m, y_m, reading.districts), urban=np.zeros(len(x_m), np.bool_), cell_m=cell_m,
            cells=True, estimated=tuple(self.estimated), notes=self._notes(found, reading),
        )  # fmt: skip
        return finished(demand, inside, what=self.path, districts=reading.districts)

    @contextmanager
    def _open(self, file: Path) -> Iterator[Any]:
        """Open the raster and check its bands."""
        import rasterio  # noqa: PLC0415
        from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415

        driver = _DRIVERS.get(file.suffix.lower())
        if driver is None:
            raise InputError(Fault(f"{self.path}: expected a raster, one of {', '.join(_DRIVERS)}", ("path",)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            try:
                raster = rasterio.open(file, driver=driver)
            except (RasterioError, ValueError, OSError) as error:
                told = (str(error).splitlines() or [""])[0]
                raise InputError(Fault(f"{self.path} cannot be read as a raster: {told}", ("path",))) from None
            with raster:
                faults = [
                    Fault(f"{self.path} has {raster.count} bands, band {band} is not there", ("groups", group))
                    for group, band in self.groups.items()
                    if band > raster.count
                ]
                if raster.transform.is_identity:
                    faults.append(Fault(f"{self.path} does not say where on earth it lies", ("path",)))
                if faults:
                    raise InputError(faults)
                try:
                    yield raster
                except RasterioError as error:
                    raise InputError(Fault(f"{self.path} is damaged: {error}", ("path",))) from None

    def _crs(self, raster: Any) -> str:
        """Return the CRS of the raster: the one given, else its own."""
        if self.crs is None and not raster.crs:
            raise InputError(Fault(f"{self.path} does not say its coordinate system: give crs", ("crs",)))
        text = self.crs or raster.crs.to_wkt()
        parse_crs(text)
        return text

    def _read(self, raster: Any, window: tuple[int, int, int, int], reading: Reading) -> _Cells:
        """Read the window strip by strip and keep the cells with people."""
        from rasterio.windows import Window  # noqa: PLC0415

        top, left, height, width = window
        strip = max(1, _STRIP_CELLS // (width * len(self.groups)))
        found = _Cells()
        total = list(self.groups).index(TOTAL)
        with reading.progress.step(f"people: {self.path}", height) as advance:
            for start in range(top, top + height, strip):
                rows = min(strip, top + height - start)
                block = raster.read(
                    list(self.groups.values()), window=Window(left, start, width, rows), masked=True
                )  # fmt: skip
                with np.errstate(all="ignore"):  # signalling NaN in a damaged file
                    self._add(found, block, start, left, total)
                advance(rows)
        return found

    def _add(self, found: _Cells, block: Any, top: int, left: int, total: int) -> None:
        """Add the cells of one strip with people to ``found`` (written to)."""
        values = np.asarray(block.data).astype(np.float64)
        empty = np.ma.getmaskarray(block)
        if self.nodata is not None:
            empty = empty | (np.isnan(values) if self.nodata == "nan" else values == self.nodata)
        people = values * self.scale
        known = ~empty[total]
        impossible = known & ~empty & ~(people >= 0)
        found.negative += int((impossible & (people < 0)).sum())
        found.not_numbers += int((known & ~empty & np.isnan(people)).sum())
        found.too_many += int((known & ~empty & (people > MOST_PEOPLE)).sum())
        for at in np.argwhere((impossible | (people > MOST_PEOPLE)) & ~empty & known)[
            : max(0, 3 - len(found.examples))
        ]:
            found.examples.append(f"row {top + at[1]} column {left + at[2]}: {block.data[tuple(at)]:g}")
        found.partial += int((empty & known).any(axis=0).sum())
        people = np.where(empty | ~known, 0.0, people)
        lived = (people > 0).any(axis=0)
        found.seen += lived.size
        found.nodata += int((~known).sum())
        found.nobody += int((known & ~lived).sum())
        row, column = np.nonzero(lived)
        found.row.append(row + top)
        found.column.append(column + left)
        found.people.append(people[:, row, column].T)

    def _refuse_impossible(self, found: _Cells) -> None:
        """Fault negative numbers, NaN and absurd numbers."""
        counts = (
            (found.negative, "negative numbers"), (found.not_numbers, "NaN"), (found.too_many, "more than 10⁹ people"),
        )  # fmt: skip
        told = [f"{count:,} cells hold {what}" for count, what in counts if count]
        if told:
            examples = "; ".join(found.examples)
            raise InputError(
                Fault(f"{self.path}: {' and '.join(told)} ({examples}): where that means no data, say so in the "
                      "file, or here, e.g. nodata: nan or nodata: -9999", ("path",))
            )  # fmt: skip

    def _notes(self, found: _Cells, reading: Reading) -> tuple[str, ...]:
        """Tell what was left out."""
        notes = []
        if found.nobody or found.nodata:
            notes.append(
                f"{self.path}: of {found.seen:,} cells {found.nobody:,} hold nobody and {found.nodata:,} no data, "
                "left out"
            )
        if found.partial:
            notes.append(f"{self.path}: {found.partial:,} cells have no data for one of the groups, taken as 0")
        if reading.clip is not None:
            total = list(self.groups).index(TOTAL)
            read = np.concatenate([people[:, total] for people in found.people])
            notes.append(f"{self.path}: {told_people(read)} read in the window around the area")
        return tuple(notes)


@dataclass
class _Cells:
    """Cells with people, gathered strip by strip, and counts of the others."""

    row: list[np.ndarray] = field(default_factory=list)
    column: list[np.ndarray] = field(default_factory=list)
    people: list[Floats] = field(default_factory=list)
    seen: int = 0
    nobody: int = 0
    nodata: int = 0
    partial: int = 0
    negative: int = 0
    not_numbers: int = 0
    too_many: int = 0
    examples: list[str] = field(default_factory=list)


def _applied(transform: Any, column: Floats, row: Floats) -> tuple[Floats, Floats]:
    """Return the x and y of positions in a raster (affine's own product changed its sign between versions)."""
    x: Floats = transform.a * column + transform.b * row + transform.c
    y: Floats = transform.d * column + transform.e * row + transform.f
    return x, y


def _edge(width: float, height: float, left: float = 0.0, top: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return points along the edge of a window, since a straight edge bends when it is projected."""
    part = np.linspace(0.0, 1.0, _EDGE_POINTS)
    none, one = np.zeros_like(part), np.ones_like(part)
    column = left + width * np.concatenate([part, part, none, one])
    row = top + height * np.concatenate([none, one, part, part])
    return column, row


def _window(raster: Any, crs: str, clip: BaseGeometry | None) -> tuple[int, int, int, int] | None:
    """Return top, left, height, width of the cells that may lie in the clip, or None when there are none."""
    if clip is None:
        return 0, 0, raster.height, raster.width
    west, south, east, north = clip.bounds
    lon, lat = _edge(east - west, north - south, west, south)
    x, y = to_crs(lon, lat, DEGREES, crs)
    if not np.isfinite(x).any():
        return None
    column, row = _applied(~raster.transform, x, y)
    left, right = max(0, math.floor(np.nanmin(column)) - 1), min(raster.width, math.ceil(np.nanmax(column)) + 1)
    top, bottom = max(0, math.floor(np.nanmin(row)) - 1), min(raster.height, math.ceil(np.nanmax(row)) + 1)
    if left >= right or top >= bottom:
        return None
    return top, left, bottom - top, right - left


def _cell_side_m(transform: Any, window: tuple[int, int, int, int], crs: str, study: str) -> float:
    """Return the root of the area of the cell in the middle of the window, in metres of the study's CRS."""
    top, left, height, width = window
    column = left + width // 2 + np.array([0.0, 1.0, 1.0, 0.0])
    row = top + height // 2 + np.array([0.0, 0.0, 1.0, 1.0])
    x_m, y_m = to_crs(*_applied(transform, column, row), crs, study)
    doubled = np.dot(x_m, np.roll(y_m, -1)) - np.dot(y_m, np.roll(x_m, -1))
    return math.sqrt(abs(float(doubled)) / 2)
