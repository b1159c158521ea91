"""Tables `Quan. Result` and `Quan. AmpData`: a csv of sections, or a workbook with a sheet per dye.

A blank Ct means not reached. An omitted well has a curve and no row; an empty one stands nowhere. A
lost cycle is an empty cell.
"""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate, SimulatedReaction, split_well
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

NAMES = ["Well", "Sample ID", "Property", "Target", "Dye"]
NUMBERS = ["Ct", "Ct Mean", "Ct SD", "Concentration", "Aver. Con.", "Con. SD"]
RESULTS, CURVES = "Quan. Result", "Quan. AmpData"
PROPERTIES = {
    Role.NTC: "NTC",
    Role.POSITIVE_CONTROL: "Positive Control",
    Role.NEGATIVE_CONTROL: "Negative Control",
    Role.STANDARD: "Standard",
}


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the csv: curves, results, and an empty section behind them."""
    cycles = range(1, plate.readout.cycles + 1)
    curves = [[*_names(r), *map(_text, _curve(r, plate))] for r in _known(plate) if r.points]
    results = [
        [*_names(r), _text(r.reading.ct), *[""] * len(NUMBERS[1:])]
        for r in _known(plate)
        if _is_kept(r)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows([["Experiment Name", plate.name], []])
        writer.writerows([[CURVES], [*NAMES, *map(str, cycles)], *curves, []])
        writer.writerows([[RESULTS], [*NAMES, *NUMBERS], *results, [], ["SNP Result"], NAMES[:2]])


def write_workbook(path: Path, plate: SimulatedPlate) -> None:
    """Write the workbook; its creation date is the run's, so equal plates give equal bytes."""
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties({"created": datetime.fromisoformat(plate.date)})
    results = workbook.add_worksheet(RESULTS)
    results.write_row(0, 0, [*NAMES, *NUMBERS])
    for index, reaction in enumerate(filter(_is_kept, _known(plate)), start=1):
        results.write_row(index, 0, _names(reaction))
        if reaction.reading.ct is not None:
            results.write_number(index, len(NAMES), float(number(reaction.reading.ct)))
    light = workbook.add_worksheet(f"{CURVES} ({REPORTER})")
    light.write_column(0, 0, ["Cycle", *range(1, plate.readout.cycles + 1)])
    drawn = [reaction for reaction in _known(plate) if reaction.points]
    for column, reaction in enumerate(drawn, start=1):
        light.write_string(0, column, _well(reaction))
        for row, value in enumerate(_curve(reaction, plate), start=1):
            if value is not None:
                light.write_number(row, column, float(number(value)))
    workbook.close()


def _known(plate: SimulatedPlate) -> list[SimulatedReaction]:
    return [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]


def _is_kept(reaction: SimulatedReaction) -> bool:
    return reaction.tube.fault(FaultKind.OMITTED) is None


def _well(reaction: SimulatedReaction) -> str:
    row, column = split_well(reaction.tube.well)
    return f"{chr(ord('A') + row)}{column + 1:02d}"


def _names(reaction: SimulatedReaction) -> list[str]:
    label = reaction.tube.label
    kind = PROPERTIES.get(label.role, "Unknown")
    return [_well(reaction), label.name, kind, reaction.tube.target, REPORTER]


def _curve(reaction: SimulatedReaction, plate: SimulatedPlate) -> Sequence[float | None]:
    values = {cycle: delta for cycle, _, delta in reaction.points}
    return [values.get(cycle) for cycle in range(1, plate.readout.cycles + 1)]


def _text(value: float | None) -> str:
    return "" if value is None else number(value)
