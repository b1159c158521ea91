"""Figures of amplification curves: what is on the axes, and the lines as SVG.

A figure is plain data (it stands in report.json); `drawing` turns one of its two panels into SVG,
which Typst places much faster than it would draw the lines itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Any

from breakpoint_pcr.report.styles import Style
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import CurveKind

LINEAR, LOGARITHMIC = "linear", "logarithmic"
DECADES_SHOWN = 3
HEAD_ROOM = 1.08
LABEL_SHARE = 0.08  # of the height that the label of a threshold takes
WIDTH, HEIGHT = 800.0, 560.0
POINT = 3.4  # SVG units of one typographic point at the size that the template gives a plot


@dataclass(frozen=True, slots=True)
class Line:
    """A curve to draw: its values as shown (baseline subtracted), per cycle from 1."""

    label: str
    well: str
    style: Style
    unit: str
    values: tuple[float | None, ...]
    ct: float | None
    threshold: float | None
    strong: bool
    said: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What all figures of a run share: the cut-off, and the least height in each unit."""

    ct_limit: float
    least_top: Mapping[str, float]


def shown(
    values: Sequence[float | None], kind: CurveKind, feature: Mapping[str, str]
) -> tuple[str, tuple[float | None, ...]]:
    """Return the unit's code and the values, without the baseline that the export left on."""
    if kind in {CurveKind.DELTA_RN, CurveKind.RFU}:
        return kind.value, tuple(values)
    intercept, slope = feature.get("baseline_intercept"), feature.get("baseline_slope")
    if not intercept or not slope:
        return f"{kind.value}_uncorrected", tuple(values)
    a, b = float(intercept), float(slope)
    return kind.value, tuple(
        None if value is None else value - a - b * cycle for cycle, value in enumerate(values)
    )


def figure(
    lines: Sequence[Line], scale: Scale, words: Words, alt: Callable[[str], str]
) -> dict[str, Any] | None:
    """Return a figure of the lines, linear and logarithmic; None when there is nothing to draw.

    Args:
        lines: The curves.
        scale: Cut-off and least height.
        words: Wording.
        alt: Gives the sentence that describes the figure, from the name of its scale.
    """
    lines = [line for line in lines if any(v is not None for v in line.values)]
    if not lines:
        return None
    cycles = _cycles(lines)
    units = sorted({line.unit for line in lines})
    unit = " / ".join(words.word("curve_kinds", code) for code in units)
    top = max(0.0, _top(lines), *(scale.least_top.get(code, 0.0) for code in units)) or 1.0
    return {
        "cycles": cycles,
        "cycle_ticks": _cycle_ticks(cycles, scale.ct_limit, words),
        "cut_off": _cut_off(cycles, scale.ct_limit, words),
        "lines": [_line(line) for line in lines],
        LINEAR: _axis(lines, (_low(lines, top), top * HEAD_ROOM), LINEAR, words)
        | _said(words, unit, LINEAR, alt),
        LOGARITHMIC: _axis(lines, _decades(lines, top), LOGARITHMIC, words)
        | _said(words, unit, LOGARITHMIC, alt),
    }


def _said(words: Words, unit: str, scale: str, alt: Callable[[str], str]) -> dict[str, str]:
    label = words.word("labels", scale)
    return {
        "title": words.say("plot_title", unit=unit, scale=label),
        "alt": alt(label),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "label": line.label,
        "well": line.well,
        "colour": line.style.colour,
        "dash": list(line.style.dash),
        "strong": line.strong,
        "values": [None if v is None else float(f"{v:.5g}") for v in line.values],
    }


def _top(lines: Sequence[Line]) -> float:
    return max((v for line in lines for v in line.values if v is not None), default=0.0)


def _low(lines: Sequence[Line], top: float) -> float:
    lowest = min(v for line in lines for v in line.values if v is not None)
    return max(-0.2 * top, min(-0.04 * top, lowest * HEAD_ROOM))


def _decades(lines: Sequence[Line], top: float) -> tuple[float, float]:
    """Return the ends of the logarithmic axis, from a decade below the threshold on."""
    levels = [line.threshold for line in lines if line.threshold and line.threshold > 0]
    low = floor(log10(min(levels))) - 1 if levels else floor(log10(top)) - DECADES_SHOWN
    return 10.0 ** min(low, ceil(log10(top)) - 2), top * 1.6


def _share(value: float, ends: tuple[float, float], scale: str) -> float:
    """Return where a value lies on an axis, 0 (low end) to 1."""
    low, high = ends
    if scale == LOGARITHMIC:
        return (log10(value) - log10(low)) / (log10(high) - log10(low))
    return (value - low) / (high - low)


def _axis(
    lines: Sequence[Line], ends: tuple[float, float], scale: str, words: Words
) -> dict[str, Any]:
    ticks = _log_ticks(ends) if scale == LOGARITHMIC else _linear_ticks(ends)
    return {
        "low": float(f"{ends[0]:.6g}"),
        "high": float(f"{ends[1]:.6g}"),
        "ticks": [{"at": _at(t, ends, scale), "label": words.plain(t)} for t in ticks],
        "thresholds": _thresholds(lines, ends, scale, words),
        "marks": [m for line in lines if (m := _mark(line, ends, scale, _cycles(lines)))],
        "empty": "" if _top(lines) > ends[0] else words.say("nothing_above_zero"),
    }


def _at(value: float, ends: tuple[float, float], scale: str) -> float:
    return round(_share(value, ends, scale), 4)


def _linear_ticks(ends: tuple[float, float]) -> list[float]:
    raw = ends[1] / 4
    size = 10.0 ** floor(log10(raw))
    step = next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw)
    return [float(f"{step * i:.6g}") for i in range(int(ends[1] / step) + 1)]


def _log_ticks(ends: tuple[float, float]) -> list[float]:
    first, last = ceil(log10(ends[0]) - 1e-9), floor(log10(ends[1]) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]


def _thresholds(
    lines: Sequence[Line], ends: tuple[float, float], scale: str, words: Words
) -> list[dict[str, Any]]:
    """Return one line for a threshold that all share, else one in the colour of each assay.

    Of lines too close for two labels the upper one carries both.
    """
    owners: dict[float, dict[str, str]] = {}
    for line in lines:
        if line.threshold and ends[0] < line.threshold < ends[1]:
            owners.setdefault(line.threshold, {})[line.label] = line.style.colour
    alone = len(owners) == 1
    found: list[dict[str, Any]] = []
    for level in sorted(owners):
        said = _threshold(level, () if alone else owners[level], words)
        at = _at(level, ends, scale)
        if found and at - found[-1]["at"] < LABEL_SHARE:
            said = f"{found[-1]['label']}; {said}"
            found[-1]["label"] = ""
        colour = "" if alone else min(owners[level].values())
        found.append({"at": at, "label": said, "colour": colour})
    return found


def _threshold(level: float, assays: Iterable[str], words: Words) -> str:
    value = words.plain(float(f"{level:.3g}"))
    if not (names := words.joined(assays)):
        return words.say("threshold", value=value)
    return words.say("threshold_of", value=value, assays=names)


def _cycles(lines: Sequence[Line]) -> int:
    return max(len(line.values) for line in lines)


def _mark(line: Line, ends: tuple[float, float], scale: str, cycles: int) -> dict[str, Any] | None:
    """Return the ring at the Ct, on the curve."""
    if line.ct is None or not isfinite(line.ct) or not 1 <= line.ct <= len(line.values):
        return None
    value = _value_at(line.values, line.ct, log=scale == LOGARITHMIC)
    if value is None or not ends[0] < value < ends[1]:
        return None
    x = round((line.ct - 1) / max(cycles - 1, 1), 4)
    return {"x": x, "y": _at(value, ends, scale), "colour": line.style.colour}


def _value_at(values: Sequence[float | None], ct: float, *, log: bool) -> float | None:
    before = values[int(ct) - 1]
    after = values[min(int(ct), len(values) - 1)]
    part = ct - int(ct)
    if before is None or after is None:
        return before
    if log and before > 0 and after > 0:
        return before * (after / before) ** part
    return before + (after - before) * part


def _cycle_ticks(cycles: int, ct_limit: float, words: Words) -> list[dict[str, Any]]:
    tens = [c for c in (1, *range(10, cycles + 1, 10)) if abs(c - ct_limit) >= 2]  # noqa: PLR2004
    ticks = [(float(c), False) for c in tens] + [(ct_limit, True)] * (1 <= ct_limit <= cycles)
    last = max(cycles - 1, 1)
    return [
        {"at": round((c - 1) / last, 4), "label": words.plain(c), "strong": strong}
        for c, strong in ticks
    ]


def _cut_off(cycles: int, ct_limit: float, words: Words) -> dict[str, Any] | None:
    if not 1 < ct_limit <= cycles:
        return None
    at = round((ct_limit - 1) / max(cycles - 1, 1), 4)
    return {"at": at, "label": words.say("cut_off", limit=words.plain(ct_limit))}


def drawing(figure_: Mapping[str, Any], scale: str) -> str:
    """Return the lines of one panel of a figure as SVG; the plot area is the whole view."""
    axis = figure_[scale]
    ends = (axis["low"], axis["high"])
    paths = "".join(
        _path(line, ends, scale, max(figure_["cycles"] - 1, 1)) for line in figure_["lines"][::-1]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'preserveAspectRatio="none"><g fill="none" stroke-linejoin="round">{paths}</g></svg>'
    )


def _path(line: Mapping[str, Any], ends: tuple[float, float], scale: str, steps: int) -> str:
    points: list[str] = []
    pen = "M"
    for index, value in enumerate(line["values"]):
        if value is None or (scale == LOGARITHMIC and value <= ends[0]):
            pen = "M"
            continue
        y = HEIGHT * (1 - _share(value, ends, scale))
        points.append(f"{pen}{index / steps * WIDTH:.1f} {y:.1f}")
        pen = "L"
    dash = ",".join(f"{length * POINT:g}" for length in line["dash"])
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    width = (1.25 if line["strong"] else 0.8) * POINT
    return (
        f'<path d="{"".join(points)}" stroke="{line["colour"]}" stroke-width="{width:g}"{dashes}/>'
    )
