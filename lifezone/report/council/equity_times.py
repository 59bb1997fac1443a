"""People by classes of time for the service that the chapter on equity speaks of first: within the bound and beyond."""

from __future__ import annotations

import numpy as np

from lifezone.report.charts.histogram import classes, histogram
from lifezone.report.council.columns import column, said
from lifezone.report.council.points import Judged
from lifezone.report.council.shown import parts, share
from lifezone.report.document import Chart, Shown, Table
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["times_chart"]


def times_chart(material: Material, texts: Texts, requirement: str, own: Judged) -> Chart:
    """Return the histogram of one service; classes of few people, and what they would follow from, are hidden."""
    ends, people = classes(own.curve(""), own.bound)
    inside, rest = people[:4].tolist(), people[4:].tolist()  # each adds up to a figure that is shown elsewhere
    cells = [*parts(inside, disclose=material.disclose), *parts(rest, disclose=material.disclose)]
    names = [f"≤ {end:,.4g}" for end in ends[np.isfinite(ends)]]
    names += [texts.say("equity.times_longer"), texts.say("equity.times_never")]
    name, bound = (material.requirement_name(requirement, texts.language),
                   material.bound_name(requirement, texts.language))  # fmt: skip
    total = float(people.sum())
    within, beyond, never = (
        said(texts, share(count, total, disclose=material.disclose), "percent")
        for count in (float(people[:4].sum()), float(people[4:9].sum()), float(people[9]))
    )
    alt = texts.say("equity.times_alt", name=name, within=within, beyond=beyond, never=never)
    svg = histogram(
        names, [None if isinstance(cell, Shown) else float(cell or 0) for cell in cells],
        [cell.text if isinstance(cell, Shown) else texts.write(cell or 0, "count") for cell in cells],
        up=texts.say("equity.times_up"), bound=texts.say("charts.bound", bound=bound), prefix="equity_times", alt=alt,
    )  # fmt: skip
    unit = texts.say("charts.unit_minutes") if own.rule.metric == "time" else "m"
    columns = (column(texts, "class", texts.say("equity.times_class", unit=unit)),
               column(texts, "people", texts.say("deserts.col_people"), "people"))  # fmt: skip
    data = Table("equity_times_data", texts.say("equity.times_data"), columns, tuple(zip(names, cells, strict=True)))
    return Chart("equity_times", texts.say("equity.times", name=name, unit=unit), svg, alt, data,
                 texts.say("equity.times_note"))  # fmt: skip
