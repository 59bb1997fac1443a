"""The cache on disk: a copy of what was made, or nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lifezone.sources.cache import Entries, cache_folder, cached, file_sha256


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


@pytest.mark.parametrize("damage", ["cut", "flip", "lost", "manifest", "empty"])
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
    else:
        (array.parent / "entry.json").write_text("{", encoding="utf-8")
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
