"""Roche LightCycler 480: tables of Cps of an Abs Quant analysis, and the raw data beside them.

Three tables hold a Cp of every well. That of the analysis (Include, Color, Pos, Name, Cp) names
experiment and filter in its first line and no target: the filter stands as target and dye, and an
alias of the panel or the sample sheet names the assay. That of a report begins with Inc, Pos, Name,
Type. The quoted one of all samples (Experiment Name, Analysis Name, Included, Position, SampleName,
CrossingPoint, Call) names no filter. A blank Cp means not reached, unless the table's own call says
that none was calculated. Other files of this instrument hold no Cp of a well, and say so.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.headed import (
    Layout,
    check_one_ct,
    header_of,
    rows_of,
    table_below,
    tables_in,
)
from breakpoint_pcr.ingest.formats.lightcycler480_raw import CHANNEL, HEAD_LETTERS, RAW, read_raw
from breakpoint_pcr.ingest.formats.sections import Row, Table
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import Finding, Level, State

TABLE = Layout(
    headings={
        "experiment": ("experiment name",),
        "analysis": ("analysis name",),
        "include": ("include", "included", "inc"),
        "well": ("pos", "position"),
        "sample": ("name", "samplename"),
        "task": ("type",),
        "ct": ("cp", "crossingpoint"),
        "concentration": ("concentration",),
        "standard": ("standard",),
        "issues": ("status", "statuscodes"),
        "description": ("statusdesc",),
        "call": ("call",),
    },
    need=("well", "sample", "ct"),
    numbers=("ct", "concentration", "standard"),
)
TITLE = re.compile(
    r"^\"?Experiment: *(?P<name>.*?) +(?:Selected +)?Filter: *(?P<filter>[^\t\n\"]*)", re.MULTILINE
)
# A spreadsheet fills the first line up to the width of the table below.
PADDING = " ,;"
INCLUDED = frozenset({"true", "1", "yes", "wahr", "vrai", "vero", "verdadero"})
LEFT_OUT = frozenset({"false", "0", "no", "falsch", "faux", "falso"})
# What the table of all samples calls a well; with any other call a blank Cp says nothing.
POSITIVE, NEGATIVE = "pdcpositive", "pdcnegative"
INSTRUMENT = "Roche LightCycler 480"
INSTEAD = "export the result table of the Abs Quant analysis, and the raw data"
# The beginning of files without a Cp of a well, and what they are.
WITHOUT_CP = (
    (
        re.compile(r"[^\n]{0,200}\n?[^\n]{0,200}signature=\"IXOS\""),
        "an experiment file of the LightCycler 480 (.ixo), which its own software alone reads",
    ),
    (
        re.compile(r"\"?X\"?\t\"?[A-P][0-9]{1,2}: [^\n\t]*(?:\t\"?X|\n)"),
        "curves of a chart, which do not tell their run, program and filter",
    ),
    (
        re.compile(TITLE.pattern),
        "a table of the LightCycler 480 without Pos, Name and Cp (of Tm, genotypes or means)",
    ),
)


@dataclass(frozen=True, slots=True)
class _Plate:
    """What a table says of itself: experiment, and filter as it stands and by its wavelengths."""

    name: str
    filter: str
    channel: str


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of a table of Cps or of raw data, or as another file of this maker."""
    if source.kind is not Content.TEXT:
        return False
    return bool(header_of(source, TABLE) or header_of(source, RAW) or _without_cp(source))


def _read(source: Source, _: IngestSettings) -> Export:
    if header_of(source, RAW):
        return read_raw(source, READER.name)
    if header_of(source, TABLE):
        return _results(source)
    raise NoResultsError(source.name, f"{_without_cp(source)}; no Ct of a well in it; {INSTEAD}")


def _without_cp(source: Source) -> str:
    head = decode(source).content[:HEAD_LETTERS].lstrip()
    return next((found for begins, found in WITHOUT_CP if begins.match(head)), "")


def _results(source: Source) -> Export:
    ((where, lines),) = tables_in(source, TABLE)
    table = table_below(where, lines, TABLE)
    check_one_ct(table, TABLE)
    rows = rows_of(table, TABLE)
    if not rows:
        raise ExportError(source.name, "no reactions below the header; export the table again")
    plate = _plate(source, rows)
    analyses = _said(rows, "analysis")
    records: dict[tuple[str, str], Record] = {}
    for row in rows:
        record = _record(row, plate, row.text("analysis") if len(analyses) > 1 else "")
        key = (record.well, record.target)
        if key in records:
            raise row.problem(f"well {record.well} stands twice; expected one row; export again")
        records[key] = record
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cp",
        records=tuple(records.values()),
        instrument=INSTRUMENT,
        plate_wells=smallest_plate({well for well, _ in records}),
        noticed=tuple(_noticed(source.name, table)),
        plate=plate.name,
    )


def _noticed(file: str, table: Table) -> Iterable[Finding]:
    if "include" not in table.columns:
        sentence = (
            f"{file} has no column Include, so wells that were excluded in the software count as "
            "measured; show the column and export again"
        )
        yield Finding(Level.WARNING, "run", file, "exclusions_unknown", sentence)


def _said(rows: Iterable[Row], concept: str) -> Sequence[str]:
    return list(dict.fromkeys(row.text(concept) for row in rows))


def _plate(source: Source, rows: Sequence[Row]) -> _Plate:
    """Return what first line and columns say of the plate; else the file's name.

    Raises:
        ExportError: The rows are of several experiments.
    """
    experiments = _said(rows, "experiment")
    if len(experiments) > 1:
        raise ExportError(
            source.name,
            f"results of {len(experiments)} experiments ({listed(experiments)}); expected one "
            "plate; export each into a file of its own",
        )
    title = TITLE.search(decode(source).content[:HEAD_LETTERS])
    if title is None:
        return _Plate(experiments[0] or PurePath(source.name).stem, "", "")
    name = title["filter"].strip(PADDING)
    channel = CHANNEL.search(name)
    return _Plate(title["name"].strip(), name, channel[0] if channel else "")


def _record(row: Row, plate: _Plate, analysis: str) -> Record:
    well = row.well(None)
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None)
    except ValueError as problem:
        raise row.problem(f"Cp of {well} is {problem}") from None
    call = row.text("call")
    if state is State.NO_DATA and call.casefold() in ("", NEGATIVE):
        state = State.UNDETERMINED
    return Record(
        well=well,
        sample=row.text("sample"),
        target=analysis or plate.channel or plate.filter,
        task=row.text("task") or ("Standard" if row.number("standard") else ""),
        dye=plate.channel,
        state=State.OMITTED if _is_left_out(row, well) else state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        flags=tuple(_flags(row, call, NEGATIVE if ct is None else POSITIVE)),
    )


def _is_left_out(row: Row, well: str) -> bool:
    if "include" not in row.table.columns:
        return False
    word = row.text("include").casefold()
    if word not in INCLUDED | LEFT_OUT:
        raise row.problem(
            f"{well} is neither included nor left out ({shown(word)}); expected True or False; "
            "export the table again"
        )
    return word in LEFT_OUT


def _flags(row: Row, call: str, expected: str) -> Iterable[str]:
    """Yield the status of a well, and a call that does not go with its Cp."""
    status = f"{row.text('issues')} {row.text('description')}".strip()
    if status:
        yield status
    if call.casefold() not in ("", expected):
        yield call


READER = Reader(
    name="lightcycler480",
    title="Roche LightCycler 480: tables of Cps of an Abs Quant analysis, and raw data; text",
    sniff=_sniff,
    read=_read,
)
