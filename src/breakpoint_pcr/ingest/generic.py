"""A table whose column names the configuration gives, as text or as a workbook.

Needed are a well and a Ct; a curve may stand beside them, one column per cycle. The header may
stand below other lines. Blank rows are skipped, and so is a row whose first cell alone is filled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, exact_text_of, is_blank, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record
from breakpoint_pcr.ingest.extent import check_reactions, check_rows
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.settings import GenericTable, IngestSettings
from breakpoint_pcr.ingest.source import Content, Source
from breakpoint_pcr.ingest.text import DELIMITERS, Text, check_end, decode, lines_of
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

HEADER_ROWS_MAX = 100
HEAD_LETTERS = 200_000
CYCLE_DIGITS = 3
NUMERIC = ("ct", "threshold")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where in the table the columns stand; `cycles` maps a cycle to its column.

    `guessed` names the encoding where neither UTF-8 nor the configured one fits.
    """

    where: str
    columns: Mapping[str, int]
    headings: Sequence[str]
    cycles: Mapping[int, int]
    lines: Sequence[Line]
    settings: GenericTable
    comma: Comma
    guessed: str


def _sniff(source: Source, settings: IngestSettings) -> bool:
    """Tell by a row that names a well column and a Ct column."""
    table = settings.generic
    if source.book:
        sheets = source.book.sheets
        return any(_header(source.book.lines(sheet), table) for sheet in sheets)
    return source.kind is Content.TEXT and bool(_delimiter(decode(source, table.encoding), table))


def _delimiter(text: Text, table: GenericTable) -> str | None:
    """Return the delimiter by which one of the first lines is a header."""
    head = text.content[:HEAD_LETTERS].split("\n")[:HEADER_ROWS_MAX]
    for delimiter in DELIMITERS:
        rows = [[cell.strip(' "') for cell in line.split(delimiter)] for line in head]
        if _header(list(enumerate(rows)), table):
            return delimiter
    return None


def _read(source: Source, settings: IngestSettings) -> Export:
    layout = _layout(source, settings.generic)
    if layout is None:
        raise ExportError(source.name, "no column for well and Ct; name them in ingest.generic")
    records: dict[tuple[str, str, str], Record] = {}
    for line, cells in layout.lines:
        try:
            record = _record(layout, cells)
        except ValueError as problem:
            raise ExportError(
                layout.where, f"{problem}; mend the cell or export again", line
            ) from None
        key = (record.well, record.target, record.dye)
        if key in records:
            raise ExportError(
                layout.where,
                f"well {record.well} has target {shown(record.target)} twice; "
                "expected one row each",
                line,
            )
        records[key] = record
    if not records:
        raise ExportError(layout.where, "no reactions below the header; export again")
    sentence = f"the text is neither UTF-8 nor as configured and was read as {layout.guessed}"
    odd = Finding(Level.WARNING, "run", source.name, "encoding_guessed", sentence)
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind=_ct_kind(layout),
        records=tuple(records.values()),
        plate_wells=smallest_plate({record.well for record in records.values()}),
        n_cycles=max(layout.cycles, default=None),
        noticed=(odd,) if layout.guessed else (),
    )


def _layout(source: Source, table: GenericTable) -> _Layout | None:
    for where, lines, guessed in _tables(source, table):
        if header := _header(lines, table):
            index, headings = header
            check_rows(where, len(lines))
            body = [line for line in lines[index + 1 :] if not is_blank(line[1][1:])]
            _check_headings(where, lines[index][0], headings, table)
            check_reactions(where, len(body))
            columns, cycles = _columns(headings, table), _cycles(headings, table)
            numeric = [columns[name] for name in NUMERIC if name in columns]
            comma = _comma(where, body, [*numeric, *cycles.values()], table)
            return _Layout(where, columns, headings, cycles, body, table, comma, guessed)
    return None


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


def _tables(source: Source, table: GenericTable) -> Iterator[tuple[str, Sequence[Line], str]]:
    if source.book:
        for sheet in source.book.sheets:
            yield f"{source.name} sheet {sheet}", source.book.lines(sheet), ""
        return
    text = decode(source, table.encoding)
    if delimiter := _delimiter(text, table):
        lines = lines_of(text, delimiter)
        check_end(text, lines)
        yield source.name, lines, "" if text.guessed == table.encoding else text.guessed


def _header(lines: Sequence[Line], table: GenericTable) -> tuple[int, list[str]] | None:
    """Return index and headings of the first row with a well and a Ct column."""
    for index, (_, cells) in enumerate(lines[:HEADER_ROWS_MAX]):
        headings = [text_of(cell) for cell in cells]
        if {"well", "ct"} <= _columns(headings, table).keys():
            return index, headings
    return None


def _columns(headings: Sequence[str], table: GenericTable) -> dict[str, int]:
    return {
        concept: next(headings.index(name) for name in names if name in headings)
        for concept, names in table.columns.items()
        if not set(names).isdisjoint(headings)
    }


def _check_headings(where: str, line: int, headings: Sequence[str], table: GenericTable) -> None:
    """Refuse a heading that is used and stands twice, and cycles that are counted from 0."""
    used = {name for names in table.columns.values() for name in names}
    cycles = (_cycle_of(name, table) for name in headings)
    keys = [
        (name if name in used else None) if cycle is None else cycle
        for name, cycle in zip(headings, cycles, strict=True)
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


def _cycle_of(heading: str, table: GenericTable) -> int | None:
    match = table.cycle_columns and table.cycle_columns.fullmatch(heading)
    digits = (match[1] or "") if match else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= CYCLE_DIGITS):
        return None
    return int(digits)


def _cycles(headings: Sequence[str], table: GenericTable) -> dict[int, int]:
    cycles = ((_cycle_of(name, table), index) for index, name in enumerate(headings))
    return {cycle: index for cycle, index in cycles if cycle and cycle <= CYCLES_MAX}


def _record(layout: _Layout, cells: Sequence[Cell]) -> Record:
    def cell(concept: str) -> Cell:
        index = layout.columns.get(concept)
        return cells[index] if index is not None and index < len(cells) else ""

    # A blank cell too many counts: a decimal comma may have split the Ct in front of it.
    if len(cells) > len(layout.headings):
        raise ValueError("more cells than the header has")
    if len(cells) <= layout.columns["ct"]:
        raise ValueError("the row ends before its Ct")
    try:
        ct, state = judge_ct(
            cell("ct"),
            comma=layout.comma,
            n_cycles=max(layout.cycles, default=None),
            missing=layout.settings.missing,
        )
    except ValueError as problem:
        raise ValueError(f"Ct is {problem}") from None
    values = _values(layout, cells)
    target = text_of(cell("target"))
    return Record(
        well=well_of(text_of(cell("well")), None),
        sample=text_of(cell("sample")),
        target=target,
        task=text_of(cell("task")),
        dye=text_of(cell("dye")),
        state=State.EMPTY if state is State.NO_DATA and not target and not values else state,
        ct=ct,
        ct_text=exact_text_of(cell("ct")),
        threshold=number_of(cell("threshold"), layout.comma),
        curve_kind=layout.settings.curve_kind if values else CurveKind.NONE,
        values=values,
    )


def _values(layout: _Layout, cells: Sequence[Cell]) -> tuple[float | None, ...]:
    series: list[float | None] = [None] * max(layout.cycles, default=0)
    for cycle, index in layout.cycles.items():
        series[cycle - 1] = number_of(cells[index], layout.comma) if index < len(cells) else None
    return tuple(series) if any(value is not None for value in series) else ()


def _ct_kind(layout: _Layout) -> str:
    heading = layout.headings[layout.columns["ct"]]
    return heading if heading in ("Cq", "Crt", "Cp") else "Ct"


READER = Reader(
    name="generic",
    title="Generic table with the column names of the configuration: text, xls or xlsx",
    sniff=_sniff,
    read=_read,
)
