"""Where facilities are, in words: their name, their kind and the district they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from lifezone.report.labels import Language
from lifezone.report.material import Material

if TYPE_CHECKING:
    from lifezone.model import Variant

__all__ = ["Place", "Places"]

_NEAR_M: Final = 1000.0
"""Farther from where anybody lives nobody can tell the district without its border."""


@dataclass(frozen=True)
class Place:
    """One facility or candidate.

    Attributes:
        id: as in the files.
        name: its own name, or its id where it has none.
        kind: key of its kind, empty where that is not known.
        district: id of the district it stands in, empty beyond the study area.
        open: whether it is open.
        cost: won that opening it costs, None where nobody told.
    """

    id: str
    name: str
    kind: str = ""
    district: str = ""
    open: bool = True
    cost: float | None = None


@dataclass(frozen=True)
class Places:
    """The facilities of one variant by id.

    Attributes:
        material: the folder of results.
        variant: whose facilities.
    """

    material: Material
    variant: str
    _told: dict[str, Place] = field(default_factory=dict, repr=False, compare=False)

    def of(self, key: str) -> Place:
        """Return a facility or candidate; of an id that the variant does not have, the id alone."""
        if key not in self._told:
            at = self._at.get(key)
            self._told[key] = self._candidates.get(key, Place(key, key)) if at is None else self._place(at)
        return self._told[key]

    def names(self, keys: Iterable[str], language: Language) -> list[str]:
        """Return facilities in words: ``새터보건지소(새터면)``; the district is left out where the name has it."""
        return [self.name(key, language) for key in keys]

    def name(self, key: str, language: Language) -> str:
        """Return one facility in words."""
        place = self.of(key)
        district = self.material.district_name(place.district, language) if place.district else ""
        own = place.name
        if own == place.id and place.kind:  # an id says nothing to people
            own = f"{self.material.kind_name(place.kind, language)} {place.id}"
        if not district or district in own:
            return own
        return f"{own}({district})" if language == "ko" else f"{own} ({district})"

    def district_at(self, x_m: float, y_m: float) -> str:
        """Return the id of the district at a place of the study's coordinates, empty beyond all of them."""
        return self._districts_at(np.array([x_m]), np.array([y_m]))[0]

    def district_of_lonlat(self, lon: float, lat: float) -> str:
        """Return the id of the district at longitude and latitude, empty beyond all of them or where it is unknown."""
        if not np.isfinite([lon, lat]).all():
            return ""
        x, y = self._to_metres.transform(lon, lat)
        return self.district_at(float(x), float(y)) if np.isfinite([x, y]).all() else ""

    @cached_property
    def _to_metres(self) -> Any:
        from pyproj import Transformer  # noqa: PLC0415  (slow to import)

        return Transformer.from_crs("EPSG:4326", self.material.manifest["crs"], always_xy=True)

    @cached_property
    def _world(self) -> Variant:
        return self.material.variant(self.variant)

    @cached_property
    def _at(self) -> dict[str, int]:
        return {str(key): at for at, key in enumerate(self._world.world.facilities.ids.tolist())}

    @cached_property
    def _candidates(self) -> dict[str, Place]:
        """Return candidates that a plan weighed and did not open, by id."""
        rows = self.material.table("candidates", self.variant).to_dict("records")
        return {
            str(row["id"]): Place(
                str(row["id"]), str(row["name"] or row["id"]), str(row["kind"]),
                self.district_of_lonlat(float(row["lon"]), float(row["lat"])), open=False,
                cost=float(row["cost"]) if np.isfinite(row.get("cost", np.nan)) else None,
            )
            for row in rows
        }  # fmt: skip

    def _place(self, at: int) -> Place:
        supply = self._world.world.facilities
        key, cost = str(supply.ids[at]), float(supply.cost[at])
        return Place(
            key, str(supply.name[at]) or key, supply.kinds[supply.kind[at]],
            self.district_at(float(supply.x_m[at]), float(supply.y_m[at])), bool(supply.open[at]),
            cost if np.isfinite(cost) else None,
        )  # fmt: skip

    def _districts_at(self, x_m: np.ndarray, y_m: np.ndarray) -> list[str]:
        """Return district ids by their polygons, else by the nearest place where people live within a kilometre."""
        units, demand = self._world.world.districts, self._world.world.demand
        points = shapely.points(x_m, y_m)
        if units.polygon is not None:
            within = [[shape is not None and shape.covers(point) for shape in units.polygon] for point in points]
            return [next((unit for unit, there in zip(units.ids, row, strict=True) if there), "") for row in within]
        if not demand.n_points:
            return [""] * len(points)
        far = np.hypot(demand.x_m[None, :] - x_m[:, None], demand.y_m[None, :] - y_m[:, None])
        nearest = far.argmin(axis=1)
        close = far[np.arange(len(points)), nearest] <= _NEAR_M
        return [units.ids[demand.district[at]] if near else "" for at, near in zip(nearest, close, strict=True)]
