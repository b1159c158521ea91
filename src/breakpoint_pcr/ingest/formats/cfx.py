"""Bio-Rad CFX Manager and CFX Maestro: the table of Cqs, and one amplification table per dye.

`RUN -  Quantification Cq Results` (csv, text, xlsx with a sheet `0`, or XML) has a row per well and
dye; `RUN -  Quantification Amplification Results_DYE` (or one xlsx with a sheet per dye) a column
of baseline-subtracted RFU per well. Which run and dye a csv of curves is of stands in its name
alone, so files join by that name. In a workbook an empty Cq means not reached; in text it is no
data. The tables of iQ5 and MyiQ are the same but for two headings.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, shown
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.cfx_curves import CURVES, is_curves, traces
from breakpoint_pcr.ingest.formats.cfx_runs import (
    LINES_MAX,
    RunInformation,
    information_in,
    information_of,
    is_information,
    plain_dye,
    run_and_dye,
)
from breakpoint_pcr.ingest.formats.cfx_words import NOT_A_NUMBER
from breakpoint_pcr.ingest.formats.cfx_xml import headings_of, sheet_of
from breakpoint_pcr.ingest.formats.headed import (
    HEADER_ROWS_MAX,
    Layout,
    check_one_ct,
    header_index,
    header_of,
    rows_of,
    table_below,
    tables_in,
)
from breakpoint_pcr.ingest.formats.sections import Row, Table, folded
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import Finding, Level, State

if TYPE_CHECKING:
    # A text needs none of what this loads.
    from breakpoint_pcr.ingest.files.workbook import Book

TABLE = Layout(
    headings={
        "well": ("well",),
        "dye": ("fluor",),
        "target": ("target",),
        "task": ("content", "type"),
        "sample": ("sample", "identifier"),
        "ct": ("cq", "ct", "c(t)", "threshold cycle ( c(t) )", "threshold cycle (ct)"),
        "mean": ("cq mean", "c(t) mean", "ct mean"),
    },
    need=("well", "dye", "task", "ct"),
    numbers=("ct", "mean"),
)
# The heading that iQ5 and MyiQ have in place of Sample.
IQ_HEADING = "identifier"
INFORMATION_SHEET = "Run Information"
# The sheet of a table of all dyes.
ALL_DYES = "0"
# A file of run information names the .pcrd file of the run in its first lines.
SUFFIX = b".pcrd"
INFORMATION_BYTES = 4_096
ADVICE = "keep the file names of CFX (RUN -  Quantification Amplification Results_DYE.csv)"


Part = tuple[str, str, list[Line]]  # where it stands, name of its sheet, rows from the header on


class _Kind(StrEnum):
    CQS = "cqs"
    CURVES = "curves"
    INFORMATION = "information"
    OTHER = "other"


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of a Cq table, by a cycle column before wells, or by run information."""
    return _kind(source) is not _Kind.OTHER


def _kind(source: Source) -> _Kind:
    if source.book:
        return _kind_of_book(source.book, source.name)
    headings = headings_of(source)
    if TABLE.is_header(headings) or header_of(source, TABLE):
        return _Kind.CQS
    if is_curves(headings or header_of(source, CURVES)):
        return _Kind.CURVES
    return _Kind.INFORMATION if is_information(_said(source), source.name) else _Kind.OTHER


def _kind_of_book(book: "Book", name: str) -> _Kind:
    """Tell a workbook by its tables; one of curves alone by its name or its sheets as well."""
    heads = [book.lines(sheet)[:HEADER_ROWS_MAX] for sheet in book.sheets]
    if any(header_index(lines, TABLE) is not None for lines in heads):
        return _Kind.CQS
    if any(is_curves(lines[0][1]) for lines in heads if lines):
        own = INFORMATION_SHEET in book.sheets or run_and_dye(name)[0]
        return _Kind.CURVES if own else _Kind.OTHER
    alone = book.sheets == (INFORMATION_SHEET,) and _said_in(book).run
    return _Kind.INFORMATION if alone else _Kind.OTHER


def _said(source: Source) -> RunInformation:
    """Return what the file says of its run."""
    if source.book:
        return _said_in(source.book)
    head = source.content[:INFORMATION_BYTES]
    if SUFFIX not in head.replace(b"\0", b"").lower():
        return RunInformation()
    if headings_of(source):
        try:
            return information_of(cells for _, cells in sheet_of(source)[1])
        except ExportError:
            return RunInformation()
    return information_in(decode(source).content)


def _said_in(book: "Book") -> RunInformation:
    if INFORMATION_SHEET not in book.sheets:
        return RunInformation()
    return information_of(cells for _, cells in book.lines(INFORMATION_SHEET)[:LINES_MAX])


def _read(source: Source, _: IngestSettings) -> Export:
    kind, said = _kind(source), _said(source)
    if kind is _Kind.CQS:
        return _results(source, said)
    if kind is _Kind.CURVES:
        return _curves(source, said)
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="",
        records=(),
        software=said.software,
        run_date=said.date,
        joins=READER.name,
        plate=said.run,
    )


def _parts(source: Source, layout: Layout) -> Iterator[Part]:
    if headings_of(source):
        yield source.name, *sheet_of(source)
        return
    for where, lines in tables_in(source, layout):
        yield where, where.removeprefix(f"{source.name} sheet ") if source.book else "", lines


def _results(source: Source, said: RunInformation) -> Export:
    tables = [table_below(where, lines, TABLE) for where, _, lines in _parts(source, TABLE)]
    for table in tables:
        check_one_ct(table, TABLE)
    records: dict[tuple[str, str, str], Record] = {}
    for row in (row for table in tables for row in rows_of(table, TABLE)):
        record = _record(row, workbook=source.book is not None)
        key = (record.well, record.target, record.dye)
        if key in records:
            raise row.problem(
                f"well {record.well} has {shown(record.target or record.dye)} twice; expected one "
                "row each; export again"
            )
        records[key] = record
    _check_records(source.name, tuple(records.values()))
    heading = folded(tables[0].headings[tables[0].columns["ct"]])
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cq" if heading == "cq" else "Ct",
        records=tuple(records.values()),
        instrument="Bio-Rad iQ5 or MyiQ" if _is_iq(tables) else "Bio-Rad CFX",
        software=said.software,
        run_date=said.date,
        plate_wells=smallest_plate({record.well for record in records.values()}),
        noticed=(*_noticed(source), *_renamed(source.name, said)),
        plate=run_and_dye(source.name)[0] or said.run or PurePath(source.name).stem,
    )


def _check_records(file: str, records: Sequence[Record]) -> None:
    if not records:
        raise ExportError(file, "no reactions below the header; export the Cq table again")


def _is_iq(tables: Sequence[Table]) -> bool:
    return IQ_HEADING in {folded(heading) for table in tables for heading in table.headings}


def _noticed(source: Source) -> Iterator[Finding]:
    if source.kind is not Content.TEXT or headings_of(source):
        return
    if guessed := decode(source).guessed:
        sentence = f"the text is not UTF-8 and was read as {guessed}"
        yield Finding(Level.INFO, "run", source.name, "encoding_guessed", sentence)


def _renamed(file: str, said: RunInformation) -> Iterator[Finding]:
    """Yield a finding where name and content say two runs; files join by the name."""
    named = run_and_dye(file)[0]
    if named and said.run and named.casefold() != said.run.casefold():
        sentence = (
            f"{file} is named after run {shown(named)}, and says itself that it is of "
            f"{shown(said.run)}; taken as of the first; make sure that all files are of one run"
        )
        yield Finding(Level.WARNING, "run", file, "run_name_differs", sentence)


def _record(row: Row, *, workbook: bool) -> Record:
    well = row.well(None)
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None, missing=NOT_A_NUMBER)
    except ValueError as problem:
        raise row.problem(f"Cq of {well} is {problem}") from None
    if state is State.NO_DATA and workbook:
        state = State.UNDETERMINED
    return Record(
        well=well,
        sample=row.text("sample"),
        target=row.text("target"),
        task=row.text("task"),
        dye=row.text("dye"),
        state=state,
        ct=ct,
        ct_text=row.exact_text("ct"),
    )


def _curves(source: Source, said: RunInformation) -> Export:
    run = run_and_dye(source.name)[0] or said.run
    if not run:
        raise ExportError(source.name, f"curves of a CFX, and the name tells no run; {ADVICE}")
    records: list[Record] = []
    cycles: set[int] = set()
    parts = [part for part in _parts(source, CURVES) if is_curves(part[2][0][1])]
    for where, sheet, lines in parts:
        dye = _dye(source, sheet, alone=len(parts) == 1)
        if not dye:
            raise ExportError(where, f"curves of a CFX, and the name tells no dye; {ADVICE}")
        found, count = traces(where, lines, dye)
        records += found
        cycles.add(count)
    if len(cycles) != 1:
        raise ExportError(source.name, "dyes of different numbers of cycles; export the run again")
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="",
        records=tuple(records),
        software=said.software,
        run_date=said.date,
        plate_wells=smallest_plate({record.well for record in records} or {"A1"}),
        n_cycles=cycles.pop(),
        noticed=tuple(_renamed(source.name, said)),
        joins=READER.name,
        plate=run,
    )


def _dye(source: Source, sheet: str, *, alone: bool) -> str:
    """Return the dye that a sheet, or the name of the file, tells.

    A csv that was saved as a workbook has its own name, cut off, as its only sheet, and no run
    information beside it.

    Raises:
        ExportError: The content of a file and its name say two dyes.
    """
    named = run_and_dye(source.name)[1]
    saved = source.book and alone and INFORMATION_SHEET not in source.book.sheets
    if sheet in ("", ALL_DYES) or (named and saved):
        return named
    if named and plain_dye(named) != plain_dye(sheet):
        raise ExportError(
            source.name,
            f"curves of {shown(sheet)}, the name says {shown(named)}; expected one dye; {ADVICE}",
        )
    return sheet


READER = Reader(
    name="cfx",
    title=(
        "Bio-Rad CFX Manager and Maestro, iQ5, MyiQ: Cq table and amplification per dye; csv, "
        "text, xlsx or xml (xlsx and xml: layout from documentation, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
