"""What the source of roads calls their junctions and links, for tables and relations that name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from lifezone.model import Bools

__all__ = ["Id", "RoadIds"]

Id: TypeAlias = "int | str"


@dataclass(frozen=True, eq=False)
class RoadIds:
    """Ids of V vertices and 2*S arcs.

    Attributes:
        node: i64[V] or object[V] (text) id of each vertex; −1 or an empty text where it has none (a bend).
        link: i64[2*S] or object[2*S] id of the way or link that each arc belongs to.
        carried: bool[S] segments on bridges and in tunnels; None = the source does not say.
    """

    node: np.ndarray
    link: np.ndarray
    carried: Bools | None = None

    @property
    def are_numbers(self) -> bool:
        """True when ids are whole numbers (OpenStreetMap), False when they are text (tables of links)."""
        return bool(np.issubdtype(self.node.dtype, np.integer))

    def read(self, text: str) -> Id | None:
        """Return an id that stands in a table as these roads write it; None when it cannot be one of theirs."""
        text = text.strip()
        if not self.are_numbers:
            return text or None
        try:
            return int(text)
        except ValueError:
            return None
