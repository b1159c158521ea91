"""Exports of ViiA 7, QuantStudio Flex and Design & Analysis v1: `[Sections]`, or a sheet for each.

Wells are numbers beside their positions; in the amplification data of Flex numbers alone. A curve
method other than the threshold's (Crt) changes the headings.
"""

import csv
import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path

import xlsxwriter

from breakpoint_pcr.simulate.plate import (
    QUENCHER,
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    plate_wells,
    well_number,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

SETUP = (
    *("Well", "Well Position", "Sample Name", "Biogroup Name", "Target Name", "Task"),
    *("Reporter", "Quencher", "Comments"),
)
AMPLIFICATION = ("Well", "Cycle", "Target Name", "Rn", "Delta Rn")
UNDETERMINED = "Undetermined"

Cell = str | float
Cells = list[Cell]


def write_text(path: Path, plate: SimulatedPlate) -> None:
    """Write the tab-separated text of a threshold run."""
    _text(path, plate, "Ct")


def write_crt(path: Path, plate: SimulatedPlate) -> None:
    """Write the text of a run whose quantification cycle is a relative one, Crt."""
    _text(path, plate, "Crt")


def write_workbook(path: Path, plate: SimulatedPlate) -> None:
    """Write the workbook; each sheet repeats the header block."""
    workbook = xlsxwriter.Workbook(str(path))
    created = datetime.datetime.fromisoformat(f"{plate.date}T16:45:00")
    workbook.set_properties({"created": created, "author": "QuantStudio"})
    for name, rows in _tables(plate, "Ct").items():
        sheet = workbook.add_worksheet(name)
        lines: list[Cells] = [*(list(pair) for pair in _header(plate, "Ct")), [], *rows]
        for index, cells in enumerate(lines):
            sheet.write_row(index, 0, cells)
    workbook.close()


def _text(path: Path, plate: SimulatedPlate, method: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"* {key} = {value}\n" for key, value in _header(plate, method))
        writer = csv.writer(file, lineterminator="\n", delimiter="\t")
        for name, rows in _tables(plate, method).items():
            writer.writerows([[], [f"[{name}]"]])
            writer.writerows([_shown(cell) for cell in cells] for cells in rows)


def _shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else number(cell)


def _header(plate: SimulatedPlate, method: str) -> Iterator[tuple[str, str]]:
    yield "Block Type", f"{plate.wells}-Well Block"
    yield "Chemistry", "TAQMAN"
    yield "Experiment File Name", f"D:\\experiments\\{plate.name}.eds"
    yield "Experiment Run End Time", f"{plate.date} 16:42:10 PM CST"
    yield "Instrument Type", "QuantStudio(TM) 7 Flex System"
    yield "Passive Reference", "ROX" if plate.passive_reference else ""
    yield "Quantification Cycle Method", method


def _tables(plate: SimulatedPlate, method: str) -> Mapping[str, list[Cells]]:
    return {
        "Sample Setup": [list(SETUP), *_setup(plate)],
        "Amplification Data": [list(AMPLIFICATION), *_amplification(plate)],
        "Results": [list(_headings(method)), *_results(plate)],
    }


def _headings(method: str) -> tuple[str, ...]:
    return (
        *("Well", "Well Position", "Omit", "Sample Name", "Target Name", "Task", "Reporter"),
        *("Quencher", method.upper(), f"{method} Mean", f"{method} SD"),
        *(f"Automatic {method} Threshold", f"{method} Threshold", "Automatic Baseline"),
        *("Baseline Start", "Baseline End", "Comments"),
    )


def _place(well: str, plate: SimulatedPlate) -> Cells:
    return [well_number(well, plate.wells), well]


def _task(reaction: SimulatedReaction) -> str:
    return {Role.NTC: "NTC", Role.STANDARD: "STANDARD"}.get(reaction.tube.label.role, "UNKNOWN")


def _setup(plate: SimulatedPlate) -> Iterator[Cells]:
    reactions = {reaction.tube.well: reaction for reaction in plate.exported}
    for well in plate_wells(plate.wells):
        reaction = reactions.get(well)
        if reaction is None or reaction.tube.fault(FaultKind.EMPTY):
            yield [*_place(well, plate), *[""] * (len(SETUP) - 2)]
            continue
        tube = reaction.tube
        names: Cells = [tube.label.name, "", tube.target, _task(reaction), REPORTER, QUENCHER, ""]
        yield [*_place(well, plate), *names]


def _known(plate: SimulatedPlate) -> Iterator[SimulatedReaction]:
    return (r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY))


def _results(plate: SimulatedPlate) -> Iterator[Cells]:
    for reaction in _known(plate):
        tube, reading = reaction.tube, reaction.reading
        ct: Cell = UNDETERMINED if reading.ct is None else reading.ct
        yield [
            *_place(tube.well, plate),
            *["true" if tube.fault(FaultKind.OMITTED) else "false", tube.label.name, tube.target],
            *[_task(reaction), REPORTER, QUENCHER, ct, "" if reading.ct is None else ct, ""],
            *["false", plate.readout.threshold, "false" if plate.readout.end else "true"],
            *[reading.baseline_start, reading.baseline_end, ""],
        ]


def _amplification(plate: SimulatedPlate) -> Iterator[Cells]:
    for reaction in _known(plate):
        tube = reaction.tube
        for cycle, rn, delta in reaction.points:
            yield [well_number(tube.well, plate.wells), cycle, tube.target, rn, delta]
