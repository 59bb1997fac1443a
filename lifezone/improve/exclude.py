"""Candidates that are left out: too steep, inside an area such as a flood map, too near to something or too far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Facilities, Floats, Ints, World

if TYPE_CHECKING:
    from lifezone.siting.spec_candidates import AreaFile, Distance, Exclude, Steepness
    from lifezone.sources.reading import Reading

__all__ = ["left_out"]


def left_out(
    world: World, facilities: Facilities, at: Ints, spec: Exclude, reading: Reading | None, notes: list[str],
    faults: list[Fault],
) -> Bools:  # fmt: skip
    """Return bool[n] which of the candidates are left out.

    Args:
        world: the world asked about.
        facilities: its facilities and the candidates.
        at: i32[n] positions of the candidates.
        spec: what is excluded.
        reading: the study, for files.
        notes: how many each rule leaves out is added.
        faults: what cannot be read is added; its path starts inside ``exclude``.
    """
    out = np.zeros(len(at), np.bool_)
    x_m, y_m = facilities.x_m[at], facilities.y_m[at]
    if not len(at):
        return out
    if not np.isfinite(x_m).all():
        faults.append(Fault("candidates without coordinates cannot be excluded by where they are: name the columns x "
                            "and y of the candidates", ()))  # fmt: skip
        return out
    rules: list[tuple[tuple[str | int, ...], Any, Any]] = []
    if spec.slope is not None:
        rules.append((("slope",), _too_steep, spec.slope))
    rules += [(("inside", n), _inside, one) for n, one in enumerate(spec.inside)]
    rules += [(("distance", n), _by_distance, one) for n, one in enumerate(spec.distance)]
    for path, rule, one in rules:
        try:
            excluded, told = rule(world, (x_m, y_m), one, reading)
        except InputError as error:
            faults += [fault.under(path) for fault in error.faults]
            continue
        notes.append(f"{int(excluded.sum()):,} of {len(at):,} candidates {told}")
        out |= excluded
    return out


def _files(reading: Reading | None) -> Reading:
    if reading is None:
        raise InputError("exclusions need the scenario's files")
    return reading


def _too_steep(world: World, at: tuple[Floats, Floats], spec: Steepness, reading: Reading | None) -> tuple[Bools, str]:
    """Return bool[n] where the ground is too steep; where its height is not known it counts as fit, told."""
    from lifezone.sources.files import input_record, local_file  # noqa: PLC0415
    from lifezone.sources.slope import read_heights  # noqa: PLC0415

    reading = _files(reading)
    raster = spec.heights or reading.heights
    if raster is None:
        raise InputError(Fault("which heights? give heights: {type: raster, path: dem.tif} here, or area.slope", ()))
    try:
        heights = read_heights(raster, reading.folder, at, world.crs, "the candidates")
    except InputError as error:
        raise InputError([fault.under(("heights",) if spec.heights else ()) for fault in error.faults]) from None
    if spec.heights is not None:
        reading.inputs.append(input_record(raster.path, local_file(reading.folder, raster.path), what="heights"))
    slope = heights.slope_at(*at, world.crs)
    unknown = int(np.isnan(slope).sum())
    told = f"lie on ground steeper than {spec.above:.0%} ({raster.path}), left out"
    return np.asarray(slope > spec.above), f"{told}; the slope of {unknown:,} is not known" if unknown else told


def _shapes(world: World, spec: AreaFile | Distance, reading: Reading | None) -> np.ndarray:
    """Return the shapes of a file in the study's CRS."""
    from lifezone.sources.crs import shapes_to_crs  # noqa: PLC0415
    from lifezone.sources.files import input_record  # noqa: PLC0415
    from lifezone.sources.tables import read_table  # noqa: PLC0415
    from lifezone.sources.where import keep_rows  # noqa: PLC0415

    reading = _files(reading)
    path = str(spec.path)
    table = read_table(reading.folder, path, layer=getattr(spec, "layer", None))
    if table.geometry is None:
        raise InputError(Fault(f"{path} has no shapes: give a GeoPackage, GeoJSON, shapefile or GeoParquet", ("path",)))
    crs = getattr(spec, "crs", None) or table.crs
    if crs is None:
        raise InputError(Fault(f"{path} does not say its coordinate system: give crs", ("crs",)))
    kept, _ = keep_rows(table, getattr(spec, "where", None))
    reading.inputs.append(input_record(path, table.file, rows=table.n_rows, used=kept.n_rows, refused=0))
    shapes = shapes_to_crs(np.asarray(kept.geometry, dtype=object), str(crs), world.crs)
    return np.array([one for one in shapes if one is not None and not one.is_empty], dtype=object)


def _inside(world: World, at: tuple[Floats, Floats], spec: AreaFile, reading: Reading | None) -> tuple[Bools, str]:
    """Return bool[n] inside one of the polygons, their edges included."""
    import shapely  # noqa: PLC0415

    shapes = _shapes(world, spec, reading)
    if not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
        raise InputError(Fault(f"{spec.path}: expected polygons", ("path",)))
    found = np.zeros(len(at[0]), np.bool_)
    point, _ = shapely.STRtree(shapes).query(shapely.points(*at), predicate="intersects")
    found[point] = True
    return found, f"lie inside {spec.path}, left out"


def _by_distance(world: World, at: tuple[Floats, Floats], spec: Distance, reading: Reading | None) -> tuple[Bools, str]:
    """Return bool[n] too near to something, or too far from it."""
    import shapely  # noqa: PLC0415

    if spec.kind is not None:
        facilities, what = world.facilities, f"the nearest {spec.kind}"
        if spec.kind not in facilities.kinds:
            raise InputError(Fault(f"there is no facility of kind {spec.kind!r} here", ("kind",)))
        there = facilities.open_of((spec.kind,))
        if not np.isfinite(facilities.x_m[there]).all():
            raise InputError(Fault(f"some facilities of kind {spec.kind!r} have no coordinates", ("kind",)))
        shapes = shapely.points(facilities.x_m[there], facilities.y_m[there])
    elif spec.way is not None:
        network, what = world.network, f"the nearest {' or '.join(spec.way)} road"
        unknown = [way for way in spec.way if way not in network.ways]
        if unknown:
            known = ", ".join(network.ways) or "none, as there are no roads"
            raise InputError(Fault(f"no road is of class {', '.join(unknown)}; there are {known}", ("way",)))
        of_class = np.isin(network.way, [network.ways.index(way) for way in spec.way])
        tail, head = network.tail[of_class], network.head[of_class]
        ends = [np.column_stack([network.x_m[end], network.y_m[end]]) for end in (tail, head)]
        shapes = shapely.linestrings(np.stack(ends, axis=1))
    else:
        shapes, what = _shapes(world, spec, reading), f"the nearest shape of {spec.path}"
    metres = np.full(len(at[0]), np.inf)
    if len(shapes):
        places = shapely.points(*at)
        metres = shapely.distance(places, shapes[shapely.STRtree(shapes).nearest(places)])
    low, high = spec.at_least or 0.0, np.inf if spec.at_most is None else spec.at_most
    limits = [] if spec.at_least is None else [f"nearer than {spec.at_least:g} m to"]
    limits += [] if spec.at_most is None else [f"farther than {spec.at_most:g} m from"]
    return np.asarray((metres < low) | (metres > high)), f"lie {' or '.join(limits)} {what}, left out"
