"""The one plate of an RDML document: its runs, wells, names and curves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.export import CYCLES_MAX
from breakpoint_pcr.ingest.numerals import Comma, number_of
from breakpoint_pcr.ingest.rdml_document import Data, Document, Point, React, Run
from breakpoint_pcr.ingest.wells import PLATES, plate_wells_of, well_of

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BIO_RAD = re.compile(r"bio-?rad|cfx", re.IGNORECASE)
FORMAT_KEYS = ("rows", "columns", "format")
SIZE_DIGITS = 4
EXPORT_ALONE = "export each plate into a file of its own"


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

    `n_cycles` is the length of the longest curve, None without any.
    """

    file: str
    document: Document
    runs: Sequence[Run]
    wells: int | None
    names: Mapping[str, str]
    entries: Sequence[Entry]
    n_cycles: int | None

    @property
    def silent(self) -> bool:
        """Tell whether the software writes no Cq where none was reached."""
        about = [run.about.get("software", "") for run in self.runs]
        return any(BIO_RAD.search(text) for text in (self.document.publisher, *about))

    def well(self, react: React) -> str:
        """Return the well of a reaction."""
        try:
            return well_of(react.id, self.wells)
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
    for run in runs:
        if problem := _other_plate(largest, run, dyes):
            raise ExportError(file, f"{named(runs)}: {problem}; expected one plate; {EXPORT_ALONE}")
    entries = [
        Entry(run, react, data, _values_in(file, react, data))
        for run in runs
        for react in run.reacts
        for data in react.data
    ]
    return Plate(
        file=file,
        document=document,
        runs=runs,
        wells=_plate_wells(file, runs),
        names=_names(document),
        entries=entries,
        n_cycles=max(len(entry.values) for entry in entries) or None,
    )


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
    if first.experiment != run.experiment:
        return f"experiments {shown(first.experiment)} and {shown(run.experiment)}"
    if day(first) != day(run):
        return f"run on {day(first) or 'no date'} and {day(run) or 'no date'}"
    samples = {react.id: react.sample for react in first.reacts}
    for react in run.reacts:
        if react.id not in samples and not _are_dyes(first.id, run.id, dyes):
            return f"react {shown(react.id)} is in one of them only"
        if samples.get(react.id, react.sample) != react.sample:
            return f"react {shown(react.id)} holds {shown(samples[react.id])} in one of them only"
    return ""


def _are_dyes(first: str, second: str, dyes: frozenset[str]) -> bool:
    """Tell whether runs are called alike but for a dye at the end: `Amp Step 3_FAM`, `…_HEX`."""
    (stem, _, dye), (other, _, another) = first.rpartition("_"), second.rpartition("_")
    return bool(stem) and stem == other and {dye, another} <= dyes


def day(run: Run) -> str:
    """Return the date of a run as 2026-03-01; empty where it is not told."""
    match = DATE.match(run.about.get("date", ""))
    return match[0] if match else ""


def _plate_wells(file: str, runs: Sequence[Run]) -> int | None:
    """Return the wells of the plate; None where reacts bear names such as A1 and no plate is told.

    Raises:
        ExportError: A plate of other size, or numbered reacts without one.
    """
    about = runs[0].about
    shape = (_whole(about.get("rows", "")), _whole(about.get("columns", "")))
    for size, (rows, columns) in PLATES.items():
        if shape in ((rows, columns), (size, 1), (1, size)):
            return size
    told = about.get("format", "")
    if all(shape) or (told and told != "free format" and not plate_wells_of(told)):
        found = f"{shape[0]} x {shape[1]}" if all(shape) else shown(told)
        known = ", ".join(map(str, sorted(PLATES)))
        raise ExportError(file, f"a plate of {found} wells; expected {known}; export another way")
    size = plate_wells_of(told)
    numbered = [react for run in runs for react in run.reacts if react.id[:1].isdecimal()]
    if size is None and numbered:
        raise ExportError(
            file,
            f"react {shown(numbered[0].id)} is a number and the file does not tell the plate "
            "(pcrFormat), so its well is not known; export again with the plate's format",
            numbered[0].line,
        )
    return size


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


def _values_in(file: str, react: React, data: Data) -> tuple[float | None, ...]:
    try:
        return _values(data.points)
    except ValueError as problem:
        raise ExportError(
            file,
            f"curve of {shown(data.target)} in react {shown(react.id)}: {problem}; export again",
            react.line,
        ) from None


def _values(points: Iterable[Point]) -> tuple[float | None, ...]:
    """Return fluorescence by cycle; a cycle that is not there is None.

    Raises:
        ValueError: No cycle number, or a cycle twice.
    """
    found: dict[int, float | None] = {}
    for cyc, fluor in points:
        cycle = _cycle(cyc)
        if cycle in found:
            raise ValueError(f"cycle {cyc} stands twice")
        found[cycle] = number_of(fluor, Comma.ABSENT)
    if all(value is None for value in found.values()):
        return ()
    return tuple(found.get(cycle) for cycle in range(1, max(found) + 1))


@lru_cache(maxsize=CYCLES_MAX * 2)
def _cycle(text: str) -> int:
    cycle = number_of(text, Comma.ABSENT) or 0.0
    if not (1 <= cycle <= CYCLES_MAX and cycle.is_integer()):
        raise ValueError(f"cycle {shown(text)}; expected a whole number from 1 to {CYCLES_MAX}")
    return int(cycle)
