"""GeoJSON for the web: cells, facilities and deserts in longitude and latitude, as RFC 7946 wants them.

What stands on a web page is read by everybody: so counts follow the disclosure rule here, unlike in the other data
files. People of cells under 5 and groups under 10 are null, deserts under 50 people have no name, unless the rule is
lifted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyogrio

from lifezone.model import TOTAL, Result
from lifezone.progress import Progress
from lifezone.report import frames
from lifezone.report.names import variant_folder
from lifezone.standards.disclosure import LEAST_DESERT, LEAST_GROUP, LEAST_PEOPLE

__all__ = ["write_geojson"]

_DIGITS: Final = 6
"""Decimal places of a degree: about 10 cm."""
_PEOPLE: Final = "people_"


def write_geojson(result: Result, folder: Path, progress: Progress, *, disclose: bool) -> None:
    """Write ``<variant>/cells.geojson``, ``facilities.geojson`` and ``deserts.geojson``."""
    with progress.step("writing GeoJSON", len(result.variants)) as advance:
        for variant in result.variants:
            place = folder / variant_folder(variant.name)
            place.mkdir(exist_ok=True)
            cells, deserts = frames.cells(variant), frames.deserts(variant)
            if not disclose:
                cells = _hidden(cells, {TOTAL: LEAST_PEOPLE}, LEAST_PEOPLE)
                few = deserts[_PEOPLE + TOTAL] < LEAST_DESERT
                deserts.loc[few, ["name", "name_en"]] = None
                deserts = _hidden(deserts, {}, LEAST_GROUP)
            for name, frame in (("cells", cells), ("facilities", frames.facilities(variant)), ("deserts", deserts)):
                _write(frame, place / f"{name}.geojson")
            advance(1)


def _hidden(frame: gpd.GeoDataFrame, least_of: dict[str, int], least: int) -> gpd.GeoDataFrame:
    """Return a frame whose small counts of people are null."""
    for column in frame.columns:
        if column.startswith(_PEOPLE):
            bound = least_of.get(column.removeprefix(_PEOPLE), least)
            frame[column] = np.where((frame[column] > 0) & (frame[column] < bound), np.nan, frame[column])
    return frame


def _write(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write one layer in degrees, with as many digits as say something."""
    pyogrio.write_dataframe(
        frame.to_crs("EPSG:4326"), path, driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION=str(_DIGITS),
        WRITE_NAME="NO",
    )  # fmt: skip
