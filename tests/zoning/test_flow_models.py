"""Gravity and radiation against closed forms, balance and their papers' own properties."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import SolveError
from lifezone.zoning.gravity import balanced, fit_decay, gravity, mean_trip
from lifezone.zoning.radiation import radiation


def country(count=30, seed=2):
    rng = np.random.default_rng(seed)
    place = rng.random((count, 2)) * 100
    far = np.hypot(*(place[:, None] - place[None, :]).T)
    np.fill_diagonal(far, 2.0)
    out, come = rng.lognormal(8, 1, count), rng.lognormal(8, 1, count)
    return out, come * out.sum() / come.sum(), far


def test_gravity__without_decay_is_independence():
    out, come, far = country()
    assert gravity(out, come, far, 0.0) == pytest.approx(out[:, None] * come[None, :] / out.sum())


def test_gravity__two_by_two_has_a_closed_form():
    # all totals 1: T = [[p, 1−p], [1−p, p]] with p²/(1−p)² = f(c11) f(c22) / (f(c12) f(c21)) = e^{2β(3−1)}
    one = np.ones(2)
    far = np.array([[1.0, 3.0], [3.0, 1.0]])
    share = 1 / (1 + np.exp(-0.4 * 2))
    assert gravity(one, one, far, 0.4) == pytest.approx(np.array([[share, 1 - share], [1 - share, share]]))


@pytest.mark.parametrize("decay", ["exponential", "power"])
def test_gravity__totals_are_met_and_the_decay_is_found_again(decay):
    out, come, far = country()
    beta = 0.08 if decay == "exponential" else 1.7
    flows = gravity(out, come, far, beta, decay)
    assert flows.sum(axis=1) == pytest.approx(out)
    assert flows.sum(axis=0) == pytest.approx(come)
    found = fit_decay(out, come, far, mean_trip(flows, far, decay), decay)
    assert found.beta == pytest.approx(beta, rel=1e-6)
    assert found.flows == pytest.approx(flows, rel=1e-5)


def test_gravity__the_fit_is_the_poisson_likelihoods_maximum():
    out, come, far = country(12)
    observed = np.random.default_rng(4).poisson(gravity(out, come, far, 0.05)).astype(float)
    rows, columns = observed.sum(axis=1), observed.sum(axis=0)
    best = fit_decay(rows, columns, far, mean_trip(observed, far)).beta

    def likelihood(beta):
        model = gravity(rows, columns, far, beta)
        return (observed * np.log(model) - model).sum()

    assert likelihood(best) > max(likelihood(best * 0.98), likelihood(best * 1.02))


def test_gravity__a_strong_decay_does_not_underflow():
    out, _, far = country()
    np.fill_diagonal(far, 0.0)
    flows = gravity(out, out, far, 400.0)
    assert np.isfinite(flows).all()
    assert np.diagonal(flows) == pytest.approx(out)


def test_gravity__what_cannot_be_met_is_an_error():
    with pytest.raises(SolveError, match="totals"):
        balanced(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    with pytest.raises(SolveError, match="totals"):
        balanced(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([9.0, 1.0]), np.array([1.0, 9.0]))
    out, come, far = country()
    with pytest.raises(SolveError, match="longer"):
        fit_decay(out, come, far, 1e6)
    with pytest.raises(SolveError, match="shorter"):
        fit_decay(out, come, far, 1e-9)


def test_radiation__two_districts_have_a_closed_form():
    # with two districts everybody who leaves goes to the other one
    flows = radiation(np.array([10.0, 20.0]), np.array([3.0, 7.0]), np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert flows == pytest.approx(np.array([[0, 10], [20, 0]]))


def test_radiation__is_the_published_formula():
    offer, leaving = np.array([10.0, 20.0, 30.0, 40.0]), np.array([1.0, 1.0, 1.0, 1.0])
    far = np.abs(np.array([0.0, 1.0, 3.0, 6.0])[:, None] - np.array([0.0, 1.0, 3.0, 6.0])[None, :])
    flows = radiation(leaving, offer, far)
    # from the first: s = 0, 20, 50
    expected = np.array([10 * 20 / (10 * 30), 10 * 30 / (30 * 60), 10 * 40 / (60 * 100)]) / (1 - 10 / 100)
    assert flows[0, 1:] == pytest.approx(expected)
    assert flows.sum(axis=1) == pytest.approx(leaving)  # of a finite country, every row adds up
    assert np.diagonal(flows).tolist() == [0] * 4


def test_radiation__rows_add_up_and_those_who_stay_stay():
    out, offer, far = country()
    stay = out / 2
    flows = radiation(out, offer, far, stay)
    assert flows.sum(axis=1) == pytest.approx(out + stay)
    assert np.diagonal(flows) == pytest.approx(stay)
