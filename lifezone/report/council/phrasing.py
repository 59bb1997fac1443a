"""Groups of people as several sections name them: with ``estimated`` where their numbers are."""

from __future__ import annotations

from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["group_text"]


def group_text(material: Material, texts: Texts, group: str) -> str:
    """Return a group's name, with ``estimated`` where its numbers were spread from larger units."""
    name = material.group_name(group, texts.language)
    if group in material.manifest.get("estimated_groups", ()):
        return texts.say("deserts.estimated", group=name)
    return name
