"""RDML 1.0 to 1.4 as the instruments write it: what differs between them is a `Dialect`.

A zip with one member. An omitted well keeps its data and says `excl`, an empty one is not there.
Where no Cq was reached the standard writes -1, StepOne the number of cycles, LightCycler 96 the
number 100, and CFX nothing. Format: rdml.org.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from breakpoint_pcr.simulate.plate import (
    PLATES,
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    well_number,
)
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.simulate.writers.abi7500_v2 import number
from breakpoint_pcr.tables import Role

TYPES = {Role.NTC: "ntc", Role.POSITIVE_CONTROL: "pos", Role.STANDARD: "std"}
UNKNOWN = "unkn"
CYCLES = "cycles"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a program writes RDML.

    Args:
        version: Of RDML.
        publisher: Maker of the program.
        software: The program.
        member: Name of the XML in the archive.
        not_reached: Cq of a reaction without one; empty: no such element; CYCLES: cycles run.
        named_wells: Reacts are called A1, and not numbered along the rows from 1.
        uuids: Samples bear a UUID and their name as description, targets `FAM@name`.
        subtracted: Fluorescence is above the baseline (ΔRn), and not as measured (Rn).
        run: Name of the run.
    """

    version: str
    publisher: str
    software: str
    member: str = "rdml_data.xml"
    not_reached: str = "-1.0"
    named_wells: bool = False
    uuids: bool = False
    subtracted: bool = False
    run: str = "Run001"


STANDARD = Dialect("1.3", "RDML-Consortium", "RDML-Tools")
DIALECTS = {
    "standard": STANDARD,
    "stepone": Dialect(
        "1.0", "Applied Biosystems", "StepOne Software", not_reached=CYCLES, named_wells=True
    ),
    "cfx": Dialect(
        "1.1",
        "Bio-Rad Laboratories, Inc.",
        "BioRadCFXManager.exe",
        member="run.xml",
        not_reached="",
        subtracted=True,
        run=f"Amp Step 3_{REPORTER}",
    ),
    "lightcycler96": Dialect(
        "1.1", "Roche Diagnostics", "LightCycler 96", not_reached="100", uuids=True
    ),
    "version 1.2": Dialect("1.2", "RDML-Consortium", "RDML-Ninja", not_reached="NaN"),
    "version 1.4": Dialect("1.4", "RDML-Consortium", "RDML-Tools"),
}


def write(path: Path, plate: SimulatedPlate, dialect: Dialect = STANDARD) -> None:
    """Write the file; the date in the archive is the run's, so equal plates give equal bytes."""
    year, month, day = map(int, plate.date.split("-"))
    member = zipfile.ZipInfo(dialect.member, (year, month, day, 16, 45, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "".join(_lines(plate, dialect)).encode("utf-8"))


def _lines(plate: SimulatedPlate, dialect: Dialect) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<rdml version="{dialect.version}" xmlns="http://www.rdml.org">'
    yield f"<dateMade>{plate.date}T16:45:00</dateMade>"
    yield f"<id><publisher>{escape(dialect.publisher)}</publisher>"
    yield "<serialNumber>1</serialNumber></id>"
    yield f'<dye id="{REPORTER}"/>'
    yield from _samples(plate, dialect)
    for target in dict.fromkeys(reaction.tube.target for reaction in plate.reactions):
        yield f'<target id="{escape(_target(target, dialect))}"><type>toi</type>'
        yield _dye(dialect)
        yield "</target>"
    yield f'<experiment id="{escape(plate.name)}">'
    yield from _run(plate, dialect)
    yield "</experiment></rdml>\n"


def _dye(dialect: Dialect) -> str:
    named = dialect.version == "1.0"
    return f"<dyeId>{REPORTER}</dyeId>" if named else f'<dyeId id="{REPORTER}"/>'


def _samples(plate: SimulatedPlate, dialect: Dialect) -> Iterator[str]:
    labels = {reaction.tube.label.name: reaction.tube.label for reaction in plate.reactions}
    for name, label in labels.items():
        yield f'<sample id="{escape(_sample(name, dialect))}">'
        if dialect.uuids:
            yield f"<description>{escape(name)}</description>"
        yield f"<type>{TYPES.get(label.role, UNKNOWN)}</type></sample>"


def _sample(name: str, dialect: Dialect) -> str:
    return str(uuid5(NAMESPACE_URL, name)) if dialect.uuids else name


def _target(name: str, dialect: Dialect) -> str:
    return f"{REPORTER}@{name}" if dialect.uuids else name


def _run(plate: SimulatedPlate, dialect: Dialect) -> Iterator[str]:
    rows, columns = PLATES[plate.wells]
    yield f'<run id="{escape(dialect.run)}"><instrument>Simulated</instrument>'
    yield f"<dataCollectionSoftware><name>{escape(dialect.software)}</name>"
    yield "<version>1.0</version></dataCollectionSoftware>"
    if dialect.subtracted:
        yield "<backgroundDeterminationMethod>Baseline Subtracted Curve Fit"
        yield "</backgroundDeterminationMethod>"
    if dialect.version == "1.0":
        yield "<pcrFormat>free format</pcrFormat>"
    else:
        yield f"<pcrFormat><rows>{rows}</rows><columns>{columns}</columns>"
        yield "<rowLabel>ABC</rowLabel><columnLabel>123</columnLabel></pcrFormat>"
    yield f"<runDate>{plate.date}T16:42:10</runDate>"
    for reaction in plate.exported:
        if not reaction.tube.fault(FaultKind.EMPTY):
            yield from _react(reaction, plate, dialect)
    yield "</run>"


def _react(reaction: SimulatedReaction, plate: SimulatedPlate, dialect: Dialect) -> Iterator[str]:
    tube = reaction.tube
    well = tube.well if dialect.named_wells else str(well_number(tube.well, plate.wells))
    yield f'<react id="{well}"><sample id="{escape(_sample(tube.label.name, dialect))}"/>'
    yield f'<data><tar id="{escape(_target(tube.target, dialect))}"/>'
    if cq := _cq(reaction, plate, dialect):
        yield f"<cq>{cq}</cq>"
    if tube.fault(FaultKind.OMITTED):
        yield "<excl>excluded by the user</excl>"
    for cycle, rn, delta in reaction.points:
        value = number(delta if dialect.subtracted else rn)
        yield f"<adp><cyc>{cycle}</cyc><fluor>{value}</fluor></adp>"
    yield "</data></react>"


def _cq(reaction: SimulatedReaction, plate: SimulatedPlate, dialect: Dialect) -> str:
    if reaction.reading.ct is not None:
        return number(reaction.reading.ct)
    none = dialect.not_reached
    return f"{plate.readout.cycles}.0" if none == CYCLES else none
