"""The tables of results/summary/ that no single run has."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import CurveClass, Level, Outcome, Role, column


class Controls(StrEnum):
    """How the controls of a run came out, all assays together; the worst counts."""

    PASSED = "passed"
    REVIEW = "review"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunRow:
    """runs.tsv: one row per run folder, rejected ones too."""

    run: str = column("run folder")
    status: Status = column("read or rejected")
    reason: str = column("why the run was rejected")
    format: str = column("format of the export")
    instrument: str = column("instrument as the export names it")
    run_date: str = column("date of the run as the export gives it")
    wells: int = column("wells with a reaction of the panel")
    reactions: int = column("reactions of the panel")
    samples: int = column("samples of role unknown")
    calls: Mapping[str, str] = column("number of samples with this call", spread=True)
    errors: int = column("findings of level error")
    warnings: int = column("findings of level warning")
    infos: int = column("findings of level info")
    controls: Controls | None = column(
        "worst over the assays: passed, review, missing or failed; empty without wells"
    )


@dataclass(frozen=True, slots=True)
class StandingCall:
    """standing.tsv: the call that stands for a sample over all its runs."""

    sample: str = column("sample name")
    call: str = column("class label, mixed, negative, inconclusive or invalid")
    deletions: tuple[str, ...] = column("classes found in every run behind the call")
    candidates: tuple[str, ...] = column("calls that remain possible when inconclusive")
    runs: tuple[str, ...] = column("every run of the sample, oldest first")
    calls: tuple[str, ...] = column("the call of each of these runs")
    basis_run: str = column("latest run behind the call; empty when runs contradict each other")
    reason: str = column("why, in words")
    flags: tuple[str, ...] = column("flags of the basis run, or of all that contradict each other")


@dataclass(frozen=True, slots=True)
class ControlRow:
    """controls.tsv: every control reaction of every run, oldest first."""

    run: str = column("run folder")
    run_date: str = column("date of the run as the export gives it")
    assay: str = column("assay of the panel")
    well: str = column("well, A1 style")
    sample: str = column("name of the control")
    role: Role = column("ntc, positive_control or negative_control")
    ct: float | None = column("instrument's Ct, unrounded", "cycles")
    ct_own: float | None = column("Ct computed from the curve", "cycles")
    curve: CurveClass = column("class of the curve")
    outcome: Outcome = column("what the reaction says")
    reason: str = column("why, in words")
    instrument: str = column("instrument as the export names it")
    lots: str = column("kit and lots as run.yaml names them")


@dataclass(frozen=True, slots=True)
class CtRow:
    """ct.tsv: the Cts of an assay in a run, by role."""

    run: str = column("run folder")
    assay: str = column("assay of the panel")
    role: Role = column("what the wells are for")
    reactions: int = column("reactions")
    positive: int = column("positive reactions")
    with_ct: int = column("reactions with a Ct")
    ct_median: float | None = column("median of the Cts", "cycles")
    ct_min: float | None = column("lowest Ct", "cycles")
    ct_max: float | None = column("highest Ct", "cycles")


@dataclass(frozen=True, slots=True)
class SummaryFinding:
    """findings.tsv of the summary: those of all runs, and those that only the whole shows."""

    run: str = column("run folder; empty for a finding over several runs")
    level: Level = column("error, warning or info")
    scope: str = column("run, assay, sample, well or primer")
    subject: str = column("which one")
    code: str = column("stable name of the finding")
    sentence: str = column("the finding, in words")
