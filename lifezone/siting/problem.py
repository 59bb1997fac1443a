"""What every siting question is asked of: demand rows, sites, and the travel costs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.siting.apart import Between

if TYPE_CHECKING:
    from lifezone.siting.deserts import Cure

__all__ = ["FREE", "SHUT", "STANDS", "Pairs", "Problem", "Quota", "Service", "serve"]

FREE: Final = -1
"""The solver decides about this site."""
SHUT: Final = 0
"""The site is closed, or stays so."""
STANDS: Final = 1
"""The site is open, or must open."""
_OF_ROWS: Final = ("row_bound", "must_reach", "district", "groups", "need", "point")
"""What a problem says of each row, beside its people."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Travel costs from R demand rows to S sites, sparse: an absent pair is out of reach.

    Attributes:
        first: i64[R+1] row boundaries.
        site: i32[K] site of each pair.
        cost: f64[K] seconds, or metres where the question is asked in metres; ascending in each row, ties by site.
        n_sites: S.
        beyond: f64[R] where rows hold their nearest sites alone: no site that a row leaves out costs less than this.
            None = what is left out is out of reach. It makes bounds hold for the sites left out too.
    """

    first: Longs
    site: Ints
    cost: Floats
    n_sites: int
    beyond: Floats | None = None

    def __post_init__(self) -> None:
        """Keep the arrays as kernels read them; those that are so already are not copied."""
        for name, kind in (("first", np.int64), ("site", np.int32), ("cost", np.float64)):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), kind))

    @staticmethod
    def of(row: Ints, site: Ints, cost: Floats, n_rows: int, n_sites: int) -> Pairs:
        """Sort loose pairs into rows; of a pair told twice the least cost counts."""
        from lifezone.kernels.pairs import sort_rows, strew_rows, without_repeats  # noqa: PLC0415

        first = np.zeros(n_rows + 1, np.int64)
        np.cumsum(np.bincount(row, minlength=n_rows), out=first[1:])
        plain = np.ascontiguousarray(row, np.int32), np.ascontiguousarray(site, np.int32)
        sites, costs = strew_rows(*plain, np.ascontiguousarray(cost, np.float64), first, n_sites)
        sort_rows(first, sites, costs, 0, n_rows)
        n_left = without_repeats(first, sites, costs, n_sites)
        return Pairs(first, sites[:n_left], costs[:n_left], n_sites)

    @property
    def n_rows(self) -> int:
        """Number of demand rows R."""
        return len(self.first) - 1

    @cached_property
    def row(self) -> Ints:
        """i32[K] the row of each pair; four bytes a pair that large questions do without."""
        return np.repeat(np.arange(self.n_rows, dtype=np.int32), np.diff(self.first))

    @cached_property
    def columns(self) -> tuple[Longs, Ints]:
        """The transpose: i64[S+1] boundaries, and i32[K] the rows of each site, ascending."""
        from lifezone.kernels.pairs import columns_of  # noqa: PLC0415

        return columns_of(self.first, self.site, self.n_sites)

    def within(self, bound: float) -> Pairs:
        """Return the pairs that cost at most ``bound``."""
        return self.select(bound=bound)

    def only(self, keep: Bools) -> Pairs:
        """Return the pairs where ``keep`` holds; rows stay, also empty ones."""
        first = np.zeros(self.n_rows + 1, np.int64)
        np.cumsum(np.bincount(self.row[keep], minlength=self.n_rows), out=first[1:])
        return Pairs(first, self.site[keep], self.cost[keep], self.n_sites, self.beyond)

    def rows(self, keep: Bools) -> Pairs:
        """Return the rows where ``keep`` holds."""
        return self.select(rows=keep)

    def select(
        self, *, sites: Bools | None = None, rows: Bools | None = None, bound: Floats | float = float("inf")
    ) -> Pairs:
        """Return the pairs of some sites, rows and costs; rows left out vanish, sites keep their numbers.

        Args:
            sites: bool[S] sites to keep; None = all. Rows without one stay, empty.
            rows: bool[R] rows to keep; None = all.
            bound: most cost, inclusive; f64[R] where rows differ.
        """
        from lifezone.kernels.pairs import fill_selected, selected_sizes  # noqa: PLC0415

        chosen = np.ones(self.n_sites, np.bool_) if sites is None else np.ascontiguousarray(sites, np.bool_)
        kept = np.ones(self.n_rows, np.bool_) if rows is None else np.ascontiguousarray(rows, np.bool_)
        bounds = np.ascontiguousarray(np.broadcast_to(np.asarray(bound, np.float64), (self.n_rows,)))
        if chosen.all() and kept.all() and (bounds == np.inf).all():
            return self
        size = selected_sizes(self.first, self.site, self.cost, chosen, kept, bounds)
        first = np.concatenate([[0], np.cumsum(size[kept])]).astype(np.int64)
        site, cost = np.empty(first[-1], np.int32), np.empty(first[-1], np.float64)
        fill_selected(self.first, self.site, self.cost, chosen, kept, bounds, site, cost)
        beyond = None if self.beyond is None or (bounds <= self.beyond).all() else self.beyond[kept]
        return Pairs(first, site, cost, self.n_sites, beyond)

    def reach_any(self, sites: Bools) -> Bools:
        """Return bool[R] rows that have a pair with one of some sites."""
        from lifezone.kernels.pairs import reaches_any  # noqa: PLC0415

        found = np.empty(self.n_rows, np.bool_)
        reaches_any(self.first, self.site, np.ascontiguousarray(sites, np.bool_), found)
        return found


@dataclass(frozen=True, eq=False)
class Quota:
    """Some people of whom so many must be covered, e.g. nine in ten of the old, or as many of a district as today.

    Attributes:
        what: whom it speaks of, for messages and the audit.
        people: f64[R] people of each row that it counts.
        least: how many of them must be within the bound.
    """

    what: str
    people: Floats
    least: float


@dataclass(frozen=True, eq=False)
class Problem:
    """One siting question. A *row* is a demand point that wants one kind; a *site* is a place where it may stand.

    Attributes:
        pairs: R rows × S sites.
        people: f64[R] people counted in each row (groups weighted as the question says); R.
        open_now: bool[S] sites that are open today.
        fixed: i8[S] ``FREE``, ``SHUT`` or ``STANDS``.
        bound: seconds (metres) within which a row counts as covered, inclusive; ``inf`` = not asked.
        row_bound: f64[R] bounds of rows that differ (kinds with bounds of their own); None = ``bound`` for all.
        choose: how many sites open that are not open today; None = as many as it takes. For closures, how many close.
        choose_each: the same for each of ``kinds``, None where any number may; empty = only the sum is asked for.
        at_most: ``choose`` is a limit, not a number to reach (always so where a budget or a least use decides).
        capacity: f64[S] people that a site can take, ``inf`` = any number.
        least_use: f64[S] people below which a site may not stand, 0 = none.
        open_cost: f64[S] cost of opening a site that is closed today.
        close_cost: f64[S] cost of closing a site that is open today.
        running_cost: f64[S] yearly cost of a site that stands.
        budget: limit of what opening and closing cost together, ``inf`` = none.
        yearly_budget: limit of the yearly costs of all sites that stand, ``inf`` = none.
        building: i32[S] building that a site is in, −1 = one of its own; None = each in its own.
        saving: f64[S] money saved when a site opens in a building where another one stands or opens.
        must_reach: f64[R] cost within which a row must have a standing site (nobody pushed beyond the bound, nobody's
            trip longer by more than so much); ``inf`` = no such rule.
        quotas: groups of people of whom so many must be covered.
        district: i32[R] unit that ``least_cover`` speaks of: the district of each row, apart for each kind.
        least_cover: f64[D] people who must be covered in each district; empty = no such rule.
        beside: two arrays i32[n]: pairs of sites too near to each other for one to back up the other; None = none.
        rank: i32[S] which sites come first among plans that are equally good, 0 = first (public land and buildings);
            None = all alike.
        nearest_only: people go to the nearest open site; otherwise to where the plan sends them (system optimum).
        unit: what a cost counts, ``seconds`` or ``metres``.
        groups: f64[R, G] people by group, for audits and equity; may have no columns.
        group_names: G names.
        site_names: S ids, for messages.
        row_names: R ids, for messages.
        swaps: existing sites may close only for new ones: as many closed as ``choose`` opens (``movable``).
        kinds: names of the kinds asked about at once; empty = one, which need not be named.
        kind: i32[S] kind of each site; None = all of one kind.
        need: i32[R] kind that each row wants; pairs join rows and sites of one kind. None = all want the same.
        point: i32[R] demand point of each row; rows of one point differ by kind. None = a point a row.
        between: how far sites are from one another.
        apart: separation below which two sites may not both stand, in the unit of ``between``; 0 = no such rule.
        least: which inequality equity makes least: ``fgt2``, ``worst_tenth`` or ``gini``.
        mean_at_most: limit of the mean cost while the Gini index is made least.
        goals: what a Pareto front is over.
        cure: the desert test over the cells that people live in.
    """

    pairs: Pairs
    people: Floats
    open_now: Bools
    fixed: np.ndarray
    bound: float = float("inf")
    choose: int | None = None
    at_most: bool = False
    capacity: Floats | None = None
    least_use: Floats | None = None
    open_cost: Floats | None = None
    close_cost: Floats | None = None
    running_cost: Floats | None = None
    budget: float = float("inf")
    district: Ints | None = None
    least_cover: Floats | None = None
    nearest_only: bool = True
    unit: str = "seconds"
    groups: Floats | None = None
    group_names: tuple[str, ...] = ()
    site_names: Sequence[str] = field(default=(), repr=False)
    row_names: Sequence[str] = field(default=(), repr=False)
    swaps: bool = False
    row_bound: Floats | None = None
    choose_each: tuple[int | None, ...] = ()
    yearly_budget: float = float("inf")
    building: Ints | None = None
    saving: Floats | None = None
    must_reach: Floats | None = None
    quotas: tuple[Quota, ...] = ()
    beside: tuple[Ints, Ints] | None = None
    rank: Ints | None = None
    kinds: tuple[str, ...] = ()
    kind: Ints | None = None
    need: Ints | None = None
    point: Ints | None = None
    between: Between | None = None
    apart: float = 0.0
    least: str = "fgt2"
    mean_at_most: float = float("inf")
    goals: tuple[str, ...] = ()
    cure: Cure | None = None

    def __post_init__(self) -> None:
        """Check what solvers trust."""
        s, r = self.pairs.n_sites, self.pairs.n_rows
        if len(self.people) != r or len(self.open_now) != s or len(self.fixed) != s:
            raise InputError("siting: people, open sites and fixed sites do not fit the travel times")
        if not (np.isfinite(self.people).all() and (self.people >= 0).all()):
            raise InputError("siting: people must be finite and 0 or more")
        for name in ("open_cost", "close_cost", "running_cost", "capacity", "least_use", "saving"):
            values = getattr(self, name)
            if values is not None and (len(values) != s or np.isnan(values).any() or (values < 0).any()):
                raise InputError(f"siting: {name} must be given for every site, 0 or more")
        for name, n in (("row_bound", r), ("must_reach", r), ("need", r), ("point", r), ("kind", s), ("building", s)):
            values = getattr(self, name)
            if values is not None and len(values) != n:
                raise InputError(f"siting: {name} does not fit the travel times")
        if self.choose_each and len(self.choose_each) != len(self.kinds):
            raise InputError("siting: choose_each must say a number, or none, for every kind")

    @property
    def n_rows(self) -> int:
        """Number of demand rows R."""
        return self.pairs.n_rows

    @property
    def n_sites(self) -> int:
        """Number of sites S."""
        return self.pairs.n_sites

    @property
    def free(self) -> Ints:
        """Positions of the sites that the solver decides about."""
        return np.flatnonzero(self.fixed == FREE).astype(np.int32)

    @property
    def standing(self) -> Bools:
        """bool[S] sites that stand whatever is decided."""
        return np.asarray(self.fixed == STANDS)

    @property
    def is_plain(self) -> bool:
        """Whether only the number of sites limits the choice: no money, capacity, least use or rule of coverage."""
        return (
            self.capacity is None
            and self.least_use is None
            and np.isinf(self.budget)
            and np.isinf(self.yearly_budget)
            and self.least_cover is None
            and self.must_reach is None
            and not self.quotas
            and not self.choose_each
            and not self.swaps
            and not self.apart > 0
        )

    @property
    def bounds(self) -> Floats:
        """f64[R] cost within which each row counts as covered."""
        return np.full(self.n_rows, self.bound) if self.row_bound is None else self.row_bound

    @cached_property
    def near(self) -> Pairs:
        """Pairs within the bound of their row."""
        return self.pairs.select(bound=self.bounds)

    @property
    def site_kind(self) -> Ints:
        """i32[S] kind of each site, 0 where there is only one."""
        return np.zeros(self.n_sites, np.int32) if self.kind is None else self.kind

    @cached_property
    def reachable(self) -> Bools:
        """bool[R] rows that some site can reach that is open or may be."""
        return self.pairs.reach_any(self.fixed != SHUT)

    def with_fixed(self, fixed: np.ndarray) -> Problem:
        """Return the same question with other fixed sites."""
        return replace(self, fixed=fixed)

    def of_rows(self, keep: Bools) -> Problem:
        """Return the same question for some rows."""

        def kept(values: Any) -> Any:
            return None if values is None else values[keep]

        return replace(
            self,
            pairs=self.pairs.rows(keep),
            people=self.people[keep],
            quotas=tuple(replace(quota, people=quota.people[keep]) for quota in self.quotas),
            row_names=[name for name, stays in zip(self.row_names, keep.tolist(), strict=True) if stays]
            if len(self.row_names)
            else (),
            **{name: kept(getattr(self, name)) for name in _OF_ROWS},
        )

    def money(self, standing: Bools) -> float:
        """Return what opening and closing cost, less what is saved where several kinds share a building."""
        opened, closed = standing & ~self.open_now, self.open_now & ~standing
        total = 0.0
        for cost, where in ((self.open_cost, opened), (self.close_cost, closed)):
            if cost is not None:
                total += float(cost[where].sum())
        if self.saving is not None and self.building is not None:
            housed = standing & (self.building >= 0)
            mates = np.bincount(self.building[housed], minlength=int(self.building.max(initial=-1)) + 1)
            total -= float(self.saving[opened & housed & (mates[self.building] >= 2)].sum())
        return total

    def yearly(self, standing: Bools) -> float:
        """Return the yearly costs of the sites that stand."""
        return 0.0 if self.running_cost is None else float(self.running_cost[standing].sum())


@dataclass(frozen=True, eq=False)
class Service:
    """Who is served by a set of open sites, everybody by the nearest.

    Attributes:
        site: i32[R] nearest open site, −1 = none in reach.
        cost: f64[R] its cost, ``inf`` = none.
    """

    site: Ints
    cost: Floats


def serve(pairs: Pairs, standing: Bools) -> Service:
    """Return the nearest open site of every row; ties go to the lower site."""
    from lifezone.kernels.pairs import nearest_standing  # noqa: PLC0415

    site, cost = np.empty(pairs.n_rows, np.int32), np.empty(pairs.n_rows)
    nearest_standing(pairs.first, pairs.site, pairs.cost, np.ascontiguousarray(standing, np.bool_), site, cost)
    return Service(site, cost)
