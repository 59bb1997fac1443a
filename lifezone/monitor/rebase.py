"""Counts of a table, row by row, told by the districts of the study."""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.counts import Column
from lifezone.monitor.district_codes import Matched
from lifezone.monitor.series import Why

__all__ = ["rebased"]


def rebased(values: Floats, matched: Matched) -> Column:
    """Add up and split counts by weight.

    Args:
        values: f64[n] counts of the table's rows, NaN where a cell is empty.
        matched: the rows' districts and parts.

    Returns:
        f64[D] counts; missing where a cell is empty, a weight is not known, or a part of the district has no row. The
        total counts each row once, so that it is known even where a split is not.
    """
    n_districts = len(matched.incomplete)
    district, part = matched.district, matched.part
    given = values[matched.row]
    sums = np.bincount(district, np.nan_to_num(given * part), minlength=n_districts).astype(np.float64)
    rows = np.bincount(district, minlength=n_districts)
    why = np.full(n_districts, Why.COMPUTED, np.int8)
    why[np.unique(district[np.isnan(part)])] = Why.NOT_REBASED
    why[np.unique(district[np.isnan(given)])] = Why.EMPTY_CELL
    why[(rows == 0) | matched.incomplete] = Why.NO_ROW
    total = np.nan
    if np.isin(why, (Why.COMPUTED, Why.NOT_REBASED)).all():
        known = ~np.isnan(part)
        split = np.unique(matched.row[~known])  # without weights; all of it stays in the study, or nobody knows
        if not matched.outside[split].any():
            total = float(np.sum(given[known] * part[known]) + np.sum(values[split]))
    return Column(np.where(why == Why.COMPUTED, sums, np.nan), why, total)
