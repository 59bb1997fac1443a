"""City classes by rule: regional growth centre, industrial city, small city, with the reason and near cuts.

Scale, industry and demographic change decide (the study of 40 provincial cities names these three and publishes no
cuts). The cuts here are ours, are printed with every result, and can be changed:

* **industrial city**: the industrial sectors' location quotient LQ ≥ 1.5 (their share of the city's jobs ÷ their share
  of all jobs of the table), or their share ≥ 30 %, in a city of 50,000 people or more (the legal size of a *si*);
* **regional growth centre**: 200,000 people or more, losing less than 0.5 % a year;
* **small city**: all others.

A figure within 5 % of a cut (0.1 points a year for change) makes the class a *boundary* one: it is told and no more is
made of it. Sources: location quotient, Isard 1960, *Methods of Regional Analysis*; entropy, Theil 1972.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Floats
from lifezone.model.cities import CityClass

__all__ = ["Cities", "Cuts", "classify", "yearly_change"]

_NEAR: Final = 0.05
"""Relative distance from a cut below which a class is a boundary one."""
_NEAR_CHANGE: Final = 0.001
"""The same for yearly change, which may be 0."""


@dataclass(frozen=True)
class Cuts:
    """Where classes end; all inclusive.

    Attributes:
        growth_people: people of a regional growth centre.
        growth_change: yearly change that it must have, e.g. −0.005.
        industrial_lq: location quotient of industrial sectors.
        industrial_share: or their share of the city's jobs.
        industrial_people: people of an industrial city.
        medium_people: from here a city is of medium size.
        large_people: from here it is large.
        stable: yearly change, up or down, within which a city is stable.
    """

    growth_people: float = 200_000.0
    growth_change: float = -0.005
    industrial_lq: float = 1.5
    industrial_share: float = 0.30
    industrial_people: float = 50_000.0
    medium_people: float = 100_000.0
    large_people: float = 500_000.0
    stable: float = 0.005


@dataclass(frozen=True, eq=False)
class Cities:
    """C cities.

    Attributes:
        people: f64[C].
        change: f64[C] yearly change of people, e.g. −0.012; NaN = not known.
        jobs: f64[C, K] jobs by sector; may have no columns.
        sectors: K names.
        industry: bool[K] sectors that are industrial.
    """

    people: Floats
    change: Floats
    jobs: Floats
    sectors: tuple[str, ...]
    industry: np.ndarray

    @property
    def share(self) -> Floats:
        """f64[C] share of industrial jobs; NaN = jobs not known."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.jobs[:, self.industry].sum(axis=1) / self.jobs.sum(axis=1))

    @property
    def quotients(self) -> Floats:
        """f64[C, K] location quotients: a sector's share in the city ÷ its share in all cities whose jobs are known."""
        known = ~np.isnan(self.jobs).any(axis=1)
        total = self.jobs[known].sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((self.jobs / self.jobs.sum(axis=1, keepdims=True)) / (total / total.sum()))

    @property
    def quotient(self) -> Floats:
        """f64[C] location quotient of all industrial sectors together; NaN = not known."""
        known = ~np.isnan(self.jobs).any(axis=1)
        total = self.jobs[known].sum()
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.share / (self.jobs[known][:, self.industry].sum() / total))

    @property
    def diversity(self) -> Floats:
        """f64[C] entropy of jobs over sectors ÷ its largest value: 0 = one sector, 1 = all alike; NaN = not known."""
        k = len(self.sectors)
        if k < 2:  # one sector has no diversity
            return np.full(len(self.people), np.nan)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = self.jobs / self.jobs.sum(axis=1, keepdims=True)
            each = np.where(part > 0, part * np.log(part), 0.0 * part)
        return np.asarray(-each.sum(axis=1) / np.log(k))


def yearly_change(now: Floats, before: Floats, years: float) -> Floats:
    """Return the constant yearly change between two counts, (now ÷ before)^(1 ÷ years) − 1; NaN = not known."""
    with np.errstate(invalid="ignore", divide="ignore"):
        change = (now / before) ** (1.0 / years) - 1.0
    return np.asarray(np.where(np.isfinite(change), change, np.nan))


def classify(cities: Cities, cuts: Cuts | None = None) -> tuple[CityClass, ...]:
    """Return the class of every city by the cuts.

    A city is not classified when its people are not known, or what decides: its jobs, where those of others are given,
    in a city large enough to be industrial; its change in one large enough to be a growth centre.
    """
    cuts = cuts or Cuts()
    figures = zip(
        cities.people.tolist(), cities.change.tolist(), cities.share.tolist(), cities.quotient.tolist(), strict=True
    )
    return tuple(_classified(*one, cuts=cuts, has_jobs=bool(cities.sectors)) for one in figures)


def _classified(
    people: float, change: float, share: float, quotient: float, *, cuts: Cuts, has_jobs: bool
) -> CityClass:
    """Classify one city."""
    trend = _trend(change, cuts)
    if np.isnan(people):
        return CityClass("not_classified", (), (), "unknown", trend)
    scale = "large" if people >= cuts.large_people else "medium" if people >= cuts.medium_people else "small"
    close = tuple(_close(people, change, share, quotient, cuts))
    if people >= cuts.industrial_people and (quotient >= cuts.industrial_lq or share >= cuts.industrial_share):
        by = [("industrial_lq", quotient, cuts.industrial_lq), ("industrial_share", share, cuts.industrial_share)]
        reasons = tuple(one for one in by if one[1] >= one[2])
        return CityClass("industrial", reasons, close, scale, trend)
    if has_jobs and people >= cuts.industrial_people and np.isnan(share):  # it may be industrial: nobody knows
        return CityClass("not_classified", (("industrial_share", share, cuts.industrial_share),), close, scale, trend)
    size = ("growth_people", people, cuts.growth_people)
    if people < cuts.growth_people:
        return CityClass("small", (size,), close, scale, trend)
    if np.isnan(change):
        return CityClass("not_classified", (("growth_change", change, cuts.growth_change),), close, scale, trend)
    reasons = (size, ("growth_change", change, cuts.growth_change))
    return CityClass("growth_centre" if change >= cuts.growth_change else "small", reasons, close, scale, trend)


def _trend(change: float, cuts: Cuts) -> str:
    """Return how people change."""
    if np.isnan(change):
        return "unknown"
    return "growing" if change >= cuts.stable else "shrinking" if change <= -cuts.stable else "stable"


def _close(people: float, change: float, share: float, quotient: float, cuts: Cuts) -> Iterator[str]:
    """Yield the cuts that matter for this city and that it is close to."""
    industry = [("industrial_lq", quotient, cuts.industrial_lq), ("industrial_share", share, cuts.industrial_share)]
    could_be_industrial = any(value >= limit * (1 - _NEAR) for _, value, limit in industry)
    if could_be_industrial and abs(people - cuts.industrial_people) < _NEAR * cuts.industrial_people:
        yield "industrial_people"
    if people >= cuts.industrial_people * (1 - _NEAR):
        past = [value >= limit * (1 + _NEAR) for _, value, limit in industry]
        for name, value, limit in industry:
            if abs(value - limit) < _NEAR * limit and not any(past):
                yield name
    if abs(people - cuts.growth_people) < _NEAR * cuts.growth_people:
        yield "growth_people"
    if people >= cuts.growth_people * (1 - _NEAR) and abs(change - cuts.growth_change) < _NEAR_CHANGE:
        yield "growth_change"
