"""Tables of what a study says beyond its figures: surveys, changes, ranks, warnings, what changed, designations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from lifezone.model import DesignationStep
from lifezone.monitor.watch import Watched
from lifezone.report.sheets import write_table

__all__ = ["write_watched"]


def write_watched(watched: Watched, folder: Path) -> None:
    """Write every table that has rows.

    Args:
        watched: what is to be told.
        folder: of the result.
    """
    for name, rows in (
        ("survey.csv", watched.answers), ("survey_crosstabs.csv", watched.crosstabs), ("survey_gaps.csv", watched.gaps),
        ("survey_changes.csv", watched.survey_changes), ("changes.csv", watched.changes), ("ranks.csv", watched.ranks),
        ("warnings.csv", watched.warnings), ("attribution.csv", watched.attribution),
    ):  # fmt: skip
        _write(folder / name, rows)
    if watched.designations:
        names = [field.name for field in fields(DesignationStep)]
        told = ([one.edition, *(getattr(one.step, name) for name in names)] for one in watched.designations)
        write_table(folder / "designations.csv", ["edition", *names], told)


def _write(path: Path, rows: Iterable[Any]) -> None:
    """Write rows of one kind; a study that has none of it has no file."""
    told = list(rows)
    if told:
        names = [field.name for field in fields(told[0])]
        header = [name.rstrip("_") if name.endswith("_") else name for name in names]
        write_table(path, header, ([getattr(row, name) for name in names] for row in told))
