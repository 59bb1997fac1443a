"""What the maps of one run share: frames, and for each the ground of every road network and the owners of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lifezone.model import Demand, Kind, Result, Setting, World
from lifezone.report.extent import Extent, extent_of
from lifezone.report.maps.cover import codes_of, owners
from lifezone.report.maps.ground import WATERMARK, Ground, ground_of, is_modelled
from lifezone.report.maps.inks import Ink, Pixels, paint
from lifezone.report.maps.legend import Row, ground_rows, heading, note_rows
from lifezone.report.maps.paper import Frame, blend

__all__ = ["Atlas", "View", "common_rows", "picture"]

_WORTH_A_ZOOM = 0.5
"""A setting gets a frame of its own when its points fill less than this part of the area's frame."""


@dataclass(frozen=True, eq=False)
class View:
    """One frame of one world.

    Attributes:
        frame: the ground shown.
        ground: what lies under and over the cells.
        owner: i32[h, w] which point of the study area each pixel belongs to, −1 = none.
        zoomed: True when the frame shows the points of one setting alone.
    """

    frame: Frame
    ground: Ground
    owner: np.ndarray
    zoomed: bool


@dataclass(eq=False)
class Atlas:
    """Draws each ground once and keeps it. Frames come from the baseline: maps of variants lie over one another.

    Attributes:
        result: the run.
        kinds: names of kinds.
        disclose: small head counts are shown.
        vector: roads, borders and names are kept as lines for :mod:`lifezone.report.maps.vector`, not painted.
    """

    result: Result
    kinds: Mapping[str, Kind]
    disclose: bool = False
    vector: bool = False
    _frames: dict[Setting, Frame] = field(default_factory=dict)
    _grounds: dict[tuple[Frame, int], Ground] = field(default_factory=dict)
    _owners: dict[tuple[Frame, int], np.ndarray] = field(default_factory=dict)

    def view(self, world: World, setting: Setting = "any") -> View:
        """Return the view of a world for one setting: towns are drawn large where only towns are judged."""
        frame = self._frame(setting)
        ground_key, owner_key = (frame, id(world.network)), (frame, id(world.demand))
        if ground_key not in self._grounds:
            self._grounds[ground_key] = ground_of(frame, world, vector=self.vector)
        if owner_key not in self._owners:
            self._owners[owner_key] = owners(frame, world.demand.take(world.demand.inside))
        zoomed = frame is not self._frame("any")
        return View(frame, self._grounds[ground_key], self._owners[owner_key], zoomed)

    def _frame(self, setting: Setting) -> Frame:
        if setting not in self._frames:
            whole = Frame.around(extent_of(self.result.baseline.world))
            if setting == "any":
                self._frames[setting] = whole
            else:
                near = _extent_of_setting(self.result.baseline.world.demand, setting)
                zoom = None if near is None else Frame.around(near)
                worth = zoom is not None and zoom.metres < _WORTH_A_ZOOM * whole.metres
                self._frames[setting] = zoom if zoom is not None and worth else self._frame("any")
        return self._frames[setting]


def picture(view: View, code: np.ndarray, colours: tuple[Ink, ...]) -> Pixels:
    """Paint codes over the ground and lay roads, borders and names over them."""
    painted = paint(codes_of(view.owner, code), colours, view.ground.under)
    blend(painted, view.ground.over)
    return painted


def common_rows(view: View, world: World) -> list[Row]:
    """Return the rows that every map has: hatch, roads, borders, and what is modelled."""
    common = [heading("지도 / map"), *ground_rows(view.ground)]
    if is_modelled(world):
        common += note_rows(" / ".join(WATERMARK), lines=2)
        for what in (world.demand.modelled, world.network.modelled):
            common += note_rows(what, lines=2) if what else []
    return common


def _extent_of_setting(demand: Demand, setting: Setting) -> Extent | None:
    """Return the box round all inhabited points of a setting, with a margin; None where there are none."""
    rows = demand.inside & (demand.total > 0) & (demand.urban if setting == "urban" else ~demand.urban)
    if not rows.any():
        return None
    x, y = demand.x_m[rows], demand.y_m[rows]
    margin = max(0.08 * max(float(np.ptp(x)), float(np.ptp(y))), 500.0) + demand.cell_m
    return float(x.min()) - margin, float(y.min()) - margin, float(x.max()) + margin, float(y.max()) + margin
