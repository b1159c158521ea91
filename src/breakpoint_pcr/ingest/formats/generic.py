"""A table whose column names the configuration gives: text, a workbook, or a web page called .xls.

Needed are a well and a Ct. A curve may stand beside them, one column per cycle; instead of one Ct,
a row may have one per dye or target. The header may stand below other lines. Blank rows are
skipped, and so is a row whose first cell alone is filled. All sheets with such a table are read.
"""

import re
from collections.abc import Iterator, Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, exact_text_of, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.formats.generic_layout import ONLY, Layout, has_header, layouts
from breakpoint_pcr.ingest.numerals import number_of
from breakpoint_pcr.ingest.settings import GenericTable, IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

KIND = re.compile(r"(?<![A-Za-z])(Cq|Crt|Cp)(?![A-Za-z])")


def _sniff(source: Source, settings: IngestSettings) -> bool:
    """Tell by a row that names a well column and a Ct column."""
    try:
        return has_header(source, settings.generic)
    except ExportError:
        if source.book:
            raise
        return True  # a web page with more than a plate holds: `read` says so


def _read(source: Source, settings: IngestSettings) -> Export:
    tables = layouts(source, settings.generic)
    records: dict[tuple[str, str, str], tuple[Record, Layout]] = {}
    for layout in tables:
        for line, record in _records(layout, settings.generic):
            key = (record.well, record.target, record.dye)
            if key in records:
                raise ExportError(layout.where, _twice(record, records[key][1], layout), line)
            records[key] = (record, layout)
    if not records:
        raise ExportError(tables[0].where, "no reactions below the header; export again")
    found = tuple(record for record, _ in records.values())
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind=_ct_kind(tables[0]),
        records=found,
        plate_wells=smallest_plate({record.well for record in found}),
        n_cycles=max((cycle for layout in tables for cycle in layout.cycles), default=None),
        noticed=tuple(_noticed(source.name, tables)),
    )


def _twice(record: Record, first: Layout, second: Layout) -> str:
    claim = f"well {record.well} has target {shown(record.target)} twice"
    if first is second:
        return f"{claim}; expected one row each"
    return (
        f"{claim}, here and in {shown(first.where)}; expected one table; name its sheet in "
        "ingest.generic.sheets, or take the other out"
    )


def _noticed(file: str, tables: Sequence[Layout]) -> Iterator[Finding]:
    guessed = next((layout.guessed for layout in tables if layout.guessed), "")
    if guessed:
        sentence = f"the text is neither UTF-8 nor as configured and was read as {guessed}"
        yield Finding(Level.WARNING, "run", file, "encoding_guessed", sentence)


def _records(layout: Layout, table: GenericTable) -> Iterator[tuple[int, Record]]:
    for line, cells in layout.lines:
        try:
            for name, index in layout.cts.items():
                yield line, _record(layout, cells, table, name=name, index=index)
        except ValueError as problem:
            raise ExportError(
                layout.where, f"{problem}; mend the cell or export again", line
            ) from None


def _record(
    layout: Layout, cells: Sequence[Cell], table: GenericTable, *, name: str, index: int
) -> Record:
    def cell(concept: str) -> Cell:
        column = layout.columns.get(concept)
        return cells[column] if column is not None and column < len(cells) else ""

    _check_row(layout, cells, index)
    cycles = max(layout.cycles, default=None)
    try:
        ct, state = judge_ct(
            cells[index], comma=layout.comma, n_cycles=cycles, missing=table.missing
        )
    except ValueError as problem:
        raise ValueError(f"Ct is {problem}") from None
    values = _values(layout, cells)
    # Of a dye alone the panel's target is not known: as for other instruments, it stands for it.
    target, dye = (text_of(cell("target")), text_of(cell("dye"))) if name == ONLY else (name, name)
    return Record(
        well=well_of(text_of(cell("well")), None),
        sample=text_of(cell("sample")),
        target=target,
        task=text_of(cell("task")),
        dye=dye,
        state=State.EMPTY if state is State.NO_DATA and not target and not values else state,
        ct=ct,
        ct_text=exact_text_of(cells[index]),
        threshold=number_of(cell("threshold"), layout.comma),
        curve_kind=table.curve_kind if values else CurveKind.NONE,
        values=values,
    )


def _check_row(layout: Layout, cells: Sequence[Cell], index: int) -> None:
    # A blank cell too many counts: a decimal comma may have split the Ct in front of it.
    if len(cells) > len(layout.headings):
        raise ValueError("more cells than the header has")
    if len(cells) <= index:
        raise ValueError("the row ends before its Ct")
    if not text_of(cells[layout.columns["well"]]):
        raise ValueError("a row without a well; write the well into each row of merged cells")


def _values(layout: Layout, cells: Sequence[Cell]) -> tuple[float | None, ...]:
    series: list[float | None] = [None] * max(layout.cycles, default=0)
    for cycle, index in layout.cycles.items():
        series[cycle - 1] = number_of(cells[index], layout.comma) if index < len(cells) else None
    return tuple(series) if any(value is not None for value in series) else ()


def _ct_kind(layout: Layout) -> str:
    heading = layout.headings[next(iter(layout.cts.values()))]
    match = KIND.search(heading)
    return match[1] if match else "Ct"


READER = Reader(
    name="generic",
    title="Generic table with the column names of the configuration: text, xls, xlsx, or html",
    sniff=_sniff,
    read=_read,
)
