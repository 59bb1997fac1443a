"""Roads from the Korean standard node-link files (MOCT_LINK, MOCT_NODE) in their exact layout.

Each link is one direction of a road. What its columns mean (Standard Node-Link, Ministry of Land): ``ROAD_RANK`` class
(101 expressway … 108 other), ``CONNECT`` other than 000 a ramp, ``ROAD_USE`` 1 not in use, ``MAX_SPD`` km/h (0 where
not known: the class decides), ``LENGTH`` m, ``REST_VEH`` 1 closed to cars, 2–6 to other vehicles, ``REST_W`` and
``REST_H`` limits for trucks, which are told and not applied. TURNINFO is read by ``area.turns``, which names the links
and nodes of these files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import numpy as np
import shapely
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Floats
from lifezone.routing.speeds import KMH, SpeedRules, load_rules
from lifezone.sources.crs import bounds_in_degrees
from lifezone.sources.files import input_record
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.roads.directed import DirectedEdges, roads_of_edges
from lifezone.sources.roads.link_rows import (
    FASTEST_KMH,
    ROAD_RANK,
    LinkPlaces,
    LinkRows,
    geometry_crs,
    places_by_geometry,
    places_by_table,
)
from lifezone.sources.roads.result import Roads
from lifezone.sources.tables import Table, read_table
from lifezone.spec import Spec

__all__ = ["NodeLink"]

_NEEDED: Final = ("LINK_ID", "F_NODE", "T_NODE")
_CAR: Final = "1"
_NOT_IN_USE: Final = "1"
_MAIN_LINE: Final = frozenset(("", "0", "000"))
_RAMPS: Final = frozenset(("motorway", "trunk", "primary", "secondary", "tertiary"))


class Companion(Spec):
    """A file that belongs to the links."""

    path: str = Field(description="The file; a .dbf will do where it needs no geometry.")


class NodeLink(Spec):
    """Roads from the standard node-link files of the Ministry of Land, as published; turns: see area.turns."""

    type: Literal["node_link"] = Field(description="Read from standard node-link files: MOCT_LINK and its companions.")
    path: str = Field(description="MOCT_LINK: shapefile, GeoPackage or table.")
    nodes: Companion | None = Field(None, description="MOCT_NODE, only needed where links have no geometry.")
    crs: str | None = Field(None, description="Coordinate system, where the file does not say it, e.g. EPSG:5186.")
    encoding: str | None = Field(None, description="Encoding of the texts, where it is not found out.")

    def extent(self, folder: Path) -> Extent:
        """Return the box of the links, else of the nodes."""
        table = read_table(folder, self.path, encoding=self.encoding)
        if table.geometry is None:
            table = read_table(folder, self._node_path(), encoding=self.encoding)
        if table.geometry is None:
            raise InputError(Fault(f"{self.path} and its nodes have no geometry", ("nodes",)))
        xy = shapely.get_coordinates(table.geometry)
        return bounds_in_degrees(xy[:, 0], xy[:, 1], geometry_crs(table, self.crs))

    def load(self, reading: Reading) -> Roads:
        """Read the links inside ``reading.clip``, and their turns.

        Raises:
            InputError: A column is missing, a link has no nodes or line, or the coordinate system is not known.
        """
        with reading.progress.step(f"Reading {self.path}"):
            table = read_table(reading.folder, self.path, encoding=self.encoding)
            names = _columns(table, _NEEDED)
            in_use = _text(table, names, "ROAD_USE") != _NOT_IN_USE
            unused = int((~in_use).sum())
            table = table.take(in_use)
            rules = load_rules(reading.speeds)
            rows, closed, notes = _rows(table, names, rules)
            reading.inputs.append(
                input_record(self.path, table.file, what="roads", rows=table.n_rows + unused, used=table.n_rows,
                             refused=unused, encoding=table.encoding)
            )  # fmt: skip
            if unused:
                notes.append(f"{unused:,} links that are not in use (ROAD_USE 1) are left out")
            places = self._places(table, rows, reading)
            edges = _edges(rows, places, closed, rules)
            network, ids = roads_of_edges(
                edges, walk_mps=reading.walk_mps, crs=reading.crs, clip=reading.clip,
                notes=(*table.notes, *places.notes, *(f"{self.path}: {note}" for note in notes)),
            )  # fmt: skip
        return Roads(network, notes=network.notes, ids=ids)

    def _node_path(self) -> str:
        """Return the file of nodes, which must be there."""
        if self.nodes is None:
            raise InputError(Fault(f"{self.path} has no geometry: name the nodes (MOCT_NODE)", ("nodes",)))
        return self.nodes.path

    def _places(self, table: Table, rows: LinkRows, reading: Reading) -> LinkPlaces:
        """Return where nodes and links are: by the lines, else by the table of nodes."""
        if table.geometry is not None:
            return places_by_geometry(table, rows, source=geometry_crs(table, self.crs), study=reading.crs)
        path = self._node_path()
        nodes = read_table(reading.folder, path, encoding=self.encoding)
        reading.inputs.append(input_record(path, nodes.file, what="road nodes", rows=nodes.n_rows))
        columns = {"id": None, "x": None, "y": None}
        return places_by_table(nodes, rows, columns, crs=self.crs, study=reading.crs, links=table)


def _columns(table: Table, needed: tuple[str, ...], at: str = "path") -> dict[str, str]:
    """Return capital name → column of the table; faults those that are needed and missing."""
    names = {column.upper(): column for column in reversed(table.columns)}
    missing = [name for name in needed if name not in names]
    if missing:
        told = f"{table.path} is no standard node-link file: it has no {', '.join(missing)}"
        raise InputError(Fault(f"{told}; its columns are {', '.join(table.columns)}", (at,)))
    return names


def _text(table: Table, names: dict[str, str], name: str) -> np.ndarray:
    """Return a column as text, empty where the table has none."""
    return table.text(names[name]) if name in names else np.full(table.n_rows, "", dtype=object)


def _numbers(table: Table, names: dict[str, str], name: str, most: float) -> tuple[Floats, int]:
    """Return a column of numbers above 0 and up to ``most``, NaN for all others, and how many those are."""
    if name not in names:
        return np.full(table.n_rows, np.nan), table.n_rows
    numbers, _ = table.numbers(names[name], (name,))
    good = (numbers > 0) & (numbers <= most)
    return np.where(good, numbers, np.nan), int((~good).sum())


def _rows(table: Table, names: dict[str, str], rules: SpeedRules) -> tuple[LinkRows, Bools, list[str]]:
    """Return the links' columns, which are closed to cars, and what to tell."""
    tail, head = _text(table, names, "F_NODE"), _text(table, names, "T_NODE")
    blank = (tail == "") | (head == "")
    if blank.any():
        raise InputError(Fault(f"{table.path}: links without a node: {table.lines_of(blank)}", ("path",)))
    speed, no_speed = _numbers(table, names, "MAX_SPD", FASTEST_KMH)
    length, no_length = _numbers(table, names, "LENGTH", 1e6)
    ramp = ~np.isin(_text(table, names, "CONNECT").astype(str), sorted(_MAIN_LINE))
    way = [ROAD_RANK.get(rank, "road") for rank in _text(table, names, "ROAD_RANK").tolist()]
    way = [f"{one}_link" if is_ramp and one in _RAMPS else one for one, is_ramp in zip(way, ramp.tolist(), strict=True)]
    rest = np.array([text.lstrip("0") for text in _text(table, names, "REST_VEH").tolist()], dtype=object)
    closed = rest == _CAR
    notes = [rules.note]
    if no_speed:
        notes.append(
            f"{no_speed:,} links state no speed between 0 and {FASTEST_KMH:g} km/h: that of their class is taken"
        )
    if no_length:
        notes.append(f"{no_length:,} links state no length: it is measured along the line")
    if closed.any():
        notes.append(f"{int(closed.sum()):,} links are closed to cars (REST_VEH 1)")
    others = int(((rest != "") & ~closed).sum())
    if others:
        notes.append(
            f"{others:,} links are closed to other vehicles than cars (REST_VEH 2 to 6), which changes nothing"
        )
    for column, what in (("REST_W", "weight"), ("REST_H", "height")):
        limited = len(table.line) - _numbers(table, names, column, 1e6)[1]
        if limited:
            notes.append(f"{limited:,} links have a limit of {what} ({column}), which is not applied")
    same = np.zeros(table.n_rows, np.bool_)
    names_ = _text(table, names, "ROAD_NAME")
    links = _text(table, names, "LINK_ID")
    ways = np.array(way, dtype=object)
    return LinkRows(tail, head, speed, length, ways, names_, same, links), closed, notes


def _edges(rows: LinkRows, places: LinkPlaces, closed: Bools, rules: SpeedRules) -> DirectedEdges:
    """Return the directed edges, one a link, in the file's order."""
    straight = np.hypot(
        places.x_m[places.head] - places.x_m[places.tail], places.y_m[places.head] - places.y_m[places.tail]
    )
    drawn = np.array([shapely.length(line) if line is not None else np.nan for line in places.line], np.float64)
    metres = np.where(np.isnan(rows.length_m), np.where(np.isnan(drawn), straight, drawn), rows.length_m)
    factor = rules.factor if rules.factor_is_given else 1.0
    classes = {way: rules.car_mps(way, np.nan, built_up=False) for way in sorted(set(rows.way.tolist()))}
    by_class = np.array([classes[way] for way in rows.way.tolist()], np.float64)
    own = np.array([way in rules.driven_mps for way in rows.way.tolist()], np.bool_)
    mps = np.where(own | np.isnan(rows.speed_kmh), by_class, rows.speed_kmh * KMH * factor)
    walkable = np.array([way not in rules.no_walk for way in rows.way.tolist()], np.bool_)
    node_id = np.full(len(places.x_m), "", dtype=object)
    node_id[places.tail], node_id[places.head] = rows.tail_id, rows.head_id
    return DirectedEdges(
        x_m=places.x_m, y_m=places.y_m, tail=places.tail, head=places.head, line=places.line, metres=metres,
        car_s=np.where(closed, np.inf, metres / mps), walkable=walkable, way=rows.way.tolist(), name=rows.name.tolist(),
        node_id=node_id, link_id=rows.link_id,
    )  # fmt: skip
