"""What a study knows of the world: roads, people, facilities, districts and place names, all in one metric CRS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lifezone.model.allowed import Allowed
from lifezone.model.arrays import Floats
from lifezone.model.demand import Demand
from lifezone.model.facilities import Facilities
from lifezone.model.given_times import GivenTimes
from lifezone.model.network import Network
from lifezone.model.statistics import Statistic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

__all__ = ["Access", "Districts", "Places", "World"]


@dataclass(frozen=True)
class Access:
    """How a point gets to its road, for one mode.

    Attributes:
        limit_m: farthest straight distance to a road; beyond it the point is off the network.
        speed_mps: speed on that leg (walking).
        terminal_s: time added once to every trip (parking, walking to the car).
    """

    limit_m: float
    speed_mps: float
    terminal_s: float = 0.0


@dataclass(frozen=True, eq=False)
class Districts:
    """Administrative units that results are told by; D of them.

    Attributes:
        ids: D ids, text, unique.
        name: D names.
        name_en: D English names (the same as ``name`` where none is known).
        polygon: D shapely (multi)polygons in the study's CRS, or None when the study is one district ``all``
            without a boundary.
        notes: what was repaired or joined while reading.
    """

    ids: tuple[str, ...]
    name: tuple[str, ...]
    name_en: tuple[str, ...] = ()
    polygon: np.ndarray | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Places:
    """Names of settlements, to call a desert by.

    Attributes:
        x_m: f64[n] easting.
        y_m: f64[n] northing.
        name: n names.
        name_en: n English names, may be empty texts.
        rank: n ranks, 0 = city or town, larger = smaller settlement.
    """

    x_m: Floats
    y_m: Floats
    name: np.ndarray
    name_en: np.ndarray
    rank: np.ndarray

    @staticmethod
    def empty() -> Places:
        """Return no places."""
        text = np.empty(0, dtype=object)
        return Places(np.empty(0), np.empty(0), text, text, np.empty(0, np.int32))


@dataclass(frozen=True, eq=False)
class World:
    """Everything one variant is judged on. An edit makes a new World and leaves the old one as it was.

    Attributes:
        network: roads of all modes.
        demand: people.
        facilities: supply.
        districts: units of the results.
        places: settlement names.
        access: per mode, how points reach their road.
        area: shapely polygon of the study area in the study's CRS, or None.
        crs: the CRS shared by everything, projected, metres.
        water: shapely geometry of water, drawn on maps, or None.
        notes: told in the manifest.
        times: ready-made travel times; where one of them answers, nothing is routed.
        allowed: attendance areas, at most one for each kind.
        limit_factor: modelled car speeds as a share of the legal limits.
        statistics: figures of ri, eup and myeon, or districts, at most one of each name.
    """

    network: Network
    demand: Demand
    facilities: Facilities
    districts: Districts
    access: Mapping[str, Access]
    crs: str
    places: Places = field(default_factory=Places.empty)
    area: BaseGeometry | None = None
    water: BaseGeometry | None = None
    notes: tuple[str, ...] = ()
    times: tuple[GivenTimes, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    limit_factor: float = 1.0

    def given_times(self, mode: str, direction: str) -> GivenTimes | None:
        """Return the ready-made times that answer for a mode and direction (the first that does), or None."""
        return next((times for times in self.times if times.answers(mode, direction)), None)
