"""What one alternative changes, and for whom: requirements, districts, deserts, groups, people beyond a bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from lifezone.report.charts.gain_loss import GainLoss, gain_loss_bars
from lifezone.report.council.alternatives import Alternative, changed_requirements
from lifezone.report.council.moved_deserts import moved_deserts
from lifezone.report.council.places import Places
from lifezone.report.council.shown import HIDDEN, drawn, figure, is_small, parts, parts_of, people
from lifezone.report.document import Block, Cell, Chart, Column, Paragraph, Shown, Table
from lifezone.report.material import ALL, Material
from lifezone.report.names import file_stem
from lifezone.report.words import Texts

__all__ = ["one_variant"]

_MOST_BARS: Final = 16
_MOST_ROWS: Final = 10
_ANY: Final = "any"
_TRIPS: Final = ("minutes_before", "minutes_after", "extra_minutes", "most_extra_minutes")
_TOTAL: Final = "total"


def one_variant(material: Material, texts: Texts, one: Alternative) -> Iterator[Block]:
    """Yield the blocks of one alternative that is compared with the baseline."""
    keys = changed_requirements(material, one.name)
    if keys:
        yield _requirements(material, texts, one.name, keys)
    told = moved_deserts(material, texts, one)
    if told:
        yield Paragraph(told)
    if keys and len(material.districts) > 1:
        yield from _districts(material, texts, one.name, keys[0])
    yield from _winners(material, texts, one.name)
    yield from _pushed(material, texts, one.name)


def _requirements(material: Material, texts: Texts, variant: str, keys: Sequence[str]) -> Chart:
    """Return the bars of every requirement that changes."""
    changes = {row["requirement"]: row for row in _records(material.headline("changes", variant))}
    won = {row["requirement"]: row for row in _records(material.headline("winners_losers", variant))}
    rows, cells = [], []
    for key in keys:
        values = _moved(changes[key], float(won[key]["people"]))
        counted = parts(values, disclose=material.disclose)
        name = _requirement(material, texts, key)
        rows.append((name, *counted))
        small = not material.disclose and any(map(is_small, values[:2]))
        shares = _coverage(changes[key]["coverage_before"], changes[key]["coverage_after"], small=small)
        cells.append((name, people(sum(values), disclose=material.disclose), *counted, *shares))
    names = _names(material, texts, variant)
    columns = (
        Column("requirement", texts.say("variants.col.requirement")),
        Column("judged", texts.say("variants.col.judged"), "people", texts.say("variants.unit_people")),
        *_parts_columns(texts),
        Column("coverage_before", texts.say("variants.col.coverage_before"), "percent", "%"),
        Column("coverage_after", texts.say("variants.col.coverage_after"), "percent", "%"),
    )
    caption = texts.say("variants.bars", **names)
    table = Table(f"gain-loss-{file_stem(variant)}-data", caption, columns, tuple(cells))
    return _bars(texts, rows, table, caption=caption, note=texts.say("variants.bars_note"))


def _districts(material: Material, texts: Texts, variant: str, key: str) -> Iterator[Chart]:
    """Yield the bars of every district for the requirement that changes for most people."""
    group = material.effective_group(key, variant)
    changes = _records(_of(material.table("changes"), variant, key, group))
    judged = {row["district"]: float(row["people"])
              for row in _records(_of(material.table("winners_losers"), variant, key, group))}  # fmt: skip
    moved = [(str(row["district"]), _moved(row, judged[row["district"]])) for row in changes]
    own = [(unit, values) for unit, values in moved if unit != ALL and values[0] + values[1] > 0]
    own.sort(key=lambda one: (-one[1][0] - one[1][1], one[0]))
    if not own:
        return
    counted = parts_of([values for _, values in own], columns=True, disclose=material.disclose)
    rows = [(material.district_name(unit, texts.language), *cells)
            for (unit, _), cells in zip(own, counted, strict=True)]  # fmt: skip
    told = [(row[0], people(sum(values), disclose=material.disclose), *row[1:])
            for row, (_, values) in zip(rows, own, strict=True)]  # fmt: skip
    whole = [values for unit, values in moved if unit == ALL]
    told = [(material.district_name(ALL, texts.language), people(sum(values), disclose=material.disclose),
             *parts(values, disclose=material.disclose)) for values in whole] + told  # fmt: skip
    columns = (
        Column("district", texts.say("variants.col.district")),
        Column("judged", texts.say("variants.col.judged"), "people", texts.say("variants.unit_people")),
        *_parts_columns(texts),
    )
    names = _names(material, texts, variant) | {"requirement": _requirement(material, texts, key)}
    caption = texts.say("variants.district_bars", **names)
    table = Table(f"gain-loss-districts-{file_stem(variant)}-data", caption, columns, tuple(told),
                  note=texts.say("variants.district_note"), totals=len(whole), most=_MOST_ROWS)  # fmt: skip
    yield _bars(texts, rows, table, caption=caption, note="")


def _moved(row: Mapping[str, Any], judged: float) -> list[float]:
    """Return people newly within, no longer within, and without a change."""
    gain, lose = float(row["gain"]), float(row["lose"])
    return [gain, lose, max(judged - gain - lose, 0.0)]


def _bars(texts: Texts, rows: Sequence[tuple[Any, ...]], table: Table, *, caption: str, note: str) -> Chart:
    """Return bars of (name, gain, lose, same), as many as are read, with the table of all."""
    shown = rows[:_MOST_BARS]
    gain, lose = (texts.say(f"variants.col.{side}") for side in ("newly", "lost"))
    first = shown[0]
    alt = texts.say(
        "variants.bars_alt", name=str(first[0]), gain=_people(texts, first[1]), lose=_people(texts, first[2])
    )
    name = table.id.removesuffix("-data")
    svg = gain_loss_bars(
        [GainLoss(str(row[0]), drawn(row[1]), drawn(row[2]), _end(texts, row[1]), _end(texts, row[2]),
                  _count(texts, row[3])) for row in shown],
        prefix=name, gain=gain, lose=lose, same=texts.say("variants.col.same"), unit=texts.say("variants.unit_people"),
        alt=alt,
    )  # fmt: skip
    return Chart(name, caption, svg, alt, table, note)


def _winners(material: Material, texts: Texts, variant: str) -> Iterator[Table]:
    """Yield who wins and loses by all requirements together: by group, then by district."""
    frame = material.table("winners_losers")
    rows = _records(frame[(frame["variant"] == variant) & (frame["requirement"] == _ANY)])
    names = _names(material, texts, variant)
    groups = [row for row in rows if row["district"] == ALL]
    if not any(_noticed(row) for row in groups):
        return
    labels = [material.group_name(str(row["group"]), texts.language) for row in groups]
    yield Table(
        f"winners-{file_stem(variant)}", texts.say("variants.winners", **names), _winner_columns(texts, "group"),
        _winner_rows(labels, groups, columns=False, disclose=material.disclose),
        note=texts.say("variants.winners_note"),
    )  # fmt: skip
    own = [row for row in rows if row["district"] != ALL and row["group"] == _TOTAL and _noticed(row)]
    if len(own) > 1:
        own.sort(key=lambda row: (-_noticed(row), row["district"]))
        labels = [material.district_name(str(row["district"]), texts.language) for row in own]
        yield Table(
            f"winners-districts-{file_stem(variant)}", texts.say("variants.winners_districts", **names),
            _winner_columns(texts, "district"),
            _winner_rows(labels, own, columns=True, disclose=material.disclose), most=_MOST_ROWS,
        )  # fmt: skip


def _noticed(row: Mapping[str, Any]) -> float:
    return float(row["winners"] + row["losers"] + row["mixed"])


def _winner_rows(
    labels: Sequence[str], rows: Sequence[Mapping[str, Any]], *, columns: bool, disclose: bool
) -> tuple[tuple[Cell, ...], ...]:
    values = [[float(row[key]) for key in ("winners", "losers", "mixed", "unchanged")] for row in rows]
    told = parts_of(values, columns=columns, disclose=disclose)
    wholes = [people(float(row["people"]), disclose=disclose) for row in rows]
    return tuple((label, whole, *own) for label, whole, own in zip(labels, wholes, told, strict=True))


def _winner_columns(texts: Texts, first: str) -> tuple[Column, ...]:
    keys = ("people", "winners", "losers", "mixed", "unchanged")
    unit = texts.say("variants.unit_people")
    own = tuple(Column(key, texts.say(f"variants.col.{key}"), "people", unit) for key in keys)
    return (Column(first, texts.say(f"variants.col.{first}")), *own)


def _pushed(material: Material, texts: Texts, variant: str) -> Iterator[Table]:
    """Yield who was within a bound and no longer is, by the facility that they used."""
    frame = material.table("pushed_beyond")
    rows = [row for row in _records(frame[(frame["variant"] == variant) & (frame["district"] == ALL)])
            if row["group"] == material.effective_group(row["requirement"], variant)]  # fmt: skip
    if not rows:
        return
    told: list[tuple[Cell, ...]] = []
    for key in dict.fromkeys(str(row["requirement"]) for row in rows):
        told += _pushed_rows(material, texts, key, [row for row in rows if row["requirement"] == key])
    unit, minutes = texts.say("variants.unit_people"), texts.say("variants.unit_minutes")
    columns = (
        Column("requirement", texts.say("variants.col.requirement")),
        Column("facility", texts.say("variants.col.used_before")),
        Column("people", texts.say("variants.col.pushed"), "people", unit),
        *(Column(key, texts.say(f"variants.col.{key}"), "minutes", minutes) for key in _TRIPS),
        Column("cut_off", texts.say("variants.col.cut_off"), "people", unit),
    )
    yield Table(
        f"pushed-{file_stem(variant)}", texts.say("variants.pushed", **_names(material, texts, variant)), columns,
        tuple(told), note=texts.say("variants.pushed_note"), most=_MOST_ROWS,
    )  # fmt: skip


def _pushed_rows(
    material: Material, texts: Texts, key: str, rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of one requirement: everybody, then by facility; of few people no trips are told."""
    disclose, places = material.disclose, Places(material, material.baseline)
    used = sorted((row for row in rows if row["facility"] != ALL), key=lambda row: (-row["people"], row["facility"]))
    whole = [row for row in rows if row["facility"] == ALL]
    split = [[float(row["people"] - row["cut_off"]), float(row["cut_off"])] for row in used]
    cells = parts_of([[sum(one)] for one in split], columns=True, disclose=disclose)
    cut = parts_of(split, columns=True, disclose=disclose)
    counts = [people(float(row["people"]), disclose=disclose) for row in whole] + [one for (one,) in cells]
    lost = [parts([float(row["people"] - row["cut_off"]), float(row["cut_off"])], disclose=disclose)[1]
            for row in whole] + [one for _, one in cut]  # fmt: skip
    names = [texts.say("variants.all_facilities")] * len(whole)
    names += places.names([str(row["facility"]) for row in used], texts.language)
    for row, name, count, off in zip([*whole, *used], names, counts, lost, strict=True):
        trips = (figure(row[trip], float(row["people"]), disclose=disclose) for trip in _TRIPS)
        yield (_requirement(material, texts, key), name, count, *trips, off)


def _coverage(before: float, after: float, *, small: bool) -> tuple[Cell, ...]:
    """Return shares before and after; rounded alike where the difference would tell of few people."""
    shares = [None if pd.isna(share) else float(share) for share in (before, after)]
    if not small:
        return tuple(shares)
    return tuple(None if share is None else Shown(f"≈{100 * share:.0f}", round(share, 2)) for share in shares)


def _parts_columns(texts: Texts) -> tuple[Column, ...]:
    unit = texts.say("variants.unit_people")
    keys = (("newly_within", "newly"), ("no_longer_within", "lost"), ("unchanged", "same"))
    return tuple(Column(key, texts.say(f"variants.col.{name}"), "people", unit) for key, name in keys)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _of(frame: pd.DataFrame, variant: str, key: str, group: str) -> pd.DataFrame:
    return frame[(frame["variant"] == variant) & (frame["requirement"] == key) & (frame["group"] == group)]


def _count(texts: Texts, cell: Cell) -> str:
    if cell is None:
        return "–"
    return cell.text if isinstance(cell, Shown) else texts.write(float(cell), "count")


def _people(texts: Texts, cell: Cell) -> str:
    """Return a cell in a sentence."""
    return texts.write(1.0 if cell is HIDDEN else cell, "people")


def _end(texts: Texts, cell: Cell) -> str:
    """Return what stands at the end of a bar; nothing where there is nobody."""
    return "" if cell == 0 else _count(texts, cell)


def _names(material: Material, texts: Texts, variant: str) -> dict[str, str]:
    """Return what the two that are compared are called."""
    return {name: material.variant_name(key, texts.language)
            for name, key in (("base", material.baseline), ("variant", variant))}  # fmt: skip


def _requirement(material: Material, texts: Texts, key: str) -> str:
    """Return a requirement with the group that it is for, where it is not for everybody."""
    group = material.effective_group(key)
    name = material.requirement_name(key, texts.language)
    return name if group == _TOTAL else f"{name} · {material.group_name(group, texts.language)}"
