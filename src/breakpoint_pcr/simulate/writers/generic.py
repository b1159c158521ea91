"""One plain table: a row per reaction with its Ct and ΔRn per cycle."""

import csv
from pathlib import Path

from breakpoint_pcr.simulate.physics import Reading
from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number

COLUMNS = ("Well", "Sample", "Target", "Dye", "Task", "Ct", "Threshold")
MISSING = "-"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the table; an omitted well has a row without Ct and curve, an empty one no name."""
    cycles = range(1, plate.readout.cycles + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, *cycles])
        for reaction in plate.exported:
            tube = reaction.tube
            empty = tube.fault(FaultKind.EMPTY)
            unread = empty or tube.fault(FaultKind.OMITTED)
            points = [] if unread else reaction.points
            curve = {cycle: number(delta) for cycle, _, delta in points}
            name, target = ("", "") if empty else (tube.label.name, tube.target)
            head = [tube.well, name, target, REPORTER, tube.label.role.value]
            ct = "" if unread else _ct(reaction.reading)
            values = [curve.get(cycle, "") for cycle in cycles]
            writer.writerow([*head, ct, number(plate.readout.threshold), *values])


def _ct(reading: Reading) -> str:
    return MISSING if reading.ct is None else number(reading.ct)
