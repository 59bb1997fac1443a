"""The searches that are timed beside peers: nearest, k nearest, all within a reach, matrices, preparation, streaming.

What is timed is node fields in the engine's own order; a field handed out in the caller's order, with owners, or as
``TravelTimes`` is told apart, in keys of its own. Each contest returns entries for the report by their names.

Where aims are missed at 100,000 nodes, by processor time: the search without preparation (3.2 × of 4 ×) spends 26 ns an
edge; which part of that are edges followed twice, in wide buckets, is not measured yet. Lists of five are swept by
cells of rows (``kernels.cells``), 2.5 × as fast as merging them arc by arc: of 6.0 ms the up pass takes 0.6, pulling 16
lanes of owners 2.5, sorting what they hold 1.0, laying owners out the rest. All pairs within half an hour (8 × of 20
×): 2 to 8 % of these nodes lie within reach, which scipy's bounded search profits from, while 32 facilities of 98 still
share half of all rows; with a million nodes it is 60 ×. The same cells would serve here, with a lane for each facility
that comes near one: not done yet. Moving rows of two cache lines at once took 1.9 × off the matrices' down pass, asking
for rows 12 arcs ahead a tenth off large sweeps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from benchmarks.course import Course
from benchmarks.duel import Side, duel, ratio_of
from benchmarks.measure import optional
from benchmarks.peers import PANDANA_S, Pandana, others, routingkit_of
from lifezone.model import Floats
from lifezone.routing import (
    INF,
    Seeds,
    ask,
    customise,
    field_room,
    filled,
    filled_lists,
    integer_costs,
    nearest_field,
    nearest_many,
    nearest_of_kinds,
    nearest_within_drift,
    node_matrix,
    node_pairs,
    order_nodes,
)  # fmt: skip

__all__ = ["k_nearest", "matrices", "nearest_prepared", "nearest_unprepared", "preparation", "streaming", "within"]

Entries = dict[str, Any]

SEARCH_S: Final = 1e-5
"""lifezone and scipy add the same seconds in another order."""
NEAREST_KINDS: Final = 10
K: Final = 5
REACH_S: Final = 1800.0
ORIGINS: Final = 20_000
SQUARE: Final = 2_000
SCIPY_ROWS: Final = 8
"""Rows of a matrix that scipy is asked for; it takes as long for each."""
PANDANA_PAIRS: Final = 20_000
CHECKED_PAIRS: Final = 300
DRIFT: Final = "the stated drift of whole-number costs"


def nearest_unprepared(course: Course) -> Entries:
    """One kind, no preparation."""
    facilities, room = course.at_nodes(course.kinds[0]), field_room(course.roads)
    ours = Side(
        "lifezone.routing.nearest_field", lambda: nearest_field(course.roads, facilities, room=room)[0], again=5
    )
    ours_, peer, *more = duel(ours, _scipy_nearest(course), *_others(course), rounds=5)
    equal = _same(ours_.made, peer.made, SEARCH_S)
    entry = ratio_of(ours_, peer, equal=equal, unit=f"{SEARCH_S:g} s", facilities=len(course.kinds[0]))
    shown = {
        f"nearest_unprepared_vs_{one.side.function}": ratio_of(
            ours_, one, equal=_same(ours_.made, one.made, SEARCH_S), unit=f"{SEARCH_S:g} s"
        )
        for one in more
    }
    return {"nearest_unprepared_vs_scipy": entry, **shown}


def nearest_prepared(course: Course, pandana: Pandana | None) -> Entries:
    """Ten kinds by one sweep, and 32 by one of 16-bit lanes in tenths of a second."""
    seeds, asked = course.seeds(NEAREST_KINDS), course.everywhere
    ours = Side("lifezone.routing.filled", lambda: _swept(course, seeds, "u32", 16), NEAREST_KINDS, again=5)
    peers: list[Side[Any]] = [_scipy_nearest(course)]
    if pandana is not None:
        reach = float(dijkstra(course.towards, indices=course.kinds[0], min_only=True).max()) + 1.0
        peers.append(Side("pandana.Network.nearest_pois", pandana.nearest(course.kinds[0], 1, reach)))
    ours_, scipy, *found = duel(ours, *peers, rounds=3)
    seconds = _seconds(course, _field_of(course, seeds, 0))
    drift = {"facilities_a_kind": len(course.kinds[0]), "kinds": NEAREST_KINDS}
    entries = {
        "nearest_prepared_vs_scipy": ratio_of(
            ours_, scipy, equal=course.same_s(seconds, scipy.made), unit=DRIFT, **drift
        ),
        "nearest_vs_pandana": None,
    }
    if pandana is not None:
        near = found[0].made[:, 0]
        equal = _same(np.where(seconds >= reach, np.inf, seconds), near, PANDANA_S)
        entries["nearest_vs_pandana"] = ratio_of(ours_, found[0], equal=equal, unit=f"{PANDANA_S:g} s", **drift,
                                                 preparing_pandana=pandana.preparing.plain())  # fmt: skip
    points = course.at_nodes(np.arange(course.n_nodes, dtype=np.int32))
    kinds = [(course.at_nodes(nodes), np.arange(len(nodes), dtype=np.int32)) for nodes in course.kinds[:NEAREST_KINDS]]
    apart: dict[str, Callable[[], Any]] = {
        "in the caller's order, lifezone.routing.nearest_many": lambda: nearest_many(seeds, asked, rooms=course.rooms),
        "with owners, lifezone.routing.nearest_many": lambda: nearest_many(
            seeds, asked, owners=True, rooms=course.rooms
        ),
        "TravelTimes without other metric, lifezone.routing.nearest_within_drift": lambda: nearest_within_drift(
            course.prepared, points, kinds, rooms=course.rooms
        ),
        "TravelTimes, lifezone.routing.nearest_of_kinds": lambda: nearest_of_kinds(
            course.prepared, points, kinds, rooms=course.rooms
        ),
    }
    entries["nearest_prepared_told_apart"] = {
        name: duel(Side(name, work, NEAREST_KINDS), rounds=2)[0].plain() for name, work in apart.items()
    }
    return entries | _many_kinds(course)


def _many_kinds(course: Course) -> Entries:
    """32 kinds at once by 16-bit lanes, beside scipy on the same tenths of a second: equal to the digit."""
    seeds, asked = course.seeds(len(course.kinds)), course.everywhere_tenths
    tenths = course.towards.copy()
    tenths.data = np.maximum(np.rint(tenths.data * 10), 1)
    ours = Side("lifezone.routing.filled", lambda: _swept(course, seeds, "u16", 32), len(course.kinds), again=5)
    peer = Side(
        "scipy.sparse.csgraph.dijkstra", lambda: dijkstra(tenths, indices=course.kinds[-1], min_only=True), again=1
    )
    ours_, scipy = duel(ours, peer, rounds=3)
    found = nearest_many(seeds.take(np.array([31], np.int32)), asked, lanes="u16", rooms=course.rooms)[0][0]
    expected = np.where(scipy.made < 0xFFFF, scipy.made, INF)
    entry = ratio_of(ours_, scipy, equal=np.array_equal(found, expected), unit="0, both in whole tenths of a second",
                     kinds=len(course.kinds))  # fmt: skip
    return {"nearest_32_kinds_vs_scipy": entry}


def k_nearest(course: Course, pandana: Pandana | None) -> Entries:
    """The five nearest of one kind, from everywhere."""
    if pandana is None:
        return {"k_nearest_vs_pandana": None}
    seeds, asked = course.seeds(1), course.everywhere

    def work() -> np.ndarray:
        with filled_lists(seeds, asked, K, course.rooms) as lists:
            return lists

    peer = Side("pandana.Network.nearest_pois", pandana.nearest(course.kinds[0], K, REACH_S))
    ours, theirs = duel(Side("lifezone.routing.filled_lists", work, again=3), peer, rounds=3)
    found = (ours.made[asked.row] >> np.uint64(32)) / course.prepared.steps
    # Near the reach one may have it and the other not.
    near = np.minimum(np.where(found >= REACH_S, np.inf, found), REACH_S)
    equal = bool((np.abs(near - np.minimum(theirs.made, REACH_S)) <= PANDANA_S).all())
    return {
        "k_nearest_vs_pandana": ratio_of(
            ours, theirs, equal=equal, unit=f"{PANDANA_S:g} s", k=K, facilities=len(course.kinds[0])
        )
    }


def within(course: Course) -> Entries:
    """All pairs of facilities and 20,000 origins within half an hour; laying out what the origins need is timed too."""
    rng = np.random.default_rng(11)
    origins = np.sort(rng.choice(course.n_nodes, min(ORIGINS, course.n_nodes // 2), replace=False)).astype(np.int32)
    facilities = course.kinds[1]
    limit = int(REACH_S * course.prepared.steps)

    def work() -> list[Any]:
        asked = ask(course.prepared.weights, origins)
        return list(node_pairs(Seeds.at(facilities), asked, limit, rooms=course.rooms))

    chosen = np.unique(np.linspace(0, len(facilities) - 1, SCIPY_ROWS).astype(np.int64))

    def scipy() -> list[Floats]:
        return [dijkstra(course.towards, indices=int(facilities[f]), limit=REACH_S)[origins] for f in chosen]

    ours, theirs = duel(
        Side("lifezone.routing.node_pairs", work, len(facilities)),
        Side("scipy.sparse.csgraph.dijkstra", scipy, len(chosen)),
    )
    rows = np.full((len(facilities), len(origins)), np.inf)
    for question, first, place, cost in ours.made:
        for b, f in enumerate(question.tolist()):
            rows[f, place[first[b] : first[b + 1]]] = cost[first[b] : first[b + 1]] / course.prepared.steps
    drift = course.prepared.drift.within(REACH_S) + 1e-6
    off = np.abs(np.minimum(rows[chosen], REACH_S) - np.minimum(np.array(theirs.made), REACH_S))
    return {
        "within_reach_vs_scipy": ratio_of(
            ours, theirs, equal=bool((off <= drift).all()), unit=DRIFT, origins=len(origins),
            facilities=len(facilities), pairs=int(np.isfinite(rows).sum()),
        )
    }  # fmt: skip


def matrices(course: Course, pandana: Pandana | None) -> Entries:
    """2,000 × 2,000 travel times; laying out what the targets need is timed too."""
    rng = np.random.default_rng(12)
    count = min(SQUARE, course.n_nodes // 2)
    sources, targets = (rng.choice(course.n_nodes, count, replace=False).astype(np.int32) for _ in range(2))
    weights = course.prepared.weights
    chosen = np.unique(np.linspace(0, count - 1, SCIPY_ROWS).astype(np.int64))
    pairs = rng.integers(0, count, (2, PANDANA_PAIRS))
    peers: list[Side[Any]] = [
        Side(
            "scipy.sparse.csgraph.dijkstra",
            lambda: dijkstra(course.forwards, indices=sources[chosen])[:, targets],
            len(chosen) * count,
        )
    ]
    if pandana is not None:
        work = pandana.between(sources[pairs[0]], targets[pairs[1]])
        peers.append(Side("pandana.Network.shortest_path_lengths", work, PANDANA_PAIRS))
    ours = Side(
        "lifezone.routing.node_matrix", lambda: node_matrix(weights, sources, targets, rooms=course.rooms), count**2
    )
    ours_, scipy, *found = duel(ours, *peers)
    seconds = _seconds(course, ours_.made)
    equal = course.same_s(seconds[chosen].ravel(), scipy.made.ravel())
    entries: Entries = {
        "matrix_vs_scipy": ratio_of(ours_, scipy, equal=equal, unit=DRIFT, sources=count, targets=count),
        "matrix_vs_pandana": None,
        "matrix_vs_osrm": None,
    }
    if found:
        same = _same(seconds[pairs[0], pairs[1]], found[0].made, PANDANA_S)
        entries["matrix_vs_pandana"] = ratio_of(ours_, found[0], equal=same, unit=f"{PANDANA_S:g} s")
    return entries


def preparation(course: Course) -> Entries:
    """Order and customisation beside RoutingKit's contraction hierarchy, of the same whole numbers."""
    build = routingkit_of(course)
    if build is None:
        return {"prepare_vs_routingkit": None}
    graph, network = course.roads.graph, course.roads.network
    x_m, y_m = network.x_m[graph.vertex], network.y_m[graph.vertex]

    def work() -> Any:
        return customise(order_nodes(graph, x_m, y_m), integer_costs(graph, "time"))

    rounds = 3 if course.n_nodes < 300_000 else 1
    ours, theirs = duel(
        Side("lifezone.routing.order_nodes + customise", work),
        Side("routingkit_ch.ContractionHierarchy.build", build),
        rounds=rounds,
    )
    rng = np.random.default_rng(13)
    ends = rng.choice(course.n_nodes, (2, CHECKED_PAIRS)).astype(np.int32)
    query = optional("routingkit_ch").CHQuery(theirs.made)
    expected = [query.reset().add_source(a).add_target(b).run().get_distance() for a, b in ends.T.tolist()]
    found = np.diag(node_matrix(ours.made, ends[0], ends[1]))
    equal = np.array_equal(found, np.array(expected, np.uint32))
    return {"prepare_vs_routingkit": ratio_of(ours, theirs, equal=equal, unit="0, both in whole tenths of a second")}


def streaming(course: Course) -> Entries:
    """The down sweep of 16 lanes beside streaming the bytes that it has to read and write: ours ÷ the floor.

    The floor is numpy's own loops: the largest of all arcs' numbers is looked for (every byte of rows, heads and costs
    is read once) and each number of the field is set to the lesser of it and another (read and written once).
    """
    from lifezone.kernels.sweep import sweep_down  # noqa: PLC0415

    seeds, asked = course.seeds(16), course.everywhere
    with filled(seeds, asked, "u32", 16, course.rooms):
        pass
    with course.rooms.lend(asked, np.uint32, 16) as (base, flag, out):
        expected = base.copy()
        side = asked.needed.side

        def floor() -> None:
            for part in (asked.needed.rank, side.first, side.head, side.cost):
                part.max()
            np.minimum(base, np.uint32(INF), out=base)

        sweep, stream = duel(
            Side("lifezone.kernels.sweep.sweep_down", lambda: sweep_down(out, base, flag, asked.needed), again=7),
            Side("numpy: max of the arcs, minimum of the field in place", floor, again=7),
            rounds=3,
        )
        equal = np.array_equal(base, expected)  # a down pass over a finished field changes nothing
    read = sum(part.nbytes for part in (asked.needed.rank, side.first, side.head, side.cost))
    told = ratio_of(sweep, stream, equal=equal, unit="0", mib=round((read + 2 * base.nbytes) / 2**20, 1))
    return {"sweep_vs_stream": {**told, "ratio": float(f"{sweep.unit_s / stream.unit_s:.4g}")}}


def _scipy_nearest(course: Course) -> Side[Floats]:
    """Return scipy's search from all facilities of the first kind."""
    nodes = course.kinds[0]
    return Side("scipy.sparse.csgraph.dijkstra", lambda: dijkstra(course.towards, indices=nodes, min_only=True))


def _others(course: Course) -> list[Side[Floats]]:
    """Return the peers that are only shown."""
    return [Side(name, work) for name, work in others(course, course.kinds[0]).items()]


def _swept(course: Course, seeds: Seeds, lanes: str, width: int) -> None:
    """Sweep one block; the field is left where it is."""
    asked = course.everywhere if lanes == "u32" else course.everywhere_tenths
    with filled(seeds, asked, lanes, width, course.rooms):
        pass


def _field_of(course: Course, seeds: Seeds, question: int) -> np.ndarray:
    """Return u32[N] one question's costs, read out of the engine's rows."""
    with filled(seeds, course.everywhere, "u32", 16, course.rooms) as field:
        costs: np.ndarray = field[course.everywhere.row, question].copy()
    return costs


def _seconds(course: Course, costs: np.ndarray) -> Floats:
    """Return whole costs as seconds."""
    return np.where(costs >= INF, np.inf, costs / course.prepared.steps)


def _same(found: Floats, expected: Floats, unit_s: float) -> bool:
    """Tell whether two answers agree within a unit."""
    reached = np.isfinite(expected)
    apart = np.abs(found[reached] - expected[reached])
    return bool(np.array_equal(np.isfinite(found), reached) and (apart <= unit_s).all())
