"""Everything that a scenario says of flows, put together: districts first, then observed flows, then modelled ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import numpy as np
import shapely
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.errors import Path as FaultPath
from lifezone.model import Bools, Demand, Districts, Floats, Ints
from lifezone.model.flows import FlowMap, Flows
from lifezone.sources.flows import (
    DistrictKeys,
    FlowRows,
    FlowsTable,
    KoreaFlows,
    Municipalities,
    MunicipalityTable,
    join_flows,
)
from lifezone.zoning.modelled import GravityFlows, RadiationFlows
from lifezone.zoning.neighbours import neighbours_of

__all__ = ["FlowSource", "Surroundings", "flow_map", "positions"]

FlowSource: TypeAlias = Annotated[FlowsTable | KoreaFlows | GravityFlows | RadiationFlows, Field(discriminator="type")]
"""Where flows come from."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the study knows besides flows.

    Attributes:
        folder: relative paths start here.
        crs: metric CRS of the study; empty = nothing has a place.
        inputs: files read are noted here.
        districts: the study's districts, or None.
        demand: its people, or None.
    """

    folder: Path
    crs: str
    inputs: list[dict[str, Any]]
    districts: Districts | None = None
    demand: Demand | None = None


def flow_map(
    sources: Sequence[tuple[FaultPath, FlowSource]], table: MunicipalityTable | None, study: Surroundings
) -> FlowMap:
    """Read and model all flows of a scenario.

    Args:
        sources: where each stands in the scenario, and what it says.
        table: the districts, where a table tells of them.
        study: what else is known.

    Raises:
        InputError: every fault of every source, each under its place.
    """
    faults: list[Fault] = []
    towns = None
    if table is not None:
        try:
            towns = table.load(study.folder, study.crs, study.inputs)
        except InputError as error:
            faults += [fault.under(("municipalities",)) for fault in error.faults]
    rows: list[tuple[FaultPath, FlowRows]] = []
    for at, source in sources:
        if isinstance(source, FlowsTable | KoreaFlows):
            try:
                rows += [(at, one) for one in source.read(study.folder, study.inputs)]
            except InputError as error:
                faults += [fault.under(at) for fault in error.faults]
    if table is not None and towns is None:
        raise InputError(faults)
    known = _districts(towns, study, [one for _, one in rows])
    flows, more, notes = _observed(rows, known)
    faults += more
    if faults:
        raise InputError(faults)
    known = replace(known, flows=tuple(flows), notes=(*known.notes, *notes))
    return _with_modelled(known, sources)


def positions(ids: Sequence[str], districts: Districts) -> Ints:
    """Return i32[n] where each id stands among districts, −1 = nowhere."""
    at = {one: position for position, one in enumerate(districts.ids)}
    return np.array([at.get(one, -1) for one in ids], np.int32)


def _observed(rows: list[tuple[FaultPath, FlowRows]], known: FlowMap) -> tuple[list[Flows], list[Fault], list[str]]:
    """Put rows to districts; a purpose and year comes from one source."""
    keys = DistrictKeys.of(known.districts.ids, known.districts.name)
    found: dict[tuple[str, str], Flows] = {}
    faults, notes = list[Fault](), list[str]()
    for at, one in rows:
        try:
            flows, told = join_flows(one, keys, known.n_districts)
        except InputError as error:
            faults += [fault.under(at) for fault in error.faults]
            continue
        notes += told
        for more in flows:
            kind = (more.purpose, more.year)
            if kind in found:
                when = f" in {more.year}" if more.year else ""
                faults.append(Fault(f"flows for {more.purpose}{when} stand in {found[kind].source} too: give another "
                                    "purpose (for) or year (in)", at))  # fmt: skip
            found.setdefault(kind, more)
    return list(found.values()), faults, notes


def _with_modelled(known: FlowMap, sources: Sequence[tuple[FaultPath, FlowSource]]) -> FlowMap:
    """Add the flows that are to be modelled."""
    faults = []
    for at, source in sources:
        if isinstance(source, FlowsTable | KoreaFlows):
            continue
        try:
            more = source.load(known)
        except InputError as error:
            faults += [fault.under(at) for fault in error.faults]
            continue
        if any((one.purpose, one.year) == (more.purpose, more.year) for one in known.flows):
            faults.append(Fault(f"there are flows for {more.purpose} already: give another purpose (for) or year (in)",
                                (*at, "for")))  # fmt: skip
        known = replace(known, flows=(*known.flows, more))
    if faults:
        raise InputError(faults)
    return known


def _districts(towns: Municipalities | None, study: Surroundings, rows: list[FlowRows]) -> FlowMap:
    """Return the districts without flows, sorted by id: of the table, else of the study, else of the flows."""
    if towns is not None:
        base = _of_table(towns, study)
    elif study.districts is not None and study.districts.polygon is not None:
        base = _of_study(study.districts, study)
    else:
        named = sorted({str(cell) for one in rows for cells in (one.origin, one.to) for cell in cells.tolist()})
        return _bare(named, study.crs)
    keys = DistrictKeys.of(base.districts.ids, base.districts.name)
    added = sorted({
        str(cell) for one in rows if one.unknown == "add" for cells in (one.origin, one.to)
        for cell in cells[keys.find(cells, korean=one.korean) < 0].tolist()
    })  # fmt: skip
    base = base if not added else _joined(base, _bare(added, study.crs))
    return _with_neighbours(_sorted(base))


def _of_table(towns: Municipalities, study: Surroundings) -> FlowMap:
    """Return the districts of a table, with the shapes and people of the study's districts of the same id."""
    count = len(towns.ids)
    polygon, people, notes = None, towns.people.copy(), list(towns.notes)
    if study.districts is not None and study.districts.polygon is not None:
        at = positions(towns.ids, study.districts)
        if (at >= 0).any():
            polygon = np.full(count, None, dtype=object)
            polygon[at >= 0] = study.districts.polygon[at[at >= 0]]
            counted = np.append(_people(study.demand, len(study.districts.ids)), np.nan)[at]
            people = np.where(np.isnan(people), counted, people)
        if (at < 0).any():
            notes.append(f"{int((at < 0).sum()):,} of {count:,} municipalities have no shape among area.districts")
    x_m, y_m = _centres(towns.x_m, towns.y_m, polygon)
    districts = Districts(towns.ids, towns.name, towns.name_en, polygon)
    return FlowMap(districts, people, x_m, y_m, study.crs, (), figures=dict(towns.figures),
                   added=np.zeros(count, np.bool_), notes=tuple(notes))  # fmt: skip


def _of_study(districts: Districts, study: Surroundings) -> FlowMap:
    """Return the study's own districts with the people counted in them."""
    count = len(districts.ids)
    nowhere = np.full(count, np.nan)
    x_m, y_m = _centres(nowhere, nowhere, districts.polygon)
    return FlowMap(districts, _people(study.demand, count), x_m, y_m, study.crs, (), added=np.zeros(count, np.bool_))


def _bare(ids: list[str], crs: str) -> FlowMap:
    """Return districts of which nothing but the id is known."""
    nothing = np.full(len(ids), np.nan)
    name = tuple(ids)
    return FlowMap(Districts(name, name, name, None), nothing, nothing, nothing, crs, (),
                   added=np.ones(len(ids), np.bool_))  # fmt: skip


def _joined(one: FlowMap, two: FlowMap) -> FlowMap:
    """Return the districts of both; the second has no shapes and no figures."""
    a, b = one.districts, two.districts
    more = len(b.ids)
    polygon = None if a.polygon is None else np.append(a.polygon, np.full(more, None, dtype=object))
    nothing = np.full(more, np.nan)
    return FlowMap(
        Districts(a.ids + b.ids, a.name + b.name, (a.name_en or a.name) + b.name_en, polygon),
        np.append(one.people, nothing), np.append(one.x_m, nothing), np.append(one.y_m, nothing), one.crs, (),
        figures={name: np.append(values, nothing) for name, values in one.figures.items()},
        added=np.append(one.added, two.added),
        notes=(*one.notes, f"{more:,} districts are named by flows alone and were added"),
    )  # fmt: skip


def _sorted(known: FlowMap) -> FlowMap:
    """Return the districts in the order of their ids, so that the order of files changes nothing."""
    ids = known.districts.ids
    order = np.array(sorted(range(len(ids)), key=lambda at: ids[at]), np.int64)
    polygon = known.districts.polygon
    english = known.districts.name_en or known.districts.name
    districts = Districts(
        tuple(ids[at] for at in order), tuple(known.districts.name[at] for at in order),
        tuple(english[at] for at in order), None if polygon is None else polygon[order],
    )  # fmt: skip
    return replace(
        known, districts=districts, people=known.people[order], x_m=known.x_m[order], y_m=known.y_m[order],
        added=known.added[order], figures={name: values[order] for name, values in known.figures.items()},
    )  # fmt: skip


def _with_neighbours(known: FlowMap) -> FlowMap:
    """Add who touches whom where shapes are known."""
    if known.districts.polygon is None:
        return known
    neighbours, on_rim, islands = neighbours_of(known.districts.polygon)
    notes = known.notes
    if islands:
        names = ", ".join(known.districts.name[at] for at in islands[:10])
        notes = (*notes, f"touching no other district, taken for neighbours of the nearest one: {names}")
    return replace(known, neighbours=neighbours, on_rim=on_rim, notes=notes)


def _people(demand: Demand | None, count: int) -> Floats:
    """Return f64[D] people of the study counted in each district, NaN where there are no people at all."""
    if demand is None or not demand.n_points:
        return np.full(count, np.nan)
    inside: Bools = demand.district >= 0
    return np.bincount(demand.district[inside], demand.total[inside], minlength=count).astype(np.float64)


def _centres(x_m: Floats, y_m: Floats, polygon: np.ndarray | None) -> tuple[Floats, Floats]:
    """Return centres: as given, else the middle of the shape, else NaN."""
    if polygon is None:
        return x_m, y_m
    middle = shapely.point_on_surface(polygon)
    return np.where(np.isnan(x_m), shapely.get_x(middle), x_m), np.where(np.isnan(y_m), shapely.get_y(middle), y_m)
