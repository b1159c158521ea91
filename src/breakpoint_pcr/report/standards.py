"""The standard curves of a run: a table, and a plot of each, Ct over log10 of the quantity."""

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10
from typing import Any

from breakpoint_pcr.report.plate import ranges
from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Quantity, StandardCurve, Well

MARGIN_DECADES, MARGIN_CYCLES = 0.35, 1.0
TICKS_MAX, LABEL_SHARE = 6, 0.12
# Where the sheet gives no copies of a control gene, they follow from the DNA, as in `levels`.
COPIES_PER_GENOME, PG_PER_NG = 2, 1000
# An efficiency beyond it (a nearly level line) has no meaning as a number.
EFFICIENCY_MAX = 10.0
TINY, PLAIN_DECADES = 1e-9, 1
Point = tuple[float, float | None]


def standards_page(view: View) -> dict[str, Any] | None:
    """Return table and plots of the standard curves; None when the run has none."""
    words, curves = view.words, view.source.standards
    if not curves:
        return None
    pointed = [(curve, _points(curve, view)) for curve in curves]
    lit = [(curve, points) for curve, points in pointed if not _is_dark(curve, points)]
    dark = [_title(curve, words) for curve, points in pointed if _is_dark(curve, points)]
    plots = (_plot(curve, points, view) for curve, points in lit)
    confidence = words.percent(view.confidence)
    return {
        "heads": list(words.section("standard_columns").values()),
        "rows": [_row(curve, view) for curve, _ in lit],
        "dark": words.say("standards_dark", names=words.joined(dark)) if dark else "",
        "plots": [plot for plot in plots if plot],
        "note": words.say("standards_note", confidence=confidence),
    }


def _is_dark(curve: StandardCurve, points: Sequence[Point]) -> bool:
    """Whether nothing amplified, as with a diluted sample that lacks what the assay shows."""
    return (
        curve.quantity is Quantity.DILUTION
        and curve.slope is None
        and all(ct is None for _, ct in points)
    )


def _title(curve: StandardCurve, words: Words) -> str:
    return words.say("standard_title", assay=curve.assay, quantity=_quantity(curve, words))


def _row(curve: StandardCurve, view: View) -> dict[str, Any]:
    words = view.words
    wells = words.say("standard_wells", points=curve.points, wells=len(curve.wells))
    ends = (curve.quantity_min, curve.quantity_max)
    return {
        "assay": curve.assay,
        "quantity": _quantity(curve, words),
        "wells": wells,
        "places": ranges(curve.wells, words),
        "slope": words.number(curve.slope, 2),
        "efficiency": _efficiency(curve, words),
        "r_squared": words.number(curve.r_squared, 4),
        "range": words.missing
        if None in ends
        else words.say("standard_range", low=_said(ends[0], words), high=_said(ends[1], words)),
        "accepted": curve.accepted,
        "verdict": _verdict(curve, words),
        "reason": curve.reason,
        "values": _values(curve),
    }


def _values(curve: StandardCurve) -> dict[str, Any]:
    """Return what standards.tsv holds, for machines; a number without end is none."""
    numbers = {
        "slope": curve.slope,
        "intercept": curve.intercept,
        "r_squared": curve.r_squared,
        "efficiency": curve.efficiency,
        "efficiency_low": curve.efficiency_low,
        "efficiency_high": curve.efficiency_high,
        "quantity_min": curve.quantity_min,
        "quantity_max": curve.quantity_max,
    }
    return {
        "quantity": curve.quantity.value,
        "patient_ref": curve.patient_ref,
        **{k: None if v is None or not isfinite(v) else v for k, v in numbers.items()},
    }


def _quantity(curve: StandardCurve, words: Words) -> str:
    quantity = words.word("quantities", curve.quantity)
    if not curve.patient_ref:
        return quantity
    return words.say("standard_of", quantity=quantity, patient=curve.patient_ref)


def _verdict(curve: StandardCurve, words: Words) -> str:
    return words.say("accepted" if curve.accepted else "not_accepted")


def _efficiency(curve: StandardCurve, words: Words) -> str:
    found = (curve.efficiency, curve.efficiency_low, curve.efficiency_high)
    value, *ends = (words.missing if n is None else _percents(n, words) for n in found)
    if curve.efficiency is None:
        return value
    kind = "percent" if None in found else "percent_interval"
    return words.texts["format"][kind].format(value=value, ends="–".join(ends))


def _percents(share: float, words: Words) -> str:
    """Return a share in percent, without the sign."""
    beyond = share > EFFICIENCY_MAX
    return f"{'>' * beyond}{words.number(100 * min(share, EFFICIENCY_MAX), 0 if beyond else 1)}"


def _said(quantity: float | None, words: Words) -> str:
    """Return a quantity: whole decades as powers of ten, others as numbers."""
    if not quantity or not isfinite(quantity) or quantity < 0:
        return words.missing if quantity is None else words.plain(quantity)
    power = round(log10(quantity))
    whole = abs(log10(quantity) - power) < TINY
    if whole and abs(power) > PLAIN_DECADES:
        return words.power(power)
    return words.plain(quantity if whole else float(f"{quantity:.3g}"))


def _points(curve: StandardCurve, view: View) -> list[Point]:
    """Return quantity and Ct of the curve's wells, as the sample sheet and the export say them."""
    wells = [w for w in view.source.wells if w.assay == curve.assay and w.well in set(curve.wells)]
    pairs = ((_labelled(well, curve.quantity, view), well.ct) for well in wells)
    return sorted(
        ((quantity, ct) for quantity, ct in pairs if quantity and quantity > 0),
        key=lambda point: (point[0], point[1] or 0.0),
    )


def _labelled(well: Well, quantity: Quantity, view: View) -> float | None:
    entries = sorted(view.sheet([well]), key=lambda entry: not entry.assay)
    found = (e.copies if quantity is Quantity.COPIES else e.dilution for e in entries)
    value = next((value for value in found if value is not None), None)
    if value is not None or quantity is Quantity.DILUTION or view.is_breakpoint(well.assay):
        return value
    amounts = (*(e.input_ng for e in entries), view.reactions[well.well, well.assay].input_ng)
    amount_ng = next((ng for ng in amounts if ng is not None), None)
    pg_per_genome = view.source.settings["level"]["pg_per_genome"]
    return amount_ng and COPIES_PER_GENOME * amount_ng * PG_PER_NG / pg_per_genome


def _line(curve: StandardCurve) -> list[Point]:
    """Return the two ends of the line; none when there is no line."""
    low, high = curve.quantity_min, curve.quantity_max
    if curve.slope is None or curve.intercept is None or not low or not high:
        return []
    return [(q, curve.slope * log10(q) + curve.intercept) for q in (low, high)]


def _plot(curve: StandardCurve, points: Sequence[Point], view: View) -> dict[str, Any] | None:
    """Return the plot of a curve, places as shares of its axes; None when nothing has a Ct."""
    words, style = view.words, view.styles[curve.assay]
    known = [(log10(q), ct) for q, ct in points if ct is not None and isfinite(ct)]
    line = [(log10(q), ct) for q, ct in _line(curve) if ct is not None]
    if not known:
        return None
    xs = _ends([x for x, _ in known + line], MARGIN_DECADES)
    ys = _ends([y for _, y in known + line], MARGIN_CYCLES)
    quantity = _quantity(curve, words)
    return {
        "title": _title(curve, words),
        "accepted": curve.accepted,
        "verdict": _verdict(curve, words),
        "label": ""
        if curve.slope is None
        else words.say(
            "standard_line",
            slope=words.number(curve.slope, 2),
            intercept=words.number(curve.intercept, 2),
        ),
        "axis": quantity,
        "colour": style.colour,
        "points": [{"x": _share(x, xs), "y": _share(y, ys)} for x, y in known],
        "line": [{"x": _share(x, xs), "y": _share(y, ys)} for x, y in line],
        "x_ticks": [
            {"at": _share(x, xs), "label": label} for x, label in _decades(points, xs, words)
        ],
        "y_ticks": [{"at": _share(y, ys), "label": words.plain(y)} for y in _cycles(ys)],
        "alt": _alt(curve, points, words),
    }


def _ends(values: Sequence[float], margin: float) -> tuple[float, float]:
    return min(values) - margin, max(values) + margin


def _share(value: float, ends: tuple[float, float]) -> float:
    return round((value - ends[0]) / (ends[1] - ends[0]), 4)


def _decades(
    points: Sequence[Point], ends: tuple[float, float], words: Words
) -> list[tuple[float, str]]:
    """Return ticks at whole decades; where there is but one, at the quantities that were run."""
    whole = [(float(n), _said(10.0**n, words)) for n in range(ceil(ends[0]), floor(ends[1]) + 1)]
    if len(whole) > 1:
        step = ceil(len(whole) / (TICKS_MAX + 1))
        return whole[::step]
    found: list[tuple[float, str]] = []
    for quantity in sorted({q for q, _ in points}):
        x = log10(quantity)
        if not found or _share(x, ends) - _share(found[-1][0], ends) >= LABEL_SHARE:
            found.append((x, _said(quantity, words)))
    return found


def _cycles(ends: tuple[float, float]) -> list[int]:
    steps = (1, 2, 5, 10, 20)
    step = next((s for s in steps if (ends[1] - ends[0]) / s <= TICKS_MAX), steps[-1])
    return list(range(ceil(ends[0] / step) * step, floor(ends[1]) + 1, step))


def _alt(curve: StandardCurve, points: Sequence[Point], words: Words) -> str:
    said = (
        words.say("standard_point", quantity=_said(q, words), ct=words.number(ct, 2))
        for q, ct in points
    )
    return words.say(
        "standard_alt",
        assay=curve.assay,
        quantity=_quantity(curve, words),
        verdict=_verdict(curve, words),
        points="; ".join(said),
    )
