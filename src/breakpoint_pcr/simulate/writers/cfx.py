"""The csv files of Bio-Rad CFX Maestro: the Cq table, and amplification of the reporter's dye.

An empty well stands in neither. An omitted well has a curve and no row in the Cq table; how the
software writes an excluded well is not known from a real file. A lost cycle is an empty cell.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate, SimulatedReaction, split_well
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

RESULTS = (
    ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,Cq Std. Dev,"
    "Starting Quantity (SQ),Log Starting Quantity,SQ Mean,SQ Std. Dev,Set Point,Well Note"
)
CONTENTS = {
    Role.NTC: "NTC",
    Role.POSITIVE_CONTROL: "Pos Ctrl",
    Role.NEGATIVE_CONTROL: "Neg Ctrl",
    Role.STANDARD: "Std",
}
MISSING = "NaN"
ANNEALING = "60"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the Cq table, and the curves beside it."""
    _save(path, result_rows(plate))
    curves = f"{plate.name} -  Quantification Amplification Results_{REPORTER}.csv"
    _save(path.with_name(curves), curve_rows(plate))


def result_rows(plate: SimulatedPlate) -> list[list[str]]:
    """Return the table of Cqs with its headings."""
    header: list[str] = [*RESULTS.split(",")]
    return [header, *map(_row, filter(_is_analysed, _known(plate)))]


def curve_rows(plate: SimulatedPlate) -> list[list[str]]:
    """Return the table of curves with its headings."""
    return _table(_known(plate), plate.readout.cycles)


def _known(plate: SimulatedPlate) -> list[SimulatedReaction]:
    return [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]


def _save(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def _is_analysed(reaction: SimulatedReaction) -> bool:
    return reaction.tube.fault(FaultKind.OMITTED) is None


def _row(reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    row, column = split_well(tube.well)
    well = f"{chr(ord('A') + row)}{column + 1:02d}"
    content = CONTENTS.get(tube.label.role, "Unkn")
    cq = [MISSING, "0"] if ct is None else [number(ct), number(ct)]
    names = ["", well, REPORTER, tube.target, content, tube.label.name, ""]
    return [*names, *cq, "0", MISSING, MISSING, MISSING, "0", ANNEALING, ""]


def _table(reactions: Sequence[SimulatedReaction], cycles: int) -> list[list[str]]:
    curves = [(r.tube.well, {cycle: delta for cycle, _, delta in r.points}) for r in reactions]
    drawn = [(well, values) for well, values in curves if values]
    rows = [
        ["", str(cycle), *(number(y[cycle]) if cycle in y else "" for _, y in drawn)]
        for cycle in range(1, cycles + 1)
    ]
    return [["", "Cycle", *(well for well, _ in drawn)], *rows]
