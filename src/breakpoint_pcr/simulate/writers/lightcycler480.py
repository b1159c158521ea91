"""The texts of a Roche LightCycler 480: the Abs Quant table, and the raw data with a melt behind.

Raw data are not baseline-subtracted, so the curve is Rn as simulated. An empty well stands in
neither; an omitted one has no tick in Include. A lost cycle has no light.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate, SimulatedReaction
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number

FILTER = "FAM (465-510)"
CHANNEL = "465-510"
SOFTWARE = "LCS480 1.5.0.39"
RESULTS = ("Include", "Color", "Pos", "Name", "Cp", "Concentration", "Standard", "Status")
RAW = ("SamplePos", "SampleName", "Prog#", "Seg#", "Cycle#", "Time", "Temp", CHANNEL)
RED, GREEN = "255", "65280"
AMPLIFICATION, MELT = ("2", "3"), ("3", "1")
MELT_POINTS = 60


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the table of Cps, and the raw data beside it."""
    known = [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]
    title = f"Experiment: {plate.name}  Selected Filter: {FILTER}"
    _save(path, title, [RESULTS, *map(_row, known)])
    title = f"Raw Data \t\tExperiment - {plate.name} (Run on {SOFTWARE})"
    rows = (row for reaction in known for row in _points(reaction, plate.readout.cycles))
    _save(path.with_name(f"{plate.name} raw data.txt"), title, [RAW, *rows])


def _save(path: Path, title: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{title}\n")
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)


def _row(reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    include = "False" if tube.fault(FaultKind.OMITTED) else "True"
    cp = "" if ct is None else number(ct)
    return [include, RED if cp else GREEN, tube.well, tube.label.name, cp, "", "0", ""]


def _points(reaction: SimulatedReaction, cycles: int) -> Iterator[list[str]]:
    """Yield the amplification, then a melt with more points than there are cycles."""
    light = {cycle: rn for cycle, rn, _ in reaction.points}
    if not light:
        return
    names = [reaction.tube.well, reaction.tube.label.name]
    for cycle in range(1, cycles + 1):
        seen = number(light[cycle]) if cycle in light else ""
        yield [*names, *AMPLIFICATION, str(cycle), str(78_500 * cycle), "71.67", seen]
    for point in range(1, MELT_POINTS + 1):
        degrees = f"{65 + point / 2:.2f}"
        yield [*names, *MELT, str(point), str(5_000_000 + 900 * point), degrees, "1"]
