"""One change to a world at a time: ``apply(world, edits)`` makes a new world and leaves the old one as it was.

Decided: an edit is validated against the world it meets, after the edits before it; every fault of a variant is
gathered. A closed road is closed at a spot, not between junctions, so that the houses on it keep their way out; a new
road's end joins a junction within 30 m, else splits the nearest road. Refused: edits by geometry files (look again
when areas can be closed). ``resize`` changes what is shown until capacities are judged.
"""

from lifezone.edits.apply import apply
from lifezone.edits.facilities import close_facilities, move_facility, open_candidate, open_new, resize_facility
from lifezone.edits.roads import NewRoad, add_road, change_speed, close_road

__all__ = [
    "NewRoad", "add_road", "apply", "change_speed", "close_facilities", "close_road", "move_facility", "open_candidate",
    "open_new", "resize_facility",
]  # fmt: skip
