"""Where compiled kernels lie: by a hash of all sources, in a folder that can be written, for any processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from lifezone.kernels import jit

USE = """
import numpy as np
from lifezone.kernels.contract import sum_along
offset, whole = sum_along(np.array([1.0, 2.0]), np.array([1, 0], np.int32), np.array([0, 2]))
assert whole.tolist() == [3.0]
stats = sum_along.stats
print(stats.cache_path, sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


def test_sources_hash__changes_with_any_source(tmp_path):
    seen = set()
    for name, text in (("a.py", "1"), ("b.py", "1"), ("b.py", "2"), ("b.txt", "no source")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        seen.add(jit.sources_hash(tmp_path))
    assert len(seen) == 3


def test_writable_folder__is_the_first_that_can_be_written(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("", encoding="utf-8")
    wanted = tmp_path / "user" / "cache" / "x"
    assert jit.writable_folder([blocked, blocked / "below", tmp_path / "user" / "cache", tmp_path], "x") == wanted
    assert wanted.is_dir()
    assert jit.writable_folder([blocked, blocked / "below"], "x") is None


def test_writable_folder__keeps_the_newest_versions(tmp_path):
    for age in range(9):
        folder = tmp_path / f"{jit.PREFIX}{age}"
        folder.mkdir()
        os.utime(folder, (1e9 - age, 1e9 - age))
    other = tmp_path / "something else"
    other.mkdir()
    jit.writable_folder([tmp_path], f"{jit.PREFIX}new")
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == sorted([other.name, f"{jit.PREFIX}new", *(f"{jit.PREFIX}{i}" for i in range(jit.VERSIONS_KEPT - 1))])


def test_kernel__leaves_numba_as_it_was():
    before = numba.config.CACHE_DIR
    one = jit.kernel(lambda_like)
    assert before == numba.config.CACHE_DIR
    assert one(2) == 3


def lambda_like(x):
    return x + 1


def test_kernel__works_where_nothing_can_be_written(monkeypatch):
    monkeypatch.setattr(jit, "compiled_folder", lambda: None)
    assert jit.kernel(lambda_like)(2) == 3


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_kernels__are_compiled_by_two_processes_at_once_and_found_by_a_third(tmp_path):
    package = tmp_path / "lifezone"  # a copy, since sources that somebody edits meanwhile are another version
    shutil.copytree(Path(jit.__file__).parent, package / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text("", encoding="utf-8")
    env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "compiled"), "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", USE]

    def start():
        return subprocess.Popen(
            command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )

    for process in [start(), start()]:
        told, fault = process.communicate()
        assert process.returncode == 0, fault
        assert told.startswith(str(tmp_path / "compiled"))
    told = subprocess.run(command, env=env, cwd=tmp_path, check=True, capture_output=True, encoding="utf-8").stdout
    assert told.split()[-2:] == ["1", "0"]
