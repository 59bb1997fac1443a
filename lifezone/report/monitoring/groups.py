"""Status, policy and perception, each a section of its own: they are different things and are never added up."""

from __future__ import annotations

from typing import Final

from lifezone.report.document import Block, Paragraph, Section
from lifezone.report.monitoring.material import MonitorMaterial
from lifezone.report.monitoring.tables import district_table, time_chart, whole_table
from lifezone.report.watch import watch_sections
from lifezone.report.words import Texts

__all__ = ["perception", "policy", "status"]

_MOST_COLUMNS: Final = 6
_MOST_CHARTS: Final = 4


def status(material: MonitorMaterial, texts: Texts) -> Section:
    """Return how districts stand."""
    return Section(
        "status", texts.say("years.status"), _blocks(material, texts, "status", texts.say("years.status_lead"))
    )


def policy(material: MonitorMaterial, texts: Texts) -> Section:
    """Return what policy did."""
    return Section(
        "policy", texts.say("years.policy"), _blocks(material, texts, "policy", texts.say("years.policy_lead"))
    )


def perception(material: MonitorMaterial, texts: Texts) -> Section:
    """Return what people say, with margins of error."""
    blocks = list(_blocks(material, texts, "perception", texts.say("years.perception_lead")))
    survey = next((one for one in watch_sections(material.watched, material.series, texts) if one.id == "survey"), None)
    if survey is not None:
        blocks = [Paragraph(texts.say("years.perception_lead")), *survey.blocks, *blocks[1:]]
    return Section("perception", texts.say("years.perception"), tuple(blocks))


def _blocks(material: MonitorMaterial, texts: Texts, group: str, lead: str) -> tuple[Block, ...]:
    """Return a lead, the whole in every edition, charts, and the newest figures of districts."""
    own = [info for _, info in material.indicators(group)]
    if not own:
        return (Paragraph(lead), Paragraph(texts.say("years.none_of_group")))
    with_classes = [one for one in own if one.classes is not None]
    shown = list(dict.fromkeys([*with_classes, *own]))[:_MOST_COLUMNS]
    charts = [time_chart(material, texts, one, f"time-{group}-{at}") for at, one in enumerate(shown[:_MOST_CHARTS])]
    return (
        Paragraph(lead), whole_table(material, texts, group), *(charts if len(material.series.editions) > 1 else ()),
        district_table(material, texts, group, shown),
    )  # fmt: skip
