"""The csv files of Rotor-Gene Q software: the quantitation analysis, and the raw data beside it.

Raw data are light (Rn as simulated) of the tubes that were filled, a row per tube or, translated, a
column; a channel that nobody analysed and a melt stand beside them. An omitted tube stands in the
raw data alone; a lost cycle is an empty cell, a lost curve has no cell filled.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate, SimulatedReaction
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.simulate.writers.rotorgene import CHANNEL, TYPES, UNKNOWN, tube_number

COLUMNS = (
    *("No.", "Color", "Name", "Type", "Ct", "Ct Comment", "Given Conc (Copies)"),
    *("Calc Conc (Copies)", "% Var", "Rep. Ct"),
)
SPARE, MELT = "Cycling A.Yellow", "Melt A.Green"
PAGE, COLOR = " Page 1", "8421504"
MELT_CELSIUS = (65, 66, 67)

Tubes = Sequence[SimulatedReaction]
Rows = Iterator[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter, decimal mark, and whether a table of raw data has a column per tube."""

    delimiter: str
    mark: str
    translated: bool

    def number(self, value: float) -> str:
        """Return a number as written."""
        return number(value).replace(".", self.mark)


ENGLISH = Dialect(",", ".", translated=False)
TRANSLATED = Dialect(";", ",", translated=True)


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the analysis with commas and points, and raw data with a row per tube.

    Raises:
        PlanError: A well has no tube in a rotor.
    """
    _write(path, plate, ENGLISH)


def write_translated(path: Path, plate: SimulatedPlate) -> None:
    """Write the analysis with semicolons and decimal commas, and raw data with a column per tube.

    Raises:
        PlanError: A well has no tube in a rotor.
    """
    _write(path, plate, TRANSLATED)


def _write(path: Path, plate: SimulatedPlate, dialect: Dialect) -> None:
    tubes = [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]
    _save(path, dialect, _analysis(plate, tubes, dialect))
    _save(path.with_name(f"{plate.name} raw data.csv"), dialect, _raw_data(plate, tubes, dialect))


def _save(path: Path, dialect: Dialect, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(
            file, delimiter=dialect.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n"
        ).writerows(rows)


def _head(kind: str, plate: SimulatedPlate, dialect: Dialect) -> Rows:
    year, month, day = map(int, plate.date.split("-"))
    yield [f"Excel {kind} Data Export"]
    yield ["Copyright (c) 2013 QIAGEN GmbH. All Rights Reserved."]
    yield ["File", f"{plate.name}.rex"]
    yield ["Date", f"{month}/{day}/{year}"]
    yield ["Time", "11:15:04 AM"]
    yield from ([], ["Operator", ""], ["Run Id", ""], ["Notes", ""], [])
    yield from (["Channel", "Gain"], ["Green", "5"], ["Yellow", "5"], [])
    yield ["Channel", "Threshold"]
    yield [f"{CHANNEL} (Page 1)", dialect.number(plate.readout.threshold)]
    yield from ([f"{MELT} (Page 1)", "0"], [])


def _analysis(plate: SimulatedPlate, tubes: Tubes, dialect: Dialect) -> Rows:
    yield from _head("Analysed", plate, dialect)
    yield [f"Quantitative analysis of {CHANNEL} (Page 1)"]
    yield []
    yield COLUMNS
    for reaction in tubes:
        tube, ct = reaction.tube, reaction.reading.ct
        if not tube.fault(FaultKind.OMITTED):
            kind = TYPES.get(tube.label.role, UNKNOWN)[0]
            written = "" if ct is None else dialect.number(ct)
            names = [str(tube_number(tube.well)), COLOR, tube.label.name, kind]
            yield [*names, written, "", "", "", "", written]
    yield from ([], [], [], [f"Melt analysis of {MELT} (Page 1)"], [])
    yield ["No.", "Color", "Name", "Genotype", "Peak 1"]
    yield ["1", COLOR, "", "", dialect.number(82.5)]
    yield from ([], [], [])


def _raw_data(plate: SimulatedPlate, tubes: Tubes, dialect: Dialect) -> Rows:
    yield from _head("Raw", plate, dialect)
    cycles = range(1, plate.readout.cycles + 1)
    light = [{cycle: rn for cycle, rn, _ in reaction.points} for reaction in tubes]
    curves = [[dialect.number(y[c]) if c in y else "" for c in cycles] for y in light]
    spare = [[dialect.number(1.5)] * len(cycles) for _ in tubes]
    melts = [["3", "2", "1"] for _ in tubes]
    for channel, axis, readings in (
        (CHANNEL, cycles, curves),
        (SPARE, cycles, spare),
        (MELT, MELT_CELSIUS, melts),
    ):
        yield from ([], [f"Channel {channel}"], [])
        yield from _table(axis, list(zip(tubes, readings, strict=True)), dialect)
        yield from ([], [])


def _table(
    axis: Sequence[int],
    readings: Sequence[tuple[SimulatedReaction, Sequence[str]]],
    dialect: Dialect,
) -> list[list[str]]:
    rows = [[str(tube_number(r.tube.well)), r.tube.label.name, *values] for r, values in readings]
    table = [["ID", PAGE, *map(str, axis)], *rows]
    return [list(column) for column in zip(*table, strict=True)] if dialect.translated else table
