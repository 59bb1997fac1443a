"""Speeds on slopes against closed forms: Tobler's published values, Parkin and Rotheram's lines."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.routing.gradients import LEAST, MOST, bicycle_share, tobler_share


@pytest.mark.parametrize(
    ("slope", "kmh"),
    [(0.0, 5.0367), (-0.05, 6.0), (0.05, 4.2281), (0.1, 3.5493), (-0.1, 5.0367), (0.3, 1.7626), (-0.3, 2.5012)],
)
def test_tobler__gives_the_speeds_of_the_hiking_function(slope, kmh):
    # 6·exp(−3.5·|s + 0.05|): on the flat 6·exp(−0.175) = 5.0367 km/h
    flat = 6.0 * np.exp(-0.175)
    assert flat * tobler_share(np.array([slope]))[0] == pytest.approx(kmh, abs=6e-5)


def test_tobler__is_steepest_where_terrain_models_err():
    share = tobler_share(np.array([0.5, 0.9, 5.0]))
    assert share[0] == share[1] == share[2] == pytest.approx(np.exp(-3.5 * 0.5))


def test_bicycle__follows_the_measured_lines_and_is_pushed_where_that_is_quicker():
    none = np.zeros(6)
    share = bicycle_share(np.array([0.0, 0.01, -0.01, 0.05, -0.2, 0.3]), none)
    expected = [1.0, (21.6 - 1.44) / 21.6, (21.6 + 0.86) / 21.6, (21.6 - 7.2) / 21.6, MOST, LEAST]
    np.testing.assert_allclose(share, expected, rtol=1e-12)
    # riding 15, walking 3 km/h: at 14 % riding is down to 1 − 0.933, pushing goes at 0.2·exp(−3.5·0.14)
    pushed = bicycle_share(np.array([0.14]), np.array([0.2]))[0]
    assert pushed == pytest.approx(0.2 * np.exp(-3.5 * 0.14))
