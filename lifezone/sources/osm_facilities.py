"""Facilities from OpenStreetMap tags: from the file the roads come from, another file, or Overpass."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Facilities, Kind
from lifezone.sources.files import OSM_CREDIT, did_you_mean, input_record
from lifezone.sources.osm.features import OsmFeature, facilities_of, features_of, kind_keys, read_osm_features
from lifezone.sources.osm.file import osm_file
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmArea, OsmFile
from lifezone.spec import Spec

__all__ = ["OsmFacilities"]

_SELDOM: Final = {"name", "park:type"}
"""Tags that tell a kind where they are, and say nothing where they are not."""


class OsmFacilities(Spec):
    """Facilities that OpenStreetMap knows, found by the tags of their kind."""

    type: Literal["osm"] = Field(default="osm", description="Found in OpenStreetMap by tags.")
    kind: str | None = Field(default=None, description="Kind of facility, e.g. pharmacy (see kinds).")
    kinds: Literal["all"] | list[str] | None = Field(
        default=None,
        min_length=1,
        description="Several kinds, e.g. [pharmacy, library]; all: every kind that OpenStreetMap has tags for.",
    )
    path: str | None = Field(
        default=None, description="An OpenStreetMap file; without it the source of the roads is asked."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> OsmFacilities:
        """Ask for exactly one of the two keys."""
        if (self.kind is None) == (self.kinds is None):
            raise ValueError("give kind (one) or kinds (several)")
        return self

    @property
    def all_kinds(self) -> tuple[str, ...]:
        """Every kind this source names, without repeats; none for ``all``."""
        if self.kinds == "all":
            return ()
        return tuple(dict.fromkeys(self.kinds or ([] if self.kind is None else [self.kind])))

    def load(self, reading: Reading) -> Facilities:
        """Read the facilities inside ``reading.clip``.

        A kind that OpenStreetMap has no tags for is left out and told: without a source it is not assessed, rather than
        unmet everywhere. So is one of which nothing is found, where all kinds are asked for or names alone tell it.

        Raises:
            InputError: A kind is unknown, none of them has tags, the file is broken, or the roads are not from
                OpenStreetMap.
        """
        asked = self._kinds(reading)
        kinds = [kind for kind in asked if kind.osm]
        features = self._features(reading, kinds)
        there = {one.kind for one in features}
        silent = [kind for kind in kinds if kind.key not in there and (self.kinds == "all" or _by_name(kind))]
        found = facilities_of(features, [kind for kind in kinds if kind not in silent], crs=reading.crs)
        if silent:
            named = ", ".join(kind.key for kind in silent)
            told = f"OpenStreetMap has none here of {named}: without another source not assessed, rather than unmet"
            found = replace(found, notes=(*found.notes, told))
        untold = [kind.key for kind in asked if not kind.osm]
        if not untold:
            return found
        told = f"OpenStreetMap has no tags for {', '.join(untold)}: without another source not assessed"
        return replace(found, notes=(*found.notes, told))

    def _kinds(self, reading: Reading) -> list[Kind]:
        """Look the kinds up."""
        if self.kinds == "all":
            return list(reading.kinds.values())
        faults = []
        for key in self.all_kinds:
            at = ("kind",) if self.kinds is None else ("kinds", list(self.kinds).index(key))
            if key not in reading.kinds:
                faults.append(Fault(f"unknown kind {key!r}{did_you_mean(key, tuple(reading.kinds))}", at))
        if faults:
            raise InputError(faults)
        kinds = [reading.kinds[key] for key in self.all_kinds]
        if not any(kind.osm for kind in kinds):
            told = "no OpenStreetMap tags are known for this: give a table, or tags in a kinds block"
            raise InputError(Fault(told, ("kind",) if self.kinds is None else ("kinds",)))
        return kinds

    def _features(self, reading: Reading, kinds: list[Kind]) -> list[OsmFeature]:
        """Read the objects from where they are."""
        source = reading.network_source
        named = self.path or (source.path if isinstance(source, OsmFile) else None)
        if named is not None:
            path = osm_file(reading.folder, named)
            reading.inputs.append(input_record(named, path, what="facilities", attribution=OSM_CREDIT))
            return read_osm_features(path, reading, kinds)
        if isinstance(source, OsmArea):
            things = source.things(reading, kind_keys(kinds))
            return features_of(things, kinds, clip=reading.clip or source.polygon(reading.folder))
        told = "the roads of this study do not come from OpenStreetMap: give path, an .osm.pbf file with the facilities"
        raise InputError(Fault(told, ("path",)))


def _by_name(kind: Kind) -> bool:
    """Say whether a kind is known by names or seldom tags alone: finding none then says nothing."""
    return all(_SELDOM & set(tags) for tags in kind.osm)
