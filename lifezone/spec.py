"""The base of everything a planner writes: frozen, strict, documented; and quantities that must carry their unit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from lifezone.units import parse_length, parse_share, parse_speed, parse_time

__all__ = ["Length", "Share", "Spec", "Speed", "Time"]


class Spec(BaseModel):
    """A block of the scenario file: unknown keys are faults, values never change after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


def _quantity(parse: Any, unit: str, example: str) -> tuple[Any, ...]:
    """Return the pydantic parts of a quantity: read from text with its unit, written back in SI with its unit."""
    return (
        BeforeValidator(parse),
        PlainSerializer(lambda value: f"{_exact(value)} {unit}", return_type=str),
        WithJsonSchema({"type": "string", "description": "a number with its unit", "examples": [example]}),
    )


def _exact(value: float) -> str:
    """Write a number so that it reads back as the very same one: short where that is possible."""
    short = f"{value:.12g}"
    return short if float(short) == value else repr(value)


Time = Annotated[float, *_quantity(parse_time, "s", "15 min")]
"""Seconds, written as ``15 min``."""
Length = Annotated[float, *_quantity(parse_length, "m", "500 m")]
"""Metres, written as ``500 m`` or ``2 km``."""
Speed = Annotated[float, *_quantity(parse_speed, "m/s", "3 km/h")]
"""Metres per second, written as ``3 km/h``."""
Share = Annotated[float, BeforeValidator(parse_share), PlainSerializer(lambda v: f"{v * 100:.12g} %", return_type=str),
                  WithJsonSchema({"type": "string", "examples": ["90 %"]})]  # fmt: skip
"""A share of one, written as ``90 %``."""
