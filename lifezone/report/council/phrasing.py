"""Names that several sections say alike: functions of a desert test, groups with ``estimated`` where they are."""

from __future__ import annotations

from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["function_name", "group_text"]


def function_name(texts: Texts, function: str) -> str:
    """Return a function of the desert test in words; a requirement's or another name stays as it is."""
    for key in (f"common.function.{function}", f"deserts.name_{function}"):
        if texts.has(key):
            return texts.say(key)
    return function.replace("_", " ")


def group_text(material: Material, texts: Texts, group: str) -> str:
    """Return a group's name, with ``estimated`` where its numbers were spread from larger units."""
    name = material.group_name(group, texts.language)
    if group in material.manifest.get("estimated_groups", ()):
        return texts.say("deserts.estimated", group=name)
    return name
