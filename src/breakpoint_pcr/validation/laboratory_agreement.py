"""The calls of a laboratory's runs beside the truth of its sample sheets (CLSI EP12)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from breakpoint_pcr.calling.overrides import OVERRIDDEN
from breakpoint_pcr.explanation import in_exon_order
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.statistics.agreement import share_of
from breakpoint_pcr.tables import Call, Role, Sample
from breakpoint_pcr.validation.judging import Truth, judge, list_is_open
from breakpoint_pcr.validation.laboratory_runs import LaboratoryRun, called_names
from breakpoint_pcr.validation.rows import Agreement, Difference, Disagreement, Result

ANY = "any"
Classes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A call and the truths that the sheet gives it: one, if it is clear.

    `tested` are the classes that the run's plates test.
    """

    row: Sample
    truths: frozenset[Classes]
    tested: Classes

    @property
    def truth(self) -> Classes:
        """The classes by the other method."""
        return frozenset[str]().union(*self.truths)

    @property
    def found(self) -> Classes:
        """The classes by the call."""
        return frozenset(self.row.deletions)

    @property
    def missed(self) -> Classes:
        """The classes by the other method that the plate does not test."""
        return self.truth - self.tested

    @property
    def left_out(self) -> str:
        """Why the call is not compared; empty where it is."""
        if len(self.truths) > 1:
            said = " and ".join(sorted(map(_named, self.truths)))
            return f"the sheet gives this sample two truths: {said}; give it one"
        if OVERRIDDEN in self.row.flags:
            return f"a reviewer's decision, not compared: {self.row.reason}"
        return ""


class _Cell(Enum):
    """Where a sample stands for a class."""

    TRUE_POSITIVE = auto()
    FALSE_POSITIVE = auto()
    FALSE_NEGATIVE = auto()
    TRUE_NEGATIVE = auto()
    OPEN = auto()


def compare(runs: Iterable[LaboratoryRun], panel: Panel) -> list[Comparison]:
    """Return the called samples for which a sheet gives a truth."""
    return [comparison for run in runs for comparison in _comparisons(run, panel)]


def _comparisons(run: LaboratoryRun, panel: Panel) -> Iterator[Comparison]:
    truths = _truths(run)
    if not truths:
        return
    used = {well.assay for well in run.wells if well.role is Role.UNKNOWN and well.sample}
    shown = (assay.deletions for assay in panel.breakpoint_assays if assay.name in used)
    tested = frozenset(deletion.label for deletions in shown for deletion in deletions)
    for row in run.samples:
        if row.sample in truths:
            yield Comparison(row, frozenset(truths[row.sample]), tested)


def _truths(run: LaboratoryRun) -> dict[str, set[Classes]]:
    """Return every truth that the sheet gives for the wells of a called sample."""
    if all(entry.truth is None for entry in run.record.sheet):
        return {}
    names = called_names(run)
    found: dict[str, set[Classes]] = {}
    for well in run.wells:
        said = next((line.truth for line in run.lines_of(well) if line.truth is not None), None)
        if said is not None and well.role is Role.UNKNOWN and well.sample:
            found.setdefault(names[well.sample], set()).add(frozenset(said))
    return found


def agreement_rows(
    comparisons: Sequence[Comparison], classes: Sequence[str], *, confidence: float
) -> list[Agreement]:
    """Return a row for each class of the panel, and one for any; none without a truth."""
    compared = [comparison for comparison in comparisons if not comparison.left_out]
    if not compared:
        return []
    rows = [(name, [c for c in compared if name in c.tested]) for name in classes]
    # A truth that the plate cannot show at all says nothing about any class.
    rows.append((ANY, [c for c in compared if not c.truth or c.truth & c.tested]))
    return [_row(name, mine, confidence) for name, mine in rows]


def _row(name: str, compared: Sequence[Comparison], confidence: float) -> Agreement:
    cells = Counter(_cell(comparison, name) for comparison in compared)
    positive, negative = cells[_Cell.TRUE_POSITIVE], cells[_Cell.TRUE_NEGATIVE]
    missed, added = cells[_Cell.FALSE_NEGATIVE], cells[_Cell.FALSE_POSITIVE]
    ppa = share_of(positive, positive + missed, confidence=confidence)
    npa = share_of(negative, negative + added, confidence=confidence)
    return Agreement(
        deletion=name,
        samples=len(compared),
        names=len({comparison.row.sample for comparison in compared}),
        true_positive=positive,
        false_positive=added,
        false_negative=missed,
        true_negative=negative,
        open=cells[_Cell.OPEN],
        ppa=ppa.share if ppa else None,
        ppa_low=ppa.low if ppa else None,
        ppa_high=ppa.high if ppa else None,
        npa=npa.share if npa else None,
        npa_low=npa.low if npa else None,
        npa_high=npa.high if npa else None,
    )


def _cell(comparison: Comparison, name: str) -> _Cell:
    row = comparison.row
    true = bool(comparison.truth) if name == ANY else name in comparison.truth
    some = row.call == Call.MIXED or bool(comparison.found)
    found = some if name == ANY else name in comparison.found
    if found:
        return _Cell.TRUE_POSITIVE if true else _Cell.FALSE_POSITIVE
    if list_is_open(row.call, row.deletions):
        return _Cell.OPEN
    return _Cell.FALSE_NEGATIVE if true else _Cell.TRUE_NEGATIVE


def disagreement_rows(comparisons: Iterable[Comparison]) -> list[Disagreement]:
    """Return each sample whose call is not the truth, is open, or is not compared."""
    judged = ((comparison, _difference(comparison)) for comparison in comparisons)
    return [
        Disagreement(
            run=comparison.row.run,
            sample=comparison.row.sample,
            truth=() if len(comparison.truths) > 1 else in_exon_order(comparison.truth),
            call=comparison.row.call,
            deletions=comparison.row.deletions,
            result=difference,
            reason=_reason(comparison, difference),
        )
        for comparison, difference in judged
        if difference
    ]


def _difference(comparison: Comparison) -> Difference | None:
    """Judge the call by the classes that the plate can show, as those of the study are judged."""
    if comparison.left_out:
        return Difference.LEFT_OUT
    truth = Truth(comparison.truth & comparison.tested, frozenset())
    result = judge(truth, comparison.row)
    if result is not Result.RIGHT:
        return Difference(result.value)
    return Difference.NOT_TESTED if comparison.missed else None


def _reason(comparison: Comparison, difference: Difference) -> str:
    missed = comparison.missed
    blind = f"{_named(missed)} not tested on this plate" if missed else ""
    if difference is Difference.LEFT_OUT:
        return comparison.left_out
    return "; ".join(filter(None, (blind, comparison.row.reason)))


def _named(classes: Classes) -> str:
    return ", ".join(in_exon_order(classes)) or "none"
