"""A dated standard as data: requirements and the desert test. ``standards/`` reads and judges it, others show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lifezone.model.demand import TOTAL

__all__ = ["DesertTest", "Requirement", "Setting", "Standard"]

Setting = Literal["any", "urban", "rural"]


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
        name_ko: Korean name.
        name_en: English name.
        source: where the figure stands.
        date: date of the rule.
        confidence: how sure the figure is (``V``, ``V2``, ``C``, ``R``, ``U`` …).
        note: anything a reader must know.
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
    name_ko: str = ""
    name_en: str = ""
    source: str = ""
    date: str = ""
    confidence: str = ""
    note: str = ""
    standard: str = "scenario"

    @property
    def bound_text(self) -> str:
        """The bound as people write it: ``15 min``, ``500 m``, ``1.5 km``."""
        if self.bound is None:
            return "–"
        if self.metric == "time":
            return f"{self.bound / 60:g} min"
        return f"{self.bound / 1000:g} km" if self.bound >= 1000 else f"{self.bound:g} m"


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
    """

    id: str
    requirements: tuple[Requirement, ...]
    desert: DesertTest | None = None
    name_ko: str = ""
    name_en: str = ""
    walk_mps: float | None = None
    note: str = ""
    not_computed: Mapping[str, str] = field(default_factory=dict)
