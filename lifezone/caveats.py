"""What people must know beside verdicts: whom roads, borders, tables and attendance areas leave out, with counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lifezone.errors import some_of
from lifezone.model import GivenTimes, Requirement, Verdicts, World
from lifezone.searches import Memory, attach_demand, attach_facilities, off_network, roads_of

__all__ = ["area_warnings", "capacity_warnings", "given_warnings", "group_of", "people_warnings", "road_parts"]


def capacity_warnings(requirement: Requirement, world: World) -> list[str]:
    """Say how many facilities do not count because of a least capacity: too small, or not known."""
    if requirement.least_capacity is None:
        return []
    capacity = world.facilities.capacity[world.facilities.open_of(requirement.kinds)]
    unknown, small = int(np.isnan(capacity).sum()), int((capacity < requirement.least_capacity).sum())
    if not unknown + small:
        return []
    return [
        f"{requirement.id}: of {len(capacity):,} open facilities {small:,} have a capacity under "
        f"{requirement.least_capacity:g} and {unknown:,} none that is known; they do not count"
    ]


def given_warnings(world: World, requirement: Requirement, given: GivenTimes) -> list[str]:
    """Say what a ready-made table cannot answer for a requirement: its metric, facilities and people without rows."""
    from lifezone.standards import shown_group  # noqa: PLC0415

    if not given.has(requirement.metric):
        what = "seconds" if requirement.metric == "time" else "metres"
        return [f"{requirement.id}: not assessed, {given.source} gives no {what}"]
    warnings = []
    positions = world.facilities.open_of(requirement.kinds, requirement.least_capacity)
    unknown = positions[~given.knows_places(world.facilities, positions)]
    if len(unknown):
        warnings.append(
            f"{requirement.id}: {len(unknown):,} of {len(positions):,} open facilities stand in no row of "
            f"{given.source} and serve nobody: {some_of(world.facilities.ids[unknown].tolist())}"
        )
    demand = world.demand
    silent = demand.inside & ~given.knows_points(demand) & (demand.total > 0)
    if silent.any():
        warnings.append(
            f"{given.source}: {shown_group(float(demand.total[silent].sum()))} people at {int(silent.sum()):,} demand "
            "points stand in no row and reach nothing"
        )
    return warnings


def area_warnings(world: World, bounded: Sequence[Requirement]) -> list[str]:
    """Say whom attendance areas leave out, once for each kind that a requirement asks for."""
    from lifezone.standards.attendance import catchment_of, told  # noqa: PLC0415

    asked = {kind for rule in bounded for kind in rule.kinds}
    found = [catchment_of(world, one.kind) for one in world.allowed if one.kind in asked]
    warnings = [words for catchment in found if catchment is not None for words in told(world, catchment)]
    second = [rule.id for rule in bounded if rule.nearest > 1 and {one.kind for one in world.allowed} & set(rule.kinds)]
    if second:
        warnings.append(f"{', '.join(second)}: attendance areas are not applied where the second nearest counts")
    return warnings


def people_warnings(
    world: World, bounded: Sequence[Requirement], verdicts: dict[str, Verdicts], memory: Memory
) -> list[str]:
    """Say how many people each caveat concerns; small counts as they may be shown (the manifest counts them all)."""
    from lifezone.standards import shown_group  # noqa: PLC0415

    demand = world.demand
    people = np.where(demand.inside, demand.total, 0.0)
    total = float(people.sum())
    warnings = []
    routed = [rule for rule in bounded if world.given_times(rule.mode, rule.direction) is None]
    for mode in dict.fromkeys(rule.mode for rule in routed if rule.mode in world.network.seconds):
        off = off_network(world, mode, memory)
        concerned = off & (people > 0)
        if concerned.any():
            off_people = shown_group(float(people[off].sum()))
            warnings.append(
                f"{mode}: {int(concerned.sum()):,} of {int((people > 0).sum()):,} demand points ({off_people} of "
                f"{total:,.0f} people) are over {world.access[mode].limit_m:g} m from any road of this mode"
            )
        warnings += [
            f"{mode}: a part of the roads of {part['kilometres']:,.1f} km is not connected both ways with the largest "
            f"one; {shown_group(part['people'])} people hang on it"
            for part in road_parts(world, mode, memory)
            if part["people"] > 0
        ]
        warnings += _far_facilities(world, [rule for rule in routed if rule.mode == mode], memory)
    at_most, hanging = [], []
    for requirement in bounded:
        verdict = verdicts[requirement.id]
        of_group = np.where(demand.inside, demand.of(group_of(requirement, world)), 0.0)
        at_most.append((requirement.id, float(of_group[verdict.judged & ~verdict.certified].sum())))
        hanging.append((requirement.id, float(of_group[verdict.hangs_on_access].sum())))
    for counts, what in (
        (at_most, "a nearer facility beyond the loaded roads cannot be ruled out (values are 'at most') for people"),
        (hanging, "the verdict hangs on the access leg alone for people"),
    ):
        told = [f"{key} {shown_group(count)}" for key, count in counts if count > 0]
        if told:
            warnings.append(f"{what}: {', '.join(told)}")
    return warnings


def _far_facilities(world: World, requirements: Sequence[Requirement], memory: Memory) -> list[str]:
    """Name the open facilities that nobody can reach because no road of the requirements' mode is near them."""
    mode, facilities = requirements[0].mode, world.facilities
    kinds = sorted({kind for requirement in requirements for kind in requirement.kinds})
    positions = facilities.open_of(kinds)
    far = positions[attach_facilities(world, positions, mode, memory).anchors.segment < 0]
    if not len(far):
        return []
    return [
        f"{mode}: {len(far):,} of {len(positions):,} open facilities are over {world.access[mode].limit_m:g} m from "
        f"any road of this mode and serve nobody: {some_of(facilities.ids[far].tolist())}"
    ]


def group_of(requirement: Requirement, world: World) -> str:
    """Return the group whose people a requirement counts."""
    from lifezone.standards import effective_group  # noqa: PLC0415

    return effective_group(requirement, world.demand)[0]


def road_parts(world: World, mode: str, memory: Memory, *, most: int = 20) -> list[dict[str, Any]]:
    """Tell the parts of one mode's roads that are not connected both ways with the largest part.

    Returns:
        By falling people, then length, at most ``most``: part number, kilometres of road (each direction counted half),
        nodes, and people of the study area who hang on it. Parts without people and shorter than 100 m are left out.
    """
    graph = roads_of(world, mode, memory).graph
    attached = attach_demand(world, mode, memory)
    demand = world.demand
    people = np.where(demand.inside, demand.total, 0.0)
    n_parts = len(graph.part_metres)
    node = attached.leaving.node[:, 0]
    node = np.where(node < 0, attached.leaving.node[:, 1], node)
    here = np.where(node >= 0, graph.part[node], -1) if graph.n_nodes else np.full(len(node), -1)
    on_part = np.bincount(here[here >= 0], weights=people[here >= 0], minlength=n_parts)
    nodes = np.bincount(graph.part, minlength=n_parts)
    apart = [p for p in range(1, n_parts) if on_part[p] > 0 or graph.part_metres[p] >= 200.0]
    apart.sort(key=lambda p: (-on_part[p], -graph.part_metres[p], p))
    return [
        {
            "part": p,
            "kilometres": round(float(graph.part_metres[p]) / 2000.0, 3),
            "nodes": int(nodes[p]),
            "people": float(on_part[p]),
        }
        for p in apart[:most]
    ]
