"""What judging one world gave: one column per requirement over its demand points, and the deserts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from lifezone.model.arrays import Bools, Floats, Ints
from lifezone.model.designation import DesignationStep
from lifezone.model.standard import Convention, Standard

__all__ = ["Assessment", "Desert", "Reading", "Reason", "Verdicts"]


class Reason(IntEnum):
    """Why a requirement is or is not met at a point; written to files by its lower-case name."""

    NOT_JUDGED = 0  # nobody of the group lives here, or the rule is for the other setting; null in files
    MET = 1
    TOO_FAR = 2
    UNREACHABLE = 3
    OFF_NETWORK = 4
    NO_FACILITY = 5
    NOT_ASSESSED = 6


def _untold() -> Floats:
    """Return an empty column, to be filled with NaN."""
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Verdicts:
    """One requirement over P demand points.

    Attributes:
        seconds: f64[P] door to door to the facility that counts, ``inf`` = none reachable, NaN = not assessed.
        metres: f64[P] network metres of the same trip, anchor to anchor.
        access_m: f64[P] access walks of that trip.
        facility: i32[P] position in Facilities, −1 = none.
        reason: u8[P] :class:`Reason`.
        depth: f64[P] D2: max(0, 1 − bound/t), 1 when unreachable, NaN where not judged.
        optimum: bool[P] within the local optimum (D3), False where none is set.
        uncertain: bool[P] the verdict lies within the cell's own size of the bound (D6).
        certified: bool[P] the trip cannot be beaten by one beyond the loaded roads (D6).
        hangs_on_access: bool[P] not met, but would be without the access walks.
        bound: f64[P] the bound that holds at the point, seconds or metres; NaN where the rule was not judged.
        served: f64[P] people of the group in reach who find a place (D8), NaN = capacity not tested.
        full: f64[P] people of the group in reach who find every place taken, NaN likewise.
    """

    seconds: Floats
    metres: Floats
    access_m: Floats
    facility: Ints
    reason: np.ndarray
    depth: Floats
    optimum: Bools
    uncertain: Bools
    certified: Bools
    hangs_on_access: Bools
    bound: Floats = field(default_factory=_untold)
    served: Floats = field(default_factory=_untold)
    full: Floats = field(default_factory=_untold)

    def __post_init__(self) -> None:
        """Bring columns that were left out to the length of the others."""
        for name in ("bound", "served", "full"):
            if len(getattr(self, name)) != len(self.reason):
                # one NaN that stands for all: a nation would hold gigabytes of them
                object.__setattr__(self, name, np.broadcast_to(np.nan, len(self.reason)))

    @property
    def judged(self) -> Bools:
        """bool[P] where the requirement gave a verdict."""
        judged: Bools = (self.reason != Reason.NOT_JUDGED) & (self.reason != Reason.NOT_ASSESSED)
        return judged

    @property
    def met(self) -> Bools:
        """bool[P] where it is met."""
        met: Bools = self.reason == Reason.MET
        return met


@dataclass(frozen=True, eq=False)
class Reading:
    """A requirement as an official evaluation reads it (D7), at P demand points.

    Attributes:
        convention: how it reads.
        value: f64[P] seconds, or metres for a bound in metres, by that reading; ``inf`` = none reachable.
        met: bool[P] met by that reading; empty for area means, which have no verdict of single points.
    """

    convention: Convention
    value: Floats
    met: Bools


@dataclass(frozen=True)
class Desert:
    """One life desert: joined demand points (D1).

    Attributes:
        label: number in ``Assessment.desert``, from 0 by falling people; ties by lowest demand position.
        named: False when it has fewer people than the test's least: counted as scattered, not named to people.
        name_ko: "<district> <nearest settlement> 일대".
        name_en: English name.
        district: position of the district with most of its people.
        people: persons per group, in the demand's group order.
        missing: functions lost anywhere in it, in the test's order.
        worst_seconds: largest finite travel time over its lost anchors; ``inf`` when a lost one is unreachable.
        area_m2: ground covered: cells × cell area, 0 for points.
        points: number of demand points.
    """

    label: int
    named: bool
    name_ko: str
    name_en: str
    district: int
    people: tuple[float, ...]
    missing: tuple[str, ...]
    worst_seconds: float
    area_m2: float
    points: int


@dataclass(frozen=True, eq=False)
class Assessment:
    """One world judged by one standard.

    Attributes:
        standard: the standard.
        verdicts: one per requirement of the standard that has a bound, keyed by requirement id, in order.
        deficits: i32[P] number of requirements judged and unmet.
        lost: bool[P, functions] functions lost, columns in the desert test's order.
        desert: i32[P] label of the desert the point belongs to, −1 = none.
        deserts: deserts by label.
        warnings: what people must know, one sentence each, with counts.
        deep: bool[P] every function that is judged there is lost, two or more (D1).
        designations: every step of the standard's designations, unit by unit.
        official: requirement id → its readings by official conventions (D7); only requirements that have some.
    """

    standard: Standard
    verdicts: dict[str, Verdicts]
    deficits: Ints
    lost: Bools
    desert: Ints
    deserts: tuple[Desert, ...]
    warnings: tuple[str, ...] = ()
    deep: Bools = field(default_factory=lambda: np.empty(0, np.bool_))
    official: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    designations: tuple[DesignationStep, ...] = ()

    def __post_init__(self) -> None:
        """Where it was not told, no point is deep."""
        if len(self.deep) != len(self.deficits):
            object.__setattr__(self, "deep", np.zeros(len(self.deficits), np.bool_))
