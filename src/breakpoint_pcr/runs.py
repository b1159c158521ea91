"""run.json: what is known of a run beside its reactions and curves."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from breakpoint_pcr.errors import TableError
from breakpoint_pcr.tables import RUN_AGAIN, Finding, Level, Role


class Status(StrEnum):
    """Whether a run could be read."""

    READ = "read"
    REJECTED = "rejected"


class FileKind(StrEnum):
    """What a file of a run folder is."""

    EXPORT = "export"
    SHEET = "samplesheet"
    RUN_YAML = "run.yaml"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of the run folder; `format` and `ct_kind` (Ct, Cq, Crt, Cp) only for an export."""

    name: str
    size_bytes: int
    sha256: str
    kind: FileKind
    format: str = ""
    ct_kind: str = ""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """What the sample sheet says of one reaction; no assay: the whole well.

    `copies` (per reaction) and `dilution` (share of the diluted sample) tell what a standard holds,
    `marker` the classes by which a patient is followed. `truth` is what another method found: for a
    validation only, never for a call; None where nobody says, () where it found none.
    """

    well: str
    sample: str = ""
    assay: str = ""
    role: Role | None = None
    expected: tuple[str, ...] | None = None
    input_ng: float | None = None
    specimen: str = ""
    patient_ref: str = ""
    replicate_of: str = ""
    exclude: str = ""
    copies: float | None = None
    dilution: float | None = None
    marker: tuple[str, ...] = ()
    truth: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A reviewer's decision on a well (an outcome) or on a sample (a call).

    `scope` is well or sample. `assay` is empty for all assays of the well.
    """

    scope: str
    subject: str
    assay: str
    decision: str
    by: str
    date: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything in run.json. `laboratory` is what run.yaml says: operator, lots, comments."""

    run: str
    status: Status
    reason: str = ""
    format: str = ""
    instrument: str = ""
    software: str = ""
    run_date: str = ""
    chemistry: str = ""
    passive_reference: str = ""
    plate_wells: int = 96
    ct_kind: str = "Ct"
    files: tuple[RunFile, ...] = ()
    noticed: tuple[Finding, ...] = ()
    sheet: tuple[SheetEntry, ...] = ()
    laboratory: Mapping[str, str] | None = None
    overrides: tuple[Override, ...] = ()


def write_record(path: Path, record: RunRecord) -> None:
    """Write run.json."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read_record(path: Path) -> RunRecord:
    """Read run.json.

    Raises:
        TableError: The file is damaged.
    """
    try:
        return _record(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise TableError(f"{path.name}: damaged ({problem!r}); {RUN_AGAIN}") from None


def _record(data: dict[str, Any]) -> RunRecord:
    known = {field.name for field in fields(RunRecord)}
    values: dict[str, Any] = {name: value for name, value in data.items() if name in known}
    values["status"] = Status(data["status"])
    values["files"] = tuple(map(_run_file, data["files"]))
    values["noticed"] = tuple(map(_finding, data["noticed"]))
    values["sheet"] = tuple(map(_sheet_entry, data["sheet"]))
    values["overrides"] = tuple(Override(**entry) for entry in data["overrides"])
    return RunRecord(**values)


def _run_file(data: dict[str, Any]) -> RunFile:
    values = dict(data)
    values["kind"] = FileKind(data["kind"])
    return RunFile(**values)


def _finding(data: dict[str, Any]) -> Finding:
    values = dict(data)
    values["level"] = Level(data["level"])
    return Finding(**values)


def _sheet_entry(data: dict[str, Any]) -> SheetEntry:
    values = dict(data)
    values["role"] = Role(data["role"]) if data["role"] else None
    values["expected"] = None if data["expected"] is None else tuple(data["expected"])
    values["marker"] = tuple(data["marker"])
    values["truth"] = None if data["truth"] is None else tuple(data["truth"])
    return SheetEntry(**values)
