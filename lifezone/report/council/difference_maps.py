"""The maps of differences: the interactive one where it is there, and the pictures that the run drew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lifezone.report.council.alternatives import changed_requirements
from lifezone.report.document import Block, Paragraph, Picture
from lifezone.report.material import Material
from lifezone.report.names import file_stem
from lifezone.report.words import Texts

__all__ = ["difference_maps"]

_MOST_OF_ONE: Final = 2
"""Pictures of one alternative; the others lie in the folder."""


def difference_maps(material: Material, texts: Texts, variants: Sequence[str]) -> Iterator[Block]:
    """Yield difference maps of some variants, those of the requirements that change for most people."""
    more: list[str] = []
    for variant in variants:
        entry = material.entry(variant)
        drawn = set((entry["maps"] or {}).get("drawn") or ())
        keys = [key for key in changed_requirements(material, variant) if f"change_{file_stem(key)}.png" in drawn]
        rows = material.headline("changes", variant)
        moved = set(rows["requirement"][rows["gain"] + rows["lose"] > 0])
        for key in [key for key in keys if key in moved or key == keys[0]][:_MOST_OF_ONE]:
            yield _picture(material, texts, variant, key)
        if len(keys) > _MOST_OF_ONE:
            more.append(f"{entry['folder']}/maps")
    if more:
        yield Paragraph(texts.say("variants.more_maps", folders=more), "note")


def _picture(material: Material, texts: Texts, variant: str, key: str) -> Picture:
    """Return the difference map of one requirement."""
    rows = material.headline("changes", variant)
    row = rows[rows["requirement"] == key].iloc[0]
    names = {
        "requirement": material.requirement_name(key, texts.language),
        "base": material.variant_name(material.baseline, texts.language),
        "variant": material.variant_name(variant, texts.language),
    }
    file = f"{material.entry(variant)['folder']}/maps/change_{file_stem(key)}.png"
    alt = texts.say("variants.change_map_alt", gain=float(row["gain"]), lose=float(row["lose"]), **names)
    return Picture(
        f"change-{file_stem(variant)}-{file_stem(key)}", texts.say("variants.change_map", **names), file, alt
    )
