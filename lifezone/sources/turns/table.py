"""A table of turns at junctions, in any columns or as the Korean standard node-link data publish it (TURNINFO)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.sources.files import input_record
from lifezone.sources.road_ids import RoadIds
from lifezone.sources.tables import Table, read_table
from lifezone.sources.turns.rules import Rule
from lifezone.sources.turns.spec import TurnTable

__all__ = ["read_turn_table"]

KNOWN: Final = {
    "node": ("NODE_ID", "node"), "from_": ("ST_LINK", "from", "from_link"), "to": ("ED_LINK", "to", "to_link"),
    "type": ("TURN_TYPE", "type"), "seconds": ("seconds",),
}  # fmt: skip
"""Columns that are understood without mapping, in any case; capitals: the Korean node-link tables."""
ALLOWED: Final = frozenset({"allowed", "yes", "free", "001", "1", "011", "11", "012", "12"})
"""Words and codes of turns that are free: 001 unprotected turn, 011 U-turn, 012 P-turn (Korean node-link standard)."""
BANNED: Final = frozenset({"banned", "ban", "no", "002", "2", "003", "3", "101", "102", "103"})
"""002 buses only, 003 no turn, 101 no left turn, 102 not straight on, 103 no right turn."""
ONLY: Final = frozenset({"only"})


def read_turn_table(spec: TurnTable, folder: Path, ids: RoadIds, inputs: list[dict[str, Any]]) -> list[Rule]:
    """Read the table; rows that allow a turn without seconds give no rule.

    Raises:
        InputError: A column is missing, a type or number cannot be read, or no junction of the table is in the roads.
    """
    table = read_table(folder, spec.path, layer=spec.layer, encoding=spec.encoding)
    column = {key: _column(table, getattr(spec, key), key) for key in KNOWN}
    faults = [
        fault for key in ("node", "from_", "to") if not column[key] for fault in [_unnamed(table, key)]
    ]  # fmt: skip
    faults += [fault for key, name in column.items() if name for fault in table.missing(name, (key.rstrip("_"),))]
    if not column["type"] and not column["seconds"]:
        faults.append(Fault(f"{table.path}: name the column with the type or the seconds of turns", ("type",)))
    if faults:
        raise InputError(faults)
    kind = _kinds(table, column["type"])
    seconds, faults = _seconds(table, column["seconds"])
    wrong = kind == "?"
    if wrong.any():
        told = sorted(set(table.text(str(column["type"]))[wrong].tolist()))
        faults.append(Fault(
            f"{table.path}, {table.lines_of(wrong)}: expected banned, only, allowed or a code of TURN_TYPE, got "
            f"{some_of(told)}", ("type",),
        ))  # fmt: skip
    if faults:
        raise InputError(faults)
    rules = _rules(table, column, kind, seconds, ids)
    inputs.append(input_record(spec.path, table.file, what="turns", rows=table.n_rows, used=len(rules)))
    return rules


def _column(table: Table, given: str | None, key: str) -> str | None:
    """Return the column that is meant, the given one or one that is known."""
    if given is not None:
        return given
    by_case = {name.lower(): name for name in reversed(table.columns)}
    return next((by_case[name.lower()] for name in KNOWN[key] if name.lower() in by_case), None)


def _unnamed(table: Table, key: str) -> Fault:
    """Say which column is not named."""
    what = {"node": "the junction", "from_": "the link that leads to it", "to": "the link that leads on"}[key]
    return Fault(
        f"{table.path}: name the column with {what}; there are {some_of(list(table.columns))}", (key.rstrip("_"),)
    )


def _kinds(table: Table, column: str | None) -> np.ndarray:
    """Return per row ``banned``, ``only``, ``free`` or ``?``; without a column all are free (and take seconds)."""
    if column is None:
        return np.full(table.n_rows, "free", dtype=object)
    words = {**dict.fromkeys(ALLOWED, "free"), **dict.fromkeys(BANNED, "banned"), **dict.fromkeys(ONLY, "only")}
    texts = [text.strip().lower() for text in table.text(column).tolist()]
    return np.array([words.get(text, "?") if text else "free" for text in texts], dtype=object)


def _seconds(table: Table, column: str | None) -> tuple[np.ndarray, list[Fault]]:
    """Return f64[n] seconds, NaN where the row states none."""
    if column is None:
        return np.full(table.n_rows, np.nan), []
    seconds, faults = table.numbers(column, ("seconds",))
    below = seconds < 0
    if below.any():
        faults.append(Fault(f"{table.path}, {table.lines_of(below)}: seconds must be 0 or more", ("seconds",)))
    return seconds, faults


def _rules(
    table: Table, column: dict[str, str | None], kind: np.ndarray, seconds: np.ndarray, ids: RoadIds
) -> list[Rule]:
    """Return the rules of the rows that ban, prescribe or cost something.

    Raises:
        InputError: An id is not one of these roads' kind, or none of the junctions is in the roads.
    """
    texts = [table.text(str(column[key])).tolist() for key in ("node", "from_", "to")]
    rules: list[Rule] = []
    odd = np.zeros(table.n_rows, np.bool_)
    for i, named in enumerate(zip(*texts, strict=True)):
        node, come, go = (ids.read(text) for text in named)
        if node is None or come is None or go is None:
            odd[i] = True
        elif kind[i] == "banned":
            rules.append(Rule(node, come, go))
        elif kind[i] == "only":
            rules.append(Rule(node, come, go, 0.0, only=True))
        elif not math.isnan(seconds[i]) and seconds[i] > 0:
            rules.append(Rule(node, come, go, float(seconds[i])))
    if odd.any():
        what = "whole numbers (OpenStreetMap ids)" if ids.are_numbers else "ids of links and nodes"
        raise InputError(Fault(f"{table.path}, {table.lines_of(odd)}: expected {what}, no empty cells", ("node",)))
    known = np.isin([rule.node for rule in rules], ids.node) if rules else np.ones(1, np.bool_)
    if not known.any():
        raise InputError(Fault(
            f"{table.path}: none of its junctions, e.g. {rules[0].node}, is in the roads: is it of the same data?",
            ("node",),
        ))  # fmt: skip
    return rules
