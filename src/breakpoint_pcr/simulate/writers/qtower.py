"""The table of qPCRsoft (qTOWER) in Latin-1: Cts and no curves.

An omitted well has no row; an empty one has a row with its position alone.
"""

import csv
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate, SimulatedReaction
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

COLUMNS = (
    "Well,,Sample name,Sample type,GOI,Reference gene,Ct GOI,Ct Ref. gene,Mean Ct GOI,"
    "Mean Ct Ref.gene"
)
MISSING = "No Ct"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the table."""
    year, month, day = plate.date.split("-")
    date = f"{int(month)}/{int(day)}/{year}"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["Title:", plate.name])
        writer.writerow(["Date/Time:", f"{date} 1:49:58 PM", f"{date} 4:03:57 PM"])
        writer.writerow(["Device:", "qTOWER³", "3107G-0000"])
        writer.writerow(["Heated Lid:", "100°C"])
        writer.writerow([])
        writer.writerow(COLUMNS.split(","))
        for reaction in plate.exported:
            if not reaction.tube.fault(FaultKind.OMITTED):
                writer.writerow(_row(reaction))


def _row(reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    if tube.fault(FaultKind.EMPTY):
        return [tube.well, *[""] * (len(COLUMNS.split(",")) - 1)]
    kind = "NTC" if tube.label.role is Role.NTC else "Unknown"
    written = MISSING if ct is None else number(ct)
    return [tube.well, "", tube.label.name, kind, tube.target, "", written, "", "", ""]
