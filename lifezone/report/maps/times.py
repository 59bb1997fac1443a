"""The map of one requirement: travel time or road distance in classes that end at the bound and at the optimum."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from lifezone.model import Bools, Demand, Floats, Reason, Requirement, Verdicts
from lifezone.report.disclosure import counted
from lifezone.report.maps import inks
from lifezone.report.maps.inks import BARE, Ink
from lifezone.report.maps.legend import Row, class_row, heading, note_rows
from lifezone.report.maps.words import bound_words, metric_words
from lifezone.standards.disclosure import shown_group
from lifezone.standards.judge import effective_group

__all__ = ["INKS", "breaks_of", "codes", "rows", "shown_unit", "value_of"]

_BEYOND_BOUND: Final = (1.5, 2.0)
_WHOLE: Final = {"time": 60.0, "length": 100.0}
"""What limits of classes are whole numbers of: minutes, hundreds of metres."""
_CODE: Final = {Reason.NOT_JUDGED: 6, Reason.UNREACHABLE: 7, Reason.OFF_NETWORK: 8, Reason.NO_FACILITY: 9}
_UNJUDGED: Final = _CODE[Reason.NOT_JUDGED]
INKS: Final[tuple[Ink, ...]] = (
    *inks.WITHIN, *inks.BEYOND, inks.NOT_JUDGED, inks.UNREACHABLE, inks.OFF_NETWORK, inks.NO_FACILITY,
)  # fmt: skip
_FIRST_BEYOND: Final = len(inks.WITHIN)
_EXCEPTIONS: Final = {
    6: "판정 안 함 / not judged here",
    7: "길이 닿지 않음 / unreachable",
    8: "도로에서 너무 멂 / off the network",
    9: "시설 없음 / no facility",
}


def breaks_of(rule: Requirement) -> tuple[float, ...]:
    """Return the limits of the six classes, the last one open, in SI units: two within, the bound, 1.5 and 2 bounds.

    Within the bound the optimum and its half; without one, thirds of the bound where whole, else quarter and half.

    Raises:
        ValueError: The requirement has no bound.
    """
    if rule.bound is None:
        raise ValueError(f"{rule.id} has no bound")
    bound = rule.bound
    if rule.optimum is not None and 0 < rule.optimum < bound:
        within = (rule.optimum / 2, rule.optimum)
    elif (bound / _WHOLE[rule.metric]) % 3 == 0:
        within = (bound / 3, bound * 2 / 3)
    else:
        within = (bound / 4, bound / 2)
    return (*within, bound, *(bound * factor for factor in _BEYOND_BOUND))


def value_of(rule: Requirement, verdicts: Verdicts) -> Floats:
    """Return what the requirement measures: seconds or metres."""
    return verdicts.seconds if rule.metric == "time" else verdicts.metres


def codes(rule: Requirement, verdicts: Verdicts, demand: Demand) -> np.ndarray:
    """Return u8[P] the class of each point; the verdict decides on which side of the bound it is."""
    value = value_of(rule, verdicts)
    code = np.searchsorted(np.array(breaks_of(rule)), np.where(np.isfinite(value), value, np.inf)).astype(np.uint8)
    reason = verdicts.reason
    met, too_far = reason == Reason.MET, reason == Reason.TOO_FAR
    code[met] = np.minimum(code[met], _FIRST_BEYOND - 1)
    code[too_far] = np.maximum(code[too_far], _FIRST_BEYOND)
    for why, number in _CODE.items():
        code[reason == why] = number
    code[reason == Reason.NOT_ASSESSED] = BARE
    code[demand.total <= 0] = BARE
    return code


def rows(rule: Requirement, verdicts: Verdicts, demand: Demand, code: np.ndarray, *, disclose: bool) -> list[Row]:
    """Return the legend: classes with people and their share of all judged, the bound and the optimum marked."""
    people = demand.of(effective_group(rule, demand)[0])
    judged = float(people[verdicts.judged].sum())

    def value(where: Bools) -> str:
        return counted(float(people[where].sum()), judged, disclose=disclose)

    factor, unit = shown_unit(rule)
    limits = [limit / factor for limit in breaks_of(rule)]
    names = [f"0 – {_number(limits[0])}"]
    names += [f"{_number(low)} – {_number(high)}" for low, high in pairwise(limits)]
    names.append(f"> {_number(limits[-1])}")
    korean, english = metric_words(rule)
    table = [heading(f"{korean} ({unit})", "인구 people"), *note_rows(f"{english} ({unit})", lines=1)]
    for number, name in enumerate(names):
        table.append(class_row(INKS[number], f"{name} {unit}", value(code == number)))
        table += _marks(rule, number)
    for number, name in _EXCEPTIONS.items():
        if (code == number).any():
            everybody = shown_group(float(demand.total[code == number].sum()), disclose=disclose)
            table.append(class_row(INKS[number], name, everybody if number == _UNJUDGED else value(code == number)))
    table += _caveats(verdicts, people, disclose=disclose)
    return table


def shown_unit(rule: Requirement) -> tuple[float, str]:
    """Return the unit that people read the requirement in, and how many SI units it holds."""
    if rule.metric == "time":
        return 60.0, "분 min"
    return (1000.0, "km") if (rule.bound or 0) >= 2000 else (1.0, "m")


def _marks(rule: Requirement, number: int) -> list[Row]:
    """Return the rule drawn below a class that ends at the bound or the optimum."""
    korean, english = bound_words(rule)
    if number == _FIRST_BEYOND - 1:
        return [Row(f"◀ 기준 {korean} / bound {english}", style="bound", height=24)]
    if number == _FIRST_BEYOND - 2 and rule.optimum is not None and 0 < rule.optimum < (rule.bound or 0):
        korean, english = bound_words(rule, rule.optimum)
        return [Row(f"◁ 권장 {korean} / optimum {english}", height=22)]
    return []


def _caveats(verdicts: Verdicts, people: Floats, *, disclose: bool) -> list[Row]:
    """Tell how many people's verdict is uncertain or certified only as "at most"."""
    table: list[Row] = []
    uncertain = float(people[verdicts.judged & verdicts.uncertain].sum())
    loose = float(people[verdicts.judged & ~verdicts.certified].sum())
    if uncertain > 0:
        count = shown_group(uncertain, disclose=disclose)
        table += note_rows(f"판정이 불확실한 사람 / verdict uncertain (cell size): {count}", lines=1)
    if loose > 0:
        count = shown_group(loose, disclose=disclose)
        table += note_rows(f"경계 밖이 더 빠를 수 있음 / 'at most' (roads cut at the border): {count}", lines=2)
    return table


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
