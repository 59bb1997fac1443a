"""Indicators of a user's own tables: any count, ratio, share or change, with its direction, group and classes.

For what no packaged indicator can know the table of: start-ups, youth jobs and unemployment, graduates' local jobs,
floating population, cooperation projects, exchange of city and country, lists of special areas.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field, field_validator, model_validator

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, Reasoned, added, difference, found, growth, ratio, share
from lifezone.monitor.series import Classes, Direction, MonitorGroup
from lifezone.spec import Spec

__all__ = ["OwnClasses", "OwnIndicator"]

_ID: Final = re.compile(r"^[a-z][a-z0-9_]{0,59}$")
_NEEDS_TWO: Final = ("ratio", "share")


class OwnClasses(Spec):
    """Classes of an indicator's values, from the lowest to the highest."""

    breaks: list[float] = Field(min_length=1, description="Bounds, ascending; a value on a bound is above it.")
    ko: list[str] = Field(description="Korean names, one more than bounds.")
    en: list[str] = Field(description="English names, one more than bounds.")

    @model_validator(mode="after")
    def _fit(self) -> OwnClasses:
        """Ask for ascending bounds and as many names as classes."""
        if any(not low < high for low, high in zip(self.breaks, self.breaks[1:], strict=False)):
            raise ValueError(f"breaks must ascend, got {self.breaks}")
        if len(self.ko) != len(self.breaks) + 1 or len(self.en) != len(self.breaks) + 1:
            raise ValueError(f"{len(self.breaks)} breaks make {len(self.breaks) + 1} classes: name each in ko and en")
        return self


class OwnIndicator(Spec):
    """An indicator of figures that the study's tables give."""

    id: str = Field(description="Its id: small letters, digits and _.")
    ko: str = Field(min_length=1, description="Korean name.")
    en: str = Field(min_length=1, description="English name.")
    kind: Literal["count", "ratio", "share", "change", "difference"] = Field(
        description="count: the figure; ratio: numerator ÷ denominator × scale; share: the same in %; change: growth "
        "since the edition before in %; difference: what was added since then."
    )
    numerator: str | list[str] = Field(
        min_length=1, description="Figure, or several that are added up, by the words of the tables' columns."
    )
    denominator: str | list[str] | None = Field(
        None, min_length=1, description="What it is divided by; for a change: the ratio's growth is told."
    )
    scale: float = Field(1.0, gt=0, description="Times this, e.g. 1000 for a rate per 1,000 people.")
    unit: str = Field("", description="Unit of the value, e.g. 'per 1,000 people'.")
    group: MonitorGroup = Field("status", description="Kind of monitoring: status, policy or perception.")
    direction: Direction = Field("neither", description="Whether more is better, less is, or neither.")
    source: str = Field("", description="Where the definition comes from.")
    classes: OwnClasses | None = Field(None, description="Classes of its values.")
    decimals: int = Field(1, ge=0, le=6, description="Digits after the point that are shown.")

    @field_validator("id")
    @classmethod
    def _an_id(cls, text: str) -> str:
        """Refuse what is no id."""
        if not _ID.match(text):
            raise ValueError(f"expected small letters, digits and _, starting with a letter, got {text!r}")
        return text

    @model_validator(mode="after")
    def _whole(self) -> OwnIndicator:
        """Ask for a denominator where the kind needs one."""
        if self.kind in _NEEDS_TWO and self.denominator is None:
            raise ValueError(f"a {self.kind} needs a denominator")
        if self.kind in ("count", "difference") and self.denominator is not None:
            raise ValueError(f"a {self.kind} has no denominator: use kind: ratio or share")
        if self.kind in ("share", "change") and self.scale != 1.0:
            raise ValueError(f"a {self.kind} is told in %: leave out scale")
        return self

    @property
    def figures(self) -> tuple[str, ...]:
        """Every figure that it asks for."""
        return (*_listed(self.numerator), *_listed(self.denominator))

    def indicator(self) -> Indicator:
        """Return the indicator that it describes."""
        above, below = _listed(self.numerator), _listed(self.denominator)
        what = " + ".join(above) + (f" ÷ {' + '.join(below)}" if below else "")
        formula = {
            "count": what, "ratio": f"{what} × {self.scale:g}", "share": f"{what} × 100",
            "change": f"growth of {what} since the edition before, in %",
            "difference": f"{what}, less what it was in the edition before",
        }[self.kind]  # fmt: skip
        classes = None if self.classes is None else Classes(
            tuple(self.classes.breaks), tuple(self.classes.ko), tuple(self.classes.en))  # fmt: skip
        return Indicator(
            id=self.id, ko=self.ko, en=self.en, unit="%" if self.kind in ("share", "change") else self.unit,
            group=self.group, direction=self.direction, formula=formula,
            source=self.source or "the study's own", missing="missing where one of its figures is",
            needs=self.figures, compute=self._compute, classes=classes, decimals=self.decimals,
            additive=self.kind in ("count", "difference"),
        )  # fmt: skip

    def _compute(self, edition: Edition) -> Found:
        above, below = _listed(self.numerator), _listed(self.denominator)
        if self.kind in _NEEDS_TWO:
            top, bottom = _added(edition, above), _added(edition, below)
            return share(top, bottom) if self.kind == "share" else ratio(top, bottom, scale=self.scale)
        if self.kind == "count":
            value, why = _added(edition, above)
            return found(value * self.scale, why, numerator=value)
        now, earlier = _figure(edition, above, below), _figure(edition.earlier(), above, below)
        return growth(now, earlier) if self.kind == "change" else difference(now, earlier, scale=self.scale)


def _figure(edition: Edition, above: tuple[str, ...], below: tuple[str, ...]) -> Reasoned:
    """Return a figure, or a ratio of two."""
    return ratio(_added(edition, above), _added(edition, below)).parts if below else _added(edition, above)


def _added(edition: Edition, names: tuple[str, ...]) -> Reasoned:
    """Return figures added up."""
    return added(*(edition.figure(name) for name in names))


def _listed(names: str | list[str] | None) -> tuple[str, ...]:
    return () if names is None else (names,) if isinstance(names, str) else tuple(names)
