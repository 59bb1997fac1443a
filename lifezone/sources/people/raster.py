"""People from a raster: one demand point for each cell that somebody lives in.

Decided: cells are never resampled; a cell's middle is projected and its people stay whole, so that people in are people
out. A group may be a band, several bands together, or other files on the same grid (WorldPop gives one file for each
age and sex). Read in pieces, so memory follows from the piece and the cells with people, not from the file; only the
window around the area is unpacked, though the whole file is hashed for the manifest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from lifezone.errors import Fault, InputError
from lifezone.errors import Path as FaultPath
from lifezone.model import TOTAL, Bools, Demand, Floats
from lifezone.sources.crs import DEGREES, bounds_in_degrees, inside_clip, to_crs
from lifezone.sources.districts import join_districts
from lifezone.sources.files import input_record, local_file
from lifezone.sources.people.build import MOST_PEOPLE, Spread, check_groups, finished, told_people
from lifezone.sources.people.grids import Window, crs_of, opened, pieces
from lifezone.sources.reading import Extent, Reading
from lifezone.spec import Spec

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["PeopleRaster", "RasterBand"]

_EDGE_POINTS: Final = 21
_MOST_POINTS: Final = 30_000_000
"""Cells with people that one study may hold; more is a country where a county was meant."""


class RasterBand(Spec):
    """One band of another raster on the same grid."""

    path: str = Field(description="The raster file.")
    band: int = Field(1, ge=1, description="Its band, from 1.")


Bands = Annotated[int, Field(ge=1)] | RasterBand | list[Annotated[int, Field(ge=1)] | RasterBand]
"""What counts a group: a band of ``path``, a band of another file, or several that are added up."""


class PeopleRaster(Spec):
    """People from rasters such as GeoTIFF: every cell holds a number of people."""

    type: Literal["raster"] = Field(description="Read from a raster.")
    path: str | None = Field(
        None,
        description="The raster file (GeoTIFF, Erdas Imagine or ASCII grid), in any coordinate system; not needed "
        "where every group names its own.",
    )
    groups: dict[str, Bands] = Field(
        description="Group and the band that counts it, from 1; {path, band} for a band of another file on the same "
        "grid; a list of these is added up. total, everybody, is needed."
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

    @model_validator(mode="after")
    def _has_files(self) -> PeopleRaster:
        """Refuse bands of no file, and empty lists."""
        if any(parts == [] for parts in self.groups.values()):
            raise ValueError("a group is counted by at least one band")
        if self.path is None and any(isinstance(part, int) for part, _ in self._parts()):
            raise ValueError("a band alone is one of path: give path, or {path: …, band: …}")
        return self

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of the whole raster."""
        files, _ = self._layers()
        with opened(folder, files[:1]) as (raster,):
            column, row = _edge(raster.width, raster.height)
            x, y = _applied(raster.transform, column, row)
            return bounds_in_degrees(x, y, crs_of(raster, self.crs, files[0][0]))

    def load(self, reading: Reading) -> Demand:
        """Read the cells of the clip window.

        Raises:
            InputError: A file is no raster, has no such band or no CRS, lies on another grid, does not touch the area,
                holds negative numbers or NaN that are not declared as nodata, or nobody lives there.
        """
        files, layers = self._layers()
        shown = files[0][0]
        with opened(reading.folder, files) as rasters:
            self._check_bands(rasters, files)
            crs = crs_of(rasters[0], self.crs, shown)
            window = _window(rasters[0], crs, reading.clip)
            if window is None:
                raise InputError(Fault(f"{shown} does not touch the area: check the file and its crs", ("path",)))
            found = self._read(rasters, layers, window, reading)
            transform, cell_m = rasters[0].transform, _cell_side_m(rasters[0].transform, window, crs, reading.crs)
        self._refuse_impossible(found, shown)
        row, column, people = found.sorted()
        if len(row) == 0:
            raise InputError(Fault(f"{shown}: nobody lives in the area", ("path",)))
        x, y = _applied(transform, column + 0.5, row + 0.5)
        x_m, y_m = to_crs(x, y, crs, reading.crs)
        inside = inside_clip(x_m, y_m, reading.crs, reading.clip)
        used = int(inside.sum())
        for path, _ in files:
            file = local_file(reading.folder, path)
            reading.inputs.append(
                input_record(path, file, rows=found.seen, used=used, refused=found.seen - used, encoding="")
            )
        if used == 0:
            raise InputError(Fault(f"{shown}: nobody lives in the area", ("path",)))
        ids = np.array([f"r{r}c{c}" for r, c in zip(row.tolist(), column.tolist(), strict=True)], dtype=object)
        demand = Demand(
            ids=ids, x_m=x_m, y_m=y_m, people=people, groups=tuple(self.groups),
            district=join_districts(x_m, y_m, reading.districts), urban=np.zeros(len(x_m), np.bool_), cell_m=cell_m,
            cells=True, estimated=tuple(self.estimated), notes=self._notes(found, reading, shown, people),
        )  # fmt: skip
        return finished(demand, inside, what=shown, districts=reading.districts)

    def _parts(self) -> list[tuple[int | RasterBand, FaultPath]]:
        """Return every band that a group names, and where it is named."""
        found: list[tuple[int | RasterBand, FaultPath]] = []
        for group, parts in self.groups.items():
            if isinstance(parts, list):
                found += [(part, ("groups", group, at)) for at, part in enumerate(parts)]
            else:
                found.append((parts, ("groups", group)))
        return found

    def _layers(self) -> tuple[list[tuple[str, FaultPath]], dict[str, list[tuple[int, int, FaultPath]]]]:
        """Return the files, each once, and per group its layers: position of the file, band, where it is named."""
        files: dict[str, FaultPath] = {} if self.path is None else {self.path: ("path",)}
        for part, at in self._parts():
            if isinstance(part, RasterBand):
                files.setdefault(part.path, (*at, "path"))
        order = list(files)
        layers: dict[str, list[tuple[int, int, FaultPath]]] = {group: [] for group in self.groups}
        for part, at in self._parts():
            named = (part.path, part.band) if isinstance(part, RasterBand) else (str(self.path), part)
            layers[str(at[1])].append((order.index(named[0]), named[1], at))
        return list(files.items()), layers

    def _check_bands(self, rasters: Sequence[Any], files: Sequence[tuple[str, FaultPath]]) -> None:
        """Fault bands that a file does not have."""
        faults = [
            Fault(f"{files[file][0]} has {rasters[file].count} bands, band {band} is not there", at)
            for parts in self._layers()[1].values()
            for file, band, at in parts
            if band > rasters[file].count
        ]
        if faults:
            raise InputError(faults)

    def _read(
        self, rasters: Sequence[Any], layers: Mapping[str, list[tuple[int, int, FaultPath]]], window: Window,
        reading: Reading,
    ) -> _Cells:  # fmt: skip
        """Read the window piece by piece and keep the cells with people."""
        from rasterio.windows import Window as Cut  # noqa: PLC0415

        order = [TOTAL, *(group for group in layers if group != TOTAL)]
        found = _Cells(column_of=[order.index(group) for group in layers])
        count = sum(len(parts) for parts in layers.values())
        with reading.progress.step(f"people: {self.path or next(iter(self.groups))}", window[2]) as advance:
            done = window[0]
            for top, left, height, width in pieces(rasters[0], window, count):
                cut = Cut(left, top, width, height)
                known = np.ones((height, width), np.bool_)
                people = np.zeros((len(order), height, width))
                with np.errstate(all="ignore"):  # signalling NaN in a damaged file
                    for at, group in enumerate(order):
                        given = np.zeros((height, width), np.bool_)
                        for file, band, _ in layers[group]:
                            block = rasters[file].read(band, window=cut, masked=True)
                            people[at] += self._values(found, block, known, given, (top, left))
                        if group == TOTAL:
                            known = given
                        else:
                            found.partial += int((known & ~given).sum())
                    found.add(people, known, (top, left))
                advance(top + height - done)
                done = top + height
        return found

    def _values(self, found: _Cells, block: Any, known: Bools, given: Bools, corner: tuple[int, int]) -> Floats:
        """Return the people of one band, 0 where there is no data; marks in ``given`` where there is (written to)."""
        values = np.asarray(block.data).astype(np.float64)
        empty = np.ma.getmaskarray(block)
        if self.nodata is not None:
            empty = empty | (np.isnan(values) if self.nodata == "nan" else values == self.nodata)
        given |= ~empty
        people = np.where(empty | ~known, 0.0, values * self.scale)
        negative, none, many = people < 0, np.isnan(people), people > MOST_PEOPLE
        found.negative += int(negative.sum())
        found.not_numbers += int(none.sum())
        found.too_many += int(many.sum())
        for at in np.argwhere(negative | none | many)[: max(0, 3 - len(found.examples))]:
            found.examples.append(f"row {corner[0] + at[0]} column {corner[1] + at[1]}: {block.data[tuple(at)]:g}")
        return np.where(negative | none | many, 0.0, people)

    def _refuse_impossible(self, found: _Cells, shown: str) -> None:
        """Fault negative numbers, NaN and absurd numbers."""
        counts = (
            (found.negative, "negative numbers"), (found.not_numbers, "NaN"), (found.too_many, "more than 10⁹ people"),
        )  # fmt: skip
        told = [f"{count:,} cells hold {what}" for count, what in counts if count]
        if told:
            examples = "; ".join(found.examples)
            raise InputError(
                Fault(f"{shown}: {' and '.join(told)} ({examples}): where that means no data, say so in the "
                      "file, or here, e.g. nodata: nan or nodata: -9999", ("path",))
            )  # fmt: skip

    def _notes(self, found: _Cells, reading: Reading, shown: str, people: Floats) -> tuple[str, ...]:
        """Tell what was left out, and what was added up."""
        notes = []
        if found.nobody or found.nodata:
            notes.append(
                f"{shown}: of {found.seen:,} cells {found.nobody:,} hold nobody and {found.nodata:,} no data, left out"
            )
        if found.partial:
            notes.append(f"{shown}: {found.partial:,} cells have no data for one of the groups, taken as 0")
        for group, parts in self.groups.items():
            if isinstance(parts, list) and len(parts) > 1:
                notes.append(f"{group}: {len(parts)} bands added up")
        if reading.clip is not None:
            read = people[:, list(self.groups).index(TOTAL)]
            notes.append(f"{shown}: {told_people(read)} read in the window around the area")
        return tuple(notes)


@dataclass
class _Cells:
    """Cells with people, gathered piece by piece, and counts of the others."""

    column_of: list[int] = field(default_factory=list)
    row: list[np.ndarray] = field(default_factory=list)
    column: list[np.ndarray] = field(default_factory=list)
    people: list[Floats] = field(default_factory=list)
    seen: int = 0
    lived_in: int = 0
    nobody: int = 0
    nodata: int = 0
    partial: int = 0
    negative: int = 0
    not_numbers: int = 0
    too_many: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, people: Floats, known: Bools, corner: tuple[int, int]) -> None:
        """Add the cells of one piece that somebody lives in (f64[groups, rows, columns], total first)."""
        lived = (people > 0).any(axis=0)
        self.seen += lived.size
        self.nodata += int((~known).sum())
        self.nobody += int((known & ~lived).sum())
        row, column = np.nonzero(lived)
        self.lived_in += len(row)
        if self.lived_in > _MOST_POINTS:
            raise InputError(Fault(f"more than {_MOST_POINTS:,} cells with people lie in the area: give area.districts "
                                   "or area.bbox, or a coarser raster", ("path",)))  # fmt: skip
        self.row.append((row + corner[0]).astype(np.int32))
        self.column.append((column + corner[1]).astype(np.int32))
        self.people.append(people[self.column_of][:, row, column].T)

    def sorted(self) -> tuple[np.ndarray, np.ndarray, Floats]:
        """Return row, column and people of all cells, row by row, however they were cut."""
        row, column, people = (np.concatenate(parts) for parts in (self.row, self.column, self.people))
        order = np.lexsort((column, row))
        return row[order], column[order], people[order]


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
