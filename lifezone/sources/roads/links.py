"""Roads from a table of links: one row, one direction, as road authorities publish them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, Literal

import numpy as np
import shapely
from pydantic import ConfigDict, Field

from lifezone.errors import Fault, InputError
from lifezone.model import Floats
from lifezone.routing.speeds import KMH, SpeedRules, load_rules
from lifezone.sources.crs import DEGREES, bounds_in_degrees, to_crs
from lifezone.sources.files import input_record
from lifezone.sources.located import extent_of
from lifezone.sources.osm.segments import geodesic_m
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.roads.directed import DirectedEdges, roads_of_edges
from lifezone.sources.roads.link_rows import (
    LinkPlaces,
    LinkRows,
    find_column,
    geometry_crs,
    places_by_geometry,
    places_by_table,
    read_rows,
)  # fmt: skip
from lifezone.sources.roads.result import Roads
from lifezone.sources.tables import Table, read_table
from lifezone.spec import Spec

__all__ = ["LinkNodes", "Links"]

NO_WALK_KMH: Final = 90.0
"""A link with at least this speed is taken as a motorway, closed to feet (motor roads in Korea: 90 km/h)."""
IN_TOWN_KMH: Final = 60.0
"""A link with no more than this speed takes the period's factor for built-up areas."""


class LinkNodes(Spec):
    """The table of nodes that links name; needed where links have no geometry."""

    path: str = Field(description="The file with one row a node: CSV, GeoPackage, shapefile, GeoJSON or Parquet.")
    id: str | None = Field(default=None, description="Column with the node's id; NODE_ID is known.")
    x: str | None = Field(default=None, description="Column with longitude or easting; not needed with geometry.")
    y: str | None = Field(default=None, description="Column with latitude or northing; not needed with geometry.")
    layer: str | None = Field(default=None, description="Layer of a GeoPackage that holds several.")
    crs: str | None = Field(default=None, description="Coordinate system of x and y, for example EPSG:5186.")

    def table(self, folder: Path) -> Table:
        """Read the table."""
        try:
            return read_table(folder, self.path, layer=self.layer)
        except InputError as error:
            raise InputError([fault.under(("nodes",)) for fault in error.faults]) from None


class Links(Spec):
    """Roads from a table in which each row is one direction of a road, with a speed in km/h and a length in metres."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["links"] = Field(default="links", description="Read from a table of links.")
    path: str = Field(description="The table of links: GeoPackage, shapefile, GeoJSON, CSV or Parquet.")
    from_: str | None = Field(
        default=None, alias="from", description="Column with the node a link starts at; F_NODE is known."
    )
    to: str | None = Field(default=None, description="Column with the node it ends at; T_NODE is known.")
    speed: str | None = Field(default=None, description="Column with the speed driven in km/h; MAX_SPD is known.")
    length: str | None = Field(default=None, description="Column with the length in metres; LENGTH is known.")
    lanes: str | None = Field(default=None, description="Column with the number of lanes; LANES is known.")
    way: str | None = Field(
        default=None, description="Column with the road class: motorway, primary …, or the codes of ROAD_RANK."
    )
    oneway: str | None = Field(
        default=None, description="Column that says 'yes' or 1 for one-way rows; all others stand for both directions."
    )
    name: str | None = Field(default=None, description="Column with the road's name; ROAD_NAME is known.")
    id: str | None = Field(
        default=None, description="Column with the link's id, by which a table of turns names it; LINK_ID is known."
    )
    nodes: LinkNodes | None = Field(default=None, description="Table of nodes, where links have no geometry.")
    layer: str | None = Field(default=None, description="Layer of a GeoPackage that holds several.")
    crs: str | None = Field(default=None, description="Coordinate system of the geometry where the file does not say.")
    modes: list[Literal["car", "walk"]] = Field(
        default=["car", "walk"], min_length=1, description="Who may use these links: car, walk or both."
    )

    def extent(self, folder: Path) -> Extent:
        """Return the box of the links' geometry, else of the nodes."""
        table = read_table(folder, self.path, layer=self.layer)
        if table.geometry is not None:
            xy = shapely.get_coordinates(table.geometry)
            return bounds_in_degrees(xy[:, 0], xy[:, 1], geometry_crs(table, self.crs))
        nodes = self._nodes(table)
        node_table = nodes.table(folder)
        if node_table.geometry is not None and nodes.x is None:
            return extent_of(node_table, None, None, nodes.crs)
        return extent_of(
            node_table, find_column(node_table, nodes.x, "x"), find_column(node_table, nodes.y, "y"), nodes.crs
        )

    def load(self, reading: Reading) -> Roads:
        """Read the links inside ``reading.clip``.

        Raises:
            InputError: A column, node, speed, length or the CRS is missing or wrong; all faults are listed.
        """
        with reading.progress.step(f"Reading {self.path}"):
            table = read_table(reading.folder, self.path, layer=self.layer)
            reading.inputs.append(input_record(self.path, table.file, what="roads", rows=table.n_rows))
            mapped = {"from": self.from_, "to": self.to, "speed": self.speed, "length": self.length,
                      "lanes": self.lanes, "way": self.way, "name": self.name, "link": self.id}  # fmt: skip
            rows = read_rows(table, mapped, self.oneway)
            places = self._places(table, rows, reading)
            edges, notes = _edges(self, rows, places, reading)
            network, ids = roads_of_edges(
                edges, walk_mps=reading.walk_mps, crs=reading.crs, clip=reading.clip,
                notes=(*table.notes, *places.notes, *notes),
            )  # fmt: skip
        return Roads(network, notes=network.notes, ids=ids)

    def _nodes(self, table: Table) -> LinkNodes:
        """Return the description of the node table, which must be there."""
        if self.nodes is None:
            told = f"{table.path} has no geometry: name the table of nodes, nodes: {{path, id, x, y}}"
            raise InputError(Fault(told, ("nodes",)))
        return self.nodes

    def _places(self, table: Table, rows: LinkRows, reading: Reading) -> LinkPlaces:
        """Find out where nodes and links are."""
        if table.geometry is not None and self.nodes is None:
            return places_by_geometry(table, rows, source=geometry_crs(table, self.crs), study=reading.crs)
        nodes = self._nodes(table)
        node_table = nodes.table(reading.folder)
        record = input_record(nodes.path, node_table.file, what="road nodes", rows=node_table.n_rows)
        reading.inputs.append(record)
        columns = {"id": nodes.id, "x": nodes.x, "y": nodes.y}
        places = places_by_table(node_table, rows, columns, crs=nodes.crs, study=reading.crs, links=table)
        if table.geometry is None:
            return places
        lines = places_by_geometry(table, rows, source=geometry_crs(table, self.crs), study=reading.crs).line
        return LinkPlaces(places.x_m, places.y_m, places.tail, places.head, lines, places.notes)


def _edges(spec: Links, rows: LinkRows, places: LinkPlaces, reading: Reading) -> tuple[DirectedEdges, list[str]]:
    """Return the directed edges: times from the stated speeds, rows for both directions doubled."""
    rules = load_rules(reading.speeds)
    metres = np.where(np.isnan(rows.length_m), _line_m(places, reading.crs), rows.length_m)
    car_s = np.where("car" in spec.modes, metres / _car_mps(rows, rules), np.inf)
    by_speed = np.nan_to_num(rows.speed_kmh) >= NO_WALK_KMH
    motorway = by_speed | np.array([way in rules.no_walk for way in rows.way.tolist()], dtype=np.bool_)
    walkable = ~motorway & ("walk" in spec.modes)
    back = np.flatnonzero(rows.both_ways)
    line = np.concatenate([places.line, [None if one is None else shapely.reverse(one) for one in places.line[back]]])
    twice = np.concatenate([np.arange(len(metres)), back])
    node_id = np.full(len(places.x_m), "", dtype=object)
    node_id[places.tail], node_id[places.head] = rows.tail_id, rows.head_id
    edges = DirectedEdges(
        x_m=places.x_m, y_m=places.y_m,
        tail=np.concatenate([places.tail, places.head[back]]), head=np.concatenate([places.head, places.tail[back]]),
        line=line, metres=metres[twice], car_s=car_s[twice], walkable=walkable[twice],
        way=rows.way[twice].tolist(), name=rows.name[twice].tolist(), node_id=node_id,
        link_id=None if rows.link_id is None else rows.link_id[twice],
    )  # fmt: skip
    return edges, _notes(spec, rows, rules, int(motorway.sum()))


def _car_mps(rows: LinkRows, rules: SpeedRules) -> Floats:
    """Return the speed driven: the class speed a planner set, else the stated speed, else the preset's for the class.

    A stated speed is taken as driven; only a factor that the planner set scales it.
    """
    factor = rules.factor if rules.factor_is_given else 1.0
    classes = {way: rules.car_mps(way, math.nan, built_up=False) for way in sorted(set(rows.way.tolist()))}
    by_class = np.array([classes[way] for way in rows.way.tolist()], dtype=np.float64)
    own = np.array([way in rules.driven_mps for way in rows.way.tolist()], dtype=np.bool_)
    outside, inside = rules.period_factor
    period = np.where(np.nan_to_num(rows.speed_kmh) > IN_TOWN_KMH, outside, inside)
    return np.where(own | np.isnan(rows.speed_kmh), by_class, rows.speed_kmh * KMH * factor * period)


def _line_m(places: LinkPlaces, crs: str) -> Floats:
    """Return the length of each link along its line on the ellipsoid."""
    ends = [[(places.x_m[i], places.y_m[i]) for i in pair] for pair in zip(places.tail, places.head, strict=True)]
    lines = np.array([one if one is not None else shapely.LineString(end)
                      for one, end in zip(places.line, ends, strict=True)], dtype=object)  # fmt: skip
    xy, of = shapely.get_coordinates(lines, return_index=True)
    lon, lat = to_crs(xy[:, 0], xy[:, 1], crs, DEGREES)
    joined = np.flatnonzero(of[1:] == of[:-1])
    pieces = geodesic_m(lon[joined], lat[joined], lon[joined + 1], lat[joined + 1])
    return np.bincount(of[joined], weights=pieces, minlength=len(lines)).astype(np.float64)


def _notes(spec: Links, rows: LinkRows, rules: SpeedRules, n_motorway: int) -> list[str]:
    """Tell what was assumed."""
    notes = [rules.note]
    if np.isfinite(rows.speed_kmh).any():
        scaled = (
            f"times the factor {rules.factor:g}" if rules.factor_is_given else "area.speeds.factor would scale them"
        )
        notes = [f"speeds of the links are taken as driven ({scaled}){rules.of_period}"]
    if np.isnan(rows.length_m).any():
        notes.append("lengths are measured along the lines, the table states none")
    if "walk" in spec.modes:
        told = f"every link is open to feet in both directions, but for {n_motorway:,} of motorways"
        notes.append(f"{told} or with {NO_WALK_KMH:g} km/h and more")
    return notes
