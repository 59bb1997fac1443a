"""The table of what ``python -m benchmarks.siting`` measured, for the terminal and for README."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

__all__ = ["AIM", "MARKS", "table"]

MARKS: Final = ("<!-- siting: begin -->", "<!-- siting: end -->")
AIM: Final = 20.0
"""Times as fast as spopt on coverage at 2,000 × 2,000."""
BUSY: Final = 0.8


def table(report: dict[str, Any]) -> str:
    """Return everything that was measured, part by part."""
    machine = report.get("machine") or {}
    lines = [f"{machine.get('cores')} cores, Python {machine.get('python')}; ratios are rival ÷ lifezone.", ""]
    for name, write in (("rivals", _rivals), ("pmed", _pmed), ("county", _county), ("province", _province),
                        ("marginal", _marginal)):  # fmt: skip
        part = report.get(name)
        if part is None:
            lines += [f"{name}: not run.", ""]
            continue
        load = part["load"]
        busy = ", **busy with other work**" if max(load) > BUSY * (machine.get("cores") or 1) else ""
        lines += [
            *write(part),
            "",
            f"(load {load[0]} to {load[1]}{busy}{', quick sizes' if part['quick'] else ''})",
            "",
        ]
    return "\n".join(lines).rstrip()


def _rivals(part: dict[str, Any]) -> Iterator[str]:
    """Yield the comparisons with rivals."""
    yield "| question | rival | ratio | same optimum | lifezone | rival | proved |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name, told in part.items():
        if isinstance(told, dict):
            question, rival = name.split("_vs_")
            method, n = question.rsplit("_", 1)
            aimed = rival == "spopt" and n == "2000"
            aim = f" (aim {AIM:g} ×{'' if told['ratio'] >= AIM else ', missed'})" if aimed else ""
            lost = told["rival_objective"] is None
            same = "rival ran out of time" if lost else "yes" if told["equal"] else "**no**"
            seconds = f"{_s(told['ours']['unit_s'])} | {_s(told['peer']['unit_s'])}"
            ratio = f"{told['ratio']:,.3g} ×{aim}"
            yield f"| {method} {n} × {n} | {rival} | {ratio} | {same} | {seconds} | {_proof(told)} |"


def _pmed(part: dict[str, Any]) -> Iterator[str]:
    """Yield one line over the OR-Library set."""
    for method in ("p_median", "p_center"):
        told = [one for name, one in part.items() if name.endswith(method)]
        proved = sum(one["status"] == "optimal" and one["objective"] == one["known"] for one in told)
        worst = max(one["seconds"] for one in told)
        total = sum(one["seconds"] for one in told)
        yield f"- OR-Library, {method}: {proved} of {len(told)} known values found and proved in {_s(total)}, " + (
            f"the slowest {_s(worst)}."
        )


def _county(part: dict[str, Any]) -> Iterator[str]:
    """Yield the real places."""
    for place, told in part.items():
        if not isinstance(told, dict):
            continue
        times = told["travel_times"]
        plans = "; ".join(f"{name} {_plan(told[name])}" for name in ("max_cover", "p_median", "set_cover"))
        yield (
            f"- {place}: {told['cells']:,} cells × {told['candidates']:,} junctions, {told['pairs'] / 1e6:,.1f} "
            f"million pairs in {_s(times['seconds'])}; marginal coverage {_s(told['marginal']['seconds'])}; {plans}."
        )


def _province(part: dict[str, Any]) -> Iterator[str]:
    """Yield the province's p-medians."""
    yield f"Synthetic province, {part['points']:,} demand points × {part['candidates']:,} candidates:"
    yield ""
    yield "| sites | pairs | travel times | solved | gap to the proven bound | peak memory |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, told in part.items():
        if isinstance(told, dict):
            gap = "–" if told["gap"] != told["gap"] else f"{told['gap']:.3%}"
            yield (
                f"| {name.rsplit('_', 1)[1]} | {told['pairs'] / 1e6:,.0f} million | {_s(told['travel_times_s'])} | "
                f"{_s(told['seconds'])} | {gap} | {told['peak_mib'] or 0:,.0f} MiB |"
            )


def _marginal(part: dict[str, Any]) -> Iterator[str]:
    """Yield the marginal coverage and the coverage of the province."""
    yield (
        f"- Every candidate's exact marginal coverage, {part['points']:,} × {part['candidates']:,} within "
        f"{part['bound_s'] / 60:g} min ({part['pairs'] / 1e6:,.0f} million pairs): travel times "
        f"{_s(part['travel_times_s'])}, then {_s(part['marginal_s'])}; peak {part['peak_mib']:,.0f} MiB."
    )
    for name, told in part.items():
        if isinstance(told, dict):
            yield f"- {name} of that province: {_plan(told)}, peak {told['peak_mib'] or 0:,.0f} MiB."


def _plan(told: dict[str, Any]) -> str:
    """Return seconds and proof."""
    return f"{_s(told['seconds'])}, {_proof(told)}"


def _proof(told: dict[str, Any]) -> str:
    """Say how good an answer is at best."""
    if told["status"] == "optimal":
        return "optimal"
    return "no plan" if told["gap"] != told["gap"] else f"gap {told['gap']:.2%}"


def _s(seconds: float) -> str:
    """Return seconds as people read them."""
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:,.3g} s"
