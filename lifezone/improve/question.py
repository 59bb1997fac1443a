"""A siting question with its numbers: a row per demand point and kind, a site per facility and candidate.

What can be checked without a travel time (:func:`prepare`) is checked for all questions of a scenario before any of
them is answered, so that a slip in the last one does not cost an hour of solving.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.assess import Memory
from lifezone.errors import Fault, InputError
from lifezone.improve.candidates import UNCHECKED, with_candidates
from lifezone.improve.deserts import with_deserts
from lifezone.improve.exclude import left_out
from lifezone.improve.goals import with_goals
from lifezone.improve.money import Money, capacities, check_places, least_uses, money_of
from lifezone.improve.neighbours import beyond_area, neighbours_stay
from lifezone.improve.people import Rows, rows_of
from lifezone.improve.rules import cover_rules, row_bounds
from lifezone.improve.sites import BARE, Sites, beside, enough_sites, sites_of
from lifezone.improve.trips import pairs_of, rules_of
from lifezone.model import Facilities, Floats, Ints, Requirement, Standard, World
from lifezone.progress import SILENT, Progress
from lifezone.siting.problem import SHUT, Pairs, Problem
from lifezone.siting.spec_goals import DesertFirst

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase
    from lifezone.sources.reading import Reading

__all__ = ["Draft", "Question", "ask", "prepare", "with_people"]


@dataclass(frozen=True, eq=False)
class Draft:
    """A question before any travel time is known.

    Attributes:
        spec: as the planner wrote it.
        world: the world asked about.
        facilities: the world's facilities and the candidates.
        rules: mode and bound of each kind.
        sites: facilities and candidates of the kinds.
        rows: who is counted.
        money: costs.
        capacity: f64[S] people a site can take, or None.
        least_use: f64[S] people below whom a site may not stand, or None.
        beside: sites too near to each other to back each other up, or None.
        notes: what was assumed, sentences.
    """

    spec: SitesBase
    world: World
    facilities: Facilities
    rules: tuple[Requirement, ...]
    sites: Sites
    rows: Rows
    money: Money
    capacity: Floats | None
    least_use: Floats | None
    beside: tuple[Ints, Ints] | None
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Question:
    """A siting question with its numbers.

    Attributes:
        spec: as the planner wrote it.
        problem: what the solvers read.
        world: the world asked about.
        facilities: the world's facilities and the candidates.
        site: i32[S] position of each site in ``facilities``.
        row: i32[R] demand point of each row.
        rules: mode, bound, metric and direction of the trips, for each kind of the problem.
        notes: what was assumed, sentences.
        draft: what was known before any travel time.
    """

    spec: SitesBase
    problem: Problem
    world: World
    facilities: Facilities
    site: Ints
    row: Ints
    rules: tuple[Requirement, ...]
    notes: tuple[str, ...]
    draft: Draft


def prepare(world: World, spec: SitesBase, standard: Standard | None, *, reading: Reading | None = None) -> Draft:
    """Find out whom and what a question is about, and check all of it that needs no travel time.

    Args:
        world: roads (or ready-made times), people, facilities.
        spec: the question.
        standard: gives mode and bound where the question does not.
        reading: the study, for candidates and exclusions that are read from files.

    Raises:
        InputError: every fault of the question, its path starting inside the ``siting`` block.
    """
    faults = _keys_by_kind(spec)
    notes: list[str] = []
    rules = rules_of(world, spec, standard, faults)
    rows = rows_of(world, spec, faults)
    before = len(faults)
    found = with_candidates(world, spec, reading, faults)
    facilities = found.facilities
    out = np.zeros(facilities.n_facilities, np.bool_)
    if spec.exclude is not None:
        wrong: list[Fault] = []
        at = np.flatnonzero(found.added | (~facilities.open & found.closed_too)).astype(np.int32)
        out[at] = left_out(world, facilities, at, spec.exclude, reading, notes, wrong)
        faults += [fault.under(("exclude",)) for fault in wrong]
    all_there = len(faults) == before
    sites = sites_of(found, spec, out, faults)
    beyond = beyond_area(world, facilities, sites.at)
    sites = sites._replace(fixed=neighbours_stay(sites.fixed, beyond, notes))
    if all_there:  # else what is missing would be blamed on the numbers
        enough_sites(spec, sites, faults)
    if not len(sites.at):
        raise InputError(faults)
    money = money_of(facilities, sites, spec, notes, faults)
    least_use = least_uses(sites, spec)
    if least_use is not None:
        least_use[beyond] = 0.0
    capacity = capacities(facilities, sites, spec, rules, faults) if rules else None
    apart = getattr(spec, "second_apart", None)
    near = None if apart is None else beside(facilities, sites, apart, faults)
    if faults:
        raise InputError(faults)
    if (sites.rank == BARE).any():
        notes.append(UNCHECKED)
    notes = [*facilities.notes[len(world.facilities.notes) :], *notes]
    return Draft(
        spec, world, facilities, rules, sites, rows, money, capacity, least_use, near, tuple(dict.fromkeys(notes))
    )


def with_people(draft: Draft, world: World) -> Draft:
    """Return the same question about the same sites with the people of another world.

    Raises:
        InputError: nobody lives there, or a group is missing.
    """
    faults: list[Fault] = []
    rows = rows_of(world, draft.spec, faults)
    if faults:
        raise InputError(faults)
    return replace(draft, world=world, rows=rows)


def _keys_by_kind(spec: SitesBase) -> list[Fault]:
    """Return faults for keys that name kinds which are not asked about."""
    faults = []
    for key in ("choose", "bound", "mode", "people_per_unit", "least_use", "cost", "close_cost", "yearly_cost"):
        value = getattr(spec, key)
        for kind in value if isinstance(value, dict) else ():
            if kind not in spec.asked:
                told = " and ".join(spec.asked)
                faults.append(Fault(f"{key} names {kind!r}, but the question is about {told}", (key, kind)))
    return faults


def ask(
    world: World, spec: SitesBase, standard: Standard | None, *, reading: Reading | None = None,
    memory: Memory | None = None, progress: Progress = SILENT, draft: Draft | None = None,
) -> Question:  # fmt: skip
    """Put the numbers of a siting question together.

    Args:
        world: roads (or ready-made times), people, facilities.
        spec: the question.
        standard: gives mode and bound where the question does not.
        reading: the study, for candidates that are read from a table.
        memory: what a run computed already.
        progress: where to show progress.
        draft: what :func:`prepare` found, when that was asked before.

    Raises:
        InputError: every fault of the question, its path starting inside the ``siting`` block.
    """
    draft = draft or prepare(world, spec, standard, reading=reading)
    sites, rows, notes = draft.sites, draft.rows, list(draft.notes)
    bound = row_bounds(world, draft.rules, rows, notes)
    with progress.step("travel times of candidates"):
        pairs = pairs_of(world, draft.facilities, sites, rows, draft.rules, bound, spec, memory or Memory(), notes)
    faults: list[Fault] = []
    _in_reach(pairs, sites, notes, faults)
    problem = _problem(draft, pairs, bound, faults)
    reached = problem.reachable
    asked = np.bincount(rows.need[reached], weights=rows.people[reached], minlength=len(spec.asked))
    check_places(spec, sites, draft.capacity, asked.astype(np.float64), faults)
    if faults:
        raise InputError(faults)
    problem = with_goals(problem, world, spec, draft.facilities, sites.at, draft.rules[0], reading=reading,
                         memory=memory or Memory(), notes=notes)  # fmt: skip
    if isinstance(spec, DesertFirst):
        problem = with_deserts(problem, spec, world, standard, draft.facilities, sites.at, memory or Memory())
    told = tuple(dict.fromkeys(notes))
    return Question(spec, problem, world, draft.facilities, sites.at, rows.point, draft.rules, told, draft)


def _in_reach(pairs: Pairs, sites: Sites, notes: list[str], faults: list[Fault]) -> None:
    """Check that somebody can reach a site, and some candidate where there are any."""
    reached = np.bincount(pairs.site, minlength=pairs.n_sites) > 0
    new = ~sites.open_now & (sites.fixed != SHUT)
    if not len(pairs.site):
        faults.append(Fault("no site can be reached by anybody the question counts: look at the roads, the reach and "
                            "where the candidates lie", ("candidates",)))  # fmt: skip
    elif new.any() and not reached[new].any():
        told = f"none of the {int(new.sum()):,} candidates can be reached by anybody the question counts"
        faults.append(Fault(f"{told}: look at the roads, the bound or reach, and where they lie", ("candidates",)))
    elif (new & ~reached).any():
        notes.append(f"{int((new & ~reached).sum()):,} of {int(new.sum()):,} candidates are in reach of nobody")


def _problem(draft: Draft, pairs: Pairs, bound: Floats, faults: list[Fault]) -> Problem:
    """Return what the solvers read."""
    spec, sites, rows, money = draft.spec, draft.sites, draft.rows, draft.money
    demand, several = draft.world.demand, len(spec.asked) > 1
    rules = cover_rules(draft.world, spec, draft.rules, rows, pairs, sites.open_now, bound, faults)
    is_one = not len(bound) or bool((bound == bound[0]).all())
    names = demand.ids[rows.point].tolist()
    if several:
        names = [f"{one} ({spec.asked[k]})" for one, k in zip(names, rows.need.tolist(), strict=True)]
    choose = spec.choose
    limited = spec.budget is not None or spec.yearly_budget is not None or spec.least_use is not None
    return Problem(
        pairs=pairs, people=rows.people, open_now=sites.open_now, fixed=sites.fixed,
        bound=float(bound.max()) if len(bound) else float("inf"), row_bound=None if is_one else bound,
        choose=choose if isinstance(choose, int) else None,
        choose_each=tuple(choose.get(kind) for kind in spec.asked) if isinstance(choose, dict) else (),
        at_most=limited and not spec.closes,
        capacity=draft.capacity, least_use=draft.least_use,
        open_cost=money.open_cost, close_cost=money.close_cost, running_cost=money.running_cost,
        budget=float("inf") if spec.budget is None else spec.budget, yearly_budget=money.yearly_budget,
        building=sites.building, saving=money.saving, must_reach=rules.must_reach, quotas=rules.quotas,
        district=rules.unit, least_cover=rules.least_cover, beside=draft.beside, rank=sites.rank,
        nearest_only=spec.assignment == "nearest",
        unit="seconds" if draft.rules[0].metric == "time" else "metres",
        groups=demand.people[rows.point], group_names=demand.groups,
        site_names=draft.facilities.ids[sites.at].tolist(), row_names=names,
        swaps=spec.existing == "movable" and not spec.closes,
        kinds=spec.asked, kind=sites.kind, need=rows.need, point=rows.point,
    )  # fmt: skip
