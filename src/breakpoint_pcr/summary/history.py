"""The finished runs, read back and put in the order of time."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from breakpoint_pcr.runs import RunRecord, Status, read_record
from breakpoint_pcr.summary.traces import Trace, read_packed
from breakpoint_pcr.tables import Finding, Sample, SampleLevel, Well, column, read_table

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.pdf")


@dataclass(frozen=True, slots=True)
class Issued:
    """What the page reads of samples/index.tsv, the reports of single samples."""

    sample: str = column("sample name")
    file: str = column("file name of its report, in the same folder")


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What is left of a run after calling.

    `address` leads from the summary to the run's folder, as a link has to write it; `issued` holds
    the address of the report of each sample that has one of its own.
    """

    record: RunRecord
    wells: tuple[Well, ...]
    samples: tuple[Sample, ...]
    levels: tuple[SampleLevel, ...]
    findings: tuple[Finding, ...]
    traces: tuple[Trace, ...]
    address: str
    issued: Mapping[str, str]

    @property
    def name(self) -> str:
        """The run's name."""
        return self.record.run

    @property
    def rejected(self) -> bool:
        """Whether the run could not be read."""
        return self.record.status is Status.REJECTED

    @property
    def day(self) -> str:
        """Date of the run as YYYY-MM-DD; empty when none can be compared."""
        return self.moment[:10]

    @property
    def moment(self) -> str:
        """Date and time that put the run in order; empty when none can be compared."""
        found = ISO_DATE.match(self.record.run_date)
        return found[0].replace("T", " ") if found else ""


def read_history(
    folders: Iterable[Path], output: Path, issued: Collection[Path] = ()
) -> list[FinishedRun]:
    """Read the runs and return them by date, then by name; undated runs come first.

    Args:
        folders: results/runs/{run} of each run.
        output: The summary's folder, from which `address` leads.
        issued: samples/index.tsv of the runs whose samples have reports of their own.

    Raises:
        TableError: A table is damaged.
    """
    indexes = {path.parent.parent: path for path in issued}
    runs = [_read(folder, output, indexes.get(folder)) for folder in folders]
    return sorted(runs, key=lambda run: (run.moment, run.name))


def _read(folder: Path, output: Path, index: Path | None) -> FinishedRun:
    record = read_record(folder / "run.json")
    read = record.status is Status.READ
    found = read_table(folder / "findings.tsv", Finding)
    return FinishedRun(
        record=record,
        wells=tuple(read_table(folder / "wells.tsv", Well)) if read else (),
        samples=tuple(read_table(folder / "samples.tsv", Sample)) if read else (),
        levels=tuple(read_table(folder / "levels.tsv", SampleLevel)) if read else (),
        findings=tuple(dict.fromkeys([*record.noticed, *found])),
        traces=tuple(read_packed(folder)) if read else (),
        address=_address(folder, output),
        issued=_issued(index, _address(folder, output)) if index else {},
    )


def _address(folder: Path, output: Path) -> str:
    return quote(Path(os.path.relpath(folder, output)).as_posix())


def _issued(index: Path, address: str) -> dict[str, str]:
    """Return the address of each sample's report; a name that leads elsewhere is left out."""
    rows = read_table(index, Issued)
    return {row.sample: f"{address}/samples/{row.file}" for row in rows if SAFE.fullmatch(row.file)}
