"""Our figures beside the official ones: which convention makes the difference, how many people, in which direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lifezone.model import Requirement
from lifezone.report.council.columns import column
from lifezone.report.council.facts import Part, records
from lifezone.report.council.official_figures import own_figures
from lifezone.report.council.phrases import convention_words, counted, requirement_phrase
from lifezone.report.council.purpose import confidence_words
from lifezone.report.council.shown import figure, is_small, part_of, share
from lifezone.report.council.shown import people as shown_people
from lifezone.report.document import Block, Cell, Heading, Notice, Paragraph, Section, Table, Terms
from lifezone.report.material import ALL, Material
from lifezone.report.words import Texts

__all__ = ["published_of", "section"]

Row = tuple[Cell, ...]


def section(material: Material, texts: Texts) -> Section:
    """Return our figures beside the official ones."""
    rows = records(material.headline("conventions", material.baseline))
    blocks: list[Block] = [Paragraph(_lead(material, texts, rows), "lead")]
    if rows:
        blocks += [_conventions(material, texts, rows), Terms(tuple(_explained(material, texts, rows)))]
    blocks += _area_means(material, texts, rows)
    blocks += _published(material, texts)
    blocks += _targets(material, texts)
    blocks += _items(material, texts)
    blocks += _designations(material, texts)
    blocks += own_figures(material, texts)
    blocks.append(Paragraph(texts.say("reconciliation.remaining"), "note"))
    return Section("reconciliation", texts.say("reconciliation.title"), tuple(blocks))


def _lead(material: Material, texts: Texts, rows: list[dict[str, Any]]) -> str:
    """Say for whom the way of counting decides."""
    if not rows:
        return texts.say("reconciliation.no_conventions")
    most = max(rows, key=lambda row: float(row["differs"]))
    if most["differs"] <= 0:
        return texts.say("reconciliation.no_difference", n=len(rows))
    key = "more" if most["only_official"] > most["only_modelled"] else "fewer"
    return texts.say(
        f"reconciliation.lead_{key}",
        requirement=requirement_phrase(material, texts, most["requirement"]),
        how=convention_words(material, texts, most["requirement"], most["convention"]),
        ours=counted(texts, Part(most["met"], most["judged"])),
        official=counted(texts, Part(most["met_officially"], most["judged"])),
        judged=most["judged"],
    )


def _conventions(material: Material, texts: Texts, rows: list[dict[str, Any]]) -> Table:
    """Return requirement by requirement who meets it by our reading and by the official one."""
    disclose = material.disclose
    made: list[Row] = []
    for row in rows:
        ours, theirs, judged = float(row["met"]), float(row["met_officially"]), float(row["judged"])
        gone, more = float(row["only_modelled"]), float(row["only_official"])
        both = [gone, more]
        hide = any(is_small(one) for one in both) and not disclose
        made.append((
            material.requirement_name(row["requirement"], texts.language),
            convention_words(material, texts, row["requirement"], row["convention"]),
            shown_people(judged, disclose=disclose),
            # two figures that differ by a few people would tell how few
            part_of(ours, judged, disclose=disclose),
            None if hide else part_of(theirs, judged, disclose=disclose),
            shown_people(more, disclose=disclose),
            shown_people(gone, disclose=disclose),
            texts.say(f"reconciliation.{_direction(ours, theirs)}"),
        ))  # fmt: skip
    columns = (
        column(texts, "rule", texts.say("reconciliation.column_rule")),
        column(texts, "how", texts.say("reconciliation.column_how")),
        column(texts, "judged", texts.say("reconciliation.column_judged"), "people"),
        column(texts, "ours", texts.say("reconciliation.column_ours"), "people"),
        column(texts, "official", texts.say("reconciliation.column_official"), "people"),
        column(texts, "only_official", texts.say("reconciliation.column_only_official"), "people"),
        column(texts, "only_ours", texts.say("reconciliation.column_only_ours"), "people"),
        column(texts, "direction", texts.say("reconciliation.column_direction")),
    )
    caption, note = texts.say("reconciliation.conventions_caption"), texts.say("reconciliation.conventions_note")
    return Table("reconciliation_conventions", caption, columns, tuple(made), note, most=12)


def _direction(ours: float, official: float) -> str:
    """Return whether the official reading is kinder, harder or alike."""
    return "kinder" if official > ours else "harder" if official < ours else "alike"


def _explained(material: Material, texts: Texts, rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Explain every kind of convention that occurs, once."""
    kinds: dict[str, None] = {}
    for row in rows:
        rule = material.rules.get(row["requirement"])
        found = next((one for one in rule.official if one.id == row["convention"]), None) if rule else None
        if found is None:
            kinds["other"] = None
        elif found.area_mean:
            kinds["area_mean"] = None
        elif found.speed_mps is not None:
            kinds["speed"] = None
        elif found.speed_share is not None:
            kinds["speed_share"] = None
        else:
            kinds["bound"] = None
    for kind in kinds:
        yield texts.say(f"reconciliation.why_{kind}"), texts.say(f"reconciliation.why_{kind}_means")


def _area_means(material: Material, texts: Texts, rows: list[dict[str, Any]]) -> Iterator[Block]:
    """Tell where one mean decides for everybody: the mean, the bound, and whom it passes over."""
    made: list[Row] = []
    for row in rows:
        rule = material.rules.get(row["requirement"])
        found = next((one for one in rule.official if one.id == row["convention"]), None) if rule else None
        if rule is None or found is None or not found.area_mean or rule.bound is None:
            continue
        passes = row["met_officially"] > 0
        made.append((
            material.requirement_name(rule.id, texts.language),
            figure(row["official_minutes"], row["judged"], disclose=material.disclose),
            rule.bound / 60,
            texts.say("reconciliation.met" if passes else "reconciliation.not_met"),
            share(row["met"], row["judged"], disclose=material.disclose),
            shown_people(float(row["differs"]), disclose=material.disclose),
            texts.say("reconciliation.overlooked" if passes else "reconciliation.still_served"),
        ))  # fmt: skip
    if not made:
        return
    columns = (
        column(texts, "rule", texts.say("reconciliation.column_rule")),
        column(texts, "mean", texts.say("reconciliation.column_mean"), "minutes"),
        column(texts, "bound", texts.say("reconciliation.column_bound"), "minutes"),
        column(texts, "verdict", texts.say("reconciliation.column_verdict")),
        column(texts, "share", texts.say("reconciliation.column_share"), "percent"),
        column(texts, "people", texts.say("reconciliation.column_people"), "people"),
        column(texts, "who", texts.say("reconciliation.column_who")),
    )
    yield Heading(texts.say("reconciliation.area_means"))
    yield Table("reconciliation_means", texts.say("reconciliation.area_means_caption"), columns, tuple(made),
                texts.say("reconciliation.area_means_note"))  # fmt: skip


@cache
def _published_figures() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Read the packaged figures of the whole country."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    text = files("lifezone.report").joinpath("published.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = YAML(typ="safe", pure=True).load(text)
    return found


def published_of(rule: Requirement) -> Mapping[str, Any] | None:
    """Return the published figure of the whole country for a requirement of a packaged standard, or None."""
    for key, told in _published_figures().get(rule.standard, {}).items():
        if rule.id == key or rule.id.endswith(f"_{key}"):
            return told
    return None


def _published(material: Material, texts: Texts) -> Iterator[Block]:
    """Hold our figures beside the published ones of the whole country."""
    made: list[Row] = []
    for row in records(material.headline("summary", material.baseline)):
        rule = material.rules.get(row["requirement"])
        told = published_of(rule) if rule is not None else None
        if rule is None or told is None or not row["judged"] > 0:
            continue
        timed = "mean_minutes" in told
        made.append((
            material.requirement_name(rule.id, texts.language),
            figure(row["mean_minutes"], row["judged"], disclose=material.disclose) if timed else None,
            told["mean_minutes"] if timed else None,
            None if timed else share(row["covered"], row["judged"], disclose=material.disclose),
            None if timed else told["coverage"],
            texts.write(str(told["year"]), "date"),
            confidence_words(texts, str(told["confidence"])),
        ))  # fmt: skip
    if not made:
        return
    columns = (
        column(texts, "rule", texts.say("reconciliation.column_rule")),
        column(texts, "minutes", texts.say("reconciliation.column_our_minutes"), "minutes"),
        column(texts, "country_minutes", texts.say("reconciliation.column_country_minutes"), "minutes"),
        column(texts, "share", texts.say("reconciliation.column_share"), "percent"),
        column(texts, "country_share", texts.say("reconciliation.column_country_share"), "percent"),
        column(texts, "year", texts.say("reconciliation.column_year")),
        column(texts, "confidence", texts.say("reconciliation.column_confidence")),
    )
    yield Heading(texts.say("reconciliation.country"))
    yield Table("reconciliation_country", texts.say("reconciliation.country_caption"), columns, tuple(made),
                texts.say("reconciliation.country_note"))  # fmt: skip


def _targets(material: Material, texts: Texts) -> Iterator[Block]:
    """Hold coverage against the share of people that the standard asks for."""
    rows = [row for row in records(material.headline("summary", material.baseline)) if row["target"] == row["target"]
            and row["target"] is not None and row["judged"] > 0]  # fmt: skip
    if not rows:
        return
    made = [
        (
            material.requirement_name(row["requirement"], texts.language),
            share(row["covered"], row["judged"], disclose=material.disclose),
            float(row["target"]),
            texts.say("reconciliation.met" if row["target_met"] is True else "reconciliation.not_met"),
        )
        for row in rows
    ]
    columns = (
        column(texts, "rule", texts.say("reconciliation.column_rule")),
        column(texts, "share", texts.say("reconciliation.column_share"), "percent"),
        column(texts, "target", texts.say("reconciliation.column_target"), "percent"),
        column(texts, "verdict", texts.say("reconciliation.column_target_met")),
    )
    yield Heading(texts.say("reconciliation.targets"))
    yield Table("reconciliation_targets", texts.say("reconciliation.targets_caption"), columns, tuple(made),
                texts.say("reconciliation.targets_note"))  # fmt: skip


def _items(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell the items of the standard that statistics decide, and how many no statistics were given for."""
    names = {one["id"]: one for one in material.manifest["standard"].get("items", ())}
    rows = [row for row in records(material.table("items")) if row["district"] == ALL]
    if not rows:
        return
    known = [row for row in rows if row["share"] == row["share"] and row["share"] is not None]
    yield Heading(texts.say("reconciliation.items"))
    if known:
        made = []
        for row in known:
            told = names.get(row["item"], {})
            pair = (told.get("name_ko"), told.get("name_en"))
            name = pair[int(texts.language == "en")] or row["item"]
            verdict = "met" if row["target_met"] is True else "not_met"
            units = texts.say(f"reconciliation.unit_{row['unit']}")
            made.append(
                (name, units, float(row["share"]), float(row["target"]), texts.say(f"reconciliation.{verdict}"))
            )
        columns = (
            column(texts, "item", texts.say("reconciliation.column_item")),
            column(texts, "unit", texts.say("reconciliation.column_unit")),
            column(texts, "share", texts.say("reconciliation.column_item_share"), "percent"),
            column(texts, "target", texts.say("reconciliation.column_target"), "percent"),
            column(texts, "verdict", texts.say("reconciliation.column_target_met")),
        )
        yield Table("reconciliation_items", texts.say("reconciliation.items_caption"), columns, tuple(made))
    if len(known) < len(rows):
        missing = [_item_name(names.get(row["item"], {}), texts, row["item"]) for row in rows if row not in known]
        yield Paragraph(texts.say("reconciliation.items_missing", n=len(missing), items=missing), "note")


def _item_name(told: Mapping[str, Any], texts: Texts, key: str) -> str:
    return str((told.get("name_ko"), told.get("name_en"))[int(texts.language == "en")] or key)


def _designations(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell every designation that the standard tests, and where its tests hold: the result, never a designation."""
    rows = [row for row in records(material.table("designations"))
            if row["variant"] == material.baseline and row["step"] == "grade"]  # fmt: skip
    if not rows:
        return
    told = {one["id"]: one for one in material.manifest["standard"].get("designations", ())}
    made = []
    for row in rows:
        own = told.get(row["designation"], {})
        name = (own.get("name_ko"), own.get("name_en"))[int(texts.language == "en")] or row["designation"]
        grade = row["grade"]
        state = (
            texts.say("reconciliation.undecided") if grade is None else grade or texts.say("reconciliation.no_grade")
        )
        where = material.district_name(row["id"], texts.language) if row["unit"] == "district" else row["name"]
        made.append((str(name), where or row["id"], state))
    columns = tuple(
        column(texts, key, texts.say(f"reconciliation.column_{key}")) for key in ("designation", "where", "grade")
    )
    yield Heading(texts.say("reconciliation.designations"))
    yield Table("reconciliation_designations", texts.say("reconciliation.designations_caption"), columns, tuple(made),
                texts.say("reconciliation.designations_note"), most=20)  # fmt: skip
    yield Notice("legal", texts.say("purpose.designation"))
