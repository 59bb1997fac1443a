"""Where facilities should open, close, merge or move: proven-best plans with bound, gap and audit.

    problem = Problem(pairs, people, open_now, fixed, bound=900.0, choose=2)
    plan    = solve(problem, "max_cover")       # Plan: opened, closed, objective, bound, gap, status, audit

Decided: one problem type, one model family (``family``) whose numbered rules every method takes from; coverage is
reduced exactly before HiGHS sees it (``reduce``); p-median goes through interchange and Lagrangian relaxation, so that
HiGHS gets only what they leave open; p-center is a search over set covers. The auditor (``audit``) shares no code with
the solvers and runs on every plan before anybody sees it: a plan that fails it is never told. Absent pairs are out of
reach, never a large number; a row that no site reaches is left out and told.
Refused: a modelling language (pulp, pyomo: building a model takes longer than solving it), one class a problem with its
own variables. Look again when HiGHS takes user cuts in Python without a penalty.
"""

from lifezone.siting.audit import audit
from lifezone.siting.marginal import Marginal, marginal_coverage
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem, Quota, Service, serve
from lifezone.siting.solve import METHODS, UNITS, solve

__all__ = [
    "FREE", "METHODS", "SHUT", "STANDS", "UNITS", "Marginal", "Pairs", "Problem", "Quota", "Service", "audit",
    "marginal_coverage", "serve", "solve",
]  # fmt: skip
