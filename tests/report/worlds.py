"""Results built by hand: a small county with everything a report must cope with, in a second or less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from lifezone.model import (
    Access,
    Assessment,
    Demand,
    Desert,
    DesertTest,
    Districts,
    Facilities,
    Kind,
    Network,
    Places,
    Provenance,
    Reason,
    Requirement,
    Result,
    Standard,
    Variant,
    Verdicts,
    World,
)

CRS = "EPSG:5179"
ORIGIN = (1_000_000.0, 1_800_000.0)
EVIL = '<img src=x onerror="alert(1)">'
KINDS = {
    "clinic": Kind("clinic", "의원·보건지소", "Clinic"),
    "retail": Kind("retail", "마트·슈퍼마켓", "Shop"),
    "elementary_school": Kind("elementary_school", "초등학교", "Elementary school"),
    "public_library": Kind("public_library", "공공도서관", "Public library"),
}
REQUIREMENTS = (
    Requirement("clinic_car", ("clinic",), "car", 900.0, optimum=600.0, name_ko="기초 의료", name_en="Primary care",
                source="council of Hanbit", date="2026-03-01"),
    Requirement("shop_walk", ("retail",), "walk", 600.0, name_ko="장보기", name_en="Shopping"),
    Requirement("school_road", ("elementary_school",), "car", 2000.0, metric="length", group="age_6_11"),
    Requirement("library_car", ("public_library",), "car", 1200.0, setting="rural", name_en="Library"),
    Requirement("gym_car", ("gym",), "car", None, name_ko="체육시설"),
    Requirement("er_car", ("er_centre",), "car", 1800.0, direction="from_facility", name_ko="응급"),
)  # fmt: skip
DESERT = DesertTest(
    {
        "medical": ("clinic_car",),
        "shopping": ("shop_walk",),
        "education": ("school_road",),
        "culture": ("library_car",),
    },
    must_have=("medical", "shopping"),
)
STANDARD = Standard("kr-county", REQUIREMENTS, DESERT, "시군 최저기준", "County standard")


def network(side_m: float = 20_000.0, roads: int = 21, *, modelled: str = "") -> Network:
    """A lattice of roads of every class, one of them one-way, and a ferry."""
    at = np.linspace(0, side_m, roads)
    x, y = (grid.ravel() for grid in np.meshgrid(at, at))
    number = np.arange(roads * roads).reshape(roads, roads)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1, :].ravel()]).astype(np.int32)
    head = np.concatenate([number[:, 1:].ravel(), number[1:, :].ravel()]).astype(np.int32)
    ways = ("primary", "secondary", "tertiary", "residential", "ferry")
    row = np.concatenate([np.repeat(np.arange(roads), roads - 1), np.tile(np.arange(roads), roads - 1)])
    way = np.where(row == roads // 2, 0, np.where(row % 5 == 0, 1, np.where(row % 3 == 0, 2, 3))).astype(np.int16)
    way[min(5, len(way) - 1)] = 4
    metres = np.hypot(x[tail] - x[head], y[tail] - y[head])
    seconds = np.repeat(metres / 10.0, 2)
    seconds[1] = np.inf
    return Network(
        x + ORIGIN[0], y + ORIGIN[1], np.zeros(len(x), np.bool_), tail, head, metres,
        {"car": seconds, "walk": np.repeat(metres / 0.8333, 2)}, way, ways, np.zeros(len(tail), np.int32), ("",), CRS,
        modelled=modelled,
    )  # fmt: skip


def demand(side_m: float = 20_000.0, cells: int = 3000, *, cell_m: float = 100.0, grid: bool = True) -> Demand:
    """People in villages on a grid, four districts, some outside the area, one cell without anybody."""
    rng = np.random.default_rng(7)
    per_side = int(side_m / cell_m)
    centres = rng.uniform(0.05, 0.95, (max(cells // 40, 1), 2)) * per_side
    at = np.rint(centres[rng.integers(0, len(centres), cells)] + rng.normal(0, 6, (cells, 2))).astype(int)
    at = np.unique(np.clip(at, 0, per_side - 1), axis=0)
    x, y = (at[:, 0] + 0.5) * cell_m, (at[:, 1] + 0.5) * cell_m
    total = np.round(rng.gamma(1.2, 6.0, len(x)), 1)
    total[0] = 0.0
    children = np.where(rng.random(len(x)) < 0.6, np.round(total * 0.05, 2), 0.0)
    district = ((x > side_m / 2).astype(np.int32) + 2 * (y > side_m / 2)).astype(np.int32)
    district[-3:] = -1
    return Demand(
        np.array([f"cell-{i}" for i in range(len(x))], dtype=object), x + ORIGIN[0], y + ORIGIN[1],
        np.column_stack([total, children]), ("total", "age_6_11"), district, x > side_m * 0.8,
        cell_m=cell_m if grid else 0.0, cells=grid, estimated=("age_6_11",), people_read=float(total.sum()),
    )  # fmt: skip


def facilities(side_m: float = 20_000.0) -> Facilities:
    """Two or three of each kind, one closed, one with a hostile name; libraries have a source without rows."""
    rows = [
        ("clinic", 0.3, 0.4, "한빛의원", True), ("clinic", 0.7, 0.75, EVIL, True), ("clinic", 0.8, 0.2, "동부", False),
        ("retail", 0.3, 0.42, "=1+1", True), ("retail", 0.75, 0.7, "아주아주 긴 이름의 농협 하나로마트 동부지점", True),
        ("elementary_school", 0.28, 0.4, "한빛초", True), ("elementary_school", 0.6, 0.2, "$x^2$ </script>", True),
    ]  # fmt: skip
    kinds = ("clinic", "retail", "elementary_school", "public_library")
    return Facilities(
        np.array([f"f-{i}" for i in range(len(rows))], dtype=object),
        np.array([row[1] for row in rows]) * side_m + ORIGIN[0],
        np.array([row[2] for row in rows]) * side_m + ORIGIN[1],
        np.array([kinds.index(row[0]) for row in rows], dtype=np.int32),
        kinds,
        np.array([row[3] for row in rows], dtype=object),
        np.array([10.0, np.nan] * len(rows))[: len(rows)],
        np.full(len(rows), np.nan),
        np.array([row[4] for row in rows]),
        np.array([""] * len(rows), dtype=object),
    )


def world(side_m: float = 20_000.0, **people: object) -> World:
    """The county: four districts, a river, a lattice of roads."""
    half = side_m / 2
    boxes = [
        shapely.box(ORIGIN[0] + i * half, ORIGIN[1] + j * half, ORIGIN[0] + (i + 1) * half, ORIGIN[1] + (j + 1) * half)
        for j in (0, 1) for i in (0, 1)
    ]  # fmt: skip
    names = ("한빛읍", "동면", "서면", "이름이아주아주아주아주아주아주아주아주아주긴면")
    places = Places(np.array([ORIGIN[0]]), np.array([ORIGIN[1]]), np.array(["새터"], dtype=object),
                    np.array(["Saeteo"], dtype=object), np.zeros(1, np.int32))  # fmt: skip
    river = shapely.LineString([(0, side_m * 0.55), (half, side_m * 0.5), (side_m, side_m * 0.62)]).buffer(180)
    return World(
        network(side_m), demand(side_m, **people), facilities(side_m),
        Districts(("d1", "d2", "d3", "=d4"), names, ("Hanbit-eup", "Dong-myeon", "Seo-myeon", "Long-myeon"),
                  np.array(boxes, dtype=object)),
        {"car": Access(500, 0.8333, 180), "walk": Access(500, 0.8333)}, CRS, places, shapely.union_all(boxes),
        shapely.transform(river, lambda xy: xy + np.array(ORIGIN)),
    )  # fmt: skip


def judge(study: World, standard: Standard = STANDARD) -> Assessment:
    """Judge by straight distance: good enough to draw and write, wrong on purpose for nothing else."""
    verdicts = {rule.id: _verdicts(study, rule) for rule in standard.requirements if rule.bound is not None}
    judged = list(verdicts.values())
    deficits = sum((v.judged & ~v.met).astype(np.int32) for v in judged)
    test = standard.desert
    lost = np.column_stack([
        np.any([verdicts[key].judged & ~verdicts[key].met for key in keys], axis=0) for keys in test.functions.values()
    ])  # fmt: skip
    dry = (lost.sum(axis=1) >= 2) & (lost[:, 0] | lost[:, 1]) & (study.demand.total > 0) & study.demand.inside
    label = np.full(study.demand.n_points, -1, np.int32)
    blocks = np.floor(np.column_stack([study.demand.x_m, study.demand.y_m]) / 4000).astype(int)
    _, block = np.unique(blocks, axis=0, return_inverse=True)
    label[dry] = block.ravel()[dry]
    return _labelled(study, standard, verdicts, deficits, lost, label)


def _labelled(study, standard, verdicts, deficits, lost, label) -> Assessment:
    people = study.demand.people
    groups = [
        (people[label == old, 0].sum(), np.flatnonzero(label == old)[0], old) for old in np.unique(label[label >= 0])
    ]
    order = sorted(groups, key=lambda row: (-row[0], row[1]))
    new, deserts = np.full_like(label, -1), []
    for number, (total, first, old) in enumerate(order):
        rows = label == old
        new[rows] = number
        named = total >= 50
        missing = tuple(
            name for name, gone in zip(standard.desert.functions, lost[rows].any(axis=0), strict=True) if gone
        )
        deserts.append(Desert(
            number, named, f"동면 새터{number} 일대", f"Dong-myeon Saeteo {number}", int(study.demand.district[first]),
            tuple(people[rows].sum(axis=0).tolist()), missing, np.inf if number % 2 else 1500.0 + number,
            float(rows.sum()) * study.demand.cell_m**2, int(rows.sum()),
        ))  # fmt: skip
    return Assessment(standard, verdicts, deficits, lost, new, tuple(deserts), ("12 people live off the network",))


def _verdicts(study: World, rule: Requirement) -> Verdicts:
    people, supply = study.demand, study.facilities
    n = people.n_points
    known = [kind for kind in rule.kinds if kind in supply.kinds]
    own = supply.open_of(rule.kinds)
    nearest, metres = np.full(n, -1, np.int32), np.full(n, np.inf)
    if len(own) and n:
        away = np.hypot(people.x_m[:, None] - supply.x_m[own], people.y_m[:, None] - supply.y_m[own]) * 1.3
        nearest, metres = own[away.argmin(axis=1)].astype(np.int32), away.min(axis=1)
    seconds = metres / (11.0 if rule.mode == "car" else 0.8333) + (180 if rule.mode == "car" else 0)
    reason = np.where((seconds if rule.metric == "time" else metres) <= rule.bound, Reason.MET, Reason.TOO_FAR)
    if n:
        corner = (people.x_m - ORIGIN[0] < 2500) & (people.y_m - ORIGIN[1] > 16_000)
        edge = people.x_m - ORIGIN[0] > 19_300
        reason = np.where(corner, Reason.UNREACHABLE, reason)
        seconds, metres = np.where(corner | edge, np.inf, seconds), np.where(corner | edge, np.inf, metres)
        reason = np.where(edge, Reason.OFF_NETWORK, reason)
        nearest = np.where(corner | edge, -1, nearest).astype(np.int32)
    if not len(own):
        reason = np.full(n, Reason.NO_FACILITY)
    if not known:
        reason, seconds, metres = np.full(n, Reason.NOT_ASSESSED), np.full(n, np.nan), np.full(n, np.nan)
    elsewhere = (people.of(rule.group) <= 0) | ((rule.setting == "rural") & people.urban)
    reason = np.where(elsewhere & (reason != Reason.NOT_ASSESSED), Reason.NOT_JUDGED, reason).astype(np.uint8)
    judged = (reason > 0) & (reason != Reason.NOT_ASSESSED)
    value = seconds if rule.metric == "time" else metres
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = np.where(judged, np.where(np.isinf(value), 1.0, np.maximum(0.0, 1 - rule.bound / value)), np.nan)
    near = np.abs(metres - rule.bound * (1 if rule.metric == "length" else 11)) < 90
    optimum = (value <= rule.optimum) if rule.optimum else np.zeros(n, np.bool_)
    return Verdicts(
        seconds, metres, np.where(np.isfinite(metres), 40.0, np.inf), nearest, reason, depth, optimum, near,
        value < 3000, np.zeros(n, np.bool_),
    )  # fmt: skip


def result(*, maps: bool = True, variants: bool = True, **people: object) -> Result:
    """A baseline and two variants: a clinic opened, a school closed."""
    study = world(**people)
    made = [Variant("baseline", study, judge(study))]
    if variants:
        supply = study.facilities
        opened = replace(study, facilities=replace(supply, open=np.ones(supply.n_facilities, np.bool_)))
        closed = replace(study, facilities=replace(supply, open=supply.open & (supply.ids != "f-5")))
        made.append(Variant("clinic-in-the-east", opened, judge(opened), ("open f-2 (clinic)",)))
        made.append(Variant("학교 통합", closed, judge(closed), ("close f-5 (elementary_school)",)))
    return Result(f"Hanbit {EVIL}", tuple(made), provenance(), maps=maps, kinds=KINDS)


def provenance() -> Provenance:
    """Where the hand-made numbers came from."""
    return Provenance(
        scenario_yaml="name: 한빛군\n",
        inputs=({"path": "people.csv", "sha256": "ab", "bytes": 3, "date": "2025-12"}, {"path": "C:\\자료\\roads.pbf"}),
        options={"walk_speed": {"value": "3 km/h", "default": True}, "limit": float("inf")},
        versions={"numpy": "2", "lifezone": "0.1.0"},
        seed=3,
        warnings=("312 of 9,804 demand points are over 500 m from any road",),
        run={"started": "2026-01-01T00:00:00Z", "host": "here"},
    )


def empty_result() -> Result:
    """Nobody lives here, nothing is named, there are no boundaries and no facilities."""
    nobody = Demand(np.empty(0, object), np.empty(0), np.empty(0), np.empty((0, 2)), ("total", "age_6_11"),
                    np.empty(0, np.int32), np.empty(0, np.bool_))  # fmt: skip
    study = replace(
        world(), demand=nobody, facilities=Facilities.empty(("clinic",)), area=None, water=None,
        districts=Districts(("all",), ("all",)),
    )  # fmt: skip
    return Result("nobody", (Variant("baseline", study, judge(study)),), Provenance(), kinds={})
