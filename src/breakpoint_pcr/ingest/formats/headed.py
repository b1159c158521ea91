"""Tables that are told by their headings, wherever in a text or a workbook the header stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import DELIMITERS, Text, check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.sections import Row, Table, folded
from breakpoint_pcr.ingest.numerals import comma_of

HEADER_ROWS_MAX = 100
HEAD_LETTERS = 200_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of a table by concept, folded; without those of `need` it is another table.

    `numbers` are the concepts whose cells tell what a comma means in the file.
    """

    headings: Mapping[str, tuple[str, ...]]
    need: tuple[str, ...]
    numbers: tuple[str, ...]

    def columns(self, cells: Sequence[Cell]) -> dict[str, int]:
        """Return the index of each concept in a header row; of equal headings the first."""
        found = [folded(text_of(cell)) for cell in cells]
        return {
            concept: next(found.index(name) for name in names if name in found)
            for concept, names in self.headings.items()
            if not set(names).isdisjoint(found)
        }

    def is_header(self, cells: Sequence[Cell]) -> bool:
        """Tell whether a row names every needed column."""
        return len(cells) >= len(self.need) and set(self.need) <= self.columns(cells).keys()


def delimiter_of(text: Text, layout: Layout) -> str | None:
    """Return the delimiter by which one of the first lines is a header of the layout."""
    found = _text_header(text, layout)
    return found[0] if found else None


def header_of(source: Source, layout: Layout) -> list[str]:
    """Return the headings of the first table of the layout in a text; none where there is none.

    The text is looked at, not parsed: for `sniff`, which must not fail.
    """
    found = _text_header(decode(source), layout) if source.kind is Content.TEXT else None
    return found[1] if found else []


def _text_header(text: Text, layout: Layout) -> tuple[str, list[str]] | None:
    head = text.content[:HEAD_LETTERS].split("\n")[:HEADER_ROWS_MAX]
    # Every reader looks at every text: lines without the rarest heading are not taken apart.
    words = [name.split()[0] for name in layout.headings[layout.need[-1]]]
    likely = [ln for ln in head if any(word in folded(ln) for word in words)]
    for delimiter in DELIMITERS:
        for line in likely:
            cells = [cell.strip(' "') for cell in line.split(delimiter)]
            if layout.is_header(cells):
                return delimiter, cells
    return None


def tables_in(source: Source, layout: Layout) -> list[tuple[str, list[Line]]]:
    """Return place and rows, from the header on, of the text or of each sheet of the layout.

    Raises:
        ExportError: The text is damaged or cut off, or there is no such table.
    """
    tables = [
        (where, lines[index:])
        for where, lines in _parts(source, layout)
        if (index := header_index(lines, layout)) is not None
    ]
    if not tables:
        wanted = listed([layout.headings[concept][0] for concept in layout.need])
        raise ExportError(source.name, f"no header with {wanted}; export the table again")
    return tables


def _parts(source: Source, layout: Layout) -> Iterator[tuple[str, list[Line]]]:
    if source.book:
        for sheet in source.book.sheets:
            yield f"{source.name} sheet {sheet}", source.book.lines(sheet)
        return
    text = decode(source)
    lines = lines_of(text, delimiter_of(text, layout) or ",")
    check_end(text, lines)
    yield source.name, lines


def header_index(lines: Sequence[Line], layout: Layout) -> int | None:
    """Return the index of the first header among the first rows."""
    head = enumerate(lines[:HEADER_ROWS_MAX])
    return next((index for index, (_, cells) in head if layout.is_header(cells)), None)


def table_below(where: str, lines: Sequence[Line], layout: Layout) -> Table:
    """Return the table whose header is the first of these rows; blank rows are left out.

    Raises:
        ExportError: A heading stands twice, or a row does not fit the header.
    """
    number, header = lines[0]
    headings = tuple(map(text_of, header))
    columns = layout.columns(header)
    _check_headings(where, number, headings, layout)
    data = tuple(line for line in lines[1:] if not is_blank(line[1]))
    last = max(columns[concept] for concept in layout.need)
    for line, cells in data:
        _check_row(where, line, cells, headings=headings, last=last)
    return Table(where, headings, columns, {}, data)


def check_one_ct(table: Table, layout: Layout) -> None:
    """Refuse a table with two columns of Cts, such as Cq and C(t): which one counts is not said.

    Raises:
        ExportError: It has.
    """
    found = [name for name in table.headings if folded(name) in layout.headings["ct"]]
    if len(found) > 1:
        raise ExportError(
            table.where, f"columns {listed(found)}; expected one of Cts; export the table again"
        )


def rows_of(table: Table, layout: Layout) -> list[Row]:
    """Return the rows of a table; what a comma means is decided from all its numbers."""
    indices = [table.columns[c] for c in layout.numbers if c in table.columns]
    comma = comma_of(
        cells[index] for _, cells in table.lines for index in indices if index < len(cells)
    )
    return [Row(table, line, cells, comma) for line, cells in table.lines]


def _check_headings(where: str, line: int, headings: Sequence[str], layout: Layout) -> None:
    used = {name for names in layout.headings.values() for name in names}
    found = [folded(heading) for heading in headings]
    for name, heading in zip(found, headings, strict=True):
        if name in used and found.count(name) > 1:
            raise ExportError(
                where, f"column {shown(heading)} stands twice; expected one; export again", line
            )


def _check_row(
    where: str, line: int, cells: Sequence[Cell], *, headings: Sequence[str], last: int
) -> None:
    # A blank cell too many counts: behind a decimal comma the last, blank cell moves out.
    if len(cells) > len(headings):
        raise ExportError(
            where,
            f"{len(cells)} cells where the header has {len(headings)}; a delimiter inside a cell, "
            "or a decimal comma in a comma-separated file; export again",
            line,
        )
    if len(cells) <= last:
        raise ExportError(
            where,
            f"row ends before column {shown(headings[last])}; the file is cut off; copy or export "
            "it again",
            line,
        )
