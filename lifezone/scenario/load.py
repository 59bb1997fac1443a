"""Scenario files → :class:`Scenario`, with every fault of structure and reference told at once."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any, Final

from lifezone.errors import Fault, Path
from lifezone.scenario.merge import read_layers
from lifezone.scenario.references import reference_faults
from lifezone.scenario.scenario import Part, Scenario, place_fault
from lifezone.scenario.spec import ScenarioSpec
from lifezone.scenario.validate import validate
from lifezone.scenario.yaml_events import Unreadable, walk

__all__ = ["load", "read_draft"]

_LISTS: Final = ("facilities", "variants")
"""Lists whose items are judged one by one."""


def load(path: str | FilePath, sets: Sequence[str] = (), *, part: Part = "all") -> Scenario:
    """Read a scenario file.

    Args:
        path: the YAML file.
        sets: overrides, applied last, such as ``"area.buffer=5 km"`` or ``"facilities.0.path=other.csv"``.
        part: ``siting`` when only plans, ``zones`` when only divisions are asked for.

    Returns:
        The scenario; its sources have not been read yet, only found.

    Raises:
        ScenarioError: every fault of structure and reference, one line each: ``file:line:column path: message``.
    """
    scenario, faults = read_draft(path, sets, part=part)
    if faults:
        raise scenario.error(faults)
    return scenario


def read_draft(path: str | FilePath, sets: Sequence[str] = (), *, part: Part = "all") -> tuple[Scenario, list[Fault]]:
    """Read what can be read of a scenario, and every fault of it.

    Blocks with faults are left out of the draft, so that ``check`` can go on to read the sources of the others.

    Returns:
        The draft and its faults, with their places.
    """
    path = FilePath(path)
    layered = read_layers(path, sets)
    faults = list(layered.faults)
    if not layered.whole:
        return Scenario(ScenarioSpec(name=path.stem), path, path.parent, layered, part=part), faults
    checked = validate(ScenarioSpec, layered.data, layered.plain)
    found = [*checked.faults, *reference_faults(layered, path.parent, part)]
    faults += [place_fault(layered, fault, at_key=fault.path in checked.unknown) for fault in found]
    spec, index = checked.spec, dict[str, tuple[int, ...]]()
    if found or spec is None:
        spec, index = _without(layered.data, [fault.path for fault in found])
    if not spec.name:
        spec = spec.model_copy(update={"name": path.stem})
    return Scenario(spec, path, path.parent, layered, index, part), faults


def _without(data: dict[str, Any], at: Sequence[Path]) -> tuple[ScenarioSpec, dict[str, tuple[int, ...]]]:
    """Return the scenario without the blocks that hold a fault, and where its list items stood."""
    units = {_unit(path) for path in at}
    units |= {_unit(path) for path, value in walk(data) if isinstance(value, Unreadable)}
    for _ in range(3):
        kept, index = _pruned(data, units)
        checked = validate(ScenarioSpec, kept, {})
        if checked.spec is not None:
            return checked.spec, index
        units |= {fault.path[:1] for fault in checked.faults}
    return ScenarioSpec(), {}


def _unit(path: Path) -> Path:
    """Return the block that a fault makes unusable: an item of a list, a part of the area, or a whole block."""
    if len(path) > 1 and (path[0] in (*_LISTS, "kinds") or path[0] == "area"):
        return path[:2]
    return path[:1]


def _pruned(data: dict[str, Any], units: set[Path]) -> tuple[dict[str, Any], dict[str, tuple[int, ...]]]:
    """Return a copy of the data without some units, and the former positions of list items."""
    kept: dict[str, Any] = {}
    index: dict[str, tuple[int, ...]] = {}
    for key, value in data.items():
        if (key,) in units or () in units:
            continue
        if key in _LISTS and isinstance(value, list):
            index[key] = tuple(position for position in range(len(value)) if (key, position) not in units)
            kept[key] = [copy.deepcopy(value[position]) for position in index[key]]
        elif isinstance(value, dict):
            kept[key] = {name: copy.deepcopy(item) for name, item in value.items() if (key, name) not in units}
        else:
            kept[key] = value
    return kept, index
