"""The maps over years: a player that steps through the editions, and every sheet as a picture."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lifezone.monitor.breaks import year_classes
from lifezone.monitor.series import IndicatorInfo
from lifezone.report.document import Block, Paragraph, Picture, Section, YearPlayer
from lifezone.report.monitoring.material import MonitorMaterial
from lifezone.report.words import Texts
from lifezone.report.years import sheet_name
from lifezone.report.years.looks import class_inks, class_texts
from lifezone.report.years.saved_shapes import WIDTH, saved_paths

__all__ = ["section"]

_MOST_SHEETS: Final = 3
"""Sheets that stand in the report beside the player; all of them lie in ``maps/``."""

_WORDS: Final = (
    "ground", "cartogram", "tiles", "circles", "indicator", "beside", "year", "play", "pause", "legend", "hint", "keys",
    "no_data", "class", "change",
)  # fmt: skip


def section(material: MonitorMaterial, texts: Texts) -> Section | None:
    """Return the section, None where the study has no maps."""
    drawn = material.sheets()
    paths = saved_paths(material.folder, tuple(one.name for one in material.series.editions)) if drawn else None
    if not drawn or paths is None:
        return None
    blocks: list[Block] = [Paragraph(texts.say("years.maps_lead"))]
    payload = {
        "width": WIDTH, "height": paths.height, "years": [one.name for one in material.series.editions],
        "districts": [material.series.name_of(at, texts.language) for at in range(len(material.series.ids))],
        "indicators": [_indicator(material, texts, one) for one in drawn],
        "shapes": {
            "ground": paths.ground, "tiles": paths.tiles, "cartogram": paths.cartograms, "circles": paths.circles,
        },
        "words": {one: texts.say(f"years.player.{one}") for one in _WORDS},
    }  # fmt: skip
    sheets = [_sheet(texts, material, one) for one in drawn]
    blocks.append(YearPlayer("years-player", texts.say("years.player_caption"), texts.say("years.player_alt"), payload,
                             sheets[0]))  # fmt: skip
    blocks += sheets[1:_MOST_SHEETS]
    blocks.append(Paragraph(texts.say("years.maps_note", n=len(drawn)), "note"))
    return Section("years", texts.say("years.title"), tuple(blocks))


def _sheet(texts: Texts, material: MonitorMaterial, info: IndicatorInfo) -> Picture:
    name, editions = info.said(texts.language), material.series.editions
    return Picture(
        f"sheet-{material.series.at(info.id)}", texts.say("years.sheet_caption", indicator=name),
        f"{sheet_name(info.id)}.png",
        texts.say("years.sheet_alt", indicator=name, first=editions[0].name, last=editions[-1].name),
    )  # fmt: skip


def _indicator(material: MonitorMaterial, texts: Texts, info: IndicatorInfo) -> dict[str, Any]:
    """Return what the player shows of one indicator: classes, and values as they are read, nothing more exact."""
    value = material.series.of(info.id)
    classes = year_classes(info, value)
    looks = zip(class_inks(classes), class_texts(classes, texts.language, info.decimals), strict=True)
    change = np.diff(value, axis=1, prepend=np.nan)
    return {
        "label": info.said(texts.language),
        "classes": [{"text": text, "fill": ink.fill} for ink, text in looks],
        "klass": classes.of(value).T.tolist(),
        "value": [[material.value(info, one, texts) for one in row] for row in value.T.tolist()],
        "change": [["" if np.isnan(one) else _signed(material, info, one) for one in row] for row in change.T.tolist()],
    }


def _signed(material: MonitorMaterial, info: IndicatorInfo, value: float) -> str:
    text = material.bare(info, value)
    return text if text.startswith(("−", "<")) or not value else f"+{text}"
