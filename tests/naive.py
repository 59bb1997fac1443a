"""Slow twins of the kernels: plain Python over plain lists, written for reading."""

from __future__ import annotations

import heapq
import math

INF = math.inf


def nearest_labels(n_nodes, edges, seeds):
    """Return for each node the least (cost, owner, other), None where no seed reaches it.

    ``edges`` are (tail, head, cost, other), ``seeds`` (node, cost, owner, other).
    """
    out = [[] for _ in range(n_nodes)]
    for tail, head, cost, other in edges:
        out[tail].append((head, cost, other))
    done = [None] * n_nodes
    queue = [(cost, owner, other, node) for node, cost, owner, other in seeds]
    heapq.heapify(queue)
    while queue:
        cost, owner, other, node = heapq.heappop(queue)
        if done[node] is not None:
            continue
        done[node] = (cost, owner, other)
        for head, edge_cost, edge_other in out[node]:
            heapq.heappush(queue, (cost + edge_cost, owner, other + edge_other, head))
    return done


def k_nearest_labels(n_nodes, edges, seeds, k):
    """Return for each node its k least (cost, owner, other), one per owner, by one search an owner."""
    owners = sorted({owner for _, _, owner, _ in seeds})
    one_by_one = [nearest_labels(n_nodes, edges, [s for s in seeds if s[2] == owner]) for owner in owners]
    return [sorted(labels[node] for labels in one_by_one if labels[node])[:k] for node in range(n_nodes)]


def swallowed(n_vertices, arcs):
    """Return the vertices that contraction swallows; ``arcs`` are (segment, from, to), open ones alone.

    Two ways on: either one arc in and another segment's arc out, or two segments open both ways. Of a ring without a
    node the lowest vertex stays.
    """
    gone = set()
    for v in range(n_vertices):
        into = [s for s, _, b in arcs if b == v]
        out = [s for s, a, _ in arcs if a == v]
        if any(a == b == v for _, a, b in arcs):
            continue
        one_way = len(into) == len(out) == 1 and into != out
        two_way = len(into) == len(out) == 2 and sorted(into) == sorted(out) and into[0] != into[1]
        if one_way or two_way:
            gone.add(v)
    for v in sorted(gone):
        group, front = {v}, [v]
        while front:
            at = front.pop()
            beside = {b for _, a, b in arcs if a == at} | {a for _, a, b in arcs if b == at}
            front += beside - group
            group |= beside
        if group <= gone:
            gone.discard(min(group))
    return gone


def nearest_line(lines, x, y, limit):
    """Return (line, part, gap) of the nearest of (x0, y0, x1, y1) within the limit, (−1, 0, inf) when there is none."""
    best = (INF, -1, 0.0)
    for i, (x0, y0, x1, y1) in enumerate(lines):
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        part = min(1.0, max(0.0, ((x - x0) * dx + (y - y0) * dy) / square)) if square else 0.0
        end = (x1, y1) if part == 1.0 else (x0 + part * dx, y0 + part * dy)
        best = min(best, (math.hypot(x - end[0], y - end[1]), i, part))
    gap, line, part = best
    return (line, part, gap) if gap <= limit else (-1, 0.0, INF)


def groups_of(n, pairs):
    """Return each point's group, numbered by lowest point: points joined by pairs, one into another."""
    group = list(range(n))
    for a, b in pairs:
        low, high = sorted((group[a], group[b]))
        group = [low if g == high else g for g in group]
    names = sorted(set(group))
    return [names.index(g) for g in group]


def served(pairs, seekers, places):
    """Return the people served at each point; ``pairs`` are (value, point, facility), worked off nearest first."""
    left, free, found = list(seekers), list(places), [0.0] * len(seekers)
    for _, point, facility in sorted(pairs):
        taken = min(left[point], free[facility])
        left[point] -= taken
        free[facility] -= taken
        found[point] += taken
    return found


def floating_catchment(pairs, people, supply, zones):
    """Return supply per head at each point; ``pairs`` are (seconds, point, facility), ``zones`` (seconds, weight)."""

    def weight(seconds):
        return next((w for reach, w in zones if seconds <= reach), 0.0)

    shared = [sum(weight(s) * people[p] for s, p, f in pairs if f == j) for j in range(len(supply))]
    return [
        sum(weight(s) * supply[f] / shared[f] for s, p, f in pairs if p == i and shared[f]) for i in range(len(people))
    ]


def only_here(pairs, people, bound, n_facilities):
    """Return the people of each facility who have no other within the bound; ``pairs`` are (value, point, facility)."""
    found = [0.0] * n_facilities
    for i in range(len(people)):
        near = [f for s, p, f in sorted(pairs) if p == i and s <= bound]
        if len(near) == 1:
            found[near[0]] += people[i]
    return found
