"""A folder of results is replaced as a whole, whatever happens in between."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from lifezone.errors import InputError, LifezoneError
from lifezone.report.swap import check_out, file_hash, folder_files, repair, replace_folder

STEPS = ("mkdir", "rename", "unlink", "rmdir", "fsync", "open")


def fill(version: str):
    """Return what writes a small version of a result, its manifest last."""

    def write(folder: Path) -> None:
        (folder / "baseline").mkdir()
        for name in ("a.csv", "baseline/cells.parquet"):
            (folder / name).write_text(version, encoding="utf-8")
        files = {name: file_hash(folder / name) for name in folder_files(folder)}
        manifest = {"program": "lifezone", "version": version, "files": files}
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    return write


def contents(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in folder_files(folder)}


class Killed(BaseException):
    """Stands for kill -9: after it nothing on the disk changes any more, not even in ``finally``."""


def kill_at(step: int, patch: pytest.MonkeyPatch) -> None:
    """Let every call that changes the disk fail from the given one on."""
    done = 0

    def guarded(real, is_change):
        def call(*arguments, **options):
            nonlocal done
            if is_change(arguments):
                done += 1
                if done > step:
                    raise Killed
            return real(*arguments, **options)

        return call

    for name in STEPS:
        is_change = (lambda a: a[1] & (os.O_WRONLY | os.O_RDWR)) if name == "open" else (lambda _a: True)
        patch.setattr(os, name, guarded(getattr(os, name), is_change))
    patch.setattr(Path, "open", guarded(Path.open, lambda a: len(a) > 1 and a[1] not in ("r", "rb")))


def test_swap__killed_at_any_step_leaves_the_old_or_the_new_version_whole(tmp_path: Path) -> None:
    out, reference = tmp_path / "out", {}
    for version in ("old", "new"):
        replace_folder(tmp_path / version, fill(version))
        reference[version] = contents(tmp_path / version)
    seen = []
    for step in range(200):
        replace_folder(out, fill("old"))
        with pytest.MonkeyPatch.context() as patch:
            kill_at(step, patch)
            try:
                replace_folder(out, fill("new"))
                finished = True
            except Killed:
                finished = False
        repair(out)
        found = contents(out)
        assert found in (reference["old"], reference["new"]), f"a mixture after step {step}"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old", "out"]
        seen.append("new" if found == reference["new"] else "old")
        if finished:
            break
    assert finished
    assert len(seen) > 12
    assert seen == sorted(seen, reverse=True)  # old … old new … new: once new, never old again


def test_swap__first_write_killed_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with pytest.MonkeyPatch.context() as patch:
        kill_at(7, patch)
        with pytest.raises(Killed):
            replace_folder(out, fill("new"))
    repair(out)
    assert not out.exists() or contents(out)["a.csv"] == "new"
    assert [path.name for path in out.parent.iterdir()] in ([], ["out"])


def test_swap__half_done_swap_rolls_forward_only_when_the_new_version_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    replace_folder(out, fill("old"))
    out.rename(tmp_path / "out.old")
    new = tmp_path / "out.lifezone-writing"
    new.mkdir()
    fill("new")(new)
    (new / "a.csv").write_text("torn", encoding="utf-8")
    repair(out)
    assert contents(out)["a.csv"] == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json"])
def test_check_out__a_folder_with_other_things_is_refused_and_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"program": "other"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"not empty and holds no manifest\.json of lifezone"):
        check_out(tmp_path)
    assert (tmp_path / name).exists()


def test_check_out__a_file_and_a_foreign_old_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        check_out(tmp_path / "file")
    (tmp_path / "out.old").mkdir()
    (tmp_path / "out.old" / "thesis.docx").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="in the way"):
        check_out(tmp_path / "out")
    assert (tmp_path / "out.old" / "thesis.docx").exists()
    with pytest.raises(InputError, match="name a folder of its own"):
        check_out(Path(tmp_path.anchor))


def test_check_out__new_empty_and_own_folders_are_welcome(tmp_path: Path) -> None:
    check_out(tmp_path / "한글 폴더" / "out")
    assert not (tmp_path / "한글 폴더").exists()
    (tmp_path / "empty").mkdir()
    check_out(tmp_path / "empty")
    replace_folder(tmp_path / "empty", fill("one"))
    check_out(tmp_path / "empty")


def test_check_out__read_only_place_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(InputError, match=r"cannot write to .*Permission denied; name another folder"):
        check_out(tmp_path / "out")


@pytest.mark.parametrize(
    ("error", "words"),
    [(OSError(errno.ENOSPC, "No space"), "disk is full"), (PermissionError(13, "held"), "close programs")],
)
def test_swap__failed_writing_keeps_the_earlier_results(tmp_path: Path, error: OSError, words: str) -> None:
    out = tmp_path / "out"
    replace_folder(out, fill("old"))

    def fail(folder: Path) -> None:
        fill("new")(folder)
        raise error

    with pytest.raises(LifezoneError, match=f"{words}.*untouched"):
        replace_folder(out, fail)
    assert contents(out)["a.csv"] == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_swap__a_second_step_that_fails_puts_the_old_version_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    replace_folder(out, fill("old"))
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "out.lifezone-writing":
            raise PermissionError(13, "held open")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(LifezoneError, match="close programs"):
        replace_folder(out, fill("new"))
    assert contents(out)["a.csv"] == "old"
