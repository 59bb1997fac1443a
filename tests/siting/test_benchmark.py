"""The siting benchmark runs, and its table says what was measured and what was not."""

from __future__ import annotations

import json

import pytest

from benchmarks import siting


@pytest.mark.shared
def test_siting_benchmark__writes_every_part_and_proves_what_is_known(shared, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LIFEZONE_SHARED", str(shared.parent))
    file = tmp_path / "report.json"
    siting.main(["--quick", "--only", "pmed", "--json", str(file)])
    report = json.loads(file.read_text(encoding="utf-8"))
    assert set(siting.PARTS) <= set(report)
    assert report["rivals"] is None
    told = report["pmed"]["pmed5_p_median"]
    assert (told["objective"], told["known"], told["status"], told["audit"]) == (1355, 1355, "optimal", True)
    assert "5 of 5 known values found and proved" in capsys.readouterr().out
