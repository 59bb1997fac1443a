"""The swapped worlds of two editions, each judged by the same function; what they share is computed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from lifezone.assess import assess
from lifezone.attribution.editions import Edition, bounded, needs_setting
from lifezone.errors import Fault, some_of
from lifezone.memory import Memory
from lifezone.model import Bools, Demand, Districts, Floats, Network, SearchGraph, Standard, World
from lifezone.monitor.attribution import ALL_MET, PARTS, Part, Worth
from lifezone.run import memory_of
from lifezone.scenario.alternatives import walking_at
from lifezone.standards.judge import effective_group
from lifezone.standards.summary import ALL, assessed

__all__ = ["Judge", "shared", "unswappable"]

_OF_ROADS: Final = ("network", "access", "times", "limit_factor")
_NO_MATTER: Final = frozenset({
    "notes", "people_read", "name", "names", "hours", "cost", "close_cost", "yearly_cost", "public", "modelled",
    "source", "estimated",
})  # fmt: skip
"""What may differ without any verdict differing."""


def shared(before: Edition, after: Edition) -> tuple[Edition, tuple[Part, ...]]:
    """Return the earlier edition with every part that is the same replaced by the later one's, and what differs."""
    one, two = before.world, after.world
    same_setting = before.setting == after.setting and needs_setting(before) == needs_setting(after)
    left_out = _NO_MATTER if same_setting else _NO_MATTER | {"urban"}
    same = {
        "people": _alike(one.demand, two.demand, left_out),
        "facilities": _alike((one.facilities, one.allowed), (two.facilities, two.allowed), _NO_MATTER),
        "roads": before.walks_by_standard == after.walks_by_standard
        and all(_alike(getattr(one, name), getattr(two, name), _NO_MATTER) for name in _OF_ROADS),
        "standard": same_setting
        and (before.walk_mps == after.walk_mps or not (before.walks_by_standard or after.walks_by_standard))
        and bounded(before.standard) == bounded(after.standard),
    }
    if same["facilities"]:
        one = replace(one, facilities=two.facilities, allowed=two.allowed)
    if same["roads"]:
        one = replace(one, **{name: getattr(two, name) for name in _OF_ROADS})
    if same["people"] and same_setting:
        one = replace(one, demand=two.demand)
    return replace(before, world=one), tuple(part for part in PARTS if not same[part])


def _alike(one: Any, two: Any, left_out: frozenset[str]) -> bool:
    """Tell whether two parts of worlds hold the same, arrays by their values."""
    if one is two:
        return True
    if type(one) is not type(two):
        return False
    if isinstance(one, np.ndarray):
        return np.array_equal(one, two, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(_alike(one[key], two[key], left_out) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(two) and all(_alike(a, b, left_out) for a, b in zip(one, two, strict=True))
    if hasattr(one, "__dataclass_fields__"):
        names = [name for name in one.__dataclass_fields__ if name not in left_out]
        return all(_alike(getattr(one, name), getattr(two, name), left_out) for name in names)
    return bool(one == two)


def unswappable(before: Edition, after: Edition, changed: Sequence[Part]) -> Iterator[Fault]:
    """Yield what makes swapped worlds meaningless: tables that know one edition's ids alone."""
    people, places = ("people" in changed), ("facilities" in changed)
    pair = before.world, after.world
    if people and set(pair[0].demand.ids.tolist()) != set(pair[1].demand.ids.tolist()):
        for edition in (before, after):
            what = "travel times" if edition.world.times else "attendance areas" if edition.world.allowed else ""
            if what:
                yield Fault(f"{edition.name}: ready-made {what} do not know the demand points of the other edition: "
                            "use the same points in both, or roads")  # fmt: skip
    if places and any(world.times for world in pair):
        ids = [set(world.facilities.place_ids[world.facilities.open].tolist()) for world in pair]
        for edition, other in ((before, ids[1]), (after, ids[0])):
            known = {one for times in edition.world.times for one in times.place_ids.tolist()}
            unknown = sorted(other - known)
            if edition.world.times and unknown:
                yield Fault(f"{edition.name}: ready-made travel times do not know facilities of the other edition: "
                            f"{some_of(unknown)}: add their rows to the table")  # fmt: skip


class Judge:
    """Judges the swapped worlds of two editions; what they share is computed once."""

    def __init__(self, before: Edition, after: Edition, changed: tuple[Part, ...]) -> None:
        self._editions = (before, after)
        self._changed = changed
        late = {rule.id: rule for rule in bounded(after.standard)}
        early = [late[rule.id] if late.get(rule.id) == rule else rule for rule in bounded(before.standard)]
        self._rules = (Standard(before.standard.id, tuple(early)), Standard(after.standard.id, tuple(late.values())))
        self.requirements = {**late, **{rule.id: rule for rule in early if rule.id not in late}}
        self._roads: dict[tuple[int, int], World] = {}
        self._people: dict[tuple[int, int], Demand] = {}

    def worlds(self) -> Iterator[tuple[int, dict[str, Worth]]]:
        """Yield the number of each world and its worth, worlds of one network and one people after one another."""
        memory, shared = memory_of(()), (-1, -1)
        for number in sorted(range(1 << len(self._changed)), key=lambda one: (*self._shared_by(one), one)):
            if self._shared_by(number) != shared:
                memory, shared = _roads_alone(memory), self._shared_by(number)
            yield number, self._worth(number, memory)

    def _shared_by(self, world: int) -> tuple[int, int]:
        """Return whose roads and whose people a world has, which is what trips rest on."""
        return self._of("roads", world), self._of("people", world)

    def _of(self, part: Part, world: int) -> int:
        """Return which edition's part a world has; parts that do not differ are the later one's."""
        return world >> self._changed.index(part) & 1 if part in self._changed else 1

    def _worth(self, number: int, memory: Memory) -> dict[str, Worth]:
        """Judge one world."""
        rules = self._of("standard", number)
        world = self._world(number)
        assessment, demand = assess(world, self._rules[rules], memory=memory), world.demand
        found, someone = {}, np.zeros(demand.n_points, np.bool_)
        for rule in self._rules[rules].requirements:
            verdicts, people = assessment.verdicts[rule.id], demand.of(effective_group(rule, demand)[0])
            someone |= verdicts.judged
            if assessed(verdicts):
                found[rule.id] = self._told(demand, people, verdicts.judged & verdicts.met, verdicts.judged)
        found[ALL_MET] = self._told(demand, demand.total, someone & (assessment.deficits == 0), someone)
        return found

    def _world(self, number: int) -> World:
        """Return a swapped world; its people walk, and are urban or rural, as its standard says."""
        rules, supply = self._of("standard", number), self._editions[self._of("facilities", number)].world
        demand = self._demand(self._of("people", number), rules)
        roads = self._network(self._of("roads", number), rules)
        return replace(roads, demand=demand, facilities=supply.facilities, allowed=supply.allowed)

    def _network(self, roads: int, rules: int) -> World:
        """Return a world with the roads of one edition, walked at the speed that a standard assumes."""
        if (roads, rules) not in self._roads:
            own, after = self._editions[roads], self._editions[1]
            world = replace(after.world, **{name: getattr(own.world, name) for name in _OF_ROADS})
            faster = self._editions[rules].walk_mps / after.walk_mps  # both are loaded at the later one's speed
            self._roads[roads, rules] = walking_at(world, faster) if own.walks_by_standard and faster != 1 else world
        return self._roads[roads, rules]

    def _demand(self, people: int, rules: int) -> Demand:
        """Return the people of one edition, urban and rural told apart as a standard asks."""
        if "people" not in self._changed:
            people = rules  # the same people, told apart by the edition that judges
        if (people, rules) not in self._people:
            own, judge = self._editions[people], self._editions[rules]
            self._people[people, rules] = _told_apart(own, judge, self._editions[1].world.districts)
        return self._people[people, rules]

    def _told(self, demand: Demand, people: Floats, covered: Bools, judged: Bools) -> Worth:
        """Return the people covered and judged in the whole area and in every district."""
        return Worth(*(self._sums(demand, np.where(mask, people, 0.0)) for mask in (covered, judged)))

    def _sums(self, demand: Demand, people: Floats) -> Floats:
        """Return f64[A] people of the whole area and of every district."""
        districts, inside = self._editions[1].world.districts.ids, demand.inside
        whole = np.array([people[inside].sum()])
        if tuple(districts) == (ALL,):
            return whole
        parts = np.bincount(demand.district[inside], weights=people[inside], minlength=len(districts))
        return np.concatenate([whole, parts])


def _roads_alone(memory: Memory) -> Memory:
    """Return a memory that knows the roads of another and none of its trips, which would fill the machine's."""
    fresh = memory_of(())
    fresh.made = {key: made for key, made in memory.made.items() if key[0] in ("roads", "hierarchy", "prepared")}
    fresh.held = [one for one in memory.held if isinstance(one, Network | SearchGraph)]
    return fresh


def _told_apart(people: Edition, judge: Edition, districts: Districts) -> Demand:
    """Return one edition's people, urban and rural told apart as the standard of ``judge`` asks."""
    from lifezone.sources.settings import SettingSpec, with_setting  # noqa: PLC0415

    demand = people.world.demand
    if people is judge or not needs_setting(judge):
        return demand
    if people.setting == judge.setting and (judge.setting is not None or demand.urban.any()):
        return demand
    return with_setting(demand, judge.setting or SettingSpec(), districts)
