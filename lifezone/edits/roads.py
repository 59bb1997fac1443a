"""What-ifs about roads: a new road, a road closed at a place, other speeds. Each returns a new world.

A new road joins the nearest junction within 30 m of its end, else it splits the nearest road. A closure blocks the
road *at that spot*: what hangs on either side keeps its way out on its own side, as with a flooded underpass or a
missing bridge. Speeds change for cars; people on foot walk as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from lifezone.edits.cut import cut_segments
from lifezone.edits.facilities import project_point
from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Floats, Ints, Network, World
from lifezone.routing import build_graph

__all__ = ["NewRoad", "add_road", "change_ferry", "change_speed", "close_road"]

JUNCTION_WITHIN_M: Final = 30.0
"""A new road's end joins a junction this near (DESIGN section 5)."""
ROAD_WITHIN_M: Final = 500.0
"""Farther from any road than this, the place of a closure or of a change of speed is taken for a mistake."""
CAR_ONLY: Final = ("motorway", "motorway_link", "trunk", "trunk_link")
"""Ways that a new road does not open to people on foot."""


@dataclass(frozen=True)
class NewRoad:
    """A road to build.

    Attributes:
        start: lon, lat in degrees.
        end: lon, lat in degrees.
        way: highway class.
        speed_mps: driving speed; None = the median of that class in this network.
        oneway: open from start to end only.
        name: road name.
    """

    start: Sequence[float]
    end: Sequence[float]
    way: str
    speed_mps: float | None = None
    oneway: bool = False
    name: str = ""


def add_road(world: World, road: NewRoad) -> tuple[World, str]:
    """Build a road and join it to the network at both ends."""
    car_speed_mps = _speed_of(world.network, road)
    mode = "car" if car_speed_mps is not None else "walk"
    start = _joint(world, world.network, road.start, mode, ("from",))
    end = _joint(world, start.network, road.end, mode, ("to",))
    if start.vertex == end.vertex:
        raise InputError(Fault("both ends of the new road join the network at the same place", ("to",)))
    network, bends = _with_vertices(end.network, [*start.bends, *end.bends])
    run = np.array([start.vertex, *bends, end.vertex], dtype=np.int32)
    network = _with_segments(network, run, road, car_speed_mps)
    metres = float(network.metres[-(len(run) - 1) :].sum())
    speed = "" if car_speed_mps is None else f", {car_speed_mps * 3.6:.0f} km/h"
    told = f"new {road.way} of {metres:,.0f} m{speed}: {start.told}; {end.told}"
    return replace(world, network=network), told


def close_road(world: World, near: Sequence[float], *, within_m: float = 0.0) -> tuple[World, str]:
    """Close the road nearest to ``near`` at that spot, or every road within ``within_m`` of it, to all modes."""
    network = world.network
    x_m, y_m = project_point(world, near, ("near",))
    usable = np.zeros(network.n_segments, dtype=np.bool_)
    for mode in network.modes:
        usable |= _open_to(network, mode)
    nearest, gap_m, distances_m = _nearest_segment(network, x_m, y_m, usable)
    if nearest < 0 or gap_m > ROAD_WITHIN_M:
        raise InputError(Fault(f"no road within {ROAD_WITHIN_M:g} m of this place", ("near",)))
    chosen = usable & (distances_m <= within_m)
    chosen[nearest] = True
    closed = np.repeat(chosen, 2)
    seconds_closed = {mode: np.where(closed, np.inf, seconds) for mode, seconds in network.seconds.items()}
    names = sorted({_called(network, int(segment)) for segment in np.flatnonzero(chosen)})
    told = f"closed at {near[0]:.5f}, {near[1]:.5f}: {', '.join(names)} ({int(chosen.sum())} segments)"
    return replace(world, network=replace(network, seconds=seconds_closed)), told


def change_speed(
    world: World,
    *,
    way: str | None = None,
    near: Sequence[float] | None = None,
    factor: float | None = None,
    speed_mps: float | None = None,
) -> tuple[World, str]:
    """Change driving speeds on all roads of a class, or on the stretch between junctions nearest to a place.

    Args:
        world: the world before.
        way: highway class; links of the class are not included.
        near: lon, lat in degrees; with ``way`` too, the nearest road of that class.
        factor: new speed ÷ old speed.
        speed_mps: new speed; give one of ``factor`` and ``speed_mps``.
    """
    network = world.network
    if "car" not in network.seconds:
        raise InputError(Fault("this network has no roads for cars", ()))
    chosen = _open_to(network, "car")
    if way is not None:
        if way not in network.ways:
            raise InputError(Fault(f"no road of the class {way!r}; there are {', '.join(network.ways)}", ("way",)))
        chosen &= network.way == network.ways.index(way)
        if not chosen.any():
            raise InputError(Fault(f"no road of the class {way!r} is open to cars", ("way",)))
    if near is not None:
        chosen &= _stretch(world, near, chosen)
    arcs = np.repeat(chosen, 2) & np.isfinite(network.seconds["car"])
    waits_s = np.zeros(2 * network.n_segments) if network.boarding_s is None else network.boarding_s
    seconds = network.seconds["car"].copy()
    if factor is not None:
        seconds[arcs] = (seconds[arcs] - waits_s[arcs]) / factor + waits_s[arcs]  # a faster ferry leaves as rarely
        what = f"× {factor:g}"
    else:
        assert speed_mps is not None
        seconds[arcs] = np.repeat(network.metres, 2)[arcs] / speed_mps + waits_s[arcs]
        what = f"{speed_mps * 3.6:g} km/h"
    kilometres = float(network.metres[chosen].sum()) / 1000
    where = way or _called(network, int(np.flatnonzero(chosen)[0]))
    told = f"speed on {where}: {what} over {kilometres:,.1f} km"
    return replace(world, network=replace(network, seconds={**network.seconds, "car": seconds})), told


def change_ferry(
    world: World, near: Sequence[float], *, interval_s: float, was_s: float | None = None
) -> tuple[World, str]:
    """Let the ferry nearest to a place leave at another interval; half of it is waited for, once a crossing.

    The wait is added where the ferry is boarded, in either direction and for every mode that may board.

    Args:
        world: the world before.
        near: lon, lat in degrees.
        interval_s: time between departures afterwards.
        was_s: time between departures that the loaded times include (half of it); None = what the roads' source put
            there, nothing where it put nothing.
    """
    network = world.network
    is_ferry = network.way == (network.ways.index("ferry") if "ferry" in network.ways else -1)
    x_m, y_m = project_point(world, near, ("near",))
    segment, gap_m, _ = _nearest_segment(network, x_m, y_m, np.asarray(is_ferry, dtype=np.bool_))
    if segment < 0 or gap_m > ROAD_WITHIN_M:
        raise InputError(Fault(f"no ferry within {ROAD_WITHIN_M:g} m of this place", ("near",)))
    waits_s = np.zeros(2 * network.n_segments) if network.boarding_s is None else network.boarding_s
    seconds, boarding_s = {mode: arcs.copy() for mode, arcs in network.seconds.items()}, waits_s.copy()
    boarded = set()
    more_s = 0.0
    for mode, arcs in network.seconds.items():
        graph = build_graph(network, mode)
        for chain in {int(one) for one in graph.arc_chain[2 * segment : 2 * segment + 2] if one >= 0}:
            first, end = graph.chain_first[chain], graph.chain_first[chain + 1]
            afloat = [int(one) for one in graph.chain_arc[first:end] if one < len(arcs) and is_ferry[one // 2]]
            arc = next((one for one in afloat if waits_s[one] > 0), afloat[0])
            more_s = interval_s / 2 - (waits_s[arc] if was_s is None else was_s / 2)
            boarding_s[arc] = interval_s / 2
            if seconds[mode][arc] + more_s < 0:
                raise InputError(Fault("the loaded times do not include so long a wait: correct was", ("was",)))
            seconds[mode][arc] += more_s
            boarded.add(mode)
    if not boarded:
        raise InputError(Fault("this ferry is open to nobody", ("near",)))
    told = (
        f"{_called(network, segment)}: a departure every {interval_s / 60:g} min, half of it waited for"
        f" ({more_s / 60:+g} min a crossing for {', '.join(sorted(boarded))})"
    )
    return replace(world, network=replace(network, seconds=seconds, boarding_s=boarding_s)), told


def _speed_of(network: Network, road: NewRoad) -> float | None:
    """Return the driving speed of a new road, or None when cars may not use its class."""
    if road.speed_mps is not None:
        return road.speed_mps
    if road.way in network.ways and "car" in network.seconds:
        seconds = network.seconds["car"].reshape(-1, 2).min(axis=1)
        same = (network.way == network.ways.index(road.way)) & np.isfinite(seconds) & (seconds > 0)
        if same.any():
            return float(np.median(network.metres[same] / seconds[same]))
        if (network.way == network.ways.index(road.way)).any():
            return None
    known = ", ".join(network.ways)
    raise InputError(
        Fault(
            f"no {road.way!r} road here to take the speed from; add speed, e.g. '50 km/h', or use one of {known}",
            ("way",),
        )
    )


@dataclass(frozen=True, eq=False)
class _Joint:
    """Where the end of a new road joins the network.

    Attributes:
        network: the roads, one of them split when no junction was near.
        vertex: the vertex that the new road joins.
        bends: the given place itself, when the road has to lead on from there to ``vertex``; else nothing.
        told: what was done, in words.
    """

    network: Network
    vertex: int
    bends: tuple[tuple[float, float], ...]
    told: str


def _joint(world: World, network: Network, at: Sequence[float], mode: str, path: tuple[str, ...]) -> _Joint:
    """Join the nearest junction within 30 m of a place, else split the nearest road."""
    x_m, y_m = project_point(world, at, path)
    graph = build_graph(network, mode)
    junctions = graph.vertex
    if len(junctions):
        gaps_m = np.hypot(network.x_m[junctions] - x_m, network.y_m[junctions] - y_m)
        best = int(np.argmin(gaps_m))
        if gaps_m[best] <= JUNCTION_WITHIN_M:
            return _Joint(network, int(junctions[best]), (), f"joins a junction {gaps_m[best]:.0f} m off")
    usable = _open_to(network, mode)
    segment, gap_m, _ = _nearest_segment(network, x_m, y_m, usable)
    if segment < 0:
        raise InputError(Fault(f"there is no road open to {mode} that this end of the new road could join", path))
    told = f"splits {_called(network, segment)} {gap_m:.0f} m off"
    network, vertex = _split(network, segment, x_m, y_m)
    return _Joint(network, vertex, ((x_m, y_m),) if gap_m > 1.0 else (), told)


def _open_to(network: Network, mode: str) -> Bools:
    """Return bool[S]: segments open to a mode in at least one direction."""
    return np.asarray(np.isfinite(network.seconds[mode].reshape(-1, 2)).any(axis=1), dtype=np.bool_)


def _nearest_segment(network: Network, x_m: float, y_m: float, usable: Bools) -> tuple[int, float, Floats]:
    """Return the nearest usable segment (−1 = none), its distance, and the distance to every segment."""
    tail = np.column_stack([network.x_m[network.tail], network.y_m[network.tail]])
    head = np.column_stack([network.x_m[network.head], network.y_m[network.head]])
    lines = shapely.linestrings(np.stack([tail, head], axis=1))
    distances_m: Floats = shapely.distance(lines, shapely.points(x_m, y_m))
    if not usable.any():
        return -1, np.inf, distances_m
    best = int(np.argmin(np.where(usable, distances_m, np.inf)))
    return best, float(distances_m[best]), distances_m


def _stretch(world: World, near: Sequence[float], among: Bools) -> Bools:
    """Return bool[S]: the segments between the same two junctions as the nearest one of ``among``."""
    network = world.network
    x_m, y_m = project_point(world, near, ("near",))
    segment, gap_m, _ = _nearest_segment(network, x_m, y_m, among)
    if segment < 0 or gap_m > ROAD_WITHIN_M:
        raise InputError(Fault(f"no such road within {ROAD_WITHIN_M:g} m of this place", ("near",)))
    graph = build_graph(network, "car")
    chains = [chain for chain in graph.arc_chain[2 * segment : 2 * segment + 2] if chain >= 0]
    chosen = np.zeros(network.n_segments, dtype=np.bool_)
    for chain in chains:
        arcs = graph.chain_arc[graph.chain_first[chain] : graph.chain_first[chain + 1]]
        chosen[arcs[arcs < 2 * network.n_segments] // 2] = True
    return chosen


def _split(network: Network, segment: int, x_m: float, y_m: float) -> tuple[Network, int]:
    """Split a segment at the point nearest to a place; an end that near is taken as it is."""
    tail, head = int(network.tail[segment]), int(network.head[segment])
    dx, dy = network.x_m[head] - network.x_m[tail], network.y_m[head] - network.y_m[tail]
    square = dx * dx + dy * dy
    part = 0.0 if square == 0 else ((x_m - network.x_m[tail]) * dx + (y_m - network.y_m[tail]) * dy) / square
    if part <= 1e-6:
        return network, tail
    if part >= 1 - 1e-6:
        return network, head
    split, _ = cut_segments(network, {segment: [part]})
    return split, network.n_vertices


def _with_vertices(network: Network, points: Sequence[tuple[float, float]]) -> tuple[Network, list[int]]:
    """Return the network with vertices added, and their positions."""
    if not points:
        return network, []
    n = network.n_vertices
    return replace(
        network,
        x_m=np.append(network.x_m, [x for x, _ in points]),
        y_m=np.append(network.y_m, [y for _, y in points]),
        border=np.append(network.border, np.zeros(len(points), dtype=np.bool_)),
        beyond=None if network.beyond is None else np.append(network.beyond, _beyond_at(network, points)),
    ), list(range(n, n + len(points)))


def _beyond_at(network: Network, points: Sequence[tuple[float, float]]) -> Bools:
    """Return bool[n]: the vertex nearest to a new one lies beyond what is known, so the new one does too."""
    nearest = [int(np.argmin(np.hypot(network.x_m - x, network.y_m - y))) for x, y in points]
    assert network.beyond is not None  # asked only where there is such an edge
    return network.beyond[nearest]


def _with_segments(network: Network, run: Ints, road: NewRoad, car_speed_mps: float | None) -> Network:
    """Return the network with straight segments along a run of vertices."""
    tail, head = run[:-1], run[1:]
    metres = np.hypot(network.x_m[head] - network.x_m[tail], network.y_m[head] - network.y_m[tail])
    seconds = {}
    for mode, arcs in network.seconds.items():
        speed_mps = car_speed_mps if mode == "car" else _walking_mps(network, mode)
        is_open = speed_mps is not None and not (mode == "walk" and road.way in CAR_ONLY)
        forward = metres / speed_mps if is_open and speed_mps else np.full(len(metres), np.inf)
        backward = np.full(len(metres), np.inf) if road.oneway and mode == "car" else forward
        seconds[mode] = np.concatenate([arcs, np.column_stack([forward, backward]).ravel()])
    ways = network.ways if road.way in network.ways else (*network.ways, road.way)
    names = network.names if road.name in network.names else (*network.names, road.name)
    return replace(
        network,
        tail=np.concatenate([network.tail, tail]).astype(np.int32),
        head=np.concatenate([network.head, head]).astype(np.int32),
        metres=np.concatenate([network.metres, metres]),
        seconds=seconds,
        ways=ways,
        way=np.concatenate([network.way, np.full(len(metres), ways.index(road.way), network.way.dtype)]),
        names=names,
        name=np.concatenate([network.name, np.full(len(metres), names.index(road.name), network.name.dtype)]),
    )


def _walking_mps(network: Network, mode: str) -> float | None:
    """Return the median speed of a mode in this network, or None when it has no open arc with length."""
    arcs = network.seconds[mode]
    metres = np.repeat(network.metres, 2)
    moving = np.isfinite(arcs) & (arcs > 0) & (metres > 0)
    ferry = network.ways.index("ferry") if "ferry" in network.ways else -1
    moving &= np.repeat(network.way != ferry, 2)
    return float(np.median(metres[moving] / arcs[moving])) if moving.any() else None


def _called(network: Network, segment: int) -> str:
    """Name a segment for people: its road name, else its class."""
    return network.names[int(network.name[segment])] or network.ways[int(network.way[segment])]
