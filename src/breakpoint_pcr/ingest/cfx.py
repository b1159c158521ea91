"""Bio-Rad CFX Manager and CFX Maestro: the table of Cqs, and one amplification table per dye.

`RUN -  Quantification Cq Results` (csv, text or xlsx, sheet `0`) has a row per well and dye;
`RUN -  Quantification Amplification Results_DYE.csv` (or one xlsx with a sheet per dye) a column of
baseline-subtracted RFU per well. Which run and dye a csv of curves is of stands in its name alone,
so files join by that name. In a workbook an empty Cq means not reached; in text it is no data. The
layout of the workbooks is from documentation, no real file seen.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record, curve_alone
from breakpoint_pcr.ingest.headed import (
    Layout,
    header_of,
    rows_of,
    table_below,
    tables_in,
)
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.sections import Row, folded
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.source import Source
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.ingest.workbook import Book
from breakpoint_pcr.tables import CurveKind, State

TABLE = Layout(
    headings={
        "well": ("well",),
        "dye": ("fluor",),
        "target": ("target",),
        "task": ("content",),
        "sample": ("sample",),
        "ct": ("cq", "c(t)", "threshold cycle ( c(t) )", "threshold cycle (ct)"),
        "mean": ("cq mean", "c(t) mean", "ct mean"),
    },
    need=("well", "dye", "task", "ct"),
    numbers=("ct", "mean"),
)
CURVES = Layout(headings={"cycle": ("cycle",)}, need=("cycle",), numbers=())
# The software's own names of its files: run, table, dye.
NAME = re.compile(
    r"(?P<run>.*?)[ _-]*Quantification[ _-]+(?:Cq Results|Amplification Results|Summary)"
    r"(?:[ _-]+(?P<dye>.+?))??(?:_[0-9])?",
    re.IGNORECASE,
)
CYCLE_COLUMNS = 2
# A workbook of Cqs, and the sheet that CFX adds to each workbook.
SHEETS = frozenset({"0", "Run Information"})
ADVICE = "keep the file names of CFX (RUN -  Quantification Amplification Results_DYE.csv)"


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of a Cq table, or by a cycle column before columns of wells."""
    if source.book:
        return bool(SHEETS & set(source.book.sheets)) and bool(_sheets(source.book))
    return bool(header_of(source, TABLE)) or _is_curves(header_of(source, CURVES))


def _sheets(book: Book) -> list[str]:
    """Return the sheets that hold a table of either kind."""
    tops = {name: book.lines(name)[:1] for name in book.sheets}
    return [
        name
        for name, lines in tops.items()
        if any(TABLE.is_header(cells) or _is_curves(cells) for _, cells in lines)
    ]


def _is_curves(header: Sequence[Cell]) -> bool:
    """Tell a header `, Cycle, A1, A2 …`: nothing but wells right of the cycle."""
    headings = [folded(text_of(cell)) for cell in header]
    if "cycle" not in headings[:CYCLE_COLUMNS]:
        return False
    wells = [heading for heading in headings[headings.index("cycle") + 1 :] if heading]
    return bool(wells) and all(map(_is_well, wells))


def _is_well(text: str) -> bool:
    try:
        well_of(text, None)
    except ValueError:
        return False
    return True


def _read(source: Source, _: IngestSettings) -> Export:
    book = source.book
    rows = (cells for name in book.sheets for _, cells in book.lines(name)[:1]) if book else ()
    if any(map(TABLE.is_header, rows)) or header_of(source, TABLE):
        return _results(source)
    return _curves(source)


def _results(source: Source) -> Export:
    tables = [table_below(where, lines, TABLE) for where, lines in tables_in(source, TABLE)]
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
    if not records:
        raise ExportError(source.name, "no reactions below the header; export the Cq table again")
    heading = folded(tables[0].headings[tables[0].columns["ct"]])
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cq" if heading == "cq" else "Ct",
        records=tuple(records.values()),
        instrument="Bio-Rad CFX",
        plate_wells=smallest_plate({record.well for record in records.values()}),
        plate=_run_and_dye(source.name)[0] or PurePath(source.name).stem,
    )


def _record(row: Row, *, workbook: bool) -> Record:
    well = row.well(None)
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None)
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


def _run_and_dye(file: str) -> tuple[str, str]:
    """Return run and dye as the file's name tells them; empty where it does not."""
    match = NAME.fullmatch(PurePath(file).stem)
    return (match["run"].strip(), (match["dye"] or "").strip()) if match else ("", "")


def _curves(source: Source) -> Export:
    run, dye = _run_and_dye(source.name)
    if not run:
        raise ExportError(source.name, f"curves of a CFX, and the name tells no run; {ADVICE}")
    records: list[Record] = []
    cycles: set[int] = set()
    for where, lines in tables_in(source, CURVES):
        name = where.removeprefix(f"{source.name} sheet ") if source.book else dye
        if not name:
            raise ExportError(where, f"curves of a CFX, and the name tells no dye; {ADVICE}")
        if not _is_curves(lines[0][1]):
            continue
        found, count = _traces(where, lines, name)
        records += found
        cycles.add(count)
    if len(cycles) != 1:
        raise ExportError(source.name, "dyes of different numbers of cycles; export the run again")
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="",
        records=tuple(records),
        plate_wells=smallest_plate({record.well for record in records} or {"A1"}),
        n_cycles=cycles.pop(),
        joins=READER.name,
        plate=run,
    )


def _traces(where: str, lines: Sequence[Line], dye: str) -> tuple[list[Record], int]:
    """Return the curves of one dye, and the number of cycles."""
    (number, header), *rows = lines
    body = [line for line in rows if not is_blank(line[1])]
    first = [folded(text_of(cell)) for cell in header].index("cycle")
    columns = {i: text_of(cell) for i, cell in enumerate(header) if i > first and text_of(cell)}
    wells = {index: well_of(name, None) for index, name in columns.items()}
    if len(set(wells.values())) < len(wells):
        raise ExportError(where, "a well has two columns; expected one; export again", number)
    comma = comma_of(cell for _, cells in body for cell in cells)
    series: dict[int, list[float | None]] = {index: [] for index in wells}
    for cycle, (line, cells) in enumerate(body, start=1):
        try:
            _check_cycle(cells, first, cycle, len(header))
            for index, values in series.items():
                values.append(number_of(cells[index], comma))
        except ValueError as problem:
            raise ExportError(where, f"{problem}; copy or export it again", line) from None
    if not body:
        raise ExportError(where, "no cycles below the header; export the run again", number)
    records = [
        curve_alone(wells[i], y, CurveKind.RFU, dye=dye) for i, y in series.items() if _says(y)
    ]
    return records, len(body)


def _check_cycle(cells: Sequence[Cell], column: int, cycle: int, width: int) -> None:
    if len(cells) != width:
        raise ValueError(f"{len(cells)} cells where the header has {width}; the file is cut off")
    found = number_of(cells[column], Comma.ABSENT)
    if found != cycle or cycle > CYCLES_MAX:
        raise ValueError(f"cycle {found} where cycle {cycle} is expected")


def _says(values: Sequence[float | None]) -> bool:
    return any(value is not None for value in values)


READER = Reader(
    name="cfx",
    title=(
        "Bio-Rad CFX Manager and Maestro: Cq table and amplification per dye; csv or text "
        "(xlsx: layout from documentation, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
