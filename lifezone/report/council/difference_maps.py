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
    """Yield the pictures of what changes for most people, and where the interactive map is, which shows the rest.

    The interactive map stands on page one and opens with the difference; a second one would double the page's work.

    Args:
        material: the folder of results.
        texts: the words.
        variants: those that can be compared with the baseline.
    """
    pictures = [picture for variant in variants for picture in _pictures(material, texts, variant)]
    base = material.variant_name(material.baseline, texts.language)
    yield from pictures
    yield Paragraph(texts.say("variants.live_map", base=base), "note")
    if any(len(_drawn(material, variant)) > _MOST_OF_ONE for variant in variants):
        folders = [f"{material.entry(variant)['folder']}/maps" for variant in variants if _drawn(material, variant)]
        yield Paragraph(texts.say("variants.more_maps", folders=folders), "note")


def _drawn(material: Material, variant: str) -> list[str]:
    """Return the requirements of which the run drew a difference map, those first that change for most people."""
    drawn = set((material.entry(variant)["maps"] or {}).get("drawn") or ())
    return [key for key in changed_requirements(material, variant) if f"change_{file_stem(key)}.png" in drawn]


def _pictures(material: Material, texts: Texts, variant: str) -> list[Picture]:
    """Return the pictures of one alternative: those in which verdicts change, else the one of most changed trips."""
    rows = material.headline("changes", variant)
    moved = set(rows["requirement"][rows["gain"] + rows["lose"] > 0])
    keys = _drawn(material, variant)
    told = [key for key in keys if key in moved] or keys[:1]
    return [_picture(material, texts, variant, key) for key in told[:_MOST_OF_ONE]]


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
