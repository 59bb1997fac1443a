"""What a solver found, before it is audited and told."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.siting.milp import Solved
from lifezone.siting.nearest import Shares

__all__ = ["Found", "infeasible", "read"]


@dataclass(frozen=True, eq=False)
class Found:
    """Sites that stand, and how good that is at best.

    Attributes:
        status: ``optimal``, ``feasible`` or ``infeasible``.
        standing: bool[S]; empty when infeasible.
        bound: nothing better exists, in the unit of the objective.
        serving: (row, site, share) where people are sent rather than go to the nearest; None = the nearest.
        reasons: sentences.
        reasons_ko: the same in Korean; empty where they were not translated.
        front: the points of a Pareto front, itself among them.
        whole: whether that front is proved to be whole.
    """

    status: str
    standing: Bools
    bound: float
    serving: tuple[Ints, Ints, Floats] | None = None
    reasons: tuple[str, ...] = field(default=())
    reasons_ko: tuple[str, ...] = field(default=())
    front: tuple[Found, ...] = field(default=(), repr=False)
    whole: bool = True


def infeasible(*reasons: str, korean: str = "") -> Found:
    """Return that nothing fits, and why; ``korean`` says the same as the one reason."""
    told = (korean,) if korean else ()
    return Found("infeasible", np.zeros(0, np.bool_), float("nan"), reasons=reasons, reasons_ko=told)


def read(
    solved: Solved, y: Ints, *, base: float = 0.0, assigned: Shares | None = None,
    start: Bools | None = None,
) -> Found:  # fmt: skip
    """Turn columns into sites.

    Args:
        solved: the solver's answer.
        y: columns of the sites.
        base: what the model left out of its objective.
        assigned: columns of who goes where.
        start: bool[S] a known answer, taken when the solver was cut before it had one.
    """
    if solved.status == "infeasible":
        return infeasible()
    if not len(solved.x):
        if start is None:
            return Found("unknown", np.zeros(0, np.bool_), solved.bound + base)
        return Found("feasible", start, solved.bound + base)
    standing = np.asarray(solved.x[y] > 0.5) if len(y) else np.zeros(0, np.bool_)
    serving = None
    if assigned is not None:
        share = assigned.read(solved.x)
        used = share > 1e-9
        serving = assigned.pairs.row[used], assigned.pairs.site[used], share[used]
    return Found(solved.status, standing, solved.bound + base, serving)
