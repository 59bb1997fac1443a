"""Under what else a plan is judged: other speeds, years and standards, and samples of uncertain inputs."""

from __future__ import annotations

from pydantic import Field

from lifezone.spec import Share, Spec
from lifezone.standards.spec import BoundText

__all__ = ["FutureSpec", "SamplesSpec"]


class FutureSpec(Spec):
    """One other state of the world."""

    name: str = Field(min_length=1, description="What it is called, e.g. slow roads.")
    times: float = Field(1.0, gt=0, le=100, description="Every trip takes so many times as long, e.g. 1.25.")
    people: float = Field(1.0, ge=0, le=100, description="Everybody counts so many times, e.g. 0.8.")
    year: int | None = Field(None, description="People of this year, one of those under projections.")
    bound: BoundText | None = Field(None, description="Another standard: time or length within which people count.")
    weight: float = Field(1.0, gt=0, description="Its weight where robust is expected.")


class SamplesSpec(Spec):
    """Inputs drawn at random within ranges, to see how often each site is chosen."""

    n: int = Field(100, ge=1, le=10_000, description="How many samples.")
    people: Share = Field(0.0, ge=0, le=1, description="People of each demand point vary by up to so much either way.")
    times: Share = Field(0.0, ge=0, lt=1, description="Trips from each demand point vary by up to so much either way.")
