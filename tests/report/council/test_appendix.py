"""The appendix: every input, note, setting and missing part is told, in both languages."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from lifezone.report import write
from lifezone.report.council.appendix import TERMS, section
from lifezone.report.document import Bullets, Heading, Section, Table, Terms
from lifezone.report.material import Material, material_of
from lifezone.report.words import texts_of
from tests.report import worlds


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("결과 folder") / "out"
    write(worlds.result(cells=200, maps=False), folder)
    return material_of(folder)


@pytest.fixture(params=["ko", "en"])
def made(request: pytest.FixtureRequest, material: Material) -> Section:
    return section(material, texts_of(request.param))


def words_of(made: Section) -> str:
    parts: list[str] = []
    for block in made.blocks:
        match block:
            case Table():
                parts += [str(cell) for row in block.rows for cell in row]
            case Terms():
                parts += [word for pair in block.pairs for word in pair]
            case Bullets():
                parts += block.items
            case Heading():
                parts.append(block.text)
    return "\n".join(parts)


def test_appendix__inputs_stand_with_date_and_hash_and_without_folders(made: Section) -> None:
    table = next(block for block in made.blocks if isinstance(block, Table) and block.id == "appendix_inputs")
    assert [row[0] for row in table.rows] == ["people.csv", "roads.pbf"]
    assert table.rows[0][4] == "ab"
    assert "2025" in str(table.rows[0][2])
    assert table.rows[1][2:] == (None, None, None)


def test_appendix__says_what_is_not_there(made: Section, material: Material) -> None:
    told = words_of(made)
    texts = texts_of("ko") if "부록" in made.title else texts_of("en")
    for key in ("zones", "flows", "siting", "capacity", "maps"):
        assert key in material.absent
        assert texts.say(f"appendix.without_{key}") in told
    assert texts.say("appendix.without_variants") not in told


def test_appendix__tells_how_to_repeat_it_with_the_scenario_s_hash(made: Section, material: Material) -> None:
    sha = hashlib.sha256(Path(material.folder / "scenario.resolved.yaml").read_bytes()).hexdigest()
    told = words_of(made)
    assert sha in told
    assert "lifezone run scenario.resolved.yaml" in told
    assert re.search(r"^3$", told, re.MULTILINE)


def test_appendix__explains_words_that_this_report_uses(made: Section) -> None:
    terms = [block for block in made.blocks if isinstance(block, Terms)]
    assert any(len(block.pairs) >= 10 for block in terms)
    assert all(
        word and meaning.endswith((".", "다.")) for word, meaning in max(terms, key=lambda b: len(b.pairs)).pairs
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_terms__every_word_has_a_meaning(language: str) -> None:
    texts = texts_of("ko" if language == "ko" else "en")
    for key in TERMS:
        assert texts.has(f"appendix.term.{key}")
        assert texts.has(f"appendix.means.{key}")
