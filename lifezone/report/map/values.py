"""What the map tells of every requirement at every place, for all variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

import numpy as np

from lifezone.model import TOTAL, Kind, Reason, Requirement, Variant
from lifezone.report.map.counts import change_counts, change_limits, coverage_counts
from lifezone.report.map.packing import pack_bytes
from lifezone.report.map.quantise import NOBODY, NOT_ASSESSED, Scale, classes_of, levels_of, scale_of
from lifezone.report.maps.words import metric_words, requirement_names
from lifezone.standards.judge import effective_group

__all__ = ["MOST_PAIRED", "requirements_payload"]

MOST_PAIRED: Final = 8
"""Variants of which any two are compared; of more, each with the first."""


@dataclass(frozen=True, eq=False)
class _Told:
    """One requirement at S places in one variant: level, whether it is met, people of its group."""

    level: np.ndarray
    within: np.ndarray
    people: np.ndarray


def requirements_payload(
    variants: Sequence[Variant],
    rows: Sequence[np.ndarray],
    kinds: Mapping[str, Kind],
    *,
    language: Literal["ko", "en"],
    disclose: bool,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return every judged requirement as plain data, and the names of those that are not judged anywhere.

    Args:
        variants: baseline first.
        rows: per variant i64[S] position of each place in its demand, −1 = none.
        kinds: names of kinds.
        language: of names.
        disclose: tell whole persons.
    """
    found, silent = [], list[str]()
    for rule in variants[0].assessment.standard.requirements:
        name = requirement_names(rule, kinds)[language == "en"]
        told = [_told(rule, variant, row) for variant, row in zip(variants, rows, strict=True)]
        if any(one is None for one in told):
            silent.append(name)
            continue
        known = [one for one in told if one is not None]
        found.append({**_rule(rule, name, variants[0], language), **_numbers(rule, known, disclose=disclose)})
    return found, silent


def _told(rule: Requirement, variant: Variant, row: np.ndarray) -> _Told | None:
    """Return one requirement in one variant, or None where it is judged at no place at all."""
    verdicts = variant.assessment.verdicts.get(rule.id)
    if verdicts is None or rule.bound is None or not rule.bound > 0:
        return None
    demand = variant.world.demand
    level = levels_of(rule, scale_of(rule), verdicts, demand)
    if ((level == NOT_ASSESSED) | (level == NOBODY)).all():
        return None
    people = demand.of(effective_group(rule, demand)[0])
    there = row >= 0
    return _Told(
        np.where(there, level[row], NOBODY).astype(np.uint8),
        there & (verdicts.reason[row] == Reason.MET),
        np.where(there, people[row], 0.0),
    )


def _rule(rule: Requirement, name: str, baseline: Variant, language: Literal["ko", "en"]) -> dict[str, Any]:
    """Return what a requirement says."""
    scale = scale_of(rule)
    metres = rule.metric == "length"
    unit = 60.0 if not metres else 1000.0 if (rule.bound or 0) >= 2000 else 1.0
    return {
        "id": rule.id,
        "name": name,
        "what": metric_words(rule)[language == "en"],
        "group": effective_group(rule, baseline.world.demand)[0],
        "everybody": effective_group(rule, baseline.world.demand)[0] == TOTAL,
        "kinds": list(rule.kinds),
        "setting": rule.setting,
        "metric": rule.metric,
        "unit": "min" if not metres else "km" if unit == 1000.0 else "m",
        "step": scale.step / unit,
        "bound": scale.bound,
        "optimum": scale.optimum,
        "classes": list(classes_of(scale)),
        "steps": list(change_limits(scale)),
    }


def _numbers(rule: Requirement, told: Sequence[_Told], *, disclose: bool) -> dict[str, Any]:
    """Return the bytes of every variant, those after the first as what differs from it, and the counts of people."""
    scale = scale_of(rule)
    first = told[0]
    values: list[str | None] = [pack_bytes(first.level)]
    values += [None if _same(first.level, one.level) else pack_bytes(one.level, first.level) for one in told[1:]]
    pairs = list(combinations(range(len(told)), 2)) if len(told) <= MOST_PAIRED else _with_first(len(told))
    return {
        "values": values,
        "met": [_parted(one, scale) for one in told],
        "counts": [
            coverage_counts(one.level, one.within, one.people, scale, disclose=disclose)
            if at == 0 or not _equal(first, one) else None
            for at, one in enumerate(told)
        ],
        "changes": {
            f"{a}-{b}": change_counts(
                (told[a].level, told[b].level), (told[a].within, told[b].within), told[b].people, scale,
                disclose=disclose,
            )
            for a, b in pairs if not _equal(told[a], told[b])
        },
    }  # fmt: skip


def _with_first(n: int) -> list[tuple[int, int]]:
    return [(0, other) for other in range(1, n)]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.array_equal(one, other))


def _equal(one: _Told, other: _Told) -> bool:
    return all(_same(getattr(one, name), getattr(other, name)) for name in ("level", "within", "people"))


def _parted(one: _Told, scale: Scale) -> str | None:
    """Return whether each place meets the rule where that is not the same as its level being within the bound."""
    by_level = one.level <= scale.bound
    if np.array_equal(by_level, one.within):
        return None
    return pack_bytes(one.within.astype(np.uint8))
