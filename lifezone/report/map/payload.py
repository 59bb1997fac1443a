"""The live map of a folder of results: everything that the page draws and tells, as plain data.

Nothing that may not be told is in it, whatever the page would show: people of cells are fives, counts tens, small
deserts have no name (:mod:`lifezone.report.map.counts`), since whoever has the file can read all of it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely

from lifezone.model import Variant
from lifezone.report.document import LiveMap, Picture
from lifezone.report.extent import extent_of
from lifezone.report.map.counts import told_cells
from lifezone.report.map.ground import area_of, ground_payload, read_ground, read_layer
from lifezone.report.map.lines import Origin
from lifezone.report.map.notes import notes_of, sources_of
from lifezone.report.map.packing import pack_ints
from lifezone.report.map.page import labels_of
from lifezone.report.map.palette import palette
from lifezone.report.map.spots import rows_of, spots_of
from lifezone.report.map.things import deserts_payload, facilities_payload
from lifezone.report.map.values import MOST_PAIRED, requirements_payload
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["FORMAT", "live_map"]

FORMAT: Final = 1
"""Version of the payload; the page refuses others."""


def live_map(
    material: Material,
    texts: Texts,
    *,
    name: str = "map",
    caption: str = "",
    fallback: Picture | None = None,
) -> LiveMap:
    """Return the interactive map of a folder of results.

    Args:
        material: the folder.
        texts: of the language of the page.
        name: its id, unique in the document.
        caption: what it shows; empty = words of our own.
        fallback: the picture for paper and pages without scripts.

    Raises:
        InputError: the folder lacks a variant's GeoParquet files.
    """
    variants = [material.variant(name) for name in material.variants]
    names = [material.variant_name(name, texts.language) for name in material.variants]
    return LiveMap(
        id=name,
        caption=caption or texts.say("map.caption", variants=names),
        alt=texts.say("map.alt", study=material.title(texts.language), n=len(variants)),
        payload=_payload(material, texts, variants, names),
        fallback=fallback,
    )


def _payload(material: Material, texts: Texts, variants: list[Variant], names: list[str]) -> dict[str, Any]:
    """Return what the page reads."""
    language = texts.language
    path = material.folder / "result.gpkg"
    ground, baseline = read_ground(path), variants[0].world
    extent = extent_of(baseline)
    origin = Origin(float(np.floor(extent[0])), float(np.floor(extent[1])))
    area = area_of(ground, baseline.districts)
    shapes = read_layer(path, "shapes")
    of_id = None if shapes is None else dict(zip(shapes["id"].astype(str), shapes.geometry, strict=True))
    spots = spots_of(variants, of_id)
    rows = [rows_of(spots, variant.world.demand) for variant in variants]
    rules, silent = requirements_payload(variants, rows, material.kinds, language=language, disclose=material.disclose)
    return {
        "format": FORMAT,
        "labels": labels_of(texts),
        "language": language,
        "title": material.title(language),
        "crs": baseline.crs,
        "origin": [origin.west, origin.south],
        "extent": [round(extent[at] - (origin.west, origin.south)[at % 2], 1) for at in range(4)],
        "few": 0 if material.disclose else 1,
        "variants": [
            {"name": name, "edits": list(variant.edits)} for name, variant in zip(names, variants, strict=True)
        ],
        "groups": {group: material.group_name(group, language) for group in baseline.demand.groups},
        "functions": _functions(variants, texts),
        "districts": _districts(material, texts, origin),
        "spots": spots.payload(origin),
        "paired": len(variants) <= MOST_PAIRED,
        "people": _people(variants, rows, disclose=material.disclose),
        "requirements": rules,
        "notAssessed": silent,
        "facilities": facilities_payload(variants, material.kinds, origin, area, language=language),
        "deserts": [
            deserts_payload(
                read_layer(path, f"deserts_{variant.name}"), variant, origin, language=language,
                disclose=material.disclose,
            )
            for variant in variants
        ],
        "ground": ground_payload(ground, baseline.districts, area, origin, language),
        "inks": palette(),
        "modelled": bool(material.modelled),
        "notes": notes_of(material, texts),
        "sources": sources_of(material, texts),
    }  # fmt: skip


def _people(variants: list[Variant], rows: list[np.ndarray], *, disclose: bool) -> list[str | None]:
    """Return the people of each place in each variant as they may be told; None where they are the baseline's."""
    found: list[np.ndarray] = []
    for variant, row in zip(variants, rows, strict=True):
        people = np.where(row >= 0, variant.world.demand.total[row], 0.0)
        found.append(told_cells(people, disclose=disclose))
    same = [np.array_equal(found[0], one) for one in found]
    return [None if at and same[at] else pack_ints(one) for at, one in enumerate(found)]


def _districts(material: Material, texts: Texts, origin: Origin) -> list[dict[str, Any]]:
    """Return names of districts and where to write them."""
    districts = material.variant(material.baseline).world.districts
    told = []
    for at, unit in enumerate(districts.ids):
        entry: dict[str, Any] = {"name": material.district_name(unit, texts.language)}
        shape = None if districts.polygon is None else districts.polygon[at]
        if shape is not None and not shape.is_empty:
            point = shapely.point_on_surface(shape)
            entry["at"] = [round(point.x - origin.west), round(point.y - origin.south)]
            west, south, east, north = shape.bounds
            entry["box"] = [*origin.x(np.array([west, east])).tolist(), *origin.y(np.array([south, north])).tolist()]
        told.append(entry)
    return told


def _functions(variants: list[Variant], texts: Texts) -> dict[str, str]:
    """Return the names of functions that deserts may lack."""
    tests = [variant.assessment.standard.desert for variant in variants]
    keys = dict.fromkeys(key for test in tests if test is not None for key in test.functions)
    return {key: texts.say(f"map.function.{key}") if texts.has(f"map.function.{key}") else key for key in keys}
