"""The three tables of a run, made once and used by files, console and frames."""

from __future__ import annotations

from dataclasses import dataclass

from lifezone.model import Result
from lifezone.standards.rows import ChangeRow, ClassRow, SummaryRow

__all__ = ["ALL", "Tables", "tables_of"]

ALL = "all"
"""The district that stands for the whole study area."""


@dataclass(frozen=True)
class Tables:
    """Rows of ``summary.csv``, ``changes.csv`` and ``classes.csv``."""

    summary: tuple[SummaryRow, ...]
    changes: tuple[ChangeRow, ...]
    classes: tuple[ClassRow, ...]


def tables_of(result: Result) -> Tables:
    """Summarise every variant, compare each with the baseline, and grade the districts."""
    from lifezone.standards.classes import classify  # noqa: PLC0415  (heavy; notebooks may want frames alone)
    from lifezone.standards.summary import compare, summarise  # noqa: PLC0415

    return Tables(
        tuple(row for variant in result.variants for row in summarise(variant)),
        tuple(row for variant in result.variants[1:] for row in compare(result.baseline, variant)),
        tuple(row for variant in result.variants for row in classify(variant)),
    )
