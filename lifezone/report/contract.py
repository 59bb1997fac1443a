"""The tables of the contract: which columns each has, and how a saved one is read back with its own types.

Tables whose rows are a dataclass take their columns from there; of tables that are made as frames the columns that are
always there are named here (others may follow: one a group, a function, a year).
"""

from __future__ import annotations

import csv
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from lifezone.errors import InputError
from lifezone.model import DesignationStep, WhoRow
from lifezone.report.sheets import unquoted
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

__all__ = ["ALWAYS", "columns_of", "read_table"]

ALWAYS: Final = ("summary", "changes", "winners_losers", "pushed_beyond", "classes", "gaps", "conventions", "deserts")
"""Tables that every run writes, with at least a head."""

_ROWS: Final[dict[str, type]] = {
    "summary": SummaryRow, "changes": ChangeRow, "winners_losers": WinnerRow, "pushed_beyond": PushedRow,
    "classes": ClassRow, "gaps": GapRow, "conventions": ConventionRow, "without_car": WithoutCarRow, "items": ItemRow,
    "who": WhoRow,
}  # fmt: skip
_STEP: Final = ("variant", *(field.name for field in fields(DesignationStep)))
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "designations": _STEP,
    "deserts": ("variant", "desert", "name", "people_total", "missing_functions", "worst_minutes", "district"),
    "plan": ("id", "name", "state", "people", "cost", "lon", "lat"),
    "front": ("point", "taken", "bound", "gap", "status", "opened", "closed"),
    "candidates": ("id", "name", "kind", "lon", "lat", "opened", "newly_covered", "newly_reached", "rank"),
    "extra_travel": ("kind", "id", "district", "facility_before", "facility_after", "within_before", "within_after"),
    "projects": ("id", "name", "villages", "chosen", "start", "opens", "cost", "costs", "running", "measured"),
    "years": ("year", "building", "running", "budget", "spent", "in_operation"),
    "zones": ("id", "district", "people"),
    "zones/merges": ("function", "step", "centre", "users", "need", "points", "people", "person_minutes", "person_km",
                     "newly_outside", "to"),
    "zones/merge_costs": ("function", "district", "group", "people_moved", "person_minutes", "person_km",
                          "newly_outside"),
    "zones/thresholds": ("function", "method", "kind", "providers", "people", "low", "high", "districts",
                         "with_so_many", "unit", "source", "date", "confidence", "note"),
    "containment": ("purpose", "year", "district", "name", "residents", "workers", "inside", "modelled"),
    "urban_areas": ("method", "district", "name", "area", "area_name", "role", "towards", "tie", "people", "modelled"),
    "urban_area_summary": ("method", "area", "name", "districts", "people", "self_containment", "modelled"),
    "flow_changes": ("purpose", "before", "after", "from", "to", "people_before", "people_after", "change", "modelled"),
    "district_changes": ("purpose", "before", "after", "district", "name", "modelled"),
    "ties": ("purpose", "year", "a", "b", "flow_ab", "flow_ba", "reciprocity", "strength", "class", "modelled"),
    "alliances": ("division", "alliance", "members", "names", "people", "value", "gains", "broken"),
    "alliance_members": ("district", "name", "alliance", "gain", "instead"),
    "alliance_shared": ("division", "alliance", "member", "kind", "way", "newly", "users"),
    "alliance_sensitivity": ("people_from", "people_to", "objective", "proved", "alliances"),
    "city_classes": ("district", "name", "people", "class", "because", "boundary", "scale", "trend", "top_sector"),
    "compact_city": ("variant", "year", "centre", "people", "centre_people", "centre_share"),
}  # fmt: skip
_TEXT: Final = frozenset(
    (
        "variant", "district", "requirement", "group", "name", "missing_functions", "missing", "id", "kind",
        "state", "status", "opened", "closed", "facility", "unit", "note", "source", "function", "centre", "to",
        "from", "area", "area_name", "role", "towards", "overlap", "purpose", "year", "before", "after", "a",
        "b", "class", "depends", "division", "alliance", "members", "names", "gains", "broken", "member", "way",
        "hub", "hub_in", "instead", "alliances", "because", "boundary", "scale", "trend", "top_sector",
        "method", "date", "confidence", "facility_before", "facility_after", "facility_ids", "merged_because",
        "by_size", "by_flows", "purposes", "villages", "costs",
    )
)  # fmt: skip
"""Columns of frames that are text whatever stands in them: ids look like numbers and are none."""
_TEXT_ENDS: Final = ("_zone", "_facility", "_id", "_ids", "_name")
_VALUES: Final = {"years": {"year"}, "compact_city": {"year"}, "candidates": {"opened"}}
"""Columns that mean something else there."""
_TRUTH: Final = {"true": True, "false": False}


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns that a table always has; empty where it is not of the contract.

    Args:
        name: ``summary`` for ``summary.csv``, ``zones/merges`` for one below a folder.
    """
    kind = _ROWS.get(name)
    if kind is not None:
        return tuple(field.name.rstrip("_") for field in fields(kind))
    return _COLUMNS.get(name, ())


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Read a table of a run: text as text without the quote before formulas, truth as bool, numbers as float.

    Args:
        path: the file; where there is none, an empty frame with the contract's columns comes back.
        name: its name in the contract.

    Returns:
        A frame; what is not known is None in text and truth, NaN in numbers.

    Raises:
        InputError: the file is no such table, or cannot be read.
    """
    if not path.is_file():
        return _typed({key: [] for key in columns_of(name)}, name)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as a table ({error}): run the scenario again") from error
    head, body = (rows[0], rows[1:]) if rows else ([], [])
    missing = [key for key in columns_of(name) if key not in head]
    wrong = next((number for number, row in enumerate(body, start=2) if len(row) != len(head)), None)
    if missing or wrong is not None:
        what = f"has no column {missing[0]}" if missing else f"line {wrong} has another number of cells than its head"
        raise InputError(f"{path}: {what}: it is damaged or of another version of lifezone; run the scenario again")
    columns = list(zip(*body, strict=True)) if body else [()] * len(head)
    return _typed(dict(zip(head, (list(column) for column in columns), strict=True)), name)


def _typed(columns: dict[str, list[str]], name: str) -> pd.DataFrame:
    """Return a frame with every column in its own type."""
    kinds = _kinds(name)
    return pd.DataFrame({key: _column(values, kinds.get(key) or _kind(key, name)) for key, values in columns.items()})


def _kinds(name: str) -> dict[str, str]:
    """Return the types of the columns that a dataclass tells: ``text``, ``truth`` or ``number``."""
    rows = _ROWS.get(name)
    if rows is None:
        return {}
    return {field.name.rstrip("_"): _told_kind(str(field.type)) for field in fields(rows)}


def _told_kind(annotation: str) -> str:
    return "text" if "str" in annotation else "truth" if "bool" in annotation else "number"


def _kind(key: str, name: str) -> str:
    """Return the type of a frame's column: text, or whatever its values are."""
    if key in _VALUES.get(name, ()):
        return "any"
    return "text" if key in _TEXT or key.endswith(_TEXT_ENDS) else "any"


def _column(values: list[str], kind: str) -> pd.Series[Any]:
    """Return one column of cells as its type."""
    filled = [value for value in values if value]
    if kind in ("truth", "any") and filled and all(value in _TRUTH for value in filled):
        return pd.Series([_TRUTH.get(value) for value in values], dtype=object)
    if kind in ("number", "any"):
        numbers = pd.to_numeric(pd.Series(values, dtype=object).replace("", None), errors="coerce")
        if numbers.notna().sum() == len(filled):
            return numbers.astype("float64")
    return pd.Series([unquoted(value) or None for value in values], dtype=object)
