"""A nearest-facility field under edits, exact after every one, at the cost of what changes.

Decided: one mutable session object (:class:`Field`), since copying a field costs more than an edit; edits are kept in
order and what stands is always *the list of edits that are left, applied in order to the start*, so that any of them
can be undone at any time. Labels keep the search's own order (cost, owner, other metric) on the same fixed grid, so a
field equals :func:`lifezone.routing.nearest` over the changed world to the last bit. Points stay where they hang when a
road is slowed or shut; a new road starts afresh with every point hung anew.
Refused: undoing by inverse operations (a speed divided and multiplied again is another float); flooding a closed
facility's cell by owner (wrong where other facilities' legs start inside it).
Look again when many fields are edited alike: one walk over the nodes could serve several kinds.
"""

from lifezone.routing.dynamic.field import Change, Field
from lifezone.routing.dynamic.places import Places
from lifezone.routing.dynamic.variants import Answer, Variants, other_seconds

__all__ = ["Answer", "Change", "Field", "Places", "Variants", "other_seconds"]
