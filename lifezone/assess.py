"""Judge one world by one standard: travel times → verdicts → life deserts. The same function for every variant.

What a variant leaves unchanged is not computed again: :class:`Memory` keeps roads per network and mode, and trips per
question, under the identity of the arrays that went in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Assessment, Bools, Floats, Ints, Requirement, Standard, Verdicts, World
from lifezone.progress import SILENT, Progress

if TYPE_CHECKING:
    from lifezone.routing import Attached, ModeRoads
    from lifezone.standards import NearestTrip

__all__ = ["Memory", "assess", "attach_demand", "attach_facilities", "roads_of"]

T = TypeVar("T")


@dataclass
class Memory:
    """What one run computes once and uses again.

    Keys name objects by identity; ``held`` keeps those objects alive, so that no identity is ever reused.
    """

    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    held: list[object] = field(default_factory=list)
    graphs: Callable[[World, str], Any] | None = None

    def once(self, key: tuple[Any, ...], owners: Sequence[object], make: Callable[[], T]) -> T:
        """Return what was made under ``key`` and the identities of ``owners``, making it when it is missing."""
        key = (*key, *(id(owner) for owner in owners))
        if key not in self.made:
            self.made[key] = make()
            self.held.extend(owners)
        made: T = self.made[key]
        return made


def roads_of(world: World, mode: str, memory: Memory) -> ModeRoads:
    """Return one mode's search graph of a world's network, contracted once per network."""
    from lifezone.routing import ModeRoads  # noqa: PLC0415  (numba loads when a search is needed, not before)

    def make() -> ModeRoads:
        graph = memory.graphs(world, mode) if memory.graphs else None
        return ModeRoads(world.network, mode, world.access[mode], graph=graph)

    return memory.once(("roads", mode), [world.network], make)


def attach_demand(world: World, mode: str, memory: Memory) -> Attached:
    """Hang every demand point on its road, once per network and demand."""
    demand, roads = world.demand, roads_of(world, mode, memory)
    return memory.once(("demand", mode), [world.network, demand], lambda: roads.attach(demand.x_m, demand.y_m))


def attach_facilities(world: World, positions: Ints, mode: str, memory: Memory) -> Attached:
    """Hang some facilities on their roads."""
    return roads_of(world, mode, memory).attach(world.facilities.x_m[positions], world.facilities.y_m[positions])


def assess(
    world: World, standard: Standard, *, memory: Memory | None = None, progress: Progress = SILENT
) -> Assessment:
    """Judge one world by one standard.

    Args:
        world: roads, people and facilities; ``world.access`` has an entry per mode that the standard uses.
        standard: its requirements with a bound are judged, in order; the desert test, if any, follows.
        memory: shared by the variants of a run, so that nothing unchanged is computed again.
        progress: where to show progress.

    Returns:
        Verdicts, deficits and deserts, with warnings that say how many people each concerns.
    """
    memory = memory or Memory()
    warnings: list[str] = []
    verdicts: dict[str, Verdicts] = {}
    bounded = [requirement for requirement in standard.requirements if requirement.bound is not None]
    with progress.step("travel times", len(bounded)) as advance:
        for requirement in bounded:
            verdicts[requirement.id] = _verdicts(world, standard, requirement, memory, warnings)
            advance(1)
    deficits = np.zeros(world.demand.n_points, dtype=np.int32)
    for verdict in verdicts.values():
        deficits += (verdict.judged & ~verdict.met).astype(np.int32)
    warnings += _road_warnings(world, bounded, memory)
    with progress.step("life deserts", 1) as advance:
        lost, label, deserts = _deserts(world, standard, verdicts, memory, warnings)
        advance(1)
    return Assessment(
        standard=standard,
        verdicts=verdicts,
        deficits=deficits,
        lost=lost,
        desert=label,
        deserts=deserts,
        warnings=tuple(dict.fromkeys(warnings)),
    )
