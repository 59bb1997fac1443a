"""Maps say what the verdicts say, at every pixel that we look at."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image

from lifezone.model import (
    Assessment,
    Desert,
    DesertTest,
    Reason,
    Requirement,
    Result,
    Standard,
    Verdicts,
)
from lifezone.report.extent import extent_of
from lifezone.report.maps import change, cover, deserts, draw_maps, fonts, ground, inks, legend, paper, times
from lifezone.report.maps.atlas import Atlas
from lifezone.report.maps.draw import wanted_maps
from lifezone.report.maps.text import Label, _text_stamp, draw_label
from tests.report import worlds

CLINIC = worlds.REQUIREMENTS[0]


@pytest.fixture(scope="module")
def result() -> Result:
    return worlds.result(cells=600)


def grey(colour: str) -> float:
    red, green, blue = inks.rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def verdicts(seconds: list[float], reasons: list[Reason]) -> Verdicts:
    n = len(seconds)
    no, time = np.zeros(n, np.bool_), np.array(seconds)
    return Verdicts(time, time * 11, np.zeros(n), np.zeros(n, np.int32), np.array(reasons, np.uint8), np.zeros(n), no,
                    no, ~no, no)  # fmt: skip


def people(n: int):
    return worlds.demand(cells=40).take(np.arange(1, n + 1))


def sheet_pixel(picture: np.ndarray, frame: paper.Frame, x_m: float, y_m: float) -> tuple[int, ...]:
    column, row = frame.pixels(np.array([x_m]), np.array([y_m]))
    at = int(row[0]) + paper.MAP[1], int(column[0]) + paper.MAP[0]
    return tuple(np.rint(picture[at][:3] * 255).astype(int).tolist())


@pytest.mark.parametrize("rule", [rule for rule in worlds.REQUIREMENTS if rule.bound is not None], ids=lambda r: r.id)
def test_times__the_bound_and_the_optimum_are_class_limits(rule: Requirement) -> None:
    limits = times.breaks_of(rule)
    assert list(limits) == sorted(set(limits))
    assert limits[2] == rule.bound
    assert rule.optimum is None or limits[1] == rule.optimum


def test_times__bounds_are_inclusive_and_the_verdict_decides_the_side() -> None:
    # bound 900 s, optimum 600 s: classes end at 300, 600, 900, 1350, 1800 s
    seconds = [300.0, 300.1, 600.0, 900.0, 900.0000001, 900.0, 1350.0, 1801.0]
    reasons = [Reason.MET] * 5 + [Reason.TOO_FAR] * 3
    code = times.codes(CLINIC, verdicts(seconds, reasons), people(8))
    assert code.tolist() == [0, 1, 1, 2, 2, 3, 3, 5]


def test_times__every_reason_has_its_own_look_and_nobody_shows_the_ground() -> None:
    reasons = [Reason.NOT_JUDGED, Reason.UNREACHABLE, Reason.OFF_NETWORK, Reason.NO_FACILITY, Reason.NOT_ASSESSED]
    code = times.codes(CLINIC, verdicts([100.0, np.inf, np.inf, np.inf, np.nan], reasons), people(5))
    assert code.tolist() == [6, 7, 8, 9, inks.BARE]
    looks = [(ink.fill, ink.line, ink.pattern) for ink in (*times.INKS, inks.NOBODY, inks.OUTSIDE)]
    assert len(set(looks)) == len(looks)
    nobody = replace(people(5), people=np.zeros((5, 2)))
    assert set(times.codes(CLINIC, verdicts([1.0] * 5, [Reason.MET] * 5), nobody)) == {inks.BARE}


def test_inks__lightness_falls_from_near_to_far_and_nothing_is_white() -> None:
    for ramp in ((*inks.WITHIN, *inks.BEYOND), inks.LOST):
        light = [grey(ink.fill) for ink in ramp]
        assert all(a - b > 12 for a, b in pairwise(light))
    every = (*times.INKS, *change.INKS, *inks.LOST, inks.NOBODY, inks.OUTSIDE, inks.WATER)
    assert all(ink.fill != "#ffffff" for ink in every)


def test_change__gain_and_lose_come_before_minutes() -> None:
    before = verdicts([800, 1000, 800, 700, 2000, 2000, np.inf, 500], [1, 2, 1, 1, 2, 2, 3, 0])
    after = verdicts([1000, 800, 700, 800, 2000, np.inf, np.inf, 400], [2, 1, 1, 1, 2, 3, 3, 0])
    code = change.codes(CLINIC, before, after, people(8))
    lose, gain, quicker, slower, same, no_way, not_judged = 4, 0, 1, 3, 2, 6, 5
    assert code.tolist() == [lose, gain, quicker, slower, same, slower, no_way, not_judged]


def test_change__difference_below_the_precision_of_files_is_none() -> None:
    before = verdicts([800.0] * 3, [1] * 3)
    inside = np.ones(3, np.bool_)
    assert not change.is_changed(CLINIC, before, verdicts([800.0 + 1e-6] * 3, [1] * 3), inside)
    assert change.is_changed(CLINIC, before, verdicts([800.0, 801.0, 800.0], [1] * 3), inside)
    assert not change.is_changed(
        CLINIC, before, verdicts([800.0, 801.0, 800.0], [1] * 3), np.array([True, False, True])
    )


def test_maps__only_what_differs_is_drawn_for_a_variant(result: Result) -> None:
    wanted = {name: [stem for stem, _kind, _key in jobs] for name, jobs in wanted_maps(result).items()}
    baseline = ["requirement_clinic_car", "requirement_shop_walk", "requirement_school_road", "requirement_library_car"]
    assert wanted["baseline"] == [*baseline, "deserts"]
    assert wanted["clinic-in-the-east"] == ["requirement_clinic_car", "change_clinic_car", "deserts"]
    assert wanted["학교 통합"] == ["requirement_school_road", "change_school_road", "deserts"]


def test_maps__cells_have_the_colour_of_their_class(result: Result, tmp_path: Path) -> None:
    bare = replace(worlds.world(cells=600), network=worlds.network(roads=2), water=None)
    plain = replace(bare, facilities=replace(bare.facilities, x_m=bare.facilities.x_m + 1e6))
    baseline = replace(result.variants[0], world=plain)
    told = draw_maps(replace(result, variants=(baseline,)), tmp_path)
    assert "requirement_clinic_car.png" in told["baseline"]["drawn"]
    picture = image.imread(tmp_path / "baseline" / "maps" / "requirement_clinic_car.png")
    assert picture.shape == (paper.SHEET[1], paper.SHEET[0], 3)
    frame = paper.Frame.around(extent_of(plain))
    demand = plain.demand.take(plain.demand.inside)
    columns = {name: getattr(baseline.assessment.verdicts["clinic_car"], name)[plain.demand.inside]
               for name in Verdicts.__dataclass_fields__}  # fmt: skip
    code = times.codes(CLINIC, Verdicts(**columns), demand)
    checked = 0
    for at in range(demand.n_points):
        neighbours = np.hypot(demand.x_m - demand.x_m[at], demand.y_m - demand.y_m[at]) < 250
        if code[at] < 6 and neighbours.sum() == 1:
            found = sheet_pixel(picture, frame, demand.x_m[at], demand.y_m[at])
            checked += found == inks.rgb(times.INKS[code[at]].fill)
    assert checked > 100


def test_maps__png_has_no_date_and_no_program(result: Result, tmp_path: Path) -> None:
    paper.save(np.full((4, 5, 4), 255, np.uint8), tmp_path / "x.png")
    raw = (tmp_path / "x.png").read_bytes()
    assert raw.count(b"tEXt") + raw.count(b"tIME") == 0
    assert image.imread(tmp_path / "x.png").shape == (4, 5, 3)


def test_cover__each_cell_owns_its_square_and_more_people_are_on_top() -> None:
    demand = replace(people(3), x_m=np.array([50.0, 150.0, 160.0]), y_m=np.array([50.0, 50.0, 50.0]))
    demand = replace(demand, people=np.array([[5.0, 0], [9.0, 0], [7.0, 0]]))
    owner = cover.owners(paper.Frame(0.0, 100.0, 10.0, 30, 10), demand)
    assert (owner[:, :10] == 0).all()
    assert (owner[:, 10:20] == 1).all()
    assert (owner[:, 20:21] == 2).all()
    assert (owner[:, 21:] == -1).all()


@pytest.mark.parametrize("cell_m", [3.0, 100.0, 5000.0])
def test_cover__smallest_and_largest_cells_are_seen(cell_m: float) -> None:
    demand = replace(people(1), x_m=np.array([500.0]), y_m=np.array([500.0]), cell_m=cell_m)
    owner = cover.owners(paper.Frame(0.0, 1000.0, 10.0, 100, 100), demand)
    assert (owner == 0).sum() == min(max(1, round(cell_m / 10) ** 2), 100 * 100)


def test_cover__points_off_the_frame_are_cut() -> None:
    demand = replace(people(3), x_m=np.array([-1e7, 500, 1005]), y_m=np.array([0.0, 500, 1005]), cells=False)
    owner = cover.owners(paper.Frame(0.0, 1000.0, 10.0, 100, 100), demand)
    assert 1 in owner
    assert 0 not in owner


def test_deserts__outline_runs_round_named_ones_and_labels_never_overlap(result: Result) -> None:
    variant = result.baseline
    inside = variant.world.demand.inside
    demand, label = variant.world.demand.take(inside), variant.assessment.desert[inside]
    frame = paper.Frame.around(extent_of(variant.world))
    taken = ground.ground_of(frame, variant.world).names
    labels = deserts.labels(variant.assessment, frame, demand, label, taken=taken, disclose=False)
    assert labels
    boxes = list(taken)
    for item in labels:
        width = _text_stamp(item.text, item.size, True)[1]
        box = (item.x, item.y - 9, item.x + width, item.y + 9)
        assert not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes)
        boxes.append(box)
    picture = np.full((frame.height, frame.width, 4), 255, np.uint8)
    deserts.outline(picture, frame, cover.owners(frame, demand), label, variant.assessment)
    assert (picture[..., :3] == (176, 0, 32)).all(axis=2).any()


def test_deserts__small_ones_have_no_name_anywhere(result: Result) -> None:
    assessment = result.baseline.assessment
    small = tuple(replace(d, people=(30.0, 1.0), named=True) for d in assessment.deserts)
    found = replace(assessment, deserts=small)
    demand = result.baseline.world.demand
    label = assessment.desert
    frame = paper.Frame.around(extent_of(result.baseline.world))
    assert deserts.labels(found, frame, demand, label, taken=(), disclose=False) == []
    assert deserts.list_rows(found, demand, most_px=500, disclose=False) == []
    code = deserts.codes(found, np.ones(demand.n_points, np.bool_), demand)
    words = " ".join(row.text for row in deserts.rows(found, demand, code, label, disclose=False))
    assert f"흩어짐 / scattered: {len(small)}" in words
    assert "새터" not in words


def test_legend__tells_units_bound_and_hides_small_counts(result: Result) -> None:
    verdict = verdicts([100.0, 1000.0, np.inf, 950.0], [1, 2, 3, 2])
    demand = replace(people(4), people=np.array([[500.0, 0], [4.0, 0], [300.0, 0], [200.0, 0]]))
    code = times.codes(CLINIC, verdict, demand)
    rows = times.rows(CLINIC, verdict, demand, code, disclose=False)
    texts = {row.text: row.value for row in rows}
    assert "◀ 기준 15분 / bound 15 min" in texts
    assert "◁ 권장 10분 / optimum 10 min" in texts
    assert texts["0 – 5 분 min"] == "500 (49.8 %)"  # 500 / 1,004
    assert texts["15 – 22.5 분 min"] == "204 (20.3 %)"
    assert texts["길이 닿지 않음 / unreachable"] == "300 (29.9 %)"
    hidden = replace(demand, people=np.array([[500.0, 0], [4.0, 0], [300.0, 0], [0.0, 0]]))
    rows = times.rows(CLINIC, verdict, hidden, times.codes(CLINIC, verdict, hidden), disclose=False)
    assert {row.text: row.value for row in rows}["15 – 22.5 분 min"] == "<10"


def test_legend__rows_that_do_not_fit_never_reach_the_scale() -> None:
    frame = paper.Frame(0.0, 1000.0, 10.0, *paper.MAP[2:])
    picture = np.zeros((paper.MAP[3], paper.MAP[2], 4), np.uint8)
    titles = legend.Titles("제목" * 100, "title " * 100, "detail " * 100, ("source " * 100,) * 3)
    rows = [legend.class_row(inks.GAIN, "아주 긴 이름 " * 20, "1,234,567 (12.3 %)")] * 60
    sheet = legend.render(frame, picture, titles, rows, [], [])
    plain = legend.render(frame, picture, titles, [], [], [])
    foot = slice(paper.PANEL[1] + paper.PANEL[3] - 50, None)
    assert np.array_equal(sheet[foot], plain[foot])
    assert (sheet[:, -12:, :3] == 255).all()


@pytest.mark.parametrize(
    "text",
    [
        worlds.EVIL,
        "</script>",
        "$x^2$ and \\frac{",
        "한글 ㎢ ≤ −1",
        "a\u202eb\u0007c\nd",
        "\U0001f3e5 병원",
        "",
        "ᄒ" * 300,
    ],
)
def test_fonts__any_text_is_drawn_as_text(text: str) -> None:
    clean = fonts.clean(text)
    assert not set(clean) & set("\u202e\u0007\n\U0001f3e5")
    sheet = np.full((60, 400, 4), 255, np.uint8)
    draw_label(sheet, Label(10, 30, fonts.fit(text, 16, 380)))
    assert (sheet[..., :3] < 128).any() == bool(clean)


def test_fonts__korean_and_the_minus_sign_have_glyphs() -> None:
    assert fonts.clean("가힣뷁 ㎢㎡≤→− –") == "가힣뷁 ㎢㎡≤→− –"
    assert "□" in fonts.clean("\U0001f3e5")


@pytest.mark.parametrize("text", ["한빛군 동면", "Hanbit county", "1,234 (12.3 %)", "이름이아주아주긴면"])
def test_fonts__width_is_what_is_drawn(text: str) -> None:
    for bold in (False, True):
        drawn = _text_stamp(text, 20.0, bold)[1]
        assert drawn <= fonts.text_width(text, 20.0) + 2
        assert fonts.text_width(text, 20.0) <= drawn * 1.15 + 2


def test_fonts__long_names_are_shortened_to_the_room() -> None:
    short = fonts.fit("이름이아주아주아주긴면" * 5, 15, 100)
    assert short.endswith("…")
    assert fonts.text_width(short, 15) <= 100
    assert fonts.wrap("a b c", 15, 1000, lines=3) == ["a b c"]


def test_ground__water_area_and_nobody_are_told_apart() -> None:
    study = worlds.world(cells=10)
    frame = paper.Frame.around(extent_of(study))
    under = ground.ground_of(frame, study).under
    column, row = (int(v[0]) for v in frame.pixels(np.array([study.area.bounds[0] - 100]), np.array([1_810_000.0])))
    assert tuple(under[row, column, :3]) == inks.rgb(inks.OUTSIDE.fill)
    column, row = (int(v[0]) for v in frame.pixels(np.array([1_010_000.0]), np.array([1_810_000.0])))
    assert tuple(under[row, column, :3]) == inks.rgb(inks.WATER.fill)
    assert np.isin(under[row + 200, column + 200, :3], [*inks.rgb(inks.NOBODY.fill), *inks.rgb(inks.NOBODY.line)]).all()


def test_ground__modelled_roads_are_watermarked() -> None:
    study = worlds.world(cells=10)
    frame = paper.Frame.around(extent_of(study))
    real = ground.ground_of(frame, study).over[0]
    surrogate = replace(study, network=worlds.network(modelled="surrogate network"))
    assert len(ground.ground_of(frame, surrogate).over[0]) > len(real) + 5000


@pytest.mark.parametrize("case", ["empty", "one cell", "points", "no deserts", "no districts"])
def test_maps__thin_worlds_are_drawn_too(case: str, tmp_path: Path) -> None:
    made = worlds.empty_result() if case == "empty" else worlds.result(cells=40, grid=case != "points", variants=False)
    variant = made.baseline
    if case == "one cell":
        study = replace(variant.world, demand=variant.world.demand.take(np.array([3])), area=None)
        study = replace(study, districts=replace(study.districts, polygon=None))
        variant = replace(variant, world=study, assessment=worlds.judge(study))
    if case == "no deserts":
        nowhere = np.full_like(variant.assessment.desert, -1)
        variant = replace(variant, assessment=replace(variant.assessment, desert=nowhere, deserts=()))
    if case == "no districts":
        study = replace(variant.world, districts=replace(variant.world.districts, polygon=None), area=None)
        variant = replace(variant, world=study)
    told = draw_maps(replace(made, variants=(variant,)), tmp_path)
    files = sorted(path.name for path in (tmp_path / "baseline" / "maps").iterdir())
    assert files == sorted(told["baseline"]["drawn"])
    assert "deserts.png" in files
    assert image.imread(tmp_path / "baseline" / "maps" / "deserts.png").shape[:2] == (1100, 1400)


def test_atlas__grounds_are_drawn_once_per_network(result: Result) -> None:
    atlas = Atlas(result, {})
    one, other = (atlas.view(variant.world) for variant in result.variants[:2])
    assert one.ground is other.ground
    assert one.owner is other.owner
    assert not one.zoomed


def test_atlas__a_setting_that_fills_little_of_the_area_is_drawn_large(result: Result) -> None:
    demand = result.baseline.world.demand
    near = np.hypot(demand.x_m - demand.x_m[5], demand.y_m - demand.y_m[5]) < 1500
    study = replace(result.baseline.world, demand=replace(demand, urban=near))
    atlas = Atlas(replace(result, variants=(replace(result.baseline, world=study),)), {})
    town = atlas.view(study, "urban")
    assert town.zoomed
    assert town.frame.metres < 5
    assert not atlas.view(study, "rural").zoomed
    west, south, east, north = town.frame.extent
    assert (demand.x_m[near] > west).all()
    assert (demand.x_m[near] < east).all()
    assert (demand.y_m[near] > south).all()
    assert (demand.y_m[near] < north).all()
    assert set(town.owner[town.owner >= 0]) >= set(
        np.flatnonzero(near[demand.inside] & (demand.total > 0)[demand.inside])
    )
    nowhere = replace(study, demand=replace(demand, urban=np.zeros_like(near)))
    assert (
        not Atlas(replace(result, variants=(replace(result.baseline, world=nowhere),)), {})
        .view(nowhere, "urban")
        .zoomed
    )


def test_deserts__where_they_are_very_many_only_the_largest_get_a_line() -> None:
    side, step = 400, 8
    rows, columns = np.mgrid[0:side, 0:side]
    places = (rows // step) * (side // step) + columns // step
    owner = np.where((rows % step == 0) & (columns % step == 0), places, -1).astype(np.int32)
    n = int(places.max()) + 1
    found = tuple(
        Desert(at, True, f"d{at}", f"d{at}", 0, (float(n - at),), ("medical",), 60.0, 0.0, 1) for at in range(n)
    )
    label = np.arange(n, dtype=np.int32)
    test = DesertTest({"medical": ("a",)}, at_least=1)
    nothing = np.zeros((n, 1), np.bool_)
    judged = Assessment(Standard("s", (), test), {}, np.zeros(n, np.int32), nothing, label, found)
    frame = paper.Frame(0.0, 0.0, 500.0, side, side)
    picture = np.full((side, side, 4), 255, np.uint8)
    assert not deserts.outline(picture, frame, owner, label, judged)
    inked = (picture[..., :3] != 255).any(axis=2)
    assert 0 < inked.mean() < 0.12
    assert inked[: side // 4].sum() > 10 * inked[side // 2 :].sum()  # the largest stand first
    few = replace(judged, deserts=found[:3], desert=np.where(label < 3, label, -1))
    assert deserts.outline(picture, frame, owner, few.desert, few)
