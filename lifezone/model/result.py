"""The answer of a run: every variant's world and assessment, and where each number came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lifezone.model.assessment import Assessment, Verdicts
from lifezone.model.kind import Kind
from lifezone.model.plan import Planned
from lifezone.model.world import World
from lifezone.model.zones import Zoning

__all__ = ["REPORT_FORMATS", "Plans", "Provenance", "ReportWish", "Result", "Variant"]

REPORT_FORMATS = ("html", "pdf", "xlsx", "hwpx", "maps")
"""What a report may be written as: a page that opens anywhere, paper, its tables as a workbook, the Korean office's
format; and all its maps as an archive."""


@dataclass(frozen=True)
class ReportWish:
    """The report that is wanted of a run.

    Attributes:
        languages: ``ko``, ``en``; one file of most formats for each.
        formats: of :data:`REPORT_FORMATS`.
        files: texts that the user gave for it, by their names in the result folder.
    """

    languages: tuple[str, ...] = ("ko", "en")
    formats: tuple[str, ...] = ("html",)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Variant:
    """One alternative: ``baseline`` or a named set of edits.

    Attributes:
        name: the variant's name, also its folder.
        world: the world it was judged on.
        assessment: its verdicts and deserts.
        edits: what was changed, in words, one line an edit; empty for the baseline.
        by_mode: per requirement its verdicts by car and on foot, where both are asked for side by side.
        planned: the plan that its siting question was answered with, or None.
        zoning: what its world is divided into, or None where that is not asked.
        title_ko: what people call it in Korean; empty = by its name.
        title_en: the same in English.
    """

    name: str
    world: World
    assessment: Assessment
    edits: tuple[str, ...] = ()
    by_mode: Mapping[str, tuple[Verdicts, Verdicts]] = field(default_factory=dict)
    planned: Planned | None = None
    zoning: Zoning | None = None
    title_ko: str = ""
    title_en: str = ""


@dataclass(frozen=True)
class Provenance:
    """What a run was made from.

    Attributes:
        scenario_yaml: the resolved scenario as YAML text.
        inputs: for each input file: its path as written, sha256, bytes, and what was read.
        options: settings with the value used and whether it was a default.
        versions: lifezone and the libraries that numbers depend on.
        seed: the scenario's seed.
        warnings: sentences with counts.
        parts: disconnected parts of the roads, one entry a variant and mode: what lies apart and how many people live
            there; plain data for the manifest.
        ferries: who depends on a ferry in the baseline, one entry a requirement; plain data for the manifest.
        run: times, host and timings; exempt from byte equality.
    """

    scenario_yaml: str = ""
    inputs: tuple[dict[str, Any], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    warnings: tuple[str, ...] = ()
    parts: tuple[dict[str, Any], ...] = ()
    ferries: tuple[dict[str, Any], ...] = ()
    run: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Plans:
    """The answers to a scenario's siting questions, without verdicts.

    Attributes:
        name: the scenario's title.
        plans: for each variant with a question: its name, its edits in words, its plan.
        provenance: where it came from.
        maps: whether PNG maps are wanted.
        layers: formats wanted, as of a run; ``gpkg`` and ``xlsx`` have a place here.
        kinds: the table of kinds, for the names that people read.
    """

    name: str
    plans: tuple[tuple[str, tuple[str, ...], Planned], ...]
    provenance: Provenance
    maps: bool = True
    layers: tuple[str, ...] = ("gpkg",)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Result:
    """A finished run.

    Attributes:
        name: the scenario's title.
        variants: baseline first.
        provenance: where it came from.
        maps: whether PNG maps are wanted.
        layers: layer formats wanted (``parquet``, ``gpkg``, ``geotiff``, ``geojson``, ``xlsx``).
        kinds: the table of kinds, for the names that people read; a kind that is not in it is shown by its key.
        report: the report that is wanted, or None.
    """

    name: str
    variants: tuple[Variant, ...]
    provenance: Provenance
    maps: bool = True
    layers: tuple[str, ...] = ("parquet", "gpkg")
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    report: ReportWish | None = None

    @property
    def baseline(self) -> Variant:
        """The world as it is."""
        return self.variants[0]
