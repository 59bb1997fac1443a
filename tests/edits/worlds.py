"""A small world for edits: a road of two halves, two districts, three clinics, people of three groups."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from pyproj import Transformer

from lifezone.edits import Context, apply
from lifezone.edits.spec import EditSpec
from lifezone.model import Access, Demand, Districts, Facilities, Network, World
from lifezone.sources.reading import Reading
from lifezone.standards import load_kinds

CRS = "EPSG:5179"
X0, Y0 = 1_000_000.0, 1_900_000.0


def lon_lat(x_m, y_m):
    """A place in degrees, from metres east and north of the test's corner."""
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(X0 + x_m, Y0 + y_m)
    return [lon, lat]


def network():
    """One straight road from west to east, 2 km in two segments, and a ferry of 1 km beyond it."""
    x_m = X0 + np.array([0.0, 1000, 2000, 3000])
    y_m = Y0 + np.zeros(4)
    metres = np.full(3, 1000.0)
    return Network(
        x_m, y_m, np.zeros(4, bool), np.array([0, 1, 2], np.int32), np.array([1, 2, 3], np.int32), metres,
        {"car": np.repeat(metres / 10, 2), "walk": np.repeat(metres / 1.0, 2)},
        np.array([0, 1, 2], np.int16), ("residential", "secondary", "ferry"), np.zeros(3, np.int32), ("",), CRS,
        beyond=np.array([False, False, False, True]),
    )  # fmt: skip


def demand():
    """Points a and b in the west, c in the east, d beyond the area; total, old and young."""
    people = np.array([[100.0, 40.0, 10.0], [50.0, 10.0, 5.0], [30.0, 0.0, 3.0], [7.0, 1.0, 1.0]])
    return Demand(
        np.array(["a", "b", "c", "d"], object), X0 + np.array([0.0, 800, 1500, 2900]), Y0 + np.zeros(4), people,
        ("total", "old", "young"), np.array([0, 0, 1, -1], np.int32), np.zeros(4, bool),
    )  # fmt: skip


def facilities():
    """Two open clinics, a closed one, an open library."""
    return Facilities(
        np.array(["c1", "c2", "c3", "lib"], object), X0 + np.array([0.0, 1000, 2000, 1000]), Y0 + np.zeros(4),
        np.array([0, 0, 0, 1], np.int32), ("clinic", "public_library"), np.array(["", "", "", ""], object),
        np.array([3.0, 2.0, np.nan, np.nan]), np.full(4, np.nan), np.array([True, True, False, True]),
        np.array(["", "", "", ""], object),
    )  # fmt: skip


def world():
    units = Districts(("w", "e"), ("서면", "동면"), ("Seo-myeon", "Dong-myeon"))
    return World(network(), demand(), facilities(), units, {mode: Access(500.0, 1.0) for mode in ("car", "walk")}, CRS)


def context(folder):
    """The study around an edit that reads files of a folder."""
    return Context(Reading(folder, CRS, kinds=load_kinds()))


def change(study, edit, around=None):
    return apply(study, EditSpec.model_validate(edit), around)


def differing(one, other):
    """The names of the fields in which two dataclasses of arrays differ."""
    return {field.name for field in fields(one) if not _same(getattr(one, field.name), getattr(other, field.name))}


def _same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return a is b or a == b
