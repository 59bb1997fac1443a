"""What an edit says, and what a list of edits makes of a facility and of an arc."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from lifezone.model import Network

__all__ = ["ARCS", "ArcEdit", "Edit", "RoadEdit", "Sense", "SiteEdit", "SiteState", "seconds_after", "site_after"]

Sense: TypeAlias = Literal["both", "forth", "back"]
"""Which directions of a segment are meant: ``forth`` runs from its tail to its head."""
ARCS: Final[dict[str, tuple[int, ...]]] = {"both": (0, 1), "forth": (0,), "back": (1,)}


class SiteEdit(NamedTuple):
    """A facility opened, closed or moved.

    Attributes:
        position: facility position in the study.
        is_open: True = opened, False = closed, None = as it was (moved).
        place: number of the place it gets, None = where it was.
    """

    position: int
    is_open: bool | None
    place: int | None


class ArcEdit(NamedTuple):
    """Segments with another speed, or shut.

    Attributes:
        segments: per segment the edit that built it (−1 = there from the start), and its number from the first that
            this edit built.
        sense: directions meant.
        factor: new speed ÷ old speed; 0 = shut.
    """

    segments: tuple[tuple[int, int], ...]
    sense: Sense
    factor: float


@dataclass(frozen=True, eq=False)
class RoadEdit:
    """Roads of another shape: ``change`` makes them of the roads before it, and may be called again at any time."""

    change: Callable[[Network], Network]


Edit: TypeAlias = SiteEdit | ArcEdit | RoadEdit


class SiteState(NamedTuple):
    """Whether a facility is open, and at which place (None = none yet)."""

    is_open: bool
    place: int | None


def site_after(start: SiteState, edits: Iterable[SiteEdit]) -> SiteState:
    """Return what edits, in order, make of a facility."""
    is_open, place = start.is_open, start.place
    for edit in edits:
        is_open = is_open if edit.is_open is None else edit.is_open
        place = place if edit.place is None else edit.place
    return SiteState(is_open and place is not None, place)


def seconds_after(seconds: float, edits: Iterable[ArcEdit]) -> float:
    """Return what edits, in order, make of the seconds of an arc that all of them mean."""
    for edit in edits:
        seconds = seconds / edit.factor if edit.factor > 0 else np.inf
    return seconds
