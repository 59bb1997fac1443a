"""Inks of the live map: those of the printed maps, and more for changes of time or distance by steps.

Told apart without colour: times grow darker all the way; of a change, less is plain and more is hatched, so that both
ends, alike in grey, differ by pattern. No value is white.
"""

from __future__ import annotations

from typing import Final

from lifezone.report.maps import inks
from lifezone.report.maps.inks import Ink

__all__ = ["INKS", "palette"]

INKS: Final[dict[str, Ink]] = {
    **{f"class{at}": ink for at, ink in enumerate((*inks.WITHIN, *inks.BEYOND))},
    "notJudged": inks.NOT_JUDGED,
    "unreachable": inks.UNREACHABLE,
    "offNetwork": inks.OFF_NETWORK,
    "noFacility": inks.NO_FACILITY,
    "nobody": inks.NOBODY,
    "gain": inks.GAIN,
    "quicker": inks.QUICKER,
    "unchanged": inks.UNCHANGED,
    "slower": inks.SLOWER,
    "lose": inks.LOSE,
    "less3": Ink("#1f5a96"),
    "less2": Ink("#5f95c9"),
    "less1": Ink("#98bfe3"),
    "more1": Ink("#ecd0b2", "#8b410f", "rising"),
    "more2": Ink("#cf8c55", "#5a2a08", "rising"),
    "more3": Ink("#7a3108", "#f0c9a8", "cross"),
    "newly": Ink("#0c2c52", "#a8c9e8", "dots"),
    "noLonger": Ink("#3a1502", "#f0c9a8", "falling"),
    "outside": inks.OUTSIDE,
    "water": inks.WATER,
}


def palette() -> dict[str, list[str]]:
    """Return fill, colour of lines and pattern of every ink."""
    return {name: [ink.fill, ink.line, ink.pattern] for name, ink in INKS.items()}
