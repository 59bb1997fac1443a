"""Facilities of every kind that the Korean standards name, in the numbers of a shrinking rural county."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from lifezone.model import Facilities, Floats, Network
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.people import homes
from lifezone.sources.synthetic.settlements import Settlements

__all__ = ["CANDIDATE", "KINDS", "make_facilities"]

_SEATS: Final = ("saeteo", "soljae", "muran", "deulmal", "dongnaru", "hoban", "saetbyeol", "noeul", "araetgol")
_BEYOND: Final = ("north", "northeast", "east", "southeast", "south", "west", "southwest")
CANDIDATE: Final = ("clinic", "saetbyeol", 1.6e9)
"""The one facility that is not open: its kind, its myeon and what it would cost in won."""
_ISLAND: Final = plan.NAMED_VILLAGES["island-village"]
_OFF_ROAD_M: Final = 18.0
_INNER: Final = 0.8
"""Share of a settlement's radius within which its facilities stand."""
_CHOICES: Final = 25
"""Sites that a facility chooses from: enough to keep apart, too few to stand evenly."""


@dataclass(frozen=True)
class _Supply:
    """How many facilities of one kind there are, and where.

    Attributes:
        kind: key of the kind.
        ending: what the Korean name ends in.
        capacity: least and most, in the kind's own unit.
        eup: how many in the eup.
        seats: myeon (and, beyond the county, neighbours) whose seat has one; named twice = two.
        city: how many in the neighbouring city.
        villages: share of the villages that have one.
        chosen: villages of the plan that have one, by position.
        hours: opening hours.
    """

    kind: str
    ending: str
    capacity: tuple[int, int]
    eup: int
    seats: tuple[str, ...] = ()
    city: int = 0
    villages: float = 0.0
    chosen: tuple[int, ...] = field(default=())
    hours: str = ""


_OFFICE: Final = "Mo-Fr 09:00-18:00"
_SUPPLY: Final = (
    _Supply("clinic", "의원", (60, 140), 5, ("deulmal",), 34, hours="Mo-Fr 09:00-18:00; Sa 09:00-13:00"),
    _Supply("health_branch", "보건지소", (25, 45), 0, ("saeteo", "soljae", "muran", "hoban", "noeul", *_BEYOND),
            hours=_OFFICE),
    _Supply("health_post", "보건진료소", (10, 20), 0, (), 0, 0.04, (_ISLAND, 5, 8), _OFFICE),
    _Supply("health_centre", "보건소", (180, 260), 1, (), 1, hours=_OFFICE),
    _Supply("hospital", "병원", (90, 180), 0, (), 2, hours="24/7"),
    _Supply("er_hospital", "종합병원 응급실", (260, 320), 0, (), 1, hours="24/7"),
    _Supply("pharmacy", "약국", (80, 160), 6, ("deulmal", "soljae"), 30, hours="Mo-Sa 09:00-19:00"),
    _Supply("kindergarten", "유치원", (18, 70), 4, ("saeteo", "soljae", "muran", "deulmal", "dongnaru", "saetbyeol"),
            14),
    _Supply("daycare", "어린이집", (20, 60), 10, ("soljae", "deulmal", "dongnaru", "noeul", "west"), 30),
    _Supply("elementary_school", "초등학교", (60, 420), 3, (*_SEATS, *_BEYOND), 11, chosen=(6, 9)),
    _Supply("middle_school", "중학교", (60, 300), 1, ("soljae", "muran", "deulmal", "dongnaru", "saetbyeol",
            "south"), 6),
    _Supply("high_school", "고등학교", (150, 420), 1, ("deulmal",), 4),
    _Supply("small_library", "작은도서관", (15, 30), 4, ("saeteo", "deulmal", "hoban", "saetbyeol"), 8, hours=_OFFICE),
    _Supply("public_library", "공공도서관", (120, 260), 1, ("soljae", "deulmal"), 3, hours="Tu-Su 09:00-20:00"),
    _Supply("senior_hall", "경로당", (15, 40), 20, (*_SEATS, *_BEYOND), 60, 0.72, (_ISLAND,)),
    _Supply("senior_class", "노인교실", (30, 60), 4, ("soljae", "deulmal"), 6, hours=_OFFICE),
    _Supply("senior_welfare_centre", "노인복지관", (200, 320), 1, (), 2, hours=_OFFICE),
    _Supply("social_welfare_centre", "종합사회복지관", (150, 260), 1, (), 2, hours=_OFFICE),
    _Supply("local_sports", "생활체육시설", (40, 90), 4,
            ("saeteo", "soljae", "muran", "deulmal", "dongnaru", "saetbyeol", "noeul"), 16),
    _Supply("public_sports", "공공체육관", (200, 500), 2, ("saetbyeol",), 3, hours="Mo-Su 06:00-21:00"),
    _Supply("culture", "문화예술회관", (250, 600), 1, (), 2, hours="Tu-Su 10:00-18:00"),
    _Supply("museum", "박물관", (80, 200), 0, ("soljae",), 1, hours="Tu-Su 10:00-18:00"),
    _Supply("neighbourhood_park", "근린공원", (100, 400), 6, ("deulmal", "soljae"), 18),
    _Supply("hub_park", "중앙공원", (800, 2000), 1, (), 2),
    _Supply("retail", "마트", (60, 240), 16, ("soljae", "soljae", "deulmal", "deulmal", "muran", "saeteo", "dongnaru",
            "south", "west", "southwest"), 55, hours="Mo-Su 08:00-20:00"),
    _Supply("parking", "공영주차장", (15, 80), 9, ("soljae", "deulmal", "dongnaru", "muran"), 25, hours="24/7"),
    _Supply("ambulance_station", "119안전센터 구급대", (1, 2), 1, ("deulmal", "saetbyeol"), 2, hours="24/7"),
    _Supply("post_office", "우체국", (40, 120), 2, (*_SEATS, *_BEYOND), 8, hours=_OFFICE),
    _Supply("fire_station", "119안전센터", (2, 5), 1, ("deulmal", "saetbyeol", "soljae"), 3, hours="24/7"),
    _Supply("lifelong_learning", "평생학습관", (40, 120), 2, ("soljae", "muran", "deulmal", "noeul"), 5, hours=_OFFICE),
)  # fmt: skip
KINDS: Final = tuple(supply.kind for supply in _SUPPLY)
_BRANDS: Final = (
    "정다운", "우리", "푸른", "참사랑", "미소", "은빛", "해맑은", "새봄", "다정", "늘푸른", "온누리",
    "하늘", "아람", "가온", "누리", "보람", "도담", "으뜸", "솔잎", "꽃길",
    "햇살", "큰나무", "반석", "소망", "평화", "무지개", "열린", "좋은", "밝은", "예담",
)  # fmt: skip


@dataclass(frozen=True)
class _Row:
    """One facility before it has a place."""

    kind: str
    name: str
    settlement: int
    open: bool = True
    capacity: tuple[int, int] = (0, 0)
    cost: float = float("nan")
    hours: str = ""


def make_facilities(network: Network, settlements: Settlements, rng: np.random.Generator) -> Facilities:
    """Return all facilities; ids are the kind and a number, the county's first, in the order of its districts."""
    rows = [row for supply in _SUPPLY for row in _rows(supply, settlements, rng)]
    xy = _sites(network, settlements, rows, rng)
    luck = rng.random(len(rows))
    capacity = [
        float(row.capacity[0] + int((row.capacity[1] - row.capacity[0] + 1) * part))
        for row, part in zip(rows, luck.tolist(), strict=True)
    ]
    number: dict[str, int] = {}
    ids = []
    for row in rows:
        number[row.kind] = number.get(row.kind, 0) + 1
        ids.append(f"{row.kind}-{number[row.kind]:02d}")
    return Facilities(
        ids=_texts(ids), x_m=xy[:, 0].copy(), y_m=xy[:, 1].copy(),
        kind=np.array([KINDS.index(row.kind) for row in rows], np.int32), kinds=KINDS,
        name=_texts([row.name for row in rows]), capacity=np.array(capacity),
        cost=np.array([row.cost for row in rows]), open=np.array([row.open for row in rows]),
        hours=_texts([row.hours for row in rows]), notes=("synthetic facilities: none of them exists",),
    )  # fmt: skip


def _rows(supply: _Supply, settlements: Settlements, rng: np.random.Generator) -> list[_Row]:
    """Return the facilities of one kind: eup, seats, a candidate, villages; then what lies beyond the county line."""
    keys = [centre.key for centre in plan.CENTRES]
    places = [(k, n) for k, n in _village_counts(supply, settlements, rng) if settlements.district[k] >= 0]
    inside = [
        (0, supply.eup),
        *((keys.index(seat), supply.seats.count(seat)) for seat in _SEATS if seat in supply.seats),
    ]
    candidate = keys.index(CANDIDATE[1]) if supply.kind == CANDIDATE[0] else -1
    beyond = [(keys.index("saebit"), supply.city), *((keys.index(k), 1) for k in _BEYOND if k in supply.seats)]
    return [
        _Row(
            supply.kind,
            _name(supply, settlements, settlement, number, count),
            settlement,
            open=settlement != candidate,
            capacity=supply.capacity,
            cost=CANDIDATE[2] if settlement == candidate else float("nan"),
            hours=supply.hours,
        )
        for settlement, count in [*inside, *([(candidate, 1)] if candidate >= 0 else []), *places, *beyond]
        for number in range(count)
    ]


def _village_counts(supply: _Supply, settlements: Settlements, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return the villages that have a facility of this kind, with how many; a draw for every village, used or not."""
    first, last = settlements.n_centres, len(settlements.people) - 1
    lucky = rng.random(last - first) < supply.villages
    lucky[list(supply.chosen)] = True
    return [(first + int(k), 1) for k in np.flatnonzero(lucky)]


def _name(supply: _Supply, settlements: Settlements, settlement: int, number: int, count: int) -> str:
    """Return a Korean name: the place's where it has one of them, invented ones where it has several."""
    place = settlements.name[settlement]
    stem = str(place)[:-1]
    if settlement >= settlements.n_centres:
        return f"{place} {supply.ending}"
    if count == 1:
        return f"{stem} {supply.ending}" if len(supply.ending) > 4 else f"{stem}{supply.ending}"
    brand = _BRANDS[number % len(_BRANDS)]
    again = number // len(_BRANDS)
    return f"{stem} {brand}{again + 1 if again else ''}{supply.ending}"


def _sites(network: Network, settlements: Settlements, rows: list[_Row], rng: np.random.Generator) -> Floats:
    """Return f64[n, 2] places beside a road in the inner part of the settlement; those of one kind keep apart."""
    beside = homes(network)
    tree = cKDTree(beside)
    order = rng.random(len(beside))
    inner: dict[int, Floats] = {}
    for k in sorted({row.settlement for row in rows}):
        middle = (settlements.x_m[k], settlements.y_m[k])
        near = tree.query_ball_point(middle, settlements.radius_m[k] * _INNER, return_sorted=True)
        found = np.array(near if near else [int(tree.query(middle)[1])])
        inner[k] = beside[found[np.argsort(order[found], kind="stable")]]
    xy = np.empty((len(rows), 2))
    for at, row in enumerate(rows):
        like = [i for i in range(at) if rows[i].settlement == row.settlement and rows[i].kind == row.kind]
        xy[at] = _apart_from(xy[like], inner[row.settlement], turn=at)
    moved = xy + (rng.random(xy.shape) * 2 - 1) * _OFF_ROAD_M
    rounded: Floats = np.round(moved * 100) / 100
    return rounded


def _apart_from(others: Floats, sites: Floats, *, turn: int) -> Floats:
    """Return of a few sites the one farthest from ``others``; the first few are taken from place ``turn`` on."""
    few: Floats = sites[(turn * 7 + np.arange(min(_CHOICES, len(sites)))) % len(sites)]
    if not len(others):
        return np.array(few[0])
    offset = few[:, None, :] - others[None, :, :]
    return np.array(few[np.argmax((offset * offset).sum(axis=2).min(axis=1))])


def _texts(values: list[str]) -> np.ndarray:
    """Return an object array of texts."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
