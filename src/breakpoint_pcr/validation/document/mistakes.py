"""How each error arose: wrong calls one by one, open samples by cause."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from breakpoint_pcr.validation.document.blocks import Block, columns, section, table, text
from breakpoint_pcr.validation.document.kinds import kind_of
from breakpoint_pcr.validation.document.source import OPEN, View
from breakpoint_pcr.validation.document.study import arms_in_order
from breakpoint_pcr.validation.rows import CLEAN, Result, StudySample

EXAMPLES = 3
CAUSES_SHOWN = 5  # of an arm; the others are counted in one row
CAUSES_SHOWN_CLEAN = 20

Group = list[StudySample]


def mistakes_section(view: View) -> dict[str, Any]:
    """Return every wrong call, and why samples were left open."""
    samples = view.study.samples
    wrong = [s for s in samples if s.result is Result.WRONG]
    targeted = [s for s in wrong if s.target]
    untargeted = [s for s in wrong if not s.target]
    left_open = [s for s in samples if s.target and s.result in OPEN]
    blocks = [_wrong(targeted, view), *_untargeted(untargeted, view), _causes(left_open, view)]
    return section("errors", view.words, blocks)


def _wrong(samples: Group, view: View) -> Block:
    words = view.words
    if not samples:
        return text(view.say("no_wrong"))
    heads = columns(
        words, "arm", "plate", "sample", "instrument", "holds", "faults", "call", "cause"
    )
    rows = [
        [
            sample.arm,
            sample.plate,
            sample.sample,
            f"{sample.instrument}, {sample.format}",
            words.joined(sample.holds) or words.missing,
            words.joined(sample.faults) or words.missing,
            call_words(sample.call, sample.deletions, view),
            sample.cause,
        ]
        for sample in sorted(samples, key=lambda s: (s.arm, s.plate, s.sample))
    ]
    return table(words.word("headings", "wrong"), heads, rows, note=view.say("wrong_listed"))


def call_words(call: str, deletions: Sequence[str], view: View) -> str:
    """Return a call, with the classes that it names beside its own word."""
    words = view.words
    named = [name for name in deletions if name != call]
    said = words.word("call_words", call)
    return f"{said} ({words.joined(named)})" if named else said


def _untargeted(samples: Group, view: View) -> list[Block]:
    if all(arm.target for arm in view.study.arms):
        return []
    if not samples:
        return [text(view.say("no_wrong_untargeted"))]
    words = view.words
    rows = _by_cause(samples, view)
    title, note = words.word("headings", "wrong_untargeted"), view.say("untargeted_grouped")
    heads = columns(words, "arm", "result", ">samples", "****cause", "***examples")
    return [table(title, heads, rows, note=note)]


def _causes(samples: Group, view: View) -> Block:
    if not samples:
        return text(view.say("no_open"))
    words = view.words
    heads = columns(words, "arm", "result", ">samples", "****cause", "***examples")
    title, note = words.word("headings", "causes"), view.say("causes_note")
    return table(title, heads, _by_cause(samples, view), note=note)


def _by_cause(samples: Group, view: View) -> list[list[str]]:
    """Return rows of arm, result, number, cause and examples; the commonest cause first."""
    rows: list[list[str]] = []
    for arm in arms_in_order(view):
        found = [s for s in samples if s.arm == arm.arm]
        rows += _arm(arm.arm, found, view)
    return rows


def _arm(arm: str, samples: Group, view: View) -> list[list[str]]:
    words = view.words
    groups = _grouped(samples, view)
    most = CAUSES_SHOWN_CLEAN if arm == CLEAN else CAUSES_SHOWN
    most += len(groups) == most + 1  # a single one takes no more room than its count
    rows = [
        [
            arm,
            words.word("results", result),
            words.count(len(group)),
            cause,
            words.joined(_example(s, view) for s in group[:EXAMPLES]),
        ]
        for (result, cause), group in groups[:most]
    ]
    if rest := groups[most:]:
        number = words.count(sum(len(group) for _, group in rest))
        said = view.say("other_causes", count=words.count(len(rest)))
        rows.append([arm, words.missing, number, said, words.missing])
    return rows


def _grouped(samples: Group, view: View) -> list[tuple[tuple[Result, str], Group]]:
    assays = [assay["name"] for assay in view.source.panel["assays"]]
    groups: dict[tuple[Result, str], Group] = defaultdict(list)
    for sample in sorted(samples, key=lambda s: (s.plate, s.sample)):
        groups[sample.result, kind_of(sample.cause, assays, view)].append(sample)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def _example(sample: StudySample, view: View) -> str:
    return view.say("example", plate=sample.plate, sample=sample.sample)
