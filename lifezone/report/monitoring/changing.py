"""What changed in each district since the last edition, and its rank."""

from __future__ import annotations

from typing import Final

from lifezone.monitor.series import IndicatorInfo
from lifezone.monitor.since import ChangeRow
from lifezone.report.document import Block, Column, Paragraph, Section, Shown, Table
from lifezone.report.monitoring.material import MonitorMaterial
from lifezone.report.monitoring.tables import cell_of, label
from lifezone.report.words import Texts

__all__ = ["changes"]

_MOST: Final = 15
_MOST_TABLES: Final = 6


def changes(material: MonitorMaterial, texts: Texts) -> Section:
    """Return what changed since the last edition, with ranks."""
    title = texts.say("years.changes")
    series = material.series
    if not material.changes:
        return Section("ranks", title, (Paragraph(texts.say("years.changes_none")),))
    shown = [one for one in series.indicators if any(row.indicator == one.id for row in material.changes)]
    first = [one for one in shown if one.classes is not None or one.id == "people"]
    blocks: list[Block] = [Paragraph(texts.say("years.changes_lead"))]
    blocks += [_changes_of(material, texts, one) for one in (first or shown)[:_MOST_TABLES]]
    tested = sum(row.significant is not None for row in material.changes)
    blocks.append(Paragraph(texts.say("years.tested" if tested else "years.not_tested"), "note"))
    return Section("ranks", title, tuple(blocks))


def _changes_of(material: MonitorMaterial, texts: Texts, info: IndicatorInfo) -> Table:
    """Return the change and rank of every district by one indicator."""
    rank = {row.district: row for row in material.ranks if row.indicator == info.id}
    own = [row for row in material.changes if row.indicator == info.id and row.district != "all"]
    columns = (
        Column("district", texts.say("years.district")), Column("before", texts.say("years.before"), "number"),
        Column("now", texts.say("years.now"), "number"), Column("change", texts.say("years.change"), "number"),
        Column("rank", texts.say("years.rank"), "number"), Column("places", texts.say("years.places"), "number"),
        Column("verdict", texts.say("years.verdict")),
    )  # fmt: skip
    rows = []
    for row in own:
        place = rank.get(row.district)
        rows.append((
            material.name_of(row.district, texts.language),
            *(cell_of(material, info, one) for one in (row.before, row.now, row.absolute)),
            None if place is None else Shown(texts.write((place.rank, place.ties > 0), "rank"), float(place.rank)),
            None if place is None or place.places is None else Shown(f"{place.places:+d}".replace("-", "−"),
                                                                     float(place.places)),
            _verdict(row, texts),
        ))  # fmt: skip
    since = own[0].edition_before if own else ""
    caption = texts.say("years.change_caption", indicator=label(info, texts), before=since,
                        now=material.series.editions[material.newest].name)  # fmt: skip
    return Table(f"change-{material.series.at(info.id)}", caption, columns, tuple(rows), most=_MOST)


def _verdict(row: ChangeRow, texts: Texts) -> str:
    """Say whether a change is for the better, and whether it may be chance."""
    words = {True: texts.say("years.better"), False: texts.say("years.worse"), None: texts.say("years.neither")}[
        row.better
    ]
    if row.significant is None:
        return words
    return f"{words}, {texts.say('years.significant' if row.significant else 'years.by_chance')}"
