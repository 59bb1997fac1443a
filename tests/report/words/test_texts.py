"""All texts of reports: whole in both languages, used, with the same fields, and written for people."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import lifezone
from lifezone.report.words import texts_of
from lifezone.report.words.particles import PAIRS
from lifezone.report.words.texts import PLACEHOLDER

SOURCE = Path(lifezone.__file__).parent
KO, EN = texts_of("ko").table, texts_of("en").table
LATIN_IN_KOREAN = {
    "A", "AI", "B", "BOM", "Benjamini", "C", "CCTV", "CSV", "CV", "D", "DOI", "EPSG", "ESC", "Enter", "Esc", "FGT",
    "FGT0", "FGT1", "FGT2", "GIS", "GRDP", "Gini", "Grundzentrum", "H3", "HTML", "HWPX", "Hochberg", "ID", "K",
    "KTX", "Kakwani", "Kish", "Leaflet", "Lorenz", "Mittelzentrum", "OSM", "Oberzentrum", "P10", "P90", "PDF",
    "PNG", "QGIS", "R", "SGIS", "SHA", "SOC", "SVG", "Shapley", "Shift", "UTF", "V", "W", "X", "XLSX", "YAML",
    "ZIP", "csv", "designations", "gpkg", "ha", "json", "kB", "km", "lifezone", "m", "manifest", "p", "parquet",
    "sha256", "zones",
}  # fmt: skip
"""Latin words that Korean sentences may hold: units, formats, names, measures."""
KOREAN_NAMES = ("facilities.counts.",)
"""English texts that name Korean institutions by their own names."""
TITLES = re.compile(r"\w+\.title")
"""Every block has a title, also blocks that are no section."""
HOW_TO_ASK = ("appendix.without_",)
"""Texts that name the key of the scenario that asks for what is missing."""
OWN_FIELDS = ("map.js.",)
"""Filled by the page's own script, which knows no forms."""


@cache
def used() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the texts that occur in the program as they are, and patterns of those that are put together."""
    plain: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in sorted((SOURCE / "report").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
                if re.fullmatch(r"[\w.]+\.", node.value):  # a whole block, by its beginning
                    patterns.append(re.compile(re.escape(node.value) + ".*"))
            elif isinstance(node, ast.JoinedStr):
                text = "".join(_part(one) for one in node.values)
                if re.match(r"\w+\\\.", text):
                    patterns.append(re.compile(text))
    for path in sorted((SOURCE / "report").rglob("*")):
        if path.suffix in (".html", ".j2", ".jinja", ".js"):
            text = path.read_text(encoding="utf-8")
            patterns += [re.compile(re.escape(found) + ".*") for found in re.findall(r"""["']([a-z_.]+\.)["']""", text)]
            plain |= set(re.findall(r"""["']([a-z_]+\.[\w.]+)["']""", text))
    return plain, patterns


def _part(node: ast.expr) -> str:
    """Return one part of a text that is put together, as a pattern."""
    return re.escape(str(node.value)) if isinstance(node, ast.Constant) else r"[\w.+?/-]*"


def fields(text: str) -> set[str]:
    return {found[1] for found in PLACEHOLDER.finditer(text)}


def test_texts__are_the_same_keys_in_both_languages():
    assert sorted(set(KO) ^ set(EN)) == []


def test_texts__take_the_same_fields_in_both_languages():
    odd = {key for key in KO.keys() & EN.keys() if fields(KO[key]) != fields(EN[key])}
    # English needs a number for its plurals where Korean counts without one
    odd = {key for key in odd if not fields(KO[key]) ^ fields(EN[key]) <= {"n", "count"}}
    assert sorted(odd) == []


def test_texts__are_all_used():
    plain, patterns = used()
    unused = [key for key in KO if key not in plain and not any(one.fullmatch(key) for one in patterns)]
    assert [key for key in unused if not TITLES.fullmatch(key)] == []


@pytest.mark.parametrize("table", [KO, EN], ids=["ko", "en"])
def test_texts__are_written_for_people(table):
    bad = {}
    for key, text in table.items():
        bare = PLACEHOLDER.sub("0", text)
        wrong = [
            what
            for what, found in {
                "empty": not text.strip(),
                "braces": "{" in bare or "}" in bare,
                "two spaces": "  " in text,
                "id": not key.startswith(HOW_TO_ASK) and bool(re.search(r"\b[a-z]+_[a-z_]+\b", bare)),
                "and so on": "등등" in text or "(s)" in text or "etc." in text,
                "stop before": bool(re.search(r"\s[,.;:!?](?:\s|$)", bare)),
                "slash": bool(re.search(r"\band/or\b", bare)),
            }.items()
            if found
        ]
        if wrong:
            bad[key] = wrong
    assert bad == {}


def test_texts__differ_between_the_languages():
    same = [
        key for key in KO if KO[key] == EN.get(key) and re.search(r"[A-Za-z가-힣]{2,}", PLACEHOLDER.sub("", KO[key]))
    ]
    assert [
        key for key in same if set(re.findall(r"[A-Za-z][A-Za-z0-9]*", PLACEHOLDER.sub("", KO[key]))) - LATIN_IN_KOREAN
    ] == []


def test_korean__holds_no_other_latin_words_than_it_must():
    odd = {}
    for key, text in KO.items():
        words = set(re.findall(r"[A-Za-z][A-Za-z0-9]*", PLACEHOLDER.sub("", text))) - LATIN_IN_KOREAN
        if words and not key.startswith(HOW_TO_ASK):
            odd[key] = sorted(words)
    assert odd == {}


def test_korean__does_not_glue_a_particle_to_a_field_that_may_end_otherwise():
    # {name}은 is right for some names only; {name:은/는} for all. Units that never change may stand.
    steady = {"people", "minutes", "count", "percent", "date", "metres", "money", "interval", "rise", "points", "rank"}
    odd = []
    for key, text in KO.items():
        if key.startswith(OWN_FIELDS):
            continue
        for found in re.finditer(r"\{(\w+)(?::([^{}]*))?\}(은|는|이|가|을|를|과|와|으로|로)(?=[\s,.])", text):
            form = (found[2] or "").split(":")[0]
            if form not in steady:
                odd.append(f"{key}: {found[0]}")
    assert odd == []


def test_english__holds_no_hangul():
    hangul = re.compile(r"[가-힣]")
    assert [key for key, text in EN.items() if hangul.search(text) and not key.startswith(KOREAN_NAMES)] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_text__can_be_filled(language):
    texts = texts_of(language)
    samples = {"list": ["가", "나"], "interval": (0.1, 0.2), "date": "2026-11", "rank": (3, True)}
    for key, text in texts.table.items():
        if key.startswith(OWN_FIELDS):
            continue
        forms: dict[str, set[str]] = {}
        for found in PLACEHOLDER.finditer(text):
            forms.setdefault(found[1], set()).add((found[2] or "").split(":")[0])
        values = {}
        for name, own in forms.items():
            special = next((samples[form] for form in sorted(own) if form in samples), None)
            words = own <= {"", "a", *PAIRS}
            values[name] = special if special is not None else "말" if words else 12
        assert "{" not in texts.say(key, **values), key


def test_korean__particles_in_the_texts_themselves_fit_their_words():
    words = {
        "마을",
        "가을",
        "노을",
        "효과",
        "사과",
        "서과",
        "어과",
        "아과",
        "의과",
        "치과",
        "소과",
        "초과",
        "학과",
        "내과",
        "나을",
        "외과",
        "시과",
        "가와",
        "부과",
    }
    odd = []
    for key, text in KO.items():
        for found in re.finditer(r"([가-힣])([을를과와])(?=[\s,.)]|$)", text):
            closed = (ord(found[1]) - 0xAC00) % 28 != 0
            if closed != (found[2] in "을과") and found[0] not in words:
                odd.append(f"{key}: {found[0]}")
    assert odd == []
