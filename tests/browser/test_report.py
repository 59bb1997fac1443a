"""The report as a council member meets it: UX.md tests 20, 22, 23, 24, 25 and 26."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pypdf import PdfReader

from lifezone.report.document import Document, Section
from lifezone.report.html import html_page
from lifezone.report.words import texts_of
from tests.browser.conftest import Watched
from tests.report import worlds
from tests.report.paper.documents import table

LANGUAGES = ("ko", "en")
_SERIOUS = ("serious", "critical")


@pytest.fixture(params=LANGUAGES)
def report(request: pytest.FixtureRequest, hostile_folder: Path) -> Path:
    """The report in each language."""
    return hostile_folder / f"report.{request.param}.html"


def test_report__asks_for_nothing_and_complains_of_nothing(page: Watched, report: Path) -> None:
    opened = page.open(report)
    opened.mouse.wheel(0, 100_000)
    opened.wait_for_timeout(200)
    page.assert_quiet()
    found = set(re.findall(r"https?://[^\s\"'<)\\]+", report.read_text(encoding="utf-8")))
    assert {one for one in found if not one.startswith("http://www.w3.org/")} == set()


def test_report__hostile_names_are_text(page: Watched, report: Path) -> None:
    opened = page.open(report)
    assert opened.locator("img[src=x]").count() == 0
    assert opened.locator("h1").inner_text().strip() == f"Hanbit {worlds.EVIL}"
    assert opened.evaluate("[...document.querySelectorAll('*')].filter(e => [...e.attributes]"
                           ".some(a => a.name.startsWith('on'))).length") == 0  # fmt: skip
    page.assert_quiet()


def test_report__reads_with_scripts_off(watch: Any, report: Path) -> None:
    still = watch(scripts=False)
    opened = still.open(report)
    assert opened.locator("h2").count() >= 3
    figures = opened.locator("#page_one .figure .value, #page-one .figure .value")
    assert figures.count() >= 3
    for at in range(figures.count()):
        assert figures.nth(at).is_visible()
    rows = opened.locator("main > section > .table tbody tr")
    assert rows.count() > 10
    assert all(rows.nth(at).is_visible() for at in range(0, rows.count(), 7))
    pictures = opened.locator("img")
    assert pictures.count() >= 1
    assert all(pictures.nth(at).is_visible() for at in range(pictures.count()))
    assert opened.locator(".tools button").first.is_hidden()
    still.shot(f"{report.stem}-scripts-off")
    still.assert_quiet()


def test_report__has_no_serious_fault_of_accessibility(page: Watched, report: Path) -> None:
    opened = page.open(report)
    found = Axe().run(opened, options={"resultTypes": ["violations"]}).response["violations"]
    told = [
        (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in _SERIOUS
    ]
    assert told == []


@pytest.mark.parametrize("width", [360, 768])
def test_report__fits_a_phone_and_a_tablet(watch: Any, report: Path, width: int) -> None:
    phone = watch(width=width, height=740)
    opened = phone.open(report)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    phone.shot(f"{report.stem}-{width}")


def test_report__languages_are_marked(page: Watched, report: Path) -> None:
    language = report.stem.rpartition(".")[2]
    opened = page.open(report)
    assert opened.evaluate("document.documentElement.lang") == language
    unmarked = opened.evaluate(
        """(language) => {
          const foreign = language === 'en' ? /[가-힣]/ : /[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}/;
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          const found = [];
          while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (parent.closest('script, style, svg, .live-map')) continue;
            if (foreign.test(node.data) && parent.closest('[lang]').lang === language) found.push(node.data);
          }
          return found;
        }""",
        language,
    )
    assert unmarked == []


def test_report__skip_link_comes_first_and_leads_to_the_report(page: Watched, report: Path) -> None:
    opened = page.open(report)
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    assert opened.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "report"


def test_report__every_control_is_reached_by_keyboard_and_shows_it(page: Watched, report: Path) -> None:
    opened = page.open(report)
    wanted = opened.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, [tabindex="0"], input, select')]
          .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 && !e.closest('.live-map')).length"""
    )
    seen: set[int] = set()
    for _ in range(wanted * 2):
        opened.keyboard.press("Tab")
        told = opened.evaluate(
            """() => { const e = document.activeElement; if (!e || e === document.body) return null;
              e.dataset.seen ??= String(document.querySelectorAll('[data-seen]').length + 1);
              const style = getComputedStyle(e);
              return [Number(e.dataset.seen), !e.closest('.live-map'),
                      style.outlineStyle !== 'none' || e.classList.contains('skip') || !!e.closest('.live-map')]; }"""
        )
        if told is None:
            break
        assert told[2], "focus is not visible"
        if told[1]:
            seen.add(told[0])
    assert len(seen) >= wanted


@pytest.fixture(scope="session")
def korean(hostile_folder: Path) -> Path:
    """The Korean report, where the language does not matter."""
    return hostile_folder / "report.ko.html"


def _first_sortable(opened: Page) -> str:
    return str(opened.evaluate(
        """() => { const head = [...document.querySelectorAll('main > section > .table th.n button')]
             .find((one) => one.closest('table').tBodies[0].rows.length > 4); return head.closest('table').id; }"""
    ))  # fmt: skip


def test_report__tables_sort_by_key_and_totals_stay(page: Watched, korean: Path) -> None:
    opened = page.open(korean)
    first = _first_sortable(opened)
    head = opened.locator(f"#{first} th.n:has(button)").first
    column = head.evaluate("(e) => e.cellIndex")
    head.locator("button").focus()
    opened.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    values = _values(opened, first, column)
    assert values == sorted(values, reverse=True)
    opened.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    values = _values(opened, first, column)
    assert values == sorted(values)
    assert opened.locator(f"#{first} th[aria-sort=ascending], #{first} th[aria-sort=descending]").count() == 1
    page.assert_quiet()


def _values(opened: Page, table_id: str, column: int) -> list[float]:
    """Numbers of a column as they stand, totals and empty cells left out."""
    found: list[float] = opened.evaluate(
        """([id, at]) => [...document.getElementById(id).tBodies[0].rows].filter((r) => !r.classList.contains('total'))
           .map((r) => r.cells[at].dataset.v).filter((v) => v !== undefined).map(Number)""",
        [table_id, column],
    )
    return found


def test_report__tables_are_saved_as_csv_that_no_spreadsheet_runs(page: Watched, korean: Path) -> None:
    opened = page.open(korean)
    first = _first_sortable(opened)
    with opened.expect_download() as caught:
        opened.locator(f"#{first}-box [data-do=save]").click()
    assert caught.value.suggested_filename == f"{first}.csv"
    content = Path(caught.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    shown = opened.locator(f"#{first} tbody tr").count()
    assert len(rows) == shown + 1
    assert len({len(row) for row in rows}) == 1
    risky = re.compile(r"[=+\-@\t\r＝＋－＠]")
    assert not any(risky.match(cell) and not re.fullmatch(r"[+-]?[\d.]+", cell) for row in rows for cell in row)


def test_report__tables_are_copied_as_html_and_as_cells(watch: Any, korean: Path) -> None:
    page = watch(permissions=["clipboard-read", "clipboard-write"])
    opened = page.open(korean)
    first = _first_sortable(opened)
    opened.locator(f"#{first}-box [data-do=copy]").click()
    opened.wait_for_function("document.getElementById('told').textContent !== ''")
    told = opened.evaluate(
        """async () => { const [item] = await navigator.clipboard.read();
           const read = async (type) => (await item.getType(type)).text();
           return [await read('text/html'), await read('text/plain')]; }"""
    )
    assert "<table" in told[0]
    assert told[0].count("<tr") == opened.locator(f"#{first} tr").count()
    assert len(told[1].strip().splitlines()) == opened.locator(f"#{first} tr").count()
    assert "\t" in told[1]


def test_report__long_tables_unfold(page: Watched, tmp_path: Path) -> None:
    doc = Document("ko", "표", "", (Section("s", "표", (table(40, most=10, id_="long"),)),))
    (tmp_path / "page.html").write_text(html_page(doc, {}, texts_of("ko")), encoding="utf-8")
    opened = page.open(tmp_path / "page.html")
    box = opened.locator("#long-box")
    visible = "(e) => [...e.querySelectorAll('tbody tr')].filter((row) => row.checkVisibility()).length"
    assert box.evaluate(visible) == 10
    button = box.locator("[data-do=fold]")
    button.focus()
    opened.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert box.evaluate(visible) == 40
    head = box.locator("th.n button").first
    head.click()
    opened.keyboard.press("Shift+Tab")
    button.click()
    assert box.evaluate(visible) == 10
    assert max(_values(opened, "long", 1)) == _values(opened, "long", 1)[0]
    page.assert_quiet()


def test_report__page_one_is_one_printed_page(page: Watched, report: Path, tmp_path: Path) -> None:
    """On A4 the map of page one stands on the first sheet, and the second one begins with the contents."""
    opened = page.open(report)
    opened.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True, page_ranges="1-2")
    first, second = (sheet for sheet in PdfReader(tmp_path / "paper.pdf").pages)
    assert float(first.mediabox.width) == pytest.approx(210 / 25.4 * 72, abs=1)
    assert len(first.images) >= 1
    contents = texts_of("ko" if report.stem.endswith("ko") else "en").say("html.contents")
    assert contents in (second.extract_text() or "")[:200].replace(" ", "")
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 688, "height": 1009})
    page.shot(f"{report.stem}-page-one-printed")


def test_report__screenshots_of_every_section(page: Watched, report: Path) -> None:
    opened = page.open(report)
    for at, name in enumerate(opened.locator("main > section").evaluate_all("(all) => all.map((e) => e.id)")):
        path = page.shot(f"{report.stem}-{at:02d}-{name}", f"#{name}")
        assert path.stat().st_size > 1000
