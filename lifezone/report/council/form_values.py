"""Values for the county's forms: each form a table, with what the county must fill in itself."""

from __future__ import annotations

from lifezone.report.council.columns import column
from lifezone.report.council.purpose import confidence_words
from lifezone.report.document import Block, Cell, Heading, Paragraph, Section, Table
from lifezone.report.forms import FilledForm, fill, form_paths, packaged_forms, read_form
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["filled_forms", "section"]


def filled_forms(material: Material, texts: Texts) -> tuple[FilledForm, ...]:
    """Return the county's own forms, or the packaged ones where it gave none."""
    return material.remembered(("forms", texts.language), lambda: _filled(material, texts))


def _filled(material: Material, texts: Texts) -> tuple[FilledForm, ...]:
    own = tuple(read_form(path) for path in form_paths(material.folder))
    return tuple(fill(form, material, texts) for form in own or packaged_forms())


def section(material: Material, texts: Texts) -> Section:
    """Return one table a form."""
    blocks: list[Block] = [Paragraph(texts.say("forms.lead"), "lead")]
    for filled in filled_forms(material, texts):
        known = sum(bool(line.value) for line in filled.lines)
        blocks += [Heading(filled.name), _table(texts, filled)]
        blocks.append(Paragraph(texts.say(
            "forms.about", basis=filled.basis or filled.name, known=known, by_hand=len(filled.lines) - known,
            sure=confidence_words(texts, filled.form.confidence),
        ), "note"))  # fmt: skip
    return Section("forms", texts.say("forms.title"), tuple(blocks))


def _table(texts: Texts, filled: FilledForm) -> Table:
    """Return a filled form as a table of texts."""
    keys = ("label", "section", "value", "by_hand", "note")  # tables and columns stand in the CSV file
    columns = tuple(column(texts, key, texts.say(f"forms.column_{key}")) for key in keys)
    rows: list[tuple[Cell, ...]] = [
        (one.label, one.section, one.value or None, one.by_hand or None, one.note or None) for one in filled.lines
    ]
    caption = texts.say("forms.caption", form=filled.name)
    return Table(f"form_{filled.form.id}", caption, columns, tuple(rows), most=12)
