"""The samples of a called run, with what the sheet and a reviewer say of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling import CalledRun
from breakpoint_pcr.calling.overrides import OVERRIDDEN, SAMPLE, WELL
from breakpoint_pcr.calling.replicates import same_samples
from breakpoint_pcr.calling.sheet import Sheet
from breakpoint_pcr.ingest.wells import position
from breakpoint_pcr.tables import Outcome, Role, Sample, Well


@dataclass(frozen=True, slots=True)
class Specimen:
    """A sample with its wells by assay, joined as for its call.

    `decided` are its wells whose outcome a reviewer set; `recalled`: a reviewer set the call.
    """

    row: Sample
    wells: Mapping[str, Sequence[Well]]
    patient: str
    markers: tuple[str, ...]
    decided: tuple[str, ...]
    recalled: bool

    def usable(self, assay: str) -> list[Well]:
        """Return the wells of an assay that say anything."""
        return [well for well in self.wells.get(assay, ()) if well.outcome is not Outcome.INVALID]


def in_plate_order(wells: Iterable[Well]) -> list[Well]:
    """Return the wells by row, column and assay."""
    return sorted(wells, key=lambda well: (position(well.well), well.assay))


def decided_wells(called: CalledRun) -> frozenset[str]:
    """Return the wells whose outcome a reviewer set."""
    return frozenset(_overridden(called, WELL))


def _overridden(called: CalledRun, scope: str) -> Iterator[str]:
    for finding in called.findings:
        if finding.code == OVERRIDDEN and finding.scope == scope:
            yield finding.subject


def specimens_of(called: CalledRun, sheet: Sheet) -> list[Specimen]:
    """Return the samples of a run in the order of their calls."""
    wells = in_plate_order(called.wells)
    names = _names(wells, sheet)
    mine: dict[str, list[Well]] = {}
    for well in wells:
        if well.role is Role.UNKNOWN and well.sample:
            mine.setdefault(names.get(well.sample, well.sample), []).append(well)
    decided, recalled = decided_wells(called), frozenset(_overridden(called, SAMPLE))
    return [
        _specimen(row, mine.get(row.sample, ()), sheet, decided, recalled=row.sample in recalled)
        for row in called.samples
    ]


def _names(wells: Sequence[Well], sheet: Sheet) -> dict[str, str]:
    """Return the name under which each joined sample was called."""
    unknown = [well for well in wells if well.role is Role.UNKNOWN]
    others = {well.sample for well in wells} - {well.sample for well in unknown}
    lines = [(well.sample, sheet.replicate_of(well), sheet.patient_ref(well)) for well in unknown]
    names, _ = same_samples(lines, controls=others)
    return names


def _specimen(
    row: Sample, wells: Sequence[Well], sheet: Sheet, decided: frozenset[str], *, recalled: bool
) -> Specimen:
    by_assay: dict[str, list[Well]] = {}
    for well in wells:
        by_assay.setdefault(well.assay, []).append(well)
    patients = (sheet.patient_ref(well) for well in wells)
    return Specimen(
        row=row,
        wells=by_assay,
        patient=next((patient for patient in patients if patient), ""),
        markers=tuple(dict.fromkeys(name for well in wells for name in sheet.marker(well))),
        decided=tuple(dict.fromkeys(well.well for well in wells if well.well in decided)),
        recalled=recalled,
    )
