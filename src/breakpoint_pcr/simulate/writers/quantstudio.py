"""The workbook of QuantStudio Design & Analysis v2: sheets Results and Amplification Data.

A block of keys and values stands on top of each sheet. Flags are the words TRUE and FALSE, an
omitted well stays in the table, a well without a Ct reads UNDETERMINED, an empty well has a row
with its position alone. Multicomponent and raw data are left out; they are options of the export.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from breakpoint_pcr.simulate.plate import (
    QUENCHER,
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    well_number,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.tables import Role

RESULTS = (
    *("Well", "Well Position", "Omit", "Sample", "Target", "Task", "Reporter", "Quencher"),
    *("Amp Status", "Cq", "Cq Mean", "Cq SD", "Auto Threshold", "Threshold"),
    *("Auto Baseline", "Baseline Start", "Baseline End"),
)
AMPLIFICATION = (
    *("Well", "Well Position", "Cycle Number", "Target", "Rn", "dRn", "Sample", "Omit"),
)
TASKS = {Role.NTC: "NTC", Role.POSITIVE_CONTROL: "POSITIVE_CONTROL", Role.STANDARD: "STANDARD"}
UNDETERMINED = "UNDETERMINED"

Cells = list[str | float]


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the workbook; its creation date is the run's, so equal plates give equal bytes."""
    workbook = xlsxwriter.Workbook(str(path))
    created = datetime.datetime.fromisoformat(f"{plate.date}T16:45:00")
    workbook.set_properties({"created": created, "author": "Design & Analysis"})
    _fill(workbook.add_worksheet("Results"), plate, RESULTS, results_of(plate))
    _fill(workbook.add_worksheet("Amplification Data"), plate, AMPLIFICATION, curves_of(plate))
    workbook.close()


def _fill(
    sheet: Worksheet, plate: SimulatedPlate, columns: tuple[str, ...], rows: Iterator[Cells]
) -> None:
    lines: list[Cells] = [*header_of(plate), [], list(columns), *rows]
    for index, cells in enumerate(lines):
        sheet.write_row(index, 0, cells)


def header_of(plate: SimulatedPlate) -> list[Cells]:
    """Return the block of keys and values."""
    end = "04:42:10 PM CST"
    return [
        ["File Name", f"{plate.name}.eds"],
        ["Comment", ""],
        ["Operator", "DEFAULT"],
        ["Barcode", ""],
        ["Instrument Type", "QuantStudio™ 5 System"],
        ["Block Type", f"{plate.wells}-Well Block"],
        ["Instrument Name", "QS5-demo"],
        ["Run Start Date/Time", f"{plate.date} 03:05:42 PM CST"],
        ["Run End Data/Time", f"{plate.date} {end}"],
        ["Sample Volume", "20.0"],
        ["Cover Temperature", "105.0"],
        ["Passive Reference", "ROX" if plate.passive_reference else ""],
        ["PCR Stage/Step Number", "Stage 2 Step 2"],
        ["Quantification Cycle Method", "CT"],
        ["Analysis Date/Time", f"{plate.date} {end}"],
        ["Software Name and Version", "Design & Analysis Software v2.7.0"],
        ["Plugin Name and Version", "Primary Analysis v1.8.0"],
        ["Exported On", f"{plate.date} {end}"],
    ]


def _flag(condition: object) -> str:
    return "TRUE" if condition else "FALSE"


def _start(reaction: SimulatedReaction, wells: int) -> Cells:
    return [well_number(reaction.tube.well, wells), reaction.tube.well]


def results_of(plate: SimulatedPlate) -> Iterator[Cells]:
    """Yield the rows of the results."""
    for reaction in plate.exported:
        tube, reading = reaction.tube, reaction.reading
        if tube.fault(FaultKind.EMPTY):
            yield [*_start(reaction, plate.wells), _flag(condition=False)]
            continue
        seen = reading.ct is not None
        yield [
            *_start(reaction, plate.wells),
            *[_flag(tube.fault(FaultKind.OMITTED)), tube.label.name, tube.target],
            *[TASKS.get(tube.label.role, "UNKNOWN"), REPORTER, QUENCHER],
            *["AMP" if seen else "NO_AMP", reading.ct if reading.ct is not None else UNDETERMINED],
            *[reading.ct if reading.ct is not None else "", "", "FALSE", plate.readout.threshold],
            *[_flag(plate.readout.end is None), reading.baseline_start, reading.baseline_end],
        ]


def curves_of(plate: SimulatedPlate) -> Iterator[Cells]:
    """Yield the rows of the amplification data."""
    for reaction in plate.exported:
        tube = reaction.tube
        if tube.fault(FaultKind.EMPTY):
            continue
        omit = _flag(tube.fault(FaultKind.OMITTED))
        for cycle, rn, delta in reaction.points:
            head = [*_start(reaction, plate.wells), cycle, tube.target]
            yield [*head, rn, delta, tube.label.name, omit]
