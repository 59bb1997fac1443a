"""⑤ Method, assumptions and limits, for people who have to trust the numbers without having made them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lifezone.report.council.columns import column
from lifezone.report.council.facts import records
from lifezone.report.council.purpose import confidence_words
from lifezone.report.council.shown import people as shown_people
from lifezone.report.council.turning import buffer_km
from lifezone.report.document import Block, Bullets, Cell, Heading, Paragraph, Section, Table, Terms
from lifezone.report.material import Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts

__all__ = ["section"]

_WALKING: Final = re.compile(r"walking at ([\d.]+) km/h")
_QUANTITY: Final = re.compile(r"([\d.]+) ?(m/s|km/h|s|min|m|km)")
_TO_SI: Final = {"m/s": 1.0, "km/h": 1 / 3.6, "s": 1.0, "min": 60.0, "m": 1.0, "km": 1000.0}
_DETOUR: Final = 1.3
"""Network metres per straight metre inside a cell (D6)."""

Row = tuple[Cell, ...]


def section(material: Material, texts: Texts) -> Section:
    """Return how times were found, what was assumed, and what the numbers do not say."""
    blocks: list[Block] = [
        Paragraph(texts.say("method.lead_table" if material.scenario.get("times") else "method.lead"), "lead"),
        Heading(texts.say("method.steps")),
        Bullets(tuple(texts.say(f"method.step_{step}") for step in _steps(material)), ordered=True),
        Heading(texts.say("method.assumed")),
        _assumptions(material, texts),
        Heading(texts.say("method.how_to_read")),
        _terms(material, texts),
        *_doubts(material, texts),
        *notices(material, texts, "modelled", "border", "capacity", "disclosure"),
        Heading(texts.say("method.limits")),
        Bullets(tuple(texts.say(f"method.limit_{limit}") for limit in _limits(material))),
    ]
    return Section("method", texts.say("method.title"), tuple(blocks))


def _steps(material: Material) -> Iterator[str]:
    """Return the steps of the computation that this run took."""
    yield "people"
    yield "table" if material.scenario.get("times") else "roads"
    yield "nearest"
    yield "verdict"
    if "deserts" not in material.absent:
        yield "deserts"
    if material.others:
        yield "variants"


def _modes(material: Material) -> tuple[str, ...]:
    """Return the modes that requirements ask for."""
    return tuple(dict.fromkeys(rule.mode for rule in material.rules.values() if rule.bound is not None))


def _assumptions(material: Material, texts: Texts) -> Table:
    """Return what was assumed: each value, whether the study set it, and how sure it is."""
    rows = [*_people_rows(material, texts), *_speed_rows(material, texts), *_access_rows(material, texts),
            *_left_out_rows(material, texts)]  # fmt: skip
    columns = tuple(
        column(texts, key, texts.say(f"method.column_{key}")) for key in ("what", "value", "set_by", "confidence")
    )
    return Table("method_assumptions", texts.say("method.assumed_caption"), columns, tuple(rows),
                 texts.say("method.assumed_note"))  # fmt: skip


def _set_by(material: Material, texts: Texts, *keys: str) -> str:
    """Return whether the study set any of some options, or left the program's value."""
    options: Mapping[str, Any] = material.manifest.get("options", {})
    own = any(not one["default"] for key, one in options.items() if key in keys)
    return texts.say("method.set_by_study" if own else "method.set_by_default")


def _people_rows(material: Material, texts: Texts) -> Iterator[Row]:
    """Tell where people are taken to live, and how far around the area was loaded."""
    demand = material.variant(material.baseline).world.demand
    if demand.cells:
        value = texts.say("method.cells", side=demand.cell_m)
    else:
        value = texts.say("method.points", n=demand.n_points)
    yield (texts.say("method.where_people_live"), value, texts.say("method.set_by_data"), None)
    km = buffer_km(material)
    if km is not None:
        yield (
            texts.say("method.buffer"),
            texts.write(1000 * km, "metres"),
            _set_by(material, texts, "area.buffer"),
            None,
        )


def _speed_rows(material: Material, texts: Texts) -> Iterator[Row]:
    """Tell how fast people travel, by the modes that count."""
    area = material.scenario.get("area") or {}
    speeds = area.get("speeds") or {}
    modes = _modes(material)
    if material.scenario.get("times"):
        yield (
            texts.say("method.given_times"),
            texts.say("method.given_times_value"),
            texts.say("method.set_by_data"),
            None,
        )
    walk = _walking_kmh(material)
    if "walk" in modes and walk is not None:
        value = texts.say("method.kmh", speed=walk)
        yield (texts.say("method.walking"), value, _set_by(material, texts, "area.speeds.walk"),
               texts.say("method.sure_convention"))  # fmt: skip
    if "car" in modes:
        yield from _car_rows(material, texts, area, speeds)
    if "bicycle" in modes:
        kmh = _si(speeds.get("bicycle")) * 3.6 if speeds.get("bicycle") else 15.0
        yield (texts.say("method.bicycle"), texts.say("method.kmh", speed=kmh),
               _set_by(material, texts, "area.speeds.bicycle"), confidence_words(texts, "R"))  # fmt: skip


def _car_rows(material: Material, texts: Texts, area: Mapping[str, Any], speeds: Mapping[str, Any]) -> Iterator[Row]:
    """Tell which car speeds were taken."""
    from lifezone.routing.speeds import load_rules  # noqa: PLC0415  (reads YAML)

    network = str((area.get("network") or {}).get("type", ""))
    if network == "synthetic":
        yield (texts.say("method.car"), texts.say("method.car_invented"), texts.say("method.set_by_data"), None)
        return
    rules = load_rules({key: value for key, value in speeds.items() if value is not None})
    own = _set_by(material, texts, "area.speeds.preset", "area.speeds.factor")
    if network in ("links", "node_link"):
        yield (texts.say("method.car"), texts.say("method.car_links"), texts.say("method.set_by_data"), None)
    else:
        preset = (
            texts.say(f"method.preset_{rules.preset}") if texts.has(f"method.preset_{rules.preset}") else rules.preset
        )
        value = texts.say("method.car_preset", preset=preset, factor=rules.factor)
        yield (texts.say("method.car"), value, own, confidence_words(texts, rules.confidence))
    if rules.driven_mps:
        yield (texts.say("method.car_own"), texts.say("method.car_own_value", n=len(rules.driven_mps)),
               texts.say("method.set_by_study"), None)  # fmt: skip
    key = f"method.period_{rules.period}" if rules.period else "method.period_none"
    yield (texts.say("method.period"), texts.say(key), _set_by(material, texts, "area.speeds.period"),
           confidence_words(texts, "R") if rules.period else None)  # fmt: skip


def _access_rows(material: Material, texts: Texts) -> Iterator[Row]:
    """Tell the way from the door to the road, by mode."""
    told = ((material.scenario.get("area") or {}).get("access")) or {}
    for mode in _modes(material):
        own = told.get(mode)
        if not own or not texts.has(f"method.mode_{mode}"):
            continue
        name = texts.say(f"method.mode_{mode}")
        set_by = _set_by(material, texts, *(f"area.access.{mode}.{key}" for key in ("limit", "speed", "terminal")))
        value = texts.say("method.access_value", limit=_si(own["limit"]), speed=_si(own["speed"]) * 3.6)
        yield (texts.say("method.access", mode=name), value, set_by, None)
        terminal = _si(own["terminal"])
        if terminal > 0:
            yield (texts.say("method.terminal", mode=name), texts.write(terminal / 60, "minutes"), set_by,
                   confidence_words(texts, "ours"))  # fmt: skip


def _left_out_rows(material: Material, texts: Texts) -> Iterator[Row]:
    """Tell what may be switched on and whether it was: turns, slopes."""
    area = material.scenario.get("area") or {}
    for key in ("turns", "slope"):
        state = "on" if area.get(key) else "off"
        yield (
            texts.say(f"method.{key}"),
            texts.say(f"method.{key}_{state}"),
            _set_by(material, texts, f"area.{key}"),
            None,
        )


def _walking_kmh(material: Material) -> float | None:
    """Return the walking speed that the run tells."""
    for note in material.manifest.get("notes", {}).get("world", ()):
        found = _WALKING.search(str(note))
        if found is not None:
            return float(found[1])
    walk = ((material.scenario.get("area") or {}).get("speeds") or {}).get("walk")
    return None if walk is None else _si(walk) * 3.6


def _si(text: Any) -> float:
    """Return a resolved quantity in SI: ``500 m``, ``0.8333 m/s``, ``180 s``."""
    found = _QUANTITY.fullmatch(str(text).strip())
    return float(found[1]) * _TO_SI[found[2]] if found else 0.0


def _terms(material: Material, texts: Texts) -> Terms:
    """Explain the words of the report."""
    cell_m = material.variant(material.baseline).world.demand.cell_m
    words = ["time", "met", "share", "median"]
    if cell_m > 0:
        words.append("uncertain")
    words += ["at_most", "unreachable", "grade"]
    margin = _DETOUR * cell_m / 2**0.5
    return Terms(tuple((texts.say(f"method.word_{word}"), texts.say(f"method.word_{word}_means", margin=margin))
                       for word in words))  # fmt: skip


def _doubts(material: Material, texts: Texts) -> Iterator[Block]:
    """Count by requirement whose verdict is open or whose time is an upper limit."""
    counts = material.entry(material.baseline)["requirements"]
    keys = ("uncertain", "uncertified", "hangs_on_access", "off_network")
    rows: list[Row] = []
    for row in records(material.headline("summary", material.baseline)):
        own = counts.get(row["requirement"], {})
        if not own.get("judged") or not any(own.get(key) for key in keys):
            continue
        told = [shown_people(float(own.get(key) or 0.0), disclose=material.disclose) for key in keys]
        name = material.requirement_name(row["requirement"], texts.language)
        rows.append((name, shown_people(float(own["judged"]), disclose=material.disclose), *told))
    if not rows:
        return
    yield Heading(texts.say("method.doubts"))
    columns = [column(texts, "rule", texts.say("method.column_rule"))]
    columns += [column(texts, key, texts.say(f"method.column_{key}"), "people") for key in ("judged", *keys)]
    yield Table("method_doubts", texts.say("method.doubts_caption"), tuple(columns), tuple(rows),
                texts.say("method.doubts_note"), most=12)  # fmt: skip


def _limits(material: Material) -> Iterator[str]:
    """Return what the numbers do not say."""
    yield from ("quality", "hours")
    if "capacity" in material.absent:
        yield "seats"
    if not material.scenario.get("times"):
        yield "transit"
    if "car" in _modes(material):
        yield "no_car"
    yield from ("weather", "future", "wishes")
