"""A kind of facility as data: what it is called, how OpenStreetMap tags it, what counts as one (D7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Kind"]


@dataclass(frozen=True)
class Kind:
    """One entry of the closed table of kinds.

    Attributes:
        key: word used in scenarios, e.g. ``clinic``.
        name_ko: Korean name.
        name_en: English name.
        osm: alternatives; an OSM object counts when all tags of one alternative hold. A value ``*`` means any value.
        osm_not: exceptions; an OSM object that fits one of these (all its tags hold, whole values compared) does not
            count, e.g. a school whose level is told and is another one.
        counts: what counts as one, in words (D7).
        capacity_unit: beds, places, seats … or empty.
    """

    key: str
    name_ko: str
    name_en: str
    osm: tuple[Mapping[str, str], ...] = field(default=())
    counts: str = ""
    capacity_unit: str = ""
    osm_not: tuple[Mapping[str, str], ...] = field(default=())
