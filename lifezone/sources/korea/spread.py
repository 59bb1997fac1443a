"""People of districts put where people live inside them: by a grid, buildings, ri shares or residential roads.

Weights say where; every district and group keeps its people to the last one (people of a district × weight ÷ weights
in it). A cell that lies in two districts gives each the part that lies there. A district without any weight keeps its
people at one point in its middle, told.

How far the method errs is measured where the file lets it: what it would have given to eup, myeon and dong if only
si-gun-gu were known, against what was published; the share of people put into the wrong one is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import numpy as np
import shapely
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Floats, Longs
from lifezone.sources.crs import DEGREES, shapes_to_crs, to_crs
from lifezone.sources.files import input_record
from lifezone.sources.korea.catalogue import normal
from lifezone.sources.korea.cells import loose_numbers
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import Opened, open_published
from lifezone.sources.korea.units import read_units
from lifezone.sources.reading import Reading
from lifezone.sources.tables import Table
from lifezone.spec import Length, Spec

if TYPE_CHECKING:
    from lifezone.model import Network

__all__ = ["SpreadOver", "Weights", "misplaced_share", "spread_units", "weight_inside", "weights_of"]

_RI_SHARES: Final = ("pop2012", "인구총계명", "인구총계", "인구총계(명)")
_FLOORS: Final = ("grndflr", "지상층수", "grofloct", "floors", "numfloors", "a26")


class SpreadOver(Spec):
    """Where the people of districts are put inside them."""

    over: Literal["grid", "buildings", "ri", "roads"] = Field(
        description="grid: in proportion to a population grid; buildings: floor area; ri: shares of ri with places; "
        "roads: evenly along roads where people live."
    )  # fmt: skip
    path: str | None = Field(None, description="The file of cells, buildings or ri; roads need none.")
    column: str | None = Field(
        None,
        description="Column with the weight (grid, ri: people; buildings: floors); found by itself where it can be.",
    )
    x: str | None = Field(None, description="Column with longitude or easting, where weights are points.")
    y: str | None = Field(None, description="Column with latitude or northing.")
    crs: str | None = Field(None, description="Coordinate system of the weights, where the file does not say it.")
    layer: str | None = Field(None, description="Layer of a GeoPackage that holds several.")
    ways: list[str] = Field(default_factory=list, description="Classes of roads where people live, for roads.")
    spacing: Annotated[Length, Field(ge=1)] = Field(100.0, description="One point for each stretch of road this long.")


@dataclass(frozen=True, eq=False)
class Weights:
    """Where people live, w places.

    Attributes:
        x_m: f64[w] easting in the study's CRS.
        y_m: f64[w] northing.
        weight: f64[w] ≥ 0.
        side_m: f64[w] side of what each place stands for, 0 for points.
        shapes: object[w] polygons that may lie in several districts, or None for places that lie in one.
        ids: object[w] names for new points.
        what: in words.
    """

    x_m: Floats
    y_m: Floats
    weight: Floats
    side_m: Floats
    shapes: np.ndarray | None
    ids: np.ndarray
    what: str


def weights_of(spec: SpreadOver, reading: Reading, network: Network | None) -> Weights:
    """Read the weights.

    Raises:
        InputError: The file or a column is missing, or no place has a weight.
    """
    if spec.over == "roads":
        return _road_weights(spec, network)
    if spec.path is None:
        raise InputError(Fault(f"people spread over {spec.over} need a file: give path", ("weights", "path")))
    opened = open_published(reading.folder, spec.path, layer=spec.layer)
    reading.inputs.append(
        input_record(spec.path, opened.table.file, what=f"weights: {spec.over}", rows=opened.rows,
                     encoding=opened.table.encoding)
    )  # fmt: skip
    weights = {"grid": _grid_weights, "buildings": _building_weights, "ri": _ri_weights}[spec.over](
        spec, opened, reading
    )
    if not (weights.weight > 0).any():
        raise InputError(Fault(f"{spec.path}: no place has a weight above 0", ("weights", "path")))
    return weights


def _road_weights(spec: SpreadOver, network: Network | None) -> Weights:
    """Points along roads, all of one weight."""
    from lifezone.sources.people.on_roads import points_along_roads  # noqa: PLC0415

    if network is None:
        raise InputError(Fault("people can only be spread over roads where there are roads", ("weights", "over")))
    x_m, y_m, _ = points_along_roads(network, spec.ways, spec.spacing)
    n = len(x_m)
    ids = np.array([f"r{at}" for at in range(1, n + 1)], dtype=object)
    return Weights(x_m, y_m, np.ones(n), np.full(n, spec.spacing), None, ids, "roads where people live")


def _grid_weights(spec: SpreadOver, opened: Opened, reading: Reading) -> Weights:
    """Cells of a population grid; a cell that crosses a boundary is cut."""
    known = next((match for match in opened.matches if match.form.key in ("sgis_grid", "ngii_grid")), None)
    if known is not None and spec.column is None:
        report = report_of(spec.path or "", opened, known)
        units = read_units(opened, known, report, {"total": "all"}, masked=(1.0, 4.0))
        half = units.cell_m / 2
        boxes = shapely.box(units.x - half, units.y - half, units.x + half, units.y + half)
        shapes = shapes_to_crs(boxes, units.crs, reading.crs)
        return _of_shapes(shapes, units.people.counts[:, 0], units.ids, f"grid of {units.cell_m:,.0f} m")
    table = opened.table
    weight = _weight_column(spec, table, ())
    if table.geometry is None:
        return _points(spec, table, weight, reading, "grid")
    shapes = shapes_to_crs(np.asarray(table.geometry, dtype=object), spec.crs or table.crs or DEGREES, reading.crs)
    return _of_shapes(shapes, weight, _ids(table), "grid")


def _building_weights(spec: SpreadOver, opened: Opened, reading: Reading) -> Weights:
    """Buildings: floor area, or ground area where floors are not told; each lies where its middle does."""
    table = opened.table
    if table.geometry is None:
        raise InputError(Fault(f"{spec.path} has no polygons of buildings", ("weights", "path")))
    shapes = shapes_to_crs(np.asarray(table.geometry, dtype=object), spec.crs or table.crs or DEGREES, reading.crs)
    area = np.nan_to_num(shapely.area(shapes))
    by_name = {normal(column): column for column in table.columns}
    column = spec.column or next((by_name[word] for word in _FLOORS if word in by_name), None)
    floors = np.ones(table.n_rows)
    if column is not None:
        if table.missing(column, ("weights", "column")):
            raise InputError(table.missing(column, ("weights", "column")))
        told, _ = loose_numbers(table, column)
        floors = np.where(told >= 1, told, 1.0)
    middle = shapely.centroid(shapes)
    x_m, y_m = shapely.get_x(middle), shapely.get_y(middle)
    what = "floor area of buildings" if column is not None else "ground area of buildings"
    return Weights(x_m, y_m, area * floors, np.zeros(len(area)), None, _ids(table), what)


def _ri_weights(spec: SpreadOver, opened: Opened, reading: Reading) -> Weights:
    """Points of ri with their people of another year."""
    weight = _weight_column(spec, opened.table, _RI_SHARES)
    return _points(spec, opened.table, weight, reading, "shares of ri")


def _points(spec: SpreadOver, table: Table, weight: Floats, reading: Reading, what: str) -> Weights:
    """Weights at points given by two columns."""
    by_name = {normal(column): column for column in table.columns}
    x = spec.x or next((by_name[word] for word in ("lon", "경도", "x", "longitude") if word in by_name), None)
    y = spec.y or next((by_name[word] for word in ("lat", "위도", "y", "latitude") if word in by_name), None)
    if x is None or y is None or table.missing(x, ()) or table.missing(y, ()):
        raise InputError(Fault(f"{spec.path} tells no places: name its columns x and y", ("weights", "x")))
    east, _ = loose_numbers(table, x)
    north, _ = loose_numbers(table, y)
    x_m, y_m = to_crs(east, north, spec.crs or DEGREES, reading.crs)
    side = np.zeros(len(weight))
    if "areakm2" in by_name:
        area, _ = loose_numbers(table, by_name["areakm2"])
        side = np.sqrt(np.where(area > 0, area, 0.0) * 1e6)
    return Weights(x_m, y_m, weight, side, None, _ids(table), what)


def _weight_column(spec: SpreadOver, table: Table, known: tuple[str, ...]) -> Floats:
    """Return the column of weights, 0 where there is no number."""
    by_name = {normal(column): column for column in table.columns}
    usual = (*known, "val", "population", "pop", "people", "인구", "인구수", "총인구", "poptotal", "total")
    column = spec.column or next((by_name[word] for word in usual if word in by_name), None)
    if column is None or table.missing(column, ()):
        raise InputError(
            table.missing(column, ("weights", "column")) if column
            else Fault(f"{spec.path}: name the column with the weight", ("weights", "column"))
        )  # fmt: skip
    numbers, _ = loose_numbers(table, column)
    return np.where(numbers > 0, numbers, 0.0)


def _of_shapes(shapes: np.ndarray, weight: Floats, ids: np.ndarray, what: str) -> Weights:
    """Weights of polygons that may be cut by boundaries."""
    middle = shapely.centroid(shapes)
    side = np.sqrt(np.nan_to_num(shapely.area(shapes)))
    return Weights(shapely.get_x(middle), shapely.get_y(middle), np.nan_to_num(weight), side, shapes, ids, what)


def _ids(table: Table) -> np.ndarray:
    """Return names for places: a column of codes where each is there once, else the row."""
    by_name = {normal(column): column for column in table.columns}
    for word in ("gid", "code", "격자코드", "id"):
        if word in by_name and table.columns.count(by_name[word]) == 1:
            cells = table.text(by_name[word])
            if len(np.unique(cells.astype(str))) == len(cells) and (cells != "").all():
                return cells
    return np.array([f"w{line}" for line in table.line.tolist()], dtype=object)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Where the people of units go, k pieces.

    Attributes:
        unit: i64[k] unit.
        share: f64[k] share of the unit's people; shares of a unit add up to 1.
        x_m: f64[k] easting.
        y_m: f64[k] northing.
        side_m: f64[k] side of what the piece stands for.
        ids: object[k].
        empty: i64[u] units without any weight, put at their middle.
    """

    unit: Longs
    share: Floats
    x_m: Floats
    y_m: Floats
    side_m: Floats
    ids: np.ndarray
    empty: Longs


def spread_units(shapes: np.ndarray, unit_ids: np.ndarray, weights: Weights) -> Pieces:
    """Divide units over the weights inside their polygons.

    Args:
        shapes: object[n] polygons of the units in the study's CRS.
        unit_ids: object[n].
        weights: where people live.
    """
    place, unit, part, x_m, y_m, side_m = _inside(shapes, weights)
    weight = weights.weight[place] * part
    keep = weight > 0
    place, unit, weight, x_m, y_m, side_m = (a[keep] for a in (place, unit, weight, x_m, y_m, side_m))
    sums = np.bincount(unit, weight, minlength=len(shapes))
    share = weight / sums[unit]
    ids = np.array(
        [f"{weights.ids[w]}/{unit_ids[u]}" for w, u in zip(place.tolist(), unit.tolist(), strict=True)], object
    )
    empty = np.flatnonzero(sums <= 0)
    middle = shapely.point_on_surface(shapes[empty])
    return Pieces(
        np.concatenate([unit, empty]).astype(np.int64), np.concatenate([share, np.ones(len(empty))]),
        np.concatenate([x_m, shapely.get_x(middle)]), np.concatenate([y_m, shapely.get_y(middle)]),
        np.concatenate([side_m, np.sqrt(shapely.area(shapes[empty]))]),
        np.concatenate([ids, unit_ids[empty].astype(object)]), empty.astype(np.int64),
    )  # fmt: skip


def _inside(shapes: np.ndarray, weights: Weights) -> tuple[Any, ...]:
    """Return place, unit, part of the place inside, and x, y, side of each pair that meets."""
    tree = shapely.STRtree(shapes)
    if weights.shapes is None:
        seen = np.flatnonzero(np.isfinite(weights.x_m) & np.isfinite(weights.y_m))
        points = shapely.points(weights.x_m[seen], weights.y_m[seen])
        at, unit = tree.query(points, predicate="intersects")
        first = np.unique(at, return_index=True)[1]  # on a common boundary the first unit has it
        place, unit = seen[at[first]], unit[first]
        part = np.ones(len(place))
        return place, unit, part, weights.x_m[place], weights.y_m[place], weights.side_m[place]
    place, unit = tree.query(weights.shapes, predicate="intersects")
    order = np.lexsort((unit, place))
    place, unit = place[order], unit[order]
    whole = shapely.area(weights.shapes)[place]
    cut = np.array(shapely.intersection(weights.shapes[place], shapes[unit]), dtype=object)
    area = shapely.area(cut)
    part = np.where(whole > 0, area / np.where(whole > 0, whole, 1.0), 0.0)
    part[part > 1 - 1e-9] = 1.0
    middle = shapely.centroid(cut)
    x_m, y_m = shapely.get_x(middle), shapely.get_y(middle)
    return place, unit, np.where(np.isfinite(x_m), part, 0.0), x_m, y_m, np.sqrt(area)


def weight_inside(shapes: np.ndarray, weights: Weights) -> Floats:
    """Return f64[n] the weight that lies inside each polygon."""
    place, unit, part, _, _, _ = _inside(shapes, weights)
    return np.bincount(unit, weights.weight[place] * part, minlength=len(shapes)).astype(np.float64)


def misplaced_share(people: Floats, parent: np.ndarray, weight: Floats) -> float:
    """Return the share of people that the weights put into the wrong unit when only their parents are known.

    ½ Σ |expected − published| ÷ Σ published, with expected = people of the parent × weight ÷ weights in the parent.

    Args:
        people: f64[n] published people of each unit.
        parent: object[n] what each unit is part of.
        weight: f64[n] weight inside each unit.
    """
    _, group = np.unique(parent.astype(str), return_inverse=True)
    known, weights = np.bincount(group, people), np.bincount(group, weight)
    usable = weights[group] > 0
    if not usable.any() or people[usable].sum() <= 0:
        return float("nan")
    expected = known[group] * weight / np.where(weights[group] > 0, weights[group], 1.0)
    return float(np.abs(expected - people)[usable].sum() / 2 / people[usable].sum())
