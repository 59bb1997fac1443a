"""A loaded scenario: what it says, and where in its files it says so."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any, Final, Literal

from ruamel.yaml import YAML

from lifezone.errors import Fault, InputError, Path, ScenarioError
from lifezone.scenario.merge import Layered
from lifezone.scenario.spec import ScenarioSpec
from lifezone.scenario.yaml_events import Place, walk

__all__ = ["Part", "Scenario", "place_fault"]

Part = Literal["all", "siting", "zones"]
"""What a scenario is loaded for."""
_WIDE: Final = 1_000_000
"""Width at which text is wrapped in the resolved file: never."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario.

    Attributes:
        spec: what it says, with every default.
        path: its file.
        folder: where its relative paths start.
        layered: its values as written, with their places.
        index: position in the file of each item of a list of ``spec``, by the list's key; only where faulty items
            were left out (see ``read_draft``).
        part: ``siting`` when only plans are asked for, ``zones`` when only divisions are; neither needs a standard,
            divisions by flows alone need neither people nor facilities nor roads.
    """

    spec: ScenarioSpec
    path: FilePath
    folder: FilePath
    layered: Layered = field(repr=False)
    index: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    part: Part = "all"

    @property
    def files(self) -> tuple[FilePath, ...]:
        """Every scenario file read: what it extends first, itself last."""
        return tuple(self.layered.files)

    def resolved_yaml(self) -> str:
        """Return the scenario as YAML text: merged, with every default told; the same bytes for the same scenario.

        It can be loaded again from the scenario's folder, where its relative paths start.
        """
        stream = io.StringIO()
        writer: Any = YAML(typ="safe", pure=True)
        writer.default_flow_style = False
        writer.allow_unicode = True
        writer.width = _WIDE
        writer.sort_base_mapping_type_on_output = False
        writer.dump(self._dumped(), stream)
        return stream.getvalue()

    def _dumped(self) -> dict[str, Any]:
        """Return the scenario as plain data.

        In ``standard`` and ``kinds`` what is not written comes from the packaged set, not from a default, and an edit
        is a map of one key: there only what is written is told.
        """
        data = self.spec.model_dump(mode="json", by_alias=True, exclude={"extends", "standard", "kinds", "variants"})
        data |= self.spec.model_dump(mode="json", by_alias=True, include={"standard", "kinds"}, exclude_unset=True)
        data |= self.spec.model_dump(mode="json", by_alias=True, include={"variants"}, exclude_none=True)
        for entry, variant in zip(data["variants"], self.spec.variants, strict=True):
            if not variant.edits:
                entry.pop("edits", None)
            if variant.standard is not None:
                entry["standard"] = variant.standard.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return {name: data[name] for name in type(self.spec).model_fields if name in data}

    def options(self) -> dict[str, dict[str, Any]]:
        """Return every setting by its dotted path: the value used and whether it was a default."""
        told: dict[str, dict[str, Any]] = {}
        for path, value in walk(self._dumped()):
            if path and path[0] != "variants" and not (isinstance(value, dict | list) and value):
                told[".".join(map(str, path))] = {"value": value, "default": path not in self.layered.value_at}
        return told

    def locate(self, fault: Fault) -> Fault:
        """Add file, line and column to a fault: of the value at its path, else of the nearest block around it."""
        path = fault.path
        if (
            not fault.file
            and len(path) > 1
            and isinstance(path[1], int)
            and path[1] < len(self.index.get(str(path[0]), ()))
        ):
            fault = replace(fault, path=(path[0], self.index[str(path[0])][path[1]], *path[2:]))
        return place_fault(self.layered, fault)

    def error(self, faults: Iterable[Fault]) -> ScenarioError:
        """Return the error that tells all faults, each with its place, in the order of the file."""
        located = dict.fromkeys(self.locate(fault) for fault in faults)
        main = str(self.path)
        return ScenarioError(sorted(located, key=lambda f: (f.file != main, f.file, f.line, f.column)))

    @contextmanager
    def with_places(self, prefix: Path = ()) -> Iterator[None]:
        """Turn an :class:`InputError` of a block into a :class:`ScenarioError` that tells where in the file it is.

        Args:
            prefix: where the block stands, e.g. ``("facilities", 0)``.
        """
        try:
            yield
        except InputError as error:
            raise self.error(fault.under(prefix) for fault in error.faults) from error


def place_fault(layered: Layered, fault: Fault, *, at_key: bool = False) -> Fault:
    """Add the place of a fault's path: its value, or its key; a fault that has one already keeps it."""
    if fault.file:
        return fault
    path = fault.path
    value = layered.value_at.get(path)
    key = layered.key_at.get(path)
    place: Place | None = key if at_key or value is None or _is_block(layered, path) else value
    while place is None and path:
        path = path[:-1]
        place = layered.key_at.get(path)
    if place is None:
        return fault
    return replace(fault, file=place.file, line=place.line, column=place.column)


def _is_block(layered: Layered, path: Path) -> bool:
    """True when a block or list stands at ``path``: a fault about the whole of it is told at its key."""
    data: Any = layered.data
    for part in path:
        data = data[part]
    return isinstance(data, dict | list)
