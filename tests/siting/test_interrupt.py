"""Ctrl-C while a question is solved: the best plan is kept, and a second one leaves nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from lifezone.siting import Problem, solve
from lifezone.siting.stop import Clock, keeps_best, stopping
from tests.siting.studies import write_study
from tests.siting.test_nearest import places

ROOT = Path(__file__).parents[2]
HARD = "method: p_median, choose: 15, capacity: true"


def started(path, out):
    command = [sys.executable, "-m", "lifezone", "siting", str(path), "--out", str(out)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "300"}
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                            encoding="utf-8", env=environment)  # fmt: skip


def read_until(process, words):
    """Read what the program says until a line holds the words."""
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"the program ended without saying {words!r}")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_interrupt__the_first_one_writes_the_best_plan_with_bound_and_gap(tmp_path):
    path = write_study(tmp_path, HARD, n_rows=300, n_sites=100, capacity=700)
    with started(path, tmp_path / "out") as process:
        read_until(process, "best ")
        process.send_signal(signal.SIGINT)
        read_until(process, "stopping: the best plan so far is kept")
        said, _ = process.communicate()
    assert process.returncode == 0
    plan = json.loads((tmp_path / "out" / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "feasible"
    assert len(plan["opened"]) == 15
    assert 0 < plan["bound"] < plan["objective"]
    assert plan["gap"] == pytest.approx((plan["objective"] - plan["bound"]) / plan["objective"])
    assert all(claim["ok"] for claim in plan["audit"])
    assert "stopped by Ctrl-C" in plan["reasons"][0]
    assert "stopped by Ctrl-C" in said


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_interrupt__a_second_one_leaves_nothing_half_written(tmp_path):
    path = write_study(tmp_path, HARD, n_rows=300, n_sites=100, capacity=700)
    with started(path, tmp_path / "out") as process:
        read_until(process, "best ")
        process.send_signal(signal.SIGINT)
        read_until(process, "stopping: the best plan so far is kept")
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode in (0, 1)  # 0 when the solver was quicker than the second Ctrl-C
    assert (tmp_path / "out").exists() == (process.returncode == 0)
    left = {entry.name for entry in tmp_path.iterdir()} - {"out"}
    assert left == {"people.csv", "clinics.csv", "pairs.csv", "study.yaml"}


def test_interrupt__a_handler_is_given_back_and_a_second_signal_is_an_interrupt():
    before, asked, told = signal.getsignal(signal.SIGINT), threading.Event(), []
    with keeps_best(asked, lambda: told.append(1)):
        signal.raise_signal(signal.SIGINT)
        assert stopping()
        assert Clock(60.0).left_s() == 0.0
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    assert told == [1]
    assert not stopping()


@pytest.mark.parametrize("method", ["p_median", "p_center", "max_cover", "set_cover", "backup_cover", "close"])
@pytest.mark.parametrize("rules", ["plain", "capacity", "budget"])
def test_time_limit__no_time_at_all_still_gives_a_plan_a_bound_and_a_gap(method, rules):
    n_rows, n_sites, people = 120, 40, np.random.default_rng(3).integers(1, 9, 120).astype(float)
    old = np.arange(n_sites) < 20
    fixed = np.where(old & (method != "close"), 1, -1).astype(np.int8)
    limits = {"capacity": np.full(n_sites, 110.0)} if rules == "capacity" else {}
    if rules == "budget":
        limits = {"open_cost": np.full(n_sites, 2.0), "close_cost": np.full(n_sites, 2.0), "budget": 30.0}
    choose = None if method in ("set_cover", "backup_cover") else 8
    problem = Problem(places(1, n_rows, n_sites), people, old, fixed, bound=1500.0, choose=choose, **limits)
    asked = threading.Event()
    asked.set()
    with keeps_best(asked, lambda: None):
        plan = solve(problem, method, time_limit=600.0)
    assert plan.status in ("optimal", "feasible")
    assert np.isfinite([plan.objective, plan.bound, plan.gap]).all()
    assert all(claim.ok for claim in plan.audit)
