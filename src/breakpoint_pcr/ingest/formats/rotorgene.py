"""Qiagen (Corbett) Rotor-Gene: the csv of a quantitation analysis, and the curves beside it.

The csv has one table per channel, below `Quantitative analysis of Cycling A.FAM (Page 1)`; a blank
Ct means not reached. The curves stand in the csv of raw data or in the run file (.rex), neither of
which holds a Ct; they join the analysis that names their run. The channel stands as target and dye:
no file names a target. Tubes are numbers, or positions of the 72-tube rotor (A1 to A8, B1 …); both
become positions, eight to a letter. The date of the csv is that of its export, not of the run.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath, PureWindowsPath

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.files.text import check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.headed import (
    Layout,
    delimiter_of,
    header_of,
    rows_of,
    table_below,
)
from breakpoint_pcr.ingest.formats.rotorgene_raw import is_raw_data, read_raw_data
from breakpoint_pcr.ingest.formats.rotorgene_run import is_run_file, read_run_file
from breakpoint_pcr.ingest.formats.rotorgene_tubes import FORMAT, is_tube, tube_of
from breakpoint_pcr.ingest.formats.sections import Row
from breakpoint_pcr.ingest.numerals import comma_of, number_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import State

TABLE = Layout(
    headings={
        "well": ("no.",),
        "sample": ("name",),
        "task": ("type",),
        "ct": ("ct",),
        "issues": ("ct comment",),
        "mean": ("rep. ct",),
    },
    need=("well", "sample", "task", "ct"),
    numbers=("ct", "mean"),
)
TITLE = re.compile(
    r"Quantitati\w+ (?:analysis )?of (?P<name>(?P<channel>.+?)(?: \(Page (?P<page>[0-9]+)\))?)"
)
# A table of another analysis, of a melt for one, below which no header may count.
OTHER_TITLE = re.compile(r".+ \(Page [0-9]+\)")
THRESHOLDS = ("Channel", "Threshold")
UNUSED = "none"
EXPORT_AGAIN = "export the quantitation analysis again"


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of the analysis, or by the beginning of raw data or of a run file."""
    return is_raw_data(source) or bool(header_of(source, TABLE)) or is_run_file(source)


def _read(source: Source, _: IngestSettings) -> Export:
    if is_raw_data(source):
        return read_raw_data(source)
    return read_run_file(source) if is_run_file(source) else _results(source)


def _results(source: Source) -> Export:
    text = decode(source)
    lines = lines_of(text, delimiter_of(text, TABLE) or ",")
    check_end(text, lines)
    thresholds = _thresholds(source.name, lines)
    records: dict[tuple[str, str], Record] = {}
    for title, block in _blocks(source.name, lines):
        for row in rows_of(table_below(source.name, block, TABLE), TABLE):
            record = _record(row, title["channel"], thresholds.get(title["name"]))
            key = (record.well, record.dye)
            if key in records:
                raise row.problem(
                    f"tube {record.well} has {record.dye} twice; export the analysis of one page"
                )
            records[key] = record
    if not records:
        raise ExportError(source.name, f"no reactions below the header; {EXPORT_AGAIN}")
    return Export(
        file=source.name,
        format=FORMAT,
        ct_kind="Ct",
        records=tuple(records.values()),
        instrument="Rotor-Gene",
        plate_wells=smallest_plate({well for well, _ in records}),
        plate=PureWindowsPath(_run(lines)).stem or PurePath(source.name).stem,
    )


def _run(lines: Sequence[Line]) -> str:
    """Return the run file that is named above the tables."""
    names = (cells[1] for _, cells in lines if len(cells) > 1 and text_of(cells[0]) == "File")
    return text_of(next(names, ""))


def _thresholds(file: str, lines: Sequence[Line]) -> dict[str, float | None]:
    """Return the threshold by channel and page, from the table of two columns above the others."""
    pairs = [(line, [text_of(cell) for cell in cells]) for line, cells in lines]
    heads = (i for i, (_, texts) in enumerate(pairs) if tuple(texts[:2]) == THRESHOLDS)
    start = next(heads, len(pairs)) + 1
    found: list[tuple[int, list[str]]] = []
    for line, texts in pairs[start:]:
        if len(texts) < len(THRESHOLDS) or not texts[0]:
            break
        found.append((line, texts))
    comma = comma_of(texts[1] for _, texts in found)
    thresholds: dict[str, float | None] = {}
    for line, texts in found:
        try:
            thresholds[texts[0]] = number_of(texts[1], comma)
        except ValueError as problem:
            raise ExportError(file, f"threshold {problem}; {EXPORT_AGAIN}", line) from None
    return thresholds


def _blocks(file: str, lines: Sequence[Line]) -> Iterator[tuple[re.Match[str], list[Line]]]:
    """Yield title and rows, from the header on, of each table of the file.

    Raises:
        ExportError: A table names no channel, or a blank row parts it.
    """
    title: re.Match[str] | None = None
    ended = False
    block: list[Line] = []
    for line in [*lines, (0, [])]:
        first = text_of(line[1][0]) if line[1] else ""
        if block and is_blank(line[1]) and title:
            yield title, block
            # What follows is of another title: of none, it would be lost or of the wrong channel.
            title, block, ended = None, [], True
        elif block:
            block.append(line)
        elif is_blank(line[1]):
            continue
        elif ended and is_tube(first):
            raise ExportError(file, f"a blank row within a table; {EXPORT_AGAIN}", line[0])
        elif match := TITLE.fullmatch(first):
            title, ended = match, False
        elif OTHER_TITLE.fullmatch(first) and is_blank(line[1][1:]):
            title, ended = None, False
        elif TABLE.is_header(line[1]):
            if not title:
                raise ExportError(file, f"a table that names no channel; {EXPORT_AGAIN}", line[0])
            block = [line]


def _record(row: Row, channel: str, threshold: float | None) -> Record:
    try:
        well = tube_of(row.text("well"))
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None)
    except ValueError as problem:
        raise row.problem(f"{problem}; {EXPORT_AGAIN}") from None
    comment, kind = row.text("issues"), row.text("task")
    if state is State.NO_DATA:
        state = State.EMPTY if kind.casefold() == UNUSED else State.UNDETERMINED
    return Record(
        well=well,
        sample=row.text("sample"),
        target=channel,
        task=kind,
        dye=channel,
        state=state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        threshold=threshold,
        flags=(comment,) if comment else (),
    )


READER = Reader(
    name=FORMAT,
    title="Qiagen Rotor-Gene: csv of the quantitation analysis, and beside it the csv of raw data "
    "or the run file .rex",
    sniff=_sniff,
    read=_read,
)
