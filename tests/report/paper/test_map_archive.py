"""Maps in one archive, and maps as SVG."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from lifezone.report import write
from lifezone.report.map_archive import write_map_archive
from lifezone.report.maps.legend import Titles, class_row, composed, drawn, render
from lifezone.report.maps.paper import MAP, SHEET, Frame
from lifezone.report.maps.text import Label, Symbols
from lifezone.report.maps.times import INKS
from lifezone.report.maps.vector import svg_sheet
from lifezone.report.material import material_of
from lifezone.run import run

SVG = "{http://www.w3.org/2000/svg}"
SCENARIO = """
name: 한 칸 마을 <b>&amp; · One village
area: {network: {type: synthetic, size: county, seed: 1}, districts: {type: synthetic}}
demand: {type: synthetic}
facilities: [{type: synthetic, kinds: [clinic, retail]}]
standard:
  requirements:
    - {id: clinic_car, kind: clinic, mode: car, bound: 15 min}
    - {id: shop_car, kind: retail, mode: car, bound: 10 min}
  desert: {any_of: [clinic_car, shop_car], at_least: 1}
variants:
  - {name: east, edits: [{open: {kind: clinic, at: [127.47, 36.52]}}]}
"""


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    home = tmp_path_factory.mktemp("archive")
    (home / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    write(run(home / "s.yaml"), home / "out")
    return material_of(home / "out")


@pytest.fixture(scope="module")
def archive(material, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "maps.zip"
    write_map_archive(material, path)
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_map_archive__holds_every_map_of_the_run_as_it_is_and_as_svg(material, archive):
    pictures = {one.relative_to(material.folder).as_posix() for one in material.folder.rglob("maps/*.png")}
    assert {name for name in archive if name.endswith(".png")} == pictures
    assert {name for name in archive if name.endswith(".svg")} == {name[:-4] + ".svg" for name in pictures}
    assert all(archive[name] == (material.folder / name).read_bytes() for name in pictures)
    told = archive["READ_ME.txt"].decode("utf-8-sig")
    assert f"지도 {len(pictures)}장(PNG)" in told
    assert all(name in told for name in archive if name != "READ_ME.txt")


def test_map_archive__svg_is_words_and_lines_without_scripts_or_links(archive):
    root = ET.fromstring(archive["baseline/maps/deserts.svg"])
    texts = {"".join(one.itertext()) for one in root.iter(f"{SVG}text")}
    assert any("생활사막" in text for text in texts)
    assert any("한 칸 마을 <b>&amp;" in text for text in texts)
    assert len(list(root.find(f"{SVG}g[@id='ground']").iter(f"{SVG}path"))) > 5
    links = [value for one in root.iter() for key, value in one.attrib.items() if key.split("}")[-1] == "href"]
    assert all(link.startswith(("data:image/png;base64,", "#")) for link in links)
    assert not list(root.iter(f"{SVG}script"))


def test_map_archive__is_the_same_bytes_twice(material, tmp_path):
    for name in ("one.zip", "two.zip"):
        write_map_archive(material, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def _sheet():
    frame = Frame(0.0, 100.0, 1.0, MAP[2], MAP[3])
    picture = np.full((MAP[3], MAP[2], 4), 200, np.uint8)
    picture[..., 3] = 255
    marks = [Symbols(np.array([10.0, 50.0]), np.array([20.0, 60.0]), "^")]
    labels = [Label(30, 40, 'a <b> & "c"', halo=True)]
    return frame, picture, Titles("가", "b", "c", ("d",)), [class_row(INKS[0], "칸", "1")], labels, marks


def test_svg_sheet__places_every_symbol_and_text_where_the_painted_map_has_it():
    sheet = composed(*_sheet())
    root = ET.fromstring(svg_sheet(sheet))
    uses = [(float(one.get("x")), float(one.get("y"))) for one in root.iter(f"{SVG}use")]
    assert (10 + MAP[0], 20 + MAP[1]) in uses
    assert (50 + MAP[0], 60 + MAP[1]) in uses
    texts = {"".join(one.itertext()): one for one in root.iter(f"{SVG}text")}
    assert set(texts) == {label.text for label in sheet.labels}
    assert float(texts['a <b> & "c"'].get("x")) == 30 + MAP[0]
    assert root.get("viewBox") == f"0 0 {SHEET[0]} {SHEET[1]}"


def test_svg_sheet__cells_are_the_pixels_of_the_map():
    sheet = composed(*_sheet())
    root = ET.fromstring(svg_sheet(sheet))
    data = next(root.iter(f"{SVG}image")).get("href").split(",", 1)[1]
    pixels = np.asarray(Image.open(BytesIO(base64.b64decode(data))).convert("RGB"))
    assert np.abs(pixels.astype(int) - sheet.pixels[..., :3].astype(int)).max() <= 1


def test_drawn__is_what_render_gives_and_leaves_the_sheet_alone():
    sheet = composed(*_sheet())
    before = sheet.pixels.copy()
    assert np.array_equal(drawn(sheet), render(*_sheet()))
    assert np.array_equal(sheet.pixels, before)


def test_saved__knows_what_is_lost_where_as_the_run_did(material):
    result = run(material.folder.parent / "s.yaml")
    for fresh in result.variants:
        saved, inside = material.variant(fresh.name), fresh.world.demand.inside
        assert np.array_equal(saved.assessment.lost, fresh.assessment.lost[inside])
        assert np.array_equal(saved.assessment.deep, fresh.assessment.deep[inside])
        assert saved.assessment.lost.any()
