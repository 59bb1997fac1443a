"""Days of editions, as ISO text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

__all__ = ["day_of", "is_date"]

_YEAR: Final = re.compile(r"^(1[89]|20|21)\d\d$")
_MONTH: Final = re.compile(r"^(1[89]|20|21)\d\d-(0[1-9]|1[0-2])$")


def is_date(text: str) -> bool:
    """Whether a text is a day such as ``2020-06-30``."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def day_of(text: str) -> str | None:
    """Return the last day that a year, a month or a day means; None for anything else.

    ``2020`` is the end of that year, as in Korean statistics by the year's end.
    """
    if _YEAR.match(text):
        return f"{text}-12-31"
    if _MONTH.match(text):
        year, month = int(text[:4]), int(text[5:])
        first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
        return (first_of_next - dt.timedelta(days=1)).isoformat()
    return text if is_date(text) else None
