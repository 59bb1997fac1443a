"""From what a planner wrote to the standard that judges: presets, changes by id, the desert test, every fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

from lifezone.errors import Fault, InputError
from lifezone.model import DesertTest, Designation, Item, Kind, Requirement, Standard
from lifezone.standards.desert_test import read_desert
from lifezone.standards.designation_spec import read_designations, read_items
from lifezone.standards.kinds import load_kinds, read_packaged_yaml, unknown_kind
from lifezone.standards.rule_fields import (
    RULE_EXTRAS,
    converted,
    extra_faults,
    extra_fields,
    unconverted,
    with_official,
)
from lifezone.standards.spec import ExtendSpec, RequirementSpec, StandardSpec

__all__ = ["preset", "preset_ids", "preset_spec", "resolve"]

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED: Final = {"desert": "changes.csv tells of life deserts under that name"}
_SETTING_NAMES: Final = {"urban": (" (도시)", " (urban)"), "rural": (" (농촌)", " (rural)"), "any": ("", "")}
_RULE_FIELDS: Final = ("kind", "kinds", "match", "mode", "bound", "optimum", "group", "setting", "direction",
                       "least_capacity", *RULE_EXTRAS)  # fmt: skip


@dataclass(frozen=True)
class _Base:
    """What the extended sets give together."""

    requirements: tuple[Requirement, ...] = ()
    desert: DesertTest | None = None
    walk_mps: float | None = None
    note: str = ""
    not_computed: Mapping[str, str] | None = None
    items: tuple[Item, ...] = ()
    designations: tuple[Designation, ...] = ()
    name_ko: str = ""
    name_en: str = ""


def preset_ids() -> tuple[str, ...]:
    """Return the ids of the packaged standards, in alphabetical order."""
    folder = files("lifezone.standards").joinpath("presets")
    return tuple(sorted(entry.name[: -len(".yaml")] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def preset_spec(preset_id: str) -> StandardSpec:
    """Return a packaged standard as it is written; raises :class:`InputError` for an unknown id."""
    if preset_id not in preset_ids():
        raise InputError(Fault(_unknown_preset(preset_id)))
    return StandardSpec.model_validate(read_packaged_yaml("presets", f"{preset_id}.yaml"))


@cache
def preset(preset_id: str) -> Standard:
    """Return a packaged standard; raises :class:`InputError` for an unknown id."""
    return _resolve(preset_spec(preset_id), load_kinds(), preset_id)


def resolve(spec: StandardSpec, kinds: Mapping[str, Kind] | None = None) -> Standard:
    """Make the standard that a scenario's ``standard:`` block describes.

    Requirements of the extended sets come first, in their order; one of the block with the same id changes it in the
    fields given (and is then ``scenario``'s, since the figure is no longer the set's); the others follow. Fields of
    ``desert`` that are not given come from the last extended set that has a desert test.

    Args:
        spec: the block.
        kinds: the table of kinds; None = the packaged one.

    Returns:
        The standard; a bare ``extends`` of one set gives that set, with its id.

    Raises:
        InputError: every fault at once, with paths inside the block.
    """
    if isinstance(spec.extends, str) and spec.model_fields_set <= {"extends"} and spec.extends in preset_ids():
        return preset(spec.extends)
    return _resolve(spec, load_kinds() if kinds is None else kinds, "scenario")


def _resolve(spec: StandardSpec, kinds: Mapping[str, Kind], standard_id: str) -> Standard:
    """Gather all faults of a block, then make the standard."""
    faults: list[Fault] = []
    base = _extended(spec, faults)
    sets_are_known = not faults
    requirements, broken = _requirements(spec, base, kinds, standard_id, faults)
    requirements = tuple(converted(rule) for rule in with_official(requirements, spec, faults))
    if not requirements and not spec.items and not faults:
        faults.append(
            Fault("a standard needs requirements: give 'extends' (a packaged set) or 'requirements'", ("requirements",))
        )
    rules = {requirement.id: requirement for requirement in requirements}
    items = read_items(spec.items, faults)
    designations = read_designations(spec.designations, rules, kinds, faults) if sets_are_known and not broken else ()
    judging = {requirement.id: requirement.bound is not None for requirement in requirements}
    judging.update(dict.fromkeys(broken, True))  # their own faults are enough
    desert = read_desert(spec, base.desert, judging, faults, are_known=sets_are_known)
    if faults:
        raise InputError(faults)
    return Standard(
        id=standard_id,
        requirements=requirements,
        desert=desert,
        name_ko=spec.name.ko or spec.name.en or (base.name_ko and f"{base.name_ko} (변경)"),
        name_en=spec.name.en or spec.name.ko or (base.name_en and f"{base.name_en} (changed)"),
        walk_mps=spec.walk_speed if spec.walk_speed is not None else base.walk_mps,
        note=" ".join(part for part in (base.note, spec.note) if part),
        not_computed={**(base.not_computed or {}), **spec.not_computed},
        items=(*(one for one in base.items if one.id not in {new.id for new in items}), *items),
        designations=(
            *(one for one in base.designations if one.id not in {new.id for new in designations}),
            *designations,
        ),
    )


def _unknown_preset(preset_id: str) -> str:
    """Say that there is no such packaged standard, and which there are."""
    near = get_close_matches(preset_id, preset_ids(), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? There are" if near else "expected one of"
    return f"unknown standard {preset_id!r}: {hint} {', '.join(preset_ids())}"


def _extended(spec: StandardSpec, faults: list[Fault]) -> _Base:
    """Bring the extended sets together; ids that clash are faults."""
    one = isinstance(spec.extends, str)
    entries = [spec.extends] if isinstance(spec.extends, str) else list(spec.extends or ())
    base = _Base()
    seen: dict[str, str] = {}
    names_ko: list[str] = []
    names_en: list[str] = []
    for at, written in enumerate(entries):
        path = ("extends",) if one else ("extends", at)
        entry = ExtendSpec(preset=written) if isinstance(written, str) else written
        if entry.preset not in preset_ids():
            path = path if isinstance(written, str) else (*path, "preset")
            faults.append(Fault(_unknown_preset(entry.preset), path))
            continue
        whole = preset(entry.preset)
        strange = [key for key in entry.only or () if key not in {rule.id for rule in whole.requirements}]
        if strange or entry.only == ():
            known = ", ".join(rule.id for rule in whole.requirements)
            wrong = f"{entry.preset} has no {', '.join(strange)}" if strange else "nothing is taken"
            faults.append(Fault(f"{wrong}: give some of {known}", (*path, "only")))
            continue
        taken = _taken_over(whole, entry)
        clash = [requirement.id for requirement in taken.requirements if requirement.id in seen]
        if clash:
            faults.append(
                Fault(
                    f"{entry.preset} and {seen[clash[0]]} both have {', '.join(clash)}: give one of them a prefix, "
                    f"e.g. {{preset: {entry.preset}, prefix: b_}}",
                    path,
                )
            )
            continue
        seen.update(dict.fromkeys((requirement.id for requirement in taken.requirements), entry.preset))
        names_ko.append(taken.name_ko)
        names_en.append(taken.name_en)
        base = _Base(
            requirements=(*base.requirements, *taken.requirements),
            desert=taken.desert or base.desert,
            walk_mps=base.walk_mps if taken.walk_mps is None else taken.walk_mps,
            note=" ".join(part for part in (base.note, taken.note) if part),
            not_computed={**(base.not_computed or {}), **taken.not_computed},
            items=(*base.items, *taken.items),
            designations=(*base.designations, *taken.designations),
            name_ko=" + ".join(names_ko),
            name_en=" + ".join(names_en),
        )
    return base


def _taken_over(standard: Standard, entry: ExtendSpec) -> Standard:
    """Return a set under a prefix and for one setting."""
    prefix, setting = entry.prefix, entry.setting
    if entry.only is not None:
        standard = _only(standard, frozenset(entry.only))
    mark_ko, mark_en = _SETTING_NAMES[setting or "any"]
    desert = standard.desert
    if desert is not None and prefix:
        functions = {name: tuple(prefix + anchor for anchor in anchors) for name, anchors in desert.functions.items()}
        desert = replace(desert, functions=functions)
    return replace(
        standard,
        requirements=tuple(
            replace(
                requirement,
                id=prefix + requirement.id,
                setting=setting or requirement.setting,
                name_ko=requirement.name_ko + mark_ko,
                name_en=requirement.name_en + mark_en,
            )
            for requirement in standard.requirements
        ),
        desert=desert,
        not_computed={prefix + key: reason for key, reason in standard.not_computed.items()},
        items=tuple(replace(item, id=prefix + item.id) for item in standard.items),
        designations=tuple(_prefixed(one, prefix) for one in standard.designations),
    )


def _only(standard: Standard, wanted: frozenset[str]) -> Standard:
    """Return a set with some of its requirements, and the tests that need no others."""
    desert = standard.desert
    anchors = set() if desert is None else {key for keys in desert.functions.values() for key in keys}
    return replace(
        standard,
        requirements=tuple(rule for rule in standard.requirements if rule.id in wanted),
        desert=desert if anchors <= wanted else None,
        designations=tuple(
            one for one in standard.designations if all(wanted.issuperset(test.requirements) for test in one.tests)
        ),
    )


def _prefixed(designation: Designation, prefix: str) -> Designation:
    """Return a designation whose requirements carry a prefix."""
    tests = tuple(
        replace(test, requirements=tuple(prefix + key for key in test.requirements)) for test in designation.tests
    )
    return replace(designation, id=prefix + designation.id, tests=tests)


def _requirements(
    spec: StandardSpec, base: _Base, kinds: Mapping[str, Kind], standard_id: str, faults: list[Fault]
) -> tuple[tuple[Requirement, ...], set[str]]:
    """Return the extended requirements, changed by id, followed by the added ones; and the ids of faulty ones."""
    table = {requirement.id: unconverted(requirement) for requirement in base.requirements}
    extended, written, broken = set(table), set[str](), set[str]()
    for at, entry in enumerate(spec.requirements):
        path = ("requirements", at)
        if entry.id in written:
            faults.append(Fault(f"requirement {entry.id!r} is written twice: keep one", (*path, "id")))
            continue
        written.add(entry.id)
        found = _entry_faults(entry, kinds, is_new=entry.id not in extended)
        table[entry.id] = _requirement(entry, table.get(entry.id), kinds, standard_id)
        found += [*_figure_faults(table[entry.id], entry), *extra_faults(table[entry.id], entry)]
        faults.extend(fault.under(path) for fault in found)
        if found:
            broken.add(entry.id)
    return tuple(table.values()), broken


def _entry_faults(entry: RequirementSpec, kinds: Mapping[str, Kind], *, is_new: bool) -> list[Fault]:
    """List what is wrong with one entry as it is written."""
    faults = []
    if not _ID.fullmatch(entry.id):
        faults.append(
            Fault(f"{entry.id!r}: an id is at most 40 lower-case letters, digits and _, a letter first", ("id",))
        )
    if entry.id in _RESERVED:
        faults.append(Fault(f"the id {entry.id!r} is taken: {_RESERVED[entry.id]}", ("id",)))
    if entry.kind is not None and entry.kinds is not None:
        faults.append(Fault("give either 'kind' or 'kinds', not both", ("kinds",)))
    if (is_new and entry.kind is None and entry.kinds is None) or entry.kinds == ():
        faults.append(Fault("which facilities serve it? give 'kind', e.g. kind: clinic", ("kind",)))
    if is_new and entry.mode is None:
        faults.append(Fault("how do people travel? give 'mode': car, walk or bicycle", ("mode",)))
    if is_new and "bound" not in entry.model_fields_set:
        faults.append(
            Fault("a bound is needed, e.g. '15 min' or '2 km' (null when the rule has no figure)", ("bound",))
        )
    if entry.kind is not None and entry.kind not in kinds:
        faults.append(Fault(unknown_kind(entry.kind, kinds), ("kind",)))
    for at, kind in enumerate(entry.kinds or ()):
        if kind not in kinds:
            faults.append(Fault(unknown_kind(kind, kinds), ("kinds", at)))
    return faults


def _figure_faults(requirement: Requirement, entry: RequirementSpec) -> list[Fault]:
    """List what is wrong with the bound and optimum of a requirement, changes applied."""
    optimum = entry.optimum if "optimum" in entry.model_fields_set else None
    if requirement.bound is None:
        if optimum is not None and "bound" in entry.model_fields_set:
            return [Fault("an optimum without a bound: give 'bound' too", ("optimum",))]
        return []
    if optimum is not None and optimum.metric != requirement.metric:
        return [
            Fault(
                f"the optimum {optimum} and the bound {requirement.bound_text} are not in the same unit", ("optimum",)
            )
        ]
    if requirement.optimum is not None and requirement.optimum > requirement.bound:
        better = "less time" if requirement.metric == "time" else "a shorter way"
        field = "optimum" if optimum is not None else "bound"
        return [
            Fault(
                f"the local optimum must be {better} than the bound {requirement.bound_text}; change 'optimum' "
                "(null = none)",
                (field,),
            )
        ]
    return []


def _requirement(
    entry: RequirementSpec, base: Requirement | None, kinds: Mapping[str, Kind], standard_id: str
) -> Requirement:
    """Make one requirement, new or changed."""
    given = entry.model_fields_set
    fields: dict[str, object] = {name: getattr(entry, name) for name in _PLAIN_FIELDS if base is None or name in given}
    if entry.kind is not None or entry.kinds is not None:
        fields["kinds"] = entry.kinds or (entry.kind,)
    elif base is None:
        fields["kinds"] = ()
    if entry.mode is not None or base is None:
        fields["mode"] = entry.mode or "walk"  # where none is given that is a fault already
    if base is None or "bound" in given:
        fields["bound"] = entry.bound.value if entry.bound else None
        fields["metric"] = entry.bound.metric if entry.bound else "time"
        if base is not None and "optimum" not in given and (not entry.bound or entry.bound.metric != base.metric):
            fields["optimum"] = None  # the set's optimum is in the other unit, or has nothing left to be better than
            fields["by_density"] = ()
    if base is None or "optimum" in given:
        fields["optimum"] = entry.optimum.value if entry.optimum else None
    if entry.bound is not None and entry.bound.metric == "length":
        fields["speed_mps"] = None  # a set's minutes may have been turned into metres; these need no speed
    fields |= extra_fields(entry, base)
    if base is None:
        names = [kinds[kind] for kind in entry.kinds or (entry.kind or "",) if kind in kinds]
        ko, en = _least_words(entry.least_capacity, names)
        fields["name_ko"] = entry.name.ko or entry.name.en or "·".join(kind.name_ko for kind in names) + ko
        fields["name_en"] = entry.name.en or entry.name.ko or ", ".join(kind.name_en for kind in names) + en
        return Requirement(id=entry.id, standard=standard_id, **fields)  # type: ignore[arg-type]
    if entry.name.ko or entry.name.en:
        fields["name_ko"], fields["name_en"] = entry.name.ko or entry.name.en, entry.name.en or entry.name.ko
    if given & set(_RULE_FIELDS):
        fields["standard"] = standard_id
        changed = {"source": f"{standard_id}, changed from {base.standard}", "date": "", "confidence": ""}
        fields |= {name: text for name, text in changed.items() if name not in given}
    return replace(base, **fields)  # type: ignore[arg-type]


def _least_words(least: float | None, kinds: Sequence[Kind]) -> tuple[str, str]:
    """Return what a least capacity adds to a requirement's name, in Korean and English."""
    if least is None:
        return "", ""
    unit = next((kind.capacity_unit for kind in kinds if kind.capacity_unit), "")
    if unit == "runs":
        return f"(하루 {least:g}회 이상)", f" with {least:g} runs a day"
    return f"(정원 {least:g} 이상)", f" with {least:g} {unit or 'places'} or more"


_PLAIN_FIELDS: Final = (
    "match",
    "group",
    "setting",
    "direction",
    "least_capacity",
    "source",
    "date",
    "confidence",
    "note",
)
