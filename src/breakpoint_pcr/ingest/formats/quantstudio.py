"""QuantStudio, 7500 and StepOne workbooks: Design & Analysis v1 and v2, Diomni, Flex, software v2.

Each table is a sheet, below a block of keys and values that every sheet repeats.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, shown, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.files.workbook import Book
from breakpoint_pcr.ingest.formats.sections import Sections, folded, table_of
from breakpoint_pcr.ingest.formats.thermo import RESULTS, SETUP, export_of
from breakpoint_pcr.ingest.formats.thermo_curves import AMPLIFICATION
from breakpoint_pcr.ingest.numerals import comma_of
from breakpoint_pcr.ingest.settings import IngestSettings

# Sheet names, folded, and the table that each holds.
SHEETS = {
    "results": RESULTS,
    "primary_result": RESULTS,
    "sample setup": SETUP,
    "amplification data": AMPLIFICATION,
}
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
HEADER_KEYS = frozenset({"block type", "instrument type"})


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the name of a sheet, or by the header block of a sheet called Results."""
    if not source.book:
        return False
    sheets = {folded(sheet): sheet for sheet in source.book.sheets}
    if SIGNATURES & set(sheets):
        return True
    return RESULTS in sheets and bool(_header(source.book.lines(sheets[RESULTS])))


def _read(source: Source, _: IngestSettings) -> Export:
    assert source.book  # noqa: S101
    return export_of(_sections(source.name, source.book), READER.name)


def _sections(file: str, book: Book) -> Sections:
    lines: dict[str, tuple[str, Sequence[Line]]] = {}
    for sheet in book.sheets:
        if (name := SHEETS.get(folded(sheet), "")) in lines:
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
        comma=comma_of(with_comma),
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
