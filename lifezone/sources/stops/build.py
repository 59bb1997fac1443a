"""The last step of every source of stops: served stops become facilities whose capacity is runs a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Facilities, Floats
from lifezone.sources.crs import Placed
from lifezone.sources.files import did_you_mean

if TYPE_CHECKING:
    from lifezone.sources.reading import Reading

__all__ = ["check_kind", "hours_text", "stops_as_facilities"]


def check_kind(kind: str, reading: Reading) -> None:
    """Fault a kind that no table knows."""
    if kind not in reading.kinds:
        hint = did_you_mean(kind, tuple(reading.kinds))
        raise InputError(
            Fault(f"unknown kind {kind!r}{hint or ': see lifezone standards, or add it to kinds'}", ("kind",))
        )


def stops_as_facilities(
    kind: str, ids: np.ndarray, names: np.ndarray, placed: Placed, runs: Floats, *, least_runs: float,
    hours: np.ndarray, what: str, notes: tuple[str, ...],
) -> Facilities:  # fmt: skip
    """Return the stops in the clip with enough runs, and tell of all others.

    Args:
        kind: their kind.
        ids: n ids.
        names: n names.
        placed: where they are.
        runs: f64[n] runs a day.
        least_runs: stops with fewer are left out.
        hours: n texts, first and last run.
        what: the file, for notes.
        notes: what is told already.
    """
    served = runs >= least_runs
    keep = served & placed.inside & ~placed.missing
    told: list[str] = []
    for rows, why in (
        (served & placed.missing, "have no coordinates, left out"),
        (~served, f"have fewer than {least_runs:g} runs on that day, left out"),
        (served & ~placed.missing & ~placed.inside, "lie outside the area and its surroundings, left out"),
    ):
        if rows.any():
            told.append(f"{what}: {int(rows.sum()):,} of {len(ids):,} stops {why}: {some_of(ids[rows].tolist())}")
    n = int(keep.sum())
    some: dict[str, Any] = {"ids": ids, "name": names, "x_m": placed.x_m, "y_m": placed.y_m, "capacity": runs,
                            "hours": hours}  # fmt: skip
    return Facilities(
        **{column: values[keep] for column, values in some.items()}, kind=np.zeros(n, np.int32), kinds=(kind,),
        cost=np.full(n, np.nan), open=np.ones(n, np.bool_), notes=(*notes, *told),
    )  # fmt: skip


def hours_text(stop: np.ndarray, seconds: Floats, n_stops: int) -> np.ndarray:
    """Return n texts ``05:10-23:40``, the first and last run at each stop; empty where no time is known."""
    first, last = np.full(n_stops, np.inf), np.full(n_stops, -np.inf)
    known = ~np.isnan(seconds)
    np.minimum.at(first, stop[known], seconds[known])
    np.maximum.at(last, stop[known], seconds[known])
    return np.array([
        f"{_clock(a)}-{_clock(b)}" if np.isfinite(a) else ""
        for a, b in zip(first.tolist(), last.tolist(), strict=True)
    ], dtype=object)  # fmt: skip


def _clock(seconds: float) -> str:
    """Write seconds after midnight as people do; hours after 24 stay above 24, as timetables write them."""
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"
