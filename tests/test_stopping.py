"""Ctrl-C while the command line is still loading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STOPPED = """
import runpy, sys
class Stop:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt  # as the signal does, at a moment that is the same every time
sys.meta_path.insert(0, Stop())
sys.argv = ["lifezone", "demo", "--out", {out!r}]
runpy.run_module("lifezone", run_name="__main__")
"""


@pytest.mark.parametrize("module", ["lifezone.cli", "typer", "lifezone.run"])
def test_main__an_interrupt_while_loading_is_one_line(tmp_path: Path, module: str) -> None:
    out = tmp_path / "out"
    code = STOPPED.format(module=module, out=str(out))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "stopped; nothing was written\n")
    assert not out.exists()
