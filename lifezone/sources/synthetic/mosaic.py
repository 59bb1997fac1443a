"""Provinces and a nation that do not exist: counties side by side like tiles, joined by trunk roads.

A tile is Hanbit county of some seed with everything around it, moved by whole steps of the 100 m grid. A few seeds
make the tiles of any mosaic, so that making a nation costs a few counties and the copying of arrays. Each tile is one
district. Decided: tiles are copies, not grown one by one (three seconds a county would be twenty minutes a nation);
what must differ between them (names, ids, which facilities are many) does. Look again when a study needs towns of all
sizes: here every tile has the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

import numpy as np
import shapely

from lifezone.model import Demand, Districts, Facilities, Floats, Network, Places
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.alleys import with_alleys
from lifezone.sources.synthetic.names import village_names
from lifezone.sources.synthetic.network import SPEEDS_KMH, WALK_MPS
from lifezone.sources.synthetic.people import CELL_M, grid_code
from lifezone.sources.synthetic.supply import more_facilities
from lifezone.sources.synthetic.world import County

__all__ = ["NODES_PER_TILE", "TILES", "Layout", "layout_for", "make_mosaic", "mosaic_network"]

TILES: Final = {"province": (6, 5), "nation": (22, 20)}
"""Tiles from west to east and from south to north."""
NODES_PER_TILE: Final = 9_000
"""Junctions and dead ends for cars in a tile, about."""
PITCH_M: Final = (43_500.0, 35_000.0)
"""East and north from one tile to the next, whole steps of the grid; a county's roads are 42 km by 34 km."""
PALETTE: Final = 6
"""Different counties that tiles are copies of."""
ALLEYS: Final = 3_600
JOINS: Final = (
    (1, 0, "exit-east", "exit-west", "trunk"), (1, 0, "exit-northeast", "exit-northwest", "primary"),
    (1, 0, "exit-southeast", "exit-southwest", "primary"), (0, 1, "exit-north", "exit-south", "trunk"),
)  # fmt: skip
"""Columns and rows to the neighbour, the exit of a tile, that of its neighbour, the class of the road between them."""
_SOUTH_WEST_M: Final = (plan.ORIGIN[0] - 24_750.0, plan.ORIGIN[1] - 17_500.0)
"""Corner of the tile that Hanbit county itself would be."""
_COARSE_M: Final = 30.0
_BY_SIDE: Final = (("", ""), ("동", "East "), ("서", "West "), ("남", "South "), ("북", "North "), ("새", "New "))


@dataclass(frozen=True)
class Layout:
    """Tiles in rows: ``columns`` from west to east, ``count`` in all, the first in the south-west."""

    columns: int
    count: int

    def at(self, tile: np.ndarray | int) -> tuple[Floats, Floats]:
        """Return how far east and north tiles (numbers from 0) lie of Hanbit county, metres."""
        rows = -(-self.count // self.columns)
        column, row = np.asarray(tile) % self.columns, np.asarray(tile) // self.columns
        return (column - self.columns // 2) * PITCH_M[0], (row - rows // 2) * PITCH_M[1]

    def beside(self, tile: int, columns: int, rows: int) -> int:
        """Return the tile so many columns and rows on, −1 where there is none."""
        column, row = tile % self.columns + columns, tile // self.columns + rows
        there = row * self.columns + column
        return there if 0 <= column < self.columns and there < self.count else -1


def layout_for(n_nodes: int) -> Layout:
    """Return the smallest layout with at least so many junctions and dead ends, about; nearly square on the ground."""
    count = max(1, -(-n_nodes // NODES_PER_TILE))
    return Layout(max(1, round((count * PITCH_M[1] / PITCH_M[0]) ** 0.5)), count)


def make_mosaic(layout: Layout, seed: int, county_of: Callable[[int], County]) -> County:
    """Return everything: roads, people, facilities, one district a tile.

    Args:
        layout: where the tiles are.
        seed: of the whole.
        county_of: makes Hanbit county of a seed.
    """
    tiles = _tiles(layout, seed, county_of)
    demand = _people(tiles, layout)
    districts = _districts(layout, seed)
    area = shapely.segmentize(shapely.box(*shapely.total_bounds(districts.polygon)), 10_000.0)
    facilities = more_facilities(_supply(tiles, layout), demand, layout.count, seed)
    places = Places(
        *_moved(tiles, layout, "places"), _all(tiles, "places.name"), _all(tiles, "places.name_en"),
        _all(tiles, "places.rank"),
    )  # fmt: skip
    return County(
        _roads(tiles, layout), demand, facilities, districts, places, _water(tiles, layout), area, area,
        tiles[0].relief,
    )  # fmt: skip


def mosaic_network(layout: Layout, seed: int, county_of: Callable[[int], County]) -> Network:
    """Return the roads alone."""
    return _roads(_tiles(layout, seed, county_of), layout)


def _tiles(layout: Layout, seed: int, county_of: Callable[[int], County]) -> list[County]:
    """Return the county that each tile is a copy of, with alleys; not yet in its place."""
    made = []
    for k in range(min(PALETTE, layout.count)):
        own_seed = seed * PALETTE + k
        county = county_of(own_seed)
        rng = np.random.default_rng((own_seed, ALLEYS))
        made.append(replace(county, network=with_alleys(county.network, ALLEYS, WALK_MPS, rng)))
    return [made[(tile * 7 + tile // 5) % len(made)] for tile in range(layout.count)]


def _all(tiles: Sequence[County], name: str) -> np.ndarray:
    """Return a column, e.g. ``network.way``, of all tiles one after the other."""
    column = attrgetter(name)
    return np.concatenate([column(tile) for tile in tiles])


def _moved(tiles: Sequence[County], layout: Layout, owner: str) -> tuple[Floats, Floats]:
    """Return coordinates of all tiles in their places, whole centimetres."""
    count = [len(attrgetter(f"{owner}.x_m")(tile)) for tile in tiles]
    east_m, north_m = (np.repeat(axis, count) for axis in layout.at(np.arange(layout.count)))
    x_m, y_m = _all(tiles, f"{owner}.x_m") + east_m, _all(tiles, f"{owner}.y_m") + north_m
    return np.round(x_m * 100) / 100, np.round(y_m * 100) / 100


def _roads(tiles: Sequence[County], layout: Layout) -> Network:
    """Return the roads of all tiles and those between them."""
    one = tiles[0].network
    base = np.cumsum([0, *(tile.network.n_vertices for tile in tiles)])[:-1]
    shift = np.repeat(base, [tile.network.n_segments for tile in tiles])
    x_m, y_m = _moved(tiles, layout, "network")
    start, end, way = _joins(tiles, layout, base)
    border = _all(tiles, "network.border")
    border[np.concatenate([start, end])] = False
    metres = np.round(np.hypot(x_m[start] - x_m[end], y_m[start] - y_m[end]) * 100) / 100
    speed_mps = np.array([SPEEDS_KMH.get(name, 1.0) for name in one.ways])[way] / 3.6
    between = {"car": np.repeat(metres / speed_mps, 2), "walk": np.repeat(metres / WALK_MPS, 2)}
    names, name = _names(tiles)
    return Network(
        x_m=x_m, y_m=y_m, border=border,
        tail=np.append(_all(tiles, "network.tail") + shift, start).astype(np.int32),
        head=np.append(_all(tiles, "network.head") + shift, end).astype(np.int32),
        metres=np.append(_all(tiles, "network.metres"), metres),
        seconds={
            mode: np.concatenate([*(tile.network.seconds[mode] for tile in tiles), more])
            for mode, more in between.items()
        },
        way=np.append(_all(tiles, "network.way"), way).astype(np.int16), ways=one.ways,
        name=np.append(name, np.zeros(len(start))).astype(np.int32), names=names, crs=one.crs,
        notes=(f"synthetic roads, none of them exists: {layout.count} counties side by side, {len(shift):,} segments",),
    )  # fmt: skip


def _names(tiles: Sequence[County]) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of all roads, the empty one first, and the position of each segment's."""
    names = [""]
    first: dict[int, int] = {}
    for tile in tiles:
        if id(tile) not in first:
            first[id(tile)] = len(names) - 1
            names += tile.network.names[1:]
    named = [np.where(tile.network.name > 0, tile.network.name + first[id(tile)], 0) for tile in tiles]
    return tuple(names), np.concatenate(named)


def _joins(tiles: Sequence[County], layout: Layout, base: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the vertices at both ends of the roads between tiles, and the class of each."""
    ways = tiles[0].network.ways
    found = [
        (base[tile] + _exit(tiles[tile], own), base[there] + _exit(tiles[there], theirs), ways.index(way))
        for tile in range(layout.count)
        for columns, rows, own, theirs, way in JOINS
        if (there := layout.beside(tile, columns, rows)) >= 0
    ]
    start, end, way = np.array(found, np.int64).reshape(-1, 3).T
    return start, end, way


def _exit(county: County, key: str) -> int:
    """Return the vertex of an exit: the border vertex nearest to where the plan wants it."""
    network, (x, y) = county.network, plan.EXITS[key]
    border = np.flatnonzero(network.border)
    away = np.hypot(network.x_m[border] - plan.ORIGIN[0] - x, network.y_m[border] - plan.ORIGIN[1] - y)
    return int(border[np.argmin(away)])


def _people(tiles: Sequence[County], layout: Layout) -> Demand:
    """Return the people of all tiles, each in the district of its tile; cells keep to the national grid."""
    x_m, y_m = _moved(tiles, layout, "demand")
    one, people = tiles[0].demand, _all(tiles, "demand.people")
    column, row = (np.floor(axis / CELL_M).astype(np.int64) for axis in (x_m, y_m))
    district = np.repeat(np.arange(layout.count), [tile.demand.n_points for tile in tiles])
    return replace(
        one, ids=grid_code(column, row), x_m=x_m, y_m=y_m, people=people, district=district.astype(np.int32),
        urban=_all(tiles, "demand.urban"), name=_all(tiles, "demand.name"),
        people_read=float(people[:, one.groups.index("total")].sum()),
        notes=(f"synthetic mosaic of {layout.count} counties: nobody in it exists",),
    )  # fmt: skip


def _supply(tiles: Sequence[County], layout: Layout) -> Facilities:
    """Return the facilities of all tiles; ids are the kind and a number over the whole mosaic."""
    x_m, y_m = _moved(tiles, layout, "facilities")
    one, kind = tiles[0].facilities, _all(tiles, "facilities.kind")
    order = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[order], np.arange(len(one.kinds)))
    number = np.empty(len(kind), np.int64)
    number[order] = np.arange(len(kind)) - first[kind[order]] + 1
    ids = np.empty(len(kind), dtype=object)
    ids[:] = [f"{one.kinds[k]}-{n:05d}" for k, n in zip(kind.tolist(), number.tolist(), strict=True)]
    columns = {name: _all(tiles, f"facilities.{name}") for name in ("name", "capacity", "cost", "open", "hours")}
    return Facilities(ids=ids, x_m=x_m, y_m=y_m, kind=kind, kinds=one.kinds, notes=one.notes, **columns)


def _districts(layout: Layout, seed: int) -> Districts:
    """Return one rectangle a tile, with invented names and codes."""
    east_m, north_m = layout.at(np.arange(layout.count))
    west, south = _SOUTH_WEST_M[0] + east_m, _SOUTH_WEST_M[1] + north_m
    pairs = village_names(256, np.random.default_rng((seed, layout.count)))
    names = [(ko + korean, en + english) for ko, en in _BY_SIDE for korean, english in pairs]
    more = range(2, 2 + layout.count // len(names))
    names += [(f"{korean}{again}", f"{english} {again}") for again in more for korean, english in names]
    return Districts(
        ids=tuple(f"99{tile:03d}" for tile in range(layout.count)),
        name=tuple(f"{korean}군" for korean, _ in names[: layout.count]),
        name_en=tuple(f"{english}-gun" for _, english in names[: layout.count]),
        polygon=shapely.box(west, south, west + PITCH_M[0], south + PITCH_M[1]),
    )


def _water(tiles: Sequence[County], layout: Layout) -> shapely.Geometry:
    """Return the water of all tiles, each within its own rectangle, coarse enough for a map of the whole."""
    west, south = _SOUTH_WEST_M
    tile_box = shapely.box(west, south, west + PITCH_M[0], south + PITCH_M[1])
    different = {id(tile): tile for tile in tiles}
    own = {
        key: shapely.simplify(shapely.intersection(tile.water, tile_box), _COARSE_M) for key, tile in different.items()
    }
    parts = [shapely.get_parts(own[id(tile)]) for tile in tiles]
    east_m, north_m = (np.repeat(axis, [len(part) for part in parts]) for axis in layout.at(np.arange(layout.count)))
    shapes = np.concatenate(parts)
    count = shapely.get_num_coordinates(shapes)
    move = np.column_stack([np.repeat(east_m, count), np.repeat(north_m, count)])
    moved = shapely.transform(shapes, lambda xy: xy + move)
    return shapely.multipolygons(moved[shapely.get_type_id(moved) == shapely.GeometryType.POLYGON])
