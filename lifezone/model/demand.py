"""Where people live: demand points with people by group."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from lifezone.errors import InputError, some_of
from lifezone.model.arrays import Bools, Floats, Ints, check_length

__all__ = ["TOTAL", "Demand"]

TOTAL: Final = "total"
"""The group that counts everybody; every demand has it."""


@dataclass(frozen=True, eq=False)
class Demand:
    """P demand points with people in G groups.

    Attributes:
        ids: P ids, always text, unique.
        x_m: f64[P] easting in the study's CRS.
        y_m: f64[P] northing.
        people: f64[P, G] persons, ≥ 0; groups may overlap (``total`` holds everybody).
        groups: G group names; ``total`` is one of them.
        district: i32[P] position in the study's districts, −1 = outside the study area: such people count for
            capacity and viability but results report the area alone.
        cell_m: side of the grid cell that each point stands for, metres; 0 for true points.
        urban: bool[P] setting of the point (D5).
        cells: True when the points are cells of a regular grid (drawn as squares of side ``cell_m``).
        estimated: groups whose numbers were spread from larger units (labelled wherever they are shown).
        modelled: why the people are not counted where they stand ("spread over residential roads"); empty otherwise.
        name: P place names, may be empty texts.
        notes: what was refused or assumed, with counts.
        people_read: total people in the source before anything was clipped or joined.
        sides_m: f64[P] side of what each point stands for, where points differ (a cell that could not be spread stays
            as coarse as it was); None = ``cell_m`` everywhere.
        shapes: P polygons of any shape whose people the points stand for, drawn on maps; None = cells or true points.
    """

    ids: np.ndarray
    x_m: Floats
    y_m: Floats
    people: Floats
    groups: tuple[str, ...]
    district: Ints
    urban: Bools
    cell_m: float = 0.0
    cells: bool = False
    estimated: tuple[str, ...] = ()
    modelled: str = ""
    name: np.ndarray | None = None
    notes: tuple[str, ...] = field(default=())
    people_read: float = float("nan")
    sides_m: Floats | None = None
    shapes: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Check lengths, ids and people."""
        n = self.n_points
        check_length(
            "demand", n, ids=self.ids, y_m=self.y_m, people=self.people, district=self.district, urban=self.urban
        )
        if self.sides_m is not None:
            check_length("demand", n, sides_m=self.sides_m)
        if TOTAL not in self.groups:
            raise InputError(f"demand: a group named {TOTAL!r} is needed, found {', '.join(self.groups) or 'none'}")
        if self.people.shape != (n, len(self.groups)):
            raise InputError(f"demand: people must be {n} × {len(self.groups)}, is {self.people.shape}")
        bad = ~(np.isfinite(self.people) & (self.people >= 0)).all(axis=1)
        if bad.any():
            raise InputError(f"demand: people must be 0 or more and finite; wrong at {some_of(self.ids[bad].tolist())}")
        _check_unique("demand", self.ids)

    @property
    def n_points(self) -> int:
        """Number of demand points P."""
        return len(self.x_m)

    @property
    def total(self) -> Floats:
        """f64[P] everybody at each point."""
        return self.of(TOTAL)

    def of(self, group: str) -> Floats:
        """Return f64[P] people of one group; raises :class:`InputError` for an unknown one."""
        if group not in self.groups:
            raise InputError(f"demand has no group {group!r}; it has {', '.join(self.groups)}")
        return self.people[:, self.groups.index(group)]

    @property
    def inside(self) -> Bools:
        """bool[P] True for points of the study area, which results report on."""
        return self.district >= 0

    @property
    def side_m(self) -> Floats:
        """f64[P] side of the cell that each point stands for, metres; 0 for true points."""
        return np.full(self.n_points, self.cell_m) if self.sides_m is None else self.sides_m

    @staticmethod
    def empty() -> Demand:
        """Return nobody at all, for a study that needs no people."""
        none = np.empty(0)
        return Demand(
            ids=np.empty(0, dtype=object), x_m=none, y_m=none, people=np.empty((0, 1)), groups=(TOTAL,),
            district=np.empty(0, np.int32), urban=np.empty(0, np.bool_), people_read=0.0,
        )  # fmt: skip

    def take(self, rows: np.ndarray) -> Demand:
        """Return the demand at ``rows`` (positions or a mask), in that order."""
        return replace(
            self,
            ids=self.ids[rows],
            x_m=self.x_m[rows],
            y_m=self.y_m[rows],
            people=self.people[rows],
            district=self.district[rows],
            urban=self.urban[rows],
            name=None if self.name is None else self.name[rows],
            sides_m=None if self.sides_m is None else self.sides_m[rows],
            shapes=None if self.shapes is None else self.shapes[rows],
        )


def _check_unique(owner: str, ids: np.ndarray) -> None:
    """Raise :class:`InputError` naming the ids that repeat."""
    texts = ids.tolist()
    if len(set(texts)) < len(texts):  # sorting a million texts takes seconds: only to name what repeats
        values, counts = np.unique(ids.astype(str), return_counts=True)
        raise InputError(f"{owner}: ids must be unique; repeated: {some_of(values[counts > 1].tolist())}")
