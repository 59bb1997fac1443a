"""⑨ Life zones, one function after another, urban areas from flows, and municipalities that could share services.

Zones of different functions lie over one another: how far they agree is told in words and numbers, and they are never
made into one division. What must be told of a division (modelled flows, thresholds that are mere association) comes
with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifezone.report.council.life_zones import functions_of, life_zones
from lifezone.report.council.towns_together import alliances, city_classes, compact_city
from lifezone.report.council.urban import ties, urban_areas
from lifezone.report.document import Block, Bullets, Notice, Section
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.report.words.told import told_in, without_folders

__all__ = ["section"]

_PARTS = (life_zones, urban_areas, ties, alliances, city_classes, compact_city)


def section(material: Material, texts: Texts) -> Section | None:
    """Return everything that a run divides its area into; None where it divides nothing."""
    blocks: list[Block] = [block for part in _PARTS for block in part(material, texts)]
    if not blocks:
        return None
    if "flows" in material.modelled:
        blocks.insert(0, Notice("modelled", texts.say("zones.modelled")))
    return Section("zones", texts.say("zones.title"), (*blocks, *_notes(material, texts)))


def _notes(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield what must be told of the divisions."""
    entry = material.entry(material.baseline)
    told = entry.get("zoning_ko" if texts.language == "ko" else "zoning") or entry.get("zoning") or ()
    names = {one.id: one.name for one in functions_of(material, texts)}
    names |= {kind: material.kind_name(kind, texts.language) for kind in material.kinds if kind not in names}
    if told:
        yield Bullets(tuple(told_in(texts.language, without_folders(str(one)), names) for one in told))
