"""Codes of the statistical grid, both ways, against published cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from lifezone.errors import InputError
from lifezone.sources.korea.grid import SIDES_M, cell_codes, cells_of

VECTORS = [  # code, west, south, side; REFERENCE 1.6
    ("다바000277", 900_000, 1_827_700, 100),
    ("다사123456", 912_300, 1_945_600, 100),
    ("라사001002", 1_000_100, 1_900_200, 100),
    ("다사5352", 953_000, 1_952_000, 1_000),
    ("다사539520", 953_900, 1_952_000, 100),
    ("다사53905203", 953_900, 1_952_030, 10),
    ("다사52ab54ba", 952_250, 1_954_500, 250),
    ("다사52a54b", 952_000, 1_954_500, 500),
    ("다사", 900_000, 1_900_000, 100_000),
]


@pytest.mark.parametrize(("code", "west", "south", "side"), VECTORS)
def test_grid__known_codes_are_the_published_cells_both_ways(code, west, south, side):
    cells = cells_of([code])
    assert (cells.west_m[0], cells.south_m[0], cells.side_m[0]) == (west, south, side)
    assert cell_codes(np.array([west + 0.0]), np.array([south + 0.0]), side)[0] == code
    assert cell_codes(np.array([west + side - 0.01]), np.array([south + side - 0.01]), side)[0] == code


def test_grid__corners_lie_where_the_survey_says_in_degrees():
    to_degrees = Transformer.from_crs("EPSG:5179", "EPSG:4326", always_xy=True)
    cell = cells_of(["다바000277"])
    corners = to_degrees.transform([cell.west_m[0], cell.west_m[0] + 100], [cell.south_m[0], cell.south_m[0] + 100])
    assert np.allclose(corners[0], [126.3842285, 126.3853312], atol=1e-7)
    assert np.allclose(corners[1], [36.4416581, 36.4425698], atol=1e-7)


def test_grid__seoul_city_hall_is_in_its_cells():
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:5179", always_xy=True).transform(126.9780, 37.5665)
    point = np.array([x]), np.array([y])
    assert [cell_codes(*point, side)[0] for side in (1_000, 100)] == ["다사5352", "다사539520"]


@given(st.floats(700_000, 2_099_999.9), st.floats(1_300_000, 2_699_999.9), st.sampled_from(SIDES_M))
def test_grid__every_point_lies_in_the_cell_of_its_code(x, y, side):
    cell = cells_of(cell_codes(np.array([x]), np.array([y]), side))
    assert cell.side_m[0] == side
    assert cell.west_m[0] <= x < cell.west_m[0] + side
    assert cell.south_m[0] <= y < cell.south_m[0] + side


@given(st.text(max_size=12))
def test_grid__any_text_is_a_cell_or_is_not(text):
    cells = cells_of([text])
    assert cells.known[0] == np.isfinite(cells.side_m[0])


def test_grid__half_codes_and_mixed_sizes_are_no_codes():
    assert not cells_of(["다사535", "다사52a54ba", "다사52c54a", "AB1234", "", "다사5352x", "거사5352"]).known.any()


def test_grid__points_off_the_letters_and_odd_sizes_are_refused():
    with pytest.raises(InputError, match="outside the grid"):
        cell_codes(np.array([0.0]), np.array([0.0]), 100)
    with pytest.raises(InputError, match="no cells of 300 m"):
        cell_codes(np.array([953_901.0]), np.array([1_952_032.0]), 300)
