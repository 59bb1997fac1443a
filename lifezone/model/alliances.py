"""Alliances of municipalities: what their members share, gain and bring, and what came next to the best division."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Alliance", "Alliances", "Instead", "Partition", "Refusal", "Sensitivity", "Shared"]


@dataclass(frozen=True)
class Shared:
    """One kind that an alliance shares.

    Attributes:
        kind: kind of facility.
        way: ``joint``: a facility that none of them could keep alone; ``opened``: each other's facilities take all.
        newly: people newly within the bound, by member.
        use: users a year whom each member brings; empty for ``opened``.
        need: users that one facility needs, 0 for ``opened``.
        hub: id of the site that reaches most people; empty for ``opened``.
        hub_in: municipality it stands in, −1 for ``opened``.
        cost_alone: cost per user of each member with a facility of its own; empty where no cost is given.
        cost_together: cost per user of the joint facility; None where no cost is given.
    """

    kind: str
    way: Literal["joint", "opened"]
    newly: tuple[float, ...]
    use: tuple[float, ...] = ()
    need: float = 0.0
    hub: str = ""
    hub_in: int = -1
    cost_alone: tuple[float, ...] = ()
    cost_together: float | None = None


@dataclass(frozen=True)
class Alliance:
    """A group of municipalities.

    Attributes:
        members: positions among the municipalities, ascending.
        people: who live there.
        value: v(G) of DEFINITIONS D12.
        gains: what each member gains, the parts of ``value``.
        shared: what they share.
        broken: limits that a given group does not keep; empty for groups that were found.
    """

    members: tuple[int, ...]
    people: float
    value: float
    gains: tuple[float, ...]
    shared: tuple[Shared, ...]
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Partition:
    """A division of the map into alliances; who is in none stands alone.

    Attributes:
        id: ``best``, ``next_1``, ``next_2`` or ``given``.
        alliances: by their first members.
        value: Σ v.
        bound: no division has more; for all but ``best`` that of the best one among those not told before.
        proved: whether ``value`` is proved to be the best possible.
    """

    id: str
    alliances: tuple[Alliance, ...]
    value: float
    bound: float
    proved: bool

    @property
    def gap(self) -> float:
        """How far from the best possible at most, relative to the value; 0 when both are 0."""
        if self.bound <= self.value:
            return 0.0
        return (self.bound - self.value) / self.value if self.value else float("inf")


@dataclass(frozen=True)
class Instead:
    """What the members of an alliance would do without it: their next-best alternative.

    Attributes:
        alliance: members of the alliance that is ruled out.
        groups: alliances that its members are in then; a member in none stands alone.
        loss: how much less all alliances together gain.
    """

    alliance: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    loss: float


@dataclass(frozen=True)
class Refusal:
    """What limits did to one municipality.

    Attributes:
        admissible: groups with it that keep every limit.
        gaining: those of them in which something is gained.
        by_limit: groups with it that each limit turned away.
    """

    admissible: int
    gaining: int
    by_limit: Mapping[str, int]


@dataclass(frozen=True)
class Sensitivity:
    """The best division under other limits of people."""

    low: float
    high: float
    value: float
    proved: bool
    alliances: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Alliances:
    """Everything found about alliances of M municipalities.

    Attributes:
        partitions: best first, then the next ones, then the given one.
        instead: for each alliance of the best division.
        refusals: M entries.
        sensitivity: under other limits, the widest last.
        notes: what was assumed, sentences in Korean and in English.
    """

    partitions: tuple[Partition, ...]
    instead: tuple[Instead, ...]
    refusals: tuple[Refusal, ...]
    sensitivity: tuple[Sensitivity, ...] = ()
    notes: tuple[tuple[str, str], ...] = field(default=())
