"""The plan of Hanbit county: where its towns, waters, bridges and main roads are meant to be.

Everything is in metres east and north of ``ORIGIN`` (lon 127.41, lat 36.51 in EPSG:5179). What a seed changes (relief,
villages, courses of roads, people) grows around this plan, so that the studies that ship with lifezone make sense
for every seed: the river passes 127.41 between 36.50 and 36.52, the east bank has no clinic, a stream cuts the
south-east off from the bridge, the hospital is beyond the county line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lifezone.model import Floats

__all__ = [
    "BRIDGES",
    "CENTRES",
    "COUNTY_PEOPLE",
    "CRS",
    "EXITS",
    "FERRY",
    "FIXED_VILLAGES",
    "FLOOD_PLAIN_M",
    "ISLAND",
    "LAKE",
    "LINKS",
    "NAMED_VILLAGES",
    "ORIGIN",
    "RIM",
    "RIVER",
    "RIVER_WIDTH_M",
    "STREAM",
    "STREAM_WIDTH_M",
    "VILLAGE_PEOPLE",
    "Centre",
    "Link",
    "chaikin",
]  # fmt: skip

CRS: Final = "EPSG:5179"
ORIGIN: Final = (991_942.0, 1_834_706.0)
COUNTY_PEOPLE: Final = 30_000


@dataclass(frozen=True)
class Centre:
    """A town or the seat of a myeon.

    Attributes:
        key: short name used in this package.
        name: Korean name of the district without its ending.
        name_en: the same in English.
        rank: ``city``, ``eup``, ``myeon``, or ``beyond`` for the seat of a neighbouring county's myeon.
        x_m: metres east of ``ORIGIN``.
        y_m: metres north.
        radius_m: radius of its street pattern.
        spacing_m: distance between its streets.
        people: who live in the settlement itself, before villages.
        turn: direction of its main street as a vector of whole numbers.
    """

    key: str
    name: str
    name_en: str
    rank: Literal["city", "eup", "myeon", "beyond"]
    x_m: float
    y_m: float
    radius_m: float
    spacing_m: float
    people: int
    turn: tuple[int, int]


@dataclass(frozen=True)
class Link:
    """A main road that is meant to be: the cheapest course between two places, roads that are there being cheaper."""

    start: str
    end: str
    way: str
    name: str


CENTRES: Final = (
    Centre("hanbit", "한빛", "Hanbit", "eup", -6200, 600, 1050, 105, 11_600, (5, 1)),
    Centre("saeteo", "새터", "Saeteo", "myeon", -9600, 7000, 330, 85, 620, (3, 1)),
    Centre("soljae", "솔재", "Soljae", "myeon", -4700, 8300, 330, 85, 760, (2, -1)),
    Centre("muran", "물안", "Muran", "myeon", -9300, -6600, 330, 85, 680, (4, 1)),
    Centre("deulmal", "들말", "Deulmal", "myeon", -3900, -7200, 380, 85, 1_080, (1, 3)),
    Centre("dongnaru", "동나루", "Dongnaru", "myeon", 330, 1240, 330, 85, 690, (1, 4)),
    Centre("hoban", "호반", "Hoban", "myeon", 4300, 7700, 300, 85, 520, (2, 3)),
    Centre("saetbyeol", "샛별", "Saetbyeol", "myeon", 9000, 1500, 300, 85, 610, (3, -2)),
    Centre("noeul", "노을", "Noeul", "myeon", 7300, -5900, 300, 85, 470, (1, 1)),
    Centre("araetgol", "아랫골", "Araetgol", "myeon", 3500, -9900, 280, 85, 430, (5, 2)),
    Centre("saebit", "새빛", "Saebit", "city", -18800, -3600, 2100, 225, 70_000, (4, -1)),
    Centre("north", "높은재", "Nopeunjae", "beyond", -8200, 14600, 230, 90, 380, (2, 1)),
    Centre("northeast", "구름골", "Gureumgol", "beyond", 7000, 15000, 230, 90, 300, (1, 2)),
    Centre("east", "해돋이", "Haedodi", "beyond", 15200, 5200, 230, 90, 320, (3, 1)),
    Centre("southeast", "갈대", "Galdae", "beyond", 13300, -10200, 230, 90, 310, (1, 1)),
    Centre("south", "참샘", "Chamsaem", "beyond", -3500, -14900, 230, 90, 420, (4, 1)),
    Centre("west", "너른들", "Neoreundeul", "beyond", -17500, 5600, 230, 90, 650, (1, 3)),
    Centre("southwest", "버들내", "Beodeullae", "beyond", -15400, -11000, 230, 90, 520, (2, -1)),
)
"""The eup and nine myeon first, in the order of the districts; then what lies beyond the county line."""

EXITS: Final = {
    "exit-west": (-23700, -2600), "exit-southwest": (-20500, -10800), "exit-north": (-6500, 17000),
    "exit-east": (17800, 1500), "exit-south": (-5200, -17000), "exit-southeast": (15300, -11400),
    "exit-northeast": (11500, 15600), "exit-northwest": (-20800, 10300),
}  # fmt: skip
"""Where the roads of the neighbouring region leave the map."""

LINKS: Final = (
    Link("hanbit", "saebit", "trunk", "한빛대로"),
    Link("hanbit", "dongnaru", "trunk", "한빛대로"),
    Link("dongnaru", "saetbyeol", "trunk", "동부대로"),
    Link("saetbyeol", "exit-east", "trunk", "동부대로"),
    Link("saebit", "exit-west", "trunk", "새빛대로"),
    Link("hanbit", "soljae", "primary", "솔재로"),
    Link("soljae", "exit-north", "primary", "높은재로"),
    Link("hanbit", "deulmal", "primary", "들말로"),
    Link("deulmal", "south", "primary", "남부로"),
    Link("south", "exit-south", "primary", "남부로"),
    Link("saebit", "exit-southwest", "primary", "새빛남로"),
    Link("saebit", "exit-northwest", "primary", "새빛북로"),
    Link("hanbit", "saeteo", "secondary", "새터로"),
    Link("hanbit", "muran", "secondary", "물안로"),
    Link("saeteo", "soljae", "secondary", "북부로"),
    Link("saeteo", "west", "secondary", "너른들로"),
    Link("muran", "deulmal", "secondary", "들길로"),
    Link("muran", "southwest", "secondary", "버들내로"),
    Link("soljae", "hoban", "secondary", "호반로"),
    Link("dongnaru", "hoban", "secondary", "나루로"),
    Link("saetbyeol", "noeul", "secondary", "노을로"),
    Link("saetbyeol", "east", "secondary", "샛별로"),
    Link("noeul", "araetgol", "secondary", "골안로"),
    Link("deulmal", "araetgol", "secondary", "아랫골로"),
    Link("eastbank", "noeul", "secondary", "동강로"),
    Link("eastbank", "dongnaru", "tertiary", "호반천로"),
    Link("westbank", "hanbit", "tertiary", "서강로"),
    Link("noeul", "exit-southeast", "secondary", "갈대로"),
    Link("hoban", "northeast", "secondary", "구름골로"),
    Link("northeast", "exit-northeast", "secondary", "구름골로"),
    Link("north", "exit-north", "tertiary", "높은재로"),
    Link("southeast", "exit-southeast", "tertiary", "갈대로"),
    Link("saetbyeol", "lake-south", "tertiary", "호수길로"),
    Link("hoban", "pier", "tertiary", "선착장로"),
)

RIVER: Final = (
    (-2300, 18500), (-1200, 15500), (-1500, 12800), (-2600, 10600), (-1500, 8600), (-2400, 6600), (-1300, 4900),
    (-1900, 3200), (-950, 2000), (-520, 1150), (-60, 420), (40, -250), (-350, -1300), (-150, -2500), (800, -4000),
    (350, -5600), (-700, -7100), (-100, -8900), (700, -10700), (-200, -12900), (300, -15200), (-600, -18500),
)  # fmt: skip
"""Course of 한빛강, from north to south; points near the origin are never moved by a seed."""
RIVER_WIDTH_M: Final = 150.0
STREAM: Final = (
    (7200, 6500), (7000, 5200), (6100, 4100), (5700, 2700), (4400, 1600), (3000, 900), (1900, 820), (1000, 320),
    (-10, 60),
)  # fmt: skip
"""Course of 호반천 from the lake to the river."""
STREAM_WIDTH_M: Final = 50.0
LAKE: Final = (
    (6250, 8300), (6500, 9300), (7300, 9900), (8500, 10300), (9700, 9900), (10400, 9000), (10150, 8000), (9600, 7300),
    (8700, 6900), (7900, 6350), (7200, 6300), (6600, 6900), (6700, 7500),
)  # fmt: skip
ISLAND: Final = ((7800, 8350), (8100, 8950), (8700, 9150), (9150, 8700), (9050, 8150), (8500, 7850), (8000, 7950))
FERRY: Final = ((6150, 7550), (7860, 8420))
"""Where the piers are wanted: on the shore, on the island."""

BRIDGES: Final = (
    ("한빛교", (10, 150)), ("솔재교", (-2350, 6700)), ("들말교", (380, -5500)),
    ("호반천교", (4350, 1570)), ("둑다리", (7080, 5500)),
)  # fmt: skip
"""The only ways over river and stream: name and where it is wanted."""

FIXED_VILLAGES: Final = (
    (-1080, 60), (1030, -60), (-1050, -1180), (8450, 8500), (7000, 5050), (2700, -1900), (10900, -1900), (11300, 4700),
    (10600, -5300), (5200, -7900), (4400, 3900), (10900, 6700), (5330, 1140),
)  # fmt: skip
"""Villages that the studies name or that the plan needs."""
NAMED_VILLAGES: Final = {"westbank": 0, "eastbank": 1, "island-village": 3, "lake-south": 4}
"""Some of them by name; position in ``FIXED_VILLAGES``."""
VILLAGE_PEOPLE: Final = {0: 210, 1: 340, 2: 170, 3: 146, 5: 230, 12: 240}
"""How many live in some of them; the others' people are shared out by lot."""
FLOOD_PLAIN_M: Final = 380.0
"""No settlement and no road but the bridge is nearer to the origin."""

RIM: Final = (
    (-24500, -2000), (-23600, 6000), (-19000, 12500), (-12000, 16000), (-3000, 17300), (6000, 17300), (13000, 15000),
    (16800, 9000), (18000, 0), (16800, -8000), (12500, -14500), (4000, -17000), (-5000, -17000), (-13500, -15500),
    (-21000, -11500),
)  # fmt: skip
"""Edge of the world that is built; the county lies well inside."""


def chaikin(points: Floats, *, closed: bool, times: int = 3) -> Floats:
    """Round the corners of a line by cutting them (Chaikin 1974).

    Args:
        points: f64[n, 2] corners; of a ring without its last point repeated.
        closed: Whether the line is a ring.
        times: How often corners are cut.

    Returns:
        f64[m, 2]; an open line keeps its ends.
    """
    for _ in range(times):
        following = np.roll(points, -1, axis=0)
        pairs = np.stack([0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following], axis=1)
        if closed:
            points = pairs.reshape(-1, 2)
        else:
            points = np.concatenate([points[:1], pairs[:-1].reshape(-1, 2), points[-1:]])
    return points
