"""Desert-first against all sets of sites, and against a full run of the plan's world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.run import run
from lifezone.siting import FREE, Pairs, audit, solve
from lifezone.siting.deserts import Anchor, Cure, Part
from tests.siting.instances import random_problem
from tests.siting.test_goals import all_choices


def random_cure(rng, n_cells, n_sites, *, allow_losses):
    """Three or four functions with one or two anchors; some need two facilities, some two kinds."""
    n_functions = int(rng.integers(3, 5))
    anchors = []
    for function in range(n_functions):
        for _ in range(int(rng.integers(1, 3))):
            parts = []
            for _ in range(int(rng.integers(1, 3))):
                row, site = np.nonzero(rng.random((n_cells, n_sites)) < 0.3)
                pairs = Pairs.of(row.astype(np.int32), site.astype(np.int32), np.zeros(len(row)), n_cells, n_sites)
                parts.append(Part(pairs, (rng.random(n_cells) < 0.2).astype(np.int32)))
            anchors.append(Anchor(function, rng.random(n_cells) < 0.8, int(rng.integers(1, 3)), tuple(parts)))
    must = tuple(np.flatnonzero(rng.random(n_functions) < 0.5).tolist())
    people = rng.integers(0, 9, n_cells).astype(float)
    return Cure(people, tuple(anchors), n_functions, int(rng.integers(1, 3)), must, allow_losses)


def in_deserts(cure, stands):
    """D1, cell by cell: lost when judged by an anchor and no anchor is met."""
    found = []
    for cell in range(len(cure.people)):
        lost = set()
        for function in range(cure.n_functions):
            verdicts = []
            for anchor in cure.anchors:
                if anchor.function == function and anchor.judged[cell]:
                    counts = [
                        part.others[cell] + sum(stands[j] for i, j in zip(part.pairs.row, part.pairs.site, strict=True)
                                                if i == cell)
                        for part in anchor.parts
                    ]  # fmt: skip
                    verdicts.append(all(count >= anchor.nearest for count in counts))
            if verdicts and not any(verdicts):
                lost.add(function)
        found.append(len(lost) >= cure.at_least and (not cure.must_have or bool(lost & set(cure.must_have))))
    return np.array(found)


@pytest.mark.parametrize("seed", range(10))
def test_desert_first__equals_the_best_of_all_sets(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_rows=8, n_sites=6, n_open=seed % 3, choose=2)
    if seed % 4 == 1:
        problem = problem.with_fixed(np.full(6, FREE, np.int8))
    if seed % 4 == 2:
        problem = replace(problem, open_cost=rng.integers(1, 9, 6).astype(float), budget=8.0, at_most=True)
    cure = random_cure(rng, 8, 6, allow_losses=seed % 8 == 1)
    problem = replace(problem, cure=cure)
    today = in_deserts(cure, problem.open_now)
    values = []
    for stands in all_choices(problem):
        then = in_deserts(cure, stands)
        if cure.allow_losses or not (then & ~today).any():
            values.append(float(cure.people[today].sum() - cure.people[then].sum()))
    plan = solve(problem, "desert_first")
    if not values:
        assert plan.status == "infeasible"
    else:
        assert (plan.status, plan.objective, plan.bound) == ("optimal", max(values), max(values))
        told = replace(plan, objective=plan.objective + 1, bound=plan.bound + 1)
        assert "objective" in [claim.what for claim in audit(problem, told) if not claim.ok]


STUDY = """
name: Out of the desert
seed: 1
area:
  network: {type: synthetic, size: county}
  districts: {type: synthetic}
demand: {type: synthetic}
facilities:
  - {type: synthetic}
standard:
  extends: kr-county
  requirements:
    - {id: clinic_car, kind: clinic, mode: car, bound: 15 min}
  desert:
    functions:
      medical: [clinic_car]
      shopping: [urban_retail, rural_retail]
      education: [urban_elementary, rural_school]
      leisure: [urban_small_library, rural_culture]
variants:
  - name: lifted
    siting: {kind: clinic, method: desert_first, choose: 2, candidates: {type: nodes_of, way: [secondary]}}
output: {layers: [], maps: false}
"""


def test_desert_first__lifts_whom_a_full_run_finds_lifted(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    before, after = run(path).variants
    total = before.world.demand.total
    lifted = float(total[before.assessment.desert >= 0].sum() - total[after.assessment.desert >= 0].sum())
    plan = after.planned.plan
    assert plan.status == "optimal"
    assert lifted > 0
    assert plan.objective == pytest.approx(lifted, rel=1e-9)
