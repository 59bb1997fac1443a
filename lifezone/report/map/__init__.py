"""The live map: one self-contained piece of a page that a council member drags, switches and asks.

Python packs a folder of results into plain data (:func:`live_map`), the page's own ES modules draw them; Leaflet moves
the window in the study's metres (``L.CRS.Simple``), without tiles, WebGL, workers, ``eval`` or any request.

Decided: one byte a place, requirement and variant, a level of time or distance with the bound as a limit
(:mod:`~lifezone.report.map.quantise`), so that a cut-off slides; variants as differences from the first, deflated, in
base64, decoded by our own lines (:mod:`~lifezone.report.map.packing`). People as tens and fives, so that no small count
follows by subtraction (:mod:`~lifezone.report.map.counts`). One canvas, larger than the window, drawn when a drag ends.
The public side of the script is ``create(container, payload, labels)`` in ``map.js``, whose handle a served page may
use; every action of the map has a twin in the form beside it. Refused: vector elements for cells (a quarter
of a million), pictures as data (privacy modes falsify pixels that a script reads back), a state in the address without
being asked (a report has anchors there).
"""

from lifezone.report.map.assets import Assets, assets, source_hash
from lifezone.report.map.page import labels_of, markup
from lifezone.report.map.payload import live_map

__all__ = ["Assets", "assets", "labels_of", "live_map", "markup", "source_hash"]
