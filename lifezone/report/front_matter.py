"""What stands around every report of a result: the line below its title, and the sources below everything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import lifezone
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["input_name", "sources", "standard_name", "subtitle"]

_MOST_INPUTS: Final = 8


def subtitle(material: Material, texts: Texts) -> str:
    """Return who was judged by what."""
    people = float(material.manifest["people"]["in_area"])
    return texts.say("council.subtitle", standard=standard_name(material, texts), people=people)


def standard_name(material: Material, texts: Texts) -> str:
    """Return the name of the standard in the language, else in the other one, else that it is the scenario's own."""
    told = material.manifest["standard"]
    korean, english = told.get("name") or "", told.get("name_en") or ""
    name = (korean or english) if texts.language == "ko" else (english or korean)
    return name or texts.say("council.own_standard", count=len(told["requirements"]))


def sources(material: Material, texts: Texts) -> tuple[str, ...]:
    """Return the lines below everything: data with dates, the standard, program and version."""
    manifest = material.manifest
    names = list(dict.fromkeys(input_name(entry, texts) for entry in manifest["inputs"]))
    more = len(names) - _MOST_INPUTS
    listed = names[:_MOST_INPUTS] + ([texts.say("council.more_inputs", n=more)] if more > 0 else [])
    return (
        texts.say("council.data", names=" · ".join(listed) or texts.say("council.no_inputs")),
        texts.say("council.standard", standard=standard_name(material, texts), id=manifest["standard"]["id"]),
        texts.say("council.program", version=manifest.get("version", lifezone.__version__), crs=manifest["crs"]),
    )


def input_name(entry: Mapping[str, Any], texts: Texts) -> str:
    """Return what one input is called: its own name or its file's, with its date and whose it is; never a folder."""
    name = str(entry.get("source") or "")
    if not name:
        path = str(entry.get("path", ""))
        is_made = "sha256" in entry and entry["sha256"] is None  # invented: its path is a name, with "/" in it
        name = path if is_made else re.split(r"[\\/]", path)[-1]
    more = [texts.write(str(entry["date"]), "date")] if entry.get("date") else []
    more += [str(entry["attribution"])] if entry.get("attribution") else []
    return f"{name} ({', '.join(more)})" if more else name
