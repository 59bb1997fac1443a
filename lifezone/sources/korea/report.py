"""What a published file is, what of it is used, and what is wrong with it: the same for ``inspect`` and the manifest.

Every row is accounted for: ``rows = used + what is left out``, each with one reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["REASONS", "FileReport", "Finding", "leave_out"]

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "odd_row": ("열 수가 머리글과 다름", "another number of fields than the header"),
    "no_coordinates": ("좌표 없음", "no coordinates"),
    "not_in_korea": ("좌표가 대한민국 밖", "coordinates outside Korea"),
    "swapped": ("경도와 위도가 뒤바뀜", "longitude and latitude exchanged"),
    "bad_coordinates": ("좌표를 숫자로 읽을 수 없음", "coordinates that are not numbers"),
    "other_kind": ("평가 대상이 아닌 종류", "of a kind that no standard asks for"),
    "not_asked": ("요청하지 않은 종류", "of a kind that was not asked for"),
    "no_kind": ("종류를 알 수 없음", "no kind that is known"),
    "duplicate": ("중복 등록", "the same facility again"),
    "closed": ("폐업·휴업 등 운영하지 않음", "closed, left out as asked"),
    "other_department": ("해당 진료과목 없음", "without the department asked for"),
    "outside_area": ("연구 지역 밖", "outside the area and its surroundings"),
    "other_level": ("다른 행정 단위의 행", "rows of another level, which count the same people"),
    "branch_office": ("출장소(모 읍·면에 합산)", "branch offices, added to their eup or myeon"),
    "added_up": ("같은 곳의 행(합산)", "further rows of the same place, added to the first"),
    "unusable": ("쓸 수 있는 값이 없음", "nothing that can be used"),
    "no_code": ("행정 코드나 이름을 읽을 수 없음", "no code or name that can be read"),
    "no_place": ("위치(경계)를 찾지 못함", "no boundary fits the code or name"),
    "not_a_number": ("값이 숫자가 아님", "a value that is not a number"),
    "not_published": ("값 미공표(0명이 아님)", "no value published, which is not nobody"),
    "other_item": ("다른 통계항목의 행", "rows of items that were not asked for"),
    "bad_cell": ("격자 코드가 아님", "not a code of a grid cell"),
    "same_cell": ("같은 격자가 여러 번", "a cell that the file has already"),
    "summed": ("인원 수로 반영됨", "counted in its cell or district"),
    "other_year": ("다른 연도의 행", "rows of another year"),
    "inside": ("같은 지역 안의 이동", "flows that stay in one district"),
    "not_in_study": ("요청하지 않은 행정구역", "districts that were not asked for"),
    "no_districts": ("연구 지역의 행정구역이 아님", "districts that are not of the study"),
}
"""Why a row is not used, in Korean and English."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or odd: in both languages, how many rows, and where."""

    key: str
    ko: str
    en: str
    count: int = 0
    where: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the manifest."""
        return {"what": self.key, "count": self.count, "en": self.en, "ko": self.ko, "where": self.where}


@dataclass
class FileReport:
    """What is known of one file; filled while it is read.

    Attributes:
        path: as the user wrote it.
        form: key of the form; ``table`` for one that is not known.
        ko: Korean name of the form.
        en: English name.
        sort: what it is for.
        rows: rows of data in the file.
        encoding: of its texts.
        used: rows that are used.
        left_out: reason → rows; keys are those of :data:`REASONS`.
        findings: what is wrong or odd.
        dates: first and last date of the data, as far as it is told.
        crs: coordinate system that the coordinates are read in.
        columns: role → column that is used.
        kinds: kind → facilities used.
        facts: further numbers to tell: text → value.
        has_header: whether the first line names the columns.
    """

    path: str
    form: str = "table"
    ko: str = "표"
    en: str = "a table"
    sort: str = "other"
    rows: int = 0
    encoding: str = "utf-8"
    used: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    dates: tuple[str, str] | None = None
    crs: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    has_header: bool = True

    @property
    def accounted(self) -> bool:
        """True when every row is used or left out for one reason."""
        return self.rows == self.used + sum(self.left_out.values())

    def find(self, key: str, ko: str, en: str, *, count: int = 0, where: str = "") -> None:
        """Note something that is wrong or odd."""
        self.findings.append(Finding(key, ko, en, count, where))

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for the manifest; same input, same data."""
        return {
            "form": self.form, "ko": self.ko, "en": self.en, "rows": self.rows, "used": self.used,
            "left_out": {key: count for key, count in self.left_out.items() if count},
            "why": {key: REASONS[key][1] for key, count in self.left_out.items() if count},
            "findings": [finding.as_dict() for finding in self.findings],
            "dates": None if self.dates is None else list(self.dates),
            "crs": self.crs, "encoding": self.encoding, "columns": self.columns, "kinds": self.kinds,
            "facts": self.facts,
        }  # fmt: skip

    def notes(self) -> tuple[str, ...]:
        """Return what to tell in the run's notes, one sentence each."""
        left = [f"{count:,} {REASONS[key][1]}" for key, count in self.left_out.items() if count]
        told = [f"{self.path}: {self.en}; {self.used:,} of {self.rows:,} rows used"
                + (f"; left out: {', '.join(left)}" if left else "")]  # fmt: skip
        told += [
            f"{self.path}: {finding.en}" + (f" ({finding.where})" if finding.where else "") for finding in self.findings
        ]
        return tuple(told)


def leave_out(report: FileReport, key: str, count: int) -> None:
    """Count rows that are left out for a reason."""
    if key not in REASONS:
        raise KeyError(key)
    if count:
        report.left_out[key] = report.left_out.get(key, 0) + count
