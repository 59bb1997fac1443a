"""Urban areas from flows: who belongs to which centre, and how much of daily life an area holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from lifezone.model.arrays import Floats, Ints, check_length

__all__ = ["AreaFacts", "ByFlows", "BySize", "Containment", "FlowChange", "Role", "Structure", "UrbanAreas"]

Role = Literal["centre", "subcentre", "surrounding", "enclave", "exclave", "outside"]
BySize = Literal["single", "monocentric", "polycentric"]
ByFlows = Literal["single", "pair", "centre_periphery", "mixed", "network"]


@dataclass(frozen=True, eq=False)
class Containment:
    """How much of n districts or areas stays inside; NaN where nobody lives, comes or leaves.

    Attributes:
        residents: f64[n] people who live there and go anywhere, those who stay included.
        workers: f64[n] people who come, their own included; pupils or patients where the flow is theirs.
        inside: f64[n] those who stay.
        supply_side: f64[n] inside ÷ residents.
        demand_side: f64[n] inside ÷ workers.
        self_containment: f64[n] the smaller of both.
        catchment_share: f64[n] those who come from elsewhere ÷ all who go anywhere else.
        in_out: f64[n] those who come from elsewhere ÷ those who leave.
    """

    residents: Floats
    workers: Floats
    inside: Floats
    supply_side: Floats
    demand_side: Floats
    self_containment: Floats
    catchment_share: Floats
    in_out: Floats


@dataclass(frozen=True)
class Structure:
    """The structure of one area; NaN where it has too few districts or ties.

    Attributes:
        slope: of ln(size) on ln(rank − ½) over its districts.
        evenness: of the flows between its districts, 1 = all alike.
        reciprocity: 1 = as many go as come, 0 = one way only.
        to_centre: share of the flows between its districts that goes to the centre.
        by_size: ``single``, ``monocentric`` or ``polycentric``.
        by_flows: ``single``, ``pair``, ``centre_periphery``, ``mixed`` or ``network``.
    """

    slope: float
    evenness: float
    reciprocity: float
    to_centre: float
    by_size: BySize
    by_flows: ByFlows


@dataclass(frozen=True)
class AreaFacts:
    """One urban area.

    Attributes:
        centre: position of its centre among the districts.
        districts: how many belong to it.
        people: who live there; NaN = not known.
        residents: who live there and go anywhere.
        workers: who come.
        inside: who stay inside the area.
        supply_side: inside ÷ residents.
        demand_side: inside ÷ workers.
        valid: whether it meets the method's own thresholds; None = the method has none for areas.
        structure: what it is like inside.
    """

    centre: int
    districts: int
    people: float
    residents: float
    workers: float
    inside: float
    supply_side: float
    demand_side: float
    valid: bool | None
    structure: Structure


@dataclass(frozen=True, eq=False)
class UrbanAreas:
    """Urban areas of D districts by one method.

    Attributes:
        id: short name, of files and columns.
        method: how they were found.
        purposes: the flows they rest on.
        year: of those flows.
        area: i32[D] position of the centre of each district's area, −1 = in none.
        role: D roles.
        towards: i32[D] the centre that a district is tied to most by the method's measure, −1 = none or itself.
        tie: f64[D] share of its residents who go to ``towards``, NaN = none.
        level: i32[D] how many thresholds of ties are met, 0 where the method has none.
        overlap: D lists of other centres with enough of a tie, strongest first.
        constraint: f64[D, 2] Burt's dyadic constraint of ``towards``, external and total; NaN = none.
        own: measures of every district.
        areas: every area, in the order of its centre.
        modelled: how the flows were modelled; empty = observed.
        notes: what people must be told, each in Korean and in English.
    """

    id: str
    method: str
    purposes: tuple[str, ...]
    year: str
    area: Ints
    role: tuple[Role, ...]
    towards: Ints
    tie: Floats
    level: Ints
    overlap: tuple[tuple[int, ...], ...]
    constraint: Floats
    own: Containment
    areas: tuple[AreaFacts, ...]
    modelled: str = ""
    notes: tuple[tuple[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("urban areas", len(self.area), towards=self.towards, tie=self.tie, level=self.level,
                     constraint=self.constraint)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FlowChange:
    """Flows of one purpose in two years that follow each other among those given.

    Attributes:
        purpose: of the flows.
        before: the earlier year.
        after: the later year.
        flows_before: f64[D, D] people.
        flows_after: f64[D, D] people.
        own_before: measures of every district.
        own_after: measures of every district.
        modelled: whether either year is modelled.
    """

    purpose: str
    before: str
    after: str
    flows_before: Floats
    flows_after: Floats
    own_before: Containment
    own_after: Containment
    modelled: bool

    @property
    def difference(self) -> Floats:
        """f64[D, D] people more (less where negative) than before."""
        found: Floats = np.subtract(self.flows_after, self.flows_before)
        return found
