"""Slopes from rasters: planes whose slope is known, holes, bridges, and a real city."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.routing.gradients import bicycle_share, tobler_share
from lifezone.sources.reading import Reading
from lifezone.sources.road_ids import RoadIds
from lifezone.sources.roads import OsmFile
from lifezone.sources.slope import SlopeRaster, smoothed, with_slope
from tests.routing.networks import BOTH, FORTH, network_of

X, Y = 200_000.0, 600_000.0
"""South-west corner of the test rasters, EPSG:5179."""


def raster(path: Path, heights: np.ndarray, cell_m: float = 10.0, **profile: object) -> str:
    """Write heights, first row in the north."""
    rows, columns = heights.shape
    options = {"crs": "EPSG:5179", "transform": Affine(cell_m, 0, X, 0, -cell_m, Y + rows * cell_m), **profile}
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float64", **options
    ) as file:
        file.write(heights, 1)
    return path.name


def plane(slope_east: float, slope_north: float = 0.0, size: int = 60, cell_m: float = 10.0) -> np.ndarray:
    """Return the heights of a tilted plane at cell middles."""
    at = (np.arange(size) + 0.5) * cell_m
    return slope_east * at[None, :] + slope_north * at[::-1][:, None]


def roads(*places: tuple[float, float], directions: tuple[bool, bool] = BOTH, way: str = "road") -> Network:
    """Return a road through places (metres from the corner) that is walked at 1 m/s and ridden at 5 m/s."""
    xy = [(X + x, Y + y) for x, y in places]
    metres = [float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in itertools.pairwise(xy)]
    rows = [(i, i + 1, m, m, directions, way) for i, m in enumerate(metres)]
    walk = network_of(xy, rows, mode="walk")
    from dataclasses import replace  # noqa: PLC0415

    return replace(walk, seconds={**walk.seconds, "bicycle": walk.seconds["walk"] / 5})


def sloped(folder: Path, network: Network, path: str, carried: np.ndarray | None = None) -> Network:
    ids = (
        None
        if carried is None
        else RoadIds(np.arange(network.n_vertices), np.zeros(2 * network.n_segments, int), carried)
    )
    return with_slope(network, SlopeRaster(type="raster", path=path), ids, Reading(folder=folder, crs="EPSG:5179"))


@pytest.mark.parametrize("slope", [0.0, 0.03, -0.08, 0.2])
def test_slope__of_a_plane_gives_the_closed_form_in_each_direction(tmp_path, slope):
    network = roads((100, 300), (130, 300), (437, 300))
    found = sloped(tmp_path, network, raster(tmp_path / "p.tif", plane(slope)))
    for direction, sign in ((0, 1), (1, -1)):
        along = np.array([sign * slope])
        np.testing.assert_allclose(found.seconds["walk"][direction::2], network.metres / tobler_share(along), rtol=1e-9)
        ride = network.metres / 5 / bicycle_share(along, np.array([0.2]))
        np.testing.assert_allclose(found.seconds["bicycle"][direction::2], ride, rtol=1e-9)


def test_slope__depends_on_the_way_a_road_runs(tmp_path):
    path = raster(tmp_path / "p.tif", plane(0.1))
    across, up = roads((300, 100), (300, 400)), roads((100, 300), (400, 300))
    assert sloped(tmp_path, across, path).seconds["walk"] == pytest.approx(across.seconds["walk"])
    diagonal = sloped(tmp_path, roads((100, 100), (400, 400)), path).seconds["walk"]
    assert diagonal[0] == pytest.approx(300 * np.sqrt(2) / tobler_share(np.array([0.1 / np.sqrt(2)]))[0])
    assert sloped(tmp_path, up, path).seconds["walk"][0] > sloped(tmp_path, up, path).seconds["walk"][1]


def test_slope__over_a_hill_is_up_and_down_though_both_ends_are_level(tmp_path):
    at = (np.arange(60) + 0.5) * 10
    hill = np.broadcast_to(30.0 - 0.1 * np.abs(at - 300.0), (60, 60)).copy()
    network = roads((100, 300), (500, 300))
    found = sloped(tmp_path, network, raster(tmp_path / "h.tif", hill)).seconds["walk"]
    both = 200 / tobler_share(np.array([0.1, -0.1])).sum() * 2  # harmonic only as a bound
    up, down = 200 / tobler_share(np.array([0.1, -0.1]))
    assert found[0] == pytest.approx(found[1])
    assert found[0] == pytest.approx(up + down, rel=0.02)  # the top is rounded off by smoothing
    assert found[0] > both * 0.9


def test_slope__noise_of_a_metre_does_not_double_times_and_short_pieces_are_no_steeper(tmp_path):
    rng = np.random.default_rng(1)
    path = raster(tmp_path / "n.tif", rng.normal(0, 0.5, (60, 60)))
    long = roads(*((100.0 + 10 * i, 300.0) for i in range(41)))
    short = roads(*((100.0 + i, 300.0) for i in range(401)))
    times = [sloped(tmp_path, network, path).seconds["walk"][::2].sum() for network in (long, short)]
    assert times[0] < 1.15 * 400
    assert times[1] == pytest.approx(times[0], rel=0.03)


def test_slope__on_a_bridge_is_that_of_its_ends(tmp_path):
    valley = np.broadcast_to(np.where(np.abs((np.arange(60) + 0.5) * 10 - 300) < 60, 0.0, 50.0), (60, 60)).copy()
    path = raster(tmp_path / "v.tif", valley)
    network = roads((100, 300), (200, 300), (250, 300), (310, 300), (400, 300), (500, 300))
    bridge = np.array([False, True, True, True, False])
    carried = sloped(tmp_path, network, path, carried=bridge).seconds["walk"]
    assert carried == pytest.approx(network.seconds["walk"])
    assert sloped(tmp_path, network, path).seconds["walk"].sum() > 1.5 * network.seconds["walk"].sum()


def test_slope__leaves_ferries_closed_arcs_and_cars_alone(tmp_path):
    from dataclasses import replace  # noqa: PLC0415

    path = raster(tmp_path / "p.tif", plane(0.1))
    afloat = roads((100, 300), (400, 300), way="ferry")
    assert sloped(tmp_path, afloat, path).seconds["walk"] == pytest.approx(afloat.seconds["walk"])
    one_way = roads((100, 300), (400, 300), directions=FORTH)
    found = sloped(tmp_path, replace(one_way, seconds={**one_way.seconds, "car": np.array([9.0, np.inf])}), path)
    assert np.isinf(found.seconds["walk"][1])
    assert found.seconds["car"].tolist() == [9.0, np.inf]


def test_slope__of_unknown_ground_is_flat_and_told(tmp_path):
    heights = plane(0.1)
    heights[:, 40:] = -9999.0
    network = roads((100, 300), (200, 300), (450, 300), (550, 300))
    found = sloped(tmp_path, network, raster(tmp_path / "u.tif", heights, nodata=-9999.0))
    assert found.seconds["walk"][4:] == pytest.approx(network.seconds["walk"][4:])
    assert any("of the road length lies off the raster or on unknown cells" in note for note in found.notes)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: "none.tif", "there is no file"),
        (lambda folder: (folder / "text.tif").write_text("no raster") and "text.tif", "cannot be read as a raster"),
        (
            lambda folder: raster(folder / "far.tif", plane(0.1), transform=Affine(10, 0, 0, 0, -10, 0)),
            "does not cover",
        ),
        (lambda folder: raster(folder / "no.tif", plane(0.1), crs=None), "does not say its coordinate system"),
    ],
)
def test_slope__faults_say_what_is_wrong(tmp_path, make, why):
    with pytest.raises(InputError, match=why):
        sloped(tmp_path, roads((100, 300), (400, 300)), make(tmp_path))


def test_smoothing__keeps_planes_and_unknown_cells():
    heights = plane(0.1, 0.05, size=8)
    np.testing.assert_allclose(smoothed(heights)[1:-1, 1:-1], heights[1:-1, 1:-1])
    heights[3, 3] = np.nan
    assert np.isnan(smoothed(heights)).sum() == 1


def test_slope__of_porto_alegre_is_read_from_its_raster(shared):
    folder = shared / "porto_alegre"
    reading = Reading(folder=folder, crs="EPSG:31982", speeds={"bicycle": "15 km/h"})
    found = OsmFile(path="poa_osm.pbf").load(reading)
    network = with_slope(found.network, SlopeRaster(type="raster", path="poa_elevation.tif"), found.ids, reading)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = network.seconds["walk"] / found.network.seconds["walk"]
    open_ = np.isfinite(ratio)
    # nobody is faster than Tobler's best slope, nor slower than his at the steepest that is taken
    assert ratio[open_].min() >= 1 / np.exp(0.175) - 1e-9
    assert ratio[open_].max() <= np.exp(3.5 * 0.5) + 1e-9
    assert 1.02 < np.average(ratio[open_], weights=np.repeat(network.metres, 2)[open_]) < 1.25
    both = open_.reshape(-1, 2).all(axis=1)
    assert np.mean(ratio[::2][both] != ratio[1::2][both]) > 0.9  # up and down apart
    np.testing.assert_array_equal(network.seconds["car"], found.network.seconds["car"])
