"""The figure of all runs: Ct per assay and run."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from breakpoint_pcr.summary.content import PageContent
from breakpoint_pcr.summary.history import FinishedRun
from breakpoint_pcr.summary.wording import PageWords
from breakpoint_pcr.tables import Outcome, Role, Well

# Okabe-Ito colours; the marker alone tells the kinds apart too, so the figure is safe in grey.
MARKERS: Mapping[str, Mapping[str, Any]] = {
    "kind_positive": {"marker": "o", "color": "#0072b2"},
    "kind_other": {"marker": "o", "color": "#0072b2", "markerfacecolor": "white"},
    "kind_positive_control": {"marker": "D", "color": "#000000"},
    "kind_blank": {"marker": "X", "color": "#d55e00"},
    "kind_standard": {"marker": "+", "color": "#5b6875"},
}
CONTROL_KINDS = {
    Role.POSITIVE_CONTROL: "kind_positive_control",
    Role.NTC: "kind_blank",
    Role.NEGATIVE_CONTROL: "kind_blank",
    Role.STANDARD: "kind_standard",
}
SETTINGS: Any = {
    "svg.hashsalt": "breakpoint-pcr",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 9,
}
LIMIT_LINE: Any = {"color": "#a00f38", "dashes": (5, 2), "linewidth": 1}
SPREAD = 0.7
LABELS_MAX = 40
LABEL_LENGTH = 24
WIDTH_INCHES = (6.5, 24.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure in both formats."""

    svg: bytes
    png: bytes


def draw_cts(content: PageContent, words: PageWords) -> Picture:
    """Draw every Ct: one row of axes per assay, runs from oldest to newest, the limit dashed."""
    with mpl.rc_context(), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes, and the tables hold it whole.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        figure = _figure(content, words)
        return Picture(_svg(figure), _png(figure))


def _svg(figure: Figure) -> bytes:
    buffer = BytesIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.set_dpi(110)
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _figure(content: PageContent, words: PageWords) -> Figure:
    runs = [run for run in content.history if not run.rejected]
    assays = content.assays or ("",)
    low, high = WIDTH_INCHES
    width = min(max(low, 1.5 + 0.35 * len(runs)), high)
    figure = Figure(figsize=(width, 1.3 + 1.5 * len(assays)), layout="constrained")
    grid = figure.subplots(len(assays), 1, sharex=True, sharey=True, squeeze=False)
    drawn: dict[str, Any] = {}
    # The limit is that of the breakpoint assays; a control gene has another one.
    unlimited = {assay.name for assay in content.panel.control_genes}
    for axes, assay in zip(grid[:, 0], assays, strict=True):
        drawn |= _draw_assay(axes, assay, runs)
        if assay not in unlimited:
            drawn["limit"] = axes.axhline(content.ct_limit, **LIMIT_LINE)
        axes.margins(y=0.1)
        axes.set_title(assay, loc="left", fontsize=9, fontweight="bold")
        axes.grid(axis="y", color="#dde3e8", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    _label(figure, grid[-1, 0], runs, words)
    _legend(figure, drawn, words, words.report.plain(content.ct_limit))
    return figure


def _draw_assay(axes: Axes, assay: str, runs: Sequence[FinishedRun]) -> dict[str, Any]:
    """Draw the Cts of an assay and return one handle for each kind of well in it."""
    points: dict[str, list[tuple[float, float]]] = {}
    for place, run in enumerate(runs):
        wells = [well for well in run.wells if well.assay == assay and well.ct is not None]
        for offset, well in zip(_offsets(len(wells)), wells, strict=True):
            points.setdefault(_kind(well), []).append((place + offset, well.ct or 0.0))
    return {
        kind: axes.plot(*zip(*points[kind], strict=True), linestyle="none", markersize=5, **style)[
            0
        ]
        for kind, style in MARKERS.items()
        if kind in points
    }


def _offsets(count: int) -> Iterator[float]:
    """Spread the wells of a run over its width, so that equal Cts do not hide each other."""
    return (SPREAD * ((place + 0.5) / count - 0.5) for place in range(count))


def _kind(well: Well) -> str:
    positive = "kind_positive" if well.outcome is Outcome.POSITIVE else "kind_other"
    return CONTROL_KINDS.get(well.role, positive)


def _label(figure: Figure, axes: Axes, runs: Sequence[FinishedRun], words: PageWords) -> None:
    step = max(1, -(-len(runs) // LABELS_MAX))
    places = range(0, len(runs), step)
    axes.set_xticks(places, [_short(runs[place].name) for place in places], rotation=45, ha="right")
    axes.set_xlim(-0.6, max(len(runs), 1) - 0.4)
    axes.set_xlabel(words.labels["axis_runs"])
    figure.supylabel(words.labels["axis_ct"], fontsize=9)
    if not any(well.ct is not None for run in runs for well in run.wells):
        axes.text(0.5, 0.5, words.labels["no_ct"], ha="center", transform=axes.transAxes)


def _short(name: str) -> str:
    half = LABEL_LENGTH // 2
    return name if len(name) <= LABEL_LENGTH else f"{name[: half - 1]}…{name[-half:]}"


def _legend(figure: Figure, drawn: Mapping[str, Any], words: PageWords, limit: str) -> None:
    kinds: Iterable[str] = (kind for kind in (*MARKERS, "limit") if kind in drawn)
    handles = {
        words.say("ct_limit", limit=limit) if kind == "limit" else words.labels[kind]: drawn[kind]
        for kind in kinds
    }
    figure.legend(
        handles.values(), handles.keys(), loc="outside upper left", ncols=3, frameon=False
    )
