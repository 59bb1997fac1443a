"""Maps of life zones: one a function, all functions small on one page, and who crosses an administrative border.

Zones that touch never share a colour, and a dark line runs between them, so that colour alone tells nothing; a zone
below its minimum population is hatched. Colours are Tol's light scheme, told apart by the colour-blind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from lifezone.model import Network, World, Zones, Zoning
from lifezone.progress import SILENT, Progress
from lifezone.report.disclosure import counted
from lifezone.report.extent import extent_of
from lifezone.report.maps import inks
from lifezone.report.maps.cover import codes_of, owners
from lifezone.report.maps.ground import Ground, ground_of, is_modelled
from lifezone.report.maps.inks import Ink, Pixels, paint
from lifezone.report.maps.legend import Row, Titles, class_row, free_height, ground_rows, heading, note_rows, render
from lifezone.report.maps.paper import SHEET, Frame, blend, save
from lifezone.report.maps.text import Label, Symbols, draw_label, draw_symbols
from lifezone.report.zones.words import bound_words, function_name, mode_words, variant_words
from lifezone.standards.disclosure import shown_group
from lifezone.zoning.borders import ABROAD, across_borders

__all__ = ["FILLS", "ZoneMaps", "colours_of", "draw_zoning", "filled"]

FILLS: Final = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00")
_LINE: Final = "#4a4a4a"
_TINT: Final = 0.33
_INKS: Final = (
    *(Ink(fill) for fill in FILLS), *(Ink(fill, "#5a5a5a", "rising") for fill in FILLS), inks.UNREACHABLE,
)  # fmt: skip
_BEYOND: Final = len(_INKS) - 1
_MOST_COUNTED: Final = len(inks.LOST) - 1
_CENTRE, _DROPPED = "o", "X"
_EDGE_PX: Final = 6
_ROW_PX: Final = 22


@dataclass(frozen=True, eq=False)
class ZoneMaps:
    """What the maps of one world share.

    Attributes:
        world: the world.
        zoning: its divisions.
        variant: its name.
        title: of the study.
        footer: what the maps were made from.
        disclose: small head counts are shown.
    """

    world: World
    zoning: Zoning
    variant: str
    title: str
    footer: tuple[str, ...]
    disclose: bool = False


@dataclass(frozen=True, eq=False)
class _Sheet:
    """A frame with its ground and the owner of every pixel."""

    frame: Frame
    ground: Ground
    owner: np.ndarray


def draw_zoning(maps: ZoneMaps, folder: Path, progress: Progress = SILENT) -> list[str]:
    """Draw the maps of one world's life zones into a folder that does not exist yet.

    Returns:
        The file names.
    """
    functions = maps.zoning.functions
    if not functions or not maps.world.demand.inside.any():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    frame = Frame.around(extent_of(maps.world))
    inside = maps.world.demand.take(maps.world.demand.inside)
    sheet = _Sheet(frame, ground_of(frame, maps.world), owners(frame, inside))
    drawn = []
    with progress.step("drawing zones", len(functions) + 2) as advance:
        for zones in functions:
            save(_function_map(maps, sheet, zones), folder / f"{zones.id}.png")
            drawn.append(f"{zones.id}.png")
            advance(1)
        save(_all_functions(maps), folder / "_all.png")
        drawn.append("_all.png")
        advance(1)
        if len(maps.zoning.municipalities) > 1:
            save(_border_map(maps, sheet), folder / "_borders.png")
            drawn.append("_borders.png")
        advance(1)
    return drawn


def filled(label: np.ndarray) -> np.ndarray:
    """Return i32[h, w] the zone of the nearest pixel that has one, negative where no pixel has."""
    from scipy import ndimage  # noqa: PLC0415

    if not (label >= 0).any():
        return label
    near = ndimage.distance_transform_edt(label < 0, return_distances=False, return_indices=True)
    closed: np.ndarray = label[tuple(near)]
    return closed


def colours_of(label: np.ndarray, n_zones: int, n_colours: int = len(FILLS)) -> np.ndarray:
    """Return i64[n] a colour for every zone such that zones that touch differ, where there are colours enough.

    Args:
        label: i32[h, w] zone of each pixel, negative = none.
        n_zones: how many there are.
        n_colours: how many colours.
    """
    pairs = np.concatenate([
        np.column_stack([label[:, :-1].ravel(), label[:, 1:].ravel()]),
        np.column_stack([label[:-1].ravel(), label[1:].ravel()]),
    ])  # fmt: skip
    pairs = np.unique(pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs >= 0).all(axis=1)], axis=0)
    beside: list[set[int]] = [set() for _ in range(n_zones)]
    for one, other in pairs.tolist():
        beside[one].add(other)
        beside[other].add(one)
    colour, done = np.zeros(n_zones, np.int64), set[int]()
    use = np.zeros(n_colours, np.int64)
    for zone in sorted(range(n_zones), key=lambda one: (-len(beside[one]), one)):
        taken = {int(colour[other]) for other in beside[zone] & done}
        free = [one for one in range(n_colours) if one not in taken] or list(range(n_colours))
        colour[zone] = min(free, key=lambda one: (use[one], one))
        use[colour[zone]] += 1
        done.add(zone)
    return colour


def _picture(sheet: _Sheet, zones: Zones, world: World) -> tuple[Pixels, np.ndarray]:
    """Return the map of one function's zones and the code of each zone's ink.

    The ground between inhabited places takes a pale colour of the nearest one's zone.
    """
    inside = zones.label[world.demand.inside]
    label = np.append(np.where(inside < 0, len(zones.zones), inside), -1)[sheet.owner]
    ground = filled(label)
    code = colours_of(np.where(ground == len(zones.zones), -1, ground), len(zones.zones))
    weak = np.array([zone.viable is False for zone in zones.zones], np.bool_)
    code = code + np.where(weak, len(FILLS), 0)
    of_point = np.append(code, _BEYOND)[inside].astype(np.uint8)
    under = _tinted(sheet.ground.under, ground, np.append(code % len(FILLS), -1))
    painted = paint(codes_of(sheet.owner, of_point), _INKS, under)
    land = _is_land(sheet.ground.under)
    edge = np.zeros(label.shape, np.bool_)
    edge[:, 1:] |= (ground[:, 1:] != ground[:, :-1]) & land[:, 1:]
    edge[1:] |= (ground[1:] != ground[:-1]) & land[1:]
    painted[edge, :3] = inks.rgb(_LINE)
    blend(painted, sheet.ground.over)
    return painted, code


def _is_land(under: Pixels) -> np.ndarray:
    """Tell where the ground is that of the study area, neither water nor outside."""
    here = np.zeros(under.shape[:2], np.bool_)
    for colour in (inks.NOBODY.fill, inks.NOBODY.line):
        here |= (under[..., :3] == np.array(inks.rgb(colour), np.uint8)).all(axis=-1)
    return here


def _tinted(under: Pixels, ground: np.ndarray, colour: np.ndarray) -> Pixels:
    """Return the ground with a pale tint of each zone's colour, −1 = as it is."""
    tints = np.array([inks.rgb(fill) for fill in FILLS], np.float64)
    pale = (tints * _TINT + 255.0 * (1.0 - _TINT)).astype(np.uint8)
    number = np.append(colour, -1)[ground]
    at = _is_land(under) & (number >= 0)
    tinted = under.copy()
    tinted[at, :3] = pale[number[at]]
    return tinted


def _function_map(maps: ZoneMaps, sheet: _Sheet, zones: Zones) -> Pixels:
    """Draw the life zones of one function."""
    painted, code = _picture(sheet, zones, maps.world)
    name_ko, name_en = function_name(zones)
    (mode_ko, mode_en), (by_ko, by_en) = mode_words(zones.mode), bound_words(zones)
    (old_ko, old_en) = variant_words(maps.variant)
    titles = Titles(
        f"{name_ko} 생활권: {mode_ko} {by_ko} 이내 — {old_ko}",
        f"Life zones of {name_en}: within {by_en} by {mode_en} — {old_en}",
        maps.title, maps.footer,
    )  # fmt: skip
    tail = _tail_rows(maps, sheet, zones)
    table = _zone_rows(maps, zones, code, free_height(tail)) + tail
    return render(sheet.frame, painted, titles, table, [], _centres(sheet.frame, zones, maps.world))


def _zone_rows(maps: ZoneMaps, zones: Zones, code: np.ndarray, most_px: int) -> list[Row]:
    """Return the zones by people, as many as fit."""
    table = [heading("생활권 (중심 시설) / zone (centre)", "인구 people")]
    order = sorted(range(len(zones.zones)), key=lambda at: (-zones.zones[at].in_area, at))
    order = [at for at in order if zones.zones[at].in_area > 0]
    fitting = max(0, (most_px - 60) // 24)
    for at in order[:fitting]:
        zone = zones.zones[at]
        table.append(class_row(_INKS[int(code[at])], zone.name or zone.centre,
                               shown_group(zone.in_area, disclose=maps.disclose)))  # fmt: skip
    if len(order) > fitting:
        more = len(order) - fitting
        table += note_rows(f"… 그 밖에 {more:,}곳 / {more:,} more: {zones.id}.parquet", lines=1)
    return table


def _tail_rows(maps: ZoneMaps, sheet: _Sheet, zones: Zones) -> list[Row]:
    """Return the rows below the zones: beyond reach, below the minimum, symbols, the ground."""
    inside = maps.world.demand.inside
    people = zones.weight[inside]
    beyond = float(people[zones.label[inside] < 0].sum())
    shown = counted(beyond, float(people.sum()), disclose=maps.disclose)
    table = [class_row(inks.UNREACHABLE, "닿는 중심 없음 / beyond reach", shown)]
    if any(zone.viable is False for zone in zones.zones):
        least = "" if zones.threshold is None else f" {zones.threshold.people:,.0f}"
        table.append(class_row(_INKS[len(FILLS)], f"최소 이용자{least}에 못 미침 / below the minimum"))
    table += note_rows("옅은 색: 가장 가까운 마을의 생활권 / pale: zone of the nearest inhabited place", lines=2)
    table.append(Row("중심 / centre", marker=_CENTRE, height=_ROW_PX))
    if zones.merges:
        table.append(Row("합쳐진 중심 / centre merged away", f"{len(zones.merges):,}", marker=_DROPPED, height=_ROW_PX))
    return [*table, heading("지도 / map"), *ground_rows(sheet.ground), *_modelled(maps.world)]


def _modelled(world: World) -> list[Row]:
    """Return the words that warn of modelled roads or people."""
    rows: list[Row] = []
    if is_modelled(world):
        for what in (world.demand.modelled, world.network.modelled):
            rows += note_rows(what, lines=2) if what else []
    return rows


def _centres(frame: Frame, zones: Zones, world: World, size: float = 13.0) -> list[Symbols]:
    """Return the centres that stand and those that were merged away, as symbols within the frame."""
    supply = world.facilities
    number = {one: at for at, one in enumerate(supply.ids.tolist())}
    gone = np.array([number[step.centre] for step in zones.merges], np.int64)
    places = (
        (np.array([zone.x_m for zone in zones.zones]), np.array([zone.y_m for zone in zones.zones]), _CENTRE, size),
        (supply.x_m[gone], supply.y_m[gone], _DROPPED, 0.8 * size),
    )
    found = []
    for x_m, y_m, marker, width in places:
        x, y = frame.pixels(x_m, y_m)
        seen = (x > _EDGE_PX) & (x < frame.width - _EDGE_PX) & (y > _EDGE_PX) & (y < frame.height - _EDGE_PX)
        if seen.any():
            found.append(Symbols(x[seen], y[seen], marker, width if seen.sum() <= 150 else 0.6 * width))
    return found


def _border_map(maps: ZoneMaps, sheet: _Sheet) -> Pixels:
    """Draw for how many functions people's facility lies in another municipality."""
    world, inside = maps.world, maps.world.demand.inside
    abroad = np.stack([across_borders(zones, maps.zoning, world)[inside] == ABROAD for zones in maps.zoning.functions])
    code = np.minimum(abroad.sum(axis=0), _MOST_COUNTED).astype(np.uint8)
    painted = paint(codes_of(sheet.owner, code), inks.LOST, sheet.ground.under)
    blend(painted, sheet.ground.over)
    people = world.demand.total[inside]
    total = float(people.sum())
    table = [heading("다른 행정구역의 시설을 쓰는 기능 수", "인구 people"),
             *note_rows("functions whose facility lies in another municipality", lines=1)]  # fmt: skip
    for count in range(int(code.max(initial=0)) + 1):
        more = "+" if count == _MOST_COUNTED and len(abroad) > _MOST_COUNTED else ""
        shown = counted(float(people[code == count].sum()), total, disclose=maps.disclose)
        table.append(class_row(inks.LOST[count], f"{count}{more}", shown))
    table.append(heading("기능별 / by function", "다른 구역 elsewhere"))
    for zones, across in zip(maps.zoning.functions, abroad, strict=True):
        weight = zones.weight[inside]
        shown = counted(float(weight[across].sum()), float(weight.sum()), disclose=maps.disclose)
        table.append(Row(" / ".join(dict.fromkeys(function_name(zones))), shown, height=_ROW_PX))
    table += [heading("지도 / map"), *ground_rows(sheet.ground), *_modelled(world)]
    (old_ko, old_en) = variant_words(maps.variant)
    titles = Titles(
        f"행정 경계를 넘는 생활 — {old_ko}", f"Life across administrative borders — {old_en}", maps.title, maps.footer
    )
    return render(sheet.frame, painted, titles, table, [], [])


def _all_functions(maps: ZoneMaps) -> Pixels:
    """Draw the zones of all functions side by side, small."""
    functions, world = maps.zoning.functions, maps.world
    columns = int(np.ceil(np.sqrt(len(functions))))
    rows = -(-len(functions) // columns)
    left, top, gap, head = 20, 104, 14, 46
    width = (SHEET[0] - 2 * left - (columns - 1) * gap) // columns
    height = (SHEET[1] - top - 64 - rows * (head + gap)) // rows
    frame = _fitted(extent_of(world), width, height)
    bare = ground_of(frame, _without_roads(world))
    sheet = _Sheet(frame, bare, owners(frame, world.demand.take(world.demand.inside)))
    page = np.full((SHEET[1], SHEET[0], 4), 255, np.uint8)
    for label in _page_titles(maps):
        draw_label(page, label)
    for at, zones in enumerate(functions):
        x, y = left + (at % columns) * (width + gap), top + (at // columns) * (height + head + gap)
        page[y + head : y + head + height, x : x + width] = _picture(sheet, zones, world)[0]
        for many in _centres(frame, zones, world, size=8.0):
            draw_symbols(page, Symbols(many.x + x, many.y + y + head, many.marker, many.size, many.fill, many.edge))
        for label in _tile_titles(maps, zones, x, y):
            draw_label(page, label)
    return page


def _page_titles(maps: ZoneMaps) -> list[Label]:
    """Return the words above and below the page of all functions."""
    (old_ko, old_en) = variant_words(maps.variant)
    below = [
        Label(20, SHEET[1] - 44 + 17 * line, words, 12.5, colour="#555555") for line, words in enumerate(maps.footer)
    ]
    return [
        Label(20, 28, f"기능별 생활권 — {old_ko}", 26, bold=True),
        Label(20, 60, f"Life zones of every function — {old_en}", 19, colour="#333333"),
        Label(20, 86, maps.title, 14, colour="#555555"),
        *below,
    ]


def _tile_titles(maps: ZoneMaps, zones: Zones, x: float, y: float) -> list[Label]:
    """Return the words above one small map."""
    inside = maps.world.demand.inside
    people = zones.weight[inside]
    beyond = counted(float(people[zones.label[inside] < 0].sum()), float(people.sum()), disclose=maps.disclose)
    names = " / ".join(dict.fromkeys(function_name(zones)))
    by = " / ".join(dict.fromkeys(bound_words(zones)))
    here = sum(zone.in_area > 0 for zone in zones.zones)
    return [
        Label(x, y + 12, names, 16, bold=True),
        Label(x, y + 33, f"{by} · {here:,} 생활권 zones · 닿지 않음 beyond {beyond}", 12.5, colour="#555555"),
    ]


def _fitted(extent: tuple[float, float, float, float], width: int, height: int) -> Frame:
    """Return the frame of a given size that holds an extent."""
    west, south, east, north = extent
    metres = max((east - west) / width, (north - south) / height)
    return Frame((west + east - width * metres) / 2, (north + south + height * metres) / 2, metres, width, height)


def _without_roads(world: World) -> World:
    """Return the world without its roads, which would fill a small map."""
    return replace(world, network=Network.empty(world.crs))
