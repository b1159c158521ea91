"""The csv of a Rotor-Gene's quantitation analysis (semicolon, decimal comma), and its run file.

A rotor has eight tubes to a letter, so a plan of up to eight samples fits. The run file holds raw
light (Rn as simulated) and a melt. An empty tube stands in neither file, an omitted one in the run
file alone; a lost cycle is NaN, a lost curve has no readings.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from breakpoint_pcr.simulate.plate import SimulatedPlate, SimulatedReaction, split_well
from breakpoint_pcr.simulate.truth import FaultKind, PlanError
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

CHANNEL = "Cycling A.Green"
COLUMNS = ("No.", "Name", "Type", "Ct", "Ct Comment", "Given Conc (copies/ul)")
TYPES = {
    Role.NTC: ("NTC", 2),
    Role.POSITIVE_CONTROL: ("Positive Control", 4),
    Role.NEGATIVE_CONTROL: ("Negative Control", 5),
    Role.STANDARD: ("Standard", 1),
}
UNKNOWN = ("Unknown", 0)
TUBES_A_LETTER, TUBES_MAX = 8, 100


def write(path: Path, plate: SimulatedPlate) -> None:
    """Write the analysis, and the run file beside it.

    Raises:
        PlanError: A well has no tube in a rotor.
    """
    tubes = {
        tube_number(r.tube.well): r for r in plate.exported if not r.tube.fault(FaultKind.EMPTY)
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows(_analysis(plate, tubes))
    path.with_name(f"{plate.name}.rex").write_text(
        "\n".join(_run_file(plate, tubes)) + "\n", encoding="utf-8"
    )


def tube_number(well: str) -> int:
    """Return the number of the tube in a rotor of eight tubes a letter.

    Raises:
        PlanError: There is none.
    """
    row, column = split_well(well)
    tube = row * TUBES_A_LETTER + column + 1
    if column >= TUBES_A_LETTER or tube > TUBES_MAX:
        raise PlanError(f"well {well}; a Rotor-Gene has tubes A1 to A8, B1 to B8 and so on")
    return tube


def _analysis(plate: SimulatedPlate, tubes: Mapping[int, SimulatedReaction]) -> Iterator[list[str]]:
    year, month, day = plate.date.split("-")
    yield ["Excel Analysed Data Export"]
    yield ["File", f"{plate.name}.rex"]
    yield ["Date", f"{day}/{month}/{year}"]
    yield []
    yield [f"Quantitative analysis of {CHANNEL} (Page 1)"]
    yield []
    yield list(COLUMNS)
    for reaction in tubes.values():
        tube, ct = reaction.tube, reaction.reading.ct
        if not tube.fault(FaultKind.OMITTED):
            kind = TYPES.get(tube.label.role, UNKNOWN)[0]
            written = "" if ct is None else number(ct).replace(".", ",")
            yield [tube.well, tube.label.name, kind, written, "", ""]
    yield []


def _run_file(plate: SimulatedPlate, tubes: Mapping[int, SimulatedReaction]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8" ?>\n\n<Experiment>'
    yield "<RexHeader>REX 3.14</RexHeader>"
    yield f"<StartTime>{plate.date}T15:05:42</StartTime>"
    yield f"<FinishTime>{plate.date}T16:42:10</FinishTime>"
    yield "<Samples>\n<Page>\n<Name>Page 1</Name>"
    for number_, reaction in tubes.items():
        kind = TYPES.get(reaction.tube.label.role, UNKNOWN)[1]
        yield (
            f"<Sample><ID>{number_}</ID><Name>{escape(reaction.tube.label.name)}</Name>"
            f"<Type>{kind}</Type><TubePosition>{number_}</TubePosition></Sample>"
        )
    yield "</Page>\n</Samples>\n<RawChannels>"
    curves = {number_: _light(reaction, plate) for number_, reaction in tubes.items()}
    last = max(tubes, default=0)
    yield from _channel(CHANNEL, "Cycle", [curves.get(n + 1, "") for n in range(last)])
    yield from _channel("HRM A.HRM", "deg.", ["1 2 3"] * last)
    yield "</RawChannels>\n<Profile>\n<Cycle>"
    yield f"<RepeatCount>{plate.readout.cycles}</RepeatCount>"
    yield "</Cycle>\n</Profile>\n</Experiment>"


def _light(reaction: SimulatedReaction, plate: SimulatedPlate) -> str:
    light = {cycle: rn for cycle, rn, _ in reaction.points}
    cycles = range(1, plate.readout.cycles + 1) if light else ()
    return " ".join(number(light[cycle]) if cycle in light else "NaN" for cycle in cycles)


def _channel(name: str, axis: str, readings: list[str]) -> Iterator[str]:
    yield f"<RawChannel>\n<Name>{name}</Name>\n<StartX>1</StartX>\n<StepX>1</StepX>"
    yield f"<XAxisLabel>{axis}</XAxisLabel>"
    yield from (f"<Reading>{reading}</Reading>" for reading in readings)
    yield "</RawChannel>"
