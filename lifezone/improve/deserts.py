"""The desert test of a question: who would meet which anchor requirement from which site.

Verdicts are those of the run itself (:mod:`lifezone.assess`): who is judged comes from there, who is within a bound
from the same searches and the same bounds, so that a plan lifts exactly whom a run of its world finds lifted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.access import within
from lifezone.assess import assess
from lifezone.errors import Fault, InputError
from lifezone.model import Facilities, Floats, Ints, Requirement, Standard, Verdicts, World
from lifezone.searches import Memory, density_of, pairs_of, slower
from lifezone.siting.deserts import Anchor, Cure, Part
from lifezone.siting.problem import SHUT, Pairs, Problem
from lifezone.standards.density import bounds_at

if TYPE_CHECKING:
    from lifezone.siting.spec_goals import DesertFirst

__all__ = ["with_deserts"]


def with_deserts(
    problem: Problem, spec: DesertFirst, world: World, standard: Standard | None, facilities: Facilities, site: Ints,
    memory: Memory,
) -> Problem:  # fmt: skip
    """Return the question with the standard's desert test.

    Raises:
        InputError: the standard has no such test, or none of its anchors hangs on the question's kinds.
    """
    test = None if standard is None else standard.desert
    if standard is None or test is None:
        raise InputError(Fault("desert_first needs a standard with a desert test (desert:)", ("method",)))
    rules = {rule.id: rule for rule in standard.requirements}
    anchors = {name: rules[name] for names in test.functions.values() for name in names if name in rules}
    kinds = {facilities.kinds[k] for k in np.unique(facilities.kind[site]).tolist()}
    if not any(kinds & set(rule.kinds) for rule in anchors.values()):
        raise InputError(Fault(f"no function of the desert test hangs on {', '.join(sorted(kinds))}: its anchors are "
                               f"{', '.join(anchors)}", ("kind",)))  # fmt: skip
    bound = [one.kind for one in world.allowed if one.kind in kinds]
    if bound:
        raise InputError(Fault(f"{', '.join(bound)} have attendance areas, which say nothing of new places: "
                               "desert_first cannot tell who may go there", ("kind",)))  # fmt: skip
    people, cells = _cells(problem, world)
    seen = replace(world, facilities=facilities)
    judged = replace(standard, requirements=tuple(anchors.values()), desert=None, designations=())
    verdicts = assess(seen, judged, memory=memory).verdicts
    asked = _Asked(seen, problem, site, cells, memory)
    found = [
        asked.anchor(at, anchors[name], verdicts[name])
        for at, names in enumerate(test.functions.values())
        for name in names
        if name in verdicts
    ]
    must = tuple(at for at, function in enumerate(test.functions) if function in test.must_have)
    cure = Cure(people, tuple(found), len(test.functions), test.at_least, must, spec.allow_losses)
    return replace(problem, cure=cure)


def _cells(problem: Problem, world: World) -> tuple[Floats, Ints]:
    """Return f64[C] people and i32[C] demand points that can be deserts; with several kinds a point counts once."""
    rows = np.arange(problem.n_rows, dtype=np.int32) if problem.point is None else problem.point
    counted = np.zeros(world.demand.n_points)
    np.maximum.at(counted, rows, problem.people)
    cells = np.flatnonzero(world.demand.inside & (counted > 0)).astype(np.int32)
    return counted[cells], cells


class _Asked:
    """What every anchor is asked of."""

    def __init__(self, world: World, problem: Problem, site: Ints, cells: Ints, memory: Memory) -> None:
        self.world, self.problem, self.site, self.cells, self.memory = world, problem, site, cells, memory
        self.number = np.full(world.facilities.n_facilities, -1, np.int32)
        self.number[site] = np.arange(len(site), dtype=np.int32)

    def anchor(self, function: int, rule: Requirement, verdicts: Verdicts) -> Anchor:
        """Return one anchor over the cells."""
        facilities = self.world.facilities
        own = {facilities.kinds[k] for k in np.unique(facilities.kind[self.site]).tolist()}
        judged = verdicts.judged[self.cells]
        if not own & set(rule.kinds):  # nothing that the question decides changes it
            none = Pairs(np.zeros(len(self.cells) + 1, np.int64), np.empty(0, np.int32), np.empty(0), len(self.site))
            return Anchor(function, judged, 1, (Part(none, verdicts.met[self.cells].astype(np.int32)),))
        groups = [(kind,) for kind in rule.kinds] if rule.match == "all" else [rule.kinds]
        parts = tuple(self._part(replace(rule, kinds=kinds, match="any")) for kinds in groups)
        return Anchor(function, judged, rule.nearest, parts)

    def _part(self, rule: Requirement) -> Part:
        """Return who is within the bound of a requirement, or of one kind of it."""
        world, facilities = self.world, self.world.facilities
        may = facilities.open.copy()
        may[self.site[self.problem.fixed != SHUT]] = True
        opened = replace(world, facilities=replace(facilities, open=may))
        driven = opened if rule.speed_share is None else slower(opened, rule, self.memory)
        widest = rule.widest_bound or 0.0
        reach = float("inf") if rule.growth is not None else widest * (1.0 + 1e-6) + 1.0
        times = pairs_of(driven, rule, self.memory, reach)
        row = np.repeat(np.arange(times.n_points, dtype=np.int32), np.diff(times.first))
        near = self._is_near(rule, row, times.seconds if rule.metric == "time" else times.metres, times.metres)
        position = np.full(times.n_points, -1, np.int32)
        position[self.cells] = np.arange(len(self.cells), dtype=np.int32)
        at = np.flatnonzero(near & (position[row] >= 0))
        cell, number = position[row[at]], self.number[times.facility[at]]
        mine = number >= 0
        pairs = Pairs.of(cell[mine], number[mine], np.zeros(int(mine.sum())), len(self.cells), len(self.site))
        others = np.bincount(cell[~mine], minlength=len(self.cells)).astype(np.int32)
        return Part(pairs, others)

    def _is_near(self, rule: Requirement, row: Ints, value: Floats, metres: Floats) -> np.ndarray:
        """Return bool[K] pairs within the bound that holds at the point and for the trip."""
        density = density_of(self.world, rule, self.memory)
        bound, _ = bounds_at(rule, metres, None if density is None else density[row])
        return within(value, bound)
