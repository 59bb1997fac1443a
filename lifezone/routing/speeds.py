"""How fast cars drive: a dated preset by country and way class, posted limits, a planner's overrides.

The speed of one direction of a way, the first of these that holds:

1. ``area.speeds.car.<class>``: the speed driven, as the planner states it (no factor);
2. a posted limit times the factor from limit to driven speed;
3. the preset's limit for the way class, rural or built-up, times the factor.

Decided: one factor for all classes, named with its source in the preset, because no calibrated table by class and hour
is at hand (look again when traffic counts are read). Refused: numbers in code, a country guessed from coordinates.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, WithJsonSchema, field_validator, model_validator
from ruamel.yaml import YAML

from lifezone.errors import Fault, InputError
from lifezone.routing.presets import junction_preset
from lifezone.spec import Spec, Speed, Time
from lifezone.units import parse_speed

__all__ = [
    "CAR_WAYS", "KMH", "ClassSpeed", "SpeedRules", "SpeedsSpec", "built_up_by_tag", "load_rules", "parse_maxspeed",
    "speed_presets",
]  # fmt: skip

KMH: Final = 1 / 3.6
"""Metres per second in one km/h."""
CAR_WAYS: Final = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
    "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "track",
)  # fmt: skip
"""Way classes that have a car speed."""
FERRY_INTERVAL_S: Final = 3600.0
"""Time between two ferries where it is not mapped: ours, a round hour."""
FASTEST_KMH: Final = 200.0
"""A posted figure above this is a slip of the pen and is ignored."""
_NUMBER: Final = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(km/?h|kph|kmph|mph|knots?)?$")
_UNIT_KMH: Final = {"mph": 1.609344, "knot": 1.852, "knots": 1.852}
_BUILT_UP: Final = {"urban", "living_street", "zone", "pedestrian_zone", "school", "town", "city"}
_RURAL: Final = {"rural", "motorway", "trunk", "nsl_single", "nsl_dual"}


class ClassSpeed(Spec):
    """Speed driven on one way class, outside and inside built-up areas."""

    rural: Speed = Field(description="Speed driven outside built-up areas, for example '60 km/h'.")
    built_up: Speed = Field(description="Speed driven inside built-up areas, for example '40 km/h'.")

    @model_validator(mode="before")
    @classmethod
    def _one_speed_is_both(cls, value: Any) -> Any:
        """Read a single speed as the same speed everywhere."""
        if isinstance(value, Mapping | ClassSpeed):
            return value
        parse_speed(value)  # told once, not for both
        return {"rural": value, "built_up": value}


_SPEED: Final = {"type": "string", "examples": ["45 km/h"]}
SPEED_OR_BOTH: Final[dict[str, Any]] = {
    "anyOf": [
        _SPEED,
        {
            "type": "object",
            "properties": {"rural": _SPEED, "built_up": _SPEED},
            "required": ["rural", "built_up"],
            "additionalProperties": False,
        },
    ]
}
"""JSON schema of a class speed: one speed, or rural and built-up apart."""


class SpeedsSpec(Spec):
    """How fast people travel in this study (``area.speeds``); everything has a default from the preset."""

    preset: str = Field(
        default="default", description="Country whose legal speed limits hold where no sign is mapped: default, kr, br."
    )
    walk: Speed | None = Field(default=None, description="Walking speed, for example '3 km/h' (Korean evaluations).")
    car: dict[str, Annotated[ClassSpeed, WithJsonSchema(SPEED_OR_BOTH)]] = Field(
        default_factory=dict,
        description="Speed driven by way class, instead of limits and factor: '45 km/h', or rural and built_up apart.",
    )
    factor: float | None = Field(
        default=None, gt=0, le=1.5, description="Driven speed as a share of the limit, for example 0.65 or 0.8."
    )
    bicycle: Speed | None = Field(
        default=None,
        description="Speed of riding a bicycle on the flat; 15 km/h where a requirement asks for bicycles.",
    )
    period: Literal["free", "peak"] | None = Field(
        default=None,
        description="Time of day by car: free or peak take speed factors and waits at signals from a documented "
        "preset; without, neither.",
    )
    delays: dict[Literal["traffic_signals", "crossing", "stop", "give_way"], Time] = Field(
        default_factory=dict, description="Seconds waited at signals, crossings, stop and give-way signs, by car."
    )
    ferry: Speed | None = Field(default=None, description="Speed of ferries whose duration is not mapped.")
    ferry_interval: Time | None = Field(
        default=None, description="Time between two ferries where it is not mapped; half of it is waited. 60 min."
    )
    track: bool | None = Field(default=None, description="Whether cars may use farm and forest tracks.")

    @field_validator("preset")
    @classmethod
    def _preset_exists(cls, value: str) -> str:
        """Refuse a preset that is not packaged."""
        if value not in speed_presets():
            raise ValueError(f"no speed preset {value!r}; expected one of {', '.join(speed_presets())}")
        return value

    @field_validator("car")
    @classmethod
    def _classes_exist(cls, value: dict[str, ClassSpeed]) -> dict[str, ClassSpeed]:
        """Refuse a way class that does not exist, with the nearest that does."""
        wrong = []
        for way in value:
            if way not in CAR_WAYS:
                near = difflib.get_close_matches(way, CAR_WAYS, n=1)
                wrong.append(f"{way!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
        if wrong:
            raise ValueError(f"unknown way class {', '.join(wrong)}; expected one of {', '.join(CAR_WAYS)}")
        return value


@dataclass(frozen=True)
class SpeedRules:
    """A speed preset with the study's overrides.

    Attributes:
        preset: id of the preset.
        limits_kmh: way class → limit where none is posted, (rural, built-up).
        driven_mps: way class → speed driven whatever is posted, (rural, built-up); the planner's overrides.
        factor: driven speed as a share of the limit.
        factor_is_given: True when the planner set the factor; tables of link speeds are then scaled by it too.
        zones_kmh: what ``KR:urban`` and its like stand for.
        no_limit_kmh: limit taken for ``maxspeed=none``.
        walking_pace_kmh: limit taken for ``maxspeed=walk``.
        ferry_mps: ferries without a duration.
        ferry_interval_s: time between ferries that do not state it.
        bicycle_mps: riding speed; None = nobody asks for bicycles.
        period: ``free`` or ``peak``; empty = car times as by limit and factor alone.
        period_factor: what the period makes of a speed, (rural, built-up).
        delays_s: seconds waited at ``traffic_signals``, ``crossing``, ``stop`` and ``give_way``.
        track: whether cars may use tracks.
        no_walk: way classes closed to feet unless a tag opens them.
        source: where the limits stand.
        confidence: how sure they are.
    """

    preset: str
    limits_kmh: Mapping[str, tuple[float, float]]
    driven_mps: Mapping[str, tuple[float, float]]
    factor: float
    factor_is_given: bool
    zones_kmh: Mapping[str, float]
    no_limit_kmh: float
    walking_pace_kmh: float
    ferry_mps: float
    track: bool
    no_walk: tuple[str, ...]
    source: str
    confidence: str
    ferry_interval_s: float = FERRY_INTERVAL_S
    bicycle_mps: float | None = None
    period: str = ""
    period_factor: tuple[float, float] = (1.0, 1.0)
    delays_s: Mapping[str, float] = field(default_factory=dict)

    def car_mps(self, way: str, limit_kmh: float, *, built_up: bool) -> float:
        """Return the speed driven on one direction of a way.

        Args:
            way: way class, one of ``CAR_WAYS`` (another counts as ``road``).
            limit_kmh: posted limit, NaN = none posted, ``inf`` = posted as unlimited.
            built_up: whether the place is built up.

        Returns:
            Metres per second, above zero.
        """
        own = self.driven_mps.get(way)
        if own is not None:
            return own[built_up]
        if math.isnan(limit_kmh):
            limit_kmh = self.limits_kmh.get(way, self.limits_kmh["road"])[built_up]
        elif math.isinf(limit_kmh):
            limit_kmh = self.no_limit_kmh
        return limit_kmh * self.factor * self.period_factor[built_up] * KMH

    @property
    def of_period(self) -> str:
        """Say what the period does to speeds and what is waited; empty where it does nothing."""
        waits = ", ".join(f"{name} {seconds:g} s" for name, seconds in self.delays_s.items() if seconds > 0)
        waited = f"; waits by car: {waits}" if waits else ""
        if not self.period:
            return waited
        rural, built_up = self.period_factor
        sure = junction_preset("default")["periods"]["confidence"]
        return (
            f"; period {self.period}: speeds times {rural:g} outside and {built_up:g} inside built-up areas "
            f"(confidence {sure}){waited}"
        )

    @property
    def note(self) -> str:
        """One line for the manifest: which speeds these are."""
        own = f"; own speeds for {', '.join(sorted(self.driven_mps))}" if self.driven_mps else ""
        return (
            f"car speeds: preset {self.preset!r} (confidence {self.confidence}), posted limits where mapped, "
            f"driven at {self.factor:g} of the limit{own}{self.of_period}"
        )


def speed_presets() -> tuple[str, ...]:
    """Return the ids of the packaged presets, in alphabetical order."""
    folder = resources.files(__package__) / "speed_presets"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@lru_cache(maxsize=16)
def _preset(name: str) -> Mapping[str, Any]:
    """Read one packaged preset."""
    text = (resources.files(__package__) / "speed_presets" / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def load_rules(settings: Mapping[str, Any] | SpeedsSpec | None = None) -> SpeedRules:
    """Return the rules of a preset with the study's overrides.

    Args:
        settings: ``area.speeds`` as plain data or as a spec; nothing = the default preset.

    Raises:
        InputError: The settings are not a valid ``area.speeds`` block; every fault is listed.
    """
    spec = settings if isinstance(settings, SpeedsSpec) else _spec(settings or {})
    data = _preset(spec.preset)
    return SpeedRules(
        preset=spec.preset,
        limits_kmh={way: (float(pair[0]), float(pair[1])) for way, pair in data["limits"].items()},
        driven_mps={way: (speed.rural, speed.built_up) for way, speed in sorted(spec.car.items())},
        factor=float(data["factor"] if spec.factor is None else spec.factor),
        factor_is_given=spec.factor is not None,
        zones_kmh={zone: float(kmh) for zone, kmh in data["zones"].items()},
        no_limit_kmh=float(data["no_limit"]),
        walking_pace_kmh=float(data["walking_pace"]),
        ferry_mps=float(data["ferry"]) * KMH if spec.ferry is None else spec.ferry,
        track=bool(data["track"]) if spec.track is None else spec.track,
        no_walk=tuple(data["no_walk"]),
        source=" ".join(data["source"].split()),
        confidence=str(data["confidence"]),
        ferry_interval_s=FERRY_INTERVAL_S if spec.ferry_interval is None else spec.ferry_interval,
        bicycle_mps=spec.bicycle,
        period=spec.period or "",
        period_factor=_period_factor(spec.period),
        delays_s=_delays(spec),
    )


def _period_factor(period: str | None) -> tuple[float, float]:
    """Return what a period makes of speeds outside and inside built-up areas."""
    if period is None:
        return 1.0, 1.0
    rural, built_up = junction_preset("default")["periods"][period]
    return float(rural), float(built_up)


def _delays(spec: SpeedsSpec) -> dict[str, float]:
    """Return the seconds waited at each kind of sign: those of the period, then the planner's own."""
    preset = {} if spec.period is None else junction_preset("default")["delays"][spec.period]
    return {**{name: float(seconds) for name, seconds in preset.items()}, **spec.delays}


def _spec(settings: Mapping[str, Any]) -> SpeedsSpec:
    """Validate plain settings, turning pydantic's errors into faults."""
    try:
        return SpeedsSpec.model_validate(dict(settings))
    except ValidationError as error:
        faults = [Fault(str(one["msg"]).removeprefix("Value error, "), path=one["loc"]) for one in error.errors()]
        raise InputError(faults) from error


def parse_maxspeed(text: str, rules: SpeedRules) -> float:
    """Read a ``maxspeed`` value.

    ``50``, ``50 km/h``, ``30 mph``, ``5 knots``, ``KR:urban``, ``DE:zone:30``, ``walk``, ``none``; of several
    (``80;60``) the lowest counts. ``signals``, ``variable`` and whatever cannot be read state nothing.

    Returns:
        km/h; ``inf`` = posted as unlimited; NaN = nothing stated.
    """
    found = [_one_maxspeed(part.strip().lower(), rules) for part in re.split(r"[;|]", text)]
    stated = [value for value in found if not math.isnan(value)]
    return min(stated) if stated else math.nan


def _one_maxspeed(text: str, rules: SpeedRules) -> float:
    """Read one value, already stripped and in lower case."""
    match = _NUMBER.match(text)
    if match is not None:
        kmh = float(match.group(1).replace(",", ".")) * _UNIT_KMH.get(match.group(2) or "", 1.0)
        return kmh if 0 < kmh <= FASTEST_KMH else math.nan
    if text in {"none", "no", "unlimited"}:
        return math.inf
    if text in {"walk", "walking", "foot"}:
        return rules.walking_pace_kmh
    country, colon, zone = text.partition(":")
    if not colon or len(country) > 6:
        return math.nan
    number = re.search(r"(\d+)$", zone)
    if number is not None:
        return _one_maxspeed(number.group(1), rules)
    return rules.zones_kmh.get(zone, math.nan)


def built_up_by_tag(tags: Mapping[str, str]) -> bool | None:
    """Say whether tags put a way inside or outside a built-up area; None when they are silent.

    Looks at ``zone:traffic``, ``maxspeed:type``, ``source:maxspeed`` and a ``maxspeed`` such as ``KR:urban``.
    """
    for key in ("zone:traffic", "maxspeed:type", "source:maxspeed", "maxspeed"):
        _, colon, zone = tags.get(key, "").lower().partition(":")
        word = re.split(r"[:\d]", zone, maxsplit=1)[0]
        if colon and word in _BUILT_UP:
            return True
        if colon and word in _RURAL:
            return False
    return None
