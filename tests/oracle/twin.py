"""An independent twin of the whole chain from raw segments to verdicts; nothing of ``lifezone.routing`` is used.

Every raw segment is cut at every place that a point hangs on, every point becomes a vertex of its own joined to that
place by its access walk, and scipy's Dijkstra runs on the whole uncontracted graph in float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from tests.routing.turning import Roads

AT_END = 1e-6
"""Within this part of a segment's end a point is the vertex itself (DESIGN, section 3)."""
MAIN_SHARE = 0.1
"""A strongly connected part with this share of the largest part's length is a main part."""

NO_DOORS = ("ferry", "motorway", "motorway_link")
"""Nobody gets on or off these between junctions."""


@dataclass
class Ruled:
    """The vertices with rules about turns, taken apart: one copy for each arc that comes, one for each that leaves."""

    start: np.ndarray  # i64[2*S] vertex or copy at which each arc starts
    end: np.ndarray  # i64[2*S] likewise ends
    tail: np.ndarray  # turns from copies …
    head: np.ndarray  # … to copies
    seconds: np.ndarray
    n: int  # one past the last copy

    @staticmethod
    def of(network, mode, first):
        """Take the vertices that rules name apart; copies are numbered from ``first``."""
        start = np.column_stack([network.tail, network.head]).ravel().astype(np.int64)
        end = np.column_stack([network.head, network.tail]).ravel().astype(np.int64)
        turns = network.turns.get(mode)
        if turns is None:
            none = np.empty(0, np.int64)
            return Ruled(start, end, none, none, np.empty(0), first)
        roads = Roads(network, mode)
        rows = []
        for vertex in sorted(set(end[np.concatenate([turns.from_arc, turns.wait_arc])].tolist())):
            for arc in roads.into[vertex]:
                end[arc] = first
                first += 1
            for arc in roads.out[vertex]:
                start[arc] = first
                first += 1
            rows += [
                (end[a], start[b], roads.turn_seconds(a, b)) for a in roads.into[vertex] for b in roads.out[vertex]
            ]
        tail, head, seconds = np.array(rows, dtype=float).reshape(-1, 3).T
        allowed = np.isfinite(seconds)
        return Ruled(
            start, end, tail[allowed].astype(np.int64), head[allowed].astype(np.int64), seconds[allowed], first
        )

    def leaving(self, network, mode, vertex):
        """Return where a trip that starts at a vertex may go on from: itself, or its copies of arcs that leave."""
        arcs = np.flatnonzero(np.isfinite(network.seconds[mode]) & (self.start != _starts(network)))
        return self.start[arcs[_starts(network)[arcs] == vertex]]

    def arriving(self, network, mode, vertex):
        """Return the copies of arcs that come to a vertex."""
        arcs = np.flatnonzero(np.isfinite(network.seconds[mode]) & (self.end != _starts(network)[_twins(network)]))
        return self.end[arcs[_starts(network)[_twins(network)][arcs] == vertex]]


def _starts(network):
    return np.column_stack([network.tail, network.head]).ravel().astype(np.int64)


def _twins(network):
    return np.arange(2 * network.n_segments) ^ 1


def arcs_of(network, mode):
    """Return tail, head, segment, seconds of every open raw arc."""
    seconds = np.asarray(network.seconds[mode])
    tail = np.column_stack([network.tail, network.head]).ravel().astype(np.int64)
    head = np.column_stack([network.head, network.tail]).ravel().astype(np.int64)
    arc = np.flatnonzero(np.isfinite(seconds))
    return tail[arc], head[arc], arc // 2, seconds[arc]


def segments_by_part(network, mode):
    """Return bool[S] segments open to the mode, and those that lie in a main strongly connected part."""
    tail, head, segment, _ = arcs_of(network, mode)
    n = network.n_vertices
    usable, main = np.zeros(network.n_segments, bool), np.zeros(network.n_segments, bool)
    usable[segment] = ~np.isin(np.array(network.ways, object)[network.way[segment]], NO_DOORS)
    cut = np.flatnonzero(network.border)  # roads that were cut are taken to meet beyond the cut
    outside = np.full(len(cut), n)
    ruled = Ruled.of(network, mode, n + 1)
    arc = np.flatnonzero(np.isfinite(np.asarray(network.seconds[mode])))
    tail, head = ruled.start[arc], ruled.end[arc]
    ends = np.concatenate([tail, ruled.tail, cut, outside]), np.concatenate([head, ruled.head, outside, cut])
    graph = csr_matrix((np.ones(len(ends[0])), ends), shape=(ruled.n, ruled.n))
    count, label = connected_components(graph, directed=True, connection="strong")
    inside = label[tail] == label[head]
    length = np.bincount(label[tail[inside]], weights=network.metres[segment[inside]], minlength=count)
    large = length >= MAIN_SHARE * length.max() if count else np.zeros(0, bool)
    main[segment[inside & large[label[tail]]]] = True
    main &= usable
    return usable, main


def lines_of(network, segments):
    ends = np.stack([network.tail[segments], network.head[segments]], axis=1)
    return shapely.linestrings(np.stack([network.x_m[ends], network.y_m[ends]], axis=2))


def nearest_of(network, segments, x_m, y_m, limit_m):
    """Return the nearest of some segments (−1 = none within the limit) and the distance, by a tree of boxes."""
    best, gap = np.full(len(x_m), -1), np.full(len(x_m), np.inf)
    if not len(segments) or not len(x_m):
        return best, gap
    if np.isfinite(limit_m):  # lines far from every point need not be made
        ends = np.stack([network.tail[segments], network.head[segments]])
        near = np.ones(len(segments), bool)
        for places, mine in ((network.x_m[ends], x_m), (network.y_m[ends], y_m)):
            near &= (places.max(axis=0) >= mine.min() - limit_m) & (places.min(axis=0) <= mine.max() + limit_m)
        segments = segments[near]
        if not len(segments):
            return best, gap
    tree = shapely.STRtree(lines_of(network, segments))
    at = {"max_distance": limit_m} if np.isfinite(limit_m) else {}
    (point, line), distance = tree.query_nearest(shapely.points(x_m, y_m), return_distance=True, all_matches=True, **at)
    for p, s, d in zip(point.tolist(), segments[line].tolist(), distance.tolist(), strict=True):
        if d <= limit_m and (best[p] < 0 or s < best[p]):
            best[p], gap[p] = s, d
    return best, gap


def places_of(network, mode, x_m, y_m, limit_m):
    """Hang points: the nearest segment of a main part within the limit, else the nearest open one."""
    usable, main = segments_by_part(network, mode)
    segment, gap_m = nearest_of(network, np.flatnonzero(main), x_m, y_m, limit_m)
    rest = np.flatnonzero(segment < 0)
    other, more = nearest_of(network, np.flatnonzero(usable & ~main), x_m[rest], y_m[rest], limit_m)
    segment[rest], gap_m[rest] = other, more
    return segment, gap_m


def distance_to(network, segment, x_m, y_m):
    """Return the distance of each point to one segment each, and the part along it."""
    a = np.column_stack([network.x_m[network.tail[segment]], network.y_m[network.tail[segment]]])
    b = np.column_stack([network.x_m[network.head[segment]], network.y_m[network.head[segment]]])
    p = np.column_stack([x_m, y_m])
    along = ((p - a) * (b - a)).sum(axis=1)
    square = ((b - a) ** 2).sum(axis=1)
    part = np.clip(np.divide(along, square, out=np.zeros(len(p)), where=square > 0), 0.0, 1.0)
    return np.hypot(*(p - a - part[:, None] * (b - a)).T), part


@dataclass
class Cut:
    """The raw graph cut at n points, each of which is a vertex of its own (``first_point + i``)."""

    tail: np.ndarray
    head: np.ndarray
    seconds: np.ndarray
    metres: np.ndarray
    n: int
    first_point: int
    gap_m: np.ndarray
    anchor: np.ndarray


def cut_at(network, mode, x_m, y_m, segment, *, walk_mps, gap_m):
    """Cut the raw segments at points hung on ``segment`` (−1 = not at all) and join each point by its walk."""
    hung = np.flatnonzero(segment >= 0)
    part = np.zeros(len(x_m))
    part[hung] = distance_to(network, segment[hung], x_m[hung], y_m[hung])[1]
    anchor = np.full(len(x_m), -1)
    at_tail, at_head = hung[part[hung] <= AT_END], hung[part[hung] >= 1 - AT_END]
    anchor[at_head] = network.head[segment[at_head]]
    anchor[at_tail] = network.tail[segment[at_tail]]
    inner = hung[anchor[hung] < 0]
    order = inner[np.lexsort((part[inner], segment[inner]))]
    same = np.concatenate([[False], (np.diff(segment[order]) == 0) & (np.diff(part[order]) == 0)])[: len(order)]
    anchor[order] = network.n_vertices + np.cumsum(~same) - 1  # points at one place share a vertex
    order = order[~same]
    whole = np.setdiff1d(np.arange(network.n_segments), segment[order])
    s, begin, end = [whole], [network.tail[whole]], [network.head[whole]]
    share = [np.ones(len(whole))]
    if len(order):
        on, at, vertex = segment[order], part[order], anchor[order]
        first = np.concatenate([[True], on[1:] != on[:-1]])
        last = np.concatenate([on[1:] != on[:-1], [True]])
        before = np.concatenate([[0.0], at[:-1]])
        s += [on, on[last]]
        begin += [np.where(first, network.tail[on], np.concatenate([[0], vertex[:-1]])), vertex[last]]
        end += [vertex, network.head[on[last]]]
        share += [at - np.where(first, 0.0, before), 1.0 - at[last]]
    s, begin, end, share = (np.concatenate(one) for one in (s, begin, end, share))
    first_point = network.n_vertices + len(order)
    ruled = Ruled.of(network, mode, first_point + len(x_m))
    tails, heads = [ruled.tail], [ruled.head]
    seconds, metres = [ruled.seconds], [np.zeros(len(ruled.tail))]
    for direction, (come, go) in enumerate([(begin, end), (end, begin)]):
        own, arc = _starts(network), 2 * s + direction
        a = np.where(come == own[arc], ruled.start[arc], come)
        b = np.where(go == own[arc ^ 1], ruled.end[arc], go)
        weight = np.asarray(network.seconds[mode])[2 * s + direction]
        here = np.isfinite(weight)
        tails.append(a[here])
        heads.append(b[here])
        seconds.append(share[here] * weight[here])
        metres.append(share[here] * network.metres[s[here]])
    point = first_point + hung
    for p in hung[anchor[hung] < network.n_vertices].tolist():  # at a vertex taken apart: all its arcs
        for copies, away in ((ruled.leaving, True), (ruled.arriving, False)):
            there = copies(network, mode, anchor[p])
            here = np.full(len(there), first_point + p)
            tails.append(here if away else there)
            heads.append(there if away else here)
            seconds.append(np.full(len(there), gap_m[p] / walk_mps))
            metres.append(np.zeros(len(there)))
    for a, b in ((point, anchor[hung]), (anchor[hung], point)):
        tails.append(a)
        heads.append(b)
        seconds.append(gap_m[hung] / walk_mps)
        metres.append(np.zeros(len(hung)))
    tail, head, seconds, metres = (np.concatenate(one) for one in (tails, heads, seconds, metres))
    return Cut(tail, head, seconds, metres, ruled.n, first_point, gap_m, anchor)


def matrix(tail, head, weight, n):
    """Return a CSR matrix with parallel edges and zeros kept, as scipy's Dijkstra reads it."""
    order = np.argsort(tail, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))])
    return csr_matrix((weight[order], head[order], first), shape=(n, n))


def spread_from(cut, sources, *, metric, reverse, longest=False):
    """Return cost, other metric and nearest source of every vertex; trips run towards the sources if ``reverse``.

    The other metric is the least among the trips of least cost, with ``longest`` about the most.
    """
    if not len(sources):
        return np.full(cut.n, np.inf), np.full(cut.n, np.inf), np.full(cut.n, -1)
    tail, head = (cut.head, cut.tail) if reverse else (cut.tail, cut.head)
    weight, other = (cut.seconds, cut.metres) if metric == "time" else (cut.metres, cut.seconds)
    if longest:  # a hair less for what is large by the other metric
        weight = np.maximum(weight - 1e-9 * other, 0.0)
    cost, _, source = dijkstra(
        matrix(tail, head, weight, cut.n), indices=sources, min_only=True, return_predecessors=True
    )
    with np.errstate(invalid="ignore"):
        tight = cost[tail] + weight <= cost[head] + (1e-12 if longest else 1e-8)
    second = dijkstra(matrix(tail[tight], head[tight], other[tight], cut.n), indices=sources, min_only=True)
    return cost, second, np.where(np.isfinite(cost), source, -1)


@dataclass
class Trips:
    """One trip per demand point."""

    seconds: np.ndarray
    metres: np.ndarray
    facility: np.ndarray


class Twin:
    """One world and mode, cut at all its demand points and facilities."""

    def __init__(self, world, mode, *, adopt=None):
        demand, facilities = world.demand, world.facilities
        self.world, self.mode, self.access = world, mode, world.access[mode]
        self.n_points = demand.n_points
        x = np.concatenate([demand.x_m, facilities.x_m])
        y = np.concatenate([demand.y_m, facilities.y_m])
        segment, gap_m = places_of(world.network, mode, x, y, self.access.limit_m)
        self.own_segment = segment
        if adopt is not None:
            segment = legal(world.network, mode, x, y, segment, gap_m, adopt)
        self.off = segment[: self.n_points] < 0
        self.segment = segment
        self.gap_m = gap_m
        self.cut = cut_at(world.network, mode, x, y, segment, walk_mps=self.access.speed_mps, gap_m=gap_m)

    def nearest(self, positions, *, metric="time", direction="to_facility", longest=False):
        """Return the nearest of some facilities for every demand point."""
        cut, reverse = self.cut, direction == "to_facility"
        sources = cut.first_point + self.n_points + np.asarray(positions, np.int64)
        sources = sources[cut.anchor[self.n_points + np.asarray(positions, np.int64)] >= 0]
        cost, other, source = spread_from(cut, sources, metric=metric, reverse=reverse, longest=longest)
        here = slice(cut.first_point, cut.first_point + self.n_points)
        seconds, metres = (cost, other) if metric == "time" else (other, cost)
        facility = np.where(source[here] >= 0, source[here] - cut.first_point - self.n_points, -1)
        return Trips(seconds[here] + self.access.terminal_s, metres[here], facility)

    def to_border(self, *, metric="time", direction="to_facility"):
        """Return the least value from each point to where roads lead out of what is known, or None when nowhere."""
        network = self.world.network
        beyond = np.zeros(network.n_vertices, bool) if network.beyond is None else network.beyond
        if not (network.border | beyond).any():
            return None
        used = np.zeros(network.n_vertices, bool)
        tail, head, _, _ = arcs_of(network, self.mode)
        used[tail] = used[head] = True
        sources = np.flatnonzero((network.border | beyond) & used)
        cost, _, _ = spread_from(self.cut, sources, metric=metric, reverse=direction == "to_facility")
        cost = cost[self.cut.first_point : self.cut.first_point + self.n_points]
        out = self.segment[: self.n_points] >= 0
        out &= beyond[network.tail[self.segment[: self.n_points]]] & beyond[network.head[self.segment[: self.n_points]]]
        if metric == "length":
            return np.where(out, 0.0, cost)
        return np.where(out, self.gap_m[: self.n_points] / self.access.speed_mps, cost) + self.access.terminal_s

    def trip_of(self, requirement):
        """Return the trip that counts for a requirement: the nearest of its kinds, or the slowest of one a kind."""
        facilities = self.world.facilities
        names = np.array([facilities.kinds[k] for k in facilities.kind], dtype=object)
        large = facilities.open.copy()
        if requirement.least_capacity is not None:
            large &= np.array([value >= requirement.least_capacity for value in facilities.capacity])
        groups = [[kind] for kind in requirement.kinds] if requirement.match == "all" else [list(requirement.kinds)]
        found = [
            self.nearest(
                np.flatnonzero(large & np.isin(names, kinds)),
                metric=requirement.metric,
                direction=requirement.direction,
            )
            for kinds in groups
        ]
        key = np.stack([one.seconds if requirement.metric == "time" else one.metres for one in found])
        worst = key.argmax(axis=0)
        every = np.arange(self.n_points)
        return Trips(
            *(np.stack([getattr(t, c) for t in found])[worst, every] for c in ("seconds", "metres", "facility"))
        )


def legal(network, mode, x_m, y_m, own, gap_m, adopt):
    """Take over other anchors where they are as good as our own; complain where they are not."""
    usable, main = segments_by_part(network, mode)
    assert np.array_equal(own < 0, adopt < 0), "off the network here, on it there"
    differ = np.flatnonzero(own != adopt)
    theirs = adopt[differ]
    assert usable[theirs].all()
    assert np.array_equal(main[theirs], main[own[differ]]), "a trap was preferred to a main part"
    distance = distance_to(network, theirs, x_m[differ], y_m[differ])[0]
    np.testing.assert_allclose(distance, gap_m[differ], atol=1e-6)
    return np.where(adopt >= 0, adopt, -1)
