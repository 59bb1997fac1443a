"""The maps over years as a reader moves them: slider, button, keys; scripts off; hostile names; axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from lifezone.report.document import Document, Section, YearPlayer
from lifezone.report.html import html_page
from lifezone.report.words import texts_of
from tests.browser.conftest import Watched

EVIL = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def player(tmp_path_factory: Any) -> Path:
    """A page with two districts in three editions, one of them without data once."""
    texts = texts_of("en")
    square = ["M0 0l500 0 0 500 -500 0z", "M500 0l500 0 0 500 -500 0z"]
    payload = {
        "width": 1000, "height": 500, "years": ["2000", "2010", "2020"], "districts": [EVIL, "Solnae"],
        "indicators": [
            {"label": "Risk", "classes": [{"text": "< 1", "fill": "#8f4210"}, {"text": "≥ 1", "fill": "#9fd6c8"}],
             "klass": [[1, 1], [0, -1], [0, 0]], "value": [["2", "3"], ["0.5", "not known"], ["0.4", "0.2"]],
             "change": [["", ""], ["−1.5", ""], ["−0.1", ""]]},
            {"label": EVIL, "classes": [{"text": "all", "fill": "#123456"}], "klass": [[0, 0]] * 3,
             "value": [["1", "1"]] * 3, "change": [["", ""]] * 3},
        ],
        "shapes": {"ground": square, "tiles": square, "cartogram": [square, None, square], "circles": [None] * 3},
        "words": {key: texts.say(f"years.player.{key}") for key in (
            "ground", "cartogram", "tiles", "circles", "indicator", "beside", "year", "play", "pause", "legend", "hint",
            "keys", "no_data", "class", "change")},
    }  # fmt: skip
    block = YearPlayer("p", "Maps over the years", "Maps.", payload)
    document = Document("en", "Years", "", (Section("years", "Years", (block,)),))
    path = Path(tmp_path_factory.mktemp("years")) / "page.html"
    path.write_text(html_page(document, {}, texts), encoding="utf-8")
    return path


def test_player__slider_and_keys_change_the_year(page: Watched, player: Path) -> None:
    opened = page.open(player)
    fill = "document.querySelectorAll('.years-map path[data-at=\"0\"]')[0].getAttribute('fill')"
    assert opened.locator(".years-year").inner_text() == "2020"
    assert opened.evaluate(fill) == "#8f4210"
    opened.locator("input[type=range]").focus()
    opened.keyboard.press("Home")
    assert opened.locator(".years-year").inner_text() == "2000"
    assert opened.evaluate(fill) == "#9fd6c8"
    assert opened.locator("input[type=range]").get_attribute("aria-valuetext") == "2000"
    opened.locator(".years-map").first.focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowRight")
    told = opened.locator(".years-told").inner_text()
    assert told == f"{EVIL}, 2010 · Risk: 0.5 · class: < 1 · change since the edition before: −1.5"
    opened.keyboard.press("ArrowDown")
    assert "no data" in opened.locator(".years-told").inner_text()
    page.assert_quiet()


def test_player__plays_pauses_and_stops_at_the_end(page: Watched, player: Path) -> None:
    opened = page.open(player)
    opened.clock.install()
    button = opened.locator(".years-tools button")
    opened.locator("input[type=range]").fill("0")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    opened.clock.run_for(1500)
    assert opened.locator(".years-year").inner_text() == "2010"
    button.click()
    opened.clock.run_for(5000)
    assert opened.locator(".years-year").inner_text() == "2010"
    button.click()
    opened.clock.run_for(6000)
    assert opened.locator(".years-year").inner_text() == "2020"
    assert button.get_attribute("aria-pressed") == "false"


def test_player__hover_tells_the_district_and_hostile_names_are_text(page: Watched, player: Path) -> None:
    opened = page.open(player)
    opened.locator(".years-map").nth(1).locator("path[data-at='1']").hover()
    assert opened.locator(".years-told").inner_text().startswith("Solnae, 2020 · Risk: 0.2")
    opened.locator("select").first.select_option(index=1)
    assert EVIL in opened.locator(".years-told").inner_text()
    assert opened.locator("img").count() == 0
    assert opened.locator(".years-map").nth(1).locator("path[d]").count() == 2
    page.assert_quiet()


def test_player__respects_reduced_motion_and_needs_no_script(watch: Any, player: Path) -> None:
    calm = watch(reduced_motion="reduce").open(player)
    duration = "getComputedStyle(document.querySelector('.years-map path')).transitionDuration"
    assert calm.evaluate(duration) == "0s"
    still = watch(scripts=False).open(player)
    assert still.locator(".years-player").is_hidden()
    assert still.locator("figcaption").is_visible()


def test_player__axe_finds_nothing_serious(page: Watched, player: Path) -> None:
    opened = page.open(player)
    found = Axe().run(opened)
    serious = [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == []
