"""Every method under every mix of rules against trying all sets of sites, and what is said when none fits."""

from __future__ import annotations

import pytest

from lifezone.siting import solve
from tests.siting.enumeration import best
from tests.siting.mixes import METHODS, draw


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(9))
def test_every_mix__has_the_best_value_of_all_sets_of_sites(seed, method):
    problem, share = draw(seed, method)
    wanted = best(problem, method, share)
    plan = solve(problem, method, **({"share": share} if method == "set_cover" else {}))
    if wanted is None:
        assert plan.status == "infeasible"
        assert plan.reasons
        assert len(plan.reasons) == len(plan.reasons_ko)
        return
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(wanted, abs=1e-6)
    assert all(claim.ok for claim in plan.audit)
