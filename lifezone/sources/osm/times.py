"""Seconds along each piece of road by mode, from what the tags of its way come to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.routing.presets import junction_preset
from lifezone.routing.speeds import SpeedRules

if TYPE_CHECKING:
    from lifezone.sources.osm.tags import WayTraits

__all__ = ["boarding_waits", "seconds_of"]


def seconds_of(
    traits: Sequence[WayTraits], trait: Ints, metres: Floats, ferry_mps: Floats, built_up: Bools,
    *, rules: SpeedRules, walk_mps: float,
) -> dict[str, Floats]:  # fmt: skip
    """Return seconds per mode and arc, ``inf`` where closed; bicycles where the study asks for them.

    Args:
        traits: what the tags come to.
        trait: i32[S] position in ``traits``.
        metres: f64[S] lengths.
        ferry_mps: f64[S] speed of a ferry with a known duration, NaN elsewhere.
        built_up: bool[S] which run through built-up areas.
        rules: the study's speeds.
        walk_mps: walking speed.
    """
    car_mps = np.full((len(traits), 2, 2), np.nan)  # by trait, built up, direction; 0 = closed
    open_on_foot = np.zeros((len(traits), 2), dtype=np.bool_)
    for i, one in enumerate(traits):
        open_on_foot[i] = one.walk
        for direction, may in enumerate(one.car):
            for setting in (False, True):
                speed = rules.car_mps(one.way, one.limit_kmh[direction], built_up=setting) if may else 0.0
                car_mps[i, int(setting), direction] = rules.ferry_mps if may and one.way == "ferry" else speed
    ferry = np.array([one.way == "ferry" for one in traits], dtype=np.bool_)[trait]
    afloat_mps = np.where(np.isnan(ferry_mps), rules.ferry_mps, ferry_mps)
    car = np.full(2 * len(trait), np.inf)
    walk = np.full(2 * len(trait), np.inf)
    for direction in (0, 1):
        mps = car_mps[trait, built_up.astype(np.int64), direction]
        mps = np.where(ferry & (mps > 0), afloat_mps, mps)
        np.divide(metres, mps, out=car[direction::2], where=mps > 0)
        mps = np.where(open_on_foot[trait, direction], np.where(ferry, afloat_mps, walk_mps), 0.0)
        np.divide(metres, mps, out=walk[direction::2], where=mps > 0)
    seconds = {"car": car, "walk": walk}
    if rules.bicycle_mps is not None:
        afloat_mps = np.where(ferry, afloat_mps, np.nan)
        seconds["bicycle"] = _bicycle_seconds(traits, trait, metres, afloat_mps, rules, walk_mps)
    return seconds


def _bicycle_seconds(
    traits: Sequence[WayTraits], trait: Ints, metres: Floats, afloat_mps: Floats, rules: SpeedRules, walk_mps: float
) -> Floats:
    """Return seconds by bicycle per arc, ``inf`` where closed: ridden, pushed at walking speed, or aboard a ferry."""
    share = junction_preset("default")["bicycle"]["share"]
    ride_mps = float(rules.bicycle_mps or 0.0)
    by_trait = [walk_mps if one.pushed else ride_mps * float(share.get(one.way, 1.0)) for one in traits]
    mps = np.where(np.isnan(afloat_mps), np.array(by_trait, dtype=np.float64)[trait], afloat_mps)
    may = np.array([one.bicycle for one in traits], dtype=np.bool_).reshape(-1, 2)[trait]
    seconds: Floats = np.where(may, (metres / mps)[:, None], np.inf).ravel()
    return seconds


def boarding_waits(
    traits: Sequence[WayTraits], trait: Ints, ends: tuple[Ints, Ints], n_vertices: int, rules: SpeedRules
) -> Floats:
    """Return f64[2*S] half the interval of each ferry, at its arcs that leave a landing; 0 elsewhere.

    A landing is where a ferry meets a road that is no ferry, or where its line ends. Who stays aboard at a landing
    waits again: through lines are not told from connections.
    """
    tail, head = ends
    interval_s = np.array([rules.ferry_interval_s if math.isnan(one.interval_s) else one.interval_s for one in traits])
    ferry = np.array([one.way == "ferry" for one in traits], dtype=np.bool_)[trait]
    afloat = np.bincount(np.concatenate([tail[ferry], head[ferry]]), minlength=n_vertices)
    ashore = np.bincount(np.concatenate([tail[~ferry], head[~ferry]]), minlength=n_vertices)
    landing = (ashore > 0) | (afloat == 1)
    wait_s = np.zeros(len(trait))
    wait_s[ferry] = interval_s[trait[ferry]] / 2
    waits: Floats = np.where(np.stack([landing[tail], landing[head]], axis=1), wait_s[:, None], 0.0).ravel()
    return waits
