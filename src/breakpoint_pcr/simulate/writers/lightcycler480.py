"""The texts of a Roche LightCycler 480: tables of Cps, and the raw data with a melt behind.

Raw data are not baseline-subtracted, so the curve is Rn as simulated. An empty well stands in
neither; an omitted one has no tick in Include. A lost cycle has no light. The header of the raw
data ends with a tab, their rows do not, and the melt gives all points the number of one cycle.
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
ALL_SAMPLES = (
    "Experiment Name,Analysis Name,Included,Position,SampleName,CrossingPoint,Concentration,"
    "Standard,StatusCodes,StatusDesc,Call,CpUncertain,CpState,CalcConcUncertain"
)
ANALYSIS = "Abs Quant/2nd Derivative Max for All Samples"
RAW = ("SamplePos", "SampleName", "Prog#", "Seg#", "Cycle#", "Time", "Temp", CHANNEL, "")
RED, GREEN = "255", "65280"
AMPLIFICATION, MELT = ("2", "3"), ("3", "1")
MELT_POINTS = 60


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the table of the analysis, and the raw data beside it."""
    title = f"Experiment: {plate.name}  Selected Filter: {FILTER}"
    _save(path, [title], [RESULTS, *map(_row, _known(plate))])
    _write_raw(path, plate)


def write_all_samples(path: Path, plate: SimulatedPlate) -> None:
    """Write the table of all samples, which names no filter, and the raw data beside it."""
    rows = [_row_of_all(plate.name, reaction) for reaction in _known(plate)]
    _save(path, [], [ALL_SAMPLES.split(","), *rows])
    _write_raw(path, plate)


def _known(plate: SimulatedPlate) -> list[SimulatedReaction]:
    return [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]


def _write_raw(path: Path, plate: SimulatedPlate) -> None:
    title = f"Raw Data \t\tExperiment - {plate.name} (Run on {SOFTWARE})"
    rows = (row for r in _known(plate) for row in _points(r, plate.readout.cycles))
    _save(path.with_name(f"{plate.name} raw data.txt"), [title], [RAW, *rows])


def _save(path: Path, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{title}\n" for title in titles)
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(rows)


def _row(reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    include = "False" if tube.fault(FaultKind.OMITTED) else "True"
    cp = "" if ct is None else number(ct)
    return [include, RED if cp else GREEN, tube.well, tube.label.name, cp, "", "0", ""]


def _row_of_all(experiment: str, reaction: SimulatedReaction) -> list[str]:
    tube, ct = reaction.tube, reaction.reading.ct
    included = "0" if tube.fault(FaultKind.OMITTED) else "1"
    cp, call = (" ", "pdcNegative") if ct is None else (number(ct), "pdcPositive")
    names = [experiment, ANALYSIS, included, tube.well, tube.label.name]
    return [*names, cp, " ", " ", " ", " ", call, "0", "cpsNormal", "0"]


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
        yield [*names, *MELT, "1", str(5_000_000 + 900 * point), degrees, "1"]
