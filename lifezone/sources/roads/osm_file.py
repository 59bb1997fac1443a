"""Roads from an OpenStreetMap file (``.osm.pbf``, ``.osm``), clipped while reading and cached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import shapely
from pydantic import Field

from lifezone.model import Places
from lifezone.routing.speeds import load_rules
from lifezone.sources.cache import cached
from lifezone.sources.files import OSM_CREDIT, input_record
from lifezone.sources.osm.file import extent_of, header_box, in_order, location_index, osm_file, tagged
from lifezone.sources.osm.segments import Segments, roads_of
from lifezone.sources.osm.surroundings import SURROUNDINGS, places_and_water
from lifezone.sources.osm.ways import read_segments
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.roads.result import Roads, pack, unpack
from lifezone.sources.turns import read_nodes, read_relations
from lifezone.spec import Spec

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["OsmFile", "cache_key"]

VERSION = "osm-roads-6"
"""Raise when the same file and options give another network."""


class OsmFile(Spec):
    """Roads from a file of OpenStreetMap data; a whole country will do, only the study area is kept."""

    type: Literal["osm_file"] = "osm_file"
    path: str = Field(description="An .osm.pbf or .osm file, for example a country from download.geofabrik.de.")

    def extent(self, folder: Path) -> Extent:
        """Return the box the file covers: from its header, else from its nodes."""
        return extent_of(osm_file(folder, self.path))

    def load(self, reading: Reading) -> Roads:
        """Read the roads, settlement names and water inside ``reading.clip``.

        Raises:
            InputError: The file is missing, broken or holds no roads.
        """
        path = osm_file(reading.folder, self.path)
        record = input_record(self.path, path, what="roads", attribution=OSM_CREDIT)
        reading.inputs.append(record)
        notes: list[str] = []
        key = (VERSION, record["sha256"], *cache_key(reading))
        roads = unpack(cached(key, lambda: pack(_read(path, reading)), notes=notes))
        return replace(roads, notes=(*roads.notes, *notes))


def cache_key(reading: Reading) -> tuple[str, ...]:
    """Return what of a study shapes a network: CRS, clip, speeds."""
    clip = "" if reading.clip is None else shapely.to_wkb(reading.clip, hex=True)
    return (reading.crs, clip, repr(reading.walk_mps), repr(load_rules(reading.speeds)))


def _read(path: Path, reading: Reading) -> Roads:
    """Read the file: settlements and water first (which fills the node index), then roads."""
    rules = load_rules(reading.speeds)
    with reading.progress.step(f"Reading {path.name}", 2) as advance:

        def parts(ordered: Path) -> tuple[Places, BaseGeometry | None, Segments, list[str]]:
            with location_index(ordered) as index:
                things = tagged(ordered, SURROUNDINGS, index)
                places, water = places_and_water(things, crs=reading.crs, clip=reading.clip)
                advance(1)
                segments, notes = read_segments(ordered, index, rules=rules, clip=reading.clip)
                advance(1)
            return places, water, segments, notes

        places, water, segments, notes = in_order(path, parts)
    box = header_box(path)
    if box is None:
        notes.append("the file does not say what it covers: where no way is cut, times near its edge may be too long")
    network, ids = roads_of(
        segments, rules=rules, walk_mps=reading.walk_mps, crs=reading.crs, clip=reading.clip, box=box, notes=notes
    )
    return Roads(network, places, water, network.notes, ids, read_relations(path), read_nodes(path, ids))
