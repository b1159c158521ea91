"""Raw data of a Roche LightCycler 480: the light of every program of the run, one point a line.

The amplification is the one program and segment whose cycles are numbered and whose temperature
stays. A melt gives all its points the number of one cycle, or climbs; it may hold more points than
there are cycles, and is never taken for the amplification.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, listed, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Record, curve_alone
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.headed import Layout, tables_in
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind

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
    r"Experiment - (?P<name>.*?) *(?:\(Run on (?P<software>[^)\n]*)\))?[\t\" ,;]*$", re.MULTILINE
)
CHANNEL = re.compile(r"[0-9]{3}-[0-9]{3}")
HEAD_LETTERS = 2_000
# A melt climbs by tens of degrees; a touchdown's annealing falls by less, and never climbs.
TEMPERATURE_SPAN_MAX_CELSIUS = 15
CLIMB_MAX_CELSIUS = 2
CYCLES_MIN = 10
ADVICE = "export the raw data again"

Trace = dict[int, Line]  # by cycle; the light is read where it is the amplification


@dataclass(slots=True)
class Program:
    """One segment of one program: traces by well, and the temperatures of the first well.

    `numbered` is false where a well has two points of one cycle, as in a melt.
    """

    traces: dict[str, Trace] = field(default_factory=dict[str, Trace])
    degrees: list[float] = field(default_factory=list[float])
    points: int = 0
    numbered: bool = True

    @property
    def span(self) -> float:
        """Return how far the temperature goes, in °C, but for the first cycle."""
        later = self.degrees[1:]
        return max(later) - min(later) if later else 0.0

    @property
    def climb(self) -> float:
        """Return how far the last point is above the second, in °C."""
        return self.degrees[-1] - self.degrees[1] if len(self.degrees) > 1 else 0.0

    @property
    def may_amplify(self) -> bool:
        """Tell whether this may be the amplification."""
        longest = max(map(len, self.traces.values()))
        counted = CYCLES_MIN <= longest <= CYCLES_MAX and self.numbered
        stays = self.span <= TEMPERATURE_SPAN_MAX_CELSIUS and self.climb <= CLIMB_MAX_CELSIUS
        return counted and stays


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the cells of a line stand. The header of this export ends with a blank cell."""

    at: Mapping[str, int]
    channels: Mapping[int, str]
    width: int
    blanks: int


def read_raw(source: Source, joins: str) -> Export:
    """Return the amplification curves; `joins` is the format of the Cps that they belong to.

    Raises:
        ExportError: No experiment, channel or amplification is told, or a line is cut off.
    """
    title = TITLE.search(decode(source).content[:HEAD_LETTERS])
    if title is None:
        raise ExportError(source.name, f"raw data that name no experiment; {ADVICE}")
    ((where, lines),) = tables_in(source, RAW)
    columns = _columns(lines[0])
    if not columns.channels:
        raise ExportError(where, f"raw data without a channel such as 465-510; {ADVICE}")
    body = [line for line in lines[1:] if not is_blank(line[1])]
    comma = _comma(body, columns)
    samples, programs = _programs(where, body, columns, comma)
    traces = programs[_amplification(where, programs)].traces
    records = tuple(_curves(where, traces, samples, columns, comma))
    return Export(
        file=source.name,
        format=joins,
        ct_kind="",
        records=records,
        software=title["software"] or "",
        plate_wells=smallest_plate(set(traces)),
        n_cycles=len(records[0].values),
        joins=joins,
        plate=title["name"].strip(),
    )


def _columns(header: Line) -> _Columns:
    cells = [text_of(cell) for cell in header[1]]
    width = len(cells)
    while not cells[width - 1]:
        width -= 1
    channels = {i: cell for i, cell in enumerate(cells) if CHANNEL.fullmatch(cell)}
    return _Columns(RAW.columns(cells), channels, width, len(cells) - width)


def _comma(body: Sequence[Line], columns: _Columns) -> Comma:
    numbers = (*columns.channels, columns.at["temperature"])
    return comma_of(cells[i] for _, cells in body for i in numbers if i < len(cells))


def _curves(
    where: str,
    traces: Mapping[str, Trace],
    samples: Mapping[str, str],
    columns: _Columns,
    comma: Comma,
) -> Iterator[Record]:
    n_cycles = max(map(len, traces.values()))
    cycles = range(1, n_cycles + 1)
    for well, trace in traces.items():
        if sorted(trace) != list(cycles):
            raise ExportError(
                where, f"well {well} has {len(trace)} of {n_cycles} cycles; cut off; {ADVICE}"
            )
        for index, dye in columns.channels.items():
            light = [_light(where, trace[cycle], index, comma) for cycle in cycles]
            yield curve_alone(well, light, CurveKind.RAW, sample=samples[well], dye=dye)


def _light(where: str, line: Line, index: int, comma: Comma) -> float | None:
    try:
        return number_of(line[1][index], comma)
    except ValueError as problem:
        raise ExportError(where, f"{problem}; {ADVICE}", line[0]) from None


def _programs(
    where: str, body: Sequence[Line], columns: _Columns, comma: Comma
) -> tuple[dict[str, str], dict[str, Program]]:
    """Return samples by well, and the programs by number and segment."""
    samples: dict[str, str] = {}
    programs: dict[str, Program] = {}
    for line in body:
        try:
            _add(line, columns, comma, samples=samples, programs=programs)
        except ValueError as problem:
            raise ExportError(where, f"{problem}; {ADVICE}", line[0]) from None
    return samples, programs


def _add(
    line: Line,
    columns: _Columns,
    comma: Comma,
    *,
    samples: dict[str, str],
    programs: dict[str, Program],
) -> None:
    """Add the point of one line.

    Raises:
        ValueError: The line is cut off, or names no well or number.
    """
    cells, at = line[1], columns.at
    extra = len(cells) - columns.width
    if extra and not (0 < extra <= columns.blanks and is_blank(cells[columns.width :])):
        raise ValueError(f"{len(cells)} cells where the header has {columns.width}; cut off")
    well, name = _place(cells[at["well"]], cells[at["program"]], cells[at["segment"]])
    sample = text_of(cells[at["sample"]])
    if samples.setdefault(well, sample) != sample:
        raise ValueError(f"well {well} has two samples")
    program = programs.get(name) or programs.setdefault(name, Program())
    trace = program.traces.setdefault(well, {})
    cycle = _cycle(cells[at["cycle"]])
    program.points += 1
    program.numbered &= cycle > 0 and cycle.is_integer() and cycle not in trace
    if len(program.traces) == 1:
        degrees = number_of(cells[at["temperature"]], comma)
        program.degrees += [degrees] if degrees is not None else []
    trace[int(cycle)] = line


@lru_cache(maxsize=8192)
def _place(well: Cell, program: Cell, segment: Cell) -> tuple[str, str]:
    """Return the well, and the number of the program with that of its segment."""
    return well_of(text_of(well), None), f"{text_of(program)}.{text_of(segment)}"


@lru_cache(maxsize=1024)
def _cycle(cell: Cell) -> float:
    return number_of(cell, Comma.ABSENT) or 0.0


def _amplification(where: str, programs: Mapping[str, Program]) -> str:
    """Return the one program that repeats at a temperature and measures once a cycle."""
    fits = [name for name, program in programs.items() if program.may_amplify]
    if len(fits) == 1:
        return fits[0]
    found = ", ".join(
        f"program {name} ({program.points // len(program.traces)} points over "
        f"{program.span:.0f} °C)"
        for name, program in programs.items()
    )
    wanted = "no amplification" if not fits else f"programs {listed(fits)} may be the amplification"
    raise ExportError(
        where, f"{wanted}; found {found or 'nothing'}; export the amplification program alone"
    )
