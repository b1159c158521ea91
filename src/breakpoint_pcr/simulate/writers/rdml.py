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
        marks_exclusions: An omitted reaction says `excl`; LightCycler 96 says so elsewhere.
        by_target: Samples bear the target of their reaction behind their name.
        encoding: Of the XML.
        decimal: Decimal mark; the standard knows the point alone.
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
    marks_exclusions: bool = True
    by_target: bool = False
    encoding: str = "UTF-8"
    decimal: str = "."


STANDARD = Dialect("1.3", "RDML-Consortium", "RDML-Tools")
DIALECTS = {
    "standard": STANDARD,
    "stepone": Dialect(
        "1.0",
        "Applied Biosystems",
        "StepOne Software",
        not_reached=CYCLES,
        named_wells=True,
        by_target=True,
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
    "chinese": Dialect("1.1", "仪器", "软件", encoding="GB2312"),
    "decimal comma": Dialect("1.1", "Maker", "Program", decimal=","),
}


def write(path: Path, plate: SimulatedPlate, dialect: Dialect = STANDARD) -> None:
    """Write the file; the date in the archive is the run's, so equal plates give equal bytes."""
    year, month, day = map(int, plate.date.split("-"))
    member = zipfile.ZipInfo(dialect.member, (year, month, day, 16, 45, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "".join(_lines(plate, dialect)).encode(dialect.encoding))


def _lines(plate: SimulatedPlate, dialect: Dialect) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="{dialect.encoding}"?>\n'
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
    tubes = {_sample(reaction, dialect): reaction.tube for reaction in plate.reactions}
    for name, tube in tubes.items():
        yield f'<sample id="{escape(name)}">'
        if dialect.uuids:
            yield f"<description>{escape(tube.label.name)}</description>"
        yield f"<type>{TYPES.get(tube.label.role, UNKNOWN)}</type></sample>"


def _sample(reaction: SimulatedReaction, dialect: Dialect) -> str:
    name = reaction.tube.label.name
    if dialect.by_target:
        return f"{name}_{reaction.tube.target}"
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
    yield f'<react id="{well}"><sample id="{escape(_sample(reaction, dialect))}"/>'
    yield f'<data><tar id="{escape(_target(tube.target, dialect))}"/>'
    if cq := _cq(reaction, plate, dialect):
        yield f"<cq>{cq}</cq>"
    if tube.fault(FaultKind.OMITTED) and dialect.marks_exclusions:
        yield "<excl>excluded by the user</excl>"
    for cycle, rn, delta in reaction.points:
        value = _number(delta if dialect.subtracted else rn, dialect)
        yield f"<adp><cyc>{cycle}</cyc><fluor>{value}</fluor></adp>"
    yield "</data></react>"


def _cq(reaction: SimulatedReaction, plate: SimulatedPlate, dialect: Dialect) -> str:
    if reaction.reading.ct is not None:
        return _number(reaction.reading.ct, dialect)
    none = dialect.not_reached
    return f"{plate.readout.cycles}.0" if none == CYCLES else none.replace(".", dialect.decimal)


def _number(value: float, dialect: Dialect) -> str:
    return number(value).replace(".", dialect.decimal)
