"""Barriers, signals and signs of OpenStreetMap: nodes that stop a mode or make it wait.

A barrier stops whoever its tags keep out, at that very spot: who lives on either side keeps that side. A barrier drawn
on a junction would close it whole; it is counted and left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
from scipy.spatial import cKDTree

from lifezone.model import Ints, Network, Turns
from lifezone.sources.osm.access import BICYCLE_KEYS, CAR_KEYS, FOOT_KEYS, said
from lifezone.sources.osm.file import in_order, plain_faults
from lifezone.sources.road_ids import RoadIds

__all__ = ["barriers_of", "read_nodes", "waits_of"]

SIGNS: Final = ("traffic_signals", "crossing", "stop", "give_way")
READ: Final = ("highway", "barrier", "crossing", "traffic_signals:direction", "direction", *CAR_KEYS, *FOOT_KEYS,
               "bicycle", "locked")  # fmt: skip
KEYS: Final = {"car": CAR_KEYS, "bicycle": BICYCLE_KEYS, "walk": FOOT_KEYS}
STOPS: Final = {
    "car": frozenset({
        "bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "kissing_gate", "stile",
        "turnstile", "log", "planter", "full-height_turnstile", "horse_stile", "sally_port", "debris", "rising_bollard",
        "bus_trap", "sump_buster", "chain", "spikes", "wedge", "hampshire_gate", "bar",
    }),
    "bicycle": frozenset({"kissing_gate", "stile", "turnstile", "full-height_turnstile", "spikes"}),
    "walk": frozenset({"debris"}),
}  # fmt: skip
"""Barriers that stop a mode unless a tag lets it through; gates and all others stop it only where a tag says so."""
TOGETHER_M: Final = 40.0
"""Signals this near to one another are one junction; each counts half, since a trip passes two of them."""


def read_nodes(path: Path, ids: RoadIds) -> str:
    """Return the barriers, signals and signs of a file that are on the roads as JSON text: id and tags."""

    def read(ordered: Path) -> list[Any]:
        wanted = osmium.filter.TagFilter(*(("highway", value) for value in SIGNS))
        with plain_faults(path):
            signs = [_kept(one) for one in osmium.FileProcessor(str(ordered), osmium.osm.NODE).with_filter(wanted)]
            barred = osmium.filter.KeyFilter("barrier")
            bars = [_kept(one) for one in osmium.FileProcessor(str(ordered), osmium.osm.NODE).with_filter(barred)]
        found = {one[0]: one for one in [*signs, *bars]}
        on_roads = set(ids.node[np.isin(ids.node, list(found))].tolist()) if found else set()
        return [found[node] for node in sorted(on_roads)]

    return json.dumps(in_order(path, read), ensure_ascii=False)


def _kept(node: Any) -> list[Any]:
    """Return id and the tags that are looked at."""
    return [node.id, {key: value for key, value in dict(node.tags).items() if key in READ}]


class _Here:
    """Tagged nodes that are vertices of the loaded roads."""

    def __init__(self, text: str, ids: RoadIds) -> None:
        nodes = json.loads(text)
        place = np.argsort(ids.node, kind="stable")
        wanted = np.array([node for node, _ in nodes], dtype=np.int64)
        at = np.minimum(np.searchsorted(ids.node, wanted, sorter=place), max(len(place) - 1, 0))
        found = ids.node[place[at]] == wanted if len(place) else np.zeros(len(wanted), np.bool_)
        self.vertex = place[at[found]] if len(place) else np.empty(0, np.int64)
        self.tags: list[Mapping[str, str]] = [nodes[i][1] for i in np.flatnonzero(found).tolist()]


def stops(tags: Mapping[str, str], mode: str) -> bool:
    """Say whether a barrier stops a mode."""
    word = said(tags, KEYS[mode])
    if word is not None:
        return not word
    return tags["barrier"] in STOPS[mode] or (tags.get("locked") == "yes" and mode == "car")


def barriers_of(text: str, ids: RoadIds, network: Network, mode: str) -> tuple[Turns, Counter[str]]:
    """Return the bans that barriers put on a mode, and counts: ``stop``, ``junction`` (drawn on one, left out)."""
    here, count = _Here(text, ids), Counter[str]()
    barred = [v for v, tags in zip(here.vertex.tolist(), here.tags, strict=True)
              if "barrier" in tags and stops(tags, mode)]  # fmt: skip
    into, out = _arcs_at(network, mode, np.array(barred, np.int64))
    pairs: list[tuple[int, int]] = []
    for vertex in barred:
        arcs = {arc // 2 for arc in (*into.get(vertex, ()), *out.get(vertex, ()))}
        if len(arcs) > 2:
            count["junction"] += 1
        elif len(arcs) == 2:
            pairs += [(a, b) for a in into.get(vertex, ()) for b in out.get(vertex, ()) if a ^ 1 != b]
            count["stop"] += 1
    come, go = np.array(sorted(pairs), np.int32).reshape(-1, 2).T
    return Turns(come.copy(), go.copy(), np.full(len(come), np.inf), np.zeros(len(come), np.bool_)), count


def _arcs_at(network: Network, mode: str, vertex: np.ndarray) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return the open arcs that lead to and from some vertices."""
    wanted = np.zeros(network.n_vertices, np.bool_)
    wanted[vertex] = True
    into: dict[int, list[int]] = {}
    out: dict[int, list[int]] = {}
    arcs = np.flatnonzero(np.isfinite(network.seconds[mode]))
    start = np.where(arcs % 2 == 0, network.tail[arcs // 2], network.head[arcs // 2])
    end = np.where(arcs % 2 == 0, network.head[arcs // 2], network.tail[arcs // 2])
    for table, at in ((into, end), (out, start)):
        here = wanted[at]
        for arc, v in zip(arcs[here].tolist(), at[here].tolist(), strict=True):
            table.setdefault(v, []).append(arc)
    return into, out


def waits_of(
    text: str, ids: RoadIds, network: Network, mode: str, delays_s: Mapping[str, float]
) -> tuple[Turns, Counter[str]]:
    """Return the waits at signals and signs, and how many of each kind are on the roads of a mode."""
    here, count = _Here(text, ids), Counter[str]()
    rows = [i for i, tags in enumerate(here.tags) if delays_s.get(_kind(tags), 0.0) > 0]
    into, _ = _arcs_at(network, mode, here.vertex[rows])
    lights = [int(here.vertex[i]) for i in rows if _kind(here.tags[i]) == "traffic_signals"]
    grouped = _grouped(network, np.array(lights, np.int64))
    arc, wait_s = [], []
    for i in rows:
        kind, vertex = _kind(here.tags[i]), int(here.vertex[i])
        arcs = [a for a in into.get(vertex, ()) if _meant(here.tags[i], a)]
        seconds = delays_s[kind] / (2.0 if kind == "traffic_signals" and vertex in grouped else 1.0)
        arc += arcs
        wait_s += [seconds] * len(arcs)
        count[kind] += bool(arcs)
    return Turns(wait_arc=np.array(arc, np.int32), wait_s=np.array(wait_s, np.float64)), count


def _kind(tags: Mapping[str, str]) -> str:
    """Return which delay a node stands for; a crossing with signals is a signal."""
    if tags.get("highway") == "crossing" and "signals" in tags.get("crossing", ""):
        return "traffic_signals"
    return tags.get("highway", "")


def _meant(tags: Mapping[str, str], arc: int) -> bool:
    """Say whether a sign is for who comes by an arc; pieces of a way are drawn in the way's own direction."""
    side = tags.get("traffic_signals:direction") or tags.get("direction", "")
    return side not in {"forward", "backward"} or (side == "forward") == (arc % 2 == 0)


def _grouped(network: Network, vertex: Ints) -> set[int]:
    """Return the signals that have another one within ``TOGETHER_M``."""
    if len(vertex) < 2:
        return set()
    places = np.stack([network.x_m[vertex], network.y_m[vertex]], axis=1)
    pairs = cKDTree(places).query_pairs(TOGETHER_M, output_type="ndarray")
    return set(vertex[np.unique(pairs)].tolist())
