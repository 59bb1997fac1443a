"""Where the rows of a table are: two columns, or its geometry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifezone.errors import Fault, InputError
from lifezone.sources.crs import Placed, bounds_in_degrees, inside_clip, parse_crs, place, shapes_to_crs
from lifezone.sources.reading import Extent
from lifezone.sources.tables import Table, read_table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Located", "extent_of", "lacks_places", "locate", "location_faults", "says_nowhere"]

_POINT, _POLYGON, _MULTIPOLYGON = 0, 3, 6


@dataclass(frozen=True, eq=False)
class Located:
    """Points of a table's rows in the study, and their polygons in the study's CRS where the table has them."""

    placed: Placed
    shapes: np.ndarray | None = None


def says_nowhere(table: Table, x: str | None, y: str | None) -> bool:
    """Tell whether a table says nowhere where its rows are: neither columns nor geometry."""
    return x is None and y is None and table.geometry is None


def lacks_places(source: Any, folder: Path) -> bool:
    """Tell whether a source is a table that says nowhere where its rows are; False where it cannot be read."""
    keys = ("path", "x", "y", "h3", "layer", "encoding")
    if not all(hasattr(source, key) for key in keys) or source.h3 is not None:
        return False
    if source.x is not None or source.y is not None:
        return False
    try:
        table = read_table(folder, source.path, layer=source.layer, encoding=source.encoding)
    except InputError:
        return False
    return says_nowhere(table, None, None)


def location_faults(
    table: Table, x: str | None, y: str | None, crs: str | None, *, needs_places: bool = True
) -> list[Fault]:
    """Return what is wrong with the keys that say where rows are: a missing column, x without y, an unknown crs.

    Args:
        table: the rows.
        x: column with eastings.
        y: column with northings.
        crs: their coordinate system.
        needs_places: False where rows may do without any place.
    """
    faults = [fault for key, column in (("x", x), ("y", y)) if column for fault in table.missing(column, (key,))]
    if (x is None) != (y is None):
        faults.append(Fault("x and y are needed together", ("y",) if y is None else ("x",)))
    if needs_places and says_nowhere(table, x, y):
        faults.append(Fault(f"{table.path} has no geometry: name its columns x and y", ("x",)))
    if crs is not None:
        try:
            parse_crs(crs)
        except InputError as error:
            faults += error.faults
    return faults


def locate(
    table: Table, x: str | None, y: str | None, crs: str | None, *, study: str, clip: BaseGeometry | None
) -> Located:
    """Bring the rows of a table into the study; the columns and the crs have been checked.

    Polygons stand for their centroid, or for a point inside where the centroid is not. Rows of a table that says
    nowhere where they are belong to the study, at no place (NaN).

    Raises:
        InputError: A cell is not a number, the CRS is unknown, or coordinates are swapped.
    """
    if x is not None and y is not None:
        east, faults = table.numbers(x, ("x",), thousands=False)
        north, more = table.numbers(y, ("y",), thousands=False)
        if faults or more:
            raise InputError([*faults, *more])
        return Located(place(east, north, crs=crs, study=study, clip=clip, what=table.path))
    if says_nowhere(table, x, y):
        nowhere = np.full(table.n_rows, np.nan)
        every = np.ones(table.n_rows, np.bool_)
        return Located(Placed(nowhere, nowhere.copy(), ~every, every))
    return _locate_shapes(table, crs, study, clip)


def extent_of(table: Table, x: str | None, y: str | None, crs: str | None, *, margin_m: float = 0.0) -> Extent:
    """Return west, south, east, north in degrees of a table's rows; the columns and the crs have been checked.

    Raises:
        InputError: No row has a place.
    """
    if x is None and y is None and table.geometry is not None:
        source = _shapes_crs(table, crs)
        bounds = shapely.bounds(table.geometry)
        corners = np.concatenate([bounds[:, [0, 1]], bounds[:, [2, 3]], bounds[:, [0, 3]], bounds[:, [2, 1]]])
        return bounds_in_degrees(corners[:, 0], corners[:, 1], source, margin_m=margin_m)
    placed = locate(table, x, y, crs, study="EPSG:4326", clip=None).placed
    return bounds_in_degrees(placed.x_m, placed.y_m, "EPSG:4326", margin_m=margin_m)


def _shapes_crs(table: Table, crs: str | None) -> str:
    """Return the CRS of a table's geometry: the one given, else its own."""
    if crs is None and table.crs is None:
        raise InputError(Fault(f"{table.path} does not say its coordinate system: give crs", ("crs",)))
    return crs or str(table.crs)


def _locate_shapes(table: Table, crs: str | None, study: str, clip: BaseGeometry | None) -> Located:
    """Bring points or polygons into the study."""
    source = _shapes_crs(table, crs)
    shapes = np.asarray(table.geometry, dtype=object)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = set(np.unique(shapely.get_type_id(shapes[~missing])).tolist())
    notes: tuple[str, ...] = ()
    if crs is not None and table.crs is not None and parse_crs(crs) != parse_crs(table.crs):
        notes = (f"{table.path} says {_short(table.crs)}, read as {crs} because crs is given",)
    if kinds <= {_POINT}:
        x, y = shapely.get_x(shapes), shapely.get_y(shapes)
        placed = place(x, y, crs=source, study=study, clip=clip, what=table.path)
        return Located(_with_notes(placed, notes))
    if not kinds <= {_POLYGON, _MULTIPOLYGON}:
        raise InputError(Fault(f"{table.path}: expected points or polygons, all of one sort", ("path",)))
    moved = shapes_to_crs(shapes, source, study)
    missing = shapely.is_missing(moved) | shapely.is_empty(moved)
    known = shapes.copy()
    known[missing] = None
    middle = shapely.centroid(known)
    placed = place(shapely.get_x(middle), shapely.get_y(middle), crs=source, study=study, clip=None, what=table.path)
    point = shapely.centroid(moved)
    off = ~missing & ~shapely.intersects(moved, point) & shapely.is_valid(moved)
    point[off] = shapely.point_on_surface(moved[off])
    x_m, y_m = shapely.get_x(point), shapely.get_y(point)
    inside = inside_clip(x_m, y_m, study, clip)
    return Located(Placed(x_m, y_m, ~np.isfinite(x_m), inside, (*placed.notes, *notes)), moved)


def _with_notes(placed: Placed, notes: tuple[str, ...]) -> Placed:
    """Return the points with more to tell."""
    return Placed(placed.x_m, placed.y_m, placed.missing, placed.inside, (*placed.notes, *notes))


def _short(crs: str) -> str:
    """Name a CRS in few words."""
    parsed = parse_crs(crs)
    authority = parsed.to_authority()
    return ":".join(authority) if authority else str(parsed.name)
