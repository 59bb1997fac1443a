"""The live map in a browser without WebGL: what it shows, asks for and says, against the files of the run."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from lifezone.report import write
from lifezone.report.map import assets, live_map, markup, source_hash
from lifezone.report.map.quantise import TOP
from lifezone.report.material import material_of
from lifezone.report.words import texts_of
from tests.report import worlds

RULE = "clinic_car"
EAST = "clinic-in-the-east"
UNITS = {"min": "분", "m": " m", "km": " km"}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PIXELS = """() => {
  const canvas = document.querySelector("canvas.lz-canvas");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const out = [];
  for (let at = 0; at < data.length; at += 4 * 37) out.push(data[at], data[at + 1], data[at + 2]);
  return out;
}"""


def page_of(folder: Path, language: str = "ko", *, disclose: bool = False) -> str:
    """A page with nothing but the map, under the strictest policy."""
    told = markup(live_map(material_of(folder, disclose=disclose), texts_of(language, disclose)), "<p>picture</p>")
    own = assets()
    policy = (
        f"default-src 'none'; style-src {source_hash(own.styles)}; script-src {source_hash(own.scripts)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>map</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{own.styles}</style></head><body>{told}"
        f'<script type="module">{own.scripts}</script></body></html>'
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    write(worlds.result(maps=False, cells=900), folder / "out")
    for language in ("ko", "en"):
        (folder / f"{language}.html").write_text(page_of(folder / "out", language), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def cells(study: Path) -> dict[str, gpd.GeoDataFrame]:
    return {name: gpd.read_parquet(study / "out" / name / "cells.parquet") for name in ("baseline", EAST)}


@pytest.fixture
def show(watch):
    """A function that opens a page with a map: ``show(path, width=…, anchor=…)`` → (what is watched, Playwright's)."""

    def opened(path: Path, *, anchor: str = "", **options):
        watched = watch(**options)
        page = watched.open(path, anchor)
        page.wait_for_selector(".lz-ready canvas.lz-canvas")
        return watched, page

    return opened


@pytest.fixture
def watched(show, study: Path):
    return show(study / "ko.html")[0]


@pytest.fixture
def page(watched):
    return watched.page


def choose(page, rule: str = RULE, **state) -> None:
    """Bring the map to a requirement and a state through its public side."""
    page.evaluate(
        """([rule, state]) => {
          const data = JSON.parse(document.getElementById("map-data").textContent);
          const at = data.requirements.findIndex((one) => one.id === rule);
          lifezoneMaps.map.set({rule: at, ...state});
        }""",
        [rule, state],
    )


def told(page, rule: str = RULE):
    return page.evaluate(
        """(rule) => JSON.parse(document.getElementById("map-data").textContent)
          .requirements.find((one) => one.id === rule)""",
        rule,
    )


def point_of(page, cell) -> tuple[float, float]:
    """Where a cell's middle is on the screen; the map is brought there."""
    middle = cell.geometry.centroid
    return tuple(
        page.evaluate(
            """([x, y]) => {
              const {map} = lifezoneMaps.map;
              const data = JSON.parse(document.getElementById("map-data").textContent);
              map.setView([y - data.origin[1], x - data.origin[0]], -3, {animate: false});
              const at = map.latLngToContainerPoint([y - data.origin[1], x - data.origin[0]]);
              const box = document.querySelector(".lz-leaflet").getBoundingClientRect();
              return [box.left + at.x, box.top + at.y];
            }""",
            [middle.x, middle.y],
        )
    )


def shown(cell, rule, met: str, unmet: str) -> str:
    """What a place is told to be, from the file: rounded up to the step, with its verdict."""
    column = "minutes" if rule["metric"] == "time" else "metres"
    value, reason = cell[f"{rule['id']}_{column}"], cell[f"{rule['id']}_reason"]
    words = {"unreachable": "길이 이어지지 않음", "off_network": "도로에서 너무 멂", "no_facility": "시설 없음"}
    if cell["people_total"] <= 0:
        return "사는 사람 없음"
    if pd.isna(reason):
        return "판정하지 않는 곳"
    if reason in words:
        return words[reason]
    steps = np.ceil(value / (1000 if rule["unit"] == "km" else 1) / rule["step"] - 1e-7)
    if reason == "too_far" and steps == rule["bound"]:
        steps += 1
    if steps > TOP:
        return f"{TOP * rule['step']:g}{UNITS[rule['unit']]} 초과 {met if reason == 'met' else unmet}"
    number = f"{steps * rule['step']:,.{2 if rule['unit'] == 'km' else 1}f}".removesuffix(".0").removesuffix(".00")
    return f"{number}{UNITS[rule['unit']]} {met if reason == 'met' else unmet}"


def test_map__asks_for_nothing_and_complains_of_nothing(watched, page) -> None:
    for view in ("difference", "steps", "swipe", "single"):
        choose(page, view=view)
    watched.assert_quiet()
    assert page.locator("img").count() == 0
    assert page.locator(".lz-map [style*='url']").count() == 0


def test_map__hover_tells_all_requirements_as_the_file_does(page, cells) -> None:
    choose(page, view="difference")
    rng = np.random.default_rng(11)
    before, after = cells["baseline"], cells[EAST]
    rules = page.evaluate("""() => JSON.parse(document.getElementById("map-data").textContent).requirements""")
    for row in rng.choice(len(before), 10, replace=False):
        # away first, so that the mouse moves
        x, y = point_of(page, before.iloc[row])
        page.mouse.move(x + 80, y + 60)
        page.mouse.move(x, y)
        people = before.iloc[row]["people_total"]
        fives = max(5, int(np.floor(people / 5 + 0.5)) * 5)
        count = "0명" if people <= 0 else "1–4명" if people < 5 else f"약 {fives:,}명"
        panel = page.locator(".lz-place")
        assert f"인구 {count}" in panel.inner_text()
        told_rows = {one[0]: one[2:] for one in panel.locator("tbody tr").evaluate_all(
            "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")}  # fmt: skip
        for rule in rules:
            wanted = [shown(frame.iloc[row], rule, "○ 안", "× 밖") for frame in (before, after)]
            if all(one in ("판정하지 않는 곳", "사는 사람 없음", "자료가 없어 판정하지 못함") for one in wanted):
                assert rule["name"] not in told_rows
            else:
                assert told_rows[rule["name"]] == wanted, (rule["name"], row)


def test_map__arrow_keys_walk_from_place_to_place_and_are_read_out(page, cells) -> None:
    choose(page, view="single", a=0)
    box = page.locator(".lz-leaflet")
    box.focus()
    page.keyboard.press("ArrowRight")
    said = page.locator(".lz-live").inner_text()
    rule = told(page)
    at = page.evaluate("""() => {
      const m = lifezoneMaps.map.map; const cross = document.querySelector(".lz-cross").getBoundingClientRect();
      const box = document.querySelector(".lz-leaflet").getBoundingClientRect();
      const there = m.containerPointToLatLng([cross.left + cross.width / 2 - box.left,
        cross.top + cross.height / 2 - box.top]);
      const data = JSON.parse(document.getElementById("map-data").textContent);
      return [there.lng + data.origin[0], there.lat + data.origin[1]];
    }""")
    middle = cells["baseline"].geometry.centroid
    row = int(np.hypot(middle.x - at[0], middle.y - at[1]).argmin())
    cell = cells["baseline"].iloc[row]
    assert np.hypot(middle.x[row] - at[0], middle.y[row] - at[1]) < 60
    assert shown(cell, rule, "○ 안", "× 밖") in said
    places = {said}
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
        places.add(page.locator(".lz-place").inner_text())
    assert len(places) >= 4
    before = page.evaluate("() => lifezoneMaps.map.map.getCenter()")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("() => lifezoneMaps.map.map.getCenter()")["lng"] > before["lng"]
    zoom = page.evaluate("() => lifezoneMaps.map.map.getZoom()")
    page.keyboard.press("+")
    assert page.evaluate("() => lifezoneMaps.map.map.getZoom()") > zoom
    page.keyboard.press("Escape")
    assert page.locator(".lz-cross").is_hidden()


def test_map__every_control_is_reached_by_tab_with_visible_focus(page) -> None:
    choose(page, view="swipe")
    page.evaluate("() => document.querySelectorAll('.lz-map details').forEach((one) => one.open = true)")
    wanted = page.evaluate("""() => {
      const all = [...document.querySelectorAll(
        ".lz-map a[href], .lz-map button, .lz-map select, .lz-map input, .lz-map summary, .lz-map [tabindex='0']")]
        .filter((one) => !one.disabled && one.getClientRects().length);
      const seen = new Set();
      all.forEach((one, at) => {
        const key = one.type === "radio" ? one.name : `k${at}`;
        one.dataset.walk = key; seen.add(key);
      });
      return [...seen];
    }""")
    reached = set()
    for _ in range(len(wanted) + 12):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
          const one = document.activeElement; const style = getComputedStyle(one);
          return [one.dataset.walk ?? null, style.outlineStyle, parseFloat(style.outlineWidth),
            one.labels?.length || one.getAttribute("aria-label") || one.textContent ? 1 : 0];
        }""")
        if found[0] is not None:
            reached.add(found[0])
            assert found[1] != "none", found
            assert found[2] >= 2, found
            assert found[3], found
    assert reached == set(wanted)


def test_map__controls_work_by_keyboard(page) -> None:
    choose(page, view="difference")
    page.locator("input[type=radio][value=difference]").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => lifezoneMaps.map.state().view") == "steps"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => lifezoneMaps.map.state().view") == "swipe"
    page.locator(".lz-swipe").focus()
    page.keyboard.press("Home")
    assert page.evaluate("() => lifezoneMaps.map.state().split") == 0
    cut = page.locator(".lz-cut input")
    cut.focus()
    bound = told(page)["bound"]
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => lifezoneMaps.map.state().cut") == bound + 1
    page.locator(".lz-cut button").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => lifezoneMaps.map.state().cut") == bound
    page.locator(".lz-bar select").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator(".lz-compare button").focus()
    page.keyboard.press("Space")
    assert page.evaluate("() => [lifezoneMaps.map.state().a, lifezoneMaps.map.state().b]") == [1, 0]


@pytest.mark.parametrize("times", [0.5, 1.0, 1.6])
def test_map__cut_off_counts_the_files_people(page, cells, times: float) -> None:
    rule = told(page)
    cut = round(rule["bound"] * times)
    choose(page, view="difference", cut=cut)
    text = page.locator(".lz-cut-text").inner_text()
    for name, frame in cells.items():
        judged = frame[f"{RULE}_reason"].notna() & (frame["people_total"] > 0)
        within = judged & (frame[f"{RULE}_minutes"] <= cut * rule["step"] + 1e-9)
        told_line = next(line for line in text.splitlines() if ("현재" if name == "baseline" else "B ") in line)
        people, whole = (np.floor(frame.loc[rows, "people_total"].sum() / 10 + 0.5) * 10 for rows in (within, judged))
        assert f"약 {whole:,.0f}명 가운데 약 {people:,.0f}명" in told_line
    minutes = f"{cut * rule['step']:.1f}".removesuffix(".0")
    assert f"한계 {minutes}분" in text
    assert ("(기준)" in text) == (times == 1.0)
    assert f"기준 {rule['bound'] * rule['step']:g}분" in page.locator(".lz-cut-mark").inner_text()


def colour_at(page, cell, side: int = 0) -> list[int]:
    """The colour that most of a cell has on the canvas."""
    point_of(page, cell)
    page.evaluate("() => lifezoneMaps.map.set({hidden: ['roads', 'borders', 'names', 'deserts', 'facilities']})")
    middle = cell.geometry.centroid
    return page.evaluate(
        """([x, y, side]) => {
          const {map} = lifezoneMaps.map;
          const data = JSON.parse(document.getElementById("map-data").textContent);
          const canvas = document.querySelectorAll("canvas.lz-canvas")[side];
          const at = map.latLngToContainerPoint([y - data.origin[1], x - data.origin[0]]);
          const box = document.querySelector(".lz-leaflet").getBoundingClientRect();
          const own = canvas.getBoundingClientRect();
          const k = canvas.width / own.width;
          const px = canvas.getContext("2d").getImageData((box.left + at.x - own.left) * k - 3,
            (box.top + at.y - own.top) * k - 3, 6, 6).data;
          const counts = {};
          for (let i = 0; i < px.length; i += 4) {
            const key = [px[i], px[i + 1], px[i + 2]].join();
            counts[key] = (counts[key] ?? 0) + 1;
          }
          return Object.entries(counts).sort((p, q) => q[1] - p[1])[0][0].split(",").map(Number);
        }""",
        [middle.x, middle.y, side],
    )


def ink(page, name: str) -> list[int]:
    fill = page.evaluate("(name) => JSON.parse(document.getElementById('map-data').textContent).inks[name][0]", name)
    return [int(fill[at : at + 2], 16) for at in (1, 3, 5)]


def test_map__difference_paints_gains_and_counts_them(page, cells) -> None:
    choose(page, view="difference")
    was, now = ((cells[name][f"{RULE}_reason"].fillna("") == "met").to_numpy(bool) for name in ("baseline", EAST))
    people = cells["baseline"]["people_total"].to_numpy()
    gained = np.flatnonzero(now & ~was & (people > 0))
    as_before = (cells["baseline"][f"{RULE}_minutes"] == cells[EAST][f"{RULE}_minutes"]).to_numpy()
    same = np.flatnonzero(was & now & as_before & (people > 0))
    total = np.floor(people[gained].sum() / 10 + 0.5) * 10
    assert f"약 {total:,.0f}명" in page.locator(".lz-rows li", has_text="새로 기준 안").inner_text()
    for row in gained[:3]:
        assert colour_at(page, cells["baseline"].iloc[row]) == ink(page, "gain")
    for row in same[:3]:
        assert colour_at(page, cells["baseline"].iloc[row]) == ink(page, "unchanged")
    choose(page, view="difference", a=1, b=0)
    for row in gained[:2]:
        assert colour_at(page, cells["baseline"].iloc[row])[:2] in (ink(page, "lose")[:2], [0xF0, 0xC9])
    assert "B 현재" in page.locator(".lz-title").inner_text()


def test_map__swipe_shows_a_on_the_left_and_b_on_the_right(page, cells) -> None:
    choose(page, view="swipe", a=0, b=1)
    was, now = ((cells[name][f"{RULE}_reason"].fillna("") == "met").to_numpy(bool) for name in ("baseline", EAST))
    row = np.flatnonzero(now & ~was & (cells["baseline"]["people_total"] > 0))[0]
    cell = cells["baseline"].iloc[row]
    greens = [ink(page, f"class{at}") for at in range(3)]
    browns = [ink(page, f"class{at}") for at in range(3, 6)]
    assert colour_at(page, cell, 0) in browns
    assert colour_at(page, cell, 1) in greens
    page.locator(".lz-swipe").fill("30")
    clip = page.evaluate("""() => {
      const b = document.querySelector(".lz-canvas-b"); const left = parseFloat(b.style.clipPath.split(" ").at(-1));
      const box = document.querySelector(".lz-leaflet").getBoundingClientRect();
      return (b.getBoundingClientRect().left + left - box.left) / box.width;
    }""")
    assert clip == pytest.approx(0.3, abs=0.003)
    names = page.locator(".lz-side-name").all_inner_texts()
    assert names[0].startswith("A 현재")
    assert names[1].startswith("B ")


def test_map__names_are_text_whatever_they_say(watched, page) -> None:
    page.evaluate("() => lifezoneMaps.map.set({kinds: ['clinic', 'elementary_school', 'retail']})")
    names = page.locator(".lz-goto select").nth(2).locator("option").all_inner_texts()
    assert worlds.EVIL in names
    assert any("</script>" in name for name in names)
    page.locator(".lz-goto select").nth(2).select_option(label=worlds.EVIL)
    assert worlds.EVIL in page.locator(".lz-place").inner_text()
    assert page.locator(".lz-map img").count() == 0
    watched.assert_quiet()


def test_map__deserts_are_chosen_from_the_list_and_tell_what_is_missing(page) -> None:
    choices = page.locator(".lz-goto select").nth(1).locator("option").all_inner_texts()
    assert len(choices) > 3
    page.locator(".lz-goto select").nth(1).select_option(index=1)
    text = page.locator(".lz-place").inner_text()
    assert "없는 기능" in text
    assert "전체 인구" in text
    assert page.locator(".lz-live").inner_text().startswith(choices[1].split(" · ")[0])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_map__fits_a_phone_in_both_languages(show, study, language) -> None:
    watched, page = show(study / f"{language}.html", width=360, height=740)
    for view in ("difference", "steps", "swipe", "single"):
        choose(page, view=view)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        text = page.locator(".lz-map").inner_text()
        assert "[" not in text.replace("[x]", ""), "a word is missing"
        assert "{" not in text
    stage = page.locator(".lz-leaflet").bounding_box()
    assert stage["width"] >= 320
    assert stage["height"] >= 300
    page.locator(".lz-leaflet").click(position={"x": 170, "y": 200})
    watched.assert_quiet()


def test_map__prints_state_legend_scale_and_sources(page) -> None:
    choose(page, view="difference")
    page.emulate_media(media="print")
    for selector in (".lz-title", ".lz-legend", ".lz-sources", ".lz-notes", ".leaflet-control-scale", ".lz-north"):
        assert page.locator(selector).first.is_visible(), selector
    for selector in (".lz-bar", ".lz-cut", ".lz-goto", ".lz-help", ".leaflet-control-zoom"):
        assert page.locator(selector).first.is_hidden(), selector
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".lz-leaflet").bounding_box()["width"] == 640
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert len(page.pdf(format="A4", print_background=True)) > 20_000


def test_map__keeps_its_state_in_the_address_and_distrusts_others(show, page, study) -> None:
    choose(page, view="swipe", a=0, b=1, cut=20)
    page.locator(".lz-goto button").click()
    _, again = show(study / "ko.html", anchor=page.evaluate("() => location.hash"))
    assert again.evaluate("() => lifezoneMaps.map.state()") == page.evaluate("() => lifezoneMaps.map.state()")
    for bad in ("%3Cimg%20src=x%3E,swipe,0,1,20,0,0,1", "clinic_car,swipe,9,1,20,0,0,1", ""):
        watched, other = show(study / "ko.html", anchor=f"#map-live={bad}")
        assert other.evaluate("() => lifezoneMaps.map.state().view") == "difference"
        watched.assert_quiet()


def test_map__without_scripts_the_picture_stays(watch, study) -> None:
    page = watch(scripts=False).open(study / "ko.html")
    assert page.locator(".live-fallback").is_visible()
    assert page.locator(".lz-ready").count() == 0


def test_map__is_the_same_picture_with_webgl(browser, page, study) -> None:
    """Without WebGL, as all tests run, the picture is that of a browser with it."""
    flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--force-color-profile=srgb"]
    kind = browser.browser_type
    with_gl = kind.launch(executable_path=next(filter(None, map(shutil.which, PROGRAMS))), args=flags)
    try:
        other = with_gl.new_page(viewport={"width": 1280, "height": 900})
        other.goto((study / "ko.html").resolve().as_uri())
        other.wait_for_selector(".lz-ready canvas.lz-canvas")
        found = []
        for one in (page, other):
            one.evaluate("() => lifezoneMaps.map.set({hidden: ['names', 'facilities']})")
            found.append(np.array(one.evaluate(PIXELS)))
        assert page.evaluate("() => document.createElement('canvas').getContext('webgl') === null")
        assert len(found[0]) == len(found[1])
        assert (np.abs(found[0] - found[1]) > 48).mean() < 0.01  # lines may be smoothed otherwise
    finally:
        with_gl.close()


def test_map__points_are_found_near_the_pointer(show, tmp_path) -> None:
    write(worlds.result(maps=False, grid=False, cells=300), tmp_path / "out")
    (tmp_path / "points.html").write_text(page_of(tmp_path / "out", "en"), encoding="utf-8")
    watched, page = show(tmp_path / "points.html")
    frame = gpd.read_parquet(tmp_path / "out" / "baseline" / "cells.parquet")
    cell = frame[frame["people_total"] >= 8].iloc[5]
    choose(page, view="single")
    x, y = point_of(page, cell)
    page.mouse.move(x + 60, y + 60)
    page.mouse.move(x + 4, y + 3)
    assert f"about {int(np.floor(cell['people_total'] / 5 + 0.5)) * 5} people" in page.locator(".lz-place").inner_text()
    watched.assert_quiet()


def test_map__is_sound_for_assistive_technology(page) -> None:
    page.evaluate("() => document.querySelectorAll('.lz-map details').forEach((one) => one.open = true)")
    found = Axe().run(page, context=".lz-map")
    bad = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert not bad, [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in bad]
