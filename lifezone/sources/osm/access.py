"""The access tags of OpenStreetMap: which keys speak of a mode, which values open, which close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["BACKWARD", "BICYCLE_KEYS", "BOTH", "CAR_KEYS", "CLOSED", "FOOT_KEYS", "FORWARD", "OPEN", "first_of", "said"]

CAR_KEYS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
FOOT_KEYS: Final = ("foot", "access")
BICYCLE_KEYS: Final = ("bicycle", "vehicle", "access")
CLOSED: Final = frozenset({
    "no", "private", "forestry", "agricultural", "emergency", "military", "psv", "bus", "taxi", "hov", "permit",
    "delivery", "restricted", "use_sidepath", "dismount",
})  # fmt: skip
OPEN: Final = frozenset({
    "yes", "permissive", "designated", "official", "destination", "customers", "residents", "public", "limited",
})  # fmt: skip
FORWARD: Final = frozenset({"yes", "true", "1"})
BACKWARD: Final = frozenset({"-1", "reverse"})
BOTH: Final = frozenset({"no", "false", "0"})


def said(tags: Mapping[str, str], keys: Sequence[str], suffix: str = "") -> bool | None:
    """Return whether the most specific telling tag opens or closes a way; None when no tag tells.

    Of several values (``agricultural;forestry``) one that opens is enough.
    """
    for key in keys:
        values = [part.strip() for part in tags.get(key + suffix, "").lower().split(";")]
        if any(value in OPEN for value in values):
            return True
        if any(value in CLOSED for value in values):
            return False
    return None


def first_of(tags: Mapping[str, str], keys: Sequence[str]) -> str:
    """Return the value of the first key that is there, or an empty text."""
    return next((tags[key].strip().lower() for key in keys if key in tags), "")
