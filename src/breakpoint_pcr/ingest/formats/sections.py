"""Tables of Thermo Fisher / Applied Biosystems exports: sections of a text, sheets of a workbook.

The same tables occur in 7500 and StepOne software v2, ViiA 7, QuantStudio Flex, Design & Analysis
v1 and v2, and Diomni; only headings differ.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, exact_text_of, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.files.extent import check_rows
from breakpoint_pcr.ingest.files.text import DELIMITERS, FOOTER_CELLS
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.wells import PLATES, well_of

# Headings as exported, folded; the first that a table has counts.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "well": ("well",),
    "position": ("well position", "plate position"),
    "sample": ("sample name", "sample", "samplename"),
    "target": ("target name", "target", "detector", "detector name"),
    "task": ("task", "sample type"),
    "dye": ("reporter",),
    "omit": ("omit",),
    "ct": ("ct", "cq", "crt"),
    "threshold": ("ct threshold", "crt threshold", "cq threshold", "threshold"),
    "baseline_start": ("baseline start", "start"),
    "baseline_end": ("baseline end", "baseline stop", "end"),
    "issues": ("result quality issues", "quality issue(s)"),
    "cycle": ("cycle", "cycle number"),
    "rn": ("rn",),
    "drn": ("delta rn", "drn", "δrn"),
}
# Cyrillic letters in Cт; Greek and increment Δ.
LOOKALIKES = str.maketrans({"т": "t", "Т": "t", "С": "c", "с": "c", "∆": "Δ"})
# What becomes of Cт and ΔRn where Excel opens UTF-8 as Windows-1252 or GBK, saves in a code page
# without them, or in an Asian or Russian one that is read as Windows-1252 here.
MANGLED = {
    **dict.fromkeys(("c?", "c_", "cñ‚", "cñ\x82", "c褌", "c§ä", "c¬ä", "c„„", "cò"), "ct"),
    **dict.fromkeys(("?rn", "_rn", "î”rn", "î\x94rn", "螖rn", "¦¤rn", "¥ärn", "ƒ¢rn"), "δrn"),
}
# How far into a text a header is looked for.
HEAD_LETTERS = 100_000
HEADER_LINES_MAX = 100
FLAG_HEADING = re.compile(r"[A-Z]{3,12}")
CT_HEADINGS = HEADINGS["ct"]
# Concepts whose cells are read as numbers.
NUMBERS = ("ct", "threshold", "baseline_start", "baseline_end", "cycle", "rn", "drn")
# In the first cell of a line below a table: `Endogenous Control = GAPDH, ACTB`.
FOOTER = " = "
# A mark is set by any other word: the software writes true, Yes or a sign, Excel its own language.
UNSET_WORDS = frozenset(
    {
        *("", "-", "0", "n", "no", "false", "na", "n/a", "faux", "falsch", "falso", "falsk"),
        *("falskt", "usann", "onwaar", "fałsz", "nepravda", "epätosi", "hamis", "yanliş", "ложь"),
        *("否", "假"),
    }
)


@lru_cache(maxsize=4096)
def folded(heading: str) -> str:
    """Return a heading in one spelling: no case, no outer or double blanks, no look-alikes."""
    name = " ".join(heading.translate(LOOKALIKES).casefold().split())
    return MANGLED.get(name, name)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: where it stands, its headings and its rows.

    `columns` maps a concept to its index; `flags` maps an instrument flag to its index.
    """

    where: str
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    flags: Mapping[str, int]
    lines: tuple[Line, ...]

    def need(self, *concepts: str, advice: str) -> None:
        """Check that the table has these columns.

        Raises:
            ExportError: One is missing.
        """
        for concept in concepts:
            if concept not in self.columns:
                wanted = " or ".join(repr(heading) for heading in HEADINGS[concept])
                raise ExportError(
                    self.where,
                    f"column {wanted} missing; found {listed(self.headings)}; {advice}",
                )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; every problem names its line."""

    table: Table
    line: int
    cells: Sequence[Cell]
    comma: Comma

    def cell(self, concept: str) -> Cell:
        """Return the cell of a concept; blank where the table has no such column."""
        index = self.table.columns.get(concept)
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def text(self, concept: str) -> str:
        """Return the cell as text."""
        return text_of(self.cell(concept))

    def exact_text(self, concept: str) -> str:
        """Return the cell as text, a number with all its digits."""
        return exact_text_of(self.cell(concept))

    def number(self, concept: str) -> float | None:
        """Return the cell as a number."""
        try:
            return number_of(self.cell(concept), self.comma)
        except ValueError as problem:
            raise self.problem(f"{concept.replace('_', ' ')} {problem}") from None

    def whole(self, concept: str) -> int | None:
        """Return the cell as a whole number."""
        number = self.number(concept)
        if number is not None and not number.is_integer():
            raise self.problem(f"{concept.replace('_', ' ')} {number} is no whole number")
        return None if number is None else int(number)

    def marked(self, concept: str) -> bool:
        """Tell whether a mark is set: the cell holds anything but a word for no."""
        return self.text(concept).casefold() not in UNSET_WORDS

    def well(self, plate_wells: int | None) -> str:
        """Return the well; number and position must agree where both stand."""
        position, well = self.text("position"), self.text("well")
        names = [position] if position and plate_wells is None else [position, well]
        try:
            wells = [well_of(name, plate_wells) for name in names if name]
        except ValueError as problem:
            raise self.problem(f"{problem}; the file is damaged or edited; export again") from None
        if not wells:
            raise self.problem("no well; the file is damaged or edited; export again")
        if len(set(wells)) != 1:
            raise self.problem(f"well {well!r} and position {position!r} disagree; export again")
        return wells[0]

    def problem(self, text: str) -> ExportError:
        """Return an error that names table and line."""
        return ExportError(self.table.where, text, self.line)


@dataclass(frozen=True, slots=True)
class Sections:
    """An export taken apart: header values and tables, both by folded name."""

    file: str
    header: Mapping[str, str]
    tables: Mapping[str, Table]
    names: tuple[str, ...]
    comma: Comma = Comma.ABSENT
    guessed_encoding: str = ""

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the data rows of a table; none where the export lacks it."""
        table = self.tables.get(name)
        for line, cells in table.lines if table else ():
            yield Row(table, line, cells, self.comma)  # type: ignore[arg-type]


def table_of(where: str, lines: Sequence[Line]) -> Table | None:
    """Return the table below the first row that begins with `Well`; None where there is none.

    Raises:
        ExportError: A row is no data and no footer, ends too early, or is longer than the header.
    """
    check_rows(where, len(lines))
    start = next((i for i, (_, cells) in enumerate(lines) if _is_header(cells)), None)
    if start is None:
        return None
    headings = tuple(map(text_of, lines[start][1]))
    while headings and not headings[-1]:
        headings = headings[:-1]
    columns = _columns(headings)
    flags = {
        heading: index
        for index, heading in enumerate(headings)
        if FLAG_HEADING.fullmatch(heading) and folded(heading) not in CT_HEADINGS
    }
    table = Table(where, headings, columns, flags, ())
    data = tuple(line for line in lines[start + 1 :] if _is_data(table, line))
    _check_rows(where, data, len(lines[start][1]))
    return Table(where, headings, columns, flags, data)


def delimiter_of_header(
    content: str, is_header: Callable[[Sequence[str]], object], *, word: str
) -> str | None:
    """Return the delimiter by which one of the first lines is a header; None for none.

    The text is looked at, not parsed: for `sniff`, which must not fail.

    Args:
        content: The text.
        is_header: Whether these folded cells are those headings.
        word: Stands in every such line, in small letters; other lines are not taken apart.
    """
    for line in content[:HEAD_LETTERS].split("\n")[:HEADER_LINES_MAX]:
        for delimiter in DELIMITERS if word in line.casefold() else "":
            if is_header([folded(cell.strip(' "')) for cell in line.split(delimiter)]):
                return delimiter
    return None


def comma_in(tables: Iterable[Table | None], cells: Iterable[Cell]) -> Comma:
    """Return what a comma means in the numbers of these tables, decided from all cells of the file.

    Where no number has one, those in names (a sample called `0,5`) say nothing of the numbers.
    """
    meaning = comma_of(cells)
    if meaning is Comma.ABSENT:
        return meaning
    numbers = (
        cells[index]
        for table in tables
        if table
        for index in (table.columns[c] for c in NUMBERS if c in table.columns)
        for _, cells in table.lines
        if index < len(cells)
    )
    return meaning if any("," in cell for cell in numbers if type(cell) is str) else Comma.ABSENT


def quoted_lines(file: str) -> ExportError:
    """Return the refusal of a text whose header is one cell, all of it in quotes."""
    return ExportError(
        file,
        "whole lines stand in quotes; expected quotes around single cells; export again, and do "
        "not save it from a spreadsheet",
    )


def _check_rows(where: str, data: Sequence[Line], width: int) -> None:
    """Refuse a second table, and a row with a cell too many: a comma may have split a Ct."""
    for number, cells in data:
        if _is_header(cells):
            raise ExportError(
                where, "a second table below the first; expected one plate a file", number
            )
        if len(cells) > width:
            raise ExportError(
                where,
                f"{len(cells)} cells where the header has {width}; a delimiter inside a cell, or a "
                "decimal comma in a comma-separated file; export again",
                number,
            )


def _is_header(cells: Sequence[Cell]) -> bool:
    if not (cells and isinstance(cells[0], str) and folded(cells[0]) == "well"):
        return False
    return sum(1 for cell in cells if text_of(cell)) > FOOTER_CELLS


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Return the index of each concept; of columns with one heading, the first."""
    found = [folded(heading) for heading in headings]
    return {
        concept: next(found.index(name) for name in names if name in found)
        for concept, names in HEADINGS.items()
        if not set(names).isdisjoint(found)
    }


def _is_data(table: Table, line: Line) -> bool:
    """Tell data from blank rows and from footers such as `Analysis Type = Singleplex`."""
    number, cells = line
    width = len(table.headings)
    starts_with_well = bool(cells) and _is_well(text_of(cells[0]))
    if starts_with_well and len(cells) == width:
        return True
    if not starts_with_well and (is_blank(cells[FOOTER_CELLS:]) or FOOTER in text_of(cells[0])):
        return False
    if not is_blank(cells[width:]):
        raise ExportError(
            table.where,
            f"{len(cells)} cells where the header has {width}; a delimiter inside a cell, or a "
            "decimal comma in a comma-separated file; export again",
            number,
        )
    last = max((table.columns[c] for c in ("ct", "rn", "drn") if c in table.columns), default=0)
    if len(cells) <= last and not is_blank(cells[FOOTER_CELLS:]):
        raise ExportError(
            table.where,
            f"row ends before column {shown(table.headings[last])}; the file is cut off; "
            "copy or export it again",
            number,
        )
    return True


def _is_well(text: str) -> bool:
    try:
        well_of(text, max(PLATES))
    except ValueError:
        return False
    return True
