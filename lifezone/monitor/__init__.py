"""What is followed over years: maps on which a district is as large as its people.

    drawn = cartogram(polygons, people)       Cartogram: polygons, error of each area

Decided: contiguous cartograms by the flow-based method (Gastner, Seguy and More 2018), since neighbours stay neighbours
and a county is still known by its shape; corners of borders are carried themselves, not a grid of them, so that a
border of two districts stays one line. A district without a figure keeps its size, and is told. Look again when maps
have more than a million corners.
"""

from lifezone.monitor.cartogram import Cartogram, cartogram

__all__ = ["Cartogram", "cartogram"]
