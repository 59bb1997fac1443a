"""Designations and items as a planner writes them, and how they become data; every fault told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from lifezone.errors import Fault
from lifezone.model import Designation, DesignationTest, Grade, Item, Kind, Measure, Requirement, Zone
from lifezone.spec import Share, Spec, Time
from lifezone.standards.kinds import unknown_kind
from lifezone.standards.names import NameSpec
from lifezone.units import parse_share

__all__ = ["DesignationSpec", "GradeSpec", "ItemSpec", "TestSpec", "ZoneSpec", "read_designations", "read_items"]

_COMPARISONS: Final = ("at_least", "above", "at_most", "below")
_OF_DISTRICT: Final = {"share_beyond", "people_beyond", "statistic", "people", "ratio", "floating"}
_OF_FACILITY: Final = {"only_here", "catchment_density"}


def _threshold(text: Any) -> Any:
    """Read ``30 %`` as a share; numbers stay."""
    return parse_share(text) if isinstance(text, str) else text


Threshold = Annotated[
    float,
    BeforeValidator(_threshold),
    PlainSerializer(lambda value: value, return_type=float),
    WithJsonSchema({"type": ["number", "string"], "examples": ["30 %", 3500]}),
]
Ids = Annotated[tuple[str, ...], Field(strict=False)]


class ZoneSpec(Spec):
    """A band of a floating catchment."""

    within: Time = Field(description="Trips of at most this time, e.g. '10 min'")
    weight: float = Field(1.0, ge=0, description="How much such a trip counts")


class TestSpec(Spec):
    """One test of a district or facility: a measure against one threshold."""

    __test__ = False

    measure: Measure = Field(
        description="share_beyond, people_beyond: people beyond the bounds of requirements; people: of the district; "
        "ratio: people for one unit of capacity; floating: supply per head in floating catchments; statistic: a figure "
        "given by table; only_here: people who have no other facility within the bound; catchment_density: people per "
        "square kilometre of those whom the facility is nearest to"
    )
    at_least: Threshold | None = Field(None, description="Holds from this value on")
    above: Threshold | None = Field(None, description="Holds above this value")
    at_most: Threshold | None = Field(None, description="Holds up to this value")
    below: Threshold | None = Field(None, description="Holds below this value")
    working: Threshold | None = Field(
        None, description="What is worked with in place of it, e.g. '27 %' for 30 % with a tolerance of a tenth"
    )
    requirements: Ids = Field((), description="Requirements whose bounds people are beyond, or that facilities serve")
    beyond: Literal["any", "all"] = Field(
        "any", description="Beyond when any, or when all of the requirements are unmet"
    )
    group: str = Field("total", description="Whose people")
    kinds: Ids = Field((), description="Facilities of ratios and floating catchments")
    mode: Literal["car", "walk"] = Field("car", description="How people travel in floating catchments")
    zones: Annotated[tuple[ZoneSpec, ...], Field(strict=False)] = Field(
        (), description="Bands of a floating catchment, nearest first"
    )
    supply_per_unit: float = Field(1.0, gt=0, description="What one unit of capacity gives, e.g. consultations a year")
    demand: dict[str, float] = Field(
        default_factory=dict, description="Weight of groups in floating catchments; groups that are not named count 0"
    )
    statistic: str = Field("", description="Name of a figure that the scenario's 'statistics' give")
    thin_below: float | None = Field(None, gt=0, description="Where fewer people per km² live than this …")
    thin_threshold: Threshold | None = Field(None, description="… this threshold holds")
    source: str = Field("", description="Where the figure stands")
    confidence: str = Field("", description="How sure the figure is")
    note: str = Field("", description="Anything a reader must know")


class GradeSpec(Spec):
    """A grade and the tests that make it; the first that fits is taken."""

    grade: str = Field(description="What the unit is designated as, e.g. A")
    all_of: Ids = Field((), description="Tests that must all hold")
    any_of: Ids = Field((), description="Tests of which one must hold")


class DesignationSpec(Spec):
    """A designation of districts or facilities by area-level tests."""

    id: str = Field(description="Short key, in the results")
    unit: Literal["district", "facility"] = Field("district", description="What is designated")
    name: NameSpec = Field(default_factory=lambda: NameSpec(), description="What it is called")  # noqa: PLW0108
    tests: dict[str, TestSpec] = Field(min_length=1, description="Tests by key")
    grades: Annotated[tuple[GradeSpec, ...], Field(strict=False, min_length=1)] = Field(
        description="Grades, the gravest first"
    )
    note: str = Field("", description="What it is for, and caveats")


class ItemSpec(Spec):
    """An item of a standard that a table tells of: the share of ri, eup and myeon, or districts that have something."""

    id: str = Field(description="Short key, in the results")
    statistic: str = Field("", description="Name of the figure in the scenario's 'statistics'; without one, the id")
    unit: Literal["ri", "eup_myeon", "district"] = Field("district", description="What the share is of")
    reads: Literal["has", "percent", "share"] = Field(
        "has", description="has: a unit has it from 'least' on; percent, share: the figure is a share already"
    )
    least: float = Field(1.0, description="Figure from which a unit has it, e.g. 3 bus runs a day; 1 for yes and no")
    target: Share = Field(description="Share asked for, e.g. '100 %'")
    name: NameSpec = Field(default_factory=lambda: NameSpec(), description="What it is called")  # noqa: PLW0108
    source: str = Field("", description="Where the figure stands")
    date: str = Field("", description="Date of the rule")
    confidence: str = Field("", description="How sure the figure is")
    note: str = Field("", description="Anything a reader must know")


def read_items(entries: Sequence[ItemSpec], faults: list[Fault]) -> tuple[Item, ...]:
    """Make items; ids that repeat are faults, added to ``faults``."""
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        if entry.id in seen:
            faults.append(Fault(f"item {entry.id!r} is written twice: keep one", ("items", at, "id")))
        seen.add(entry.id)
    return tuple(
        Item(
            id=entry.id, statistic=entry.statistic or entry.id, unit=entry.unit, target=entry.target,
            reads=entry.reads, least=entry.least, name_ko=entry.name.ko or entry.name.en,
            name_en=entry.name.en or entry.name.ko, source=entry.source, date=entry.date, confidence=entry.confidence,
            note=entry.note,
        )
        for entry in entries
    )  # fmt: skip


def read_designations(
    entries: Sequence[DesignationSpec],
    rules: Mapping[str, Requirement],
    kinds: Mapping[str, Kind],
    faults: list[Fault],
) -> tuple[Designation, ...]:
    """Make designations; what does not fit together is added to ``faults``.

    Args:
        entries: as written.
        rules: requirements by id.
        kinds: the table of kinds.
        faults: faults are added here.
    """
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        if entry.id in seen:
            faults.append(Fault(f"designation {entry.id!r} is written twice", ("designations", at, "id")))
        seen.add(entry.id)
        faults.extend(fault.under(("designations", at)) for fault in _faults(entry, rules, kinds))
    if any(fault.path[:1] == ("designations",) for fault in faults):
        return ()
    return tuple(_designation(entry) for entry in entries)


def _designation(entry: DesignationSpec) -> Designation:
    """Make one designation."""
    return Designation(
        id=entry.id,
        unit=entry.unit,
        tests=tuple(_test(key, test) for key, test in entry.tests.items()),
        grades=tuple(Grade(one.grade, one.all_of, one.any_of) for one in entry.grades),
        name_ko=entry.name.ko or entry.name.en,
        name_en=entry.name.en or entry.name.ko,
        note=entry.note,
    )


def _test(key: str, test: TestSpec) -> DesignationTest:
    """Make one test."""
    comparison = next(name for name in _COMPARISONS if getattr(test, name) is not None)
    return DesignationTest(
        id=key, measure=test.measure, comparison=comparison, threshold=getattr(test, comparison),  # type: ignore[arg-type]
        working=test.working, requirements=test.requirements, beyond=test.beyond, group=test.group, kinds=test.kinds,
        mode=test.mode, zones=tuple(Zone(zone.within, zone.weight) for zone in test.zones),
        supply_per_unit=test.supply_per_unit, demand=dict(test.demand), statistic=test.statistic,
        thin_below=test.thin_below, thin_threshold=test.thin_threshold, source=test.source,
        confidence=test.confidence, note=test.note,
    )  # fmt: skip


def _faults(entry: DesignationSpec, rules: Mapping[str, Requirement], kinds: Mapping[str, Kind]) -> Iterator[Fault]:
    """List what is wrong with one designation."""
    for key, test in entry.tests.items():
        yield from (fault.under(("tests", key)) for fault in _test_faults(test, entry.unit, rules, kinds))
    for at, grade in enumerate(entry.grades):
        if not grade.all_of and not grade.any_of:
            yield Fault("which tests make this grade? give all_of or any_of", ("grades", at))
        for field in ("all_of", "any_of"):
            for number, name in enumerate(getattr(grade, field)):
                if name not in entry.tests:
                    have = ", ".join(entry.tests)
                    yield Fault(f"unknown test {name!r}: expected one of {have}", ("grades", at, field, number))


def _test_faults(
    test: TestSpec, unit: str, rules: Mapping[str, Requirement], kinds: Mapping[str, Kind]
) -> Iterator[Fault]:
    """List what is wrong with one test."""
    if sum(getattr(test, name) is not None for name in _COMPARISONS) != 1:
        yield Fault(f"give exactly one of {', '.join(_COMPARISONS)}", ())
    if test.measure not in (_OF_FACILITY if unit == "facility" else _OF_DISTRICT):
        yield Fault(f"{test.measure} does not measure a {unit}", ("measure",))
    needs = dict.fromkeys(("share_beyond", "people_beyond", "only_here", "catchment_density"), "requirements")
    needs |= {"ratio": "kinds", "floating": "kinds", "statistic": "statistic"}
    need = needs.get(test.measure)
    if need is not None and not getattr(test, need):
        yield Fault(f"{test.measure} needs {need!r}", (need,))
    if test.measure == "floating" and not test.zones:
        yield Fault("a floating catchment needs 'zones', e.g. [{within: 10 min}]", ("zones",))
    if (test.thin_below is None) != (test.thin_threshold is None):
        yield Fault("thin_below and thin_threshold are needed together", ("thin_below",))
    if test.measure in _OF_FACILITY and len(test.requirements) > 1:
        yield Fault("give the one requirement that the facilities serve", ("requirements",))
    for at, name in enumerate(test.requirements):
        if name not in rules:
            yield Fault(f"unknown requirement {name!r}: expected one of {', '.join(rules)}", ("requirements", at))
        elif rules[name].bound is None:
            yield Fault(f"requirement {name!r} has no bound", ("requirements", at))
    for at, kind in enumerate(test.kinds):
        if kind not in kinds:
            yield Fault(unknown_kind(kind, kinds), ("kinds", at))
