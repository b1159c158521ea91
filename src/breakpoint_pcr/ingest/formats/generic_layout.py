"""Where in a file the configured columns stand: its tables, their headers, what a comma means."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX
from breakpoint_pcr.ingest.files.extent import check_reactions, check_rows
from breakpoint_pcr.ingest.files.html_tables import is_page, page_of, tables_of
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import DELIMITERS, Text, check_end, decode, lines_of
from breakpoint_pcr.ingest.numerals import Comma, comma_of
from breakpoint_pcr.ingest.settings import GenericTable
from breakpoint_pcr.ingest.wells import well_of

HEADER_ROWS_MAX = 100
HEAD_LETTERS = 200_000
NUMBER_DIGITS = 3
# The name of the only Ct column, which says nothing of dye or target.
ONLY = ""
CURVE = "cycles"
# Of these a file must have one column: which of two counts is never guessed.
SINGLE = ("ct", "omit")


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. `cycles` maps a cycle to its column, `cts` a dye or target to that of its Ct.

    `guessed` names the encoding where neither UTF-8 nor the configured one fits; `empty` are the
    wells of rows that say nothing else.
    """

    where: str
    columns: Mapping[str, int]
    cts: Mapping[str, int]
    headings: Sequence[str]
    cycles: Mapping[int, int]
    lines: Sequence[Line]
    comma: Comma
    guessed: str
    empty: frozenset[str]


def has_header(source: Source, table: GenericTable) -> bool:
    """Tell by a row that names a well column and a Ct column; the text is looked at, not parsed."""
    if source.book:
        sheets = _sheets(source.book.sheets, table)
        return any(_header(source.book.lines(sheet), table) for sheet in sheets)
    if is_page(source):
        return any(_header(lines, table) for lines in tables_of(page_of(source, table.encoding)))
    return source.kind is Content.TEXT and bool(_delimiter(decode(source, table.encoding), table))


def layouts(source: Source, table: GenericTable) -> list[Layout]:
    """Return the tables that have a well and a Ct.

    Raises:
        ExportError: A table is damaged, too large or ambiguous, or there is none.
    """
    found = [
        _layout(where, lines, table, header=header, guessed=guessed)
        for where, lines, guessed in _parts(source, table)
        if (header := _header(lines, table))
    ]
    if not found:
        raise ExportError(source.name, "no column for well and Ct; name them in ingest.generic")
    return found


def _layout(
    where: str,
    lines: Sequence[Line],
    table: GenericTable,
    *,
    header: tuple[int, list[str]],
    guessed: str,
) -> Layout:
    index, headings = header
    check_rows(where, len(lines))
    _check_headings(where, lines[index][0], headings, table)
    columns, cts, cycles = (
        _columns(headings, table),
        _cts(headings, table),
        _cycles(headings, table),
    )
    _check_wide(where, lines[index][0], columns, cts=cts, cycles=cycles)
    cts = cts or {ONLY: columns["ct"]}
    below = [line for line in lines[index + 1 :] if not is_blank(line[1])]
    # What fills the first column alone is a note or an empty well, but where the Ct stands there.
    body = [line for line in below if 0 in cts.values() or not is_blank(line[1][1:])]
    empty = _wells_alone(below) if columns["well"] == 0 else frozenset[str]()
    check_reactions(where, len(body) * len(cts))
    numeric = [*cts.values(), *cycles.values()]
    if "threshold" in columns:
        numeric.append(columns["threshold"])
    comma = _comma(where, body, numeric, table)
    return Layout(where, columns, cts, headings, cycles, body, comma, guessed, empty)


def _wells_alone(lines: Sequence[Line]) -> frozenset[str]:
    """Return the wells of rows that hold nothing but a well in their first cell."""
    found: set[str] = set()
    for _, cells in lines:
        if is_blank(cells[1:]):
            with suppress(ValueError):
                found.add(well_of(text_of(cells[0]), None))
    return frozenset(found)


def _sheets(sheets: Sequence[str], table: GenericTable) -> list[str]:
    return [sheet for sheet in sheets if not table.sheets or sheet in table.sheets]


def _parts(source: Source, table: GenericTable) -> Iterator[tuple[str, Sequence[Line], str]]:
    """Yield place, rows and guessed encoding of each sheet, of each table of a page, of a text."""
    if source.book:
        for sheet in _sheets(source.book.sheets, table):
            yield f"{source.name} sheet {sheet}", source.book.lines(sheet), ""
        return
    if is_page(source):
        text = page_of(source, table.encoding)
        for number, lines in enumerate(tables_of(text), start=1):
            yield f"{source.name} table {number}", lines, _guessed(text, table)
        return
    text = decode(source, table.encoding)
    if delimiter := _delimiter(text, table):
        lines = lines_of(text, delimiter)
        check_end(text, lines)
        yield source.name, lines, _guessed(text, table)


def _guessed(text: Text, table: GenericTable) -> str:
    return "" if text.guessed == table.encoding else text.guessed


def _delimiter(text: Text, table: GenericTable) -> str | None:
    """Return the delimiter by which one of the first lines is a header."""
    head = text.content[:HEAD_LETTERS].split("\n")[:HEADER_ROWS_MAX]
    for delimiter in DELIMITERS:
        rows = [[cell.strip(' "') for cell in line.split(delimiter)] for line in head]
        if _header(list(enumerate(rows)), table):
            return delimiter
    return None


def _header(lines: Sequence[Line], table: GenericTable) -> tuple[int, list[str]] | None:
    """Return index and headings of the first row with a well and a Ct column."""
    for index, (_, cells) in enumerate(lines[:HEADER_ROWS_MAX]):
        headings = [text_of(cell) for cell in cells]
        columns = _columns(headings, table)
        if "well" in columns and ("ct" in columns or _cts(headings, table)):
            return index, headings
    return None


def _columns(headings: Sequence[str], table: GenericTable) -> dict[str, int]:
    found = ((concept, _places(headings, concept, table)) for concept in table.columns)
    return {concept: places[0] for concept, places in found if places}


def _places(headings: Sequence[str], concept: str, table: GenericTable) -> list[int]:
    """Return the columns of a concept, in the order of the configured names."""
    names = table.columns[concept]
    found = [(heading.casefold(), index) for index, heading in enumerate(headings)]
    return [index for name in names for heading, index in found if heading == name]


def _cts(headings: Sequence[str], table: GenericTable) -> dict[str, int]:
    """Return the columns of Cts by the dye or target that their headings name."""
    found = ((_ct_of(name, table), index) for index, name in enumerate(headings))
    return {name: index for name, index in found if name}


def _ct_of(heading: str, table: GenericTable) -> str:
    match = table.ct_columns and table.ct_columns.fullmatch(heading)
    return (match[1] or "").strip() if match else ""


def _cycles(headings: Sequence[str], table: GenericTable) -> dict[int, int]:
    cycles = ((_cycle_of(name, table), index) for index, name in enumerate(headings))
    return {cycle: index for cycle, index in cycles if cycle and cycle <= CYCLES_MAX}


def _cycle_of(heading: str, table: GenericTable) -> int | None:
    match = table.cycle_columns and table.cycle_columns.fullmatch(heading)
    digits = (match[1] or "") if match else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= NUMBER_DIGITS):
        return None
    return int(digits)


def _check_headings(where: str, line: int, headings: Sequence[str], table: GenericTable) -> None:
    """Refuse a heading that is used and stands twice, two Cts, and cycles not counted from 1."""
    used = {name for names in table.columns.values() for name in names}
    keys = [
        _ct_of(name, table) or (name if name in used else None) if cycle is None else cycle
        for name, cycle in ((name.casefold(), _cycle_of(name, table)) for name in headings)
    ]
    for key, heading in zip(keys, headings, strict=True):
        if key == 0:
            raise ExportError(
                where, f"column {shown(heading)}; cycles count from 1; mend the header", line
            )
        if key is not None and keys.count(key) > 1:
            raise ExportError(
                where, f"column {shown(heading)} stands twice; delete or rename one", line
            )
    for concept in SINGLE:
        both = [headings[index] for index in _places(headings, concept, table)]
        if len(both) > 1:
            raise ExportError(
                where,
                f"columns {listed(both)}; expected one; name it alone in ingest.generic.{concept}",
                line,
            )
    cycles = sorted(_cycles(headings, table))
    if cycles != list(range(1, len(cycles) + 1)):
        raise ExportError(
            where,
            f"columns of cycles {listed([str(cycle) for cycle in cycles])}; expected 1, 2, 3, none "
            "left out; export all, or change cycle_columns in ingest.generic",
            line,
        )


def _check_wide(
    where: str,
    line: int,
    columns: Mapping[str, int],
    *,
    cts: Mapping[str, int],
    cycles: Mapping[int, int],
) -> None:
    """Refuse a row of several Cts with one target, dye, curve or further Ct: whose would it be."""
    others = [name for name in ("ct", "target", "dye") if name in columns]
    if cts and (others or cycles):
        raise ExportError(
            where,
            f"a Ct column for each of {listed(list(cts))}, and a column for "
            f"{others[0] if others else CURVE}; set one of the two in ingest.generic",
            line,
        )


def _comma(where: str, body: Sequence[Line], indices: Sequence[int], table: GenericTable) -> Comma:
    """Return what a comma means: the configured decimal mark, and thousands only where shown.

    Raises:
        ExportError: The numbers show another decimal mark than the configured one.
    """
    cells = [cells[index] for _, cells in body for index in indices if index < len(cells)]
    shown_by_cells = comma_of(cells)
    if shown_by_cells is Comma.BOTH:
        raise ExportError(
            where,
            "numbers with a decimal comma and numbers with commas for thousands; export again",
        )
    if table.decimal == ",":
        return Comma.DECIMAL
    return shown_by_cells if shown_by_cells is Comma.THOUSANDS else Comma.ABSENT
