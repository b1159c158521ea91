"""Tables `Quan. Result` and `Quan. AmpData`, as software of Chinese instruments exports them.

The layout is from two programs that read such exports, a csv and a workbook; no real file seen. A
csv holds sections, each below a line with its name: `Quan. AmpData` with a row per well and dye and
a column per cycle, `Quan. Result` with a row per well and dye, others that are not read. A workbook
has a sheet `Quan. Result`, and sheets that bear a dye in their name, with a row per cycle and a
column per well.

Ct is blank where none was reached. Since no real file was seen, a blank means so only where the
reaction has a curve; elsewhere it is no data.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.headed import (
    Layout,
    delimiter_of,
    header_index,
    rows_of,
    table_below,
)
from breakpoint_pcr.ingest.formats.sections import Row, folded
from breakpoint_pcr.ingest.numerals import comma_of, number_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

RESULTS, CURVES = "Quan. Result", "Quan. AmpData"
TABLE = Layout(
    headings={
        "well": ("well",),
        "sample": ("sample id", "sample name", "sample"),
        "task": ("property",),
        "target": ("target",),
        "dye": ("dye",),
        "omit": ("omit", "omitted", "exclude", "excluded"),
        "ct": ("ct", "cq"),
    },
    need=("well", "dye", "ct"),
    numbers=("ct",),
)
WELL_AND_DYE = Layout(
    headings={"well": ("well",), "dye": ("dye",)}, need=("well", "dye"), numbers=()
)
SECTION = re.compile(rf'^"?{re.escape(RESULTS)}"?[ ,;\t]*$', re.MULTILINE)
# A row that says nothing but its well, or its number.
POSITION = re.compile(r"[A-P]?[0-9]{1,3}", re.IGNORECASE)
WELL = re.compile(r"[A-P]0?[1-9][0-9]?", re.IGNORECASE)
CYCLE = re.compile(r"(?:cycle ?)?([0-9]{1,3})", re.IGNORECASE)
ADVICE = "export the run again"
Key = tuple[str, str]  # well and dye
Traces = dict[Key, tuple[float | None, ...]]


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the name of the section or sheet of results."""
    if source.book:
        if RESULTS not in source.book.sheets:
            return False
        return header_index(source.book.lines(RESULTS), TABLE) is not None
    return source.kind is Content.TEXT and bool(SECTION.search(decode(source).content))


def _read(source: Source, _: IngestSettings) -> Export:
    parts = _sheets(source) if source.book else _sections(source)
    where, lines = parts.get(RESULTS, (source.name, []))
    start = header_index(lines, TABLE)
    if start is None:
        raise ExportError(where, f"no header with 'Well', 'Dye' and 'Ct'; {ADVICE}")
    records = _records(rows_of(table_below(where, lines[start:], TABLE), TABLE))
    dyes = list(dict.fromkeys(dye for _, dye in records))
    traces, noticed = _sheet_traces(parts, dyes) if source.book else (_row_traces(parts), "")
    n_cycles = max(map(len, traces.values()), default=None)
    joined = tuple(
        _judged(where, record, row, values=traces.get(key, ()), n_cycles=n_cycles)
        for key, (record, row) in records.items()
    )
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Ct",
        records=joined,
        plate_wells=smallest_plate({record.well for record in joined}),
        n_cycles=n_cycles,
        noticed=tuple(_noticed(source.name, noticed, traces.keys() - records.keys())),
    )


def _sheets(source: Source) -> dict[str, tuple[str, list[Line]]]:
    book = source.book
    assert book  # noqa: S101
    return {name: (f"{source.name} sheet {name}", book.lines(name)) for name in book.sheets}


def _sections(source: Source) -> dict[str, tuple[str, list[Line]]]:
    """Return the sections of a text by name; a name stands alone in its line, and is no well."""
    text = decode(source)
    # The header of the results, which may stand far below the curves, tells the delimiter.
    below = SECTION.split(text.content, maxsplit=1)[-1]
    lines = lines_of(text, delimiter_of(replace(text, content=below), TABLE) or ",")
    check_end(text, lines)
    sections: dict[str, tuple[str, list[Line]]] = {}
    name = ""
    for number, cells in lines:
        first = text_of(cells[0]) if cells else ""
        if first and is_blank(cells[1:]) and not POSITION.fullmatch(first):
            name = first
            if name in sections:
                raise ExportError(
                    source.name, f"section {shown(name)} stands twice; {ADVICE}", number
                )
            sections[name] = (f"{source.name} section {name}", [])
        elif name and not is_blank(cells):
            rows = sections[name][1]
            if not rows and any(WELL.fullmatch(text_of(cell)) for cell in cells):
                raise ExportError(
                    source.name, f"wells below {shown(name)} without a header; {ADVICE}", number
                )
            rows.append((number, cells))
    return sections


def _records(rows: Iterable[Row]) -> dict[Key, tuple[Record, Row]]:
    """Return the reactions by well and dye; their Cts are judged with the curves.

    Raises:
        ExportError: A well or dye twice, or none.
    """
    records: dict[Key, tuple[Record, Row]] = {}
    for row in rows:
        well, dye = row.well(None), row.text("dye")
        if (well, dye) in records:
            raise row.problem(f"well {well} has dye {shown(dye)} twice; expected one row; {ADVICE}")
        record = Record(
            well=well,
            sample=row.text("sample"),
            target=row.text("target"),
            task=row.text("task"),
            dye=dye,
            state=State.NO_DATA,
            ct=None,
            ct_text=row.exact_text("ct"),
        )
        records[well, dye] = (record, row)
    return records


def _judged(
    where: str, record: Record, row: Row, *, values: tuple[float | None, ...], n_cycles: int | None
) -> Record:
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=n_cycles)
    except ValueError as problem:
        raise ExportError(where, f"Ct of {record.well} is {problem}; {ADVICE}", row.line) from None
    if state is State.NO_DATA and values:
        state = State.UNDETERMINED
    elif state is State.NO_DATA and not (record.sample or record.target):
        state = State.EMPTY
    if row.marked("omit"):
        state = State.OMITTED
    kind = CurveKind.RFU if values else CurveKind.NONE
    return replace(record, state=state, ct=ct, curve_kind=kind, values=values)


def _row_traces(parts: Mapping[str, tuple[str, list[Line]]]) -> Traces:
    """Return the curves of a section with a row per well and dye, and a column per cycle."""
    where, lines = parts.get(CURVES, ("", []))
    if not lines:
        return {}
    start = header_index(lines, WELL_AND_DYE)
    if start is None:
        raise ExportError(where, f"no header with 'Well' and 'Dye'; {ADVICE}", lines[0][0])
    table = table_below(where, lines[start:], WELL_AND_DYE)
    found = ((CYCLE.fullmatch(name), index) for index, name in enumerate(table.headings))
    columns = {int(match[1]): index for match, index in found if match}
    _check_cycles(where, list(columns), lines[0][0])
    rows = rows_of(table, WELL_AND_DYE)
    if short := next((row for row in rows if len(row.cells) <= max(columns.values())), None):
        raise short.problem(f"row ends before its last cycle; {ADVICE}")
    comma = comma_of(row.cells[index] for row in rows for index in columns.values())
    traces: Traces = {}
    for row in rows:
        key = (row.well(None), row.text("dye"))
        if key in traces:
            raise row.problem(f"well {key[0]} has curves of {shown(key[1])} twice; {ADVICE}")
        try:
            values = tuple(number_of(row.cells[index], comma) for index in columns.values())
        except ValueError as problem:
            raise row.problem(f"curve of {key[0]}: {problem}; {ADVICE}") from None
        traces[key] = values if any(value is not None for value in values) else ()
    return traces


def _check_cycles(where: str, cycles: Sequence[float | None], line: int) -> None:
    if list(cycles) != list(range(1, len(cycles) + 1)) or not 0 < len(cycles) <= CYCLES_MAX:
        raise ExportError(
            where, f"cycles are not counted 1, 2, … up to {CYCLES_MAX} at most; {ADVICE}", line
        )


def _sheet_traces(
    parts: Mapping[str, tuple[str, list[Line]]], dyes: Sequence[str]
) -> tuple[Traces, str]:
    """Return the curves of a workbook, and what was left out of them: a dye of several sheets."""
    traces: Traces = {}
    doubtful: list[str] = []
    for dye in dyes:
        sheets = [name for name in parts if _is_of(name, dye) and _is_grid(parts[name][1])]
        if len(sheets) > 1:
            doubtful += sheets
        elif sheets:
            traces |= {(well, dye): values for well, values in _columns(*parts[sheets[0]]).items()}
    return traces, listed(doubtful)


def _is_of(sheet: str, dye: str) -> bool:
    """Tell whether a sheet bears a dye in its name, as a word of its own: Cy5, but not Cy5.5."""
    name = rf"(?<![A-Za-z0-9]){re.escape(dye)}(?![A-Za-z0-9]|\.[0-9])"
    return bool(dye) and bool(re.search(name, sheet, re.IGNORECASE))


def _is_grid(lines: Sequence[Line]) -> bool:
    """Tell a row `Cycle, A01, A02 …` at the top."""
    heads = [text_of(cell) for cell in lines[0][1]] if lines else []
    return bool(heads) and folded(heads[0]) == "cycle" and len(list(_wells(heads[1:]))) > 0


def _wells(headings: Iterable[str]) -> Iterator[tuple[int, str]]:
    for index, heading in enumerate(headings, start=1):
        if heading:
            yield index, heading


def _columns(where: str, lines: Sequence[Line]) -> dict[str, tuple[float | None, ...]]:
    (number, header), *body = lines
    body = [line for line in body if not is_blank(line[1])]
    try:
        wells = {i: well_of(name, None) for i, name in _wells(map(text_of, header[1:]))}
    except ValueError as problem:
        raise ExportError(where, f"column {problem}; {ADVICE}", number) from None
    if len(set(wells.values())) < len(wells):
        raise ExportError(where, f"a well has two columns; expected one; {ADVICE}", number)
    comma = comma_of(cell for _, cells in body for cell in cells)

    def value(line: Line, index: int) -> float | None:
        cells: Sequence[Cell] = line[1]
        try:
            return number_of(cells[index], comma) if index < len(cells) else None
        except ValueError as problem:
            raise ExportError(where, f"{problem}; {ADVICE}", line[0]) from None

    _check_cycles(where, [value(line, 0) for line in body], number)
    series = {well: tuple(value(line, index) for line in body) for index, well in wells.items()}
    return {well: y for well, y in series.items() if any(v is not None for v in y)}


def _noticed(file: str, doubtful: str, spare: Iterable[Key]) -> Iterator[Finding]:
    if doubtful:
        sentence = f"sheets {doubtful} hold curves of one dye; none of them was used; delete others"
        yield Finding(Level.WARNING, "run", file, "curves_not_used", sentence)
    if wells := sorted({f"{well} {dye}" for well, dye in spare}):
        sentence = f"{file}: curves of {listed(wells)} are of no result; not used"
        yield Finding(Level.INFO, "run", file, "curves_not_used", sentence)


READER = Reader(
    name="quan_result",
    title=(
        "Tables Quan. Result and Quan. AmpData of Chinese instruments: csv or xlsx"
        " (layout from programs that read them, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
