"""Groups of municipalities that could be an alliance: connected, near to one another, neither too small nor too large.

Every connected group is listed once by extending it only with neighbours that come later and are new to it (Wernicke
2006, *Efficient detection of network motifs*, the ESU algorithm). Too many people and too far apart are limits that no
further member can mend, so a group that breaks one is not extended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Floats, Ints

__all__ = ["LIMITS", "Groups", "Limits", "broken_limits", "list_groups"]

LIMITS: Final = ("too many people", "too few people", "too far apart", "not connected", "number of members")
"""What can keep a group from being an alliance."""
_MOST_GROUPS: Final = 5_000_000


@dataclass(frozen=True)
class Limits:
    """What a group must keep to be an alliance (DEFINITIONS D12).

    Attributes:
        least: fewest members.
        most: most members.
        low: fewest people, inclusive.
        high: most people, inclusive.
        target: people that an alliance should have about.
        apart: most seconds (metres) between the centres of any two members, inclusive.
    """

    least: int = 2
    most: int = 5
    low: float = 200_000.0
    high: float = 400_000.0
    target: float = 300_000.0
    apart: float = 3600.0


@dataclass(frozen=True, eq=False)
class Groups:
    """Admissible groups of M municipalities.

    Attributes:
        members: one i32[n, g] table for each number of members g, rows and members ascending.
        refused: for each municipality, how many groups with it each limit turned away; a group is counted once, by the
            first limit that it broke, and what would have extended it is not counted.
    """

    members: tuple[Ints, ...]
    refused: tuple[Counter[str], ...]

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return sum(len(table) for table in self.members)


def list_groups(neighbours: Sequence[Ints], people: Floats, apart: Floats, limits: Limits) -> Groups:
    """List every admissible group.

    Args:
        neighbours: for each of M municipalities, the positions of those that it borders.
        people: f64[M].
        apart: f64[M, M] cost between centres, either way; ``inf`` = out of reach. The longer way counts.
        limits: what a group must keep.

    Raises:
        InputError: so many groups are admissible that they cannot be weighed: the limits are too wide.
    """
    n = len(people)
    apart = np.maximum(apart, apart.T)
    near = [0] * n
    for a, row in enumerate(neighbours):
        for b in row.tolist():
            near[a] |= 1 << b
            near[b] |= 1 << a
    close = [sum(1 << b for b in np.flatnonzero(apart[a] <= limits.apart).tolist()) | 1 << a for a in range(n)]
    refused: tuple[Counter[str], ...] = tuple(Counter() for _ in range(n))
    found: dict[int, list[tuple[int, ...]]] = {size: [] for size in range(limits.least, limits.most + 1)}
    people_of, count = people.tolist(), 0
    for start in range(n):
        for group, total in _grown(start, near, close, people_of, limits, refused):
            if len(group) < limits.least:
                continue
            if total < limits.low:
                _refuse(refused, group, "too few people")
                continue
            found[len(group)].append(tuple(sorted(group)))
            count += 1
            if count > _MOST_GROUPS:
                raise InputError(
                    f"alliances: more than {_MOST_GROUPS:,} groups keep the limits: narrow people or apart"
                )
    tables = (np.array(sorted(rows), np.int32).reshape(len(rows), size) for size, rows in found.items())
    return Groups(tuple(tables), refused)


def _grown(
    start: int, near: list[int], close: list[int], people: list[float], limits: Limits,
    refused: tuple[Counter[str], ...],
) -> Iterator[tuple[tuple[int, ...], float]]:  # fmt: skip
    """Yield every connected group whose lowest member is ``start`` and that breaks no limit for good."""
    if people[start] > limits.high:
        _refuse(refused, (start,), "too many people")
        return
    later = ~((1 << (start + 1)) - 1)
    stack: list[tuple[tuple[int, ...], float, int, int, int]] = [
        ((start,), people[start], near[start] & later, near[start] | 1 << start, close[start])
    ]
    while stack:
        group, total, ahead, seen, reach = stack.pop()
        yield group, total
        if len(group) == limits.most:
            continue
        rest = ahead
        while rest:
            bit = rest & -rest
            rest ^= bit
            one = bit.bit_length() - 1
            grown, sum_of = (*group, one), total + people[one]
            if not reach & bit:
                _refuse(refused, grown, "too far apart")
            elif sum_of > limits.high:
                _refuse(refused, grown, "too many people")
            else:
                new = near[one] & ~seen & later
                stack.append((grown, sum_of, rest | new, seen | near[one], reach & close[one]))


def _refuse(refused: tuple[Counter[str], ...], group: tuple[int, ...], why: str) -> None:
    """Count a group that a limit turned away, at each of its members."""
    for one in group:
        refused[one][why] += 1


def broken_limits(
    group: Sequence[int], neighbours: Sequence[Ints], people: Floats, apart: Floats, limits: Limits
) -> tuple[str, ...]:
    """Return the limits that a given group breaks, in the order of :data:`LIMITS`."""
    at = np.asarray(sorted(group), np.int32)
    total, between = float(people[at].sum()), np.maximum(apart, apart.T)[np.ix_(at, at)]
    np.fill_diagonal(between, 0.0)
    is_broken = (
        total > limits.high,
        total < limits.low,
        bool((between > limits.apart).any()),
        not _is_connected(at, neighbours),
        not limits.least <= len(at) <= limits.most,
    )
    return tuple(name for name, broken in zip(LIMITS, is_broken, strict=True) if broken)


def _is_connected(group: Ints, neighbours: Sequence[Ints]) -> bool:
    """Whether a group hangs together through its own members."""
    members = set(group.tolist())
    ties = {a: {b for b in neighbours[a].tolist() if b in members} for a in members}
    for a in list(ties):
        for b in ties[a]:
            ties[b].add(a)
    seen, ahead = set(), [min(members)]
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += sorted(ties[one] - seen)
    return seen == members
