"""The result of a run as figures of an edition: who is judged and covered, by district and requirement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.monitor.counts import ALL_MET, Column, RunResult
from lifezone.monitor.dates import day_of
from lifezone.monitor.district_codes import Codes
from lifezone.monitor.rebase import rebased
from lifezone.monitor.tables import put_to_districts
from lifezone.sources.files import did_you_mean, input_record
from lifezone.sources.flows.table import Year
from lifezone.sources.tables import Table, read_table
from lifezone.spec import Spec

__all__ = ["ResultsFolder"]

_WHOLE_AREA: Final = "all"
_NEEDED: Final = ("manifest.json", "summary.csv")
_COLUMNS: Final = ("variant", "district", "requirement", "group", "judged", "covered")


class ResultsFolder(Spec):
    """The folder that ``lifezone run`` wrote for an edition."""

    path: str = Field(description="The result folder.")
    variant: str = Field("baseline", description="Which variant of it.")
    codes: Year | None = Field(
        None, description="Year or day of its district codes, where they are not those of the edition."
    )

    def load(self, folder: Path, codes: Codes, date: str, inputs: list[dict[str, Any]]) -> RunResult:
        """Read who is judged and covered.

        Raises:
            InputError: it is no result folder, has no such variant, or its districts are not known to the study.
        """
        place = folder / self.path
        manifest = _manifest(place, self.path)
        variant = next((one for one in manifest["variants"] if one.get("name") == self.variant), None)
        if variant is None:
            known = [str(one.get("name")) for one in manifest["variants"]]
            hint = did_you_mean(self.variant, known) or f"; there are {', '.join(known)}"
            raise InputError(Fault(f"{self.path} has no variant {self.variant!r}{hint}", ("variant",)))
        table = self._summary(folder)
        standard = variant.get("standard") or manifest.get("standard") or {}
        rules = {str(rule["id"]): rule for rule in standard.get("requirements", [])}
        groups = {key: str(counts.get("group", "total")) for key, counts in variant.get("requirements", {}).items()}
        day = (day_of(self.codes) if self.codes else None) or date
        coverage, bounds, notes = self._coverage(table, codes, day, groups)
        met, more = self._all_met(place, folder, variant, codes, day, groups)
        if met is not None:
            coverage[ALL_MET] = met
        inputs += [input_record(f"{self.path}/{name}", place / name, what="result of a run") for name in _NEEDED]
        modelled = "; ".join(str(one) for one in (manifest.get("modelled") or {}).values() if one)
        estimated = set(manifest.get("estimated_groups") or ())
        names = {key: (str(rule.get("name_ko") or key), str(rule.get("name_en") or key)) for key, rule in rules.items()}
        left_out = tuple(key for key, group in groups.items() if group in estimated)
        told = {
            key: f"{rule.get('kind')} {rule.get('mode')} {rule.get('bound')} {rule.get('bound_unit')} {groups[key]}"
            for key, rule in rules.items() if key in groups
        }  # fmt: skip
        return RunResult(coverage, names, modelled, left_out, (*notes, *more), told, bounds)

    def _summary(self, folder: Path) -> Table:
        """Return the rows of summary.csv that tell of this variant's districts."""
        shown = f"{self.path}/summary.csv"
        table = read_table(folder, shown)
        faults = [fault for column in _COLUMNS for fault in table.missing(column, ("path",))]
        if faults:
            raise InputError(faults)
        rows = (table.text("variant") == self.variant) & (table.text("district") != _WHOLE_AREA)
        if not rows.any():
            raise InputError(Fault(f"{shown} has no district: the run needs area.districts", ("path",)))
        return table.take(rows)

    def _coverage(
        self, table: Table, codes: Codes, day: str, groups: dict[str, str]
    ) -> tuple[dict[str, tuple[Column, Column]], dict[str, tuple[Column, Column]], tuple[str, ...]]:
        """Return judged and covered people of each requirement's own group, and the range of the covered ones."""
        requirement, group = table.text("requirement"), table.text("group")
        numbers = {}
        for column in ("judged", "covered"):
            numbers[column], _ = table.numbers(column, ("path",))
        for column, share in (("low", "coverage_low"), ("high", "coverage_high")):
            if share in table.columns:
                numbers[column] = table.numbers(share, ("path",))[0] * numbers["judged"]
                numbers[column] = np.where(numbers["judged"] == 0, 0.0, numbers[column])
        coverage: dict[str, tuple[Column, Column]] = {}
        bounds: dict[str, tuple[Column, Column]] = {}
        told: tuple[str, ...] = ()
        for key, own in groups.items():
            rows = np.flatnonzero((requirement == key) & (group == own))
            if not len(rows):
                continue
            part = table.take(rows)
            matched, faults, told = put_to_districts(
                part, part.text("district"), codes, day, unknown="leave_out", add_up=False
            )
            if faults or matched.unknown.all():
                raise InputError(
                    faults or [Fault(f"{self.path}: none of its districts is one of the study", ("path",))]
                )
            judged, covered = (rebased(numbers[column][rows], matched) for column in ("judged", "covered"))
            coverage[key] = (judged, covered)
            if "low" in numbers and "high" in numbers:
                bounds[key] = (rebased(numbers["low"][rows], matched), rebased(numbers["high"][rows], matched))
        return coverage, bounds, told

    def _all_met(
        self, place: Path, folder: Path, variant: dict[str, Any], codes: Codes, day: str, groups: dict[str, str]
    ) -> tuple[tuple[Column, Column] | None, tuple[str, ...]]:
        """Return judged people and those of whom every requirement is met, from the cells of the run."""
        file = place / str(variant.get("folder", self.variant)) / "cells.parquet"
        if not file.is_file():
            return None, (f"{self.path}: no cells.parquet: who has all requirements met is not told",)
        shown = f"{self.path}/{file.relative_to(place).as_posix()}"
        table = read_table(folder, shown)
        asked = [f"{key}_met" for key in groups if f"{key}_met" in table.columns]
        if "people_total" not in table.columns or "deficits" not in table.columns or not asked:
            return None, ()
        people, _ = table.numbers("people_total", ("path",))
        deficits, _ = table.numbers("deficits", ("path",))
        judged = np.zeros(table.n_rows, np.bool_)
        for column in asked:
            judged |= table.text(column) != ""
        cells = table.text("district")
        known = cells != ""
        ids, back = np.unique(cells[known].astype(str), return_inverse=True)
        counts = [
            np.bincount(back, np.where(who[known], people[known], 0.0), minlength=len(ids)).astype(np.float64)
            for who in (judged, judged & (deficits == 0))
        ]  # fmt: skip
        matched = codes.match(ids.astype(object), day)
        return (rebased(counts[0], matched), rebased(counts[1], matched)), ()


def _manifest(place: Path, shown: str) -> dict[str, Any]:
    """Return the manifest of a result folder."""
    if not place.is_dir():
        near = sorted(one.name for one in place.parent.iterdir()) if place.parent.is_dir() else []
        raise InputError(Fault(f"there is no folder {shown}{did_you_mean(place.name, near)}: give the folder that "
                               "lifezone run wrote", ("path",)))  # fmt: skip
    lacking = [name for name in _NEEDED if not (place / name).is_file()]
    if lacking:
        raise InputError(
            Fault(f"{shown} is no result of lifezone run: it has no {' and no '.join(lacking)}", ("path",))
        )
    try:
        manifest: dict[str, Any] = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        variants = manifest["variants"]
        if manifest["program"] != "lifezone" or not isinstance(variants, list):
            raise ValueError("not ours")
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(Fault(f"{shown}/manifest.json is not that of a lifezone run", ("path",))) from None
    return manifest
