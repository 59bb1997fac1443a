"""Rows of flow tables as read, before districts are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.sources.tables import Table

__all__ = ["DUPLICATES", "UNKNOWN", "FlowRows", "purpose_of"]

UNKNOWN = Literal["refuse", "leave_out", "add"]
DUPLICATES = Literal["refuse", "add_up"]

_WORDS: Final = (
    ("통근통학", "commuting_schooling"), ("통근", "commuting"), ("출근", "commuting"), ("근무", "commuting"),
    ("통학", "schooling"), ("등교", "schooling"), ("쇼핑", "shopping"), ("장보기", "shopping"), ("진료", "patients"),
    ("의료", "patients"), ("병원", "patients"), ("환자", "patients"), ("전입", "moves"), ("이사", "moves"),
    ("여가", "leisure"), ("관광", "leisure"),
)  # fmt: skip
"""Words of Korean files for what people go for."""


@dataclass(frozen=True, eq=False)
class FlowRows:
    """k rows of one source.

    Attributes:
        table: the rows, for naming lines in faults.
        origin: object[k] district gone from, as the source writes it, codes already brought to the newest.
        to: object[k] district gone to.
        people: f64[k], finite and ≥ 0.
        purpose: object[k].
        year: object[k], empty where it is not told.
        unknown: what is done with districts that the study does not know.
        duplicates: what is done with pairs that stand twice.
        korean: whether codes and names are those of Korea.
        record: what the manifest says of the file.
        notes: what was left out or assumed.
    """

    table: Table
    origin: np.ndarray
    to: np.ndarray
    people: Floats
    purpose: np.ndarray
    year: np.ndarray
    unknown: UNKNOWN
    duplicates: DUPLICATES
    korean: bool
    record: dict[str, Any]
    notes: tuple[str, ...] = ()

    def take(self, rows: Bools) -> FlowRows:
        """Return some of the rows."""
        return FlowRows(
            self.table.take(rows), self.origin[rows], self.to[rows], self.people[rows], self.purpose[rows],
            self.year[rows], self.unknown, self.duplicates, self.korean, self.record, self.notes,
        )  # fmt: skip


def purpose_of(word: str) -> str:
    """Return the purpose that a Korean word names, or the word itself in lower case."""
    plain = "".join(word.split())
    return next((purpose for part, purpose in _WORDS if part in plain), plain.lower())
