"""What the software of a Roche LightCycler 96 writes: its run (.lc96p), and its result table.

The run is RDML with the software's own members beside it, which alone hold exclusions and calls.
Its curves are as measured (Rn), and the Cq is 100 where none was reached. The table shows a dash
there, has no curves, and lists an empty well with dashes.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from breakpoint_pcr.simulate.plate import (
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    well_number,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers import rdml
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

COLUMNS = (
    "Position,Sample Name,Gene Name,Cq,Concentration,Call,Excluded,Sample Type,Standard,Cq Mean,"
    "Cq Error,Concentration Mean,Concentration Error,Replicate Group,Dye,Edited Call,Slope,EPF,"
    "Failure,Notes,Sample Prep Notes,Number"
)
TYPES = {
    Role.NTC: "Negative control",
    Role.NEGATIVE_CONTROL: "Negative control",
    Role.POSITIVE_CONTROL: "Positive control",
    Role.STANDARD: "Standard",
}
NOTHING = "-"
DIALECT = replace(rdml.DIALECTS["lightcycler96"], marks_exclusions=False)
SCHEMA = "http://www.roche.ch/LC96{}Schema"


def write_table(path: Path, plate: SimulatedPlate) -> None:
    """Write the result table."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        names = list[str](COLUMNS.split(","))
        writer = csv.DictWriter(file, names, delimiter="\t", lineterminator="\r\n")
        writer.writeheader()
        for index, reaction in enumerate(plate.exported, 1):
            own = {"Position": reaction.tube.well, "Number": str(index)}
            writer.writerow(dict.fromkeys(names, NOTHING) | own | _result_of(reaction))


def _result_of(reaction: SimulatedReaction) -> dict[str, str]:
    tube = reaction.tube
    if tube.fault(FaultKind.EMPTY):
        return {}
    return {
        "Sample Name": tube.label.name,
        "Gene Name": tube.target,
        "Cq": NOTHING if reaction.reading.ct is None else number(reaction.reading.ct),
        "Call": _call(reaction),
        "Excluded": str(_is_excluded(reaction)),
        "Sample Type": TYPES.get(tube.label.role, "Unknown"),
        "Dye": REPORTER,
        "Edited Call": "False",
        "Failure": "None",
    }


def write_run(path: Path, plate: SimulatedPlate) -> None:
    """Write the run; the date in the archive is the run's, so equal plates give equal bytes."""
    rdml.write(path, plate, DIALECT)
    members = {
        "app_data.xml": _member("AppExtension", plate, _exclusion),
        "calculated_data.xml": _member("CalculatedData", plate, _result),
        "manifest.xml": _manifest(plate),
    }
    year, month, day = map(int, plate.date.split("-"))
    with zipfile.ZipFile(path, "a") as archive:
        for name, lines in members.items():
            member = zipfile.ZipInfo(name, (year, month, day, 16, 45, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, "\n".join(lines).encode("utf-8"))


def _member(
    root: str, plate: SimulatedPlate, graph: Callable[[SimulatedReaction, str], str]
) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<rocheLC96{root} xmlns="{SCHEMA.format(root)}">'
    yield f'<experiment id="{escape(plate.name)}"><run id="{DIALECT.run}">'
    for reaction in plate.exported:
        if not reaction.tube.fault(FaultKind.EMPTY):
            target = escape(f"{REPORTER}@{reaction.tube.target}")
            names = f'id="{uuid5(NAMESPACE_URL, reaction.tube.well)}" targetId="{target}"'
            well = well_number(reaction.tube.well, plate.wells)
            yield f'<react id="{well}">{graph(reaction, names)}</react>'
    yield f"</run></experiment></rocheLC96{root}>"


def _exclusion(reaction: SimulatedReaction, names: str) -> str:
    excluded = str(_is_excluded(reaction)).lower()
    return f'<factGraph {names} isExcluded="{excluded}" color="-8075794" />'


def _result(reaction: SimulatedReaction, names: str) -> str:
    curve = "".join(
        f"<normFlour><cyc>{cycle}</cyc><fluor>{number(delta)}</fluor></normFlour>"
        for cycle, _, delta in reaction.points
    )
    return f"<factGraph {names}><call>{_call(reaction)}</call>{curve}</factGraph>"


def _manifest(plate: SimulatedPlate) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<lc96manifest Version="1.00.00">'
    yield f'<experiment analysisPresent="true" dateUpdated="{plate.date}T16:45:00" '
    yield 'state="processed" /></lc96manifest>'


def _call(reaction: SimulatedReaction) -> str:
    return "Negative" if reaction.reading.ct is None else "Positive"


def _is_excluded(reaction: SimulatedReaction) -> bool:
    return reaction.tube.fault(FaultKind.OMITTED) is not None
