"""⑩ The alternatives compared: the map of differences first, one table of all, who gains and loses in each.

A and B are named in every title. What cannot be compared says why; what is judged by another standard or for other
people says so before any of its figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lifezone.report.council.access_service import curve_chart
from lifezone.report.council.alternatives import Alternative, Between, alternatives, leading, matrix
from lifezone.report.council.changes_told import changes_told
from lifezone.report.council.difference_maps import difference_maps
from lifezone.report.council.one_variant import one_variant
from lifezone.report.council.shown import HIDDEN, figure, is_small, people, share
from lifezone.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Format,
    Heading,
    Notice,
    Paragraph,
    Section,
    Shown,
    Table,
)
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.report.words.told import told_in

__all__ = ["section"]

_MILLION = 1e6


def section(material: Material, texts: Texts) -> Section | None:
    """Return the alternatives of a run; None where it has none beside the baseline."""
    if not material.others:
        return None
    found = alternatives(material)
    blocks: list[Block] = [Paragraph(_lead(material, texts, found), "lead"), *_notices(material, texts, found)]
    blocks += difference_maps(material, texts, [one.name for one in found[1:] if one.change is not None])
    blocks.append(_table(material, texts, found))
    key = leading(material)
    curve = None if key is None else curve_chart(material, texts, key, room="variants")
    if curve is not None and curve.data is not None:
        caption = texts.say("variants.curve", names=[_name(material, texts, name) for name in material.variants],
                            requirement=material.requirement_name(key or "", texts.language))  # fmt: skip
        data = replace(curve.data, id=f"{curve.id}_data", caption=caption)
        blocks.append(replace(curve, caption=caption, data=data))
    for one in found[1:]:
        blocks += _one(material, texts, one)
    if len(found) > 2:
        blocks += _matrix(material, texts)
    return Section("variants", texts.say("variants.title"), tuple(blocks))


def _lead(material: Material, texts: Texts, found: Sequence[Alternative]) -> str:
    """Say which alternative brings most people within the standard, and which takes it from most."""
    like = [one for one in found[1:] if one.change is not None and not one.standard and one.people == found[0].people]
    gaining, losing = ([one for one in like if _moved(one, which) > 0] for which in ("gain", "loss"))
    told = [texts.say("variants.lead_count", n=len(found) - 1, base=_name(material, texts, material.baseline))]
    if len(like) < len(found) - 1:
        told.append(texts.say("variants.lead_like" if like else "variants.lead_unlike", n=len(like)))
    for which, own in (("gain", gaining), ("loss", losing)):
        if own:
            best, count = max(((one, _moved(one, which)) for one in own), key=lambda pair: pair[1])
            told.append(texts.say(f"variants.lead_{which}", variant=_name(material, texts, best.name), people=count))
        elif like:
            told.append(texts.say(f"variants.lead_no_{which}"))
    return " ".join(told)


def _moved(one: Alternative, which: str) -> float:
    """Return people newly within the standard, or no longer within it."""
    if one.change is None:
        return 0.0
    return one.change.newly if which == "gain" else one.change.lost


def _notices(material: Material, texts: Texts, found: Sequence[Alternative]) -> Iterator[Block]:
    """Tell what keeps alternatives from being compared, or makes a comparison one of other things."""
    base, first = _name(material, texts, material.baseline), found[0]
    for one in found[1:]:
        name = _name(material, texts, one.name)
        if one.apart or one.change is None:
            why = told_in(texts.language, one.apart) if one.apart else texts.say("variants.apart_unknown")
            yield Notice("warning", texts.say("variants.apart", variant=name, base=base, why=why))
        elif one.standard:
            yield Notice("warning", texts.say("variants.other_standard", variant=name, standard=one.standard))
        elif one.changes_nothing:
            yield Notice("warning", texts.say("variants.changes_nothing", variant=name, base=base))
        if one.change is not None and round(one.people) != round(first.people):
            yield Notice("warning", texts.say("variants.other_people", variant=name, base=base, before=first.people,
                                              after=one.people))  # fmt: skip


def _table(material: Material, texts: Texts, found: Sequence[Alternative]) -> Table:
    """Return the alternatives in one table, the baseline first."""
    key = leading(material)
    timed = key is None or material.rules[key].metric == "time"
    unit = texts.say("variants.unit_minutes") if timed else "m"
    trip: Format = "minutes" if timed else "metres"
    rows = [_row(material, texts, one, found[0]) for one in found]
    columns = [
        Column("variant", texts.say("variants.col.variant")),
        Column("newly_within", texts.say("variants.col.newly"), "people", texts.say("variants.unit_people")),
        Column("no_longer_within", texts.say("variants.col.lost"), "people", texts.say("variants.unit_people")),
        Column("coverage", texts.say("variants.col.coverage"), "percent", "%"),
        Column("mean_trip", texts.say("variants.col.mean"), trip, unit),
        Column("longest_trip", texts.say("variants.col.longest"), trip, unit),
        Column("gini", texts.say("variants.col.gini"), "number", digits=3),
        Column("desert_people", texts.say("variants.col.desert"), "people", texts.say("variants.unit_people")),
        Column("cost", texts.say("variants.col.cost"), "money", texts.say("variants.unit_million_won")),
        Column("won_a_person", texts.say("variants.col.won_a_person"), "number", texts.say("variants.unit_won"), 0),
    ]  # fmt: skip
    empty = [at for at in range(1, len(columns)) if all(row[at] is None for row in rows)]
    kept = [at for at in range(len(columns)) if at not in empty or columns[at].key in ("cost", "won_a_person")]
    return Table(
        "variants-compared",
        texts.say("variants.compared", base=_name(material, texts, material.baseline)),
        tuple(columns[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        note=_table_note(material, texts, found, key),
        totals=1,
    )


def _row(material: Material, texts: Texts, one: Alternative, first: Alternative) -> tuple[Cell, ...]:
    """Return one alternative as a row; hidden counts hide what would tell them."""
    change, disclose = one.change, material.disclose
    newly, lost = (None, None) if change is None else (change.newly, change.lost)
    once = one.spending.once_won
    return (
        _name(material, texts, one.name), people(newly, disclose=disclose), people(lost, disclose=disclose),
        _coverage(one, first, disclose=disclose),
        figure(one.mean, one.people, disclose=disclose), figure(one.longest, one.people, disclose=disclose),
        figure(one.gini, one.people, disclose=disclose, digits=3), _in_deserts(one, first, disclose=disclose),
        None if once is None else once / _MILLION,
        figure(one.won_a_person, newly, disclose=disclose, digits=0),
    )  # fmt: skip


def _coverage(one: Alternative, first: Alternative, *, disclose: bool) -> Cell:
    """Return the share within the bound; a rounded one where the difference would tell of few people."""
    if one.covered is None or one.judged is None:
        return None
    if first.covered is not None and is_small(abs(one.covered - first.covered)) and not disclose:
        about = round(one.covered / one.judged, 2) if one.judged > 0 else 0.0
        return Shown(f"≈{100 * about:.0f}", about)
    return share(one.covered, one.judged, disclose=disclose)


def _in_deserts(one: Alternative, first: Alternative, *, disclose: bool) -> Cell:
    """Return the people in life deserts; about as many where the difference would tell of few."""
    inside, before = one.desert_people, first.desert_people
    if inside is not None and before is not None and is_small(abs(inside - before)) and not disclose:
        about = round(inside, -2)
        return HIDDEN if about <= 0 else Shown(f"≈{about:,.0f}", about)
    return people(inside, disclose=disclose)


def _table_note(material: Material, texts: Texts, found: Sequence[Alternative], key: str | None) -> str:
    """Say what the columns count, and what is not known."""
    told = [texts.say("variants.note_once")]
    if key is not None:
        told.append(texts.say(
            "variants.note_leading", requirement=material.requirement_name(key, texts.language),
            bound=material.bound_name(key, texts.language),
            group=material.group_name(material.effective_group(key), texts.language),
        ))  # fmt: skip
    if any(one.change is not None and len(one.change.groups) > 1 for one in found):
        told.append(texts.say("variants.note_groups"))
    untold = [one for one in found[1:] if not one.spending.is_whole]
    if untold:
        told.append(texts.say("variants.note_untold", variants=[_name(material, texts, one.name) for one in untold]))
    return " ".join(told)


def _one(material: Material, texts: Texts, one: Alternative) -> Iterator[Block]:
    """Yield what one alternative changes, and for whom."""
    base = _name(material, texts, material.baseline)
    yield Heading(texts.say("variants.heading", base=base, variant=_name(material, texts, one.name)))
    told = changes_told(material, texts, one.name)
    if told:
        yield Bullets(told)
    if one.change is None:
        yield Paragraph(texts.say("variants.not_compared", variant=_name(material, texts, one.name), base=base))
    elif not one.changes_nothing:
        yield from one_variant(material, texts, one)


def _matrix(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield every alternative against every other one; counts in tens where one of them is small."""
    found = matrix(material)
    names = list(dict.fromkeys(one for one, _ in found))
    counts = [count for one in found.values() if one is not None for count in (one.newly, one.lost)]
    in_tens = not material.disclose and any(map(is_small, counts))
    rows = [
        (_name(material, texts, one), *(_between(texts, found.get((one, other)), in_tens=in_tens) for other in names))
        for one in names
    ]
    columns = [Column("from", texts.say("variants.matrix_from"))]
    columns += [Column(f"to_{at}", _name(material, texts, name)) for at, name in enumerate(names)]
    left_out = len(material.variants) - len(names)
    note = [texts.say("variants.matrix_note")]
    note += [texts.say("variants.matrix_tens")] if in_tens else []
    note += [texts.say("variants.matrix_more", n=left_out)] if left_out > 0 else []
    yield Heading(texts.say("variants.matrix_heading"))
    yield Table("variants-matrix", texts.say("variants.matrix"), tuple(columns), tuple(rows), note=" ".join(note))


def _between(texts: Texts, change: Between | None, *, in_tens: bool) -> Cell:
    """Return what changes from one alternative to another as text: people newly within and no longer within."""
    if change is None:
        return None
    gain, lose = (_count(texts, value, in_tens=in_tens) for value in (change.newly, change.lost))
    return f"+{gain} / −{lose}"


def _count(texts: Texts, value: float, *, in_tens: bool) -> str:
    """Write people; in tens so that no small count follows from the difference of two."""
    if in_tens and value > 0:
        return HIDDEN.text if is_small(value) else texts.write(round(value, -1), "count")
    return texts.write(value, "count")


def _name(material: Material, texts: Texts, variant: str) -> str:
    return material.variant_name(variant, texts.language)
