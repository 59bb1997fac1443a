"""The report that a council reads: its sections in their order, each in a file of its own.

A section is made by ``section(material, texts)``, which returns None where it does not apply to a run (no siting was
asked for). Page one carries no number; the others are numbered as they stand, without holes. The reconciliation with
official figures is a section of its own among the first five, since it is the first question of whoever knows other
numbers. The appendix comes last and tells which sections were left out, and why.

Decided: the order is here and nowhere else; sections never call one another. Refused: a registry of sections.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

from lifezone.report.document import Document, Section
from lifezone.report.front_matter import sources, subtitle
from lifezone.report.material import Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts

__all__ = ["SECTIONS", "council_report"]

SECTIONS: Final = (
    "page_one", "purpose", "people", "facilities", "method", "reconciliation", "access", "deserts", "equity", "zones",
    "variants", "candidates", "costs", "recommendation", "form_values",
)  # fmt: skip
"""Modules of this folder in the order of the report; the appendix follows them."""

MakeSection = Callable[[Material, Texts], Section | None]


def council_report(material: Material, texts: Texts) -> Document:
    """Return the whole report in one language.

    Args:
        material: the folder of results.
        texts: the words of that language.
    """
    made = [_maker(name)(material, texts) for name in (*SECTIONS, "appendix")]
    return Document(
        language=texts.language,
        title=material.title(texts.language),
        subtitle=subtitle(material, texts),
        sections=tuple(section for section in made if section is not None),
        sources=sources(material, texts),
        modelled=" ".join(notice.text for notice in notices(material, texts, "modelled")),
    )


def _maker(name: str) -> MakeSection:
    """Return the function of a section; its module loads when a report is made (charts load matplotlib)."""
    return cast(MakeSection, import_module(f"{__name__}.{name}").section)
