"""report.json: everything that the report of a run shows, decided and worded."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from breakpoint_pcr.report.characters import unprintable
from breakpoint_pcr.report.overview import overview, record_facts, reference_fact, status
from breakpoint_pcr.report.pages import control_pages, findings_table, sample_page
from breakpoint_pcr.report.primers import primers_page
from breakpoint_pcr.report.source import BREAKPOINT, ReportSource, view
from breakpoint_pcr.report.standards import standards_page
from breakpoint_pcr.report.translated import translated
from breakpoint_pcr.report.wording import WHEN, Words, load_words
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.tables import Finding, Level

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
CODES_SHOWN = 20
ID_LETTERS = 12
# The finding that only repeats why a run was rejected: the banner says it.
REJECTION = "run_rejected"


def compose(source: ReportSource, coverage: frozenset[str]) -> dict[str, Any]:
    """Build report.json.

    Args:
        source: The run, its tables and what they rest on.
        coverage: Characters that the fonts can print (`characters.read_coverage`).

    Raises:
        ConfigError: There is no wording in the language.
    """
    words = load_words(source.language)
    source = translated(source, words.translator)
    rejected = source.record.status is Status.REJECTED
    body = _rejected(source) if rejected else _read(source)
    replaced = unprintable(body | {"laboratory": source.laboratory}, coverage)
    findings = [
        *source.findings,
        *_replaced_finding(source.record, replaced, words),
        *_untranslated_finding(source.record, words),
    ]
    document: dict[str, Any] = {
        "meta": meta(source, words, replaced),
        "labels": dict(words.section("labels")),
        "status": run_status(source, findings, words),
        **body,
        "findings": findings_table([f for f in findings if f.code != REJECTION], words),
        "trace": trace(source, words),
    }
    return identified(document)


def identified(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with its id, the digest of all that it shows."""
    digest = sha256(document_text(document).encode()).hexdigest()
    return {**document, "meta": {**document["meta"], "report_id": digest[:ID_LETTERS]}}


def document_text(document: Mapping[str, Any]) -> str:
    """Return report.json as text; the same text is attached to the PDF."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(source: ReportSource) -> dict[str, Any]:
    looked_up = view(source)
    return {
        "overview": overview(looked_up),
        "primers": primers_page(source.panel, looked_up.words),
        "samples": [sample_page(sample, looked_up) for sample in source.samples],
        "controls": control_pages(looked_up),
        "standards": standards_page(looked_up),
    }


def _rejected(source: ReportSource) -> dict[str, Any]:
    return {"rejected": {"facts": record_facts(source.record, load_words(source.language))}}


def run_status(source: ReportSource, findings: Sequence[Finding], words: Words) -> dict[str, str]:
    """Return whether the run stands, and why not."""
    present = {well.assay for well in source.wells}
    assays = [a["name"] for a in source.panel["assays"] if a["kind"] == BREAKPOINT]
    return status(source.record, findings, [a for a in assays if a in present], words)


def _replaced_finding(
    record: RunRecord, replaced: Mapping[str, str], words: Words
) -> Iterator[Finding]:
    if replaced:
        codes = list(replaced.values())
        more = [f"+{len(codes) - CODES_SHOWN}"] if len(codes) > CODES_SHOWN else []
        sentence = words.say("replaced", codes=words.joined([*codes[:CODES_SHOWN], *more]))
        yield Finding(Level.INFO, "run", record.run, "characters_replaced", sentence)


def _untranslated_finding(record: RunRecord, words: Words) -> Iterator[Finding]:
    said = words.translator
    if said.missed:
        sentence = words.say("untranslated", count=len(said.missed), total=len(said.asked))
        yield Finding(Level.INFO, "run", record.run, "sentences_untranslated", sentence)


def meta(source: ReportSource, words: Words, replaced: Mapping[str, str]) -> dict[str, Any]:
    """Return what the frame of each page and the PDF's metadata say.

    Args:
        source: The run.
        words: Wording.
        replaced: Characters that the fonts lack, and what stands for them.
    """
    title = source.panel["panel"]["title"]
    program, version = next(iter(source.versions.items()))
    date = _date(source.record.run_date)
    return {
        "title": title,
        "document_title": words.say("document_title", title=title, run=source.record.run),
        "run": source.record.run,
        "laboratory": source.laboratory,
        "language": source.language,
        "program": f"{program} {version}",
        "report_id": "",
        "date": [date.year, date.month, date.day],
        "timestamp": int(date.timestamp()),
        "replaced": dict(replaced),
    }


def _date(text: str) -> datetime:
    """Return the run's own date, so that the report does not depend on when it was made."""
    found = WHEN.match(text)
    try:
        parts = [int(part) for part in found.groups(default="0")] if found else []
        return datetime(*parts, tzinfo=UTC) if parts else UNDATED  # type: ignore[arg-type]
    except ValueError:
        return UNDATED


def trace(source: ReportSource, words: Words) -> dict[str, Any]:
    """Return what a result rests on: files, program, configuration, panel, reference, decisions."""
    record = source.record
    facts = record_facts(record, words)
    return {
        "facts": [*facts, reference_fact(source.panel["reference"], words)],
        "files": [
            {
                "name": f.name,
                "kind": words.word("file_kinds", f.kind),
                "format": f.format,
                "bytes": words.count(f.size_bytes),
                "sha256": f.sha256,
            }
            for f in record.files
        ],
        "no_files": words.say("file_missing"),
        "software": software(source, words),
        "settings": [list(item) for item in _settings(source.settings)],
        "sources": _sources(source, words),
        "deviations": [
            words.say("deviation", primer=d["primer"], text=d["text"])
            for d in source.panel["panel"]["known_deviations"]
        ],
        **decisions(record, words),
    }


def decisions(record: RunRecord, words: Words) -> dict[str, Any]:
    """Return what people decided: overrides, and wells left out by the sample sheet."""
    return {
        "overrides": [
            {
                "subject": f"{words.word('scopes', o.scope)} {o.subject} {o.assay}".strip(),
                "decision": words.word("outcomes", words.word("calls", o.decision)),
                "by": o.by,
                "date": words.date(o.date),
                "reason": o.reason,
            }
            for o in record.overrides
        ],
        "excluded": [
            {"well": e.well, "assay": e.assay, "sample": e.sample, "reason": e.exclude}
            for e in record.sheet
            if e.exclude
        ],
    }


def software(source: ReportSource, words: Words) -> list[list[str]]:
    """Return the program, its commit where it has one, and the libraries, with their versions."""
    (program, version), *libraries = source.versions.items()
    commit = source.commit
    said: list[list[str]] = []
    if commit:
        key = {True: "commit_changed", False: "commit_clean", None: "commit_unchecked"}
        said = [[words.say("commit"), words.say(key[commit.changed], commit=commit.short)]]
    return [[program, version], *said, *map(list, libraries)]


def _settings(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of the config as `section.key`."""
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _settings(value, f"{name}.")
        elif value and isinstance(value, list) and isinstance(value[0], Mapping):
            for entry in value:
                yield name, ", ".join(str(part) for part in entry.values())
        else:
            yield name, value if isinstance(value, str) else json.dumps(value)


def _named(path: str) -> str:
    """Return what the config names; of a whole path the folder alone, for it names the machine."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def _sources(source: ReportSource, words: Words) -> list[list[str]]:
    panel, reference = source.panel["panel"], source.panel["reference"]
    version = {key: panel[key] for key in ("title", "version")}
    rows = [
        [
            _named(source.panel_name),
            ": ".join((words.say("panel_source", **version), panel["citation"])),
            panel["sha256"],
        ],
    ]
    name = _named(source.reference_name)
    for record in reference["records"]:
        said = f"{record['name']}: {record['source']}"
        rows.append([name, said, record["sha256"]])
        name = ""
    return rows


__all__ = [
    "ReportSource",
    "compose",
    "decisions",
    "document_text",
    "identified",
    "meta",
    "run_status",
    "software",
    "trace",
]
