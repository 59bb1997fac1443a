"""Thresholds fitted to where facilities are: closed forms, a general optimiser, and data made by known laws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from lifezone.zoning.presence import fit_logit, fit_ordered_probit, fits_of


def two_sizes(n=100, low=1000.0, high=4000.0, with_low=20, with_high=70):
    people = np.repeat([low, high], n)
    has_one = np.concatenate([np.arange(n) < with_low, np.arange(n) < with_high])
    return people, has_one


def test_logit__two_sizes_have_a_closed_form() -> None:
    people, has_one = two_sizes()
    fit = fit_logit(people, has_one)
    logits = np.log([20 / 80, 70 / 30])
    slope = (logits[1] - logits[0]) / np.log(4)
    intercept = logits[0] - slope * np.log(1000)
    assert fit.b == pytest.approx(slope)
    assert fit.a == pytest.approx(intercept)
    assert fit.n50 == pytest.approx(np.exp(-intercept / slope))
    # variance of a log odds is 1/with + 1/without
    variances = np.array([1 / 20 + 1 / 80, 1 / 70 + 1 / 30])
    assert fit.var_b == pytest.approx(variances.sum() / np.log(4) ** 2)
    x = np.log([1000, 4000])
    assert fit.var_a == pytest.approx((variances * np.array([x[1], x[0]]) ** 2).sum() / np.log(4) ** 2)
    assert fit.cov == pytest.approx(-(variances * np.array([x[1], x[0]])).sum() / np.log(4) ** 2)


def test_logit__interval_holds_the_sizes_that_the_data_does_not_refuse() -> None:
    people, has_one = two_sizes()
    fit = fit_logit(people, has_one)
    low, high = fit.interval()
    assert low < fit.n50 < high
    for end in (low, high):  # Fieller: the line at the end is 1.96 standard errors from zero
        x = np.log(end)
        error = np.sqrt(fit.var_a + 2 * x * fit.cov + x * x * fit.var_b)
        assert abs(fit.a + fit.b * x) / error == pytest.approx(1.959964, abs=1e-5)


def test_logit__few_districts_set_no_upper_end() -> None:
    people, has_one = two_sizes(n=5, with_low=2, with_high=3)
    assert fit_logit(people, has_one).interval() == (0.0, float("inf"))


def test_logit__agrees_with_a_general_optimiser() -> None:
    rng = np.random.default_rng(3)
    people = np.exp(rng.normal(8, 1, 243))
    has_one = rng.random(243) < 1 / (1 + np.exp(-1.7 * (np.log(people) - 8.2)))

    def loss(beta):
        line = beta[0] + beta[1] * np.log(people)
        return np.logaddexp(0, line).sum() - line[has_one].sum()

    found = minimize(loss, [0, 0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 10_000})
    fit = fit_logit(people, has_one)
    assert [fit.a, fit.b] == pytest.approx(found.x, rel=1e-5)
    assert fit.n50 == pytest.approx(np.exp(8.2), rel=0.2)


def test_logit__a_size_that_divides_all_is_told_as_the_gap() -> None:
    people = np.array([500.0, 800, 1000, 4000, 6000])
    assert fit_logit(people, people > 2000) is None
    (fit,) = fits_of(people, (people > 2000).astype(np.int64))
    assert (fit.low, fit.high) == (1000, 4000)
    assert fit.people == pytest.approx(2000)


def test_logit__nothing_is_said_where_presence_falls_with_size() -> None:
    people, has_one = two_sizes(with_low=70, with_high=20)
    fit = fits_of(people, has_one.astype(np.int64))[0]
    assert np.isnan(fit.people)


def exact_sample(cuts, beta, sizes, n):
    """Towns of a few sizes with the very shares that an ordered probit gives."""
    people, count = [], []
    for size in sizes:
        edges = np.concatenate([[0.0], ndtr(np.array(cuts) - beta * np.log(size)), [1.0]])
        for k, share in enumerate(np.diff(edges)):
            times = round(n * share)
            people += [size] * times
            count += [k] * times
    return np.array(people, float), np.array(count)


def test_ordered_probit__finds_the_law_that_made_the_data() -> None:
    thresholds = np.array([880.0, 3490.0, 5780.0])
    beta = 1.4
    people, count = exact_sample(beta * np.log(thresholds), beta, [500, 1000, 2500, 6000, 12_000], 20_000)
    value, _covariance = fit_ordered_probit(people, count)
    assert value[-1] == pytest.approx(beta, rel=2e-3)
    assert np.exp(value[:-1] / value[-1]) == pytest.approx(thresholds, rel=2e-3)
    told = {fit.providers: fit for fit in fits_of(people, count) if fit.method == "ordered_probit"}
    assert told[2].people == pytest.approx(3490, rel=2e-3)
    assert told[2].low < 3490 < told[2].high


def test_ordered_probit__two_classes_and_two_sizes_have_a_closed_form() -> None:
    people, has_one = two_sizes()
    value, covariance = fit_ordered_probit(people, has_one.astype(np.int64), most=1)
    z = ndtri([0.2, 0.7])
    slope = (z[1] - z[0]) / np.log(4)
    assert value == pytest.approx([slope * np.log(1000) - z[0], slope], rel=1e-5)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    variances = np.array([0.2 * 0.8, 0.7 * 0.3]) / 100 / density**2
    assert covariance[1, 1] == pytest.approx(variances.sum() / np.log(4) ** 2, rel=1e-4)


def test_fits__districts_without_people_are_left_out() -> None:
    people, has_one = two_sizes()
    more = np.append(people, [0.0, 0.0])
    count = np.append(has_one.astype(np.int64), [1, 0])
    assert fits_of(more, count)[0] == fits_of(people, has_one.astype(np.int64))[0]
