"""One change to a world at a time: ``apply(world, edits)`` makes a new world and leaves the old one as it was.

Decided: an edit is validated against the world it meets, after the edits before it; every fault of a variant is
gathered; opening what is open and closing what is shut are faults, and say which earlier edit did it; an edit that
changes nothing says so. A closed road is closed at a spot, not between junctions, so that the houses on it keep their
way out; the roads of an area are cut at its very edge; a new road's end joins a junction within 30 m, else splits the
nearest road. A mobile service is a facility at each stop that it visits often enough, none at the others. People
change in proportion within their district; where nobody lives nobody is guessed. Refused: edits that write back into
tables; schedules by the hour of a mobile service (its days decide; look again when requirements ask for a time of day).
"""

from lifezone.edits.apply import NOTHING_CHANGES, apply, apply_all
from lifezone.edits.context import Context
from lifezone.edits.facilities import close_facilities, merge_facilities, move_facility, open_new, resize_facility
from lifezone.edits.roads import NewRoad, add_road, change_speed, close_road

__all__ = [
    "NOTHING_CHANGES", "Context", "NewRoad", "add_road", "apply", "apply_all", "change_speed", "close_facilities",
    "close_road", "merge_facilities", "move_facility", "open_new", "resize_facility",
]  # fmt: skip
