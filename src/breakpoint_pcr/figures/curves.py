"""The curves of a sample: linear and logarithmic, as in the report, on one slide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from breakpoint_pcr.figures.canvas import HAIR, MUTED
from breakpoint_pcr.figures.lettering import Lettering
from breakpoint_pcr.report.calls import chip
from breakpoint_pcr.report.plots import LINEAR, LOGARITHMIC, figure
from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.styles import INK, Style
from breakpoint_pcr.tables import Outcome, Sample, Well

WIDTH_INCHES, PANEL_INCHES, HEAD_INCHES = 11.0, 4.1, 1.05
ENTRY_INCHES, LINE_INCHES = 0.04, 0.185
NAME_ROOM, SUBTITLE_ROOM, ENTRY_ROOM = 62, 150, 74
BEYOND = "#e9edf0"  # cycles from the cut-off on
OUTCOME_MARKS = {Outcome.REVIEW: " ?", Outcome.INVALID: " ×"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An assay in the legend: how its curves are drawn, and its wells in words."""

    style: Style
    lines: tuple[str, ...]
    strong: bool


def draw_sample(sample: Sample, view: View, lettering: Lettering) -> Figure:
    """Draw the curves of a sample, all its assays; the title holds its name and its call."""
    wells = view.wells_of(sample.sample)
    plot = figure(view.lines(wells), view.scale, view.words, lambda _: "")
    entries = [_entry(assay, wells, view, lettering) for assay in _assays(wells)]
    rows = max((_heights(side) for side in _columns(entries)), default=0.0)
    under = _under(sample, view, lettering)
    # Inches from the lower edge up to the legend, to the panels and to the top.
    legend = rows + 0.35
    height = legend + PANEL_INCHES + HEAD_INCHES + LINE_INCHES * (len(under) - 1)
    drawn = Figure(figsize=(WIDTH_INCHES, height), facecolor="white")
    _title(drawn, sample, view, lettering, under)
    if plot is None:
        _nothing(drawn, lettering.text(view.words.word("labels", "no_curves")), legend)
    else:
        for place, scale in enumerate((LINEAR, LOGARITHMIC)):
            bottom = (legend + 0.45) / height
            box = (0.065 + place * 0.495, bottom, 0.425, (PANEL_INCHES - 0.45) / height)
            _panel(drawn.add_axes(box), plot, scale, view, lettering)
    _legend(drawn, entries, legend)
    return drawn


def _assays(wells: Sequence[Well]) -> list[str]:
    return list(dict.fromkeys(well.assay for well in wells))


def _under(sample: Sample, view: View, lettering: Lettering) -> list[str]:
    """Return the lines below the name: the run and every flag."""
    flags = [view.words.word("flags", flag) for flag in sample.flags]
    said = [sample.run, *(["|"] if flags else []), *(f"{flag};" for flag in flags[:-1])]
    return lettering.lines([*said, *flags[-1:]], SUBTITLE_ROOM)


def _title(
    drawn: Figure, sample: Sample, view: View, lettering: Lettering, under: Sequence[str]
) -> None:
    height = drawn.get_figheight()
    style: Any = {"fontweight": "bold", "color": INK, "va": "center"}
    name = lettering.name(sample.sample or view.words.missing, NAME_ROOM)
    drawn.text(0.02, 1 - 0.3 / height, name, fontsize=14, **style)
    call = lettering.name(chip(sample, view)["label"], NAME_ROOM / 1.2)
    frame = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": INK}
    drawn.text(0.98, 1 - 0.3 / height, call, fontsize=12, ha="right", bbox=frame, **style)
    for place, line in enumerate(under):
        y = 1 - (0.62 + place * LINE_INCHES) / height
        drawn.text(0.02, y, line, fontsize=9, color=MUTED, va="center")


def _nothing(drawn: Figure, text: str, legend: float) -> None:
    middle = (legend + PANEL_INCHES / 2) / drawn.get_figheight()
    drawn.text(0.5, middle, text, fontsize=11, color=MUTED, ha="center", va="center")


def _panel(
    axes: Axes, plot: Mapping[str, Any], scale: str, view: View, lettering: Lettering
) -> None:
    axis = plot[scale]
    axes.set_xlim(1, max(plot["cycles"], 2))
    axes.set_yscale("log" if scale == LOGARITHMIC else "linear")
    axes.set_ylim(axis["low"], axis["high"])
    title = lettering.text(axis["title"])
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold", color=INK)
    axes.set_xlabel(view.words.word("labels", "cycle"), fontsize=9, color=INK)
    _ticks(axes, plot, axis)
    if plot["cut_off"]:
        _cut_off(axes, plot["cut_off"], lettering)
    for line in reversed(plot["lines"]):
        _line(axes, line, axis["low"] if scale == LOGARITHMIC else None)
    for level in axis["thresholds"]:
        _threshold(axes, level, lettering)
    _marks(axes, axis["marks"])
    if axis["empty"]:
        _say(axes, (0.5, 0.5), lettering.text(axis["empty"]), ha="center", va="center")


def _ticks(axes: Axes, plot: Mapping[str, Any], axis: Mapping[str, Any]) -> None:
    """Set the report's ticks: they come as shares of the axes."""
    axes.minorticks_off()
    cycles = plot["cycle_ticks"]
    last = max(plot["cycles"] - 1, 1)
    axes.set_xticks([1 + t["at"] * last for t in cycles], [t["label"] for t in cycles])
    low, high = axes.transScale.transform([(1, axis["low"]), (1, axis["high"])])[:, 1]
    values = [(1, low + t["at"] * (high - low)) for t in axis["ticks"]]
    places = axes.transScale.inverted().transform(values)[:, 1] if values else []
    axes.set_yticks(places, [t["label"] for t in axis["ticks"]])
    axes.tick_params(labelsize=8.5, colors=INK, length=2.5, width=0.6)
    for label, tick in zip(axes.get_xticklabels(), cycles, strict=True):
        label.set_fontweight("bold" if tick["strong"] else "normal")
    axes.grid(color=HAIR, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[:].set_color(MUTED)


def _cut_off(axes: Axes, cut_off: Mapping[str, Any], lettering: Lettering) -> None:
    at = cut_off["at"]
    shade: Any = {"facecolor": BEYOND, "linewidth": 0, "zorder": 0.4}
    axes.add_patch(Rectangle((at, 0), 1 - at, 1, transform=axes.transAxes, **shade))
    axes.plot([at, at], [0, 1], transform=axes.transAxes, color=INK, linewidth=1)
    _say(axes, (at - 0.008, 0.985), lettering.text(cut_off["label"]), ha="right", va="top")


def _line(axes: Axes, line: Mapping[str, Any], least: float | None) -> None:
    """Draw a curve with its gaps; what the logarithmic axis cannot show is a gap there."""
    values = [nan if v is None or (least and v <= least) else v for v in line["values"]]
    style: Any = {"color": line["colour"], "linewidth": 1.9 if line["strong"] else 1.2}
    dash = (0, tuple(line["dash"])) if line["dash"] else "-"
    axes.plot(range(1, len(values) + 1), values, linestyle=dash, **style)
    known = [False, *(v == v for v in values), False]  # noqa: PLR0124
    alone = [i for i in range(1, len(known) - 1) if known[i - 1 : i + 2] == [False, True, False]]
    if alone:
        axes.plot(alone, [values[i - 1] for i in alone], ".", color=line["colour"], markersize=4)


def _threshold(axes: Axes, level: Mapping[str, Any], lettering: Lettering) -> None:
    at, colour = level["at"], level["colour"] or INK
    axes.plot(
        [0, 1], [at, at], transform=axes.transAxes, color=colour, linewidth=0.9, dashes=(3, 2)
    )
    if level["label"]:
        label = lettering.name(level["label"], ENTRY_ROOM)
        _say(axes, (0.012, at + 0.008), label, va="bottom", color=colour)


def _marks(axes: Axes, marks: Sequence[Mapping[str, Any]]) -> None:
    for mark in marks:
        axes.plot(
            mark["x"],
            mark["y"],
            "o",
            transform=axes.transAxes,
            markersize=6,
            markerfacecolor="white",
            markeredgewidth=1.3,
            markeredgecolor=mark["colour"],
            zorder=4,
            clip_on=False,
        )


def _say(axes: Axes, place: tuple[float, float], text: str, **style: Any) -> None:  # noqa: ANN401
    look: Any = {"color": INK, **style}
    axes.text(
        *place,
        text,
        transform=axes.transAxes,
        fontsize=8,
        zorder=5,
        bbox={"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1},
        **look,
    )


def _entry(assay: str, wells: Sequence[Well], view: View, lettering: Lettering) -> _Entry:
    own = [well for well in wells if well.assay == assay]
    said = [f"{well.well} {_ct(well, view)}{OUTCOME_MARKS.get(well.outcome, '')}" for well in own]
    words = [f"{lettering.name(assay, ENTRY_ROOM / 2)}:", *(f"{text}," for text in said[:-1])]
    lines = lettering.lines([*words, *said[-1:]], ENTRY_ROOM)
    positive = any(well.outcome is Outcome.POSITIVE for well in own)
    return _Entry(view.styles[assay], tuple(lines), positive)


def _ct(well: Well, view: View) -> str:
    """Return Ct and outcome of a well in words."""
    outcome = view.words.word("outcomes", well.outcome)
    if (well.well, well.assay) not in view.shown:
        outcome = view.words.joined([outcome, view.words.word("curve_kinds", "none")])
    return f"Ct {view.ct(well.ct)} ({outcome})" if well.ct is not None else f"– ({outcome})"


def _columns(entries: Sequence[_Entry]) -> tuple[Sequence[_Entry], Sequence[_Entry]]:
    """Split the entries into two columns of about the same height."""
    cut = next(
        (n for n in range(len(entries) + 1) if _heights(entries[:n]) >= _heights(entries[n:])),
        0,
    )
    return entries[:cut], entries[cut:]


def _heights(entries: Sequence[_Entry]) -> float:
    return sum(len(entry.lines) * LINE_INCHES + ENTRY_INCHES for entry in entries)


def _legend(drawn: Figure, entries: Sequence[_Entry], top: float) -> None:
    axes = drawn.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH_INCHES)
    axes.set_ylim(0, drawn.get_figheight())
    axes.set_axis_off()
    for left, side in zip((0.02, 0.515), _columns(entries), strict=True):
        y = top - 0.15
        for entry in side:
            _legend_entry(axes, entry, left * WIDTH_INCHES, y)
            y -= len(entry.lines) * LINE_INCHES + ENTRY_INCHES


def _legend_entry(axes: Axes, entry: _Entry, x: float, y: float) -> None:
    dash = (0, entry.style.dash) if entry.style.dash else "-"
    width = 1.9 if entry.strong else 1.2
    axes.plot([x, x + 0.5], [y, y], color=entry.style.colour, linestyle=dash, linewidth=width)
    weight = "bold" if entry.strong else "normal"
    for place, line in enumerate(entry.lines):
        axes.text(
            x + 0.6,
            y - place * LINE_INCHES,
            line,
            fontsize=8.5,
            fontweight=weight,
            color=INK,
            va="center",
        )
