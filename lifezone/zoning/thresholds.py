"""How many people a centre needs: what the scenario says, or a published figure by its name (DEFINITIONS D9)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Threshold, ThresholdKind
from lifezone.spec import Spec

__all__ = ["MinimumSpec", "presets", "resolved"]

PEOPLE: Final = "people"


class MinimumSpec(Spec):
    """The least number of users a centre needs: a number with its kind, a published figure, or one fitted here."""

    people: float | None = Field(
        None, gt=0, description="Least number of the function's people, a year where events such as births count."
    )
    kind: Literal["survival", "presence", "target", "policy"] | None = Field(
        None,
        description="survival (what one can live on; centres below it may merge), presence (observed where such "
        "facilities exist: association, not cost), target (planned supply), policy (a recommendation).",
    )
    preset: str | None = Field(
        None, description="A published figure: set/name, e.g. kr-krei-2022/pharmacy or jp-mlit-2014/bank/at_50; people "
        "and kind given beside it take its place."
    )  # fmt: skip
    fit: Literal["logit"] | None = Field(
        None, description="Fitted here: the people of a district from which half of the districts have one (kind "
        "presence)."
    )  # fmt: skip
    source: str = Field("", description="Where the number comes from, for the reader of the results.")

    @model_validator(mode="after")
    def _one_number(self) -> MinimumSpec:
        """Ask for one number with its kind."""
        if self.fit is not None and (self.preset is not None or self.people is not None):
            raise ValueError("give people or preset, or fit, not both")
        if self.fit is None and self.preset is None:
            if self.people is None:
                raise ValueError("give people with its kind, or preset, or fit: logit")
            if self.kind is None:
                raise ValueError("what kind of number is it? kind: survival, presence, target or policy")
        return self


@cache
def presets() -> dict[str, Threshold]:
    """Return the published figures by name, in the order of their file."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    text = files("lifezone.zoning").joinpath("thresholds.yaml").read_text(encoding="utf-8")
    found: dict[str, Threshold] = {}
    for key, block in YAML(typ="safe", pure=True).load(text).items():
        for name, value in block["values"].items():
            for part, people in value.items() if isinstance(value, dict) else [("", value)]:
                full = "/".join(filter(None, (key, name, part)))
                found[full] = _threshold(full, block, float(people))
    return found


def resolved(spec: MinimumSpec) -> Threshold | None:
    """Return the threshold as written; None where it is to be fitted.

    Raises:
        InputError: the preset is unknown.
    """
    if spec.fit is not None:
        return None
    if spec.preset is None:
        return Threshold(id="", people=spec.people or 0.0, kind=spec.kind or "survival", source=spec.source)
    known = presets()
    if spec.preset not in known:
        raise InputError(Fault(_unknown(spec.preset, known), ("preset",)))
    found = known[spec.preset]
    return Threshold(
        id=found.id, people=found.people if spec.people is None else spec.people, kind=spec.kind or found.kind,
        unit=found.unit, source=spec.source or found.source, date=found.date, confidence=found.confidence,
        note=found.note, published_kind=found.kind,
    )  # fmt: skip


def _threshold(key: str, block: dict[str, Any], people: float) -> Threshold:
    """Return one figure of a set."""
    kind: ThresholdKind = block["kind"]
    return Threshold(
        id=key, people=people, kind=kind, unit=block["unit"], source=block["source"], date=block["date"],
        confidence=block["confidence"], note=block["note"], published_kind=kind,
    )  # fmt: skip


def _unknown(name: str, known: dict[str, Threshold]) -> str:
    """Say that there is no such figure, and which come near."""
    from difflib import get_close_matches  # noqa: PLC0415

    word = name.rsplit("/", maxsplit=1)[-1]
    near = get_close_matches(name, known, n=3) or [one for one in known if word and word in one][:5]
    sets = ", ".join(dict.fromkeys(one.split("/")[0] for one in known))
    return f"no figure is called {name!r}; " + (
        f"did you mean {' or '.join(near)}?" if near else f"the sets are {sets}"
    )
