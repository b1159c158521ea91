"""The texts of MxPro (Agilent Mx): the text report with its padding, instrument data; of AriaMx.

The report has a decimal comma and, here, a column of well names. Instrument data are raw light (Rn
as simulated) by well number. Empty wells stand in neither; an omitted one has a curve alone; a lost
cycle has no light. A melt and a reference dye stand beside them. The tabular results of an AriaMx
hold no curve, and no row of an empty or omitted well.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from breakpoint_pcr.simulate.plate import REPORTER, SimulatedPlate, SimulatedReaction, well_number
from breakpoint_pcr.simulate.truth import FaultKind, PlanError
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

REPORT = ("Well", "Well Name", "Assay", "Well Type", "Replicate", "Threshold (dRn)", "Ct (dRn)")
DATA = (
    *("Segment", "Ramp/Plateau", "Ramp/Plateau #", "Well", "Dye", "Cycle #"),
    *("Fluorescence", "Temperature"),
)
ARIA = ("Well", "Well Name", "Well Type", "Dye", "Target", "Threshold (∆R)", "Cq (∆R)")
STEP, MELT = (" 2", "P", " 2"), (" 4", "R", " 2")
REFERENCE = "ROX"
TYPES = {Role.NTC: "NTC", Role.STANDARD: "Standard"}
WELLS = 96
MISSING, MISSING_ARIA = "No Ct", "No Cq"


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the report, and the instrument data beside it.

    Raises:
        PlanError: The plate has more than 96 wells.
    """
    known = _known(plate)
    _save(path, [REPORT, *_report(plate, known)], end=" \t")
    data = path.with_name(f"{plate.name} - Instrument Data.txt")
    _save(data, [(f"C:\\{plate.name}.mxp",), DATA, *_points(known, plate.readout.cycles)])


def write_aria(path: Path, plate: SimulatedPlate) -> None:
    """Write the tabular results of an AriaMx.

    Raises:
        PlanError: The plate has more than 96 wells.
    """
    _save(path, [ARIA, *_tabular(plate, _known(plate))])


def _known(plate: SimulatedPlate) -> list[SimulatedReaction]:
    if plate.wells != WELLS:
        raise PlanError(f"a plate of {plate.wells} wells; an Mx has {WELLS}")
    return [r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)]


def _tabular(plate: SimulatedPlate, known: Sequence[SimulatedReaction]) -> Iterator[list[str]]:
    for reaction in known:
        tube, ct = reaction.tube, reaction.reading.ct
        if not tube.fault(FaultKind.OMITTED):
            names = [tube.well, tube.label.name, TYPES.get(tube.label.role, "Unknown")]
            threshold = number(plate.readout.threshold)
            written = MISSING_ARIA if ct is None else number(ct)
            yield [*names, REPORTER, tube.target, threshold, written]


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
            yield [*STEP, well, REFERENCE, f"{cycle:>3}", "    20000", "59.7"]
        yield [*MELT, well, reaction.tube.target, "  1", "    12197", "71.5"]
        yield [*MELT, well, reaction.tube.target, "  1", "    12183", "71.7"]
