"""Names of functions, levels and modes of life zones for people, in Korean and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lifezone.model import Zones

__all__ = ["LEVELS", "bound_words", "function_name", "function_words", "mode_words", "variant_words"]

_FUNCTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "medical": ("의료", "medical care"),
    "education": ("교육", "education"),
    "commuting": ("통근", "commuting"),
    "shopping": ("장보기", "shopping"),
    "leisure": ("여가", "leisure"),
    "culture": ("문화", "culture"),
}
LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "village": ("마을", "village"),
    "town": ("소도시", "town"),
    "hub": ("거점도시", "regional hub"),
    "metropolis": ("대도시", "metropolis"),
}
_MODES: Final[Mapping[str, tuple[str, str]]] = {
    "car": ("자동차", "car"),
    "walk": ("도보", "walk"),
    "bicycle": ("자전거", "bicycle"),
    "transit": ("대중교통", "transit"),
}


def function_name(zones: Zones) -> tuple[str, str]:
    """Return the name of a function at its level: its own, else that of the function, else its id."""
    return function_words(zones.id, zones.function, zones.level, (zones.name_ko, zones.name_en))


def function_words(key: str, function: str, level: str, own: tuple[str, str]) -> tuple[str, str]:
    """Return the Korean and English name of a function.

    Args:
        key: its id.
        function: what it is one of, such as ``medical``.
        level: ``village`` to ``metropolis``.
        own: the names that the scenario gives it, empty where it gives none.
    """
    korean, english = _FUNCTIONS.get(function, (key, key))
    if function in _FUNCTIONS:
        level_ko, level_en = LEVELS[level]
        korean, english = f"{korean}({level_ko})", f"{english} ({level_en})"
    return own[0] or own[1] or korean, own[1] or own[0] or english


def mode_words(mode: str) -> tuple[str, str]:
    """Return how people travel."""
    return _MODES.get(mode, (mode, mode))


def bound_words(zones: Zones) -> tuple[str, str]:
    """Return the reach with its unit."""
    if zones.metric == "time":
        return f"{zones.reach / 60:g}분", f"{zones.reach / 60:g} min"
    text = f"{zones.reach / 1000:g} km" if zones.reach >= 1000 else f"{zones.reach:g} m"
    return text, text


def variant_words(variant: str) -> tuple[str, str]:
    """Return a variant's name; only ``baseline`` has a Korean one."""
    return ("현재", "baseline") if variant == "baseline" else (variant, variant)
