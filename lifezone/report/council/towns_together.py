"""Municipalities that could share services, classes of cities, and how compact a city is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from lifezone.report.council.columns import column, csv_key
from lifezone.report.council.shown import parts, people, share
from lifezone.report.council.urban import town_names
from lifezone.report.document import Block, Cell, Heading, Notice, Paragraph, Picture, Table
from lifezone.report.material import Material
from lifezone.report.towns.page import CITY_WORDS, LIMIT_WORDS, TREND_WORDS
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["alliances", "city_classes", "compact_city"]

_MOST_ROWS: Final = 15
_REFUSED: Final = "refused: "


def alliances(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield the best division into alliances, the next ones, and which limit kept whom out."""
    frame = material.table("alliances")
    if frame.empty:
        return
    yield Heading(texts.say("zones.alliances_heading"))
    best = frame[(frame["division"] == "best") & frame["alliance"].notna()]
    first = frame[frame["division"] == "best"].iloc[0]
    proved = "zones.alliances_proved" if first["proved"] else "zones.alliances_gap"
    yield Paragraph(
        texts.say("zones.alliances_lead", n=len(best), value=_worth(material, texts, float(first["objective"])))
        + " " + texts.say(proved, gap=float(first["gap"])), "lead",
    )  # fmt: skip
    yield Notice("legal", texts.say("zones.alliances_legal"))
    for division in ("best", "given"):
        file = f"zones/maps/alliances_{division}.png"
        if material.has(file):
            yield Picture(f"alliances-map-{division}", texts.say(f"zones.alliances_map_{division}"), file,
                          texts.say("zones.alliances_map_alt", n=len(best)))  # fmt: skip
    yield _divisions(material, texts, frame)
    yield from _shared(material, texts)
    yield from _left_out(material, texts)
    yield from _sensitivity(material, texts)


def _worth(material: Material, texts: Texts, value: float) -> str:
    """Write a sum of people newly reached, each with a weight."""
    if 0 < value < LEAST_GROUP and not material.disclose:
        return f"<{LEAST_GROUP}"
    return texts.write(value, "number:0")


def _divisions(material: Material, texts: Texts, frame: pd.DataFrame) -> Table:
    """Return every division told: its alliances with their people and worth."""
    names = town_names(material, texts)
    rows: list[tuple[Cell, ...]] = []
    for row in frame.to_dict("records"):
        key = str(row["division"])
        name = texts.say("zones.division_next", n=int(key[-1])) if key.startswith("next_") else texts.say(
            f"zones.division_{key}")  # fmt: skip
        alone = row["alliance"] is None or pd.isna(row["alliance"])
        limits = [_limit(texts, one) for one in str(row["broken"] or "").split("; ") if one]
        rows.append((
            name, texts.say("zones.everybody_alone") if alone else str(row["alliance"]),
            " · ".join(names.get(one, one) for one in str(row["members"] or "").split(";") if not alone),
            None if alone else people(row["people"], disclose=material.disclose),
            None if alone else people(float(row["value"]), disclose=material.disclose), ", ".join(limits),
            people(float(row["objective"]), disclose=material.disclose),
        ))  # fmt: skip
    columns = [
        column(texts, "division", texts.say("zones.col.division")),
        column(texts, "alliance", texts.say("zones.col.alliance")),
        column(texts, "members", texts.say("zones.col.members")),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "value", texts.say("zones.col.value"), "people"),
        column(texts, "broken", texts.say("zones.col.broken")),
        column(texts, "objective", texts.say("zones.col.objective"), "people"),
    ]
    kept = [at for at in range(len(columns)) if columns[at].key != "broken" or any(row[at] for row in rows)]
    return Table("alliances", texts.say("zones.divisions"), tuple(columns[at] for at in kept),
                 tuple(tuple(row[at] for at in kept) for row in rows), note=texts.say("zones.divisions_note"),
                 most=_MOST_ROWS)  # fmt: skip


def _shared(material: Material, texts: Texts) -> Iterator[Table]:
    """Yield what the best alliances share: where it would stand, who is newly reached, users, cost per user."""
    frame = material.table("alliance_shared")
    frame = frame[frame["division"] == "best"]
    if frame.empty:
        return
    names, rows = town_names(material, texts), []
    for (alliance, kind, way), block in frame.groupby(["alliance", "kind", "way"], sort=False):
        told = block.to_dict("records")
        newly = parts([float(row["newly"]) for row in told], disclose=material.disclose)
        for row, count in zip(told, newly, strict=True):
            rows.append((
                str(alliance), material.kind_name(str(kind), texts.language), texts.say(f"zones.way.{way}"),
                names.get(str(row["member"]), str(row["member"])), count,
                people(_number(row["users"]), disclose=material.disclose), _number(row["minimum"]),
                names.get(str(row["hub_in"]), "") if row["hub_in"] else "", _number(row["cost_per_user_alone"]),
                _number(row["cost_per_user_together"]),
            ))  # fmt: skip
    won = texts.say("variants.unit_won")
    columns = [
        column(texts, "alliance", texts.say("zones.col.alliance")),
        column(texts, "kind", texts.say("zones.col.service")),
        column(texts, "way", texts.say("zones.col.way")), column(texts, "member", texts.say("zones.col.member")),
        column(texts, "newly", texts.say("zones.col.newly"), "people"),
        column(texts, "users", texts.say("zones.col.users"), "people"),
        column(texts, "minimum", texts.say("zones.col.least"), "number"),
        column(texts, "hub", texts.say("zones.col.hub")),
        column(texts, "alone", f"{texts.say('zones.col.cost_alone')} ({won})", "number"),
        column(texts, "together", f"{texts.say('zones.col.cost_together')} ({won})", "number"),
    ]  # fmt: skip
    kept = [at for at in range(len(columns)) if any(row[at] not in (None, "") for row in rows)]
    yield Table("alliances-shared", texts.say("zones.shared"), tuple(columns[at] for at in kept),
                tuple(tuple(row[at] for at in kept) for row in rows), note=texts.say("zones.shared_note"),
                most=_MOST_ROWS)  # fmt: skip


def _left_out(material: Material, texts: Texts) -> Iterator[Table]:
    """Yield every municipality with its alliance, what it would do instead, and which limit turned how many away."""
    frame = material.table("alliance_members")
    limits = [key for key in frame.columns if key.startswith(_REFUSED)]
    names, rows, gains = town_names(material, texts), [], _gains(material, frame)
    for row in frame.to_dict("records"):
        instead = [names.get(one, one) for one in str(row["instead"] or "").split(";") if one]
        rows.append((
            names.get(str(row["district"]), str(row["district"])), str(row["alliance"] or ""),
            gains[str(row["district"])], " · ".join(instead), int(row["admissible"]),
            int(row["gaining"]), *(int(row[key]) for key in limits),
        ))  # fmt: skip
    if not rows:
        return
    columns = (
        column(texts, "town", texts.say("zones.col.town")), column(texts, "alliance", texts.say("zones.col.alliance")),
        column(texts, "gain", texts.say("zones.col.gain"), "people"),
        column(texts, "instead", texts.say("zones.col.instead")),
        column(texts, "admissible", texts.say("zones.col.admissible"), "count"),
        column(texts, "gaining", texts.say("zones.col.gaining"), "count"),
        *(column(texts, csv_key(key), _limit(texts, key.removeprefix(_REFUSED)), "count") for key in limits),
    )  # fmt: skip
    yield Table("alliances-members", texts.say("zones.members"), columns, tuple(rows),
                note=texts.say("zones.members_note"), most=_MOST_ROWS)  # fmt: skip


def _gains(material: Material, frame: pd.DataFrame) -> dict[str, Cell]:
    """Return what every municipality gains, as may be shown beside what its alliance gains in all."""
    found: dict[str, Cell] = {}
    for alliance in frame["alliance"].fillna("").unique():
        own = frame[frame["alliance"].fillna("") == alliance]
        told = parts([float(gain) for gain in own["gain"]], disclose=material.disclose)
        found |= dict(zip((str(one) for one in own["district"]), told, strict=True))
    return found


def _sensitivity(material: Material, texts: Texts) -> Iterator[Table]:
    """Yield the best division under other limits of people."""
    frame, names = material.table("alliance_sensitivity"), town_names(material, texts)
    rows = []
    for row in frame.to_dict("records"):
        groups = [" · ".join(names.get(one, one) for one in group.split(";"))
                  for group in str(row["alliances"] or "").split(" | ") if group]  # fmt: skip
        rows.append((texts.say("zones.people_range", low=float(row["people_from"]), high=float(row["people_to"])),
                     people(float(row["objective"]), disclose=material.disclose), " / ".join(groups)))  # fmt: skip
    if rows:
        columns = (
            column(texts, "limits", texts.say("zones.col.limits")),
            column(texts, "value", texts.say("zones.col.objective"), "people"),
            column(texts, "alliances", texts.say("zones.col.alliance")),
        )
        yield Table("alliances-sensitivity", texts.say("zones.sensitivity"), columns, tuple(rows))


def city_classes(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield the classes of cities, the largest first."""
    frame = material.table("city_classes")
    if frame.empty:
        return
    at, names = int(texts.language == "en"), town_names(material, texts)
    yield Heading(texts.say("zones.cities_heading"))
    rows = [
        (names.get(str(row["district"]), str(row["district"])),
         people(_number(row["people"]), disclose=material.disclose),
         CITY_WORDS.get(str(row["class"]), (str(row["class"]),) * 2)[at] + (
             texts.say("zones.boundary") if row["boundary"] else ""),
         TREND_WORDS.get(str(row["trend"]), (str(row["trend"]),) * 2)[at], _number(row.get("industry_lq")))
        for row in frame.sort_values(["people", "district"], ascending=[False, True]).to_dict("records")
    ]  # fmt: skip
    columns = (
        column(texts, "city", texts.say("zones.col.town")),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "class", texts.say("zones.col.class")), column(texts, "trend", texts.say("zones.col.trend")),
        column(texts, "industry_lq", texts.say("zones.col.lq"), "number"),
    )  # fmt: skip
    yield Table("city-classes", texts.say("zones.cities"), columns, tuple(rows), note=texts.say("zones.cities_note"),
                most=_MOST_ROWS)  # fmt: skip


def compact_city(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield how compact the city is in every variant."""
    frame = material.table("compact_city")
    if frame.empty:
        return
    yield Heading(texts.say("zones.compact_heading"))
    rows = [_compact(material, texts, row) for row in frame.to_dict("records")]
    columns = (
        column(texts, "variant", texts.say("variants.col.variant")),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "centre_share", texts.say("zones.col.centre_share"), "percent"),
        column(texts, "footprint", texts.say("zones.col.footprint"), "number"),
        column(texts, "gradient", texts.say("zones.col.gradient"), "number"),
        column(texts, "all_in_reach", texts.say("zones.col.all_in_reach"), "people"),
        column(texts, "gathered", texts.say("zones.col.gathered"), "people"),
    )
    yield Table("compact-city", texts.say("zones.compact"), columns, tuple(rows), note=texts.say("zones.compact_note"))


def _compact(material: Material, texts: Texts, row: Mapping[Any, Any]) -> tuple[Cell, ...]:
    """Return one variant, with its year where it has one."""
    year = _number(row["year"])
    name = material.variant_name(str(row["variant"]), texts.language)
    return (
        name if year is None else f"{name} ({year:.0f})", people(_number(row["people"]), disclose=material.disclose),
        share(_number(row["centre_people"]), _number(row["people"]), disclose=material.disclose),
        _number(row["footprint_km2"]), _number(row["gradient_per_km"]),
        people(_number(row["all_in_reach"]), disclose=material.disclose),
        people(_number(row["all_in_reach_if_gathered"]), disclose=material.disclose),
    )  # fmt: skip


def _limit(texts: Texts, limit: str) -> str:
    """Return what a limit is called."""
    return LIMIT_WORDS.get(limit, limit) if texts.language == "ko" else limit


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 4)
