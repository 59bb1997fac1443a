"""The file of a monitoring study: read as strictly as a scenario, by the same readers of YAML and the same faults."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

from ruamel.yaml import YAML

from lifezone.errors import Fault, InputError, ScenarioError
from lifezone.monitor.indicators import INDICATORS
from lifezone.monitor.study import StudySpec
from lifezone.scenario.merge import Layered, file_paths, read_layers
from lifezone.scenario.scenario import place_fault
from lifezone.scenario.validate import suggest, validate
from lifezone.sources.files import local_file

__all__ = ["StudyFile", "load_study"]

_WIDE: Final = 1_000_000
"""Width at which text is wrapped in the resolved file: never."""


@dataclass(frozen=True, eq=False)
class StudyFile:
    """A study: what it says, its file, the folder where its relative paths start, its values with their places."""

    spec: StudySpec
    path: FilePath
    folder: FilePath
    layered: Layered = field(repr=False)

    def resolved_yaml(self) -> str:
        """Return the study as YAML text: merged, with every default told; the same bytes for the same study."""
        stream = io.StringIO()
        writer: Any = YAML(typ="safe", pure=True)
        writer.default_flow_style = False
        writer.allow_unicode = True
        writer.width = _WIDE
        writer.sort_base_mapping_type_on_output = False
        writer.dump(self.spec.model_dump(mode="json", by_alias=True, exclude={"extends"}), stream)
        return stream.getvalue()

    def error(self, faults: Iterable[Fault]) -> ScenarioError:
        """Return the error that tells all faults, each with its place, in the order of the file."""
        return _error(self.layered, self.path, faults)

    @contextmanager
    def with_places(self) -> Iterator[None]:
        """Turn an :class:`InputError` of a block into one that tells where in the file it is."""
        try:
            yield
        except InputError as error:
            raise self.error(error.faults) from error


def load_study(path: str | FilePath, sets: Sequence[str] = ()) -> StudyFile:
    """Read a study file; its tables are found, not read yet.

    Args:
        path: the YAML file.
        sets: overrides, applied last, such as ``"base=2015"``.

    Raises:
        ScenarioError: every fault of structure and reference, one line each: ``file:line:column path: message``.
    """
    path = FilePath(path)
    layered = read_layers(path, sets)
    faults = list(layered.faults)
    spec = StudySpec()
    if layered.whole:
        checked = validate(StudySpec, layered.data, layered.plain)
        found = [*checked.faults, *_missing_files(layered, path.parent)]
        if checked.spec is not None:
            spec = checked.spec
            found += _unknown_indicators(spec)
        faults += [place_fault(layered, fault, at_key=fault.path in checked.unknown) for fault in found]
    if faults:
        raise _error(layered, path, faults)
    if not spec.name:
        spec = spec.model_copy(update={"name": path.stem})
    return StudyFile(spec, path, path.parent, layered)


def _missing_files(layered: Layered, folder: FilePath) -> list[Fault]:
    """Fault every file that is not there; folders of results are looked at when they are read."""
    faults = []
    for at, text in file_paths(layered.data):
        if "results" in at:
            continue
        try:
            local_file(folder, text)
        except InputError as error:
            faults += [Fault(fault.message, at) for fault in error.faults]
    return faults


def _unknown_indicators(spec: StudySpec) -> list[Fault]:
    """Fault indicators that there are not, twice, or of the same id as one of the study's own."""
    known = [one.id for one in INDICATORS]
    asked = spec.indicators or []
    faults = [
        Fault(f"unknown indicator {one!r}{suggest(one, known)}", ("indicators", at))
        for at, one in enumerate(asked) if one not in known
    ]  # fmt: skip
    faults += [
        Fault(f"{one!r} stands twice", ("indicators", at)) for at, one in enumerate(asked) if one in asked[:at]
    ]  # fmt: skip
    faults += [
        Fault(f"{one.id!r} is a packaged indicator: choose another id", ("own", at, "id"))
        for at, one in enumerate(spec.own) if one.id in known
    ]  # fmt: skip
    return faults


def _error(layered: Layered, path: FilePath, faults: Iterable[Fault]) -> ScenarioError:
    located = dict.fromkeys(place_fault(layered, fault) for fault in faults)
    main = str(path)
    return ScenarioError(sorted(located, key=lambda f: (f.file != main, f.file, f.line, f.column)))
