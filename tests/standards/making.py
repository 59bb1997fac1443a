"""Small worlds by hand, for tests: demand without roads, trips as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lifezone.access import NearestTrip
from lifezone.model import (
    Access,
    Assessment,
    Demand,
    DesertTest,
    Districts,
    Facilities,
    Network,
    Requirement,
    Standard,
    Variant,
    Verdicts,
    World,
)
from lifezone.standards import judge

CAR = Access(limit_m=500.0, speed_mps=3 / 3.6, terminal_s=180.0)
WALK = Access(limit_m=500.0, speed_mps=3 / 3.6)


def demand(
    groups: Mapping[str, Sequence[float]],
    *,
    district: Sequence[int] | None = None,
    urban: Sequence[bool] | None = None,
    x_m: Sequence[float] | None = None,
    y_m: Sequence[float] | None = None,
    **more: object,
) -> Demand:
    """Return demand points of the given groups, 700 m apart on a line unless told."""
    n = len(next(iter(groups.values())))
    return Demand(
        ids=np.array([f"p{i}" for i in range(n)], dtype=object),
        x_m=np.asarray(x_m if x_m is not None else 700.0 * np.arange(n), dtype=np.float64),
        y_m=np.asarray(y_m if y_m is not None else np.zeros(n), dtype=np.float64),
        people=np.array([list(values) for values in groups.values()], dtype=np.float64).reshape(len(groups), n).T,
        groups=tuple(groups),
        district=np.asarray(district if district is not None else np.zeros(n), dtype=np.int32),
        urban=np.asarray(urban if urban is not None else np.zeros(n), dtype=np.bool_),
        **more,  # type: ignore[arg-type]
    )


def trip(minutes: Sequence[float], *, metres: Sequence[float] | None = None, access_m: float = 0.0) -> NearestTrip:
    """Return trips of the given minutes; metres follow at 36 km/h unless given; NaN and inf reach nothing."""
    seconds = 60.0 * np.asarray(minutes, dtype=np.float64)
    reached = np.isfinite(seconds)
    length = 10.0 * seconds if metres is None else np.asarray(metres, dtype=np.float64)
    return NearestTrip(
        facility=np.where(reached, 0, -1).astype(np.int32),
        seconds=np.where(reached, seconds, np.inf),
        metres=np.where(reached, length, np.inf),
        access_m=np.where(reached, access_m, np.inf),
    )


def verdict(requirement: Requirement, people: Demand, minutes: Sequence[float], **more: object) -> Verdicts:
    """Judge trips of the given minutes."""
    access = WALK if requirement.mode == "walk" else CAR
    off = np.zeros(people.n_points, np.bool_)
    return judge(requirement, trip(minutes), people, access=access, off_network=off, **more)  # type: ignore[arg-type]


def districts(*names: str) -> Districts:
    """Return districts without polygons; none = the one district ``all``."""
    ids = names or ("all",)
    return Districts(ids=tuple(ids), name=tuple(ids), name_en=tuple(f"{name} (en)" for name in ids))


def world(people: Demand, units: Districts | None = None, *, modelled_roads: str = "") -> World:
    """Return a world without roads or facilities."""
    none_i, none_f = np.empty(0, np.int32), np.empty(0)
    network = Network(
        x_m=none_f, y_m=none_f, border=np.empty(0, np.bool_), tail=none_i, head=none_i, metres=none_f, seconds={},
        way=np.empty(0, np.int16), ways=(), name=none_i, names=("",), crs="EPSG:5179", modelled=modelled_roads,
    )  # fmt: skip
    return World(network, people, Facilities.empty(), units or districts(), {"car": CAR, "walk": WALK}, "EPSG:5179")


def variant(
    people: Demand,
    verdicts: Mapping[str, Verdicts],
    requirements: Sequence[Requirement],
    *,
    name: str = "baseline",
    units: Districts | None = None,
    test: DesertTest | None = None,
    desert: np.ndarray | None = None,
    deserts: tuple = (),
    modelled_roads: str = "",
) -> Variant:
    """Return a judged variant of the given verdicts."""
    n = people.n_points
    deficits = np.zeros(n, np.int32)
    for one in verdicts.values():
        deficits += (one.judged & ~one.met).astype(np.int32)
    assessment = Assessment(
        standard=Standard("test", tuple(requirements), test),
        verdicts=dict(verdicts),
        deficits=deficits,
        lost=np.zeros((n, 0), np.bool_),
        desert=np.full(n, -1, np.int32) if desert is None else desert,
        deserts=deserts,
    )
    return Variant(name, world(people, units, modelled_roads=modelled_roads), assessment)
