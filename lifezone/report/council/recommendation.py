"""⑬ Recommendation and next steps, by rules: what the numbers support, what they do not, what to check, who decides.

Nothing is recommended where data are modelled or invented, where the difference lies inside the uncertain verdicts,
where alternatives are judged by different standards or people, or where each is better in something: then it is told
who gains and who loses, and the council decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lifezone.model import TOTAL
from lifezone.report.council.answers import Verdict, best_of, situation, verdict_on, weighed
from lifezone.report.council.columns import column
from lifezone.report.council.facts import Alternative, Effect, Facts, facts_of, records
from lifezone.report.council.phrases import function_name, requirement_phrase
from lifezone.report.council.shown import hidden_rows, share
from lifezone.report.council.shown import people as shown_people
from lifezone.report.document import Block, Bullets, Cell, Heading, Paragraph, Section, Table, Terms
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["deciders", "section", "stance"]

Stance = str
"""Key of the sentence that recommends, or says why nothing is recommended."""

_MOST_PLACES: Final = 3
_LEAST_PLACE: Final = 50.0
_WIDE: Final = 0.05
"""A range of coverage wider than this is told as open."""
_DECIDERS: Final = {
    "schools": ("elementary_school", "middle_school", "high_school", "school", "kindergarten"),
    "health": ("clinic", "hospital", "pharmacy", "health_branch", "health_post", "health_centre", "er_hospital",
               "er_centre", "er_any", "er_local_centre", "er_regional_centre", "delivery_hospital",
               "paediatric_hospital", "dialysis"),
    "rescue": ("ambulance_station", "fire_station"),
    "private": ("retail", "supermarket", "market", "bakery", "restaurant", "petrol_station", "bank"),
    "transit": ("bus_stop", "rail_station"),
}  # fmt: skip
"""Who decides on a kind; everything else is the local government's own."""


def section(material: Material, texts: Texts) -> Section:
    """Return what follows from the numbers, and what does not."""
    facts = facts_of(material)
    blocks: list[Block] = [Paragraph(_recommended(texts, facts), "lead")]
    blocks += _list(texts, "supported", _supported(material, texts, facts))
    blocks += _places(material, texts)
    blocks += _list(texts, "unsupported", _unsupported(material, texts, facts))
    blocks += _list(texts, "to_check", (texts.say(f"recommendation.check_{key}") for key in _checks(material, facts)))
    who = deciders(material, facts)
    blocks += [Heading(texts.say("recommendation.who_decides")), Terms(tuple(
        (texts.say(f"recommendation.who_{key}"), texts.say(f"recommendation.who_{key}_means")) for key in who
    ))]  # fmt: skip
    steps = (texts.say(f"recommendation.step_{key}") for key in _steps(facts))
    blocks += _list(texts, "next_steps", steps, ordered=True)
    return Section("recommendation", texts.say("recommendation.title"), tuple(blocks))


def _list(texts: Texts, key: str, items: Iterator[str], *, ordered: bool = False) -> Iterator[Block]:
    """Return a heading with short sentences below it; nothing where there are none."""
    told = tuple(items)
    if told:
        yield Heading(texts.say(f"recommendation.{key}"))
        yield Bullets(told, ordered=ordered)


def stance(facts: Facts) -> Stance:
    """Return whether anything is recommended, by what may be concluded (:func:`verdict_on`)."""
    if facts.people <= 0 or not facts.covered:
        return "nothing_judged"
    if "invented" in facts.modelled:
        return "invented"
    verdict: Verdict = verdict_on(facts)
    stances = {"none": "now", "one_gains": "one_gains", "one_loses": "one_loses", "one_both": "trade",
               "best_unsure": "unsure"}  # fmt: skip
    return stances.get(verdict, verdict)


def _recommended(texts: Texts, facts: Facts) -> str:
    """Write the recommendation, or why there is none."""
    key = stance(facts)
    best = [texts.say("common.variant", variant=one.called(texts.language)) for one in best_of(facts)]
    only = weighed(facts)
    return texts.say(
        f"recommendation.stance_{key}", best=best, n=len(best), variant=only[0].called(texts.language) if only else ""
    )


def _supported(material: Material, texts: Texts, facts: Facts) -> Iterator[str]:
    """Tell what the numbers show beyond their uncertainty."""
    said = situation(material, texts, facts)
    if said:
        yield said
    if set(facts.modelled) - {"ages", "invented"}:
        return
    for one in weighed(facts):
        if one.own_standard or one.own_people:
            continue
        for effect in one.effects[:1]:
            if effect.sure is not None and effect.sure >= LEAST_GROUP:
                yield _sure_effect(material, texts, one, effect)


def _sure_effect(material: Material, texts: Texts, one: Alternative, effect: Effect) -> str:
    """Tell how many people's verdict an alternative changes for certain, and in which direction."""
    kind = "both" if effect.gain > 0 and effect.lose > 0 else "gain" if effect.gain > 0 else "lose"
    return texts.say(
        f"recommendation.sure_{kind}", variant=one.called(texts.language), sure=effect.sure,
        requirement=requirement_phrase(material, texts, effect.what),
    )  # fmt: skip


def _places(material: Material, texts: Texts) -> Iterator[Block]:
    """Return the districts with most people in life deserts, and what is lost there by most."""
    if "deserts" in material.absent or len(material.districts) < 2:
        return
    table = material.table("gaps")
    rows = records(table[(table["variant"] == material.baseline) & (table["group"] == TOTAL)])
    deserts = [row for row in rows if row["what"] == "desert" and row["district"] in material.districts]
    deserts = [row for row in deserts if row["people"] >= _LEAST_PLACE]
    hidden = hidden_rows([row["concerned"] for row in deserts], [row["people"] for row in deserts],
                         disclose=material.disclose)  # fmt: skip
    told = [row for row, is_hidden in zip(deserts, hidden, strict=True) if row["concerned"] > 0 and not is_hidden]
    told = sorted(told, key=lambda row: -row["concerned"])[:_MOST_PLACES]
    if not told:
        return
    made: list[tuple[Cell, ...]] = []
    for row in told:
        lost = [one for one in rows if one["district"] == row["district"] and str(one["what"]).startswith("lost_")]
        most = max(lost, key=lambda one: float(one["concerned"]), default=None)
        name = None if most is None else function_name(texts, str(most["what"]).removeprefix("lost_"))
        made.append((
            material.district_name(row["district"], texts.language),
            shown_people(row["concerned"], disclose=material.disclose),
            share(row["concerned"], row["people"], disclose=material.disclose),
            name,
        ))  # fmt: skip
    columns = (
        column(texts, "district", texts.say("recommendation.column_district")),
        column(texts, "people", texts.say("recommendation.column_people"), "people"),
        column(texts, "share", texts.say("recommendation.column_share"), "percent"),
        column(texts, "lost", texts.say("recommendation.column_lost")),
    )
    yield Heading(texts.say("recommendation.first_places"))
    yield Table("recommendation_places", texts.say("recommendation.places_caption"), columns, tuple(made),
                texts.say("recommendation.places_note"))  # fmt: skip


def _unsupported(material: Material, texts: Texts, facts: Facts) -> Iterator[str]:
    """Tell what must not be concluded."""
    if set(facts.modelled) - {"ages", "invented"}:
        yield texts.say("recommendation.not_modelled")
    open_ = [
        one for one in facts.covered if one.low is not None and one.high is not None and one.high - one.low > _WIDE
    ]
    if open_:
        names = [material.requirement_name(one.requirement, texts.language) for one in open_]
        yield texts.say("recommendation.not_sure", n=len(open_), requirements=names[:5])
    if facts.not_assessed:
        names = [material.requirement_name(one, texts.language) for one in facts.not_assessed]
        yield texts.say("recommendation.not_assessed", n=len(names), requirements=names[:5])
    if "capacity" in material.absent:
        yield texts.say("recommendation.not_capacity")
    if any(one.own_standard or one.own_people for one in facts.alternatives):
        yield texts.say("recommendation.not_alike")
    yield texts.say("recommendation.not_cause")


def _checks(material: Material, facts: Facts) -> Iterator[str]:
    """Return what must be looked at on the ground."""
    changes = bool(facts.alternatives)
    if any(one.opened for one in facts.alternatives) or any(
        str(edit).startswith(("open ", "move ")) for name in material.others for edit in material.entry(name)["edits"]
    ):
        yield "site"
    yield "hours"
    yield "staff"
    if changes:
        yield "use"
    if any(rule.mode == "car" for rule in material.rules.values()):
        yield "no_car"
    if material.manifest.get("ferries"):
        yield "ferry"
    yield "residents"
    yield "data"


def deciders(material: Material, facts: Facts) -> Sequence[str]:
    """Return who decides, by the kinds of facilities that the findings are about."""
    kinds: list[str] = []
    for one in facts.alternatives:
        for effect in one.effects:
            rule = material.rules.get(effect.what)
            kinds += [] if rule is None else rule.kinds
    if not kinds:
        lowest = facts.lowest
        rule = None if lowest is None else material.rules.get(lowest.requirement)
        kinds += [] if rule is None else rule.kinds
        kinds += [kind for one in material.rules.values() for kind in one.kinds]
    found = dict.fromkeys(
        next((who for who, own in _DECIDERS.items() if kind in own), "local") for kind in kinds
    )  # fmt: skip
    ordered = [who for who in (*_DECIDERS, "local") if who in found]
    return [*ordered, "council"]


def _steps(facts: Facts) -> Iterator[str]:
    """Return the next steps, in their order."""
    yield "check"
    if set(facts.modelled) - {"invented"}:
        yield "better_data"
    yield "variants" if not facts.alternatives else "cost"
    yield "hear"
    yield "decide"
    yield "again"
