"""Overture-style places: categories to kinds, confidence, closed ones, row groups elsewhere, hostile files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from lifezone.errors import InputError
from lifezone.model import Facilities
from lifezone.sources.overture import OverturePlaces, overture_categories
from lifezone.sources.reading import Reading
from lifezone.standards import load_kinds


def place(key: str, category: str, *, at: tuple[float, float] = (127.0, 36.0), **more: Any) -> dict[str, Any]:
    lon, lat = at
    return {
        "id": key, "geometry": shapely.to_wkb(shapely.Point(at)),
        "bbox": {"xmin": lon, "xmax": lon, "ymin": lat, "ymax": lat}, "names": {"primary": f"이름 {key}"},
        "categories": {"primary": category, "alternate": more.get("other", [])},
        "confidence": more.get("confidence", 0.9), "operating_status": more.get("status", "open"),
    }  # fmt: skip


def load(folder: Path, rows: list[dict[str, Any]], clip: Any = None, size: int = 1000, **keys: Any) -> Facilities:
    parquet.write_table(pa.Table.from_pylist(rows), folder / "p.parquet", row_group_size=size)
    spec = OverturePlaces.model_validate({"path": "p.parquet", **keys})
    return spec.load(Reading(folder=folder, crs="EPSG:5179", kinds=load_kinds(), clip=clip))


def test_overture__categories_become_kinds_and_the_rest_is_counted(tmp_path: Path) -> None:
    rows = [
        place("b", "pharmacy"), place("a", "drugstore"), place("c", "hospital"), place("d", "bakery"),
        place("e", "pharmacy", confidence=0.2), place("f", "pharmacy", confidence=None),
        place("g", "pharmacy", status="permanently_closed"), place("h", "bakery", other=["pharmacy"]),
        place("i", "pharmacy", at=(128.0, 36.0)), place("b", "pharmacy"),
    ]  # fmt: skip
    clip = shapely.box(126.9, 35.9, 127.1, 36.1)
    found = load(tmp_path, rows, clip, kinds=["hospital", "pharmacy"])
    assert found.ids.tolist() == ["c", "a", "b", "f"]
    assert [found.kinds[k] for k in found.kind] == ["hospital", "pharmacy", "pharmacy", "pharmacy"]
    assert found.name[0] == "이름 c"
    notes = " | ".join(found.notes)
    for told in ("1 hospital, 3 pharmacy", "2 places are of other kinds", "1 places have a confidence below 0.5",
                 "1 places are closed", "1 places lie outside", "1 places repeat an id"):  # fmt: skip
        assert told in notes
    assert "h" in load(tmp_path, rows, clip, kinds=["pharmacy"], alternates=True).ids.tolist()


def test_overture__a_place_of_two_kinds_comes_twice_and_words_may_be_given(tmp_path: Path) -> None:
    found = load(tmp_path, [place("a", "elementary_school")], kinds=["elementary_school", "school"])
    assert found.ids.tolist() == ["a", "a:school"]
    other = load(tmp_path, [place("a", "village_shop")], kinds=["retail"], categories={"retail": ["village_shop"]})
    assert other.n_facilities == 1


def test_overture__row_groups_elsewhere_are_not_read(tmp_path: Path) -> None:
    rows = [place(f"p{at}", "pharmacy", at=(100.0 + at, 36.0)) for at in range(40)]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet", row_group_size=4)
    study = Reading(folder=tmp_path, crs="EPSG:5179", kinds=load_kinds(), clip=shapely.box(126.5, 35, 127.5, 37))
    found = OverturePlaces(path="p.parquet", kinds=["pharmacy"]).load(study)
    assert found.ids.tolist() == ["p27"]
    assert study.inputs[0]["rows"] == 4  # one group of ten


def test_overture__its_table_names_kinds_that_there_are() -> None:
    assert set(overture_categories()) <= set(load_kinds())
    assert all(words and len(set(words)) == len(words) for words in overture_categories().values())


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"kinds": ["pharmcy"]}, "unknown kind 'pharmcy': did you mean 'pharmacy'"),
        ({"kinds": ["senior_hall"]}, "Overture has no categories for senior_hall"),
    ],
)
def test_overture__kinds_that_cannot_be_found_are_told(tmp_path: Path, keys: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        load(tmp_path, [place("a", "pharmacy")], **keys)


def test_overture__another_layout_is_told(tmp_path: Path) -> None:
    for rows, told in (
        ([{"id": "a"}], "no column 'geometry'"),
        ([{"id": "a", "geometry": b"x"}], "no categories"),
        ([{"id": "a", "geometry": "POINT (1 2)", "basic_category": "pharmacy"}], "must be written as WKB"),
        ([{"id": "a", "geometry": b"xyz", "basic_category": "pharmacy"}], "no geometry can be read"),
    ):
        with pytest.raises(InputError, match=told):
            load(tmp_path, rows, kinds=["pharmacy"])
    (tmp_path / "p.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        OverturePlaces(path="p.parquet", kinds=["pharmacy"]).load(
            Reading(folder=tmp_path, crs="EPSG:5179", kinds=load_kinds())
        )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 3000), junk=st.binary(min_size=1, max_size=30))
def test_overture__a_damaged_file_gives_places_or_a_message(at: int, junk: bytes, tmp_path: Path) -> None:
    load(tmp_path, [place("a", "pharmacy"), place("b", "bank")], kinds=["pharmacy"])
    data = bytearray((tmp_path / "p.parquet").read_bytes())
    at %= len(data)
    data[at : at + len(junk)] = junk
    (tmp_path / "p.parquet").write_bytes(bytes(data))
    try:
        OverturePlaces(path="p.parquet", kinds=["pharmacy"]).load(
            Reading(folder=tmp_path, crs="EPSG:5179", kinds=load_kinds())
        )
    except InputError:
        return
