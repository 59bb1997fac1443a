"""The numbers that a chart draws, read back out of the drawing."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from lifezone.report.charts.bars import Bar, bars
from lifezone.report.charts.cumulative import Curve, CurveWords, cumulative, positions, within
from lifezone.report.charts.dots import Dot, DotWords, dots
from lifezone.report.charts.histogram import classes, histogram
from lifezone.report.charts.lorenz import lorenz, lorenz_shares
from lifezone.report.charts.sketch import Layer, Marks, Panel, sketches
from lifezone.report.maps import inks
from lifezone.siting.gini import gini_index

SVG = "{http://www.w3.org/2000/svg}"
WORDS = CurveWords("분", "누적 (%)", "기준 15분", "갈 수 없음")
INF = np.inf


def path(svg: str, name: str) -> np.ndarray:
    """Return the points of the first path in a group."""
    found = ET.fromstring(svg).find(f".//*[@id='{name}']/{SVG}path")
    assert found is not None, name
    return np.array([[float(x), float(y)] for x, y in re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", found.attrib["d"])])


def frame(svg: str, prefix: str) -> tuple[float, float, float, float]:
    """Return left, right, bottom, top of the axes."""
    box = path(svg, f"{prefix}-patch_2")
    return box[:, 0].min(), box[:, 0].max(), box[:, 1].max(), box[:, 1].min()


def test_within__counts_people_by_hand() -> None:
    curve = Curve("a", np.array([5.0, 15.0, 20.0, INF]), np.array([100.0, 200.0, 300.0, 400.0]))
    assert within(curve, np.array([4.0, 5.0, 15.0, 30.0, INF]), exact=True).tolist() == [0.0, 0.1, 0.3, 0.6, 0.6]


def test_within__rounds_to_tens_and_ends_at_everybody() -> None:
    curve = Curve("a", np.array([1.0, 2.0, 3.0]), np.array([14.0, 4.0, 86.0]))
    assert within(curve, np.array([1.0, 2.0, 3.0]), exact=False) * 104 == pytest.approx([14.0, 14.0, 104.0])
    assert np.isnan(within(Curve("b", np.empty(0), np.empty(0)), np.array([1.0]), exact=True)).all()


def test_positions__hold_the_bound_and_end_at_three_bounds() -> None:
    far = Curve("a", np.array([3.0, 500.0]), np.array([1.0, 1.0]))
    at = positions([far], 7.0)
    assert 7.0 in at
    assert 20.0 <= at[-1] <= 22.0
    assert positions([Curve("a", np.array([INF]), np.array([5.0]))], 15.0)[-1] >= 15.0


def test_cumulative__draws_the_shares_the_bound_and_those_who_never_arrive() -> None:
    curve = Curve("현재", np.array([5.0, 15.0, 20.0, INF]), np.array([100.0, 200.0, 300.0, 400.0]))
    later = Curve("대안", np.array([5.0, 10.0, 12.0, INF]), np.array([100.0, 200.0, 300.0, 400.0]))
    svg = cumulative([curve, later], 15.0, WORDS, prefix="c", alt="", exact=True)
    at = positions([curve, later], 15.0)
    left, right, bottom, top = frame(svg, "c")
    for number, one in enumerate((curve, later)):
        line = path(svg, f"c-curve{number}")
        drawn = (bottom - line[:, 1]) / (bottom - top)
        assert drawn == pytest.approx(within(one, at, exact=True), abs=1e-5)
        assert (line[:, 0] - left) / (right - left) * at[-1] == pytest.approx(at, abs=1e-3)
    assert (path(svg, "c-bound")[0, 0] - left) / (right - left) * at[-1] == pytest.approx(15.0, abs=1e-3)
    band = path(svg, "c-never")
    assert (bottom - band[:, 1].max()) / (bottom - top) == pytest.approx(0.6, abs=1e-5)
    assert "갈 수 없음" in svg


def test_dots__stand_at_their_shares() -> None:
    rows = [Dot("전체", 0.62, 0.6, 0.65, whole=True), Dot("가면", 0.1), Dot("나면", None, note="10명 미만")]
    svg = dots(rows, DotWords("%", ((0.5, "C"), (0.7, "B"), (0.9, "A")), "D"), prefix="d", alt="")
    left, right, _, _ = frame(svg, "d")
    interval = (path(svg, "d-interval0")[:, 0] - left) / (right - left)
    assert interval == pytest.approx([0.6, 0.65], abs=1e-5)
    for number, share in ((0, 0.62), (1, 0.1)):
        found = ET.fromstring(svg).find(f".//*[@id='d-dot{number}']//{SVG}use")
        assert found is not None
        assert (float(found.attrib["x"]) - left) / (right - left) == pytest.approx(share, abs=1e-5)
    assert "d-dot2" not in svg
    texts = [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert {"A", "B", "C", "D", "10명 미만"} <= set(texts)


def test_bars__are_as_long_as_their_values() -> None:
    svg = bars([Bar("a", 40.0, "40"), Bar("b", 10.0, "10", inks.UNREACHABLE), Bar("c", None, "<10")], across="%",
               prefix="b", alt="", end=100)  # fmt: skip
    left, right, _, _ = frame(svg, "b")
    for number, value in ((0, 40.0), (1, 10.0)):
        bar = path(svg, f"b-bar{number}")
        assert (np.ptp(bar[:, 0])) / (right - left) * 100 == pytest.approx(value, abs=1e-3)
    assert "b-bar2" not in svg


def test_lorenz__hangs_below_by_half_the_gini_index() -> None:
    rng = np.random.default_rng(3)
    curve = Curve("a", rng.gamma(2.0, 5.0, 400), rng.gamma(2.0, 3.0, 400))
    x, y = lorenz_shares(curve, 2001)
    below = float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())
    assert 1 - 2 * below == pytest.approx(gini_index(curve.value, curve.people), abs=1e-4)
    svg = lorenz([curve], across="x", up="y", equal="=", prefix="l", alt="")
    left, right, bottom, top = frame(svg, "l")
    line = path(svg, "l-curve0")
    assert (bottom - line[:, 1]) / (bottom - top) == pytest.approx(lorenz_shares(curve)[1], abs=1e-5)
    assert (line[[0, -1], 0] - left) / (right - left) == pytest.approx([0, 1], abs=1e-5)


def test_lorenz__of_nobody_or_no_travel_is_the_diagonal() -> None:
    for value, people in ((np.array([INF, INF]), np.array([1.0, 1.0])), (np.zeros(2), np.ones(2))):
        x, y = lorenz_shares(Curve("a", value, people), 5)
        assert x.tolist() == y.tolist()


def test_histogram__mixes_nobody_within_the_bound_with_those_beyond() -> None:
    curve = Curve("a", np.array([1.0, 15.0, 15.1, 31.0, INF]), np.array([10.0, 20.0, 30.0, 40.0, 50.0]))
    ends, people = classes(curve, 15.0)
    assert ends[3] == 15.0
    assert people[:4].sum() == 30.0
    assert people[4:8].sum() == 30.0
    assert people[8:].tolist() == [40.0, 50.0]
    svg = histogram([str(n) for n in range(10)], list(people), [""] * 10, up="", bound="기준", prefix="h", alt="")
    _, _, bottom, top = frame(svg, "h")
    heights = [np.ptp(path(svg, f"h-bar{n}")[:, 1]) / (bottom - top) for n in (0, 3, 9)]
    assert np.array(heights) / heights[0] == pytest.approx([1.0, 2.0, 5.0], abs=1e-4)


def test_sketch__keeps_shape_and_joins_its_squares() -> None:
    layer = Layer(np.array([0.0, 100.0]), np.array([0.0, 0.0]), 100.0, inks.BEYOND[0], "칸")
    marks = Marks(np.array([50.0]), np.array([300.0]), "o", "#123456", "<b>의원</b>")
    line = np.array([[0.0, 0.0], [500.0, 500.0]])
    panel = Panel("가면", (-500.0, -500.0, 500.0, 500.0), [([line], "#999999", 1.0)], [line], [layer], [marks])
    svg = sketches([panel, panel], across=2, panel_height_px=200, prefix="s", alt="x")
    cells = path(svg, "s-cells0_0")
    assert np.ptp(cells[:, 0]) == pytest.approx(2 * np.ptp(cells[:, 1]), rel=1e-4)
    assert svg.count("<b>") == 0
    assert "&lt;b&gt;의원&lt;/b&gt;" in svg
    assert sketches([Panel("", (0.0, 0.0, 1.0, 1.0))], across=1, panel_height_px=100, prefix="e", alt="")
