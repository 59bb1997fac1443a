"""Where a variant starts from: the baseline, or a world of its own people, facilities or standard (another year).

A variant's own block stands in the place of the scenario's block of that name, as a whole; roads, districts and frame
stay, so that results can be compared point by point wherever both years use one grid. The edits follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from lifezone.model import Demand, Facilities, Standard, World
from lifezone.scenario.spec import ScenarioSpec, VariantSpec

__all__ = ["OWN_BLOCKS", "Start", "judging_all", "spec_of", "started", "walking_at", "with_people"]

OWN_BLOCKS = ("standard", "demand", "facilities")
"""Blocks that a variant may bring in place of the scenario's."""


@dataclass(frozen=True, eq=False)
class Start:
    """What a variant's edits are applied to.

    Attributes:
        world: the baseline, or one with the variant's own people and facilities.
        standard: what judges it.
        told: what is its own, one line each.
    """

    world: World
    standard: Standard
    told: tuple[str, ...] = ()


def spec_of(spec: ScenarioSpec, variant: VariantSpec) -> ScenarioSpec:
    """Return the scenario with the variant's own blocks in place of its own; how urban is told stays unless written."""
    own = {name: getattr(variant, name) for name in OWN_BLOCKS if getattr(variant, name) is not None}
    standard = own.get("standard")
    if standard is not None and standard.setting is None and spec.standard is not None and spec.standard.setting:
        own["standard"] = standard.model_copy(update={"setting": spec.standard.setting})
    return spec.model_copy(update=own)


def judging_all(standard: Standard | None, others: Iterable[Standard]) -> Standard | None:
    """Return the baseline's standard with the requirements of all variants: what is loaded must do for all of them."""
    if standard is None:
        return None
    rules = [rule for one in others for rule in one.requirements]
    return replace(standard, requirements=(*standard.requirements, *rules))


def started(
    base: Start, variant: VariantSpec, *, standard: Standard, demand: Demand, facilities: Facilities, walk: bool
) -> Start:
    """Return the world of a variant and what is its own.

    Args:
        base: the baseline.
        variant: what it says.
        standard: what judges it.
        demand: its people; the baseline's own where they are the same.
        facilities: its facilities, likewise.
        walk: the walking speed follows the standard (the scenario names none).
    """
    told = []
    world = replace(base.world, demand=demand, facilities=facilities)
    if variant.standard is not None:
        told.append(f"judged by {standard.id}: {standard.name_en or standard.name_ko or 'requirements of its own'}")
        now, was = standard.walk_mps, base.standard.walk_mps
        if walk and now is not None and was is not None and now != was:
            world = walking_at(world, now / was)
            told.append(f"walking at {now * 3.6:g} km/h, as the standard assumes")
    if variant.demand is not None:
        was_people, people = (float(one.total[one.inside].sum()) for one in (base.world.demand, demand))
        told.append(f"other people: {people:,.0f} in the area, {was_people:,.0f} in the baseline")
    if variant.facilities is not None:
        told.append(
            f"other facilities: {int(facilities.open.sum()):,} open, {int(base.world.facilities.open.sum()):,} in the "
            "baseline"
        )
    return Start(world, standard, tuple(told))


def with_people(base: Demand, other: Demand) -> Demand:
    """Return the baseline's people where nothing but the very same would be in their place: searches are reused."""
    same = np.array_equal(base.urban, other.urban) and np.array_equal(base.people, other.people)
    return base if same and np.array_equal(base.ids, other.ids) else other


def walking_at(world: World, faster: float) -> World:
    """Return the world with walking times divided by a factor; ferries keep theirs."""
    network = world.network
    if "walk" not in network.seconds:
        return world
    ferry = network.ways.index("ferry") if "ferry" in network.ways else -1
    afoot = np.repeat(network.way != ferry, 2)
    walk = np.where(afoot, network.seconds["walk"] / faster, network.seconds["walk"])
    return replace(world, network=replace(network, seconds={**network.seconds, "walk": walk}))
