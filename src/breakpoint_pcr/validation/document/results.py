"""The results: by arm, by class, and which truth got which call."""

from collections.abc import Sequence
from typing import Any

from breakpoint_pcr.statistics.agreement import Share, share_of
from breakpoint_pcr.validation.document.blocks import Column, columns, section, table
from breakpoint_pcr.validation.document.numbers import percent, share_with
from breakpoint_pcr.validation.document.outcome import count
from breakpoint_pcr.validation.document.source import OPEN, View
from breakpoint_pcr.validation.document.study import arms_in_order, yes_or_no
from breakpoint_pcr.validation.rows import (
    CLEAN,
    ArmResult,
    ClassResult,
    Confusion,
    StudySample,
)
from breakpoint_pcr.validation.summing import ANY_CLASS


def arms_section(view: View) -> dict[str, Any]:
    """Return the results of each arm."""
    words = view.words
    rows = [_arm(arm, view) for arm in arms_in_order(view)]
    heads = columns(
        words,
        *("*arm", "scored", ">samples", ">right", ">wrong", ">inconclusive", ">invalid"),
        *(">wrong_share", ">open_share", ">noticed"),
    )
    return section("arms", words, [table("", heads, rows, note=view.say("arms_note"))])


def _arm(arm: ArmResult, view: View) -> list[str]:
    words = view.words
    counts = (arm.samples, arm.right, arm.wrong, arm.inconclusive, arm.invalid)
    left_open = (arm.inconclusive + arm.invalid) / arm.samples
    return [
        arm.arm,
        yes_or_no(arm.target, view),
        *map(words.count, counts),
        share_with(arm.wrong / arm.samples, arm.wrong_low, arm.wrong_high, words),
        share_with(left_open, arm.open_low, arm.open_high, words),
        _share(arm.noticed, arm.struck, view),
    ]


def _share(part: int, whole: int, view: View) -> str:
    share = share_of(part, whole, confidence=view.source.confidence)
    return share_words(share, view)


def share_words(share: Share | None, view: View) -> str:
    """Return a share in percent with its interval."""
    if share is None:
        return view.words.missing
    return share_with(share.share, share.low, share.high, view.words)


def open_section(view: View) -> dict[str, Any]:
    """Return the share of inconclusive and invalid samples."""
    words = view.words
    targeted = [s for s in view.study.samples if s.target]
    groups = {
        view.say("clean"): [s for s in targeted if s.arm == CLEAN],
        view.say("all_targeted"): targeted,
    }
    rows = [_open(name, samples, view) for name, samples in groups.items()]
    heads = columns(
        words,
        *("*arm", ">samples", ">inconclusive", ">inconclusive_share"),
        *(">invalid", ">invalid_share", ">open_share"),
    )
    return section("open", words, [table("", heads, rows)])


def _open(name: str, samples: Sequence[StudySample], view: View) -> list[str]:
    found = [count(samples, result) for result in OPEN]
    n = len(samples)
    cells = [cell for k in found for cell in (view.words.count(k), _share(k, n, view))]
    return [name, view.words.count(n), *cells, _share(sum(found), n, view)]


def classes_section(view: View) -> dict[str, Any]:
    """Return sensitivity and specificity per class."""
    words = view.words
    heads = columns(
        words,
        *("deletion", ">present", ">found_of", ">missed", ">left_open", ">sensitivity", ">of_all"),
        *(">absent", ">falsely", ">left_open", ">specificity", ">of_all"),
    )
    rows = [_class(row, view) for row in view.study.classes]
    return section("classes", words, [table("", heads, rows, note=view.say("classes_note"))])


def _class(row: ClassResult, view: View) -> list[str]:
    words = view.words
    missed = row.present - row.found - row.present_open
    false = row.absent - row.not_found - row.absent_open
    return [
        view.say("any_class") if row.deletion == ANY_CLASS else row.deletion,
        *map(words.count, (row.present, row.found, missed, row.present_open)),
        share_with(row.sensitivity, row.sensitivity_low, row.sensitivity_high, words),
        percent(row.sensitivity_of_all, words),
        *map(words.count, (row.absent, false, row.absent_open)),
        share_with(row.specificity, row.specificity_low, row.specificity_high, words),
        percent(row.specificity_of_all, words),
    ]


def confusion_section(view: View) -> dict[str, Any]:
    """Return how often each truth got each call."""
    words, cells = view.words, view.study.confusion
    truths = list(dict.fromkeys(cell.truth for cell in cells))
    calls = [c for c in truths if any(cell.call == c for cell in cells)]
    calls += sorted({cell.call for cell in cells} - set(calls))
    heads = [
        *columns(words, "truth"),
        *(Column(words.word("call_words", call), "right") for call in calls),
        *columns(words, ">samples", ">right_share"),
    ]
    rows = [_truth(truth, calls, [c for c in cells if c.truth == truth], view) for truth in truths]
    note = view.say("confusion_note")
    return section("confusion", words, [table("", heads, rows, note=note)])


def _truth(truth: str, calls: Sequence[str], cells: Sequence[Confusion], view: View) -> list[str]:
    words = view.words
    counts = {cell.call: cell.samples for cell in cells}
    total = sum(counts.values())
    return [
        words.word("call_words", truth),
        *(words.count(counts.get(call, 0)) for call in calls),
        words.count(total),
        _share(counts.get(truth, 0), total, view),
    ]
