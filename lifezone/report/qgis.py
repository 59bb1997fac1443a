"""QGIS styles for the layers of the GeoPackage, so that it opens coloured: life deserts, then each requirement.

QGIS reads styles from a table ``layer_styles`` in the same file: one row a style, the default one opens by itself, the
others are in the layer's list of styles. The renderer is rule-based, since "unreachable" and "not judged" are classes
of their own beside minutes. Colours are those of the maps (:mod:`lifezone.report.maps.inks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from lifezone.model import Requirement, Result, Variant, World
from lifezone.report.extent import extent_of
from lifezone.report.ground_layers import ground_frames
from lifezone.report.maps import inks
from lifezone.report.maps.inks import Ink

__all__ = ["STYLE_TABLE", "plan_styles", "style_rows", "write_rows", "write_styles"]

STYLE_TABLE: Final = "layer_styles"
_QGIS: Final = "3.22.0"
_DATE: Final = "2000-01-01T00:00:00.000Z"
_ROAD_WIDTHS: Final = {"motorway": 1.0, "trunk": 1.0, "primary": 0.8, "secondary": 0.6, "tertiary": 0.45}
_CLASSES: Final = {"A": inks.WITHIN[0], "B": inks.WITHIN[2], "C": inks.BEYOND[0], "D": inks.BEYOND[2]}
_SHAPES: Final = ("circle", "square", "diamond", "triangle", "star", "cross", "pentagon", "hexagon")
_HUES: Final = ("#1f5a96", "#7a3108", "#2f7d4f", "#6a3d9a", "#b8860b", "#444444", "#c2185b", "#00838f")


StyleRow = tuple[str, str, str, str, int]
"""Layer, name of the style, what it shows, the style itself, and whether it opens by itself."""


@dataclass(frozen=True)
class _Rule:
    """One class: an expression over columns, its label and symbol."""

    where: str
    label: str
    symbol: str


def style_rows(result: Result) -> pd.DataFrame:
    """Return the table ``layer_styles`` for every layer of the run's GeoPackage."""
    return _table(_run_rows(result))


def _run_rows(result: Result) -> list[StyleRow]:
    """Return the styles of a run's layers."""
    rows: list[StyleRow] = []
    for variant in result.variants:
        is_grid = variant.world.demand.cells and variant.world.demand.cell_m > 0
        rows += _cell_styles(variant, fill=is_grid)
        rows.append((f"facilities_{variant.name}", "facilities", "시설 / facilities", _facilities(variant, result), 1))
        deserts = _qml(
            [
                _Rule("named", "생활사막 / life desert", _area(inks.LOST[3], fill=is_grid)),
                _Rule("ELSE", "흩어진 곳 / scattered", _area(inks.LOST[1], fill=is_grid)),
            ]
        )
        rows.append((f"deserts_{variant.name}", "deserts", "생활사막 / life deserts", deserts, 1))
        if variant.world.districts.polygon is not None:
            rows.append((f"districts_{variant.name}", "classes", "등급 / classes", _districts(), 1))
        if variant is result.baseline or variant.world.network is not result.baseline.world.network:
            layer = "roads" if variant is result.baseline else f"roads_{variant.name}"
            rows.append((layer, "roads", "도로 / roads", _roads(variant), 1))
        if variant.planned is not None and variant.planned.effects:
            rows += plan_styles(variant.name, fill=is_grid)
    return rows + _ground_styles(result.baseline.world)


def _ground_styles(world: World) -> list[StyleRow]:
    """Return the styles of the layers that maps are drawn on."""
    symbols = {
        "area": _Rule("ELSE", "대상지역 / study area", _outline("#6a3d8f", 0.6)),
        "water": _Rule("ELSE", "물 / water", _area(inks.WATER, fill=True)),
        "shapes": _Rule("ELSE", "인구의 구역 / areas of people", _outline("#8a8a8a", 0.2)),
        "places": _Rule("ELSE", "마을 / settlement", _marker("circle", "#ffffff", "#333333", 1.2)),
    }
    there = [layer for layer, _frame, _type in ground_frames(world, extent_of(world))]
    return [(layer, layer, symbols[layer].label, _qml([symbols[layer]]), 1) for layer in there]


def plan_styles(name: str, *, fill: bool) -> list[StyleRow]:
    """Return the styles of a plan's layers: sites by state, people by how they fare, lines faint."""
    sites = _qml([
        _Rule("\"state\" = 'opened'", "여는 곳 / opened", _marker("star", "#d11141", "#ffffff", 4.6)),
        _Rule("\"state\" = 'closed'", "닫는 곳 / closed", _marker("cross2", "#000000", "#000000", 3.6)),
        _Rule("\"state\" = 'kept'", "그대로 / kept", _marker("square", "#14213d", "#ffffff", 3.0)),
        _Rule("ELSE", "고르지 않은 후보 / candidate", _marker("circle", "#ffffff", "#8a8a8a", 1.8)),
    ])  # fmt: skip
    classes = (
        ("newly_within", "새로 한도 안 / newly within", inks.GAIN), ("nearer", "가까워짐 / nearer", inks.QUICKER),
        ("farther", "멀어짐 / farther", inks.SLOWER), ("no_longer_within", "한도 밖으로 / pushed out", inks.LOSE),
        ("unreachable", "둘 다 갈 수 없음 / no way in both", inks.UNREACHABLE),
    )  # fmt: skip
    people = [_Rule(f"\"change\" = '{key}'", label, _area(ink, fill=fill)) for key, label, ink in classes]
    people.append(_Rule("ELSE", "변화 없음 / unchanged", _area(inks.UNCHANGED, fill=fill)))
    lines = [
        _Rule('"moved"', "다른 시설로 / to another one", _line("#1f5a96", 0.25)),
        _Rule("ELSE", "그대로 / as before", _line("#8a8a8a", 0.12)),
    ]
    return [
        (f"plan_sites_{name}", "sites", "계획의 시설 / sites of the plan", sites, 1),
        (f"plan_people_{name}", "change", "누가 얻고 잃나 / who gains and loses", _qml(people), 1),
        (f"plan_lines_{name}", "lines", "누가 어디로 / who goes where", _qml(lines), 1),
    ]


def _table(rows: Sequence[StyleRow]) -> pd.DataFrame:
    """Return the table ``layer_styles``."""
    return pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": [row[0] for row in rows],
            "f_geometry_column": "geom",
            "styleName": [row[1] for row in rows],
            "styleQML": [row[3] for row in rows],
            "styleSLD": "",
            "useAsDefault": pd.array([bool(row[4]) for row in rows], dtype="bool"),
            "description": [row[2] for row in rows],
            "owner": "lifezone",
            "ui": None,
            "update_time": pd.to_datetime([_DATE] * len(rows)).as_unit("ms"),
        }
    )


def _cell_styles(variant: Variant, *, fill: bool) -> list[StyleRow]:
    """Return the styles of a variant's cells: deserts first, then each requirement."""
    layer, standard = f"cells_{variant.name}", variant.assessment.standard
    rows = []
    if standard.desert is not None:
        deserts = _qml(
            [
                _Rule('"desert" IS NOT NULL', "생활사막 / life desert", _area(inks.LOST[3], fill=fill)),
                _Rule(
                    '"deficits" > 0', "충족 못 한 기준 있음 / some requirement unmet", _area(inks.LOST[1], fill=fill)
                ),
                _Rule('"people_total" > 0', "모두 충족 / all met", _area(inks.LOST[0], fill=fill)),
                _Rule("ELSE", "사람 없음 / nobody", _area(inks.NOBODY, fill=fill)),
            ]
        )
        rows.append((layer, "deserts", "생활사막 / life deserts", deserts, 1))
    for rule in standard.requirements:
        if rule.id in variant.assessment.verdicts:
            name = " / ".join(dict.fromkeys(part for part in (rule.name_ko, rule.name_en) if part)) or rule.id
            rows.append((layer, rule.id, f"{name}: {rule.bound_text}", _requirement(rule, fill=fill), int(not rows)))
    return rows


def _requirement(rule: Requirement, *, fill: bool) -> str:
    """Return the style of one requirement: shares of the bound within it, multiples beyond it, reasons apart."""
    is_time = rule.metric == "time"
    column = f'"{rule.id}_{"minutes" if is_time else "metres"}"'
    reason, bound = f'"{rule.id}_reason"', (rule.bound or 0.0) / (60.0 if is_time else 1.0)
    unit = "분 min" if is_time else "m"
    classes = []
    for part, (low, high) in zip(inks.WITHIN, ((0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, None)), strict=True):
        upper = "" if high is None else f" AND {column} <= {bound * high:.6g}"
        label = f"{bound * low:.3g} – {bound * (high or 1):.3g} {unit}"
        classes.append(
            _Rule(
                f"{reason} = 'met' AND {column} > {bound * low - (low == 0):.6g}{upper}", label, _area(part, fill=fill)
            )
        )
    for part, (low, high) in zip(inks.BEYOND, ((0.0, 1.5), (1.5, 2.0), (2.0, None)), strict=True):
        upper = "" if high is None else f" AND {column} <= {bound * high:.6g}"
        lower = f" AND {column} > {bound * low:.6g}" if low else ""
        label = f"{bound * (low or 1):.3g} – {bound * high:.3g} {unit}" if high else f"> {bound * low:.3g} {unit}"
        classes.append(_Rule(f"{reason} = 'too_far'{lower}{upper}", label, _area(part, fill=fill)))
    for why, label in (
        ("unreachable", "길 없음 / unreachable"),
        ("off_network", "도로에서 멂 / off the roads"),
        ("no_facility", "시설 없음 / no facility"),
    ):
        classes.append(_Rule(f"{reason} = '{why}'", label, _area(inks.UNREACHABLE, fill=fill)))
    classes.append(_Rule("ELSE", "판정 안 함 / not judged", _area(inks.NOT_JUDGED, fill=fill)))
    return _qml(classes)


def _facilities(variant: Variant, result: Result) -> str:
    """Return the style of facilities: a shape and colour a kind; closed ones and candidates hollow."""
    rules = []
    for at, kind in enumerate(variant.world.facilities.kinds):
        known = result.kinds.get(kind)
        name = f"{known.name_ko} / {known.name_en}" if known is not None else kind
        shape, hue = _SHAPES[at % len(_SHAPES)], _HUES[at % len(_HUES)]
        is_kind = f"\"kind\" = '{kind}'"
        rules.append(_Rule(f'{is_kind} AND "open"', name, _marker(shape, hue, hue)))
        rules.append(
            _Rule(
                f'{is_kind} AND NOT "open"', f"{name}: 닫힘·후보 / closed or candidate", _marker(shape, "#ffffff", hue)
            )
        )
    return _qml(rules)


def _districts() -> str:
    """Return the style of districts: their class."""
    rules = [
        _Rule(f"\"class\" = '{name}'", f"{name} 등급 / class {name}", _area(ink, fill=True, edge="#6a3d9a", alpha=0.6))
        for name, ink in _CLASSES.items()
    ]
    rules.append(_Rule("ELSE", "등급 없음 / no class", _area(inks.OUTSIDE, fill=True, edge="#6a3d9a", alpha=0.3)))
    return _qml(rules)


def _roads(variant: Variant) -> str:
    """Return the style of roads: width by class, ferries dashed, closed ones red."""
    first = variant.world.network.modes[0] if variant.world.network.modes else ""
    shut = " AND ".join(f"\"{mode}\" = 'closed'" for mode in variant.world.network.modes)
    rules = [_Rule(shut, "막힘 / closed", _line("#d11141", 0.8))] if first else []
    rules += [_Rule(f"\"way\" LIKE '{way}%'", way, _line("#333333", width)) for way, width in _ROAD_WIDTHS.items()]
    rules.append(_Rule("\"way\" = 'ferry'", "뱃길 / ferry", _line("#1f5a96", 0.5, dash=True)))
    rules.append(_Rule("ELSE", "그 밖의 길 / other", _line("#8a8a8a", 0.25)))
    return _qml(rules, first_match=True)


def _qml(rules: Sequence[_Rule], *, first_match: bool = True) -> str:
    """Write a rule-based renderer; each class excludes those before it, as a legend reads from the top."""
    made, before = [], list[str]()
    for at, rule in enumerate(rules):
        where = rule.where
        if where != "ELSE" and first_match and before:
            where = f"({where}) AND NOT ({' OR '.join(f'coalesce(({one}), false)' for one in before)})"
        before += [] if rule.where == "ELSE" else [rule.where]
        key = f"{{{uuid5(NAMESPACE_URL, f'lifezone/{at}/{rule.where}')}}}"
        made.append(
            f'<rule key={quoteattr(key)} symbol="{at}" filter={quoteattr(where)} label={quoteattr(rule.label)}/>'
        )
    symbols = "".join(rule.symbol.replace("@name@", str(at)) for at, rule in enumerate(rules))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        f'<qgis version="{_QGIS}" styleCategories="Symbology">'
        '<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">'
        f'<rules key="{{{uuid5(NAMESPACE_URL, "lifezone/rules")}}}">{"".join(made)}</rules>'
        f"<symbols>{symbols}</symbols></renderer-v2><blendMode>0</blendMode><layerOpacity>1</layerOpacity></qgis>"
    )


def _area(ink: Ink, *, fill: bool, edge: str = "", alpha: float = 1.0) -> str:
    """Return the symbol of a cell or district; of a point where people are points."""
    if not fill:
        return _marker("circle", ink.fill, ink.fill)
    options = {
        "color": _rgb(ink.fill),
        "style": "solid",
        "outline_style": "solid" if edge else "no",
        "outline_color": _rgb(edge or "#000000"),
        "outline_width": "0.4",
        "outline_width_unit": "MM",
    }
    return _symbol("fill", "SimpleFill", options, alpha)


def _marker(shape: str, fill: str, edge: str, size_mm: float = 2.4) -> str:
    return _symbol(
        "marker",
        "SimpleMarker",
        {
            "name": shape,
            "color": _rgb(fill),
            "outline_color": _rgb(edge),
            "outline_style": "solid",
            "outline_width": "0.4",
            "size": f"{size_mm:g}",
            "size_unit": "MM",
        },
    )


def _line(colour: str, width: float, *, dash: bool = False) -> str:
    return _symbol(
        "line",
        "SimpleLine",
        {
            "line_color": _rgb(colour),
            "line_style": "dash" if dash else "solid",
            "line_width": f"{width:g}",
            "line_width_unit": "MM",
        },
    )


def _outline(colour: str, width: float) -> str:
    """Return the symbol of an area that shows its border alone."""
    options = {"style": "no", "outline_style": "solid", "outline_color": _rgb(colour), "outline_width": f"{width:g}"}
    return _symbol("fill", "SimpleFill", {**options, "outline_width_unit": "MM"})


def _symbol(kind: str, layer: str, options: dict[str, str], alpha: float = 1.0) -> str:
    """Write a symbol of one layer, its options in the form of QGIS 3.18 and in that of older versions."""
    new = "".join(f'<Option type="QString" name="{key}" value={quoteattr(value)}/>' for key, value in options.items())
    old = "".join(f'<prop k="{key}" v={quoteattr(value)}/>' for key, value in options.items())
    return (
        f'<symbol type="{kind}" name="@name@" alpha="{alpha:g}" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{escape(layer)}" enabled="1" locked="0" pass="0"><Option type="Map">{new}</Option>{old}</layer>'
        "</symbol>"
    )


def _rgb(colour: str) -> str:
    """Write ``#rrggbb`` as QGIS does: ``r,g,b,255``."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def write_styles(result: Result, path: Path) -> None:
    """Add the table of styles of a run to a GeoPackage; the caller fixes the date that GDAL writes."""
    write_rows(_run_rows(result), path)


def write_rows(rows: Sequence[StyleRow], path: Path) -> None:
    """Add a table of styles to a GeoPackage; the caller fixes the date that GDAL writes."""
    import pyogrio  # noqa: PLC0415

    pyogrio.write_dataframe(_table(rows), path, layer=STYLE_TABLE, driver="GPKG", FID="id", use_arrow=True)
