"""Charts of plans and alternatives: well-formed, the same twice, numbers where they belong, no division by nothing."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from lifezone.report.charts.gain_loss import GainLoss, gain_loss_bars
from lifezone.report.charts.pareto import Choice, pareto_chart
from lifezone.report.charts.schedule import Bar, Money, schedule_chart
from lifezone.report.charts.tornado import State, tornado

HOSTILE = '<script>alert("1")</script> $x^2$ & 의원'
BARS = [GainLoss(HOSTILE, 2731, 0, "2,731", "", "27,269"), GainLoss("학교", 0, 0, "<10", "", "…")]
WORDS = {"gain": "새로 안", "lose": "밖으로", "same": "그대로", "unit": "명"}
CHOICES = [Choice(0, 11068, "1"), Choice(3.5, 8826, "2", taken=True), Choice(4.1, 9000, HOSTILE, on_front=False)]
STATES = [State("느린 길", 19051.0, 19423.0), State(HOSTILE, 25000.0)]


def _bars() -> str:
    return gain_loss_bars(BARS, prefix="bars", **WORDS)


def _pareto() -> str:
    return pareto_chart(CHOICES, prefix="front", titles=("비용(억 원)", "남는 사람(명)"), words=("a", "b", "c"))


def _tornado(states: list[State] = STATES, today: float = 24064.0) -> str:
    return tornado(states, today, prefix="states", unit="명", words=("나빠짐", "좋아짐", "지금", "최선"),
                   less_is_better=False, write=lambda value: f"{value:,.0f}")  # fmt: skip


def _schedule() -> str:
    bars = [Bar(HOSTILE, 2027, 2028), Bar("꽃길", 2027, 2028, measured=False)]
    return schedule_chart(bars, [Money(2027, 100, 150), Money(2028, 30, None)], prefix="schedule",
                          words=("공사", "운영", "운영, 측정 안 됨"), spent="백만 원")  # fmt: skip


@pytest.mark.parametrize("make", [_bars, _pareto, _tornado, _schedule])
def test_chart__is_one_plain_drawing_and_the_same_twice(make) -> None:
    drawn = make()
    assert drawn == make()
    root = ET.fromstring(drawn)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in tags
    texts = "".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
    assert "<script>" in texts  # as text
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(one.startswith(("bars-", "front-", "states-", "schedule-")) for one in ids)


def test_bars__tell_hidden_counts_in_words_only() -> None:
    drawn = _bars()
    assert "&lt;10" in drawn
    assert "2,731" in drawn


@pytest.mark.parametrize(
    "rows", [[], [GainLoss("아무도", 0, 0, "", "", "0")], [GainLoss("잃기만", 0, 5000, "", "5,000", "10")]]
)
def test_bars__of_nobody_divide_by_nothing(rows) -> None:
    assert gain_loss_bars(rows, prefix="b", **WORDS).startswith("<svg")


def test_tornado__draws_a_world_that_changes_nothing() -> None:
    assert _tornado([State("같음", 10.0, 10.0)], 10.0).startswith("<svg")
    assert _tornado([State("없음", 0.0)], 0.0).startswith("<svg")


def test_tornado__puts_the_widest_first_and_names_worse_and_better() -> None:
    drawn = _tornado()
    assert drawn.index("느린 길") < drawn.index("alert")
    assert "나빠짐" in drawn
    assert "좋아짐" in drawn
    assert "최선" in drawn


def test_pareto__of_one_choice_has_a_place() -> None:
    one = [Choice(1.0, 5.0, "1", taken=True)]
    assert pareto_chart(one, prefix="p", titles=("x", "y"), words=("a", "b", "c")).startswith("<svg")


def test_schedule__without_projects_still_tells_the_money() -> None:
    drawn = schedule_chart([], [Money(2027, 0.0, 0.0)], prefix="s", words=("a", "b", "c"), spent="won")
    assert "2027" in drawn
