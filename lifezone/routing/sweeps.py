"""Many questions at once over a contraction hierarchy: nearest of many kinds, k nearest, rows of travel costs.

Costs here are whole numbers in the unit of the weights (tenths of a second or metre), between *search nodes*;
:mod:`lifezone.routing.swept` joins them with the legs of anchored points. ``INF`` = unreachable, or for 16-bit lanes
farther than they count.

Questions lie side by side in lanes and are answered by the block, each at the cost of a full one; blocks are
independent, so that any number of threads gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from lifezone.errors import InputError
from lifezone.model import Ints, Longs
from lifezone.routing.plain import plain
from lifezone.routing.sides import Direction
from lifezone.routing.threads import map_threads

if TYPE_CHECKING:
    from lifezone.kernels.cells import Cells
    from lifezone.kernels.sweep import Needed, Side
    from lifezone.routing.hierarchy import Weights

__all__ = [
    "INF",
    "Asked",
    "Lanes",
    "Rooms",
    "Seeds",
    "ask",
    "blocks_of",
    "by_rank",
    "filled",
    "filled_lists",
    "filled_near",
    "k_nearest_costs",
    "nearest_many",
    "rows_of",
]

INF: Final = 0x3FFFFFFF
"""Unreachable; every cost below it is a real one."""
LANES: Final = {"u16": 32, "u32": 16, "owner": 16, "matrix": 32}
"""Questions a block: one cache line of u16 or u32; two where the arcs weigh more than the rows (measured)."""
WHOLE_FROM: Final = 0.5
"""Share of needed rows from which all are swept: a restricted pass writes into a field of its own."""

Lanes = Literal["u16", "u32"]
UInts = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Seeds:
    """Where the questions start: those of question ``q`` are ``first[q]:first[q+1]``.

    Attributes:
        first: i64[Q+1].
        node: i32[S] search node; several seeds may share one.
        cost: u32[S] in the weights' unit; ``INF`` and above = no seed.
        owner: i32[S] whose seed it is, 0 or more.
    """

    first: Longs
    node: Ints
    cost: UInts
    owner: Ints

    @property
    def n_questions(self) -> int:
        """Number of questions Q."""
        return len(self.first) - 1

    @staticmethod
    def at(nodes: Ints) -> Seeds:
        """Return one question a node, starting there at no cost."""
        n = len(nodes)
        return Seeds(np.arange(n + 1, dtype=np.int64), plain(nodes, np.int32), np.zeros(n, np.uint32),
                     np.zeros(n, np.int32))  # fmt: skip

    @staticmethod
    def of(questions: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Seeds:
        """Return questions given one by one as (nodes, costs, owners) of their seeds."""
        first = np.concatenate([[0], np.cumsum([len(node) for node, _, _ in questions])]).astype(np.int64)
        columns = zip(*questions, strict=True) if questions else ((), (), ())
        node, cost, owner = (np.concatenate([*column, np.empty(0)]) for column in columns)
        return Seeds(first, plain(node, np.int32), plain(cost, np.uint32), plain(owner, np.int32))

    def take(self, questions: Ints) -> Seeds:
        """Return some of the questions, in that order."""
        count = np.diff(self.first)[questions]
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        at = np.repeat(self.first[:-1][questions] - first[:-1], count) + np.arange(first[-1])
        return Seeds(first, self.node[at], self.cost[at], self.owner[at])


@dataclass(frozen=True, eq=False)
class Asked:
    """The nodes that answers are wanted for, and what a down pass needs for them; made once, used by every block.

    Attributes:
        direction: ``to_facility`` when trips run from the asked nodes to the seeds.
        up: arcs of the up pass.
        needed: rows of the down pass.
        row: i32[A] row of each asked node among them.
        rank: i32[N] rank of each search node.
    """

    direction: Direction
    up: Side
    needed: Needed
    row: Ints
    rank: Ints

    @cached_property
    def cells(self) -> Cells:
        """The rows cut into cells; takes as long as a sweep."""
        from lifezone.kernels.cells import lay_cells  # noqa: PLC0415

        return lay_cells(self.needed.side)

    @property
    def whole(self) -> bool:
        """True when the down pass runs over every row."""
        return len(self.needed.rank) == len(self.rank)


class Rooms:
    """Work space that is kept between calls: touching new memory costs as much as a sweep.

    One room holds a field of 64 or 128 bytes a node; there are at most as many rooms as threads that ran at once.
    """

    def __init__(self) -> None:
        self._free: dict[tuple[Any, ...], list[tuple[np.ndarray, ...]]] = {}

    @contextmanager
    def lend(self, asked: Asked, dtype: npt.DTypeLike, width: int) -> Iterator[tuple[np.ndarray, ...]]:
        """Lend (base, flag, out): a field of the up pass, its flags, and the field of the down pass."""
        n, rows = len(asked.rank), len(asked.needed.rank)
        free = self._free.setdefault((np.dtype(dtype), n, rows, width), [])
        try:
            room = free.pop()  # one step, so that two threads never get the same room
        except IndexError:
            room = _make_room(n, None if asked.whole else rows, dtype, width)
        try:
            yield room
        finally:
            free.append(room)


def _make_room(n: int, rows: int | None, dtype: npt.DTypeLike, width: int) -> tuple[np.ndarray, ...]:
    """Return new work space; the field of the down pass is that of the up pass when all rows are swept."""
    from lifezone.kernels.lanes import far_of  # noqa: PLC0415

    base = np.empty((n + 1, width), dtype)
    base[n] = far_of(dtype)
    flag = np.zeros((n + 8) // 8 * 8, np.uint8)
    return base, flag, base if rows is None else np.empty((rows, width), dtype)


def ask(weights: Weights, nodes: Ints, *, direction: Direction = "to_facility") -> Asked:
    """Prepare the down pass for some search nodes (i32[A], repeats allowed).

    Takes about a millisecond for 100,000 nodes; keep the answer while weights and nodes stay the same.
    """
    from lifezone.kernels.sweep import Needed, Side, mark_needed, number_needed  # noqa: PLC0415

    climb = Side(plain(weights.climb_first, np.int64), plain(weights.climb_head, np.int32),
                 plain(weights.climb_cost, np.uint32))  # fmt: skip
    descend = Side(plain(weights.descend_first, np.int64), plain(weights.descend_head, np.int32),
                   plain(weights.descend_cost, np.uint32))  # fmt: skip
    up, down = (descend, climb) if direction == "to_facility" else (climb, descend)
    rank = plain(weights.hierarchy.rank, np.int32)
    asked_rank = plain(rank[nodes], np.int32)
    place = mark_needed(asked_rank, down)
    rows = np.flatnonzero(place >= 0).astype(np.int32)
    if len(rows) >= WHOLE_FROM * len(rank):
        every = np.arange(len(rank), dtype=np.int32)
        return Asked(direction, up, Needed(every, down), asked_rank, rank)
    return Asked(direction, up, Needed(rows, Side(*number_needed(place, rows, down))), place[asked_rank], rank)


def nearest_many(
    seeds: Seeds, asked: Asked, *, owners: bool = False, lanes: Lanes = "u32", threads: int = 1,
    rooms: Rooms | None = None,
) -> tuple[UInts, Ints | None]:  # fmt: skip
    """Find the least cost between every asked node and the seeds of every question (a kind of facility).

    Args:
        seeds: Q questions.
        asked: A nodes.
        owners: also whose seed it is; ties go to the lowest owner. Takes twice as long.
        lanes: ``u16`` for costs below 65,535 units alone (6,553.5 s in tenths), at twice the speed; not with owners.
        threads: blocks of questions are spread over so many threads; the answer is the same for any number.
        rooms: work space kept from an earlier call.

    Returns:
        u32[Q, A] costs, ``INF`` = unreachable or, with ``u16``, out of range; i32[Q, A] owners, −1 = none, or None.

    Raises:
        InputError: owners were asked of 16-bit lanes.
    """
    if owners and lanes == "u16":
        raise InputError("nearest_many: 16-bit lanes carry no owners; ask for lanes='u32'")
    cost = np.empty((seeds.n_questions, len(asked.row)), np.uint32)
    owner = np.empty(cost.shape, np.int32) if owners else None
    rooms = Rooms() if rooms is None else rooms
    width = LANES["owner"] if owners else LANES[lanes]

    def answer(block: tuple[int, int]) -> None:
        begin, end = block
        found = _sweep(
            seeds.take(np.arange(begin, end, dtype=np.int32)), asked, "u64" if owners else lanes, width, rooms
        )
        cost[begin:end] = _as_cost(found)
        if owner is not None:
            owner[begin:end] = (found & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32)

    map_threads(answer, blocks_of(seeds.n_questions, width), threads)
    return cost, owner


def blocks_of(n: int, width: int) -> list[tuple[int, int]]:
    """Return the questions by blocks of ``width``."""
    return [(begin, min(begin + width, n)) for begin in range(0, n, width)]


def _as_cost(found: np.ndarray) -> UInts:
    """Return lanes of any type as costs."""
    if found.dtype == np.uint16:
        return np.where(found == 0xFFFF, np.uint32(INF), found).astype(np.uint32)
    costs: UInts = (found >> np.uint64(32)).astype(np.uint32) if found.dtype == np.uint64 else found
    return costs


@contextmanager
def filled(seeds: Seeds, asked: Asked, lanes: str, width: int, rooms: Rooms) -> Iterator[np.ndarray]:
    """Lend the field [R, width] of one block of at most ``width`` questions, both passes done: nothing is copied out.

    Answers lie in the engine's own order: those of the asked nodes in the rows ``asked.row``, one lane a question.

    Args:
        seeds: Q ≤ ``width`` questions.
        asked: A nodes.
        lanes: ``u16``, ``u32``, or ``u64`` for costs in the upper and owners in the lower half.
        width: lanes a row, a whole number of 64-byte chunks; see :data:`LANES`.
        rooms: the field lies in one of them and is gone when the context ends.
    """
    from lifezone.kernels.sweep import sweep_down  # noqa: PLC0415

    with _climbed(seeds, asked, lanes, width, rooms) as (base, flag, needed):
        sweep_down(needed, base, flag, asked.needed)
        yield needed


@contextmanager
def filled_near(
    seeds: Seeds, asked: Asked, limit: int, width: int, rooms: Rooms
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Lend a field of u32 that is right only within a limit (inclusive), and u8[R] which of its rows are near.

    See :func:`filled`. Rows that are not near in any lane hold anything.
    """
    from lifezone.kernels.sweep import sweep_down_near  # noqa: PLC0415

    near = np.empty(len(asked.needed.rank), np.uint8)
    with _climbed(seeds, asked, "u32", width, rooms) as (base, flag, needed):
        sweep_down_near(needed, base, flag, asked.needed, np.uint32(limit), near)
        yield needed, near


@contextmanager
def _climbed(
    seeds: Seeds, asked: Asked, lanes: str, width: int, rooms: Rooms
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Lend (base, flag, out) of one block after the up pass."""
    from lifezone.kernels.sweep import place_seeds, sweep_up  # noqa: PLC0415

    dtype = {"u16": np.uint16, "u32": np.uint32, "u64": np.uint64}[lanes]
    question = np.repeat(np.arange(seeds.n_questions, dtype=np.int32), np.diff(seeds.first))
    used = seeds.cost < (0xFFFF if lanes == "u16" else INF)
    cost = seeds.cost[used].astype(dtype)
    if lanes == "u64":
        cost = (cost << np.uint64(32)) | seeds.owner[used].astype(np.uint64)
    with rooms.lend(asked, dtype, width) as (base, flag, needed):
        place_seeds(base, flag, asked.rank[seeds.node[used]], question[used], cost)
        sweep_up(base, flag, asked.up)
        yield base, flag, needed


def _sweep(seeds: Seeds, asked: Asked, lanes: str, width: int, rooms: Rooms) -> np.ndarray:
    """Return [Q, A] the lanes of one block of at most ``width`` questions."""
    from lifezone.kernels.sweep import gather  # noqa: PLC0415

    with filled(seeds, asked, lanes, width, rooms) as needed:
        out = np.empty((seeds.n_questions, len(asked.row)), needed.dtype)
        gather(needed, asked.row, out)
    return out


def k_nearest_costs(
    seeds: Seeds, asked: Asked, k: int, *, threads: int = 1, rooms: Rooms | None = None
) -> tuple[UInts, Ints]:
    """Find the k nearest distinct owners of every asked node, for every question.

    Args:
        seeds: Q questions.
        asked: A nodes.
        k: how many, 1 or more.
        threads: questions are spread over so many threads.
        rooms: work space kept from an earlier call; one room holds ``8·k`` bytes a node.

    Returns:
        u32[Q, A, k] costs and i32[Q, A, k] owners, ascending by cost, then owner; ``INF`` and −1 where there are fewer.

    Raises:
        InputError: k is below 1.
    """
    if k < 1:
        raise InputError(f"k nearest: k must be 1 or more, got {k}")
    rooms = Rooms() if rooms is None else rooms

    def answer(q: int) -> np.ndarray:
        with filled_lists(seeds.take(np.array([q], np.int32)), asked, k, rooms) as needed:
            lists: np.ndarray = needed[asked.row]
        return lists

    found = map_threads(answer, range(seeds.n_questions), threads)
    lists = np.stack(found) if found else np.empty((0, len(asked.row), k), np.uint64)
    return _as_cost(lists), (lists & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32)


@contextmanager
def filled_lists(seeds: Seeds, asked: Asked, k: int, rooms: Rooms) -> Iterator[np.ndarray]:
    """Lend the lists u64[R, k] (cost in the upper half, owner in the lower one) of one question, both passes done."""
    from lifezone.kernels.ksweep import list_down, list_seeds, merge_up, name_owners  # noqa: PLC0415

    used = seeds.cost < INF
    owner = seeds.owner[used].astype(np.uint64)
    n_owners, names = int(owner.max(initial=0)) + 1, np.unique(owner)
    renamed = n_owners > len(asked.rank) + len(owner)  # a table of all of them would be larger than the field
    if renamed:
        owner, n_owners = np.searchsorted(names, owner).astype(np.uint64), len(names)
    key = (seeds.cost[used].astype(np.uint64) << np.uint64(32)) | owner
    with rooms.lend(asked, np.uint64, k) as (base, flag, needed):
        list_seeds(base, flag, asked.rank[seeds.node[used]], key)
        merge_up(base, flag, asked.up)
        list_down(needed, base, flag, asked.needed, asked.cells, n_owners)
        if renamed:
            name_owners(needed, names)
        yield needed


def rows_of(
    seeds: Seeds, asked: Asked, *, lanes: Lanes = "u32", threads: int = 1, rooms: Rooms | None = None
) -> Iterator[tuple[Ints, UInts]]:
    """Yield the costs between every question's seeds and the asked nodes, a block of questions at a time.

    Questions are taken in the order of their first seed's rank, so that those of a block share what lies above them.
    Memory goes with one block a thread, never with all pairs.

    Args:
        seeds: Q questions, e.g. one a facility or, by :meth:`Seeds.at`, one a node.
        asked: A nodes.
        lanes: see :func:`nearest_many`.
        threads: so many blocks are worked on at once.
        rooms: work space kept from an earlier call.

    Yields:
        i32[B] questions and u32[B, A] their costs.
    """
    rooms = Rooms() if rooms is None else rooms
    order = by_rank(seeds, asked)
    blocks = blocks_of(len(order), LANES["matrix"])

    def work(block: tuple[int, int]) -> tuple[Ints, UInts]:
        mine = order[block[0] : block[1]]
        return mine, _as_cost(_sweep(seeds.take(mine), asked, lanes, LANES["matrix"], rooms))

    step = max(threads, 1)
    for at in range(0, len(blocks), step):
        yield from map_threads(work, blocks[at : at + step], threads)


def by_rank(seeds: Seeds, asked: Asked) -> Ints:
    """Return the questions in the order of their first seed's rank; those without a seed come first."""
    key = np.full(seeds.n_questions, -1, np.int64)
    has = np.diff(seeds.first) > 0
    key[has] = asked.rank[seeds.node[seeds.first[:-1][has]]]
    return np.argsort(key, kind="stable").astype(np.int32)
