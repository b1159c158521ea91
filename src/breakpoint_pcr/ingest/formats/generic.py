"""A table whose column names the configuration gives: text, a workbook, or a web page called .xls.

Needed are a well and a Ct. A curve may stand beside them, one column per cycle; instead of one Ct,
a row may have one per dye or target. A column may mark the wells that were taken out. The header
may stand below other lines. Blank rows are skipped, and so is a row whose first cell alone is
filled: a note, or an empty well. All sheets with such a table are read.
"""

import re
from collections.abc import Iterator, Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, exact_text_of, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.formats.generic_layout import ONLY, Layout, has_header, layouts
from breakpoint_pcr.ingest.formats.sections import UNSET_WORDS
from breakpoint_pcr.ingest.numerals import number_of
from breakpoint_pcr.ingest.settings import GenericTable, IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

# Of a mark that is set; other readers take any word but one for no, but know their columns.
SET_WORDS = frozenset(
    {
        *("1", "x", "y", "yes", "true", "oui", "vrai", "ja", "wahr", "sì", "vero", "sí", "si"),
        *("verdadero", "sim", "verdadeiro", "omit", "omitted", "exclude", "excluded"),
        *("是", "真", "✓", "√", "剔除", "已剔除", "排除", "已排除"),
    }
)
KIND = re.compile(r"(?<![A-Za-z])(cq|crt|cp)(?![A-Za-z])", re.IGNORECASE)
CRT = "Crt"
# No run has more cycles: what is larger is a melting temperature, a quantity, or a word for none.
CT_MAX = 60


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
        ct_kind=_ct_kind(tables),
        records=found,
        plate_wells=smallest_plate({record.well for record in found}),
        n_cycles=max((cycle for layout in tables for cycle in layout.cycles), default=None),
        noticed=tuple(_noticed(source.name, tables)),
        empty_wells=frozenset[str]().union(*(layout.empty for layout in tables)),
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
    if ct is not None and ct > CT_MAX:
        raise ValueError(
            f"Ct is {text_of(cells[index])}; expected at most {CT_MAX} cycles; where it means not "
            "reached, name it in ingest.generic.missing"
        )
    values, sample = _values(layout, cells), text_of(cell("sample"))
    # Of a dye alone the panel's target is not known: as for other instruments, it stands for it.
    target, dye = (text_of(cell("target")), text_of(cell("dye"))) if name == ONLY else (name, name)
    return Record(
        well=well_of(text_of(cell("well")), None),
        sample=sample,
        target=target,
        task=text_of(cell("task")),
        dye=dye,
        state=_state(text_of(cell("omit")), state, is_set_up=bool(sample or target or values)),
        ct=ct,
        ct_text=exact_text_of(cells[index]),
        threshold=_number(cell("threshold"), layout, "threshold"),
        curve_kind=table.curve_kind if values else CurveKind.NONE,
        values=values,
    )


def _state(mark: str, state: State, *, is_set_up: bool) -> State:
    """Return the state of a reaction, given the mark for its omission and that of its Ct.

    Raises:
        ValueError: The mark says neither yes nor no.
    """
    word = mark.casefold()
    if word in SET_WORDS:
        return State.OMITTED
    if word not in UNSET_WORDS:
        raise ValueError(f"the mark for an omitted well is {shown(mark)}; expected yes or no")
    return State.EMPTY if state is State.NO_DATA and not is_set_up else state


def _check_row(layout: Layout, cells: Sequence[Cell], index: int) -> None:
    # A blank cell too many counts: a decimal comma may have split the Ct in front of it.
    if len(cells) > len(layout.headings):
        raise ValueError("more cells than the header has")
    if len(cells) <= index:
        raise ValueError("the row ends before its Ct")
    well = layout.columns["well"]
    if len(cells) <= well or not text_of(cells[well]):
        raise ValueError("a row without a well; write the well into each row of merged cells")


def _values(layout: Layout, cells: Sequence[Cell]) -> tuple[float | None, ...]:
    series: list[float | None] = [None] * max(layout.cycles, default=0)
    for cycle, index in layout.cycles.items():
        if index < len(cells):
            series[cycle - 1] = _number(cells[index], layout, f"cycle {cycle}:")
    return tuple(series) if any(value is not None for value in series) else ()


def _number(cell: Cell, layout: Layout, what: str) -> float | None:
    try:
        return number_of(cell, layout.comma)
    except ValueError as problem:
        raise ValueError(f"{what} {problem}") from None


def _ct_kind(tables: Sequence[Layout]) -> str:
    """Return what the headings call a Ct; a Crt, which is another quantity, where one does."""
    headings = (layout.headings[index] for layout in tables for index in layout.cts.values())
    kinds = [match[1].capitalize() for match in map(KIND.search, headings) if match]
    return CRT if CRT in kinds else kinds[0] if kinds else "Ct"


READER = Reader(
    name="generic",
    title="Generic table with the column names of the configuration: text, xls, xlsx, or html",
    sniff=_sniff,
    read=_read,
)
