"""A portfolio question with its numbers: projects, sites, states, measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.assess import Memory, assess
from lifezone.errors import Fault, InputError
from lifezone.improve.portfolio.effects import Effects, Replay, effects_of
from lifezone.improve.portfolio.judged import people_of
from lifezone.improve.portfolio.measures import (
    MEASURES,
    Ground,
    covered_block,
    desert_block,
    measure_of,
    minutes_block,
    most_rows,
)
from lifezone.improve.portfolio.people import KnownYears, known_years
from lifezone.improve.portfolio.projects import Entry, check_projects, communities, read_projects
from lifezone.improve.portfolio.tables import RuleTables, rule_tables, touched_of, unlike_nearest
from lifezone.model import Assessment, Bools, Demand, Floats, Requirement, Standard, World
from lifezone.progress import SILENT, Progress
from lifezone.siting.portfolio import Block, Frame, Measure, Money, PortfolioProblem, Projects
from lifezone.standards import effective_group
from lifezone.standards.summary import assessed

if TYPE_CHECKING:
    from lifezone.siting.portfolio_spec import Portfolio
    from lifezone.sources.reading import Reading

__all__ = ["PortfolioDraft", "PortfolioQuestion", "ask_portfolio", "prepare_portfolio"]


@dataclass(frozen=True, eq=False)
class PortfolioQuestion:
    """A portfolio question with its numbers.

    Attributes:
        spec: as the planner wrote it.
        world: the world asked about.
        standard: what judges it.
        entries: the projects.
        problem: what the solver reads; it has every measure there is, also those that are no objective.
        replay: worlds with some projects carried out.
        known: years in which people are known.
        rules: requirements that are valued.
        anchors: requirements of the desert test that are judged.
        measured: bool per project: some measure sees what it changes.
        villages: names of the communities.
        today: the world judged as it is.
        effects: what the projects do.
        notes: what was assumed, sentences.
    """

    spec: Portfolio
    world: World
    standard: Standard
    entries: tuple[Entry, ...]
    problem: PortfolioProblem
    replay: Replay
    known: KnownYears
    rules: tuple[Requirement, ...]
    anchors: tuple[str, ...]
    measured: tuple[bool, ...]
    villages: tuple[str, ...]
    today: Assessment
    effects: Effects
    notes: tuple[str, ...]

    def demands(self, projects: frozenset[int]) -> tuple[Demand, ...]:
        """Return the people of every known year where some projects are carried out."""
        return _demands(self.replay, self.known, self.effects, projects)


@dataclass(frozen=True, eq=False)
class PortfolioDraft:
    """What is known of a portfolio question before any travel time.

    Attributes:
        spec: as the planner wrote it.
        world: the world asked about.
        standard: what judges it.
        rules: requirements that are wanted.
        entries: the projects.
        known: years in which people are known.
        replay: worlds with some projects carried out.
        effects: what the projects do.
    """

    spec: Portfolio
    world: World
    standard: Standard
    rules: tuple[Requirement, ...]
    entries: tuple[Entry, ...]
    known: KnownYears
    replay: Replay
    effects: Effects


def prepare_portfolio(
    world: World, spec: Portfolio, standard: Standard | None, *, reading: Reading | None = None
) -> PortfolioDraft:
    """Read projects and people, apply every project's edits, and check all that needs no travel time.

    Raises:
        InputError: every fault of the question, its path starting inside the ``siting`` block.
    """
    faults: list[Fault] = []
    rules = _rules(spec, standard, faults)
    entries = read_projects(spec, reading, faults)
    kinds = () if reading is None else tuple(reading.kinds)
    if entries or not faults:
        faults += check_projects(spec, entries, communities(spec, world), kinds)
    known = known_years(world, spec, reading, faults)
    if faults or standard is None:
        raise InputError(faults)
    by_capacity = any(rule.least_capacity is not None for rule in standard.requirements)
    replay = Replay(world, entries, reading, by_capacity=by_capacity)
    effects = effects_of(replay, _apart(entries), faults)
    if effects is None:
        raise InputError(faults)
    return PortfolioDraft(spec, world, standard, tuple(rules), entries, known, replay, effects)


def ask_portfolio(
    world: World, spec: Portfolio, standard: Standard | None, *, reading: Reading | None = None,
    memory: Memory | None = None, progress: Progress = SILENT, draft: PortfolioDraft | None = None,
) -> PortfolioQuestion:  # fmt: skip
    """Put the numbers of a portfolio question together.

    Args:
        world: roads (or ready-made times), people, facilities.
        spec: the question.
        standard: its requirements say what is valued.
        reading: the study, for tables of projects and of people.
        memory: what a run computed already.
        progress: where to show progress.
        draft: made already by :func:`prepare_portfolio`, or None.

    Raises:
        InputError: every fault of the question, its path starting inside the ``siting`` block.
    """
    memory = memory or Memory()
    if draft is None:
        draft = prepare_portfolio(world, spec, standard, reading=reading)
    today = assess(world, draft.standard, memory=memory)
    builder = _Builder(
        spec, draft.standard, draft.entries, draft.replay, draft.known, draft.effects, today, memory, progress
    )
    return builder.question(world, draft.rules)


def _rules(spec: Portfolio, standard: Standard | None, faults: list[Fault]) -> list[Requirement]:
    """Return the requirements that are valued; every name that is not one is a fault."""
    bounded = {} if standard is None else {rule.id: rule for rule in standard.requirements if rule.bound is not None}
    if not bounded:
        faults.append(Fault("a portfolio is valued by a standard, and there is none with a bound: give standard", ()))
        return []
    faults += [
        Fault(f"{one!r} is no requirement with a bound; there are {', '.join(bounded)}", ("requirements",))
        for one in spec.requirements or () if one not in bounded
    ]  # fmt: skip
    for one, trips in spec.trips.items():
        if one not in bounded:
            faults.append(Fault(f"{one!r} is no requirement with a bound", ("trips", one)))
        elif not (np.isfinite(trips) and trips >= 0):
            faults.append(Fault(f"trips a year are a number of 0 or more, got {trips}", ("trips", one)))
    if "lifted" in spec.objective and (standard is None or standard.desert is None):
        faults.append(Fault("lifted needs a standard with a desert test", ("objective",)))
    return [rule for one, rule in bounded.items() if spec.requirements is None or one in spec.requirements]


def _apart(entries: Sequence[Entry]) -> list[tuple[int, ...]]:
    """Return the pairs of projects that exclude each other."""
    number = {entry.project.id: p for p, entry in enumerate(entries)}
    pairs = {tuple(sorted((p, number[one]))) for p, entry in enumerate(entries) for one in entry.project.excludes}
    return sorted(pairs)


def _demands(replay: Replay, known: KnownYears, effects: Effects, projects: frozenset[int]) -> tuple[Demand, ...]:
    """Return the people of every known year after the moves of some projects."""
    movers = projects & effects.movers
    if not movers:
        return tuple(world.demand for world in known.worlds)
    found = []
    for world in known.worlds:
        later = Replay(world, replay.entries, replay.reading, by_capacity=replay.by_capacity)
        found.append(later.world(replay.closure(movers)).demand)
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Builder:
    """The parts of a question that are known before travel times."""

    spec: Portfolio
    standard: Standard
    entries: tuple[Entry, ...]
    replay: Replay
    known: KnownYears
    effects: Effects
    today: Assessment
    memory: Memory
    progress: Progress

    def question(self, world: World, wanted: Sequence[Requirement]) -> PortfolioQuestion:
        """Compute travel times and put everything together."""
        notes = list(self.effects.notes)
        judged = {one: assessed(verdict) for one, verdict in self.today.verdicts.items()}
        rules = tuple(rule for rule in wanted if judged[rule.id])
        anchors = self._anchors(judged)
        self._check(world, wanted, rules, anchors, notes)
        measures = self._measures(rules, anchors)
        measured = self._measured(rules, anchors)
        silent = [entry.project.id for entry, seen in zip(self.entries, measured, strict=True) if not seen]
        if silent:
            notes.append(f"not measured, as no measure of access sees what they change: {', '.join(silent)}")
        villages = tuple(dict.fromkeys(village for entry in self.entries for village in entry.project.village))
        problem = PortfolioProblem(
            self._projects(villages), self._money(), measures, self.spec.objective, self.spec.per_village,
            self.spec.give_up, villages,
        )  # fmt: skip
        return PortfolioQuestion(
            self.spec, world, self.standard, self.entries, problem, self.replay, self.known, rules, anchors,
            tuple(measured), villages, self.today, self.effects, tuple(notes),
        )  # fmt: skip

    def _anchors(self, judged: Mapping[str, bool]) -> tuple[str, ...]:
        """Return the anchors of the desert test that are judged."""
        test = self.standard.desert
        if test is None:
            return ()
        return tuple(dict.fromkeys(one for anchors in test.functions.values() for one in anchors if judged.get(one)))

    def _check(
        self, world: World, wanted: Sequence[Requirement], rules: Sequence[Requirement], anchors: Sequence[str],
        notes: list[str],
    ) -> None:  # fmt: skip
        """Refuse what the model does not hold; note what is left out."""
        by_id = {rule.id: rule for rule in self.standard.requirements}
        needed = list(dict.fromkeys([*rules, *(by_id[one] for one in anchors)]))
        faults = unlike_nearest(world, needed, self.effects)
        measures = set(self.spec.objective) & set(MEASURES)
        if measures & {"person_minutes", "covered"} and not rules:
            faults.append(Fault("no requirement is judged today, so nothing can be valued", ("requirements",)))
        if faults:
            raise InputError(faults)
        left = [rule.id for rule in wanted if rule not in rules]
        if left:
            notes.append(f"not valued, as they are not assessed today: {', '.join(left)}")
        metres = [rule.id for rule in rules if rule.metric != "time"]
        if metres:
            notes.append(f"bounds in metres, which count for coverage and not for minutes: {', '.join(metres)}")

    def _worlds(self) -> list[World]:
        """Return the world of every state, with touched sites shut."""
        found = []
        for state in self.effects.states:
            world = self.replay.world(self.replay.closure(state))
            found.append(replace(world, facilities=self.effects.facilities))
        return found

    def _ground(self, worlds: Sequence[World], needed: Sequence[Requirement]) -> Ground:
        """Return who is counted in every state."""
        people: list[Mapping[str, Floats]] = []
        judged: list[Mapping[str, Bools]] = []
        groups = {"total", *(effective_group(rule, worlds[0].demand)[0] for rule in needed)}
        for state, world in zip(self.effects.states, worlds, strict=True):
            if people and not state & self.effects.movers:
                people.append(people[0])
                judged.append(judged[0])
                continue
            demands = _demands(self.replay, self.known, self.effects, state)
            people.append({group: people_of(demands, group) for group in sorted(groups)})
            found = assess(world, self.standard, memory=self.memory) if people[1:] else self.today
            judged.append({rule.id: found.verdicts[rule.id].judged for rule in needed})
        return Ground(tuple(people), tuple(judged))

    def _measures(self, rules: Sequence[Requirement], anchors: Sequence[str]) -> dict[str, Measure]:
        """Compute travel times and return every measure."""
        effects, worlds = self.effects, self._worlds()
        by_id = {rule.id: rule for rule in self.standard.requirements}
        needed = list(dict.fromkeys([*rules, *(by_id[one] for one in anchors)]))
        ground = self._ground(worlds, needed)
        frame = Frame(
            len(self.entries), effects.states, effects.standing, effects.by, self.known.periods(self.spec.years)
        )
        blocks: dict[str, list[Block | None]] = {name: [] for name in MEASURES}
        near: dict[str, RuleTables] = {}
        with self.progress.step("travel times of projects", len(needed)) as advance:
            for rule in needed:
                tables = rule_tables(rule, worlds, effects, self.memory)
                group = effective_group(rule, worlds[0].demand)[0]
                if rule in rules:
                    blocks["person_minutes"].append(minutes_block(tables, group, ground, self.spec))
                    blocks["covered"].append(covered_block(tables, group, ground))
                if rule.id in anchors:
                    near[rule.id] = tables
                advance(1)
        test = self.standard.desert
        if test is not None and near and not most_rows(test, near):
            blocks["lifted"].append(desert_block(test, near, ground))
        elif "lifted" in self.spec.objective:
            raise InputError(Fault("the desert test has too many combinations of functions to be an objective, or none "
                                   "of its requirements is judged", ("objective",)))  # fmt: skip
        else:
            del blocks["lifted"]
        if not any(rule.metric == "time" for rule in rules):
            if "person_minutes" in self.spec.objective:
                raise InputError(Fault("no requirement with a bound in minutes is judged", ("objective",)))
            del blocks["person_minutes"]
        return {name: measure_of(frame, found) for name, found in blocks.items()}

    def _measured(self, rules: Sequence[Requirement], anchors: Sequence[str]) -> list[bool]:
        """Tell of every project whether some requirement that is valued sees what it changes."""
        needed = [rule for rule in self.standard.requirements if rule in rules or rule.id in anchors]
        seen = np.zeros(len(self.effects.sites), np.bool_)
        for rule in needed:
            seen[touched_of(rule, self.effects)] = True
        touches = (self.effects.by[seen] != 0).any(axis=0) if seen.any() else np.zeros(len(self.entries), np.bool_)
        return [bool(touches[p]) or p in self.effects.shapers for p in range(len(self.entries))]

    def _projects(self, villages: Sequence[str]) -> Projects:
        """Return the projects as numbers."""
        number = {entry.project.id: p for p, entry in enumerate(self.entries)}
        projects = [entry.project for entry in self.entries]
        start = self.spec.start
        return Projects(
            ids=tuple(number),
            costs=tuple(one.by_year for one in projects),
            running=np.array([one.running for one in projects]),
            earliest=np.array([max((one.earliest or start) - start, 0) for one in projects], np.int64),
            villages=tuple(tuple(villages.index(village) for village in one.village) for one in projects),
            n_villages=len(villages),
            requires=tuple((p, number[other]) for p, one in enumerate(projects) for other in one.requires),
            apart=self.effects.apart,
            must=tuple(number[one] for one in self.spec.must),
        )

    def _money(self) -> Money:
        """Return what may be spent."""
        spec = self.spec
        return Money(spec.budget, np.array(spec.money_of_years), spec.carry_over, spec.running_costs == "within")
