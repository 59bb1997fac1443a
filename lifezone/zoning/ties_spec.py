"""What a planner writes under ``ties:``. Field texts are schema, form label and report note."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from lifezone.spec import Spec

__all__ = ["TiesBlock"]


class TiesBlock(Spec):
    """Reciprocal ties of municipalities (DEFINITIONS D11); told of all flows also without this block."""

    composite: dict[Literal["balance", "strength", "service"], float] = Field(
        default_factory=dict,
        description="Weights of one figure made of the parts, e.g. {balance: 1, strength: 1, service: 1}; without it "
        "the parts are told alone.",
    )

    @model_validator(mode="after")
    def _weights(self) -> TiesBlock:
        """Refuse weights below 0, and weights that are all 0."""
        if any(not weight >= 0 for weight in self.composite.values()) or (
            self.composite and not sum(self.composite.values())
        ):
            raise ValueError("composite: weights are 0 or more, and not all 0")
        return self
