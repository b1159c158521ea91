"""What a reader hands over: the export as it stands, free of panel, sheet and roles."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import CurveKind, Finding, State

# No run has more; a larger number is no cycle.
CYCLES_MAX = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One target in one well. `values` are one per cycle from the first on; missing is None."""

    well: str
    sample: str
    target: str
    task: str
    dye: str
    state: State
    ct: float | None
    ct_text: str
    threshold: float | None = None
    baseline_start: int | None = None
    baseline_end: int | None = None
    curve_kind: CurveKind = CurveKind.NONE
    values: tuple[float | None, ...] = ()
    flags: tuple[str, ...] = ()


def curve_alone(  # noqa: PLR0913 - as Record
    well: str,
    values: Iterable[float | None],
    kind: CurveKind,
    *,
    sample: str = "",
    target: str = "",
    dye: str = "",
) -> Record:
    """Return a curve whose Ct stands in another file, to which it is joined."""
    return Record(
        well=well,
        sample=sample,
        target=target,
        task="",
        dye=dye,
        state=State.NO_DATA,
        ct=None,
        ct_text="",
        curve_kind=kind,
        values=tuple(values),
    )


@dataclass(frozen=True, slots=True)
class Export:
    """One export file. `n_cycles` holds for the plate; None where the file does not tell it.

    `joins` names the format of the results that the curves of this file belong to; a file with a
    Ct of its own leaves it empty. `plate` is what the file calls its plate or run, if it does.
    `curve_files` are the files whose curves were joined to these results.
    `empty_wells` are those that the file lists and says nothing of; no record stands for them.
    """

    file: str
    format: str
    ct_kind: str
    records: tuple[Record, ...]
    instrument: str = ""
    software: str = ""
    run_date: str = ""
    chemistry: str = ""
    passive_reference: str = ""
    plate_wells: int = 96
    n_cycles: int | None = None
    noticed: tuple[Finding, ...] = ()
    joins: str = ""
    plate: str = ""
    empty_wells: frozenset[str] = frozenset()
    curve_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: `sniff` tells by content whether a file is of it, `read` returns its Export.

    Both raise `ExportError`, with one line that the user can act on, and nothing else; `sniff` only
    for a damaged workbook.
    """

    name: str
    title: str
    sniff: Callable[[Source, IngestSettings], bool]
    read: Callable[[Source, IngestSettings], Export]
