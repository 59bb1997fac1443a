"""``schedule.png``: the years of a portfolio as bars, what is spent in each, and what each year brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from lifezone.model.portfolio import PortfolioPlan, ProjectUse
from lifezone.report.maps.fonts import DPI, fit, font
from lifezone.report.maps.paper import rasterise, save
from lifezone.report.portfolio import MEASURE_WORDS

__all__ = ["draw_schedule"]

_WIDTH_PX: Final = 1400
_ROW_PX: Final = 24
_TOP_PX: Final = 150
_BELOW_PX: Final = 430
_LABEL_PX: Final = 430
_RIGHT_PX: Final = 250
_MOST_ROWS: Final = 60
_BUILDING, _OPERATING, _UNSEEN = "#1b4965", "#8fc1d4", "#d9d2c0"
"""Building; in operation; in operation with a value that is not measured. Apart also in grey."""
_HATCH: Final = "#a79f8c"
_INK, _FAINT = "#222222", "#cccccc"
_MILLION: Final = 1e6
_GROWTH: Final = ((1e9, "십억 / billion"), (1e6, "백만 / million"), (1e3, "천 / thousand"), (1.0, ""))


def draw_schedule(plan: PortfolioPlan, path: Path) -> None:
    """Draw the schedule of a portfolio, in Korean and English.

    Bars stand for years of building and of operation; grey ones are projects whose access value is not measured. Below
    is the money of each year, and the yearly benefit by the first measure until the end of the horizon.
    """
    chosen = sorted(plan.chosen, key=lambda one: (one.start or 0, one.id))
    shown = chosen[:_MOST_ROWS]
    height = _TOP_PX + _ROW_PX * max(len(shown), 1) + _BELOW_PX
    figure = Figure(figsize=(_WIDTH_PX / DPI, height / DPI), dpi=DPI, facecolor="white")
    _titles(figure, plan, height, left_out=len(chosen) - len(shown))
    years = [year.year for year in plan.years[: plan.plan_years]]
    _bars(_axes(figure, height, _TOP_PX, _ROW_PX * max(len(shown), 1)), shown, years)
    top = _TOP_PX + _ROW_PX * max(len(shown), 1) + 70
    _spending(_axes(figure, height, top, 120), plan, years)
    _benefit(_axes(figure, height, top + 190, 120), plan)
    save(rasterise(figure), path)


def _axes(figure: Figure, height: int, top: int, tall: int) -> Any:
    """Return axes at a place counted from the top, in pixels."""
    wide = _WIDTH_PX - _LABEL_PX - _RIGHT_PX
    axes = figure.add_axes((_LABEL_PX / _WIDTH_PX, 1 - (top + tall) / height, wide / _WIDTH_PX, tall / height))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    return axes


def _write(figure: Figure, height: int, x_px: float, y_px: float, text: str, size: float, **more: Any) -> None:
    """Write text at a place counted from the top left."""
    bold = more.pop("bold", False)
    figure.text(
        x_px / _WIDTH_PX, 1 - y_px / height, text, fontproperties=font(size, bold=bold), color=_INK, va="center", **more
    )


def _titles(figure: Figure, plan: PortfolioPlan, height: int, *, left_out: int) -> None:
    """Write what the sheet shows, and what stands beside the bars."""
    first, last = plan.years[0].year, plan.years[plan.plan_years - 1].year
    spent = sum(year.spent for year in plan.years) / _MILLION
    _write(figure, height, 24, 32, f"사업 일정 {first}–{last} · Projects by year", 24, bold=True)
    _write(
        figure, height, 24, 66,
        f"{len(plan.chosen)}개 사업, {len(plan.communities)}개 마을, {spent:,.0f} / {plan.budget / _MILLION:,.0f} "
        f"백만 원 · {len(plan.chosen)} projects in {len(plan.communities)} communities, million won", 15,
    )  # fmt: skip
    told = " · ".join(
        f"{' '.join(MEASURE_WORDS[goal.name])} {goal.value:,.0f}{'' if goal.proved else f' (≤ {goal.bound:,.0f})'}"
        for goal in plan.goals
    )
    if any(goal.name in plan.totals for goal in plan.goals):
        told += f" · 할인율 discounted at {plan.discount * 100:.3g} %"
    more = f" · 그 밖에 {left_out}개는 표에 · {left_out} more in projects.csv" if left_out else ""
    _write(figure, height, 24, 94, fit(f"{told}{more}", 14, _WIDTH_PX - 48), 14)
    _write(figure, height, _LABEL_PX - 9, _TOP_PX - 20, "사업 · 마을  project · village", 13, ha="right")
    _write(figure, height, _WIDTH_PX - _RIGHT_PX + 20, _TOP_PX - 20, "백만 원 · million won", 13)


def _bars(axes: Any, projects: list[ProjectUse], years: list[int]) -> None:
    """Draw a row for every project."""
    end = years[-1] + 1
    for row, project in enumerate(projects):
        start, opens = project.start or years[0], project.opens or end
        axes.barh(row, opens - start, left=start, height=0.62, color=_BUILDING)
        lasting = _OPERATING if project.measured else _UNSEEN
        axes.barh(row, end + 0.35 - opens, left=opens, height=0.62, color=lasting,
                  hatch=None if project.measured else "///", edgecolor=_HATCH if not project.measured else lasting,
                  linewidth=0)  # fmt: skip
        label = f"{project.name or project.id} · {', '.join(project.villages)}"
        _mark(axes, fit(label, 13, _LABEL_PX - 40), (0, row), ("axes fraction", "data"), -8)
        money = " + ".join(f"{cost / _MILLION:,.0f}" for cost in project.costs)
        _mark(axes, fit(money, 13, _RIGHT_PX - 40), (1, row), ("axes fraction", "data"), 14)
    axes.set_ylim(max(len(projects), 1) - 0.5, -0.5)
    axes.set_xlim(years[0], end + 0.35)
    axes.set_yticks([])
    axes.xaxis.tick_top()
    axes.set_xticks([year + 0.5 for year in years], [str(year) for year in years], fontproperties=font(13))
    for year in [*years, end]:
        axes.axvline(year, color=_FAINT, linewidth=0.7, zorder=0)
    axes.spines["bottom"].set_visible(False)
    marks = [
        Patch(facecolor=_BUILDING, label="공사 building"), Patch(facecolor=_OPERATING, label="운영 in operation"),
        Patch(facecolor=_UNSEEN, hatch="///", edgecolor=_HATCH,
              label="운영, 접근 효과 측정 안 됨 value not measured"),
    ]  # fmt: skip
    axes.legend(handles=marks, loc="upper left", bbox_to_anchor=(0, -0.01), ncols=3, frameon=False, prop=font(12))


def _spending(axes: Any, plan: PortfolioPlan, years: list[int]) -> None:
    """Draw what is spent of what there is in every year of the plan."""
    told = plan.years[: plan.plan_years]
    at = np.array(years) + 0.5
    budget = np.array([(year.budget or 0.0) / _MILLION for year in told])
    spent = np.array([year.spent / _MILLION for year in told])
    axes.bar(at, budget, width=0.7, color="white", edgecolor="#888888", linewidth=1)
    axes.bar(at, spent, width=0.7, color=_BUILDING)
    for x, one, most in zip(at, spent, budget, strict=True):
        axes.annotate(f"{one:,.0f} / {most:,.0f}", (x, max(one, most)), xytext=(0, 4), textcoords="offset points",
                      ha="center", fontproperties=font(12), color=_INK)  # fmt: skip
    axes.set_xlim(years[0], years[-1] + 1.35)
    axes.set_ylim(0, max(float(budget.max(initial=0)), 1e-9) * 1.2)
    axes.set_xticks(at, [str(year) for year in years], fontproperties=font(12))
    axes.set_yticks([])
    _beside(axes, "지출 / 쓸 수 있는 돈 (백만 원)", "spent / may be spent (million won)")


def _benefit(axes: Any, plan: PortfolioPlan) -> None:
    """Draw what each year brings by the first measure, not discounted."""
    name = next((goal.name for goal in plan.goals if goal.name in plan.totals), next(iter(plan.totals), ""))
    if not name:
        axes.set_visible(False)
        return
    years = np.array([year.year for year in plan.years])
    values = np.array([year.values[name] for year in plan.years])
    unit, word = next((one for one in _GROWTH if np.abs(values).max(initial=0) >= 10 * one[0]), _GROWTH[-1])
    axes.bar(years, values / unit, width=0.75, color=_OPERATING)
    step = max(1, len(years) // 10)
    axes.set_xticks(years[::step], [str(year) for year in years[::step]], fontproperties=font(12))
    axes.yaxis.tick_right()
    for label in axes.get_yticklabels():
        label.set_fontproperties(font(12))
    axes.locator_params(axis="y", nbins=4)
    axes.grid(axis="y", color=_FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    korean, english = (part.replace("·년", "").replace("person-years", "people") for part in MEASURE_WORDS[name])
    scale = f" ({word})" if word else ""
    _beside(axes, f"해마다 {korean}{scale}", f"{english}, every year, not discounted")


def _beside(axes: Any, korean: str, english: str) -> None:
    """Write what a chart shows, left of it."""
    for words, up in ((korean, 0.62), (english, 0.38)):
        _mark(axes, fit(words, 13, _LABEL_PX - 40), (0, up), "axes fraction", -12)


def _mark(axes: Any, words: str, at: tuple[float, float], kind: Any, aside: int) -> None:
    """Write beside axes: to the left of a place where ``aside`` is negative, else to the right."""
    axes.annotate(
        words, at, xycoords=kind, xytext=(aside, 0), textcoords="offset points",
        ha="right" if aside < 0 else "left", va="center", fontproperties=font(13), color=_INK,
    )  # fmt: skip
