"""Life zones: who belongs to which centre of a function, and everything else that divides a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lifezone.model.arrays import Floats, Ints, check_length
from lifezone.model.travel_times import Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifezone.model.kind import Kind
    from lifezone.model.result import Provenance
    from lifezone.model.world import World

__all__ = ["Divided", "DividedVariant", "LifeZone", "Zones", "Zoning"]


@dataclass(frozen=True)
class LifeZone:
    """One zone: a centre and those who belong to it.

    Attributes:
        centre: the centre's id: the lowest id of its facilities.
        name: name of that facility, may be empty.
        x_m: easting of the centre, the mean of its facilities.
        y_m: northing.
        facilities: ids of its facilities, ascending.
        people: of the function's groups, living in the zone (neighbours who were loaded count too).
        in_area: those of them in the study area.
        catchment: users: people who choose the centre, from wherever, times capture.
        containment: share of the zone's people who use the zone's own centre; NaN = nobody lives in it.
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
        share: f64[P] share of the point's people who use that centre, before capture; 0 where there is none.
        weight: f64[P] people of the function's groups.
        zones: in the order of their centres' ids.
        notes: what was assumed, sentences.
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
    share: Floats
    weight: Floats
    zones: tuple[LifeZone, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("zones", len(self.label), cost=self.cost, share=self.share, weight=self.weight)


@dataclass(frozen=True, eq=False)
class Zoning:
    """Everything that one world is divided into.

    Attributes:
        functions: life zones, one entry a function, in the order of the scenario.
        notes: what people must be told, sentences.
    """

    functions: tuple[Zones, ...] = ()
    notes: tuple[str, ...] = ()


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
