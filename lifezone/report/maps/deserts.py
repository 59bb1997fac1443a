"""The map of life deserts: how many functions are lost where, the deserts outlined, numbered and named with people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from scipy import ndimage

from lifezone.model import TOTAL, Assessment, Demand, Desert
from lifezone.report.disclosure import counted
from lifezone.report.maps import inks
from lifezone.report.maps.fonts import fit
from lifezone.report.maps.ground import Box
from lifezone.report.maps.inks import BARE, Pixels
from lifezone.report.maps.legend import Row, class_row, heading, note_rows
from lifezone.report.maps.paper import Frame
from lifezone.report.maps.placing import place
from lifezone.report.maps.text import Label
from lifezone.standards.disclosure import shown_desert, shown_group

__all__ = ["INKS", "codes", "labels", "list_rows", "outline", "rows"]

INKS: Final = inks.LOST
_CLASSES: Final = (
    "모두 기준 안 / nothing lost",
    "1개 기능 잃음 (틈) / 1 lost (gap)",
    "2개 기능 잃음 / 2 functions lost",
    "3개 기능 잃음 / 3 functions lost",
    "4개 이상 잃음 / 4 or more lost",
)
_SHARE_OF_LINK: Final = 0.4
"""The line runs this part of the link distance outside the cells, so that linked hamlets share it."""
_REACH_PX: Final = (5.0, 14.0)
_SCATTERED_REACH_PX: Final = 3.0
_MOST_INK: Final = 0.05
"""Lines cover no more of the map than that: the largest deserts are outlined, the others are seen by their cells."""
_NAMED_COLOUR: Final = (176, 0, 32)
_SCATTERED_COLOUR: Final = (64, 64, 64)
_MOST_ON_MAP: Final = 14
_LABEL_PX: Final = 15.0
_ENTRY_PX: Final = 38
_SHORT_ENTRY_PX: Final = 20
_HEADING_PX: Final = 28
_LANGUAGES: Final[tuple[Literal["ko", "en"], ...]] = ("ko", "en")


def codes(assessment: Assessment, inside: np.ndarray, demand: Demand) -> np.ndarray:
    """Return u8 the number of functions lost at each point inside, at most four; bare where nobody lives."""
    lost: np.ndarray = np.minimum(assessment.lost[inside].sum(axis=1), len(_CLASSES) - 1).astype(np.uint8)
    lost[demand.total <= 0] = BARE
    return lost


def outline(picture: Pixels, frame: Frame, owner: np.ndarray, label: np.ndarray, assessment: Assessment) -> bool:
    """Draw a line round deserts, in place: thick for named ones, thin, grey and close for scattered ones.

    Returns:
        Whether all of them have their line; where they are very many, only the largest do.
    """
    test = assessment.standard.desert
    if not assessment.deserts or test is None:
        return True
    named = np.array([desert.named for desert in assessment.deserts])
    named_reach = float(np.clip(_SHARE_OF_LINK * test.link_m / frame.metres, *_REACH_PX))
    at = np.append(label, -1)[owner]
    all_lined = True
    for wanted, reach, colour, thick in (
        (False, _SCATTERED_REACH_PX, _SCATTERED_COLOUR, 1),
        (True, named_reach, _NAMED_COLOUR, 2),
    ):
        own = np.where((at >= 0) & (np.append(named, not wanted)[at] == wanted), at, -1)
        if not (own >= 0).any():
            continue
        distance, (row, column) = ndimage.distance_transform_edt(own < 0, return_indices=True)
        zone = np.where(distance <= reach, own[row, column], -1)
        edge = np.zeros(zone.shape, np.bool_)
        edge[:, 1:] |= zone[:, 1:] != zone[:, :-1]
        edge[1:, :] |= zone[1:, :] != zone[:-1, :]
        lined = _worth_a_line(zone, edge, len(named))
        all_lined &= bool(lined[:-1][named == wanted].all())
        edge &= lined[np.maximum(zone, _neighbour(zone))]
        if thick > 1:
            edge[:, :-1] |= edge[:, 1:]
            edge[:-1, :] |= edge[1:, :]
        picture[edge, :3] = colour
    return all_lined


def _neighbour(zone: np.ndarray) -> np.ndarray:
    """Return the label left of or above each pixel, whichever is higher: a line belongs to one of the two."""
    near = np.full_like(zone, -1)
    near[:, 1:] = zone[:, :-1]
    near[1:, :] = np.maximum(near[1:, :], zone[:-1, :])
    return near


def _worth_a_line(zone: np.ndarray, edge: np.ndarray, n_deserts: int) -> np.ndarray:
    """Return bool[labels + 1] which deserts get their line, as far as the ink goes; labels count from the largest.

    A nation has 54,000 deserts, whose outlines were all that its map showed.
    """
    owner = np.maximum(zone, _neighbour(zone))[edge]
    ink = np.bincount(owner[owner >= 0], minlength=n_deserts)
    return np.append(np.cumsum(ink) <= _MOST_INK * zone.size, False)


def labels(
    assessment: Assessment, frame: Frame, demand: Demand, label: np.ndarray, *, taken: Sequence[Box], disclose: bool
) -> list[Label]:
    """Return number, name and people of the largest named deserts, clear of ``taken`` and of each other."""
    boxes = list(taken)
    found: list[Label] = []
    named = _named(assessment, demand, disclose=disclose)
    for number, (desert, people) in enumerate(named[:_MOST_ON_MAP], start=1):
        x, y = _middle(frame, demand, label, desert)
        name = fit(shown_desert(desert, people, "ko", disclose=disclose), _LABEL_PX, 210)
        text = f"{number} {name} {shown_group(people, disclose=disclose)}명"
        for words in (text, str(number)):
            placed = place(words, x, y, frame, boxes, size=_LABEL_PX, colour="#3d000b")
            if placed is not None:
                found.append(placed)
                break
    return found


def rows(assessment: Assessment, demand: Demand, code: np.ndarray, label: np.ndarray, *, disclose: bool) -> list[Row]:
    """Return the legend: functions lost with people, everybody in deserts, the rule, scattered ones counted."""
    people, everybody = demand.total, float(demand.total.sum())
    table = [heading("잃은 기능의 수 / functions lost", "인구 people")]
    for number, name in enumerate(_CLASSES[: max(assessment.lost.shape[1], 1) + 1]):
        count = counted(float(people[code == number].sum()), everybody, disclose=disclose)
        table.append(class_row(INKS[number], name, count))
    inside = counted(float(people[label >= 0].sum()), everybody, disclose=disclose)
    table.append(heading("생활사막 / life deserts", inside))
    table += note_rows(_rule(assessment), lines=2)
    if not assessment.deserts:
        return table + note_rows("생활사막 없음 / no life desert", lines=1)
    shown = {desert.label for desert, _total in _named(assessment, demand, disclose=disclose)}
    named = [desert for desert in assessment.deserts if desert.label in shown]
    scattered = [desert for desert in assessment.deserts if desert.label not in shown]
    at = demand.groups.index(TOTAL)
    for many, words, style in (
        (named, "이름 붙임 / named", {"color": "#b00020", "linewidth": 2.0}),
        (scattered, "흩어짐 / scattered", {"color": "#404040", "linewidth": 0.8}),
    ):
        total = sum(desert.people[at] for desert in many)
        table.append(Row(f"{words}: {len(many):,}", shown_group(total, disclose=disclose), line=style, height=22))
    return table


def list_rows(assessment: Assessment, demand: Demand, *, most_px: int, disclose: bool) -> list[Row]:
    """Return the named deserts by people, as many as fit into a height; the last row says how many did not."""
    named = _named(assessment, demand, disclose=disclose)
    if not named:
        return []
    most_px -= _HEADING_PX
    roomy = len(named) * _ENTRY_PX <= most_px
    height = _ENTRY_PX if roomy else _SHORT_ENTRY_PX
    fitting = len(named) if len(named) * height <= most_px else max(0, (most_px - _SHORT_ENTRY_PX) // height)
    table = [heading("이름 붙은 생활사막 / named deserts", "인구 people")]
    for number, (desert, total) in enumerate(named[:fitting], start=1):
        korean, english = (shown_desert(desert, total, language, disclose=disclose) for language in _LANGUAGES)
        people, badge = shown_group(total, disclose=disclose), str(number)
        if not roomy:
            table.append(Row(" / ".join(dict.fromkeys((korean, english))), people, badge=badge, height=height))
            continue
        lost = ", ".join(desert.missing)
        table.append(Row(korean, people, badge=badge, height=_SHORT_ENTRY_PX))
        below = f"{english} – {lost}" if english != korean else lost
        table.append(Row(below, style="small", height=_ENTRY_PX - _SHORT_ENTRY_PX))
    if fitting < len(named):
        table += note_rows(f"… 그 밖에 {len(named) - fitting}곳 / {len(named) - fitting} more: deserts.csv", lines=1)
    return table


def _named(assessment: Assessment, demand: Demand, *, disclose: bool) -> list[tuple[Desert, float]]:
    """Return the deserts that may be named, with everybody in them, largest first."""
    at = demand.groups.index(TOTAL)
    pairs = [(desert, desert.people[at]) for desert in assessment.deserts]
    return [pair for pair in pairs if shown_desert(*pair, "ko", disclose=disclose)]


def _rule(assessment: Assessment) -> str:
    """Say in one sentence what makes a desert here."""
    test = assessment.standard.desert
    if test is None:
        return ""
    must = f" ({' / '.join(test.must_have)} 포함 / among them)" if test.must_have else ""
    functions = ", ".join(test.functions)
    return f"{functions} 중 {test.at_least}개 이상 / at least {test.at_least} lost{must}"


def _middle(frame: Frame, demand: Demand, label: np.ndarray, desert: Desert) -> tuple[float, float]:
    """Return the pixel of the desert's point that is nearest to the middle of its people."""
    own = np.flatnonzero(label == desert.label)
    if not len(own):
        return frame.width / 2, frame.height / 2
    x, y = frame.pixels(demand.x_m[own], demand.y_m[own])
    weight = demand.total[own] + 1e-9
    away = (x - np.average(x, weights=weight)) ** 2 + (y - np.average(y, weights=weight)) ** 2
    nearest = int(np.argmin(away))
    return float(x[nearest]), float(y[nearest])
