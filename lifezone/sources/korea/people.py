"""People from a Korean public file as published: registration, grids, ri, tables of districts; put where they live."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import numpy as np
import shapely
from pydantic import Field, field_validator

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Demand
from lifezone.sources.crs import DEGREES, bounds_in_degrees, inside_clip, shapes_to_crs, to_crs
from lifezone.sources.districts import join_districts
from lifezone.sources.files import input_record
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.gazetteer import Boundaries, Gazetteer
from lifezone.sources.korea.groups import DEFAULT_GROUPS, group_faults
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import Opened, open_known
from lifezone.sources.korea.placing import LEVELS, Found, Placed, at_points, in_shapes, matched, rows_of
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.korea.spread import SpreadOver, weights_of
from lifezone.sources.korea.units import Units, read_units
from lifezone.sources.korea.villages import VillageNames, named_by_halls
from lifezone.sources.people.build import check_groups, finished
from lifezone.sources.reading import Extent, Reading
from lifezone.spec import Spec

if TYPE_CHECKING:
    from lifezone.model import Network

__all__ = ["Ages", "KoreaPeople"]

_BASIS: Final = {"registered": "주민등록지 기준", "daytime": "주간 인구 기준", "living": "생활 인구 기준"}


class Ages(Spec):
    """Ages that are known for larger units only."""

    path: str = Field(description="File with ages by district, e.g. resident registration.")
    boundaries: Boundaries | None = Field(None, description="Polygons of its districts; without it area.districts.")
    level: Literal["emd", "sigungu", "sido"] | None = Field(None, description="Level of the file that is taken.")


class KoreaPeople(Spec):
    """People from a Korean public file as published; it is recognised by its headings."""

    type: Literal["korea"] = Field(description="Read from a Korean public file as published; see lifezone inspect.")
    path: str = Field(description="The file: registration by age, SGIS or NGII grid, ri, a table of districts.")
    groups: dict[str, str] | None = Field(
        None,
        description="Group and whom it counts: all, 65+, 0-6, female 15-49; total: all is needed. "
        "Without it total, age_0_6 and age_65_plus, as far as the file tells them.",
    )
    level: Literal["emd", "sigungu", "sido"] | None = Field(
        None, description="Which level of a file with several; without it that of the boundaries, else the finest."
    )
    boundaries: Boundaries | None = Field(
        None, description="Polygons that codes and names are matched against; without it area.districts."
    )
    weights: SpreadOver | None = Field(
        None, description="Where the people of a district live; without it they stand at one point in its middle."
    )
    ages: Ages | None = Field(None, description="Ages of larger units, where the file counts everybody only.")
    names: VillageNames | None = Field(None, description="Village halls that name the points.")
    basis: Literal["registered", "daytime", "living"] = Field(
        "registered", description="Whom the file counts where: registered, daytime or living (staying) people."
    )
    masked: list[Annotated[float, Field(ge=0)]] | None = Field(
        None, min_length=2, max_length=2, description="What a masked count (*) stands for, least and most, e.g. [1, 4]."
    )
    perturbed: Annotated[int, Field(ge=0)] = Field(
        0, description="How far each published count may be off on purpose; the total is then told as a range."
    )
    missing: Literal["leave_out", "middle"] = Field(
        "leave_out",
        description="Districts that no boundary fits: left out, or put in the middle of their si-gun-gu; told.",
    )
    year: int | None = Field(None, description="Which year of a file with several; without it the latest.")
    crs: str | None = Field(
        None, description="Coordinate system of points and polygons, where the file does not say it."
    )
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @field_validator("groups")
    @classmethod
    def _groups(cls, groups: dict[str, str] | None) -> dict[str, str] | None:
        """Refuse groups without a total, odd names and groups that cannot be read."""
        if groups is None:
            return None
        check_groups(groups)
        faults = group_faults(groups)
        if faults:
            raise ValueError("; ".join(fault.message for fault in faults))
        return groups

    @property
    def needs_roads(self) -> bool:
        """True when people are put along roads, which must have been read then."""
        return self.weights is not None and self.weights.over == "roads"

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of the units or of their boundaries."""
        _, _, _, units = self.read(folder)
        seen = units.has_place
        if seen.any():
            return bounds_in_degrees(units.x[seen], units.y[seen], self._crs(units), margin_m=units.cell_m / 2)
        if units.shapes is not None:
            corners = shapely.bounds(units.shapes)
            x, y = np.concatenate([corners[:, 0], corners[:, 2]]), np.concatenate([corners[:, 1], corners[:, 3]])
            return bounds_in_degrees(x, y, self.crs or units.shapes_crs or DEGREES)
        if self.boundaries is not None:
            return self.boundaries.extent(folder)
        told = f"{self.path} tells no places: give boundaries (polygons with codes or names), or area.districts"
        raise InputError(Fault(told, ("boundaries",)))

    def read(
        self, folder: Path, *, level: str | None = None, found: tuple[Opened, Match] | None = None
    ) -> tuple[Opened, Match, FileReport, Units]:
        """Read the file without knowing the study; ``found`` is the file where it has been opened already."""
        opened, match = found or open_known(folder, self.path, "people", layer=self.layer, encoding=self.encoding)
        report = report_of(self.path, opened, match)
        groups = dict(self.groups or DEFAULT_GROUPS)
        masked = None if self.masked is None else (self.masked[0], self.masked[1])
        if self.ages is not None:
            groups = {TOTAL: groups[TOTAL]}
        units = read_units(
            opened, match, report, groups, level=self.level or level, masked=masked, year=self.year,
            is_default=self.groups is None,
        )  # fmt: skip
        report.facts["basis"] = self.basis
        if self.perturbed:
            people = units.people.counts[:, 0]
            least, most = np.maximum(people - self.perturbed, 0).sum(), (people + self.perturbed).sum()
            report.facts["people_range"] = [float(least), float(most)]
        return opened, match, report, units

    def load(self, reading: Reading, *, network: Network | None = None) -> Demand:
        """Read the people into the study.

        Args:
            reading: The study.
            network: Its roads, where people are put along them.

        Raises:
            InputError: The file is of no known form, tells no places and no boundaries fit, or a group cannot be told.
        """
        with reading.progress.step(f"people: {self.path}"):
            gazetteer = self._gazetteer(reading)
            level = None if gazetteer is None else gazetteer.finest
            opened, _, report, units = self.read(reading.folder, level=level if level != "sido" else None)
            placed = self._placed(reading, units, gazetteer, report, network)
            demand = self._demand(reading, units, placed)
            if self.ages is not None:
                demand = self._with_ages(reading, demand, report)
            if self.names is not None:
                demand = named_by_halls(self.names, demand, reading, report)
        inside = inside_clip(demand.x_m, demand.y_m, reading.crs, reading.clip)
        kept = np.zeros(units.n_units, np.bool_)
        kept[placed.unit[inside]] = True
        rows = rows_of(units)
        leave_out(report, "outside_area", int(rows[placed.is_placed & ~kept].sum()))
        report.used = int(rows[kept].sum())
        reading.inputs.append(
            input_record(self.path, opened.table.file, rows=opened.rows, used=report.used,
                         refused=opened.rows - report.used, encoding=opened.table.encoding, report=report.as_dict())
        )  # fmt: skip
        if not inside.any():
            raise InputError(Fault(f"{self.path}: nobody lives in the area: check boundaries and crs", ("path",)))
        told = replace(demand, notes=(*report.notes(), *demand.notes))
        return finished(told, inside, what=self.path, districts=reading.districts)

    def _crs(self, units: Units) -> str:
        """Return the CRS of the units' points."""
        return units.crs or self.crs or DEGREES

    def _gazetteer(self, reading: Reading) -> Gazetteer | None:
        """Return the boundaries to match against: those named, else the study's districts."""
        if self.boundaries is not None:
            try:
                return self.boundaries.gazetteer(reading)
            except InputError as error:
                raise InputError([fault.under(("boundaries",)) for fault in error.faults]) from None
        return Gazetteer.of_districts(reading.districts)

    def _placed(
        self, reading: Reading, units: Units, gazetteer: Gazetteer | None, report: FileReport, network: Network | None
    ) -> Placed:
        """Return where the people of each unit go."""
        if units.has_place.any() and units.shapes is None:
            report.crs = report.crs or self._crs(units)
            return at_points(units, to_crs(units.x, units.y, self._crs(units), reading.crs), report)
        if units.shapes is not None:
            shapes = shapes_to_crs(units.shapes, self.crs or units.shapes_crs or DEGREES, reading.crs)
            found = Found(np.arange(units.n_units, dtype=np.int64), shapes, units.ids.astype(object), None)
        elif gazetteer is None:
            told = f"{self.path} tells no places: give boundaries (polygons with codes or names), or area.districts"
            raise InputError(Fault(told, ("boundaries",)))
        else:
            found = matched(units, gazetteer, report, own=self.boundaries is None, in_middle=self.missing == "middle")
        weights = None if self.weights is None else weights_of(self.weights, reading, network)
        return in_shapes(units, found, weights, report)

    def _demand(self, reading: Reading, units: Units, placed: Placed) -> Demand:
        """Make the demand: people of each piece, districts joined."""
        groups = units.people.groups
        people = units.people.counts[placed.unit] * placed.share[:, None]
        x_m, y_m = placed.x_m, placed.y_m
        district = join_districts(x_m, y_m, reading.districts) if placed.district is None else placed.district
        n = len(x_m)
        is_spread = self.weights is not None and not placed.cells and placed.modelled != ""
        estimated = tuple(dict.fromkeys([*units.people.estimated, *(g for g in groups if is_spread and g != TOTAL)]))
        names = units.names[placed.unit]
        side = float(np.median(placed.side_m)) if n else 0.0
        return Demand(
            ids=_unique(placed.ids), x_m=x_m, y_m=y_m, people=people, groups=groups, district=district.astype(np.int32),
            urban=np.zeros(n, np.bool_), cell_m=side, cells=placed.cells, estimated=estimated, modelled=placed.modelled,
            name=names.astype(object), sides_m=None if placed.cells else placed.side_m,
            people_read=float(units.people.counts[:, 0].sum()),
            notes=(f"{self.path}: counts people where they are {self.basis} ({_BASIS[self.basis]})",),
        )  # fmt: skip

    def _with_ages(self, reading: Reading, demand: Demand, report: FileReport) -> Demand:
        """Give every point the ages of the larger unit it lies in; labelled as estimated."""
        assert self.ages is not None
        other = KoreaPeople(type="korea", path=self.ages.path, groups=self.groups, level=self.ages.level,
                            boundaries=self.ages.boundaries)  # fmt: skip
        gazetteer = other._gazetteer(reading)
        if gazetteer is None:
            raise InputError(Fault("ages of larger units need their boundaries", ("ages", "boundaries")))
        try:
            opened, _, told, units = other.read(reading.folder, level=gazetteer.finest)
        except InputError as error:
            raise InputError([fault.under(("ages",)) for fault in error.faults]) from None
        found = matched(units, gazetteer, told, own=False)
        reading.inputs.append(
            input_record(self.ages.path, opened.table.file, what="ages", rows=opened.rows,
                         encoding=opened.table.encoding, report=told.as_dict())
        )  # fmt: skip
        groups = units.people.groups
        tree = shapely.STRtree(found.shapes)
        nearest = tree.nearest(shapely.points(demand.x_m, demand.y_m))
        counts = units.people.counts[found.unit[nearest]]
        share = counts / np.where(counts[:, :1] > 0, counts[:, :1], 1.0)
        people = demand.total[:, None] * share
        people[:, 0] = demand.total
        report.facts["ages"] = f"spread from {LEVELS.get(units.level, units.level)} of {self.ages.path}, estimated"
        return replace(demand, people=people, groups=groups, estimated=tuple(g for g in groups if g != TOTAL))


def _unique(ids: np.ndarray) -> np.ndarray:
    """Return ids with ``#2`` after repeated ones."""
    seen: dict[str, int] = {}
    out = []
    for key in ids.tolist():
        seen[key] = seen.get(key, 0) + 1
        out.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return np.array(out, dtype=object)
