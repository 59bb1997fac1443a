"""Values as people read them, in Korean and English."""

from __future__ import annotations

import math

import pytest

from lifezone.report.document import Column, Shown
from lifezone.report.words import grammar, texts_of
from lifezone.report.words.particles import with_particle


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("한빛군", "은/는", "한빛군은"), ("평창", "이/가", "평창이"), ("제주", "을/를", "제주를"),
        ("서울", "으로/로", "서울로"), ("부산", "으로/로", "부산으로"), ("대구", "으로/로", "대구로"),
        ("의원(군 목표)", "은/는", "의원(군 목표)은"), ("학교 (urban)", "이/가", "학교 (urban)가"),
        ("「농어촌정비법」", "을/를", "「농어촌정비법」을"), ("도서관 17", "이/가", "도서관 17이"),
        ("제2", "과/와", "제2와"), ("10", "은/는", "10은"), ("2026", "을/를", "2026을"),
        ("3.5", "으로/로", "3.5로"),
        ("1", "으로/로", "1로"), ("6", "으로/로", "6으로"),
        ("61.6%", "으로/로", "61.6%로"), ("3.4%p", "이/가", "3.4%p가"),
        ("850 m", "은/는", "850 m는"), ("1.2 km", "과/와", "1.2 km와"), ("30 km/h", "으로/로", "30 km/h로"),
        ("KTX", "이/가", "KTX가"),
        ("IBM", "은/는", "IBM은"), ("PDF", "으로/로", "PDF로"), ("HTML", "으로/로", "HTML로"),
        ("Hotel", "으로/로", "Hotel로"), ("clinic", "은/는", "clinic은(는)"),
        ("school-closed", "은/는", "school-closed는"),
        ("plan", "으로/로", "plan으로"), ("病院", "이/가", "病院이(가)"), ("", "은/는", "은(는)"),
        ("(주)", "은/는", "(주)는"), ("1,234명", "이/가", "1,234명이"), ("12.3억 원", "을/를", "12.3억 원을"),
    ],
)  # fmt: skip
def test_particle__follows_the_last_sound(word: str, pair: str, expected: str) -> None:
    assert with_particle(word, pair) == expected


def test_percent__never_rounds_to_nothing_or_everything() -> None:
    assert [grammar.percent("ko", x) for x in (0.0, 0.0004, 0.616, 0.9996, 1.0)] == [
        "0%", "0.1% 미만", "61.6%", "99.9% 초과", "100%",
    ]  # fmt: skip
    assert grammar.percent("en", 0.0004) == "under 0.1%"
    assert grammar.percent("en", 0.99996, short=True) == ">99.9"
    assert grammar.percent("en", math.nan) == "–"


def test_cell__carries_its_unit_only_where_the_heading_does_not() -> None:
    texts = texts_of("en")
    assert texts.cell(0.616, Column("a", "A", "percent", "%")) == "61.6"
    assert texts.cell(0.616, Column("a", "A", "percent")) == "61.6%"
    assert texts.cell(7, Column("a", "A", "people")) == "<10"
    assert texts.cell(Shown("1–4", 1.0), Column("a", "A", "people")) == "1–4"
    assert texts.cell(None, Column("a", "A", "minutes")) == "–"


def test_texts__hold_a_title_for_every_section_in_both_languages() -> None:
    assert set(texts_of("ko").table) == set(texts_of("en").table)
    assert all(texts_of("ko").has(f"{section}.title") for section in ("page_one", "deserts", "years"))
