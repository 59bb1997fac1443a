"""Korean public files as published: recognised by their headings, used as they are, every row accounted for.

Decided: a closed catalogue (``forms.yaml``) of headings and their synonyms, and of the words that tell kinds; the
file's name never matters. A row is used or left out for exactly one reason, and both counts stand in the manifest.
What can be told is told (a date that lies in the future, a point in another province) and only what cannot be used is
left out. Refused: repairing exchanged coordinates, guessing a coordinate system in a run (``inspect`` names the one
that fits), placing a row at the middle of its district unless asked. Look again when a register offers stable ids
across uploads: today the same library comes from its province and its city.
"""

from lifezone.sources.korea.districts import KoreaDistricts
from lifezone.sources.korea.facilities import KoreaFacilities
from lifezone.sources.korea.people import KoreaPeople

__all__ = ["KoreaDistricts", "KoreaFacilities", "KoreaPeople"]
