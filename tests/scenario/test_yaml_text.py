"""Strict YAML: what it means, what is refused, where, and how quickly hostile files are turned away."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.scenario.yaml_events import UNREADABLE, Place
from lifezone.scenario.yaml_text import read_yaml_file, read_yaml_text


def faults_of(text: str) -> list[str]:
    return [str(fault) for fault in read_yaml_text(text, "s.yaml").faults]


def test_yaml__reads_the_core_schema_of_yaml_1_2() -> None:
    text = (
        "a: 1\nb: -2.5\nc: 1e3\nd: 0o17\ne: 0x1F\nf: true\ng: null\nh: ~\ni:\nj: text\nk: '01'\nl: \"x\\ty\"\nm: .5\n"
    )
    document = read_yaml_text(text, "s.yaml")
    assert document.faults == []
    # YAML 1.2.2 section 10.3.2: 0o17 = 15, 0x1F = 31; an empty node is null.
    assert document.data == {
        "a": 1, "b": -2.5, "c": 1000.0, "d": 15, "e": 31, "f": True, "g": None, "h": None, "i": None, "j": "text",
        "k": "01", "l": "x\ty", "m": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "word", ["12:30", "no", "yes", "on", "off", "y", "1,000", "1.2.3", "0b101", "한글", "١٢", "12E", "-"]
)
def test_yaml__text_that_yaml_1_1_read_otherwise_stays_text(word: str) -> None:
    document = read_yaml_text(f"[{word}]" if word != "-" else "['-']", "s.yaml") if "," not in word else None
    document = document or read_yaml_text(f"- {word}", "s.yaml")
    assert document.faults == []
    assert document.data == [word]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("01", "01 loses its leading zero in YAML: quote it: '01'"),
        ("-007", "-007 loses its leading zero in YAML: quote it: '-007'"),
        ("00.5", "00.5 loses its leading zero in YAML: quote it: '00.5'"),
        ("1_000", "1_000 is a number to some YAML readers and text to others: quote it: '1_000', or write 1000"),
        ("2019-07-01", "2019-07-01 is a date to some YAML readers and text to others: quote it: '2019-07-01'"),
        ("2019-07-01T10:00:00Z", "2019-07-01T10:00:00Z is a date to some YAML readers"),
        (".nan", ".nan is not a finite number"),
        ("-.inf", "-.inf is not a finite number"),
        ("1e999", "1e999 is too large a number"),
        ("1" * 500, "a number of 500 digits: quote it if it is text"),
    ],
)
def test_yaml__look_alikes_are_faults_with_their_place(word: str, message: str) -> None:
    document = read_yaml_text(f"a:\n  b: {word}\n", "s.yaml")
    (fault,) = document.faults
    assert fault.message.startswith(message)
    assert (fault.line, fault.column, fault.path) == (2, 6, ("a", "b"))
    assert document.data == {"a": {"b": UNREADABLE}}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: &x 1", "s.yaml:1:4 a: the anchor &x is not allowed: write the value where it is needed"),
        ("a: *x", "s.yaml:1:4 a: the alias *x is not allowed: write the value out"),
        ("a: !!str 5", "s.yaml:1:4 a: the tag !!str is not allowed: remove it"),
        ("a: !x {b: 1}", "s.yaml:1:4 a: the tag !x is not allowed: remove it"),
        ("<<: {a: 1}", "s.yaml:1:1: merge keys (<<) are not allowed: use 'extends' or write the keys out"),
        (
            "a: 1\nb: 2\na: 3",
            "s.yaml:3:1 a: the key 'a' stands here a second time, first at line 1, column 1: keep one",
        ),
        ("? [1]\n: 2", "s.yaml:1:3: a key must be text, not a block or list"),
        ("3: 4", "s.yaml:1:1: a key must be text, YAML reads 3 as a number: quote it: '3'"),
        ("true: 4", "s.yaml:1:1: a key must be text, YAML reads true as true or false: quote it: 'true'"),
        (": 4", "s.yaml:1:1: a key is missing before ':'"),
        ("a: 1\n---\nb: 2", "s.yaml:2:1: a second document begins here (---): a scenario is one document"),
        ("%YAML 1.1\n---\na: 1", "s.yaml:2:1: directives (%) are not allowed: remove this line"),
        ("", "s.yaml:1:1: the file is empty"),
        ("# only a comment\n", "s.yaml:1:1: the file is empty"),
        ("a:\n\tb: 1", "a tab stands where YAML wants spaces: indent with spaces"),
        ("a: b: c", "s.yaml:1:5: not valid YAML: a ': ' too many, or wrong indentation"),
        ("a: [1,\n2\n", "not valid YAML: a bracket is not closed or a comma is missing"),
        ("a: 'x\n", "not valid YAML: a quote is not closed"),
        ("a: @b\n", "s.yaml:1:4: not valid YAML: put the text in quotes"),
        ("a: 1\n b: 2\n", "s.yaml:2:3: not valid YAML"),
        ('a: "\\UFFFFFFFF"', "s.yaml:1:1: not valid YAML"),
        ('a: "\\ud800"', "s.yaml:1:4 a: the text holds a character that cannot be written to a file"),
        ("a: b\x07", "s.yaml:1:5: the character U+0007 may not stand in YAML: remove it"),
    ],
)
def test_yaml__what_is_refused_is_told_with_its_place(text: str, line: str) -> None:
    (told,) = faults_of(text)
    assert line in told
    assert told.startswith("s.yaml:")
    assert "\n" not in told


def test_yaml__reading_goes_on_after_a_fault() -> None:
    told = faults_of("a: 01\nb: *x\nc: {d: 1, d: 2}\ne: &y 2\n3: 4\n")
    assert [line.split(" ")[0].rstrip(":") for line in told] == [
        "s.yaml:1:4", "s.yaml:2:4", "s.yaml:3:11", "s.yaml:4:4", "s.yaml:5:1",
    ]  # fmt: skip


def test_yaml__tells_the_place_of_keys_and_values() -> None:
    document = read_yaml_text("a:\n  - {b: 1, c: 한}\n  - 2\n", "s.yaml")
    assert document.key_at[("a",)] == Place("s.yaml", 1, 1)
    assert document.key_at[("a", 0)] == Place("s.yaml", 2, 5)
    assert document.key_at[("a", 0, "c")] == Place("s.yaml", 2, 12)
    assert document.value_at[("a", 0, "c")] == Place("s.yaml", 2, 15)
    assert document.value_at[("a", 1)] == Place("s.yaml", 3, 5)
    assert document.plain == {("a", 0, "b"): "1", ("a", 1): "2"}


def test_yaml__the_first_of_two_equal_keys_counts() -> None:
    assert read_yaml_text("a: {x: 1}\na: {y: &q 2}\n", "s.yaml").data == {"a": {"x": 1}}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            "이름: 한빛군\n".encode("cp949"),
            "s.yaml:1:1: the file looks like CP949 (Korean Windows) text; save it as UTF-8",
        ),
        (
            "a: 1\nb: 한\n".encode("cp949"),
            "s.yaml:2:4: the file looks like CP949 (Korean Windows) text; save it as UTF-8",
        ),
        ("a: 1".encode("utf-16"), "s.yaml:1:1: the file is UTF-16 text; save it as UTF-8"),
        (b"a: \xff\xff\n", "s.yaml:1:4: the file is not UTF-8 text; save it as UTF-8"),
    ],
)
def test_yaml__other_encodings_are_told(tmp_path: Path, raw: bytes, message: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(raw)
    assert [str(fault) for fault in read_yaml_file(file, "s.yaml").faults] == [message]


def test_yaml__a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes("a: 01\n".encode("utf-8-sig"))
    document = read_yaml_file(file, "s.yaml")
    assert [(fault.line, fault.column) for fault in document.faults] == [(1, 4)]


def test_yaml__missing_files_and_folders_are_told(tmp_path: Path) -> None:
    assert [f.message for f in read_yaml_file(tmp_path / "no.yaml", "no.yaml").faults] == ["there is no such file"]
    assert [f.message for f in read_yaml_file(tmp_path, "x").faults] == [
        "this is a folder: name the scenario file in it"
    ]


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "is not allowed"),
        ("[" * 5000, "more than 32 blocks within one another"),
        ("{a: " * 5000, "more than 32 blocks within one another"),
        ("- " * 5000, "more than 32 blocks within one another"),
        ("".join(" " * i + "a:\n" for i in range(5000)), "a scenario may have 2,000,000"),
        ("".join(" " * i + "a:\n" for i in range(1500)), "more than 32 blocks within one another"),
        ("# " + "x" * 10_000_000, "10,000,002 bytes; a scenario may have 2,000,000: put long lists into tables"),
    ],
    ids=["aliases", "brackets", "braces", "dashes", "12 MB of depth", "indents", "10 MB"],
)
def test_yaml__hostile_files_are_turned_away_at_once(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(text, encoding="utf-8")
    started = time.process_time()
    faults = read_yaml_file(file, "s.yaml").faults
    assert time.process_time() - started < 0.5
    assert faults
    assert all(message in fault.message for fault in faults)


def test_yaml__32_blocks_are_allowed_and_33_are_not() -> None:
    assert read_yaml_text("[" * 32 + "]" * 32, "s.yaml").faults == []
    (fault,) = read_yaml_text("[" * 33 + "]" * 33, "s.yaml").faults
    assert (fault.line, fault.column) == (1, 33)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"]), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc한", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(PLAIN)
@settings(max_examples=60, deadline=None)
def test_yaml__json_is_read_as_json(data: object) -> None:
    """JSON is YAML 1.2: the standard library's reader is the oracle."""
    text = json.dumps({"a": data}, indent=2, ensure_ascii=False)
    document = read_yaml_text(text, "s.yaml")
    assert document.faults == []
    assert document.data == json.loads(text)


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@`,? \n\t\\0_<한\x00\ufeff"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_yaml__no_text_raises(text: str) -> None:
    document = read_yaml_text(text, "s.yaml")
    assert document.data is not None or document.faults
    assert all(fault.file == "s.yaml" for fault in document.faults)
