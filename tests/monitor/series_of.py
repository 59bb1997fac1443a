"""A series by hand, for tests of what is made of one."""

from __future__ import annotations

import numpy as np

from lifezone.monitor.series import NO_CLASS, Classes, EditionInfo, IndicatorInfo, Series, Why

RISK = Classes((0.2, 0.5), ("고위험", "위험", "보통"), ("high risk", "risk", "normal"))


def indicator(id_="risk", direction="more", classes=None, unit="", *, sampled=False):
    return IndicatorInfo(id_, id_, id_, unit, "status", direction, "", "", "", classes, sampled=sampled)


def series_of(values, *, info=None, years=(2015, 2020, 2025), ids=None, names=None, top=None, low=None, error=None):
    """Return D districts × E editions × one indicator."""
    value = np.array(values, float)[:, :, None]
    info = info or indicator(classes=RISK)
    n = len(value)

    def cube(given):
        return np.full(value.shape, np.nan) if given is None else np.array(given, float)[:, :, None]

    klass = np.full(value.shape, NO_CLASS, np.int32)
    if info.classes is not None:
        klass = info.classes.of(value)
    ids = ids or tuple(f"d{at}" for at in range(n))
    known = ~np.isnan(value)
    told = np.where(known.any(axis=0), np.where(known, value, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)
    return Series(
        ids, names or ids, names or ids, tuple(EditionInfo(str(year), f"{year}-12-31") for year in years), (info,),
        value, cube(top), cube(low), np.where(known, Why.COMPUTED, Why.EMPTY_CELL).astype(np.int8), klass, cube(error),
        told, np.full(n, -1, np.int32),
    )  # fmt: skip
