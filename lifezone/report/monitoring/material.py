"""What an annual report is made from: the result folder of ``lifezone monitor`` as it lies there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from lifezone.errors import InputError
from lifezone.monitor.series import IndicatorInfo, Series
from lifezone.monitor.since import ChangeRow, RankRow
from lifezone.monitor.warning import WarningRow
from lifezone.monitor.watch import Watched
from lifezone.report.monitored import open_monitored
from lifezone.report.swap import MANIFEST, file_hash
from lifezone.report.watch import open_watched
from lifezone.report.words import Texts
from lifezone.report.years import sheet_name
from lifezone.standards.disclosure import shown_group

__all__ = ["MonitorMaterial", "is_monitored", "monitor_material", "unit_of"]

_PEOPLE: Final = ("people", "명")
_CHECKED: Final = (".csv", ".yaml")
"""Files that must be as they were written; a GIS changes a GeoPackage by opening it."""


@dataclass(frozen=True, eq=False)
class MonitorMaterial:
    """A folder of monitoring for those who write sections.

    Attributes:
        folder: the folder.
        manifest: what ``manifest.json`` says.
        series: the indicators.
        disclose: small counts are shown as they are.
    """

    folder: Path
    manifest: dict[str, Any]
    series: Series
    disclose: bool = False

    @property
    def title(self) -> str:
        """The study's name."""
        return str(self.manifest["scenario"]["name"])

    @property
    def newest(self) -> int:
        """Position of the newest edition."""
        return len(self.series.editions) - 1

    @cached_property
    def watched(self) -> Watched:
        """Warnings, changes, what changed coverage, designations and surveys, as the folder tells them."""
        return open_watched(self.folder)

    @cached_property
    def changes(self) -> list[ChangeRow]:
        """What changed into the newest edition."""
        name = self.series.editions[self.newest].name
        return [row for row in self.watched.changes if row.edition == name]

    @cached_property
    def ranks(self) -> list[RankRow]:
        """Where districts stand among all in the newest edition."""
        name = self.series.editions[self.newest].name
        return [row for row in self.watched.ranks if row.edition == name and row.among == "all"]

    @property
    def warnings(self) -> tuple[WarningRow, ...]:
        """Early warnings."""
        return self.watched.warnings

    def has(self, file: str) -> bool:
        """Tell whether the folder holds a file."""
        return (self.folder / file).is_file()

    def sheets(self) -> list[IndicatorInfo]:
        """Return the indicators that are drawn over the years."""
        return [one for one in self.series.indicators if self.has(f"{sheet_name(one.id)}.png")]

    def indicators(self, group: str) -> list[tuple[int, IndicatorInfo]]:
        """Return the indicators of a kind of monitoring with their positions."""
        return [(at, one) for at, one in enumerate(self.series.indicators) if one.group == group]

    def name_of(self, district: str, language: str) -> str:
        """Return a district's name by its id."""
        return self.series.name_of(self.series.ids.index(district), language)

    def value(self, info: IndicatorInfo, value: float, texts: Texts) -> str:
        """Write a value of an indicator as it is read, with its unit; small counts of people as they may be shown."""
        if np.isnan(value):
            return texts.say("years.no_value")
        number, key = self.bare(info, value), f"watch.unit.{_key(info.unit)}"
        if texts.has(key):
            return texts.say(key, n=number)
        return f"{number}{info.unit}" if info.unit == "%" else f"{number} {info.unit}".strip()

    def bare(self, info: IndicatorInfo, value: float) -> str:
        """Write a value without its unit."""
        if info.unit in _PEOPLE and info.decimals == 0:
            sign = "−" if value < 0 else ""
            return sign + shown_group(abs(value), disclose=self.disclose)
        return f"{value:,.{info.decimals}f}".replace("-", "−")


def unit_of(unit: str, texts: Texts) -> str:
    """Return a unit as it stands in a heading."""
    key = f"years.unit.{_key(unit)}"
    return texts.say(key) if texts.has(key) else unit


def _key(unit: str) -> str:
    """Return a unit as part of the key of a text."""
    return re.sub(r"\W+", "_", unit).strip("_")


def is_monitored(folder: Path) -> bool:
    """Tell whether a folder is one of ``lifezone monitor``."""
    import json  # noqa: PLC0415

    try:
        return bool(json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("part") == "monitor")
    except (OSError, ValueError, AttributeError):
        return False


def monitor_material(folder: Path, *, disclose: bool = False) -> MonitorMaterial:
    """Read a folder of ``lifezone monitor``.

    Raises:
        InputError: it is none, or a file that numbers are read from is not as it was written.
    """
    manifest, series = open_monitored(folder)
    for name, known in manifest["files"].items():
        if name.endswith(_CHECKED) and not ((folder / name).is_file() and file_hash(folder / name) == known):
            raise InputError(f"{folder / name} is missing or not as lifezone monitor wrote it: run it again")
    return MonitorMaterial(folder, manifest, series, disclose)
