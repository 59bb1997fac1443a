"""Mixed-integer models for HiGHS: columns and rows are added in blocks of arrays, never one by one.

HiGHS (Huangfu and Hall 2018, *Parallelizing the dual revised simplex method*) solves; this file only hands the model
over, starts it from a known answer, tells progress, and stops it with its best answer at a time limit or Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lifezone.errors import LifezoneError
from lifezone.model import Floats, Ints, Longs
from lifezone.siting.stop import stopping

__all__ = ["Model", "Solved", "Tell"]

Tell = Callable[[float, float], None]
"""Called with (incumbent, bound) whenever one of them moves."""
_TOLERANCE: Final = 1e-9
"""Relative gap at which an answer counts as proved; sums of people are far coarser."""
_LISTEN_S: Final = 0.1
"""Seconds between two looks at whether to stop."""


@dataclass(frozen=True, eq=False)
class Solved:
    """What HiGHS found.

    Attributes:
        status: ``optimal``, ``feasible`` (stopped early), ``infeasible``, or ``unknown`` (stopped without an answer).
        x: f64[columns] values, empty without an answer.
        objective: value at ``x``.
        bound: nothing better exists.
    """

    status: str
    x: Floats
    objective: float
    bound: float


@dataclass
class Model:
    """A minimisation (or maximisation) being put together."""

    maximise: bool = False
    offset: float = 0.0
    """Added to the objective: what was settled before."""
    _cost: list[Floats] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)
    _integer: list[np.ndarray] = field(default_factory=list)
    _more: list[tuple[Longs, Floats]] = field(default_factory=list)
    _row: list[Longs] = field(default_factory=list)
    _column: list[Longs] = field(default_factory=list)
    _value: list[Floats] = field(default_factory=list)
    _row_low: list[Floats] = field(default_factory=list)
    _row_high: list[Floats] = field(default_factory=list)
    n_columns: int = 0
    n_rows: int = 0

    def columns(
        self, n: int, *, cost: Floats | float = 0.0, low: Floats | float = 0.0, high: Floats | float = 1.0,
        integer: bool = False,
    ) -> Ints:  # fmt: skip
        """Add n variables and return their positions."""
        for stored, value in ((self._cost, cost), (self._low, low), (self._high, high)):
            stored.append(np.broadcast_to(np.asarray(value, np.float64), (n,)))
        self._integer.append(np.full(n, integer))
        at = np.arange(self.n_columns, self.n_columns + n, dtype=np.int32)
        self.n_columns += n
        return at

    def more_cost(self, column: Ints | Longs, value: Floats) -> None:
        """Add to the costs of columns; of a column named twice both count."""
        self._more.append((np.asarray(column, np.int64), value))

    def rows(
        self, n: int, row: Ints | Longs, column: Ints | Longs, value: Floats | float,
        *, low: Floats | float = -np.inf, high: Floats | float = np.inf,
    ) -> Ints:  # fmt: skip
        """Add n rows ``low ≤ Σ value·column ≤ high`` from triplets, ``row`` counted from 0; return their positions."""
        at = np.arange(self.n_rows, self.n_rows + n, dtype=np.int32)
        self._row.append(np.asarray(row, np.int64) + self.n_rows)
        self._column.append(np.asarray(column, np.int64))
        self._value.append(np.broadcast_to(np.asarray(value, np.float64), (len(row),)))
        for stored, limit in ((self._row_low, low), (self._row_high, high)):
            stored.append(np.broadcast_to(np.asarray(limit, np.float64), (n,)))
        self.n_rows += n
        return at

    def row(self, column: Ints | Longs, value: Floats | float, *, low: float = -np.inf, high: float = np.inf) -> None:
        """Add one row."""
        self.rows(1, np.zeros(len(column), np.int64), column, value, low=low, high=high)

    def forget_goal(self) -> None:
        """Ask only whether anything fits."""
        self._cost, self._more, self.offset = [np.zeros(self.n_columns)], [], 0.0

    def never(self) -> None:
        """Add a row that nothing fits."""
        self.rows(1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), low=1.0)

    def solve(
        self, *, time_limit: float | None = None, start: Floats | None = None, tell: Tell | None = None,
        relax: bool = False, seed: int = 0, settled: Floats | None = None, stops: bool = True,
    ) -> Solved:  # fmt: skip
        """Hand the model to HiGHS.

        Args:
            time_limit: seconds; the best answer so far is returned with its bound.
            start: f64[columns] a known answer to start from; NaN where it says nothing.
            tell: told of every better answer and bound.
            relax: solve the linear relaxation.
            settled: f64[columns] values that columns must have; NaN where they are free.
            stops: when somebody asks for the best answer so far.
            seed: of HiGHS; the same model, limit and seed give the same answer unless the time limit cuts it.
        """
        if self.n_columns == 0:
            fits = all(
                (low <= 0).all() and (high >= 0).all() for low, high in zip(self._row_low, self._row_high, strict=True)
            )
            return Solved("optimal" if fits else "infeasible", np.empty(0), self.offset, self.offset)
        solver = self._handed_over(relax=relax)
        solver.setOptionValue("random_seed", seed % 2**31)
        if settled is not None:
            known = np.flatnonzero(~np.isnan(settled)).astype(np.int32)
            solver.changeColsBounds(len(known), known, settled[known], settled[known])
        if time_limit is not None:
            solver.setOptionValue("time_limit", max(float(time_limit), 0.01))
        if start is not None and not relax:
            _set_start(solver, start)
        if tell is not None and not relax:
            solver.cbMipLogging.subscribe(
                lambda event: tell(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
            )
        _run(solver, stops=stops)
        return _read(solver, relax=relax, maximise=self.maximise)

    @property
    def costs(self) -> Floats:
        """f64[columns] the costs, later additions included."""
        cost = np.concatenate(self._cost)
        for column, value in self._more:
            cost += np.bincount(column, weights=value, minlength=len(cost))
        return np.asarray(cost, np.float64)

    def _handed_over(self, *, relax: bool) -> Any:
        """Return HiGHS holding the model."""
        import highspy  # noqa: PLC0415
        from scipy.sparse import csc_matrix  # noqa: PLC0415

        row, column, value = (np.concatenate(x) if x else np.empty(0) for x in (self._row, self._column, self._value))
        matrix = csc_matrix(
            (value, (row.astype(np.int64), column.astype(np.int64))), shape=(self.n_rows, self.n_columns)
        )
        lp: Any = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.n_columns, self.n_rows
        lp.sense_ = highspy.ObjSense.kMaximize if self.maximise else highspy.ObjSense.kMinimize
        lp.col_cost_, lp.offset_ = self.costs, self.offset
        lp.col_lower_, lp.col_upper_ = np.concatenate(self._low), np.concatenate(self._high)
        lp.row_lower_ = np.concatenate(self._row_low) if self._row_low else np.empty(0)
        lp.row_upper_ = np.concatenate(self._row_high) if self._row_high else np.empty(0)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        if not relax:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(is_integer)] for is_integer in np.concatenate(self._integer).tolist()]
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, setting in (
            ("output_flag", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6), ("threads", 1),
        ):  # fmt: skip
            solver.setOptionValue(option, setting)
        if solver.passModel(lp) == highspy.HighsStatus.kError:
            raise LifezoneError("the solver refused the model: please report this scenario")
        return solver


def _run(solver: Any, *, stops: bool) -> None:
    """Solve beside this thread, which stops the solver when somebody asks for the best answer so far."""
    solver.HandleUserInterrupt = True
    solver.startSolve()
    try:
        while not solver.wait(_LISTEN_S)[0]:
            if stops and stopping():
                solver.cancelSolve()
    except KeyboardInterrupt:
        solver.cancelSolve()
        while not solver.wait(_LISTEN_S)[0]:
            pass
        raise


def _set_start(solver: Any, start: Floats) -> None:
    """Start from a known answer, which may leave variables open."""
    known = np.flatnonzero(~np.isnan(start)).astype(np.int32)
    solver.setSolution(len(known), known, start[known])


def _read(solver: Any, *, relax: bool, maximise: bool) -> Solved:
    """Return what was found."""
    import highspy  # noqa: PLC0415

    status, info = solver.getModelStatus(), solver.getInfo()
    none = -np.inf if maximise else np.inf
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Solved("infeasible", np.empty(0), none, none)
    has_answer = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.asarray(solver.getSolution().col_value) if has_answer else np.empty(0)
    objective = info.objective_function_value if has_answer else none
    proved = status == highspy.HighsModelStatus.kOptimal
    bound = objective if relax or (proved and not info.mip_dual_bound) else info.mip_dual_bound
    if relax and not proved:
        bound = -none
    if proved and abs(objective - bound) <= _TOLERANCE * max(1.0, abs(objective)):
        bound = objective
    return Solved("optimal" if proved else "feasible" if has_answer else "unknown", x, float(objective), float(bound))
