"""What a scenario refers to: files, kinds, groups, requirements, names.

Looked up in the data as written, so that a fault in one block does not hide those of another.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path as FilePath
from typing import Any, Final

from lifezone.errors import Fault, InputError, Path
from lifezone.model import TOTAL, Kind
from lifezone.scenario.merge import Layered, file_paths
from lifezone.scenario.scenario import Part
from lifezone.scenario.spec import BASELINE, ScenarioSpec, StandardBlock
from lifezone.scenario.validate import suggest, validate
from lifezone.scenario.yaml_events import walk
from lifezone.sources.files import local_file
from lifezone.standards import StandardSpec, load_kinds, resolve
from lifezone.standards.kinds import KindSpec, kinds_spec, unknown_kind

__all__ = ["DIVIDING", "missing_blocks", "reference_faults", "standard_of"]

_REPORT_LAYERS: Final = ("parquet", "gpkg")
"""What a report reads verdicts, roads and borders from."""
_NEEDED: Final[Mapping[Path, str]] = {
    ("area", "network"): "where do the roads come from? e.g. network: {type: osm_file, path: county.osm.pbf}",
    ("demand",): "where do people live? e.g. demand: {type: table, path: people.csv, groups: {total: people}}",
    ("facilities",): "which facilities are there? e.g. facilities: [{type: table, path: clinics.csv, kind: clinic}]",
    ("standard",): "which standard judges? e.g. standard: {extends: kr-county}",
}


def reference_faults(layered: Layered, folder: FilePath, part: Part = "all") -> list[Fault]:
    """Return a fault for everything named that is not there, and for everything needed that is missing.

    Args:
        layered: the scenario as written.
        folder: where relative paths start.
        part: what the scenario is loaded for.
    """
    data = layered.data
    kinds, faults = _kinds(data)
    faults += _missing_blocks(data, part)
    faults += _missing_files(data, folder)
    faults += _unknown_kinds(data, kinds)
    faults += _standard(data, kinds)
    for v, variant in _entries(data.get("variants")):
        faults += [fault.under(("variants", v)) for fault in _standard(_block(variant), kinds)]
    if not any(fault.path[:2] == ("demand", "groups") for fault in layered.faults):
        faults += _unknown_groups(data)
    faults += _variant_names(data)
    faults += _strange_years(data)
    faults += _report(_block(data.get("output")))
    return faults


def _report(output: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell what a report needs and does not get: layers, maps, a package."""
    report = output.get("report")
    if report in (None, False):
        return
    path = ("output", "report")
    layers = output.get("layers")
    missing = [one for one in _REPORT_LAYERS if isinstance(layers, list) and one not in layers]
    if missing:
        yield Fault(f"a report is made from these layers too: add {' and '.join(missing)} to output.layers", path)
    formats = _block(report).get("formats")
    for position, one in enumerate(formats if isinstance(formats, list) else ()):
        at = (*path, "formats", position)
        if one == "hwpx" and find_spec("hwpx") is None:
            yield Fault("hwpx needs one more package: python -m pip install 'lifezone[hwpx]'", at)
        if one == "maps" and output.get("maps") is False:
            yield Fault("there are no maps to pack: set output.maps: true, or leave this format out", at)


def standard_of(block: StandardBlock) -> StandardSpec:
    """Return the part of the block that is the standard itself, without the rule for urban and rural."""
    given = {name: getattr(block, name) for name in StandardSpec.model_fields if name in block.model_fields_set}
    return StandardSpec.model_construct(_fields_set=set(given), **given)


def _kinds(data: Mapping[str, Any]) -> tuple[Mapping[str, Kind], list[Fault]]:
    """Return the table of kinds widened by the scenario's own, as far as they can be read."""
    faults: list[Fault] = []
    kinds: dict[str, Kind] = load_kinds()
    for key, value in _items(data.get("kinds")):
        spec = validate(KindSpec, value, {}).spec
        try:
            kinds = kinds_spec({key: spec or KindSpec(ko=key)}, kinds)
        except InputError as error:
            faults += [fault.under(("kinds",)) for fault in error.faults]
            kinds = {**kinds, key: Kind(key, key, key)}  # so that whatever asks for it is not blamed too
    return kinds, faults


def missing_blocks(spec: ScenarioSpec, part: Part = "all") -> list[Fault]:
    """Tell which blocks a run needs and a scenario does not have."""
    there = {
        ("area", "network"): spec.area.network, ("demand",): spec.demand, ("facilities",): spec.facilities,
        ("standard",): spec.standard,
    }  # fmt: skip
    spared = _spared(part, has_times=bool(spec.times), needs_places=spec.divides_places)
    return [_is_missing(path) for path, block in there.items() if path not in spared and block in (None, [])]


def _spared(part: Part, *, has_times: bool, needs_places: bool) -> frozenset[Path]:
    """Return the blocks that may be missing."""
    if part == "zones" and not needs_places:
        return frozenset(_NEEDED)  # flows alone are enough
    spared: list[Path] = [("area", "network")] if has_times else []  # nothing needs to be routed
    return frozenset([*spared, *([] if part == "all" else [("standard",)])])


def _is_missing(path: Path) -> Fault:
    return Fault(f"this block is missing: {_NEEDED[path]}", path)


def _missing_blocks(data: Mapping[str, Any], part: Part) -> list[Fault]:
    """Tell which blocks a run needs and the file does not have; a block with faults is there."""
    area = data.get("area")
    network = area.get("network") if isinstance(area, dict) else area
    there: dict[Path, Any] = {
        ("area", "network"): network,
        **{(key,): data.get(key) for key in ("demand", "facilities", "standard")},
    }
    needs_places = any(data.get(key) is not None for key in _OF_PLACES)
    spared = _spared(part, has_times=bool(data.get("times")), needs_places=needs_places)
    return [_is_missing(path) for path, block in there.items() if path not in spared and block in (None, [], {})]


_READING: Final = (
    "area", "demand", "facilities", "times", "allowed", "statistics", "zones", "municipalities", "flows",
    "alliances", "variants",
)  # fmt: skip
"""Blocks that name files."""
_OF_PLACES: Final = ("zones", "alliances", "compact_city")
"""Divisions that need people, facilities and roads; flows alone are enough for others."""
DIVIDING: Final = (*_OF_PLACES, "flows", "urban_areas", "ties", "city_classes")
"""Blocks that ask for a division; none of them needs a standard."""


def _missing_files(data: Mapping[str, Any], folder: FilePath) -> Iterator[Fault]:
    """Tell which files are not there."""
    for block in _READING:
        for path, value in file_paths(data.get(block), (block,)):
            try:
                local_file(folder, value)
            except InputError as error:
                yield from (Fault(fault.message, path) for fault in error.faults)


def _unknown_kinds(data: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[Fault]:
    """Tell kinds that no table knows, of facilities and of edits."""
    for path, word in _kinds_named(data):
        if word not in kinds:
            yield Fault(unknown_kind(word, kinds), path)


def _kinds_named(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield every kind that sources and edits name, with its path."""
    for i, source in _entries(data.get("facilities")):
        for key in ("kind", "kinds"):
            for path, word in walk(_get(source, key), ("facilities", i, key)):
                if isinstance(word, str) and not (word == "all" and key == "kinds"):
                    yield path, word
    for f, function in _entries(_get(data.get("zones"), "functions")):
        for path, word in walk(_get(function, "kinds"), ("zones", "functions", f, "kinds")):
            if isinstance(word, str):
                yield path, word
    for key in ("joint", "opened"):
        for at, shared in _entries(_get(data.get("alliances"), key)):
            for path, word in walk(_get(shared, "kind"), ("alliances", key, at, "kind")):
                if isinstance(word, str):
                    yield path, word
    for path, word in walk(_get(data.get("compact_city"), "kinds"), ("compact_city", "kinds")):
        if isinstance(word, str):
            yield path, word
    for v, variant in _entries(data.get("variants")):
        for path, word in walk(_get(variant, "siting"), ("variants", v, "siting")):
            is_kind = path[-1] == "kind" or (len(path) > 1 and path[-2] == "kinds" and isinstance(path[-1], int))
            if isinstance(word, str) and is_kind and path[-2:] != ("projects", "kind"):  # there it names a column
                yield path, word
        for i, source in _entries(_get(variant, "facilities")):
            for key in ("kind", "kinds"):
                for path, word in walk(_get(source, key), ("variants", v, "facilities", i, key)):
                    if isinstance(word, str):
                        yield path, word
        for e, edit in _entries(_get(variant, "edits")):
            for keys in (("open", "kind"), ("open", "from", "kind"), ("mobile", "kind")):
                word = edit
                for key in keys:
                    word = _get(word, key)
                if isinstance(word, str):
                    yield ("variants", v, "edits", e, *keys), word


def _standard(data: Mapping[str, Any], kinds: Mapping[str, Kind]) -> list[Fault]:
    """Tell what does not fit together in the standard.

    What is wrong is stood in for and the rest resolved, so that one fault hides no other; structure is told elsewhere.
    """
    written = data.get("standard")
    if not isinstance(written, dict) or not written:
        return []
    draft = copy.deepcopy(written)
    all_known = _stand_in(draft, validate(StandardBlock, written, {}).faults, kinds)
    found = _resolve_faults(draft, kinds)
    rules = [fault for fault in found if fault.path[:1] == ("requirements",)]
    if rules:  # the desert test's anchors are looked up only once all requirements are sound
        all_known &= _stand_in(draft, rules, kinds)
        told = {fault.path for fault in found}
        more = _resolve_faults(draft, kinds)
        found += [fault for fault in more if fault.path[:1] == ("desert",) and fault.path not in told]
    if not all_known:  # whatever leans on an entry that cannot be read would be blamed wrongly
        found = [fault for fault in found if fault.path[:1] != ("desert",) and fault.path != ("requirements",)]
    return [fault.under(("standard",)) for fault in found]


def _resolve_faults(draft: dict[str, Any], kinds: Mapping[str, Kind]) -> list[Fault]:
    """Resolve a standard as written; returns what does not fit together."""
    block = validate(StandardBlock, draft, {}).spec
    try:
        if block is not None:
            resolve(standard_of(block), kinds)
    except InputError as error:
        return list(error.faults)
    return []


def _stand_in(draft: dict[str, Any], faults: Iterable[Fault], kinds: Mapping[str, Kind]) -> bool:
    """Put something sound where a standard has faults; False when it is no longer known which requirements it has."""
    sound = {"kind": next(iter(kinds)), "mode": "car", "bound": "1 min"}
    all_known, twice = True, set()
    rules = draft.get("requirements")
    for fault in faults:
        at = fault.path[1] if len(fault.path) > 1 and fault.path[0] == "requirements" else None
        if isinstance(at, int) and isinstance(rules, list):
            key = str(fault.path[2]) if len(fault.path) > 2 else ""
            if fault.message.endswith("keep one"):
                twice.add(at)
            elif key in ("", "id") or not isinstance(rules[at], dict):
                all_known = False
                rules[at] = {"id": f"stand_in_{at}", **sound}
            else:
                rules[at].pop(key, None)
                if key == "bound":  # nothing is left that the optimum could be held against
                    rules[at].pop("optimum", None)
                if key == "kinds" or key in sound:
                    rules[at][key if key in sound else "kind"] = sound[key if key in sound else "kind"]
        elif fault.path and fault.path[0] != "desert":
            draft.pop(str(fault.path[0]), None)
            all_known &= fault.path[0] not in ("extends", "requirements")
        elif fault.path:
            draft["desert"] = _without_key(draft["desert"], fault.path[1:2])
    if isinstance(rules, list):
        rules[:] = [rule for at, rule in enumerate(rules) if at not in twice]
    return all_known


def _without_key(block: Any, key: Path) -> Any:
    """Return a block without one of its keys; nothing when the fault is about all of it."""
    return {name: value for name, value in block.items() if (name,) != key} if key and isinstance(block, dict) else None


def _unknown_groups(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell groups that the scenario's own requirements are for and the people source does not count."""
    groups = _get(data.get("demand"), "groups")
    if not isinstance(groups, dict):
        return
    known = [*groups, TOTAL]
    for r, rule in _entries(_get(data.get("standard"), "requirements")):
        group = _get(rule, "group")
        if isinstance(group, str) and group not in known:
            yield Fault(
                f"demand.groups does not count {group!r}{suggest(group, known, what='it counts')}",
                ("standard", "requirements", r, "group"),
            )


def _variant_names(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell names that two variants share; folders on Windows and macOS do not tell case apart."""
    seen: dict[str, int] = {}
    for v, variant in _entries(data.get("variants")):
        name = _get(variant, "name")
        if not isinstance(name, str) or name.lower() == BASELINE:
            continue
        first = seen.setdefault(name.lower(), v)
        if first != v:
            yield Fault(f"variants[{first}] is called {name!r} too: give each its own name", ("variants", v, "name"))


def _strange_years(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell years of a compact city that are given to no variant."""
    names = [BASELINE, *(str(_get(variant, "name")) for _, variant in _entries(data.get("variants")))]
    for name in _block(_block(data.get("compact_city")).get("years")):
        if name not in names:
            yield Fault(f"no variant is called {name!r}; there are {', '.join(names)}", ("compact_city", "years", name))


def _block(value: Any) -> Mapping[str, Any]:
    """Return a block, or an empty one."""
    return value if isinstance(value, dict) else {}


def _get(block: Any, key: str) -> Any:
    """Return what stands under a key, or None."""
    return block.get(key) if isinstance(block, dict) else None


def _items(block: Any) -> list[tuple[str, Any]]:
    """Return the entries of a block."""
    return list(block.items()) if isinstance(block, dict) else []


def _entries(block: Any) -> list[tuple[int, Any]]:
    """Return the items of a list with their positions."""
    return list(enumerate(block)) if isinstance(block, list) else []
