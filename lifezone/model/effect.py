"""What a plan does to people: their trips before and after, who gains and loses, and how it fares in later years.

Where a plan is of several kinds of facilities, people have an effect, rows and extra travel for each kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model.arrays import Bools, Floats, Ints
from lifezone.model.facilities import Facilities
from lifezone.model.standard import Requirement
from lifezone.model.world import World

__all__ = ["CHANGES", "LEAST_METRES", "LEAST_SECONDS", "Effect", "ExtraTravel", "LaterYear", "WhoRow"]

CHANGES: Final = ("unchanged", "nearer", "farther", "newly_within", "no_longer_within", "unreachable")
"""How a demand point fares by a plan, by its code in :attr:`Effect.change`."""
LEAST_SECONDS: Final = 6.0
LEAST_METRES: Final = 10.0
"""A gain or loss that people notice: the same as in ``winners_losers.csv``."""


@dataclass(frozen=True, eq=False)
class Effect:
    """Everybody's trip to one kind of facility before and after a plan, over P demand points.

    Attributes:
        kind: the kind.
        world: the world before the plan.
        rule: kinds, mode, bound and direction of the trips; its bound may be None.
        people: f64[P] people counted by the question, weighted as it says; 0 outside the study area.
        before: f64[P] seconds (metres) to the nearest that is open; ``inf`` = none reached.
        after: f64[P] likewise with the plan; where the plan sends people, to where it sends them.
        from_site: i32[P] position in ``facilities`` of the facility used before, −1 = none.
        to_site: i32[P] likewise with the plan.
        covered: f64[P] share of the people within the bound with the plan (a full facility may take only a part).
        facilities: the world's facilities and the candidates.
        sites: i32[S] positions of the sites of this kind that the question looked at.
        stands: bool[S] sites that are open with the plan.
        sent: people are sent by the plan (capacities), not to the nearest.
        groups: groups of people that the question counts.
    """

    kind: str
    world: World
    rule: Requirement
    people: Floats
    before: Floats
    after: Floats
    from_site: Ints
    to_site: Ints
    covered: Floats
    facilities: Facilities
    sites: Ints
    stands: Bools
    sent: bool = False
    groups: tuple[str, ...] = ("total",)

    @property
    def inside(self) -> Bools:
        """bool[P] points of the study area."""
        return self.world.demand.inside

    @property
    def within_before(self) -> Bools:
        """bool[P] within the bound before; everywhere False where there is no bound."""
        return self._within(self.before)

    @property
    def within_after(self) -> Bools:
        """bool[P] within the bound with the plan, of most of the people at the point."""
        return np.asarray(self.covered >= 0.5)

    @property
    def displaced(self) -> np.ndarray:
        """Points of people counted whose facility the plan closes, ascending."""
        is_closed = np.zeros(self.facilities.n_facilities + 1, np.bool_)  # the last one stands for "none used"
        is_closed[self.sites] = self.facilities.open[self.sites] & ~self.stands
        return np.flatnonzero((self.people > 0) & is_closed[self.from_site])

    @property
    def closes(self) -> bool:
        """Whether the plan closes a facility of this kind."""
        return bool((self.facilities.open[self.sites] & ~self.stands).any())

    @property
    def least(self) -> float:
        """The least change of a trip that counts, seconds or metres."""
        return LEAST_SECONDS if self.rule.metric == "time" else LEAST_METRES

    @property
    def change(self) -> np.ndarray:
        """u8[P] positions in :data:`CHANGES`; newly and no longer within the bound come before mere time."""
        old, new = self.before, self.after
        had, has = np.isfinite(old), np.isfinite(new)
        apart = np.where(had & has, np.where(has, new, 0.0) - np.where(had, old, 0.0), 0.0)
        code = np.zeros(len(old), np.uint8)
        code[(apart <= -self.least) | (has & ~had)] = 1
        code[(apart >= self.least) | (had & ~has)] = 2
        code[~had & ~has] = 5
        if self.rule.bound is not None:
            code[self.within_after & ~self.within_before] = 3
            code[self.within_before & ~self.within_after] = 4
        return code

    def _within(self, cost: Floats) -> Bools:
        return np.zeros(len(cost), np.bool_) if self.rule.bound is None else np.asarray(cost <= self.rule.bound)


@dataclass(frozen=True)
class WhoRow:
    """``who.csv``: who gains and who loses by a plan, for one kind of facility, in one district, for one group.

    ``people`` = ``winners`` + ``losers`` + ``unchanged``; a gain or loss is 0.1 minutes or 10 m at least.
    ``newly_reached`` and ``cut_off`` are those of them who come to reach a facility at all, or no longer do; the means,
    in ``unit``, are over the others. ``covered_before`` and ``covered_after`` count people within the bound, None where
    the question has none.
    """

    kind: str
    district: str
    name: str
    group: str
    people: float
    winners: float
    losers: float
    unchanged: float
    newly_reached: float
    cut_off: float
    mean_won: float | None
    mean_lost: float | None
    covered_before: float | None
    covered_after: float | None
    newly_covered: float | None
    no_longer_covered: float | None
    unit: str


@dataclass(frozen=True)
class ExtraTravel:
    """How much farther people go whose facility the plan closes; amounts in seconds (metres), None = nobody.

    Attributes:
        kind: kind of facility.
        people: whose facility closes.
        mean: mean extra travel of those who still reach one.
        median: half of them go no farther extra.
        p90: nine of ten go no farther extra.
        worst: of the one with the most.
        worst_trip: the longest trip that one of them has afterwards.
        beyond: those who were within the bound and no longer are; None without a bound.
        cut_off: those who no longer reach any.
        unit: ``seconds`` or ``metres``.
    """

    kind: str
    people: float
    mean: float | None
    median: float | None
    p90: float | None
    worst: float | None
    worst_trip: float | None
    beyond: float | None
    cut_off: float
    unit: str


@dataclass(frozen=True)
class LaterYear:
    """How a plan fares with the people of another year.

    Attributes:
        year: the year.
        people: people counted then.
        use: people at each of the plan's sites then, in the order of ``Planned.sites``; None = a rule breaks (below).
        objective: of the plan's sites then; None = they keep not every rule then.
        best: of the best plan of that year; None = there is none.
        bound: nothing better exists then.
        worse: how far the plan is behind the best of that year, as a share of it; 0 = still the best.
        opened: ids that the best plan of that year opens.
        closed: ids that it closes.
        notes: which rules no longer hold, what was assumed; sentences.
    """

    year: int
    people: float
    use: tuple[float, ...] | None
    objective: float | None
    best: float | None
    bound: float | None
    worse: float | None
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_best(self) -> bool | None:
        """Whether no better plan is known for that year; None where the two cannot be compared."""
        return None if self.worse is None else self.worse <= 1e-9
