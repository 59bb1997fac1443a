"""A synthetic province for siting: people around its towns, candidates at junctions, travel times within a reach."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.networks import synthetic
from benchmarks.stages import beside_roads
from lifezone.model import Access
from lifezone.routing import ModeRoads, costs_within, reach_of_nearest
from lifezone.siting import FREE, Pairs, Problem

__all__ = ["county", "province"]

ACCESS: Final = Access(limit_m=1000.0, speed_mps=3 / 3.6, terminal_s=180.0)
"""As the demonstration has it: three minutes to park and walk in (D7)."""
COUNTY_REACH_S: Final = 2700.0
PLACES: Final = {"porto_alegre": ("poa_osm.pbf", "EPSG:31982"), "andorra": ("andorra.osm.pbf", "EPSG:25831")}
THREADS: Final = 2
PEOPLE_A_POINT: Final = 15.0


def province(
    n_points: int, n_sites: int, *, reach_s: float = np.inf, nearest: int | None = None, seed: int = 5
) -> Problem:
    """Return a question over points beside the roads of an invented province and candidates at its junctions.

    Args:
        n_points: demand points, all at other places.
        n_sites: candidates.
        reach_s: longest trip looked at.
        nearest: about so many candidates nearest to each point are looked at instead; None = all within reach.
        seed: of places and people.
    """
    network = synthetic(max(n_points, 2 * n_sites, 1000))  # roads with enough junctions
    roads = ModeRoads.build(network, "car", ACCESS)
    rng = np.random.default_rng(seed)
    x_m, y_m = beside_roads(network, seed)
    lived = np.sort(rng.choice(network.n_vertices, min(n_points, network.n_vertices), replace=False))
    nodes = roads.graph.vertex[np.sort(rng.choice(roads.graph.n_nodes, n_sites, replace=False))]
    demand, sites = roads.attach(x_m[lived], y_m[lived]), roads.attach(network.x_m[nodes], network.y_m[nodes])
    people = np.maximum(np.rint(rng.lognormal(np.log(PEOPLE_A_POINT), 1.0, len(lived))), 1.0)
    reach = reach_s if nearest is None else reach_of_nearest(roads, demand, sites, nearest, threads=THREADS)
    costs = costs_within(roads, demand, sites, reach, threads=THREADS)
    pairs = Pairs(costs.first, costs.facility, costs.cost, n_sites, None if nearest is None else np.asarray(reach))
    return Problem(pairs, people, np.zeros(n_sites, np.bool_), np.full(n_sites, FREE, np.int8), bound=reach_s)


def county(data: Path, place: str, *, every: int = 1) -> Problem | None:
    """Return the question of every cell and every junction of a real place by car; None where its data are missing.

    Args:
        data: the folder of real data.
        place: ``porto_alegre``, hexagons with their people, or ``andorra``, cells of 500 m with as many people as roads
            have points there (a stand-in: no population is at hand).
        every: only every n-th junction is a candidate, for a quick look.
    """
    from lifezone.sources.reading import Reading  # noqa: PLC0415
    from lifezone.sources.roads import OsmFile  # noqa: PLC0415

    name, crs = PLACES[place]
    if not (data / place / name).is_file():
        return None
    network = OsmFile(path=name).load(Reading(data / place, crs)).network
    roads = ModeRoads.build(network, "car", ACCESS)
    if place == "andorra":
        cell, people = np.unique(np.floor(np.stack([network.x_m, network.y_m], 1) / 500.0), axis=0, return_counts=True)
        x_m, y_m = (cell.T + 0.5) * 500.0
    else:
        import pandas as pd  # noqa: PLC0415
        from pyproj import Transformer  # noqa: PLC0415

        cells = pd.read_csv(data / place / "poa_hexgrid.csv")
        x_m, y_m = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(cells["lon"], cells["lat"])
        x_m, y_m, people = np.asarray(x_m), np.asarray(y_m), cells["population"].to_numpy()
    nodes = roads.graph.vertex[::every]
    demand, sites = roads.attach(x_m, y_m), roads.attach(network.x_m[nodes], network.y_m[nodes])
    costs = costs_within(roads, demand, sites, COUNTY_REACH_S, threads=THREADS)
    pairs = Pairs(costs.first, costs.facility, costs.cost, len(nodes))
    reached = np.asarray(people, np.float64) * (np.diff(costs.first) > 0)
    return Problem(pairs, reached, np.zeros(len(nodes), np.bool_), np.full(len(nodes), FREE, np.int8))
