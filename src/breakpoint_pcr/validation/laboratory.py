"""A laboratory's own validation, from its run folders: agreement, precision, detection, standards.

A run counts for agreement where its sample sheet has the column `truth`; for detection where wells
of role unknown have `copies` (spiked dilutions). A table to which no run contributes has no rows.
Rejected runs contribute nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from breakpoint_pcr.calling.overrides import WELL
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Outcome, Role, StandardCurve, Well
from breakpoint_pcr.validation.dilutions import DilutionWell, cutoff_curves, cutoff_levels
from breakpoint_pcr.validation.laboratory_agreement import (
    agreement_rows,
    compare,
    disagreement_rows,
)
from breakpoint_pcr.validation.laboratory_precision import amplified_ct, precision_rows
from breakpoint_pcr.validation.laboratory_runs import LaboratoryRun, read_runs
from breakpoint_pcr.validation.rows import (
    Agreement,
    CutoffCurve,
    CutoffLevel,
    Disagreement,
    Precision,
)

__all__ = ["Assessment", "assess", "read_runs"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The tables of results/validation/laboratory/."""

    agreement: list[Agreement]
    disagreements: list[Disagreement]
    precision: list[Precision]
    cutoff: list[CutoffLevel]
    detection: list[CutoffCurve]
    standards: list[StandardCurve]


def assess(runs: Sequence[LaboratoryRun], *, panel: Panel, confidence: float) -> Assessment:
    """Compute the tables of the runs; `confidence` is that of every interval."""
    compared = compare(runs, panel)
    classes = [deletion.label for deletion in panel.deletions]
    series = _series(runs, panel)
    assays = [assay.name for assay in panel.breakpoint_assays]
    levels = cutoff_levels(series.wells, assays, confidence=confidence)
    return Assessment(
        agreement=agreement_rows(compared, classes, confidence=confidence),
        disagreements=disagreement_rows(compared),
        precision=precision_rows(runs, panel),
        cutoff=levels,
        detection=cutoff_curves(levels, confidence=confidence, notes=series.notes),
        standards=[row for run in runs for row in run.standards],
    )


@dataclass(frozen=True, slots=True)
class _Series:
    """The wells of spiked dilutions, and how many of each assay are left out, and why."""

    wells: list[DilutionWell] = field(default_factory=list[DilutionWell])
    invalid: dict[str, int] = field(default_factory=dict[str, int])
    overridden: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def notes(self) -> dict[str, str]:
        """What to say of each assay."""
        counts = {"invalid": self.invalid, "set by a reviewer": self.overridden}
        return {
            assay: "; ".join(
                f"{by_assay[assay]} wells {words}, left out"
                for words, by_assay in counts.items()
                if assay in by_assay
            )
            for assay in self.invalid.keys() | self.overridden.keys()
        }


def _series(runs: Iterable[LaboratoryRun], panel: Panel) -> _Series:
    """Gather the spiked dilutions; a reaction in review is not positive, so it is not found."""
    series = _Series()
    for run in runs:
        decided = {(o.subject, o.assay) for o in run.record.overrides if o.scope == WELL}
        for well, copies in _spiked(run, panel):
            if decided.intersection({(well.well, well.assay), (well.well, "")}):
                series.overridden[well.assay] = series.overridden.get(well.assay, 0) + 1
            elif well.outcome is Outcome.INVALID:
                series.invalid[well.assay] = series.invalid.get(well.assay, 0) + 1
            else:
                positive = well.outcome is Outcome.POSITIVE
                instrument, ct = run.record.instrument, amplified_ct(well)
                series.wells.append(DilutionWell(well.assay, instrument, copies, positive, ct))
    return series


def _spiked(run: LaboratoryRun, panel: Panel) -> Iterator[tuple[Well, float]]:
    """Yield the reactions of role unknown whose sheet gives copies.

    The copies are of a breakpoint. A line for a whole well that also gives the truth counts for the
    assays that show a class of it; what else was run on that DNA has no target in it.
    """
    assays = {assay.name: assay for assay in panel.breakpoint_assays}
    for well in run.wells:
        if well.role is not Role.UNKNOWN or well.assay not in assays:
            continue
        line = next((line for line in run.lines_of(well) if line.copies is not None), None)
        shown = {deletion.label for deletion in assays[well.assay].deletions}
        if line and line.copies is not None and _meant(line, shown):
            yield well, line.copies


def _meant(line: SheetEntry, shown: set[str]) -> bool:
    return bool(line.assay) or line.truth is None or not shown.isdisjoint(line.truth)
