"""Frames written column by column are what the same cells written one by one are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifezone.report import sheets


@pytest.mark.parametrize("block", [3, 100_000])
def test_frame__columns_of_every_kind_are_written_as_cells_are(tmp_path, monkeypatch, block) -> None:
    monkeypatch.setattr(sheets, "_BLOCK_ROWS", block)
    rows = [
        ("=a", "b,c", 1.0, 7, True, 3, True),
        ("=a", None, float("nan"), 7, None, None, 1),
        ("d", 'q"', float("inf"), -1, False, 3, 1.0),
        ("가", "b,c", -0.0, 0, True, 0, None),
        ("d", "x", 0.1234567891, 7, True, 12, "1"),
    ]
    text, some, number, whole, truth, maybe, mixed = zip(*rows, strict=True)
    frame = pd.DataFrame({
        "text": pd.array(text, dtype="string"), "some": pd.array(some, dtype="string"), "number": np.array(number),
        "whole": np.array(whole), "truth": pd.array(truth, dtype="boolean"), "maybe": pd.array(maybe, dtype="Int64"),
        "mixed": np.array(mixed, dtype=object),
    })  # fmt: skip
    sheets.write_frame(tmp_path / "frame.csv", frame)
    sheets.write_table(tmp_path / "cells.csv", list(frame.columns), rows)
    assert (tmp_path / "frame.csv").read_bytes() == (tmp_path / "cells.csv").read_bytes()
    assert (tmp_path / "frame.csv").read_bytes().splitlines()[1] == b'\'=a,"b,c",1,7,true,3,true'
