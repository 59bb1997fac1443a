"""The answer in three sentences, written by rules: how it is, what the study's question found, how sure that is.

(1)  how it is: people in life deserts, else people with every requirement met, else the one requirement there is
(2)  what was found, by the question: the function that most have lost and the worst place; what a plan opens and what
     each variant changes, in a sentence of its own; nothing where nothing can be compared
(3)  how sure: modelled data decide nothing; a difference inside the uncertain verdicts decides nothing; a variant is
     called best only when none is better in anything, else it is told who gains and who loses, and the council decides
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Final, Literal

from lifezone.report.council.facts import ANY, Alternative, Effect, Facts, Part
from lifezone.report.council.phrases import (
    counted,
    function_name,
    requirement_phrase,
    share_told,
    zoned_name,
)
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["Verdict", "answer", "best_of", "finding", "situation", "sureness", "verdict_on", "weighed"]

Verdict = Literal["none", "modelled", "unsure", "same", "apart", "different", "best", "best_unsure", "trade",
                  "least_harm", "one_gains", "one_loses", "one_both", "one_nothing"]  # fmt: skip
"""What may be said of the alternatives; see :func:`verdict_on`."""

_MOST_TOLD: Final = 3
"""More alternatives than that are told in the section on variants."""


def answer(material: Material, texts: Texts, facts: Facts) -> tuple[str, ...]:
    """Return the answer: three sentences, or fewer where there is nothing to say."""
    parts = (situation(material, texts, facts), finding(material, texts, facts), sureness(material, texts, facts))
    return tuple(part for part in parts if part)


def situation(material: Material, texts: Texts, facts: Facts) -> str:
    """Say how it is in the baseline, rule (1)."""
    if facts.people <= 0:
        return texts.say("page_one.nobody")
    if not facts.covered:
        return texts.say("page_one.nothing_assessed", people=facts.people)
    if facts.desert is not None:
        return _desert_sentence(texts, facts, facts.desert)
    if len(facts.covered) == 1:
        only = facts.covered[0]
        return texts.say(
            "page_one.one_requirement", requirement=requirement_phrase(material, texts, only.requirement),
            group=material.group_name(only.group, texts.language), whole=only.people.whole,
            met=counted(texts, only.people),
        )  # fmt: skip
    return _all_met_sentence(material, texts, facts)


def _desert_sentence(texts: Texts, facts: Facts, desert: Part) -> str:
    """Say how many live in life deserts, and how many of the old."""
    if desert.part <= 0:
        return texts.say("page_one.no_desert", people=desert.whole)
    text = texts.say("page_one.desert", whole=desert.whole, part=counted(texts, desert))
    old = facts.old_in_desert
    if old is None or old.whole <= 0 or not share_told(texts, old):
        return text
    return texts.say("page_one.desert_old", whole=desert.whole, part=counted(texts, desert), old=old.whole,
                     old_part=counted(texts, old))  # fmt: skip


def _all_met_sentence(material: Material, texts: Texts, facts: Facts) -> str:
    """Say how many have every requirement met, and which requirement the fewest meet."""
    lowest = facts.lowest
    if lowest is None:
        return ""
    told = {"requirement": requirement_phrase(material, texts, lowest.requirement), "judged": lowest.people.whole,
            "met": counted(texts, lowest.people)}  # fmt: skip
    if facts.all_met is None:
        return texts.say("page_one.lowest", **told)
    return texts.say("page_one.all_met", whole=facts.all_met.whole, part=counted(texts, facts.all_met), **told)


def finding(material: Material, texts: Texts, facts: Facts) -> str:
    """Say what the study's question found, rule (2)."""
    if facts.people <= 0 or not facts.covered:
        return ""
    if facts.alternatives:
        return _alternatives_sentence(material, texts, facts)
    if facts.question == "zones" and facts.zones:
        return _zones_sentence(material, texts, facts)
    worst = "" if facts.worst is None else material.district_name(facts.worst[0], texts.language)
    lost = [(name, part) for name, part in facts.lost if part.part > 0]
    if lost:
        name, part = lost[0]
        key = "page_one.lost_worst" if worst and facts.worst and facts.worst[1] > 0 else "page_one.lost"
        share = facts.worst[1] if facts.worst else 0.0
        return texts.say(key, function=function_name(texts, name), part=counted(texts, part), whole=part.whole,
                         place=worst, share=share)  # fmt: skip
    if facts.has_desert_test:
        return texts.say("page_one.nothing_lost", functions=len(facts.lost))
    if facts.worst is not None:
        key = "page_one.worst_one" if len(facts.covered) == 1 else "page_one.worst"
        return texts.say(key, place=worst, share=facts.worst[1])
    return ""


def _zones_sentence(material: Material, texts: Texts, facts: Facts) -> str:
    """Say of the function with most people outside how many zones there are, and who is in none."""
    function, n, outside = max(facts.zones, key=lambda one: one[2].part)
    name = zoned_name(material, texts, function)
    key = "page_one.zones" if outside.part > 0 else "page_one.zones_all"
    return texts.say(key, name=name, n=n, part=counted(texts, outside), whole=outside.whole)


def _alternatives_sentence(material: Material, texts: Texts, facts: Facts) -> str:
    """Say what each alternative changes, or what the largest ones do where there are many."""
    told = facts.alternatives
    if len(told) > _MOST_TOLD:
        by_gain = max(told, key=lambda one: sum(effect.gain for effect in one.everything[:1]))
        by_loss = max(told, key=lambda one: sum(effect.lose for effect in one.everything[:1]))
        told = tuple(dict.fromkeys((by_gain, by_loss)))
    sentences = [_sentence_on(material, texts, one) for one in told]
    if len(told) < len(facts.alternatives):
        sentences.insert(0, texts.say("page_one.some_variants", all=len(facts.alternatives), n=len(told)))
    return " ".join(sentences)


def _sentence_on(material: Material, texts: Texts, one: Alternative) -> str:
    """Say what one alternative changes."""
    if one.status in ("infeasible", "unknown"):
        return texts.say(f"page_one.plan_{one.status}", variant=one.called(texts.language))
    if not one.compared:
        return texts.say("page_one.not_compared", variant=one.called(texts.language))
    does = _does(texts, one)
    parts = []
    if one.effects:
        words = _effect_words(material, texts, one.effects[0], last=one.desert is None)
        more = texts.say("page_one.and_others", n=len(one.effects) - 1) if len(one.effects) > 1 else ""
        parts.append(words + more)
    if one.desert is not None and (one.effects or one.desert.size):
        parts.append(texts.say(f"page_one.desert_{_kind(one.desert)}", gain=one.desert.gain, lose=one.desert.lose))
    if one.people is not None and not parts:
        before, after = one.people
        if before == after:
            return texts.say("page_one.other_places", does=does)
        return texts.say("page_one.other_people", does=does, before=before, after=after, difference=after - before)
    if not parts:
        return texts.say("page_one.changes_nothing", does=does) + _longer(texts, one)
    said = texts.say("page_one.changes", does=does, what=texts.say("page_one.and").join(parts)) + _longer(texts, one)
    return said + (texts.say("page_one.by_standard") if one.own_standard else "")


def _longer(texts: Texts, one: Alternative) -> str:
    """Say whose trips get longer, where more people travel longer than cease to meet the requirement."""
    if one.longer is not None and one.effects and one.longer[0] > one.effects[0].lose:
        people, minutes = one.longer
        told = math.isfinite(minutes) and (people >= LEAST_GROUP or texts.disclose)  # no mean of a few people
        return texts.say("page_one.longer_by" if told else "page_one.longer", people=people,
                         minutes=minutes)  # fmt: skip
    if not one.effects and one.trips is not None and one.trips.lose > 0:
        return texts.say("page_one.longer", people=one.trips.lose)
    return ""


def _does(texts: Texts, one: Alternative) -> str:
    """Name an alternative, with what its plan opens and closes."""
    if one.opened and one.closed:
        return texts.say(
            "page_one.opens_closes", variant=one.called(texts.language), opened=len(one.opened), closed=len(one.closed)
        )
    for key, sites in (("opens", one.opened), ("closes", one.closed)):
        if sites:
            few = len(sites) <= _MOST_TOLD
            name = one.called(texts.language)
            return texts.say(f"page_one.{key}{'_few' if few else ''}", variant=name, n=len(sites), sites=sites)
    return texts.say("page_one.variant", variant=one.called(texts.language))


def _effect_words(material: Material, texts: Texts, effect: Effect, *, last: bool) -> str:
    """Say who gains and who loses a requirement, as the end of a sentence or before another part of it."""
    key = f"page_one.effect_{_kind(effect)}{'' if last else '_and'}"
    requirement = requirement_phrase(material, texts, effect.what)
    return texts.say(key, requirement=requirement, gain=effect.gain, lose=effect.lose)


def _kind(effect: Effect) -> str:
    """Return whether anybody gains, loses, both or neither."""
    if effect.gain > 0:
        return "both" if effect.lose > 0 else "gain"
    return "lose" if effect.lose > 0 else "same"


def sureness(material: Material, texts: Texts, facts: Facts) -> str:
    """Say how sure the finding is, and what may be concluded from it, rule (3)."""
    if facts.people <= 0 or not facts.covered:
        return ""
    verdict = verdict_on(facts)
    if verdict == "none":
        return _lowest_sentence(material, texts, facts)
    return _TOLD[verdict](texts, facts) if verdict in _TOLD else texts.say(f"page_one.verdict_{verdict}")


def verdict_on(facts: Facts) -> Verdict:
    """Return what may be concluded about the alternatives.

    ``none``: there are none; ``modelled``: data are modelled; ``apart``: another standard or other people, so that the
    difference is not the variant's alone; ``unsure``: every change lies inside the uncertain verdicts; ``one_…``: a
    single alternative, by who gains and loses; ``same``: no difference between them; ``different``: they change other
    requirements, so that none stands in the place of another; ``best``: one is at least as good as every other in
    everything (verdicts, deserts, trips) and better in something; ``best_unsure``: it is, but not by more than the
    uncertain verdicts leave open; ``least_harm``: it is, but nobody gains by any alternative; ``trade``: each is better
    in something.
    """
    if facts.modelled and set(facts.modelled) - {"ages", "invented"}:
        return "modelled"
    told = weighed(facts)
    if not told:
        return "none"
    if any(one.own_standard or one.own_people for one in told):
        return "apart"
    if len(told) == 1:
        return "unsure" if told[0].only_unsure else _verdict_on_one(told[0])
    if all(one.only_unsure for one in told):
        return "unsure"
    return _verdict_on_several(told)


def weighed(facts: Facts) -> tuple[Alternative, ...]:
    """Return the alternatives that can be weighed: compared with the baseline, and with a plan where one was asked."""
    return tuple(one for one in facts.alternatives if one.compared and one.status not in ("infeasible", "unknown"))


def _verdict_on_several(told: tuple[Alternative, ...]) -> Verdict:
    """Return how several alternatives stand to one another."""
    touched = [{effect.what for effect in one.effects} for one in told]
    if any(one and other and not one & other for one, other in combinations(touched, 2)):
        return "different"
    best = [one for one in told if all(not _worse(one, other) for other in told)]
    if len(best) == len(told):
        return "same"
    if not best:
        return "trade"
    if not any(effect.gain > 0 for one in told for effect in one.weighed):
        return "least_harm"
    others = [one for one in told if one not in best]
    return "best" if all(_surely_better(best[0], other) for other in others) else "best_unsure"


def _verdict_on_one(one: Alternative) -> Verdict:
    """Return what a single alternative does to people."""
    gains, loses = (any(getattr(effect, side) > 0 for effect in one.everything) for side in ("gain", "lose"))
    if gains:
        return "one_both" if loses else "one_gains"
    return "one_loses" if loses else "one_nothing"


def _pairs(one: Alternative, other: Alternative) -> list[tuple[Effect, Effect]]:
    """Return the effects of two alternatives on the same things; nothing where one of them has none."""
    ours, theirs = ({effect.what: effect for effect in both.weighed} for both in (one, other))
    nothing = Effect("", "", 0.0, 0.0, 0.0)
    keys = dict.fromkeys([*ours, *theirs])
    return [(ours.get(what, nothing), theirs.get(what, nothing)) for what in keys]


def _worse(one: Alternative, other: Alternative) -> bool:
    """Tell whether one alternative is worse than another in anything: fewer gain, or more lose."""
    return any(mine.gain < its.gain or mine.lose > its.lose for mine, its in _pairs(one, other))


def _surely_better(one: Alternative, other: Alternative) -> bool:
    """Tell whether one is better in something by more people than the uncertain verdicts of both leave open.

    Trips are measured, not judged by a bound: whose trip gets longer is sure as far as the roads are.
    """
    for mine, its in _pairs(one, other):
        better = max(mine.gain - its.gain, its.lose - mine.lose)
        unsure = sum(effect.size - effect.sure for effect in (mine, its) if effect.sure is not None)
        known = all(effect.sure is not None or effect.what in ("", ANY) for effect in (mine, its))
        if known and better > unsure:
            return True
    return False


def best_of(facts: Facts) -> tuple[Alternative, ...]:
    """Return the alternatives that are not worse than any other in anything."""
    told = weighed(facts)
    return tuple(one for one in told if all(not _worse(one, other) for other in told))


def _lowest_sentence(material: Material, texts: Texts, facts: Facts) -> str:
    """Say which requirement the fewest meet, with the range of its share; nothing where it is told already."""
    lowest = facts.lowest
    if lowest is None:
        return ""
    ranged = lowest.low is not None and lowest.high is not None and lowest.high > lowest.low
    said_before = facts.desert is None
    if said_before:
        return texts.say("page_one.range", range=(lowest.low, lowest.high)) if ranged else ""
    told = {"requirement": requirement_phrase(material, texts, lowest.requirement), "judged": lowest.people.whole,
            "met": counted(texts, lowest.people)}  # fmt: skip
    if ranged and share_told(texts, lowest.people):
        return texts.say("page_one.lowest_range", range=(lowest.low, lowest.high), **told)
    return texts.say("page_one.lowest", **told)


def _sure_words(texts: Texts, facts: Facts) -> str:
    """Say how much of a single alternative's largest change is beyond the uncertain verdicts."""
    effect = next((one for one in weighed(facts)[0].effects if one.sure is not None), None)
    if effect is None or not effect.sure:
        return ""
    if effect.sure >= effect.size:
        return texts.say("page_one.all_sure")
    return texts.say("page_one.sure", size=effect.size, sure=effect.sure)


def _one(key: str) -> Callable[[Texts, Facts], str]:
    """Return what writes the verdict on a single alternative."""

    def write(texts: Texts, facts: Facts) -> str:
        sure = _sure_words(texts, facts)
        return " ".join(
            filter(None, (texts.say(f"page_one.verdict_{key}", variant=weighed(facts)[0].called(texts.language)), sure))
        )

    return write


def _trade(texts: Texts, facts: Facts) -> str:
    """Say with which alternative most gain and with which fewest lose, in what changes for most people."""
    told = weighed(facts)
    sizes: dict[str, float] = {}
    for one in told:
        for effect in one.everything:
            sizes[effect.what] = sizes.get(effect.what, 0.0) + effect.size
    what = max(sizes, key=lambda key: sizes[key], default="")
    of = {
        one.called(texts.language): next((effect for effect in one.everything if effect.what == what), None)
        for one in told
    }
    gains = {name: effect.gain if effect else 0.0 for name, effect in of.items()}
    loses = {name: effect.lose if effect else 0.0 for name, effect in of.items()}
    most = [name for name, value in gains.items() if value == max(gains.values())]
    least = [name for name, value in loses.items() if value == min(loses.values())]
    if len(most) == len(least) == 1 and most != least:
        return texts.say("page_one.verdict_trade_named", gains=most[0], loses=least[0])
    return texts.say("page_one.verdict_trade")


def _best(key: str) -> Callable[[Texts, Facts], str]:
    """Return what names the best alternatives."""

    def write(texts: Texts, facts: Facts) -> str:
        best = best_of(facts)
        quoted = [texts.say("common.variant", variant=one.called(texts.language)) for one in best]
        return texts.say(f"page_one.verdict_{key}", best=quoted, n=len(best))

    return write


_TOLD: Final[Mapping[Verdict, Callable[[Texts, Facts], str]]] = {
    "best": _best("best"),
    "best_unsure": _best("best_unsure"),
    "least_harm": _best("least_harm"),
    "trade": _trade,
    "one_gains": _one("one_gains"),
    "one_loses": _one("one_loses"),
    "one_both": _one("one_both"),
}
