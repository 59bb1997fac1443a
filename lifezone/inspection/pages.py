"""What ``inspect`` prints: a page a file in Korean and English, then the YAML that loads all of them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lifezone.errors import Fault, InputError
from lifezone.inspection.known import COMPANION
from lifezone.inspection.look import Seen, look_at_all
from lifezone.report.pages import Lines, Page, show
from lifezone.sources.korea.report import REASONS, FileReport
from lifezone.standards import load_kinds

__all__ = ["inspection_page", "run_inspection", "scenario_yaml"]

_SORTS: Final[Mapping[str, tuple[str, str]]] = {
    "facilities": ("시설", "facilities"), "people": ("인구", "people"), "districts": ("행정구역", "districts"),
    "roads": ("도로", "roads"), "road_nodes": ("도로 노드", "road nodes"), "road_turns": ("회전규제", "turn rules"),
    "flows": ("이동(출발–도착)", "flows"), "births": ("출생", "births"), "designations": ("지정 지역", "designations"),
    "attributes": ("부가 정보", "attributes of facilities"), "transit": ("대중교통", "public transport"),
    "times": ("통행시간", "travel times"),
    "other": ("그 밖", "other"),
}  # fmt: skip
_ONE_LINE: Final = ("demand", "times")
_MOST_COLUMNS: Final = 14


def run_inspection(paths: Sequence[str], out: Path | None) -> int:
    """Look at files, print what they are; return the exit code: 0, or 2 when one could not be read."""
    seen, failed = look_at_all(paths)
    show(inspection_page(seen))
    yaml = scenario_yaml(seen, Path() if out is None else out.parent)
    if yaml:
        show([Lines("이 파일들을 읽는 YAML / the YAML that loads them", ())])
        sys.stdout.write(yaml)
    if out is not None and yaml:
        try:
            out.write_text(yaml, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(Fault(f"{out} cannot be written: {error.strerror or error}")) from None
    if failed:
        sys.stderr.write("\n".join(str(fault) for error in failed for fault in error.faults) + "\n")
    return 2 if failed else 0


def inspection_page(seen: Sequence[Seen]) -> Page:
    """Return a page for each file."""
    return [Lines(f"{one.report.path}: {one.report.ko} / {one.report.en}", tuple(_lines(one))) for one in seen]


def _lines(one: Seen) -> list[str]:
    """Say what is known of one file."""
    report = one.report
    ko, en = _SORTS.get(report.sort, ("", report.sort))
    lines = [f"쓰임 / for: {ko} / {en}"]
    if report.rows:
        lines += _row_lines(report)
    if report.dates:
        first, last = report.dates
        lines.append(f"자료 날짜 / dates: {first if first == last else f'{first} – {last}'}")
    if report.crs:
        lines.append(f"좌표계 / coordinates: {report.crs}")
    if report.rows and report.sort not in ("transit",):
        header = "" if report.has_header else ", 머리글 없음 / no header line"
        lines.append(f"글자 / encoding: {report.encoding}{header}")
    kinds = load_kinds()
    if report.kinds:
        told = [f"{kinds[key].name_ko if key in kinds else key} {key} {n:,}" for key, n in report.kinds.items()]
        lines.append(f"종류 / kinds: {', '.join(told)}")
    if report.columns:
        used = [f"{role} ← {column}" for role, column in list(report.columns.items())[:_MOST_COLUMNS]]
        more = "" if len(report.columns) <= _MOST_COLUMNS else f" … ({len(report.columns)})"
        word = "짐작한 열 / columns, guessed" if report.facts.get("guessed") else "쓰는 열 / columns"
        lines.append(f"{word}: {', '.join(used)}{more}")
    lines += [
        f"{_FACTS.get(key, key)}: {_shown(value)}"
        for key, value in report.facts.items()
        if key not in _QUIET and value not in (None, [])
    ]
    lines += [
        f"! {finding.ko} / {finding.en}" + (f" ({finding.where})" if finding.where else "")
        for finding in report.findings
    ]
    if not one.block:
        lines.append(
            "이 파일 하나로 채울 수 있는 시나리오 항목은 없음 / no block of a scenario reads this file by itself"
        )
    return lines


_FACTS: Final[Mapping[str, str]] = {
    "people": "인구 / people", "people_range": "인구 범위 / people, least and most", "level": "단위 / level",
    "basis": "기준 / counted where people are", "states": "영업 상태 / states", "codes": "코드 체계 / system of codes",
    "branch_offices_added": "소속 읍·면에 합친 출장소 / branch offices added to their eup or myeon",
    "rows_added_up": "합산한 행 / rows added up", "needs": "필요한 것 / needs", "box": "범위 / box",
    "bytes": "크기(바이트) / bytes", "columns": "열 / columns", "also": "다른 쓰임 / could also be",
    "nodes": "노드 / nodes", "edges": "링크 / edges", "bands": "밴드 / bands", "width": "열 수 / columns",
    "height": "행 수 / rows", "cell": "격자 크기 / side of a cell", "nodata": "값 없음 표시 / stands for no value",
    "type": "자료형 / type", "names": "밴드 이름 / names of bands", "classes": "도로 등급 수 / road ranks",
    "parts": "딸린 파일 / files that belong to it", "stops": "정류장 / stops", "routes": "노선 / routes",
    "trips": "운행 / trips", "stop_times": "정차 / calls at stops",
}  # fmt: skip
_QUIET: Final = frozenset(("guessed", "crs_is_guessed"))


def _row_lines(report: FileReport) -> list[str]:
    """Account for every row."""
    left = [f"{REASONS[key][0]} / {REASONS[key][1]} {count:,}" for key, count in report.left_out.items() if count]
    told = f"행 / rows {report.rows:,} = 사용 / used {report.used:,}"
    return [told + "".join(f" + {part}" for part in left)]


def _shown(value: object) -> str:
    """Write a fact in few words."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return f"{value:,.0f}"
        return f"{value:,.1f}" if 1e5 <= abs(value) < 1e15 else f"{value:,.6g}"
    return str(value)


def scenario_yaml(seen: Sequence[Seen], folder: Path) -> str:
    """Return the YAML that loads these files: one block for roads, districts and people, a list of facilities.

    A second file for a block of which there is one is left to the reader, as a comment.

    Args:
        seen: what was looked at.
        folder: where the YAML will stand; paths are written from there.
    """
    whole: dict[str, Any] = {}
    spare: list[str] = []
    for one in seen:
        for key, value in _moved(one.block, folder).items():
            if key == COMPANION:
                continue
            if key == "facilities":
                whole.setdefault(key, []).extend(value)
            elif key in ("area", "kinds"):
                held = whole.setdefault(key, {})
                spare += [
                    f"# {key}.{part}: {_flow(block)}" for part, block in value.items() if part in held and key == "area"
                ]
                held.update({part: block for part, block in value.items() if part not in held})
            elif key in whole:
                spare.append(f"# {key}: {_flow(value)}")
            else:
                whole[key] = value
    network = whole.get("area", {}).get("network", {})
    for one in seen:
        for key, file in one.block.get(COMPANION, {}).items():
            if network.get("type") == "node_link":
                network[key] = _moved(file, folder)
    if not whole:
        return ""
    order = ("area", "demand", "kinds", "facilities")
    lines = []
    for key in (*order, *(key for key in whole if key not in order)):
        if key not in whole:
            continue
        value = whole[key]
        lines.append(f"{key}: {_flow(value)}" if key in _ONE_LINE else f"{key}:")
        if isinstance(value, list):
            lines += [f"  - {_flow(item)}" for item in value]
        elif key not in _ONE_LINE:
            lines += [f"  {part}: {_flow(item)}" for part, item in value.items()]
    return "\n".join([*lines, *spare]) + "\n"


def _moved(block: Any, folder: Path) -> Any:
    """Return a block with its paths written from the folder in which the YAML stands."""
    if isinstance(block, list):
        return [_moved(item, folder) for item in block]
    if not isinstance(block, dict):
        return block
    return {
        key: Path(os.path.relpath(value, folder)).as_posix()
        if key == "path" and str(folder) != "."
        else _moved(value, folder)
        for key, value in block.items()
    }


def _flow(value: Any) -> str:
    """Write a value as YAML on one line."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = True
    writer.allow_unicode = True
    writer.width = 1_000_000
    writer.sort_base_mapping_type_on_output = False
    stream = io.StringIO()
    writer.dump(value, stream)
    return stream.getvalue().strip()
