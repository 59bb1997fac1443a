"""Every way of finding travel times gives the same result; what is unchanged is not computed again."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import pytest

from lifezone.assess import Memory, assess
from lifezone.errors import InputError
from lifezone.model import Assessment, Result
from lifezone.routing import METHODS, Work, choose, estimate
from lifezone.run import run

SETS = ("output.maps=false",)
COLUMNS = ("seconds", "metres", "access_m", "facility", "reason", "certified", "uncertain")


def _answer(method: str, sets: Sequence[str] = SETS) -> Result:
    return run(str(files("lifezone") / "demo.yaml"), sets=sets, method=method)


def _same(one: Assessment, other: Assessment) -> bool:
    assert one.verdicts.keys() == other.verdicts.keys()
    return all(
        np.array_equal(getattr(one.verdicts[key], name), getattr(other.verdicts[key], name), equal_nan=name != "reason")
        for key in one.verdicts
        for name in COLUMNS
    )


@pytest.fixture(scope="module")
def searched() -> Result:
    return _answer("search")


@pytest.mark.parametrize("method", ["auto", "hierarchy", "edited"])
def test_run__every_method_gives_the_same_result(searched: Result, method: str) -> None:
    other = _answer(method)
    for one, two in zip(searched.variants, other.variants, strict=True):
        assert _same(one.assessment, two.assessment), one.name
        assert np.array_equal(one.assessment.desert, two.assessment.desert)
    if method != "auto":
        assert method in {told["method"] for told in other.provenance.run["methods"]}


def test_run__what_a_variant_leaves_unchanged_is_the_same_object(searched: Result) -> None:
    before, after = (variant.assessment.verdicts for variant in searched.variants[:2])
    same = [key for key in before if before[key] is after[key]]
    assert len(same) == len(before) - sum("clinic" in key for key in before)


def test_run__an_unknown_method_is_refused() -> None:
    with pytest.raises(InputError, match="expected auto, search"):
        _answer("magic")


def test_assess__threads_change_nothing(searched: Result) -> None:
    world, standard = searched.baseline.world, searched.baseline.assessment.standard
    assert _same(searched.baseline.assessment, assess(world, standard, memory=Memory(threads=3)))


def test_choose__small_roads_and_single_questions_are_searched() -> None:
    assert choose(Work(3_000, 3_000, 18)) == "search"
    assert choose(Work(1_000_000, 300_000, 1)) == "search"
    assert choose(Work(1_000_000, 300_000, variants=1), among=("search", "edited")) == "search"


def test_choose__many_kinds_are_swept_where_the_order_is_kept() -> None:
    assert choose(Work(4_000_000, 1_000_000, 400, prepared=True)) == "hierarchy"


def test_choose__many_variants_are_edited() -> None:
    assert choose(Work(1_000_000, 300_000, variants=200)) == "edited"


def test_choose__a_method_that_cannot_answer_is_not_taken() -> None:
    assert choose(Work(1_000, 1_000, 3), "edited") == "search"
    assert choose(Work(1_000, 1_000, 3), "hierarchy") == "hierarchy"


@pytest.mark.parametrize("method", METHODS)
def test_estimate__grows_with_everything_that_is_asked(method: str) -> None:
    small = estimate(Work(10_000, 5_000, 2, variants=2), method)  # type: ignore[arg-type]
    for more in (
        Work(20_000, 5_000, 2, variants=2), Work(10_000, 9_000, 2, variants=2), Work(10_000, 5_000, 2, variants=3),
        Work(10_000, 5_000, 3, variants=2),
    ):  # fmt: skip
        assert estimate(more, method) >= small  # type: ignore[arg-type]
    assert 0 < small < 60


def test_memory__passing_answers_are_forgotten_and_older_ones_stay() -> None:
    memory, owner = Memory(), object()
    memory.keep(("trip", 1), [owner], "old")
    with memory.passing("trip"):
        memory.keep(("trip", 2), [owner], "new")
        memory.keep(("roads",), [owner], "other")
    assert [memory.knows(key, [owner]) for key in (("trip", 1), ("trip", 2), ("roads",))] == [True, False, True]


def test_run__unchanged_verdicts_and_readings_are_one_object_and_share_the_trips_columns(searched: Result) -> None:
    one, two = (variant.assessment for variant in searched.variants[:2])
    same = [key for key in one.verdicts if one.verdicts[key] is two.verdicts[key]]
    assert same
    for key in same:
        for reading, again in zip(one.official.get(key, ()), two.official.get(key, ()), strict=True):
            assert reading is again
        assert one.verdicts[key].served.strides == (0,)
