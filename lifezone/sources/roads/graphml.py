"""Roads from GraphML as OSMnx saves it, versions 1 and 2: every value is text, some of it a list."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import shapely
from pydantic import Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats
from lifezone.routing.speeds import KMH, SpeedRules, load_rules
from lifezone.sources.crs import DEGREES, bounds_in_degrees, parse_crs, shapes_to_crs, to_crs
from lifezone.sources.files import OSM_CREDIT, input_record, local_file
from lifezone.sources.osm.segments import built_up_cells, geodesic_m, is_street
from lifezone.sources.osm.tags import ROAD_TAGS
from lifezone.sources.osm.ways import TraitTable
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.roads.directed import DirectedEdges, network_of_edges
from lifezone.sources.roads.result import Roads
from lifezone.spec import Spec

__all__ = ["GraphMl"]

DIRECTION_TAGS: Final = frozenset({"oneway", "junction", "oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle"})
"""An edge is one direction already: these tags have done their work when the graph was made."""


class GraphMl(Spec):
    """Roads from a GraphML file saved by OSMnx; each edge is one direction."""

    type: Literal["graphml"] = Field(default="graphml", description="Read from a GraphML file.")
    path: str = Field(description="A .graphml file saved by OSMnx (save_graphml).")

    def extent(self, folder: Path) -> Extent:
        """Return the box of the nodes."""
        graph = _graph(local_file(folder, self.path), self.path)
        x, y, _ = _nodes(graph, self.path)
        return bounds_in_degrees(x, y, _crs(graph))

    def load(self, reading: Reading) -> Roads:
        """Read the edges inside ``reading.clip``.

        Raises:
            InputError: The file is missing, broken or not a graph as OSMnx saves it.
        """
        path = local_file(reading.folder, self.path)
        with reading.progress.step(f"Reading {self.path}"):
            graph = _graph(path, self.path)
            reading.inputs.append(
                input_record(self.path, path, what="roads", rows=graph.number_of_edges(), attribution=OSM_CREDIT)
            )
            edges, notes = _directed(graph, self.path, reading)
            network = network_of_edges(
                edges, walk_mps=reading.walk_mps, crs=reading.crs, clip=reading.clip, notes=notes
            )
        return Roads(network, notes=network.notes)


@dataclass(frozen=True, eq=False)
class _Edges:
    """Edges in the order of the file: ends as positions, attributes as they were saved."""

    tail: list[int]
    head: list[int]
    data: list[Mapping[str, Any]]


def _graph(path: Path, shown: str) -> Any:
    """Read the file."""
    try:
        graph = nx.read_graphml(path, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, ValueError, TypeError, IndexError) as error:
        raise InputError(Fault(f"{shown} cannot be read as GraphML ({error})", ("path",))) from None
    if not graph.is_directed() or graph.number_of_edges() == 0:
        raise InputError(Fault(f"{shown}: expected a directed graph with edges, as OSMnx saves it", ("path",)))
    return graph


def _nodes(graph: Any, shown: str) -> tuple[Floats, Floats, dict[Any, int]]:
    """Return x and y of the nodes and the position of each id."""
    x: list[float] = []
    y: list[float] = []
    position: dict[Any, int] = {}
    bad: list[Any] = []
    for node, data in graph.nodes(data=True):
        position[node] = len(x)
        x.append(_number(data.get("x")))
        y.append(_number(data.get("y")))
        if math.isnan(x[-1]) or math.isnan(y[-1]):
            bad.append(node)
    if bad:
        raise InputError(Fault(f"{shown}: nodes without x and y: {some_of(bad)}", ("path",)))
    return np.array(x), np.array(y), position


def _crs(graph: Any) -> str:
    """Return the graph's CRS; OSMnx's own default where it does not say."""
    crs = str(graph.graph.get("crs", DEGREES))
    parse_crs(crs)
    return crs


def _directed(graph: Any, shown: str, reading: Reading) -> tuple[DirectedEdges, list[str]]:
    """Return the graph as directed edges in the study's CRS, and notes."""
    x, y, position = _nodes(graph, shown)
    source, rules = _crs(graph), load_rules(reading.speeds)
    x_m, y_m = to_crs(x, y, source, reading.crs)
    if not (np.isfinite(x_m) & np.isfinite(y_m)).all():
        raise InputError(Fault(f"{shown}: some nodes have no place in {source}", ("path",)))
    triples = list(graph.edges(data=True))
    edges = _Edges([position[u] for u, _, _ in triples], [position[v] for _, v, _ in triples], [d for *_, d in triples])
    line = _lines(edges, source, reading.crs, shown)
    metres = _metres(edges, line, x_m, y_m, reading.crs)
    tail, head = np.array(edges.tail, dtype=np.int32), np.array(edges.head, dtype=np.int32)
    table = TraitTable(rules)
    place = [table.place(_tags(data, rules)) for data in edges.data]
    way = [table.traits[i].way if i >= 0 else "" for i in place]
    middle = ((x_m[tail] + x_m[head]) / 2, (y_m[tail] + y_m[head]) / 2)
    built_up = built_up_cells(np.array([is_street(one) for one in way]), middle, metres)
    car_s, counts = _car_seconds(edges, table, place, metres, built_up, rules)
    walkable = np.array([i >= 0 and any(table.traits[i].walk) for i in place], dtype=np.bool_)
    keep = np.isfinite(car_s) | walkable
    notes = [f"{shown}: {text}" for text in counts]
    if not keep.all():
        notes.append(f"{int((~keep).sum()):,} edges closed to cars and feet left out")
    at = np.flatnonzero(keep)
    directed = DirectedEdges(
        x_m=x_m, y_m=y_m, tail=tail[at], head=head[at], line=line[at], metres=metres[at], car_s=car_s[at],
        walkable=walkable[at], way=[way[i] for i in at.tolist()],
        name=[_first(edges.data[i].get("name")) for i in at.tolist()],
    )  # fmt: skip
    return directed, [*notes, rules.note]


def _lines(edges: _Edges, source: str, crs: str, shown: str) -> np.ndarray:
    """Return the shapes in the study's CRS, None where an edge is straight."""
    texts = np.array([data.get("geometry") for data in edges.data], dtype=object)
    lines = shapely.from_wkt(texts, on_invalid="ignore")
    given = np.array([text is not None for text in texts], dtype=np.bool_)
    bad = given & (shapely.get_type_id(lines) != shapely.GeometryType.LINESTRING)
    if bad.any():
        raise InputError(Fault(f"{shown}: {int(bad.sum()):,} edges have a geometry that is not a line", ("path",)))
    lines[given] = shapes_to_crs(lines[given], source, crs)
    return np.asarray(lines, dtype=object)


def _metres(edges: _Edges, line: np.ndarray, x_m: Floats, y_m: Floats, crs: str) -> Floats:
    """Return the saved lengths; where there is none, the length along the shape on the ellipsoid."""
    metres = np.array([_number(data.get("length")) for data in edges.data])
    for e in np.flatnonzero(~(metres >= 0)).tolist():
        ends = np.array([[x_m[i], y_m[i]] for i in (edges.tail[e], edges.head[e])])
        xy = ends if line[e] is None else shapely.get_coordinates(line[e])
        lon, lat = to_crs(xy[:, 0], xy[:, 1], crs, DEGREES)
        metres[e] = geodesic_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
    return metres


def _tags(data: Mapping[str, Any], rules: SpeedRules) -> dict[str, str]:
    """Return the tags of an edge; of several road classes the slowest, of several limits all (the lowest counts)."""
    tags = {key: ";".join(_several(data[key])) for key in data if key in ROAD_TAGS and key not in DIRECTION_TAGS}
    classes = _several(data.get("highway"))
    known = [way for way in classes if way in rules.limits_kmh]
    tags["highway"] = min(known, key=lambda way: (rules.limits_kmh[way], way)) if known else (classes or ["road"])[0]
    return tags


def _car_seconds(
    edges: _Edges, table: TraitTable, place: Sequence[int], metres: Floats, built_up: np.ndarray, rules: SpeedRules
) -> tuple[Floats, list[str]]:
    """Return the time by car of each edge and what was used: saved times, saved speeds, or our own speeds."""
    car_s = np.full(len(place), np.inf)
    used = {"travel_time": 0, "speed_kph": 0}
    share = rules.factor if rules.factor_is_given else 1.0
    for e, at in enumerate(place):
        if at < 0 or not table.traits[at].car[0]:
            continue
        traits = table.traits[at]
        saved_s, saved_kmh = _number(edges.data[e].get("travel_time")), _number(edges.data[e].get("speed_kph"))
        if traits.way in rules.driven_mps or not (saved_s >= 0 or saved_kmh > 0):
            setting = bool(built_up[e]) if traits.built_up is None else traits.built_up
            by_road = rules.car_mps(traits.way, traits.limit_kmh[0], built_up=setting)
            car_s[e] = metres[e] / (rules.ferry_mps if traits.way == "ferry" else by_road)
        elif saved_s >= 0:
            used["travel_time"] += 1
            car_s[e] = saved_s / share
        else:
            used["speed_kph"] += 1
            car_s[e] = metres[e] / (saved_kmh * KMH * share)
    return car_s, [f"{n:,} edges keep their saved {word}" for word, n in used.items() if n]


def _number(text: Any) -> float:
    """Return a saved number, NaN when there is none."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return math.nan
    return value if math.isfinite(value) else math.nan


def _several(text: Any) -> list[str]:
    """Return the values of an attribute that OSMnx saved as text, perhaps as a list: ``['50', '60']``."""
    if text is None:
        return []
    if isinstance(text, str) and text.startswith("[") and text.endswith("]"):
        try:
            return [str(value) for value in ast.literal_eval(text)]
        except (ValueError, SyntaxError):
            return [text]
    return [str(text)]


def _first(text: Any) -> str:
    """Return the first of several values, or an empty text."""
    return next(iter(_several(text)), "")
