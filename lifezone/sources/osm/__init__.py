"""OpenStreetMap files through pyosmium: tags, roads, tagged things.

Decided: filtered passes in C++ with an index of node locations, since a Python call per node costs minutes for a
country; an id set (pyosmium's IdTracker) was tried and takes over 1 GB for the scattered ids of one valley. Closed
ways and multipolygons become areas by libosmium. Refused: our own PBF parser. Look again if pyosmium gets a filter by
place.
"""
