"""From the wells and calls of a run to its levels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling import CalledRun
from breakpoint_pcr.calling.sample_rows import PRIMER_UNCONFIRMED
from breakpoint_pcr.calling.sheet import sheet_of
from breakpoint_pcr.explanation import alleles_of
from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.numbers import listed
from breakpoint_pcr.levels.sample_levels import sample_levels
from breakpoint_pcr.levels.settings import LevelSettings
from breakpoint_pcr.levels.specimens import Specimen, decided_wells, in_plate_order, specimens_of
from breakpoint_pcr.levels.standards import (
    StandardWells,
    mislabelled,
    standard_findings,
    standard_lines,
)
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.tables import Finding, Level, Product, Role, SampleLevel, StandardCurve


@dataclass(frozen=True, slots=True)
class Levels:
    """The tables of levels of a run, and what a person should read about them."""

    standards: list[StandardCurve]
    levels: list[SampleLevel]
    findings: list[Finding]


def levels_of(
    record: RunRecord,
    called: CalledRun,
    products: Sequence[Product],
    *,
    panel: Panel,
    settings: LevelSettings,
) -> Levels:
    """Return the levels of every sample of a called run.

    Args:
        record: What is known of the run; a rejected run has no levels.
        called: Its wells and calls.
        products: What each allele gives with each assay.
        panel: Primers and assays.
        settings: Limits.

    Raises:
        ConfigError: A limit of detection is of an assay that the panel does not have.
    """
    settings.check_assays([assay.name for assay in panel.breakpoint_assays])
    if record.status is Status.REJECTED:
        return Levels([], [], [])
    basis = _basis(record, called, products, panel, settings)
    specimens = specimens_of(called, basis.sheet)
    findings = [
        *standard_findings(basis.standards, basis.lines, settings),
        *mislabelled(in_plate_order(called.wells), basis.sheet, record.run),
        *(finding for specimen in specimens for finding in _markers_not_tested(specimen, basis)),
    ]
    levels = [row for specimen in specimens for row in sample_levels(specimen, basis)]
    return Levels([line.row for line in basis.lines.values()], levels, findings)


def _basis(
    record: RunRecord,
    called: CalledRun,
    products: Sequence[Product],
    panel: Panel,
    settings: LevelSettings,
) -> Basis:
    sheet = sheet_of(record.sheet)
    run = {well.assay for well in called.wells if well.role is Role.UNKNOWN and well.sample}
    wells = [well for well in in_plate_order(called.wells) if well.role is Role.STANDARD]
    standards = StandardWells(record.run, wells, sheet, panel, decided_wells(called))
    doubtful = {f.subject for f in called.findings if f.code == PRIMER_UNCONFIRMED}
    return Basis(
        panel=panel,
        alleles=alleles_of(products),
        tested=tuple(assay.name for assay in panel.breakpoint_assays if assay.name in run),
        unconfirmed=frozenset(doubtful),
        sheet=sheet,
        standards=standards,
        lines=standard_lines(standards, settings),
        settings=settings,
    )


def _markers_not_tested(specimen: Specimen, basis: Basis) -> Iterator[Finding]:
    lost = [name for name in specimen.markers if name not in basis.classes]
    if lost:
        words = f"followed by {listed(lost)}, which no assay of the plate shows"
        yield Finding(Level.WARNING, "sample", specimen.row.sample, "marker_not_tested", words)
