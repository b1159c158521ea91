"""The csv files of QuantStudio Design & Analysis v2: results, and the amplification data."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.simulate.writers.quantstudio import (
    AMPLIFICATION,
    RESULTS,
    Cells,
    curves_of,
    header_of,
    results_of,
)


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write both files; an empty well has a row with its position alone."""
    _save(path, plate, RESULTS, results_of(plate))
    curves = path.with_name(path.name.replace("_Results", "_Amplification Data"))
    _save(curves, plate, AMPLIFICATION, curves_of(plate))


def _save(path: Path, plate: SimulatedPlate, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {key}: {value}\n" for key, value in header_of(plate))
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        for cells in rows:
            writer.writerow([*map(_text, cells), *[""] * (len(columns) - len(cells))])


def _text(cell: str | float) -> str:
    return cell if isinstance(cell, str) else number(cell)
