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
    """Write the table; an omitted well has a row without Ct and curve."""
    cycles = range(1, plate.readout.cycles + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, *cycles])
        for reaction in plate.reactions:
            tube = reaction.tube
            omitted = tube.fault(FaultKind.OMITTED)
            curve = () if omitted else reaction.reading.delta_rn
            head = [tube.well, tube.sample.name, tube.assay, REPORTER, tube.sample.role.value]
            ct = "" if omitted else _ct(reaction.reading)
            values = [number(value) for value in curve] or [""] * len(cycles)
            writer.writerow([*head, ct, number(plate.readout.threshold), *values])


def _ct(reading: Reading) -> str:
    return MISSING if reading.ct is None else number(reading.ct)
