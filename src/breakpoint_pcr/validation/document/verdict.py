"""The verdict: one sentence, the targets, and what a simulation cannot show."""

from breakpoint_pcr.validation.document.blocks import Block, columns, section, table, text, verdict
from breakpoint_pcr.validation.document.numbers import bounds, percent
from breakpoint_pcr.validation.document.outcome import (
    INCONCLUSIVE_BELOW,
    SAMPLES_ASKED,
    TARGETS,
    WRONG_ASKED,
    Outcome,
)
from breakpoint_pcr.validation.document.source import View


def verdict_section(outcome: Outcome, view: View) -> dict[str, object]:
    """Return the section that says whether the targets are met."""
    level = "fail" if outcome.missed else "pass"
    label = view.say("missed_label" if outcome.missed else "met_label")
    blocks = [
        verdict(level, label, verdict_sentence(outcome, view)),
        _targets(outcome, view),
        text(view.say("claim")),
    ]
    return section("verdict", view.words, blocks)


def verdict_sentence(outcome: Outcome, view: View) -> str:
    """Return the result in one sentence, with what is missed."""
    words = view.words
    three = outcome.rule_of_three
    values = {
        "wrong": _wrong(outcome, view),
        "samples": words.count(outcome.samples),
        "high": percent(outcome.wrong.high if outcome.wrong else None, words),
        "three": view.say("three", high=percent(three, words)) if three is not None else "",
        "said": _said(outcome, view),
    }
    share = outcome.inconclusive
    if share is None:
        return view.say("no_clean", **values)
    clean = {
        "open": words.count(share.count),
        "clean": words.count(outcome.clean),
        "share": percent(share.share, words),
        "interval": bounds(share.low, share.high, words),
    }
    return view.say("verdict", **values, **clean)


def _wrong(outcome: Outcome, view: View) -> str:
    wrong = outcome.wrong.count if outcome.wrong else 0
    if wrong == 1:
        return view.say("wrong_one")
    return view.say("wrong_many", count=view.words.count(wrong))


def _said(outcome: Outcome, view: View) -> str:
    if not outcome.missed:
        return view.say("all_met")
    names = view.words.joined(view.say(f"target_{name}") for name in outcome.missed)
    return view.say("some_missed", targets=names)


def _targets(outcome: Outcome, view: View) -> Block:
    words = view.words
    asked = {
        "wrong": view.say("asked_wrong", count=WRONG_ASKED),
        "size": view.say("asked_size", count=words.count(SAMPLES_ASKED)),
        "open": view.say("asked_open", percent=words.plain(100 * INCONCLUSIVE_BELOW)),
    }
    found = _found(outcome, view)
    rows = [
        [
            view.say(f"target_{name}"),
            asked[name],
            found[name],
            words.word("labels", "yes" if outcome.met[name] else "no"),
        ]
        for name in TARGETS
    ]
    heads = columns(words, "target", "asked", "*found", "met")
    return table("", heads, rows, note=view.say("target_note"))


def _found(outcome: Outcome, view: View) -> dict[str, str]:
    words, none = view.words, view.say("found_none")
    wrong, share = outcome.wrong, outcome.inconclusive
    definite, samples = words.count(outcome.definite), words.count(outcome.samples)
    return {
        "wrong": view.say(
            "found_wrong", wrong=words.count(wrong.count), samples=samples, definite=definite
        )
        if wrong
        else none,
        "size": samples,
        "open": view.say(
            "found_open",
            share=percent(share.share, words),
            open=words.count(share.count),
            samples=words.count(share.total),
            invalid=words.count(outcome.clean_invalid),
        )
        if share
        else none,
    }
