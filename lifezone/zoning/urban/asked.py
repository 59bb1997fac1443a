"""What a scenario asks of urban areas, checked against the flows it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.errors import Fault, some_of
from lifezone.model import Floats, Ints
from lifezone.model.flows import FlowMap
from lifezone.zoning.urban.spec import FunctionalSpec, IntramaxSpec, TiesSpec, UrbanAreasSpec

__all__ = ["CellPeople", "purposes_of", "spec_faults"]

WORK_AND_SCHOOL: Final = ("commuting", "schooling", "commuting_schooling")
_WIDEST_CELL_M: Final = 1000.0


@dataclass(frozen=True, eq=False)
class CellPeople:
    """P demand points for the population grid: where, how many, in which of the D districts (−1 = none).

    Attributes:
        x_m: f64[P] easting.
        y_m: f64[P] northing.
        people: f64[P].
        district: i32[P] among the districts of the flows.
        cell_m: side of the cells that points stand for; 0 = true points.
    """

    x_m: Floats
    y_m: Floats
    people: Floats
    district: Ints
    cell_m: float = 0.0


def purposes_of(known: FlowMap, spec: UrbanAreasSpec) -> tuple[str, ...]:
    """Return the purposes that count: as written, else work and school, else the only one; empty = must be said."""
    if spec.purposes:
        return spec.purposes
    usual = tuple(one for one in known.purposes if one in WORK_AND_SCHOOL)
    if usual:
        return usual
    return known.purposes if len(known.purposes) == 1 else ()


def spec_faults(known: FlowMap, spec: UrbanAreasSpec, cells: CellPeople | None) -> list[Fault]:
    """Return what of a block does not fit the flows: purposes, years, people, shapes, ids."""
    faults = []
    strange = [one for one in spec.purposes if one not in known.purposes]
    there = ", ".join(known.purposes) or "none"
    if strange:
        faults.append(Fault(f"there are no flows for {some_of(strange)}; there are {there}", ("purposes",)))
    elif not purposes_of(known, spec):
        faults.append(Fault(f"say which flows count (purposes); there are {there}", ("purposes",)))
    else:
        years = known.years(purposes_of(known, spec))
        if not years:
            faults.append(Fault("no year has flows for all of these purposes: say in of flows", ("purposes",)))
        elif spec.year is not None and spec.year not in years:
            told = ", ".join(year or "without a year" for year in years)
            faults.append(
                Fault(f"there are no flows of {spec.year} for all these purposes; there are {told}", ("year",))
            )
    if isinstance(spec, TiesSpec) and spec.centre_people > 0:
        unknown = [known.districts.ids[at] for at in np.flatnonzero(np.isnan(known.people) & ~known.added).tolist()]
        if unknown or np.isnan(known.people).all():
            what = some_of(unknown) or "all districts"
            faults.append(Fault(f"the people of {what} are not known: give municipalities with a column people, or "
                                "centre_people: 0", ("centre_people",)))  # fmt: skip
    if isinstance(spec, IntramaxSpec) and spec.touching and known.neighbours is None:
        faults.append(Fault("which districts touch is not known: give their shapes (area.districts)", ("touching",)))
    if isinstance(spec, FunctionalSpec):
        faults += _city_faults(known, spec, cells)
    return faults


def _city_faults(known: FlowMap, spec: FunctionalSpec, cells: CellPeople | None) -> list[Fault]:
    """Return what is wrong with the cities of a block, or with the grid that they should come from."""
    if not spec.cities:
        if cells is None or not len(cells.x_m):
            return [Fault("cities come from a population grid: give demand and area.districts, or name cities",
                          ("cities",))]  # fmt: skip
        if cells.cell_m > _WIDEST_CELL_M:
            return [
                Fault(f"people stand on cells of {cells.cell_m:g} m: a population grid has 1 km or less", ("cities",))
            ]
        return []
    listed = [one for ids in spec.cities.values() for one in ids]
    strange = [one for one in listed if one not in known.districts.ids]
    twice = sorted({one for one in listed if listed.count(one) > 1})
    faults = [Fault(f"no districts of the flows: {some_of(strange)}", ("cities",))] if strange else []
    return faults + ([Fault(f"in two cities: {some_of(twice)}", ("cities",))] if twice else [])
