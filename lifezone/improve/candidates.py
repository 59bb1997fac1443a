"""Where one may open: facilities that are closed, tables, places where people live, junctions, centres of districts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Facilities, Floats, Ints, World

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase
    from lifezone.sources.reading import Reading

__all__ = ["UNCHECKED", "Candidates", "with_candidates"]

UNCHECKED: Final = "candidates are places on the map: legal feasibility not checked"


@dataclass(frozen=True, eq=False)
class Candidates:
    """The facilities of a world and the candidates of a question.

    Attributes:
        facilities: the world's, then the candidates, closed.
        bare: bool[F] a place on the map of which nothing is known: cell, junction, middle of a district.
        added: bool[F] candidates that the world does not have.
        closed_too: whether the world's closed facilities are candidates.
    """

    facilities: Facilities
    bare: Bools
    added: Bools
    closed_too: bool


def with_candidates(world: World, spec: SitesBase, reading: Reading | None, faults: list[Fault]) -> Candidates:
    """Return the facilities with candidates added, closed; faults are added to ``faults``."""
    facilities, bare, closed_too = world.facilities, np.zeros(world.facilities.n_facilities, np.bool_), False
    for at, source in enumerate(spec.sources):
        path: tuple[str | int, ...] = ("candidates", at) if isinstance(spec.candidates, list) else ("candidates",)
        if source.type == "closed":
            closed_too = True
            continue
        try:
            found = _read(world, spec, source, reading)
        except InputError as error:
            faults += [fault.under(path) for fault in error.faults]
            continue
        taken = set(facilities.ids.tolist()) & set(found.ids.tolist())
        if taken:
            faults.append(Fault(f"candidates have ids of facilities: {some_of(sorted(taken))}", path))
            continue
        facilities = facilities.append(found)
        on_map = source.type in ("demand", "nodes_of", "centres")
        bare = np.concatenate([bare, np.full(found.n_facilities, on_map)])
    added = np.arange(facilities.n_facilities) >= world.facilities.n_facilities
    return Candidates(facilities, bare, added, closed_too)


def _read(world: World, spec: SitesBase, source: Any, reading: Reading | None) -> Facilities:
    """Return the candidates of one source, closed, one of each kind at every place."""
    if source.type in ("table", "places") and reading is None:
        raise InputError("candidates from a table need the scenario's files")
    if source.type == "table":
        found: Facilities = source.load(reading)
        if found.kinds[0] not in spec.asked:
            told = " and ".join(map(repr, spec.asked))
            raise InputError(
                Fault(f"candidates are of kind {found.kinds[0]!r}, the question is about {told}", ("kind",))
            )
        return replace(found, open=np.zeros(found.n_facilities, np.bool_))
    if source.type == "places":
        return _of_kinds(source.load(reading, spec.asked[0]), spec.asked)
    if source.type == "demand":
        demand = world.demand
        at = np.flatnonzero(demand.inside)
        ids = [f"at-{one}" for one in demand.ids[at].tolist()]
        return _of_kinds(_places(ids, demand.x_m[at], demand.y_m[at], demand.ids[at]), spec.asked)
    if source.type == "nodes_of":
        node = _junctions(world, source.way)
        ids = [f"node-{one}" for one in node.tolist()]
        return _of_kinds(_places(ids, world.network.x_m[node], world.network.y_m[node]), spec.asked)
    return _of_kinds(_centres(world, source.of, reading), spec.asked)


def _of_kinds(places: Facilities, kinds: Sequence[str]) -> Facilities:
    """Return the places once for each kind; with several kinds the kind is added to the ids."""
    if len(kinds) == 1:
        return replace(places, kinds=(kinds[0],))
    all_of: Facilities | None = None
    for kind in kinds:
        ids = np.array([f"{one}-{kind}" for one in places.ids.tolist()], dtype=object)
        one = replace(places, ids=ids, kinds=(kind,), place=places.place_ids, notes=())
        all_of = one if all_of is None else all_of.append(one)
    assert all_of is not None
    return replace(all_of, notes=places.notes)


def _places(
    ids: list[str], x_m: Floats, y_m: Floats, place: np.ndarray | None = None, name: np.ndarray | None = None
) -> Facilities:
    """Return closed facilities, of a kind without a name, at places."""
    return Facilities.at(ids, x_m, y_m, kind="", is_open=False, name=name, place=place)


def _junctions(world: World, ways: tuple[str, ...]) -> Ints:
    """Return the vertices where at least three arms meet, one of them of the given classes, inside the area."""
    network = world.network
    unknown = [way for way in ways if way not in network.ways]
    if unknown:
        known = ", ".join(network.ways) or "none, as there are no roads"
        raise InputError(Fault(f"no road is of class {', '.join(unknown)}; there are {known}", ("way",)))
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


def _centres(world: World, of: Any, reading: Reading | None) -> Facilities:
    """Return for each district the settled demand point that is nearest to the mean place of its people."""
    from lifezone.sources.districts import join_districts  # noqa: PLC0415

    districts, demand = world.districts, world.demand
    if not np.isfinite(demand.x_m).any():
        raise InputError("people have no coordinates here, so that the middle of a district is not known: name the "
                         "columns x and y of demand")  # fmt: skip
    if of is not None:
        if reading is None:
            raise InputError(Fault("districts from a file need the scenario's files", ("of",)))
        try:
            districts = of.load(reading.folder, reading.crs, reading.inputs)
        except InputError as error:
            raise InputError([fault.under(("of",)) for fault in error.faults]) from None
    part = demand.district if of is None else join_districts(demand.x_m, demand.y_m, districts)
    part = np.where(demand.inside & (demand.total > 0) & np.isfinite(demand.x_m), part, -1)
    at, member = [], []
    for d in range(len(districts.ids)):
        rows = np.flatnonzero(part == d)
        if len(rows):
            weight = demand.total[rows] / demand.total[rows].sum()
            x, y = float((weight * demand.x_m[rows]).sum()), float((weight * demand.y_m[rows]).sum())
            at.append(int(rows[np.argmin(np.hypot(demand.x_m[rows] - x, demand.y_m[rows] - y))]))
            member.append(d)
    if not at:
        raise InputError(Fault("nobody lives in any of these districts", ("of",)))
    names = np.array([districts.name[d] for d in member], dtype=object)
    ids = [f"centre-{districts.ids[d]}" for d in member]
    return _places(ids, demand.x_m[at], demand.y_m[at], demand.ids[at], names)
