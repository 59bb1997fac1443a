"""PySAL spopt and plain models of HiGHS give the same optima on medium questions on invented roads' scale."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.siting_rivals import has_spopt, plain_cover, plain_median, spopt_value
from lifezone.siting import FREE, Pairs, Problem, solve


@pytest.fixture(scope="module")
def plane():
    """60 demand points and 60 candidates; distances in the plane, whole people."""
    rng = np.random.default_rng(17)
    places, sites = rng.random((60, 2)), rng.random((60, 2))
    costs = np.round(np.sqrt(((places[:, None] - sites[None]) ** 2).sum(axis=2)) * 3600.0, 1)
    return costs, rng.integers(1, 500, 60).astype(float)


def ours(costs, people, method, bound, choose):
    row, site = np.nonzero(costs <= bound)
    pairs = Pairs.of(row, site, costs[row, site], *costs.shape)
    n = costs.shape[1]
    problem = Problem(pairs, people, np.zeros(n, np.bool_), np.full(n, FREE, np.int8), bound=bound, choose=choose)
    plan = solve(problem, method)
    assert plan.status == "optimal"
    return plan.objective


CASES = [("set_cover", 800.0, None), ("max_cover", 500.0, 6), ("p_median", np.inf, 5), ("p_center", np.inf, 5)]


@pytest.mark.parametrize(("method", "bound", "choose"), CASES[:3])
def test_solve__equals_a_plain_model_of_highs(plane, method, bound, choose):
    costs, people = plane
    if method == "p_median":
        expected = plain_median(costs, people, choose, 60.0)
    else:
        expected = plain_cover(method, costs, people, bound, choose or 0, 60.0)
    assert expected is not None
    assert ours(costs, people, method, bound, choose) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_max_cover__equals_a_plain_model_of_highs_on_several_hundred_points(seed):
    rng = np.random.default_rng(seed)
    places, sites = rng.random((300, 2)), rng.random((250, 2))
    costs = np.sqrt(((places[:, None] - sites[None]) ** 2).sum(axis=2))
    people = rng.integers(1, 500, 300).astype(float)
    expected = plain_cover("max_cover", costs, people, 0.1, 12, 60.0)
    assert ours(costs, people, "max_cover", 0.1, 12) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("method", "bound", "choose"), CASES)
@pytest.mark.filterwarnings("ignore")
def test_solve__equals_spopt(plane, method, bound, choose):
    if not has_spopt():
        pytest.skip('spopt and PuLP are not installed: pip install "lifezone[peers]"')
    costs, people = plane
    if method == "p_center":
        costs = costs[:25, :12]
        people = people[:25]
    expected = spopt_value(method, costs, people, bound, choose or 0, 60.0)
    assert expected is not None
    assert ours(costs, people, method, bound, choose) == pytest.approx(expected, rel=1e-6)
