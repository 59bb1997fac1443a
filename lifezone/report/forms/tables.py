"""The tables that a form may take values from: those of the contract, and four short ones of what a manifest tells."""

from __future__ import annotations

from typing import Final

import pandas as pd

from lifezone.report.contract import columns_of
from lifezone.report.material import Material

__all__ = ["FORM_TABLES", "known_columns", "open_columns", "table_of"]

_OWN: Final = {
    "study": ("people", "people_beyond", "districts", "requirements", "standard"),
    "groups": ("group", "people", "share", "whole"),
    "districts": ("district", "people"),
    "facilities": ("variant", "kind", "open"),
}
"""Tables that are made here: one row of the whole study; people by group; by district; open facilities by kind."""
FORM_TABLES: Final = (
    "summary", "changes", "gaps", "classes", "conventions", "items", "deserts", "designations", "winners_losers",
    "pushed_beyond", "without_car", "zones", "zones/merges", "plan", "candidates", "projects", "years",
    "urban_area_summary", "alliances", "city_classes", *_OWN,
)  # fmt: skip
_OPEN: Final = {"deserts", "zones", "plan", "candidates", "without_car", "projects"}
"""Tables with more columns than the contract names: one a group, a function, a year."""
OF_VARIANTS: Final = ("plan", "candidates", "projects", "years")
"""Tables that stand in the folder of a variant."""


def known_columns(name: str) -> tuple[str, ...]:
    """Return the columns that a table always has."""
    return _OWN[name] if name in _OWN else columns_of(name)


def open_columns(name: str) -> bool:
    """Tell whether a table may have other columns as well."""
    return name in _OPEN


def table_of(material: Material, name: str) -> pd.DataFrame:
    """Return a table with its columns; of tables of variants, the rows of all of them with the variant's name."""
    if name in _OWN:
        return _own(material, name)
    if name in OF_VARIANTS:
        made = [material.table(name, variant).assign(variant=variant) for variant in material.plans]
        made = [one for one in made if len(one)]
        return pd.concat(made, ignore_index=True) if made else pd.DataFrame({key: [] for key in known_columns(name)})
    return material.table(name)


def _own(material: Material, name: str) -> pd.DataFrame:
    """Make one of the short tables."""
    manifest = material.manifest
    people = manifest["people"]
    total = float(people["in_area"])
    if name == "study":
        standard = manifest["standard"]
        row = (total, float(people["beyond_area"]), len(manifest["districts"]), len(standard["requirements"]),
               standard["id"])  # fmt: skip
        return pd.DataFrame([row], columns=list(_OWN[name]))
    if name == "groups":
        rows = [(group, float(count), float(count) / total if total > 0 else None, total)
                for group, count in people["in_area_by_group"].items()]  # fmt: skip
        return pd.DataFrame(rows, columns=list(_OWN[name]))
    if name == "districts":
        pairs = [(str(one["id"]), float(one["people"])) for one in manifest["districts"]]
        return pd.DataFrame(pairs, columns=list(_OWN[name]))
    counts = []
    for variant in material.variants:
        supply = material.variant(variant).world.facilities
        for at, kind in enumerate(supply.kinds):
            counts.append((variant, kind, int((supply.open & (supply.kind == at)).sum())))
    return pd.DataFrame(counts, columns=list(_OWN[name]))
