"""Where the people of units go: to their own points, to the middle of their polygon, or to weights inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.sources.korea.gazetteer import Gazetteer
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.korea.spread import Weights, misplaced_share, spread_units, weight_inside
from lifezone.sources.korea.units import Units

__all__ = ["LEVELS", "Found", "Placed", "at_points", "in_shapes", "matched", "rows_of"]

LEVELS: Final = {"emd": "eup, myeon or dong", "sigungu": "si-gun-gu", "sido": "province", "ri": "ri", "cell": "cell"}


@dataclass(frozen=True, eq=False)
class Found:
    """Units that have a polygon, f of them.

    Attributes:
        unit: i64[f] unit.
        shapes: object[f] polygon in the study's CRS.
        ids: object[f].
        district: i32[f] the study's district that the polygon is, or None where boundaries are others.
    """

    unit: Longs
    shapes: np.ndarray
    ids: np.ndarray
    district: Ints | None


@dataclass(frozen=True, eq=False)
class Placed:
    """Pieces of units with their places, k of them.

    Attributes:
        unit: i64[k] unit that the piece is of.
        share: f64[k] share of the unit's people.
        x_m: f64[k] easting in the study's CRS.
        y_m: f64[k] northing.
        side_m: f64[k] side of what the piece stands for, 0 for true points.
        ids: object[k].
        district: i32[k] or None where it is to be joined by place.
        is_placed: bool[n] which units have a place.
        modelled: why people do not stand where they are counted; empty when they do.
        cells: True when pieces are cells of a grid.
    """

    unit: Longs
    share: Floats
    x_m: Floats
    y_m: Floats
    side_m: Floats
    ids: np.ndarray
    district: Ints | None
    is_placed: Bools
    modelled: str
    cells: bool = False


def rows_of(units: Units) -> Longs:
    """Return i64[n] rows of the file that each unit is made of."""
    return np.ones(units.n_units, np.int64) if units.rows is None else units.rows


def at_points(units: Units, xy_m: tuple[Floats, Floats], report: FileReport) -> Placed:
    """Put units at their own points; those without one are left out, told.

    Args:
        units: The units.
        xy_m: Their places in the study's CRS, NaN where there is none.
        report: Gets the counts.
    """
    seen = np.isfinite(xy_m[0]) & np.isfinite(xy_m[1])
    if not seen.all():
        rows, lost = int(rows_of(units)[~seen].sum()), float(units.people.counts[~seen, 0].sum())
        leave_out(report, "no_coordinates", rows)
        report.used -= rows
        report.find("no_coordinates", f"좌표가 없는 {int((~seen).sum()):,}곳의 {lost:,.0f}명",
                    f"{int((~seen).sum()):,} places with {lost:,.0f} people have no coordinates",
                    count=int((~seen).sum()))  # fmt: skip
    n = int(seen.sum())
    side = np.full(n, units.cell_m) if units.sides_m is None else units.sides_m[seen]
    level = LEVELS.get(units.level, units.level)
    told = f"people of each {level} stand at one point" if units.cell_m == 0 else ""
    if told:
        report.facts["method"] = told
    return Placed(
        np.flatnonzero(seen), np.ones(n), xy_m[0][seen], xy_m[1][seen], side, units.ids[seen].astype(object), None,
        seen, told, cells=units.cell_m > 0,
    )  # fmt: skip


def matched(units: Units, gazetteer: Gazetteer, report: FileReport, *, own: bool, in_middle: bool = False) -> Found:
    """Match units to boundaries; those that fit none are left out for one of two reasons, told.

    Args:
        units: The units.
        gazetteer: The boundaries.
        report: Gets the counts.
        own: Whether the boundaries are the study's own districts.
        in_middle: Put units that fit none in the middle of their si-gun-gu, where that is known.

    Raises:
        InputError: No unit fits.
    """
    pairs = list(zip(units.codes.tolist(), units.unit, strict=True))
    gazetteer.match_sets(pairs)
    hits = [gazetteer.find(str(code), name) for code, name in pairs]
    if in_middle:
        _into_the_middle(units, gazetteer, hits, report)
    lost = np.array([not hit for hit in hits], np.bool_)
    near = np.array([gazetteer.covers(str(code), name) for code, name in pairs], np.bool_)
    rows = rows_of(units)
    leave_out(report, "no_districts", int(rows[lost & ~near].sum()))
    leave_out(report, "no_place", int(rows[lost & near].sum()))
    report.used -= int(rows[lost].sum())
    nowhere = lost & near
    if nowhere.any():
        people, n = float(units.people.counts[nowhere, 0].sum()), int(nowhere.sum())
        cells = zip(units.names[nowhere], units.codes[nowhere], strict=True)
        named = some_of([str(name) or str(code) for name, code in cells])
        report.find("no_place", f"맞는 경계가 없는 {n:,}곳, {people:,.0f}명: {named}",
                    f"no boundary fits {n:,} districts with {people:,.0f} people: {named}", count=n)  # fmt: skip
    keep = np.flatnonzero(~lost)
    if len(keep) == 0:
        told = f"{report.path}: no district of the file fits the boundaries by code or name"
        raise InputError(Fault(told, ("boundaries",)))
    shapes = np.empty(len(keep), dtype=object)
    for at, unit in enumerate(keep.tolist()):
        shapes[at] = gazetteer.shape_of(hits[unit])
    one = own and all(len(hits[unit]) == 1 for unit in keep.tolist())
    district = np.array([hits[unit][0] for unit in keep.tolist()], np.int32) if one else None
    return Found(keep, shapes, units.ids[keep].astype(object), district)


def _into_the_middle(units: Units, gazetteer: Gazetteer, hits: list[list[int]], report: FileReport) -> None:
    """Give units that fit no boundary those of their si-gun-gu (in place), and tell how many."""
    moved = []
    for at, hit in enumerate(hits):
        if not hit and gazetteer.covers(str(units.codes[at]), units.unit[at]):
            hits[at] = gazetteer.middle_of(units.unit[at])
            moved += [at] if hits[at] else []
    if moved:
        people = float(units.people.counts[moved, 0].sum())
        named = some_of([str(units.names[at]) or str(units.codes[at]) for at in moved])
        report.find("in_the_middle", f"시군구 가운데에 둔 {len(moved):,}곳, {people:,.0f}명: {named}",
                    f"{len(moved):,} places with {people:,.0f} people stand in the middle of their si-gun-gu, "
                    f"as asked: {named}", count=len(moved))  # fmt: skip


def in_shapes(units: Units, found: Found, weights: Weights | None, report: FileReport) -> Placed:
    """Put the people of polygons where the weights say, or at one point in the middle."""
    is_placed = np.zeros(units.n_units, np.bool_)
    is_placed[found.unit] = True
    level = LEVELS.get(units.level, units.level)
    if weights is None:
        middle = shapely.point_on_surface(found.shapes)
        told = f"people of each {level} stand at one point in its middle"
        report.facts["method"] = told
        return Placed(
            found.unit, np.ones(len(found.unit)), shapely.get_x(middle), shapely.get_y(middle),
            np.sqrt(shapely.area(found.shapes)), found.ids, found.district, is_placed, told,
        )  # fmt: skip
    pieces = spread_units(found.shapes, found.ids, weights)
    told = f"people of each {level} are spread by {weights.what}"
    report.facts["method"] = told
    empty = pieces.empty
    if len(empty):
        people = float(units.people.counts[found.unit[empty], 0].sum())
        report.find("no_weights", f"가중치가 없어 가운데 한 점에 둔 {len(empty):,}곳, {people:,.0f}명",
                    f"{len(empty):,} districts with {people:,.0f} people have no weights inside and stay at one point",
                    count=len(empty), where=some_of(found.ids[empty].tolist()))  # fmt: skip
    _tell_error(units, found, weights, report)
    district = None if found.district is None else found.district[pieces.unit]
    return Placed(
        found.unit[pieces.unit], pieces.share, pieces.x_m, pieces.y_m, pieces.side_m, pieces.ids, district, is_placed,
        told,
    )  # fmt: skip


def _tell_error(units: Units, found: Found, weights: Weights, report: FileReport) -> None:
    """Measure the spread one level up: si-gun-gu over eup, myeon and dong, against what is published."""
    if units.level != "emd":
        return
    parent = np.array(
        [
            str(units.codes[at])[:5] or f"{units.unit[at].province}{units.unit[at].sigungu}"
            for at in found.unit.tolist()
        ],
        dtype=object,
    )
    share = misplaced_share(units.people.counts[found.unit, 0], parent, weight_inside(found.shapes, weights))
    if not np.isfinite(share) or len(set(parent.tolist())) == len(parent):
        return
    report.facts["method_error"] = round(share, 4)
    report.find("method_error", f"방법 오차: 시군구 인구만 알 때 같은 가중치로 나누면 {share:.1%}가 다른 읍면동에 놓임",
                f"error of the method, measured one level up: known by si-gun-gu only, {share:.1%} of people would be "
                "put into the wrong eup, myeon or dong")  # fmt: skip
