"""Small worlds without roads for zoning: people at points, facilities, and the minutes between them."""

from __future__ import annotations

import numpy as np

from lifezone.model import Access, Demand, Districts, Facilities, GivenTimes, Network, World

CRS = "EPSG:5179"


def world_of(people, minutes, *, capacity=None, place=None, district=None, groups=("total",), kind="clinic"):
    """Return a world from people per point and minutes per point and facility, both by id.

    Args:
        people: id → persons, or persons per group.
        minutes: id of a point → id of a facility → minutes; a pair that is absent cannot be travelled.
        capacity: id of a facility → capacity.
        place: id of a facility → (x, y) in metres; without it facilities lie 100 km apart.
        district: id of a point → position of its district; without it all are in the first.
    """
    points = list(people)
    supply = sorted({one for row in minutes.values() for one in row}, key=lambda one: (place or {}).get(one, (0, 0)))
    xy = [(place or {}).get(one, (1e5 * at, 0.0)) for at, one in enumerate(supply)]
    counted = np.array([np.atleast_1d(people[one]) for one in points], dtype=float)
    demand = Demand(
        ids=np.array(points, dtype=object), x_m=np.arange(len(points)) * 700.0, y_m=np.zeros(len(points)),
        people=counted, groups=groups, district=np.array([(district or {}).get(one, 0) for one in points], np.int32),
        urban=np.zeros(len(points), np.bool_),
    )  # fmt: skip
    n = len(supply)
    facilities = Facilities(
        ids=np.array(supply, dtype=object), x_m=np.array([x for x, _ in xy]), y_m=np.array([y for _, y in xy]),
        kind=np.zeros(n, np.int32), kinds=(kind,), name=np.array([f"{one} hall" for one in supply], dtype=object),
        capacity=np.array([(capacity or {}).get(one, np.nan) for one in supply], dtype=float),
        cost=np.full(n, np.nan), open=np.ones(n, np.bool_), hours=np.array([""] * n, dtype=object),
    )  # fmt: skip
    pairs = [(points.index(a), supply.index(b), t * 60.0) for a, row in minutes.items() for b, t in row.items()]
    point, at, seconds = (np.array(column) for column in zip(*pairs, strict=True))
    times = GivenTimes(
        point_ids=demand.ids, place_ids=facilities.ids, point=point.astype(np.int32), place=at.astype(np.int32),
        seconds=seconds.astype(float), metres=np.full(len(seconds), np.nan),
    )  # fmt: skip
    n_districts = int(demand.district.max()) + 1
    names = tuple(f"d{at}" for at in range(n_districts))
    return World(
        network=Network.empty(CRS), demand=demand, facilities=facilities, districts=Districts(names, names, names),
        access={"car": Access(500.0, 1.0)}, crs=CRS, times=(times,),
    )  # fmt: skip


def zones_by_id(zones, world):
    """Return the centre of every demand point, None where it has none."""
    centres = [one.centre for one in zones.zones]
    return {
        one: centres[at] if at >= 0 else None
        for one, at in zip(world.demand.ids.tolist(), zones.label.tolist(), strict=True)
    }
