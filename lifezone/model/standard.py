"""A dated standard as data: requirements and the desert test. ``standards/`` reads and judges it, others show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from lifezone.model.arrays import Floats
from lifezone.model.demand import TOTAL
from lifezone.model.designation import Designation, Item

__all__ = [
    "CapacityTest", "Convention", "DensityBound", "DesertTest", "Growth", "Requirement", "Setting", "Standard",
]  # fmt: skip

Setting = Literal["any", "urban", "rural"]


@dataclass(frozen=True)
class Growth:
    """A bound in time that grows with the length of the trip: so much for every step beyond a first distance.

    Attributes:
        from_m: metres along the road up to which the plain bound holds.
        step_m: metres of one step beyond.
        step_s: seconds added for each step.
        whole_steps: only steps that are full count; else the bound grows evenly.
    """

    from_m: float
    step_m: float
    step_s: float
    whole_steps: bool = False

    def extra_s(self, metres: Floats) -> Floats:
        """Return f64[n] seconds added to the bound for trips of so many metres; 0 where there is no trip."""
        steps = np.maximum(np.where(np.isfinite(metres), metres, 0.0) - self.from_m, 0.0) / self.step_m
        return (np.floor(steps * (1.0 + 1e-12)) if self.whole_steps else steps) * self.step_s


@dataclass(frozen=True)
class DensityBound:
    """The bound of thinly settled points, in the unit of the requirement.

    Attributes:
        below: people per km² below which it holds, exclusive.
        bound: national minimum there.
        optimum: local optimum there, or None.
    """

    below: float
    bound: float
    optimum: float | None = None


@dataclass(frozen=True)
class CapacityTest:
    """Whether there is a place for everybody in reach (D8).

    Attributes:
        people_per_unit: people of the group whom one unit of the facility's capacity serves.
        use: share of the group who ask for a place.
    """

    people_per_unit: float = 1.0
    use: float = 1.0


@dataclass(frozen=True)
class Convention:
    """How an official evaluation reads a requirement, beside the modelled door-to-door time (D7). One of four ways.

    Attributes:
        id: what it is called in results, unique within the requirement.
        speed_mps: the bound in minutes is turned into metres along the road at this speed.
        bound: another bound, in seconds or metres as ``metric`` says.
        metric: of ``bound``.
        speed_share: roads are driven at this share of ``share_of``.
        share_of: ``speed``, the modelled speeds, or ``limit``, the legal ones.
        area_mean: everybody of a district is judged by the mean over its points, not by their own trip.
        source: who evaluates so.
    """

    id: str
    speed_mps: float | None = None
    bound: float | None = None
    metric: Literal["time", "length"] = "length"
    speed_share: float | None = None
    share_of: Literal["speed", "limit"] = "speed"
    area_mean: bool = False
    source: str = ""


@dataclass(frozen=True)
class Requirement:
    """One rule: people of a group reach a facility of a kind within a bound.

    Attributes:
        id: unique key, used in file columns.
        kinds: facility kinds that serve it.
        match: ``any`` one of the kinds is enough, or ``all`` of them are needed (the slowest counts).
        mode: ``car`` or ``walk``.
        bound: the national minimum, in seconds (``metric`` time) or metres (``length``), inclusive; None = the standard
            names the kind but no figure, so it is listed and never judged.
        optimum: the local optimum in the same unit (D3), or None.
        metric: ``time`` or ``length``.
        group: people it is for; judged only where such people live (D6).
        setting: ``urban`` or ``rural`` points only (D5), or ``any``.
        direction: ``to_facility``, or ``from_facility`` for services that come to people (ambulances).
        nearest: which facility counts by nearness: 1 the nearest, 2 the second nearest, and so on.
        target: share of people that shall be within the bound, or None.
        growth: how the bound grows with the trip, or None.
        by_density: bounds of thinly settled points, thinnest first; points denser than all have ``bound``.
        density_of: whose density counts: ``cell``, the square kilometre around the point, or ``district``.
        speed_mps: the bound was given in minutes and turned into metres at this speed, or None.
        speed_share: roads are driven at this share of ``share_of``, or None.
        share_of: ``speed``, the modelled speeds, or ``limit``, the legal ones.
        official: how official evaluations read the rule, told beside the verdict (D7).
        capacity: whether places are counted (D8), or None.
        name_ko: Korean name.
        name_en: English name.
        source: where the figure stands.
        date: date of the rule.
        confidence: how sure the figure is (``V``, ``V2``, ``C``, ``R``, ``U`` …).
        note: anything a reader must know.
        least_capacity: only facilities of at least this capacity count (runs a day, beds, places), or None; one whose
            capacity is not known does not.
        standard: id of the set the requirement came from; ``scenario`` for a user's own.
    """

    id: str
    kinds: tuple[str, ...]
    mode: str
    bound: float | None
    metric: Literal["time", "length"] = "time"
    match: Literal["any", "all"] = "any"
    optimum: float | None = None
    group: str = TOTAL
    setting: Setting = "any"
    direction: Literal["to_facility", "from_facility"] = "to_facility"
    nearest: int = 1
    target: float | None = None
    growth: Growth | None = None
    by_density: tuple[DensityBound, ...] = ()
    density_of: Literal["cell", "district"] = "cell"
    speed_mps: float | None = None
    speed_share: float | None = None
    share_of: Literal["speed", "limit"] = "speed"
    official: tuple[Convention, ...] = ()
    capacity: CapacityTest | None = None
    name_ko: str = ""
    name_en: str = ""
    source: str = ""
    date: str = ""
    confidence: str = ""
    note: str = ""
    standard: str = "scenario"
    least_capacity: float | None = None

    @property
    def bound_text(self) -> str:
        """The bound as people write it: ``15 min``, ``500 m``, ``1.5 km``; with what it grows by or differs by."""
        if self.bound is None:
            return "–"
        text = self.in_words(self.bound)
        if self.speed_mps is not None:
            text = f"{self.bound / self.speed_mps / 60:g} min at {self.speed_mps * 3.6:g} km/h ({text})"
        if self.growth is not None:
            grown = self.growth
            text += f" + {grown.step_s / 60:g} min per {grown.step_m / 1000:g} km beyond {grown.from_m / 1000:g} km"
        thin = [f"{self.in_words(step.bound)} below {step.below:g}/km²" for step in self.by_density]
        return f"{text} ({', '.join(thin)})" if thin else text

    @property
    def widest_bound(self) -> float | None:
        """The largest bound that holds anywhere, without growth; None where the standard names no figure."""
        return None if self.bound is None else max([self.bound, *(step.bound for step in self.by_density)])

    def in_words(self, value: float) -> str:
        """Write seconds or metres, as the requirement's metric says."""
        if self.metric == "time":
            return f"{value / 60:g} min"
        return f"{value / 1000:g} km" if value >= 1000 else f"{value:g} m"


@dataclass(frozen=True)
class DesertTest:
    """When a demand point is a life desert, and when two such points are one desert (D1).

    Attributes:
        functions: function name → its anchor requirements (in each setting one). A function is lost where none of
            its anchors that judge the point is met.
        at_least: how many lost functions make a desert.
        must_have: one of these must be among the lost ones; empty = any.
        link_m: desert points this near along the walking network that share a lost function are one desert.
        least_people: smaller deserts are counted as scattered and get no name.
    """

    functions: Mapping[str, tuple[str, ...]]
    at_least: int = 2
    must_have: tuple[str, ...] = ()
    link_m: float = 1000.0
    least_people: float = 50.0


@dataclass(frozen=True)
class Standard:
    """A set of requirements with its conventions.

    Attributes:
        id: preset id or ``scenario``.
        name_ko: Korean name.
        name_en: English name.
        requirements: in the standard's order; one result column each.
        desert: the desert test, or None.
        walk_mps: walking speed the standard's figures assume, or None.
        note: time convention and caveats, one paragraph.
        not_computed: items of the standard that this version does not judge, each with the reason.
        items: items that tables tell of, as shares of ri, eup and myeon, or districts.
        designations: designations of districts or facilities by area-level tests.
    """

    id: str
    requirements: tuple[Requirement, ...]
    desert: DesertTest | None = None
    name_ko: str = ""
    name_en: str = ""
    walk_mps: float | None = None
    note: str = ""
    not_computed: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    designations: tuple[Designation, ...] = ()
