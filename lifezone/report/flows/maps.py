"""Maps of urban areas and of the strongest ties; a ring of districts where nobody told where they lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from lifezone.model import Provenance, Zoning
from lifezone.model.flows import FlowMap, Flows
from lifezone.model.urban import UrbanAreas
from lifezone.report.flows.colours import HUES, LINES, SHADES, hues_of
from lifezone.report.flows.frames import strongest
from lifezone.report.flows.page import METHODS, purpose_words
from lifezone.report.flows.shapes import borders_of, frame_of, owners_of
from lifezone.report.maps import inks
from lifezone.report.maps.fonts import fit
from lifezone.report.maps.ground import WATERMARK, Box
from lifezone.report.maps.inks import Ink, Pixels, paint
from lifezone.report.maps.legend import Row, Titles, class_row, heading, note_rows, render
from lifezone.report.maps.paper import Frame, blend, lifted, rasterise, save
from lifezone.report.maps.placing import place
from lifezone.report.maps.text import Label, Symbols
from lifezone.report.maps.words import made_from
from lifezone.report.names import file_stem
from lifezone.standards.disclosure import LEAST_GROUP, shown_group

__all__ = ["draw_flow_maps"]

_MOST_NAMED: Final = 14
_MARGIN: Final = 0.06
_ROOM_FOR_NAMES: Final = 0.22
_NOTE_LINES: Final = 2
_MOST_ON_MAP: Final = 80
_MOST_ON_RING: Final = 120
_OUTSIDE, _EXCLAVE = len(HUES) * len(SHADES), len(HUES) * len(SHADES) + 1
_SHADE_WORDS: Final = ("중심 / centre", "부중심 / subcentre", "주변 / surrounding", "주변, 약함 / loosely tied")
_TIE_WORDS: Final = (
    "중심 / centre", "주변, 강하게 연결 / closely tied", "주변, 중간 / tied", "주변, 약하게 연결 / loosely tied",
)  # fmt: skip


def draw_flow_maps(
    zoning: Zoning, provenance: Provenance, name: str, folder: Path, *, disclose: bool = False
) -> list[str]:
    """Draw a map of every method's urban areas and of the newest flows of every purpose.

    Args:
        zoning: what was found.
        provenance: sources, for the foot of every map.
        name: title of the study.
        folder: made when there is something to draw.
        disclose: counts below 10 are shown too.

    Returns:
        The file names.
    """
    known = zoning.flows
    if known is None:
        return []
    known, is_map = _placed(known, zoning)
    frame = frame_of(known, _MARGIN if is_map else _ROOM_FOR_NAMES)
    foot = made_from(name, provenance, known.crs if is_map else "–")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    if is_map:
        for one in zoning.urban:
            drawn.append(f"urban_areas_{file_stem(one.id)}.png")
            save(_areas(frame, one, known, foot, disclose=disclose), folder / drawn[-1])
    newest = {one.purpose: one for one in sorted(known.flows, key=lambda one: one.year)}
    for flows in newest.values():
        drawn.append(f"flows_{file_stem(flows.purpose)}.png")
        sheet = _ties(frame, flows, known, foot, zoning, is_map=is_map, disclose=disclose)
        save(sheet, folder / drawn[-1])
    return drawn


def _placed(known: FlowMap, zoning: Zoning) -> tuple[FlowMap, bool]:
    """Return the districts with centres: their own, or on a ring in the order of the first method's areas."""
    if np.isfinite(known.x_m).sum() > 1:
        return known, True
    area = zoning.urban[0].area if zoning.urban else np.zeros(known.n_districts, np.int32)
    order = np.lexsort((np.arange(known.n_districts), area))
    angle = np.empty(known.n_districts)
    angle[order] = np.pi / 2 - 2 * np.pi * np.arange(known.n_districts) / max(known.n_districts, 1)
    return replace(known, x_m=np.cos(angle), y_m=np.sin(angle)), False


def _areas(frame: Frame, found: UrbanAreas, known: FlowMap, foot: tuple[str, ...], *, disclose: bool) -> Pixels:
    """Draw the urban areas of one method."""
    hue = hues_of(found, known)
    code = _codes(found, hue)
    colours = [Ink(shade) for fills in HUES for shade in fills] + [inks.NOBODY, Ink("#f3d9d9", "#8a1f2d", "rising")]
    ground = np.zeros((frame.height, frame.width, 4), np.uint8)
    ground[...] = (*inks.rgb(inks.OUTSIDE.fill), 255)
    picture = paint(np.append(code, inks.BARE).astype(np.uint8)[owners_of(frame, known)], colours, ground)
    members = [np.flatnonzero(found.area == area.centre) for area in found.areas]
    blend(picture, lifted(rasterise(borders_of(frame, known, members, modelled=bool(found.modelled)))))
    at = 0
    what = METHODS[found.method]
    titles = Titles(
        f"도시권: {what[at]} — {purpose_words(found.purposes, 'ko')} {found.year}".strip(),
        f"Urban areas: {what[1]} — {purpose_words(found.purposes, 'en')} {found.year}".strip(),
        f"행정구역 / districts {known.n_districts:,} · 도시권 / urban areas {len(found.areas):,}"
        + (f" · {found.modelled}" if found.modelled else ""),
        foot,
    )
    marks = _centre_marks(frame, found, known)
    if known.districts.polygon is None:
        marks = _district_marks(frame, found, known, code, [ink.fill for ink in colours])
    rows = _area_rows(found, known, hue, code, disclose=disclose)
    return render(frame, picture, titles, rows, _names(frame, found, known), marks)


def _codes(found: UrbanAreas, hue: dict[int, int]) -> np.ndarray:
    """Return u8[D] the ink of every district: the hue of its area, darker the more it belongs to it."""
    code = np.full(len(found.area), _OUTSIDE, np.uint8)
    for at, (area, role) in enumerate(zip(found.area.tolist(), found.role, strict=True)):
        if role == "exclave":
            code[at] = _EXCLAVE
        elif area >= 0:
            shade = 0 if role == "centre" else 1 if role == "subcentre" or found.level[at] >= 3 else 2
            shade = 3 if found.level[at] == 1 else shade
            code[at] = hue[area] * len(SHADES) + shade
    return code


def _area_rows(
    found: UrbanAreas, known: FlowMap, hue: dict[int, int], code: np.ndarray, *, disclose: bool
) -> list[Row]:
    """Return the panel: the largest areas, what shades mean, and what must be told."""
    largest = sorted(found.areas, key=lambda one: (-one.residents, one.centre))
    rows = [heading("도시권 / urban area", "사람·자족률 people, stay")]
    for one in largest[:_MOST_NAMED]:
        stay = "" if np.isnan(one.supply_side) else f" · {one.supply_side:.0%}"
        value = f"{shown_group(one.residents, disclose=disclose)}{stay}"
        rows.append(class_row(Ink(HUES[hue[one.centre]][1]), f"{_both(known, one.centre)} ({one.districts:,})", value))
    if len(largest) > _MOST_NAMED:
        rows += note_rows(f"외 {len(largest) - _MOST_NAMED:,}곳 / and more", lines=1)
    rows.append(heading("소속 / belonging"))
    used = {int(value) % len(SHADES) for value in code.tolist() if value < _OUTSIDE}
    named = _TIE_WORDS if found.level.any() else _SHADE_WORDS
    rows += [class_row(Ink(SHADES[at]), named[at]) for at in sorted(used)]
    if (code == _OUTSIDE).any():
        rows.append(class_row(inks.NOBODY, "어느 도시권도 아님 / in none", f"{int((code == _OUTSIDE).sum()):,}"))
    if (code == _EXCLAVE).any():
        ink = Ink("#f3d9d9", "#8a1f2d", "rising")
        rows.append(class_row(ink, "떨어진 곳 / exclave", f"{int((code == _EXCLAVE).sum()):,}"))
    if found.modelled:
        rows += note_rows(" / ".join(WATERMARK), lines=_NOTE_LINES)
    for korean, english in found.notes:
        rows += note_rows(korean, lines=_NOTE_LINES) + note_rows(english, lines=_NOTE_LINES)
    return rows


def _ties(
    frame: Frame, flows: Flows, known: FlowMap, foot: tuple[str, ...], zoning: Zoning, *, is_map: bool, disclose: bool
) -> Pixels:
    """Draw the strongest ties of one purpose."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415

    matrix = flows.matrix()
    drawable = np.where(matrix >= (0 if disclose else LEAST_GROUP), matrix, 0.0)
    one, two = strongest(drawable)
    placed = np.isfinite(known.x_m) & np.isfinite(known.y_m)
    keep = placed[one] & placed[two]
    one, two = one[keep], two[keep]
    share = matrix[one, two] / np.maximum(matrix.sum(axis=1)[one], 1e-300)
    order = np.argsort(share, kind="stable")
    picture = np.zeros((frame.height, frame.width, 4), np.uint8)
    picture[...] = (*inks.rgb("#f7f6f2"), 255)
    figure = borders_of(frame, known, modelled=bool(flows.modelled))
    widest = float(np.sqrt(matrix[one, two].max())) if len(one) else 1.0
    for at in order.tolist():
        level = int(np.searchsorted([0.05, 0.10, 0.20], share[at], side="right"))
        width = 0.7 + 6.0 * float(np.sqrt(matrix[one[at], two[at]])) / widest
        curve = _curve(known, int(one[at]), int(two[at]), bend=0.16 if is_map else None)
        figure.axes[0].add_artist(
            PathPatch(curve, fill=False, color=LINES[level], linewidth=width, alpha=0.75, capstyle="butt")
        )
    blend(picture, lifted(rasterise(figure)))
    what = tuple(purpose_words((flows.purpose,), language) for language in ("ko", "en"))
    titles = Titles(
        f"강한 연결: {what[0]} {flows.year}".strip(), f"Strongest ties: {what[1]} {flows.year}".strip(),
        "행정구역마다 나가는 흐름이 큰 셋, 주민의 2 % 이상 / the three largest flows out of each district, 2 % or more"
        + (f" · {flows.modelled}" if flows.modelled else ""),
        foot,
    )  # fmt: skip
    rows = _tie_rows(flows, matrix, (one, two), known, disclose=disclose, is_map=is_map)
    labels, marks = _places(frame, matrix, known, zoning, is_map=is_map)
    return render(frame, picture, titles, rows, labels, marks, to_scale=is_map)


def _curve(known: FlowMap, one: int, two: int, bend: float | None) -> Any:
    """Return a curve that leans to the right of its way, so that both are seen; on a ring one towards its middle."""
    from matplotlib.path import Path as Outline  # noqa: PLC0415

    start, end = (np.array([known.x_m[at], known.y_m[at]]) for at in (one, two))
    along = end - start
    middle = (start + end) / 2
    control = middle * 0.15 if bend is None else middle + bend * np.array([along[1], -along[0]])
    return Outline([start, control, end], [Outline.MOVETO, Outline.CURVE3, Outline.CURVE3])


def _tie_rows(
    flows: Flows, matrix: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], known: FlowMap, *, disclose: bool,
    is_map: bool,
) -> list[Row]:  # fmt: skip
    """Return the panel of a map of ties."""
    one, two = pairs
    rows = [heading("주민 가운데 가는 비율 / share of residents", "연결 ties")]
    share = matrix[one, two] / np.maximum(matrix.sum(axis=1)[one], 1e-300)
    level = np.searchsorted([0.05, 0.10, 0.20], share, side="right")
    for at, words_ in reversed(list(enumerate(("2–5 %", "5–10 %", "10–20 %", "20 % 이상 / or more")))):
        rows.append(
            Row(words_, f"{int((level == at).sum()):,}", line={"color": LINES[at], "linewidth": 3.0}, height=22)
        )
    rows += note_rows("굵기는 사람 수 / width shows people; 오른쪽으로 휘어 간다 / curves lean right of their way"
                      if is_map else "굵기는 사람 수 / width shows people", lines=2)  # fmt: skip
    if not is_map:
        rows += note_rows("위치를 몰라 둥글게 늘어놓음 / no places known: districts stand on a ring", lines=2)
    rows.append(heading("가장 큰 흐름 / largest flows", "사람 people"))
    order = np.lexsort((two, one, -matrix[one, two]))[:_MOST_NAMED]
    for at in order.tolist():
        text = f"{known.districts.name[one[at]]} → {known.districts.name[two[at]]}"
        rows.append(Row(text, shown_group(float(matrix[one[at], two[at]]), disclose=disclose), height=21))
    if flows.modelled:
        rows += note_rows(" / ".join(WATERMARK), lines=_NOTE_LINES)
    return rows


def _places(
    frame: Frame, matrix: np.ndarray, known: FlowMap, zoning: Zoning, *, is_map: bool
) -> tuple[list[Label], list[Symbols]]:
    """Return names and dots of districts: of those that most people come to, of all on a small ring."""
    x, y = frame.pixels(known.x_m, known.y_m)
    placed = np.isfinite(x) & np.isfinite(y)
    come = matrix.sum(axis=0)
    centres = {one.centre for found in zoning.urban[:1] for one in found.areas}
    order = sorted(np.flatnonzero(placed).tolist(), key=lambda at: (at not in centres, -come[at], at))
    dots = [Symbols(x[placed], y[placed], "o", 6.0)]
    if not is_map:
        return [_beside(known, at, float(x[at]), float(y[at])) for at in order[:_MOST_ON_RING]], dots
    taken = list[Box]()
    names = [
        place(fit(known.districts.name[at], 13, 160), float(x[at]), float(y[at]), frame, taken, size=13,
              colour="#1c1c1c", bold=at in centres)
        for at in order[:_MOST_ON_MAP]
    ]  # fmt: skip
    return [one for one in names if one is not None], dots


def _beside(known: FlowMap, at: int, x: float, y: float) -> Label:
    """Return a name outside the ring."""
    right = known.x_m[at] >= 0
    return Label(x + (9 if right else -9), y, fit(known.districts.name[at], 13, 160), 13,
                 align="left" if right else "right", halo=True)  # fmt: skip


def _names(frame: Frame, found: UrbanAreas, known: FlowMap) -> list[Label]:
    """Return the names of centres, the largest first; one that would touch another is left out."""
    x, y = frame.pixels(known.x_m, known.y_m)
    taken, labels = list[Box](), list[Label | None]()
    for one in sorted(found.areas, key=lambda one: (-one.residents, one.centre)):
        at = one.centre
        if np.isfinite(x[at]):
            name, beside = fit(known.districts.name[at], 15, 160), float(x[at]) + (_disc_px(found, at) - 8) / 2
            place_at = beside if known.districts.polygon is None else float(x[at])
            labels.append(place(name, place_at, float(y[at]), frame, taken, size=15, colour="#1c1c1c"))
    return [one for one in labels if one is not None]


def _disc_px(found: UrbanAreas, at: int) -> float:
    """Return the width of the disc that stands for a district without a shape."""
    most = max(float(found.own.residents.max(initial=0.0)), 1.0)
    return float(np.round(10 + 26 * np.sqrt(found.own.residents[at] / most)))


def _district_marks(
    frame: Frame, found: UrbanAreas, known: FlowMap, code: np.ndarray, fills: list[str]
) -> list[Symbols]:
    """Return a disc for every district in place of its shape, larger where more people live and go."""
    x, y = frame.pixels(known.x_m, known.y_m)
    size = np.array([_disc_px(found, at) for at in range(len(code))])
    order = [at for at in np.lexsort((np.arange(len(code)), -size)).tolist() if np.isfinite(x[at])]
    return [Symbols(x[[at]], y[[at]], "o", float(size[at]), fills[code[at]], "#3a3a3a") for at in order]


def _centre_marks(frame: Frame, found: UrbanAreas, known: FlowMap) -> list[Symbols]:
    """Return dots at the centres."""
    centres = np.array([one.centre for one in found.areas], np.int64)
    x, y = frame.pixels(known.x_m[centres], known.y_m[centres])
    seen = np.isfinite(x)
    return [Symbols(x[seen], y[seen], "o", 8.0)] if seen.any() else []


def _both(known: FlowMap, at: int) -> str:
    """Return a district's name in Korean and, where it has another one, in English."""
    english = known.districts.name_en[at] if known.districts.name_en else known.districts.name[at]
    name = known.districts.name[at]
    return name if english == name else f"{name} {english}"
