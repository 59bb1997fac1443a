"""Page one: five numbers, one map, the answer in three sentences by rules, what is not known."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from lifezone.monitor.series import NO_CLASS, IndicatorInfo
from lifezone.report.document import Block, Bullets, KeyFigure, KeyFigures, Notice, Paragraph, Picture, Section
from lifezone.report.monitoring.material import MonitorMaterial
from lifezone.report.words import Texts
from lifezone.report.years import sheet_name

__all__ = ["main_indicator", "section"]

_MAIN: Final = ("national_minimum_share", "extinction_risk", "extinction_risk_45", "elderly_share")
_PEOPLE: Final = "people"
_MINIMUM: Final = "national_minimum_share"
_MOST_NAMES: Final = 3


def section(material: MonitorMaterial, texts: Texts) -> Section:
    """Return page one."""
    blocks: list[Block] = [
        Paragraph(one, "lead") for one in (_people_said(material, texts), _crossed_said(material, texts),
                                           _class_said(material, texts)) if one
    ]  # fmt: skip
    blocks.append(KeyFigures(_figures(material, texts)))
    picture = _picture(material, texts)
    if picture is not None:
        blocks.append(picture)
    blocks += [Paragraph(texts.say("years.not_known"), "plain"), Bullets(_unknown(material, texts))]
    blocks += [Notice("legal", texts.say("years.legal")), Notice("disclosure", _disclosed(material, texts))]
    return Section("page_one", texts.say("page_one.title"), tuple(blocks))


def main_indicator(material: MonitorMaterial) -> IndicatorInfo | None:
    """Return the indicator with classes that page one is about: the national minimum where it is known."""
    series = material.series
    have = [series.indicators[series.at(one)] for one in _MAIN if series.has(one)]
    return next((one for one in (*have, *series.indicators) if one.classes is not None), None)


def _figures(material: MonitorMaterial, texts: Texts) -> tuple[KeyFigure, ...]:
    """Return the five numbers."""
    figures = [_people(material, texts), _moved(material, texts), _crossed(material, texts), _alarming(material, texts)]
    return (*(one for one in figures if one is not None), _minimum(material, texts))


def _people(material: MonitorMaterial, texts: Texts) -> KeyFigure | None:
    series = material.series
    if not series.has(_PEOPLE):
        return None
    whole = series.whole[:, series.at(_PEOPLE)]
    info = series.indicators[series.at(_PEOPLE)]
    share = ""
    if len(whole) > 1 and whole[-2] > 0:
        share = texts.say(
            "years.figure_people_share", share=float(whole[-1] / whole[-2] - 1), edition=_name(material, -2)
        )
    detail = texts.say("years.figure_people_detail", n=len(series.ids), edition=_name(material, -1))
    return KeyFigure(texts.say("years.figure_people"), material.value(info, float(whole[-1]), texts), share, detail)


def _moved(material: MonitorMaterial, texts: Texts) -> KeyFigure | None:
    """Return how many districts gained and lost people."""
    counts = _gained_lost(material)
    if counts is None:
        return None
    gained, lost, of = counts
    return KeyFigure(
        texts.say("years.figure_lost"), texts.say("years.districts", n=lost),
        texts.say("years.figure_gained", n=gained),
        texts.say("years.figure_since", n=of, edition=_name(material, -2)),
        "bad" if lost > gained else "good" if gained > lost else "neutral",
    )  # fmt: skip


def _gained_lost(material: MonitorMaterial) -> tuple[int, int, int] | None:
    rows = [row for row in material.changes if row.indicator == _PEOPLE and row.district != "all"]
    if not rows:
        return None
    return sum(row.absolute > 0 for row in rows), sum(row.absolute < 0 for row in rows), len(rows)


def _crossed(material: MonitorMaterial, texts: Texts) -> KeyFigure:
    """Return how many districts crossed into a worse class, each counted once."""
    worse, better = _crossings(material)
    tone: Literal["good", "bad", "neutral"] = "bad" if worse else "good" if better else "neutral"
    return KeyFigure(
        texts.say("years.figure_crossed"), texts.say("years.districts", n=len(worse)),
        texts.say("years.figure_better", n=len(better)),
        texts.say("years.figure_classes", n=sum(one.classes is not None for one in material.series.indicators)), tone,
    )  # fmt: skip


def _crossings(material: MonitorMaterial) -> tuple[list[str], list[str]]:
    """Return the districts that crossed into a worse class and into a better one."""
    newest = _name(material, -1)
    own = [row for row in material.warnings if row.kind == "crossed" and row.edition == newest]
    return tuple(list(dict.fromkeys(row.district for row in own if row.worse is want)) for want in (True, False))  # type: ignore[return-value]


def _alarming(material: MonitorMaterial, texts: Texts) -> KeyFigure | None:
    """Return how many districts are in an alarming class of the main indicator."""
    info = main_indicator(material)
    if info is None or info.classes is None:
        return None
    klass = material.series.klass[:, material.newest, material.series.at(info.id)]
    known = int((klass != NO_CLASS).sum())
    alarmed = int(_is_alarming(info, klass).sum())
    return KeyFigure(
        info.said(texts.language), texts.say("years.districts", n=alarmed), _alarming_names(info, texts),
        texts.say("years.figure_of", n=known, edition=_name(material, -1)), "bad" if alarmed else "good",
    )  # fmt: skip


def _is_alarming(info: IndicatorInfo, klass: np.ndarray) -> np.ndarray:
    """Tell which districts are in a class that a warning is about."""
    if info.classes is None or info.direction == "neither":
        return np.zeros(len(klass), np.bool_)
    if info.direction == "more":
        return np.asarray((klass != NO_CLASS) & (klass < info.classes.alarming))
    return np.asarray(klass > len(info.classes.breaks) - info.classes.alarming)


def _alarming_names(info: IndicatorInfo, texts: Texts) -> str:
    """Return the names of the alarming classes."""
    if info.classes is None:
        return ""
    names = info.classes.ko if texts.language == "ko" else info.classes.en
    many = info.classes.alarming
    return texts.write(list(names[:many] if info.direction == "more" else names[-many:]), "list")


def _minimum(material: MonitorMaterial, texts: Texts) -> KeyFigure:
    """Return the share of people within the national minimum, or that it is not known."""
    series = material.series
    name = texts.say("years.figure_minimum")
    if not series.has(_MINIMUM) or np.isnan(series.whole[-1, series.at(_MINIMUM)]):
        return KeyFigure(name, texts.say("years.no_value"), "", texts.say("years.figure_minimum_none"))
    at = series.at(_MINIMUM)
    return KeyFigure(
        name, material.value(series.indicators[at], float(series.whole[-1, at]), texts), "",
        texts.say("years.figure_minimum_detail", edition=_name(material, -1)),
    )  # fmt: skip


def _people_said(material: MonitorMaterial, texts: Texts) -> str:
    """Say how many districts gained and lost people."""
    counts = _gained_lost(material)
    if counts is None:
        return texts.say("years.said_one_edition", edition=_name(material, -1), n=len(material.series.ids))
    gained, lost, of = counts
    return texts.say(
        "years.said_people", before=_name(material, -2), now=_name(material, -1), gained=gained, lost=lost, n=of,
    )  # fmt: skip


def _crossed_said(material: MonitorMaterial, texts: Texts) -> str:
    """Say which districts crossed into a worse class, and into a better one."""
    worse, better = _crossings(material)
    if not worse and not better:
        return texts.say("years.said_none_crossed") if len(material.series.editions) > 1 else ""
    names = [material.name_of(one, texts.language) for one in worse[:_MOST_NAMES]]
    if not worse:
        return texts.say("years.said_better", n=len(better))
    key = "years.said_crossed" if len(worse) <= _MOST_NAMES else "years.said_crossed_many"
    return texts.say(key, n=len(worse), names=names, better=len(better))


def _class_said(material: MonitorMaterial, texts: Texts) -> str:
    """Say how the main indicator stands."""
    info = main_indicator(material)
    if info is None:
        return ""
    series = material.series
    whole, klass = series.whole[-1, series.at(info.id)], series.klass[:, -1, series.at(info.id)]
    return texts.say(
        "years.said_class", indicator=info.said(texts.language), value=material.value(info, float(whole), texts),
        n=int(_is_alarming(info, klass).sum()), of=int((klass != NO_CLASS).sum()), classes=_alarming_names(info, texts),
    )  # fmt: skip


def _picture(material: MonitorMaterial, texts: Texts) -> Picture | None:
    """Return the sheet of the main indicator, else the first one."""
    drawn = material.sheets()
    if not drawn:
        return None
    main = main_indicator(material)
    info = main if main in drawn else drawn[0]
    name = info.said(texts.language)
    return Picture(
        "page-one-map", texts.say("years.sheet_caption", indicator=name), f"{sheet_name(info.id)}.png",
        texts.say("years.sheet_alt", indicator=name, first=_name(material, 0), last=_name(material, -1)),
    )  # fmt: skip


def _unknown(material: MonitorMaterial, texts: Texts) -> tuple[str, ...]:
    """Return what is not known."""
    series = material.series
    nowhere = [one for one in series.not_computed if not one.edition]
    names = [one.ko if texts.language == "ko" else one.en for one in nowhere]
    missing = int(np.isnan(series.value[:, -1]).sum())
    told = [texts.say("years.unknown_indicators", n=len(names), names=names[:6])] if names else []
    told += [texts.say("years.unknown_cells", n=missing, of=series.value[:, -1].size)] if missing else []
    if len(series.editions) < 2:
        told.append(texts.say("years.unknown_change"))
    return (*told, texts.say("years.unknown_cause"))


def _disclosed(material: MonitorMaterial, texts: Texts) -> str:
    return texts.say("told.disclosed") if material.disclose else texts.say("years.disclosure")


def _name(material: MonitorMaterial, edition: int) -> str:
    return material.series.editions[edition].name
