"""From the finished runs to results/summary/."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.calling.controls import KINDS, Standing
from breakpoint_pcr.explanation import INCONCLUSIVE, INVALID, MIXED, NEGATIVE
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.summary.content import PageContent
from breakpoint_pcr.summary.history import FinishedRun, read_history
from breakpoint_pcr.summary.page import compose_page
from breakpoint_pcr.summary.rows import (
    ControlRow,
    Controls,
    CtRow,
    RunRow,
    StandingCall,
    SummaryFinding,
)
from breakpoint_pcr.summary.standing import standing_calls
from breakpoint_pcr.summary.wording import load_page_words
from breakpoint_pcr.tables import CONTROL_ROLES, Level, Sample, SampleLevel, Well, write_table

# The findings of controls: ntc_failed, positive_control_missing and so on.
CONTROL_CODES = {f"{kind}_{state.name.lower()}": state for kind in KINDS for state in Standing}
LOT_WORDS = ("lot", "kit")


@dataclass(frozen=True, slots=True)
class SummarySource:
    """What a summary is made of.

    `runs` are the folders results/runs/{run}, in any order; `ct_limit` is in cycles; `language` is
    that of page and figure; `output` is the folder results/summary, which exists; `issued` are the
    files results/runs/{run}/samples/index.tsv, where samples have reports of their own.
    """

    runs: tuple[Path, ...]
    panel: Panel
    ct_limit: float
    language: str
    output: Path
    issued: tuple[Path, ...] = ()


def summarise(source: SummarySource) -> None:
    """Write the tables, the figure (ct.svg, ct.png) and index.html.

    Raises:
        TableError: A table of a run is damaged.
        ConfigError: There is no wording of this language.
    """
    from breakpoint_pcr.summary.figures import draw_cts  # noqa: PLC0415  (matplotlib: 0.4 s)

    words = load_page_words(source.language)
    content = write_tables(source)
    picture = draw_cts(content, words)
    (source.output / "ct.svg").write_bytes(picture.svg)
    (source.output / "ct.png").write_bytes(picture.png)
    page = compose_page(content, words, picture.png)
    (source.output / "index.html").write_text(page, encoding="utf-8", newline="\n")


def write_tables(source: SummarySource) -> PageContent:
    """Write the seven tables of results/summary/ and return what they hold.

    Raises:
        TableError: A table of a run is damaged.
    """
    from breakpoint_pcr.summary.statistics import ct_statistics  # noqa: PLC0415  (pandas: 0.3 s)

    content = _content(source)
    output = source.output
    write_table(output / "ct.tsv", CtRow, ct_statistics(content.history))
    write_table(output / "runs.tsv", RunRow, content.runs, content.calls)
    write_table(output / "samples.tsv", Sample, content.samples, content.assays)
    write_table(output / "standing.tsv", StandingCall, content.standing)
    levels = (row for run in content.history for row in run.levels)
    write_table(output / "levels.tsv", SampleLevel, levels)
    controls = (row for run in content.history for row in _controls(run))
    write_table(output / "controls.tsv", ControlRow, controls)
    write_table(output / "findings.tsv", SummaryFinding, content.findings)
    return content


def _content(source: SummarySource) -> PageContent:
    history = read_history(source.runs, source.output, source.issued)
    samples = [sample for run in history for sample in run.samples]
    calls = _calls(source.panel, samples)
    standing, disputes = standing_calls(samples, calls)
    return PageContent(
        panel=source.panel,
        ct_limit=source.ct_limit,
        history=tuple(history),
        calls=calls,
        assays=_assays(source.panel, history),
        runs=tuple(_run_row(run, calls) for run in history),
        samples=tuple(samples),
        standing=tuple(standing),
        findings=(*disputes, *_undated(history), *_findings(history)),
    )


def _calls(panel: Panel, samples: Iterable[Sample]) -> tuple[str, ...]:
    """Return every call there can be, and any other that the runs hold."""
    known = (*(d.label for d in panel.deletions), MIXED, NEGATIVE, INCONCLUSIVE, INVALID)
    return (*known, *sorted({sample.call for sample in samples} - set(known)))


def _assays(panel: Panel, history: Iterable[FinishedRun]) -> tuple[str, ...]:
    """Return the assays of all runs: the panel's in its order, then those it no longer has."""
    used = {assay for run in history for sample in run.samples for assay in sample.cts}
    used |= {well.assay for run in history for well in run.wells}
    known = [assay.name for assay in panel.assays if assay.name in used]
    return (*known, *sorted(used - set(known)))


def _run_row(run: FinishedRun, calls: Sequence[str]) -> RunRow:
    record = run.record
    counts = Counter(sample.call for sample in run.samples)
    levels = Counter(finding.level for finding in run.findings)
    return RunRow(
        run=record.run,
        status=record.status,
        reason=record.reason,
        format=record.format,
        instrument=record.instrument,
        run_date=record.run_date,
        wells=len({well.well for well in run.wells}),
        reactions=len(run.wells),
        samples=len(run.samples),
        calls={call: str(counts[call]) for call in calls},
        errors=levels[Level.ERROR],
        warnings=levels[Level.WARNING],
        infos=levels[Level.INFO],
        controls=_control_state(run),
    )


def _control_state(run: FinishedRun) -> Controls | None:
    """Return the worst that the run's findings say of its controls; information does not count."""
    if not run.wells:
        return None
    said = (found.code for found in run.findings if found.level is not Level.INFO)
    worst = max(
        (CONTROL_CODES.get(code, Standing.PASSED) for code in said), default=Standing.PASSED
    )
    return Controls[worst.name]


def _controls(run: FinishedRun) -> Iterator[ControlRow]:
    lots = _lots(run.record.laboratory or {})
    for well in run.wells:
        if well.role in CONTROL_ROLES:
            yield _control_row(run, well, lots)


def _control_row(run: FinishedRun, well: Well, lots: str) -> ControlRow:
    return ControlRow(
        run=run.name,
        run_date=run.record.run_date,
        assay=well.assay,
        well=well.well,
        sample=well.sample,
        role=well.role,
        ct=well.ct,
        ct_own=well.ct_own,
        curve=well.curve,
        outcome=well.outcome,
        reason=well.reason,
        instrument=run.record.instrument,
        lots=lots,
    )


def _lots(laboratory: Mapping[str, str]) -> str:
    """Return what run.yaml says of kits and lots."""
    named = (k for k in laboratory if any(word in k.casefold() for word in LOT_WORDS))
    return "; ".join(f"{key}: {laboratory[key]}" for key in named)


def _undated(history: Sequence[FinishedRun]) -> Iterator[SummaryFinding]:
    """Yield a warning for each run without a date that shares a sample with another run."""
    shared = Counter(s.sample for run in history for s in run.samples if s.sample)
    for run in history:
        if not run.moment and any(shared[s.sample] > 1 for s in run.samples):
            sentence = (
                f"Run {run.name} has no date that can be compared and counts as older than every "
                "dated run; check the standing calls of its samples"
            )
            yield SummaryFinding(run.name, Level.WARNING, "run", run.name, "run_undated", sentence)


def _findings(history: Iterable[FinishedRun]) -> Iterator[SummaryFinding]:
    for run in history:
        for found in run.findings:
            yield SummaryFinding(
                run.name, found.level, found.scope, found.subject, found.code, found.sentence
            )
