"""Boundaries to match rows against: by code after its changes, else by name; a city may be its gu together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Districts
from lifezone.sources.crs import shapes_to_crs
from lifezone.sources.files import input_record
from lifezone.sources.korea.catalogue import Match, normal, recognise
from lifezone.sources.korea.codes import (
    UnitName,
    code_system,
    modern_code,
    mois_province,
    parse_unit,
    sgis_province,
    stem,
)
from lifezone.sources.korea.opening import open_published
from lifezone.sources.korea.provinces import Address, province_of
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.tables import Table
from lifezone.spec import Spec

__all__ = ["Boundaries", "Gazetteer", "unit_names"]

_CITY_END: Final = "시"


class Boundaries(Spec):
    """A file of boundaries that codes and names are matched against."""

    path: str = Field(description="Polygons with a code and a name: GeoPackage, shapefile, GeoJSON or GeoParquet.")
    layer: str | None = Field(None, description="Layer of a GeoPackage that holds several.")
    crs: str | None = Field(None, description="Coordinate system, where the file does not say it.")
    encoding: str | None = Field(None, description="Encoding of a shapefile's texts, where it is not found out.")

    def open(self, folder: Path) -> tuple[Table, Match]:
        """Read the file.

        Raises:
            InputError: It holds no polygons with a code.
        """
        opened = open_published(folder, self.path, layer=self.layer, encoding=self.encoding)
        matches = recognise(opened.table.columns, polygons=opened.table.geometry is not None, sort="districts")
        if not matches:
            told = f"{self.path} holds no boundaries: polygons and a column with district codes are needed"
            raise InputError(Fault(told, ("path",)))
        return opened.table, matches[0]

    def source_crs(self, table: Table) -> str:
        """Return the CRS of the polygons."""
        if self.crs is None and table.crs is None:
            raise InputError(Fault(f"{self.path} does not say its coordinate system: give crs", ("crs",)))
        return self.crs or str(table.crs)

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees."""
        from lifezone.sources.located import extent_of  # noqa: PLC0415

        return extent_of(self.open(folder)[0], None, None, self.crs)

    def gazetteer(self, reading: Reading) -> Gazetteer:
        """Read the boundaries into the study; the file is noted for the manifest."""
        table, match = self.open(reading.folder)
        shapes = shapes_to_crs(np.asarray(table.geometry, dtype=object), self.source_crs(table), reading.crs)
        record = input_record(self.path, table.file, what="boundaries", rows=table.n_rows, encoding=table.encoding)
        reading.inputs.append(record)
        codes, names = unit_names(table, match)
        return Gazetteer(codes, names, shapes)


def unit_names(table: Table, match: Match) -> tuple[list[str], list[UnitName]]:
    """Return the code (today's, of the interior ministry; empty in the other system) and the name of each polygon."""
    raw = table.text(match.roles["code"])
    system = code_system(normal(match.roles["code"]), raw)
    texts = table.text(match.roles["name"]) if "name" in match.roles else np.full(len(raw), "", dtype=object)
    sido = table.text(match.roles["sido"]) if "sido" in match.roles else None
    codes, names = [], []
    for at, code in enumerate(raw.tolist()):
        province = sgis_province(code) if system == "sgis" else mois_province(code)
        if sido is not None:
            province = province_of(str(sido[at])) or province
        codes.append("" if system == "sgis" else modern_code(code))
        names.append(parse_unit(str(texts[at]), province))
    if system == "sgis":
        _group_by_code(raw.tolist(), names)
    return codes, names


def _group_by_code(codes: list[str], names: list[UnitName]) -> None:
    """Keep the si-gun-gu code of Statistics Korea as the si-gun-gu of dong whose name does not tell it (in place)."""
    for at, (code, name) in enumerate(zip(codes, names, strict=True)):
        if name.emd and not name.sigungu and len(code) >= 7:
            names[at] = UnitName(name.province, f"#{code[:5]}", name.emd)


@dataclass(eq=False)
class Gazetteer:
    """D boundaries that codes, names and addresses are looked up in.

    Attributes:
        codes: D codes of today as stems, may be empty.
        names: D names.
        shapes: D polygons.
    """

    codes: list[str]
    names: list[UnitName]
    shapes: np.ndarray
    _by_code: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _unions: dict[tuple[int, ...], Any] = field(default_factory=dict)
    _by_name: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Index codes and names."""
        for at, (code, name) in enumerate(zip(self.codes, self.names, strict=True)):
            if code:
                self._by_code[code].append(at)
            for sigungu in _spellings(name.sigungu):
                self._by_name[(name.province, sigungu, name.emd)].append(at)

    @staticmethod
    def of_districts(districts: Districts | None) -> Gazetteer | None:
        """Return the study's own districts as boundaries, or None when they have no polygons."""
        if districts is None or districts.polygon is None:
            return None
        codes = [modern_code(code) for code in districts.ids]
        names = [
            parse_unit(name, mois_province(code)) for name, code in zip(districts.name, districts.ids, strict=True)
        ]
        return Gazetteer(codes, names, districts.polygon)

    @property
    def finest(self) -> str:
        """``emd``, ``sigungu`` or ``sido``: the level that most of the boundaries have."""
        widths = [len(code) for code in self.codes if code]
        if not widths:
            return "emd" if any(name.emd for name in self.names) else "sigungu"
        return "sido" if np.median(widths) <= 2 else "sigungu" if np.median(widths) <= 5 else "emd"

    def find(self, code: str, name: UnitName) -> list[int]:
        """Return the boundaries that a code or name means: one, several that make it up, or none."""
        own = stem(code) and modern_code(code)
        if own and own in self._by_code:
            return self._by_code[own]
        for sigungu in _spellings(name.sigungu):
            hits = self._by_name.get((name.province, sigungu, name.emd))
            if hits:
                return hits
        if name.sigungu.endswith(_CITY_END) and not name.emd:
            return self._parts(name.province, name.sigungu)
        return self._larger(own, name)

    def covers(self, code: str, name: UnitName) -> bool:
        """Tell whether the boundaries reach into the si-gun-gu (or province) that a code or name lies in."""
        own = modern_code(code) if code else ""
        if self.finest == "emd" and (len(own) > 2 or name.sigungu):
            spellings = _spellings(name.sigungu)
            return (bool(own) and any(key[:5] == own[:5] for key in self._by_code)) or any(
                (name.province, spelling) in self._areas for spelling in spellings if spelling
            )
        province = own[:2] or name.province
        return any(one.province == province for one in self.names)

    @cached_property
    def _by_emd(self) -> dict[tuple[str, str], list[int]]:
        """Boundaries by province and the name of the eup, myeon or dong."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, name in enumerate(self.names):
            if name.emd:
                found[(name.province, name.emd)].append(at)
        return dict(found)

    @cached_property
    def _by_stem(self) -> dict[tuple[str, str], list[int]]:
        """Boundaries by province and the name of the dong without its number."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (province, emd), members in self._by_emd.items():
            found[(province, _dong_stem(emd))] += members
        return dict(found)

    @cached_property
    def _areas(self) -> set[tuple[str, str]]:
        """The si-gun-gu that boundaries name, with their province."""
        return {(one.province, spelling) for one in self.names for spelling in _spellings(one.sigungu)}

    def match_sets(self, units: Iterable[tuple[str, UnitName]]) -> None:
        """Learn which si-gun-gu a code of Statistics Korea stands for: the one with most dong names in common.

        Args:
            units: (code, name) of rows whose names are whole.
        """
        groups: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name in self.names:
            if name.sigungu.startswith("#"):
                groups[(name.province, name.sigungu)].add(name.emd)
        wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for _, name in units:
            if name.emd:
                wanted[(name.province, name.sigungu)].add(name.emd)
        pairs = sorted(
            (-len(dongs & group) / len(dongs | group), sigungu, marked)
            for (province, sigungu), dongs in wanted.items()
            for (other, marked), group in groups.items()
            if province == other and dongs & group
        )
        taken: set[tuple[str, str]] = set()
        for _, sigungu, marked in pairs:
            if ("", marked) in taken or ("own", sigungu) in taken:
                continue
            taken |= {("", marked), ("own", sigungu)}
            for at, name in enumerate(self.names):
                if name.sigungu == marked:
                    for spelling in _spellings(sigungu):
                        self._by_name[(name.province, spelling, name.emd)].append(at)

    def find_address(self, address: Address) -> tuple[list[int], str]:
        """Return the boundaries of an address and their level: ``emd``, ``dong`` (of one stem) or ``sigungu``."""
        for emd, level in ((address.emd, "emd"), (_dong_stem(address.emd), "dong")):
            hits = self._in_address(address, emd, whole=level == "emd") if emd else []
            if hits:
                return hits, level
        hits = self._parts(address.province, address.sigungu) if address.sigungu else []
        return hits, "sigungu" if hits else ""

    def shape_of(self, hits: list[int]) -> Any:
        """Return the polygon of boundaries taken together."""
        if len(hits) == 1:
            return self.shapes[hits[0]]
        key = tuple(hits)
        if key not in self._unions:
            self._unions[key] = shapely.union_all(self.shapes[hits])
        return self._unions[key]

    def middle_of(self, name: UnitName) -> list[int]:
        """Return the boundaries of a unit's si-gun-gu: of its dong where the unit is one, else all of them."""
        parts = self._parts(name.province, name.sigungu) if name.sigungu else []
        town = [at for at in parts if not self.names[at].emd.endswith(("읍", "면"))]
        return parts if name.emd.endswith(("읍", "면")) else town or parts

    def _in_address(self, address: Address, emd: str, *, whole: bool) -> list[int]:
        """Return boundaries of an eup, myeon or dong by its name, or by the stem of its name."""
        spellings = _spellings(address.sigungu)
        near = (self._by_emd if whole else self._by_stem).get((address.province, emd), ())
        return [at for at in near if spellings & _spellings(self.names[at].sigungu)]

    def _parts(self, province: str, sigungu: str) -> list[int]:
        """Return the boundaries that make up a si-gun-gu or a city with gu."""
        spellings = _spellings(sigungu)
        return [
            at for at, name in enumerate(self.names)
            if name.province == province
            and (spellings & _spellings(name.sigungu) or name.sigungu.startswith(sigungu))
        ]  # fmt: skip

    def _larger(self, code: str, name: UnitName) -> list[int]:
        """Return all boundaries inside a si-gun-gu or province that has no boundary of its own."""
        if len(code) in (2, 5) and not name.emd:
            return [at for at, own in enumerate(self.codes) if own.startswith(code)]
        return []


@cache
def _spellings(sigungu: str) -> frozenset[str]:
    """Return the ways to write a si-gun-gu: ``전주시완산구``, ``전주완산구``, ``완산구``, ``서울시성북구``."""
    found = {sigungu}
    city, mark, gu = sigungu.partition(_CITY_END)
    if mark and gu:
        found |= {f"{city}{gu}", gu}
    elif len(sigungu) >= 4 and sigungu.endswith("구"):
        found |= {f"{sigungu[:2]}{_CITY_END}{sigungu[2:]}"}
    return frozenset(found)


def _dong_stem(emd: str) -> str:
    """Return a dong's name without number: ``효자동1가``, ``효자4동`` → ``효자``."""
    return emd.partition("동")[0].rstrip("0123456789·.제") if "동" in emd[1:] else ""
