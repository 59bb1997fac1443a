"""A perception survey as a planner writes it: the file, whom its respondents stand for, and what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from lifezone.sources.where import Where
from lifezone.spec import Share, Spec
from lifezone.standards.names import NameSpec

__all__ = ["Asks", "DimensionSpec", "QuestionSpec", "StrataSpec", "SurveySpec"]

Asks = Literal["importance", "performance", "disparity", "intention", "other"]


def _code(value: Any) -> Any:
    """Read a code as text, also where YAML reads a whole number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Code = Annotated[str, BeforeValidator(_code)]
Codes = Annotated[tuple[Code, ...], Field(strict=False)]
Numbers = Annotated[tuple[float, ...], Field(strict=False)]


class DimensionSpec(Spec):
    """A way to divide respondents: age, gender, income, household, district."""

    column: str = Field(description="Its column")
    bands: Numbers = Field(
        (), description="Where classes of a number begin, e.g. [20, 40, 60]: under 20, 20–39, 40–59 …"
    )
    names: dict[Code, str] = Field(default_factory=dict, description="Code in the file → what it is called")
    missing: Codes = Field((), description="Codes that are no answer, e.g. 9")

    @model_validator(mode="after")
    def _ascending(self) -> DimensionSpec:
        """Refuse bands out of order, and names for numbers that are cut into bands."""
        if any(a >= b for a, b in zip(self.bands, self.bands[1:], strict=False)):
            raise ValueError("bands must ascend, e.g. [20, 40, 60]")
        if self.bands and self.names:
            raise ValueError("give bands for numbers or names for codes, not both")
        return self


class QuestionSpec(Spec):
    """One question: answers are codes with words, or numbers on a scale."""

    id: str = Field(min_length=1, description="Short key, in the results")
    column: str | None = Field(None, description="Its column; without one, the id")
    asks: Asks = Field("other", description="What it asks for: importance and performance of the same thing make a gap")
    about: str = Field("", description="What it is about, e.g. clinic; importance and performance are joined by it")
    name: NameSpec = Field(default_factory=lambda: NameSpec(), description="The question in words")  # noqa: PLW0108
    scale: Numbers = Field((), description="Lowest and highest number of a scale, e.g. [1, 5]")
    choices: dict[Code, str] = Field(default_factory=dict, description="Code in the file → the answer in words")
    agree: Codes = Field(
        (), description="Answers that are added up, e.g. [4, 5]; on a scale of 1 to 5 these by themselves"
    )
    missing: Codes = Field((), description="Codes that are no answer, e.g. [9, 99]")
    better: Literal["more", "less", "neither"] | None = Field(
        None, description="Whether more is better; by itself so for performance, and less for disparity"
    )

    @model_validator(mode="after")
    def _one_way(self) -> QuestionSpec:
        """Ask for a scale or choices."""
        if bool(self.scale) == bool(self.choices):
            raise ValueError("give scale: [1, 5] for numbers, or choices: {'1': stay, '2': move} for words")
        if self.scale and not (len(self.scale) == 2 and self.scale[0] < self.scale[1]):
            raise ValueError("scale: give the lowest and the highest number, e.g. [1, 5]")
        unknown = [code for code in self.agree if self.choices and code not in self.choices]
        if unknown:
            raise ValueError(f"agree: {', '.join(unknown)} is none of the choices")
        return self

    @property
    def agreeing(self) -> tuple[str, ...]:
        """Answers that are added up: as given, or the two highest of a scale of 1 to 5."""
        return self.agree or (("4", "5") if self.scale == (1.0, 5.0) else ())


class StrataSpec(Spec):
    """Parts of the population that were sampled apart."""

    column: str = Field(description="Column with the stratum of each respondent")
    population: dict[Code, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(
        default_factory=dict, description="Stratum → its people; weights are brought to them, margins become smaller"
    )


class SurveySpec(Spec):
    """One edition's perception survey."""

    path: str = Field(description="The file: one row for each respondent")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")
    where: Where | None = Field(None, description="Which rows are meant")
    id: str | None = Field(None, description="Column with the respondent's number; one that comes twice is a fault")
    weight: str | None = Field(None, description="Column with weights; without one, all count the same")
    strata: StrataSpec | None = Field(None, description="Parts of the population that were sampled apart")
    population: float | None = Field(
        None, gt=0, allow_inf_nan=False,
        description="People whom the survey stands for: margins become smaller where a good part of them was asked",
    )  # fmt: skip
    by: dict[str, str | DimensionSpec] = Field(
        default_factory=dict, description="Cross-tables: age, gender, income, household, district … → its column"
    )
    crosstabs: Annotated[tuple[Annotated[tuple[str, str], Field(strict=False)], ...], Field(strict=False)] = Field(
        (), description="Two of them crossed, e.g. [[age, gender]]"
    )
    questions: Annotated[tuple[QuestionSpec, ...], Field(strict=False, min_length=1)] = Field(
        description="What was asked"
    )
    margins: dict[str, dict[Code, float]] = Field(
        default_factory=dict, description="Known people by class of 'by', to which weights are raked"
    )
    most_weight: float | None = Field(None, gt=1, description="Largest weight over the mean after raking")
    confidence: Share = Field(0.95, description="Confidence of margins of error")
    interval: Literal["wilson", "normal"] = Field("wilson", description="How intervals of shares are made")
    least: int = Field(30, ge=1, description="Respondents below which nothing is shown")

    @model_validator(mode="after")
    def _fits(self) -> SurveySpec:
        """Refuse what does not fit together."""
        wrong = list(self._misfits())
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _misfits(self) -> Iterator[str]:
        """Yield what does not fit together."""
        ids = [question.id for question in self.questions]
        twice = [one for one in dict.fromkeys(ids) if ids.count(one) > 1]
        if twice:
            yield f"questions: {', '.join(twice)} is written twice"
        unknown = [name for pair in self.crosstabs for name in pair if name not in self.by]
        unknown += [name for name in self.margins if name not in self.by]
        if unknown:
            yield f"{', '.join(dict.fromkeys(unknown))}: name the column in 'by' first"
        pairs = [(q.about, q.asks) for q in self.questions if q.about and q.asks in ("importance", "performance")]
        again = [f"{asks} of {about}" for about, asks in dict.fromkeys(pairs) if pairs.count((about, asks)) > 1]
        if again:
            yield f"questions: {', '.join(again)} is asked twice"
        if not 0 < self.confidence < 1:
            yield "confidence must lie between 0 % and 100 %"
        if self.strata is not None and self.population is not None:
            yield "population: give it by stratum under strata, or for all, not both"

    def dimension(self, name: str) -> DimensionSpec:
        """Return how respondents are divided by ``name``."""
        given = self.by[name]
        return DimensionSpec(column=given) if isinstance(given, str) else given
