"""Maps of alliances: who is with whom in the best division and in the one given, where the shared service would stand.

Alliances that touch never share a colour, a thick line runs round each and its number stands in it, so that colour
alone tells nothing; whoever is in none is left without a colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from lifezone.model import Kind, Provenance, Zoning
from lifezone.model.alliances import Alliance, Partition
from lifezone.model.flows import FlowMap
from lifezone.report.flows.shapes import borders_of, frame_of, owners_of
from lifezone.report.maps import inks
from lifezone.report.maps.fonts import clean, fit
from lifezone.report.maps.ground import Box
from lifezone.report.maps.inks import Ink, Pixels, paint
from lifezone.report.maps.legend import Row, Titles, class_row, heading, note_rows, render
from lifezone.report.maps.paper import Frame, blend, lifted, rasterise, save
from lifezone.report.maps.placing import place
from lifezone.report.maps.text import Label, Symbols
from lifezone.report.maps.words import kind_words, made_from
from lifezone.report.maps.zones import FILLS, colours_of
from lifezone.report.names import file_stem
from lifezone.report.towns.page import division_words
from lifezone.standards.disclosure import shown_group

__all__ = ["draw_alliances"]

_MARGIN: Final = 0.06
_DRAWN: Final = ("best", "given")
_ALONE: Final = Ink("#ecebe6", "#c4c2bb", "sparse")
_HUB: Final = "*"
_MOST_NAMED: Final = 80


def draw_alliances(
    zoning: Zoning, provenance: Provenance, name: str, folder: Path, kinds: Mapping[str, Kind], *,
    disclose: bool = False,
) -> list[str]:  # fmt: skip
    """Draw the best division into alliances, and the given one where there is one.

    Args:
        zoning: what was found.
        provenance: sources, for the foot of every map.
        name: title of the study.
        folder: made when there is something to draw.
        kinds: names of kinds.
        disclose: counts below 10 are shown too.

    Returns:
        The file names; none where nobody told the shapes of the municipalities.
    """
    known, found = zoning.towns, zoning.alliances
    if known is None or found is None or known.districts.polygon is None:
        return []
    frame = frame_of(known, _MARGIN)
    foot = made_from(name, provenance, known.crs)
    drawn = []
    for one in found.partitions:
        if one.id in _DRAWN and one.alliances:
            folder.mkdir(parents=True, exist_ok=True)
            drawn.append(f"alliances_{file_stem(one.id)}.png")
            save(_sheet(frame, one, known, foot, kinds, disclose=disclose), folder / drawn[-1])
    return drawn


def _sheet(
    frame: Frame, found: Partition, known: FlowMap, foot: tuple[str, ...], kinds: Mapping[str, Kind], *, disclose: bool
) -> Pixels:
    """Draw one division."""
    count = len(found.alliances)
    alliance = np.full(known.n_districts, count, np.int64)
    for number, one in enumerate(found.alliances):
        alliance[list(one.members)] = number
    label = np.append(alliance, -1)[owners_of(frame, known)]
    colour = colours_of(np.where(label == count, -1, label), count)
    code = np.append(colour, [len(FILLS), inks.BARE]).astype(np.uint8)[label]
    ground = np.zeros((frame.height, frame.width, 4), np.uint8)
    ground[...] = (*inks.rgb(inks.OUTSIDE.fill), 255)
    picture = paint(code, [*map(Ink, FILLS), _ALONE], ground)
    groups = [np.array(one.members, np.int64) for one in found.alliances]
    blend(picture, lifted(rasterise(borders_of(frame, known, groups))))
    titles = _titles(found, known, foot, disclose=disclose)
    rows = _rows(found, known, colour, kinds, disclose=disclose)
    labels, marks = _places(frame, found, known)
    return render(frame, picture, titles, rows, labels, marks)


def _titles(found: Partition, known: FlowMap, foot: tuple[str, ...], *, disclose: bool) -> Titles:
    """Return the titles."""
    alone = known.n_districts - sum(len(one.members) for one in found.alliances)
    return Titles(
        division_words(found, "ko", disclose=disclose), division_words(found, "en", disclose=disclose),
        f"시군 / municipalities {known.n_districts:,} · 연합 / alliances {len(found.alliances):,} · "
        f"홀로 / alone {alone:,}", foot,
    )  # fmt: skip


def _rows(
    found: Partition, known: FlowMap, colour: np.ndarray, kinds: Mapping[str, Kind], *, disclose: bool
) -> list[Row]:
    """Return the panel: each alliance with its members and what they share."""
    rows = [heading("연합 / alliance", "인구 people")]
    for number, one in enumerate(found.alliances):
        members = " · ".join(known.districts.name[at] for at in one.members)
        shown = shown_group(one.people, disclose=disclose)
        rows.append(class_row(Ink(FILLS[int(colour[number])]), f"A{number + 1} {clean(members)}", shown))
        rows += [row for words in _shared(one, known, kinds, disclose=disclose) for row in note_rows(words, lines=2)]
    alone = known.n_districts - sum(len(one.members) for one in found.alliances)
    if alone:
        rows.append(class_row(_ALONE, "연합 없음 / in no alliance", f"{alone:,}"))
    if any(kind.hub_in >= 0 for one in found.alliances for kind in one.shared):
        rows.append(Row("함께 쓸 시설의 자리 / shared facility", marker=_HUB, height=22))
        rows += note_rows("후보 지점일 뿐, 법적 검토 전 / legal feasibility not checked", lines=2)
    return rows


def _shared(one: Alliance, known: FlowMap, kinds: Mapping[str, Kind], *, disclose: bool) -> list[str]:
    """Say what an alliance shares, where it would stand, and how many people newly reach it."""
    told = []
    for kind in one.shared:
        where = f" @ {known.districts.name[kind.hub_in]}" if kind.hub_in >= 0 else ""
        names = " / ".join(dict.fromkeys(kind_words(kind.kind, kinds)))
        told.append(f"{names}{where}: +{shown_group(sum(kind.newly), disclose=disclose)}")
    return told


def _places(frame: Frame, found: Partition, known: FlowMap) -> tuple[list[Label], list[Symbols]]:
    """Return names of municipalities with the number of their alliance, and stars where shared facilities stand."""
    x, y = frame.pixels(known.x_m, known.y_m)
    number = {at: f"A{n} " for n, one in enumerate(found.alliances, start=1) for at in one.members}
    hubs = sorted({kind.hub_in for one in found.alliances for kind in one.shared if kind.hub_in >= 0})
    hubs = [at for at in hubs if np.isfinite(x[at])]
    order = sorted(np.flatnonzero(np.isfinite(x)).tolist(), key=lambda at: (at not in number, at))
    taken: list[Box] = [(float(x[at]) - 10, float(y[at]) - 10, float(x[at]) + 10, float(y[at]) + 10) for at in hubs]
    labels = [
        place(fit(f"{number.get(at, '')}{known.districts.name[at]}", 15, 190), float(x[at]), float(y[at]), frame, taken,
              size=15, colour="#1c1c1c", bold=at in number)
        for at in order[:_MOST_NAMED]
    ]  # fmt: skip
    marks = [Symbols(x[hubs], y[hubs], _HUB, 19.0)] if hubs else []
    return [one for one in labels if one is not None], marks
