"""The csv of a Rotor-Gene's raw data (`Excel Data Sheet`): the curves of every channel.

A table per channel below `Channel Cycling A.Green`: a row per tube, with its number below `ID` and
its name below `Page 1`; or, translated, a column per tube and a row per cycle. Melts stand beside
them, over degrees. File and run are named above the tables; the date there is that of the export.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath, PureWindowsPath

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Record, curve_alone
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import check_end, decode, delimiter_after, lines_of
from breakpoint_pcr.ingest.formats.rotorgene_tubes import FORMAT, is_tube, tube_of
from breakpoint_pcr.ingest.numerals import comma_of, number_of
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import CurveKind, State

RAW = re.compile(r"^\"?Excel Raw Data Export|^\"?ID\"?[\t;,]\"? ?Page [0-9]", re.MULTILINE)
HEAD_LETTERS = 2_000
CHANNEL = re.compile(r"Channel (?P<channel>.+)")
PAGE = re.compile(r"Page [0-9]+")
FILE_KEY, TUBE_HEADING = "File", "ID"
# A melt or HRM. Cycles from 20 on alone are a table that was cut.
DEGREES = re.compile(r"[2-9][0-9](?:[.,][0-9]+)?")
CYCLING = "cycling"
# A single reading is no curve.
CYCLES_MIN = 2
EXPORT_AGAIN = "export the raw data again"


@dataclass(frozen=True, slots=True)
class _Curve:
    """One tube of one table, as its cells stand."""

    line: int
    tube: str
    names: Sequence[str]
    channel: str
    cells: Sequence[Cell]


def is_raw_data(source: Source) -> bool:
    """Tell raw data by their first line, or by the head of their first table."""
    head = decode(source).content[:HEAD_LETTERS] if source.kind is Content.TEXT else ""
    return bool(RAW.search(head))


def read_raw_data(source: Source) -> Export:
    """Return the curves of raw data.

    Raises:
        ExportError: Damaged, of another layout, or without cycling.
    """
    text = decode(source)
    lines = lines_of(text, delimiter_after(text, TUBE_HEADING) or ",")
    check_end(text, lines)
    curves = [
        curve
        for channel, block in _blocks(source.name, lines)
        for curve in _curves(source.name, channel, block)
    ]
    if not curves:
        raise ExportError(
            source.name,
            "raw data without a table of cycling in a layout that is known; put the run file .rex "
            "beside the analysis",
        )
    records = _records(source.name, curves)
    lengths = {len(record.values) for record in records}
    return Export(
        file=source.name,
        format=FORMAT,
        ct_kind="",
        records=records,
        plate_wells=smallest_plate({record.well for record in records}),
        n_cycles=lengths.pop() if len(lengths) == 1 else None,
        joins=FORMAT,
        plate=_run(source.name, lines),
    )


def _run(file: str, lines: Sequence[Line]) -> str:
    files = (cells[1] for _, cells in lines if len(cells) > 1 and text_of(cells[0]) == FILE_KEY)
    return PureWindowsPath(text_of(next(files, ""))).stem or PurePath(file).stem


def _blocks(file: str, lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Yield channel and rows, from the header on, of each table.

    Raises:
        ExportError: A table names no channel, or a blank row parts it.
    """
    channel, ended = "", False
    block: list[Line] = []
    for number, cells in [*lines, (0, [])]:
        first = text_of(cells[0]) if cells else ""
        if block and is_blank(cells):
            yield channel, block
            channel, block, ended = "", [], True
        elif block:
            block.append((number, cells))
        elif ended and is_tube(first):
            raise ExportError(file, f"a blank row within a table; {EXPORT_AGAIN}", number)
        elif first == TUBE_HEADING:
            if not channel:
                raise ExportError(file, f"a table that names no channel; {EXPORT_AGAIN}", number)
            block = [(number, cells)]
        elif (match := CHANNEL.fullmatch(first)) and is_blank(cells[1:]):
            channel, ended = match["channel"].strip(), False


def _curves(file: str, channel: str, block: Sequence[Line]) -> list[_Curve]:
    """Return the curves of a table, whichever way it is turned; none where it is a melt."""
    number, header = block[0]
    width = max(index for index, cell in enumerate(header) if text_of(cell)) + 1
    rows: list[Line] = []
    for line, cells in block:
        if len(cells) < width or not is_blank(cells[width:]):
            raise ExportError(
                file, f"{len(cells)} cells where the header has {width}; {EXPORT_AGAIN}", line
            )
        rows.append((line, cells[:width]))
    pages = sum(1 for _, cells in rows[1:] if PAGE.fullmatch(text_of(cells[0])))
    if not pages:
        return _by_row(file, channel, rows)
    axis = [text_of(cells[0]) for _, cells in rows[1 + pages :]]
    columns = list(zip(*(cells for _, cells in rows), strict=True))[1:]
    found = [
        _Curve(
            number, text_of(column[0]), _texts(column[1 : 1 + pages]), channel, column[1 + pages :]
        )
        for column in columns
    ]
    return found if _is_cycles(file, channel, axis) else []


def _by_row(file: str, channel: str, rows: Sequence[Line]) -> list[_Curve]:
    header = _texts(rows[0][1])
    first = next((i for i, text in enumerate(header[1:], 1) if not PAGE.fullmatch(text)), 0)
    if not first or not _is_cycles(file, channel, header[first:]):
        return []
    return [
        _Curve(line, text_of(cells[0]), _texts(cells[1:first]), channel, cells[first:])
        for line, cells in rows[1:]
    ]


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [text_of(cell) for cell in cells]


def _is_cycles(file: str, channel: str, axis: Sequence[str]) -> bool:
    """Tell cycles (1, 2, 3 …) from a single reading and from the degrees of a melt.

    Raises:
        ExportError: Neither, so that a table was cut or has columns of other kinds.
    """
    expected = [str(cycle) for cycle in range(1, len(axis) + 1)]
    if list(axis) == expected and len(axis) <= CYCLES_MAX:
        return len(axis) >= CYCLES_MIN
    if all(map(DEGREES.fullmatch, axis)) and not channel.casefold().startswith(CYCLING):
        return False
    raise ExportError(
        file,
        f"channel {shown(channel)} has readings at {listed(axis)}; expected cycles 1, 2, 3, none "
        f"left out; {EXPORT_AGAIN}",
    )


def _records(file: str, curves: Sequence[_Curve]) -> tuple[Record, ...]:
    comma = comma_of(cell for curve in curves for cell in curve.cells)
    found: dict[tuple[str, str], Record] = {}
    for curve in curves:
        try:
            well = tube_of(curve.tube)
            values = [number_of(cell, comma) for cell in curve.cells]
        except ValueError as problem:
            raise ExportError(file, f"{problem}; {EXPORT_AGAIN}", curve.line) from None
        if (well, curve.channel) in found:
            raise ExportError(
                file, f"tube {well} has {shown(curve.channel)} twice; {EXPORT_AGAIN}", curve.line
            )
        if any(value is not None for value in values):
            found[well, curve.channel] = _record(well, values, curve)
    return tuple(found.values())


def _record(well: str, values: Sequence[float | None], curve: _Curve) -> Record:
    names = sorted(set(curve.names) - {""})
    name = names[0] if len(names) == 1 else ""
    record = curve_alone(well, values, CurveKind.RAW, sample=name, dye=curve.channel)
    # A tube that nobody named counts only where the analysis lists it.
    return record if names else replace(record, state=State.EMPTY)
