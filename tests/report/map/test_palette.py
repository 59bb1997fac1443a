"""Colours of the live map: told apart in greyscale, by the colour-blind or by pattern; nothing is white."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from lifezone.report.map.palette import INKS, palette
from lifezone.report.maps.inks import rgb


def lightness(colour: str) -> float:
    """L* of CIE 1976 from sRGB."""
    linear = [c / 12.92 if (c := part / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for part in rgb(colour)]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_palette__times_grow_darker_class_by_class() -> None:
    steps = [lightness(INKS[f"class{at}"].fill) for at in range(6)]
    assert all(light - dark >= 8 for light, dark in pairwise(steps)), steps
    assert all(INKS[f"class{at}"].pattern == "plain" for at in range(6))


@pytest.mark.parametrize(
    "seen_together",
    [
        [*(f"class{at}" for at in range(6)), "nobody", "notJudged", "unreachable", "offNetwork", "noFacility"],
        ["gain", "quicker", "unchanged", "slower", "lose", "nobody", "notJudged", "unreachable"],
        ["less3", "less2", "less1", "unchanged", "more1", "more2", "more3", "newly", "noLonger", "nobody", "notJudged",
         "unreachable"],
    ],
)  # fmt: skip
def test_palette__any_two_differ_in_grey_or_by_pattern(seen_together) -> None:
    for one, other in combinations(seen_together, 2):
        a, b = INKS[one], INKS[other]
        assert abs(lightness(a.fill) - lightness(b.fill)) >= 7 or a.pattern != b.pattern, (one, other)


def test_palette__hatches_show_and_white_is_no_value() -> None:
    for name, ink in INKS.items():
        assert lightness(ink.fill) < 96, name
        if ink.pattern != "plain":
            assert abs(lightness(ink.fill) - lightness(ink.line)) >= 15, name
    assert INKS["nobody"].pattern != "plain"
    assert INKS["unreachable"].pattern != "plain"
    assert palette()["gain"] == ["#1f5a96", "#000000", "plain"]
