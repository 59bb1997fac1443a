"""Places within districts: cells of a grid, tracts, buildings; pooled into cells where a side is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Districts, Floats, Ints
from lifezone.monitor.counts import UnitTable
from lifezone.monitor.dates import day_of
from lifezone.monitor.district_codes import Codes
from lifezone.monitor.series import Why
from lifezone.monitor.tables import counts_of, put_to_districts
from lifezone.sources.crs import study_crs
from lifezone.sources.districts import join_districts
from lifezone.sources.files import input_record
from lifezone.sources.flows.table import Year
from lifezone.sources.located import extent_of, locate, location_faults
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Length, Spec

__all__ = ["PlacesTable"]


class PlacesTable(Spec):
    """Figures of places within districts: a row for each cell, tract, building or household."""

    type: Literal["places"] = Field(description="Places within districts.")
    path: str = Field(description="The file: CSV, Parquet, GeoPackage, shapefile or any other table.")
    columns: dict[str, str] = Field(
        min_length=1,
        description="Figure → its column: all, low_income, 65+, old_buildings, buildings … or words of your own.",
    )
    district: str | None = Field(
        None, description="Column with the code of the district; without it the place decides (needs boundaries)."
    )
    x: str | None = Field(None, description="Column with easting or longitude; not needed where rows are drawn.")
    y: str | None = Field(None, description="Column with northing or latitude.")
    crs: str | None = Field(None, description="Coordinate system of x and y, or of the file where it does not say it.")
    grid: Length | None = Field(
        None, description="Pool places into square cells of this side, e.g. 100 m (low income) or 500 m (buildings)."
    )
    codes: Year | None = Field(
        None, description="Year or day of the district codes, where they are not those of the edition."
    )
    unknown: Literal["refuse", "leave_out"] = Field(
        "refuse", description="Rows of districts that the study does not know: refuse, or leave them out, counted."
    )
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @field_validator("codes")
    @classmethod
    def _a_day(cls, codes: str | None) -> str | None:
        """Refuse what is no year or day."""
        if codes is not None and day_of(codes) is None:
            raise ValueError(f"expected a year, a month or a day such as 2020-06-30, got {codes!r}")
        return codes

    @field_validator("grid")
    @classmethod
    def _a_side(cls, grid: float | None) -> float | None:
        """Refuse cells without a size."""
        if grid is not None and grid <= 0:
            raise ValueError("expected a side above 0 such as '100 m'")
        return grid

    @model_validator(mode="after")
    def _both(self) -> PlacesTable:
        """Ask for x and y together."""
        if (self.x is None) != (self.y is None):
            raise ValueError("x and y are needed together")
        return self

    def load(
        self, folder: Path, codes: Codes, districts: Districts | None, crs: str, date: str, inputs: list[dict[str, Any]]
    ) -> tuple[UnitTable, tuple[str, ...]]:
        """Read the places.

        Args:
            folder: where relative paths start.
            codes: the study's districts.
            districts: with their borders, or None.
            crs: metric CRS of the study.
            date: ISO day of the edition.
            inputs: the file is noted here.

        Raises:
            InputError: a column or place is missing, a cell is no number or negative, or nothing lies in the study.
        """
        table, rows, notes = self._read(folder)
        faults: list[Fault] = []
        values: dict[str, Floats] = {}
        for key, column in self.columns.items():
            values[key], more = counts_of(table, column, ("columns", key))
            faults += more
        x_m = y_m = None
        if self.district is None and (districts is None or districts.polygon is None):
            raise InputError(Fault("places need a column district, or the study needs districts.boundaries",
                                   ("district",)))  # fmt: skip
        if self.grid is not None or self.district is None:
            crs = crs or study_crs(extent_of(table, self.x, self.y, self.crs))
            placed = locate(table, self.x, self.y, self.crs, study=crs, clip=None).placed
            x_m, y_m = placed.x_m, placed.y_m
            notes = (*notes, *placed.notes)
        district, why, more, told = self._districts(table, codes, districts, date, x_m, y_m)
        faults += more
        if not faults and not (district >= 0).any():
            faults.append(Fault(f"{self.path}: no place lies in a district of the study", ("path",)))
        if faults:
            raise InputError(faults)
        outside = int((district < 0).sum())
        inputs.append(
            input_record(self.path, table.file, what="places within districts", rows=rows, used=table.n_rows - outside,
                         refused=rows - table.n_rows + outside, encoding=table.encoding)
        )  # fmt: skip
        if outside:
            notes = (*notes, f"{self.path}: {outside:,} places lie in no district of the study")
        if self.grid is not None and x_m is not None and y_m is not None:
            return _pooled(UnitTable(district, values, why), x_m, y_m, self.grid), (*notes, *told)
        return UnitTable(district, values, why), (*notes, *told)

    def _read(self, folder: Path) -> tuple[Table, int, tuple[str, ...]]:
        """Read the file, check its columns, keep the rows that are meant."""
        table = read_table(folder, self.path, layer=self.layer, encoding=self.encoding)
        faults = [
            fault for key, column in self.columns.items() for fault in table.missing(column, ("columns", key))
        ]  # fmt: skip
        if self.district is not None:
            faults += table.missing(self.district, ("district",))
        if self.grid is not None or self.district is None:
            faults += location_faults(table, self.x, self.y, self.crs)
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no row{': ' + notes[0] if notes else ''}", ("path",)))
        return kept, table.n_rows, (*table.notes, *notes)

    def _districts(
        self, table: Table, codes: Codes, districts: Districts | None, date: str, x_m: Floats | None,
        y_m: Floats | None,
    ) -> tuple[Ints, np.ndarray, list[Fault], tuple[str, ...]]:  # fmt: skip
        """Return i32[n] districts and i8[D] reasons; a place is never cut in two."""
        n_districts = len(codes.ids)
        why = np.full(n_districts, Why.COMPUTED, np.int8)
        if self.district is None:
            if x_m is None or y_m is None:
                raise ValueError("places are located where no column tells their district")
            district = join_districts(x_m, y_m, districts)
            return district, _without_places(why, district), [], ()
        matched, faults, notes = put_to_districts(
            table, table.text(self.district), codes, (day_of(self.codes) if self.codes else None) or date,
            unknown=self.unknown, add_up=True,
        )  # fmt: skip
        faults = [Fault(one.message, ("district",) if one.path == ("id",) else one.path) for one in faults]
        district = np.full(table.n_rows, -1, np.int32)
        district[matched.row] = matched.district
        cut = np.isnan(matched.part) | (matched.part != 1)
        if (
            cut.any()
            and districts is not None
            and districts.polygon is not None
            and x_m is not None
            and y_m is not None
        ):
            district[matched.row[cut]] = join_districts(x_m, y_m, districts)[matched.row[cut]]
            cut[:] = False
        why[np.unique(matched.district[cut])] = Why.NOT_REBASED
        why[matched.incomplete] = Why.NO_ROW
        return district, _without_places(why, district), faults, notes


def _without_places(why: np.ndarray, district: Ints) -> np.ndarray:
    """Say where there is no place at all."""
    none = np.bincount(district[district >= 0], minlength=len(why)) == 0
    why[none & (why == Why.COMPUTED)] = Why.NO_ROW
    return why


def _pooled(places: UnitTable, x_m: Floats, y_m: Floats, side_m: float) -> UnitTable:
    """Pool places into square cells, a cell on a border once for each of its districts; corners at whole sides."""
    inside = np.isfinite(x_m) & (places.district >= 0)
    column, row = (np.floor(at[inside] / side_m).astype(np.int64) for at in (x_m, y_m))
    key = np.column_stack([places.district[inside], column, row])
    cells, back = np.unique(key, axis=0, return_inverse=True)
    back = back.reshape(-1)
    pooled = {
        name: np.bincount(back, value[inside], minlength=len(cells)).astype(np.float64)
        for name, value in places.counts.items()
    }  # fmt: skip
    x, y = ((cells[:, at] + 0.5) * side_m for at in (1, 2))
    return UnitTable(cells[:, 0].astype(np.int32), pooled, places.why, side_m, x, y)
