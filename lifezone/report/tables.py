"""The tables of a run, made once and used by files, console and frames."""

from __future__ import annotations

from dataclasses import dataclass

from lifezone.errors import InputError
from lifezone.model import Result
from lifezone.progress import SILENT, Progress
from lifezone.standards.rows import (
    ChangeRow,
    ClassRow,
    ConventionRow,
    GapRow,
    ItemRow,
    PushedRow,
    SummaryRow,
    WinnerRow,
    WithoutCarRow,
)

__all__ = ["ALL", "Tables", "tables_of"]

ALL = "all"
"""The district that stands for the whole study area."""


@dataclass(frozen=True)
class Tables:
    """Rows of the tables that a run writes.

    ``without_car`` is empty where it was not asked for. ``apart`` says by name why a variant cannot be compared with
    the baseline.
    """

    summary: tuple[SummaryRow, ...]
    changes: tuple[ChangeRow, ...]
    classes: tuple[ClassRow, ...]
    gaps: tuple[GapRow, ...] = ()
    conventions: tuple[ConventionRow, ...] = ()
    without_car: tuple[WithoutCarRow, ...] = ()
    winners: tuple[WinnerRow, ...] = ()
    pushed: tuple[PushedRow, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    items: tuple[ItemRow, ...] = ()


def tables_of(result: Result, *, progress: Progress = SILENT) -> Tables:
    """Summarise every variant, compare each with the baseline, and grade the districts."""
    with progress.step("tables"):
        return _made(result)


def _made(result: Result) -> Tables:
    """Make every table."""
    from lifezone.standards.align import align  # noqa: PLC0415  (heavy; notebooks may want frames alone)
    from lifezone.standards.classes import classify  # noqa: PLC0415
    from lifezone.standards.gaps import gaps  # noqa: PLC0415
    from lifezone.standards.items import items  # noqa: PLC0415
    from lifezone.standards.official import differences  # noqa: PLC0415
    from lifezone.standards.summary import compare_pair, summarise  # noqa: PLC0415
    from lifezone.standards.winners import pushed_beyond, winners_and_losers  # noqa: PLC0415
    from lifezone.standards.without_car import without_car_rows  # noqa: PLC0415

    pairs, apart = [], []
    for variant in result.variants[1:]:
        try:
            pairs.append(align(result.baseline, variant))
        except InputError as error:
            apart.append((variant.name, str(error)))
    return Tables(
        tuple(row for variant in result.variants for row in summarise(variant)),
        tuple(row for pair in pairs for row in compare_pair(pair)),
        tuple(row for variant in result.variants for row in classify(variant)),
        tuple(row for variant in result.variants for row in gaps(variant)),
        tuple(row for variant in result.variants for row in differences(variant)),
        tuple(row for variant in result.variants if variant.by_mode for row in without_car_rows(variant)),
        tuple(row for pair in pairs for row in winners_and_losers(pair)),
        tuple(row for pair in pairs for row in pushed_beyond(pair)),
        tuple(apart),
        tuple(items(result.baseline.world, result.baseline.assessment.standard)),
    )
