"""The fields of a requirement that go beyond one bound: growth, density, speeds, conventions, capacity.

Figures are checked as they are written, in minutes or metres; a bound in minutes with a ``speed`` is turned into metres
last (:func:`converted`), and turned back before a scenario changes it (:func:`unconverted`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from lifezone.errors import Fault
from lifezone.model import CapacityTest, Convention, DensityBound, Growth, Requirement
from lifezone.standards.spec import ConventionSpec, RequirementSpec, StandardSpec

__all__ = ["RULE_EXTRAS", "converted", "extra_faults", "extra_fields", "fitting", "unconverted", "with_official"]

RULE_EXTRAS: Final = ("nearest", "grows", "by_density", "density_of", "speed", "speed_share", "share_of")
"""Fields of a requirement whose change makes the rule the scenario's own."""


def extra_fields(entry: RequirementSpec, base: Requirement | None) -> dict[str, Any]:
    """Return the fields of :class:`Requirement` that an entry gives; all of them when there is no base."""
    given = entry.model_fields_set
    fields: dict[str, Any] = {}
    for name in ("nearest", "target", "density_of", "speed_share", "share_of"):
        if base is None or name in given:
            fields[name] = getattr(entry, name)
    if entry.grows is not None or "grows" in given:
        grows = entry.grows
        fields["growth"] = grows and Growth(grows.beyond, grows.each, grows.by, grows.steps == "whole")
    if "by_density" in given:
        fields["by_density"] = tuple(
            DensityBound(step.below, step.bound.value, step.optimum.value if step.optimum else None)
            for step in entry.by_density
        )
    if "official" in given:
        fields["official"] = tuple(_convention(one) for one in entry.official)
    if "capacity" in given:
        capacity = entry.capacity
        fields["capacity"] = capacity and CapacityTest(capacity.people_per_unit, capacity.use)
    if "speed" in given:
        fields["speed_mps"] = entry.speed
    return fields


def extra_faults(rule: Requirement, entry: RequirementSpec) -> Iterator[Fault]:
    """List what does not fit together in a requirement, changes applied, before it is turned into metres."""
    yield from _density_faults(rule, entry)
    yield from _official_faults(entry.official)
    in_metres = rule.bound is not None and rule.metric == "length"
    if rule.growth is not None and in_metres:
        yield Fault("a bound in metres cannot grow with the trip: give 'bound' in minutes", ("grows",))
    if rule.growth is not None and rule.speed_mps is not None:
        yield Fault("give either 'grows' or 'speed': a growing bound judges time", ("grows",))
    if entry.speed is not None and in_metres:
        yield Fault("'speed' turns minutes into metres, but the bound is in metres already", ("speed",))
    if rule.speed_share is not None and (in_metres or rule.speed_mps is not None):
        yield Fault("'speed_share' slows trips, but the bound is in metres", ("speed_share",))
    if rule.nearest > 1 and rule.match == "all":
        yield Fault("'nearest' counts facilities of any of the kinds: it cannot go with match: all", ("nearest",))
    if rule.capacity is not None and (rule.match == "all" or rule.nearest > 1 or rule.growth is not None):
        yield Fault("places are counted for match: any, the nearest facility and a bound that does not grow",
                    ("capacity",))  # fmt: skip


def _density_faults(rule: Requirement, entry: RequirementSpec) -> Iterator[Fault]:
    """List what is wrong with bounds by density."""
    steps = entry.by_density
    if steps and rule.bound is None:
        yield Fault("bounds by density need 'bound' for the densest points", ("by_density",))
    for at, step in enumerate(steps):
        for name, bound in (("bound", step.bound), ("optimum", step.optimum)):
            if bound is not None and rule.bound is not None and bound.metric != rule.metric:
                yield Fault(f"{bound} and the bound are not in the same unit", ("by_density", at, name))
        if step.optimum is not None and step.optimum.value > step.bound.value:
            yield Fault("the local optimum must be better than the bound", ("by_density", at, "optimum"))
    for at, (thin, dense) in enumerate(pairwise(steps)):
        if thin.below >= dense.below:
            yield Fault("write the thinnest first: 'below' must rise", ("by_density", at + 1, "below"))


def _official_faults(conventions: Sequence[ConventionSpec]) -> Iterator[Fault]:
    """List what is wrong with conventions."""
    names: set[str] = set()
    for at, one in enumerate(conventions):
        ways = [one.speed is not None, one.bound is not None, one.speed_share is not None, one.area is not None]
        if sum(ways) != 1:
            yield Fault("give exactly one of speed, bound, speed_share and area", ("official", at))
            continue
        name = _convention(one).id
        if name in names:
            yield Fault(f"the convention {name!r} is written twice: give one an id of its own", ("official", at))
        names.add(name)


def _convention(one: ConventionSpec) -> Convention:
    """Make a convention, with a name that says what it is."""
    if one.speed is not None:
        name = f"{one.speed * 3.6:g} km/h"
    elif one.bound is not None:
        name = str(one.bound)
    elif one.speed_share is not None:
        name = f"{one.speed_share * 100:g} % of the {one.share_of}"
    else:
        name = "area mean"
    return Convention(
        id=one.id or name,
        speed_mps=one.speed,
        bound=one.bound.value if one.bound else None,
        metric=one.bound.metric if one.bound else "length",
        speed_share=one.speed_share,
        share_of=one.share_of,
        area_mean=one.area is not None,
        source=one.source,
    )


def with_official(rules: Iterable[Requirement], spec: StandardSpec, faults: list[Fault]) -> tuple[Requirement, ...]:
    """Give every rule that does not write its own conventions those of the set for its way of travel."""
    written = {entry.id for entry in spec.requirements if "official" in entry.model_fields_set}
    by_mode = {"car": spec.official.car, "walk": spec.official.walk}
    faults += [fault.under(("official", mode)[:1]) for mode in by_mode for fault in _official_faults(by_mode[mode])]
    if any(fault.path[:1] == ("official",) for fault in faults):
        return tuple(rules)
    found = {mode: tuple(_convention(one) for one in conventions) for mode, conventions in by_mode.items()}
    return tuple(
        fitting(replace(rule, official=found[rule.mode]))
        if rule.id not in written and found.get(rule.mode) and rule.bound is not None
        else fitting(rule)
        for rule in rules
    )


def fitting(rule: Requirement) -> Requirement:
    """Return the rule without the conventions that say nothing of its unit: speeds for a bound in metres."""
    is_time = rule.metric == "time"
    kept = tuple(one for one in rule.official if is_time or (one.speed_mps is None and one.speed_share is None))
    return rule if len(kept) == len(rule.official) else replace(rule, official=kept)


def converted(rule: Requirement) -> Requirement:
    """Turn a bound in minutes into metres where the rule has a speed for it."""
    if rule.speed_mps is None or rule.bound is None or rule.metric == "length":
        return rule
    return _scaled(rule, rule.speed_mps, "length")


def unconverted(rule: Requirement) -> Requirement:
    """Turn metres that came from minutes back into minutes."""
    if rule.speed_mps is None or rule.bound is None or rule.metric == "time":
        return rule
    return _scaled(rule, 1.0 / rule.speed_mps, "time")


def _scaled(rule: Requirement, factor: float, metric: Any) -> Requirement:
    """Return the rule with all its bounds times a factor, in another unit."""
    return replace(
        rule,
        metric=metric,
        bound=None if rule.bound is None else rule.bound * factor,
        optimum=None if rule.optimum is None else rule.optimum * factor,
        by_density=tuple(
            DensityBound(step.below, step.bound * factor, None if step.optimum is None else step.optimum * factor)
            for step in rule.by_density
        ),
    )
