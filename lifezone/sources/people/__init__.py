"""People: rasters, tables of points, cells or polygons, and people put along roads.

Decided: people in are people out; what is left out is counted in the notes, what cannot be is a fault with line
numbers. An empty number is a fault, but in files of grid squares it means *not published* and the square is not
counted (an absent row in a grid file is not zero either). Refused: resampling rasters, guessing nodata, mending swapped
coordinates. Look again when building footprints are at hand: they say better than roads where people live.
"""

from lifezone.sources.people.build import Spread
from lifezone.sources.people.on_roads import PeopleOnRoads, points_along_roads, spread_over_roads
from lifezone.sources.people.people_table import PeopleTable
from lifezone.sources.people.raster import PeopleRaster, RasterBand

__all__ = [
    "PeopleOnRoads",
    "PeopleRaster",
    "PeopleTable",
    "RasterBand",
    "Spread",
    "points_along_roads",
    "spread_over_roads",
]
