"""Resident registration by age: headings with a month, a sex and an age; a 10-digit code inside the name.

One file holds the nation, provinces, cities and their gu, and eup, myeon and dong, branch offices (출장소) as rows of
their own. Each level counts everybody once, so only one level may be added up: a city with gu is left out where its
gu are taken, and a branch office is added to the eup or myeon that its name starts with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.sources.tables import Table

__all__ = ["OLDEST", "AgeColumn", "Registration", "age_columns", "is_registration", "read_registration"]

_HEADING: Final = re.compile(
    r"^(?:(?P<year>\d{4})년\s*(?P<month>\d{1,2})월[_\s]*)?(?:(?P<sex>계|총|합계|남|여|남자|여자)[_\s]+)?"
    r"(?P<what>총인구수|연령구간인구수|(?P<low>\d{1,3})\s*(?:[~\-]\s*(?P<high>\d{1,3}))?\s*세\s*(?P<open>이상)?)$"
)
_SEX: Final = {None: "both", "계": "both", "총": "both", "합계": "both", "남": "male", "남자": "male", "여": "female",
               "여자": "female"}  # fmt: skip
_NAME_CODE: Final = re.compile(r"^(?P<name>.*?)\s*\(\s*(?P<code>\d{10})\s*\)\s*$")
_BRANCH: Final = "출장소"
OLDEST: Final = 130
"""Upper end of the last, open class of ages."""


@dataclass(frozen=True)
class AgeColumn:
    """One column of counts: people of a sex with ages ``low`` to ``high`` (inclusive); both None = everybody."""

    column: str
    sex: str
    low: int | None
    high: int | None
    month: str
    is_range_sum: bool = False


@dataclass(frozen=True, eq=False)
class Registration:
    """The rows of such a file, n of them.

    Attributes:
        code: object[n] 10-digit code, ``""`` where the cell holds none.
        name: object[n] full name, e.g. ``전라북도 전주시 완산구 중앙동``.
        level: object[n] ``nation``, ``sido``, ``sigungu``, ``emd`` or ``""``.
        parted: bool[n] True for a city whose gu stand in the file as rows of their own.
        parent: i64[n] row of the eup or myeon that a branch office belongs to, −1 for others.
        branch: bool[n] True for branch offices.
        people: f64[n, K] counts of ``columns``, NaN where a cell is empty.
        columns: K columns.
        month: ``2020-06``, or empty where headings do not tell.
    """

    code: np.ndarray
    name: np.ndarray
    level: np.ndarray
    parted: Bools
    parent: np.ndarray
    branch: Bools
    people: Floats
    columns: tuple[AgeColumn, ...]
    month: str


def is_registration(columns: Sequence[str]) -> bool:
    """Tell whether headings carry ages or a total with a month, as these files do."""
    found = age_columns(columns)
    return len([one for one in found if one.low is not None]) >= 5 or any(
        one.low is None and one.month for one in found
    )


def age_columns(columns: Sequence[str]) -> tuple[AgeColumn, ...]:
    """Return the columns that count people, with sex, ages and month."""
    found = []
    for column in columns:
        match = _HEADING.match(column.strip())
        if match is None:
            continue
        low, high = match["low"], match["high"]
        if low is not None:
            first = int(low)
            last = OLDEST if match["open"] else int(high) if high else first
        month = f"{match['year']}-{int(match['month']):02d}" if match["year"] else ""
        found.append(
            AgeColumn(
                column, _SEX[match["sex"]], None if low is None else first, None if low is None else last, month,
                match["what"] == "연령구간인구수",
            )
        )  # fmt: skip
    return tuple(found)


def read_registration(table: Table, area: str, code: str | None = None) -> Registration:
    """Read such a table; numbers that cannot be read come back as NaN.

    Args:
        table: The table.
        area: Column with names, codes inside.
        code: Column with codes, where they stand apart.
    """
    wanted = [one for one in age_columns(table.columns) if not one.is_range_sum]
    month = max((one.month for one in wanted), default="")
    columns = tuple(one for one in wanted if one.month == month)
    people = np.column_stack([_counts(table, one.column) for one in columns])
    cells = table.text(area)
    codes, names = np.full(len(cells), "", dtype=object), np.full(len(cells), "", dtype=object)
    for at, cell in enumerate(cells.tolist()):
        match = _NAME_CODE.match(cell)
        codes[at], names[at] = (match["code"], match["name"]) if match else ("", cell)
        names[at] = " ".join(str(names[at]).split())
    if code is not None:
        given = table.text(code)
        codes = np.where(codes == "", given, codes)
    level = np.array([_level(one) for one in codes.tolist()], dtype=object)
    branch = np.array([str(name).endswith(_BRANCH) for name in names.tolist()], np.bool_)
    return Registration(
        codes, names, level, _parted(names, level), _parents(codes, names, level, branch), branch, people, columns,
        month,
    )  # fmt: skip


def _counts(table: Table, column: str) -> Floats:
    """Return a column of counts, NaN where a cell is empty or not a number."""
    numbers, _ = table.numbers(column, (column,))
    return numbers


def _level(code: str) -> str:
    """Return the level of a 10-digit code."""
    if len(code) != 10:
        return ""
    if code in ("0000000000", "1000000000"):
        return "nation"
    if code[2:] == "00000000":
        return "sido"
    return "sigungu" if code[5:] == "00000" else "emd"


def _parted(names: np.ndarray, level: np.ndarray) -> Bools:
    """Mark cities whose gu stand in the file: the name of another row of that level starts with theirs."""
    rows = {str(names[at]): at for at in np.flatnonzero(level == "sigungu").tolist()}
    parted = np.zeros(len(names), np.bool_)
    for name in rows:
        city = name.rpartition(" ")[0]
        if city in rows:
            parted[rows[city]] = True
    return parted


def _parents(codes: np.ndarray, names: np.ndarray, level: np.ndarray, branch: Bools) -> np.ndarray:
    """Return the row of the eup or myeon that each branch office belongs to, −1 where none is told."""
    whole: dict[str, dict[str, int]] = {}
    for at in np.flatnonzero((level == "emd") & ~branch).tolist():
        whole.setdefault(codes[at][:5], {})[str(names[at]).rpartition(" ")[2]] = at
    parent = np.full(len(names), -1, np.int64)
    for at in np.flatnonzero(branch).tolist():
        own = str(names[at]).rpartition(" ")[2]
        units = whole.get(codes[at][:5], {})
        fits = [name for name in units if own.startswith(name)]
        fits = fits or [name for name in units if name[:-1] and name[-1] in "읍면" and own.startswith(name[:-1])]
        if fits:
            parent[at] = units[max(fits, key=len)]
    return parent
