"""Desert-first: most people lifted out of life deserts, where a cell counts only when all of the test is cured (D1).

Cells c with people a_c, functions f, anchor requirements r of a function, parts k of a requirement (one for each kind
that a requirement for *all* of its kinds needs, else one), sites N_crk of a part within the bound of the cell.

     m_cr ∈ [0, 1]  requirement met       v_cf ∈ [0, 1]  function not lost       d_c ∈ [0, 1]  cell is no desert

(19) n_r m_cr ≤ others_crk + Σ_{j ∈ N_crk} y_j for every part; n_r = which facility counts by nearness, m whole if > 1
(20) v_cf ≤ Σ_{r of f, judged at c} m_cr
(21) d_c ≤ α_c + β_c,   β_c ≤ v_cf for every must-have f,   α_c ≤ Σ_{f ∈ T} v_cf for every T of judged functions
     that has one more than may be lost: a desert has at least L functions lost, a must-have among them

     max Σ_{c desert today} a_c d_c   subject to (1) to (3), (9), (10), (12) to (14)

and d_c = 1 for every cell that is no desert today, unless losses are allowed: then it gains a_c (d_c − 1). A function
that several kinds serve, or two functions that are both lost, tie the kinds together: no kind is judged alone. Cells
that nothing can change are left out, and cells in the same position are one: the same sites in every part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.siting.family import ruled_sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import SHUT, STANDS, Pairs, Problem

__all__ = ["Anchor", "Cure", "Part", "desert_first"]


@dataclass(frozen=True, eq=False)
class Part:
    """Who meets a requirement, or one kind of it.

    Attributes:
        pairs: cells × sites within the bound of the cell.
        others: i32[C] facilities beyond the question's sites that stand within the bound.
    """

    pairs: Pairs
    others: Ints


@dataclass(frozen=True, eq=False)
class Anchor:
    """A requirement that anchors a function.

    Attributes:
        function: position of the function in the test.
        judged: bool[C] where it gives a verdict.
        nearest: how many facilities must be within the bound.
        parts: all must hold.
    """

    function: int
    judged: Bools
    nearest: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, eq=False)
class Cure:
    """The desert test of a question over C cells.

    Attributes:
        people: f64[C].
        anchors: of every function.
        n_functions: F.
        at_least: functions lost that make a desert.
        must_have: positions of functions one of which must be lost; empty = any.
        allow_losses: cells may become deserts; they are counted against those that are lifted.
    """

    people: Floats
    anchors: tuple[Anchor, ...]
    n_functions: int
    at_least: int
    must_have: tuple[int, ...] = ()
    allow_losses: bool = False

    def lost(self, standing: Bools) -> Bools:
        """Return bool[C, F] functions lost with a set of sites."""
        judged = np.zeros((len(self.people), self.n_functions), np.bool_)
        met = judged.copy()
        for anchor in self.anchors:
            holds = np.ones(len(self.people), np.bool_)
            for part in anchor.parts:
                near = np.bincount(part.pairs.row[standing[part.pairs.site]], minlength=len(self.people))
                holds &= near + part.others >= anchor.nearest
            judged[:, anchor.function] |= anchor.judged
            met[:, anchor.function] |= anchor.judged & holds
        return np.asarray(judged & ~met)

    def deserts(self, standing: Bools) -> Bools:
        """Return bool[C] cells that are deserts with a set of sites."""
        lost = self.lost(standing)
        fails = lost.sum(axis=1) >= self.at_least
        if self.must_have:
            fails &= lost[:, list(self.must_have)].any(axis=1)
        return np.asarray(fails)


def desert_first(
    problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0
) -> Found:
    """Find the sites that lift most people out of life deserts."""
    cure = problem.cure
    if cure is None:
        return infeasible(
            "there is no desert test: the standard must have one (desert:)",
            korean="생활사막 기준이 없습니다. 기준(standard)에 desert: 를 넣으십시오",
        )
    today = cure.deserts(problem.open_now)
    least = problem.fixed == STANDS
    most = problem.fixed != SHUT
    always, never = ~cure.deserts(least), cure.deserts(most)
    if not cure.allow_losses and (never & ~today).any():
        return infeasible(
            "facilities that must close make deserts of places that are none today",
            korean="닫기로 한 시설 때문에 지금은 아닌 곳이 생활사막이 됩니다",
        )
    model = Model(maximise=True)
    y, taken = ruled_sites(model, problem)
    open_ = np.flatnonzero(~always & ~never & (cure.people > 0))
    settled = float(cure.people[always & today].sum()) - float(cure.people[never & ~today].sum())
    _cells(model, problem, cure, y, open_.astype(np.int32), today)
    solved = model.solve(time_limit=time_limit, tell=tell, seed=seed)
    counted = float(cure.people[open_][~today[open_]].sum()) if cure.allow_losses else 0.0
    return read(solved, y, base=settled - counted, assigned=taken)


def _cells(model: Model, problem: Problem, cure: Cure, y: Ints, cells: Ints, today: Bools) -> None:
    """Add (19) to (21), once for cells in the same position."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for cell in cells.tolist():
        key = (bool(today[cell]), *_position(problem, cure, cell))
        groups.setdefault(key, []).append(cell)
    for key, members in groups.items():
        was_desert, functions = bool(key[0]), _functions(key[1:])
        people = float(cure.people[members].sum())
        must = not was_desert and not cure.allow_losses
        d = model.columns(1, cost=0.0 if must else people, low=float(must))
        _test(model, cure, d, {f: _kept(model, y, ways) for f, ways in functions.items()})


Way = tuple[int, tuple[tuple[int, bytes], ...]]
"""A requirement of a cell: how many must be near, and for each part the others that are, and its sites."""


def _position(problem: Problem, cure: Cure, cell: int) -> Iterator[tuple[int, Way]]:
    """Yield function and way of every requirement that judges a cell; sites that may not stand are left out."""
    for anchor in cure.anchors:
        if not anchor.judged[cell]:
            continue
        parts = []
        for part in anchor.parts:
            site = part.pairs.site[part.pairs.first[cell] : part.pairs.first[cell + 1]]
            site = np.sort(site[problem.fixed[site] != SHUT]).astype(np.int32)
            parts.append((int(part.others[cell]), site.tobytes()))
        yield anchor.function, (anchor.nearest, tuple(parts))


def _functions(ways: tuple[object, ...]) -> dict[int, list[Way]]:
    """Return the ways of each function."""
    found: dict[int, list[Way]] = {}
    for function, way in ways:  # type: ignore[misc]
        found.setdefault(function, []).append(way)  # type: ignore[has-type]
    return found


def _kept(model: Model, y: Ints, ways: list[Way]) -> Ints:
    """Add (19) and (20) for one function of one position; return v."""
    m = []
    for nearest, parts in ways:
        column = model.columns(1, integer=nearest > 1)
        for others, sites in parts:
            site = np.frombuffer(sites, np.int32)
            model.row(
                np.concatenate([column, y[site]]), np.concatenate([[float(nearest)], -np.ones(len(site))]),
                high=float(others),
            )  # fmt: skip
        m.append(column)
    v = model.columns(1)
    model.row(np.concatenate([v, *m]), np.concatenate([[1.0], -np.ones(len(m))]), high=0.0)
    return v


def _test(model: Model, cure: Cure, d: Ints, kept: dict[int, Ints]) -> None:
    """Add (21) for one position."""
    alpha = model.columns(1)
    terms = [d, alpha]
    for some in combinations(sorted(kept), cure.at_least):  # one of any L functions must be kept
        v = np.concatenate([kept[f] for f in some])
        model.row(np.concatenate([alpha, v]), np.concatenate([[1.0], -np.ones(len(v))]), high=0.0)
    if cure.must_have:
        beta = model.columns(1)
        terms.append(beta)
        for f in cure.must_have:
            if f in kept:
                model.row(np.concatenate([beta, kept[f]]), np.array([1.0, -1.0]), high=0.0)
    model.row(np.concatenate(terms), np.concatenate([[1.0], -np.ones(len(terms) - 1)]), high=0.0)
