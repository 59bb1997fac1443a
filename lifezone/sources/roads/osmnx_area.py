"""Roads of a place, a box or a circle, asked from Overpass and Nominatim through OSMnx (see :mod:`asking`)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import numpy as np
import shapely
from pydantic import Field, field_validator

from lifezone.errors import Fault, InputError
from lifezone.routing.speeds import load_rules
from lifezone.sources.cache import cache_folder
from lifezone.sources.files import OSM_CREDIT
from lifezone.sources.osm.file import OsmThing
from lifezone.sources.osm.segments import Segments, roads_of
from lifezone.sources.osm.surroundings import SURROUNDINGS, places_and_water
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.roads.asking import NoAnswerError, NothingThereError, Servers, ask
from lifezone.sources.roads.osmnx_graph import segments_of_graph
from lifezone.sources.roads.result import Roads
from lifezone.spec import Length, Spec

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["OsmArea", "OsmBbox", "OsmPlace", "OsmPoint"]

Answer = TypeVar("Answer")

OVERPASS: Final = "https://overpass-api.de/api"
NOMINATIM: Final = "https://nominatim.openstreetmap.org/"
FILTERS: Final = (
    '["highway"]["highway"!~"abandoned|construction|no|planned|proposed|razed"]',
    '["route"="ferry"]',
)
"""What Overpass is asked for: OSMnx's network type ``all`` with platforms, outlines of squares and ferries."""


class OsmArea(Spec):
    """What the three ways to ask OpenStreetMap's servers have in common."""

    cache: str | None = Field(
        default=None, description="Folder in which answers are kept, so that a second run asks nobody."
    )
    endpoint: str | None = Field(default=None, description="Overpass server, if not the public one: https://…/api.")
    nominatim: str | None = Field(default=None, description="Nominatim server, if not the public one.")

    @field_validator("endpoint", "nominatim")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        """Refuse what is not an address on the web."""
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError(f"expected an address such as https://overpass-api.de/api, got {value!r}")
        return value

    def polygon(self, folder: Path) -> BaseGeometry:
        """Return the area asked for, in degrees."""
        raise NotImplementedError

    @property
    def shown(self) -> str:
        """What is asked for, in words."""
        raise NotImplementedError

    def extent(self, folder: Path) -> Extent:
        """Return the box of the area asked for."""
        west, south, east, north = self.polygon(folder).bounds
        return (west, south, east, north)

    def load(self, reading: Reading) -> Roads:
        """Read the roads inside ``reading.clip``, else inside the area asked for.

        Raises:
            InputError: No server answered, the place is unknown, or there are no roads.
        """
        import osmnx  # noqa: PLC0415  (heavy, and only this source needs it)

        polygon = reading.clip or self.polygon(reading.folder)
        weather: list[str] = []
        with reading.progress.step(f"Asking Overpass for {self.shown}", 2) as advance:
            graph = self._ask(
                reading.folder,
                lambda: osmnx.graph_from_polygon(
                    polygon, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=list(FILTERS)
                ),
                area_m2=_area_m2(polygon), doubt_empty=True, notes=weather, progress=reading.progress,
            )  # fmt: skip
            advance(1)
            things = self.things(reading, [], SURROUNDINGS, notes=weather)
            places, water = places_and_water(things, crs=reading.crs, clip=polygon)
        rules = load_rules(reading.speeds)
        segments, notes = segments_of_graph(graph, rules, polygon)
        notes = [*dict.fromkeys(weather), *notes]
        reading.inputs.append(self._record(segments))
        network, ids = roads_of(
            segments, rules=rules, walk_mps=reading.walk_mps, crs=reading.crs, clip=polygon, notes=notes
        )
        return Roads(network, places, water, network.notes, ids)

    def things(
        self, reading: Reading, keys: Sequence[str], tags: Sequence[tuple[str, str]] = (), *,
        notes: list[str] | None = None,
    ) -> list[OsmThing]:  # fmt: skip
        """Return tagged objects inside ``reading.clip``, else inside the area: any value of ``keys``, or these tags.

        ``notes`` gets a line for whatever was not smooth in asking.
        """
        import osmnx  # noqa: PLC0415

        polygon = reading.clip or self.polygon(reading.folder)
        wanted: dict[str, bool | list[str]] = {}
        for key, value in sorted(tags):
            values = wanted.setdefault(key, [])
            if isinstance(values, list):
                values.append(value)
        wanted.update(dict.fromkeys(keys, True))

        def asked() -> Any:
            try:
                return osmnx.features_from_polygon(polygon, wanted)
            except osmnx._errors.InsufficientResponseError:
                return None  # nothing there

        frame = self._ask(
            reading.folder, asked, area_m2=_area_m2(polygon), notes=notes, progress=reading.progress
        )  # fmt: skip
        return [] if frame is None else _things(frame)

    def _ask(self, folder: Path, question: Callable[[], Answer], *, key: str = "endpoint", **how: Any) -> Answer:
        """Ask a server through OSMnx; ``key`` is the server's key in the scenario, ``how`` goes to :func:`ask`."""
        servers = Servers(
            self.endpoint or OVERPASS,
            self.nominatim or NOMINATIM,
            cache_folder() / "osmnx" if self.cache is None else folder / self.cache,
        )
        where = {"endpoint": servers.overpass, "nominatim": servers.nominatim}[key]
        try:
            return ask(question, servers, **how)
        except NothingThereError as error:
            raise InputError(Fault(f"{self.shown}: nothing was found ({error})", self._path)) from None
        except NoAnswerError as error:
            message = f"{self.shown}: no usable answer from {where} {error}; try later or use a file"
            raise InputError(Fault(message, (key,))) from None

    @property
    def _path(self) -> tuple[str, ...]:
        """The key that says what is asked for."""
        return ()

    def _record(self, segments: Segments) -> dict[str, Any]:
        """Return what the manifest says of the answer: its hash, since a server answers differently tomorrow."""
        digest, size = hashlib.sha256(), 0
        for column in (segments.node_id, segments.lon, segments.lat, segments.tail, segments.head, segments.way_id):
            digest.update(np.ascontiguousarray(column).tobytes())
            size += column.nbytes
        where = self.endpoint or OVERPASS
        return {
            "path": f"{where} ({self.shown})", "sha256": digest.hexdigest(), "bytes": size, "what": "roads",
            "attribution": OSM_CREDIT,
        }  # fmt: skip


class OsmPlace(OsmArea):
    """Roads of a place by name, from OpenStreetMap's servers (needs the internet)."""

    type: Literal["osm_place"] = Field(default="osm_place", description="A place by its name.")
    place: str = Field(min_length=1, description="Name as Nominatim knows it, e.g. 'Jinan-gun, South Korea'.")

    def polygon(self, folder: Path) -> BaseGeometry:
        """Return the boundary that Nominatim knows."""
        import osmnx  # noqa: PLC0415

        def asked() -> Any:
            try:
                return osmnx.geocode_to_gdf(self.place).geometry.iloc[0]
            except TypeError:
                return None

        found = self._ask(folder, asked, key="nominatim")
        if found is None:
            raise InputError(Fault(f"{self.shown} has no boundary in OpenStreetMap: use osm_bbox", self._path))
        return found

    @property
    def shown(self) -> str:
        """What is asked for, in words."""
        return f"place {self.place!r}"

    @property
    def _path(self) -> tuple[str, ...]:
        return ("place",)


class OsmBbox(OsmArea):
    """Roads of a box, from OpenStreetMap's servers (needs the internet)."""

    type: Literal["osm_bbox"] = Field(default="osm_bbox", description="A box of longitudes and latitudes.")
    bbox: list[float] = Field(
        min_length=4, max_length=4, description="West, south, east, north in degrees: [127.3, 36.4, 127.5, 36.6]."
    )

    @field_validator("bbox")
    @classmethod
    def _is_box(cls, value: list[float]) -> list[float]:
        """Refuse a box that is inside out or outside the world."""
        west, south, east, north = value
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError(f"expected west < east and south < north in degrees, got {value}")
        return value

    def polygon(self, folder: Path) -> BaseGeometry:  # noqa: ARG002
        """Return the box."""
        return shapely.box(*self.bbox)

    @property
    def shown(self) -> str:
        """What is asked for, in words."""
        return f"box {self.bbox}"

    @property
    def _path(self) -> tuple[str, ...]:
        return ("bbox",)


class OsmPoint(OsmArea):
    """Roads around a point, from OpenStreetMap's servers (needs the internet)."""

    type: Literal["osm_point"] = Field(default="osm_point", description="A square around a point.")
    at: list[float] = Field(min_length=2, max_length=2, description="Longitude and latitude: [127.41, 36.52].")
    distance: Length = Field(description="How far the square reaches from the point, e.g. '5 km'.")

    @field_validator("at")
    @classmethod
    def _is_on_earth(cls, value: list[float]) -> list[float]:
        """Refuse a place outside the world."""
        if not (-180 <= value[0] <= 180 and -90 < value[1] < 90):
            raise ValueError(f"expected [longitude, latitude] in degrees, got {value}")
        return value

    def polygon(self, folder: Path) -> BaseGeometry:  # noqa: ARG002
        """Return the square around the point."""
        import osmnx  # noqa: PLC0415

        return shapely.box(*osmnx.utils_geo.bbox_from_point((self.at[1], self.at[0]), dist=self.distance))

    @property
    def shown(self) -> str:
        """What is asked for, in words."""
        return f"{self.distance:g} m around {self.at}"

    @property
    def _path(self) -> tuple[str, ...]:
        return ("at",)


def _area_m2(polygon: BaseGeometry) -> float:
    """Return the area of a polygon in degrees, near enough to cut it by."""
    _, south, _, north = polygon.bounds
    metres_a_degree = 111_320.0
    return float(polygon.area * metres_a_degree**2 * max(0.01, math.cos(math.radians((south + north) / 2))))


def _things(frame: Any) -> list[OsmThing]:
    """Return OSMnx features as tagged objects, in the order of their ids."""
    found = []
    columns = [name for name in frame.columns if name != "geometry"]
    for (element, number), row in zip(frame.index, frame.to_dict("records"), strict=True):
        tags = {name: str(row[name]) for name in columns if isinstance(row[name], str)}
        found.append((str(element), int(number), OsmThing(f"{element}/{number}", tags, row["geometry"])))
    return [thing for _, _, thing in sorted(found, key=lambda one: one[:2])]
