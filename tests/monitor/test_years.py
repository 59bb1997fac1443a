"""Classes that are the same in all years, shapes on one scale."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifezone.monitor.breaks import year_classes
from lifezone.monitor.indicators.extinction_risk import INDICATOR
from lifezone.monitor.series import IndicatorInfo
from lifezone.monitor.years import year_shapes


def plain(direction="neither"):
    return IndicatorInfo("x", "가", "X", "", "status", direction, "", "", "")


def test_classes_of_an_indicator__are_kept_with_its_bounds():
    classes = year_classes(INDICATOR.info(), np.array([[0.1, 0.2], [0.5, 3.0]]))
    assert classes.breaks == (0.2, 0.5, 1.0, 1.5)
    assert classes.of(np.array([0.19, 0.2, 0.5, np.nan])).tolist() == [0, 1, 2, -1]
    assert classes.bad == 2
    assert classes.bad_is_low is True


def test_found_classes__hold_about_equally_many_figures_of_all_years():
    value = np.arange(100.0).reshape(50, 2)
    classes = year_classes(plain(), value)
    counts = np.bincount(classes.of(value).ravel())
    assert len(counts) == 5
    assert counts.min() >= 18
    assert not classes.published


def test_nought__is_a_bound_where_figures_lie_on_both_sides():
    classes = year_classes(plain("more"), np.linspace(-5, 20, 60)[:, None])
    assert 0.0 in classes.breaks
    assert classes.bad == classes.breaks.index(0.0) + 1
    assert year_classes(plain("less"), np.linspace(-5, 20, 60)[:, None]).bad == len(classes.breaks) + 1 - classes.bad


@pytest.mark.parametrize("value", [np.full((4, 2), 7.0), np.full((4, 2), np.nan), np.zeros((1, 1))])
def test_equal_or_missing_figures__are_one_class(value):
    classes = year_classes(plain("more"), value)
    assert classes.count == 1
    assert set(classes.of(value).ravel().tolist()) <= {0, -1}


def test_shapes__a_square_metre_is_the_same_number_of_people_in_every_year():
    boxes = shapely.box([0, 10_000], 0, [10_000, 20_000], 10_000)
    size = np.array([[1_000.0, 2_000.0, np.nan], [3_000.0, 6_000.0, np.nan]])
    shapes = year_shapes(np.asarray(boxes), ["a", "b"], size)
    assert shapes.cartograms[2] is None
    assert shapes.circles[2] is None
    for edition in (0, 1):
        polygons = shapes.polygons[edition]
        assert polygons is not None
        assert shapely.area(polygons) * shapes.figure_per_m2 == pytest.approx(size[:, edition], rel=0.01)
        circles = shapes.circles[edition]
        assert circles is not None
        assert np.pi * circles.radius_m**2 * 2 * shapes.figure_per_m2 == pytest.approx(size[:, edition], rel=0.02)
    assert shapes.take([1]).size.tolist() == [[2_000.0], [6_000.0]]
    assert shapes.worst_error <= 0.01
