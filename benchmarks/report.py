"""The tables of what was measured, and the block of README that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["markdown", "write_block"]

BEGIN: Final = "<!-- benchmarks: begin -->"
END: Final = "<!-- benchmarks: end -->"
AIM_NODES: Final = 900_000
"""The aims for ratios are for a million nodes; a network that came out a little smaller counts."""
AIM_TIMES: Final = {"scipy": 4.0, "pandana": 200.0}
BARE: Final = "lifezone, bare search"
"""Like scipy, it gives seconds at nodes; the aims are for it."""
AIM_HELP_S: Final = 0.3
AIM_FIRST_S: Final = 60.0
AIM_WARM_S: Final = 10.0
AIM_MIB: Final = 2048.0
BUSY_SHARE: Final = 0.8
"""One measuring process makes a load of 1 itself; above so many a core somebody else was at work too."""
STAGES: Final = ("read from file", "open from cache", "contract", "first search", "anchor")
PAIR_BYTES: Final = 8


def markdown(report: dict[str, Any]) -> str:
    """Return everything that was measured as Markdown."""
    parts = [_machine(report)]
    if "searches" in report:
        parts += [_nearest(report["searches"]["networks"]), _stages(report["searches"]["networks"])]
    if "memory" in report:
        parts.append(_memory(report["memory"]))
    if "processes" in report:
        parts.append(_processes(report["processes"]))
    return "\n\n".join(parts)


def write_block(readme: Path, text: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put the text between two marks of a README.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = readme.read_text(encoding="utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not (begin and end):
        raise ValueError(f"{readme.name}: the marks {marks[0]} and {marks[1]} are needed")
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8", newline="\n")


def _machine(report: dict[str, Any]) -> str:
    """Tell what it was measured on."""
    machine = report["machine"]
    versions = ", ".join(f"{name} {one}" for name, one in machine["versions"].items())
    compiling = report.get("searches", {}).get("compile")
    told = ""
    if compiling is not None:
        told = f" Compiling the kernels of these tables took {compiling['first_s'] - compiling['again_s']:.1f} s, once."
    loads = [machine[when] for when in ("load", "load after") if machine.get(when) is not None]
    if loads and max(loads) > BUSY_SHARE * machine["cores"]:
        told += (
            f" **The machine was busy with other work** (load {' to '.join(f'{one:.1f}' for one in loads)} on "
            f"{machine['cores']} cores): its seconds are too long; look at ratios."
        )
    return (
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}, {versions}. Medians; lifezone and "
        "scipy use one thread, pandana as many as there are cores. Compiling is in no number except those of a first "
        f"start.{told}"
    )


def _nearest(networks: Sequence[dict[str, Any]]) -> str:
    """Return the comparison with the peers."""
    head = ("roads", "from", "lifezone answers with", "in", "scipy takes", "pandana takes")
    rows: list[tuple[str, ...]] = []
    notes = []
    for one in networks:
        if "skipped" in one:
            rows.append((one["name"], one["skipped"], "–", "–", "–", "–"))
            continue
        rows += [_nearest_row(one, ours) for ours in one["contenders"] if ours["name"].startswith("lifezone")]
        notes.append(_differences(one))
    return "\n".join([
        "Nearest facility of a kind from everywhere, 10 kinds, in turns in one process:", "", *_table(head, rows), "",
        *notes, "", *_ready(networks),
    ])  # fmt: skip


def _nearest_row(network: dict[str, Any], ours: dict[str, Any]) -> tuple[str, ...]:
    """Return one network and one answer of lifezone beside the peers' to the same question."""
    is_bare, question = ours["name"] == BARE, ours["question"]
    count, unit = (
        (network["nodes"], "search nodes") if question == "nodes" else (network["vertices"], "vertices as read")
    )
    peers = {one["name"]: one for one in network["contenders"] if one["question"] == question}
    return (
        f"{network['name']}, {network['mode']}",
        f"{count:,} {unit}",
        "seconds, facility" if is_bare else "whole trips",
        _seconds(ours["median_s"]),
        *(_times(peers.get(name), ours, aimed=is_bare and count >= AIM_NODES) for name in AIM_TIMES),
    )


def _times(peer: dict[str, Any] | None, ours: dict[str, Any], *, aimed: bool) -> str:
    """Return how many times as long a peer takes, with the aim where there is one."""
    if peer is None:
        return "not installed" if ours["question"] == "nodes" else "–"
    ratio = peer["median_s"] / ours["median_s"]
    told = f"{ratio:.1f} ×" if ratio < 20 else f"{ratio:,.0f} ×"
    if not aimed:
        return told
    aim = AIM_TIMES[peer["name"]]
    return f"{told} (aim {aim:g} ×{'' if ratio >= aim else ', missed'})"


def _differences(network: dict[str, Any]) -> str:
    """Say how far the answers are from scipy's."""
    told = []
    for name in ("lifezone", "pandana"):
        of = [one for one in network["contenders"] if one["name"].startswith(name)]
        if of:
            asked = sum(
                one["kinds"] * (network["nodes"] if one["question"] == "nodes" else network["vertices"]) for one in of
            )
            largest, differ = max(one["largest_s"] for one in of), sum(one["differ"] for one in of)
            allowed = of[0]["allowed_s"]
            told.append(f"{name} {differ:,} of {asked:,} by more than {allowed:g} s, at most {largest:.1g} s")
    compiled = network["compiled_while_timed"]
    warned = f" {compiled} kernels were compiled while it was timed." if compiled else ""
    return f"- {network['name']}, {network['mode']}: answers unlike scipy's: {'; '.join(told)}.{warned}"


def _ready(networks: Iterable[dict[str, Any]]) -> list[str]:
    """Say what getting ready took, once, for the largest network."""
    last = [one for one in networks if "skipped" not in one][-1:]
    told = []
    for one in last:
        ours = sum(one["stages"][stage]["median_s"] for stage in ("contract", "first search"))
        parts = [f"lifezone {_seconds(ours)}"]
        for peer in one["contenders"]:
            if peer["prepare"] is not None and peer["question"] == "nodes":
                grown = peer["prepare"]["grown_mib"]
                more = "" if grown is None else f" and {grown:,.0f} MiB more"
                parts.append(f"{peer['name']} {_seconds(peer['prepare']['median_s'])}{more}, from the contracted graph")
        told.append(f"Getting ready once, {one['name']}: {'; '.join(parts)}.")
    return told


def _stages(networks: Sequence[dict[str, Any]]) -> str:
    """Return the stages before a search."""
    measured = [one for one in networks if "skipped" not in one]
    head = ("stage", *(f"{one['name']}, {one['mode']}" for one in measured))
    rows = []
    for stage in STAGES:
        cells = [one["stages"].get(stage) for one in measured]
        told = ("–" if cell is None else f"{_seconds(cell['median_s'])}, {_mib(cell['peak_mib'])}" for cell in cells)
        rows.append((stage, *told))
    text = (
        "Before a search, seconds and the most memory that the process held meanwhile (one point a vertex is anchored):"
    )
    return "\n".join([text, "", *_table(head, rows)])


def _memory(measured: Sequence[dict[str, Any]]) -> str:
    """Return peak memory over nodes and facilities."""
    facilities = sorted({one["facilities"] for one in measured})
    head = ("search nodes", "points", *(f"{count:,} facilities" for count in facilities), "a dense matrix would take")
    rows = []
    for nodes in dict.fromkeys(one["nodes"] for one in measured):
        here = {one["facilities"]: one for one in measured if one["nodes"] == nodes}
        points = here[facilities[0]]["points"]
        peaks = (_mib(here[count]["peak_mib"]["nearest"]) for count in facilities)
        dense = _mib(points * facilities[-1] * PAIR_BYTES / 2**20)
        rows.append((f"{nodes:,}", f"{points:,}", *peaks, dense))
    start = measured[0]["peak_mib"]["start"] if measured else None
    text = (
        f"Peak memory of a process that opens roads, contracts, anchors and asks once ({_mib(start)} before any roads):"
    )
    return "\n".join([text, "", *_table(head, rows)])


def _processes(measured: Sequence[dict[str, Any]]) -> str:
    """Return whole commands."""
    head = ("whole command", "first start, all caches empty", "again", "peak memory")
    rows = []
    for one in measured:
        if "cpu_s" in one:
            beside = f"import numpy alone: {one['numpy_cpu_s']:.2f} s"
            told = f"{one['cpu_s']:.2f} s of processor time {_aim(one['cpu_s'], AIM_HELP_S, 's')}; {beside}"
            rows.append((one["name"], told, "–", "–"))
            continue
        if "skipped" in one:
            rows.append((one["name"], one["skipped"], "–", "–"))
            continue
        peaks = [peak for peak in (one["first_mib"], one["warm_mib"]) if peak is not None]
        rows.append((
            one["name"],
            f"{one['first_s']:.1f} s {_aim(one['first_s'], AIM_FIRST_S, 's')}",
            f"{one['warm_s']:.1f} s {_aim(one['warm_s'], AIM_WARM_S, 's')}",
            f"{_mib(max(peaks))} {_aim(max(peaks), AIM_MIB, 'MiB')}" if peaks else "not told here",
        ))  # fmt: skip
    return "\n".join(_table(head, rows))


def _aim(measured: float, aim: float, unit: str) -> str:
    """Tell an aim and whether it was missed."""
    return f"(aim {aim:g} {unit}{'' if measured <= aim else ', missed'})"


def _seconds(value: float) -> str:
    """Return seconds as people read them."""
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def _mib(value: float | None) -> str:
    """Return memory as people read it."""
    return "not told here" if value is None else f"{value:,.0f} MiB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
