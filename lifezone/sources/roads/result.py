"""What reading roads gives, and its form in the cache."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifezone.model import Network, Places
from lifezone.sources.road_ids import RoadIds

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from lifezone.sources.cache import Entries

__all__ = ["Roads", "pack", "unpack"]

COLUMNS = ("x_m", "y_m", "border", "tail", "head", "metres", "way", "name")


@dataclass(frozen=True, eq=False)
class Roads:
    """Roads and what came with them.

    Attributes:
        network: the roads of all modes.
        places: names of settlements; empty where the source has none.
        water: water areas in the study's CRS, simplified for maps, or None.
        notes: what was left out or assumed; the same as the network's.
        ids: what the source calls junctions and links; None = it does not say.
        relations: the turn restrictions of an OpenStreetMap file, as text; None = the source has none.
        tagged_nodes: its barriers, signals and signs, as text; None = the source has none.
    """

    network: Network
    places: Places = field(default_factory=Places.empty)
    water: BaseGeometry | None = None
    notes: tuple[str, ...] = ()
    ids: RoadIds | None = None
    relations: str | None = None
    tagged_nodes: str | None = None


def pack(roads: Roads) -> dict[str, Any]:
    """Return roads as named arrays and texts; ids must be numbers, both directions of a segment of one way."""
    network, places = roads.network, roads.places
    texts = {
        "crs": network.crs, "modelled": network.modelled, "modes": list(network.modes), "names": list(network.names),
        "network_notes": list(network.notes), "notes": list(roads.notes), "place_name": places.name.tolist(),
        "place_name_en": places.name_en.tolist(), "ways": list(network.ways),
    }  # fmt: skip
    water = b"" if roads.water is None else shapely.to_wkb(roads.water)
    return {
        **{column: getattr(network, column) for column in COLUMNS},
        **{f"seconds_{mode}": seconds for mode, seconds in network.seconds.items()},
        "place_x_m": places.x_m, "place_y_m": places.y_m, "place_rank": places.rank,
        "water": np.frombuffer(water, dtype=np.uint8).copy(),
        **({} if roads.ids is None else {"node_id": roads.ids.node, "link_id": roads.ids.link[::2],
                                         "carried": roads.ids.carried}),
        **({} if network.boarding_s is None else {"boarding_s": network.boarding_s}),
        **({} if roads.relations is None else {"relations": roads.relations}),
        **({} if roads.tagged_nodes is None else {"tagged_nodes": roads.tagged_nodes}),
        "texts": json.dumps(texts, ensure_ascii=False),
    }  # fmt: skip


def unpack(entries: Entries) -> Roads:
    """Return roads from named arrays and texts; arrays stay memory-mapped."""
    texts = json.loads(str(entries["texts"]))
    array: dict[str, Any] = {name: np.asarray(value) for name, value in entries.items() if not isinstance(value, str)}
    network = Network(
        **{column: array[column] for column in COLUMNS},
        seconds={mode: array[f"seconds_{mode}"] for mode in texts["modes"]},
        ways=tuple(texts["ways"]), names=tuple(texts["names"]), crs=texts["crs"], modelled=texts["modelled"],
        notes=tuple(texts["network_notes"]), boarding_s=array.get("boarding_s"),
    )  # fmt: skip
    places = Places(
        x_m=array["place_x_m"], y_m=array["place_y_m"], name=np.array(texts["place_name"], dtype=object),
        name_en=np.array(texts["place_name_en"], dtype=object), rank=array["place_rank"],
    )  # fmt: skip
    water = shapely.from_wkb(array["water"].tobytes()) if array["water"].size else None
    ids = None
    if "node_id" in array:
        ids = RoadIds(array["node_id"], np.repeat(array["link_id"], 2), array["carried"])
    relations, nodes = (str(entries[key]) if key in entries else None for key in ("relations", "tagged_nodes"))
    return Roads(network, places, water, tuple(texts["notes"]), ids, relations, nodes)
