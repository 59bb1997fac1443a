"""What every project does: which sites it opens and closes, and whether it changes roads or where people live.

Edits are applied in the order of the file, what a project requires before it; what a project does is seen by comparing
the world before and after it. A site is a facility at a place: one that moves closes one site and opens another.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from lifezone.edits import apply_all
from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Facilities, Floats, World

if TYPE_CHECKING:
    from lifezone.improve.portfolio.projects import Entry
    from lifezone.sources.reading import Reading

__all__ = ["Effects", "Replay", "effects_of"]

_MOST_STATES = 256
"""Combinations of road projects that travel times are made for."""
_ROWS = ("ids", "x_m", "y_m", "kind", "name", "capacity", "cost", "open", "hours")


class Replay:
    """Worlds with some projects carried out; each is made once."""

    def __init__(self, world: World, entries: Sequence[Entry], reading: Reading | None, *, by_capacity: bool) -> None:
        """Start from a world without any project; ``by_capacity``: a facility of another capacity is another site."""
        self.entries, self.reading, self.by_capacity = entries, reading, by_capacity
        number = {entry.project.id: p for p, entry in enumerate(entries)}
        self.requires = [tuple(number[one] for one in entry.project.requires) for entry in entries]
        self._order = self._sorted()
        keys: tuple[Hashable, ...] = tuple(range(world.facilities.n_facilities))
        self._made: dict[tuple[int, ...], tuple[World, tuple[Hashable, ...]]] = {(): (world, keys)}

    def _sorted(self) -> list[int]:
        """Return each project's place in the order of the file, what it requires before it."""
        order: dict[int, int] = {}

        def visit(p: int) -> None:
            for earlier in self.requires[p]:
                if earlier not in order:
                    visit(earlier)
            order.setdefault(p, len(order))

        for p in range(len(self.entries)):
            visit(p)
        return [order[p] for p in range(len(self.entries))]

    def closure(self, projects: Iterable[int]) -> frozenset[int]:
        """Return the projects and everything that they require."""
        found: set[int] = set()
        waiting = list(projects)
        while waiting:
            p = waiting.pop()
            if p not in found:
                found.add(p)
                waiting += self.requires[p]
        return frozenset(found)

    def needed_by(self, project: int) -> frozenset[int]:
        """Return a project and everything that requires it."""
        return frozenset(p for p in range(len(self.entries)) if project in self.closure([p]))

    def world(self, projects: Iterable[int]) -> World:
        """Return the world with some projects carried out together; raises :class:`InputError` where they clash."""
        return self._at(tuple(sorted(set(projects), key=self._order.__getitem__)))[0]

    def sites(self, projects: Iterable[int]) -> dict[Hashable, int]:
        """Return the sites that stand with some projects: site → position of its facility."""
        world, keys = self._at(tuple(sorted(set(projects), key=self._order.__getitem__)))
        return {key: at for at, key in enumerate(keys) if world.facilities.open[at]}

    def _at(self, chosen: tuple[int, ...]) -> tuple[World, tuple[Hashable, ...]]:
        if chosen not in self._made:
            before, keys = self._at(chosen[:-1])
            p = chosen[-1]
            entry = self.entries[p]
            after, _, faults = apply_all(before, entry.project.edits, self.reading)
            if faults:
                raise InputError([
                    replace(fault, message=f"project {entry.project.id!r}: {fault.message}",
                            path=(*entry.edit_path(int(fault.path[0])), *fault.path[1:]))
                    for fault in faults
                ])  # fmt: skip
            self._made[chosen] = (after, self._keys(before.facilities, after.facilities, keys, p))
        return self._made[chosen]

    def _keys(self, before: Facilities, after: Facilities, keys: tuple[Hashable, ...], p: int) -> tuple[Hashable, ...]:
        """Return the site of every facility: the old one, or a new one where it is new or stands elsewhere."""
        if after is before:
            return keys
        n = before.n_facilities
        same = (after.x_m[:n] == before.x_m) & (after.y_m[:n] == before.y_m)
        same &= after.place_ids[:n] == before.place_ids
        if self.by_capacity:
            same &= (after.capacity[:n] == before.capacity) | np.isnan(before.capacity) & np.isnan(after.capacity[:n])
        new = [(p, number) for number in range(after.n_facilities - n)]
        return (*(key if same[at] else (p, "elsewhere", key) for at, key in enumerate(keys)), *new)


@dataclass(frozen=True, eq=False)
class Effects:
    """What the projects do.

    Attributes:
        facilities: the world's facilities with every touched site shut, followed by the sites that projects make.
        sites: position in ``facilities`` of each of S sites that some project opens or closes.
        standing: f64[S] 1 for those that stand today.
        by: f64[S, n] +1 where a project opens one, −1 where it closes one.
        shapers: projects that change roads or where people live.
        movers: those that change where people live.
        states: combinations of shapers that there may be; the first is none.
        apart: sets of projects that do not go together.
        notes: which of them were found out here.
    """

    facilities: Facilities
    sites: np.ndarray
    standing: Floats
    by: Floats
    shapers: tuple[int, ...]
    movers: frozenset[int]
    states: tuple[frozenset[int], ...]
    apart: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...]


def effects_of(replay: Replay, apart: Sequence[tuple[int, ...]], faults: list[Fault]) -> Effects | None:
    """Return what every project does, or None with every edit's faults told."""
    n = len(replay.entries)
    opened: list[dict[Hashable, int]] = []
    closed: list[dict[Hashable, int]] = []
    shapers, movers = [], []
    for p in range(n):
        whole = replay.closure([p])
        try:
            before, after = replay.world(whole - {p}), replay.world(whole)
            was, now = replay.sites(whole - {p}), replay.sites(whole)
        except InputError as error:
            faults += error.faults
            continue
        opened.append({key: at for key, at in now.items() if key not in was})
        closed.append({key: at for key, at in was.items() if key not in now})
        if after.network is not before.network or after.access is not before.access:
            shapers.append(p)
        if after.demand is not before.demand:
            movers.append(p)
    if faults:
        return None
    clashes = _clashes(replay, opened, closed, {frozenset(one) for one in apart})
    notes = [
        "not carried out together, as both change one facility: "
        + some_of([" and ".join(replay.entries[p].project.id for p in pair) for pair in clashes])
    ] if clashes else []  # fmt: skip
    both = sorted({*shapers, *movers})
    states, jammed = _states(replay, both, [*map(frozenset, apart), *map(frozenset, clashes)], faults)
    if faults:
        return None
    facilities, sites, standing, by = _sites(replay, opened, closed)
    return Effects(
        facilities, sites, standing, by, tuple(both), frozenset(movers), states,
        (*map(tuple, apart), *clashes, *jammed), tuple(notes),
    )  # fmt: skip


def _named(entry: Entry) -> frozenset[str]:
    """Return the ids of facilities that a project's edits name."""
    found: set[str] = set()
    for edit in entry.project.edits:
        change: Any = edit.change
        for key in ("id", "into"):
            found |= {str(getattr(change, key))} if getattr(change, key, None) else set()
        found |= set(getattr(change, "ids", None) or ())
    return frozenset(found)


def _clashes(
    replay: Replay, opened: list[dict[Hashable, int]], closed: list[dict[Hashable, int]], known: set[frozenset[int]]
) -> list[tuple[int, int]]:
    """Return pairs of projects that cannot be applied together, or both open or both close one site."""
    names = [_named(entry) for entry in replay.entries]
    found = []
    for p, q in combinations(range(len(names)), 2):
        if frozenset((p, q)) in known:
            continue
        if opened[p].keys() & opened[q].keys() or closed[p].keys() & closed[q].keys():
            found.append((p, q))
        elif names[p] & names[q]:
            try:
                replay.world(replay.closure((p, q)))
            except InputError:
                found.append((p, q))
    return found


def _states(
    replay: Replay, shapers: list[int], apart: list[frozenset[int]], faults: list[Fault]
) -> tuple[tuple[frozenset[int], ...], list[tuple[int, ...]]]:
    """Return the combinations of shapers that there may be, smaller ones first, and those that do not fit together."""
    requires = {q: replay.closure([q]) & set(shapers) for q in shapers}
    states: list[frozenset[int]] = [frozenset()]
    jammed: list[tuple[int, ...]] = []
    for q in shapers:
        states += [state | {q} for state in states]
        states = [state for state in states if not any(one <= state for one in apart)]
        if len(states) > 4 * _MOST_STATES:
            break
    states = [state for state in states if all(requires[q] <= state for q in state)]
    if len(states) > _MOST_STATES:
        ids = some_of([replay.entries[q].project.id for q in shapers])
        faults.append(Fault(
            f"{len(shapers)} projects change roads or people ({ids}) and can be combined in more than {_MOST_STATES} "
            "ways, which are all computed: bundle some of them, or let them exclude one another", ("projects",),
        ))  # fmt: skip
        return (), []
    fit: list[frozenset[int]] = []
    for state in sorted(states, key=lambda one: (len(one), sorted(one))):
        if any(set(one) <= state for one in jammed):
            continue
        try:
            replay.world(replay.closure(state))
            fit.append(state)
        except InputError:
            jammed.append(tuple(sorted(state)))
    return tuple(fit), jammed


def _sites(
    replay: Replay, opened: list[dict[Hashable, int]], closed: list[dict[Hashable, int]]
) -> tuple[Facilities, np.ndarray, Floats, Floats]:
    """Return all facilities that there may be, the touched sites among them, and what opens and closes them."""
    base, n = replay.world(()).facilities, len(opened)
    touched = list(dict.fromkeys(key for p in range(n) for key in (*opened[p], *closed[p])))
    facilities = base
    at: dict[Hashable, int] = {key: key for key in touched if isinstance(key, int)}
    for p in range(n):
        new = [(key, row) for key, row in opened[p].items() if not isinstance(key, int)]
        if not new:
            continue
        world = replay.world(replay.closure([p]))
        rows = np.array([row for _, row in new])
        part = replace(
            world.facilities,
            **{column: getattr(world.facilities, column)[rows] for column in _ROWS},
            place=world.facilities.place_ids[rows], notes=(),
        )  # fmt: skip
        names = np.array([f"{replay.entries[p].project.id}\x1f{number}" for number in range(len(new))], dtype=object)
        at |= {key: facilities.n_facilities + number for number, (key, _) in enumerate(new)}
        facilities = facilities.append(replace(part, ids=names))
    sites = np.array([at[key] for key in touched], np.int64)
    standing = np.array([float(isinstance(key, int) and base.open[key]) for key in touched])
    by = np.zeros((len(touched), n))
    for number, key in enumerate(touched):
        for p in range(n):
            by[number, p] = float(key in opened[p]) - float(key in closed[p])
    is_open = facilities.open.copy()
    is_open[sites] = False
    is_open[base.n_facilities :] = False
    return replace(facilities, open=is_open, notes=base.notes), sites, standing, by
