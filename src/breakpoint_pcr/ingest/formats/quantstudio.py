"""QuantStudio, 7500 and StepOne workbooks: Design & Analysis v1 and v2, Diomni, Flex, software v2.

Each table is a sheet, below a block of keys and values that every sheet repeats.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, shown, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.formats.sections import (
    CT_HEADINGS,
    HEADINGS,
    Sections,
    comma_in,
    folded,
    table_of,
)
from breakpoint_pcr.ingest.formats.thermo import RESULTS, SETUP, export_of
from breakpoint_pcr.ingest.formats.thermo_curves import AMPLIFICATION
from breakpoint_pcr.ingest.settings import IngestSettings

if TYPE_CHECKING:
    # A text needs none of what this loads.
    from breakpoint_pcr.ingest.files.workbook import Book

# Sheet names, folded, and the table that each holds.
SHEETS = {
    "results": RESULTS,
    "primary_result": RESULTS,
    "sample setup": SETUP,
    "amplification data": AMPLIFICATION,
}
# What a spreadsheet adds to the name of a second sheet: of another plate, or an edited copy.
COPY = re.compile(r" ?\([0-9]{1,3}\)$")
# Names that only these programs give to a sheet.
SIGNATURES = frozenset(
    {
        "primary_result",
        "sample setup",
        "amplification data",
        "multicomponent",
        "multicomponent data",
        "rq replicate group result",
        "standard curve result",
        "target call",
        "sample call",
        "well call",
        "control status",
    }
)
RESULT_HEADINGS = frozenset({"well", "well position", "task", "reporter"})
TARGET_HEADINGS = frozenset(HEADINGS["target"])
HEADER_ROWS_MAX = 100
HEADER_KEYS = frozenset({"block type", "instrument type"})


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the name of a sheet, or by the header block of a sheet called Results."""
    if not source.book:
        return False
    sheets = {folded(sheet): sheet for sheet in source.book.sheets}
    if SIGNATURES & set(sheets):
        return True
    if RESULTS not in sheets:
        return bool(_lone_results(source.book))
    lines = source.book.lines(sheets[RESULTS])
    return bool(_header(lines)) or _is_results(lines)


def _lone_results(book: "Book") -> str:
    """Return the only sheet, whatever its name, where it holds results; empty for none."""
    lone = book.sheets[0] if len(book.sheets) == 1 else ""
    return lone if lone and _is_results(book.lines(lone)) else ""


def _is_results(lines: Sequence[Line]) -> bool:
    """Tell the headings of results, which no other program has together."""
    for _, cells in lines[:HEADER_ROWS_MAX]:
        names = {folded(text_of(cell)) for cell in cells}
        if names >= RESULT_HEADINGS and names & set(CT_HEADINGS) and names & TARGET_HEADINGS:
            return True
    return False


def _read(source: Source, _: IngestSettings) -> Export:
    assert source.book  # noqa: S101
    return export_of(_sections(source.name, source.book), READER.name)


def _sections(file: str, book: "Book") -> Sections:
    lines: dict[str, tuple[str, Sequence[Line]]] = {}
    lone = _lone_results(book)
    for sheet in book.sheets:
        name = RESULTS if sheet == lone else SHEETS.get(COPY.sub("", folded(sheet)), "")
        if name in lines:
            found = f"sheets {shown(lines[name][0])} and {shown(sheet)}"
            raise ExportError(file, f"{found} both hold {name}; expected one plate a file")
        if name:
            lines[name] = sheet, book.lines(sheet)
    tables = {
        name: table_of(f"{file} sheet {sheet}", rows) for name, (sheet, rows) in lines.items()
    }
    rows = list(chain.from_iterable(rows for _, rows in lines.values()))
    # A list and no generator: a 384-well workbook has 150,000 cells here.
    with_comma = [cell for _, cells in rows for cell in cells if type(cell) is str and "," in cell]
    return Sections(
        file=file,
        header=_header(lines[RESULTS][1] if RESULTS in lines else rows),
        tables={name: table for name, table in tables.items() if table},
        names=book.sheets,
        comma=comma_in(tables.values(), with_comma),
    )


def _header(lines: Sequence[Line]) -> Mapping[str, str]:
    """Return keys and values above the first blank row; none where the block is not there."""
    header: dict[str, str] = {}
    for _, cells in lines:
        key = folded(text_of(cells[0])) if cells else ""
        if not key:
            break
        header[key] = text_of(cells[1]) if len(cells) > 1 else ""
    return header if HEADER_KEYS & set(header) else {}


READER = Reader(
    name="quantstudio_workbook",
    title="QuantStudio (Design & Analysis 1 and 2, Diomni, Flex), 7500, StepOne: xls or xlsx",
    sniff=_sniff,
    read=_read,
)
