"""The sectioned text of ABI 7500 and StepOne software v2: Setup, Results, Amplification Data.

Laid out as the software does: header lines that begin with an asterisk, sections padded with
commas to their own width, Cт with a Cyrillic т, omitted wells absent from Results, empty wells
listed in Sample Setup alone and without names. A reaction without a result stands nowhere, as when
its well was not among those chosen for the export. Raw Data is left out; it is an option.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from breakpoint_pcr.simulate.plate import (
    QUENCHER,
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    plate_wells,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.tables import Role

SETUP = (
    "Well,Sample Name,Sample Color,Biogroup Name,Biogroup Color,Target Name,Target Color,Task,"
    "Reporter,Quencher,Comments"
)
RESULTS = (
    "Well,Sample Name,Target Name,Task,Reporter,Quencher,Cт,Cт Mean,Cт SD,"
    "Automatic Ct Threshold,Ct Threshold,Automatic Baseline,Baseline Start,Baseline End,Comments"
)
AMPLIFICATION = "Well,Cycle,Target Name,Rn,ΔRn"
UNDETERMINED = "Undetermined"
COLOR = "RGB(132,193,241)"

NUMBER = re.compile(r"^(-?[0-9]+)[.]([0-9]+(?:e-?[0-9]+)?)$")

Cells = list[str]


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the csv of a 7500."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_lines(plate, "sds7500"))


def write_stepone(path: Path, plate: SimulatedPlate) -> None:
    """Write the tab-separated text of a StepOnePlus whose Windows writes a decimal comma."""
    tubes = [reaction.tube for reaction in plate.reactions]
    names = {name for tube in tubes for name in (tube.label.name, tube.target)}
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n", delimiter="\t")
        for cells in _lines(plate, "steponeplus"):
            lines.writerow([c if c in names else NUMBER.sub(r"\1,\2", c) for c in cells])


def _lines(plate: SimulatedPlate, instrument: str) -> Iterator[Cells]:
    width = len(SETUP.split(","))
    for line in _header(plate, instrument):
        yield _padded([line], width)
    yield []
    yield from _section("Sample Setup", SETUP, _setup(plate))
    yield from _section("Results", RESULTS, _results(plate))
    yield _padded(["Analysis Type = Singleplex"], len(RESULTS.split(",")))
    yield []
    yield from _section("Amplification Data", AMPLIFICATION, _amplification(plate))


def _header(plate: SimulatedPlate, instrument: str) -> Iterator[str]:
    yield f"* Block Type = {plate.wells}well"
    yield "* Chemistry = TAQMAN"
    yield f"* Experiment File Name = D:\\Applied Biosystems\\7500\\experiments\\{plate.name}.eds"
    yield f"* Experiment Run End Time = {plate.date} 16:42:10 PM CST"
    yield f"* Instrument Type = {instrument}"
    yield f"* Passive Reference = {'ROX' if plate.passive_reference else ''}"


def _section(name: str, header: str, rows: Iterable[Cells]) -> Iterator[Cells]:
    columns = header.split(",")
    yield _padded([f"[{name}]"], len(columns))
    yield columns
    yield from rows
    yield []


def _padded(cells: Cells, width: int) -> Cells:
    return cells + [""] * (width - len(cells))


def _setup(plate: SimulatedPlate) -> Iterator[Cells]:
    tubes = {reaction.tube.well: reaction.tube for reaction in plate.reactions}
    for well in plate_wells(plate.wells):
        tube = tubes.get(well)
        if tube and tube.fault(FaultKind.NO_RESULT):
            continue
        if tube and not tube.fault(FaultKind.EMPTY):
            task = _task(tube.label.role)
            name = tube.label.name
            colors = [COLOR, "", ""]
            yield [well, name, *colors, tube.target, COLOR, task, REPORTER, QUENCHER, ""]
        else:
            yield _padded([well], len(SETUP.split(",")))


def _task(role: Role) -> str:
    return "NTC" if role is Role.NTC else "UNKNOWN"


def _analysed(plate: SimulatedPlate) -> Iterator[SimulatedReaction]:
    unread = (FaultKind.OMITTED, FaultKind.EMPTY)
    return (r for r in plate.exported if not any(r.tube.fault(kind) for kind in unread))


def _results(plate: SimulatedPlate) -> Iterator[Cells]:
    automatic = "FALSE" if plate.readout.end else "TRUE"
    for reaction in _analysed(plate):
        tube, reading = reaction.tube, reaction.reading
        ct = UNDETERMINED if reading.ct is None else number(reading.ct)
        baseline = [automatic, str(reading.baseline_start), str(reading.baseline_end)]
        yield [
            *[tube.well, tube.label.name, tube.target, _task(tube.label.role)],
            *[REPORTER, QUENCHER, ct, "" if reading.ct is None else ct, ""],
            *["FALSE", number(plate.readout.threshold), *baseline, ""],
        ]


def _amplification(plate: SimulatedPlate) -> Iterator[Cells]:
    for reaction in _analysed(plate):
        tube = reaction.tube
        for cycle, rn, delta in reaction.points:
            yield [tube.well, str(cycle), tube.target, number(rn), number(delta)]


def number(value: float) -> str:
    """Write a number without a trailing zero or a minus before zero."""
    return repr(value + 0.0).removesuffix(".0")
