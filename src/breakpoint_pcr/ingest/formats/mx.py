"""Agilent (Stratagene) Mx3000P and Mx3005P, MxPro: text report, instrument data; AriaMx: table.

The report has a row per well and assay and names no run, so its file has to: `RUN.txt`, or `RUN -
Text Report.txt`. Instrument data (text format 1) begin with the path of the run and hold raw light;
they join the report of that name, by well and assay. An AriaMx writes such a report too (`RUN -
Tabular Results.txt`, or a sheet of that name), with a target and a Cq; its table is read from what
programs that read it say, no real file seen, and its curves are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath, PureWindowsPath

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record, curve_alone
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.headed import (
    Layout,
    header_index,
    header_of,
    rows_of,
    table_below,
    tables_in,
)
from breakpoint_pcr.ingest.formats.sections import Row, folded
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

TABLE = Layout(
    headings={
        "well": ("well",),
        "sample": ("well name",),
        "target": ("assay", "target"),
        "dye": ("dye",),
        "task": ("well type",),
        "threshold": (
            *("threshold (drn)", "threshold (dr)"),
            *("threshold (δrn)", "threshold (δr)"),
        ),
        "ct": ("ct (drn)", "ct (dr)", "cq (δrn)", "cq (δr)"),
        "average": ("ct avg. treated ind.",),
        "quantity": ("quantity (copies)",),
    },
    need=("well", "ct"),
    numbers=("threshold", "ct", "average", "quantity"),
)
DATA = Layout(
    headings={
        "segment": ("segment",),
        "ramp": ("ramp/plateau",),
        "step": ("ramp/plateau #",),
        "well": ("well",),
        "dye": ("dye",),
        "cycle": ("cycle #",),
        "light": ("fluorescence",),
    },
    need=("segment", "ramp", "step", "well", "dye", "cycle", "light"),
    numbers=("light",),
)
REPORT_SUFFIX = re.compile(r"[ _-]+(?:Text Report|Tabular Results).*", re.IGNORECASE)
ARIA_CT = re.compile(r"cq \(δrn?\)")
# Where a well has no name, no assay.
NOTHING = re.compile(r"-{2,}")
# In place of the Ct of a reference dye: from memory of MxPro, neither file nor document was seen.
# So what is left out for it is named.
REFERENCE = "reference"
# Type of a well without a reaction: from memory too.
NOT_IN_USE = re.compile(r"not in use", re.IGNORECASE)
PLATEAU = "P"
CYCLES_MIN = 10
WELLS = 96
INSTRUMENT, ARIA = "Agilent Mx", "Agilent AriaMx"
ADVICE = "export the instrument data again"

Key = tuple[str, str]  # well and assay
Group = tuple[str, ...]  # segment, ramp or plateau, number


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of the report or of instrument data."""
    if source.book:
        lines = map(source.book.lines, source.book.sheets)
        return any(header_index(sheet, TABLE) is not None for sheet in lines)
    return bool(header_of(source, TABLE) or header_of(source, DATA))


def _read(source: Source, _: IngestSettings) -> Export:
    return _data(source) if header_of(source, DATA) else _results(source)


def _results(source: Source) -> Export:
    (where, lines), *more = tables_in(source, TABLE)
    if more:
        raise ExportError(source.name, "several reports in one workbook; expected one; export one")
    table = table_below(where, lines, TABLE)
    both = [name for name in table.headings if folded(name) in TABLE.headings["ct"]]
    if len(both) > 1:
        raise ExportError(where, f"columns {listed(both)}; expected one; export one of them")
    is_aria = ARIA_CT.fullmatch(folded(table.headings[table.columns["ct"]])) is not None
    records: dict[Key, Record] = {}
    references: list[str] = []
    for row in rows_of(table, TABLE):
        if row.text("ct").casefold() == REFERENCE:
            references.append(f"{row.well(WELLS)} {_target(row)}")
            continue
        record = _record(row)
        key = (record.well, record.target)
        if key in records:
            raise row.problem(
                f"well {record.well} has {shown(record.target)} twice; export the report again"
            )
        records[key] = record
    if not records:
        raise ExportError(source.name, "no reactions below the header; export the report again")
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cq" if is_aria else "Ct",
        records=tuple(records.values()),
        instrument=ARIA if is_aria else INSTRUMENT,
        plate_wells=smallest_plate({well for well, _ in records}),
        plate=REPORT_SUFFIX.sub("", PurePath(source.name).stem),
        noticed=tuple(_noticed(source.name, references)),
    )


def _noticed(file: str, references: Sequence[str]) -> Iterator[Finding]:
    if references:
        sentence = f"{file}: rows of {listed(references)} are of a reference dye; not used"
        yield Finding(Level.INFO, "run", file, "reference_not_used", sentence)


def _record(row: Row) -> Record:
    well = row.well(WELLS)
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None)
    except ValueError as problem:
        raise row.problem(f"Ct of {well} is {problem}; export the report again") from None
    if ct is None and NOT_IN_USE.fullmatch(row.text("task")):
        state = State.EMPTY
    return Record(
        well=well,
        sample=_name(row, "sample"),
        target=_target(row),
        task=row.text("task"),
        dye=row.text("dye"),
        state=state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        threshold=row.number("threshold"),
    )


def _target(row: Row) -> str:
    return _name(row, "target") or row.text("dye")


def _name(row: Row, concept: str) -> str:
    """Return a name; empty for the dashes that stand for none."""
    text = row.text(concept)
    return "" if NOTHING.fullmatch(text) else text


def _data(source: Source) -> Export:
    first = next((line for line in decode(source).content.split("\n") if line.strip()), "")
    run = PureWindowsPath(first.strip()).stem
    ((where, lines),) = tables_in(source, DATA)
    if DATA.is_header(first.split("\t")):
        raise ExportError(where, f"instrument data that name no run in their first line; {ADVICE}")
    groups = _groups(where, lines)
    fits = [group for group, traces in groups.items() if _is_amplification(traces)]
    if len(fits) != 1:
        found = listed([" ".join(group) for group in groups])
        raise ExportError(
            where,
            f"{len(fits)} steps that may be the amplification; found segment and step {found}; "
            "export the amplification plot's step alone",
        )
    traces = groups[fits[0]]
    n_cycles = max(len(trace) for trace in traces.values())
    for (well, dye), trace in traces.items():
        if sorted(trace) != list(range(1, n_cycles + 1)):
            raise ExportError(
                where, f"{well} {shown(dye)} has {len(trace)} of {n_cycles} cycles; {ADVICE}"
            )
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="",
        records=tuple(
            curve_alone(
                well,
                (trace[cycle] for cycle in range(1, n_cycles + 1)),
                CurveKind.RAW,
                target=target,
            )
            for (well, target), trace in traces.items()
        ),
        n_cycles=n_cycles,
        joins=READER.name,
        plate=run,
    )


def _groups(where: str, lines: Sequence[Line]) -> dict[Group, dict[Key, dict[int, float | None]]]:
    """Return light by cycle of each reaction, by segment and step of the protocol."""
    (_, header), *rows = lines
    at = DATA.columns(header)
    body = [line for line in rows if not is_blank(line[1])]
    comma = comma_of(cells[at["light"]] for _, cells in body if len(cells) > at["light"])
    groups: dict[Group, dict[Key, dict[int, float | None]]] = {}
    for line, cells in body:
        try:
            if len(cells) != len(header):
                raise ValueError(f"{len(cells)} cells where the header has {len(header)}; cut off")  # noqa: TRY301
            group = (
                text_of(cells[at["segment"]]),
                text_of(cells[at["ramp"]]),
                text_of(cells[at["step"]]),
            )
            key = (well_of(text_of(cells[at["well"]]), WELLS), text_of(cells[at["dye"]]))
            cycle = number_of(cells[at["cycle"]], Comma.ABSENT) or 0.0
            light = number_of(cells[at["light"]], comma)
        except ValueError as problem:
            raise ExportError(where, f"{problem}; {ADVICE}", line) from None
        traces = groups.setdefault(group, {})
        # A ramp is a melt: many readings of one cycle.
        if group[1] != PLATEAU:
            continue
        trace = traces.setdefault(key, {})
        if not cycle.is_integer() or not 1 <= cycle <= CYCLES_MAX or int(cycle) in trace:
            raise ExportError(where, f"cycle {cycle:g} twice or no cycle; {ADVICE}", line)
        trace[int(cycle)] = light
    return groups


def _is_amplification(traces: Mapping[Key, Mapping[int, float | None]]) -> bool:
    return max(map(len, traces.values()), default=0) >= CYCLES_MIN


READER = Reader(
    name="mx",
    title="Agilent Mx3000P and Mx3005P, MxPro: text report and instrument data; text; AriaMx: "
    "tabular results (layout from programs that read it, no real file seen)",
    sniff=_sniff,
    read=_read,
)
