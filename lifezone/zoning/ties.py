"""Reciprocal ties between municipalities, from flows and from who serves whom (DEFINITIONS D11).

    balance   β_ij = 2·min(F_ij, F_ji) ÷ (F_ij + F_ji)
    strength  L_ij = F_ij² ÷ (R_i·W_j) + F_ji² ÷ (R_j·W_i)      R: who lives in i, W: who works (learns) in j, both with
                                                                those who stay
    map-wide  Σ min(F_ij, F_ji) ÷ Σ F_ij                        over i ≠ j

*Reciprocal*: β ≥ 0.5 and both shares s_ij = F_ij ÷ R_i ≥ 2 %; *dependent*: β < 0.5 and the larger share ≥ 5 %, from the
one who sends; all others are *weak*. Two municipalities are *complementary* in services when one serves at least a
fifth of the other's people in some function, and the other serves a fifth of the first's in another one. The parts are
shown as they are; a composite is made only when it is asked for. Strength: Smart 1974, *Labour market areas*; balance:
after Limtanakool, Schwanen and Dijst 2007, *Theorising and measuring the urban system*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.model.ties import ServiceTie, Tie, TieClass

__all__ = ["composite", "reciprocal_ties", "reciprocity", "service_shares", "service_ties"]

BALANCED: Final = 0.5
MUTUAL_SHARE: Final = 0.02
DEPENDENT_SHARE: Final = 0.05
SERVED_SHARE: Final = 0.2


def reciprocal_ties(flow: Floats) -> tuple[Tie, ...]:
    """Return the tie of every pair with a flow between them.

    Args:
        flow: f64[D, D] people from row to column; those who stay are on the diagonal.
    """
    lives, works = flow.sum(axis=1), flow.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = flow / lives[:, None]
        pull = np.where(flow > 0, flow**2 / (lives[:, None] * works[None, :]), 0.0)
    either = np.triu((flow > 0) | (flow.T > 0), 1)
    found = []
    for a, b in np.argwhere(either).tolist():
        there, back = float(flow[a, b]), float(flow[b, a])
        balance = 2 * min(there, back) / (there + back)
        out, into = float(share[a, b]), float(share[b, a])
        name, depends = _class_of(balance, out, into, a, b)
        found.append(Tie(a, b, there, back, out, into, balance, float(pull[a, b] + pull[b, a]), name, depends))
    return tuple(found)


def _class_of(balance: float, out: float, into: float, a: int, b: int) -> tuple[TieClass, int]:
    """Return the class of a tie and who depends on whom."""
    if balance >= BALANCED:
        return ("reciprocal" if min(out, into) >= MUTUAL_SHARE else "weak"), -1
    if np.nanmax([out, into]) >= DEPENDENT_SHARE:
        return "dependent", a if np.isnan(into) or out > into else b
    return "weak", -1


def reciprocity(flow: Floats) -> float:
    """Return the map-wide reciprocity: Σ min(F_ij, F_ji) ÷ Σ F_ij off the diagonal; NaN = nobody moves."""
    off = flow.copy()
    np.fill_diagonal(off, 0.0)
    total = float(off.sum())
    return float(np.minimum(off, off.T).sum()) / total if total else float("nan")


def service_shares(district: Ints, served_in: Ints, people: Floats, n_districts: int) -> Floats:
    """Return f64[D, D] the share of a district's people who are best served in each district, NaN = nobody lives there.

    Args:
        district: i32[P] where each demand point lies, −1 = outside.
        served_in: i32[P] the district of the facility nearest to it, −1 = none in reach, or outside the map.
        people: f64[P].
        n_districts: D.
    """
    at = (district >= 0) & (served_in >= 0)
    total = np.bincount(district[district >= 0], weights=people[district >= 0], minlength=n_districts)
    flow = np.zeros((n_districts, n_districts))
    np.add.at(flow, (district[at], served_in[at]), people[at])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(flow / np.where(total > 0, total, np.nan)[:, None])


def service_ties(shares: Mapping[str, Floats], function: Mapping[str, str] | None = None) -> tuple[ServiceTie, ...]:
    """Return the tie of every pair of which one serves people of the other.

    Args:
        shares: f64[D, D] of :func:`service_shares`, by life zones.
        function: of daily life that each of them is about; two levels of one function do not complement each other.
            None = each is a function of its own.
    """
    if not shares:
        return ()
    of = {zones: zones if function is None else function[zones] for zones in shares}
    known = {zones: np.nan_to_num(share) for zones, share in shares.items()}
    either = sum((share + share.T for share in known.values()), np.zeros(next(iter(known.values())).shape)) > 0
    found = []
    for a, b in np.argwhere(np.triu(either, 1)).tolist():
        there = {zones: float(share[a, b]) for zones, share in known.items()}
        back = {zones: float(share[b, a]) for zones, share in known.items()}
        gives = {of[zones] for zones, share in there.items() if share >= SERVED_SHARE}
        takes = {of[zones] for zones, share in back.items() if share >= SERVED_SHARE}
        both = any(one != other for one in gives for other in takes)
        found.append(ServiceTie(a, b, there, back, both))
    return tuple(found)


def composite(tie: Tie, service: ServiceTie | None, weight: Mapping[str, float]) -> float:
    """Return one figure from the parts, only for those who ask for it and say the weights.

    Args:
        tie: of flows.
        service: of services; None = neither serves the other.
        weight: of ``balance``, ``strength`` and ``service``; their sum is made 1.
    """
    served = 0.0 if service is None or np.isnan(service.reciprocity) else service.reciprocity
    parts = {"balance": tie.balance, "strength": min(tie.strength, 1.0), "service": served}
    return sum(weight.get(part, 0.0) * value for part, value in parts.items()) / sum(weight.values())
