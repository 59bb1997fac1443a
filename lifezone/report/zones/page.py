"""The short answer about divisions for the terminal, in Korean or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lifezone.model import Kind, World, Zones, Zoning
from lifezone.report.disclosure import counted
from lifezone.report.flows import flows_page
from lifezone.report.pages import Lines, Sheet
from lifezone.report.towns import towns_page
from lifezone.report.zones.words import bound_words, function_name, mode_words
from lifezone.standards.disclosure import shown_group
from lifezone.zoning.borders import ABROAD, across_borders

__all__ = ["zoning_notes", "zoning_page"]

_HEADER: Final = {
    "ko": ("기능", "수단", "한계", "생활권", "합쳐짐", "사람", "닿지 않음", "다른 구역 이용"),
    "en": ("function", "by", "within", "zones", "merged", "people", "beyond reach", "other municipality"),
}


def zoning_page(
    zoning: Zoning, world: World, variant: str, kinds: Mapping[str, Kind], *, language: str = "en",
    disclose: bool = False,
) -> list[Sheet | Lines]:  # fmt: skip
    """Return the divisions of one world as a page."""
    page: list[Sheet | Lines] = []
    if zoning.functions:
        rows = tuple(_row(zoning, zones, world, language, disclose=disclose) for zones in zoning.functions)
        title = (
            f"생활권 · {'현재' if variant == 'baseline' else variant}" if language == "ko" else f"Life zones: {variant}"
        )
        page.append(Sheet(title, _HEADER[language], rows, words=3))
    page += flows_page(zoning, language=language, disclose=disclose)
    page += towns_page(zoning, kinds, language=language, disclose=disclose)
    notes = zoning_notes(zoning, language, with_parts=False)  # which stand below each part already
    if notes:
        page.append(Lines("알아 둘 것" if language == "ko" else "Told", notes))
    return page


def zoning_notes(zoning: Zoning, language: str = "en", *, with_parts: bool = True) -> tuple[str, ...]:
    """Return what must be told of the divisions, each sentence once."""
    notes = [*(note for zones in zoning.functions for note in zones.notes), *zoning.notes]
    if with_parts:
        notes += [note for one in zoning.urban for note in one.notes]
        notes += [] if zoning.alliances is None else zoning.alliances.notes
    return tuple(dict.fromkeys(korean if language == "ko" else english for korean, english in notes))


def _row(zoning: Zoning, zones: Zones, world: World, language: str, *, disclose: bool) -> tuple[str, ...]:
    """Return one function: zones in the area, its people, whom nothing reaches, who crosses a border."""
    inside = world.demand.inside
    people = zones.weight[inside]
    outside, whole = float(people[zones.label[inside] < 0].sum()), float(people.sum())
    abroad = ""
    if len(zoning.municipalities) > 1:
        across = across_borders(zones, zoning, world)[inside] == ABROAD
        abroad = counted(float(people[across].sum()), whole, disclose=disclose)
    at = 0 if language == "ko" else 1
    return (
        function_name(zones)[at], mode_words(zones.mode)[at], bound_words(zones)[at],
        f"{sum(zone.in_area > 0 for zone in zones.zones):,}", f"{len(zones.merges):,}",
        shown_group(whole, disclose=disclose), counted(outside, whole, disclose=disclose), abroad,
    )  # fmt: skip
