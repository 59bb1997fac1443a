"""Rows of the tables that a run leaves behind: one field per column of the contract, in its order."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ChangeRow", "ClassRow", "ConventionRow", "GapRow", "ItemRow", "PushedRow", "SummaryRow", "WinnerRow",
    "WithoutCarRow",
]  # fmt: skip


@dataclass(frozen=True)
class SummaryRow:
    """``summary.csv``: one requirement in one district for one group. None is null in the file.

    ``people`` counts the group in the district, ``judged`` those of them that the requirement judges, ``covered`` those
    for whom it is met; ``coverage`` is covered ÷ judged and [low, high] its interval (D6). The mean is over people who
    reach, median and 90th percentile over all judged, None when infinite. ``shortfall`` is FGT 1 (D2). ``unreachable``
    counts people with no path, off the network or without any facility, ``uncertain`` people of uncertain verdicts.
    A requirement that is not assessed has ``judged`` 0 and None for every figure.
    D3: ``below_minimum``, ``between`` and ``at_optimum`` add up to ``judged``; the last two are None where the standard
    sets no local optimum. ``target`` is the share of people that the standard asks for, ``target_met`` whether coverage
    is that high. D8: ``served``, ``full`` and ``out_of_reach`` add up to the people judged (``full`` counts those in
    reach for whom no place is left); None where capacity is not tested.
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
    below_minimum: float | None = None
    between: float | None = None
    at_optimum: float | None = None
    target: float | None = None
    target_met: bool | None = None
    served: float | None = None
    full: float | None = None
    out_of_reach: float | None = None


@dataclass(frozen=True)
class ChangeRow:
    """``changes.csv``: a variant against the baseline, one requirement, district and group.

    ``people`` live there before, ``people_after`` in the variant (the same unless it changes people). ``gain`` and
    ``lose`` are people of the variant newly met and no longer met; ``minutes`` the mean change over people who reach in
    both (negative = quicker); the requirement ``desert`` tells of life deserts: people lifted out and fallen in, and
    how many deserts were resolved (none of their points is one any more) and are new. ``served_before`` and
    ``served_after`` count people who find a place (D8), None where capacity is not tested.
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
    served_before: float | None = None
    served_after: float | None = None
    people_after: float | None = None


@dataclass(frozen=True)
class WinnerRow:
    """``winners_losers.csv``: who wins and loses by a variant, one requirement (or ``any``), district and group.

    ``people`` are judged both times: ``winners`` + ``losers`` + ``mixed`` + ``unchanged``. ``newly_reached`` and
    ``cut_off`` are those of them who come to reach a facility at all, or no longer do; the means, in ``unit``, are over
    the other winners and losers.
    """

    variant: str
    district: str
    requirement: str
    group: str
    people: float
    winners: float
    losers: float
    mixed: float
    unchanged: float
    newly_reached: float
    cut_off: float
    mean_won: float | None
    mean_lost: float | None
    unit: str


@dataclass(frozen=True)
class PushedRow:
    """``pushed_beyond.csv``: people within a bound before and no longer within it, by district or by facility used.

    ``facility`` is what they used before, or ``all``. Minutes and metres are means over those who still reach one;
    ``cut_off`` counts those who do not.
    """

    variant: str
    requirement: str
    district: str
    group: str
    facility: str
    people: float
    minutes_before: float | None
    minutes_after: float | None
    extra_minutes: float | None
    most_extra_minutes: float | None
    extra_metres: float | None
    cut_off: float


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


@dataclass(frozen=True)
class GapRow:
    """``gaps.csv``: people who have lost something, in one district, for one group (D1).

    ``what`` is ``gap`` (at least one function lost), ``desert`` (the standard's desert test), ``deep`` (everything that
    is judged there is lost, two functions or more), or ``lost_<function>``. ``people`` counts the group, ``concerned``
    those of them who live where it is so; ``share`` is their share, None where nobody lives.
    """

    variant: str
    district: str
    group: str
    what: str
    people: float
    concerned: float
    share: float | None


@dataclass(frozen=True)
class ConventionRow:
    """``conventions.csv``: one requirement as an official evaluation reads it, beside the modelled verdict (D7).

    People of the group who are judged: ``met`` by modelled time, ``met_officially``, ``differs`` = ``only_modelled`` +
    ``only_official``. Means are over people who reach (an area mean: over points); ``official_metres`` stands where the
    convention measures metres. ``no_path`` counts judged people with no trip by that reading.
    """

    variant: str
    district: str
    requirement: str
    group: str
    convention: str
    judged: float
    met: float
    met_officially: float
    differs: float
    only_modelled: float
    only_official: float
    modelled_minutes: float | None
    official_minutes: float | None
    official_metres: float | None
    no_path: float
    source: str


@dataclass(frozen=True)
class WithoutCarRow:
    """``without_car.csv``: one requirement judged by car and on foot, in one district for one group.

    ``judged`` counts people who are judged both ways, ``by_car`` and ``on_foot`` those who reach so within the bound,
    ``car_only`` those who reach by car but not on foot. None where one of the two ways is not assessed.
    """

    variant: str
    district: str
    requirement: str
    group: str
    people: float
    judged: float
    by_car: float | None
    on_foot: float | None
    both: float | None
    car_only: float | None
    foot_only: float | None
    neither: float | None


@dataclass(frozen=True)
class ItemRow:
    """``items.csv``: an item that tables tell of, in one district; the same for every variant.

    ``units`` counts ri, eup and myeon, or districts in the table, ``known`` those with a figure, ``have`` those that
    have it (None where the figure is a share already); ``share`` is held against ``target``. None = not
    assessed, see note.
    """

    district: str
    item: str
    unit: str
    units: int
    known: int
    have: int | None
    share: float | None
    target: float
    target_met: bool | None
    source: str
    note: str
