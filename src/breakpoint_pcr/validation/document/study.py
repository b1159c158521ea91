"""What was simulated, on what assumptions, and what counts as true."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from breakpoint_pcr.validation.document.blocks import Block, bullets, columns, section, table, text
from breakpoint_pcr.validation.document.numbers import copies
from breakpoint_pcr.validation.document.source import View
from breakpoint_pcr.validation.rows import ArmResult, StudySample


def simulated_section(view: View) -> dict[str, Any]:
    """Return what was simulated, the arms, and the assumptions."""
    words, samples = view.words, view.study.samples
    plates = {sample.plate for sample in samples}
    said = view.say(
        "simulated",
        samples=words.count(len(samples)),
        plates=words.count(len(plates)),
        seed=view.simulation.config["seed"],
    )
    blocks = [text(said), _arms(view), *_untargeted(view)]
    return section("simulated", words, blocks)


def assumptions_section(view: View) -> dict[str, Any]:
    """Return what the simulation takes for granted and leaves out."""
    said = map(view.words.told, view.simulation.assumptions)
    return section("assumptions", view.words, [bullets(said)])


def truth_section(view: View) -> dict[str, Any]:
    """Return what counts as present, absent and wrong."""
    words = view.words
    between = sum(bool(sample.between) for sample in view.study.samples)
    limit = copies(view.simulation.config["copies_present"], words)
    said = view.say("truth", copies=limit, between=words.count(between))
    return section("truth", words, [text(said), text(view.say("wrong_means"))])


def _arms(view: View) -> Block:
    words = view.words
    rows = [
        [arm.arm, words.told(meaning) or words.missing, yes_or_no(arm.target, view)]
        for arm in arms_in_order(view)
        for meaning in (view.simulation.arms.get(arm.arm, ""),)
    ]
    title = words.word("headings", "arms_meaning")
    return table(title, columns(words, "arm", "*meaning", "scored"), rows)


def _untargeted(view: View) -> list[Block]:
    """Return the arms without a target, each with why it has none."""
    arms = [arm.arm for arm in arms_in_order(view) if not arm.target]
    unknown = view.say("untargeted_unknown")
    reasons = view.words.section("untargeted")
    items = [view.say("untargeted_item", arm=arm, why=reasons.get(arm, unknown)) for arm in arms]
    return [text(view.say("untargeted")), bullets(items)] if items else []


def arms_in_order(view: View) -> list[ArmResult]:
    """Return the arms in the order of the study's plan."""
    order = {name: place for place, name in enumerate(view.simulation.arms)}
    return sorted(view.study.arms, key=lambda arm: (order.get(arm.arm, len(order)), arm.arm))


def yes_or_no(value: bool, view: View) -> str:
    """Return yes or no in words."""
    return view.words.word("labels", "yes" if value else "no")


def covered_section(view: View) -> dict[str, Any]:
    """Return how many samples and plates each instrument and each format had."""
    words = view.words
    instruments = [
        [name, *_fitted(name, view), *counts]
        for name, counts in _counts(view, lambda sample: sample.instrument)
    ]
    formats = [[name, *counts] for name, counts in _counts(view, lambda sample: sample.format)]
    blocks = [
        table(
            "",
            columns(words, "instrument", "*source", ">curves", ">samples", ">plates"),
            instruments,
        ),
        table("", columns(words, "*format", ">samples", ">plates"), formats),
        text(view.say("covered_note")),
    ]
    return section("covered", words, blocks)


def _fitted(name: str, view: View) -> tuple[str, str]:
    """Return where the curves behind an instrument's profile are from, and how many they are."""
    profile = view.simulation.instruments.get(name)
    missing = view.words.missing
    return (profile.source, view.words.count(profile.curves)) if profile else (missing, missing)


def _counts(view: View, key: Callable[[StudySample], str]) -> list[tuple[str, list[str]]]:
    """Return samples and plates by key, in words."""
    groups: dict[str, list[str]] = defaultdict(list)
    for sample in view.study.samples:
        groups[key(sample)].append(sample.plate)
    count = view.words.count
    return [(name, [count(len(p)), count(len(set(p)))]) for name, p in sorted(groups.items())]
