"""How much of a sample is deleted and what a negative excludes, as people read it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from math import isfinite
from typing import Any

from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Call, Clone, Detected, LevelMethod, Sample, SampleLevel, heading

# What explains a column of a sample's table, beside it.
NOTES = {"level": "note_level", "excluded": "note_excluded", "sampling_limit": "note_sampling"}
# What classes that share a line of the table may differ in.
TEXTS = ("deletion", "assay", "statement", "reason")
NAMED_CLONES = (Clone.CLONAL, Clone.SUBCLONAL)


def by_sample(rows: Iterable[SampleLevel]) -> dict[str, tuple[SampleLevel, ...]]:
    """Return the rows of each sample, in their order."""
    found: dict[str, list[SampleLevel]] = {}
    for row in rows:
        found.setdefault(row.sample, []).append(row)
    return {sample: tuple(of_it) for sample, of_it in found.items()}


def any_level(rows: Iterable[SampleLevel]) -> bool:
    """Whether there is a number to show: a fraction, copies, or what a negative excludes."""
    numbers = (number for row in rows for number in (row.fraction, row.copies, row.excluded))
    return any(number is not None for number in numbers)


def short_levels(sample: Sample, rows: Sequence[SampleLevel], words: Words) -> list[str]:
    """Return a sample's levels as the lines of a narrow cell; none: an empty list.

    Args:
        sample: The sample.
        rows: Its levels.
        words: Wording.
    """
    if sample.call == Call.NEGATIVE:
        return [_excluded_by(rows, words)]
    lines: list[str] = []
    for row in rows:
        if row.detected is Detected.YES and (said := _short_amount(row, words)):
            label = "" if row.deletion == sample.call else f"{row.deletion} "
            lines.append(f"{label}{said}")
    return lines


def _short_amount(row: SampleLevel, words: Words) -> str:
    clone = [words.word("clones", row.clone)] if row.clone in NAMED_CLONES else []
    return words.joined([said, *clone]) if (said := _amount(row, words)) else ""


def _amount(row: SampleLevel, words: Words) -> str:
    """Return the fraction and of what where it is not of cells; without one the copies."""
    if row.fraction is None:
        return "" if row.copies is None else words.say("copies", copies=words.about(row.copies))
    said = words.fraction(row.fraction, row.fraction_low, row.fraction_high)
    diluted = row.method is LevelMethod.DILUTION_SERIES
    return words.say("of_diluted", fraction=said) if diluted else said


def _excluded_by(rows: Sequence[SampleLevel], words: Words) -> str:
    """Return the highest level that a negative excludes, and for which classes when not for all."""
    denied = [row for row in rows if row.detected is Detected.NO]
    known = [(row.deletion, row.excluded) for row in denied if row.excluded is not None]
    if not known:
        return words.say("not_established")
    level = words.excluded(max(excluded for _, excluded in known))
    if len(known) == len(denied):
        return words.say("excludes", level=level)
    return words.say("excludes_some", level=level, classes=words.joined(c for c, _ in known))


def sensitivity(rows: Sequence[SampleLevel], words: Words) -> list[str]:
    """Say of which classes a negative excludes no level; nothing when one is excluded for each."""
    denied = [row for row in rows if row.detected is Detected.NO]
    unknown = [row for row in denied if row.excluded is None]
    if denied and not unknown:
        return []
    if unknown and len(unknown) < len(rows):
        classes = words.joined(row.deletion for row in unknown)
        return [words.say("sensitivity_of", classes=classes), *_sampling(unknown, words)]
    return [words.say("sensitivity"), *_sampling(unknown, words)]


def _sampling(rows: Sequence[SampleLevel], words: Words) -> list[str]:
    """Say what the amount of DNA allows, where it is known of every class."""
    known = [row.sampling_limit for row in rows if row.sampling_limit is not None]
    complete = known and len(known) == len(rows)
    return [words.say("sampling", limit=words.excluded(max(known)))] if complete else []


def level_table(
    rows: Sequence[SampleLevel],
    words: Words,
    *,
    confidence: float,
    markers: Collection[str],
    standards: bool,
) -> dict[str, Any]:
    """Return the levels of a sample: a table, and a sentence for each class that has a level.

    Args:
        rows: The sample's levels; classes found come first, and equal numbers share a line.
        words: Wording.
        confidence: Confidence of intervals and excluded levels.
        markers: Classes by which the patient is followed: these have their reason beside.
        standards: Whether the run has standard curves; if not, none is missed.
    """
    groups: dict[SampleLevel, list[SampleLevel]] = {}
    found_first = sorted(rows, key=lambda row: row.detected is not Detected.YES)
    for row in found_first:
        groups.setdefault(replace(row, **dict.fromkeys(TEXTS, "")), []).append(row)
    lines = [_line(row, members, words) for row, members in groups.items()]
    codes = [code for code in words.section("level_columns") if any(line[code] for line in lines)]
    return {
        "heads": [words.word("level_columns", code) for code in codes],
        "lines": [[line[code] for code in codes] for line in lines],
        "note": " ".join(
            words.say(key, confidence=words.percent(confidence))
            for code, key in NOTES.items()
            if code in codes
        ),
        "sentences": [_sentence(row, markers) for row in _told(found_first, standards=standards)],
        "rows": [_values(row) for row in rows],
    }


def _line(row: SampleLevel, members: Sequence[SampleLevel], words: Words) -> dict[str, str]:
    excluded = words.say("level_open") if row.detected is Detected.NO else ""
    if row.excluded is not None:
        excluded = words.say("at_least", size=words.excluded(row.excluded))
    return {
        "classes": words.joined(member.deletion for member in members),
        "detected": words.word("detected", row.detected),
        "assay": words.joined(dict.fromkeys(m.assay for m in members if m.assay)),
        "level": "" if row.fraction is None else _amount(row, words),
        "copies": "" if row.copies is None else words.about(row.copies),
        "excluded": excluded,
        "sampling_limit": "" if row.sampling_limit is None else words.excluded(row.sampling_limit),
    }


def _told(rows: Sequence[SampleLevel], *, standards: bool) -> list[SampleLevel]:
    """Return the rows that say more than the table.

    Where no level is excluded for any class the limitations say so once, and where there are no
    standards nobody expects a fraction.
    """
    excluding = any(row.excluded is not None for row in rows)

    def is_told(row: SampleLevel) -> bool:
        if row.detected is Detected.YES:
            return standards or row.fraction is not None or row.copies is not None
        return excluding and row.detected is Detected.NO

    return [row for row in rows if is_told(row)]


def _sentence(row: SampleLevel, markers: Collection[str]) -> dict[str, str]:
    shown = row.detected is Detected.YES or row.deletion in markers
    return {"statement": row.statement, "reason": row.reason if shown else ""}


def _values(row: SampleLevel) -> dict[str, Any]:
    """Return a row of levels.tsv, for machines; a number without end is none."""
    values = {heading(field): getattr(row, field.name) for field in fields(row)}
    endless = [k for k, v in values.items() if isinstance(v, float) and not isfinite(v)]
    return values | dict.fromkeys(endless)
