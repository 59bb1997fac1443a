"""The cache on disk: a copy of what was made, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from lifezone.sources.cache import Entries, cache_folder, cached, file_sha256

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFEZONE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Maker:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Entries:
        self.made += 1
        return {"b": np.arange(5, dtype=np.int16), "a": "한빛", "none": np.empty((0, 2)), "two": np.ones((2, 3))}


def test_cache__makes_once_and_gives_the_same(folder: Path) -> None:
    maker = Maker()
    first, second = cached(["k", "1"], maker), cached(["k", "1"], maker)
    assert maker.made == 1
    assert list(first) == list(second) == ["b", "a", "none", "two"]
    for name in first:
        assert np.array_equal(first[name], second[name])
        if isinstance(first[name], np.ndarray):
            assert first[name].dtype == second[name].dtype  # type: ignore[union-attr]
            assert first[name].shape == second[name].shape  # type: ignore[union-attr]
    assert isinstance(second["b"].base, np.memmap)  # type: ignore[union-attr]
    second["b"][0] = 9  # type: ignore[index]
    assert cached(["k", "1"], maker)["b"][0] == 0  # type: ignore[comparison-overlap]
    assert maker.made == 1


def test_cache__keys_do_not_run_together(folder: Path) -> None:
    maker = Maker()
    for key in (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""]):
        cached(key, maker)
    assert maker.made == 4


@pytest.mark.parametrize("damage", ["cut", "flip", "lost", "manifest", "empty", "text", "list"])
def test_cache__a_damaged_entry_is_made_again(folder: Path, damage: str) -> None:
    maker = Maker()
    whole = cached(["k"], maker)
    (array,) = folder.rglob("two.npy")
    content = array.read_bytes()
    if damage == "cut":
        array.write_bytes(content[:-8])
    elif damage == "flip":
        array.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "lost":
        array.unlink()
    elif damage == "empty":
        array.write_bytes(b"")
    elif damage == "manifest":
        (array.parent / "entry.json").write_text("{", encoding="utf-8")
    elif damage == "list":
        (array.parent / "entry.json").write_text("[]", encoding="utf-8")
    else:
        entry = array.parent / "entry.json"
        entry.write_text(entry.read_text(encoding="utf-8").replace("한빛", "한밫"), encoding="utf-8")
    again = cached(["k"], maker)
    assert maker.made == 2
    assert np.array_equal(whole["two"], again["two"])
    cached(["k"], maker)
    assert maker.made == 2  # mended


def test_cache__works_without_a_place_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("LIFEZONE_CACHE", str(tmp_path / "file"))
    notes: list[str] = []
    made = cached(["k"], Maker(), notes=notes)
    assert made["a"] == "한빛"
    assert len(notes) == 1
    assert "nothing was kept in the cache" in notes[0]


def test_cache__a_failure_while_making_leaves_nothing(folder: Path) -> None:
    def fail() -> Entries:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        cached(["k"], fail)
    assert not list(folder.rglob("*.npy"))


def test_cache_folder__is_the_users_unless_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert cache_folder() == folder
    monkeypatch.delenv("LIFEZONE_CACHE")
    assert cache_folder().name.lower() in {"lifezone", "cache"}


def test_file_sha256__is_the_published_value(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert file_sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def _used_at(folder: Path, key: str, seconds: float) -> Path:
    """Keep an entry of some 8 kB and say when it was last used."""
    before = set(folder.rglob("entry.json"))
    cached([key], lambda: {"a": np.zeros(1000)})
    (manifest,) = set(folder.rglob("entry.json")) - before
    os.utime(manifest, (seconds, seconds))
    return manifest


def test_cache__drops_what_was_not_used_for_longest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, older, used = (_used_at(folder, key, at) for key, at in (("old", 2e9), ("older", 1e9), ("used", 5e8)))
    cached(["used"], Maker())  # now it is the latest but for those that claim the future
    assert used.stat().st_mtime > older.stat().st_mtime
    monkeypatch.setenv("LIFEZONE_CACHE_GB", "0.000025")  # 25 kB: three of four
    fresh = _used_at(folder, "fresh", 3e9)
    assert [path.exists() for path in (old, older, used, fresh)] == [True, False, True, True]
    monkeypatch.setenv("LIFEZONE_CACHE_GB", "1e-9")
    last = _used_at(folder, "last", 0.0)
    assert list(folder.rglob("entry.json")) == [last]  # what was just made stays


@pytest.mark.parametrize(("limit", "kept"), [("0", 0), ("ten", 1), ("-3", 1), ("", 1)])
def test_cache__size_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str, kept: int) -> None:
    monkeypatch.setenv("LIFEZONE_CACHE_GB", limit)
    assert cached(["k"], Maker())["a"] == "한빛"
    assert len(list(folder.rglob("entry.json"))) == kept


def test_cache__what_a_killed_process_left_is_swept_away_after_a_day(folder: Path) -> None:
    long_ago, just_now = folder / "ab" / "new-1", folder / "ab" / "new-2"
    for left in (long_ago, just_now):
        left.mkdir(parents=True)
    os.utime(long_ago, (1e9, 1e9))
    cached(["k"], Maker())
    assert not long_ago.exists()
    assert just_now.exists()


def test_cache__a_folder_that_can_only_be_read_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(["k"], Maker())

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Read-only file system")

    for owner, name in ((os, "utime"), (tempfile, "mkdtemp"), (Path, "mkdir")):  # root may write anywhere
        monkeypatch.setattr(owner, name, refuse)
    again, other, notes = Maker(), Maker(), list[str]()
    assert np.array_equal(cached(["k"], again)["two"], np.ones((2, 3)))  # type: ignore[arg-type]
    assert cached(["other"], other, notes=notes)["a"] == "한빛"
    assert (again.made, other.made) == (0, 1)
    assert "Read-only file system" in notes[0]


_TWO = """
import sys, time
from pathlib import Path
import numpy as np
from lifezone.sources.cache import cached
mine, other = Path(sys.argv[1]), Path(sys.argv[2])
def make():
    mine.write_text("making", encoding="utf-8")
    for _ in range(3000):  # both have found nothing before either writes
        if other.exists():
            break
        time.sleep(0.01)
    return {"a": np.arange(100_000)}
for key in ("1", "2", "3"):
    made = cached([key], make if key == "1" else lambda: {"a": np.arange(100_000)})
    assert int(made["a"].sum()) == 4999950000
"""


def test_cache__two_processes_at_once_leave_one_whole_entry(folder: Path, tmp_path: Path) -> None:
    marks = [str(tmp_path / "one"), str(tmp_path / "two")]
    both = [
        subprocess.Popen([sys.executable, "-c", _TWO, *order], cwd=ROOT, stderr=subprocess.PIPE)
        for order in (marks, marks[::-1])
    ]
    assert [(child.communicate()[1], child.returncode) for child in both] == [(b"", 0)] * 2
    maker = Maker()
    assert np.array_equal(cached(["1"], maker)["a"], np.arange(100_000))  # type: ignore[arg-type]
    assert maker.made == 0
    assert not list(folder.rglob("new-*"))
