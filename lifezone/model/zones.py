"""Life zones: who belongs to which centre of a function, and everything else that divides a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from lifezone.model.alliances import Alliances
from lifezone.model.arrays import Bools, Floats, Ints, check_length
from lifezone.model.cities import CityClasses
from lifezone.model.compact import CompactCity
from lifezone.model.flows import FlowMap
from lifezone.model.ties import Ties
from lifezone.model.travel_times import Metric
from lifezone.model.urban import FlowChange, UrbanAreas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifezone.model.kind import Kind
    from lifezone.model.result import Provenance
    from lifezone.model.world import World

__all__ = [
    "Divided", "DividedVariant", "Fit", "LifeZone", "MergeCost", "MergeStep", "Threshold", "ThresholdKind", "Zones",
    "Zoning",
]  # fmt: skip

ThresholdKind = Literal["survival", "presence", "target", "policy"]


@dataclass(frozen=True)
class Threshold:
    """How many users a centre needs (D9).

    Attributes:
        id: name of the published figure; empty where the scenario gives a number.
        people: N, in ``unit``.
        kind: only ``survival`` acts by itself.
        unit: what is counted: people, births, pupils …
        source: where the number comes from.
        date: of the source, empty where it is not known.
        confidence: of the figure, in the words of the table of figures.
        note: what must be known of it.
        published_kind: the kind that its source gives it; empty for a number of the scenario.
        low: lower end of the 95 % interval of a fitted one, NaN else.
        high: upper end; ``inf`` where the data sets no bound.
    """

    id: str
    people: float
    kind: ThresholdKind
    unit: str = "people"
    source: str = ""
    date: str = ""
    confidence: str = ""
    note: str = ""
    published_kind: str = ""
    low: float = float("nan")
    high: float = float("nan")

    @property
    def is_association(self) -> bool:
        """Whether it was observed where such facilities exist, which says nothing of what one can live on."""
        return "presence" in (self.kind, self.published_kind)


@dataclass(frozen=True)
class Fit:
    """From how many people on a district has a number of facilities, as fitted to where they are today.

    Attributes:
        method: ``logit`` (at least one) or ``ordered_probit`` (Bresnahan and Reiss).
        providers: number of facilities.
        people: size at which half of the districts have so many; NaN where no fit exists.
        low: lower end of its 95 % interval.
        high: upper end; ``inf`` where the data sets none.
        districts: districts with people.
        with_so_many: those of them with so many facilities.
    """

    method: str
    providers: int
    people: float
    low: float
    high: float
    districts: int
    with_so_many: int


@dataclass(frozen=True)
class MergeStep:
    """One centre dropped because too few people use it.

    Attributes:
        centre: its id.
        users: U when it was dropped, after capture.
        points: demand points whose zone it was.
        people: people of the function living there, before capture.
        added: people × seconds (metres) that those who still reach a centre travel more.
        outside: people who reach none any more.
        to: ids of the centres they go to, with their people.
    """

    centre: str
    users: float
    points: int
    people: float
    added: float
    outside: float
    to: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class MergeCost:
    """What all drops together cost one group of one district, in the study area.

    Attributes:
        district: position, −1 = the whole study area.
        group: group of people.
        people: people who go to another centre.
        added: people × seconds (metres) that they travel more, against all centres standing.
        outside: people who reach none any more.
    """

    district: int
    group: str
    people: float
    added: float
    outside: float


@dataclass(frozen=True)
class LifeZone:
    """One zone: a centre and those who belong to it.

    Attributes:
        centre: the centre's id: the lowest id of its facilities.
        name: name of its facility; of several, that of their district with their number; may be empty.
        x_m: easting of the centre, the mean of its facilities.
        y_m: northing.
        facilities: ids of its facilities, ascending.
        people: of the function's groups, living in the zone (neighbours who were loaded count too).
        in_area: those of them in the study area.
        catchment: users: people who choose the centre, from wherever, times capture.
        containment: share of the zone's people who use the zone's own centre; NaN = nobody lives in it.
        viable: whether enough people use it; None where no minimum is asked for.
        subsidised: it stands below the minimum because it is protected.
        merged_because: centres that were dropped in its favour: id (users < need); empty where there are none.
    """

    centre: str
    name: str
    x_m: float
    y_m: float
    facilities: tuple[str, ...]
    people: float
    in_area: float
    catchment: float
    containment: float
    viable: bool | None = None
    subsidised: bool = False
    merged_because: str = ""


@dataclass(frozen=True, eq=False)
class Zones:
    """The life zones of one function over P demand points; zones of other functions overlap them.

    Attributes:
        id: of the function at its level.
        function: function of daily life.
        level: ``village``, ``town``, ``hub`` or ``metropolis``.
        name_ko: for people, may be empty.
        name_en: for people, may be empty.
        kinds: kinds of facility.
        mode: how people travel.
        metric: what the cost is, ``time`` (seconds) or ``length`` (metres).
        reach: farthest cost.
        label: i32[P] position in ``zones``, −1 = no centre within the reach.
        cost: f64[P] trip to the zone's centre, ``inf`` where there is none.
        facility: i32[P] the centre's facility that is nearest, position in the study's Facilities, −1 = none.
        share: f64[P] share of the point's people who use that centre, before capture; 0 where there is none.
        weight: f64[P] people of the function's groups.
        zones: in the order of their centres' ids.
        capture: share of the people who use what is near.
        threshold: how many users a centre needs, or None.
        merges: centres dropped, in their order.
        costs: what that costs whom.
        reached: per mode, bool[P] where a centre lies within the reach; the function's own mode first.
        fits: thresholds fitted to where facilities are, where that is asked.
        notes: what must be told, each in Korean and in English.
    """

    id: str
    function: str
    level: str
    name_ko: str
    name_en: str
    kinds: tuple[str, ...]
    mode: str
    metric: Metric
    reach: float
    label: Ints
    cost: Floats
    facility: Ints
    share: Floats
    weight: Floats
    zones: tuple[LifeZone, ...]
    capture: float = 1.0
    threshold: Threshold | None = None
    merges: tuple[MergeStep, ...] = ()
    costs: tuple[MergeCost, ...] = ()
    fits: tuple[Fit, ...] = ()
    reached: Mapping[str, Bools] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("zones", len(self.label), cost=self.cost, facility=self.facility, share=self.share,
                     weight=self.weight)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Zoning:
    """Everything that one world is divided into.

    Attributes:
        functions: life zones, one entry a function, in the order of the scenario.
        municipality: i32[D] municipality of each district of the study.
        municipalities: ids of the municipalities.
        flows: districts and the flows between them, or None; of the baseline alone, since no edit changes flows.
        urban: urban areas, one entry a method, in the order of the scenario.
        flow_changes: from each year of a purpose to the next.
        towns: the municipalities that ties, alliances and classes are about, or None; of the baseline alone.
        ties: ties between municipalities, one entry a purpose and year.
        alliances: who could share services, or None.
        city_classes: classes of cities, or None.
        compact: how compact the city is in this world, or None.
        notes: what people must be told, each in Korean and in English.
    """

    functions: tuple[Zones, ...] = ()
    municipality: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    municipalities: tuple[str, ...] = ()
    flows: FlowMap | None = None
    urban: tuple[UrbanAreas, ...] = ()
    flow_changes: tuple[FlowChange, ...] = ()
    towns: FlowMap | None = None
    ties: tuple[Ties, ...] = ()
    alliances: Alliances | None = None
    city_classes: CityClasses | None = None
    compact: CompactCity | None = None
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class DividedVariant:
    """One variant's divisions: its name, its edits in words, its world."""

    name: str
    edits: tuple[str, ...]
    world: World
    zoning: Zoning


@dataclass(frozen=True, eq=False)
class Divided:
    """The answer of ``lifezone zones``: divisions without verdicts.

    Attributes:
        name: the scenario's title.
        variants: baseline first.
        provenance: where it came from.
        layers: layer formats wanted.
        maps: whether PNG maps are wanted.
        kinds: the table of kinds.
    """

    name: str
    variants: tuple[DividedVariant, ...]
    provenance: Provenance
    layers: tuple[str, ...] = ("parquet", "gpkg")
    maps: bool = True
    kinds: Mapping[str, Kind] = field(default_factory=dict)
