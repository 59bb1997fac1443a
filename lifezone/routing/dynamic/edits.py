"""What an edit says, and what a list of edits makes of a facility and of an arc."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from lifezone.model import Network

__all__ = ["ARCS", "ArcEdit", "Edit", "Pace", "RoadEdit", "Sense", "SiteEdit", "SiteState", "SitesEdit",
           "seconds_after", "site_after"]  # fmt: skip

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


class SitesEdit(NamedTuple):
    """Facilities opened, closed or moved at once.

    Attributes:
        sites: what happens to each, every position once.
    """

    sites: tuple[SiteEdit, ...]


class Pace(NamedTuple):
    """What an edit makes of an arc's seconds.

    Attributes:
        factor: new speed ÷ old speed; 0 = shut.
        seconds: the new seconds themselves, whatever they were; None = by the factor.
    """

    factor: float
    seconds: float | None = None


class ArcEdit(NamedTuple):
    """Arcs with other seconds.

    Attributes:
        arcs: per raw arc the edit that built its segment (−1 = there from the start), its number from the first arc
            that this edit built, and what becomes of it.
    """

    arcs: tuple[tuple[int, int, Pace], ...]


@dataclass(frozen=True, eq=False)
class RoadEdit:
    """Roads of another shape: ``change`` makes them of the roads before it, and may be called again at any time."""

    change: Callable[[Network], Network]


Edit: TypeAlias = SitesEdit | ArcEdit | RoadEdit


class SiteState(NamedTuple):
    """Whether a facility is open, and at which place (None = none yet)."""

    is_open: bool
    place: int | None


def site_after(start: SiteState, edits: Iterable[SiteEdit]) -> SiteState:
    """Return what edits, in order, make of a facility."""
    is_open, place = start
    for _, opened, moved in edits:
        is_open = is_open if opened is None else opened
        place = place if moved is None else moved
    return SiteState(is_open and place is not None, place)


def seconds_after(seconds: float, paces: Iterable[Pace]) -> float:
    """Return what edits, in order, make of the seconds of an arc that all of them mean; a shut one stays shut."""
    for factor, instead in paces:
        if instead is None:
            seconds = seconds / factor if factor > 0 else np.inf
        elif seconds < np.inf:
            seconds = instead
    return seconds
