"""A folder of results read back: its manifest, and a variant as far as its files tell of it.

What comes back is enough to compare and to draw: people, verdicts, deserts, facilities, districts and roads. What files
do not hold is left at what says the least: nothing is uncertain, depth is not defined.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from lifezone.errors import InputError
from lifezone.model import (
    Access,
    Assessment,
    CapacityTest,
    Convention,
    Demand,
    DensityBound,
    Desert,
    DesertTest,
    Districts,
    Facilities,
    Growth,
    Network,
    Reason,
    Requirement,
    Standard,
    Variant,
    Verdicts,
    World,
)
from lifezone.report.sheets import unquoted
from lifezone.report.swap import MANIFEST, PROGRAM
from lifezone.standards import deep, judged_functions, lost_functions

__all__ = ["Saved", "open_saved", "standard_of"]

_REASONS: Final = {reason.name.lower(): int(reason) for reason in Reason}
_PEOPLE: Final = "people_"
_NESTED: Final = {"growth": Growth, "capacity": CapacityTest}
_NESTED_LISTS: Final = {"by_density": DensityBound, "official": Convention}


@dataclass(frozen=True)
class Saved:
    """A folder of results.

    Attributes:
        out: the folder.
        manifest: what its ``manifest.json`` says.
    """

    out: Path
    manifest: dict[str, Any]

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants, baseline first."""
        return tuple(entry["name"] for entry in self.manifest["variants"])

    def variant(self, name: str) -> Variant:
        """Read one variant.

        Raises:
            InputError: there is no such variant, or the run wrote no GeoParquet.
        """
        if name not in self.variants:
            raise InputError(f"{self.out}: no variant {name!r} in this result; there are {', '.join(self.variants)}")
        entry = next(entry for entry in self.manifest["variants"] if entry["name"] == name)
        folder = self.out / entry["folder"]
        missing = [file for file in ("cells.parquet", "facilities.parquet") if not (folder / file).is_file()]
        if missing:
            raise InputError(f"{folder / missing[0]} is missing: run it again with output.layers that hold parquet")
        cells = gpd.read_parquet(folder / "cells.parquet")
        supply = _facilities(gpd.read_parquet(folder / "facilities.parquet"))
        standard = standard_of(entry.get("standard") or self.manifest["standard"])
        units = self._districts(name)
        demand = _demand(cells, units, self.manifest)
        crs = self.manifest["crs"]
        roads = replace(_roads(self.out, name, crs), modelled=self.manifest["modelled"]["network"] or "")
        world = World(roads, demand, supply, units, {"walk": Access(500.0, 1.0)}, crs)
        assessment = self._assessment(name, cells, standard, world)
        world = replace(world, demand=replace(demand, urban=_urban(assessment)))
        title = entry.get("title", {})
        return Variant(
            name, world, assessment, tuple(entry["edits"]), title_ko=title.get("ko", ""), title_en=title.get("en", "")
        )

    def _districts(self, name: str) -> Districts:
        """Return the districts, with their polygons where the GeoPackage holds them."""
        told = self.manifest["districts"]
        polygons = None
        layer = _layer(self.out, f"districts_{name}")
        if layer is not None:
            by_id = dict(zip(layer["id"].astype(str), layer.geometry, strict=True))
            polygons = np.array([by_id.get(unit["id"]) for unit in told], dtype=object)
            if any(shape is None for shape in polygons):
                polygons = None
        return Districts(
            tuple(unit["id"] for unit in told), tuple(unit["name"] for unit in told),
            tuple(unit["name_en"] for unit in told), polygons,
        )  # fmt: skip

    def _assessment(self, name: str, cells: gpd.GeoDataFrame, standard: Standard, world: World) -> Assessment:
        """Return verdicts and deserts as the files tell them."""
        ids = {one: at for at, one in enumerate(world.facilities.ids.tolist())}
        verdicts = {
            rule.id: _verdicts(cells, rule.id, ids) for rule in standard.requirements if f"{rule.id}_reason" in cells
        }
        test, n = standard.desert, len(cells)
        lost = np.zeros((n, 0), np.bool_) if test is None else lost_functions(test, verdicts, n)[0]
        return Assessment(
            standard=standard,
            verdicts=verdicts,
            deficits=cells["deficits"].to_numpy(np.int32),
            lost=lost,
            desert=cells["desert"].fillna(-1).to_numpy(np.int32),
            deserts=self._deserts(name, world),
            deep=np.zeros(n, np.bool_) if test is None else deep(lost, judged_functions(test, verdicts, n)),
        )

    def _deserts(self, name: str, world: World) -> tuple[Desert, ...]:
        """Return the deserts of ``deserts.csv``, with the English names and the ground of the GeoPackage."""
        position = {unit: at for at, unit in enumerate(world.districts.ids)}
        layer = _layer(self.out, f"deserts_{name}", read_geometry=False)
        more = {} if layer is None else {int(row["desert"]): row for row in layer.to_dict("records")}
        with (self.out / "deserts.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if unquoted(row["variant"]) == name]
        return tuple(_desert(row, position, world.demand.groups, more.get(int(row["desert"]), {})) for row in rows)


def open_saved(out: str | Path) -> Saved:
    """Open a folder of results.

    Raises:
        InputError: it is no folder of results of lifezone.
    """
    out = Path(out)
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM or "variants" not in manifest:
        raise InputError(f"{out} holds no result of lifezone ({MANIFEST}): name the folder that a run wrote")
    return Saved(out, manifest)


def _desert(row: dict[str, str], position: dict[str, int], groups: tuple[str, ...], more: dict[str, Any]) -> Desert:
    """Return one row of ``deserts.csv``; ``more`` is what the GeoPackage tells of it."""
    korean = unquoted(row["name"])
    return Desert(
        label=int(row["desert"]),
        named=bool(korean),
        name_ko=korean,
        name_en=str(more.get("name_en") or korean),
        district=position.get(unquoted(row["district"]), -1),
        people=tuple(float(row.get(_PEOPLE + group) or 0) for group in groups),
        missing=tuple(filter(None, row["missing_functions"].split(";"))),
        worst_seconds=float(row["worst_minutes"] or "inf") * 60,
        area_m2=float(more.get("area_m2") or 0.0),
        points=int(more.get("points") or 0),
    )


def standard_of(told: dict[str, Any]) -> Standard:
    """Return the standard that a manifest tells."""
    return Standard(
        id=told["id"],
        requirements=tuple(_requirement(rule) for rule in told["requirements"]),
        desert=None if told["desert"] is None else _desert_test(told["desert"]),
        name_ko=told["name"],
        name_en=told["name_en"],
        note=told.get("note", ""),
        not_computed=told.get("not_computed", {}),
    )


def _desert_test(told: dict[str, Any]) -> DesertTest:
    """Return the desert test."""
    known: dict[str, Any] = {
        key: _plain(value) for key, value in told.items() if key in DesertTest.__dataclass_fields__
    }
    known["functions"] = {name: tuple(ids) for name, ids in told["functions"].items()}
    return DesertTest(**known)


def _requirement(told: dict[str, Any]) -> Requirement:
    """Return one requirement; fields that this version does not know are left out."""
    known: dict[str, Any] = {}
    for field in fields(Requirement):
        if field.name not in told:
            continue
        value = told[field.name]
        if field.name in _NESTED and value is not None:
            value = _NESTED[field.name](**value)
        elif field.name in _NESTED_LISTS:
            value = tuple(_NESTED_LISTS[field.name](**one) for one in value)
        known[field.name] = _plain(value)
    return Requirement(**known)


def _plain(value: Any) -> Any:
    """Return lists as tuples."""
    return tuple(value) if isinstance(value, list) else value


def _demand(cells: gpd.GeoDataFrame, units: Districts, manifest: dict[str, Any]) -> Demand:
    """Return the people of the study area, in file order."""
    groups = tuple(column.removeprefix(_PEOPLE) for column in cells.columns if column.startswith(_PEOPLE))
    shapes = np.asarray(cells.geometry, dtype=object)
    are_cells = bool(len(shapes)) and bool((shapely.get_type_id(shapes) == 3).all())
    middle = shapely.centroid(shapes)
    bounds = shapely.bounds(shapes[:1]) if are_cells else np.zeros((1, 4))
    position = {unit: at for at, unit in enumerate(units.ids)}
    modelled = manifest.get("modelled", {})
    return Demand(
        ids=cells["id"].astype(str).to_numpy(object),
        x_m=shapely.get_x(middle),
        y_m=shapely.get_y(middle),
        people=cells[[_PEOPLE + group for group in groups]].to_numpy(np.float64).reshape(len(cells), len(groups)),
        groups=groups,
        district=np.array([position.get(str(unit), 0) for unit in cells["district"]], np.int32),
        urban=np.zeros(len(cells), np.bool_),
        cell_m=round(float(bounds[0, 2] - bounds[0, 0]), 3) if are_cells else 0.0,
        cells=are_cells,
        estimated=tuple(group for group in manifest.get("estimated_groups", []) if group in groups),
        modelled=modelled.get("demand") or "",
    )


def _urban(assessment: Assessment) -> np.ndarray:
    """Return bool[P]: which points some urban requirement judged; the files do not tell it otherwise."""
    rules = {rule.id for rule in assessment.standard.requirements if rule.setting == "urban"}
    judged = [one.judged for key, one in assessment.verdicts.items() if key in rules]
    return np.logical_or.reduce(judged) if judged else np.zeros(len(assessment.deficits), np.bool_)


def _facilities(rows: gpd.GeoDataFrame) -> Facilities:
    """Return the facilities of a file."""
    kinds = tuple(dict.fromkeys(rows["kind"].astype(str)))
    points = np.asarray(rows.geometry, dtype=object)
    return Facilities(
        ids=rows["id"].astype(str).to_numpy(object),
        x_m=shapely.get_x(points),
        y_m=shapely.get_y(points),
        kind=np.array([kinds.index(kind) for kind in rows["kind"].astype(str)], np.int32),
        kinds=kinds,
        name=rows["name"].fillna("").astype(str).to_numpy(object),
        capacity=rows["capacity"].to_numpy(np.float64),
        cost=rows["cost"].to_numpy(np.float64),
        open=rows["open"].to_numpy(np.bool_),
        hours=rows["hours"].fillna("").astype(str).to_numpy(object),
        close_cost=rows["close_cost"].to_numpy(np.float64) if "close_cost" in rows else None,
        yearly_cost=rows["yearly_cost"].to_numpy(np.float64) if "yearly_cost" in rows else None,
    )


def _verdicts(cells: gpd.GeoDataFrame, key: str, ids: dict[str, int]) -> Verdicts:
    """Return the verdicts of one requirement; null minutes are ``inf`` where it was assessed, NaN where it was not."""
    reason = cells[f"{key}_reason"].map(_REASONS).fillna(0).to_numpy(np.uint8)
    silent = reason == Reason.NOT_ASSESSED
    columns = []
    for name in ("minutes", "metres", "access_metres"):
        values = cells[f"{key}_{name}"].to_numpy(np.float64)
        columns.append(np.where(np.isnan(values), np.where(silent, np.nan, np.inf), values))
    n = len(cells)
    facility = cells[f"{key}_facility"]
    used = np.array([-1 if pd.isna(one) else ids.get(str(one), -1) for one in facility], np.int32)
    return Verdicts(
        seconds=columns[0] * 60.0, metres=columns[1], access_m=columns[2], facility=used, reason=reason,
        depth=np.full(n, np.nan), optimum=np.zeros(n, np.bool_), uncertain=np.zeros(n, np.bool_),
        certified=np.ones(n, np.bool_), hangs_on_access=np.zeros(n, np.bool_),
    )  # fmt: skip


def _layer(out: Path, layer: str, *, read_geometry: bool = True) -> gpd.GeoDataFrame | None:
    """Return a layer of the GeoPackage, or None."""
    path = out / "result.gpkg"
    if not path.is_file() or layer not in pyogrio.list_layers(path)[:, 0]:
        return None
    return pyogrio.read_dataframe(path, layer=layer, read_geometry=read_geometry)


def _roads(out: Path, variant: str, crs: str) -> Network:
    """Return the roads of the GeoPackage, to draw them: who may use them, and no times; none where there is no file."""
    layer = _layer(out, f"roads_{variant}")
    layer = _layer(out, "roads") if layer is None else layer
    lines = np.empty(0, object) if layer is None else np.asarray(layer.geometry, dtype=object)
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    tail = np.flatnonzero(owner[:-1] == owner[1:]) if len(owner) else np.empty(0, np.int64)
    texts = [] if layer is None else layer["way"].astype(str).tolist()
    ways = tuple(dict.fromkeys(texts))
    code = np.array([ways.index(text) for text in texts], np.int16)
    metres = np.hypot(*(xy[tail + 1] - xy[tail]).T) if len(tail) else np.empty(0)
    return Network(
        x_m=xy[:, 0].copy(), y_m=xy[:, 1].copy(), border=np.zeros(len(xy), np.bool_), tail=tail.astype(np.int32),
        head=(tail + 1).astype(np.int32), metres=metres, seconds={"car": np.repeat(metres, 2)},
        way=code[owner[tail]] if len(tail) else np.empty(0, np.int16), ways=ways,
        name=np.zeros(len(tail), np.int32), names=("",), crs=crs,
    )  # fmt: skip
