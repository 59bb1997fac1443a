"""What a scenario asks of its flows, and the answer: flows on a map of districts, urban areas, changes of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.errors import Path as FaultPath
from lifezone.model import Demand
from lifezone.model.flows import FlowMap
from lifezone.model.urban import FlowChange, UrbanAreas
from lifezone.zoning.flow_map import FlowSource, Surroundings, flow_map, positions
from lifezone.zoning.urban import CellPeople, changes_of, spec_faults, urban_areas

if TYPE_CHECKING:
    from lifezone.sources.flows import MunicipalityTable
    from lifezone.zoning.urban import UrbanAreasSpec

__all__ = ["AskedFlows", "FlowAnswer", "ask_flows", "by_flows"]


@dataclass(frozen=True, eq=False)
class AskedFlows:
    """What is asked of flows, without faults: the map, the methods, people on a grid, the seed."""

    known: FlowMap
    methods: tuple[UrbanAreasSpec, ...]
    cells: CellPeople | None
    seed: int


@dataclass(frozen=True, eq=False)
class FlowAnswer:
    """Urban areas by every method asked for, and what changed between years."""

    urban: tuple[UrbanAreas, ...] = ()
    changes: tuple[FlowChange, ...] = field(default=())


def ask_flows(
    sources: Sequence[tuple[FaultPath, FlowSource]],
    methods: Sequence[tuple[FaultPath, UrbanAreasSpec]],
    table: MunicipalityTable | None,
    study: Surroundings,
    seed: int,
) -> AskedFlows:
    """Read the flows and check what is asked of them.

    Args:
        sources: flows, each with its place in the scenario.
        methods: urban areas, each with its place.
        table: the districts, where a table tells of them.
        study: what else is known.
        seed: of what is random.

    Raises:
        InputError: every fault of these blocks, with its path in the scenario.
    """
    if not sources:
        example = "{type: table, path: flows.csv, from: from, to: to, people: people}"
        raise InputError(Fault(f"urban areas come from flows: give flows, e.g. {example}", ("urban_areas",)))
    known = flow_map(sources, table, study)
    cells = _cells(study.demand, study, known)
    faults = [fault.under(at) for at, spec in methods for fault in spec_faults(known, spec, cells)]
    names: dict[str, FaultPath] = {}
    for at, spec in methods:
        if spec.name.casefold() in names:
            faults.append(Fault(f"{spec.name!r} stands twice: give an id of its own", at))
        names[spec.name.casefold()] = at
    if faults:
        raise InputError(faults)
    return AskedFlows(known, tuple(spec for _, spec in methods), cells, seed)


def by_flows(asked: AskedFlows) -> FlowAnswer:
    """Find the urban areas and the changes."""
    found = tuple(urban_areas(asked.known, spec, cells=asked.cells, seed=asked.seed) for spec in asked.methods)
    return FlowAnswer(found, changes_of(asked.known))


def _cells(demand: Demand | None, study: Surroundings, known: FlowMap) -> CellPeople | None:
    """Return the study's people as points in the districts of the flows; None where there are no people."""
    if demand is None or not demand.n_points or study.districts is None or study.districts.polygon is None:
        return None
    at = np.append(positions(study.districts.ids, known.districts), np.int32(-1))
    return CellPeople(demand.x_m, demand.y_m, demand.total, at[demand.district].astype(np.int32), demand.cell_m)
