"""The table of what the engine's benchmark measured, for the terminal and for README."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

__all__ = ["AIMS", "MARKS", "Aim", "table"]

MARKS: Final = ("<!-- engine: begin -->", "<!-- engine: end -->")
BUSY_SHARE: Final = 0.8
"""A load above so many a core is somebody else's work too."""
LARGE: Final = 500_000
"""From so many nodes the aims for a million hold."""


class Aim(NamedTuple):
    """What a ratio is about, and how large it is to be with a million nodes and with a hundred thousand."""

    work: str
    against: str
    large: float
    small: float


AIMS: Final = {
    "nearest_unprepared_vs_scipy": Aim("nearest, one kind, no preparation", "scipy `min_only`", 4, 4),
    "nearest_prepared_vs_scipy": Aim("nearest, 10 kinds, prepared, per kind", "scipy `min_only`", 120, 80),
    "nearest_32_kinds_vs_scipy": Aim("nearest, 32 kinds, prepared, per kind", "scipy `min_only`", 250, 80),
    "nearest_vs_pandana": Aim("nearest, 10 kinds, prepared, per kind", "pandana `nearest_pois`", 2000, 2000),
    "k_nearest_vs_pandana": Aim("5 nearest, prepared", "pandana `nearest_pois`", 60, 100),
    "within_reach_vs_scipy": Aim("all pairs within 30 min, 20,000 origins", "scipy `limit=`", 20, 20),
    "matrix_vs_scipy": Aim("2,000 × 2,000 travel times", "scipy rows", 1000, 1000),
    "matrix_vs_pandana": Aim("2,000 × 2,000 travel times", "pandana `shortest_path_lengths`", 500, 500),
    "matrix_vs_osrm": Aim("2,000 × 2,000 travel times", "OSRM `table`", 100, 100),
    "open_vs_recompute": Aim("facility added", "our own full recompute", 500, 180),
    "close_vs_recompute": Aim("facility closed", "our own full recompute", 300, 100),
    "edge_vs_recompute": Aim("road slowed to a third", "our own full recompute", 500, 250),
    "prepare_vs_routingkit": Aim("order + customise", "RoutingKit CH build", 2, 2),
    "sweep_vs_stream": Aim("down sweep, 16 kinds", "streaming its bytes (at most)", 2.5, 2.5),
}


def table(report: dict[str, Any]) -> str:
    """Return the measured ratios beside the aims, and what they were measured on."""
    machine = report["machine"]
    versions = ", ".join(f"{name} {one}" for name, one in machine["versions"].items())
    loads = [one for one in (machine["load"], machine["load after"]) if one is not None]
    is_busy = bool(loads) and max(loads) > BUSY_SHARE * machine["cores"]
    busy = (
        " **The machine was busy with other work**: look at ratios, and take those for rough ones." if is_busy else ""
    )
    lines = [
        f"{report['nodes']:,} nodes, {report['edges']:,} edges; {machine['cores']} cores (one thread used), "
        f"Python {machine['python']}, {versions}; load {machine['load']} to {machine['load after']}.{busy}",
        "",
        "| work | against | ratio | aim | equal | ours | peer | our peak memory |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(name, aim, report) for name, aim in AIMS.items()]
    ready = "; ".join(
        f"{name} {_time(told['median_s'])}, {_mib(told['peak_mib'])}" for name, told in report["preparing"].items()
    )
    return "\n".join([*lines, "", f"Getting ready, once: {ready}."])


def _row(name: str, aim: Aim, report: dict[str, Any]) -> str:
    """Return one comparison."""
    wanted = aim.large if report["nodes"] >= LARGE else aim.small
    told = report.get(name)
    if told is None:
        return f"| {aim.work} | {aim.against} | not installed | {wanted:,g} × | – | – | – | – |"
    met = told["ratio"] <= wanted if name == "sweep_vs_stream" else told["ratio"] >= wanted
    ours = told["ours"].get("unit_s", told["ours"].get("mean_s"))
    cells = (
        aim.work, aim.against, f"{told['ratio']:,.4g} ×", f"{wanted:,g} ×{'' if met else ', missed'}",
        "yes" if told["equal"] else "**no**", _time(ours), _time(told["peer"]["unit_s"]),
        _mib(told["ours"]["peak_mib"]),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _time(seconds: float) -> str:
    """Return seconds as people read them."""
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:,.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _mib(value: float | None) -> str:
    """Return memory as people read it."""
    return "not told here" if value is None else f"{value:,.0f} MiB"
