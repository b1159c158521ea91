"""The data of index.html: one JSON island, from which the page's script draws its tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from breakpoint_pcr.explanation import INCONCLUSIVE, INVALID
from breakpoint_pcr.report.levels import any_level, by_sample, short_levels
from breakpoint_pcr.report.styles import styles
from breakpoint_pcr.summary.content import PageContent
from breakpoint_pcr.summary.history import FinishedRun
from breakpoint_pcr.summary.plates import island
from breakpoint_pcr.summary.rows import StandingCall, SummaryFinding
from breakpoint_pcr.summary.wording import PageWords
from breakpoint_pcr.tables import Level, Sample

# Flags that inform but ask nobody to look again; a flag that is not known asks for it.
QUIET_FLAGS = (
    "classes_not_tested",
    "input_not_checked",
    "long_product_silent",
    "overridden",
    "primer_unconfirmed",
)
# Words of the report that the page shows.
SECTIONS = ("flags", "levels", "roles", "states", "outcomes", "curves", "curve_kinds")
REPLICATES_SHOWN = 4
CONTRADICTING, WITHOUT_CALL, REMARKED, CALM = range(4)


def compose_island(content: PageContent, words: PageWords) -> str:
    """Return the data of the page as JSON that cannot end its script element."""
    places = {run.name: place for place, run in enumerate(content.history)}
    ranks = review_ranks(content)
    standing = sorted(content.standing, key=lambda call: ranks[call.sample])
    data = {
        "words": words.labels,
        **{section: words.report.section(section) for section in SECTIONS},
        "calls": {call: words.call(call) for call in content.calls},
        "quiet": QUIET_FLAGS,
        "ct_limit": content.ct_limit,
        "decimal": words.report.plain(0.5)[1:-1],
        "assays": content.assays,
        "styles": _styles(content),
        "runs": [_run_data(run) for run in content.history],
        "standing": [
            _standing_data(c, ranks[c.sample], places) | {"reason": words.report.told(c.reason)}
            for c in standing
        ],
        "results": [
            _result_data(s, content, words, places) | {"level": level}
            for s, level in _newest_first(content, words)
        ],
        "with_levels": has_levels(content),
        "findings": [
            _finding_data(found, places) | {"sentence": words.report.told(found.sentence)}
            for found in _gravest_first(content)
        ],
    }
    return island(data)


def _styles(content: PageContent) -> dict[str, dict[str, Any]]:
    """Return colour and dash of each assay, as in the report; a cut-off has only a limited one."""
    grey = [gene.name for gene in content.panel.control_genes]
    found = styles(content.assays, [name for name in content.assays if name in grey])
    return {
        name: {
            "colour": style.colour,
            "ink": style.ink,
            "dash": style.dash,
            "limited": name not in grey,
        }
        for name, style in found.items()
    }


def has_levels(content: PageContent) -> bool:
    """Whether any run holds a level, so that the results have a column for it."""
    return any(any_level(run.levels) for run in content.history)


def _newest_first(
    content: PageContent, words: PageWords
) -> Iterable[tuple[Sample, tuple[str, ...]]]:
    """Yield each sample of each run with its levels in words; none in a run without any level."""
    for run in reversed(content.history):
        levels = by_sample(run.levels) if any_level(run.levels) else None
        for sample in run.samples:
            rows = None if levels is None else levels.get(sample.sample, ())
            yield sample, () if rows is None else tuple(short_levels(sample, rows, words.report))


def _gravest_first(content: PageContent) -> Iterable[SummaryFinding]:
    gravity = list(Level)
    return sorted(content.findings, key=lambda found: gravity.index(found.level))


def _run_data(run: FinishedRun) -> dict[str, Any]:
    return {
        "run": run.name,
        "run_date": run.record.run_date,
        "day": run.day,
        "address": run.address,
        "rejected": run.rejected,
        "plate": bool(run.traces),
        "issued": run.issued,
    }


def _standing_data(call: StandingCall, rank: int, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "sample": call.sample,
        "call": call.call,
        "deletions": call.deletions,
        "candidates": call.candidates,
        "runs": [places[run] for run in call.runs],
        "calls": call.calls,
        "flags": call.flags,
        "contradict": rank == CONTRADICTING,
        "review": rank < CALM,
    }


def _result_data(
    sample: Sample, content: PageContent, words: PageWords, places: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "sample": sample.sample,
        "run": places[sample.run],
        "call": sample.call,
        "deletions": sample.deletions,
        "candidates": sample.candidates,
        "flags": sample.flags,
        "cts": [ct_words(sample.cts.get(a, ""), content.ct_limit, words) for a in content.assays],
        "reason": words.report.told(sample.reason),
        "review": sample.call in (INCONCLUSIVE, INVALID) or _is_loud(sample.flags),
    }


def ct_words(text: str, limit: float, words: PageWords) -> str:
    """Shorten each Ct of a cell, never across the limit; of many replicates give the range."""
    found = [_number(part) for part in text.split(";") if part.strip()]
    known = [value for value in found if value is not None]
    if len(found) <= REPLICATES_SHOWN:
        return "; ".join(words.report.ct(value, limit) for value in found)
    ends = (
        dict.fromkeys(words.report.ct(end, limit) for end in (min(known), max(known)))
        if known
        else [words.report.missing]
    )
    return words.report.say("range_of_wells", range="–".join(ends), count=len(found))


def _number(text: str) -> float | None:
    """Return a Ct; the export's words for "none" are none."""
    try:
        return float(text)
    except ValueError:
        return None


def _finding_data(found: SummaryFinding, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "level": found.level,
        "run": places.get(found.run),
        "subject": found.subject,
        "code": found.code,
    }


def _is_loud(flags: Iterable[str]) -> bool:
    return any(flag not in QUIET_FLAGS for flag in flags)


def review_ranks(content: PageContent) -> dict[str, int]:
    """Return how much each sample needs a person: 0 contradicting runs, up to `CALM`."""
    named = {
        found.subject for found in content.findings if found.scope == "sample" and not found.run
    }
    return {call.sample: _rank(call, warned=call.sample in named) for call in content.standing}


def _rank(call: StandingCall, *, warned: bool) -> int:
    if call.call == INCONCLUSIVE and not call.basis_run:
        return CONTRADICTING
    if call.call in (INCONCLUSIVE, INVALID):
        return WITHOUT_CALL
    return REMARKED if warned or _is_loud(call.flags) else CALM
