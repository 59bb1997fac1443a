"""Compact city: gradients of towns with a known density, shares and growth by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifezone.model.compact import Centre, Year
from lifezone.zoning.compact import densest, footprint_of, gradient_of, hollowing, sprawl_of


def exponential_town(per_km, at_centre=8000.0, cell_m=50.0, half=120):
    """A round town whose density is at_centre · exp(−per_km · r)."""
    axis = (np.arange(-half, half) + 0.5) * cell_m
    x, y = (one.ravel() for one in np.meshgrid(axis, axis))
    r_km = np.hypot(x, y) / 1e3
    people = at_centre * np.exp(-per_km * r_km) * cell_m**2 / 1e6
    keep = r_km < half * cell_m / 1e3
    return x[keep], y[keep], people[keep]


@pytest.mark.parametrize("per_km", [0.2, 0.6, 1.1])
def test_gradient__of_a_town_with_known_density(per_km):
    x, y, people = exponential_town(per_km)
    found = gradient_of(x, y, people, Centre(0.0, 0.0))
    assert found.per_km == pytest.approx(per_km, rel=0.01)
    assert found.at_centre == pytest.approx(8000.0, rel=0.02)
    assert found.fit > 0.999
    inside = np.hypot(x, y) <= found.half_m
    assert people[inside].sum() / people.sum() == pytest.approx(0.5, abs=0.01)


def test_gradient__of_half_a_town_by_the_sea_is_that_of_the_whole():
    x, y, people = exponential_town(0.6)
    land = x > 0
    coast = shapely.box(0.0, -20_000.0, 20_000.0, 20_000.0)
    found = gradient_of(x[land], y[land], people[land], Centre(0.0, 0.0), area=coast)
    assert found.per_km == pytest.approx(0.6, rel=0.01)
    assert found.at_centre == pytest.approx(8000.0, rel=0.02)
    rings = gradient_of(x[land], y[land], people[land], Centre(0.0, 0.0))
    assert rings.at_centre == pytest.approx(4000.0, rel=0.02)  # whole rings would see half the density


def test_gradient__of_a_ring_road_suburb_rises():
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    x = np.concatenate([r * np.cos(angle) for r in (250.0, 750.0, 1250.0)])
    y = np.concatenate([r * np.sin(angle) for r in (250.0, 750.0, 1250.0)])
    people = np.repeat([1.0, 9.0, 60.0], 60)
    assert gradient_of(x, y, people, Centre(0.0, 0.0)).per_km < 0


def test_gradient__needs_three_rings():
    found = gradient_of(np.array([0.0, 600.0]), np.zeros(2), np.array([5.0, 5.0]), Centre(0.0, 0.0))
    assert np.isnan([found.at_centre, found.per_km, found.fit]).all()
    assert found.half_m == 0.0
    assert np.isnan(gradient_of(np.zeros(3), np.zeros(3), np.zeros(3), Centre(0.0, 0.0)).half_m)


def test_densest__is_where_most_people_live_around_and_does_not_depend_on_the_order():
    x = np.array([0.0, 100.0, 5000.0, 5100.0, 9000.0])
    people = np.array([50.0, 40.0, 30.0, 70.0, 95.0])
    y = np.zeros(5)
    assert densest(x, y, people, radius_m=500.0) == Centre(5000.0, 0.0)
    assert densest(x[::-1], y, people[::-1], radius_m=500.0) == Centre(5000.0, 0.0)
    assert densest(x, y, people, radius_m=50.0) == Centre(9000.0, 0.0)


def test_footprint__counts_cells_from_the_density_on():
    area, built = footprint_of(np.array([15.0, 14.999, 100.0, 0.0]), 100.0)
    assert built.tolist() == [True, False, True, False]
    assert area == pytest.approx(0.02)


def test_hollowing__is_the_share_against_the_first_year():
    years = [Year(2000, 100_000, 40_000, 10), Year(2010, 120_000, 36_000, 14), Year(2020, 90_000, 18_000, 15)]
    assert hollowing(years) == pytest.approx([1.0, 0.75, 0.5])
    assert hollowing([]) == []


@pytest.mark.parametrize(
    ("people", "land", "name"),
    [
        ((100.0, 121.0), (10.0, 11.0), "compact"),
        ((100.0, 110.0), (10.0, 12.1), "sprawling"),
        ((100.0, 90.0), (10.0, 12.0), "growing without people"),
        ((100.0, 90.0), (10.0, 10.0), "shrinking"),
        ((100.0, 100.0), (10.0, 10.0), "stable"),
    ],
)
def test_sprawl__by_hand(people, land, name):
    found = sprawl_of(Year(2000, people[0], 0, land[0]), Year(2010, people[1], 0, land[1]))
    assert found.name == name
    assert found.land == pytest.approx(np.log(land[1] / land[0]) / 10)
    if name == "sprawling":
        assert found.ratio == pytest.approx(2.0)
    elif name == "compact":
        assert found.ratio == pytest.approx(0.5)
    else:
        assert np.isnan(found.ratio)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Year(2000, 100.0, 0, float("nan")), Year(2010, 200.0, 0, float("nan"))),  # points have no footprint
        (Year(2000, 100.0, 0, 10.0), Year(2010, 0.0, 0, 10.0)),
        (Year(2000, 100.0, 0, 10.0), Year(2000, 110.0, 0, 10.0)),  # two variants of one year
    ],
)
def test_sprawl__is_unknown_without_people_land_or_years_between(before, after):
    found = sprawl_of(before, after)
    assert found.name == "unknown"
    assert np.isnan(found.ratio)
