"""Life deserts that an alternative resolves, and those that it makes."""

from __future__ import annotations

import numpy as np

from lifezone.model import Assessment, Bools
from lifezone.report.council.alternatives import Alternative
from lifezone.report.council.changes_told import named
from lifezone.report.material import ALL, Material
from lifezone.report.words import Texts
from lifezone.standards.align import align

__all__ = ["moved_deserts"]


def moved_deserts(material: Material, texts: Texts, one: Alternative) -> str:
    """Return sentences on deserts resolved and new, and the people concerned; empty where none change."""
    rows = material.table("changes")
    rows = rows[(rows["variant"] == one.name) & (rows["requirement"] == "desert") & (rows["district"] == ALL)]
    rows = rows[rows["group"] == "total"]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    lifted, fallen = float(row["gain"]), float(row["lose"])
    resolved, new = int(row["deserts_resolved"]), int(row["deserts_new"])
    if not (lifted or fallen or resolved or new):
        return texts.say("variants.deserts_same")
    told = []
    if lifted or resolved:
        told.append(texts.say("variants.deserts_lifted", people=lifted, n=resolved))
    if fallen or new:
        told.append(texts.say("variants.deserts_fallen", people=fallen, n=new))
    names = _names(material, texts, one.name)
    told += [texts.say(f"variants.deserts_{which}", names=named(texts, own))
             for which, own in zip(("resolved", "new"), names, strict=True) if own]  # fmt: skip
    return " ".join(told)


def _names(material: Material, texts: Texts, variant: str) -> tuple[list[str], list[str]]:
    """Return the names of resolved and of new deserts, as far as they may be named."""
    base = material.baseline
    pair = align(material.variant(base), material.variant(variant))
    before, after = pair.before.assessment, pair.after.assessment
    inside = pair.before.world.demand.inside
    found = []
    for owner, own, other in ((base, before, after), (variant, after, before)):
        labels = _gone(own, other.desert >= 0, inside)
        names = (material.desert_name(owner, label, texts.language) for label in labels)
        found.append(list(dict.fromkeys(name for name in names if name)))
    return found[0], found[1]


def _gone(own: Assessment, still: Bools, inside: Bools) -> list[int]:
    """Return the labels of deserts of which no point is one any more."""
    labels = np.unique(own.desert[inside & (own.desert >= 0)])
    kept = set(np.unique(own.desert[inside & still & (own.desert >= 0)]).tolist())
    return [label for label in labels.tolist() if label not in kept]
