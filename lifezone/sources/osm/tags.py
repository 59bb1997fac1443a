"""What OpenStreetMap tags say about a way: who may use it in which direction, and what is posted.

Access is resolved most specific tag first: for cars ``motorcar`` > ``motor_vehicle`` > ``vehicle`` > ``access``, for
feet ``foot`` > ``access``, for bicycles ``bicycle`` > ``vehicle`` > ``access``. A value that says neither yes nor no
(``unknown``) leaves the question to the next tag. Conditional tags are counted, never guessed. Barriers, signals and
turn restrictions are read elsewhere (:mod:`lifezone.sources.turns`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lifezone.routing.speeds import CAR_WAYS, SpeedRules, built_up_by_tag, parse_maxspeed
from lifezone.sources.osm.access import (
    BACKWARD,
    BICYCLE_KEYS,
    BOTH,
    CAR_KEYS,
    FOOT_KEYS,
    FORWARD,
    OPEN,
    first_of,
    said,
)  # fmt: skip
from lifezone.sources.osm.bicycles import BICYCLE_TAGS, bicycle_directions

__all__ = ["ROAD_TAGS", "WayTraits", "parse_duration", "way_traits"]

BY_TURNS: Final = frozenset({"reversible", "alternating"})
FOOT_WAYS: Final = frozenset({"footway", "path", "steps", "pedestrian", "track", "bridleway", "corridor", "platform"})
"""Ways made for feet (or at least not for cars), open unless a tag closes them."""
FOOT_ONLY: Final = frozenset({"footway", "steps", "corridor", "escalator"})
"""Ways on which a plain ``oneway`` can only mean feet."""
FOOT_IF_TAGGED: Final = frozenset({"cycleway", "busway", "bus_guideway", "escalator", "elevator", "via_ferrata"})
ROAD_TAGS: Final = frozenset({
    "highway", "route", "duration", "interval", "bridge", "tunnel", "junction", "service", "area", "motorroad",
    "conveying", "bicycle",
    "oneway", "oneway:foot", "oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle",
    "maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed", "zone:traffic",
    *(f"{key}:conditional" for key in CAR_KEYS),
    *(f"{key}{suffix}" for key in {*CAR_KEYS, *FOOT_KEYS, *BICYCLE_KEYS} for suffix in ("", ":forward", ":backward")),
    *BICYCLE_TAGS,
})  # fmt: skip
"""Every tag that this module looks at, apart from names."""


@dataclass(frozen=True)
class WayTraits:
    """What the tags of a way come to.

    Attributes:
        way: way class; ``ferry`` for ferries.
        car: whether cars may go forward and backward along the nodes.
        walk: whether feet may.
        limit_kmh: posted limit forward and backward; NaN = none, ``inf`` = posted as unlimited.
        built_up: True, False, or None when the tags do not say.
        duration_s: crossing time of a ferry, NaN = not mapped.
        interval_s: time between two of its departures, NaN = not mapped.
        bicycle: whether bicycles may go forward and backward.
        pushed: whether they are pushed there, as on steps or where riding is not allowed.
        carried: True on a bridge or in a tunnel, where the ground's height is not the road's.
        told: what was assumed, as keys that are counted.
    """

    way: str
    car: tuple[bool, bool]
    walk: tuple[bool, bool]
    limit_kmh: tuple[float, float] = (math.nan, math.nan)
    built_up: bool | None = None
    duration_s: float = math.nan
    interval_s: float = math.nan
    bicycle: tuple[bool, bool] = (False, False)
    pushed: bool = False
    carried: bool = False
    told: tuple[str, ...] = ()


def way_traits(tags: Mapping[str, str], rules: SpeedRules) -> WayTraits | None:
    """Return what the tags of one way come to, or None when neither cars nor feet nor bicycles may use it.

    Args:
        tags: the tags of the way.
        rules: the study's speeds and country rules.
    """
    if tags.get("route") == "ferry" and tags.get("highway") in {None, "ferry"}:
        return _ferry(tags, bicycles=rules.bicycle_mps is not None)
    way = tags.get("highway", "")
    walk = _directions_on_foot(tags) if _open_to_feet(way, tags, rules) else (False, False)
    car: tuple[bool, bool] = (False, False)
    told: tuple[str, ...] = ()
    if _open_to_cars(way, tags, rules):
        car, told = _directions_by_car(way, tags)
    bicycle, pushed = (False, False), False
    if rules.bicycle_mps is not None:
        bicycle, pushed = bicycle_directions(way, tags, rules, walk)
    if not any((*car, *walk, *bicycle)):
        return None
    if any(f"{key}:conditional" in tags for key in CAR_KEYS):
        told = (*told, "conditional")
    both = parse_maxspeed(tags.get("maxspeed", ""), rules)
    if math.isnan(both):
        # a sign known only by its kind (maxspeed:type=KR:urban) is as good as the figure it stands for
        both = parse_maxspeed(tags.get("maxspeed:type", ""), rules)
    ahead, back = (parse_maxspeed(tags.get(f"maxspeed:{side}", ""), rules) for side in ("forward", "backward"))
    return WayTraits(
        way=way,
        car=car,
        walk=walk,
        limit_kmh=(both if math.isnan(ahead) else ahead, both if math.isnan(back) else back),
        built_up=built_up_by_tag(tags),
        bicycle=bicycle,
        pushed=pushed,
        carried=tags.get("bridge", "no") != "no" or tags.get("tunnel", "no") != "no",
        told=told,
    )


def _open_to_cars(way: str, tags: Mapping[str, str], rules: SpeedRules) -> bool:
    """Say whether cars may use a way at all: motorway to service, tracks where the country allows."""
    if way not in CAR_WAYS or tags.get("area") == "yes" or tags.get("service") == "emergency_access":
        return False
    word = said(tags, CAR_KEYS)
    if way == "track" and not rules.track:
        # a tag on the way itself beats the country: only an explicit word for motor traffic opens a track
        return said(tags, CAR_KEYS[:2]) is True
    return word is not False


def _open_to_feet(way: str, tags: Mapping[str, str], rules: SpeedRules) -> bool:
    """Say whether feet may use a way at all."""
    if way in rules.no_walk or tags.get("motorroad") == "yes":
        return tags.get("foot", "") in OPEN
    if way in FOOT_IF_TAGGED:
        return tags.get("foot", "") in OPEN or "conveying" in tags
    if way not in FOOT_WAYS and way not in CAR_WAYS:
        return False
    return said(tags, FOOT_KEYS) is not False


def _directions_by_car(way: str, tags: Mapping[str, str]) -> tuple[tuple[bool, bool], tuple[str, ...]]:
    """Return forward and backward for cars, and what was assumed."""
    told: tuple[str, ...] = ()
    forward = backward = True
    oneway = first_of(tags, ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"))
    if oneway in FORWARD or (oneway not in BACKWARD | BOTH | BY_TURNS and _is_oneway_by_nature(way, tags)):
        backward = False
    elif oneway in BACKWARD:
        forward = False
    elif oneway in BY_TURNS:
        told = (oneway,)
    forward = forward and said(tags, CAR_KEYS, ":forward") is not False
    backward = backward and said(tags, CAR_KEYS, ":backward") is not False
    return (forward, backward), told


def _is_oneway_by_nature(way: str, tags: Mapping[str, str]) -> bool:
    """Say whether a way is one-way without a word: motorways and roundabouts."""
    return way == "motorway" or tags.get("junction") in {"roundabout", "circular"}


def _directions_on_foot(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return forward and backward for feet: both, unless a tag speaks of feet or the way is for feet alone."""
    oneway = tags.get("oneway:foot", "")
    conveying = tags.get("conveying", "")
    if not oneway and conveying in {"forward", "backward"}:
        oneway = "yes" if conveying == "forward" else "-1"
    for_feet_alone = tags.get("highway") in FOOT_ONLY and tags.get("bicycle", "no") not in OPEN
    if not oneway and for_feet_alone:
        oneway = tags.get("oneway", "")
    forward = oneway not in BACKWARD and said(tags, FOOT_KEYS[:1], ":forward") is not False
    backward = oneway not in FORWARD and said(tags, FOOT_KEYS[:1], ":backward") is not False
    return forward, backward


def _ferry(tags: Mapping[str, str], *, bicycles: bool) -> WayTraits | None:
    """Return the traits of a ferry line.

    Cars are taken aboard when a tag says so, or when no tag speaks of any kind of passenger: then it is told.
    """
    word = said(tags, CAR_KEYS)
    guessed = word is None and "foot" not in tags and "bicycle" not in tags
    by_car = word is True or guessed
    on_foot = said(tags, FOOT_KEYS) is not False
    by_bicycle = bicycles and on_foot and said(tags, BICYCLE_KEYS) is not False
    duration_s, interval_s = parse_duration(tags.get("duration", "")), parse_duration(tags.get("interval", ""))
    oneway = tags.get("oneway", "")
    ahead, back = oneway not in BACKWARD, oneway not in FORWARD
    if not (by_car or on_foot):
        return None
    told = ("ferry_cars",) * guessed + ("ferry_duration",) * math.isnan(duration_s)
    told += ("ferry_interval",) * math.isnan(interval_s)
    return WayTraits(
        way="ferry",
        car=(by_car and ahead, by_car and back),
        walk=(on_foot and ahead, on_foot and back),
        duration_s=duration_s,
        interval_s=interval_s,
        bicycle=(by_bicycle and ahead, by_bicycle and back),
        told=told,
    )


def parse_duration(text: str) -> float:
    """Read the duration of a crossing, or the time between two, in seconds.

    ``HH:MM``, ``HH:MM:SS``, minutes, or ISO 8601 (``PT1H30M``).

    Returns:
        Seconds; NaN when the text is empty, cannot be read or is zero.
    """
    text = text.strip().upper()
    clock = re.fullmatch(r"(\d+):(\d{1,2})(?::(\d{1,2}))?", text)
    iso = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        seconds = float(text) * 60
    elif clock is not None:
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        seconds = float(hours * 3600 + minutes * 60 + rest)
    elif iso is not None:
        days, hours, minutes, rest = (int(part or 0) for part in iso.groups())
        seconds = float(days * 86400 + hours * 3600 + minutes * 60 + rest)
    else:
        return math.nan
    return seconds if seconds > 0 else math.nan
