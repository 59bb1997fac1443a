"""Rules by which districts are designated, as a planner writes them: packaged with a date and source, or changed.

A rule says who may be designated, what is measured, how figures are put together, where the cut is, and how sure each
of that is. What the law leaves open is ours, says so, and is changed in the study: ``{extends: …, index: {worst: 3}}``.
Mappings merge, lists and figures replace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from lifezone.errors import Fault, InputError, some_of
from lifezone.sources.files import did_you_mean
from lifezone.spec import Spec
from lifezone.standards.designation_spec import GradeSpec
from lifezone.standards.names import NameSpec

__all__ = [
    "BEYOND", "INDEX", "EligibleSpec", "FigureSpec", "IndexSpec", "ListedSpec", "PartSpec", "RuleEntry", "RuleTest",
    "rule_ids", "rule_of",
]  # fmt: skip

INDEX: Final = "index"
"""What grades call the test of the index."""
BEYOND: Final = "beyond"
"""Test that places which another rule takes are left to it."""
Ids = Annotated[tuple[str, ...], Field(strict=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class FigureSpec(Spec):
    """A figure of a district: an indicator of the study, or how it changed."""

    indicator: str = Field("", description="Id of an indicator, packaged or the study's own")
    measure: Literal["value", "yearly_change"] = Field(
        "value", description="value: the figure; yearly_change: mean change a year in % since so many years before"
    )
    years: float | None = Field(None, gt=0, description="Of yearly_change: how many years, to within one")
    source: str = Field("", description="Where that it counts stands")
    confidence: str = Field("", description="How sure it is")

    def faults(self) -> Iterator[Fault]:
        """Yield what is missing of a whole figure; a change of a packaged rule may write a part of it."""
        if not self.indicator:
            yield Fault("which indicator?", ("indicator",))
        if (self.measure == "yearly_change") != (self.years is not None):
            yield Fault("yearly_change needs years, a value has none", ("years",))


class PartSpec(FigureSpec):
    """One figure of an index."""

    better: Literal["more", "less"] | None = Field(
        None, description="Whether more of it is better; need is on the other side"
    )
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(1.0, description="How much it counts")

    def faults(self) -> Iterator[Fault]:
        """Yield what is missing."""
        yield from super().faults()
        if self.better is None:
            yield Fault("is more of it better, or less?", ("better",))


class RuleTest(FigureSpec):
    """One figure against one cut."""

    at_least: Number | None = Field(None, description="Holds from this value on")
    above: Number | None = Field(None, description="Holds above this value")
    at_most: Number | None = Field(None, description="Holds up to this value")
    below: Number | None = Field(None, description="Holds below this value")
    note: str = Field("", description="Anything a reader must know")

    @property
    def cuts(self) -> list[tuple[Literal["at_least", "above", "at_most", "below"], float]]:
        """Comparisons that are written, with their cuts; a whole test has one."""
        pairs: tuple[tuple[Literal["at_least", "above", "at_most", "below"], float | None], ...] = (
            ("at_least", self.at_least), ("above", self.above), ("at_most", self.at_most), ("below", self.below),
        )  # fmt: skip
        return [(name, cut) for name, cut in pairs if cut is not None]

    def faults(self) -> Iterator[Fault]:
        """Yield what is missing."""
        yield from super().faults()
        if len(self.cuts) != 1:
            yield Fault("give exactly one of at_least, above, at_most, below")


class IndexSpec(Spec):
    """Figures put together to one, and how many districts of greatest need meet it."""

    score: Literal["z", "percentile"] = Field(
        "z", description="z: distance from the mean in standard deviations; percentile: share of districts better off"
    )
    parts: dict[str, PartSpec] = Field(default_factory=dict, description="Figures by key")
    worst: int | None = Field(None, ge=1, description="Places of greatest need that meet it")
    beyond: int = Field(0, ge=0, description="Without the first so many places, which another rule takes")
    of_at_least: int = Field(2, ge=2, description="Fewest districts that a place among them says anything of")

    def faults(self) -> Iterator[Fault]:
        """Yield what is missing."""
        if not self.parts:
            yield Fault("an index needs parts: {key: {indicator: …, better: more}}", ("parts",))
        if self.worst is None or self.beyond >= self.worst:
            yield Fault("worst: how many places of greatest need meet it? more than beyond", ("worst",))
        for key, part in self.parts.items():
            yield from (fault.under(("parts", key)) for fault in part.faults())


class EligibleSpec(Spec):
    """Who may be designated at all."""

    types: Ids = Field((), description="si, gun, gu, eup, myeon, dong, by the end of the name; empty = all")
    provinces: Ids = Field((), description="First two digits of Korean codes; empty = all")
    without: Ids = Field((), description="Districts that may not, by id")


class ListedSpec(Spec):
    """Districts that are designated today, by a table."""

    path: str = Field(description="The table")
    id: str = Field(description="Column with the district's id")
    since: str = Field("", description="Date of the notice, told in the steps")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")


class RuleEntry(Spec):
    """A rule of designation: a packaged one by its id, changed where wanted, or one of the study's own."""

    extends: str | None = Field(None, description="A packaged rule, e.g. kr-population-decline-2026")
    id: str | None = Field(
        None, min_length=1, description="Short key, in the results; that of the packaged rule otherwise"
    )
    name: NameSpec | None = Field(None, description="What it is called")
    date: str = Field("", description="Date of the rule")
    source: str = Field("", description="Where it stands")
    confidence: str = Field("", description="How sure it is")
    note: str = Field("", description="What it is for, and caveats")
    eligible: EligibleSpec = Field(default_factory=lambda: EligibleSpec(), description="Who may be designated")  # noqa: PLW0108
    tests: dict[str, RuleTest] = Field(default_factory=dict, description="Single figures against cuts, by key")
    index: IndexSpec | None = Field(None, description="Figures put together")
    grades: Annotated[tuple[GradeSpec, ...], Field(strict=False)] = Field((), description="Grades, the gravest first")
    designated: ListedSpec | Ids | None = Field(
        None, description="Districts that are designated today: is each still one?"
    )
    exceptions: dict[str, str] = Field(
        default_factory=dict, description="Districts designated whatever their figures, each with the reason"
    )
    not_computed: dict[str, str] = Field(default_factory=dict, description="What the rule also asks for, with reasons")

    def faults(self) -> Iterator[Fault]:
        """Yield what keeps a whole rule from working."""
        known = [*self.tests, *([INDEX] if self.index else [])]
        for taken in (INDEX, BEYOND):
            if taken in self.tests:
                yield Fault(f"{taken!r} is the index's: call the test otherwise", ("tests", taken))
        if not known:
            yield Fault("a rule needs tests or an index")
        if not self.grades:
            yield Fault("a rule needs grades: [{grade: …, all_of: [tests]}]", ("grades",))
        if self.id is None:
            yield Fault("a rule of your own needs an id", ("id",))
        if self.index is not None:
            yield from (fault.under((INDEX,)) for fault in self.index.faults())
        for key, test in self.tests.items():
            yield from (fault.under(("tests", key)) for fault in test.faults())
        for at, grade in enumerate(self.grades):
            if not grade.all_of and not grade.any_of:
                yield Fault("which tests make this grade? give all_of or any_of", ("grades", at))
            unknown = [name for name in (*grade.all_of, *grade.any_of) if name not in known]
            if unknown:
                yield Fault(f"unknown test {some_of(unknown)}: expected {', '.join(known)}", ("grades", at))


def rule_ids() -> tuple[str, ...]:
    """Return the ids of the packaged rules, in alphabetical order."""
    folder = files("lifezone.monitor").joinpath("designation_presets")
    return tuple(sorted(entry.name[: -len(".yaml")] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def rule_of(entry: RuleEntry) -> RuleEntry:
    """Return a rule with everything that the packaged one gives in the places that are not written.

    Raises:
        InputError: the packaged rule is unknown, or the rule does not work.
    """
    whole = entry
    if entry.extends is not None:
        written = entry.model_dump(exclude_unset=True, exclude={"extends"})
        try:
            whole = RuleEntry.model_validate({"id": entry.extends, **_merged(_packaged(entry.extends), written)})
        except ValidationError as error:
            told = [Fault(str(one["msg"]), tuple(one["loc"])) for one in error.errors()]
            raise InputError(told) from error
    faults = list(whole.faults())
    if faults:
        raise InputError(faults)
    return whole


@cache
def _text(rule_id: str) -> Mapping[str, Any]:
    """Read a packaged rule."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    file = files("lifezone.monitor").joinpath("designation_presets", f"{rule_id}.yaml")
    loaded: Mapping[str, Any] = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return loaded


def _packaged(rule_id: str) -> Mapping[str, Any]:
    """Return a packaged rule as written, with what it extends itself."""
    if rule_id not in rule_ids():
        hint = did_you_mean(rule_id, list(rule_ids())) or f"; there are {', '.join(rule_ids())}"
        raise InputError(Fault(f"no packaged rule {rule_id!r}{hint}", ("extends",)))
    own = dict(_text(rule_id))
    base = own.pop("extends", None)
    return own if base is None else _merged(_packaged(base), own)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge mappings; everything else is replaced."""
    found = dict(base)
    for key, value in over.items():
        known = found.get(key)
        found[key] = _merged(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return found
