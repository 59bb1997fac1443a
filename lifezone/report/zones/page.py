"""The short answer about divisions for the terminal, in Korean or English."""

from __future__ import annotations

from typing import Final

from lifezone.model import World, Zones, Zoning
from lifezone.report.disclosure import counted
from lifezone.report.flows import flows_page
from lifezone.report.pages import Lines, Sheet
from lifezone.report.towns import towns_page
from lifezone.standards.disclosure import shown_group

__all__ = ["zoning_notes", "zoning_page"]

_HEADER: Final = {
    "ko": ("기능", "수단", "한계", "생활권", "사람", "닿지 않음"),
    "en": ("function", "by", "within", "zones", "people", "beyond reach"),
}
_MODES_KO: Final = {"car": "자동차", "walk": "도보", "bicycle": "자전거", "transit": "대중교통"}


def zoning_page(
    zoning: Zoning, world: World, variant: str, *, language: str = "en", disclose: bool = False
) -> list[Sheet | Lines]:
    """Return the divisions of one world as a page."""
    page: list[Sheet | Lines] = []
    if zoning.functions:
        rows = tuple(_row(zones, world, language, disclose=disclose) for zones in zoning.functions)
        title = (
            f"생활권 · {'현재' if variant == 'baseline' else variant}" if language == "ko" else f"Life zones: {variant}"
        )
        page.append(Sheet(title, _HEADER[language], rows, words=3))
    page += flows_page(zoning, language=language, disclose=disclose)
    page += towns_page(zoning, language=language, disclose=disclose)
    notes = zoning_notes(zoning, language, with_urban=False)  # which stand below each method already
    if notes:
        page.append(Lines("알아 둘 것" if language == "ko" else "Told", notes))
    return page


def zoning_notes(zoning: Zoning, language: str = "en", *, with_urban: bool = True) -> tuple[str, ...]:
    """Return what must be told of the divisions, each sentence once."""
    notes = [*(note for zones in zoning.functions for note in zones.notes), *zoning.notes]
    notes += [note for one in zoning.urban for note in one.notes] if with_urban else []
    return tuple(dict.fromkeys(korean if language == "ko" else english for korean, english in notes))


def _row(zones: Zones, world: World, language: str, *, disclose: bool) -> tuple[str, ...]:
    inside = world.demand.inside
    people = zones.weight[inside]
    outside = float(people[zones.label[inside] < 0].sum())
    name = (zones.name_ko if language == "ko" else zones.name_en) or zones.id
    mode = _MODES_KO.get(zones.mode, zones.mode) if language == "ko" else zones.mode
    reach = (
        f"{zones.reach / 60:g} {'분' if language == 'ko' else 'min'}"
        if zones.metric == "time"
        else f"{zones.reach:g} m"
    )
    whole = float(people.sum())
    return (
        name, mode, reach, f"{len(zones.zones):,}", shown_group(whole, disclose=disclose),
        counted(outside, whole, disclose=disclose),
    )  # fmt: skip
