"""Colours of classes: lightness falls from the best class to the worst, and the hue changes at the bound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from lifezone.monitor.breaks import YearClasses
from lifezone.report.maps.inks import Ink, rgb

__all__ = ["NO_DATA", "bound_text", "class_inks", "class_texts"]

NO_DATA: Final = Ink("#eeeeee", "#8f8f8f", "rising")
_GOOD: Final = ("#dff2ed", "#9fd6c8", "#4fa592")
_BAD: Final = ("#c9722f", "#8f4210", "#4d1c04")
_PLAIN: Final = ("#e6eff8", "#a9c8e6", "#5f97cc", "#2b649f", "#0b2f5c")
_EDGE: Final = "#4a4a4a"


def class_inks(classes: YearClasses) -> tuple[Ink, ...]:
    """Return the ink of each class, from the lowest values to the highest.

    With a bound, greens lie on its good side and browns on the other; without one, blues. The worse end is the darker
    one, or the higher where neither is worse; grey keeps the order.
    """
    if classes.bad:
        colours = [*_ramp(_GOOD, classes.count - classes.bad), *_ramp(_BAD, classes.bad)]
    else:
        colours = _ramp(_PLAIN, classes.count)
    if classes.bad_is_low:
        colours.reverse()
    return tuple(Ink(colour, _EDGE) for colour in colours)


def class_texts(classes: YearClasses, language: str, decimals: int) -> list[str]:
    """Return the bounds of each class with its name: ``0.2 – 0.5  소멸위험진입``; in both languages for any other.

    Bounds are written by signs alone, so that maps can be read in both languages.
    """
    numbers = [bound_text(one, max(decimals, 0)) for one in classes.breaks]
    both = [ko if ko == en else f"{ko} / {en}" for ko, en in zip(classes.names_ko, classes.names_en, strict=True)]
    names = {"ko": list(classes.names_ko), "en": list(classes.names_en)}.get(language, both)
    if not numbers:
        every = {"ko": "모든 값", "en": "all values"}.get(language, "모든 값 / all values")
        return names or [every]
    between = [f"{low} – {high}" for low, high in pairwise(numbers)]
    bounds = [f"< {numbers[0]}", *between, f"≥ {numbers[-1]}"]
    return [f"{bound}  {name}" for bound, name in zip(bounds, names, strict=True)] if names else bounds


def bound_text(value: float, decimals: int) -> str:
    """Write a bound with as few digits as say it."""
    text = f"{value:,.{decimals}f}"
    while decimals < 6 and abs(float(text.replace(",", "")) - value) > 1e-9 * max(1.0, abs(value)):
        decimals += 1
        text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _ramp(anchors: Sequence[str], count: int) -> list[str]:
    """Return colours at even steps between anchors."""
    if count <= 0:
        return []
    table = np.array([rgb(one) for one in anchors], np.float64)
    at = np.linspace(0, len(anchors) - 1, count) if count > 1 else np.array([(len(anchors) - 1) / 2])
    mixed = [np.interp(at, np.arange(len(anchors)), table[:, channel]) for channel in range(3)]
    return ["#{:02x}{:02x}{:02x}".format(*(round(one) for one in colour)) for colour in zip(*mixed, strict=True)]
