"""How values are written in Korean and English: numbers with units, money, dates, lists, ranks, plurals, changes.

Every function whose words differ takes the language first. What is small but not nothing is never
written as nothing, what is almost everything never as everything (:mod:`lifezone.report.words`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from lifezone.standards.disclosure import LEAST_GROUP, shown_group

__all__ = [
    "DASH", "Language", "article", "changed", "count", "day", "interval", "listed", "metres", "million_won", "minutes",
    "money", "number", "ordinal", "people", "percent", "plural", "points",
]  # fmt: skip

Language = Literal["ko", "en"]

DASH: Final = "–"
"""There is no value."""
_EXACT: Final = 1e-9
"""Sums of modelled people are off by this; nothing that is told is as small."""
_MOST_MINUTES: Final = 90.0
"""Longer times are told in hours and minutes."""
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_EIGHTY_EIGHT: Final = re.compile(r"(?:8|11(?!\d)|18(?!\d)|11[,.]|18[,.])")
_AN: Final = re.compile(r"(?:hour|honest|heir|honou?r)", re.IGNORECASE)
_A: Final = re.compile(r"(?:uni|use|usa|euro|one\b|once|ubiq|utili)", re.IGNORECASE)


def count(value: float) -> str:
    """Write a number of things: ``1,234``."""
    return DASH if _missing(value) else f"{_whole(value):,}"


def number(value: float, digits: int | None = None) -> str:
    """Write a plain number with thousands, with its decimals or with as many as say something.

    What would be rounded to zero is written with the digits that it has: ``0.004``.
    """
    if _missing(value):
        return DASH
    if digits is None:
        digits = 0 if abs(value) >= 100 or value == round(value) else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    return f"{value:.1g}" if value and not float(text.replace(",", "")) else text


def people(language: Language, value: float, *, disclose: bool = False) -> str:
    """Write persons by the disclosure rule: ``1,234명``, ``1 person``, ``10명 미만``, ``fewer than 10 people``."""
    if _missing(value):
        return DASH
    shown = shown_group(value, disclose=disclose)
    if shown.startswith("<"):
        return f"{LEAST_GROUP}명 미만" if language == "ko" else f"fewer than {LEAST_GROUP} people"
    if language == "ko":
        return f"{shown}명"
    return f"{shown} {'person' if shown == '1' else 'people'}"


def percent(language: Language, share: float, digits: int = 1, *, short: bool = False) -> str:
    """Write a share of 1: ``61.6%``; ``0.1% 미만`` and ``99.9% 초과`` where rounding would tell nothing or everything.

    Args:
        language: ``ko`` or ``en``.
        share: the share; 0.616 is 61.6 %.
        digits: decimals.
        short: for cells of a column whose heading carries the unit: ``61.6``, ``<0.1``, ``>99.9``.
    """
    if _missing(share):
        return DASH
    least, value = 10.0**-digits, 100.0 * share
    unit = "" if short else "%"
    if abs(value) < _EXACT or abs(value - 100.0) < 1e-7:
        return f"{value:.0f}{unit}".replace("-", "")
    rounded = round(value, digits)
    if rounded == 0.0:
        return _less(language, f"{'-' if value < 0 else ''}{least:.{digits}f}", unit, short=short)
    if rounded == 100.0 and value < 100.0:
        return _more(language, f"{100.0 - least:.{digits}f}", unit, short=short)
    return f"{value:.{digits}f}{unit}"


def points(language: Language, difference: float, digits: int = 1, *, signed: bool = True, short: bool = False) -> str:
    """Write a difference of shares in percentage points: ``+3.4%p``, ``+3.4 percentage points``.

    Args:
        language: ``ko`` or ``en``.
        difference: of two shares of 1.
        digits: decimals.
        signed: with ``+``; a sentence that says "rose by" wants none.
        short: without the unit.
    """
    if _missing(difference):
        return DASH
    value, least = 100.0 * difference, 10.0**-digits
    rounded = round(abs(value), digits)
    if abs(value) < _EXACT:
        text = "0"
    elif rounded == 0.0:
        small = f"{'-' if signed and value < 0 else ''}{least:.{digits}f}"
        return _less(language, small, "" if short else _points_unit(language, least), short=short)
    else:
        text = f"{'-' if signed and value < 0 else '+' if signed else ''}{rounded:.{digits}f}"
    return text if short else f"{text}{_points_unit(language, rounded)}"


def minutes(language: Language, value: float, digits: int = 1, *, short: bool = False) -> str:
    """Write minutes: ``14.1분``, ``2시간 5분``, ``1 h 35 min``; whole ones without decimals; ``inf`` is out of reach.

    Above 90 minutes hours and whole minutes are told, unless ``short``: cells stay minutes, so that a column compares.
    """
    if value is not None and math.isinf(value):
        return "갈 수 없음" if language == "ko" else "out of reach"
    if _missing(value):
        return DASH
    unit = "분" if language == "ko" else " min"
    if short:
        return _measured(language, value, digits, "")
    if value > _MOST_MINUTES:
        hours, rest = divmod(_whole(value), 60)
        ends = ("시간", "분") if language == "ko" else (" h", " min")
        return f"{hours}{ends[0]}" + (f" {rest}{ends[1]}" if rest else "")
    return _measured(language, value, digits, unit)


def metres(language: Language, value: float, *, short: bool = False) -> str:
    """Write a distance: ``850 m``, ``1.2 km``, ``23 km``; cells (``short``) stay whole metres."""
    if value is not None and math.isinf(value):
        return "갈 수 없음" if language == "ko" else "out of reach"
    if _missing(value):
        return DASH
    if short:
        return _measured(language, value, 0, "")
    if abs(value) < 999.5:
        return _measured(language, value, 0, " m")
    kilometres = value / 1000.0
    exact = abs(kilometres - round(kilometres)) < _EXACT
    return f"{kilometres:,.0f} km" if exact or abs(kilometres) >= 99.5 else f"{kilometres:,.1f} km"


def money(language: Language, won: float) -> str:
    """Write won in a sentence: ``12.3억 원``, ``2,300만 원``, ``1조 2,000억 원``; ``1.23 billion won``."""
    if _missing(won):
        return DASH
    sign, won = ("-" if won < 0 else ""), abs(won)
    return sign + (_won_ko(won) if language == "ko" else _won_en(won))


def million_won(value: float) -> str:
    """Write a cell of money, in million won: ``1,234``, ``0.5``."""
    if _missing(value):
        return DASH
    return _measured("en", value, 0 if abs(value) >= 10 else 1, "")


def interval(language: Language, low: float, high: float, digits: int = 1) -> str:
    """Write a range of shares: ``97.6–98.4%``; one figure where both ends read the same."""
    if _missing(low) or _missing(high):
        return DASH
    ends = percent(language, low, digits), percent(language, high, digits)
    if ends[0] == ends[1]:
        return ends[0]
    plain = all(re.fullmatch(r"[\d.]+%", end) for end in ends)
    if plain:
        return f"{ends[0][:-1]}–{ends[1]}"
    return f"{ends[0]}~{ends[1]}" if language == "ko" else f"{ends[0]} to {ends[1]}"


def day(language: Language, value: str | date) -> str:
    """Write a date, a month or a year: ``2026년 11월 22일``, ``22 November 2026``, ``November 2026``, ``2026년``.

    Texts that are no date in ISO form stay as they are.
    """
    text = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    found = _DATE.fullmatch(text[:10] if re.match(r"\d{4}-\d{2}-\d{2}T", text) else text)
    if not found or (found[2] and not 1 <= int(found[2]) <= len(_MONTHS)):
        return text or DASH
    year, month, number_of_day = found[1], found[2], found[3]
    if language == "ko":
        parts = [f"{year}년", f"{int(month)}월" if month else "", f"{int(number_of_day)}일" if number_of_day else ""]
    else:
        parts = [str(int(number_of_day)) if number_of_day else "", _MONTHS[int(month) - 1] if month else "", year]
    return " ".join(filter(None, parts))


def listed(language: Language, items: Sequence[str]) -> str:
    """Write a list: ``가, 나, 다``; ``a, b and c``."""
    if not items:
        return DASH
    if language == "ko" or len(items) == 1:
        return ", ".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def ordinal(language: Language, rank: int, *, tied: bool = False) -> str:
    """Write a rank: ``3위``, ``공동 3위``, ``3rd``, ``joint 3rd``."""
    if language == "ko":
        return f"공동 {rank:,}위" if tied else f"{rank:,}위"
    ending = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{'joint ' if tied else ''}{rank:,}{ending}"


def plural(value: float, one: str, many: str) -> str:
    """Return the English noun for a number as it is written: ``1 desert``, ``0 deserts``, ``1.5 deserts``."""
    return one if not _missing(value) and abs(value - 1.0) < _EXACT else many


def article(phrase: str) -> str:
    """Write an English phrase with ``a`` or ``an``, by its sound: an hour, a unit, an 8-minute walk, an MRI."""
    word = phrase.strip()
    first = word[:1]
    if first.isdigit():
        vowel = bool(_EIGHTY_EIGHT.match(word))
    elif len(word) > 1 and re.match(r"[A-Z]{2,}", word):
        vowel = first in "AEFHILMNORSX"
    else:
        vowel = bool(_AN.match(word)) or (first.lower() in "aeiou" and first != "" and not _A.match(word))
    return f"{'an' if vowel else 'a'} {phrase}"


def changed(difference: float, up: str, down: str, same: str) -> str:
    """Choose the word for a direction: ``늘었다``, ``줄었다``, ``그대로이다``."""
    return same if abs(difference) < _EXACT else up if difference > 0 else down


def _missing(value: float | None) -> bool:
    """Return whether there is no number."""
    return value is None or not math.isfinite(value)


def _whole(value: float) -> int:
    """Round half up, as people do; 2.5 is 3."""
    return math.floor(value + 0.5)


def _less(language: Language, amount: str, unit: str, *, short: bool) -> str:
    """Write that something is smaller than what is shown of it."""
    if short:
        return f"<{amount}"
    return f"{amount}{unit} 미만" if language == "ko" else f"under {amount}{unit}"


def _more(language: Language, amount: str, unit: str, *, short: bool) -> str:
    """Write that something is greater than what is shown of it."""
    if short:
        return f">{amount}"
    return f"{amount}{unit} 초과" if language == "ko" else f"over {amount}{unit}"


def _points_unit(language: Language, amount: float) -> str:
    """Return the unit of a difference of shares."""
    if language == "ko":
        return "%p"
    return " percentage point" if amount == 1.0 else " percentage points"


def _measured(language: Language, value: float, digits: int, unit: str) -> str:
    """Write an amount with its unit: whole ones without decimals, small ones never as zero."""
    if abs(value - round(value)) < _EXACT:
        return f"{round(value):,}{unit}"
    least = 10.0**-digits
    if round(abs(value), digits) == 0.0:
        return _less(language, f"{least:.{digits}f}", unit, short=not unit)
    return f"{value:,.{digits}f}{unit}"


def _won_ko(won: float) -> str:
    """Write won in Korean: 조 and 억, 억 with a decimal, 만, 원."""
    if won >= 0.99995e12:
        billions = _whole(won / 1e8)
        trillions, rest = divmod(billions, 10_000)
        return f"{trillions:,}조" + (f" {rest:,}억" if rest else "") + " 원"
    if won >= 0.99995e8:
        amount = won / 1e8
        whole = abs(amount - round(amount)) < 0.05 or amount >= 100
        return f"{amount:,.0f}억 원" if whole else f"{amount:,.1f}억 원"
    if won >= 10_000:
        return f"{_whole(won / 1e4):,}만 원"
    return f"{_whole(won):,}원"


def _won_en(won: float) -> str:
    """Write won in English, with three figures from a million on."""
    for scale, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if won >= 0.9995 * scale:
            return f"{float(f'{won / scale:.3g}'):,g} {name} won"
    return f"{_whole(won):,} won"
