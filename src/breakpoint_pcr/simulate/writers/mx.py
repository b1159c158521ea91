"""The texts of MxPro (Agilent Mx): the text report with its padding, and instrument data.

The report has a decimal comma and, here, a column of well names. Instrument data are raw light (Rn
as simulated) by well number. Empty wells stand in neither; an omitted one has a curve alone; a lost
cycle has no light.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate, SimulatedReaction, well_number
from breakpoint_pcr.simulate.truth import FaultKind, PlanError
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

REPORT = ("Well", "Well Name", "Assay", "Well Type", "Replicate", "Threshold (dRn)", "Ct (dRn)")
DATA = (
    *("Segment", "Ramp/Plateau", "Ramp/Plateau #", "Well", "Dye", "Cycle #"),
    *("Fluorescence", "Temperature"),
)
STEP = (" 2", "P", " 2")
TYPES = {Role.NTC: "NTC", Role.STANDARD: "Standard"}
WELLS = 96
MISSING = "No Ct"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the report, and the instrument data beside it.

    Raises:
        PlanError: The plate has more than 96 wells.
    """
    if plate.wells != WELLS:
        raise PlanError(f"a plate of {plate.wells} wells; an Mx has {WELLS}")
    known = [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]
    _save(path, [REPORT, *_report(plate, known)], end=" \t")
    data = path.with_name(f"{plate.name} - Instrument Data.txt")
    _save(data, [(f"C:\\{plate.name}.mxp",), DATA, *_points(known, plate.readout.cycles)])


def _save(path: Path, rows: Iterable[Sequence[str]], end: str = "") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines((" \t" if end else "\t").join(row) + end + "\n" for row in rows)


def _report(plate: SimulatedPlate, known: Sequence[SimulatedReaction]) -> Iterator[list[str]]:
    threshold = number(plate.readout.threshold).replace(".", ",")
    for reaction in known:
        tube, ct = reaction.tube, reaction.reading.ct
        if tube.fault(FaultKind.OMITTED):
            continue
        kind = TYPES.get(tube.label.role, "Unknown")
        written = MISSING if ct is None else number(ct).replace(".", ",")
        names = [f"{tube.well:>4}", tube.label.name, f" {tube.target}", f"{kind:>9}"]
        yield [*names, "        1", f"{threshold:>15}", f"{written:>8}"]


def _points(known: Sequence[SimulatedReaction], cycles: int) -> Iterator[list[str]]:
    for reaction in known:
        light = {cycle: rn for cycle, rn, _ in reaction.points}
        well = f"{well_number(reaction.tube.well, WELLS):>2}"
        for cycle in range(1, cycles + 1) if light else ():
            seen = f"{number(light[cycle]):>9}" if cycle in light else ""
            yield [*STEP, well, reaction.tube.target, f"{cycle:>3}", seen, "59.7"]
