"""Recommendation: nothing is recommended where the numbers do not carry it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lifezone.model import Requirement
from lifezone.report.council.facts import Alternative, Covered, Effect, Facts, Part
from lifezone.report.council.recommendation import deciders, stance
from lifezone.report.material import Material
from lifezone.report.words import texts_of

FACTS = Facts("variants", 1000.0, 1, covered=(Covered("clinic", "total", Part(600.0, 1000.0)),))


def one(name: str, gain: float, lose: float, sure: float | None = None, **more: Any) -> Alternative:
    effect = Effect("clinic", "total", gain, lose, gain + lose if sure is None else sure)
    return Alternative(name, (effect,) if gain + lose else (), **more)


@pytest.mark.parametrize(
    ("alternatives", "modelled", "expected"),
    [
        ((), (), "now"),
        ((one("a", 50, 0),), (), "one_gains"),
        ((one("a", 50, 0),), ("people",), "modelled"),
        ((one("a", 50, 0),), ("roads", "ages"), "modelled"),
        ((one("a", 50, 0),), ("invented",), "invented"),
        ((one("a", 50, 0),), ("ages",), "one_gains"),
        ((one("a", 50, 0, sure=0.0),), (), "unsure"),
        ((one("a", 0, 50),), (), "one_loses"),
        ((one("a", 50, 9),), (), "trade"),
        ((one("a", 50, 9), one("b", 40, 0)), (), "trade"),
        ((one("a", 50, 0), one("b", 40, 0)), (), "best"),
        ((one("a", 0, 9), one("b", 0, 40)), (), "least_harm"),
        ((one("a", 50, 0, sure=40), one("b", 45, 0, sure=40)), (), "unsure"),
        ((one("a", 50, 0, own_standard=True),), (), "apart"),
    ],
)
def test_stance__recommends_only_what_the_numbers_carry(alternatives, modelled, expected):
    found = stance(replace(FACTS, alternatives=alternatives, modelled=modelled))
    assert found == expected
    assert texts_of("ko").has(f"recommendation.stance_{found}")


def test_stance__of_nobody_is_that_nothing_was_judged():
    assert stance(replace(FACTS, people=0.0)) == "nothing_judged"
    assert stance(replace(FACTS, covered=())) == "nothing_judged"


def test_deciders__follow_the_kinds_that_change():
    rules = {
        "clinic": Requirement("clinic", ("clinic",), "car", 900.0),
        "school": Requirement("school", ("elementary_school",), "car", 600.0),
        "library": Requirement("library", ("public_library",), "car", 600.0),
    }
    material = cast(Material, SimpleNamespace(rules=rules))
    assert deciders(material, replace(FACTS, alternatives=(one("a", 50, 0),))) == ["health", "council"]
    assert deciders(material, FACTS) == ["schools", "health", "local", "council"]
