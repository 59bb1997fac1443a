"""What a planner writes under ``siting:``, a class per method: the union *is* the registry."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field

from lifezone.siting.portfolio_spec import Portfolio
from lifezone.siting.spec_base import SitesBase
from lifezone.siting.spec_goals import DesertFirst, Equity, Pareto, PDispersion
from lifezone.spec import Length, Share

__all__ = ["BackupCover", "Close", "MaxCover", "PCenter", "PMedian", "Portfolio", "SetCover", "SitingSpec"]


class SetCover(SitesBase):
    """The fewest facilities that cover everybody, or a share of the people (LSCP)."""

    needs_bound: ClassVar[bool] = True
    method: Literal["set_cover"] = Field(description="The fewest that cover everybody.")
    share: Share | dict[str, Share] = Field(
        1.0, description="Share of the people who must be covered; or a share of each group, e.g. {age_65_plus: 95 %}."
    )

    def options(self) -> dict[str, Any]:
        """Return what else the method's solver is told: shares of groups are rules of the question."""
        return {"share": 0.0 if isinstance(self.share, dict) else self.share}

    @property
    def least_shares(self) -> dict[str, float]:
        """Least share of each group."""
        return super().least_shares | (self.share if isinstance(self.share, dict) else {})


class MaxCover(SitesBase):
    """Most people within the bound (MCLP)."""

    needs_bound: ClassVar[bool] = True
    needs_choose: ClassVar[bool] = True
    method: Literal["max_cover"] = Field(description="Most people within the bound.")


class BackupCover(SitesBase):
    """Everybody covered by the fewest facilities, and most people by two."""

    needs_bound: ClassVar[bool] = True
    method: Literal["backup_cover"] = Field(description="Everybody covered, and most people twice.")
    second_apart: Length | None = Field(
        None, description="The second one counts only when it stands this far from the first, in a straight line."
    )


class PMedian(SitesBase):
    """Least travel of all people together."""

    needs_choose: ClassVar[bool] = True
    serves_all: ClassVar[bool] = True
    method: Literal["p_median"] = Field(description="Least travel of all people together.")


class PCenter(SitesBase):
    """Least worst trip."""

    needs_choose: ClassVar[bool] = True
    serves_all: ClassVar[bool] = True
    method: Literal["p_center"] = Field(description="Least worst trip.")


class Close(SitesBase):
    """Which facilities close with the least extra travel."""

    closes: ClassVar[bool] = True
    serves_all: ClassVar[bool] = True
    method: Literal["close"] = Field(description="Which ones close with the least extra travel.")


SitingSpec: TypeAlias = Annotated[
    SetCover
    | MaxCover
    | BackupCover
    | PMedian
    | PCenter
    | Close
    | PDispersion
    | Equity
    | DesertFirst
    | Pareto
    | Portfolio,
    Field(discriminator="method"),
]
"""Where facilities of a kind should open, close, merge or move."""
