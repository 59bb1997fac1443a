"""Who is within the national minimum, by the results of runs (D4); counts are re-based before anything is divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.monitor.counts import ALL_MET, Column, RunResult
from lifezone.monitor.indicator import Found, NotGiven, Part, found
from lifezone.monitor.series import NO_CLASS, Why
from lifezone.standards.classes import class_of, overall_class

__all__ = ["all_requirements", "coverage_by_requirement", "mean_class"]

_GRADES = ("D", "C", "B", "A")


def coverage_by_requirement(run: RunResult) -> Mapping[Part, Found]:
    """Return the share of people within the bound of each requirement, in per cent."""
    parts = {}
    for key, (judged, covered) in run.coverage.items():
        if key == ALL_MET:
            continue
        one = _share(judged, covered)
        if run.modelled or key in run.left_out:
            one = _without_class(one)
        elif key in run.bounds:
            low, high = (_share(judged, end).value / 100.0 for end in run.bounds[key])
            turns = [known and class_of(least) != class_of(most)
                     for known, least, most in zip(one.why == Why.COMPUTED, low, high, strict=True)]  # fmt: skip
            one = replace(one, boundary=np.array(turns, np.bool_))
        parts[Part(key, *run.names.get(key, (key, key)))] = one
    return parts


def all_requirements(run: RunResult) -> Found:
    """Return the share of judged people of whom every requirement is met, in per cent."""
    if ALL_MET not in run.coverage:
        raise NotGiven("results")
    return _share(*run.coverage[ALL_MET])


def mean_class(run: RunResult) -> Found:
    """Return the mean share over requirements, and the class that follows from it and from the lowest one."""
    rules = [key for key in run.coverage if key != ALL_MET and key not in run.left_out]
    if not rules:
        raise NotGiven("results")
    shares = np.column_stack([_share(*run.coverage[key]).value for key in rules])
    reasons = np.column_stack([_share(*run.coverage[key]).why for key in rules])
    judged = reasons != Why.NOT_JUDGED
    why = np.where(judged, reasons, Why.COMPUTED).max(axis=1)
    why = np.where(judged.any(axis=1), why, Why.NOT_JUDGED)
    known = np.where(judged, shares, 0.0)
    with np.errstate(invalid="ignore"):
        mean = known.sum(axis=1) / judged.sum(axis=1)
    one = found(np.where(why == Why.COMPUTED, mean, np.nan), why)
    if run.modelled:
        return _without_class(one)
    klass = np.full(len(mean), NO_CLASS, np.int32)
    for district in np.flatnonzero(one.why == Why.COMPUTED).tolist():
        own = shares[district, judged[district]] / 100.0
        klass[district] = _GRADES.index(overall_class(own.tolist()))
    return replace(one, klass=klass, boundary=_turns(run, rules, judged, one.why == Why.COMPUTED))


def _turns(run: RunResult, rules: list[str], judged: Bools, known: Bools) -> Bools:
    """Return bool[D] whether the class is another one with all uncertain verdicts unmet than with all of them met."""
    turns = np.zeros(len(known), np.bool_)
    if any(key not in run.bounds for key in rules):
        return turns
    ends = [
        np.column_stack([_share(run.coverage[key][0], run.bounds[key][end]).value for key in rules]) / 100.0
        for end in (0, 1)
    ]  # fmt: skip
    for district in np.flatnonzero(known).tolist():
        low, high = (overall_class(end[district, judged[district]].tolist()) for end in ends)
        turns[district] = low != high
    return turns


def _share(judged: Column, covered: Column) -> Found:
    """Return covered ÷ judged in per cent; nobody judged is a reason of its own."""
    why = np.where(judged.why != Why.COMPUTED, judged.why, covered.why)
    nobody = (why == Why.COMPUTED) & (judged.value == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = covered.value / judged.value * 100.0
    return found(
        np.where(nobody, np.nan, value), np.where(nobody, Why.NOT_JUDGED, why), numerator=covered.value,
        denominator=judged.value,
    )  # fmt: skip


def _without_class(one: Found) -> Found:
    """Return a finding that may not be classed."""
    none = np.full(len(one.value), NO_CLASS, np.int32)
    return replace(one, klass=none)
