"""Quantities as people write them ("15 min", "2 km", "3 km/h", "90 %") in SI units, and back.

A quantity carries its unit: a bare number is refused, because 15 may be minutes or seconds and a clinic hangs on it.
Zero needs no unit.
"""

from __future__ import annotations

import math
import re
from typing import Final, Literal

__all__ = ["Quantity", "parse_length", "parse_quantity", "parse_share", "parse_speed", "parse_time"]

Quantity = Literal["time", "length", "speed", "share"]

_NUMBER: Final = r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
_PATTERN: Final = re.compile(rf"^\s*{_NUMBER}\s*([^\d\s].*?)?\s*$")

_UNITS: Final[dict[Quantity, dict[str, float]]] = {
    "time": {
        "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "초": 1.0,
        "min": 60.0, "minute": 60.0, "minutes": 60.0, "분": 60.0,
        "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "시간": 3600.0,
    },
    "length": {"m": 1.0, "metre": 1.0, "metres": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048},
    "speed": {"m/s": 1.0, "km/h": 1000.0 / 3600.0, "kmh": 1000.0 / 3600.0, "mph": 1609.344 / 3600.0},
    "share": {"%": 0.01},
}  # fmt: skip
_EXAMPLES: Final[dict[Quantity, str]] = {
    "time": "'15 min'", "length": "'500 m' or '2 km'", "speed": "'3 km/h'", "share": "'90 %'",
}  # fmt: skip


def parse_quantity(text: object, *kinds: Quantity) -> tuple[Quantity, float]:
    """Read a quantity with its unit.

    Args:
        text: What the user wrote, e.g. ``"15 min"``.
        kinds: Which kinds of quantity are welcome here.

    Returns:
        The kind found and its value in seconds, metres, metres per second or a share of one.

    Raises:
        ValueError: The unit is missing or of another kind, or the number is negative or not finite.
    """
    wanted = " or ".join(f"a {kind} such as {_EXAMPLES[kind]}" for kind in kinds)
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ValueError(f"expected {wanted}, got {text!r}")
    match = _PATTERN.match(str(text))
    if match is None:
        raise ValueError(f"expected {wanted}, got {text!r}")
    number, unit = float(match.group(1)), (match.group(2) or "").strip()
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"expected {wanted}, got {text!r}: it must be finite and not negative")
    if not unit:
        if number == 0:
            return kinds[0], 0.0
        raise ValueError(f"expected {wanted}, got {text!r} without a unit")
    for kind in kinds:
        factor = _UNITS[kind].get(unit) or _UNITS[kind].get(unit.lower())
        if factor is not None:
            return kind, number * factor
    known = ", ".join(unit for kind in kinds for unit in _UNITS[kind])
    raise ValueError(f"expected {wanted}, got {text!r}: the unit {unit!r} is not one of {known}")


def parse_time(text: object) -> float:
    """Read a time in seconds from text like ``"15 min"``."""
    return parse_quantity(text, "time")[1]


def parse_length(text: object) -> float:
    """Read a length in metres from text like ``"2 km"``."""
    return parse_quantity(text, "length")[1]


def parse_speed(text: object) -> float:
    """Read a speed in metres per second from text like ``"3 km/h"``; it must be above zero."""
    speed_mps = parse_quantity(text, "speed")[1]
    if speed_mps <= 0:
        raise ValueError(f"expected a speed above zero such as '3 km/h', got {text!r}")
    return speed_mps


def parse_share(text: object) -> float:
    """Read a share of one from text like ``"90 %"``; it must lie between 0 and 100 %."""
    share = parse_quantity(text, "share")[1]
    if share > 1:
        raise ValueError(f"expected a share between '0 %' and '100 %', got {text!r}")
    return share
