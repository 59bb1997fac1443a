"""A name in two languages, as a planner writes it."""

from __future__ import annotations

from pydantic import Field

from lifezone.spec import Spec

__all__ = ["NameSpec"]


class NameSpec(Spec):
    """A name in Korean and in English; either is enough."""

    ko: str = Field("", description="Korean name")
    en: str = Field("", description="English name")
