"""What a scenario asks of its municipalities, and the answer: ties, alliances, classes of cities, compact city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import World, Zones
from lifezone.model.alliances import Alliances
from lifezone.model.cities import CityClasses
from lifezone.model.flows import FlowMap
from lifezone.model.ties import ServiceTie, Ties
from lifezone.zoning.alliances import AskedAlliances, ask_alliances, find_alliances
from lifezone.zoning.city_classes import city_classes, city_faults
from lifezone.zoning.ties import composite, reciprocal_ties, reciprocity, service_shares, service_ties
from lifezone.zoning.towns import Towns, Trips, towns_of

if TYPE_CHECKING:
    from lifezone.sources.reading import Reading
    from lifezone.zoning.alliance_spec import AlliancesSpec
    from lifezone.zoning.city_spec import CityClassesSpec
    from lifezone.zoning.ties_spec import TiesBlock

__all__ = ["AskedTowns", "TownAnswer", "ask_towns", "by_towns"]

_TOGETHER: Final = frozenset({"commuting", "schooling"})
"""Purposes that are added up as well where both are given for a year: workers and pupils (DEFINITIONS D10)."""


@dataclass(frozen=True, eq=False)
class AskedTowns:
    """What is asked of municipalities, without faults."""

    world: World
    known: FlowMap
    towns: Towns
    ties: TiesBlock | None
    alliances: AskedAlliances | None
    classes: CityClassesSpec | None
    seed: int


@dataclass(frozen=True, eq=False)
class TownAnswer:
    """What was found."""

    ties: tuple[Ties, ...] = ()
    alliances: Alliances | None = None
    classes: CityClasses | None = None


def ask_towns(
    known: FlowMap, world: World, reading: Reading, *, has_place: bool, seed: int, ties: TiesBlock | None = None,
    alliances: AlliancesSpec | None = None, classes: CityClassesSpec | None = None,
) -> AskedTowns:  # fmt: skip
    """Check what is asked of municipalities.

    Args:
        known: the municipalities, and flows between them where there are some.
        world: people, facilities, roads.
        reading: the study, for files of these blocks.
        has_place: whether a table says where the centres are.
        seed: of resamples.
        ties: the block, or None.
        alliances: the block, or None.
        classes: the block, or None.

    Raises:
        InputError: every fault of these blocks, with its path in the scenario.
    """
    faults: list[Fault] = []
    towns = towns_of(known, world, has_place=has_place)
    asked = None
    if alliances is not None:
        try:
            given = None if alliances.given is None else alliances.given.load(reading)
            asked = ask_alliances(alliances, world, known, towns, given)
        except InputError as error:
            faults += [fault.under(("alliances",)) for fault in error.faults]
    if classes is not None:
        faults += [fault.under(("city_classes",)) for fault in city_faults(classes, known)]
    if ties is not None and not known.flows:
        faults.append(Fault("ties come from flows: give flows", ("ties",)))
    if faults:
        raise InputError(faults)
    return AskedTowns(world, known, towns, ties, asked, classes, seed)


def by_towns(asked: AskedTowns, functions: Sequence[Zones], trips: Trips) -> TownAnswer:
    """Find everything that is asked.

    Args:
        asked: what is asked.
        functions: life zones, for ties of services.
        trips: searches on the world's roads.
    """
    return TownAnswer(
        _ties(asked, functions),
        None if asked.alliances is None else find_alliances(asked.alliances, trips),
        None if asked.classes is None else city_classes(asked.classes, asked.known, seed=asked.seed),
    )


def _ties(asked: AskedTowns, functions: Sequence[Zones]) -> tuple[Ties, ...]:
    """Return the ties of every purpose and year, and of workers and pupils together."""
    known = asked.known
    services = _services(asked, functions)
    each: list[tuple[tuple[str, ...], str]] = [((one.purpose,), one.year) for one in known.flows]
    for year in sorted({one.year for one in known.flows}):
        here = tuple(purpose for purpose in known.purposes if (((purpose,), year) in each) and purpose in _TOGETHER)
        if len(here) > 1:
            each.append((here, year))
    return tuple(_tie_table(asked, purposes, year, services) for purposes, year in each)


def _tie_table(
    asked: AskedTowns, purposes: tuple[str, ...], year: str, services: Mapping[tuple[int, int], ServiceTie]
) -> Ties:
    """Return the ties of some purposes in a year."""
    flow = asked.known.matrix(purposes, year)
    ties = reciprocal_ties(flow)
    figures: tuple[float, ...] = ()
    if asked.ties is not None and asked.ties.composite:
        weight = {str(part): value for part, value in asked.ties.composite.items()}
        figures = tuple(composite(one, services.get((one.a, one.b)), weight) for one in ties)
    modelled = bool(asked.known.modelled(purposes, year))
    return Ties("+".join(purposes), year, modelled, ties, reciprocity(flow), services, figures)


def _services(asked: AskedTowns, functions: Sequence[Zones]) -> dict[tuple[int, int], ServiceTie]:
    """Return who serves whose people, by the life zones of every function."""
    world, towns = asked.world, asked.towns
    shares = {}
    for one in functions:
        if not one.zones:
            continue
        used, at = np.unique(one.facility, return_inverse=True)  # not the centre's middle: it may lie across a border
        home = np.where(used >= 0, towns.at(world, world.facilities.x_m[used], world.facilities.y_m[used]), -1)
        served_in = home[at].astype(np.int32)
        shares[one.id] = service_shares(towns.point, served_in, one.weight, towns.n)
    return {(one.a, one.b): one for one in service_ties(shares, {one.id: one.function for one in functions})}
