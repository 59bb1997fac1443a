"""Facilities from a Korean public file as published: columns, kinds, states and coordinates are found by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import numpy as np
from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Facilities, Floats
from lifezone.sources.crs import DEGREES, bounds_in_degrees, place
from lifezone.sources.files import did_you_mean, input_record
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import loose_numbers
from lifezone.sources.korea.facility_places import check_districts, place_missing
from lifezone.sources.korea.facility_rows import FacilityRows, count_rows, read_facility_rows
from lifezone.sources.korea.gazetteer import Boundaries
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import Opened, open_known
from lifezone.sources.korea.report import FileReport
from lifezone.sources.reading import Extent, Reading
from lifezone.spec import Spec

__all__ = ["KoreaFacilities"]

SORT: Final = "facilities"


class KoreaFacilities(Spec):
    """Facilities from a Korean public file as published; it is recognised by its headings."""

    type: Literal["korea"] = Field(description="Read from a Korean public file as published; see lifezone inspect.")
    path: str = Field(description="The file: CSV in UTF-8 or CP949, GeoPackage, shapefile or GeoJSON.")
    kinds: list[str] = Field(
        default_factory=list, description="Only these kinds; without it every kind that the file tells."
    )
    map: dict[str, str] = Field(
        default_factory=dict, description="Further words of the file and the kind they are, e.g. 한의원: clinic."
    )
    capacity: Literal["doctors", "specialists", "beds", "places", "seats", "staff", "spaces"] | None = Field(
        None,
        description="What capacity is taken from; without it the column in the kind's own unit, where there is one.",
    )
    closed: Literal["keep", "leave_out"] = Field(
        "keep", description="What becomes of facilities that are closed or suspended: kept as not open, or left out."
    )
    duplicates: Literal["drop", "keep"] = Field(
        "drop", description="Rows that repeat a facility (kind, name, place): the newest stays, or all do."
    )
    departments: list[str] = Field(
        default_factory=list, description="Only facilities with one of these departments, e.g. 소아청소년과."
    )
    missing: Literal["leave_out", "district_middle"] = Field(
        "leave_out",
        description="Rows without a usable place: left out, or put at the middle of the district of their address, "
        "flagged in the name; needs boundaries.",
    )
    boundaries: Boundaries | None = Field(
        None, description="Polygons of districts that addresses are held against, e.g. eup-myeon-dong."
    )
    crs: str | None = Field(None, description="Coordinate system of x and y, where the form does not settle it.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _boundaries_needed(self) -> KoreaFacilities:
        """Refuse middles of districts without districts."""
        if self.missing == "district_middle" and self.boundaries is None:
            raise ValueError("missing: district_middle needs boundaries: {path: …}, polygons of districts")
        return self

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of the rows that are used."""
        _, rows, _ = self.read(folder)
        used = rows.why == ""
        return bounds_in_degrees(rows.lon[used], rows.lat[used], DEGREES)

    def read(self, folder: Path, found: tuple[Opened, Match] | None = None) -> tuple[Opened, FacilityRows, FileReport]:
        """Read the file without knowing the study; ``found`` is the file where it has been opened already."""
        opened, match = found or open_known(folder, self.path, SORT, layer=self.layer, encoding=self.encoding)
        report = report_of(self.path, opened, match)
        rows = read_facility_rows(
            opened, match, report, kinds=self.kinds, more_words=self.map, crs=self.crs,
            keep_twins=self.duplicates == "keep", keep_closed=self.closed == "keep",
        )  # fmt: skip
        if self.boundaries is not None:
            gazetteer = self.boundaries.gazetteer(Reading(folder, DEGREES))
            check_districts(rows, gazetteer, report)
            if self.missing == "district_middle":
                place_missing(rows, gazetteer, report)
        if self.departments:
            self._with_departments(rows)
        return opened, rows, report

    def load(self, reading: Reading) -> Facilities:
        """Read the facilities that lie in the clip, in file order.

        Raises:
            InputError: The file is no known list of facilities, does not tell its CRS, or a kind is unknown.
        """
        faults = self._unknown_kinds(reading)
        with reading.progress.step(self.path):
            try:
                opened, rows, report = self.read(reading.folder)
            except InputError as error:
                raise InputError([*faults, *error.faults]) from None
            if report.facts.get("crs_is_guessed"):
                told = f"{self.path} does not say its coordinate system: give crs ({report.crs} fits its addresses)"
                faults.append(Fault(told, ("crs",)))
            if faults:
                raise InputError(faults)
            placed = place(rows.lon, rows.lat, crs=DEGREES, study=reading.crs, clip=reading.clip, what=self.path)
            used = (rows.why == "") & placed.inside
            capacity = self._capacity(rows, reading)
        count_rows(rows, opened, report, used)
        kinds = tuple(self.kinds) or tuple(sorted(set(rows.kind[rows.why == ""].tolist())))
        reading.inputs.append(
            input_record(self.path, opened.table.file, rows=opened.rows, used=report.used,
                         refused=opened.rows - report.used, encoding=opened.table.encoding, report=report.as_dict())
        )  # fmt: skip
        code = {kind: at for at, kind in enumerate(kinds)}
        n = report.used
        return Facilities(
            ids=rows.ids[used], x_m=placed.x_m[used], y_m=placed.y_m[used],
            kind=np.array([code[kind] for kind in rows.kind[used].tolist()], np.int32), kinds=kinds,
            name=rows.name[used], capacity=capacity[used], cost=np.full(n, np.nan), open=rows.is_open[used],
            hours=np.full(n, "", dtype=object), notes=report.notes(),
        )  # fmt: skip

    def _unknown_kinds(self, reading: Reading) -> list[Fault]:
        """Fault kinds that the study does not know."""
        asked: list[tuple[tuple[str, str | int], str]] = [(("kinds", at), kind) for at, kind in enumerate(self.kinds)]
        asked += [(("map", word), kind) for word, kind in self.map.items()]
        return [
            Fault(f"unknown kind {kind!r}{did_you_mean(kind, tuple(reading.kinds))}: see kinds", path)
            for path, kind in asked if kind not in reading.kinds
        ]  # fmt: skip

    def _with_departments(self, rows: FacilityRows) -> None:
        """Leave out rows that do not name one of the departments."""
        if "departments" not in rows.match.roles:
            told = f"{self.path} does not tell departments"
            raise InputError(Fault(f"{told}: leave departments out", ("departments",)))
        has = np.array(
            [
                bool({part.strip() for part in str(cell).split(",")} & set(self.departments))
                for cell in rows.departments
            ],
            np.bool_,
        )
        rows.why[(rows.why == "") & ~has] = "other_department"

    def _capacity(self, rows: FacilityRows, reading: Reading) -> Floats:
        """Return f64[n] capacity in each kind's own unit, or of the column asked for; NaN where it is not told."""
        capacity = np.full(len(rows.kind), np.nan)
        for kind in sorted(set(rows.kind[rows.why == ""].tolist())):
            own = reading.kinds.get(kind)
            role = self.capacity or ("" if own is None else own.capacity_unit)
            if role not in rows.match.roles:
                continue
            numbers, _ = loose_numbers(rows.table, rows.match.roles[role])
            of_kind: Bools = rows.kind == kind
            capacity[of_kind] = numbers[of_kind]
        capacity[~(capacity >= 0) | ~np.isfinite(capacity)] = np.nan
        return capacity
