"""The places farthest from the standard: groups of adjoining inhabited points, by what they lack.

(1)  u = Σ people × requirements unmet ÷ Σ people × requirements judged, over the points of a place
(2)  ties by the mean depth below the bounds (D2), then by people
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.access import depth
from lifezone.model import TOTAL, Demand, Floats, Variant
from lifezone.report.council.columns import column, said
from lifezone.report.council.points import judged, told_requirements
from lifezone.report.council.shown import figure, is_small, people
from lifezone.report.document import Block, Cell, Heading, Shown, Table
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["Place", "places", "worst_places"]

_MOST: Final = 20


@dataclass(frozen=True)
class Place:
    """A place with what it lacks, people-weighted.

    Attributes:
        name: id of its most populous point.
        district: position of its district.
        people: everybody in it.
        judged: requirements that judge its people, on average.
        unmet: of these unmet.
        depth: mean depth below the bounds.
        worst: the unmet requirement with the greatest depth; empty where all are met.
        value: of that requirement over those who reach, minutes or metres; ``inf`` = somebody does not.
    """

    name: str
    district: int
    people: float
    judged: float
    unmet: float
    depth: float
    worst: str
    value: float


def worst_places(material: Material, texts: Texts) -> list[Block]:
    """Return the table of the places that lack most; none where nothing is unmet."""
    every = places(material, material.baseline)
    lacking = [place for place in every if place.unmet > 0]
    shown = [place for place in lacking if material.disclose or not is_small(place.people)]
    if not shown:
        return []
    order = sorted(shown, key=lambda place: (-place.unmet / place.judged, -place.depth, -place.people, place.name))
    rows = tuple(_row(material, texts, place) for place in order[:_MOST])
    columns = (
        column(texts, "place", texts.say("access.col_place")),
        column(texts, "district", texts.say("access.col_district")),
        column(texts, "people", texts.say("access.col_people"), "people"),
        column(texts, "unmet", texts.say("access.col_unmet")),
        column(texts, "worst", texts.say("access.col_worst")),
        column(texts, "worst_value", texts.say("access.col_worst_time")),
    )
    note = texts.say("access.worst_note")
    if len(shown) < len(lacking):
        note = f"{note} {texts.say('access.worst_hidden', count=len(lacking) - len(shown))}"
    variant = material.variant_name(material.baseline, texts.language)
    caption = texts.say("access.worst", count=len(rows), variant=variant)
    return [Heading(texts.say("access.worst_title")), Table("access_worst", caption, columns, rows, note)]


def places(material: Material, variant: str) -> list[Place]:
    """Return all inhabited places of a variant with what they lack."""
    study = material.variant(variant)
    demand = study.world.demand
    label = _labels(demand)
    n = int(label.max(initial=-1)) + 1
    if not n:
        return []
    total = demand.of(TOTAL)
    weights = np.bincount(label[label >= 0], weights=total[label >= 0], minlength=n)
    keys, measures = _measured(material, variant, study, label, n)
    sums = [np.sum([one[at] for one in measures], axis=0) for at in range(3)]
    lived = np.flatnonzero(label >= 0)
    lived = lived[np.lexsort((lived, -total[lived], label[lived]))]  # the most populous point of each place comes first
    first = lived[np.searchsorted(label[lived], np.arange(n))]
    found = []
    for number in np.flatnonzero(sums[0] > 0) if measures else ():
        lacks = [(float(one[2][number]), at) for at, one in enumerate(measures) if one[1][number] > 0]
        deepest = max(lacks, key=lambda pair: (pair[0], -pair[1]))[1] if lacks else -1
        found.append(Place(
            str(demand.ids[first[number]]), int(demand.district[first[number]]), float(weights[number]),
            float(sums[0][number] / weights[number]), float(sums[1][number] / weights[number]),
            float(sums[2][number] / sums[0][number]), keys[deepest] if lacks else "",
            float(measures[deepest][3][number]) if lacks else np.nan,
        ))  # fmt: skip
    return found


def _measured(
    material: Material, variant: str, study: Variant, label: np.ndarray, n: int
) -> tuple[list[str], list[tuple[Floats, Floats, Floats, Floats]]]:
    """Return per requirement f64[n]: people judged, unmet, their depth, and the mean value (``inf`` = no way there)."""
    keys, measures = [], []
    demand = study.world.demand
    total = demand.of(TOTAL)
    for key in told_requirements(material):
        own = judged(material, variant, key)
        if own is None or not len(own.rows):
            continue
        at, weight = label[own.rows], total[own.rows]
        below = depth(own.value, own.bound)

        def add(values: Floats, at: np.ndarray = at) -> Floats:
            return np.bincount(at, weights=values, minlength=n).astype(np.float64)

        people_here = add(weight)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = add(weight * np.where(np.isfinite(own.value), own.value, 0.0)) / people_here
        mean[add(weight * ~np.isfinite(own.value)) > 0] = np.inf
        keys.append(key)
        measures.append((people_here, add(weight * (below > 0)), add(weight * below), mean))
    return keys, measures


def _labels(demand: Demand) -> np.ndarray:
    """Return i64[P] the place of each inhabited point: touching cells of one district; what is no cell stands alone."""
    label = np.full(demand.n_points, -1, np.int64)
    lived = np.flatnonzero(demand.inside & (demand.of(TOTAL) > 0))
    if not len(lived):
        return label
    if not (demand.cells and demand.cell_m > 0):
        label[lived] = np.arange(len(lived))
        return label
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    xy = np.column_stack([demand.x_m[lived], demand.y_m[lived]])
    pairs = cKDTree(xy).query_pairs(1.5 * demand.cell_m, output_type="ndarray")
    pairs = pairs[demand.district[lived][pairs[:, 0]] == demand.district[lived][pairs[:, 1]]]
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(lived), len(lived)))
    _, part = connected_components(graph, directed=False)
    label[lived] = part
    return label


def _row(material: Material, texts: Texts, place: Place) -> tuple[Cell, ...]:
    """Return one place as a row."""
    district = material.districts[place.district] if 0 <= place.district < len(material.districts) else ""
    rule = material.rules[place.worst]
    form = "minutes" if rule.metric == "time" else "metres"
    if np.isinf(place.value):
        value: Cell = Shown(texts.say("access.never"), 1e9)
    else:
        told = figure(place.value, place.people, disclose=material.disclose)
        value = Shown(said(texts, told, form), place.value)  # type: ignore[arg-type]
    words = texts.say("access.unmet_of", unmet=_tenth(place.unmet), judged=_tenth(place.judged))
    unmet = Shown(words, round(place.unmet, 1))
    return (place.name, material.district_name(district, texts.language),
            people(place.people, disclose=material.disclose), unmet,
            material.requirement_name(place.worst, texts.language), value)  # fmt: skip


def _tenth(value: float) -> str:
    """Write a mean number of services: ``8``, ``9.7``."""
    return f"{round(value, 1):g}"
