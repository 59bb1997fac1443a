"""What two runs were made of, where it differs: named before their results are compared, since it explains them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Difference", "differences"]

_HASH: Final = 12
_WORDS_OF_RULES: Final = ("name_ko", "name_en", "source", "date", "confidence", "note", "standard")
_TOLD_APART: Final = ("demand", "facilities", "standard", "variants", "name", "seed", "output", "extends", "kinds")


@dataclass(frozen=True)
class Difference:
    """One thing that differs. Empty = not there."""

    part: str
    what: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any], variants: tuple[str, str]) -> list[Difference]:
    """Return what differs between two manifests, the weightiest first: standard, people, files, edits, settings.

    Args:
        before: the first manifest.
        after: the second.
        variants: the variants that are compared.
    """
    own = [_variant(manifest, name) for manifest, name in zip((before, after), variants, strict=True)]
    rules = [
        entry.get("standard") or manifest["standard"] for entry, manifest in zip(own, (before, after), strict=True)
    ]
    return [
        *_standard(*rules),
        *_people(before, after),
        *_inputs(before, after),
        *_one("edits", "edits", "; ".join(own[0]["edits"]), "; ".join(own[1]["edits"])),
        *_mapping("plan", *(_planned(entry) for entry in own)),
        *_one("place", "coordinate system", before["crs"], after["crs"]),
        *_sets("place", "districts", *({unit["id"] for unit in one["districts"]} for one in (before, after))),
        *_options(before, after),
        *_mapping("version", before["versions"], after["versions"]),
        *_one("seed", "seed", before["scenario"]["seed"], after["scenario"]["seed"]),
    ]


def _variant(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = next(entry for entry in manifest["variants"] if entry["name"] == name)
    return entry


def _planned(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what a variant's plan opens and closes, and how good it is said to be."""
    plan = entry.get("plan") or {}
    told = {key: ", ".join(plan.get(key, ())) for key in ("opened", "closed")}
    told |= {key: str(plan[key]) for key in ("method", "kind", "objective", "unit", "status") if key in plan}
    return {f"plan, {key}": value for key, value in told.items() if value}


def _standard(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Tell requirements that are only in one, and every figure that differs."""
    yield from _one("standard", "standard", before["id"], after["id"])
    old, new = ({rule["id"]: rule for rule in one["requirements"]} for one in (before, after))
    yield from _sets("standard", "requirements", set(old), set(new))
    for key in old:
        if key in new:
            shown = (
                {name: _shown(rule, name) for name in rule if name not in _WORDS_OF_RULES}
                for rule in (old[key], new[key])
            )
            yield from _mapping("standard", *shown, prefix=f"{key} ")
    tests = (one.get("desert") or {} for one in (before, after))
    yield from _mapping("standard", *tests, prefix="desert test ")


def _shown(rule: Mapping[str, Any], name: str) -> Any:
    """Write a bound with its unit."""
    value = rule[name]
    if name in ("bound", "optimum") and value is not None:
        return f"{value / 60:g} min" if rule.get("metric") == "time" else f"{value:g} m"
    return None if name == "bound_unit" else value


def _people(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Tell groups that are only in one, and counts of people that differ."""
    old, new = (one["people"]["in_area_by_group"] for one in (before, after))
    yield from _sets("people", "groups", set(old), set(new))
    shared = [{key: _count(one[key]) for key in old if key in new} for one in (old, new)]
    yield from _mapping("people", *shared, prefix="people, ")
    points = ({"points": f"{one['people']['points_in_area']:,}"} for one in (before, after))
    yield from _mapping("people", *points)


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Tell files that differ by their hash, and dates where inputs tell them."""
    old, new = ({entry["path"]: entry for entry in one["inputs"]} for one in (before, after))
    hashes = ({path: str(entry.get("sha256", ""))[:_HASH] for path, entry in one.items()} for one in (old, new))
    yield from _mapping("file", *hashes)
    dates = ({path: entry.get("date") for path, entry in one.items()} for one in (old, new))
    yield from _mapping("file", *dates, prefix="date of ")


def _options(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Tell settings that differ, but for those told apart."""
    values = (
        {key: _value(option) for key, option in one["options"].items() if key.split(".")[0] not in _TOLD_APART}
        for one in (before, after)
    )
    yield from _mapping("setting", *values)


def _value(option: Any) -> Any:
    """Return the value of a setting, whether or not it is told if it was a default."""
    return option["value"] if isinstance(option, dict) and "value" in option else option


def _mapping(
    part: str, before: Mapping[str, Any], after: Mapping[str, Any], *, prefix: str = ""
) -> Iterator[Difference]:
    """Tell every key whose value differs."""
    for key in dict.fromkeys((*before, *after)):
        yield from _one(part, f"{prefix}{key}", before.get(key), after.get(key))


def _sets(part: str, what: str, before: set[str], after: set[str]) -> Iterator[Difference]:
    """Tell what is in one only."""
    only = ", ".join(sorted(before - after)), ", ".join(sorted(after - before))
    if any(only):
        yield Difference(part, f"{what} only in one", *only)


def _one(part: str, what: str, before: Any, after: Any) -> Iterator[Difference]:
    if before != after:
        yield Difference(part, what, _text(before), _text(after))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _count(people: float) -> str:
    return f"{people:,.0f}"
