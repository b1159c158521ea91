"""validation.json: everything that the validation report shows, decided and worded."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from breakpoint_pcr.report.characters import unprintable
from breakpoint_pcr.validation.document.blocks import columns, section, table
from breakpoint_pcr.validation.document.cutoff import cutoff_section
from breakpoint_pcr.validation.document.laboratory import laboratory_section
from breakpoint_pcr.validation.document.mistakes import mistakes_section
from breakpoint_pcr.validation.document.moved import moved_section
from breakpoint_pcr.validation.document.numbers import flat
from breakpoint_pcr.validation.document.outcome import outcome_of
from breakpoint_pcr.validation.document.results import (
    arms_section,
    classes_section,
    confusion_section,
    open_section,
)
from breakpoint_pcr.validation.document.source import ValidationSource, View, view
from breakpoint_pcr.validation.document.study import (
    assumptions_section,
    covered_section,
    simulated_section,
    truth_section,
)
from breakpoint_pcr.validation.document.verdict import verdict_section

# A study has no date: it depends on its tables alone. A PDF must have one.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
ID_LETTERS = 12


def compose(source: ValidationSource, coverage: frozenset[str]) -> dict[str, Any]:
    """Build validation.json.

    `sections` rest on the simulated study alone and go into page and PDF; `laboratory` and `trace`
    go into the PDF.

    Args:
        source: The tables and what they rest on.
        coverage: Characters that the fonts can print (`report.characters.read_coverage`).

    Raises:
        ConfigError: There is no wording in the language.
    """
    looked_up = view(source)
    document: dict[str, Any] = {
        "meta": _meta(looked_up),
        "labels": dict(looked_up.words.section("labels")),
        "facts": _facts(looked_up),
        "sections": _sections(looked_up),
        "laboratory": laboratory_section(looked_up),
        "trace": _trace(looked_up),
        "attachment": looked_up.say("attachment"),
    }
    document["meta"]["replaced"] = unprintable(document, coverage)
    digest = sha256(document_text(document).encode()).hexdigest()
    document["meta"]["report_id"] = digest[:ID_LETTERS]
    return document


def document_text(document: Mapping[str, Any]) -> str:
    """Return validation.json as text; it is attached to the PDF."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _sections(view: View) -> list[dict[str, Any]]:
    outcome = outcome_of(view.study.samples, confidence=view.source.confidence)
    return [
        verdict_section(outcome, view),
        simulated_section(view),
        truth_section(view),
        assumptions_section(view),
        covered_section(view),
        arms_section(view),
        open_section(view),
        classes_section(view),
        confusion_section(view),
        mistakes_section(view),
        cutoff_section(view),
        moved_section(view),
    ]


def _meta(view: View) -> dict[str, Any]:
    source = view.source
    title = view.words.told(source.panel["panel"]["title"])
    program = _program(source)
    return {
        "title": view.words.word("labels", "title"),
        "document_title": view.say("document_title", panel=title, program=program),
        "heading": view.say("heading", program=program),
        "generated": view.say("generated"),
        "panel": title,
        "laboratory": source.report["laboratory"],
        "language": source.report["language"],
        "program": program,
        "report_id": "",
        "date": [UNDATED.year, UNDATED.month, UNDATED.day],
        "timestamp": int(UNDATED.timestamp()),
        "replaced": {},
    }


def _program(source: ValidationSource) -> str:
    name, version = next(iter(source.versions.items()))
    return f"{name} {version}"


def _facts(view: View) -> list[list[str]]:
    source, words = view.source, view.words
    known = {
        "program": _program(source),
        "panel": _named(view, "panel"),
        "reference": _named(view, "reference"),
        "samples": words.count(len(view.study.samples)),
        "plates": words.count(len({sample.plate for sample in view.study.samples})),
        "seed": str(view.simulation.config["seed"]),
        "confidence": view.say("confidence", percent=view.confidence),
        "ct_limit": words.plain(source.settings["calling"]["ct_limit"]),
    }
    return [[words.word("facts", key), value] for key, value in known.items()]


def _named(view: View, key: str) -> str:
    """Return what the config names, by its last name alone: a path of a machine is no fact."""
    name = PurePath(view.source.names[key]).name
    values = view.source.panel[key]
    title = view.words.told(values.get("title", ""))
    return view.say(key, **{**values, "name": name, "title": title})


def _trace(view: View) -> dict[str, Any]:
    words, source = view.words, view.source
    values = flat({**source.settings, "validation": view.simulation.config})
    settings = [
        [key, value if isinstance(value, str) else json.dumps(value)] for key, value in values
    ]
    heading = words.section("headings")
    blocks = [
        table(heading["settings"], columns(words, "key", "value_of_key"), settings),
        table(heading["software"], columns(words, "software", "version"), source.versions.items()),
    ]
    return section("trace", words, blocks)
