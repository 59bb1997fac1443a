"""More facilities for a mosaic: kinds that a nation has many of, beside where people live."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Demand, Facilities

__all__ = ["IN_A_NATION", "more_facilities"]

IN_A_NATION: Final = {"retail": 75_000, "clinic": 34_000, "daycare": 35_000, "pharmacy": 24_000, "kindergarten": 10_000}
"""How many of a kind a nation of 440 tiles has; ours, of the order of South Korea's about 2020."""
NATION_TILES: Final = 440
_AWAY_M: Final = 60.0


def more_facilities(facilities: Facilities, demand: Demand, n_tiles: int, seed: int) -> Facilities:
    """Return the facilities with further ones of some kinds, strewn where people are."""
    rng = np.random.default_rng((seed, n_tiles, len(IN_A_NATION)))
    share = np.cumsum(demand.total)
    grown = facilities
    for key, count in IN_A_NATION.items():
        code = facilities.kinds.index(key)
        there = int((facilities.kind == code).sum())
        more = max(0, round(count * n_tiles / NATION_TILES) - there)
        row = np.searchsorted(share, rng.random(more) * share[-1], side="right")
        away = (rng.random((more, 2)) * 2 - 1) * _AWAY_M
        text = np.empty((3, more), dtype=object)
        text[0] = [f"{key}-{there + number + 1:05d}" for number in range(more)]
        text[1], text[2] = "", ""
        if demand.name is not None:
            text[1] = demand.name[row]
        grown = grown.append(
            Facilities(
                ids=text[0], x_m=np.round((demand.x_m[row] + away[:, 0]) * 100) / 100,
                y_m=np.round((demand.y_m[row] + away[:, 1]) * 100) / 100, kind=np.zeros(more, np.int32), kinds=(key,),
                name=text[1], capacity=np.full(more, np.nan), cost=np.full(more, np.nan),
                open=np.ones(more, np.bool_), hours=text[2],
            )
        )  # fmt: skip
    return grown
