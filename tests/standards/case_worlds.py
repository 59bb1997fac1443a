"""A case with facilities as a whole small world: trips are ready-made, so that nothing is routed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from lifezone.assess import assess
from lifezone.model import Assessment, Districts, Facilities, GivenTimes, Network, Standard, Statistic, World
from tests.standards.making import CAR, WALK, demand

APART_M = 10_000.0
"""Points of a case stand so far from one another; each point of several squares fills whole square kilometres."""


def assessed_case(case: dict[str, Any], standard: Standard) -> tuple[World, Assessment]:
    """Return the world of a case and its assessment."""
    world = _world(case)
    return world, assess(world, standard)


def _world(case: dict[str, Any]) -> World:
    points = case["points"]
    copies = [(name, square) for name, point in points.items() for square in range(point.get("squares", 1))]
    groups = list(dict.fromkeys(group for point in points.values() for group in point["people"]))
    names = list(dict.fromkeys(point.get("district", "all") for point in points.values()))
    x_m = [APART_M * (1 + list(points).index(name)) + 1000.0 * (square % 8) for name, square in copies]
    y_m = [1000.0 * (square // 8) for _, square in copies]
    people = demand(
        {
            group: [points[name]["people"].get(group, 0) / points[name].get("squares", 1) for name, _ in copies]
            for group in groups
        },
        district=[names.index(points[name].get("district", "all")) for name, _ in copies],
        urban=[points[name].get("urban", False) for name, _ in copies],
        x_m=x_m,
        y_m=y_m,
    )
    people = replace(people, ids=np.array([f"{name}/{square}" for name, square in copies], dtype=object))
    polygons = None if names == ["all"] else _polygons(people, len(names))
    units = Districts(tuple(names), tuple(names), (), polygons)
    facilities = _facilities(case["facilities"], points)
    world = World(Network.empty("EPSG:5179"), people, facilities, units, {"car": CAR, "walk": WALK}, "EPSG:5179")
    return replace(world, times=(_times(case, copies, facilities),), statistics=_statistics(case, names))


def _polygons(people: Any, n: int) -> np.ndarray:
    """Boxes of 8 km around the points of each district."""
    boxes = shapely.box(people.x_m - 4000, people.y_m - 4000, people.x_m + 4000, people.y_m + 4000)
    return np.array([shapely.union_all(boxes[people.district == at]) for at in range(n)], dtype=object)


def _facilities(entries: dict[str, Any], points: dict[str, Any]) -> Facilities:
    kinds = tuple(dict.fromkeys(entry["kind"] for entry in entries.values()))
    n = len(entries)
    at = [list(points).index(entry["at"]) if "at" in entry else 0 for entry in entries.values()]
    text = np.full(n, "", dtype=object)
    return Facilities(
        ids=np.array(list(entries), dtype=object), x_m=APART_M * (1 + np.array(at, float)), y_m=np.zeros(n),
        kind=np.array([kinds.index(entry["kind"]) for entry in entries.values()], np.int32), kinds=kinds, name=text,
        capacity=np.array([entry.get("capacity", np.nan) for entry in entries.values()], float),
        cost=np.full(n, np.nan), open=np.ones(n, bool), hours=text,
    )  # fmt: skip


def _times(case: dict[str, Any], copies: list[tuple[str, int]], facilities: Facilities) -> GivenTimes:
    """Minutes, or metres at 3 km/h, as written; what is not written is out of reach."""
    rows = []
    for f, entry in enumerate(case["facilities"].values()):
        for p, (name, _) in enumerate(copies):
            if name in entry.get("minutes", {}):
                rows.append((p, f, 60.0 * entry["minutes"][name], 1000.0 * entry["minutes"][name]))
            elif name in entry.get("metres", {}):
                rows.append((p, f, 1.2 * entry["metres"][name], float(entry["metres"][name])))
    point, place, seconds, metres = (np.array(column) for column in zip(*rows, strict=True))
    ids = np.array([f"{name}/{square}" for name, square in copies], dtype=object)
    return GivenTimes(
        ids, facilities.place_ids.copy(), point.astype(np.int32), place.astype(np.int32), seconds, metres,
        source="case",
    )  # fmt: skip


def _statistics(case: dict[str, Any], names: list[str]) -> tuple[Statistic, ...]:
    found = []
    for name, entry in case.get("statistics", {}).items():
        if "districts" in entry:
            district, values = [names.index(one) for one in entry["districts"]], list(entry["districts"].values())
        else:
            district, values = [0] * len(entry["values"]), entry["values"]
        weights = entry.get("weights", [1] * len(values))
        found.append(
            Statistic(
                name, entry.get("unit", "district"), np.full(len(values), "", dtype=object),
                np.array(district, np.int32), np.array([np.nan if v is None else v for v in values], float),
                np.array(weights, float), "case",
            )
        )  # fmt: skip
    return tuple(found)
