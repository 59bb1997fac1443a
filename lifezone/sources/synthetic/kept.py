"""An invented county in the form that the cache keeps: arrays and texts by name."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import numpy as np
import shapely

from lifezone.model import Demand, Districts, Facilities
from lifezone.sources.cache import Entries
from lifezone.sources.roads.result import Roads, pack, unpack
from lifezone.sources.synthetic.world import County

__all__ = ["from_entries", "to_entries"]

_DEMAND = ("x_m", "y_m", "people", "district", "urban")
_FACILITIES = ("x_m", "y_m", "kind", "capacity", "cost", "open")
_TEXTS = {"demand": ("ids", "name"), "facilities": ("ids", "name", "hours")}


def to_entries(county: County) -> dict[str, Any]:
    """Return a county as named arrays and texts."""
    demand, facilities, districts = county.demand, county.facilities, county.districts
    shapes = [county.area, county.world, *(() if districts.polygon is None else districts.polygon)]
    wkb = [shapely.to_wkb(shape) for shape in shapes]
    plain = {
        "demand": {name: getattr(demand, name) for name in ("groups", "cell_m", "notes", "people_read")},
        "facilities": {name: getattr(facilities, name) for name in ("kinds", "notes")},
        "districts": {name: getattr(districts, name) for name in ("ids", "name", "name_en")},
        "relief": dict(county.relief),
        "shape_bytes": [len(one) for one in wkb],
    }
    return {
        **{f"roads_{name}": value for name, value in pack(Roads(county.network, county.places, county.water)).items()},
        **{f"demand_{name}": getattr(demand, name) for name in _DEMAND},
        **{f"facilities_{name}": getattr(facilities, name) for name in _FACILITIES},
        **{
            f"{owner}_{name}": "\n".join(getattr(getattr(county, owner), name).tolist())
            for owner, names in _TEXTS.items()
            for name in names
        },
        "shapes": np.frombuffer(b"".join(wkb), np.uint8).copy(),
        "plain": json.dumps(plain, ensure_ascii=False),
    }  # fmt: skip


def from_entries(entries: Entries) -> County:
    """Return the county that :func:`to_entries` was given; numbers stay memory-mapped."""
    plain = json.loads(str(entries["plain"]))
    roads = unpack({name.removeprefix("roads_"): value for name, value in entries.items() if name.startswith("roads_")})
    cuts = np.cumsum(plain["shape_bytes"])[:-1]
    area, world, *polygons = shapely.from_wkb([part.tobytes() for part in np.split(entries["shapes"], cuts)])
    own = {owner: _own(entries, owner) for owner in _TEXTS}
    demand, facilities, districts = (_tuples(plain[name]) for name in ("demand", "facilities", "districts"))
    return County(
        roads.network, Demand(**own["demand"], **demand, cells=True), Facilities(**own["facilities"], **facilities),
        Districts(**districts, polygon=np.array(polygons, dtype=object)), roads.places, roads.water, area, world,
        plain["relief"],
    )  # fmt: skip


def _own(entries: Entries, owner: str) -> dict[str, Any]:
    """Return the columns of people or facilities."""
    found: dict[str, Any] = {}
    known = {field.name for field in fields(Demand if owner == "demand" else Facilities)}
    for name, value in entries.items():
        column = name.removeprefix(f"{owner}_")
        if name.startswith(f"{owner}_") and column in known:
            found[column] = _texts(value) if isinstance(value, str) else np.asarray(value)
    return found


def _texts(joined: str) -> np.ndarray:
    """Return the texts, one a line, as an object array."""
    lines = joined.split("\n")
    array = np.empty(len(lines), dtype=object)
    once: dict[str, str] = {}
    array[:] = [once.setdefault(line, line) for line in lines]  # names repeat: one object each
    return array


def _tuples(plain: dict[str, Any]) -> dict[str, Any]:
    """Return fields with lists as the tuples they were."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
