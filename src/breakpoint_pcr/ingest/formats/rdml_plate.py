"""The one plate of an RDML document: its runs, wells, names and curves."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.export import CYCLES_MAX
from breakpoint_pcr.ingest.formats.rdml_document import Data, Document, Point, React, Run
from breakpoint_pcr.ingest.formats.rotorgene_tubes import TUBES_MAX, tube_of
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.wells import PLATES, plate_wells_of, well_of

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
DATE_LETTERS = len("2026-03-01")
BIO_RAD = re.compile(r"bio-?rad|cfx", re.IGNORECASE)
FORMAT_KEYS = ("rows", "columns", "format")
SIZE_DIGITS = 4
ROWS_MAX, COLUMNS_MAX = PLATES[max(PLATES)]
NUMBER = re.compile(r"[0-9]+")
ROTOR = re.compile(r"([0-9]{1,3})-well rotor")
FREE_FORMAT = "free format"
# The version whose samples StepOne names by their targets, and from how many on that matters.
NAMED_BY_TARGET, SEVERAL = "1.0", 2
EXPORT_ALONE = "export each plate into a file of its own"


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows and columns of a plate; a rotor has one column and its tubes are counted."""

    rows: int
    columns: int

    @property
    def is_rotor(self) -> bool:
        """Tell a rotor from a plate; 48 and 96 in one column are wells of a plate, row by row."""
        return self.columns == 1 and self.rows > 1

    def well(self, name: str) -> str:
        """Return the well of a reaction: A1, or a number counted along the rows from 1.

        Raises:
            ValueError: No well of this plate.
        """
        if self.is_rotor:
            if name.isdecimal() and int(name[:SIZE_DIGITS]) > self.rows:
                raise ValueError(f"{shown(name)} is no tube of a rotor of {self.rows}")
            return tube_of(name)
        size = self.rows * self.columns
        if PLATES.get(size) == (self.rows, self.columns):
            return well_of(name, size)
        if not name.isdecimal():
            return well_of(name, None)
        row, column = divmod(int(name[:SIZE_DIGITS]) - 1, self.columns)
        if not (0 <= row < self.rows and len(name) <= SIZE_DIGITS):
            raise ValueError(f"{shown(name)} is no well of a {self.rows}x{self.columns} plate")
        return f"{chr(ord('A') + row)}{column + 1}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One target in one well."""

    run: Run
    react: React
    data: Data
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate of a document; `names` maps the ids of samples and targets to names of people.

    `n_cycles` is the length of the longest curve, None without any. `comma` is what a comma in its
    numbers means: the standard knows none, yet software of some countries writes a decimal one.
    `shortened` tells that targets were taken off the ids of samples.
    """

    file: str
    document: Document
    runs: Sequence[Run]
    shape: Shape | None
    names: Mapping[str, str]
    entries: Sequence[Entry]
    n_cycles: int | None
    comma: Comma
    shortened: bool

    @property
    def wells(self) -> int | None:
        """Return the wells of a usual plate; None for others, or where none is told."""
        size = self.shape.rows * self.shape.columns if self.shape else 0
        return (
            size
            if self.shape and PLATES.get(size) == (self.shape.rows, self.shape.columns)
            else None
        )

    @property
    def silent(self) -> bool:
        """Tell whether the software writes no Cq where none was reached."""
        about = [run.about.get("software", "") for run in self.runs]
        return any(BIO_RAD.search(text) for text in (self.document.publisher, *about))

    def well(self, react: React) -> str:
        """Return the well of a reaction."""
        try:
            return self.shape.well(react.id) if self.shape else well_of(react.id, None)
        except ValueError as problem:
            raise ExportError(
                self.file, f"react id {problem}; the file is damaged or edited", react.line
            ) from None


def plate_of(file: str, document: Document) -> Plate:
    """Return the one plate of a file.

    Raises:
        ExportError: No reaction, digital PCR, melt curves only, or more than one plate.
    """
    runs = [run for run in document.runs if run.reacts]
    _check_content(file, [react for run in runs for react in run.reacts])
    largest = max(runs, key=lambda run: len(run.reacts))
    dyes = frozenset(document.dyes.values())
    for run in (run for run in runs if run is not largest):
        if problem := _other_plate(largest, run, dyes):
            raise ExportError(file, f"{named(runs)}: {problem}; expected one plate; {EXPORT_ALONE}")
    comma = comma_of(_numbers_with_comma(runs))
    short = _without_targets(document, runs)
    entries = [
        Entry(run, react, data, _values_in(file, react, data, comma))
        for run in runs
        for react in run.reacts
        for data in react.data
    ]
    return Plate(
        file=file,
        document=document,
        runs=runs,
        shape=_shape(file, runs),
        names=_names(document) | short,
        entries=entries,
        n_cycles=max(len(entry.values) for entry in entries) or None,
        comma=comma,
        shortened=bool(short),
    )


def _numbers_with_comma(runs: Sequence[Run]) -> Iterator[str]:
    for data in (data for run in runs for react in run.reacts for data in react.data):
        if data.cq and "," in data.cq:
            yield data.cq
        yield from (fluor for _, fluor in data.points if "," in fluor)


def _check_content(file: str, reacts: Sequence[React]) -> None:
    data = [data for react in reacts for data in react.data]
    if any(react.digital for react in reacts):
        raise ExportError(file, "digital PCR (partitions); expected real-time PCR with cycles")
    if not data:
        raise ExportError(file, "RDML without reactions; export the run after it has ended")
    if not any(d.points or d.cq for d in data):
        raise ExportError(
            file, "neither Cq nor amplification curves (melt only?); export the amplification too"
        )


def named(runs: Sequence[Run]) -> str:
    """Return how many runs there are and what they are called, for a message."""
    return f"{len(runs)} runs ({listed([run.id for run in runs])})"


def _other_plate(first: Run, run: Run, dyes: frozenset[str]) -> str:
    """Return what shows that a run is no further dye of the first run's plate."""
    if any(first.about.get(key, "") != run.about.get(key, "") for key in FORMAT_KEYS):
        return "plates of two formats"
    if problem := _other_about(first, run):
        return problem
    samples = {react.id: react.sample for react in first.reacts}
    for react in run.reacts:
        if react.id not in samples and not _are_dyes(first.id, run.id, dyes):
            return f"react {shown(react.id)} is in one of them only"
        if samples.get(react.id, react.sample) != react.sample:
            return f"react {shown(react.id)} holds {shown(samples[react.id])} in one of them only"
    return ""


def _other_about(first: Run, run: Run) -> str:
    """Return what two runs say of themselves that one plate's cannot."""
    if first.experiment != run.experiment:
        return f"experiments {shown(first.experiment)} and {shown(run.experiment)}"
    instruments = {i.about["instrument"] for i in (first, run) if i.about.get("instrument")}
    if len(instruments) > 1:
        return f"instruments {listed(sorted(instruments))}"
    if day(first) != day(run):
        return f"run on {day(first) or 'no date'} and {day(run) or 'no date'}"
    return ""


def _are_dyes(first: str, second: str, dyes: frozenset[str]) -> bool:
    """Tell whether runs are called alike but for a dye at the end: `Amp Step 3_FAM`, `…_HEX`."""
    (stem, _, dye), (other, _, another) = first.rpartition("_"), second.rpartition("_")
    return bool(stem) and stem == other and {dye, another} <= dyes


def day(run: Run) -> str:
    """Return the date of a run as 2026-03-01; empty where it is not told."""
    try:
        return date.fromisoformat(run.about.get("date", "")[:DATE_LETTERS]).isoformat()
    except ValueError:
        return ""


def _shape(file: str, runs: Sequence[Run]) -> Shape | None:
    """Return the plate's shape; None where reacts bear names such as A1 and no plate is told.

    Raises:
        ExportError: A plate of other size, or numbered reacts without one.
    """
    about = runs[0].about
    rows, columns = (_whole(about.get(key, "")) for key in ("rows", "columns"))
    told = about.get("format", "")
    number = NUMBER.search(told)  # the first: `1536-well plate; A1-AF48` is none of 48
    size = plate_wells_of(number[0]) if number else None
    if rows and columns:
        if not (shape := _known(rows, columns)):
            raise _odd_plate(file, f"{rows} x {columns}")
    elif rotor := ROTOR.match(told):
        if not (shape := _known(int(rotor[1]), 1)):
            raise _odd_plate(file, shown(told))
    elif size:
        shape = Shape(*PLATES[size])
    elif told and told != FREE_FORMAT:
        raise _odd_plate(file, shown(told))
    else:
        shape = None
    numbered = [react for run in runs for react in run.reacts if react.id[:1].isdecimal()]
    if shape is None and numbered:
        raise ExportError(
            file,
            f"react {shown(numbered[0].id)} is a number and the file does not tell the plate "
            "(pcrFormat), so its well is not known; export again with the plate's format",
            numbered[0].line,
        )
    return shape


def _known(rows: int, columns: int) -> Shape | None:
    """Return the shape of what can be named with letters A to P; None for arrays and chips."""
    if 1 in (rows, columns) and rows * columns in PLATES:
        return Shape(*PLATES[rows * columns])
    if columns == 1:
        return Shape(rows, columns) if rows <= TUBES_MAX else None
    return Shape(rows, columns) if rows <= ROWS_MAX and columns <= COLUMNS_MAX else None


def _odd_plate(file: str, found: str) -> ExportError:
    return ExportError(
        file,
        f"a plate of {found} wells; expected at most {ROWS_MAX} x {COLUMNS_MAX}, or a rotor of at "
        f"most {TUBES_MAX} tubes; export another way",
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= SIZE_DIGITS else 0


def _names(document: Document) -> dict[str, str]:
    """Return what people call samples and targets, by id.

    LightCycler 96 gives samples a UUID and writes the name, if there is one, as description; its
    targets are called `FAM@name`, or `FAM@` and a UUID where they have no name.
    """
    names = {
        key: sample.description for key, sample in document.samples.items() if UUID.fullmatch(key)
    }
    short = {target: target.removeprefix(f"{dye}@") for target, dye in document.dyes.items()}
    once = list(short.values())
    return names | {
        target: name
        for target, name in short.items()
        if name != target and once.count(name) == 1 and not UUID.fullmatch(name)
    }


def _without_targets(document: Document, runs: Sequence[Run]) -> dict[str, str]:
    """Return the ids of samples without their target, where each bears the one of its reaction.

    StepOne (RDML 1.0) calls a sample `S1_ALB`, and a standard `STD_ALB_5000.0`: with several
    targets one sample would have several names. With one target the ids stay as they are.
    """
    reacts = [react for run in runs for react in run.reacts if react.data]
    targets = {data.target for react in reacts for data in react.data}
    if document.version != NAMED_BY_TARGET or len(targets) < SEVERAL:
        return {}
    names: dict[str, str] = {}
    owners: dict[tuple[str, str], str] = {}
    for react in reacts:
        own = f"{react.sample}_"
        marks = [mark for data in react.data if (mark := f"_{data.target}_") in own]
        if not marks:
            return {}
        before, _, behind = own.rpartition(max(marks, key=len))
        name = names[react.sample] = "_".join(filter(None, (before, behind.removesuffix("_"))))
        if any(
            owners.setdefault((name, d.target), react.sample) != react.sample for d in react.data
        ):
            return {}  # two samples would become one
    return names if all(names.values()) else {}


def _values_in(file: str, react: React, data: Data, comma: Comma) -> tuple[float | None, ...]:
    try:
        return _values(data.points, comma)
    except ValueError as problem:
        raise ExportError(
            file,
            f"curve of {shown(data.target)} in react {shown(react.id)}: {problem}; export again",
            react.line,
        ) from None


def _values(points: Iterable[Point], comma: Comma) -> tuple[float | None, ...]:
    """Return fluorescence by cycle; a cycle that is not there is None.

    Raises:
        ValueError: No cycle number, or a cycle twice.
    """
    found: dict[int, float | None] = {}
    for cyc, fluor in points:
        cycle = _cycle(cyc)
        if cycle in found:
            raise ValueError(f"cycle {cyc} stands twice")
        found[cycle] = number_of(fluor, comma)
    if all(value is None for value in found.values()):
        return ()
    return tuple(found.get(cycle) for cycle in range(1, max(found) + 1))


@lru_cache(maxsize=CYCLES_MAX * 2)
def _cycle(text: str) -> int:
    cycle = number_of(text, Comma.ABSENT) or 0.0
    if not (1 <= cycle <= CYCLES_MAX and cycle.is_integer()):
        raise ValueError(f"cycle {shown(text)}; expected a whole number from 1 to {CYCLES_MAX}")
    return int(cycle)
