"""Which method assigns people to centres, over which trips."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from lifezone.model import Bools, Floats, Ints, TravelTimes, World
from lifezone.sources.observed_table import Observed
from lifezone.standards.disclosure import shown_group
from lifezone.zoning.centres import Centres
from lifezone.zoning.choices import Choices, choices_of
from lifezone.zoning.huff import Huff, HuffUse, deterrence, fit_shares
from lifezone.zoning.minimum import Use
from lifezone.zoning.nearest import NearestUse
from lifezone.zoning.observed import ObservedUse, observed_shares, users_of_pairs
from lifezone.zoning.places import CapacityUse
from lifezone.zoning.spec import FunctionSpec
from lifezone.zoning.told import Note

__all__ = ["Trips", "use_of"]

MOST_PAIRS: Final = 20_000_000
"""Points times facilities up to which all trips within the reach are looked at; beyond, the nearest few."""
FEW: Final = 6
"""Nearest facilities looked at then by those who use the nearest; whoever runs out of them is asked again."""
SOME: Final = 20
"""Nearest facilities looked at then by methods that spread people (told), and at most by those who run out."""


class Trips(Protocol):
    """Travel times of one function's mode and metric, from every demand point."""

    def of(self, rows: Ints) -> Trips:
        """Return the travel times from some demand points alone, in their order."""
        ...

    def nearest(self, facility: Ints) -> TravelTimes:
        """Return the trip to the nearest of some facilities; ties go to the first of them."""
        ...

    def few(self, facility: Ints, k: int) -> TravelTimes:
        """Return the trips to the k nearest of some facilities."""
        ...

    def within(self, facility: Ints, reach: float) -> TravelTimes:
        """Return the trips to all of some facilities within a reach."""
        ...


def use_of(
    world: World, spec: FunctionSpec, centres: Centres, trips: Trips, weight: Floats, observed: Observed | None,
    *, acts: bool,
) -> tuple[Use, tuple[Note, ...]]:  # fmt: skip
    """Return the function's method of assignment over the trips that it needs, and what must be told of it.

    Args:
        world: people and facilities.
        spec: the function.
        centres: its centres.
        trips: its travel times.
        weight: f64[P] people.
        observed: observed users, where the method asks for them.
        acts: whether centres will be dropped.
    """
    rule = spec.assignment
    if rule.method == "nearest":
        return _nearest(world, spec, centres, trips, weight, acts=acts), ()
    choices, notes = _near(world, spec, centres, trips)
    if rule.method == "capacity":
        return CapacityUse(choices, centres.capacity * rule.people_per_place, weight), notes
    told = tuple((f"{spec.id}: {note}", f"{spec.id}: {note}") for note in (observed.notes if observed else ()))
    if rule.method == "huff":
        use, more = _by_huff(spec, rule, centres, choices, weight, observed)
        return use, (*notes, *told, *more)
    assert observed is not None  # whoever asks has read them
    pairs, share = observed_shares(observed, centres, choices)
    return ObservedUse(pairs, share, choices, weight), (*notes, *told)


def _nearest(world: World, spec: FunctionSpec, centres: Centres, trips: Trips, weight: Floats, *, acts: bool) -> Use:
    """Return the use of the nearest centre."""
    reach = spec.farthest.value
    if not acts:
        return NearestUse(choices_of(trips.nearest(centres.facility), centres, reach, most=1), weight)
    if world.demand.n_points * len(centres.facility) <= MOST_PAIRS:
        return NearestUse(choices_of(trips.within(centres.facility, reach), centres, reach), weight)

    def refill(rows: Ints, alive: Bools) -> Choices:
        standing = centres.facility[alive[centres.of]]
        some = trips.of(rows)
        if len(rows) * len(standing) <= MOST_PAIRS:
            return choices_of(some.within(standing, reach), centres, reach)
        k = min(max(MOST_PAIRS // len(rows), FEW), SOME)
        return choices_of(some.few(standing, k), centres, reach, most=k)

    return NearestUse(choices_of(trips.few(centres.facility, FEW), centres, reach, most=FEW), weight, refill)


def _near(world: World, spec: FunctionSpec, centres: Centres, trips: Trips) -> tuple[Choices, tuple[Note, ...]]:
    """Return the centres in reach of every point; the nearest ones alone where there would be too many pairs."""
    reach = spec.farthest.value
    if world.demand.n_points * len(centres.facility) <= MOST_PAIRS:
        return choices_of(trips.within(centres.facility, reach), centres, reach), ()
    choices = choices_of(trips.few(centres.facility, SOME), centres, reach, most=SOME)
    korean = f"{spec.id}: 지점마다 가까운 시설 {SOME}곳까지만 고려함"
    return choices, ((korean, f"{spec.id}: only the {SOME} nearest facilities of every point are looked at"),)


def _by_huff(
    spec: FunctionSpec, rule: Huff, centres: Centres, choices: Choices, weight: Floats, observed: Observed | None
) -> tuple[Use, tuple[Note, ...]]:
    """Return the use by shares, with exponents as given or as fitted to observed users."""
    counted = rule.attraction == "facilities"
    size = np.bincount(centres.of, minlength=centres.n_centres).astype(np.float64) if counted else centres.capacity
    metric = spec.farthest.metric
    if observed is None:
        return HuffUse.of(choices, rule, metric, size, weight), ()
    pairs, share = observed_shares(observed, centres, choices)
    users = users_of_pairs(observed, centres, pairs, share, weight)
    at = _entry_of(choices, pairs)
    seen = np.zeros(len(choices.cost))
    seen[at[at >= 0]] = users[at >= 0]
    log_size, far = np.log(np.maximum(size, _LEAST_SIZE))[choices.centre], deterrence(choices, rule, metric)
    fit = fit_shares(choices, seen, log_size, far)
    if fit is None or not np.isfinite(fit.rate):
        korean = f"{spec.id}: 관측 자료로 감쇠를 추정할 수 없어 적힌 값을 씀"
        english = f"{spec.id}: the observed users do not tell the decay; the given one is used"
        return HuffUse.of(choices, rule, metric, size, weight), ((korean, english),)
    alpha = rule.exponent if np.isnan(fit.exponent) else fit.exponent
    decay = f"{fit.rate:.4g} ± {fit.error_rate:.2g}"
    n_seen, beyond = float(seen.sum()), shown_group(float(users[at < 0].sum()))
    korean = f"{spec.id}: 관측 이용자 {n_seen:,.0f}명으로 추정한 매력 지수 {alpha:.3g}, 감쇠 {decay} (설명력 "
    english = f"{spec.id}: fitted to {n_seen:,.0f} observed users: exponent of attraction {alpha:.3g}, decay {decay} "
    return HuffUse(choices, np.exp(alpha * log_size - fit.rate * far), weight), ((
        f"{korean}{fit.r_squared:.2f}); 한계 밖 이용자 {beyond}명은 제외",
        f"{english}(McFadden's R² {fit.r_squared:.2f}); {beyond} users beyond the reach left out",
    ),)  # fmt: skip


_LEAST_SIZE: Final = 1e-12
"""A centre of no size attracts nobody; its logarithm must still be a number."""


def _entry_of(choices: Choices, pairs: Choices) -> np.ndarray:
    """Return i64[K] the position in ``choices`` of each of the pairs, −1 where it is not there."""
    n = choices.n_centres
    known, asked = choices.row.astype(np.int64) * n + choices.centre, pairs.row.astype(np.int64) * n + pairs.centre
    if not len(known):
        return np.full(len(asked), -1, np.int64)
    order = np.argsort(known)
    at = order[np.minimum(np.searchsorted(known, asked, sorter=order), len(known) - 1)]
    return np.where(known[at] == asked, at, -1)
