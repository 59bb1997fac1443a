"""From flows and what a scenario asks to urban areas: the method's labels, then roles, measures and structure.

Methods that only label (all but ties and functional urban areas) call an area by its centre, the district that most
people come to. Another district of it is a *subcentre* when as many people come as leave and it has a fifth of the
centre's places or more (ours); all others are *surrounding*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.errors import some_of
from lifezone.model import Floats, Ints
from lifezone.model.flows import FlowMap
from lifezone.model.urban import AreaFacts, Containment, Role, UrbanAreas
from lifezone.zoning.urban import told
from lifezone.zoning.urban.asked import CellPeople, purposes_of
from lifezone.zoning.urban.burt import dyadic_constraint
from lifezone.zoning.urban.containment import containment, gathered
from lifezone.zoning.urban.functional import cities_of, functional_areas
from lifezone.zoning.urban.intramax import intramax
from lifezone.zoning.urban.labour_market import Tradeoff, labour_market
from lifezone.zoning.urban.modularity import modularity, modularity_areas
from lifezone.zoning.urban.passage import passage_areas
from lifezone.zoning.urban.spec import (
    FunctionalSpec,
    IntramaxSpec,
    LabourMarketSpec,
    ModularitySpec,
    PassageSpec,
    TiesSpec,
    UrbanAreasSpec,
)
from lifezone.zoning.urban.structure import structure
from lifezone.zoning.urban.ties_of import tie_areas, tie_shares
from lifezone.zoning.urban.urban_centres import urban_centres

__all__ = ["urban_areas"]

_SUBCENTRE: Final = 0.2
"""Share of the centre's places that a subcentre has at least."""


@dataclass(frozen=True, eq=False)
class _Labels:
    """What a method finds before it is measured; see :class:`UrbanAreas` for what is alike."""

    label: Ints
    role: list[Role] | None = None
    towards: Ints | None = None
    level: Ints | None = None
    overlap: tuple[tuple[int, ...], ...] = ()
    valid: dict[int, bool] | None = None
    notes: tuple[told.Told, ...] = ()


def urban_areas(known: FlowMap, spec: UrbanAreasSpec, *, cells: CellPeople | None = None, seed: int = 1) -> UrbanAreas:
    """Find urban areas by one method; the block has been checked.

    Args:
        known: the districts and flows.
        spec: which method, and its numbers.
        cells: people on a grid, for functional urban areas.
        seed: of what is random.
    """
    purposes = purposes_of(known, spec)
    year = spec.year if spec.year is not None else known.years(purposes)[-1]
    flows = known.matrix(purposes, year)
    found = _labels(flows, known, spec, cells, seed)
    own = containment(flows)
    called = _called_by_centre(found, own)
    modelled = known.modelled(purposes, year)
    towards = called.towards if called.towards is not None else np.where(
        called.label == np.arange(len(flows)), -1, called.label)  # fmt: skip
    return UrbanAreas(
        id=spec.name, method=spec.method, purposes=purposes, year=year, area=called.label,
        role=tuple(called.role or ()), towards=towards.astype(np.int32), tie=_tie(flows, towards),
        level=np.zeros(len(flows), np.int32) if called.level is None else called.level,
        overlap=called.overlap or ((),) * len(flows), constraint=_constraint(flows, towards), own=own,
        areas=_areas(flows, own, known, called, spec), modelled=modelled, notes=_notes(flows, known, called, modelled),
    )  # fmt: skip


def _labels(flows: Floats, known: FlowMap, spec: UrbanAreasSpec, cells: CellPeople | None, seed: int) -> _Labels:
    """Run the method."""
    match spec:
        case TiesSpec():
            return _by_ties(flows, known, spec)
        case FunctionalSpec():
            return _by_cities(flows, known, spec, cells)
        case LabourMarketSpec():
            return _by_containment(flows, spec)
        case IntramaxSpec():
            touching = known.neighbours if spec.touching else None
            return _Labels(intramax(flows, areas=spec.areas, inside=spec.inside, neighbours=touching).label)
        case PassageSpec():
            label, restarted = passage_areas(flows, spec.areas)
            return _Labels(label, notes=(told.RESTARTED,) if restarted else ())
        case ModularitySpec():
            label = modularity_areas(flows, resolution=spec.resolution, seed=seed)
            value = modularity(flows, label, resolution=spec.resolution)
            return _Labels(label, notes=(told.compare_only(value),))


def _by_ties(flows: Floats, known: FlowMap, spec: TiesSpec) -> _Labels:
    """D10."""
    ties = None if spec.measure == "share" else dyadic_constraint(
        flows, "external" if spec.measure == "constraint_external" else "total")  # fmt: skip
    found = tie_areas(
        flows, np.full(len(flows), np.inf) if spec.centre_people == 0 else np.nan_to_num(known.people),
        ties=ties, thresholds=spec.thresholds, least_people=spec.centre_people, most_leaving=spec.centre_leaving,
        least_in_out=spec.centre_in_out, neighbours=known.neighbours,
    )  # fmt: skip
    role: list[Role] = [
        "centre" if centre else "exclave" if lost else "surrounding" if label >= 0 else "outside"
        for centre, lost, label in zip(found.is_centre, found.exclave, found.label, strict=True)
    ]
    notes = () if known.neighbours is not None else (told.NO_SHAPES,)
    if not found.is_centre.any():
        notes = (*notes, told.NO_CENTRE)
    return _Labels(found.label, role, found.towards, found.level,
                   tuple(tuple(one.tolist()) for one in found.overlap), notes=notes)  # fmt: skip


def _by_cities(flows: Floats, known: FlowMap, spec: FunctionalSpec, cells: CellPeople | None) -> _Labels:
    """Functional urban areas; the centre is the city's district that most people come to."""
    city, notes = np.full(len(flows), -1, np.int32), list[told.Told]()
    if spec.cities:
        at = {one: position for position, one in enumerate(known.districts.ids)}
        for number, ids in enumerate(spec.cities.values()):
            city[[at[one] for one in ids]] = number
    elif cells is not None:
        centre, total = urban_centres(
            cells.x_m, cells.y_m, cells.people, least_density=spec.density, least_people=spec.centre_people,
            gap_km2=spec.gap,
        )  # fmt: skip
        city = cities_of(centre, cells.district, cells.people, len(flows), least_share=spec.city_share)
        if cells.cell_m == 0:
            notes.append(told.NOT_A_GRID)
        notes.append(told.urban_grid(len(total), int((city >= 0).sum())))
        without = len(total) - len(np.unique(city[city >= 0]))
        if without:
            notes.append(told.without_city(without))
    found = functional_areas(flows, city, least_share=spec.share, neighbours=known.neighbours, on_rim=known.on_rim)
    role: list[Role] = []
    for at_, label in enumerate(found.label.tolist()):
        kind: Role = "surrounding" if label >= 0 else "outside"
        kind = "subcentre" if found.in_city[at_] else "enclave" if found.enclave[at_] else kind
        role.append("exclave" if found.exclave[at_] else kind)
    if known.neighbours is None:
        notes.append(told.NO_SHAPES)
    return _Labels(found.label, role, found.towards, notes=tuple(notes))


def _by_containment(flows: Floats, spec: LabourMarketSpec) -> _Labels:
    """Labour market areas, and which of them are valid at the end."""
    tradeoff = Tradeoff(spec.min_size, spec.min_containment, spec.target_size, spec.target_containment)
    found = labour_market(flows, tradeoff)
    inside = found.label >= 0  # flows with districts that stay out do not count, as in the method itself
    used, between = gathered(flows * inside[:, None] * inside[None, :], found.label)
    sums = containment(between)
    validity = tradeoff.validity(sums.residents, sums.workers, sums.inside)
    valid = {int(one): bool(value >= 1) for one, value in zip(used.tolist(), validity.tolist(), strict=True)}
    late = int(found.waited.sum())
    return _Labels(found.label, valid=valid, notes=(told.waited(late),) if late else ())


def _called_by_centre(found: _Labels, own: Containment) -> _Labels:
    """Return labels that are the position of each area's centre; roles where the method gives none."""
    workers = own.workers
    label = found.label.copy()
    role: list[Role] = list(found.role) if found.role else ["outside"] * len(label)
    towards = None if found.towards is None else found.towards.copy()
    valid: dict[int, bool] | None = None if found.valid is None else {}
    for one in np.unique(found.label[found.label >= 0]).tolist():
        members = np.flatnonzero(found.label == one)
        among = members if not found.role else members[[role[at] in ("centre", "subcentre") for at in members]]
        centre = int(among[workers[among].argmax()])
        label[members] = centre
        role[centre] = "centre"
        if not found.role:
            others = members[members != centre]
            second = (workers[others] >= _SUBCENTRE * workers[centre]) & (own.in_out[others] >= 1)
            for at, is_second in zip(others.tolist(), second.tolist(), strict=True):
                role[at] = "subcentre" if is_second else "surrounding"
        if towards is not None:
            towards[found.towards == one] = centre
            towards[centre] = -1
        if valid is not None and found.valid is not None:
            valid[centre] = found.valid[one]
    return replace(found, label=label, role=role, towards=towards, valid=valid)


def _tie(flows: Floats, towards: Ints) -> Floats:
    """Return f64[D] share of residents who go to ``towards``; NaN = none."""
    share = tie_shares(flows)
    found: Floats = np.where(towards >= 0, share[np.arange(len(flows)), np.maximum(towards, 0)], np.nan)
    return found


def _constraint(flows: Floats, towards: Ints) -> Floats:
    """Return f64[D, 2] Burt's dyadic constraint of ``towards``, external and total; NaN = none."""
    rows = np.arange(len(flows))
    both = [dyadic_constraint(flows, base)[rows, np.maximum(towards, 0)] for base in ("external", "total")]
    return np.where((towards >= 0)[:, None], np.column_stack(both), np.nan)


def _areas(
    flows: Floats, own: Containment, known: FlowMap, called: _Labels, spec: UrbanAreasSpec
) -> tuple[AreaFacts, ...]:
    """Measure every area."""
    facts = []
    for centre in np.unique(called.label[called.label >= 0]).tolist():
        members = np.flatnonzero(called.label == centre)
        between = flows[np.ix_(members, members)]
        residents, workers = float(own.residents[members].sum()), float(own.workers[members].sum())
        inside = float(between.sum())
        facts.append(AreaFacts(
            centre, len(members), float(known.people[members].sum()), residents, workers, inside,
            inside / residents if residents else float("nan"), inside / workers if workers else float("nan"),
            None if called.valid is None else called.valid[centre],
            structure(between, own.workers[members], spec.structure.cuts),
        ))  # fmt: skip
    return tuple(facts)


def _notes(flows: Floats, known: FlowMap, called: _Labels, modelled: str) -> tuple[told.Told, ...]:
    """Return what people must be told."""
    notes = list(called.notes)
    if modelled:
        notes.insert(0, told.modelled(modelled))
    elif flows.size and not np.diagonal(flows).any():
        notes.append(told.NOBODY_STAYS)
    silent = np.flatnonzero((flows.sum(axis=1) == 0) & (flows.sum(axis=0) == 0))
    if len(silent):
        notes.append(told.no_flows(some_of([known.districts.name[at] for at in silent.tolist()])))
    return tuple(notes)
