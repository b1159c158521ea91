"""All findings, and how the verification was done."""

from collections.abc import Iterator, Mapping
from typing import Any

from breakpoint_pcr.report.primers import ELSEWHERE, condition_words
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Level
from breakpoint_pcr.verification import blocks
from breakpoint_pcr.verification.blocks import Block, cell, columns

Panel = Mapping[str, Any]
LOOKS = {Level.ERROR: "fail", Level.WARNING: "warn", Level.INFO: "info"}
# Each sentence with the conditions that it names.
METHODS = {
    "method_rule": ("edits_max", "three_prime_edits_max", "three_prime_nt"),
    "method_complete": ("edits_max", "three_prime_edits_max", "three_prime_nt"),
    "method_grades": (),
    "method_products": ("product_must_max_bp", "product_may_max_bp"),
    "method_verdicts": (),
}


def findings_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return all findings, the weightiest first."""
    order = [str(level) for level in Level]
    found = sorted(panel["findings"], key=lambda f: _rank(f["level"], order))
    if not found:
        return [blocks.text(words.say("no_findings"))]
    heads = columns(words, "level:18", "scope:13", "subject:33", "finding:84", "code:30")
    rows = [
        [
            cell((words.word("levels", f["level"]), LOOKS.get(f["level"], "info"))),
            words.word("scopes", f["scope"]),
            cell((f["subject"], "strong")),
            f["sentence"],
            cell((f["code"], "mono")),
        ]
        for f in found
    ]
    return [blocks.table("", heads, rows)]


def _rank(level: str, order: list[str]) -> int:
    return order.index(level) if level in order else len(order)


def method_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return how it was done, with the numbers."""
    return [blocks.bullets(_methods(panel["conditions"], words))]


def _methods(conditions: Mapping[str, Any], words: Words) -> Iterator[str]:
    for key, names in METHODS.items():
        if set(names) <= set(conditions):
            yield words.say(key, **{name: _plain(conditions[name], words) for name in names})
    yield words.say("melting")
    others = {key: value for key, value in conditions.items() if key in ELSEWHERE}
    if said := condition_words(others, words):
        yield words.say("method_others", conditions=words.sentences(said))


def _plain(value: object, words: Words) -> str:
    """Return a number with the digits that it has; a text as it is."""
    if isinstance(value, int | float):
        return words.plain(value).replace("-", "−")
    return str(value)
