"""Siting scenarios on disk: points of a square, straight trips, clinics that are listed but not open."""

from __future__ import annotations

import numpy as np


def write_study(folder, siting, *, seed=1, n_rows=60, n_sites=12, n_open=0, capacity=None, extra=""):
    """Write people, clinics, trips and a scenario with one question; return the scenario's path."""
    rng = np.random.default_rng(seed)
    a, b = rng.random((n_rows, 2)), rng.random((n_sites, 2))
    people = rng.integers(1, 50, n_rows)
    lines = [f"p{i},{127 + x:.6f},{36 + y:.6f},{n}" for i, ((x, y), n) in enumerate(zip(a, people, strict=True))]
    (folder / "people.csv").write_text("id,lon,lat,people\n" + "\n".join(lines) + "\n", encoding="utf-8")
    room = np.full(n_sites, 0) if capacity is None else np.broadcast_to(capacity, n_sites)
    lines = [
        f"c{j},{127 + x:.6f},{36 + y:.6f},{'true' if j < n_open else 'false'},{room[j]}" for j, (x, y) in enumerate(b)
    ]
    (folder / "clinics.csv").write_text("id,lon,lat,open,beds\n" + "\n".join(lines) + "\n", encoding="utf-8")
    seconds = np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1)) * 3600
    lines = [f"p{i},c{j},{seconds[i, j]:.3f}" for i in range(n_rows) for j in range(n_sites)]
    (folder / "pairs.csv").write_text("demand,facility,seconds\n" + "\n".join(lines) + "\n", encoding="utf-8")
    beds = "" if capacity is None else ", capacity: beds"
    path = folder / "study.yaml"
    path.write_text(
        "name: Where should the clinics go?\n"
        "demand: {type: table, path: people.csv, id: id, x: lon, y: lat, crs: EPSG:4326, groups: {total: people}}\n"
        "facilities:\n"
        "  - {type: table, path: clinics.csv, kind: clinic, id: id, x: lon, y: lat, crs: EPSG:4326, open: open"
        f"{beds}}}\n"
        "times: {type: table, path: pairs.csv, from: demand, to: facility, seconds: seconds}\n"
        "variants:\n"
        f"  - {{name: plan, siting: {{kind: clinic, candidates: {{type: closed}}, {siting}}}}}\n{extra}",
        encoding="utf-8",
    )
    return path
