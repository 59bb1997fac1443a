"""Who is within the national minimum, by the results of runs (D4); counts are re-based before anything is divided."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.edition import ALL_MET, Column, RunResult
from lifezone.monitor.indicator import Found, NotGiven, Part, found
from lifezone.monitor.series import NO_CLASS, Why
from lifezone.standards.classes import overall_class

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
    return Found(one.value, one.why, one.numerator, one.denominator, one.standard_error, klass)


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
    return Found(one.value, one.why, one.numerator, one.denominator, one.standard_error, none)
