"""Editions and indicators → :class:`lifezone.monitor.series.Series`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.monitor.edition import Edition
from lifezone.monitor.figures import figure_name
from lifezone.monitor.indicator import Found, Indicator, NotGiven, Part
from lifezone.monitor.series import NO_CLASS, Classes, IndicatorInfo, NotComputed, Series, Why
from lifezone.progress import SILENT, Progress

__all__ = ["compute"]

_EARLIER: Final = "an earlier edition"
_SUBJECTS: Final = {"industries": ("산업별 종사자", "workers by industry"),
                    "incomes": ("소득 구간별 인구", "people by class of income")}  # fmt: skip


@dataclass
class _Column:
    """What was found of one indicator, by edition; **mutable**."""

    info: IndicatorInfo
    sticky: float
    found: dict[int, Found] = field(default_factory=dict)
    whole: dict[int, float] = field(default_factory=dict)
    why: dict[int, Why] = field(default_factory=dict)


def compute(
    editions: Sequence[Edition], indicators: Sequence[Indicator], *, ids: Sequence[str], name: Sequence[str],
    name_en: Sequence[str], polygon: np.ndarray | None = None, crs: str = "", notes: Sequence[str] = (),
    nested: bool = False, progress: Progress = SILENT,
) -> Series:  # fmt: skip
    """Compute indicators of every district in every edition.

    Args:
        editions: E editions, oldest first, told by the same D districts, each knowing the one before it.
        indicators: which; their order is kept.
        ids: D ids of districts.
        name: D names.
        name_en: D English names.
        polygon: D polygons or None.
        crs: metric CRS of the polygons.
        notes: what was told while reading.
        nested: districts lie within one another, so that nothing is told of them together.
        progress: where to show progress.

    Returns:
        The series; an indicator that no edition allows is not in it, but in ``not_computed``.
    """
    columns: dict[str, _Column] = {}
    not_computed: list[NotComputed] = []
    together = [None if nested else edition.together() for edition in editions]
    with progress.step("indicators", len(indicators)) as advance:
        for indicator in indicators:
            lacking = _one(indicator, editions, together, columns)
            not_computed += _told(indicator, editions, lacking)
            advance(1)
    shape = (len(ids), len(editions), len(columns))
    stacks = {key: np.full(shape, np.nan) for key in ("value", "numerator", "denominator", "standard_error")}
    why = np.full(shape, Why.NOT_GIVEN, np.int8)
    boundary = np.zeros(shape, np.bool_)
    whole = np.full(shape[1:], np.nan)
    klass = np.full(shape, NO_CLASS, np.int32)
    for at, column in enumerate(columns.values()):
        for edition in range(len(editions)):
            why[:, edition, at] = column.why.get(edition, Why.NOT_GIVEN)
            whole[edition, at] = column.whole.get(edition, np.nan)
            one = column.found.get(edition)
            if one is not None:
                why[:, edition, at] = one.why
                boundary[:, edition, at] = False if one.boundary is None else one.boundary
                for key, stack in stacks.items():
                    stack[:, edition, at] = getattr(one, key)
        if column.info.classes is not None:
            klass[:, :, at] = _classed(stacks["value"][:, :, at], column)
    return Series(
        tuple(ids), tuple(name), tuple(name_en), tuple(one.info for one in editions),
        tuple(column.info for column in columns.values()), why=why, klass=klass, whole=whole,
        centre=editions[0].centre, polygon=polygon, crs=crs, not_computed=tuple(not_computed), notes=tuple(notes),
        boundary=boundary,
        **stacks,
    )  # fmt: skip


def _one(
    indicator: Indicator, editions: Sequence[Edition], together: Sequence[Edition | None], columns: dict[str, _Column]
) -> dict[int, str]:
    """Compute one indicator in every edition; returns what is lacking by edition."""
    lacking: dict[int, str] = {}
    for at, edition in enumerate(editions):
        try:
            got = indicator.compute(edition)
        except NotGiven as told:
            lacking[at] = told.needs
            continue
        parts: list[tuple[Part | None, Found]] = [(None, got)] if isinstance(got, Found) else list(got.items())
        wholes = _whole(indicator, together[at])
        for part, one in parts:
            info = indicator.info(part)
            column = columns.setdefault(info.id, _Column(info, indicator.sticky))
            column.found[at] = one
            column.whole[at] = wholes.get("" if part is None else part.key, np.nan)
    own = [column for column in columns.values() if column.info.family == indicator.id]
    for column in own:
        for at, needs in lacking.items():
            column.why[at] = Why.NO_EARLIER_EDITION if needs == _EARLIER else Why.NOT_GIVEN
    return lacking


def _whole(indicator: Indicator, together: Edition | None) -> dict[str, float]:
    """Return the value of all districts together by part, empty where it cannot be told."""
    if indicator.about == "centre" or together is None:
        return {}
    try:
        got = indicator.compute(together)
    except NotGiven:
        return {}
    if isinstance(got, Found):
        return {"": float(got.value[0])}
    return {part.key: float(one.value[0]) for part, one in got.items()}


def _classed(value: Floats, column: _Column) -> Ints:
    """Return i32[D, E] classes; a class sticks while the value stays near the one that it was given for."""
    classes: Classes | None = column.info.classes
    if classes is None:
        return np.full(value.shape, NO_CLASS, np.int32)
    own = [None if at not in column.found else column.found[at].klass for at in range(value.shape[1])]
    plain = np.stack([classes.of(value[:, at]) if one is None else one for at, one in enumerate(own)], axis=1)
    if not column.sticky:
        return plain
    settled = plain.copy()
    last, given_for = np.full(len(value), NO_CLASS), np.full(len(value), np.nan)
    for at in range(value.shape[1]):
        now = value[:, at]
        near = (last != NO_CLASS) & (np.abs(now - given_for) <= column.sticky + 1e-9) & (plain[:, at] != NO_CLASS)
        settled[:, at] = np.where(near, last, plain[:, at])
        changed = (settled[:, at] != NO_CLASS) & ~near
        last = np.where(settled[:, at] != NO_CLASS, settled[:, at], last)
        given_for = np.where(changed, now, given_for)
    return settled


def _told(indicator: Indicator, editions: Sequence[Edition], lacking: dict[int, str]) -> list[NotComputed]:
    """Return what to tell of editions in which an indicator is not computed; one entry where it is in none."""
    if not lacking or (set(lacking.values()) == {_EARLIER} and len(lacking) < len(editions)):
        return []
    everywhere = len(lacking) == len(editions)
    entries: list[tuple[str, str]] = []
    if everywhere:
        needs = next((one for one in lacking.values() if one != _EARLIER), _EARLIER)
        entries = [("", needs)]
    else:
        entries = [(editions[at].info.name, needs) for at, needs in lacking.items() if needs != _EARLIER]
    return [
        NotComputed(indicator.id, indicator.ko, indicator.en, name, needs, *_reason(needs)) for name, needs in entries
    ]


def _reason(needs: str) -> tuple[str, str]:
    """Say in Korean and English what is not given."""
    if needs == _EARLIER:
        return "비교할 이전 시점이 없다", "there is no earlier edition to compare with"
    if needs.startswith("flows:"):
        purpose = needs.partition(":")[2]
        return f"지역 간 이동표가 없다: {purpose}", f"no flows between districts are given: {purpose}"
    if needs.startswith("places:"):
        what = needs.partition(":")[2]
        return f"격자·집계구 자료가 없다: {what}", f"no places within districts (cells, tracts) tell {what}"
    if needs == "results":
        return "접근성 분석 결과 폴더가 없다", "no result folder of a run is given"
    if needs in _SUBJECTS:
        ko, en = _SUBJECTS[needs]
        return f"구성표가 없다: {ko}", f"no table of counts by category is given: {en}"
    if needs == "centres":
        return "중심과 주변 지역의 짝이 없다", "no table says which district is the centre of which"
    ko, en = figure_name(needs, "ko"), figure_name(needs, "en")
    return f"자료에 없는 항목: {ko} ({needs})", f"no table tells {en} ({needs})"
