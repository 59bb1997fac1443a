"""Tiles keep neighbours, circles do not overlap and keep proportions; both the same each time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.monitor.circles import circles
from lifezone.monitor.neighbours import directions_kept
from lifezone.monitor.tiles import tiles
from tests.monitor.test_cartogram import cells_of


def board(columns=4, rows=3, side=10_000.0):
    return np.array([
        shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side) for y in range(rows) for x in range(columns)
    ])  # fmt: skip


def test_a_board_of_squares__is_its_own_tile_map():
    placed = tiles(board(), grid="square")
    assert placed.neighbours_kept == 1.0
    assert placed.directions_kept == 1.0
    assert placed.side_m == pytest.approx(10_000.0)
    away = placed.at - placed.at[0]
    assert away == pytest.approx(np.array([(10_000.0 * (k % 4), 10_000.0 * (k // 4)) for k in range(12)]))


@pytest.mark.parametrize("grid", ["hexagon", "square"])
def test_tiles__are_all_alike_never_share_a_place_and_keep_most_neighbours(grid):
    shapes = cells_of(40)
    placed = tiles(shapes, grid=grid)
    assert shapely.area(placed.polygons) == pytest.approx(shapely.area(shapes).mean())
    assert shapely.union_all(placed.polygons).area == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)
    assert placed.neighbours_kept > (0.7 if grid == "hexagon" else 0.8)
    assert placed.directions_kept > 0.75
    assert placed.moved_sides < 0.8
    assert (tiles(shapes, grid=grid).at == placed.at).all()


def test_one_district__is_one_tile():
    placed = tiles(board(1, 1))
    assert placed.polygons[0].area == pytest.approx(1e8)
    assert np.isnan(placed.neighbours_kept)


def test_no_district__is_a_fault():
    with pytest.raises(InputError, match="tiles"):
        tiles(np.array([], dtype=object))


def test_directions__turned_by_at_most_45_degrees_are_kept():
    before = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    after = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
    assert directions_kept(before, after, np.array([[0, 1], [0, 2]])) == 0.5


def test_circles__do_not_overlap_and_areas_are_in_proportion():
    chance = np.random.default_rng(3)
    place, figure = chance.random((50, 2)) * 1e5, np.exp(chance.normal(10, 1.2, 50))
    drawn = circles(place, figure, 1e10)
    assert drawn.radius_m**2 / drawn.radius_m[0] ** 2 == pytest.approx(figure / figure[0])
    for one, other in combinations(range(50), 2):
        apart = np.hypot(*(drawn.at[one] - drawn.at[other]))
        assert apart >= (drawn.radius_m[one] + drawn.radius_m[other]) * (1 - 1e-9)
    assert drawn.still
    assert np.pi * (drawn.radius_m**2).sum() == pytest.approx(0.5e10, rel=0.02)
    assert (circles(place, figure, 1e10).at == drawn.at).all()


def test_circles_that_have_room__stay_where_they_are():
    place = np.array([[0.0, 0.0], [100_000.0, 0.0]])
    drawn = circles(place, np.array([1.0, 4.0]), 1e6)
    assert drawn.at == pytest.approx(place, abs=1.0)
    assert drawn.radius_m == pytest.approx(np.sqrt(np.array([0.1e6, 0.4e6]) / np.pi))


def test_two_circles_at_one_place__touch_in_the_end():
    drawn = circles(np.zeros((2, 2)), np.array([1.0, 1.0]), 1e6)
    assert np.hypot(*(drawn.at[0] - drawn.at[1])) == pytest.approx(drawn.radius_m.sum(), rel=0.01)


def test_nothing_and_unknown__have_no_circle():
    drawn = circles(np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]]), np.array([0.0, np.nan, 5.0]), 100.0)
    assert drawn.radius_m[:2].tolist() == [0.0, 0.0]
    assert drawn.known.tolist() == [True, False, True]
    assert circles(np.zeros((2, 2)), np.zeros(2), 1.0).radius_m.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("figure", [-1.0, np.inf])
def test_impossible_figures__are_faults(figure):
    with pytest.raises(InputError, match="circles"):
        circles(np.zeros((1, 2)), np.array([figure]), 1.0)
