"""An answer to a siting question, with the bound that tells how good it is and the audit that re-checks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lifezone.model.arrays import Floats, Ints
from lifezone.model.effect import Effect, ExtraTravel, LaterYear, WhoRow
from lifezone.model.portfolio import PortfolioPlan
from lifezone.model.standard import Requirement

__all__ = ["CandidateGain", "Claim", "GoalValue", "Judged", "Plan", "Planned", "SiteUse", "Status"]

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
"""``unknown``: the time ended before a first plan was found that keeps every rule."""


@dataclass(frozen=True)
class Claim:
    """One thing that a plan says of itself, computed a second time from the travel times alone.

    Attributes:
        what: the claim in words.
        claimed: what the plan says.
        found: what the audit finds.
        ok: whether both agree, or the limit is kept.
    """

    what: str
    claimed: float
    found: float
    ok: bool


@dataclass(frozen=True)
class GoalValue:
    """What one goal of a Pareto front comes to.

    Attributes:
        name: the goal, e.g. ``mean_time``.
        value: less is better.
        unit: what it counts.
        is_objective: it was made least while the others were limited; the plan's objective and bound speak of it.
    """

    name: str
    value: float
    unit: str
    is_objective: bool = False


@dataclass(frozen=True)
class Judged:
    """What a plan is worth under another state of the world.

    Attributes:
        name: of the state; ``today`` is the question as it is asked.
        value: the objective of the plan's method there.
        best: nothing better exists there.
        regret: how far the value is from it, 0 or more.
    """

    name: str
    value: float
    best: float
    regret: float


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan over S sites and R demand rows.

    Attributes:
        method: the problem solved, e.g. ``p_median``.
        opened: i32[n] sites opened that are not open today, ascending.
        closed: i32[n] sites closed that are open today, ascending.
        serving: i32[R] the site that serves each row, −1 = none.
        objective: value in ``unit``, recomputed from the sites; NaN when infeasible.
        bound: nothing better than this exists; NaN when infeasible.
        unit: what the objective counts, e.g. ``people·seconds``.
        status: ``optimal`` (proved), ``feasible`` (bound told), ``infeasible``, or ``unknown``.
        seconds: time that solving took.
        audit: the independent re-check.
        reasons: why it is infeasible or was stopped, or what else must be known; sentences.
        reasons_ko: the same in Korean; empty where they were not translated.
        split: (row, site, share) where people are sent by capacity and a row may be split; None = all of a row goes to
            ``serving``.
        goals: of a Pareto front: what each goal comes to, in the order in which they were named.
        front: all points of a Pareto front, the plan among them; empty for every other method.
        whole: whether that front is proved to be whole.
        judged: the plan under other states of the world; empty where none were named.
        robust: how it was weighed over them: ``min_max_regret``, ``worst`` or ``expected``; empty = it was not, and
            the objective is that of today.
        chosen_share: f64[S] in which share of sampled inputs each site is chosen; None = not sampled.
    """

    method: str
    opened: Ints
    closed: Ints
    serving: Ints
    objective: float
    bound: float
    unit: str
    status: Status
    seconds: float
    audit: tuple[Claim, ...] = ()
    reasons: tuple[str, ...] = ()
    reasons_ko: tuple[str, ...] = ()
    split: tuple[Ints, Ints, Floats] | None = field(default=None, repr=False)
    goals: tuple[GoalValue, ...] = ()
    front: tuple[Plan, ...] = field(default=(), repr=False)
    whole: bool = True
    judged: tuple[Judged, ...] = ()
    robust: str = ""
    chosen_share: Floats | None = field(default=None, repr=False)

    @property
    def gap(self) -> float:
        """How far from the best possible at most: \\|objective − bound\\| ÷ \\|objective\\|; 0 when both are 0."""
        if self.objective == self.bound:
            return 0.0
        return abs(self.objective - self.bound) / abs(self.objective) if self.objective else float("inf")


@dataclass(frozen=True)
class SiteUse:
    """How one site of a plan is used.

    Attributes:
        id: facility or candidate.
        name: its name, may be empty.
        state: ``kept``, ``opened`` or ``closed``.
        people: people who go there with the plan, however far.
        mean: their mean travel to it, in the plan's cost unit (seconds or metres); None = nobody.
        worst: the farthest person's; None = nobody.
        cost: of opening it in won, None = not told.
        lon: degrees.
        lat: degrees.
        people_before: people who went there before the plan.
        within: of ``people`` those within the bound; None where the question has none.
        kind: kind of facility.
    """

    id: str
    name: str
    state: str
    people: float
    mean: float | None
    worst: float | None
    cost: float | None
    lon: float
    lat: float
    people_before: float = 0.0
    within: float | None = None
    kind: str = ""


@dataclass(frozen=True)
class CandidateGain:
    """What one candidate would do alone, beside what is open today.

    Attributes:
        id: candidate.
        name: its name, may be empty.
        kind: kind of facility.
        lon: degrees.
        lat: degrees.
        opened: whether the plan opens it.
        newly_covered: people within the bound by it who are not today; None without a bound.
        newly_reached: people whom nothing open reaches today.
        saved: people × seconds (metres) that those save who are reached today.
        rank: 1 = the best: most people newly covered, then most saved.
        cost: of opening it in won; None = not told.
    """

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    opened: bool
    newly_covered: float | None
    newly_reached: float
    saved: float
    rank: int
    cost: float | None = None


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan with ids in place of positions, for files and people.

    Attributes:
        plan: the plan.
        kind: kind of facility.
        opened: ids, in the order of the sites.
        closed: ids.
        sites: use of every site that stands or was closed.
        people: people counted.
        unreached: people whom no site can reach; left out of the objective.
        notes: what was assumed.
        rules: mode, bound and direction of the trips, for each kind of facility.
        effects: everybody's trip before and after, for each kind of facility; empty where there is no plan.
        who: who gains and loses, by kind, district and group.
        extra: how much farther people go whose facility closes, for each kind that the plan closes one of.
        later: how the plan fares with the people of later years.
        candidates: what each candidate would do alone, the best first.
        front_sites: ids opened and closed by each point of the plan's front.
        chosen_share: id and share of the samples for every site that some sample chooses; empty = not sampled.
        portfolio: of a portfolio, its projects and years; else None.
    """

    plan: Plan
    kind: str
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    sites: tuple[SiteUse, ...]
    people: float
    unreached: float
    notes: tuple[str, ...] = ()
    rules: tuple[Requirement, ...] = ()
    effects: tuple[Effect, ...] = field(default=(), repr=False)
    who: tuple[WhoRow, ...] = ()
    extra: tuple[ExtraTravel, ...] = ()
    later: tuple[LaterYear, ...] = ()
    candidates: tuple[CandidateGain, ...] = field(default=(), repr=False)
    front_sites: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    chosen_share: tuple[tuple[str, float], ...] = ()
    portfolio: PortfolioPlan | None = None

    @property
    def is_timed(self) -> bool:
        """Whether trips are measured in seconds, not in metres."""
        return all(rule.metric == "time" for rule in self.rules)

    @property
    def has_bound(self) -> bool:
        """Whether some kind has a bound within which people count as covered."""
        return any(rule.bound is not None for rule in self.rules)
