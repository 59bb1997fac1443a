"""Shares and notes by the disclosure rule that :mod:`lifezone.standards.disclosure` holds for counts and names."""

from __future__ import annotations

from typing import Final

from lifezone.standards.disclosure import LEAST_GROUP, shown_group

__all__ = ["NOTE", "counted", "share"]

NOTE: Final = (
    "Data files (csv, parquet, gpkg) keep raw values. Whatever people look at shows cells under 5 people as 1–4, "
    "no group count under 10 and no name for deserts under 50 people. Warnings are worded for people and follow the "
    "rule too; raw counts stand under variants. Apply the same rule before handing files on."
)


def share(part: float, whole: float, *, disclose: bool = False) -> str:
    """Write a share of people in percent; empty where the count itself, or what it leaves, may not be shown."""
    if whole <= 0:
        return ""
    hidden = 0 < part < LEAST_GROUP or 0 < whole - part < LEAST_GROUP
    if hidden and not disclose:
        return ""
    return f"{100 * part / whole:.1f} %"


def counted(part: float, whole: float, *, disclose: bool = False) -> str:
    """Write a count of people with its share of the whole: ``1,234 (12.3 %)``."""
    percent = share(part, whole, disclose=disclose)
    return shown_group(part, disclose=disclose) + (f" ({percent})" if percent else "")
