"""Who goes where: people from district to district, of one purpose and year; and the map they lie on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lifezone.errors import InputError
from lifezone.model.arrays import Bools, Floats, Ints, Longs, check_length
from lifezone.model.world import Districts

__all__ = ["FlowMap", "Flows"]


@dataclass(frozen=True, eq=False)
class Flows:
    """People who go from each of D districts to each, K pairs in rows of districts; a pair stands once.

    Attributes:
        first: i64[D+1] row boundaries.
        to: i32[K] district gone to, ascending in each row; those who stay go to their own.
        people: f64[K] > 0.
        purpose: what they go for: ``commuting``, ``schooling``, ``shopping``, ``patients``, ``moves`` …
        year: of the data, empty where it is not told.
        source: the file, for people.
        modelled: how the flows were modelled, a sentence; empty when they were observed.
    """

    first: Longs
    to: Ints
    people: Floats
    purpose: str = "commuting"
    year: str = ""
    source: str = ""
    modelled: str = ""

    def __post_init__(self) -> None:
        """Check lengths and values."""
        check_length("flows", int(self.first[-1]), to=self.to, people=self.people)
        if not (self.people > 0).all() or not np.isfinite(self.people).all():
            raise InputError("flows: people must be above 0 and finite; a pair without people is left out")

    @property
    def n_districts(self) -> int:
        """Number of districts D."""
        return len(self.first) - 1

    @property
    def origin(self) -> Ints:
        """i32[K] district gone from."""
        return np.repeat(np.arange(self.n_districts, dtype=np.int32), np.diff(self.first))

    def matrix(self) -> Floats:
        """Return f64[D, D] people, from row to column."""
        found = np.zeros((self.n_districts, self.n_districts))
        found[self.origin, self.to] = self.people
        return found

    @staticmethod
    def of(matrix: Floats, *, purpose: str, year: str = "", source: str = "", modelled: str = "") -> Flows:
        """Return the flows of a matrix f64[D, D]; pairs without people are left out."""
        origin, to = np.nonzero(matrix > 0)
        first = np.zeros(len(matrix) + 1, np.int64)
        np.cumsum(np.bincount(origin, minlength=len(matrix)), out=first[1:])
        return Flows(first, to.astype(np.int32), matrix[origin, to], purpose, year, source, modelled)


@dataclass(frozen=True, eq=False)
class FlowMap:
    """D districts and the flows between them.

    Attributes:
        districts: ids, names and, where known, shapes; sorted by id, so that the order of files changes nothing.
        people: f64[D] living there; NaN = not known.
        x_m: f64[D] easting of the centre in ``crs``; NaN = not known.
        y_m: f64[D] northing.
        crs: projected CRS, metres; empty where no place is known.
        flows: each purpose and year once.
        neighbours: bool[D, D] districts that touch, an island touching the nearest across the water; None = no shapes.
        on_rim: bool[D] districts on the rim of what is known; None = no shapes.
        figures: further numbers of each district by name, e.g. ``jobs``; NaN = not known.
        added: bool[D] districts that only the flows name.
        notes: what was assumed, left out or added up.
    """

    districts: Districts
    people: Floats
    x_m: Floats
    y_m: Floats
    crs: str
    flows: tuple[Flows, ...]
    neighbours: Bools | None = None
    on_rim: Bools | None = None
    figures: dict[str, Floats] = field(default_factory=dict)
    added: Bools = field(default_factory=lambda: np.empty(0, np.bool_))
    notes: tuple[str, ...] = ()

    @property
    def n_districts(self) -> int:
        """Number of districts D."""
        return len(self.districts.ids)

    @property
    def purposes(self) -> tuple[str, ...]:
        """Purposes there are flows of, in the order of the scenario."""
        return tuple(dict.fromkeys(one.purpose for one in self.flows))

    def years(self, purposes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the years that all of these purposes have flows of, ascending."""
        each = [{one.year for one in self.flows if one.purpose == purpose} for purpose in purposes]
        return tuple(sorted(set.intersection(*each))) if each else ()

    def matrix(self, purposes: tuple[str, ...], year: str) -> Floats:
        """Return f64[D, D] people of some purposes together in a year; 0 where there are none."""
        found = np.zeros((self.n_districts, self.n_districts))
        for one in self.flows:
            if one.purpose in purposes and one.year == year:
                found += one.matrix()
        return found

    def modelled(self, purposes: tuple[str, ...], year: str) -> str:
        """Return how flows were modelled where any of these are; empty when all were observed."""
        told = [one.modelled for one in self.flows if one.purpose in purposes and one.year == year and one.modelled]
        return "; ".join(dict.fromkeys(told))
