"""Purpose, method, reconciliation: what they tell of a result, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lifezone.report import write
from lifezone.report.council import method, page_one, purpose, reconciliation
from lifezone.report.council.facts import facts_of
from lifezone.report.council.reconciliation import published_of
from lifezone.report.document import Section, Table, Terms
from lifezone.report.material import material_of
from lifezone.report.words import texts_of
from lifezone.standards.resolve import preset, preset_ids
from tests.report import worlds

SECTIONS = (page_one, purpose, method, reconciliation)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("council") / "out"
    write(worlds.result(cells=300), folder)
    return material_of(folder)


def words_of(section: Section) -> Iterator[str]:
    """Yield every text that people read."""
    for block in section.blocks:
        if isinstance(block, Table):
            yield from (block.caption, block.note, *(one.label for one in block.columns))
            yield from (cell for row in block.rows for cell in row if isinstance(cell, str))
        elif isinstance(block, Terms):
            yield from (text for pair in block.pairs for text in pair)
        else:
            yield from (text for text in (getattr(block, "text", ""), *getattr(block, "items", ())) if text)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("module", SECTIONS, ids=lambda one: one.__name__.rsplit(".", 1)[-1])
def test_section__is_written_in_both_languages_without_holes(material, module, language):
    section = module.section(material, texts_of(language))
    said = [text for text in words_of(section) if text]
    assert said
    assert not [text for text in said if "{" in text or "  " in text or "None" in text or "nan" in text.split()]


def test_purpose__tells_nature_and_confidence_of_every_packaged_set():
    ko, en = texts_of("ko"), texts_of("en")
    for key in preset_ids():
        found = preset(key)
        for rule in found.requirements:
            assert purpose.confidence_words(ko, rule.confidence) != rule.confidence, (key, rule.id)
        assert purpose.set_name(ko, key) != key
        assert purpose.set_name(en, key) != key


def test_published__finds_the_country_figure_with_and_without_a_prefix():
    rules = {rule.id: rule for rule in preset("kr-rural-2020").requirements}
    assert published_of(rules["library"])["mean_minutes"] == 9.6
    county = {rule.id: rule for rule in preset("kr-county").requirements}
    assert published_of(county["rural_library"])["mean_minutes"] == 9.6
    assert published_of(county["rural_retail"]) is None


def test_method__tells_the_margin_of_uncertain_verdicts(material):
    # 1.3 × side ÷ √2
    side = material.variant(material.baseline).world.demand.cell_m
    terms = next(one for one in method.section(material, texts_of("en")).blocks if isinstance(one, Terms))
    assert any(f"within {1.3 * side / 2**0.5:.0f} m" in meaning for _, meaning in terms.pairs)


def test_facts__are_those_of_the_tables_and_never_surer_than_the_change(material):
    facts = facts_of(material)
    summary = material.headline("summary", material.baseline).set_index("requirement")
    assert facts.people == material.manifest["people"]["in_area"]
    for one in facts.covered:
        row = summary.loc[one.requirement]
        assert (one.people.part, one.people.whole, one.uncertain) == (row["covered"], row["judged"], row["uncertain"])
    changes = material.headline("changes").set_index(["variant", "requirement"])
    for alternative in facts.alternatives:
        for effect in alternative.effects:
            row = changes.loc[(alternative.name, effect.what)]
            assert (effect.gain, effect.lose) == (row["gain"], row["lose"])
            assert 0 <= effect.sure <= effect.size
