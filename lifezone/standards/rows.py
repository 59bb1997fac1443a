"""Rows of the tables that a run leaves behind: one field per column of the contract, in its order."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ChangeRow", "ClassRow", "SummaryRow"]


@dataclass(frozen=True)
class SummaryRow:
    """``summary.csv``: one requirement in one district for one group. None is null in the file.

    ``people`` counts the group in the district, ``judged`` those of them that the requirement judges, ``covered`` those
    for whom it is met; ``coverage`` is covered ÷ judged and [low, high] its interval (D6). The mean is over people who
    reach, median and 90th percentile over all judged, None when infinite. ``shortfall`` is FGT 1 (D2). ``unreachable``
    counts people with no path, off the network or without any facility, ``uncertain`` people of uncertain verdicts.
    A requirement that is not assessed has ``judged`` 0 and None for every figure.
    """

    variant: str
    district: str
    requirement: str
    group: str
    people: float
    judged: float
    covered: float | None
    coverage: float | None
    coverage_low: float | None
    coverage_high: float | None
    mean_minutes: float | None
    median_minutes: float | None
    p90_minutes: float | None
    shortfall: float | None
    unreachable: float | None
    uncertain: float | None


@dataclass(frozen=True)
class ChangeRow:
    """``changes.csv``: a variant against the baseline, one requirement, district and group.

    ``gain`` and ``lose`` are people newly met and no longer met; ``minutes`` the mean change over people who reach in
    both (negative = quicker); the requirement ``desert`` tells of life deserts: people lifted out and fallen in, and
    how many deserts were resolved (none of their points is one any more) and are new.
    """

    variant: str
    district: str
    requirement: str
    group: str
    people: float
    gain: float
    lose: float
    minutes: float | None
    coverage_before: float | None
    coverage_after: float | None
    deserts_resolved: int | None
    deserts_new: int | None


@dataclass(frozen=True)
class ClassRow:
    """``classes.csv``: the class of a district (D4); class None where people are modelled, with the reason in note."""

    variant: str
    district: str
    class_: str | None
    boundary: bool
    mean_share: float | None
    all_met_share: float | None
    lowest_requirement: str
    lowest_share: float | None
    note: str
