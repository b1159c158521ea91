"""The plate overview: the outcome of every well, told by shape and word as well as by colour."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from breakpoint_pcr.figures.canvas import ACCENT, AMBER, BAD, HAIR, MUTED, sheet
from breakpoint_pcr.figures.lettering import Lettering
from breakpoint_pcr.figures.lettering import width as letters
from breakpoint_pcr.report.plate import CONTROL_GENE_FILL, PARTS_SHOWN, place_of, plate_map
from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.styles import INK
from breakpoint_pcr.tables import Outcome

CELL_HIGH, CELL_WIDE, CELL_NARROW = 19.0, 26.0, 16.0  # mm
COLUMNS_SMALL = 12
LEFT, TOP, EDGE = 12.0, 28.0, 6.0
POINTS_PER_MM = 72 / 25.4
LETTER = 0.58  # width of a letter in ems
LEGEND_ROW = 6.0
# Colour, hatching and sign of an outcome that is neither positive nor negative.
DOUBTS: Mapping[str, tuple[str, str, str]] = {
    Outcome.REVIEW: (AMBER, "", "?"),
    Outcome.INVALID: (BAD, "//////", "×"),
}


def draw_plate(view: View, lettering: Lettering) -> Figure:
    """Draw every well of the plate at its place: sample, Ct, assay and outcome."""
    plate = plate_map(view)
    columns, rows = len(plate["columns"]), len(plate["rows"])
    cell = CELL_WIDE if columns <= COLUMNS_SMALL else CELL_NARROW
    width = max(LEFT + columns * cell + EDGE, 200.0)
    entries = _legend_entries(view, lettering)
    legend = _legend_rows(entries, width)
    drawn, axes = sheet(width, TOP + rows * CELL_HIGH + 6 + len(legend) * LEGEND_ROW + EDGE)
    run = view.source.record
    axes.text(EDGE, 9, lettering.name(run.run, 80), fontsize=14, fontweight="bold", color=INK)
    facts = filter(None, (run.run_date and view.words.date(run.run_date), run.instrument))
    axes.text(EDGE, 16, lettering.name("  |  ".join(facts), 110), fontsize=9, color=MUTED)
    _rulers(axes, plate, cell)
    _draw_cells(axes, plate, cell, view, lettering)
    _draw_legend(axes, legend, TOP + rows * CELL_HIGH + 6)
    return drawn


def _rulers(axes: Axes, plate: Mapping[str, Any], cell: float) -> None:
    style: Any = {"fontsize": 9, "color": MUTED, "ha": "center", "va": "center"}
    for column, name in enumerate(plate["columns"]):
        axes.text(LEFT + (column + 0.5) * cell, TOP - 3.5, name, **style)
    for row, name in enumerate(plate["rows"]):
        axes.text(LEFT - 5, TOP + (row + 0.5) * CELL_HIGH, name, **style)
        for column in range(len(plate["columns"])):
            corner = (LEFT + column * cell + 0.6, TOP + row * CELL_HIGH + 0.6)
            axes.add_patch(_box(corner, cell - 1.2, CELL_HIGH - 1.2, "white", HAIR))


def _box(
    corner: tuple[float, float], width: float, height: float, fill: str, edge: str
) -> FancyBboxPatch:
    return FancyBboxPatch(
        (corner[0] + 0.8, corner[1] + 0.8),
        width - 1.6,
        height - 1.6,
        boxstyle="round,pad=0.8",
        facecolor=fill,
        edgecolor=edge,
        linewidth=0.7,
    )


def _draw_cells(
    axes: Axes, plate: Mapping[str, Any], cell: float, view: View, lettering: Lettering
) -> None:
    assays = _assays_by_place(view)
    names = _names_by_place(view)
    for entry in plate["cells"]:
        place = (entry["row"], entry["column"])
        x, y = LEFT + place[1] * cell + 0.6, TOP + place[0] * CELL_HIGH + 0.6
        inner = cell - 1.2
        control = entry["control"]
        more = f" +{entry['more']}" if entry["more"] else ""
        size = 7.5 if cell == CELL_WIDE else 6.0
        axes.text(
            x + 1.2,
            y + 3,
            lettering.name(names[place], _room(inner - 2, size) - len(more)) + more,
            fontsize=size,
            va="center",
            color=ACCENT if control else INK,
            fontweight="bold" if control else "normal",
        )
        share = (inner - 1.6) / len(entry["parts"])
        for index, part in enumerate(entry["parts"]):
            box = (x + 0.8 + index * share, y + 5.2, share)
            _draw_part(axes, part, box, lettering.text(assays[place][index]))


def _assays_by_place(view: View) -> dict[tuple[int, int], list[str]]:
    """Return the assay of each part of a cell, or its target where the panel has none."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for reaction in view.source.reactions:
        if place := place_of(reaction.well):
            found[place].append(reaction.assay or reaction.target)
    return {place: names[:PARTS_SHOWN] for place, names in found.items()}


def _names_by_place(view: View) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for reaction in view.source.reactions:
        if place := place_of(reaction.well):
            found.setdefault(place, reaction.sample)
    return found


def _room(width: float, points: float) -> float:
    """Return how many letters of a size fit into a width in mm."""
    return max(2.0, width * POINTS_PER_MM / (points * LETTER))


def _draw_part(
    axes: Axes, part: Mapping[str, Any], box: tuple[float, float, float], assay: str
) -> None:
    """Draw a reaction: its fill tells positive, its frame and sign tell review and invalid."""
    x, y, width = box
    height = CELL_HIGH - 7.2
    colour, hatch, sign = DOUBTS.get(part["mark"], (MUTED, "", ""))
    axes.add_patch(
        Rectangle(
            (x + 0.25, y),
            width - 0.5,
            height,
            facecolor=part["fill"] or "white",
            edgecolor=colour,
            linewidth=1.6 if sign else 0.5,
            hatch=hatch,
            hatch_linewidth=0.4,
        )
    )
    ink = part["ink"] or INK
    text = part["text"] if part["text"] == sign else f"{part['text']} {sign}".strip()
    size = min(10.0, (width - 1.5) * POINTS_PER_MM / (LETTER * max(len(text), 4)))
    backing: Any = {"facecolor": "white", "linewidth": 0, "pad": 0.6} if hatch else None
    style: Any = {"ha": "center", "va": "center", "color": ink, "bbox": backing}
    weight = "bold" if part["strong"] or sign else "normal"
    axes.text(x + width / 2, y + 0.36 * height, text, fontsize=size, fontweight=weight, **style)
    small = min(7.0, 0.8 * size, (width - 1.5) * POINTS_PER_MM / (LETTER * max(len(assay), 1)))
    if part["mark"] != "off" and small >= 3:  # noqa: PLR2004
        weight = "bold" if part["fill"] else "normal"
        axes.text(
            x + width / 2, y + 0.78 * height, assay, fontsize=small, fontweight=weight, **style
        )


def _legend_entries(view: View, lettering: Lettering) -> list[tuple[str, str, str, str, str]]:
    """Return fill, frame, hatching, sign and words of each entry."""
    words = view.words
    positive = words.word("outcomes", Outcome.POSITIVE)
    found = [
        (_fill(a["name"], view), MUTED, "", "", f"{a['name']} {positive}") for a in view.assays
    ]
    found.append(("white", MUTED, "", "", words.word("outcomes", Outcome.NEGATIVE)))
    found += [
        ("white", colour, hatch, sign, words.word("outcomes", code))
        for code, (colour, hatch, sign) in DOUBTS.items()
    ]
    return [(*entry[:4], lettering.name(entry[4], 40)) for entry in found]


def _fill(assay: str, view: View) -> str:
    return view.styles[assay].colour if view.is_breakpoint(assay) else CONTROL_GENE_FILL


def _legend_rows(
    entries: Sequence[tuple[str, str, str, str, str]], width: float
) -> list[list[tuple[float, tuple[str, str, str, str, str]]]]:
    """Place the entries in rows of the figure's width: x and entry."""
    rows: list[list[tuple[float, tuple[str, str, str, str, str]]]] = [[]]
    x = LEFT
    for entry in entries:
        needed = 9 + letters(entry[4]) * 8.5 * 0.62 / POINTS_PER_MM + 4
        if rows[-1] and x + needed > width - EDGE:
            rows.append([])
            x = LEFT
        rows[-1].append((x, entry))
        x += needed
    return rows


def _draw_legend(
    axes: Axes, rows: Sequence[Sequence[tuple[float, tuple[str, str, str, str, str]]]], top: float
) -> None:
    for number, row in enumerate(rows):
        y = top + number * LEGEND_ROW
        for x, (fill, edge, hatch, sign, words) in row:
            axes.add_patch(
                Rectangle(
                    (x, y - 2),
                    7,
                    4,
                    facecolor=fill,
                    edgecolor=edge,
                    linewidth=1.6 if sign else 0.5,
                    hatch=hatch,
                    hatch_linewidth=0.4,
                )
            )
            style: Any = {"fontsize": 8.5, "color": INK, "va": "center"}
            axes.text(x + 3.5, y, sign, ha="center", fontweight="bold", **style)
            axes.text(x + 9, y, words, **style)
