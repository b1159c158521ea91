"""The two files of ABI SDS v1: results as csv, and Rn with ΔRn as tab-separated text beside them.

The results are those of a plate or of a relative quantification study, which has threshold,
baseline and a column Omit. On the plate an omitted well has a row without a Ct; an empty one has
its well alone. The layout of the curves is known from programs that read it, not from a real file.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from breakpoint_pcr.simulate.plate import (
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    well_number,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

RESULTS = "Well,Sample Name,Detector,Task,Ct,StdDev Ct,Qty,Mean Qty,StdDev Qty,Filtered,Tm"
STUDY = (
    "Plate,Well ID,Well,Sample,Detector,Task,Ct,Ct std err,Avg Ct,Avg dCt,dCt std err,ddCt,RQ,"
    "RQ min,RQ max,Omit,Filtered,Threshold,Auto Ct,Baseline,Start,End"
)
STUDY_PROFILE = (
    ("Thermal Cycler Profile",),
    ("Stage", "Repetitions", "Temperature", "Time", "Ramp Rate", "Auto Increment"),
    ("1", "40", "60.0 °C", "01:00", "Auto"),
    ("Data Collection :  Stage 1 Step 1",),
    ("PCR Volume: 25 µL",),
)
TASKS = {Role.NTC: "NTC", Role.STANDARD: "Standard"}
UNDETERMINED = "Undetermined"
STUDY_UNDETERMINED = "Undet."
CURVES_SUFFIX = " Clipped.txt"
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the results, and the curves beside them."""
    with path.open("w", encoding="cp1252", newline="") as file:
        file.writelines(f"{line}\r\n" for line in _header(plate))
        rows = csv.writer(file, lineterminator="\r\n")
        rows.writerow(RESULTS.split(","))
        rows.writerows(_result(reaction) for reaction in plate.exported)
    _write_curves(path, plate)


def write_study(path: Path, plate: SimulatedPlate) -> None:
    """Write the results of a study of one plate, all lines as wide as its table."""
    columns = STUDY.split(",")
    above = [[line] for line in _header(plate) if not line.startswith("Run Date")]
    above[0] = ["Exported RQ Study Sample Summary and Well Information"]
    lines = [*above, *map(list, STUDY_PROFILE), [], columns, [], *_study(plate)]
    with path.open("w", encoding="cp1252", newline="") as file:
        rows = csv.writer(file, lineterminator="\r\n")
        rows.writerows([*cells, *[""] * (len(columns) - len(cells))] for cells in lines)
    _write_curves(path, plate)


def _study(plate: SimulatedPlate) -> Iterator[list[str]]:
    for reaction in plate.exported:
        tube, reading = reaction.tube, reaction.reading
        place = [plate.name, str(well_number(tube.well, plate.wells)), tube.well]
        if tube.fault(FaultKind.EMPTY):
            yield place
            continue
        task = TASKS.get(tube.label.role, "Target")
        ct = STUDY_UNDETERMINED if reading.ct is None else number(reading.ct)
        omit = "Yes" if tube.fault(FaultKind.OMITTED) else ""
        fit = [number(plate.readout.threshold), "Manual", "Manual"]
        yield [
            *[*place, tube.label.name, tube.target, task, ct, *[""] * 8, omit, "", *fit],
            *[str(reading.baseline_start), str(reading.baseline_end)],
        ]


def _write_curves(path: Path, plate: SimulatedPlate) -> None:
    with path.with_name(f"{path.stem}{CURVES_SUFFIX}").open(
        "w", encoding="cp1252", newline=""
    ) as file:
        csv.writer(file, lineterminator="\r\n", delimiter="\t").writerows(_curves(plate))


def _header(plate: SimulatedPlate) -> Iterator[str]:
    day = date.fromisoformat(plate.date)
    long = f"{DAYS[day.weekday()]}, {MONTHS[day.month - 1]} {day.day:02}, {day.year}"
    yield f"Document Name: {plate.name} "
    yield "Plate Type: Absolute Quantification"
    yield "User: user1"
    yield ""
    yield "Document Information"
    yield ""
    yield "Operator: user1"
    yield f"Run Date: {long} 15:05:42"
    yield f"Last Modified: {long} 16:45:00"
    yield "Instrument Type: Applied Biosystems 7500 Real-Time PCR System"
    yield ""
    yield "Comments:"
    yield "SDS v1.4"
    yield ""


def _result(reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    if tube.fault(FaultKind.EMPTY):
        return [tube.well, *[""] * 10]
    found = UNDETERMINED if ct is None else number(ct)
    if tube.fault(FaultKind.OMITTED):
        found = ""
    task = TASKS.get(tube.label.role, "Unknown")
    return [tube.well, tube.label.name, tube.target, task, found, *[""] * 6]


def _curves(plate: SimulatedPlate) -> Iterator[list[str]]:
    cycles = range(1, plate.readout.cycles + 1)
    numbers = [str(cycle) for cycle in cycles]
    yield ["SDS v1.4", "Clipped"]
    yield ["Well", "Detector", "Reporter Dye", "Rn", *numbers, "Delta Rn", *numbers]
    for reaction in plate.exported:
        tube = reaction.tube
        if not reaction.points or tube.fault(FaultKind.EMPTY) or tube.fault(FaultKind.OMITTED):
            continue
        rn = {cycle: number(value) for cycle, value, _ in reaction.points}
        delta = {cycle: number(value) for cycle, _, value in reaction.points}
        head = [tube.well, tube.target, REPORTER]
        blocks = (["", *(values.get(cycle, "") for cycle in cycles)] for values in (rn, delta))
        yield [*head, *(cell for block in blocks for cell in block)]
