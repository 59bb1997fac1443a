"""``python -m benchmarks.siting [--quick] [--only PART …] [--json FILE] [--readme]``: plans beside rivals and bounds.

    rivals     PySAL spopt and a plain sparse model, both with HiGHS, on the same instances, taking turns
    pmed       OR-Library pmed1–20: p-median and p-center, with proof
    county     Porto Alegre and Andorra: every cell × every junction of the real roads
    province   10⁵ demand points × 10⁴ candidates: p-medians with their proven gap, coverage, peak memory
    marginal   what every candidate of that province would do alone

Every ratio has a name; a part that was not run, or whose data or rival is missing, is null. ``--json`` keeps what the
file holds of parts that are not run, so that the whole can be measured in pieces.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["PARTS", "main"]

PARTS: Final = ("rivals", "pmed", "county", "province", "marginal")
README: Final = Path(__file__).resolve().parents[1] / "README.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write it where asked."""
    asked = _options(arguments)
    report: dict[str, Any] = dict.fromkeys(PARTS)
    if asked.json is not None and asked.json.is_file():
        report |= json.loads(asked.json.read_text(encoding="utf-8"))
    from benchmarks import siting_parts  # noqa: PLC0415
    from benchmarks.measure import machine  # noqa: PLC0415

    for name in asked.only or PARTS:
        _say(name)
        part: Callable[..., Any] = getattr(siting_parts, f"{name}_part")
        started = time.perf_counter()
        before = machine()
        report[name] = part(quick=asked.quick)
        if report[name] is not None:
            report[name]["quick"], report[name]["took_s"] = asked.quick, round(time.perf_counter() - started, 1)
            report[name]["load"] = [before["load"], machine()["load"]]
        report["machine"] = before
        if asked.json is not None:
            asked.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    from benchmarks.report import write_block  # noqa: PLC0415
    from benchmarks.siting_table import MARKS, table  # noqa: PLC0415

    text = table(report)
    print(text)
    if asked.readme:
        write_block(README, text, MARKS)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.siting", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, for a look within a minute or two")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts to run; all without it")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    asked = parser.parse_args(arguments)
    if asked.json is not None and (asked.json.is_dir() or not asked.json.resolve().parent.is_dir()):
        parser.error(f"--json {asked.json}: no file can be written there")
    return asked


def _say(what: str) -> None:
    """Tell what is being measured."""
    sys.stderr.write(f"… {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
