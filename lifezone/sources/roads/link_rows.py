"""The columns of a table of links and the places of its nodes: found by mapping or by name, checked, projected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Floats, Ints
from lifezone.routing.speeds import CAR_WAYS
from lifezone.sources.crs import parse_crs, shapes_to_crs
from lifezone.sources.located import locate, location_faults
from lifezone.sources.roads.directed import OFF_NODE_M
from lifezone.sources.tables import Table

__all__ = [
    "KNOWN",
    "LinkPlaces",
    "LinkRows",
    "find_column",
    "geometry_crs",
    "places_by_geometry",
    "places_by_table",
    "read_rows",
]

KNOWN: Final = {
    "from": ("F_NODE", "from_node", "from", "u"), "to": ("T_NODE", "to_node", "to", "v"),
    "speed": ("MAX_SPD", "speed_kmh", "speed"), "length": ("LENGTH", "length_m"), "lanes": ("LANES",),
    "way": ("highway", "way", "ROAD_RANK"), "name": ("ROAD_NAME", "name"),
    "link": ("LINK_ID",), "id": ("NODE_ID", "id"), "x": ("x", "lon", "longitude"), "y": ("y", "lat", "latitude"),
}  # fmt: skip
"""Columns that are understood without mapping, in any case; capitals: the Korean node-link tables."""
ROAD_RANK: Final = {
    "101": "motorway", "102": "trunk", "103": "primary", "104": "secondary", "105": "secondary", "106": "tertiary",
    "107": "unclassified", "108": "unclassified",
}  # fmt: skip
"""ROAD_RANK of those tables: expressway, urban expressway, national road, metropolitan city road, nationally funded
local road, local road, city or county road, other."""
ONE_WAY: Final = frozenset({"1", "yes", "true", "y", "t", "oneway", "ft"})
FASTEST_KMH: Final = 200.0


@dataclass(frozen=True, eq=False)
class LinkRows:
    """The columns, n rows.

    Attributes:
        tail_id: object[n] id of the node at which the link starts.
        head_id: object[n] id of the node at which it ends.
        speed_kmh: f64[n] NaN where the table has no speeds.
        length_m: f64[n] NaN where the table has no lengths.
        way: object[n] way class, ``road`` where none is given.
        name: object[n] road name, may be empty.
        both_ways: bool[n] True where the row stands for both directions.
        link_id: object[n] id of the link, or None where the table has no such column.
    """

    tail_id: np.ndarray
    head_id: np.ndarray
    speed_kmh: Floats
    length_m: Floats
    way: np.ndarray
    name: np.ndarray
    both_ways: Bools
    link_id: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class LinkPlaces:
    """Where nodes and links are, in the study's CRS.

    Attributes:
        x_m: f64[N] easting of each node.
        y_m: f64[N] northing.
        tail: i32[n] node at which each link starts.
        head: i32[n] node at which it ends.
        line: object[n] shapely lines, None = straight.
        notes: what was noticed.
    """

    x_m: Floats
    y_m: Floats
    tail: Ints
    head: Ints
    line: np.ndarray
    notes: tuple[str, ...] = ()


def find_column(table: Table, given: str | None, word: str) -> str | None:
    """Return the column that was mapped, else one known by name in any case, else None."""
    if given is not None:
        return given
    by_case = {name.casefold(): name for name in reversed(table.columns)}
    return next((by_case[known.casefold()] for known in KNOWN[word] if known.casefold() in by_case), None)


def read_rows(table: Table, mapped: Mapping[str, str | None], oneway: str | None) -> LinkRows:
    """Read and check the columns.

    Args:
        table: the links.
        mapped: word (``from``, ``to``, ``speed``, ``length``, ``lanes``, ``way``, ``name``, ``link``) → column, None =
            find it.
        oneway: column that marks one-way rows, None = every row is one direction.

    Raises:
        InputError: A column is missing, or rows hold no node, speed or length that can be used; all are listed.
    """
    found = {word: find_column(table, name, word) for word, name in mapped.items()}
    _check_columns(table, found, oneway)
    speed, faults = _positive(table, found["speed"], "speed", zero=False)
    length, more = _positive(table, found["length"], "length", zero=True)
    faults += more
    tail_id, head_id = table.text(str(found["from"])), table.text(str(found["to"]))
    for ids, word in ((tail_id, "from"), (head_id, "to")):
        blank = ids == ""
        if blank.any():
            faults.append(Fault(f"{table.path}: rows without a node: {table.lines_of(blank)}", (word,)))
    empty = np.full(table.n_rows, "", dtype=object)
    way = empty if found["way"] is None else table.text(found["way"])
    way = np.array([ROAD_RANK.get(text, text or "road") for text in way.tolist()], dtype=object)
    unknown = sorted({text for text in way.tolist() if text not in CAR_WAYS})
    if unknown and found["speed"] is None:
        told = f"{table.path}: road classes without a known speed: {some_of(unknown)}; map a speed column"
        faults.append(Fault(f"{told} or use {', '.join(CAR_WAYS)}", ("way",)))
    if faults:
        raise InputError(faults)
    name = empty if found["name"] is None else table.text(found["name"])
    one_way = np.ones(table.n_rows, dtype=np.bool_)
    if oneway is not None:
        one_way = np.array([text.casefold() in ONE_WAY for text in table.text(oneway).tolist()], dtype=np.bool_)
    link_id = None if found.get("link") is None else table.text(str(found["link"]))
    return LinkRows(tail_id, head_id, speed, length, way, name, ~one_way, link_id)


def _check_columns(table: Table, found: Mapping[str, str | None], oneway: str | None) -> None:
    """Raise unless every mapped column exists and those that are needed were found."""
    faults: list[Fault] = []
    for word, name in (*found.items(), ("oneway", oneway)):
        if name is not None:
            faults += table.missing(name, (word,))
        elif word in {"from", "to"} or (word == "speed" and found["way"] is None):
            have, known = ", ".join(table.columns), " or ".join(KNOWN[word])
            told = f"{table.path}: name the column for {word!r} ({known} would be known); it has {have}"
            faults.append(Fault(told, (word,)))
    if faults:
        raise InputError(faults)


def _positive(table: Table, name: str | None, word: str, *, zero: bool) -> tuple[Floats, list[Fault]]:
    """Return a column of numbers that must be above zero (or zero too), NaN throughout where there is no column."""
    if name is None:
        return np.full(table.n_rows, np.nan), []
    values, faults = table.numbers(name, (word,))
    if faults:
        return values, faults
    bad = ~(np.isfinite(values) & ((values >= 0) if zero else (values > 0)))
    if bad.any():
        need = "0 or more metres" if zero else "above 0 km/h"
        faults.append(Fault(f"{table.path}: {name} must be {need}: {table.lines_of(bad)}", (word,)))
    fast = (values > FASTEST_KMH) & (word == "speed")
    if fast.any():
        told = f"{table.path}: {name} must be in km/h, {FASTEST_KMH:g} at most: {table.lines_of(fast)}"
        faults.append(Fault(told, (word,)))
    return values, faults


def geometry_crs(table: Table, given: str | None) -> str:
    """Return the CRS of a table's geometry: the one given, else its own.

    Raises:
        InputError: There is neither, or the one given is unknown.
    """
    if given is not None:
        parse_crs(given)
        return given
    if table.crs is None:
        raise InputError(Fault(f"{table.path} does not say its coordinate system: give crs, e.g. EPSG:5186", ("crs",)))
    return str(table.crs)


def places_by_geometry(table: Table, rows: LinkRows, *, source: str, study: str) -> LinkPlaces:
    """Take nodes from the ends of the links' lines: the first row that names a node says where it is.

    Raises:
        InputError: A row has no line, or one in several parts.
    """
    lines = np.asarray(table.geometry, dtype=object)
    lines = np.where(
        shapely.get_type_id(lines) == shapely.GeometryType.MULTILINESTRING, shapely.line_merge(lines), lines
    )
    bad = (shapely.get_type_id(lines) != shapely.GeometryType.LINESTRING) | shapely.is_empty(lines)
    if bad.any():
        raise InputError(Fault(f"{table.path}: links without one unbroken line: {table.lines_of(bad)}", ("path",)))
    lines = shapes_to_crs(lines, source, study)
    if not np.isfinite(shapely.bounds(lines)).all():
        raise InputError(Fault(f"{table.path}: some links have no place in {source}: check crs", ("crs",)))
    starts, ends = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    point = np.concatenate([starts, ends])
    x, y = shapely.get_x(point), shapely.get_y(point)
    _, first, node = np.unique(
        np.concatenate([rows.tail_id, rows.head_id]).astype(str), return_index=True, return_inverse=True
    )
    tail, head = np.split(node.astype(np.int32), 2)
    gap_m = np.hypot(x - x[first][node], y - y[first][node])
    far = int((gap_m > OFF_NODE_M).sum())
    told = f"{table.path}: {far:,} link ends lie over {OFF_NODE_M:g} m from their node and are joined to it straight"
    notes = (told,) if far else ()
    return LinkPlaces(x[first], y[first], tail, head, lines, notes)


def places_by_table(
    nodes: Table, rows: LinkRows, columns: Mapping[str, str | None], *, crs: str | None, study: str, links: Table
) -> LinkPlaces:
    """Take nodes from their own table; links are straight unless they have lines.

    Args:
        nodes: the table of nodes.
        rows: the links' columns.
        columns: word (``id``, ``x``, ``y``) → column, None = find it.
        crs: CRS of x and y, None = degrees or the geometry's own.
        study: the study's CRS.
        links: the table of links, for messages.

    Raises:
        InputError: A column is missing, a node is repeated or has no place, or a link names an unknown node.
    """
    found = {word: find_column(nodes, name, word) for word, name in columns.items()}
    if nodes.geometry is not None and columns["x"] is None:
        found["x"] = found["y"] = None
    id_column = found["id"]
    faults = location_faults(nodes, found["x"], found["y"], crs)
    if id_column is None:
        have = ", ".join(nodes.columns)
        faults.append(Fault(f"{nodes.path}: name the column with the node's id; it has {have}", ("id",)))
    else:
        faults += nodes.missing(id_column, ("id",))
    if faults:
        raise InputError([fault.under(("nodes",)) for fault in faults])
    ids = nodes.text(str(id_column)).astype(str)
    placed = locate(nodes, found["x"], found["y"], crs, study=study, clip=None).placed
    known, first, count = np.unique(ids, return_index=True, return_counts=True)
    if (count > 1).any():
        raise InputError(Fault(f"{nodes.path}: node ids repeat: {some_of(known[count > 1].tolist())}", ("nodes", "id")))
    lacking = placed.missing[first]
    known, first = known[~lacking], first[~lacking]
    tail, head = _positions(known, rows, links)
    line = np.full(len(rows.tail_id), None, dtype=object)
    return LinkPlaces(placed.x_m[first], placed.y_m[first], tail, head, line, placed.notes)


def _positions(known: np.ndarray, rows: LinkRows, links: Table) -> Sequence[Ints]:
    """Return the position of each link's nodes among the known ids, sorted."""
    faults, positions = [], []
    for ids, word in ((rows.tail_id.astype(str), "from"), (rows.head_id.astype(str), "to")):
        at = np.minimum(np.searchsorted(known, ids), max(len(known) - 1, 0))
        absent = (known[at] != ids) if len(known) else np.ones(len(ids), dtype=np.bool_)
        if absent.any():
            names = some_of(sorted(set(ids[absent].tolist())))
            told = f"{links.path}: nodes that the node table does not place: {names} ({links.lines_of(absent)})"
            faults.append(Fault(told, (word,)))
        positions.append(at.astype(np.int32))
    if faults:
        raise InputError(faults)
    return positions
