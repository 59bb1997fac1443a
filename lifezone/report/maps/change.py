"""The map of what a variant changes for one requirement, A → B: who gains, loses, or is merely quicker or slower."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Demand, Floats, Reason, Requirement, Verdicts
from lifezone.report.disclosure import counted
from lifezone.report.frames import minutes, rounded_metres
from lifezone.report.maps import inks
from lifezone.report.maps.inks import BARE
from lifezone.report.maps.legend import Row, class_row, heading, note_rows
from lifezone.report.maps.words import bound_words
from lifezone.standards.disclosure import shown_group
from lifezone.standards.judge import effective_group

__all__ = ["INKS", "codes", "is_changed", "rows", "same_verdicts"]

INKS: Final = (
    inks.GAIN, inks.QUICKER, inks.UNCHANGED, inks.SLOWER, inks.LOSE, inks.NOT_JUDGED, inks.UNREACHABLE,
)  # fmt: skip
_GAIN, _QUICKER, _SAME, _SLOWER, _LOSE, _NOT_JUDGED, _NO_WAY = range(len(INKS))


def is_changed(rule: Requirement, before: Verdicts, after: Verdicts, inside: np.ndarray) -> bool:
    """Tell whether any point's minutes (or metres) or verdict changed, to the precision of the files."""
    value_changed = not np.array_equal(_shown(rule, before)[inside], _shown(rule, after)[inside], equal_nan=True)
    return value_changed or not np.array_equal(before.reason[inside], after.reason[inside])


def same_verdicts(before: Verdicts, after: Verdicts, inside: np.ndarray) -> bool:
    """Tell whether time, distance and reason are the same at every point, to the precision of the files."""
    return bool(
        np.array_equal(minutes(before.seconds)[inside], minutes(after.seconds)[inside], equal_nan=True)
        and np.array_equal(rounded_metres(before.metres)[inside], rounded_metres(after.metres)[inside], equal_nan=True)
        and np.array_equal(before.reason[inside], after.reason[inside])
    )


def codes(rule: Requirement, before: Verdicts, after: Verdicts, demand: Demand) -> np.ndarray:
    """Return u8[P] how each point fares; newly met and no longer met come before mere minutes."""
    old, new = (np.nan_to_num(_shown(rule, verdicts), nan=np.inf) for verdicts in (before, after))
    code = np.full(demand.n_points, _SAME, np.uint8)
    code[new < old] = _QUICKER
    code[new > old] = _SLOWER
    code[np.isinf(old) & np.isinf(new)] = _NO_WAY
    code[after.met & ~before.met] = _GAIN
    code[before.met & ~after.met] = _LOSE
    judged = before.judged | after.judged
    code[~judged] = _NOT_JUDGED
    code[(after.reason == Reason.NOT_ASSESSED) | (demand.total <= 0)] = BARE
    return code


def rows(rule: Requirement, names: tuple[str, str], demand: Demand, code: np.ndarray, *, disclose: bool) -> list[Row]:
    """Return the legend of a difference map; ``names`` are the two variants, A and B."""
    people = demand.of(effective_group(rule, demand)[0])
    judged = float(people[(code != _NOT_JUDGED) & (code != BARE)].sum())
    korean, english = bound_words(rule)
    thing = "시간 time" if rule.metric == "time" else "거리 distance"
    texts = (
        "새로 기준 안 / newly within",
        "가까워짐, 판정 같음 / quicker" if rule.metric == "time" else "가까워짐, 판정 같음 / shorter",
        "변화 없음 / unchanged",
        "멀어짐, 판정 같음 / slower" if rule.metric == "time" else "멀어짐, 판정 같음 / longer",
        "기준 밖으로 / no longer within",
    )
    table = [heading(f"{thing}: A → B", "인구 people")]
    table += note_rows(f"A = {names[0]}", lines=1) + note_rows(f"B = {names[1]}", lines=1)
    table += note_rows(f"기준 {korean} / bound {english}", lines=1)
    for number, text in enumerate(texts):
        table.append(
            class_row(INKS[number], text, counted(float(people[code == number].sum()), judged, disclose=disclose))
        )
    if (code == _NO_WAY).any():
        count = counted(float(people[code == _NO_WAY].sum()), judged, disclose=disclose)
        table.append(class_row(INKS[_NO_WAY], "둘 다 갈 수 없음 / no way in both", count))
    if (code == _NOT_JUDGED).any():
        everybody = shown_group(float(demand.total[code == _NOT_JUDGED].sum()), disclose=disclose)
        table.append(class_row(INKS[_NOT_JUDGED], "판정 안 함 / not judged here", everybody))
    return table


def _shown(rule: Requirement, verdicts: Verdicts) -> Floats:
    """Return what the requirement measures as the files tell it: minutes or metres, NaN = no path."""
    return minutes(verdicts.seconds) if rule.metric == "time" else rounded_metres(verdicts.metres)
