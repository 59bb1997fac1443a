"""Settlements: towns, seats and villages with their names, how many live there and how old they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Districts, Floats, Ints, Places
from lifezone.sources.districts import join_districts
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.courses import Courses
from lifezone.sources.synthetic.mesh import Mesh

__all__ = ["Settlements", "apportion", "as_places", "make_settlements"]

_HERMITAGE_PEOPLE: Final = 6
_VILLAGE_RADIUS_M: Final = 260.0
_BEYOND_PEOPLE: Final = 130
_AGED: Final = (0.17, 0.56)
"""Share of people of 65 and over in town and where it is remotest, ours: eup and outlying myeon of about 2020."""
_REMOTE_M: Final = 15_500.0
_CITY_AGED: Final = 0.15


@dataclass(frozen=True, eq=False)
class Settlements:
    """n places where people live; the centres of the plan first, in its order, then villages, then the hermitage.

    Attributes:
        x_m: f64[n] easting, EPSG:5179.
        y_m: f64[n] northing.
        name: text[n] Korean name.
        name_en: text[n] English name.
        rank: i32[n] 0 = city or eup, 1 = seat, 2 = village.
        radius_m: f64[n] where most houses are.
        people: i64[n].
        aged: f64[n] share of people of 65 and over.
        district: i32[n] −1 beyond the county line.
    """

    x_m: Floats
    y_m: Floats
    name: np.ndarray
    name_en: np.ndarray
    rank: Ints
    radius_m: Floats
    people: np.ndarray
    aged: Floats
    district: Ints

    @property
    def n_centres(self) -> int:
        """How many of them are centres of the plan."""
        return len(plan.CENTRES)


def make_settlements(
    mesh: Mesh, courses: Courses, districts: Districts, names: list[tuple[str, str]], rng: np.random.Generator
) -> Settlements:
    """Return the settlements of one seed; the county's people add up to ``plan.COUNTY_PEOPLE``."""
    centres = plan.CENTRES
    spots = np.array([mesh.named[centre.key] for centre in centres])
    xy = mesh.xy[np.concatenate([spots, mesh.villages, [courses.hermitage]])] + np.array(plan.ORIGIN)
    district = join_districts(xy[:, 0], xy[:, 1], districts)
    ending = {"city": ("시", "-si"), "eup": ("읍", "-eup"), "myeon": ("면", "-myeon"), "beyond": ("면", "-myeon")}
    titles = [(c.name + ending[c.rank][0], c.name_en + ending[c.rank][1]) for c in centres]
    titles += [(ko + "리", en + "-ri") for ko, en in names] + [("산마루암", "Sanmaru hermitage")]
    titles[len(centres) + plan.NAMED_VILLAGES["island-village"]] = ("달섬리", "Dalseom-ri")
    rank = np.array([0 if c.rank in ("city", "eup") else 1 for c in centres] + [2] * (len(names) + 1), np.int32)
    radius_m = np.array([c.radius_m for c in centres] + [_VILLAGE_RADIUS_M] * len(names) + [90.0])
    people = _people(district, rng)
    aged = _aged_share(xy, rank, rng)
    return Settlements(
        xy[:, 0], xy[:, 1], _texts([ko for ko, _ in titles]), _texts([en for _, en in titles]), rank, radius_m,
        people, aged, district,
    )  # fmt: skip


def as_places(settlements: Settlements) -> Places:
    """Return the settlements as names to call deserts by."""
    return Places(
        settlements.x_m, settlements.y_m, settlements.name, settlements.name_en, settlements.rank.astype(np.int32)
    )


def apportion(total: int, weight: Floats) -> np.ndarray:
    """Share out whole persons by weight: quotas rounded down, the rest to the largest remainders (lowest first).

    Args:
        total: persons.
        weight: f64[n] ≥ 0, at least one above 0.

    Returns:
        i64[n] that add up to ``total``.
    """
    quota = weight * (total / weight.sum())
    whole: np.ndarray = np.floor(quota).astype(np.int64)
    order = np.argsort(-(quota - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _people(district: Ints, rng: np.random.Generator) -> np.ndarray:
    """Return i64[n] people: the plan's in centres, the rest of the county's over its villages, large and small."""
    n_centres = len(plan.CENTRES)
    people = np.zeros(len(district), np.int64)
    people[:n_centres] = [centre.people for centre in plan.CENTRES]
    size = 0.25 + rng.random(len(district)) + 1.6 * rng.random(len(district)) ** 6
    beyond = district < 0
    beyond[:n_centres] = False
    people[beyond] = np.floor(_BEYOND_PEOPLE * size[beyond]).astype(np.int64)
    people[-1] = _HERMITAGE_PEOPLE
    named = n_centres + np.array(list(plan.VILLAGE_PEOPLE))
    people[named] = list(plan.VILLAGE_PEOPLE.values())
    free = ~beyond
    free[:n_centres], free[named], free[-1] = False, False, False
    rest = plan.COUNTY_PEOPLE - int(people[district >= 0].sum())
    people[free] = apportion(rest, size[free])
    return people


def _aged_share(xy: Floats, rank: Ints, rng: np.random.Generator) -> Floats:
    """Return f64[n] share of 65 and over: grows with the distance from the eup, less in seats, least in the city."""
    town = next(k for k, centre in enumerate(plan.CENTRES) if centre.rank == "eup")
    city = next(k for k, centre in enumerate(plan.CENTRES) if centre.rank == "city")
    offset = xy - xy[town]
    remote = np.minimum(1.0, np.sqrt((offset * offset).sum(axis=1)) / _REMOTE_M)
    share = _AGED[0] + (_AGED[1] - _AGED[0]) * remote + 0.05 * (rng.random(len(xy)) - 0.5)
    share = np.where(rank == 1, share - 0.07, np.where(rank == 2, share + 0.02, share))
    share[town], share[city] = _AGED[0] + 0.01, _CITY_AGED
    bounded: Floats = np.clip(share, 0.1, 0.65)
    return bounded


def _texts(values: list[str]) -> np.ndarray:
    """Return an object array of texts."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
