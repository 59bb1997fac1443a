"""Run the command line and write down what it took: ``python -m benchmarks.child TOLD …``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.measure import peak_mib


def main() -> None:
    """Run ``lifezone`` with the arguments after the first, the file that its peak and processor time are written to."""
    told, *arguments = sys.argv[1:]
    sys.argv = ["lifezone", *arguments]
    from lifezone.cli import main as lifezone  # noqa: PLC0415

    try:
        lifezone()
    finally:
        Path(told).write_text(json.dumps({"peak_mib": peak_mib(), "cpu_s": time.process_time()}), encoding="utf-8")


if __name__ == "__main__":
    main()
