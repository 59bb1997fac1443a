"""From courses on the mesh to a Network: bends rounded, carriageways apart, one-ways, times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lifezone.model import Bools, Floats, Ints, Longs, Network
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.courses import WALK_ONLY, WAYS, Courses
from lifezone.sources.synthetic.mesh import Mesh
from lifezone.sources.synthetic.relief import Land

__all__ = ["SPEEDS_KMH", "WALK_MPS", "at_walking_speed", "make_network"]

SPEEDS_KMH: Final = {
    "trunk": 62.0, "primary": 52.0, "secondary": 43.0, "tertiary": 35.0, "unclassified": 27.0, "residential": 22.0,
    "living_street": 15.0, "service": 15.0, "track": 15.0, "trunk_link": 30.0,
}  # fmt: skip
"""Driven speeds, ours: well below the limits of Korean country roads (80, 60, 50, 30), for bends, villages, signals."""
WALK_MPS: Final = 3 / 3.6
"""3 km/h, the convention of official Korean evaluations (REFERENCE 1.1)."""
_FERRY_S: Final = 25 * 60.0
"""Crossing with boarding; the wait for the boat is not in it."""
_HALF_MEDIAN_M: Final = 11.0
_ROUND_M: Final = 100.0
"""Coordinates are whole centimetres (1/100 m), so that rounding errors of a platform do not show."""


@dataclass(frozen=True, eq=False)
class _Lines:
    """Roads as straight pieces: V vertices, S pieces.

    Attributes:
        xy: f64[V, 2] metres from the plan's origin.
        ends: i64[S, 2] vertices.
        way: i32[S] position in ``WAYS``.
        name: text[S].
        dual: bool[S].
        one_way: i32[S] 1 = only along ``ends``, −1 = only back, 0 = both.
        mesh_point: i64[V] mesh point, −1 for a vertex that rounding made.
    """

    xy: Floats
    ends: Longs
    way: Ints
    name: np.ndarray
    dual: Bools
    one_way: Ints
    mesh_point: Longs


def make_network(mesh: Mesh, courses: Courses, land: Land, walk_mps: float) -> Network:
    """Return the roads as a Network in EPSG:5179.

    Args:
        mesh: the mesh that roads were chosen from.
        courses: the roads.
        land: relief and water; roads stay dry.
        walk_mps: walking speed in metres per second.
    """
    lines = _split_carriageways(_round_bends(_from_courses(mesh, courses), land))
    lines = replace(lines, one_way=_without_traps(lines))
    xy = np.round((lines.xy + np.array(plan.ORIGIN)) * _ROUND_M) / _ROUND_M
    tail, head = lines.ends[:, 0].astype(np.int32), lines.ends[:, 1].astype(np.int32)
    step = xy[head] - xy[tail]
    height = land.relief.at(lines.xy[:, 0], lines.xy[:, 1])
    rise = np.where(lines.way == WAYS.index("ferry"), 0, height[head] - height[tail])
    metres = np.round(np.sqrt((step * step).sum(axis=1) + rise * rise) * _ROUND_M) / _ROUND_M
    exits = [mesh.named[key] for key in plan.EXITS]
    names, name = _name_table(lines.name)
    return Network(
        x_m=xy[:, 0].copy(), y_m=xy[:, 1].copy(), border=np.isin(lines.mesh_point, exits),
        tail=tail, head=head, metres=metres, seconds=_seconds(lines, metres, walk_mps),
        way=lines.way.astype(np.int16), ways=WAYS, name=name, names=names, crs=plan.CRS,
        notes=(f"synthetic roads, none of them exists: {len(tail):,} segments, {metres.sum() / 1000:,.0f} km",),
    )  # fmt: skip


def at_walking_speed(network: Network, walk_mps: float) -> Network:
    """Return the same roads walked at another speed; the ferry keeps its time."""
    ferry = network.way == network.ways.index("ferry")
    walk = np.where(ferry, _FERRY_S, network.metres / walk_mps)
    return replace(network, seconds={**network.seconds, "walk": np.repeat(walk, 2)})


def _name_table(name: np.ndarray) -> tuple[tuple[str, ...], Ints]:
    """Return the different names, the empty one first, and the position of each."""
    names = ["", *sorted(set(name.tolist()) - {""})]
    position = {text: at for at, text in enumerate(names)}
    return tuple(names), np.array([position[text] for text in name.tolist()], np.int32)


def _seconds(lines: _Lines, metres: Floats, walk_mps: float) -> dict[str, Floats]:
    """Return per mode f64[2*S] times of both arcs, ``inf`` where closed."""
    speed_mps = np.array([SPEEDS_KMH.get(way, 1.0) for way in WAYS])[lines.way] / 3.6
    ferry = lines.way == WAYS.index("ferry")
    on_foot_only = np.isin(lines.way, [WAYS.index(way) for way in WALK_ONLY])
    drive = np.where(ferry, _FERRY_S, np.where(on_foot_only, np.inf, metres / speed_mps))
    walk = np.where(ferry, _FERRY_S, metres / walk_mps)
    car = np.column_stack([np.where(lines.one_way < 0, np.inf, drive), np.where(lines.one_way > 0, np.inf, drive)])
    return {"car": car.ravel(), "walk": np.repeat(walk, 2)}


def _from_courses(mesh: Mesh, courses: Courses) -> _Lines:
    """Return the chosen mesh edges as lines over the mesh points they touch."""
    points, ends = np.unique(mesh.ends[courses.edge], return_inverse=True)
    return _Lines(
        mesh.xy[points], ends.reshape(-1, 2), courses.way, courses.name, courses.dual, courses.one_way,
        points.astype(np.int64),
    )  # fmt: skip


def _bends(lines: _Lines) -> Bools:
    """Return bool[V]: exactly two pieces of one class meet here, so the corner may be rounded."""
    n = len(lines.xy)
    flat = lines.ends.ravel()
    mark = lines.way * 2 + lines.dual
    low, high = np.full(n, len(WAYS) * 2), np.full(n, -1)
    np.minimum.at(low, flat, np.repeat(mark, 2))
    np.maximum.at(high, flat, np.repeat(mark, 2))
    held = np.zeros(n, np.bool_)
    stiff = (
        (lines.one_way != 0) | (lines.way == WAYS.index("ferry")) | np.isin(lines.name, [b for b, _ in plan.BRIDGES])
    )
    held[lines.ends[stiff].ravel()] = True
    bend: Bools = (np.bincount(flat, minlength=n) == 2) & (low == high) & ~held
    return bend


def _round_bends(lines: _Lines, land: Land) -> _Lines:
    """Straighten the zigzag of the mesh, then cut every corner into two; roads that would get wet keep their course."""
    bend = _bends(lines)
    xy = _relaxed(lines, bend)
    shapely.prepare(land.water)
    wet = shapely.intersects(land.water, shapely.linestrings(xy[lines.ends])) & (lines.way != WAYS.index("ferry"))
    wet &= ~np.isin(lines.name, [bridge for bridge, _ in plan.BRIDGES])
    back = np.zeros(len(xy), np.bool_)
    back[lines.ends[wet].ravel()] = True
    back[lines.ends[back[lines.ends].any(axis=1)].ravel()] = True  # and their neighbours, or a kink would get wet
    return _cut_corners(replace(lines, xy=np.where(back[:, None], lines.xy, xy)), bend & ~back)


def _relaxed(lines: _Lines, bend: Bools, times: int = 4) -> Floats:
    """Return f64[V, 2]: bends moved half-way towards the middle of their neighbours, again and again."""
    a, b = lines.ends.T
    n = len(lines.xy)
    step = csr_array((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, a])), shape=(n, n))
    xy = lines.xy
    for _ in range(times):
        xy = np.where(bend[:, None], 0.5 * xy + 0.25 * (step @ xy), xy)
    return xy


def _cut_corners(lines: _Lines, bend: Bools) -> _Lines:
    """Replace every bend by two vertices, a quarter along each piece (one round of Chaikin's rule)."""
    n = len(lines.xy)
    cut = bend[lines.ends]
    kept = np.cumsum(~bend) - 1
    made = np.cumsum(cut.ravel()).reshape(cut.shape) - 1 + int((~bend).sum())
    ends = np.where(cut, made, kept[lines.ends])
    near, far = lines.xy[lines.ends], lines.xy[lines.ends[:, ::-1]]
    quarter = (0.75 * near + 0.25 * far)[cut]
    piece, side = np.nonzero(cut)
    order = np.argsort(lines.ends[piece, side], kind="stable")  # the two cuts of a bend, one after the other
    corner = ends[piece, side][order].reshape(-1, 2)
    like = piece[order][::2]
    return _Lines(
        np.concatenate([lines.xy[~bend], quarter]),
        np.concatenate([ends, corner]),
        np.concatenate([lines.way, lines.way[like]]),
        np.concatenate([lines.name, lines.name[like]]),
        np.concatenate([lines.dual, lines.dual[like]]),
        np.concatenate([lines.one_way, np.zeros(len(like), np.int32)]),
        np.concatenate([np.arange(n)[~bend] * 0 + lines.mesh_point[~bend], np.full(len(quarter), -1)]),
    )


def _split_carriageways(lines: _Lines) -> _Lines:
    """Draw each dual carriageway as two one-way roads, traffic on the right, joined where a side road meets them."""
    course = _dual_course(lines)
    if len(course) < 3:
        return lines
    inner = course[1:-1]
    ahead = lines.xy[course[2:]] - lines.xy[course[:-2]]
    ahead /= np.sqrt((ahead * ahead).sum(axis=1))[:, None]
    right = np.column_stack([ahead[:, 1], -ahead[:, 0]]) * _HALF_MEDIAN_M
    n = len(lines.xy)
    left_of = {int(vertex): n + k for k, vertex in enumerate(inner)}
    xy = np.concatenate([lines.xy, lines.xy[inner] - right])
    xy[inner] += right  # the vertex itself becomes the right-hand one
    ends, link = _reattach(lines, inner, right, left_of)
    there = np.column_stack([course[:-1], course[1:]])
    back = np.array([[left_of.get(b, b), left_of.get(a, a)] for a, b in there.tolist()])
    rest = ~lines.dual
    new = np.concatenate([there, back, link])
    first = int(np.flatnonzero(lines.dual)[0])
    trunk, ramp = int(lines.way[first]), WAYS.index("trunk_link")
    pieces, links = len(there) + len(back), len(link)
    return _Lines(
        xy,
        np.concatenate([ends[rest], new]),
        np.concatenate([lines.way[rest], np.full(pieces, trunk, np.int32), np.full(links, ramp, np.int32)]),
        np.concatenate([lines.name[rest], np.full(len(new), lines.name[first], dtype=object)]),
        np.concatenate([lines.dual[rest], np.ones(len(new), np.bool_)]),
        np.concatenate([lines.one_way[rest], np.ones(pieces, np.int32), np.zeros(links, np.int32)]),
        np.concatenate([lines.mesh_point, np.full(len(inner), -1)]),
    )


def _dual_course(lines: _Lines) -> Longs:
    """Return the vertices of the longest dual carriageway in their order; empty when there is none."""
    following: dict[int, list[int]] = {}
    for a, b in lines.ends[lines.dual].tolist():
        following.setdefault(a, []).append(b)
        following.setdefault(b, []).append(a)
    best: list[int] = []
    for start in sorted(vertex for vertex, beside in following.items() if len(beside) == 1):
        course, before = [start], -1
        while (onward := [v for v in following[course[-1]] if v != before]) and len(course) <= len(following):
            before = course[-1]
            course.append(onward[0])
        best = max(best, course, key=len)
    return np.array(best, np.int64)


def _reattach(lines: _Lines, inner: Longs, right: Floats, left_of: dict[int, int]) -> tuple[Longs, Longs]:
    """Return the ends of all pieces, side roads from the left moved to the left carriageway; and the links between."""
    ends = lines.ends.copy()
    place = {int(vertex): k for k, vertex in enumerate(inner)}
    crossings = []
    for piece in np.flatnonzero(~lines.dual & np.isin(lines.ends, inner).any(axis=1)).tolist():
        for side in (0, 1):
            vertex = int(lines.ends[piece, side])
            if vertex not in place:
                continue
            crossings.append((vertex, left_of[vertex]))
            away = lines.xy[lines.ends[piece, 1 - side]] - lines.xy[vertex]
            if float(away @ right[place[vertex]]) < 0:
                ends[piece, side] = left_of[vertex]
    return ends, np.array(sorted(set(crossings)), np.int64).reshape(-1, 2)


def _without_traps(lines: _Lines) -> Ints:
    """Return one-way directions; a one-way piece that leads where there is no way back is opened both ways."""
    driven = ~np.isin(lines.way, [WAYS.index(way) for way in WALK_ONLY])
    ahead, back = driven & (lines.one_way >= 0), driven & (lines.one_way <= 0)
    a, b = lines.ends.T
    tails, heads = np.r_[a[ahead], b[back]], np.r_[b[ahead], a[back]]
    graph = csr_array((np.ones(len(tails)), (tails, heads)), shape=(len(lines.xy),) * 2)
    _, part = connected_components(graph, directed=True, connection="strong")
    return np.where(part[a] != part[b], 0, lines.one_way).astype(np.int32)
