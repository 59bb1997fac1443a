"""Travel times of many kinds at once by sweeps over a contraction hierarchy.

A sweep finds each node's least cost in whole numbers; the trips behind it are then followed edge by edge and
summed in float64, so that both columns tell of a real trip, exactly. That trip is the best one up to rounding: it may
cost more than the best, by no more than :class:`~lifezone.routing.rounding.Drift` says (some hundredths of a
second for a quarter of an hour), and mostly it *is* the best. A verdict can differ only where the trip is so near
the bound; :func:`settle` asks those few points again, exactly. Whether anything can be reached, and
trips along one chain, are exact at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import InputError
from lifezone.kernels.records import LABEL, Hooks, Records
from lifezone.model import Bools, Floats, Ints, Metric, TravelTimes
from lifezone.routing.hierarchy import Costs, Hierarchy, Weights, customise
from lifezone.routing.plain import plain
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.rounding import INF, Drift, drift_of, finest_steps, whole_costs
from lifezone.routing.sides import Direction, by_metric, hooks_of, on_chain_of, point_legs, seeds_of
from lifezone.routing.sweeps import LANES, Asked, Rooms, Seeds, ask, filled, filled_lists, nearest_many
from lifezone.routing.threads import map_threads
from lifezone.routing.times import HALF_STEP, assemble, nearest

if TYPE_CHECKING:
    from lifezone.kernels.trace import Started, Tight, Traces

__all__ = ["Prepared", "Supply", "doubtful", "k_nearest_of_kinds", "nearest_of_kinds", "nearest_within_drift", "settle"]

Supply = tuple[Attached, Ints]
"""The facilities of one kind: n attached points, i32[n] position of each in the study's Facilities, ascending."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """One mode's roads, ready for sweeps by one metric.

    Attributes:
        roads: the mode's roads.
        weights: their hierarchy with whole-number costs.
        metric: what is minimised.
        steps: whole-number steps per second or metre.
    """

    roads: ModeRoads
    weights: Weights
    metric: Metric
    steps: float

    @staticmethod
    def build(roads: ModeRoads, hierarchy: Hierarchy, metric: Metric, *, longest_leg: float = 0.0) -> Prepared:
        """Give the hierarchy the finest costs that fit; see :func:`finest_steps` for ``longest_leg``.

        Raises:
            InputError: Trips are too long for whole-number costs.
        """
        steps = finest_steps(roads, metric, longest_leg)
        return Prepared(roads, customise(hierarchy, whole_costs(roads, metric, steps)), metric, steps)

    @cached_property
    def drift(self) -> Drift:
        """How far the whole-number costs may be off."""
        return drift_of(self.roads, self.metric, self.weights.edge_cost, self.steps)

    @cached_property
    def everywhere(self) -> dict[Direction, Asked]:
        """Down passes over all rows, made so far."""
        return {}

    def asked(self, direction: Direction) -> Asked:
        """Return the down pass over all rows."""
        if direction not in self.everywhere:
            every = np.arange(self.roads.graph.n_nodes, dtype=np.int32)
            self.everywhere[direction] = ask(self.weights, every, direction=direction)
        return self.everywhere[direction]

    def whole(self, costs: Floats, least: int = 0) -> Costs:
        """Return costs in steps, rounded to the nearest, from ``least`` to ``INF``."""
        steps: Costs = np.clip(np.rint(costs * self.steps), least, INF).astype(np.uint32)
        return steps

    def tight(self, direction: Direction) -> Tight:
        """Return the edges along trips from the points to where the search began."""
        from lifezone.kernels.trace import Tight  # noqa: PLC0415

        edges = self.roads.edges(self.metric, reverse=direction == "from_facility")
        return Tight(edges, self.whole(edges.edge["cost"], 1))


def nearest_of_kinds(
    prepared: Prepared, demand: Attached, kinds: Sequence[Supply], *, direction: Direction = "to_facility",
    threads: int = 1, rooms: Rooms | None = None,
) -> list[TravelTimes]:  # fmt: skip
    """Find the nearest facility of every kind for every point, however far it is.

    Args:
        prepared: the roads.
        demand: P points attached to them.
        kinds: the facilities of each kind.
        direction: ``from_facility`` for trips that start at the facility.
        threads: blocks of kinds are spread over so many threads; the answer is the same for any number.
        rooms: work space kept from an earlier call.

    Returns:
        One TravelTimes a kind: one pair a row, none where no facility can be reached. See the module for exactness.
    """
    from lifezone.kernels.sweep import gather  # noqa: PLC0415

    rooms = Rooms() if rooms is None else rooms
    question = _question(prepared, demand, direction)
    width = LANES["u32"]

    def answer(begin: int) -> list[TravelTimes]:
        block = [_seeds(prepared, supply, direction) for supply, _ in kinds[begin : begin + width]]
        seeds = Seeds.of([(seed["node"], whole, seed["owner"]) for seed, whole in block])
        traces = _traces(prepared.roads, 1)
        known = np.empty((len(block), prepared.roads.graph.n_nodes), np.uint32)
        with filled(seeds, question.asked, "u32", width, rooms) as field:
            gather(field, question.asked.row, known)
        return [question.times(kinds[begin + i], *block[i], known[i], traces) for i in range(len(block))]

    found = map_threads(answer, range(0, len(kinds), width), threads)
    return [times for block in found for times in block]


def nearest_within_drift(
    prepared: Prepared, demand: Attached, kinds: Sequence[Supply], *, direction: Direction = "to_facility",
    threads: int = 1, rooms: Rooms | None = None,
) -> list[TravelTimes]:  # fmt: skip
    """Find the nearest facility of every kind for every point without following the trips: for screening.

    A twentieth of the time of :func:`nearest_of_kinds`, which is spent on following. What is minimised is off by up to
    the drift, either way; the other metric is NaN unless the trip stays on one chain. :func:`settle` serves here too.
    """
    from lifezone.kernels.join import join_nearest  # noqa: PLC0415

    metric = prepared.metric
    question = _question(prepared, demand, direction)
    block = [_seeds(prepared, supply, direction) for supply, _ in kinds]
    seeds = Seeds.of([(seed["node"], whole, seed["owner"]) for seed, whole in block])
    asked = ask(prepared.weights, question.node, direction=direction)
    cost, owner = nearest_many(seeds, asked, owners=True, threads=threads, rooms=rooms)
    assert owner is not None  # they were asked for
    node = point_legs(demand, direction).node
    place = np.where(node >= 0, np.searchsorted(question.node, node), -1).astype(np.int32)

    def join(kind: int) -> TravelTimes:
        label = np.empty(len(question.node), LABEL)
        reached = cost[kind] < INF
        label["cost"] = np.where(reached, cost[kind] / prepared.steps, np.inf)
        label["other"], label["owner"], label["via"] = np.nan, owner[kind], -1
        on_chain = on_chain_of(kinds[kind][0], metric)
        best = join_nearest(question.hooks(on_chain)._replace(node=place), on_chain, label)
        return question.assembled(kinds[kind], best, 1)

    return map_threads(join, range(len(kinds)), threads)


def k_nearest_of_kinds(
    prepared: Prepared, demand: Attached, kinds: Sequence[Supply], k: int, *, direction: Direction = "to_facility",
    threads: int = 1, rooms: Rooms | None = None,
) -> list[TravelTimes]:  # fmt: skip
    """Find the k nearest facilities of every kind for every point, however far; see :func:`nearest_of_kinds`.

    Returns:
        One TravelTimes a kind: up to k pairs a row. Memory goes with k times nodes and points, for each thread.

    Raises:
        InputError: k is below 1.
    """
    if k < 1:
        raise InputError(f"k nearest: k must be 1 or more, got {k}")
    rooms = Rooms() if rooms is None else rooms
    question = _question(prepared, demand, direction)

    def answer(supply: Supply) -> TravelTimes:
        most = min(k, max(supply[0].n_points, 1))
        seed, whole = _seeds(prepared, supply[0], direction)
        seeds = Seeds.of([(seed["node"], whole, seed["owner"])])
        with filled_lists(seeds, question.asked, most, rooms) as field:
            lists = field[question.asked.row]
        return question.k_times(supply, seed, whole, lists, _traces(prepared.roads, most))

    return map_threads(answer, kinds, threads)


def _seeds(prepared: Prepared, supply: Attached, direction: Direction) -> tuple[Records, Costs]:
    """Return SEED[n] the legs of a kind's facilities, and their whole costs u32[n]."""
    seed = seeds_of(supply, prepared.metric, direction)
    return seed, prepared.whole(seed["cost"])


@dataclass(frozen=True, eq=False)
class _Question:
    """What is the same for every kind: the points, the nodes of their legs, the edges along trips.

    Attributes:
        prepared: the roads.
        demand: the points.
        direction: of the trips.
        node: i32[A] nodes of the points' legs.
        asked: the down pass.
        tight: the edges.
    """

    prepared: Prepared
    demand: Attached
    direction: Direction
    node: Ints
    asked: Asked
    tight: Tight

    def hooks(self, on_chain: Records) -> Hooks:
        """Return where the points meet the graph, and the facilities on their own chains."""
        return hooks_of(self.demand, self.prepared.metric, self.direction, on_chain)

    def times(self, supply: Supply, seed: Records, whole: Costs, known: Costs, traces: Traces) -> TravelTimes:
        """Follow one kind's least costs back and join it with the points; leaves the work space clear."""
        from lifezone.kernels.join import join_nearest  # noqa: PLC0415
        from lifezone.kernels.trace import clear_traces, trace  # noqa: PLC0415

        seen = trace(self.tight, self._started(seed, whole), known, self.node, traces)
        on_chain = on_chain_of(supply[0], self.prepared.metric)
        best = join_nearest(self.hooks(on_chain), on_chain, traces.label)
        clear_traces(traces, seen)
        return self.assembled(supply, best, 1)

    def k_times(self, supply: Supply, seed: Records, whole: Costs, lists: np.ndarray, traces: Traces) -> TravelTimes:
        """Follow one kind's lists back and join them with the points; leaves the work space clear."""
        from lifezone.kernels.k_nearest import join_k_nearest  # noqa: PLC0415
        from lifezone.kernels.trace import clear_traces  # noqa: PLC0415
        from lifezone.kernels.trace_lists import trace_lists  # noqa: PLC0415

        k = lists.shape[1]
        seen = trace_lists(self.tight, self._started(seed, whole), lists, self.node, traces)
        on_chain = on_chain_of(supply[0], self.prepared.metric)
        best = join_k_nearest(self.hooks(on_chain), on_chain, traces.label, k)
        clear_traces(traces, seen)
        return self.assembled(supply, best, k)

    def _started(self, seed: Records, whole: Costs) -> Started:
        """Return the seeds of one kind, listed by node."""
        from lifezone.kernels.trace import Started, link_seeds  # noqa: PLC0415

        at = np.full(self.prepared.roads.graph.n_nodes, -1, np.int32)
        started = Started(seed, whole, at, np.empty(len(seed), np.int32))
        link_seeds(started)
        return started

    def assembled(self, supply: Supply, best: Records, k: int) -> TravelTimes:
        """Return up to k pairs a row."""
        found = best["owner"] >= 0
        first = np.concatenate([[0], np.cumsum(found.reshape(-1, k).sum(axis=1))]).astype(np.int64)
        return assemble(
            self.prepared.roads, self.demand, *supply, self.prepared.metric,
            first=first, owner=best["owner"][found], cost=best["cost"][found], other=best["other"][found],
        )  # fmt: skip


def _question(prepared: Prepared, demand: Attached, direction: Direction) -> _Question:
    """Lay out what is the same for every kind."""
    legs = point_legs(demand, direction)
    node = plain(np.unique(legs.node[legs.node >= 0]), np.int32)
    return _Question(prepared, demand, direction, node, prepared.asked(direction), prepared.tight(direction))


def _traces(roads: ModeRoads, k: int) -> Traces:
    """Return clear work space for k entries a node."""
    from lifezone.kernels.queue import clear_labels  # noqa: PLC0415
    from lifezone.kernels.trace import Traces  # noqa: PLC0415

    n, most = roads.graph.n_nodes * k, (roads.graph.n_edges + roads.graph.n_nodes) * k + 1
    label = np.empty(n, LABEL)
    clear_labels(label)
    return Traces(label, np.zeros(n, np.uint8), np.empty(n, np.int32), np.empty(most, np.int32))


def doubtful(prepared: Prepared, times: TravelTimes, bound: float) -> Bools:
    """Return bool[P], True where the first trip of a row is so near a bound that rounding may have changed the verdict.

    The best trip has whole costs no less than those of the trip found: each is off by no more than its drift.
    """
    value = by_metric(prepared.metric, *times.nearest()[1:3])[0]
    drift = prepared.drift
    doubt: Bools = np.isfinite(value)
    unsure = drift.within(bound) + drift.within_each(value[doubt]) + 2 * HALF_STEP
    doubt[doubt] = np.abs(value[doubt] - bound) <= unsure
    return doubt


def settle(
    prepared: Prepared, demand: Attached, supply: Supply, times: TravelTimes, bound: float,
    *, direction: Direction = "to_facility",
) -> TravelTimes:  # fmt: skip
    """Return the times with every row that is doubtful at a bound asked again, exactly (inclusive bound).

    So every verdict at the bound is that of :func:`lifezone.routing.nearest`.

    Args:
        prepared: the roads.
        demand: P points, as in the question.
        supply: the kind's facilities, as in the question.
        times: the answer of :func:`nearest_of_kinds` or :func:`nearest_within_drift`.
        bound: seconds door to door, or network metres.
        direction: as in the question.
    """
    row = np.flatnonzero(doubtful(prepared, times, bound))
    if not len(row):
        return times
    facilities, positions = supply
    exact = nearest(
        prepared.roads, demand.take(row), facilities, positions, metric=prepared.metric, direction=direction
    )
    at = times.first[row]
    columns = {name: getattr(times, name).copy() for name in ("facility", "seconds", "metres", "access_m")}
    for name, column in columns.items():
        column[at] = getattr(exact, name)
    return replace(times, **columns)
