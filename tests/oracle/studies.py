"""The studies that the oracle judges, and what lifezone says of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np

from lifezone.assess import Memory, assess, attach_demand, attach_facilities
from lifezone.model import Requirement, Standard
from lifezone.scenario import build, load
from tests.oracle.twin import Trips, Twin

REAL = Path(__file__).parents[1] / "real"
DEMO = Path(__file__).parents[2] / "lifezone" / "demo.yaml"


def built(path, **sets):
    return build(load(path, [f"{key.replace('__', '.')}={value}" for key, value in sets.items()]))


def andorra(shared, **sets):
    return built(REAL / "andorra.yaml", area__network__path=shared / "andorra" / "andorra.osm.pbf", **sets)


def porto_alegre(shared):
    table = shared / "porto_alegre" / "poa_hexgrid.csv"
    return built(
        REAL / "porto_alegre.yaml",
        area__network__path=shared / "porto_alegre" / "poa_osm.pbf",
        demand__path=table,
        facilities__0__path=table,
        facilities__1__path=table,
        facilities__2__path=shared / "porto_alegre" / "poa_eptc.zip",
        facilities__3__path=shared / "porto_alegre" / "poa_trensurb.zip",
        facilities__4__path=shared / "porto_alegre" / "poa_points_of_interest.csv",
    )


def doan(shared):
    raw = shared / "korea_raw"
    return built(
        REAL / "daejeon.yaml",
        area__network__path=shared / "daejeon" / "doan_links.gpkg",
        demand__path=raw / "daejeon_1km_grid_nlsp.shp",
        facilities__0__path=raw / "schools_nationwide_20250325_cp949.csv",
        facilities__1__path=raw / "localdata_hospitals_nationwide_2022.csv",
    )


def every_way(kinds, *, minutes=10, metres=1500, modes=("car", "walk")):
    """A standard that asks for each kind by both modes, in time and in length, to and from the facility."""
    rules = [
        Requirement(
            id=f"{kind}_{mode}_{metric}_{direction[:2]}",
            kinds=(kind,),
            mode=mode,
            metric=metric,
            direction=direction,
            bound=60.0 * minutes if metric == "time" else float(metres),
        )
        for kind, mode, metric, direction in product(kinds, modes, ("time", "length"), ("to_facility", "from_facility"))
    ]
    return Standard("oracle", tuple(rules))


def twins_of(world, memory):
    """Our own cut graphs of a world, with lifezone's choice of road where there are ties, after a check."""
    found = {}
    everything = np.arange(world.facilities.n_facilities, dtype=np.int32)
    for mode in world.network.modes:
        people, supply = attach_demand(world, mode, memory), attach_facilities(world, everything, mode, memory)
        twin = Twin(world, mode, adopt=np.concatenate([people.anchors.segment, supply.anchors.segment]))
        np.testing.assert_allclose(
            np.concatenate([people.gap_m, supply.gap_m]), twin.gap_m, atol=1e-6, err_msg="access walk"
        )
        found[mode] = twin
    return found


def judged(world, standard):
    memory = Memory()
    return assess(world, standard, memory=memory), twins_of(world, memory)


def moved(world, **columns):
    """The world with some columns of its demand replaced."""
    return replace(world, demand=replace(world.demand, **columns))


__all__ = ["DEMO", "Trips", "andorra", "built", "doan", "every_way", "judged", "moved", "porto_alegre", "twins_of"]
