"""④ Facilities: how many of each kind inside and across the border, what counts, whom each is the nearest for."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Bools, Facilities, Ints, Variant
from lifezone.report.charts.sketch import Marks, Panel, box_of, sketches
from lifezone.report.council.columns import column, said
from lifezone.report.council.facility_use import Use, asked_there, home_district, kinds_asked, use_of
from lifezone.report.council.ground import border_rings, road_lines
from lifezone.report.council.shown import part_of, people, share
from lifezone.report.document import Block, Bullets, Cell, Chart, Column, Heading, Paragraph, Section, Table, Terms
from lifezone.report.maps.legend import MARKERS
from lifezone.report.material import Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts
from lifezone.report.words.told import told_in, without_folders
from lifezone.standards.kinds import load_kinds

__all__ = ["section"]

_MOST_USED: Final = 15
_MOST_UNUSED: Final = 30
_MOST_DRAWN: Final = 8
_PER: Final = 10_000.0
_COLOURS: Final = ("#1f5a96", "#2d7a68", "#6a3d8f", "#8a6d00", "#22252a", "#a3310a", "#5b5f66", "#b9622a")


def section(material: Material, texts: Texts) -> Section | None:
    """Return what facilities there are, inside and across the border, and which are relied upon."""
    study = material.variant(material.baseline)
    supply, home = study.world.facilities, home_district(study)
    use = use_of(material, material.baseline, home)
    blocks: list[Block] = [Paragraph(_lead(material, texts, supply, home, use), "lead")]
    blocks += [*notices(material, texts, "modelled", "border"), *_map(material, texts, study, home)]
    if supply.n_facilities:
        blocks.append(_kinds_table(material, texts, supply, home, use))
    blocks += [*_missing(material, texts, supply), *_used(material, texts, supply, home, use)]
    blocks += [*_neighbours(material, texts, use), *_counts(material, texts), *_data(material, texts)]
    return Section("facilities", texts.say("facilities.title"), tuple(blocks))


def _lead(material: Material, texts: Texts, supply: Facilities, home: Ints | None, use: Use) -> str:
    """Say how many facilities lie inside and beyond, and in which service neighbours' are used most."""
    if not supply.n_facilities:
        return texts.say("facilities.lead_none")
    if home is None:
        return texts.say("facilities.lead_unknown", all=int(supply.open.sum()))
    inside = int((supply.open & (home >= 0)).sum())
    told = [texts.say("facilities.lead", inside=inside, beyond=int(supply.open.sum()) - inside)]
    parts = {key: (count, whole) for key, (count, whole) in use.beyond.items() if count > 0}
    if parts:
        key = max(parts, key=lambda one: parts[one][0] / parts[one][1])
        part = said(texts, share(*parts[key], disclose=material.disclose), "percent")
        told.append(texts.say("facilities.beyond_use", name=material.requirement_name(key, texts.language), share=part))
    else:
        told.append(texts.say("facilities.beyond_none"))
    return " ".join(told)


def _kinds_table(material: Material, texts: Texts, supply: Facilities, home: Ints | None, use: Use) -> Table:
    """Return a row a kind: those that requirements ask for first."""
    asked = kinds_asked(material)
    order = [kind for kind in asked if kind in supply.kinds] + [kind for kind in supply.kinds if kind not in asked]
    everybody = float(material.manifest["people"]["in_area"])
    idle = _idle(material, supply, home, use)
    body: list[tuple[Cell, ...]] = []
    for kind in order:
        own = supply.kind == supply.kinds.index(kind)
        inside = own & supply.open if home is None else own & supply.open & (home >= 0)
        if not own.any():
            continue
        known = inside & np.isfinite(supply.capacity)
        unit = material.kinds[kind].capacity_unit if kind in material.kinds else ""
        count = int(inside.sum())
        body.append((
            material.kind_name(kind, texts.language), None if home is None else count,
            None if home is None else int((own & supply.open & (home < 0)).sum()), int((own & supply.open).sum()),
            round(_PER * count / everybody, 2) if everybody > 0 and home is not None else None,
            round(float(supply.capacity[known].sum()), 1) if known.any() else None,
            texts.say(f"facilities.units.{unit}") if texts.has(f"facilities.units.{unit}") else unit or None,
            int(known.sum()), int((inside & (supply.hours != "")).sum()), int((own & ~supply.open).sum()),
            int((own & idle).sum()) if kind in asked and home is not None else None,
        ))  # fmt: skip
    columns = (
        column(texts, "kind", texts.say("facilities.col_kind")),
        column(texts, "inside", texts.say("facilities.col_inside"), "count"),
        column(texts, "beyond", texts.say("facilities.col_beyond"), "count"),
        column(texts, "all", texts.say("facilities.col_all"), "count"),
        column(texts, "per_10000", texts.say("facilities.col_per"), "number"),
        column(texts, "capacity", texts.say("facilities.col_capacity"), "number"),
        column(texts, "unit", texts.say("facilities.col_unit")),
        column(texts, "with_capacity", texts.say("facilities.col_capacity_known"), "count"),
        column(texts, "with_hours", texts.say("facilities.col_hours"), "count"),
        column(texts, "candidates", texts.say("facilities.col_candidates"), "count"),
        column(texts, "not_used", texts.say("facilities.col_unused"), "count"),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return Table("facilities_kinds", texts.say("facilities.kinds", variant=variant), columns, tuple(body),
                 texts.say("facilities.kinds_note"), most=40)  # fmt: skip


def _missing(material: Material, texts: Texts, supply: Facilities) -> list[Block]:
    """Say which kinds a requirement asks for that no data tell of."""
    absent = [kind for kind in kinds_asked(material) if kind not in supply.kinds]
    silent = set(material.manifest["not_assessed"])
    asked = kinds_asked(material)
    absent = [kind for kind in absent if set(asked[kind]) & silent]
    if not absent:
        return []
    names = [material.kind_name(kind, texts.language) for kind in absent]
    return [Paragraph(texts.say("facilities.kind_missing", names=names), "note")]


def _used(material: Material, texts: Texts, supply: Facilities, home: Ints | None, use: Use) -> list[Block]:
    """Return the facilities that most people rely on, and those that are the nearest for nobody."""
    variant = material.variant_name(material.baseline, texts.language)
    ranked = [int(at) for at in np.argsort(-use.people, kind="stable") if use.people[at] > 0]
    blocks: list[Block] = []
    if ranked:
        first = ranked[0]
        blocks = [Heading(texts.say("facilities.used_title")), Paragraph(texts.say(
            "facilities.used_lead", name=_name(texts, supply, first), people=float(use.people[first]),
            kind=material.kind_name(supply.kinds[supply.kind[first]], texts.language),
        ))]  # fmt: skip
        columns = (
            *_who_columns(texts),
            column(texts, "capacity", texts.say("facilities.col_own_capacity"), "number"),
            column(texts, "users", texts.say("facilities.col_users"), "people"),
            column(texts, "within", texts.say("facilities.col_within"), "people"),
            column(texts, "per_unit", texts.say("facilities.col_per_unit"), "number"),
        )
        rows = tuple(_used_row(material, texts, supply, home, use, at) for at in ranked[:_MOST_USED])
        blocks.append(Table("facilities_used", texts.say("facilities.used", variant=variant), columns, rows,
                            texts.say("facilities.used_note")))  # fmt: skip
    idle = _idle(material, supply, home, use)
    rows = tuple(_who(material, texts, supply, home, int(at)) for at in np.flatnonzero(idle)[:_MOST_UNUSED])
    if rows:
        blocks.append(Table("facilities_unused", texts.say("facilities.unused", variant=variant), _who_columns(texts),
                            rows, texts.say("facilities.unused_note"), most=10))  # fmt: skip
    return blocks


def _idle(material: Material, supply: Facilities, home: Ints | None, use: Use) -> Bools:
    """Return bool[F] open facilities inside that are the nearest for nobody, where their kind is asked for."""
    if home is None:
        return np.zeros(supply.n_facilities, np.bool_)
    return np.asarray(supply.open & (use.people <= 0) & (home >= 0) & asked_there(material, material.baseline))


def _who_columns(texts: Texts) -> tuple[Column, ...]:
    """Return the columns that name a facility."""
    return (
        column(texts, "facility", texts.say("facilities.col_name")),
        column(texts, "kind", texts.say("facilities.col_kind")),
        column(texts, "where", texts.say("facilities.col_where")),
    )


def _who(material: Material, texts: Texts, supply: Facilities, home: Ints | None, at: int) -> tuple[Cell, ...]:
    """Return name, kind and place of a facility."""
    where: str | None = None
    if home is not None:
        where = texts.say("facilities.beyond") if home[at] < 0 else material.district_name(
            material.districts[home[at]], texts.language
        )  # fmt: skip
    return (_name(texts, supply, at), material.kind_name(supply.kinds[supply.kind[at]], texts.language), where)


def _used_row(
    material: Material, texts: Texts, supply: Facilities, home: Ints | None, use: Use, at: int
) -> tuple[Cell, ...]:
    """Return a facility with its people."""
    capacity, count = float(supply.capacity[at]), float(use.people[at])
    known = np.isfinite(capacity)
    return (
        *_who(material, texts, supply, home, at), round(capacity, 1) if known else None,
        people(count, disclose=material.disclose),
        part_of(float(use.within[at]), count, disclose=material.disclose),
        round(count / capacity, 1) if known and capacity > 0 and count >= _PER / 1000 else None,
    )  # fmt: skip


def _name(texts: Texts, supply: Facilities, at: int) -> str:
    """Return a facility's name, its id where it has none."""
    return str(supply.name[at]).strip() or str(supply.ids[at]) or texts.say("facilities.nameless")


def _neighbours(material: Material, texts: Texts, use: Use) -> list[Block]:
    """Return people per service whose nearest facility lies across the border."""
    rows: list[tuple[Cell, ...]] = [
        (material.requirement_name(key, texts.language), people(whole, disclose=material.disclose),
         part_of(count, whole, disclose=material.disclose), share(count, whole, disclose=material.disclose))
        for key, (count, whole) in use.beyond.items() if count > 0
    ]  # fmt: skip
    if not rows:
        return []
    columns = (
        column(texts, "service", texts.say("facilities.col_service")),
        column(texts, "judged", texts.say("facilities.col_judged"), "people"),
        column(texts, "beyond", texts.say("facilities.col_beyond_users"), "people"),
        column(texts, "share", texts.say("facilities.col_beyond_share"), "percent"),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return [Heading(texts.say("facilities.neighbours_title")),
            Table("facilities_beyond", texts.say("facilities.neighbours", variant=variant), columns,
                  tuple(rows))]  # fmt: skip


def _counts(material: Material, texts: Texts) -> list[Block]:
    """Say what counts as a facility of each kind that a requirement asks for, and which requirements ask."""
    packaged = load_kinds()
    pairs = []
    for kind, requirements in kinds_asked(material).items():
        known = material.kinds.get(kind)
        own = known.counts if known is not None else ""
        is_packaged = kind in packaged and own == packaged[kind].counts
        key = f"facilities.counts.{kind}"
        words = texts.say(key) if is_packaged and texts.has(key) else own
        if words:
            names = [material.requirement_name(one, texts.language) for one in requirements]
            name = material.kind_name(kind, texts.language)
            pairs.append((texts.say("facilities.counts_key", kind=name, requirements=names), words))
    return [Heading(texts.say("facilities.counts_title")), Terms(tuple(pairs))] if pairs else []


def _data(material: Material, texts: Texts) -> list[Block]:
    """Say what was left out of the facilities' data or joined, in the words of the run."""
    notes = [
        told_in(texts.language, without_folders(str(note))) for note in material.manifest["notes"].get("facilities", ())
    ]
    heading = Heading(texts.say("facilities.data_title"))
    return [heading, Bullets(tuple(notes)) if notes else Paragraph(texts.say("facilities.data_none"))]


def _map(material: Material, texts: Texts, study: Variant, home: Ints | None) -> list[Block]:
    """Return the map of the kinds that requirements ask for; anchors of the desert test first, at most eight."""
    supply, demand = study.world.facilities, study.world.demand
    asked, test = kinds_asked(material), material.standard.desert
    anchors = set() if test is None else {one for ids in test.functions.values() for one in ids}
    kinds = sorted((kind for kind in asked if kind in supply.kinds), key=lambda kind: not set(asked[kind]) & anchors)
    rows = {kind: supply.open_of((kind,)) for kind in kinds}
    kinds = [kind for kind in kinds if len(rows[kind])][:_MOST_DRAWN]
    if not kinds or not demand.inside.any():
        return []
    x, y = demand.x_m[demand.inside], demand.y_m[demand.inside]
    box = box_of(x, y, 0.06 * max(float(np.ptp(x)), float(np.ptp(y)), 1000.0))
    marks = []
    for at, kind in enumerate(kinds):
        name = material.kind_name(kind, texts.language)
        for is_beyond in (False, True):
            own = rows[kind]
            own = own[(home[own] < 0) == is_beyond] if home is not None else own[: 0 if is_beyond else None]
            near = own[(supply.x_m[own] > box[0]) & (supply.x_m[own] < box[2]) & (supply.y_m[own] > box[1])
                       & (supply.y_m[own] < box[3])]  # fmt: skip
            if len(near):
                label = texts.say("facilities.map_beyond" if is_beyond else "facilities.map_kind", kind=name)
                marks.append(Marks(supply.x_m[near], supply.y_m[near], MARKERS[at], _COLOURS[at], label, 6.5,
                                   is_beyond))  # fmt: skip
    alt = texts.say("facilities.map_alt")
    reach = 0.6 * max(box[2] - box[0], box[3] - box[1])
    wide = box_of(np.array([box[0], box[2]]), np.array([box[1], box[3]]), reach)  # the panel may be wider than the box
    panel = Panel("", box, road_lines(study.world, wide)[-1:], border_rings(study.world, wide), (), marks)
    height = min(620.0, max(300.0, 680.0 * (box[3] - box[1]) / (box[2] - box[0])))
    svg = sketches([panel], across=1, panel_height_px=height, prefix="facilities_map", alt=alt)
    return [Chart("facilities_map", texts.say("facilities.map"), svg, alt, None, texts.say("facilities.map_note"))]
