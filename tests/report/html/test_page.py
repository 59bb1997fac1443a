"""One HTML file: a strict policy whose hashes hold, text that stays text, tables that hold no more than they show."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from lifezone.errors import InputError
from lifezone.report.document import Column, Document, Heading, LiveMap, Paragraph, Picture, Section, Shown, Table
from lifezone.report.html import Embedder, html_page
from lifezone.report.html.cells import draw_cell
from lifezone.report.html.foreign import marked
from lifezone.report.html.scripts import joined, safe_json
from lifezone.report.words import texts_of
from tests.report.paper.documents import HOSTILE, document

KO, EN = texts_of("ko"), texts_of("en")


class Reader(HTMLParser):
    """Tags with their attributes, and the text between them, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.parts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        self.parts.append((self.inside[-1] if self.inside else "text", data))

    def all_of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text(self) -> str:
        return "".join(data for where, data in self.parts if where == "text")


def page_of(doc: Document, folder: Path) -> str:
    texts = texts_of(doc.language)
    return html_page(doc, Embedder(folder).embed(doc), texts)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("out")
    return page_of(document(folder, modelled="모두 지어낸 것"), folder)


def test_page__policy_lets_our_own_scripts_and_styles_run_and_nothing_load(page: str) -> None:
    reader = Reader(page)
    policy = next(
        one["content"] or "" for one in reader.all_of("meta") if one.get("http-equiv") == "Content-Security-Policy"
    )
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["default-src"] == ["'none'"]
    assert "unsafe" not in policy
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        bodies = re.findall(rf"<{tag}(?![^>]*json)[^>]*>(.*?)</{tag}>", page, re.DOTALL)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in bodies}
        assert hashes == set(rules[rule])


def test_page__asks_for_nothing_from_outside(page: str) -> None:
    found = set(re.findall(r"https?://[^\s\"'<)]+", page))
    assert found <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    reader = Reader(page)
    for tag, attributes in reader.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        for name in ("src", "href", "srcset", "action", "data"):
            assert (attributes.get(name) or "#").startswith(("data:image/png;base64,", "#")), (tag, attributes)


def test_page__names_are_text_wherever_they_stand(tmp_path: Path) -> None:
    evil = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>'
    table = Table(evil[:0] + "t", evil, (Column("a", evil, note=evil), Column("b", "n", "text", evil)), ((evil, evil),),
                  note=evil)  # fmt: skip
    live = LiveMap("m", evil, evil, {"names": [evil, "\u2028"]})
    doc = Document(
        "en", evil, evil, (Section("s", evil, (Paragraph(evil), Heading(evil), table, live)),), (evil,), evil
    )
    told = html_page(doc, {}, EN)
    reader = Reader(told)
    assert not reader.all_of("img")
    assert len([one for one in reader.all_of("script") if one.get("type") != "application/json"]) == 1
    assert reader.text().count(evil) >= 8
    data = re.search(r'<script type="application/json" id="m-data">(.*?)</script>', told, re.DOTALL)
    assert data is not None
    assert json.loads(data[1]) == {"names": [evil, "\u2028"]}


def test_page__hostile_names_of_a_table_are_read_as_they_are(page: str) -> None:
    text = Reader(page).text()
    for name in HOSTILE[:3]:
        assert name in text


def test_page__every_section_has_an_anchor_and_page_one_no_number(page: str) -> None:
    reader = Reader(page)
    ids = [one["id"] for _tag, one in reader.tags if one.get("id")]
    assert len(ids) == len(set(ids))
    targets = [(one["href"] or "")[1:] for one in reader.all_of("a")]
    assert set(targets) <= set(ids)
    titles = re.findall(r"<h2 id=\"[\w-]+-title\">(.*?)</h2>", page)
    numbers = [re.search(r'class="number">(\d+)<', title) for title in titles]
    assert [None if one is None else int(one[1]) for one in numbers if one is not None] == list(
        range(1, sum(one is not None for one in numbers) + 1)
    )


def test_page__tables_have_captions_heads_with_units_and_row_heads(page: str) -> None:
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "<caption" in table
        heads = re.findall(r'<th scope="col"', table)
        rows = re.findall(r"<tr.*?</tr>", table.split("<tbody>")[1], re.DOTALL)
        assert all(row.count('<th scope="row"') == 1 and row.count("<td") == len(heads) - 1 for row in rows)
    assert re.search(r'class="unit">\(명\)<', page)


def test_page__same_document_same_bytes(tmp_path: Path) -> None:
    doc = document(tmp_path)
    assert page_of(doc, tmp_path) == page_of(doc, tmp_path)


def test_page__headings_of_one_name_have_their_own_anchors() -> None:
    doc = Document("en", "t", "", (Section("s", "S", (Heading("Same"), Heading("Same"))),))
    assert re.findall(r'<h3 id="([^"]+)"', html_page(doc, {}, EN)) == ["s-1", "s-2"]


def test_embedder__leaves_out_what_passes_the_limit_and_the_page_says_where_it_is(tmp_path: Path) -> None:
    doc = document(tmp_path)
    path = next(iter(Embedder(tmp_path).embed(doc)))
    assert not Embedder(tmp_path, most_bytes=100).embed(doc)
    told = Reader(html_page(doc, {}, KO)).text()
    assert KO.say("html.left_out", path=path) in told


def test_embedder__refuses_pictures_outside_the_folder_and_missing_ones(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"")
    for path in ("../secret.png", "gone.png"):
        doc = Document("en", "t", "", (Section("s", "S", (Picture("p", "c", path, "a"),)),))
        (tmp_path / "out").mkdir(exist_ok=True)
        with pytest.raises(InputError, match="missing"):
            Embedder(tmp_path / "out").embed(doc)


def test_embedder__says_that_a_picture_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    doc = Document("en", "t", "", (Section("s", "S", (Picture("p", "c", "a.png", "a"),)),))
    with pytest.raises(InputError, match="no PNG"):
        Embedder(tmp_path).embed(doc)


@pytest.mark.parametrize(
    ("value", "column", "text", "sort"),
    [
        (0.981581892, Column("a", "a", "percent", "%"), "98.2", "98.2"),
        (7.0, Column("a", "a", "people", "명"), "<10", "5"),
        (7.4, Column("a", "a", "people"), "<10", "5"),
        (0.0, Column("a", "a", "people", "명"), "0", "0"),
        (1234.4, Column("a", "a", "people", "명"), "1,234", "1234"),
        (125.26, Column("a", "a", "minutes"), "2시간 5분", "125.3"),
        (0.00001, Column("a", "a", "percent", "%"), "<0.1", "0"),
        (-0.034, Column("a", "a", "points", "%p"), "-3.4", "-3.4"),
        (float("inf"), Column("a", "a", "minutes", "분"), "갈 수 없음", ""),
        (None, Column("a", "a", "minutes", "분"), "–", ""),
        ("가", Column("a", "a"), "가", ""),
        (Shown("1–4", 2.5), Column("a", "a", "people", "명"), "1–4", "2.5"),
    ],
)
def test_draw_cell__tells_no_more_than_is_read(value: object, column: Column, text: str, sort: str) -> None:
    drawn = draw_cell(value, column, KO)  # type: ignore[arg-type]
    assert (drawn.text, drawn.sort) == (text, sort)


def test_draw_cell__disclosed_counts_are_themselves() -> None:
    drawn = draw_cell(7.0, Column("a", "a", "people", "명"), texts_of("ko", True))
    assert (drawn.text, drawn.sort) == ("7", "7")


def test_marked__runs_of_the_other_language_say_so() -> None:
    assert marked("School 새터초 <b> of 한빛읍 one", "en") == (
        'School <span lang="ko">새터초</span> &lt;b&gt; of <span lang="ko">한빛읍</span> one'
    )
    assert marked("의원은 Where should it go? 10 km", "ko") == '의원은 <span lang="en">Where should it go</span>? 10 km'
    assert marked("GeoPackage와 PNG 파일", "ko") == "GeoPackage와 PNG 파일"


def test_joined__puts_every_module_once_before_whoever_imports_it() -> None:
    script = joined(files("lifezone.report.html"), "report.js")
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", script, flags=re.DOTALL)
    assert not re.search(r"^export", script, re.MULTILINE)
    assert script.count("function sortable(") == 1
    assert script.index("function sortable(") < script.index("function equip(")


def test_joined__refuses_two_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import {b} from "./b.js";\nfunction c() { b(); }\n')
    (tmp_path / "b.js").write_text("export function b() {}\nfunction c() {}\n")
    with pytest.raises(ValueError, match=r"c is declared in b\.js and in a\.js"):
        joined(tmp_path, "a.js")
    (tmp_path / "b.js").write_text("export default function b() {}\n")
    with pytest.raises(ValueError, match="cannot be joined"):
        joined(tmp_path, "a.js")


def test_safe_json__ends_no_element() -> None:
    text = safe_json(json.dumps({"a": "</script><!--"}))
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--"}


def test_styles__every_colour_of_text_stands_out() -> None:
    """Contrast of the page's inks on its lightest grounds, by the formula of WCAG 2.2."""
    css = files("lifezone.report.html").joinpath("report.css").read_text(encoding="utf-8")
    inks = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in ("ink", "muted", "accent", "good", "bad"):
        for ground in ("#ffffff", inks["faint"]):
            light, dark = sorted((luminance(ground), luminance(inks[ink])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
