"""The desert test as a planner writes it: laid over the test of the extended set, every fault told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from lifezone.errors import Fault
from lifezone.model import DesertTest
from lifezone.standards.deserts import MOST_FUNCTIONS
from lifezone.standards.spec import DesertSpec, StandardSpec

__all__ = ["read_desert"]


def read_desert(
    spec: StandardSpec,
    base: DesertTest | None,
    judging: Mapping[str, bool],
    faults: list[Fault],
    *,
    are_known: bool,
) -> DesertTest | None:
    """Return the desert test of a standard, None when it has none.

    Args:
        spec: the block.
        base: the test of the extended sets.
        judging: requirement id → whether it has a bound.
        faults: faults are added here.
        are_known: False = an extended set could not be read, so that its ids are not known.
    """
    if "desert" not in spec.model_fields_set:
        in_short, test = False, base
    elif spec.desert is None:
        return None
    else:
        in_short, test = spec.desert.any_of is not None, _laid_over(spec.desert, base, faults)
    if test is None:
        return None
    found = _desert_faults(test, judging, in_short=in_short, are_known=are_known)
    faults.extend(fault.under(("desert",)) for fault in found)
    return test


def _laid_over(written: DesertSpec, base: DesertTest | None, faults: list[Fault]) -> DesertTest | None:
    """Put the fields given over those of the extended set."""
    if written.functions is not None and written.any_of is not None:
        faults.append(Fault("give either 'functions' or 'any_of', not both", ("desert", "any_of")))
        return None
    given = written.model_fields_set
    if written.any_of is not None:
        functions: Mapping[str, tuple[str, ...]] = {anchor: (anchor,) for anchor in written.any_of}
    elif written.functions is not None:
        functions = written.functions
    elif base is not None:
        functions = base.functions
    else:
        faults.append(Fault("which requirements make a desert? give 'functions' or 'any_of'", ("desert",)))
        return None
    keep = base if base is not None else DesertTest(functions)
    same_functions = written.any_of is None and written.functions is None
    return DesertTest(
        functions=dict(functions),
        at_least=written.at_least if "at_least" in given or base is None else keep.at_least,
        must_have=written.must_have if "must_have" in given or not same_functions else keep.must_have,
        link_m=written.link if "link" in given else keep.link_m,
        least_people=written.least_people if "least_people" in given else keep.least_people,
    )


def _desert_faults(
    test: DesertTest, judging: Mapping[str, bool], *, in_short: bool, are_known: bool
) -> Iterable[Fault]:
    """List what is wrong with a desert test."""
    if not test.functions:
        yield Fault("a desert test needs at least one function", ("any_of" if in_short else "functions",))
    if len(test.functions) > MOST_FUNCTIONS:
        yield Fault(f"at most {MOST_FUNCTIONS} functions, here are {len(test.functions)}", ("functions",))
    for at, (function, anchors) in enumerate(test.functions.items()):
        path = ("any_of", at) if in_short else ("functions", function)
        if not anchors:
            yield Fault(f"the function {function!r} needs an anchor requirement", path)
        for anchor in anchors:
            if anchor in judging:
                if not judging[anchor]:
                    yield Fault(f"requirement {anchor!r} has no bound, so it cannot anchor a function", path)
            elif are_known:
                near = get_close_matches(anchor, judging, n=1, cutoff=0.6)
                hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(judging)}"
                yield Fault(f"unknown requirement {anchor!r}: {hint}", path)
    for at, function in enumerate(test.must_have):
        if function not in test.functions:
            yield Fault(
                f"unknown function {function!r}: expected one of {', '.join(test.functions)}", ("must_have", at)
            )
    if test.functions and test.at_least > len(test.functions):
        yield Fault(f"{test.at_least} of {len(test.functions)} functions can never be lost", ("at_least",))
