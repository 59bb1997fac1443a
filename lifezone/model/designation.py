"""Designations of districts or facilities as data: tests with thresholds, and grades made of them; items by units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lifezone.model.demand import TOTAL

__all__ = ["Designation", "DesignationStep", "DesignationTest", "Grade", "Item", "Measure", "Zone"]

Measure = Literal[
    "share_beyond", "people_beyond", "statistic", "people", "ratio", "floating", "only_here", "catchment_density"
]


@dataclass(frozen=True)
class Zone:
    """A band of a floating catchment: trips of at most so many seconds count with this weight."""

    within_s: float
    weight: float


@dataclass(frozen=True)
class DesignationTest:
    """One test of a unit: a measure against a threshold.

    Attributes:
        id: key within the designation.
        measure: what is measured, see :mod:`lifezone.standards.designations`.
        comparison: ``at_least``, ``above``, ``at_most`` or ``below``.
        threshold: what the rule prints.
        working: what is worked with, where it differs (a tolerance), or None.
        requirements: for people beyond their bounds: which ones; for ``only_here``: the one that facilities serve.
        beyond: people count as beyond when ``any`` or when ``all`` of the requirements are unmet.
        group: whose people.
        kinds: facilities of ratios and floating catchments.
        mode: how people travel in a floating catchment.
        zones: bands of a floating catchment, nearest first.
        supply_per_unit: what one unit of capacity gives (consultations a year of a doctor).
        demand: weight of each group in a floating catchment; empty = everybody counts 1.
        statistic: name of a figure given by table.
        thin_below: units settled more thinly than so many people per km² have ``thin_threshold``, or None.
        thin_threshold: the threshold there.
        source: where the figure stands.
        confidence: how sure it is.
        note: anything a reader must know.
    """

    id: str
    measure: Measure
    comparison: Literal["at_least", "above", "at_most", "below"]
    threshold: float
    working: float | None = None
    requirements: tuple[str, ...] = ()
    beyond: Literal["any", "all"] = "any"
    group: str = TOTAL
    kinds: tuple[str, ...] = ()
    mode: str = "car"
    zones: tuple[Zone, ...] = ()
    supply_per_unit: float = 1.0
    demand: Mapping[str, float] = field(default_factory=dict)
    statistic: str = ""
    thin_below: float | None = None
    thin_threshold: float | None = None
    source: str = ""
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class Grade:
    """A grade: all of some tests hold, and any of others; the first grade that fits is the unit's."""

    grade: str
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Designation:
    """A designation of districts or facilities.

    Attributes:
        id: unique key.
        unit: ``district`` or ``facility``.
        tests: by their order in the rule.
        grades: from the gravest.
        name_ko: Korean name.
        name_en: English name.
        note: what the rule is for, and caveats.
    """

    id: str
    unit: Literal["district", "facility"]
    tests: tuple[DesignationTest, ...]
    grades: tuple[Grade, ...]
    name_ko: str = ""
    name_en: str = ""
    note: str = ""


@dataclass(frozen=True)
class Item:
    """An item of a standard that a table tells of: the share of units that have something, against a target.

    Attributes:
        id: unique key.
        statistic: name of the figure that the scenario's tables give.
        unit: what the share is of: ``ri``, ``eup_myeon``, ``district``.
        reads: ``has`` = a unit has it when its figure is at least ``least``; ``percent`` or ``share`` = the figure is a
            share already, averaged by weight.
        least: see ``reads``.
        target: share asked for.
        name_ko: Korean name.
        name_en: English name.
        source: where the figure stands.
        date: of the rule.
        confidence: how sure it is.
        note: anything a reader must know.
    """

    id: str
    statistic: str
    unit: Literal["ri", "eup_myeon", "district"]
    target: float
    reads: Literal["has", "percent", "share"] = "has"
    least: float = 1.0
    name_ko: str = ""
    name_en: str = ""
    source: str = ""
    date: str = ""
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class DesignationStep:
    """One step of the reasoning about one district or facility, or its grade.

    A step is a test: its ``value`` stands to ``threshold`` as ``comparison`` says, or not (``holds``; None = unknown).
    The row of the step ``grade`` comes last: ``grade`` is empty text where no grade fits and None where it is undecided
    or nothing may be designated; ``reason`` says why. A value that is infinite (no doctor at all) is null, and holds.
    """

    designation: str
    unit: str
    id: str
    name: str
    step: str
    measure: str
    value: float | None
    comparison: str
    threshold: float | None
    holds: bool | None
    grade: str | None
    reason: str
