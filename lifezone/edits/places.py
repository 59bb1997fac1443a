"""Places and areas as a planner writes them: a point in degrees, a circle, a polygon, or a file of polygons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from lifezone.errors import Fault, InputError
from lifezone.spec import Length, Spec

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from lifezone.edits.context import Context
    from lifezone.model import World

__all__ = ["AreaWhere", "Id", "LonLat", "area_shape"]


def _pair(value: Any) -> Any:
    """Take a list for a tuple, and say what a place looks like."""
    if (
        not isinstance(value, list | tuple)
        or len(value) != 2
        or not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value)
    ):
        raise ValueError(f"expected a place [longitude, latitude] in degrees such as [127.41, 36.52], got {value!r}")
    return tuple(float(part) for part in value)


def _on_earth(value: tuple[float, float]) -> tuple[float, float]:
    """Refuse what is not longitude and latitude in this order."""
    lon, lat = value
    if math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90:
        return value
    swapped = abs(lat) <= 180 and abs(lon) <= 90
    hint = "; longitude comes first: swap the two" if swapped else ""
    raise ValueError(f"[{lon:g}, {lat:g}] is not [longitude, latitude] in degrees{hint}")


_LON_LAT_SCHEMA: Final = {
    "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "examples": [[127.41, 36.52]],
}  # fmt: skip
LonLat: TypeAlias = Annotated[
    tuple[float, float],
    BeforeValidator(_pair),
    AfterValidator(_on_earth),
    WithJsonSchema(_LON_LAT_SCHEMA),
]
"""Longitude and latitude in degrees (EPSG:4326), in this order."""
Id: TypeAlias = Annotated[str, Field(min_length=1)]


class AreaWhere(Spec):
    """An area: a circle (``near`` and ``within``), a ``polygon``, or all polygons of a file (``path``)."""

    near: LonLat | None = Field(None, description="Middle of a circle: [longitude, latitude].")
    within: Length | None = Field(None, description="Radius of the circle, e.g. 500 m.")
    polygon: list[LonLat] | None = Field(
        None, min_length=3, description="Corners of the area: [longitude, latitude] each; the last joins the first."
    )
    path: str | None = Field(None, description="A file of polygons: GeoPackage, GeoJSON, shapefile or GeoParquet.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")

    @model_validator(mode="after")
    def _one_shape(self) -> AreaWhere:
        given = [name for name in ("near", "polygon", "path") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("where is it? write near and within (a circle), polygon, or path, one of the three")
        if (self.near is None) != (self.within is None):
            raise ValueError("a circle needs near and within, e.g. {near: [127.41, 36.52], within: 500 m}")
        if self.within is not None and self.within <= 0:
            raise ValueError("within must be above 0 m")
        if self.layer is not None and self.path is None:
            raise ValueError("layer goes with path")
        return self

    @property
    def told(self) -> str:
        """Say in few words where it is."""
        if self.near is not None and self.within is not None:
            return f"within {self.within:g} m of {self.near[0]:.5f}, {self.near[1]:.5f}"
        return (
            f"inside {self.path}" if self.path is not None else f"inside a polygon of {len(self.polygon or ())} corners"
        )


def area_shape(where: AreaWhere, world: World, context: Context) -> BaseGeometry:
    """Return the polygon of an area in the study's CRS, prepared for questions.

    Raises:
        InputError: the file has no polygons, or the polygon crosses itself.
    """
    import shapely  # noqa: PLC0415

    from lifezone.edits.facilities import project_point  # noqa: PLC0415
    from lifezone.sources.crs import DEGREES, shapes_to_crs  # noqa: PLC0415

    if where.near is not None and where.within is not None:
        middle = shapely.Point(project_point(world, where.near, ("near",)))
        shape: BaseGeometry = middle.buffer(where.within, quad_segs=64)
    elif where.polygon is not None:
        drawn = shapely.Polygon(where.polygon)
        if not drawn.is_valid or drawn.area == 0:
            raise InputError(Fault("the polygon crosses itself or has no area: list its corners in turn", ("polygon",)))
        shape = shapes_to_crs(_array(shapely.segmentize(drawn, 0.02)), DEGREES, world.crs)[0]
    else:
        shape = _from_file(where, world, context)
    shapely.prepare(shape)
    return shape


def _from_file(where: AreaWhere, world: World, context: Context) -> BaseGeometry:
    """Return all polygons of a file as one shape; the file is noted among the inputs."""
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    from lifezone.sources.crs import shapes_to_crs  # noqa: PLC0415
    from lifezone.sources.files import input_record  # noqa: PLC0415
    from lifezone.sources.tables import read_table  # noqa: PLC0415

    path = where.path or ""
    table = read_table(context.folder, path, layer=where.layer, encoding=None)
    shapes = None if table.geometry is None else np.asarray(table.geometry, dtype=object)
    if shapes is not None:
        shapes = shapes[np.isin(shapely.get_type_id(shapes), (3, 6))]
    if shapes is None or not len(shapes):
        raise InputError(Fault(f"{path} has no polygons", ("path",)))
    if table.crs is None:
        raise InputError(Fault(f"{path} does not say its coordinate system: save it with one", ("path",)))
    context.note(input_record(path, table.file, rows=table.n_rows, used=len(shapes)))
    joined: BaseGeometry = shapely.union_all(shapely.make_valid(shapes_to_crs(shapes, table.crs, world.crs)))
    return joined


def _array(shape: Any) -> Any:
    """Return one geometry as an array of one."""
    import numpy as np  # noqa: PLC0415

    shapes = np.empty(1, dtype=object)
    shapes[0] = shape
    return shapes
