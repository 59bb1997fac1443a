"""The life zones of one function: travel times → who uses which centre → which centres can live → zones."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from lifezone.model import Bools, Facilities, Fit, Floats, Ints, Longs, Threshold, TravelTimes, World, Zones
from lifezone.zoning.assign import Assigned, Standing, zones_of
from lifezone.zoning.centres import Centres, centres_of
from lifezone.zoning.choices import Choices, choices_of
from lifezone.zoning.minimum import Use, costs_of, merge_small
from lifezone.zoning.nearest import NearestUse
from lifezone.zoning.people import weights_of
from lifezone.zoning.presence import fits_of
from lifezone.zoning.spec import FunctionSpec
from lifezone.zoning.thresholds import resolved
from lifezone.zoning.told import notes_of
from lifezone.zoning.units import by_district

__all__ = ["Trips", "life_zones"]

MOST_PAIRS: Final = 20_000_000
"""Points times facilities up to which all trips within the reach are looked at; beyond, the nearest few at a time."""
FEW: Final = 6
"""Nearest facilities looked at then; whoever runs out of them is asked again."""


class Trips(Protocol):
    """Travel times of one function's mode and metric, from every demand point."""

    def nearest(self, facility: Ints) -> TravelTimes:
        """Return the trip to the nearest of some facilities; ties go to the first of them."""
        ...

    def few(self, facility: Ints, k: int) -> TravelTimes:
        """Return the trips to the k nearest of some facilities."""
        ...

    def within(self, facility: Ints, reach: float) -> TravelTimes:
        """Return the trips to all of some facilities within a reach."""
        ...


def life_zones(world: World, spec: FunctionSpec, trips: Trips) -> Zones:
    """Divide the people of one function among its centres.

    Args:
        world: people and facilities.
        spec: the function, without faults.
        trips: its travel times.
    """
    supply = world.facilities
    centres = centres_of(supply, supply.open_of(spec.kinds, spec.least_capacity), spec.centre)
    weight = weights_of(world, spec)
    fits = _fits(world, spec, centres, weight)
    threshold = _threshold(spec, fits)
    acts = threshold is not None and acts_by_itself(spec, threshold)
    use = _use(world, spec, centres, trips, weight, acts=acts)
    before = use.assign(np.ones(centres.n_centres, np.bool_))
    now, standing = _standing(spec, centres, supply, use, weight, threshold, acts=acts)
    label, zones = zones_of(
        now, centres, supply, standing, weight=weight, inside=world.demand.inside, capture=spec.capture
    )
    costs = costs_of(before, now, world.demand, len(world.districts.ids)) if standing.merges else ()
    reach = spec.farthest
    return Zones(
        id=spec.id, function=spec.function or spec.id, level=spec.level, name_ko=spec.name.ko, name_en=spec.name.en,
        kinds=spec.kinds, mode=spec.mode, metric=reach.metric, reach=reach.value, label=label, cost=now.cost,
        share=now.share, weight=weight, zones=zones, capture=spec.capture, threshold=threshold,
        merges=standing.merges, costs=costs, fits=fits, notes=tuple(notes_of(spec, threshold, zones, acts=acts)),
    )  # fmt: skip


def _fits(world: World, spec: FunctionSpec, centres: Centres, weight: Floats) -> tuple[Fit, ...]:
    """Return thresholds fitted over the study's districts, where that is asked."""
    if spec.minimum is None or spec.minimum.fit is None:
        return ()
    people, count = by_district(world, centres.facility, weight)
    return fits_of(people, count)


def _threshold(spec: FunctionSpec, fits: tuple[Fit, ...]) -> Threshold | None:
    """Return how many users a centre needs: as written or published, else as fitted; None where nothing can be said."""
    if spec.minimum is None:
        return None
    written = resolved(spec.minimum)
    if written is not None:
        return written
    first = fits[0]
    if np.isnan(first.people):
        return None
    return Threshold(
        id="fitted", people=first.people, kind=spec.minimum.kind or "presence", source=spec.minimum.source,
        published_kind="presence", low=first.low, high=first.high,
    )  # fmt: skip


def acts_by_itself(spec: FunctionSpec, threshold: Threshold) -> bool:
    """Tell whether centres below the minimum are dropped (D9: only ``survival`` acts by itself)."""
    return spec.merge == "always" or (spec.merge == "auto" and threshold.kind == "survival")


def _use(world: World, spec: FunctionSpec, centres: Centres, trips: Trips, weight: Floats, *, acts: bool) -> Use:
    """Return the method of assignment over the trips that it needs."""
    reach = spec.farthest.value
    if not acts:
        return NearestUse(choices_of(trips.nearest(centres.facility), centres, reach, whole=False), weight)
    if world.demand.n_points * len(centres.facility) <= MOST_PAIRS:
        return NearestUse(choices_of(trips.within(centres.facility, reach), centres, reach), weight)

    def refill(alive: Bools) -> Choices:
        standing: Longs = np.flatnonzero(alive[centres.of])
        return choices_of(trips.few(centres.facility[standing], FEW), centres, reach, whole=False)

    return NearestUse(refill(np.ones(centres.n_centres, np.bool_)), weight, refill)


def _standing(
    spec: FunctionSpec, centres: Centres, supply: Facilities, use: Use, weight: Floats, threshold: Threshold | None,
    *, acts: bool,
) -> tuple[Assigned, Standing]:  # fmt: skip
    """Return the users at the end, and which centres stand then."""
    everything = np.ones(centres.n_centres, np.bool_)
    protected = _protected(spec, centres, supply)
    if threshold is None:
        return use.assign(everything), Standing(everything, protected)
    need = threshold.people
    if not acts:
        return use.assign(everything), Standing(everything, protected, need)
    now, alive, merges = merge_small(use, need, protected, weight, spec.capture, centres.ids)
    return now, Standing(alive, protected, need, merges)


def _protected(spec: FunctionSpec, centres: Centres, supply: Facilities) -> Bools:
    """Return bool[C] centres with a protected facility."""
    ids = supply.ids[centres.facility].astype(str)
    found = np.zeros(centres.n_centres, np.bool_)
    found[centres.of[np.isin(ids, list(spec.protected))]] = True
    return found
