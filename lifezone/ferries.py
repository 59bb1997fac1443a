"""Who depends on a ferry: the same world judged with every ferry shut, requirement by requirement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lifezone.assess import assess
from lifezone.model import Assessment, Standard, World
from lifezone.searches import Memory

__all__ = ["Dependence", "dependence_told", "ferry_dependence", "without_ferries"]

FERRY = "ferry"
"""Way class of ferries."""


@dataclass(frozen=True)
class Dependence:
    """What one requirement loses when the ferries do not run.

    Attributes:
        requirement: its id.
        cut_off: people of its group who reach a facility by ferry and none without.
        lost: people for whom it is met, and not met without; those cut off among them.
        longer: people who still reach one, later.
    """

    requirement: str
    cut_off: float
    lost: float
    longer: float

    def row(self) -> dict[str, Any]:
        """Return it as plain data for the manifest."""
        return {"requirement": self.requirement, "cut_off": self.cut_off, "lost": self.lost, "longer": self.longer}


def dependence_told(found: Sequence[Dependence]) -> list[str]:
    """Say who depends on ferries in one sentence over all requirements; counts as they may be shown, none where nobody.

    A sentence a requirement was tried: an island made a dozen lines that said the same.
    """
    from lifezone.standards import shown_group  # noqa: PLC0415

    if not found:
        return []
    columns = ("cut_off", "longer", "lost")
    lists = [[(one.requirement, getattr(one, name)) for one in found if getattr(one, name) > 0] for name in columns]
    said = [", ".join(f"{key} {shown_group(count)}" for key, count in counts) or "nobody" for counts in lists]
    return [
        f"ferries: were none to run, no facility could be reached any more by people: {said[0]}; "
        f"it would take longer for: {said[1]}; met now and not then for: {said[2]}"
    ]


def without_ferries(world: World) -> World | None:
    """Return the world with every ferry shut; None when no ferry runs."""
    network = world.network
    if FERRY not in network.ways:
        return None
    afloat = np.repeat(network.way == network.ways.index(FERRY), 2)
    if not any(np.isfinite(seconds[afloat]).any() for seconds in network.seconds.values()):
        return None
    shut = {mode: np.where(afloat, np.inf, seconds) for mode, seconds in network.seconds.items()}
    return replace(world, network=replace(network, seconds=shut))


def ferry_dependence(
    world: World, standard: Standard, before: Assessment, memory: Memory
) -> tuple[Dependence, ...]:  # fmt: skip
    """Return for each requirement that is judged who depends on a ferry, those on whom nothing depends left out.

    Args:
        world: with ferries.
        standard: what judges it.
        before: its assessment.
        memory: of the run.
    """
    from lifezone.standards import effective_group  # noqa: PLC0415

    shut = without_ferries(world)
    if shut is None:
        return ()
    after = assess(shut, replace(standard, desert=None), memory=memory)
    demand, found = world.demand, []
    for rule in standard.requirements:
        if rule.id not in before.verdicts or rule.mode not in world.network.seconds:
            continue
        one, other = before.verdicts[rule.id], after.verdicts[rule.id]
        people = np.where(demand.inside & one.judged, demand.of(effective_group(rule, demand)[0]), 0.0)
        cut_off = (one.facility >= 0) & (other.facility < 0)
        longer = (one.facility >= 0) & (other.facility >= 0) & (other.seconds > one.seconds)
        lost = one.met & ~other.met
        counts = [float(people[rows].sum()) for rows in (cut_off, lost, longer)]
        if any(counts):
            found.append(Dependence(rule.id, *counts))
    return tuple(found)
