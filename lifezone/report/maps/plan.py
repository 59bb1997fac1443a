"""The maps of a plan: the way to the nearest before and with it, and who gains and loses; its sites marked and named.

Classes end at the question's bound where it has one, else at five round numbers that hold nineteen of twenty people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from lifezone.model import Assessment, Demand, Effect, Floats, Kind, Planned, Plans, Result, Standard, Variant, World
from lifezone.model.effect import CHANGES
from lifezone.progress import SILENT, Progress
from lifezone.report.disclosure import counted
from lifezone.report.maps import inks, words
from lifezone.report.maps.atlas import Atlas, View, common_rows, picture
from lifezone.report.maps.fonts import fit
from lifezone.report.maps.ground import Box
from lifezone.report.maps.inks import BARE
from lifezone.report.maps.legend import Row, Sheet, Titles, class_row, composed, drawn, heading, note_rows
from lifezone.report.maps.paper import save
from lifezone.report.maps.placing import place
from lifezone.report.maps.text import Label, Symbols
from lifezone.report.maps.times import breaks_of, shown_unit
from lifezone.report.names import file_stem, variant_folder
from lifezone.report.plan_words import aim, noted, objective, proof, rule_words

__all__ = ["VIEWS", "draw", "draw_plans", "round_breaks", "wanted"]

VIEWS: Final = ("plan_before", "plan_after", "plan_change")
_VIEW_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "plan_before": ("계획 전", "before the plan"),
    "plan_after": ("계획 후", "with the plan"),
    "plan_change": ("누가 얻고 누가 잃나", "who gains and who loses"),
}
_STEPS: Final = {"time": (60, 120, 180, 300, 600, 900, 1200, 1800, 3600), "length": (
    50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 50_000)}  # fmt: skip
"""Round numbers that classes without a bound are multiples of, seconds and metres."""
_NOT_COUNTED, _UNREACHABLE = 6, 7
_TIME_INKS: Final = (*inks.WITHIN, *inks.BEYOND, inks.NOT_JUDGED, inks.UNREACHABLE)
_CHANGE_INKS: Final = (
    inks.UNCHANGED, inks.QUICKER, inks.SLOWER, inks.GAIN, inks.LOSE, inks.UNREACHABLE, inks.NOT_JUDGED,
)  # fmt: skip
"""In the order of :data:`lifezone.model.effect.CHANGES`; the last one for people who are not counted."""
_CHANGE_WORDS: Final = (
    "변화 없음 / unchanged", "가까워짐 / nearer", "멀어짐 / farther", "새로 한도 안 / newly within",
    "한도 밖으로 / no longer within", "둘 다 갈 수 없음 / no way in both",
)  # fmt: skip
_CHANGE_ORDER: Final = (3, 1, 0, 2, 4, 5)


@dataclass(frozen=True)
class _Mark:
    """How the sites of one state are drawn."""

    words: str
    marker: str
    size: float
    fill: str
    edge: str


_MARKS: Final[Mapping[str, _Mark]] = {
    "candidate": _Mark("고르지 않은 후보 / candidate, not chosen", "o", 8.0, "#f4f4f4", "#8a8a8a"),
    "kept": _Mark("있는 시설 / open, stays", "s", 11.0, "#14213d", "#ffffff"),
    "closed": _Mark("닫는 곳 / closed", "X", 17.0, "#000000", "#ffffff"),
    "opened": _Mark("여는 곳 / opened", "*", 23.0, "#d11141", "#ffffff"),
}
"""From the bottom to the top of the map."""
_MOST_SYMBOLS: Final = 4_000
_MOST_NAMES: Final = 40
_EDGE_PX: Final = 6


def wanted(found: Planned, effect: Effect) -> Iterator[tuple[str, str, str]]:
    """Yield the maps of one kind of a plan: file stem, view, kind."""
    own = "" if len(found.effects) == 1 else f"_{file_stem(effect.kind)}"
    for view in VIEWS:
        yield f"{view}{own}", view, effect.kind


def draw_plans(
    result: Plans, folder: Path, *, progress: Progress = SILENT, disclose: bool = False
) -> dict[str, list[str]]:
    """Draw the maps of plans that were made without judging anybody, into ``<variant>/maps``.

    Returns:
        The file names by variant.
    """
    plans = [(name, found) for name, _, found in result.plans if found.effects]
    if not plans:
        return {}
    atlas = Atlas(_as_result(result, plans[0][1].effects[0].world), result.kinds, disclose)
    told: dict[str, list[str]] = {}
    with progress.step("drawing maps", sum(3 * len(found.effects) for _, found in plans)) as advance:
        for name, found in plans:
            place = folder / variant_folder(name) / "maps"
            place.mkdir(parents=True)
            for stem, view, kind in [one for effect in found.effects for one in wanted(found, effect)]:
                crs = found.effects[0].world.crs
                footer = words.made_from(result.name, result.provenance, crs)
                save(drawn(draw(atlas, name, found, view, kind, footer)), place / f"{stem}.png")
                told.setdefault(name, []).append(f"{stem}.png")
                advance(1)
    return told


def _as_result(result: Plans, world: World) -> Result:
    """Return a result of which nothing is judged, for the frame of the maps."""
    n = world.demand.n_points
    nothing = Assessment(
        Standard("scenario", ()), {}, np.zeros(n, np.int32), np.zeros((n, 0), np.bool_), np.full(n, -1, np.int32), ()
    )
    return Result(result.name, (Variant("baseline", world, nothing),), result.provenance, kinds=result.kinds)


def draw(atlas: Atlas, name: str, found: Planned, view_of: str, kind: str, footer: tuple[str, ...]) -> Sheet:
    """Draw one map of a plan.

    Args:
        atlas: frames and grounds.
        name: the variant.
        found: its plan.
        view_of: one of :data:`VIEWS`.
        kind: which kind of facility.
        footer: what the map was made from.
    """
    effect = next(one for one in found.effects if one.kind == kind)
    view = atlas.view(effect.world)
    demand = effect.world.demand.take(effect.inside)
    is_change = view_of == "plan_change"
    code = _change_codes(effect, demand) if is_change else _time_codes(effect, view_of == "plan_before", demand)
    rows = _change_rows(effect, code, atlas) if is_change else _time_rows(effect, code, atlas)
    symbols, site_rows, labels = _sites(view, found, effect, is_before=view_of == "plan_before")
    rows += site_rows + _told(found, atlas) + common_rows(view, effect.world)
    colours = _CHANGE_INKS if is_change else _TIME_INKS
    titles = _titles(name, found, effect, view_of, atlas.kinds, footer)
    return composed(view.frame, picture(view, code, colours), titles, rows, labels, symbols, ground=view.ground)


def round_breaks(effect: Effect) -> tuple[float, ...]:
    """Return five limits of classes, SI units: those of the bound, else multiples of a round number."""
    if effect.rule.bound is not None and effect.rule.bound > 0:
        return breaks_of(effect.rule)
    some = np.isfinite(effect.before) & (effect.people > 0)
    value = effect.before
    if not some.any():
        value = effect.after
        some = np.isfinite(value) & (effect.people > 0)
    if not some.any():
        return tuple(float(_STEPS[effect.rule.metric][3] * n) for n in range(1, 6))
    order = np.argsort(value[some], kind="stable")
    done = np.cumsum(effect.people[some][order])
    most = float(value[some][order][np.searchsorted(done, 0.95 * done[-1])])
    step = next((step for step in _STEPS[effect.rule.metric] if 5 * step >= most), most / 5)
    return tuple(float(step * n) for n in range(1, 6))


def _time_codes(effect: Effect, before: bool, demand: Demand) -> np.ndarray:
    """Return u8[n] the class of each point of the study area."""
    value = (effect.before if before else effect.after)[effect.inside]
    code = np.searchsorted(np.array(round_breaks(effect)), np.where(np.isfinite(value), value, np.inf)).astype(np.uint8)
    code[~np.isfinite(value)] = _UNREACHABLE
    return _masked(effect, demand, code, _NOT_COUNTED)


def _change_codes(effect: Effect, demand: Demand) -> np.ndarray:
    """Return u8[n] how each point of the study area fares."""
    return _masked(effect, demand, effect.change[effect.inside].copy(), len(CHANGES))


def _masked(effect: Effect, demand: Demand, code: np.ndarray, not_counted: int) -> np.ndarray:
    """Mark points where nobody lives, and those of people whom the question does not count."""
    code[effect.people[effect.inside] <= 0] = not_counted
    code[demand.total <= 0] = BARE
    return code


def _time_rows(effect: Effect, code: np.ndarray, atlas: Atlas) -> list[Row]:
    """Return the legend of times: classes with people, the bound marked."""
    people = effect.people[effect.inside]
    total = float(people.sum())
    factor, unit = shown_unit(effect.rule)
    limits = [limit / factor for limit in round_breaks(effect)]
    names = [f"0 – {limits[0]:.3g}", *(f"{low:.3g} – {high:.3g}" for low, high in pairwise(limits))]
    names.append(f"> {limits[-1]:.3g}")
    table = [heading(f"가까운 곳까지 / to the nearest ({unit})", "인구 people")]
    for number, name in enumerate(names):
        count = counted(float(people[code == number].sum()), total, disclose=atlas.disclose)
        table.append(class_row(_TIME_INKS[number], f"{name} {unit}", count))
        if number == len(inks.WITHIN) - 1 and effect.rule.bound is not None:
            korean, english = words.bound_words(effect.rule)
            table.append(Row(f"◀ 한도 {korean} / bound {english}", style="bound", height=24))
    if (code == _UNREACHABLE).any():
        count = counted(float(people[code == _UNREACHABLE].sum()), total, disclose=atlas.disclose)
        table.append(class_row(inks.UNREACHABLE, "갈 수 없음 / no way", count))
    return [*table, *_uncounted(code, _NOT_COUNTED)]


def _change_rows(effect: Effect, code: np.ndarray, atlas: Atlas) -> list[Row]:
    """Return the legend of who gains and loses."""
    people = effect.people[effect.inside]
    total = float(people.sum())
    table = [heading("계획의 효과 / effect of the plan", "인구 people")]
    for number in _CHANGE_ORDER:
        if number in (3, 4) and effect.rule.bound is None:
            continue
        if number == len(CHANGES) - 1 and not (code == number).any():
            continue
        count = counted(float(people[code == number].sum()), total, disclose=atlas.disclose)
        table.append(class_row(_CHANGE_INKS[number], _CHANGE_WORDS[number], count))
    return [*table, *_uncounted(code, len(CHANGES))]


def _uncounted(code: np.ndarray, number: int) -> list[Row]:
    """Return the row of people whom the question does not count, where there are some."""
    return [class_row(inks.NOT_JUDGED, "묻지 않은 사람 / not asked about")] if (code == number).any() else []


def _sites(
    view: View, found: Planned, effect: Effect, *, is_before: bool
) -> tuple[list[Symbols], list[Row], list[Label]]:
    """Return markers, legend rows and names of the sites: those that open on top, candidates faint below."""
    supply, at = effect.facilities, effect.sites
    opened, closed = set(found.opened), set(found.closed)
    ids = [str(one) for one in supply.ids[at].tolist()]
    states = np.array([
        ("candidate" if is_before else "opened") if one in opened else
        ("kept" if is_before else "closed") if one in closed else "kept" if stands else "candidate"
        for one, stands in zip(ids, (supply.open[at]).tolist(), strict=True)
    ])  # fmt: skip
    x, y = view.frame.pixels(supply.x_m[at], supply.y_m[at])
    seen = (x > _EDGE_PX) & (x < view.frame.width - _EDGE_PX) & (y > _EDGE_PX) & (y < view.frame.height - _EDGE_PX)
    symbols, rows = [], [heading("시설 / facilities", "지도 안 on map")]
    for state, mark in _MARKS.items():
        own = seen & (states == state)
        if not own.any():
            continue
        if own.sum() <= _MOST_SYMBOLS:
            symbols.append(Symbols(x[own], y[own], mark.marker, mark.size, mark.fill, mark.edge))
        rows.insert(1, Row(mark.words, f"{int(own.sum()):,}", marker=mark.marker, fill=mark.fill, edge=mark.edge,
                           height=22))  # fmt: skip
    names = [str(name) or one for name, one in zip(supply.name[at].tolist(), ids, strict=True)]
    return symbols, rows, _names(view, states, seen, x, y, names)


def _names(view: View, states: np.ndarray, seen: np.ndarray, x: Floats, y: Floats, names: list[str]) -> list[Label]:
    """Return the names of sites, those that open or close first; one that would touch another is left out."""
    taken: list[Box] = list(view.ground.names)
    taken += [(x[i] - 8, y[i] - 8, x[i] + 8, y[i] + 8) for i in np.flatnonzero(seen & (states != "candidate"))]
    found: list[Label] = []
    for state, colour, bold, size in (("opened", "#8f0c2c", True, 15.0), ("closed", "#000000", True, 15.0),
                                      ("kept", "#14213d", False, 12.0)):  # fmt: skip
        own = np.flatnonzero(seen & (states == state))
        if len(own) > _MOST_NAMES:
            continue
        for i in own.tolist():
            label = place(fit(names[i], size, 220), float(x[i]) + 2, float(y[i]), view.frame, taken, size=size,
                          colour=colour, bold=bold)  # fmt: skip
            found += [label] if label is not None else []
    return found


def _told(found: Planned, atlas: Atlas) -> list[Row]:
    """Return what must be known of the plan beside its map."""
    rows = [heading("계획 / plan")]
    told = [objective(found, found.plan.objective, disclose=atlas.disclose), proof(found, disclose=atlas.disclose)]
    for korean, english in [*told, *(noted(note) for note in found.notes)]:
        for text in dict.fromkeys((korean, english)):
            rows += note_rows(text, lines=3)
    return rows


def _titles(
    name: str, found: Planned, effect: Effect, view_of: str, kinds: Mapping[str, Kind], footer: tuple[str, ...]
) -> Titles:
    """Return the titles: the kind, mode and bound, the variant, and what the map shows."""
    kind, rule, shown = words.kind_words(effect.kind, kinds), rule_words(effect.rule), _VIEW_WORDS[view_of]
    korean, english = (f"{kind[i]}, {rule[i]} — {name}: {shown[i]}" for i in (0, 1))
    groups = ", ".join("전체 인구 / everybody" if group == "total" else group for group in effect.groups)
    detail = " · ".join((f"대상 / for: {groups}", " / ".join(aim(found.plan.method))))
    return Titles(korean, english, detail, footer)
