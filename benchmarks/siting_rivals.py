"""PySAL spopt and a plain sparse model, both solved by HiGHS: the same instance in, the same optimum out.

What is counted of each side is everything from a matrix of costs to the answer: spopt builds a PuLP model row by row,
the plain model is passed to HiGHS as arrays with no reduction and no start, ours reduces, searches and proves.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from benchmarks.measure import optional
from lifezone.model import Floats

__all__ = ["PLAIN", "SPOPT", "has_spopt", "plain_cover", "plain_median", "spopt_value"]

SPOPT: Final = "spopt.locate with HiGHS"
PLAIN: Final = "plain sparse model, HiGHS"


def has_spopt() -> bool:
    """Whether spopt and PuLP are installed."""
    return optional("spopt.locate") is not None and optional("pulp") is not None


def spopt_value(method: str, costs: Floats, people: Floats, bound: float, choose: int, limit_s: float) -> float | None:
    """Return spopt's objective, None where it found no optimum within the time.

    Args:
        method: ``set_cover``, ``max_cover``, ``p_median`` or ``p_center``.
        costs: f64[R, S].
        people: f64[R].
        bound: of coverage.
        choose: how many.
        limit_s: for HiGHS.
    """
    import pulp  # noqa: PLC0415
    from spopt.locate import LSCP, MCLP, PCenter, PMedian  # noqa: PLC0415

    solver = pulp.HiGHS(msg=False, timeLimit=limit_s, threads=1, gapRel=0.0)
    if method == "set_cover":
        model: Any = LSCP.from_cost_matrix(costs, bound)
    elif method == "max_cover":
        model = MCLP.from_cost_matrix(costs, people, bound, p_facilities=choose)
    elif method == "p_median":
        model = PMedian.from_cost_matrix(costs, people, p_facilities=choose)
    else:
        model = PCenter.from_cost_matrix(costs, p_facilities=choose)
    solved = model.solve(solver)
    if solved.problem.status != pulp.LpStatusOptimal or solved.problem.sol_status != pulp.LpSolutionOptimal:
        return None
    return float(pulp.value(solved.problem.objective))


def plain_cover(method: str, costs: Floats, people: Floats, bound: float, choose: int, limit_s: float) -> float | None:
    """Return the optimum of LSCP or MCLP as one sparse model of HiGHS; None where time ends first."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import csr_array, eye_array, hstack  # noqa: PLC0415

    near: Any = csr_array((costs <= bound).astype(float))
    n_rows, n_sites = near.shape
    options = {"time_limit": limit_s, "mip_rel_gap": 0.0}
    if method == "set_cover":
        found = milp(np.ones(n_sites), integrality=np.ones(n_sites), bounds=Bounds(0, 1), options=options,
                     constraints=LinearConstraint(near, 1.0, np.inf))  # fmt: skip
        return float(found.fun) if found.status == 0 else None
    rules = [
        LinearConstraint(hstack([near, -eye_array(n_rows)]), 0.0, np.inf),
        LinearConstraint(csr_array(np.concatenate([np.ones(n_sites), np.zeros(n_rows)])[None]), choose, choose),
    ]
    found = milp(
        np.concatenate([np.zeros(n_sites), -people]), bounds=Bounds(0, 1), constraints=rules, options=options,
        integrality=np.concatenate([np.ones(n_sites), np.zeros(n_rows)]),
    )  # fmt: skip
    return float(-found.fun) if found.status == 0 else None


def plain_median(costs: Floats, people: Floats, choose: int, limit_s: float) -> float | None:
    """Return the optimum of a p-median as one sparse model of HiGHS (finite costs); None where time ends first."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415

    n_rows, n_sites = costs.shape
    n = n_rows * n_sites
    pair, site, row = np.arange(n), np.tile(np.arange(n_sites), n_rows), np.repeat(np.arange(n_rows), n_sites)
    served: Any = csr_array((np.ones(n), (row, pair)), shape=(n_rows, n + n_sites))
    opens: Any = csr_array(
        (np.r_[np.ones(n), -np.ones(n)], (np.r_[pair, pair], np.r_[pair, n + site])), shape=(n, n + n_sites)
    )
    number: Any = csr_array(np.concatenate([np.zeros(n), np.ones(n_sites)])[None])
    found = milp(
        np.concatenate([(people[:, None] * costs).ravel(), np.zeros(n_sites)]), bounds=Bounds(0, 1),
        integrality=np.concatenate([np.zeros(n), np.ones(n_sites)]),
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
        constraints=[LinearConstraint(served, 1, 1), LinearConstraint(opens, -np.inf, 0),
                     LinearConstraint(number, choose, choose)],
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else None
