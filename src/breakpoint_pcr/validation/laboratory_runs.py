"""The laboratory's finished runs, and what its sample sheets say beside them.

Here, after every call is made, is the only place where the truth of a sheet is looked at.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.calling.replicates import same_samples
from breakpoint_pcr.calling.sheet import sheet_of
from breakpoint_pcr.runs import RunRecord, SheetEntry, Status, read_record
from breakpoint_pcr.tables import Role, Sample, StandardCurve, Well, read_table

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class LaboratoryRun:
    """A run as called; `lines` is its sample sheet by (well, assay), no assay: the whole well."""

    record: RunRecord
    wells: tuple[Well, ...]
    samples: tuple[Sample, ...]
    standards: tuple[StandardCurve, ...]
    lines: Mapping[tuple[str, str], SheetEntry]

    @property
    def name(self) -> str:
        """The run's name."""
        return self.record.run

    @property
    def day(self) -> str:
        """The day of the run; empty where the export gives no ISO date."""
        found = ISO_DAY.match(self.record.run_date)
        return found[0] if found else ""

    def lines_of(self, well: Well) -> list[SheetEntry]:
        """Return what the sheet says of a reaction, the line of its assay first."""
        keys = ((well.well, well.assay), (well.well, ""))
        return [self.lines[key] for key in keys if key in self.lines]


def read_runs(folders: Iterable[Path]) -> list[LaboratoryRun]:
    """Read results/runs/{run} of each run; rejected ones are left out.

    Raises:
        TableError: A table is damaged.
    """
    runs = (_read(folder) for folder in folders)
    return sorted((run for run in runs if run), key=lambda run: (run.day, run.name))


def _read(folder: Path) -> LaboratoryRun | None:
    record = read_record(folder / "run.json")
    if record.status is Status.REJECTED:
        return None
    return laboratory_run(
        record,
        wells=read_table(folder / "wells.tsv", Well),
        samples=read_table(folder / "samples.tsv", Sample),
        standards=read_table(folder / "standards.tsv", StandardCurve),
    )


def laboratory_run(
    record: RunRecord,
    *,
    wells: Iterable[Well],
    samples: Iterable[Sample],
    standards: Iterable[StandardCurve] = (),
) -> LaboratoryRun:
    """Bring the tables of a run together."""
    lines = sheet_of(record.sheet).lines
    return LaboratoryRun(record, tuple(wells), tuple(samples), tuple(standards), lines)


def called_names(run: LaboratoryRun) -> dict[str, str]:
    """Return the name under which each sample of role unknown was called.

    That of another where the sheet says replicate_of, as calling has it.
    """
    mine = [well for well in run.wells if well.role is Role.UNKNOWN]
    own = {well.sample for well in mine}
    said = [(well.sample, *_said(run.lines_of(well))) for well in mine]
    joined, _ = same_samples(said, controls={well.sample for well in run.wells} - own)
    return {name: joined.get(name, name) for name in own if name}


def _said(lines: Iterable[SheetEntry]) -> tuple[str, str]:
    """Return replicate_of and patient_ref."""
    lines = list(lines)
    other = next((line.replicate_of for line in lines if line.replicate_of), "")
    return other, next((line.patient_ref for line in lines if line.patient_ref), "")
