"""Roche LightCycler 480: the table of an Abs Quant analysis, and the raw data of the experiment.

The table names experiment and filter in its first line and no target: the filter stands as target
and dye, and an alias of the panel or the sample sheet names the assay. A blank Cp means not
reached. Raw data hold every program of the run; the amplification is the one whose temperature
stays (a melt may look like more cycles). The quoted table of all samples (Position, SampleName,
CrossingPoint) is read from its layout in documentation, no real file seen.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank, listed, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record, curve_alone
from breakpoint_pcr.ingest.headed import Layout, header_of, rows_of, table_below, tables_in
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.sections import Row
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.source import Source
from breakpoint_pcr.ingest.text import decode
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, State

TABLE = Layout(
    headings={
        "well": ("pos", "position"),
        "sample": ("name", "samplename"),
        "ct": ("cp", "crossingpoint"),
        "include": ("include",),
        "standard": ("standard",),
        "concentration": ("concentration",),
        "issues": ("status",),
    },
    need=("well", "sample", "ct"),
    numbers=("ct", "concentration", "standard"),
)
RAW = Layout(
    headings={
        "well": ("samplepos",),
        "sample": ("samplename",),
        "program": ("prog#",),
        "segment": ("seg#",),
        "cycle": ("cycle#",),
        "temperature": ("temp",),
    },
    need=("well", "sample", "program", "segment", "cycle", "temperature"),
    numbers=(),
)
TITLE = re.compile(
    r"^\"?Experiment: *(?P<name>.*?) +Selected Filter: *(?P<filter>[^\t\n]*)", re.MULTILINE
)
RAW_TITLE = re.compile(
    r"Experiment - (?P<name>.*?) *(?:\(Run on (?P<software>[^)\n]*)\))?[\t\" ]*$", re.MULTILINE
)
CHANNEL = re.compile(r"[0-9]{3}-[0-9]{3}")
HEAD_LETTERS = 2_000
# A melt climbs by tens of degrees; a touchdown's annealing falls by less.
TEMPERATURE_SPAN_MAX_CELSIUS = 15
CYCLES_MIN = 10
ADVICE = "export the raw data again"
INSTRUMENT = "Roche LightCycler 480"

Trace = dict[int, tuple[float | None, ...]]  # channels by cycle


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of an Abs Quant table or of raw data."""
    return bool(header_of(source, TABLE) or header_of(source, RAW))


def _read(source: Source, _: IngestSettings) -> Export:
    return _raw(source) if header_of(source, RAW) else _results(source)


def _results(source: Source) -> Export:
    title = TITLE.search(decode(source).content[:HEAD_LETTERS])
    channel = CHANNEL.search(title["filter"]) if title else None
    ((where, lines),) = tables_in(source, TABLE)
    records: dict[str, Record] = {}
    for row in rows_of(table_below(where, lines, TABLE), TABLE):
        record = _record(row, channel[0] if channel else "")
        if record.well in records:
            raise row.problem(f"well {record.well} stands twice; expected one row; export again")
        records[record.well] = record
    if not records:
        raise ExportError(source.name, "no reactions below the header; export the table again")
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cp",
        records=tuple(records.values()),
        instrument=INSTRUMENT,
        plate_wells=smallest_plate(set(records)),
        plate=title["name"].strip() if title else PurePath(source.name).stem,
    )


def _record(row: Row, channel: str) -> Record:
    well = row.well(None)
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None)
    except ValueError as problem:
        raise row.problem(f"Cp of {well} is {problem}") from None
    if state is State.NO_DATA:
        state = State.UNDETERMINED
    left_out = row.text("include").casefold() == "false"
    status = row.text("issues")
    return Record(
        well=well,
        sample=row.text("sample"),
        target=channel,
        task="Standard" if row.number("standard") else "",
        dye=channel,
        state=State.OMITTED if left_out else state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        flags=(status,) if status else (),
    )


def _raw(source: Source) -> Export:
    title = RAW_TITLE.search(decode(source).content[:HEAD_LETTERS])
    if title is None:
        raise ExportError(source.name, f"raw data that name no experiment; {ADVICE}")
    ((where, lines),) = tables_in(source, RAW)
    channels = [text_of(cell) for cell in lines[0][1] if CHANNEL.fullmatch(text_of(cell))]
    if not channels:
        raise ExportError(where, f"raw data without a channel such as 465-510; {ADVICE}")
    samples, programs, spans = _programs(where, lines)
    number = _amplification(where, programs, spans)
    traces = programs[number]
    n_cycles = max(map(len, traces.values()))
    for well, trace in traces.items():
        if sorted(trace) != list(range(1, n_cycles + 1)):
            raise ExportError(
                where, f"well {well} has {len(trace)} of {n_cycles} cycles; cut off; {ADVICE}"
            )
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="",
        records=tuple(
            curve_alone(
                well,
                [trace[c][i] for c in range(1, n_cycles + 1)],
                CurveKind.RAW,
                sample=samples[well],
                dye=dye,
            )
            for well, trace in traces.items()
            for i, dye in enumerate(channels)
        ),
        software=title["software"] or "",
        plate_wells=smallest_plate(set(traces)),
        n_cycles=n_cycles,
        joins=READER.name,
        plate=title["name"].strip(),
    )


def _programs(
    where: str, lines: Sequence[Line]
) -> tuple[dict[str, str], dict[str, dict[str, Trace]], dict[str, list[float]]]:
    """Return samples by well, traces by program (and segment) and well, temperatures by program."""
    (_, header), *rows = lines
    columns = RAW.columns(header)
    channels = [i for i, cell in enumerate(header) if CHANNEL.fullmatch(text_of(cell))]
    width = len(header)
    body = [line for line in rows if not is_blank(line[1])]
    numbers = (*channels, columns["temperature"])
    comma = comma_of(cells[i] for _, cells in body for i in numbers if i < len(cells))
    samples: dict[str, str] = {}
    programs: dict[str, dict[str, Trace]] = {}
    spans: dict[str, list[float]] = {}
    well_at, cycle_at, degrees_at = columns["well"], columns["cycle"], columns["temperature"]
    program_at, segment_at, sample_at = columns["program"], columns["segment"], columns["sample"]
    for line, cells in body:
        try:
            if len(cells) != width:
                raise ValueError(f"{len(cells)} cells where the header has {width}; cut off")  # noqa: TRY301
            well = well_of(text_of(cells[well_at]), None)
            program = f"{text_of(cells[program_at])}.{text_of(cells[segment_at])}"
            cycle = number_of(cells[cycle_at], Comma.ABSENT) or 0
            light = tuple(number_of(cells[i], comma) for i in channels)
            degrees = number_of(cells[degrees_at], comma)
            sample = text_of(cells[sample_at])
            if samples.setdefault(well, sample) != sample:
                raise ValueError(f"well {well} has two samples")  # noqa: TRY301
        except ValueError as problem:
            raise ExportError(where, f"{problem}; {ADVICE}", line) from None
        trace = programs.setdefault(program, {}).setdefault(well, {})
        # A melt may give all its points the number of one cycle: they count as they come.
        trace[int(cycle) if int(cycle) not in trace else -len(trace)] = light
        if degrees is not None and cycle > 1:
            spans.setdefault(program, []).append(degrees)
    return samples, programs, spans


def _amplification(
    where: str, programs: Mapping[str, Mapping[str, Trace]], spans: Mapping[str, Sequence[float]]
) -> str:
    """Return the one program that repeats at a temperature and measures once a cycle."""
    fits = [
        name
        for name, traces in programs.items()
        if CYCLES_MIN <= max(map(len, traces.values())) <= CYCLES_MAX
        and all(cycle > 0 for trace in traces.values() for cycle in trace)
        and _span(spans.get(name, ())) <= TEMPERATURE_SPAN_MAX_CELSIUS
    ]
    if len(fits) == 1:
        return fits[0]
    found = ", ".join(
        f"program {name} ({max(map(len, traces.values()))} points over {_span(spans[name]):.0f} °C)"
        for name, traces in programs.items()
        if name in spans
    )
    wanted = "no amplification" if not fits else f"programs {listed(fits)} may be the amplification"
    raise ExportError(
        where, f"{wanted}; found {found or 'nothing'}; export the amplification program alone"
    )


def _span(degrees: Sequence[float]) -> float:
    return max(degrees) - min(degrees) if degrees else 0.0


READER = Reader(
    name="lightcycler480",
    title=(
        "Roche LightCycler 480: Abs Quant table of Cps and raw data; text "
        "(table of all samples: layout from documentation, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
