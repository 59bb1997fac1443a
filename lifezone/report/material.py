"""What a report is made from: a folder of results as it lies there, read when asked and once.

Nothing is computed again: verdicts, coverage, deserts, plans and zones are those that the run wrote. A part that the
run was not asked for is an empty frame or None, and :attr:`Material.absent` says why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Kind, Requirement, Standard, Variant
from lifezone.report.contract import ALWAYS, read_table
from lifezone.report.labels import Language, district_label, group_label, study_label, variant_label
from lifezone.report.saved import Saved, open_saved, standard_of
from lifezone.report.swap import MANIFEST, file_hash
from lifezone.standards.kinds import KindSpec, kinds_spec, load_kinds

__all__ = ["ALL", "BASELINE", "Material", "material_of"]

ALL: Final = "all"
"""The district that stands for the whole study area, in every table."""
BASELINE: Final = "baseline"
_CHECKED: Final = (".csv", ".parquet", ".json", ".yaml")
"""Files that a report reads numbers from: they must be as the run wrote them. (A GIS changes a GeoPackage by opening
it, and a map may be drawn anew.)"""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Material:
    """A folder of results for those who write sections.

    Attributes:
        folder: the folder.
        saved: the same folder, for whoever wants variants as types of the model.
        disclose: small counts are shown as they are.
    """

    folder: Path
    saved: Saved
    disclose: bool = False
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    _variants: dict[str, Variant] = field(default_factory=dict, repr=False, compare=False)
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def manifest(self) -> dict[str, Any]:
        """What ``manifest.json`` says."""
        return self.saved.manifest

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants; the first is the baseline."""
        return self.saved.variants

    @property
    def baseline(self) -> str:
        """Name of the first variant, which the others are compared with."""
        return self.variants[0]

    @property
    def others(self) -> tuple[str, ...]:
        """Names of the variants that are compared with the baseline."""
        return self.variants[1:]

    def entry(self, variant: str) -> dict[str, Any]:
        """Return what the manifest says of a variant: edits, counts, deserts, warnings, maps."""
        found: dict[str, Any] = next(one for one in self.manifest["variants"] if one["name"] == variant)
        return found

    def variant(self, name: str) -> Variant:
        """Return a variant as type of the model, read from its GeoParquet files once.

        Raises:
            InputError: the files are not there or damaged.
        """
        if name not in self._variants:
            try:
                self._variants[name] = self.saved.variant(name)
            except InputError:
                raise
            except (OSError, KeyError, ValueError, IndexError, TypeError) as error:
                what = f"{self.folder / self.entry(name)['folder']}: cannot be read ({type(error).__name__}: {error})"
                raise InputError(f"{what}; it is damaged or of another version: run the scenario again") from error
        return self._variants[name]

    def table(self, name: str, variant: str | None = None) -> pd.DataFrame:
        """Return a table as a frame of its own: ids are text, formula quotes are off, an unwritten one has no rows.

        Args:
            name: ``summary`` for ``summary.csv``, ``zones/merges`` for one below a folder.
            variant: whose table (``plan``, ``who``, ``front``, ``projects`` …), or None for one of the whole run.
        """
        path = self.path_of(f"{name}.csv", variant)
        key = f"{path}"
        if key not in self._tables:
            self._tables[key] = read_table(path, name)
        return self._tables[key].copy()

    def remembered(self, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        """Return what ``make`` gives, made once for a key: for what several sections need and nobody changes."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def path_of(self, file: str, variant: str | None = None) -> Path:
        """Return the path of a file, which may not be there; a variant's where one is named."""
        own = self.folder if variant is None else self.folder / self.entry(variant)["folder"]
        return own / file

    def has(self, file: str, variant: str | None = None) -> bool:
        """Tell whether the run left a file: ``zones.csv``, a variant's ``plan.json``, ``baseline/maps/deserts.png``."""
        return self.path_of(file, variant).is_file()

    def plan(self, variant: str) -> dict[str, Any] | None:
        """Return ``plan.json`` of a variant, or None where it answers no siting question."""
        path = self.path_of("plan.json", variant)
        if not path.is_file():
            return None
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read ({error}): run the scenario again") from error
        return found

    @cached_property
    def plans(self) -> dict[str, dict[str, Any]]:
        """Plans by variant, in the order of variants."""
        found = {name: self.plan(name) for name in self.variants}
        return {name: plan for name, plan in found.items() if plan is not None}

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The scenario as it was resolved: every option with its value."""
        from ruamel.yaml import YAML  # noqa: PLC0415
        from ruamel.yaml.error import YAMLError  # noqa: PLC0415

        path = self.folder / "scenario.resolved.yaml"
        try:
            found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, YAMLError) as error:
            raise InputError(f"{path}: cannot be read ({error}): run the scenario again") from error
        return found if isinstance(found, dict) else {}

    @cached_property
    def standard(self) -> Standard:
        """The standard that the run judges by; a variant's own is that of :meth:`variant`."""
        return standard_of(self.manifest["standard"])

    @cached_property
    def rules(self) -> dict[str, Requirement]:
        """Requirements of all variants by id; the baseline's where an id occurs in several standards."""
        found = {rule.id: rule for rule in self.standard.requirements}
        for one in self.manifest["variants"]:
            if "standard" in one:
                for rule in standard_of(one["standard"]).requirements:
                    found.setdefault(rule.id, rule)
        return found

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The table of kinds of facilities, widened by the scenario's own."""
        block = self.scenario.get("kinds") or {}
        specs = {key: KindSpec.model_validate(value or {}) for key, value in block.items()}
        return kinds_spec(specs) if specs else load_kinds()

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Groups of people that the run knows, everybody first."""
        return tuple(self.manifest["people"]["in_area_by_group"])

    @cached_property
    def modelled(self) -> tuple[str, ...]:
        """What of the data is modelled or invented: ``people``, ``roads``, ``ages``, ``flows``, ``invented``."""
        told = self.manifest["modelled"]
        found = [key for key, own in (("people", "demand"), ("roads", "network")) if told.get(own)]
        if self.manifest.get("estimated_groups"):
            found.append("ages")
        if any("modelled" in (one := self.table(name)) and (one["modelled"] == True).any()  # noqa: E712
               for name in ("containment", "ties")):  # fmt: skip
            found.append("flows")
        network = (self.scenario.get("area") or {}).get("network") or {}
        demand = self.scenario.get("demand") or {}
        if network.get("type") == "synthetic" and demand.get("type") == "synthetic":
            found.append("invented")
        elif network.get("type") == "synthetic" and "roads" not in found:
            found.append("roads")
        return tuple(found)

    def effective_group(self, requirement: str, variant: str | None = None) -> str:
        """Return the group that a requirement was judged for: its own, or everybody where people have no such group."""
        counts = self.entry(variant or self.baseline)["requirements"].get(requirement)
        if counts is not None:
            return str(counts["group"])
        rule = self.rules.get(requirement)
        return rule.group if rule is not None and rule.group in self.groups else TOTAL

    def headline(self, name: str = "summary", variant: str | None = None) -> pd.DataFrame:
        """Return the rows of the whole area for every requirement's own group, by requirement in the standard's order.

        Args:
            name: ``summary``, ``changes``, ``winners_losers``, ``conventions`` or ``without_car``.
            variant: one of them, or None for all.
        """
        return self.remembered(("headline", name, variant), lambda: self._headline(name, variant)).copy()

    def _headline(self, name: str, variant: str | None) -> pd.DataFrame:
        rows = self.table(name)
        rows = rows[rows["district"] == ALL]
        if variant is not None:
            rows = rows[rows["variant"] == variant]
        own = [self.effective_group(key, at) for key, at in zip(rows["requirement"], rows["variant"], strict=True)]
        return rows[rows["group"] == pd.Series(own, index=rows.index, dtype=object)].reset_index(drop=True)

    def requirement_name(self, requirement: str, language: Language) -> str:
        """Return a requirement's name: its own, else its kinds', else its id; with its bound where two share a name."""
        name = self.short_name(requirement, language)
        alike = [one for one in self.rules if one != requirement and self.short_name(one, language) == name]
        if not alike or requirement not in self.rules:
            return name
        from lifezone.report.plan_words import rule_words  # noqa: PLC0415  (loads what plans need)

        told = {one: rule_words(self.rules[one])[int(language == "en")] for one in (requirement, *alike)}
        same = [one for one in alike if told[one] == told[requirement]]
        group = self.group_name(self.rules[requirement].group, language)
        return f"{name} ({told[requirement]}, {group})" if same else f"{name} ({told[requirement]})"

    def short_name(self, requirement: str, language: Language) -> str:
        """Return a requirement's name for where its bound stands beside it."""
        from lifezone.report.maps.words import requirement_names  # noqa: PLC0415  (maps load matplotlib)

        rule = self.rules.get(requirement)
        return requirement if rule is None else requirement_names(rule, self.kinds)[int(language == "en")]

    def bound_name(self, requirement: str, language: Language) -> str:
        """Return a requirement's bound with its unit: ``15분``, ``2 km``."""
        from lifezone.report.maps.words import bound_words  # noqa: PLC0415

        return bound_words(self.rules[requirement])[int(language == "en")]

    def kind_name(self, kind: str, language: Language) -> str:
        """Return a kind's name, its key where the table does not know it."""
        from lifezone.report.maps.words import kind_words  # noqa: PLC0415

        return kind_words(kind, self.kinds)[int(language == "en")]

    def group_name(self, group: str, language: Language) -> str:
        """Return a group as people say it."""
        return group_label(group, language)

    def variant_name(self, variant: str, language: Language) -> str:
        """Return what a variant is called: its title in the language, else its name."""
        title = self.entry(variant).get("title", {}).get(language) if variant in self.variants else None
        return title or variant_label(variant, language)

    def district_name(self, district: str, language: Language) -> str:
        """Return a district's name; the whole area is what the study's districts are together."""
        if district == ALL:
            return ("전체", "whole area")[int(language == "en")]
        found = self._districts.get(district)
        return district if found is None else district_label(found, language)

    def title(self, language: Language) -> str:
        """Return what the study is called; of a name in both languages the half that fits."""
        return study_label(self.manifest["scenario"]["name"], language)

    def desert_name(self, variant: str, desert: int, language: Language) -> str:
        """Return a desert's name as it may be shown: empty where it is scattered or has too few people."""
        from lifezone.standards.disclosure import shown_desert  # noqa: PLC0415

        found = self.variant(variant)
        at = found.world.demand.groups.index(TOTAL)
        for one in found.assessment.deserts:
            if one.label == desert:
                return shown_desert(one, one.people[at], language, disclose=self.disclose)
        return ""

    @property
    def districts(self) -> tuple[str, ...]:
        """Ids of the districts in the order of the study."""
        return tuple(self._districts)

    @cached_property
    def _districts(self) -> Mapping[str, Mapping[str, Any]]:
        return {str(one["id"]): one for one in self.manifest["districts"]}

    @cached_property
    def absent(self) -> dict[str, str]:
        """Parts that the run does not have, and why: ``not_asked``, or ``no_data`` where something is missing for it.

        The keys: ``variants``, ``deserts``, ``zones``, ``flows``, ``urban_areas``, ``ties``, ``alliances``,
        ``city_classes``, ``compact_city``, ``siting``, ``portfolio``, ``front``, ``without_car``, ``designations``,
        ``items``, ``conventions``, ``capacity``, ``costs``, ``maps``.
        """
        summary = self.table("summary")
        plans = list(self.plans.values())
        known = {
            "variants": len(self.variants) > 1,
            "deserts": self.manifest["standard"].get("desert") is not None,
            "zones": self.has("zones.csv"),
            "flows": self.has("containment.csv"),
            "urban_areas": self.has("urban_areas.csv"),
            "ties": self.has("ties.csv"),
            "alliances": self.has("alliances.csv"),
            "city_classes": self.has("city_classes.csv"),
            "compact_city": self.has("compact_city.csv"),
            "siting": bool(plans),
            "portfolio": any("portfolio" in plan or "projects" in plan for plan in plans),
            "front": any(plan.get("front") for plan in plans),
            "without_car": self.has("without_car.csv"),
            "designations": self.has("designations.csv"),
            "items": bool(len(self.table("items")) and self.table("items")["share"].notna().any()),
            "conventions": bool(len(self.table("conventions"))),
            "capacity": bool(summary["served"].notna().any()),
            "maps": any((one["maps"] or {}).get("drawn") for one in self.manifest["variants"]),
        }
        data = {"items", "capacity"}
        return {key: "no_data" if key in data else "not_asked" for key, there in known.items() if not there}


def material_of(folder: str | Path, disclose: bool = False) -> Material:
    """Open a folder of results to make a report from.

    Args:
        folder: what ``lifezone run`` wrote, with the layers parquet and gpkg.
        disclose: lift the disclosure rule.

    Raises:
        InputError: it is none of ours, of another version, lacks files, or a file is not as the run wrote it; every
            fault at once.
    """
    folder = Path(folder)
    saved = open_saved(folder)
    faults = list(_faults(saved))
    if faults:
        raise InputError(faults)
    return Material(folder, saved, disclose)


def _faults(saved: Saved) -> list[Fault]:
    """Tell everything that keeps a folder from being reported on."""
    manifest, out = saved.manifest, saved.out
    needed = ("scenario", "standard", "people", "modelled", "districts", "options", "inputs", "warnings", "files")
    lacking = [key for key in needed if key not in manifest]
    if lacking:
        return [Fault(f"{out / MANIFEST} has no {lacking[0]!r}: it is of another version of lifezone; run it again")]
    tables = [f"{name}.csv" for name in ALWAYS] + ["scenario.resolved.yaml"]
    layers = [f"{one['folder']}/{file}.parquet" for one in manifest["variants"] for file in ("cells", "facilities")]
    faults = []
    for name in [*tables, *layers, "result.gpkg"]:
        if not (out / name).is_file():
            hint = "run it again with output.layers: [parquet, gpkg]" if name not in tables else "run it again"
            faults.append(Fault(f"{out / name} is missing: {hint}"))
    told = manifest["files"] | (manifest.get("run") or {}).get("files", {})
    for name, sha in told.items():
        path = out / name
        if name.endswith(_CHECKED) and path.is_file() and file_hash(path) != sha:
            faults.append(Fault(f"{path} is not as the run wrote it: a report would tell other numbers; run it again"))
    return faults
