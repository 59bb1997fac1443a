"""What stands beside the map and in what it tells of a place: notices that are always told, and sources."""

from __future__ import annotations

from lifezone.report.front_matter import input_name
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["notes_of", "sources_of"]


def notes_of(material: Material, texts: Texts) -> list[str]:
    """Return the notices (DEFINITIONS, "Told always") that concern this map, in short."""
    keys = ["map.note.legal"]
    keys.insert(0, "map.note.disclosed" if material.disclose else "map.note.disclosure")
    beyond = material.manifest["people"].get("beyond_area", 0) or 0
    keys.append("map.note.border" if beyond > 0 else "map.note.no_border")
    if material.modelled:
        keys.append("map.note.modelled")
    return [texts.say(key) for key in keys]


def sources_of(material: Material, texts: Texts) -> list[str]:
    """Return the lines that stand under a printed map: data with dates, standard, study, program."""
    manifest = material.manifest
    inputs = [input_name(entry, texts) for entry in manifest["inputs"]]
    english = texts.language == "en"
    standard = material.standard
    name = (standard.name_en if english else standard.name_ko) or standard.name_ko or standard.name_en or standard.id
    return [
        texts.say("map.sources.data", data=list(dict.fromkeys(inputs))),
        texts.say("map.sources.standard", standard=name),
        texts.say(
            "map.sources.study", study=material.title(texts.language), crs=str(manifest["crs"]),
            version=str(manifest["version"]),
        ),
    ]  # fmt: skip
