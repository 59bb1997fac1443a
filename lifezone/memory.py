"""What one run computes once and uses again, and how its travel times are asked: all kinds of a mode together.

Keys name what was asked, by the identity of the arrays that went in. :func:`ask` answers every question that is not
known yet in the way that is estimated to be the quickest (:mod:`lifezone.routing.choose`); all ways give the same
travel times to the last bit. What a variant leaves unchanged is found here and not computed again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from lifezone.errors import InputError
from lifezone.model import Ints, Metric, SearchGraph, World

if TYPE_CHECKING:
    from lifezone.access import NearestTrip
    from lifezone.routing import Attached, Hierarchy, ModeRoads
    from lifezone.routing.choose import Method
    from lifezone.routing.dynamic import Variants

__all__ = ["Memory", "Question", "ask", "attach_demand", "attach_facilities", "roads_of", "trip_of"]

T = TypeVar("T")


@dataclass
class Memory:
    """What one run computes once and uses again; **mutable**.

    Keys name objects by identity; ``held`` keeps those objects alive, so that no identity is ever reused.

    Attributes:
        made: what was made, by key.
        held: what keys name.
        graph_of: gives a mode's contracted roads, or None to contract them here.
        hierarchy_of: gives the hierarchy of contracted roads, or None to make it here.
        is_prepared: tells whether that is quick.
        worlds: every world of the run, the baseline first; more than one lets variants be answered as edits of it.
        method: ``auto``, or the method that every question is answered by where it can.
        threads: searches that run beside one another.
        told: which method answered what, how long it took and was estimated to take.
    """

    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    held: list[object] = field(default_factory=list)
    graph_of: Callable[[World, str], SearchGraph] | None = None
    hierarchy_of: Callable[[ModeRoads], Hierarchy] | None = None
    is_prepared: Callable[[ModeRoads], bool] | None = None
    worlds: tuple[World, ...] = ()
    method: str = "auto"
    threads: int = 1
    told: list[dict[str, Any]] = field(default_factory=list)

    def once(self, key: tuple[Any, ...], owners: Sequence[object], make: Callable[[], T]) -> T:
        """Return what was made under ``key`` and the identities of ``owners``, making it when it is missing."""
        key = (*key, *(id(owner) for owner in owners))
        if key not in self.made:
            self.made[key] = make()
            self.held.extend(owners)
        made: T = self.made[key]
        return made

    def keep(self, key: tuple[Any, ...], owners: Sequence[object], made: object) -> None:
        """Keep what was made elsewhere under ``key`` and ``owners``."""
        self.once(key, owners, lambda: made)

    def knows(self, key: tuple[Any, ...], owners: Sequence[object]) -> bool:
        """Tell whether something was made under ``key`` and ``owners``."""
        return (*key, *(id(owner) for owner in owners)) in self.made

    @contextmanager
    def passing(self, name: str) -> Iterator[None]:
        """Forget meanwhile-made answers of a name (the first part of their keys) at the end; older ones stay."""
        before = set(self.made)
        try:
            yield
        finally:
            for key in [key for key in self.made if key[0] == name and key not in before]:
                del self.made[key]


class Question(NamedTuple):
    """The nearest open facility of any of some kinds, of at least some capacity."""

    mode: str
    metric: Metric
    direction: Literal["to_facility", "from_facility"]
    kinds: tuple[str, ...]
    least_capacity: float | None = None

    def positions(self, world: World) -> Ints:
        """Return the open facilities in question, ascending."""
        return world.facilities.open_of(self.kinds, self.least_capacity)


def roads_of(world: World, mode: str, memory: Memory) -> ModeRoads:
    """Return one mode's search graph of a world's network, contracted once per network."""
    from lifezone.routing import ModeRoads  # noqa: PLC0415  (numba loads when a search is needed, not before)

    def make() -> ModeRoads:
        graph = memory.graph_of(world, mode) if memory.graph_of else None
        return ModeRoads.build(world.network, mode, world.access[mode], graph)

    return memory.once(("roads", mode), [world.network], make)


def attach_demand(world: World, mode: str, memory: Memory) -> Attached:
    """Hang every demand point on its road, once per network and demand."""
    demand, roads = world.demand, roads_of(world, mode, memory)
    return memory.once(("demand", mode), [world.network, demand], lambda: roads.attach(demand.x_m, demand.y_m))


def attach_facilities(world: World, positions: Ints, mode: str, memory: Memory) -> Attached:
    """Hang some facilities on their roads; all of a world are hung at once, since roads are laid out for each call."""
    supply, roads = world.facilities, roads_of(world, mode, memory)
    everything = memory.once(("supply", mode), [world.network, supply], lambda: roads.attach(supply.x_m, supply.y_m))
    return everything.take(positions)


def trip_of(world: World, question: Question, memory: Memory) -> NearestTrip:
    """Return the nearest trip of every demand point; a repeated question is remembered."""
    ask(world, [question], memory)
    trip: NearestTrip = memory.once(_key(world, question), [world.network, world.demand], _never)
    return trip


def ask(world: World, questions: Iterable[Question], memory: Memory) -> None:
    """Answer questions that are not known yet, those of one mode, metric and direction together."""
    groups: dict[tuple[Any, ...], dict[tuple[Any, ...], Question]] = {}
    for question in questions:
        key = _key(world, question)
        if not memory.knows(key, [world.network, world.demand]):
            groups.setdefault(question[:3], {})[key] = question
    for group in groups.values():
        rest = {key: question for key, question in group.items() if not _edit(world, key, question, memory)}
        if rest:
            _search(world, rest, memory)


def _key(world: World, question: Question) -> tuple[Any, ...]:
    """Return what names an answer, with the network and the demand: how trips go, and where facilities are open."""
    supply = world.facilities
    positions = question.positions(world)
    places = (positions.tobytes(), supply.x_m[positions].tobytes(), supply.y_m[positions].tobytes())
    return ("trip", *question[:3], *places)


def _never() -> Any:
    """Stand in for making what :func:`ask` has made."""
    raise AssertionError("a question was not answered")


def _search(world: World, group: dict[tuple[Any, ...], Question], memory: Memory) -> None:
    """Answer one group from the roads alone: by a search a kind, or by sweeps for all kinds."""
    from lifezone.access import NearestTrip  # noqa: PLC0415
    from lifezone.routing import Work, choose, estimate, map_threads, nearest  # noqa: PLC0415

    mode, metric, direction, *_ = next(iter(group.values()))
    roads, people = roads_of(world, mode, memory), attach_demand(world, mode, memory)
    positions = [question.positions(world) for question in group.values()]
    supply = [(attach_facilities(world, chosen, mode, memory), chosen) for chosen in positions]
    known = memory.is_prepared  # names roads by their content, which takes a while where they are many: once for each
    ready = known is not None and memory.once(("prepared", mode), [roads.graph], lambda: known(roads))
    work = Work(roads.graph.n_nodes, people.n_points, len(group), prepared=ready, threads=memory.threads)
    method: Method = choose(work, memory.method, ("search", "hierarchy"))
    begin = time.perf_counter()
    found: list[NearestTrip] | None = None
    if method == "hierarchy":
        try:
            swept = _sweep(world, next(iter(group.values())), people, supply, memory)
            found = [NearestTrip(*times.nearest()) for times in swept]
        except InputError:  # trips too long for whole numbers
            method = "search"
    if found is None:
        roads.edges(metric, reverse=direction == "to_facility")  # made once, before threads ask for it

        def search(one: tuple[Attached, Ints]) -> NearestTrip:
            return NearestTrip(*nearest(roads, people, *one, metric=metric, direction=direction).nearest())

        found = map_threads(search, supply, memory.threads)
    for key, trip in zip(group, found, strict=True):
        memory.keep(key, [world.network, world.demand], trip)
    _tell(memory, group.values(), method, begin, estimate(work, method))


def _sweep(world: World, question: Question, people: Attached, supply: list[Any], memory: Memory) -> list[Any]:
    """Answer one group by sweeps over the hierarchy of its roads."""
    from lifezone.routing import order_nodes  # noqa: PLC0415
    from lifezone.routing.exact import nearest_by_sweeps  # noqa: PLC0415
    from lifezone.routing.swept import Prepared  # noqa: PLC0415

    roads = roads_of(world, question.mode, memory)
    vertex = roads.graph.vertex

    def order() -> Hierarchy:
        if memory.hierarchy_of is not None:
            return memory.hierarchy_of(roads)
        return order_nodes(roads.graph, world.network.x_m[vertex], world.network.y_m[vertex])

    hierarchy = memory.once(("hierarchy", question.mode), [world.network], order)
    prepared = memory.once(
        ("prepared", question.mode, question.metric),
        [world.network],
        lambda: Prepared.build(roads, hierarchy, question.metric),
    )
    return nearest_by_sweeps(prepared, people, supply, direction=question.direction, threads=memory.threads)


def _edit(world: World, key: tuple[Any, ...], question: Question, memory: Memory) -> bool:
    """Answer a question as an edit of the baseline where that is possible and quicker; tell whether it was answered."""
    base = memory.worlds[0] if memory.worlds else world
    mode, metric, direction, *_ = question
    if base is world or base.demand is not world.demand or mode not in base.network.seconds:
        return False
    from lifezone.access import NearestTrip  # noqa: PLC0415
    from lifezone.routing import Work, choose, estimate  # noqa: PLC0415
    from lifezone.routing.dynamic import Variants, other_seconds  # noqa: PLC0415

    changed = other_seconds(base.network, world.network, mode)
    if changed is None or not _alike(base, world, mode):
        return False
    roads, people = roads_of(base, mode, memory), attach_demand(base, mode, memory)
    mine = _key(base, question)
    others = sum(one.network is not base.network or _key(one, question) != mine for one in memory.worlds[1:])
    work = Work(roads.graph.n_nodes, people.n_points, variants=others)
    if choose(work, memory.method, ("search", "edited")) != "edited":
        return False
    begin = time.perf_counter()

    def lay_out() -> Variants:
        chosen = question.positions(base)
        there = attach_facilities(base, chosen, mode, memory)
        return Variants(roads, people, there, chosen, metric=metric, direction=direction)

    variants = memory.once(("variants", *question), [base], lay_out)
    chosen = question.positions(world)
    here = attach_facilities(replace(base, facilities=world.facilities), chosen, mode, memory)
    answer = variants.nearest(here, chosen, *changed)
    trip = NearestTrip(answer.facility, answer.seconds, answer.metres, answer.access_m)
    memory.keep(key, [world.network, world.demand], trip)
    _tell(memory, [question], "edited", begin, estimate(work, "edited") / max(others, 1))
    return True


def _alike(one: World, other: World, mode: str) -> bool:
    """Tell whether turns and access are the same, which edited fields take from the baseline."""
    return one.network.turns.get(mode) is other.network.turns.get(mode) and one.access[mode] == other.access[mode]


def _tell(memory: Memory, questions: Iterable[Question], method: str, begin: float, estimated_s: float) -> None:
    """Note which method answered what."""
    asked = list(questions)
    memory.told.append({
        "mode": asked[0].mode, "metric": asked[0].metric, "direction": asked[0].direction, "kinds": len(asked),
        "method": method, "seconds": round(time.perf_counter() - begin, 3), "estimated": round(estimated_s, 3),
    })  # fmt: skip
