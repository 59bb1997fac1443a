"""Districts from a Korean boundary file as published: which columns hold code and name is found by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Districts
from lifezone.sources.districts import districts_of
from lifezone.sources.files import input_record
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.codes import UnitName, modern_code, stem
from lifezone.sources.korea.gazetteer import Boundaries, unit_names
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import open_published
from lifezone.sources.korea.provinces import province_of
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.located import extent_of
from lifezone.sources.reading import Extent
from lifezone.sources.tables import Table
from lifezone.spec import Spec

__all__ = ["KoreaDistricts"]


class KoreaDistricts(Spec):
    """Districts from a Korean boundary file as published, of either system of codes."""

    type: Literal["korea"] = Field(description="Read from a Korean boundary file as published; see lifezone inspect.")
    path: str = Field(description="Polygons with a code and a name: shapefile, GeoPackage or GeoJSON.")
    within: list[str] = Field(
        default_factory=list,
        description="Only districts inside these: names or codes of provinces or si-gun-gu, old or new, e.g. 전북, "
        "무주군, '45130'.",
    )
    layer: str | None = Field(None, description="Layer of a GeoPackage that holds several.")
    crs: str | None = Field(None, description="Coordinate system, where the file does not say it.")
    encoding: str | None = Field(None, description="Encoding of a shapefile's texts, where it is not found out.")

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of the districts that are meant."""
        return extent_of(self.read(folder)[0], None, None, self.crs)

    def load(self, folder: Path, crs: str, inputs: list[dict[str, Any]]) -> Districts:
        """Read the districts in file order.

        Args:
            folder: Where relative paths start.
            crs: Metric CRS of the study.
            inputs: The file is noted here.

        Raises:
            InputError: The file holds no boundaries, or none lies within what is asked for.
        """
        table, match, report = self.read(folder)
        columns = {"id": match.roles["code"], "name": match.roles.get("name"), "name_en": match.roles.get("name_en")}
        found = districts_of(table, columns, self.crs, crs)
        inputs.append(
            input_record(self.path, table.file, rows=report.rows, used=report.used, refused=report.rows - report.used,
                         encoding=table.encoding, report=report.as_dict())
        )  # fmt: skip
        return found

    def read(self, folder: Path) -> tuple[Table, Match, FileReport]:
        """Read the file and keep what is asked for."""
        table, match = Boundaries(path=self.path, layer=self.layer, crs=self.crs, encoding=self.encoding).open(folder)
        report = report_of(
            self.path, open_published(folder, self.path, layer=self.layer, encoding=self.encoding), match
        )
        codes, names = unit_names(table, match)
        keep = np.ones(table.n_rows, np.bool_)
        if self.within:
            asked = [_inside(word, table.text(match.roles["code"]), codes, names) for word in self.within]
            nobody = [word for word, rows in zip(self.within, asked, strict=True) if not rows.any()]
            if nobody:
                raise InputError(Fault(f"{self.path} has no district within {some_of(nobody)}", ("within",)))
            keep = np.logical_or.reduce(asked)
        report.used = int(keep.sum())
        leave_out(report, "not_in_study", int((~keep).sum()))
        report.crs = self.crs or str(table.crs or "")
        return table.take(keep), match, report


def _inside(word: str, raw: np.ndarray, codes: list[str], names: list[UnitName]) -> Bools:
    """Mark the districts inside a province or si-gun-gu named by a word or a code."""
    if word.isdigit():
        now, old = modern_code(word), stem(word)
        found = [
            code.startswith(now) or (not code and cell.startswith(old)) for code, cell in zip(codes, raw, strict=True)
        ]
        return np.array(found, np.bool_)
    province = province_of(word)
    if province:
        return np.array([name.province == province for name in names], np.bool_)
    plain = "".join(word.split())
    return np.array([plain in (name.sigungu, name.emd) or name.sigungu.startswith(plain) for name in names], np.bool_)
