"""Every method with every rule in one model: what the quick ways of ``cover``, ``median`` and ``center`` cannot take.

The methods' own parts, over the family's rules (1) to (12), with N_i the sites within the bound of row i:

    set_cover     min Σ f_j y_j           everybody, or a share of the people, taken in within the bound
    max_cover     max Σ a_i z_i           or Σ a_i x_ij over pairs within the bound where sites can be full
    backup_cover  max Σ a_i u_i           Σ_{j ∈ N_i} y_j ≥ 1 + u_i, u_i = 0 where one site alone could be near
    p_median      min Σ a_i c_ij x_ij     everybody whom any site reaches is sent somewhere
    close         the same
    p_center      (no objective)          everybody has a site within ``radius``; the least radius is searched

Where sites can be full, people beyond the capacity of their nearest site are turned away (covers) or make the plan
impossible (methods that serve everybody). One rule can be made soft: it may then be broken, and the model finds the
least breach; this tells how far off an impossible question is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.model import Ints
from lifezone.siting.family import assign, cover, covered_enough, must_keep, sent_enough, sent_people, sites
from lifezone.siting.milp import Model
from lifezone.siting.nearest import Shares
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem

__all__ = ["SERVES_ALL", "Ruled", "ruled_model"]

SERVES_ALL: Final = frozenset({"p_median", "p_center", "close"})
"""Methods that send everybody whom any site reaches somewhere, however far."""


@dataclass(frozen=True, eq=False)
class Ruled:
    """A model and what its columns mean.

    Attributes:
        model: to be solved.
        y: columns of the sites.
        shares: who is sent where, where that is not simply the nearest.
    """

    model: Model
    y: Ints
    shares: Shares | None


def ruled_model(
    problem: Problem, method: str, *, share: float = 1.0, radius: float = float("inf"), soft: str = "",
    total: int | None = None,
) -> Ruled:  # fmt: skip
    """Put the model of a method together.

    Args:
        problem: the question.
        method: one of those above.
        share: set_cover: of the people, those out of everybody's reach included.
        radius: p_center: everybody has a site within it.
        total: how many of the sites that are free to choose stand; None = not asked.
        soft: a rule that may be broken; the objective is then the least breach: ``number`` (sites too many or too few),
            ``budget`` (won), ``capacity``, ``least_use``, ``districts``, ``kept``, ``everybody`` (people), or
            ``open``, ``never``, ``stay`` (sites).
    """
    model = Model(maximise=method in ("max_cover", "backup_cover") and not soft)
    counted = np.where(problem.fixed == STANDS, 0.0, 1.0) if method == "set_cover" and not soft else 0.0
    y = sites(model, problem, cost=counted, closing=method == "close", soft=soft)
    if total is not None:
        free = y[problem.fixed == FREE]
        model.row(free, np.ones(len(free)), low=total, high=total)
    problem = _loosened(problem, soft)
    near = problem.near
    sends = problem.capacity is not None or problem.least_use is not None
    shares = None
    if method in SERVES_ALL:
        shares = _serve_all(model, problem, y, method, radius, soft=soft, sends=sends)
    elif sends:
        shares = _take_in(model, problem, y, near, method, share, soft=soft)
    elif method == "set_cover":
        _cover_share(model, problem, y, near, share, soft=soft == "everybody")
    elif method == "max_cover" and not soft:
        cover(model, y, near, gain=problem.people)
    if method == "backup_cover" and not (sends and soft == "everybody"):
        _twice(model, problem, y, near, soft=soft)
    must_keep(model, problem, y, soft=soft == "kept")
    if problem.least_cover is not None or problem.quotas:
        enough = soft == "districts"
        if shares is not None and sends:
            sent_enough(model, problem, shares, soft=enough)
        else:
            covered_enough(model, problem, cover(model, y, near), soft=enough)
    return Ruled(model, y, shares if sends else None)


def _loosened(problem: Problem, soft: str) -> Problem:
    """Return the question without a soft rule about sites, on which nothing else may build then."""
    fixed, new = problem.fixed, ~problem.open_now
    match soft:
        case "number":
            return replace(problem, choose=None, choose_each=())
        case "open" | "stay":
            loose = (fixed == STANDS) & (new if soft == "open" else ~new)
        case "never":
            loose = (fixed == SHUT) & new
        case _:
            return problem
    return problem.with_fixed(np.where(loose, FREE, fixed).astype(np.int8))


def _least_people(problem: Problem, share: float) -> float:
    """Return how many people a share is."""
    return share * float(problem.people.sum()) * (1 - 1e-12)


def _take_in(model: Model, problem: Problem, y: Ints, near: Pairs, method: str, share: float, *, soft: str) -> Shares:
    """Send people within the bound: everybody, a share of them, or as many as can be."""
    lived = near.only(problem.people[near.row] > 0)
    loose = soft == "everybody"
    whole = not loose and (method == "backup_cover" or (method == "set_cover" and share >= 1.0))
    gain = problem.people[lived.row] if method == "max_cover" and not soft else 0.0
    shares = assign(model, problem, y, lived, cost=gain, everybody=whole, soft=soft)
    if method != "max_cover":
        sent_people(model, problem, shares, low=_least_people(problem, share), soft=loose)
    return shares


def _serve_all(
    model: Model, problem: Problem, y: Ints, method: str, radius: float, *, soft: str, sends: bool
) -> Shares | None:
    """Send everybody whom any site reaches somewhere; p_center: within the radius."""
    wanted = np.asarray(problem.reachable & (problem.people > 0))
    pairs = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row])
    close = pairs.within(radius)
    if soft == "everybody":
        shares = assign(model, problem, y, pairs, everybody=False, closing=method == "close")
        sent_people(model, problem, shares, low=float(problem.people[wanted].sum()), soft=True)
        return shares
    if method == "p_center" and (problem.nearest_only or not sends):
        rows = close.rows(wanted)
        model.rows(rows.n_rows, rows.row, y[rows.site], 1.0, low=1.0)
        return assign(model, problem, y, pairs, soft=soft) if sends else None
    if (wanted & (np.diff(close.first) == 0)).any():
        model.never()
    cost = 0.0 if method == "p_center" or soft else problem.people[close.row] * close.cost
    return assign(model, problem, y, close, cost=cost, soft=soft, closing=method == "close")


def _twice(model: Model, problem: Problem, y: Ints, near: Pairs, *, soft: str) -> None:
    """Cover everybody once, and count those who are covered twice."""
    choices = np.bincount(near.row[problem.fixed[near.site] != SHUT], minlength=near.n_rows)
    wanted = problem.people > 0
    rows, n = near.rows(wanted), np.arange(int(wanted.sum()))
    if soft == "everybody":
        u, sign = model.columns(len(n), cost=problem.people[wanted]), 1.0  # somebody may be left out, at a price
    else:
        gain = 0.0 if soft else problem.people[wanted]
        u, sign = model.columns(len(n), cost=gain, high=(choices[wanted] >= 2).astype(float)), -1.0
    model.rows(
        len(n), np.concatenate([rows.row, n]), np.concatenate([y[rows.site], u]),
        np.concatenate([np.ones(len(rows.site)), np.full(len(n), sign)]), low=1.0,
    )  # fmt: skip
    if problem.beside is not None and not soft:
        _apart(model, problem.beside, rows, y, u)


def _cover_share(model: Model, problem: Problem, y: Ints, near: Pairs, share: float, *, soft: bool) -> None:
    """Cover everybody, or a share of the people."""
    if share >= 1.0 and not soft:
        wanted = problem.people > 0
        rows = near.rows(wanted)
        model.rows(rows.n_rows, rows.row, y[rows.site], 1.0, low=1.0)
        return
    z = cover(model, y, near)
    columns, values = z, problem.people
    if soft:
        columns, values = np.append(columns, model.columns(1, cost=1.0, high=np.inf)), np.append(values, 1.0)
    model.row(columns, values, low=_least_people(problem, share))


def _apart(model: Model, beside: tuple[Ints, Ints], rows: Pairs, y: Ints, u: Ints) -> None:
    """Add that the second site is not beside the first: u_i ≤ Σ_j h_ij, h_ij ≤ y_j, h_ij ≤ Σ_{k apart from j} y_k.

    h_ij says that j is one of two that back row i up; one h per row is enough, as it needs a partner of its own.
    """
    near: dict[int, set[int]] = {}
    for a, b in zip(beside[0].tolist(), beside[1].tolist(), strict=True):
        near.setdefault(a, {a}).add(b)
        near.setdefault(b, {b}).add(a)
    h = model.columns(len(rows.site))
    n, k = np.arange(rows.n_rows), np.arange(len(h))
    model.rows(
        len(n), np.concatenate([rows.row, n]), np.concatenate([h, u]),
        np.concatenate([np.ones(len(h)), -np.ones(len(n))]), low=0.0,
    )  # fmt: skip
    model.rows(
        len(h), np.tile(k, 2), np.concatenate([h, y[rows.site]]), np.repeat([1.0, -1.0], len(h)), high=0.0
    )  # fmt: skip
    pair, partner = [], []
    for i in range(rows.n_rows):
        sites = rows.site[rows.first[i] : rows.first[i + 1]].tolist()
        for at, j in enumerate(sites, start=int(rows.first[i])):
            apart = [other for other in sites if other != j and other not in near.get(j, ())]
            pair += [at] * len(apart)
            partner += apart
    model.rows(
        len(h), np.concatenate([k, np.array(pair, np.int64)]),
        np.concatenate([h, y[np.array(partner, np.int64)]]),
        np.concatenate([np.ones(len(h)), -np.ones(len(pair))]), high=0.0,
    )  # fmt: skip
