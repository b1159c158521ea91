"""From simulated samples to rates: by arm, by class, and which truth got which call."""

from collections import Counter
from collections.abc import Iterable, Sequence

from breakpoint_pcr.statistics.agreement import Share, share_of
from breakpoint_pcr.tables import Call
from breakpoint_pcr.validation.judging import label_of, list_is_open
from breakpoint_pcr.validation.rows import (
    CLEAN,
    ArmResult,
    ClassResult,
    Confusion,
    Result,
    StudySample,
)

ANY_CLASS = "any"
OPEN_RESULTS = (Result.INCONCLUSIVE, Result.INVALID)


def sum_arms(rows: Sequence[StudySample], confidence: float) -> list[ArmResult]:
    """Return the results of each arm, in the order in which the arms appear."""
    arms = dict.fromkeys((row.arm, row.target) for row in rows)
    return [
        _arm(arm, target, [row for row in rows if row.arm == arm], confidence)
        for arm, target in arms
    ]


def _arm(arm: str, target: bool, rows: Sequence[StudySample], confidence: float) -> ArmResult:
    counts = Counter(row.result for row in rows)
    left_open = sum(counts[result] for result in OPEN_RESULTS)
    wrong = _rate(counts[Result.WRONG], len(rows), confidence)
    undecided = _rate(left_open, len(rows), confidence)
    return ArmResult(
        arm=arm,
        target=target,
        samples=len(rows),
        right=counts[Result.RIGHT],
        wrong=counts[Result.WRONG],
        inconclusive=counts[Result.INCONCLUSIVE],
        invalid=counts[Result.INVALID],
        struck=sum(bool(row.faults) for row in rows),
        noticed=sum(row.noticed for row in rows if row.faults),
        wrong_low=wrong.low,
        wrong_high=wrong.high,
        open_low=undecided.low,
        open_high=undecided.high,
    )


def sum_classes(
    rows: Sequence[StudySample], classes: Sequence[str], confidence: float
) -> list[ClassResult]:
    """Return how surely each class is found where present and not where absent.

    Samples of the arms with a target; a sample in which the class is between present and absent
    does not count for it. The last row is for any class at all.
    """
    counted = [row for row in rows if row.target]
    single = [
        _class_result(
            name,
            [_finding(row, frozenset({name})) for row in counted if name in row.present],
            [
                _finding(row, frozenset({name}))
                for row in counted
                if name not in row.present and name not in row.between
            ],
            confidence,
        )
        for name in classes
    ]
    every = frozenset(classes)
    holding = [_finding(row, every) for row in counted if row.present]
    empty = [_finding(row, every) for row in counted if not row.present and not row.between]
    return [*single, _class_result(ANY_CLASS, holding, empty, confidence)]


def _finding(row: StudySample, classes: frozenset[str]) -> bool | None:
    """Tell whether one of the classes was found; None where the call leaves it open."""
    if not classes.isdisjoint(row.deletions):
        return True
    mixed = row.call == Call.MIXED
    if mixed and len(classes) > 1:
        return True
    return None if list_is_open(row.call, row.deletions) else False


def _class_result(
    name: str,
    holding: Sequence[bool | None],
    empty: Sequence[bool | None],
    confidence: float,
) -> ClassResult:
    found, not_found = holding.count(True), empty.count(False)
    decided, decided_empty = len(holding) - holding.count(None), len(empty) - empty.count(None)
    sensitivity = share_of(found, decided, confidence=confidence)
    specificity = share_of(not_found, decided_empty, confidence=confidence)
    return ClassResult(
        deletion=name,
        present=len(holding),
        found=found,
        present_open=holding.count(None),
        sensitivity=sensitivity and sensitivity.share,
        sensitivity_low=sensitivity and sensitivity.low,
        sensitivity_high=sensitivity and sensitivity.high,
        sensitivity_of_all=found / len(holding) if holding else None,
        absent=len(empty),
        not_found=not_found,
        absent_open=empty.count(None),
        specificity=specificity and specificity.share,
        specificity_low=specificity and specificity.low,
        specificity_high=specificity and specificity.high,
        specificity_of_all=not_found / len(empty) if empty else None,
    )


def _rate(count: int, total: int, confidence: float) -> Share:
    """Return a share of at least one."""
    share = share_of(count, total, confidence=confidence)
    if share is None:
        raise ValueError("no share of nothing")
    return share


def sum_confusion(rows: Sequence[StudySample], confidence: float) -> list[Confusion]:
    """Return how often each truth got each call, in the arms with a target.

    Samples with a class between present and absent have no label, and do not count.
    """
    pairs = Counter(
        (label_of(row.present), row.call) for row in rows if row.target and not row.between
    )
    totals: Counter[str] = Counter()
    for (truth, _), samples in pairs.items():
        totals[truth] += samples
    return [
        _confusion(truth, call, _rate(samples, totals[truth], confidence))
        for (truth, call), samples in sorted(pairs.items(), key=lambda item: _in_order(*item[0]))
    ]


def _confusion(truth: str, call: str, share: Share) -> Confusion:
    return Confusion(truth, call, share.count, share.share, share.low, share.high)


def _in_order(truth: str, call: str) -> tuple[tuple[int, str], tuple[int, str]]:
    """Place classes first, then the words for several, none and undecided."""
    words = [word.value for word in Call]

    def place(label: str) -> tuple[int, str]:
        return (words.index(label) + 1 if label in words else 0, label)

    return place(truth), place(call)


def errors_of(rows: Iterable[StudySample]) -> list[StudySample]:
    """Return what went wrong in the arms with a target, then what stayed open on clean plates."""
    kept = list(rows)
    wrong = [row for row in kept if row.target and row.result is Result.WRONG]
    left_open = [row for row in kept if row.arm == CLEAN and row.result in OPEN_RESULTS]
    return [*wrong, *left_open]
