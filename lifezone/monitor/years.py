"""Maps of several editions side by side: the ground, cartograms on one scale, tiles, circles; computed once a study.

What depends on the districts alone (clean borders, tiles) is made once, what depends on people once an edition, and
every indicator is drawn on the same shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from lifezone.model import Floats
from lifezone.monitor.borders import Borders, clean_borders
from lifezone.monitor.cartogram import Cartogram, cartogram
from lifezone.monitor.circles import Circles, circles
from lifezone.monitor.tiles import Grid, Tiles, tiles
from lifezone.progress import SILENT, Progress

__all__ = ["YearShapes", "year_shapes"]


@dataclass(frozen=True, eq=False)
class YearShapes:
    """The shapes that indicators are drawn on.

    Attributes:
        borders: districts on the ground.
        size: f64[D, E] what districts are as large as, people as a rule.
        cartograms: E cartograms, None where no size is known; a square metre is the same figure in all of them.
        polygons: E arrays of D polygons of the cartograms on that scale, None as above.
        moved: E arrays f64[n, 2]: where the corners of the ground's polygons are in each, None as above.
        figure_per_m2: what a square metre of a cartogram stands for.
        tiles: districts as equal tiles.
        circles: E sets of circles, None as above.
    """

    borders: Borders
    size: Floats
    cartograms: tuple[Cartogram | None, ...]
    polygons: tuple[np.ndarray | None, ...]
    moved: tuple[Floats | None, ...]
    figure_per_m2: float
    tiles: Tiles
    circles: tuple[Circles | None, ...]

    def take(self, editions: Sequence[int]) -> YearShapes:
        """Return the shapes of some editions."""
        own: dict[str, Any] = {
            name: tuple(getattr(self, name)[at] for at in editions)
            for name in ("cartograms", "polygons", "moved", "circles")
        }
        return replace(self, size=self.size[:, list(editions)], **own)

    @property
    def worst_error(self) -> float:
        """Worst error of an area in any cartogram."""
        return max((float(one.error.max()) for one in self.cartograms if one is not None), default=0.0)

    @property
    def mean_error(self) -> float:
        """Mean error of areas, of the edition where it is largest."""
        return max((float(one.error.mean()) for one in self.cartograms if one is not None), default=0.0)


def year_shapes(
    polygons: np.ndarray, names: Sequence[str], size: Floats, *, grid: Grid = "hexagon", progress: Progress = SILENT
) -> YearShapes:
    """Make the shapes of all editions.

    Args:
        polygons: D shapely polygons in metres, as published.
        names: D names for messages.
        size: f64[D, E] people, or any count; 0 or more, NaN where not known.
        grid: of the tile map.
        progress: where to show progress.

    Raises:
        InputError: borders cannot be mended, or a size is negative or endless.
    """
    with progress.step("borders"):
        borders = clean_borders(polygons, names)
    ground = borders.polygons
    area = float(shapely.area(ground).sum())
    sums = np.nansum(size, axis=0)
    most = float(sums.max(initial=0.0))
    place = shapely.get_coordinates(shapely.point_on_surface(ground))
    drawn = [cartogram(ground, size[:, at], progress=progress) if total > 0 else None for at, total in enumerate(sums)]
    grown = [np.sqrt(total / most) if total > 0 else 1.0 for total in sums]
    with progress.step("tiles and circles"):
        placed = tiles(ground, grid=grid)
        round_ones = tuple(
            circles(place, size[:, at], area, most=most) if total > 0 else None for at, total in enumerate(sums)
        )
    return YearShapes(
        borders, size, tuple(drawn),
        tuple(None if one is None else _scaled(one.polygons, ground, by) for one, by in zip(drawn, grown, strict=True)),
        tuple(None if one is None else _about(one.moved, ground, by) for one, by in zip(drawn, grown, strict=True)),
        most / area if area > 0 else 0.0, placed, round_ones,
    )  # fmt: skip


def _about(at: Floats, ground: np.ndarray, by: float) -> Floats:
    """Return places made larger or smaller about the middle of the map."""
    west, south, east, north = shapely.total_bounds(ground)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    return np.asarray((at - middle) * by + middle)


def _scaled(polygons: np.ndarray, ground: np.ndarray, by: float) -> np.ndarray:
    """Return polygons made larger or smaller about the middle of the map."""
    return np.asarray(shapely.transform(polygons, lambda at: _about(at, ground, by)))
