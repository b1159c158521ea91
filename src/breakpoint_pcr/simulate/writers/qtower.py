"""The table of qPCRsoft (qTOWER) in Latin-1, and the fluorescence of its one dye.

An omitted well has a curve and no row; an empty one has a row with its position alone. Fluorescence
is raw light (Rn as simulated); a lost cycle is an empty cell. A melt ran and is not exported.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate, SimulatedReaction
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

COLUMNS = (
    "Well,,Sample name,Sample type,GOI,Reference gene,Ct GOI,Ct Ref. gene,Mean Ct GOI,"
    "Mean Ct Ref.gene"
)
PROTOCOL = "TC Protocol:,steps,scan,°C,m:s,goto,loops,delta Temp(°C),delta Time (s),ramp (°C/s"
MISSING = "No Ct"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the table, and the fluorescence beside it."""
    rows = (_row(r) for r in plate.exported if not r.tube.fault(FaultKind.OMITTED))
    _save(path, [*_head(plate), COLUMNS.split(","), *rows])
    curves = path.with_name(f"{plate.name} fluorescence.csv")
    _save(curves, [*_head(plate), *_light(plate)])


def _save(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def _head(plate: SimulatedPlate) -> Iterator[Sequence[str]]:
    year, month, day = plate.date.split("-")
    date = f"{int(month)}/{int(day)}/{year}"
    yield ["Title:", plate.name]
    yield ["Date/Time:", f"{date} 1:49:58 PM", f"{date} 4:03:57 PM"]
    yield ["Device:", "qTOWER³", "3107G-0000"]
    yield ["Heated Lid:", "100°C"]
    yield PROTOCOL.split(",")
    yield ["", "1", "", "95", "02:00", "0", "0", "0", "0", "4"]
    yield ["", "2", "", "95", "00:15", "0", "0", "0", "0", "4"]
    yield ["", "3", "*", "60", "01:00", "2", str(plate.readout.cycles - 1), "0", "0", "2"]
    yield ["", "4", "*", "60", "00:15", "4", "35", "1", "0", "2"]
    yield []


def _light(plate: SimulatedPlate) -> Iterator[Sequence[str]]:
    cycles = range(1, plate.readout.cycles + 1)
    yield [REPORTER, *map(str, cycles)]
    for reaction in plate.exported:
        light = {cycle: rn for cycle, rn, _ in reaction.points}
        if light and not reaction.tube.fault(FaultKind.EMPTY):
            values = [number(light[cycle]) if cycle in light else "" for cycle in cycles]
            yield [reaction.tube.well, *values]


def _row(reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    if tube.fault(FaultKind.EMPTY):
        return [tube.well, *[""] * (len(COLUMNS.split(",")) - 1)]
    kind = "NTC" if tube.label.role is Role.NTC else "Unknown"
    written = MISSING if ct is None else number(ct)
    return [tube.well, "", tube.label.name, kind, tube.target, "", written, "", "", ""]
