"""Where one may open: facilities that are closed, a table, places where people live, junctions; and what is settled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Facilities, Floats, Ints, World
from lifezone.siting.problem import FREE, SHUT, STANDS

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase
    from lifezone.sources.reading import Reading

__all__ = ["enough_sites", "settled", "sites_of", "with_candidates"]


def with_candidates(world: World, spec: SitesBase, reading: Reading | None, faults: list[Fault]) -> Facilities:
    """Return the facilities with candidates added, closed."""
    source, facilities = spec.candidates, world.facilities
    if source is None or source.type == "closed":
        return facilities
    if source.type == "table":
        if reading is None:
            raise InputError("candidates from a table need the scenario's files")
        try:
            found = source.load(reading)
        except InputError as error:
            faults += [fault.under(("candidates",)) for fault in error.faults]
            return facilities
        if found.kinds != (spec.kind,):
            faults.append(Fault(f"candidates are of kind {found.kinds[0]!r}, the question is about {spec.kind!r}",
                                ("candidates", "kind")))  # fmt: skip
        found = replace(found, open=np.zeros(found.n_facilities, np.bool_))
    elif source.type == "demand":
        demand = world.demand
        at = np.flatnonzero(demand.inside)
        found = _places(spec.kind, [f"at-{one}" for one in demand.ids[at].tolist()], demand.x_m[at], demand.y_m[at],
                        demand.ids[at])  # fmt: skip
    else:
        node = _junctions(world, source.way, faults)
        x_m, y_m = world.network.x_m[node], world.network.y_m[node]
        found = _places(spec.kind, [f"node-{one}" for one in node.tolist()], x_m, y_m)
    taken = set(facilities.ids.tolist()) & set(found.ids.tolist())
    if taken:
        faults.append(Fault(f"candidates have ids of facilities: {some_of(sorted(taken))}", ("candidates",)))
        return facilities
    return facilities.append(found)


def _places(kind: str, ids: list[str], x_m: Floats, y_m: Floats, place: np.ndarray | None = None) -> Facilities:
    """Return closed facilities at places."""
    n, text = len(ids), np.array([""] * len(ids), dtype=object)
    return Facilities(
        ids=np.array(ids, dtype=object), x_m=x_m, y_m=y_m, kind=np.zeros(n, np.int32), kinds=(kind,), name=text,
        capacity=np.full(n, np.nan), cost=np.full(n, np.nan), open=np.zeros(n, np.bool_), hours=text, place=place,
    )  # fmt: skip


def _junctions(world: World, ways: tuple[str, ...], faults: list[Fault]) -> Ints:
    """Return the vertices where at least three arms meet, one of them of the given classes, inside the area."""
    network = world.network
    unknown = [way for way in ways if way not in network.ways]
    if unknown:
        faults.append(Fault(f"no road is of class {', '.join(unknown)}; there are {', '.join(network.ways)}",
                            ("candidates", "way")))  # fmt: skip
        return np.empty(0, np.int32)
    arms = np.bincount(network.tail, minlength=network.n_vertices) + np.bincount(
        network.head, minlength=network.n_vertices
    )
    of_class = np.isin(network.way, [network.ways.index(way) for way in ways])
    on = np.zeros(network.n_vertices, np.bool_)
    on[network.tail[of_class]] = on[network.head[of_class]] = True
    on &= (arms >= 3) & ~network.ways_out
    if world.area is not None:
        import shapely  # noqa: PLC0415

        at = np.flatnonzero(on)
        on[at] = shapely.intersects_xy(world.area, network.x_m[at], network.y_m[at])
    return np.flatnonzero(on).astype(np.int32)


def sites_of(facilities: Facilities, spec: SitesBase) -> Ints:
    """Return the positions of the kind's facilities: open ones and, where candidates are asked for, closed ones."""
    if spec.kind not in facilities.kinds:
        return np.empty(0, np.int32)
    of_kind = facilities.kind == facilities.kinds.index(spec.kind)
    if spec.candidates is None:
        of_kind &= facilities.open
    return np.flatnonzero(of_kind).astype(np.int32)


def settled(facilities: Facilities, site: Ints, spec: SitesBase, faults: list[Fault]) -> tuple[np.ndarray, Bools]:
    """Return i8[S] what is settled, and bool[S] what is open today."""
    open_now = facilities.open[site]
    may_close = spec.closes or spec.existing != "keep"
    fixed = np.where(open_now, FREE if may_close else STANDS, FREE).astype(np.int8)
    position = {one: at for at, one in enumerate(facilities.ids[site].tolist())}
    for key, setting, wants_open in (("open", STANDS, False), ("never", SHUT, False), ("stay", STANDS, True)):
        for one in getattr(spec, key):
            at = position.get(one, -1)
            if at < 0 or bool(open_now[at]) != wants_open:
                what = "facility of this kind that is open" if wants_open else "candidate"
                faults.append(Fault(f"{one!r} is no {what}", (key,)))
            else:
                fixed[at] = setting
    return fixed, open_now


def enough_sites(spec: SitesBase, fixed: np.ndarray, open_now: Bools, faults: list[Fault]) -> None:
    """Check numbers that can be checked before any travel time is known."""
    if not len(fixed):
        faults.append(Fault(f"there is no site of kind {spec.kind!r}: neither an open facility nor a candidate",
                            ("candidates",)))  # fmt: skip
        return
    may_open = int(((fixed != SHUT) & ~open_now).sum())
    may_close = int(((fixed == FREE) & open_now).sum())
    if spec.closes:
        if spec.choose is None:
            faults.append(Fault("close needs choose: how many are to close?", ("choose",)))
        elif spec.choose > may_close:
            faults.append(Fault(f"{spec.choose} are to close, but only {may_close} may", ("choose",)))
        return
    if spec.choose is None and spec.needs_choose and spec.budget is None:
        faults.append(Fault(f"{spec.method} needs choose: how many are to open?", ("choose",)))
    if spec.choose is not None and spec.choose > may_open:
        faults.append(Fault(f"{spec.choose} are to open, but there are only {may_open} candidates", ("choose",)))
