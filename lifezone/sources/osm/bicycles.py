"""Where bicycles may go and where they are pushed, by tags: access, one-ways with contraflow, footways, steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lifezone.routing.speeds import SpeedRules
from lifezone.sources.osm.access import BACKWARD, BICYCLE_KEYS, BOTH, FORWARD, OPEN, first_of, said

__all__ = ["BICYCLE_TAGS", "bicycle_directions"]

BICYCLE_TAGS: Final = (
    "oneway:bicycle", "cycleway", "cycleway:left", "cycleway:right", "cycleway:both", "cycleway:left:oneway",
    "cycleway:right:oneway", "mtb:scale",
)  # fmt: skip
RIDDEN: Final = frozenset({
    "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
    "unclassified", "residential", "living_street", "service", "road", "track", "cycleway", "path",
})  # fmt: skip
"""Way classes that are ridden on unless a tag says otherwise."""
PUSHED: Final = frozenset({"footway", "pedestrian", "steps", "platform", "corridor", "bridleway"})
"""Way classes on which a bicycle is pushed unless a tag lets it ride."""


def bicycle_directions(
    way: str, tags: Mapping[str, str], rules: SpeedRules, walk: tuple[bool, bool]
) -> tuple[tuple[bool, bool], bool]:
    """Return forward and backward for bicycles, and whether they are pushed there.

    Where riding is closed but feet may go, the bicycle is pushed, both ways as feet go; ``bicycle=dismount`` says so.

    Args:
        way: way class.
        tags: all tags.
        rules: the study's speeds; ways closed to feet by class are closed to bicycles too.
        walk: where feet may go.
    """
    word = said(tags, BICYCLE_KEYS)
    by_name = tags.get("bicycle", "").strip().lower()
    barred = way in rules.no_walk or tags.get("motorroad") == "yes"
    rides = (way in RIDDEN and not barred and word is not False) or (by_name in OPEN and way in RIDDEN | PUSHED)
    if way == "steps" or by_name == "dismount":
        rides = False
    if not rides:
        may_push = way in RIDDEN | PUSHED and by_name != "no" and not barred
        return (walk if may_push else (False, False)), True
    return _ridden(tags), False


def _ridden(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return in which directions a way is ridden: one-ways hold, but for a contraflow lane or a word about bicycles."""
    own = tags.get("oneway:bicycle", "").strip().lower()
    oneway = own or first_of(tags, ("oneway:vehicle", "oneway"))
    forward = backward = True
    circular = tags.get("junction") in {"roundabout", "circular"} and oneway not in BOTH
    if oneway in FORWARD or (circular and oneway not in BACKWARD):
        backward = False
    elif oneway in BACKWARD:
        forward = False
    if not own and _has_contraflow(tags):
        forward = backward = True
    forward = forward and said(tags, BICYCLE_KEYS[:1], ":forward") is not False
    backward = backward and said(tags, BICYCLE_KEYS[:1], ":backward") is not False
    return forward, backward


def _has_contraflow(tags: Mapping[str, str]) -> bool:
    """Say whether a lane for bicycles runs against the one-way."""
    sides: Sequence[str] = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
    if any(tags.get(side, "").startswith("opposite") for side in sides):
        return True
    return any(tags.get(f"cycleway:{side}:oneway", "") in {"-1", "no"} for side in ("left", "right"))
