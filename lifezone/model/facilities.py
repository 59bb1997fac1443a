"""Supply points of every kind; a candidate is a facility that is not open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from lifezone.errors import InputError, some_of
from lifezone.model.arrays import Bools, Floats, Ints, check_length

__all__ = ["Facilities"]

_NOT_TOLD: Final = {"close_cost": np.nan, "yearly_cost": np.nan, "public": -1}
"""Columns that few sources have, and what stands where one does not tell."""


@dataclass(frozen=True, eq=False)
class Facilities:
    """F facilities of several kinds.

    Attributes:
        ids: F ids, always text, unique over all kinds.
        x_m: f64[F] easting in the study's CRS.
        y_m: f64[F] northing.
        kind: i32[F] position in ``kinds``.
        kinds: kind keys that a *source* was given for, even when that source had no rows (then the kind is unmet);
            a kind that is not listed here is not assessed.
        name: F names, may be empty texts.
        capacity: f64[F] in the kind's own unit, NaN = unknown.
        cost: f64[F] in won, NaN = unknown.
        open: bool[F] False = candidate or closed.
        hours: F opening hours as given, may be empty texts.
        notes: what was refused or assumed, with counts.
        place: F ids by which ready-made travel times call the place where a facility stands (several may stand at
            one); None = each facility's own id.
        close_cost: f64[F] what closing it costs, in won, NaN = unknown; None = of none known.
        yearly_cost: f64[F] what it costs a year, in won, NaN = unknown; None = of none known.
        public: i8[F] 1 = on public land or in a public building, 0 = not, −1 = not told; None = of none told.
    """

    ids: np.ndarray
    x_m: Floats
    y_m: Floats
    kind: Ints
    kinds: tuple[str, ...]
    name: np.ndarray
    capacity: Floats
    cost: Floats
    open: Bools
    hours: np.ndarray
    notes: tuple[str, ...] = field(default=())
    place: np.ndarray | None = None
    close_cost: Floats | None = None
    yearly_cost: Floats | None = None
    public: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Check lengths, ids, kinds and capacities."""
        check_length(
            "facilities",
            self.n_facilities,
            ids=self.ids,
            y_m=self.y_m,
            kind=self.kind,
            name=self.name,
            capacity=self.capacity,
            cost=self.cost,
            open=self.open,
            hours=self.hours,
        )
        for name in ("place", *_NOT_TOLD):
            values = getattr(self, name)
            if values is not None:
                check_length("facilities", self.n_facilities, **{name: values})
        texts = self.ids.tolist()
        if len(set(texts)) < len(texts):  # sorting is slow: only to name what repeats
            values, counts = np.unique(self.ids.astype(str), return_counts=True)
            raise InputError(f"facilities: ids must be unique; repeated: {some_of(values[counts > 1].tolist())}")
        if self.n_facilities and not (self.kind.min() >= 0 and self.kind.max() < len(self.kinds)):
            raise InputError("facilities: a facility has a kind that is not listed")
        if any(
            (values < 0).any()
            for values in (self.capacity, self.cost, self.told("close_cost"), self.told("yearly_cost"))
        ):
            raise InputError("facilities: capacity and costs must be 0 or more")

    @property
    def n_facilities(self) -> int:
        """Number of facilities F."""
        return len(self.x_m)

    @property
    def place_ids(self) -> np.ndarray:
        """F ids by which ready-made travel times call each facility's place."""
        return self.ids if self.place is None else self.place

    def open_of(self, kinds: Sequence[str], least_capacity: float | None = None) -> Ints:
        """Return positions (ascending) of the open facilities of any of ``kinds``, of a capacity where one is asked."""
        codes = [self.kinds.index(kind) for kind in kinds if kind in self.kinds]
        counts = self.open & np.isin(self.kind, codes)
        if least_capacity is not None:
            counts &= self.capacity >= least_capacity  # NaN, not known, is never enough
        return np.flatnonzero(counts).astype(np.int32)

    def position(self, facility_id: str) -> int:
        """Return the position of an id, −1 when there is none."""
        found = np.flatnonzero(self.ids == facility_id)
        return int(found[0]) if len(found) else -1

    def append(self, other: Facilities) -> Facilities:
        """Return these facilities followed by ``other``; kinds are united, ids must stay unique."""
        kinds = (*self.kinds, *(kind for kind in other.kinds if kind not in self.kinds))
        recode = np.array([kinds.index(kind) for kind in other.kinds], dtype=np.int32)
        other_kind = recode[other.kind] if other.n_facilities else other.kind
        own_ids = self.place is None and other.place is None

        def told(name: str) -> Any:
            if getattr(self, name) is None and getattr(other, name) is None:
                return None
            return np.concatenate([one.told(name) for one in (self, other)])

        return replace(
            self,
            place=None if own_ids else np.concatenate([self.place_ids, other.place_ids]),
            **{name: told(name) for name in _NOT_TOLD},
            kinds=kinds,
            kind=np.concatenate([self.kind, other_kind]).astype(np.int32),
            notes=(*self.notes, *other.notes),
            **{
                column: np.concatenate([getattr(self, column), getattr(other, column)])
                for column in ("ids", "x_m", "y_m", "name", "capacity", "cost", "open", "hours")
            },
        )

    def told(self, name: str) -> np.ndarray:
        """Return a column that may be missing (``close_cost``, ``yearly_cost``, ``public``), filled with not told."""
        values = getattr(self, name)
        return np.full(self.n_facilities, _NOT_TOLD[name]) if values is None else np.asarray(values)

    def take(self, rows: np.ndarray) -> Facilities:
        """Return the facilities at ``rows`` (positions or a mask), in that order."""
        columns = ("ids", "x_m", "y_m", "kind", "name", "capacity", "cost", "open", "hours", "place", *_NOT_TOLD)
        kept: dict[str, Any] = {
            name: None if getattr(self, name) is None else getattr(self, name)[rows] for name in columns
        }
        return replace(self, **kept)

    @staticmethod
    def at(
        ids: Sequence[str], x_m: Floats, y_m: Floats, *, kind: str, is_open: bool, name: np.ndarray | None = None,
        place: np.ndarray | None = None,
    ) -> Facilities:  # fmt: skip
        """Return one facility of a kind at each place, of which nothing else is known."""
        n, text = len(ids), np.full(len(ids), "", dtype=object)
        return Facilities(
            ids=np.array(ids, dtype=object), x_m=x_m, y_m=y_m, kind=np.zeros(n, np.int32), kinds=(kind,),
            name=text if name is None else name, capacity=np.full(n, np.nan), cost=np.full(n, np.nan),
            open=np.full(n, is_open), hours=text, place=place,
        )  # fmt: skip

    @staticmethod
    def empty(kinds: Sequence[str] = ()) -> Facilities:
        """Return no facilities at all, of the given kinds (a source without rows)."""
        none, text = np.empty(0), np.empty(0, dtype=object)
        return Facilities(
            ids=text, x_m=none, y_m=none, kind=np.empty(0, np.int32), kinds=tuple(kinds), name=text,
            capacity=none, cost=none, open=np.empty(0, np.bool_), hours=text,
        )  # fmt: skip
