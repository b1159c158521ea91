"""What the tables of the summary hold, and page and figure show."""

from dataclasses import dataclass

from breakpoint_pcr.panel import Panel
from breakpoint_pcr.summary.history import FinishedRun
from breakpoint_pcr.summary.rows import RunRow, StandingCall, SummaryFinding
from breakpoint_pcr.tables import Sample


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything over all runs; `history`, `runs` and `samples` with the oldest run first."""

    panel: Panel
    ct_limit: float
    history: tuple[FinishedRun, ...]
    calls: tuple[str, ...]
    assays: tuple[str, ...]
    runs: tuple[RunRow, ...]
    samples: tuple[Sample, ...]
    standing: tuple[StandingCall, ...]
    findings: tuple[SummaryFinding, ...]
