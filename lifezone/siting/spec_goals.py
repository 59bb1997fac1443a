"""What a planner writes for separation, equity and Pareto fronts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from lifezone.siting.spec_base import SitesBase
from lifezone.standards.spec import BoundText

__all__ = ["DesertFirst", "Equity", "GoalName", "PDispersion", "Pareto"]

GoalName = Literal["cost", "mean_time", "worst_time", "beyond", "equity", "sites"]
"""What a front may be over."""


class PDispersion(SitesBase):
    """Chains that must keep apart: the two nearest facilities are as far from each other as can be."""

    needs_choose: ClassVar[bool] = True
    method: Literal["p_dispersion"] = Field(description="The two nearest facilities are farthest apart.")


class Equity(SitesBase):
    """The least unequal travel, by default without making anybody's trip longer than it is today."""

    needs_choose: ClassVar[bool] = True
    method: Literal["equity"] = Field(description="The least unequal travel.")
    least: Literal["fgt2", "worst_tenth", "gini"] = Field(
        description="fgt2: depth below the bound, squared (D2); worst_tenth: mean trip of the tenth of the people with "
        "the longest trips; gini: Gini index of travel, with mean_at_most."
    )
    mean_at_most: BoundText | None = Field(
        None, description="gini: the mean trip may not be longer, as equal and far for everybody is no aim."
    )
    allow_losses: bool = Field(
        False, description="Some people's trips may become longer than today, where facilities close or move."
    )


class DesertFirst(SitesBase):
    """Most people lifted out of life deserts, by the desert test of the standard."""

    needs_choose: ClassVar[bool] = True
    method: Literal["desert_first"] = Field(description="Most people lifted out of life deserts.")
    allow_losses: bool = Field(
        False, description="Places may become life deserts where facilities close or move; they are counted against "
        "those that are lifted.",
    )  # fmt: skip


class Pareto(SitesBase):
    """Every plan that no other one beats in all of two or three goals."""

    method: Literal["pareto"] = Field(description="Every plan that no other beats in all goals.")
    goals: Annotated[tuple[GoalName, ...], Field(strict=False, min_length=2, max_length=3)] = Field(
        description="Two or three of cost, mean_time, worst_time, beyond (people beyond the bound), equity (FGT 2), "
        "sites (facilities that stand)."
    )
    take: int | None = Field(
        None, ge=1, description="Which point of the front is the plan that is judged, from 1 in the order of the first "
        "goal; without it the knee, nearest to the best of every goal.",
    )  # fmt: skip
    steps: dict[GoalName, float] = Field(
        default_factory=dict, description="Least difference that counts, by goal, e.g. {equity: 0.001}; without it a "
        "millionth of the largest value, for goals that vary finely.",
    )  # fmt: skip

    allow_losses: bool = Field(
        False, description="Some people's trips may become longer than today, where facilities close or move."
    )

    @field_validator("goals")
    @classmethod
    def _differ(cls, goals: tuple[GoalName, ...]) -> tuple[GoalName, ...]:
        """Refuse a goal that is named twice."""
        if len(set(goals)) < len(goals):
            raise ValueError("a goal is named twice")
        return goals

    @field_validator("steps")
    @classmethod
    def _above_zero(cls, steps: dict[GoalName, float]) -> dict[GoalName, float]:
        """Refuse steps that lead nowhere."""
        if any(not step > 0 for step in steps.values()):
            raise ValueError("a step must be above 0")
        return steps

    @property
    def counts_money(self) -> bool:
        """Whether costs play a part."""
        return super().counts_money or "cost" in self.goals

    def options(self) -> dict[str, Any]:
        """Return what else the method's solver is told."""
        return {"steps": dict(self.steps), "take": self.take}
