"""The annual report of a monitoring study, made from its result folder.

    annual_report(monitor_material(folder), texts) → Document

Decided: status, policy and perception are sections of their own and are never added up to one score; what changed is
told of the whole and of each district, with ranks and with whether a sample could move so by chance; every warning says
why; what is not computed is a list with reasons, not a silence. Everything is made from the folder, so that
``lifezone report OUT`` gives the same bytes as long as the folder is the same. Refused: a composite index.
Look again when studies have hundreds of indicators.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import lifezone
from lifezone.report.document import Document, Section
from lifezone.report.monitoring import back_matter, changing, groups, over_years, page_one
from lifezone.report.monitoring.material import MonitorMaterial, is_monitored, monitor_material
from lifezone.report.watch import watch_sections
from lifezone.report.words import Texts

__all__ = ["MonitorMaterial", "annual_report", "is_monitored", "monitor_material"]

_FIRST: Final[tuple[Callable[[MonitorMaterial, Texts], Section | None], ...]] = (
    page_one.section, groups.status, groups.policy, groups.perception, over_years.section,
)  # fmt: skip
_LAST: Final = (
    changing.changes,
    back_matter.not_told,
    back_matter.not_computed,
    back_matter.method,
    back_matter.appendix,
)
_ELSEWHERE: Final = ("survey",)
"""Sections that stand inside another one."""
_MOST_INPUTS: Final = 8


def annual_report(material: MonitorMaterial, texts: Texts) -> Document:
    """Return the whole report in one language."""
    editions = material.series.editions
    names = list(dict.fromkeys(Path(str(one.get("path", ""))).name for one in material.manifest["inputs"]))
    shown = names[:_MOST_INPUTS] + (["…"] if len(names) > _MOST_INPUTS else [])
    watched = [replace(one, id=f"watch-{one.id}") for one in watch_sections(material.watched, material.series, texts)
               if one.id not in _ELSEWHERE]  # fmt: skip
    made = [*(make(material, texts) for make in _FIRST), *watched, *(make(material, texts) for make in _LAST)]
    return Document(
        language=texts.language,
        title=material.title,
        subtitle=texts.say(
            "years.subtitle", n=len(material.series.ids), first=editions[0].name, last=editions[-1].name
        ),
        sections=tuple(one for one in made if one is not None),
        sources=(
            texts.say("council.data", names=" · ".join(shown)),
            texts.say("council.program", version=material.manifest.get("version", lifezone.__version__),
                      crs=material.manifest["crs"] or "–"),
        ),
    )  # fmt: skip
