"""One colour and one dash per line of a figure: distinct in colour and in grey print.

Colours: Okabe and Ito 2008 (for the colour-blind), without yellow and black.
"""

from collections.abc import Sequence
from dataclasses import dataclass

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
GREY = "#7a8691"
# Lengths of stroke and gap in points.
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5, 2),
    (5, 1.6, 1.2, 1.6),
    (2.4, 1.6),
    (9, 2),
    (1.2, 1.5),
)
# Of control genes, so that in grey print none looks like an assay.
GREY_DASHES: tuple[tuple[float, ...], ...] = (
    (7, 1.4, 1.2, 1.4, 1.2, 1.4),
    (3.6, 1.4, 3.6, 1.4, 1.2, 1.4),
)
WHITE, INK = "#ffffff", "#1b2733"


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is drawn; `ink` is the text colour that can be read on `colour`."""

    colour: str
    dash: tuple[float, ...]

    @property
    def ink(self) -> str:
        """White or dark, whichever contrasts more (relative luminance of WCAG 2)."""
        red, green, blue = (int(self.colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        luminance = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
        return INK if luminance > 0.2 else WHITE  # noqa: PLR2004


def styles(names: Sequence[str], grey: Sequence[str] = ()) -> dict[str, Style]:
    """Return a style for each name; those in `grey` (control genes) share the neutral colour."""
    coloured = [name for name in names if name not in grey]
    found = {name: _style(index) for index, name in enumerate(coloured)}
    found |= {name: Style(GREY, GREY_DASHES[i % len(GREY_DASHES)]) for i, name in enumerate(grey)}
    return {name: found[name] for name in names}


def _style(index: int) -> Style:
    turn, colour = divmod(index, len(COLOURS))
    return Style(COLOURS[colour], DASHES[(index + turn) % len(DASHES)])
