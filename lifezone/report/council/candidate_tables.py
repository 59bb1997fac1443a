"""Tables of a plan: every candidate's score, the sites and their use over time, the front, who travels farther."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from lifezone.report.council.changes_told import named
from lifezone.report.council.places import Places
from lifezone.report.council.plan_values import goal_measure
from lifezone.report.council.shown import figure, part_of, parts, people
from lifezone.report.document import Cell, Column, Table
from lifezone.report.material import Material
from lifezone.report.names import file_stem
from lifezone.report.words import Texts

__all__ = ["extra_travel", "front", "goal_title", "scorecard", "sites"]

_MOST_ROWS: Final = 12
_MILLION: Final = 1e6
_RANK: Final = {"opened": 0, "closed": 1, "kept": 2}


def scorecard(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Table]:
    """Yield what each candidate would do alone, best first: chosen ones, runners-up, cost per person."""
    frame = material.table("candidates", variant)
    if frame.empty:
        return
    places, shares = Places(material, variant), plan.get("chosen_share") or {}
    timed = "person_minutes_saved" in frame
    saved = frame["person_minutes_saved" if timed else "person_metres_saved"] / (60.0 if timed else 1000.0)
    rows: list[tuple[Cell, ...]] = []
    for row, hours in zip(frame.to_dict("records"), saved, strict=True):
        newly = None if pd.isna(row["newly_covered"]) else float(row["newly_covered"])
        cost = _cost(plan, str(row["id"]), places)
        each = None if cost is None or not newly else cost / newly
        rows.append((
            int(row["rank"]), places.name(str(row["id"]), texts.language),
            texts.say("candidates.yes") if row["opened"] else "", people(newly, disclose=material.disclose),
            people(float(row["newly_reached"]), disclose=material.disclose),
            figure(float(hours), newly, disclose=material.disclose, digits=0),
            None if cost is None else cost / _MILLION, figure(each, newly, disclose=material.disclose, digits=0),
            shares.get(str(row["id"]), 0.0) if shares else None,
        ))  # fmt: skip
    unit = texts.say("variants.unit_people")
    columns = [
        Column("rank", texts.say("candidates.col.rank"), "count"),
        Column("candidate", texts.say("candidates.col.candidate")),
        Column("in_plan", texts.say("candidates.col.in_plan")),
        Column("newly_covered", texts.say("candidates.col.newly_covered"), "people", unit),
        Column("newly_reached", texts.say("candidates.col.newly_reached"), "people", unit),
        Column("saved", texts.say("candidates.col.saved" if timed else "candidates.col.saved_km"), "number", digits=0),
        Column("cost", texts.say("candidates.col.cost"), "money", texts.say("variants.unit_million_won")),
        Column("won_a_person", texts.say("candidates.col.won_a_person"), "number", texts.say("variants.unit_won"), 0),
        Column("chosen_share", texts.say("candidates.col.chosen_share"), "percent", "%", 0),
    ]
    yield _table(f"scorecard-{file_stem(variant)}", texts.say("candidates.scorecard", variant=_name(material, texts,
                 variant)), columns, rows, note=texts.say("candidates.scorecard_note"), most=_MOST_ROWS)  # fmt: skip


def sites(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the sites that open, close or are used: people before and after, within the bound, in later years."""
    used = [site for site in plan["sites"] if site["state"] != "kept" or site["people"] + site["people_before"] > 0]
    if not used or "projects" in plan:
        return
    used.sort(key=lambda site: (_RANK[site["state"]], -site["people"], site["id"]))
    before, after = (parts([site[key] for site in used], disclose=material.disclose)
                     for key in ("people_before", "people"))  # fmt: skip
    years = [str(later["year"]) for later in plan["later"] if later.get("objective") is not None]
    later = [parts([site["later"].get(year) or 0.0 for site in used], disclose=material.disclose) for year in years]
    timed = all(rule["metric"] == "time" for rule in plan["rules"])
    scale = 60.0 if timed else 1.0
    places = {state: Places(material, material.baseline if state == "closed" else variant) for state in _RANK}
    rows = []
    for at, site in enumerate(used):
        trips = (figure(None if site[key] is None else site[key] / scale, site["people"], disclose=material.disclose)
                 for key in ("mean", "worst"))  # fmt: skip
        rows.append((
            places[site["state"]].name(site["id"], texts.language), texts.say(f"candidates.state.{site['state']}"),
            before[at], after[at], part_of(site["within"], site["people"], disclose=material.disclose), *trips,
            *(column[at] for column in later),
        ))  # fmt: skip
    unit = texts.say("variants.unit_people")
    trip, own = ("minutes", texts.say("variants.unit_minutes")) if timed else ("metres", "m")
    columns = [
        Column("site", texts.say("candidates.col.site")), Column("state", texts.say("candidates.col.state")),
        Column("people_before", texts.say("candidates.col.people_before"), "people", unit),
        Column("people_after", texts.say("candidates.col.people_after"), "people", unit),
        Column("within", texts.say("candidates.col.within"), "people", unit),
        Column("mean_trip", texts.say("candidates.col.mean"), trip, own),  # type: ignore[arg-type]
        Column("worst_trip", texts.say("candidates.col.worst"), trip, own),  # type: ignore[arg-type]
        *(Column(f"people_{year}", texts.say("candidates.col.people_year", year=year), "people", unit)
          for year in years),
    ]  # fmt: skip
    yield _table(f"sites-{file_stem(variant)}", texts.say("candidates.sites", variant=_name(material, texts, variant)),
                 columns, rows, note=texts.say("candidates.sites_note"), most=_MOST_ROWS)  # fmt: skip


def front(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Table]:
    """Yield every choice of a Pareto front with its plan and proof."""
    points: Sequence[Mapping[str, Any]] = plan.get("front") or ()
    if not points:
        return
    goals = list(points[0]["goals"])
    measures = {goal: goal_measure(points[0]["units"][goal]) for goal in goals}
    after, before = Places(material, variant), Places(material, material.baseline)
    rows = []
    for point in points:
        opened, closed = (
            named(texts, where.names([str(key) for key in point[state]], texts.language)) if point[state] else ""
            for state, where in (("opened", after), ("closed", before))
        )
        gap = float(point["gap"] or 0.0)
        is_proved = point["status"] == "optimal"
        proved = texts.say("candidates.proved") if is_proved else texts.say("candidates.gap_at_most", gap=gap)
        told = [people(point["goals"][goal], disclose=material.disclose) if measures[goal].format == "people"
                else measures[goal].cell(point["goals"][goal]) for goal in goals]  # fmt: skip
        mark = texts.say("candidates.this_plan") if point["taken"] else ""
        rows.append((int(point["point"]), mark, *told, opened, closed, proved))
    columns = [
        Column("point", texts.say("candidates.col.point"), "count"), Column("taken", texts.say("candidates.col.taken")),
        *(Column(goal, goal_title(texts, goal, points[0]["units"][goal]), measures[goal].format,
                 digits=measures[goal].digits) for goal in goals),
        Column("opened", texts.say("candidates.col.opened")), Column("closed", texts.say("candidates.col.closed")),
        Column("proof", texts.say("candidates.col.proof")),
    ]  # fmt: skip
    yield _table(f"front-{file_stem(variant)}", texts.say("candidates.front", variant=_name(material, texts, variant)),
                 columns, rows, note=texts.say("candidates.front_note"))  # fmt: skip


def goal_title(texts: Texts, goal: str, unit: str) -> str:
    """Return the name of a goal with its unit."""
    key = goal_measure(unit).key
    return texts.say(f"candidates.goal.{goal}", unit=texts.say(f"candidates.unit.{key}"))


def extra_travel(texts: Texts, variant: str, plan: Mapping[str, Any], *, disclose: bool) -> Iterator[Table]:
    """Yield how much farther those go whose facility closes."""
    rows = []
    for one in plan["extra_travel"]:
        scale = 60.0 if one["unit"] == "seconds" else 1.0
        trips = (figure(None if one[key] is None else one[key] / scale, one["people"], disclose=disclose)
                 for key in ("mean", "median", "p90", "worst", "worst_trip"))  # fmt: skip
        lost = (part_of(one[key], one["people"], disclose=disclose) for key in ("beyond", "cut_off"))
        rows.append((people(one["people"], disclose=disclose), *trips, *lost))
    if not rows:
        return
    timed = plan["extra_travel"][0]["unit"] == "seconds"
    unit, own = texts.say("variants.unit_people"), texts.say("variants.unit_minutes") if timed else "m"
    trip = "minutes" if timed else "metres"
    columns = [
        Column("people", texts.say("candidates.col.displaced"), "people", unit),
        *(
            Column(key, texts.say(f"candidates.col.extra_{key}"), trip, own)  # type: ignore[arg-type]
            for key in ("mean", "median", "p90", "worst", "worst_trip")
        ),
        Column("beyond", texts.say("candidates.col.beyond"), "people", unit),
        Column("cut_off", texts.say("variants.col.cut_off"), "people", unit),
    ]
    yield _table(f"extra-{file_stem(variant)}", texts.say("candidates.extra", variant=variant), columns, rows)


def _cost(plan: Mapping[str, Any], key: str, places: Places) -> float | None:
    """Return what opening a candidate costs, as the plan reckoned where it opens it."""
    for site in plan["sites"]:
        if site["id"] == key and site["cost"] is not None:
            return float(site["cost"])
    return places.of(key).cost


def _table(
    id_: str, caption: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], *, note: str = "",
    most: int | None = None,
) -> Table:  # fmt: skip
    """Return a table without columns in which nothing stands."""
    kept = [at for at in range(len(columns)) if not at or any(row[at] not in (None, "") for row in rows)]
    return Table(
        id_, caption, tuple(columns[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows), note,
        most=most,
    )  # fmt: skip


def _name(material: Material, texts: Texts, variant: str) -> str:
    return material.variant_name(variant, texts.language)
