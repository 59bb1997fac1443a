"""The life zones of one function: travel times → who uses which centre → which centres can live → zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from lifezone.model import Bools, Facilities, Fit, Floats, Threshold, World, Zones
from lifezone.sources.observed_table import Observed
from lifezone.standards.disclosure import shown_group
from lifezone.standards.spec import Bound
from lifezone.zoning.assign import Assigned, Standing, zones_of
from lifezone.zoning.centres import Centres, centres_of
from lifezone.zoning.choices import choices_of
from lifezone.zoning.minimum import Use, costs_of, merge_small
from lifezone.zoning.people import weights_of
from lifezone.zoning.places import CapacityUse
from lifezone.zoning.presence import fits_of
from lifezone.zoning.spec import FunctionSpec
from lifezone.zoning.thresholds import resolved
from lifezone.zoning.told import Note, notes_of
from lifezone.zoning.units import by_district
from lifezone.zoning.use import Trips, use_of

__all__ = ["life_zones"]


def life_zones(
    world: World, spec: FunctionSpec, trips: Trips, observed: Observed | None = None, *,
    also: Mapping[str, Trips] | None = None,
) -> Zones:  # fmt: skip
    """Divide the people of one function among its centres.

    Args:
        world: people and facilities.
        spec: the function, without faults.
        trips: its travel times.
        observed: observed users, where its assignment asks for them.
        also: travel times of other modes by which blind spots are told.
    """
    supply = world.facilities
    centres = centres_of(supply, supply.open_of(spec.kinds, spec.least_capacity), spec.centre)
    weight = weights_of(world, spec.groups)
    fits = _fits(world, spec, centres, weight)
    threshold = _threshold(spec, fits)
    acts = threshold is not None and acts_by_itself(spec, threshold)
    use, notes = use_of(world, spec, centres, trips, weight, observed, acts=acts)
    before = use.assign(np.ones(centres.n_centres, np.bool_))
    now, standing = _standing(spec, centres, supply, use, weight, threshold, acts=acts)
    label, zones = zones_of(now, centres, world, standing, weight=weight, capture=spec.capture)
    costs = costs_of(before, now, world.demand, len(world.districts.ids)) if standing.merges else ()
    reach = spec.farthest
    reached = {spec.mode: label >= 0} | {
        mode: _reached(by, centres, standing.alive, reach) for mode, by in (also or {}).items()
    }
    return Zones(
        id=spec.id, function=spec.function or spec.id, level=spec.level, name_ko=spec.name.ko, name_en=spec.name.en,
        kinds=spec.kinds, mode=spec.mode, metric=reach.metric, reach=reach.value, label=label, cost=now.cost,
        facility=now.facility, share=now.share, weight=weight, zones=zones, capture=spec.capture, threshold=threshold,
        merges=standing.merges, costs=costs, fits=fits, reached=reached,
        notes=(
            *notes, *_places_notes(spec, use),
            *notes_of(spec, threshold, zones, acts=acts, alone=bool(world.demand.inside.all())),
        ),
    )  # fmt: skip


def _reached(trips: Trips, centres: Centres, alive: Bools, reach: Bound) -> Bools:
    """Return bool[P] where a facility of a centre that stands lies within the reach by another mode."""
    times = trips.nearest(centres.facility[alive[centres.of]])
    near = choices_of(times, centres, reach.value, most=1)
    found: Bools = np.diff(near.first) > 0
    return found


def _places_notes(spec: FunctionSpec, use: Use) -> Iterator[Note]:
    """Yield what an assignment by places must tell: who gets none, and how far it may be from the best."""
    if not isinstance(use, CapacityUse):
        return
    if use.unplaced >= 1:
        yield (
            f"{spec.id}: 한계 안에 시설은 있으나 자리가 없는 사람 {shown_group(use.unplaced)}명",
            f"{spec.id}: {shown_group(use.unplaced)} people reach a centre, but none has a place left for them",
        )
    if use.gap > 0:
        yield (
            f"{spec.id}: 배정은 최선보다 최대 {use.gap:.2%} 긴 이동 (근사해)",
            f"{spec.id}: the assignment is at most {use.gap:.2%} of all travel above the best",
        )


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
