"""A made-up study of a quarter of a million cells: smooth times around facilities, rough as roads make them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from lifezone.model import (
    Access,
    Assessment,
    Demand,
    Districts,
    Facilities,
    Reason,
    Requirement,
    Standard,
    Variant,
    Verdicts,
    World,
)
from lifezone.report.map.counts import told_cells
from lifezone.report.map.ground import Ground, ground_payload
from lifezone.report.map.lines import Origin, packed_rings
from lifezone.report.map.packing import pack_ints
from lifezone.report.map.page import labels_of
from lifezone.report.map.palette import palette
from lifezone.report.map.spots import rows_of, spots_of
from lifezone.report.map.things import facilities_payload
from lifezone.report.map.values import requirements_payload
from lifezone.report.words import texts_of
from tests.report import worlds

SIDE = 500
CELL_M = 100.0
BOUNDS_MIN = (15, 10, 60, 30, 20, 5, 40, 25)


def payload(requirements: int = 20) -> dict[str, Any]:
    """Return the payload of 500 × 500 cells, three variants."""
    rng = np.random.default_rng(5)
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    x, y = (column + 0.5) * CELL_M, (row + 0.5) * CELL_M
    people = np.where(rng.random(SIDE * SIDE) < 0.6, np.round(rng.gamma(0.7, 12.0, SIDE * SIDE)), 0.0)
    demand = Demand(
        np.array([f"c{at}" for at in range(SIDE * SIDE)], dtype=object), x, y, people[:, None], ("total",),
        np.zeros(SIDE * SIDE, np.int32), np.zeros(SIDE * SIDE, np.bool_), cell_m=CELL_M, cells=True,
    )  # fmt: skip
    bounds = [60.0 * BOUNDS_MIN[at % len(BOUNDS_MIN)] for at in range(requirements)]
    rules = tuple(
        Requirement(f"r{at}", ("clinic",), "car", bound, name_ko=f"기준 {at}") for at, bound in enumerate(bounds)
    )
    standard = Standard("made-up", rules, None)
    centres = [rng.uniform(0, SIDE * CELL_M, (12 + at, 2)) for at in range(requirements)]
    kinds = ("clinic",)
    supply = Facilities(
        np.array([f"f{at}" for at in range(500)], dtype=object), *rng.uniform(0, SIDE * CELL_M, (2, 500)),
        np.zeros(500, np.int32), kinds, np.array([f"의원 {at}" for at in range(500)], dtype=object),
        np.full(500, 10.0), np.full(500, np.nan), np.ones(500, np.bool_), np.array([""] * 500, dtype=object),
    )  # fmt: skip
    unit = Districts(("all",), ("모두",), ("all",))
    world = World(worlds.network(), demand, supply, unit, {"car": Access(500, 1)}, worlds.CRS)
    rough = rng.uniform(1.0, 1.2, SIDE * SIDE)
    variants = []
    for number, name in enumerate(("baseline", "east", "west")):
        verdicts = {}
        for at, rule in enumerate(rules):
            more = (
                np.array([[SIDE * CELL_M * 0.3 * number, SIDE * CELL_M * 0.6]]) if number and at % 5 == number else []
            )
            points = np.vstack([centres[at], more]) if len(more) else centres[at]
            away = np.full(SIDE * SIDE, np.inf)
            for px, py in points:
                np.minimum(away, np.hypot(x - px, y - py), out=away)
            seconds = away * rough / 11.0 + 180
            reason = np.where(seconds <= rule.bound, Reason.MET, Reason.TOO_FAR).astype(np.uint8)
            verdicts[rule.id] = _verdicts(seconds, reason)
        empty = np.zeros(SIDE * SIDE, np.int32)
        variants.append(Variant(name, world, Assessment(standard, verdicts, empty, empty[:, None] > 0, empty - 1, ())))
    return _told(variants)


def _verdicts(seconds: np.ndarray, reason: np.ndarray) -> Verdicts:
    n = len(seconds)
    no, nan = np.zeros(n, np.bool_), np.full(n, np.nan)
    return Verdicts(seconds, seconds * 11, nan, np.zeros(n, np.int32), reason, nan, no, no, ~no, no)


def _told(variants: list[Variant]) -> dict[str, Any]:
    origin = Origin(0.0, 0.0)
    spots = spots_of(variants)
    rows = [rows_of(spots, variant.world.demand) for variant in variants]
    rules, silent = requirements_payload(variants, rows, {}, language="ko", disclose=False)
    whole = SIDE * CELL_M
    area = shapely.box(0, 0, whole, whole)
    nothing = Ground(None, None, None, None)
    told = {
        "format": 1, "labels": labels_of(texts_of("ko")), "language": "ko", "title": "250,000", "crs": worlds.CRS,
        "origin": [0, 0], "extent": [-1000, -1000, whole + 1000, whole + 1000], "few": 1,
        "variants": [{"name": variant.name, "edits": []} for variant in variants], "groups": {"total": "전체"},
        "functions": {}, "districts": [{"name": "모두"}], "spots": spots.payload(origin),
        "people": [pack_ints(told_cells(variants[0].world.demand.total[rows[0]], disclose=False)), None, None],
        "requirements": rules, "notAssessed": silent,
        "facilities": facilities_payload(variants, {}, origin, area, language="ko"),
        "deserts": [{"told": [], **packed_rings(np.empty(0, object), origin)}] * 3,
        "ground": ground_payload(nothing, replace(variants[0].world.districts), area, origin, "ko"),
        "inks": palette(), "modelled": False, "notes": [], "sources": [],
    }  # fmt: skip
    return json.loads(json.dumps(told, allow_nan=False))
