"""Rows of what changed since the last edition, and of where districts stand among others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.monitor.change import LEVEL, adjusted, changes, evidence_of_errors
from lifezone.monitor.ranks import rank_changes, ranked
from lifezone.monitor.series import Series

__all__ = ["ALL", "ChangeRow", "RankRow", "change_rows", "comparisons", "rank_rows", "type_of"]

ALL: Final = "all"
"""All districts of the study together, and the comparison among all of them."""
_PERCENT: Final = "%"
_TYPES: Final = ("시", "군", "구", "읍", "면", "동")
_ENGLISH: Final = {"si": "시", "gun": "군", "gu": "구", "eup": "읍", "myeon": "면", "dong": "동"}
_KOREAN_CODE: Final = re.compile(r"^\d{5}(\d{3}|\d{5})?$")
"""Code of a si, gun or gu, or one of eup, myeon and dong (8 or 10 digits); the first two digits are the province."""


@dataclass(frozen=True)
class ChangeRow:
    """One indicator of one district in two editions.

    Attributes:
        edition: the later one.
        edition_before: the one before it in which the indicator is known here.
        indicator: its id.
        district: id, ``all`` = the whole study.
        name: its name.
        before: the earlier figure.
        now: the later one.
        absolute: now − before.
        relative: that as a share of the earlier figure; None where it was 0.
        points: percentage points, of shares.
        better: whether it became better; None where nothing changed or neither direction is better.
        test: which test, or ``full count, no test``.
        statistic: z.
        p_value: two-sided.
        p_adjusted: for all tests of this indicator and edition (Benjamini and Hochberg).
        significant: whether that is at most .05; None without a test.
    """

    edition: str
    edition_before: str
    indicator: str
    district: str
    name: str
    before: float
    now: float
    absolute: float
    relative: float | None
    points: float | None
    better: bool | None
    test: str
    statistic: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    significant: bool | None = None


@dataclass(frozen=True)
class RankRow:
    """Where a district stands.

    Attributes:
        edition: of the figure.
        indicator: its id.
        district: id.
        name: its name.
        among: comparison: ``all``, ``type`` (si, gun, gu …) or ``province``.
        group: which group of it.
        value: the figure.
        rank: 1 = best (largest where neither direction is better); equals share a rank.
        of: districts ranked.
        ties: others with the same figure.
        percentile: 0 to 100, 50 = in the middle.
        places: places gained (below 0: lost) since the edition before, among those known both times.
    """

    edition: str
    indicator: str
    district: str
    name: str
    among: str
    group: str
    value: float
    rank: int
    of: int
    ties: int
    percentile: float
    places: int | None


def change_rows(series: Series) -> list[ChangeRow]:
    """Return what changed in every edition since the one before, the whole study after its districts."""
    rows: list[ChangeRow] = []
    for at in range(len(series.indicators)):
        for edition in range(1, len(series.editions)):
            rows += _changed(series, at, edition)
    return rows


def _changed(series: Series, at: int, edition: int) -> list[ChangeRow]:
    """Return the changes of one indicator into one edition."""
    info = series.indicators[at]
    value = np.vstack([series.value[:, : edition + 1, at], series.whole[None, : edition + 1, at]])
    error = np.vstack([series.standard_error[:, : edition + 1, at], np.full((1, edition + 1), np.nan)])
    ids, names = (*series.ids, ALL), (*series.name, "")
    first = _last_known(value[:, :edition])
    rows = np.flatnonzero((first >= 0) & ~np.isnan(value[:, edition]))
    before, now = value[rows, first[rows]], value[rows, edition]
    moved = changes(before, now, whole=100.0 if info.unit == _PERCENT else None)
    found = []
    for k, row in enumerate(rows.tolist()):
        if info.sampled and ids[row] == ALL:
            continue  # the error of the whole is not known here: the survey's own tables tell it
        proof = evidence_of_errors(before[k], now[k], error[row, first[row]], error[row, edition])
        tested = proof.is_tested
        found.append(
            ChangeRow(
                series.editions[edition].name, series.editions[first[row]].name, info.id, ids[row], names[row],
                float(before[k]), float(now[k]), float(moved.absolute[k]), _or_none(moved.relative[k]),
                _or_none(moved.points[k]), _better(info.direction, float(moved.absolute[k])), proof.test,
                proof.statistic if tested else None, proof.p_value if tested else None,
            )
        )  # fmt: skip
    return list(_with_fair(found))


def _last_known(value: np.ndarray) -> np.ndarray:
    """Return the last edition in which each row is known, −1 = in none."""
    known = ~np.isnan(value)
    last = value.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    found: np.ndarray = np.where(known.any(axis=1), last, -1)
    return found


def _with_fair(rows: list[ChangeRow]) -> Iterator[ChangeRow]:
    """Yield rows with p-values adjusted for their number."""
    fair = adjusted([np.nan if row.p_value is None else row.p_value for row in rows])
    for row, p in zip(rows, fair, strict=True):
        yield row if row.p_value is None else replace(row, p_adjusted=p, significant=p <= LEVEL)


def _better(direction: str, change: float) -> bool | None:
    """Tell whether a change is for the better."""
    if direction == "neither" or change == 0:
        return None
    return (change > 0) == (direction == "more")


def comparisons(series: Series) -> dict[str, tuple[str, ...]]:
    """Return the comparison groups: all; by type and by province where names and codes tell them and they differ."""
    found = {ALL: (ALL,) * len(series.ids)}
    types = tuple(type_of(name, english) for name, english in zip(series.name, series.name_en, strict=True))
    if all(types) and len(set(types)) > 1:
        found["type"] = types
    if all(_KOREAN_CODE.match(one) for one in series.ids):
        provinces = tuple(one[:2] for one in series.ids)
        if len(set(provinces)) > 1:
            found["province"] = provinces
    return found


def type_of(name: str, english: str) -> str:
    """Return 시, 군, 구, 읍, 면 or 동 by the end of a name, empty where it has another."""
    if name[-1:] in _TYPES:
        return name[-1]
    return _ENGLISH.get(english.lower().rpartition("-")[2], "")


def rank_rows(series: Series, groups: Mapping[str, tuple[str, ...]] | None = None) -> list[RankRow]:
    """Return the rank of every district by every indicator in every edition.

    Args:
        series: the indicators.
        groups: comparison → group of each district; None = those of :func:`comparisons`.
    """
    groups = comparisons(series) if groups is None else groups
    rows = []
    for at, info in enumerate(series.indicators):
        for edition, about in enumerate(series.editions):
            value = series.value[:, edition, at]
            for among, group in groups.items():
                found = ranked(value, better=info.direction, group=group)
                moved, known = np.zeros(len(value), np.int64), np.zeros(len(value), np.bool_)
                if edition:
                    moved, known = rank_changes(
                        series.value[:, edition - 1, at], value, better=info.direction, group=group
                    )
                rows += [
                    RankRow(
                        about.name, info.id, series.ids[d], series.name[d], among, group[d], float(value[d]),
                        int(found.rank[d]), int(found.of[d]), int(found.ties[d]), float(found.percentile[d]),
                        int(moved[d]) if known[d] else None,
                    )
                    for d in np.flatnonzero(found.rank).tolist()
                ]  # fmt: skip
    return rows


def _or_none(value: float) -> float | None:
    """Return None for what is not known."""
    return float(value) if np.isfinite(value) else None
