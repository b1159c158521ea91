"""What every figure shares: fonts, size of type, and the bytes of SVG and PNG.

The SVG keeps its text as text, so that it can be selected, searched and edited; it names the fonts
of resources/fonts, and a program without them takes its own sans serif. The PNG is the exact look.
"""

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

DOTS_PER_INCH, BOLD = 300, 700
MM_PER_INCH = 25.4
COMPRESSION = 3  # half the time of the usual 6, files a tenth larger
MUTED, HAIR, ACCENT, AMBER, BAD = "#5b6875", "#dde3e8", "#12507b", "#b45f06", "#a00f38"
# In this order a letter is sought in the families that the fonts' files carry.
FAMILIES = ("Noto Sans", "Noto Sans SC", "Noto Sans Math", "Noto Sans Mono")
SETTINGS: Any = {
    "font.family": [*FAMILIES, "sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "svg.hashsalt": "breakpoint-pcr",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "lines.scale_dashes": False,
    "axes.linewidth": 0.6,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure in both formats."""

    svg: bytes
    png: bytes


@contextmanager
def drawing(fonts: Path) -> Generator[None]:
    """Draw with the fonts of this folder and nothing of the user's own settings.

    Args:
        fonts: Folder with the fonts; they go before fonts of the same name on the machine.
    """
    manager = font_manager.fontManager
    before = list(manager.ttflist)
    with mpl.rc_context(), warnings.catch_warnings():
        # Letters without a font never get here; see `lettering`.
        warnings.filterwarnings("error", message="Glyph .* missing", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        _register(fonts)
        try:
            yield
        finally:
            manager.ttflist[:] = before


def _register(fonts: Path) -> None:
    """Put the fonts before all others; a family without a bold face stands in for it."""
    manager = font_manager.fontManager
    for path in sorted(fonts.glob("*.ttf")):
        manager.addfont(path)
        entry = manager.ttflist.pop()
        stand_in = [] if entry.weight == BOLD else [replace(entry, weight=BOLD)]
        # A later file goes first: a face that is bold comes after the regular one it stands in for.
        manager.ttflist[:0] = [entry, *stand_in]


def picture(figure: Figure) -> Picture:
    """Return the bytes of a figure, the same each time."""
    svg, png = BytesIO(), BytesIO()
    FigureCanvasSVG(figure).print_svg(svg, metadata={"Date": None, "Creator": None})
    figure.set_dpi(DOTS_PER_INCH)
    options = {"compress_level": COMPRESSION}
    FigureCanvasAgg(figure).print_png(png, metadata={"Software": None}, pil_kwargs=options)
    return Picture(svg.getvalue(), png.getvalue())


def sheet(width_mm: float, height_mm: float) -> tuple[Figure, Axes]:
    """Return a white figure and axes over all of it, in millimetres from its upper left corner."""
    figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width_mm)
    axes.set_ylim(height_mm, 0)
    axes.set_axis_off()
    return figure, axes
