"""Urban centres of a grid worked by hand, and functional urban areas on small maps."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.zoning.urban.functional import cities_of, functional_areas
from lifezone.zoning.urban.urban_centres import urban_centres


def points(rows):
    """People on cells of 1 km, one text row of numbers (thousands) each, the first row in the north."""
    grid = np.array([[float(cell) for cell in row.split()] for row in rows]) * 1000
    down, right = np.nonzero(grid >= 0)
    return (right + 0.5) * 1000.0, (len(grid) - down - 0.5) * 1000.0, grid[down, right], grid.shape


def found_grid(rows, **numbers):
    """The centre of each cell as rows of text, ``.`` = none."""
    x, y, people, shape = points(rows)
    centre, total = urban_centres(x, y, people, **numbers)
    drawn = np.where(centre < 0, ".", centre.astype(str)).reshape(shape)
    return ["".join(row) for row in drawn.tolist()], total


def test_urban_centres__corners_do_not_join_and_small_clusters_do_not_count():
    grid, total = found_grid([
        "20  20   0   0   0",
        "20   0   0   0   0",
        " 0  20  20   0   0",
        " 0   0   0   0  49",
    ])  # fmt: skip
    # 60,000 in the north-west; 40,000 in the middle touch it by a corner alone; 49,000 in the south-east are too few
    assert grid == ["00...", "0....", ".....", "....."]
    assert total.tolist() == [60_000]


def test_urban_centres__density_is_met_from_1500_on():
    assert found_grid(["25 1.5 25"])[0] == ["000"]
    assert found_grid(["25 1.499 25"])[0] == ["..."]


def test_urban_centres__edges_are_smoothed_by_five_of_eight():
    grid, total = found_grid([
        " 0   0   0   0   0",
        " 0  10  10  10   0",
        " 0  10   1  10   0",
        " 0  10   0  10   0",
        " 0   0   0   0   0",
    ])  # fmt: skip
    # the cell of 1,000 has 7 of 8 neighbours in the centre and joins; then the one below it has 6 and joins too
    assert grid == [".....", ".000.", ".000.", ".000.", "....."]
    assert total.tolist() == [71_000]


def test_urban_centres__holes_below_15_km2_are_filled_and_larger_ones_are_not():
    def ring(side):
        grid = np.zeros((side + 2, side + 2))
        grid[[0, -1]] = grid[:, [0, -1]] = 5
        return [" ".join(f"{cell:g}" for cell in row) for row in grid]

    grid, _ = found_grid(ring(3))
    assert all(set(row) == {"0"} for row in grid)  # 9 km²
    grid, _ = found_grid(ring(5))
    assert sum(row.count(".") for row in grid) > 0  # 25 km², smoothed at its corners only


def test_urban_centres__where_the_grid_lies_and_order_change_nothing():
    x, y, people, _ = points(["20 20 0 0 30", "20 0 0 0 30"])
    centre, total = urban_centres(x - 4_000_000, y - 900_000, people)
    order = np.random.default_rng(1).permutation(len(x))
    moved, again = urban_centres(x[order], y[order], people[order])
    assert centre[order].tolist() == moved.tolist()
    assert total.tolist() == again.tolist() == [60_000, 60_000]
    assert urban_centres(np.empty(0), np.empty(0), np.empty(0))[0].tolist() == []


def test_cities__half_of_the_people_make_a_city():
    centre = np.array([0, 0, -1, 0, -1, -1], np.int32)
    district = np.array([0, 0, 0, 1, 1, 2], np.int32)
    people = np.array([30.0, 20.0, 50.0, 49.0, 51.0, 10.0])
    assert cities_of(centre, district, people, 4).tolist() == [0, -1, -1, -1]  # 50 of 100, 49 of 100, none, nobody


LINE = np.array([
    [800, 100, 50, 50, 0, 0],
    [200, 700, 50, 50, 0, 0],
    [140, 20, 800, 40, 0, 0],
    [160, 0, 40, 800, 0, 0],
    [150, 0, 0, 0, 850, 0],
    [0, 0, 0, 0, 0, 1000],
], float)  # fmt: skip
"""A is the city; B sends 20 %, C 14 %, D 16 %, E 15 %, F nobody."""


def touching(*pairs):
    found = np.zeros((6, 6), bool)
    for one, two in pairs:
        found[one, two] = found[two, one] = True
    return found


def test_functional_areas__fifteen_percent_is_met_inclusive():
    city = np.array([0, -1, -1, -1, -1, -1], np.int32)
    found = functional_areas(LINE, city)
    assert found.label.tolist() == [0, 0, -1, 0, 0, -1]
    assert found.share[:5].tolist() == [0.8, 0.2, 0.14, 0.16, 0.15]
    assert not found.enclave.any()


def test_functional_areas__enclaves_come_in_and_exclaves_go_out():
    city = np.array([0, -1, -1, -1, -1, -1], np.int32)
    neighbours = touching((0, 1), (0, 2), (1, 2), (2, 3), (3, 0), (4, 5))  # C lies among A, B, D; E hangs on F alone
    found = functional_areas(LINE, city, neighbours=neighbours)
    assert found.label.tolist() == [0, 0, 0, 0, -1, -1]
    assert found.enclave.tolist() == [False, False, True, False, False, False]
    assert found.exclave.tolist() == [False, False, False, False, True, False]
    rim = np.array([False, False, True, False, False, False])
    assert functional_areas(LINE, city, neighbours=neighbours, on_rim=rim).label.tolist() == [0, 0, -1, 0, -1, -1]


def test_functional_areas__cities_that_commute_to_each_other_are_one():
    city = np.array([0, 1, -1, 2, -1, -1], np.int32)  # B sends 20 % to A, D 16 % to A: all one city
    found = functional_areas(LINE, city)
    assert found.label.tolist() == [0, 0, 0, 0, 0, -1]  # C sends 14 + 2 + 4 = 20 % to it now
    assert found.in_city.tolist() == [True, True, False, True, False, False]
    assert found.share[2] == pytest.approx(0.2)


def test_functional_areas__no_city_no_area():
    found = functional_areas(LINE, np.full(6, -1, np.int32), neighbours=touching())
    assert found.label.tolist() == [-1] * 6
    assert found.share.tolist() == [0.0] * 6
