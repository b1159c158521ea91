"""Hit rates by copies: the table, the probit curve, and the figure as plain numbers."""

from collections.abc import Sequence
from math import ceil, floor, log10
from statistics import NormalDist
from typing import Any

from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.validation.dilutions import ALL
from breakpoint_pcr.validation.document.blocks import Block, columns, figure, table
from breakpoint_pcr.validation.document.numbers import copies, copies_with, percent
from breakpoint_pcr.validation.document.source import View
from breakpoint_pcr.validation.rows import CutoffCurve, CutoffLevel

STEPS = 60
RATE_TICKS = (0, 50, 100)
TICK_FACTORS = (1.0, 2.0, 5.0)
WIDE = 2.2  # decades, above which only whole decades are labelled
MARGIN = 0.06  # decades beyond the outermost copies


def detection_table(title: str, curves: Sequence[CutoffCurve], view: View, note: str = "") -> Block:
    """Return C5, C50, C95 and the one-hit model of each assay."""
    words = view.words
    heads = columns(
        words,
        *("assay", ">reactions", ">c5", ">c50", ">c95_interval"),
        *(">one_hit_lambda", ">one_hit_lod", "*remark"),
    )
    rows = [
        [
            curve.assay,
            words.count(curve.wells),
            copies(curve.c5, words),
            copies(curve.c50, words),
            copies_with(curve.c95, curve.c95_low, curve.c95_high, words),
            words.number(curve.one_hit_lambda, 2),
            copies(curve.one_hit_lod, words),
            words.told(curve.reason) or words.missing,
        ]
        for curve in curves
    ]
    return table(title, heads, rows, note=note)


def hit_rate_figure(
    levels: Sequence[CutoffLevel], curves: Sequence[CutoffCurve], view: View
) -> Block | None:
    """Return a panel per assay; None when there is nothing to draw.

    Levels of single instruments are left out. Places are shares of the width (log10 of the copies)
    and of the height (0 to 100 %).
    """
    drawn = [level for level in levels if level.copies > 0 and level.instrument == ALL]
    if not drawn:
        return None
    values = [log10(level.copies) for level in drawn]
    ends = (min(values) - MARGIN, max(values) + MARGIN)
    fits = {curve.assay: curve for curve in curves}
    panels = [
        _panel(assay, [x for x in drawn if x.assay == assay], fits.get(assay), ends, view)
        for assay in dict.fromkeys(level.assay for level in drawn)
    ]
    return figure(panels, note=view.say("figure_note"))


Ends = tuple[float, float]


def _panel(
    assay: str, levels: Sequence[CutoffLevel], fit: CutoffCurve | None, ends: Ends, view: View
) -> dict[str, Any]:
    words = view.words
    return {
        "title": assay,
        "alt": _alt(assay, levels, fit, view),
        "x_label": view.say("axis_copies"),
        "y_label": view.say("axis_rate"),
        "x_ticks": _copy_ticks(ends, words),
        "y_ticks": [{"at": n / 100, "label": words.count(n)} for n in RATE_TICKS],
        "points": [
            {
                "x": _at(log10(level.copies), ends),
                "y": round(level.rate, 4),
                "low": round(level.rate_low, 4),
                "high": round(level.rate_high, 4),
            }
            for level in levels
        ],
        "line": _line(fit, ends),
        "marks": _marks(fit, ends, words),
    }


def _at(value: float, ends: Ends) -> float:
    return round((value - ends[0]) / (ends[1] - ends[0]), 4)


def _copy_ticks(ends: Ends, words: Words) -> list[dict[str, Any]]:
    factors = (1.0,) if ends[1] - ends[0] > WIDE else TICK_FACTORS
    decades = range(floor(ends[0]), ceil(ends[1]) + 1)
    values = [factor * 10.0**decade for decade in decades for factor in factors]
    return [
        {"at": _at(log10(value), ends), "label": copies(value, words)}
        for value in values
        if ends[0] <= log10(value) <= ends[1]
    ]


def _line(fit: CutoffCurve | None, ends: Ends) -> list[list[float]]:
    """Return the probit curve P = Phi(a + b log10 copies) as points."""
    if fit is None or fit.intercept is None or fit.slope is None:
        return []
    normal, width = NormalDist(), ends[1] - ends[0]
    places = [step / STEPS for step in range(STEPS + 1)]
    return [
        [round(x, 4), round(normal.cdf(fit.intercept + fit.slope * (ends[0] + x * width)), 4)]
        for x in places
    ]


def _marks(fit: CutoffCurve | None, ends: Ends, words: Words) -> list[dict[str, Any]]:
    """Return C5, C50 and C95 where they lie within the axis; only C95 has its copies beside it."""
    if fit is None:
        return []
    shares = {"c5": 0.05, "c50": 0.5, "c95": 0.95}
    found = {name: getattr(fit, name) for name in shares}
    return [
        {
            "x": _at(log10(value), ends),
            "y": shares[name],
            "label": words.say("curve_mark", copies=copies(value, words)) if name == "c95" else "",
        }
        for name, value in found.items()
        if value and ends[0] <= log10(value) <= ends[1]
    ]


def _alt(assay: str, levels: Sequence[CutoffLevel], fit: CutoffCurve | None, view: View) -> str:
    words = view.words
    points = words.joined(
        view.say(
            "curve_alt_point",
            copies=copies(level.copies, words),
            rate=percent(level.rate, words, 1),
        )
        for level in levels
    )
    fitted = fit is not None and fit.c95 is not None
    names = ("c5", "c50", "c95")
    values = {name: copies(getattr(fit, name), words) for name in names} if fitted else {}
    curve = view.say("curve_alt_probit" if fitted else "curve_alt_none", **values)
    return view.say("curve_alt", assay=assay, points=points, curve=curve)
