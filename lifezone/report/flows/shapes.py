"""Municipalities as shapes on a sheet: the frame round them, whose every pixel is, borders of them and of groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import shapely

from lifezone.model.flows import FlowMap
from lifezone.report.maps.ground import border_style, map_figure, outline_of, write_watermark
from lifezone.report.maps.paper import Frame

__all__ = ["borders_of", "frame_of", "owners_of"]

_LEAST_PART_PX: Final = 4.0
"""Islands smaller than this get no thick border: they would be black."""
_THIN: Final = {"linewidth": 0.5, "color": "#8a8a8a", "linestyle": "solid"}
_THICK: Final = {"linewidth": 1.3, "color": "#2b2b2b", "linestyle": "solid"}


def frame_of(known: FlowMap, share: float) -> Frame:
    """Return the frame that holds all shapes and centres, with a share of their size around."""
    placed = np.isfinite(known.x_m) & np.isfinite(known.y_m)
    boxes = [(known.x_m[placed].min(), known.y_m[placed].min(), known.x_m[placed].max(), known.y_m[placed].max())]
    if known.districts.polygon is not None:
        boxes.append(tuple(shapely.total_bounds(known.districts.polygon).tolist()))
    west, south = (min(box[at] for box in boxes) for at in (0, 1))
    east, north = (max(box[at] for box in boxes) for at in (2, 3))
    margin = share * max(east - west, north - south, 1e-3)
    return Frame.around((west - margin, south - margin, east + margin, north + margin))


def owners_of(frame: Frame, known: FlowMap) -> np.ndarray:
    """Return i32[h, w] the municipality that every pixel lies in, −1 = none, or none is known by its shape."""
    from rasterio.features import rasterize  # noqa: PLC0415  (slow to import)
    from rasterio.transform import Affine  # noqa: PLC0415

    polygons = known.districts.polygon
    shapes = [] if polygons is None else [(shape, at) for at, shape in enumerate(polygons) if shape is not None]
    if not shapes:
        return np.full((frame.height, frame.width), -1, np.int32)
    place = Affine(frame.metres, 0, frame.west, 0, -frame.metres, frame.north)
    drawn: np.ndarray = rasterize(
        shapes, out_shape=(frame.height, frame.width), fill=-1, transform=place, dtype=np.int32
    )
    return drawn


def borders_of(frame: Frame, known: FlowMap, groups: Iterable[np.ndarray] = (), *, modelled: bool = False) -> Any:
    """Return a figure with thin borders of the municipalities, and thick ones of groups of them.

    Args:
        frame: the sheet.
        known: the municipalities.
        groups: positions of the members of each group.
        modelled: a watermark says so.
    """
    from matplotlib.patches import PathPatch  # noqa: PLC0415

    figure = map_figure(frame)
    polygons = known.districts.polygon
    if polygons is not None:
        thin = {**border_style(area=False), **_THIN}
        for shape in polygons:
            if shape is not None:
                figure.axes[0].add_artist(PathPatch(outline_of(shape), fill=False, **thin))
        for members in groups:
            parts = shapely.get_parts(shapely.union_all([one for one in polygons[members] if one is not None]))
            whole = shapely.multipolygons(parts[shapely.area(parts) > (_LEAST_PART_PX * frame.metres) ** 2])
            figure.axes[0].add_artist(PathPatch(outline_of(whole), fill=False, **_THICK))
    if modelled:
        write_watermark(figure)
    return figure
