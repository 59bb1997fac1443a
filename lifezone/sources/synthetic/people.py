"""People on the cells of the Korean 100 m grid, near the roads of the settlement they belong to."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import label
from scipy.spatial import cKDTree

from lifezone.model import Bools, Demand, Districts, Floats, Longs, Network
from lifezone.sources.districts import join_districts
from lifezone.sources.synthetic.settlements import Settlements, apportion

__all__ = ["CELL_M", "grid_code", "homes", "make_demand", "urban_cells"]

CELL_M: Final = 100.0
_LETTERS: Final = "가나다라마바사아자차카타파하"
_GRID_WEST_M: Final = 700_000
_GRID_SOUTH_M: Final = 1_300_000
_GROUPS: Final = ("total", "age_0_6", "age_7_12", "age_13_18", "age_65_plus")
_YOUNG: Final = ((0.062, 0.070, 0.074), (0.010, 0.014, 0.018))
"""Shares of the three young groups where 15 % are 65 and over, and where 60 % are; in between on a line. Ours."""
_YOUNG_AT: Final = (0.15, 0.60)
_HOME_WAYS: Final = ("secondary", "tertiary", "unclassified", "residential", "living_street", "service", "track")
_FARM_REACH_M: Final = 1300.0
_FARM_SHARE: Final = 0.06
_FARM_WEIGHT: Final = 0.03
_URBAN_PER_KM2: Final = 300
_URBAN_CLUSTER: Final = 5_000
"""Degree of urbanisation (Eurostat): 1 km cells of this density, touching, together this many people."""


def grid_code(column: Longs, row: Longs) -> np.ndarray:
    """Return text[n] ids of 100 m cells in the Korean national grid, e.g. ``라사001002``.

    Args:
        column: i64[n] easting of the cell's west side in EPSG:5179 divided by 100 m.
        row: i64[n] northing of its south side divided by 100 m.
    """
    east, north = column - _GRID_WEST_M // 100, row - _GRID_SOUTH_M // 100
    codes = np.empty(len(column), dtype=object)
    codes[:] = [
        f"{_LETTERS[e // 1000]}{_LETTERS[n // 1000]}{e % 1000:03d}{n % 1000:03d}"
        for e, n in zip(east.tolist(), north.tolist(), strict=True)
    ]
    return codes


def homes(network: Network) -> Floats:
    """Return f64[n, 2] places along the roads that people live at: both ends and the middle of each segment."""
    lived = np.isin(network.way, [network.ways.index(way) for way in _HOME_WAYS])
    xy = np.column_stack([network.x_m, network.y_m])
    a, b = xy[network.tail[lived]], xy[network.head[lived]]
    return np.concatenate([a, b, 0.5 * (a + b)])


def make_demand(network: Network, settlements: Settlements, districts: Districts, rng: np.random.Generator) -> Demand:
    """Return the people of the county (``district`` ≥ 0) and of its neighbours (−1)."""
    cells = np.unique(np.floor(homes(network) / CELL_M).astype(np.int64), axis=0)
    middle: Floats = ((cells + 0.5) * CELL_M).astype(np.float64)
    district = join_districts(middle[:, 0], middle[:, 1], districts)
    owner = _owners(middle, district, settlements)
    people = _spread(middle, owner, settlements, rng)
    lived = people > 0
    cells, middle, district, owner, people = cells[lived], middle[lived], district[lived], owner[lived], people[lived]
    counts = _by_age(people, settlements.aged[owner], rng)
    return Demand(
        ids=grid_code(cells[:, 0], cells[:, 1]), x_m=middle[:, 0].copy(), y_m=middle[:, 1].copy(),
        people=counts, groups=_GROUPS, district=district, urban=urban_cells(middle, people), cell_m=CELL_M, cells=True,
        name=settlements.name[owner], people_read=float(people.sum()),
        notes=("synthetic county: nobody in it exists",),
    )  # fmt: skip


def _owners(middle: Floats, district: np.ndarray, settlements: Settlements) -> Longs:
    """Return i64[n] the settlement a cell belongs to, −1 = nobody may live here.

    The nearest settlement counted in its own radii; it must lie on the same side of the county line, so that the
    county's total stays what it is.
    """
    place = np.column_stack([settlements.x_m, settlements.y_m])
    owner = np.full(len(middle), -1, np.int64)
    best = np.full(len(middle), np.inf)
    reach_m = np.where(settlements.rank == 2, _FARM_REACH_M, settlements.radius_m * 1.25)
    reach_m[-1] = settlements.radius_m[-1]
    for k, near in enumerate(cKDTree(middle).query_ball_point(place, reach_m, return_sorted=True)):
        rows = np.array(near, np.int64)
        offset = middle[rows] - place[k]
        away = np.sqrt((offset * offset).sum(axis=1)) / settlements.radius_m[k]
        closer = (away < best[rows]) & ((district[rows] >= 0) == (settlements.district[k] >= 0))
        best[rows[closer]], owner[rows[closer]] = away[closer], k
    for k in np.flatnonzero(np.bincount(owner[owner >= 0], minlength=len(place)) == 0).tolist():
        offset = middle - place[k]  # crowded out by its neighbours: the nearest cell becomes its own
        away = np.where((district >= 0) == (settlements.district[k] >= 0), (offset * offset).sum(axis=1), np.inf)
        owner[np.argmin(away)] = k
    return owner


def _spread(middle: Floats, owner: Longs, settlements: Settlements, rng: np.random.Generator) -> Longs:
    """Return i64[n] people of each cell: many in the middle of a settlement, few farms along the roads about it."""
    luck, farm = rng.random(len(middle)), rng.random(len(middle)) < _FARM_SHARE
    people = np.zeros(len(middle), np.int64)
    for k in range(len(settlements.people)):
        rows = np.flatnonzero(owner == k)
        offset = middle[rows] - (settlements.x_m[k], settlements.y_m[k])
        ratio = (offset * offset).sum(axis=1) / settlements.radius_m[k] ** 2
        dense = (0.08 + luck[rows] * luck[rows]) / ((1 + 2.5 * ratio) * (1 + ratio))
        weight = np.where(ratio <= 1.5, dense, np.where(farm[rows], _FARM_WEIGHT, 0.0))
        people[rows] = apportion(int(settlements.people[k]), weight if weight.any() else np.ones(len(rows)))
    return people


def _by_age(people: Longs, aged: Floats, rng: np.random.Generator) -> Floats:
    """Return f64[n, 5] whole persons by group: everyone draws an age from the shares of the settlement."""
    low, high = _YOUNG_AT
    part = np.clip((aged - low) / (high - low), 0, 1)
    young = [(1 - part) * town + part * remote for town, remote in zip(*_YOUNG, strict=True)]
    steps = np.cumsum([*young, aged], axis=0)  # a draw below step g, and not below the one before, is of group g
    cell = np.repeat(np.arange(len(people)), people)
    draw = rng.random(len(cell))
    counts = [people.astype(float)]
    before = np.zeros(len(people))
    for step in steps:
        hit = (draw >= before[cell]) & (draw < step[cell])
        counts.append(np.bincount(cell[hit], minlength=len(people)).astype(float))
        before = step
    return np.column_stack(counts)


def urban_cells(middle: Floats, people: np.ndarray) -> Bools:
    """Return bool[n]: the cell lies in an urban cluster of 1 km cells (degree of urbanisation)."""
    square = np.floor(middle / 1000).astype(np.int64)
    square -= square.min(axis=0)
    grid = np.zeros(square.max(axis=0) + 1)
    np.add.at(grid, (square[:, 0], square[:, 1]), people)
    cluster, count = label(grid >= _URBAN_PER_KM2, structure=np.ones((3, 3)))
    total = np.bincount(cluster.ravel(), weights=grid.ravel(), minlength=count + 1)
    large = total >= _URBAN_CLUSTER
    large[0] = False
    urban: Bools = large[cluster[square[:, 0], square[:, 1]]]
    return urban
