"""Korean particles over any name, against the rule of the last syllable as Unicode lays it out."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.report.words import texts_of
from lifezone.report.words.particles import PAIRS, End, end_of, with_particle

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
NAMES = st.text(SYLLABLES, min_size=1, max_size=8)
BRACKETED = st.sampled_from(["(도시)", " (군 목표)", "[2]", "（구）", "」", "’", "”", ".", " "])


def final_of(syllable: str) -> str:
    """Return the final consonant of a syllable by canonical decomposition; empty = none."""
    parts = unicodedata.normalize("NFD", syllable)
    return parts[2] if len(parts) == 3 else ""


@settings(deadline=None)
@given(NAMES, st.sampled_from(sorted(PAIRS)))
def test_particle__is_that_of_the_last_syllable(name: str, pair: str) -> None:
    closed, opened = pair.split("/")
    final = final_of(name[-1])
    takes_open = not final or (pair == "으로/로" and final == "\u11af")
    assert with_particle(name, pair) == name + (opened if takes_open else closed)


@settings(deadline=None)
@given(NAMES, BRACKETED, st.sampled_from(sorted(PAIRS)))
def test_particle__passes_over_brackets_and_quotes(name: str, bracket: str, pair: str) -> None:
    bare = with_particle(name, pair)
    assert with_particle(name + bracket, pair) == name + bracket + bare[len(name) :]


@settings(deadline=None)
@given(st.text(min_size=0, max_size=12), st.sampled_from(sorted(PAIRS)))
def test_particle__of_any_text_keeps_the_text_and_ends_in_one_of_three(text: str, pair: str) -> None:
    made = with_particle(text, pair)
    assert made.startswith(text)
    assert made[len(text) :] in {*pair.split("/"), PAIRS[pair]}


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_end__of_a_number_is_that_of_its_sino_korean_reading(number: int) -> None:
    digits = dict(enumerate("영일이삼사오육칠팔구"))
    powers = ["", "십", "백", "천"]
    groups = ["", "만", "억", "조", "경"]
    zeros = len(str(number)) - len(str(number).rstrip("0")) if number else 0
    group, rest = divmod(zeros, 4)
    word = digits[number % 10] if not zeros else groups[group] or powers[rest]
    final = final_of(word)
    expected = End.VOWEL if not final else End.RIEUL if final == "\u11af" else End.CONSONANT
    assert end_of(f"{number:,}") is expected


@settings(deadline=None)
@given(NAMES)
def test_english__has_no_particles(name: str) -> None:
    assert texts_of("en").write(name, "은/는") == name
