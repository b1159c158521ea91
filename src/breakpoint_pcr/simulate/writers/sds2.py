"""The AQ Results of SDS 2.4 (7900HT) as tab-separated text: a table of each detector.

All lines of a table end with a blank cell, a standard curve stands below each, and a detector that
the plate does not use has an empty table. Where no number of a well tells a plate of 384 from one
of 96, the column Plate Position is there. An omitted or empty well has no row: whether the software
writes one is not known.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate, well_number
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

WELL, POSITION = "Well", "Plate Position"
SMALL = 96
HEADINGS = (
    *("Sample Name", "Detector Name", "Reporter", "Task", "Ct"),
    *("Tm Value", "Tm Type", "Quantity", "Qty Mean", "Qty StdDev", "Ct Median", "Ct Mean"),
    *("Ct StdDev", "Ct Type", "Template Name", "Baseline Type", "Baseline Start"),
    *("Baseline Stop", "Threshold Type", "Threshold"),
)
FLAGS = ("FOS", "HMD", "LME", "EW", "BPR", "NAW", "HNS", "HRN", "EAF", "BAF", "TAF", "CAF", "")
TASKS = {Role.NTC: "NTC", Role.STANDARD: "Standard"}
UNDETERMINED = "Undetermined"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the results."""
    with path.open("w", encoding="cp1252", newline="") as file:
        lines = csv.writer(file, lineterminator="\r\n", delimiter="\t")
        lines.writerows(_header(plate))
        numbers = [well_number(r.tube.well, plate.wells) for r in plate.exported]
        placed = max(numbers, default=0) <= SMALL
        for detector in ("", *dict.fromkeys(r.tube.target for r in plate.reactions)):
            lines.writerows(_table(plate, detector, placed=placed))
        lines.writerows([[], ["NAP", "LPL"]])


def _header(plate: SimulatedPlate) -> Iterator[list[str]]:
    day = date.fromisoformat(plate.date)
    yield ["SDS 2.4", "AQ Results", "1.0"]
    yield ["Filename", plate.name]
    yield ["PlateID", ""]
    yield ["Assay Type", "Absolute Quantification"]
    yield ["Run DateTime", f"{day.month}/{day.day}/{day.year % 100:02} 4:42:10 PM"]
    yield ["Operator", ""]
    yield ["ThermalCycleParams", ""]
    yield from ([], ["Sample Information"], [])


def _table(plate: SimulatedPlate, detector: str, *, placed: bool) -> Iterator[list[str]]:
    yield [WELL, *([POSITION] if placed else []), *HEADINGS, *FLAGS]
    for reaction in plate.exported:
        tube, reading = reaction.tube, reaction.reading
        if tube.target != detector or tube.fault(FaultKind.EMPTY) or tube.fault(FaultKind.OMITTED):
            continue
        place = [str(well_number(tube.well, plate.wells))]
        place += [tube.well] if placed else []
        task = TASKS.get(tube.label.role, "Unknown")
        ct = UNDETERMINED if reading.ct is None else number(reading.ct)
        baseline = ["Manual", str(reading.baseline_start), str(reading.baseline_end)]
        names = [tube.label.name, tube.target, REPORTER, task, ct]
        fit = [*baseline, "Manual", number(plate.readout.threshold)]
        yield [*place, *names, *[""] * 10, *fit, *[""] * len(FLAGS)]
    yield from (["Slope", "", "cycles/log decade"], ["Y-Intercept", "", ""], ["R^2", "", ""])
    yield from ([], [])
