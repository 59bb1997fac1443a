"""One ``<svg>`` that stands in any page: same bytes, prefixed ids, plain text, nothing that a strict policy forbids."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from lifezone.report.charts.style import (
    SERIES,
    WIDTH_PX,
    area_style,
    axis_title,
    chart,
    label_width,
    line_style,
    series,
    shorten,
    thousands,
)
from lifezone.report.maps import inks

HOSTILE = 'A & B <script>alert("1")</script> $x_1$\x01 보건소\n둘째'


def _draw(figure: Any) -> None:
    axes = figure.add_axes((0.1, 0.15, 0.85, 0.7))
    look = series(1)
    (line,) = axes.plot([0, 10, 20], [0, 1500, 12345], marker=look.marker, label=HOSTILE, **line_style(look))
    line.set_gid("baseline")
    axes.bar([5], [4000], width=3, **area_style(inks.UNREACHABLE))
    axes.legend()
    thousands(axes.yaxis)
    axis_title(axes, "사람 (명)", horizontal=False)
    axis_title(axes, "시간 (분)", horizontal=True)


def _svg(prefix: str = "chart_a") -> str:
    return chart(_draw, prefix=prefix, height_px=300, alt='a "finding" <of> 3 & 4')


def test_svg__is_the_same_bytes_twice_and_well_formed() -> None:
    svg = _svg()
    assert svg == _svg()
    root = ET.fromstring(svg)
    assert root.attrib["viewBox"] == f"0 0 {WIDTH_PX} 300"
    assert root.attrib["aria-label"] == 'a "finding" <of> 3 & 4'
    assert root.attrib["role"] == "img"


def test_svg__holds_nothing_that_a_strict_policy_or_another_chart_would_feel() -> None:
    svg = _svg()
    for forbidden in ("style=", "<style", "<script", "<metadata", "xlink", "http://www.w3.org/1999", "<?xml", "date"):
        assert forbidden not in svg
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("chart_a-") for name in ids)
    pointers = re.findall(r'href="#([^"]+)"', svg) + re.findall(r"url\(#([^)]+)\)", svg)
    assert pointers
    assert set(pointers) <= set(ids)
    assert not set(ids) & set(re.findall(r' id="([^"]+)"', _svg("chart_b")))


def test_svg__keeps_names_as_text_with_nothing_read_as_a_formula() -> None:
    texts = [element.text for element in ET.fromstring(_svg()).iter("{http://www.w3.org/2000/svg}text")]
    assert 'A & B <script>alert("1")</script> $x_1$ 보건소 둘째' in texts
    assert "12,000" in texts
    assert "사람 (명)" in texts


def test_svg__numbers_can_be_read_back() -> None:
    root = ET.fromstring(_svg())
    line = root.find(".//*[@id='chart_a-baseline']/{http://www.w3.org/2000/svg}path")
    assert line is not None
    points = [tuple(map(float, pair)) for pair in re.findall(r"[ML] ([\d.]+) ([\d.]+)", line.attrib["d"])]
    (_, bottom), (_, middle), (_, top) = points
    assert (middle - bottom) / (top - bottom) == pytest.approx(1500 / 12345, abs=1e-5)


def test_series__beyond_the_list_are_told_apart_by_marker_or_dash() -> None:
    looks = [(look.colour, look.marker, look.dash) for look in map(series, range(3 * len(SERIES)))]
    assert len(set(looks)) == len(looks)


def test_labels__fit_the_room_that_was_asked_for() -> None:
    name = "가나다라마바사 보건진료소"
    room = label_width(name)
    assert shorten(name, room) == name
    short = shorten(name, room / 2)
    assert short.endswith("…")
    assert label_width(short) <= room / 2


def test_svg__is_drawn_by_typst_with_the_packaged_font(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst")
    (tmp_path / "a.svg").write_text(_svg(), encoding="utf-8")
    (tmp_path / "a.typ").write_text('#image("a.svg")', encoding="utf-8")
    assert typst.compile(str(tmp_path / "a.typ"), format="pdf").startswith(b"%PDF")
