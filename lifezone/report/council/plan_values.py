"""Values of plans as people read them: objectives and goals in minutes, people, won; whether less is better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lifezone.report.document import Cell, Format
from lifezone.report.words import Texts

__all__ = ["Measure", "goal_measure", "measure_of"]

_MINUTE_S: Final = 60.0
_HUNDRED_MILLION: Final = 1e8
_HOUR_S: Final = 3600.0
_KILOMETRE_M: Final = 1000.0


@dataclass(frozen=True)
class Measure:
    """How an amount of a plan is read.

    Attributes:
        key: of the words: ``candidates.unit.<key>``; also the form in sentences.
        scale: so many of the plan's own unit are one of what is read.
        format: of a table's column.
        digits: decimals of a plain number.
        less_is_better: whether the smaller plan is the better one.
    """

    key: str
    scale: float = 1.0
    format: Format = "number"
    digits: int | None = None
    less_is_better: bool = True

    def of(self, value: float | None) -> float | None:
        """Return an amount as it is read; None where it is not defined."""
        return None if value is None or not math.isfinite(value) else value / self.scale

    def say(self, texts: Texts, value: float | None) -> str:
        """Write an amount with its unit."""
        read = self.of(value)
        if read is None:
            return "–"
        form = {"people": "people", "minutes": "minutes", "metres": "metres", "count": "count"}.get(self.format)
        if form is not None and self.key in ("people", "minutes", "metres"):
            return texts.write(read, form)
        if self.key == "hundred_million_won":
            return texts.write(read * _HUNDRED_MILLION, "money")
        return texts.say(f"candidates.amount.{self.key}", value=read)

    def cell(self, value: float | None) -> Cell:
        """Return an amount as a table's cell."""
        return self.of(value)


_MEASURES: Final[Mapping[str, Measure]] = {
    "people": Measure("people", format="people", less_is_better=False),
    "sites": Measure("sites", format="count"),
    "people·seconds": Measure("person_hours", _HOUR_S, digits=0),
    "people·metres": Measure("person_km", _KILOMETRE_M, digits=0),
    "seconds": Measure("minutes", _MINUTE_S, "minutes"),
    "metres": Measure("metres", format="metres"),
    "metres in a straight line": Measure("metres", format="metres"),
    "minutes": Measure("minutes", format="minutes"),
    "won": Measure("hundred_million_won", _HUNDRED_MILLION, digits=2),
    "FGT 2": Measure("index", digits=4),
    "Gini index": Measure("index", digits=4),
}
_MORE_IS_BETTER: Final = ("max_cover", "backup_cover", "desert_first", "p_dispersion", "portfolio")


def measure_of(plan: Mapping[str, Any]) -> Measure:
    """Return how the objective of a plan is read."""
    found = _MEASURES.get(plan["unit"], Measure("plain"))
    return Measure(found.key, found.scale, found.format, found.digits, plan["method"] not in _MORE_IS_BETTER)


def goal_measure(unit: str) -> Measure:
    """Return how a goal of a Pareto front is read; of every goal less is better."""
    found = _MEASURES.get(unit, Measure("plain"))
    return Measure(found.key, found.scale, found.format, found.digits)
