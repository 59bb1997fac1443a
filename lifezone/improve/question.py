"""A siting question with its numbers: a row per demand point with people counted, a site per facility of the kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifezone.assess import Memory
from lifezone.errors import Fault, InputError
from lifezone.improve.candidates import enough_sites, settled, sites_of, with_candidates
from lifezone.improve.goals import with_goals
from lifezone.improve.limits import capacities, opening_costs, people_counted
from lifezone.improve.neighbours import beyond_area, neighbours_stay
from lifezone.improve.trips import pairs_of, rule_of, trips
from lifezone.model import Facilities, Ints, Requirement, Standard, World
from lifezone.progress import SILENT, Progress
from lifezone.siting.problem import Problem

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase
    from lifezone.sources.reading import Reading

__all__ = ["Question", "ask"]


@dataclass(frozen=True, eq=False)
class Question:
    """A siting question with its numbers.

    Attributes:
        spec: as the planner wrote it.
        problem: what the solvers read; a row per demand point with people counted, a site per facility of the kind.
        world: the world asked about.
        facilities: the world's facilities and the candidates.
        site: i32[S] position of each site in ``facilities``.
        row: i32[R] demand point of each row.
        rules: mode, bound, metric and direction of the trips, for each kind of the problem.
        notes: what was assumed, sentences.
    """

    spec: SitesBase
    problem: Problem
    world: World
    facilities: Facilities
    site: Ints
    row: Ints
    rules: tuple[Requirement, ...]
    notes: tuple[str, ...] = ()


def ask(
    world: World, spec: SitesBase, standard: Standard | None, *, reading: Reading | None = None,
    memory: Memory | None = None, progress: Progress = SILENT,
) -> Question:  # fmt: skip
    """Put the numbers of a siting question together.

    Args:
        world: roads (or ready-made times), people, facilities.
        spec: the question.
        standard: gives mode and bound where the question does not.
        reading: the study, for candidates that are read from a table.
        memory: what a run computed already.
        progress: where to show progress.

    Raises:
        InputError: every fault of the question, its path starting inside the ``siting`` block.
    """
    faults: list[Fault] = []
    rule = rule_of(world, spec, standard, faults)
    facilities = with_candidates(world, spec, reading, faults)
    if faults or rule is None:
        raise InputError(faults)
    site = sites_of(facilities, spec)
    notes: list[str] = []
    fixed, open_now = settled(facilities, site, spec, faults)
    beyond = beyond_area(world, facilities, site)
    fixed = neighbours_stay(fixed, beyond, notes)
    people, row = people_counted(world, spec, faults)
    costs = opening_costs(facilities, site, open_now, spec, faults)
    capacity = capacities(facilities, site, spec, faults)
    enough_sites(spec, fixed, open_now, faults)
    if faults:
        raise InputError(faults)
    with progress.step("travel times of candidates"):
        times = trips(world, facilities, site, rule, spec, memory or Memory(), notes)
    pairs = pairs_of(times, site, row, rule.metric)
    if not len(pairs.cost):
        raise InputError(Fault("no site can be reached by anybody the question counts: look at the roads, the reach "
                               "and where the candidates lie", ("candidates",)))  # fmt: skip
    demand = world.demand
    problem = Problem(
        pairs=pairs, people=people, open_now=open_now, fixed=fixed,
        bound=rule.bound if rule.bound is not None else float("inf"), choose=spec.choose,
        at_most=spec.budget is not None or spec.least_use is not None,
        capacity=capacity,
        least_use=None if spec.least_use is None else np.where(beyond, 0.0, spec.least_use),
        open_cost=costs, budget=float("inf") if spec.budget is None else spec.budget,
        district=demand.district[row], nearest_only=spec.assignment == "nearest",
        unit="seconds" if rule.metric == "time" else "metres",
        groups=demand.people[row], group_names=demand.groups,
        site_names=facilities.ids[site].tolist(), row_names=demand.ids[row].tolist(),
        swaps=spec.existing == "movable",
    )  # fmt: skip
    problem = with_goals(problem, world, spec, facilities, site, rule, reading=reading, memory=memory or Memory(),
                         notes=notes)  # fmt: skip
    if spec.candidates is not None and spec.candidates.type in ("demand", "nodes_of"):
        notes.append("candidates are places on the map: legal feasibility not checked")
    return Question(spec, problem, world, facilities, site, row, (rule,), tuple(notes))
