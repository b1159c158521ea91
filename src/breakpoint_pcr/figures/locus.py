"""The primer map: the locus to scale, exons, primers, recurrent deletions and their products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from breakpoint_pcr.figures.canvas import ACCENT, AMBER, HAIR, MUTED, sheet
from breakpoint_pcr.figures.lettering import Lettering, width
from breakpoint_pcr.report.alignments import said as site_words
from breakpoint_pcr.report.loci import ALLELE_LETTERS, ARROW, LEFT, locus_map, short_name
from breakpoint_pcr.report.loci import WIDTH as AXIS
from breakpoint_pcr.report.primers import condition_words, size_words
from breakpoint_pcr.report.styles import INK, Style, styles
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Amplifies

SCALE = 1.4  # of the report's map, so that its labels can be read on a slide
# Millimetres of the report's map.
EDGE, GAP, SWATCH = 5.0, 5.0, 5.5
AXIS_Y, ROW, LABEL_ROW, NOTE_ROW = 22.0, 5.0, 3.0, 3.4
LETTER = 1.35
NOTE_ROOM = 190
CONTROL_GENE = "control_gene"
MAYBE, SURE = "#d5e3ec", "#8fb6cf"
SIZES = ("product_must_max_bp", "product_may_max_bp")


@dataclass(frozen=True, slots=True)
class _Page:
    """A figure with axes in millimetres of the report's map, and what is drawn with."""

    figure: Figure
    axes: Axes
    lettering: Lettering
    styles: Mapping[str, Style]

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 6.5,
        **style: Any,  # noqa: ANN401
    ) -> None:
        """Write text; `size` is in points of the report's map."""
        style = {"color": INK, "va": "center", **style}
        self.axes.text(x, y, self.lettering.text(text), fontsize=size * SCALE, **style)

    def line(self, x: tuple[float, float], y: tuple[float, float], **style: Any) -> None:  # noqa: ANN401
        """Draw a line."""
        look: Any = {"color": MUTED, "linewidth": 0.8, **style}
        self.axes.plot(x, y, **look)

    def box(self, x: float, y: float, size: tuple[float, float], **style: Any) -> None:  # noqa: ANN401
        """Draw a box of width and height around the line y."""
        corner = (x, y - size[1] / 2)
        look: Any = {"linewidth": 0, **style}
        self.axes.add_patch(Rectangle(corner, *size, **look))


def draw_primer_map(panel: Mapping[str, Any], words: Words, lettering: Lettering) -> Figure:
    """Draw the map from panel.json; a product in brackets is a long one that may fail to appear."""
    map_ = locus_map(panel, words)
    alleles = panel["alleles"][: len(map_["alleles"])]
    names = [short_name(allele["allele"], ALLELE_LETTERS) for allele in alleles]
    products = [_products(allele, words) for allele in alleles]
    labels = max((p["level"] for p in map_["primers"]), default=0) + 1
    bars = AXIS_Y + 9 + labels * LABEL_ROW + 5
    foot = bars + len(names) * ROW + 2
    notes = lettering.lines([*map_["note"].split(), *_legend(panel, words)], NOTE_ROOM)
    left = EDGE + max([0.0, *(LETTER * width(name) - LEFT + 3 for name in names)])
    right = LEFT + AXIS + GAP + max([30.0, *map(_room, products)]) + EDGE
    page = _page((left, right, foot + len(notes) * NOTE_ROW + EDGE), panel, lettering)
    page.text(EDGE - left, 6, panel["panel"]["title"], size=10, fontweight="bold")
    head = words.word("labels", "products")
    page.text(LEFT + AXIS + GAP, bars - 4.5, head, fontweight="bold")
    _axis(page, map_)
    _primers(page, map_["primers"])
    for index, name in enumerate(names):
        y = bars + index * ROW
        _bar(page, map_, map_["alleles"][index], name, y)
        page.text(EDGE - left, y, name, fontweight="bold")
        _sizes(page, products[index], y)
    for index, line in enumerate(notes):
        page.text(EDGE - left, foot + index * NOTE_ROW, line, size=6, color=MUTED)
    return page.figure


def _page(
    size: tuple[float, float, float], panel: Mapping[str, Any], lettering: Lettering
) -> _Page:
    """Return a page from `left` of the map's zero to `right`, and so high."""
    left, right, height = size
    figure, axes = sheet(SCALE * (left + right), SCALE * height)
    axes.set_xlim(-left, right)
    axes.set_ylim(height, 0)
    grey = [a["name"] for a in panel["assays"] if a["kind"] == CONTROL_GENE]
    return _Page(figure, axes, lettering, styles([a["name"] for a in panel["assays"]], grey))


def _legend(panel: Mapping[str, Any], words: Words) -> list[str]:
    """Return how long a product may be, and what is odd about a site, in words."""
    limits = {key: panel["conditions"][key] for key in SIZES if key in panel["conditions"]}
    said = "; ".join(condition_words(limits, words))
    notes = [f"{said[0].upper()}{said[1:]} (…)."] if said else []
    for primer in panel["primers"]:
        best = min(primer["sites"], key=lambda s: (s["edits"], s["gaps"]), default=None)
        if best and best["edits"]:
            notes.append(f"{primer['name']}: {site_words(best, words)}.")
    return " ".join(notes).split()


def _products(allele: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """Return assay and size of each product of an allele, a long one in brackets."""
    found: list[tuple[str, str]] = []
    for product in allele["products"]:
        if product["product"] != Amplifies.NONE and product["size_min"] is not None:
            size = size_words(product, words)
            must = product["product"] == Amplifies.MUST
            found.append((product["assay"], size if must else f"({size})"))
    return found


def _room(products: Sequence[tuple[str, str]]) -> float:
    return sum(SWATCH + LETTER * (width(assay) + 1 + width(size)) + 3 for assay, size in products)


def _sizes(page: _Page, products: Sequence[tuple[str, str]], y: float) -> None:
    x = LEFT + AXIS + GAP
    for assay, size in products:
        style = page.styles[assay]
        dash = (0, style.dash) if style.dash else "-"
        page.line((x, x + SWATCH - 1), (y, y), color=style.colour, linewidth=2, linestyle=dash)
        weight = "normal" if size.startswith("(") else "bold"
        page.text(x + SWATCH, y, assay)
        page.text(x + SWATCH + LETTER * (width(assay) + 1), y, size, fontweight=weight)
        x += _room([(assay, size)])


def _axis(page: _Page, map_: Mapping[str, Any]) -> None:
    for tick in map_["ticks"]:
        page.line((tick["x"], tick["x"]), (AXIS_Y - 7.5, AXIS_Y - 6.5), linewidth=0.6)
        page.text(tick["x"], AXIS_Y - 9.3, tick["label"], size=6, ha="center", color=MUTED)
    page.text(LEFT - 2, AXIS_Y, map_["gene"], size=8, fontweight="bold", ha="right")
    _records(page, map_, AXIS_Y, color=MUTED, linewidth=1.2)
    for exon in map_["exons"]:
        page.box(exon["x"], AXIS_Y, (exon["width"], 4.2), facecolor=ACCENT)
        middle = exon["x"] + exon["width"] / 2
        page.text(middle, AXIS_Y - 3.8, exon["label"], ha="center", fontweight="bold")


def _records(page: _Page, map_: Mapping[str, Any], y: float, **style: Any) -> None:  # noqa: ANN401
    for place, stretch in enumerate(map_["stretches"]):
        page.line((stretch["x"], stretch["x"] + stretch["width"]), (y, y), zorder=1, **style)
        if place:
            _break(page, stretch["x"] - 2.5, y)


def _break(page: _Page, x: float, y: float) -> None:
    """Draw the two strokes between records that are not to scale with each other."""
    for shift in (-0.55, 0.55):
        ends = (x + shift - 0.7, x + shift + 0.7)
        page.line(ends, (y + 1.3, y - 1.3), color=INK, linewidth=1, zorder=4)


def _primers(page: _Page, primers: Sequence[Mapping[str, Any]]) -> None:
    y = AXIS_Y + 5
    for primer in primers:
        way = 1 if primer["strand"] == "+" else -1
        start, length = primer["x"] - way * ARROW, way * ARROW
        outline = [
            *((0, -0.8), (0.55, -0.8), (0.55, -1.5), (1, 0)),
            *((0.55, 1.5), (0.55, 0.8), (0, 0.8)),
        ]
        points = [(start + share * length, y + rise) for share, rise in outline]
        colour = INK if primer["exact"] else AMBER
        fill = colour if primer["exact"] else "white"
        look: Any = {"facecolor": fill, "edgecolor": colour, "linewidth": 1.2, "zorder": 3}
        page.axes.add_patch(Polygon(points, **look))
        below = y + 3.6 + primer["level"] * LABEL_ROW
        page.text(primer["x"], below, primer["label"], ha="center", color=colour)


def _bar(page: _Page, map_: Mapping[str, Any], bar: Mapping[str, Any], name: str, y: float) -> None:
    _records(page, map_, y, color=HAIR)
    outside, sure = bar["end"] - bar["x"], bar["sure_end"] - bar["sure"]
    page.box(bar["x"], y, (max(outside, 0), 3), facecolor=MAYBE, zorder=2)
    page.box(bar["sure"], y, (max(sure, 0), 3), facecolor=SURE, zorder=2)
    frame: Any = {"facecolor": "none", "edgecolor": ACCENT, "linewidth": 0.8, "zorder": 3}
    page.box(bar["x"], y, (max(outside, 0.3), 3), **frame)
    for stretch in map_["stretches"][1:]:
        if bar["end"] > stretch["x"] - 2.5:
            page.box(stretch["x"] - 3.4, y, (1.8, 3.6), facecolor="white", zorder=4)
            _break(page, stretch["x"] - 2.5, y)
    text = bar["text"].removeprefix(name).strip()
    page.text((bar["sure"] + bar["sure_end"]) / 2, y, text, size=5.8, ha="center", zorder=5)
