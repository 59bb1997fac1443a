"""What an edit must know besides the world it meets: where files are, and what earlier edits did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifezone.errors import InputError

if TYPE_CHECKING:
    from lifezone.sources.reading import Reading

__all__ = ["Context"]


@dataclass(frozen=True, eq=False)
class Context:
    """The study around an edit.

    Attributes:
        reading: the study as its sources see it; None where no edit reads a file.
        past: what earlier edits of the same variant did to a facility, by id: ``closed by edits[0]``.
    """

    reading: Reading | None = None
    past: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where relative paths start; raises :class:`InputError` where no file can be read."""
        return self.study.folder

    @property
    def study(self) -> Reading:
        """The study as its sources see it; raises :class:`InputError` where it is not known."""
        if self.reading is None:
            raise InputError("this edit reads a file, which needs a scenario around it")
        return self.reading

    def note(self, record: dict[str, Any]) -> None:
        """Note a file that was read, for the manifest; once, however many variants read it."""
        if self.reading is not None and record not in self.reading.inputs:
            self.reading.inputs.append(record)

    def since(self, facility_id: str) -> str:
        """Say what an earlier edit did to a facility: `` (closed by edits[0])``, or nothing."""
        return f" ({self.past[facility_id]})" if facility_id in self.past else ""
