"""The finished runs, read back and put in the order of time."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from breakpoint_pcr.runs import RunRecord, Status, read_record
from breakpoint_pcr.tables import Finding, Sample, SampleLevel, Well, read_table

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What is left of a run after calling; `address` leads from the summary to its folder."""

    record: RunRecord
    wells: tuple[Well, ...]
    samples: tuple[Sample, ...]
    levels: tuple[SampleLevel, ...]
    findings: tuple[Finding, ...]
    address: str

    @property
    def name(self) -> str:
        """The run's name."""
        return self.record.run

    @property
    def rejected(self) -> bool:
        """Whether the run could not be read."""
        return self.record.status is Status.REJECTED

    @property
    def moment(self) -> str:
        """Date and time that put the run in order; empty when none can be compared."""
        found = ISO_DATE.match(self.record.run_date)
        return found[0].replace("T", " ") if found else ""


def read_history(folders: Iterable[Path], output: Path) -> list[FinishedRun]:
    """Read the runs and return them by date, then by name; undated runs come first.

    Args:
        folders: results/runs/{run} of each run.
        output: The summary's folder, from which `address` leads.

    Raises:
        TableError: A table is damaged.
    """
    runs = [_read(folder, output) for folder in folders]
    return sorted(runs, key=lambda run: (run.moment, run.name))


def _read(folder: Path, output: Path) -> FinishedRun:
    record = read_record(folder / "run.json")
    read = record.status is Status.READ
    found = read_table(folder / "findings.tsv", Finding)
    return FinishedRun(
        record=record,
        wells=tuple(read_table(folder / "wells.tsv", Well)) if read else (),
        samples=tuple(read_table(folder / "samples.tsv", Sample)) if read else (),
        levels=tuple(read_table(folder / "levels.tsv", SampleLevel)) if read else (),
        findings=tuple(dict.fromkeys([*record.noticed, *found])),
        address=quote(Path(os.path.relpath(folder, output)).as_posix()),
    )
