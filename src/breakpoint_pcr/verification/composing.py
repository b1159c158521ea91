"""verification.json: everything that verification.pdf shows, decided and worded."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from breakpoint_pcr.report.alignments import alignments
from breakpoint_pcr.report.characters import unprintable
from breakpoint_pcr.report.loci import locus_map
from breakpoint_pcr.report.translated import panel_told
from breakpoint_pcr.report.windows import zoom_map
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import Level
from breakpoint_pcr.verification import blocks, deletions, genome, method, summary
from breakpoint_pcr.verification.blocks import Block, section
from breakpoint_pcr.verification.chemistry import chemistry_blocks
from breakpoint_pcr.verification.wording import load_verification_words

# A verification has no date: it depends on panel.json alone. A PDF must have one.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
ID_LETTERS = 12
HALF_WIDTH_NT = 45  # bases of an alignment that half the width has room for


def compose(
    panel: Mapping[str, Any],
    *,
    language: str,
    versions: Mapping[str, str],
    coverage: frozenset[str],
) -> dict[str, Any]:
    """Build the document.

    Args:
        panel: panel.json, of this version or an older one: what it lacks is not shown.
        language: Code of a wording file.
        versions: Version by program or library, the program itself first; shown when panel.json
            names none under `provenance`.
        coverage: Characters that the fonts can print (`report.characters.read_coverage`).

    Raises:
        ConfigError: There is no wording in the language.
    """
    words = load_verification_words(language)
    versed = {**panel, "provenance": summary.versions(panel) or dict(versions)}
    known = _in_language(versed, words)
    document: dict[str, Any] = {
        "meta": _meta(known, words),
        "labels": dict(words.section("labels")),
        "sections": _sections(known, words),
        "attachment": words.say("attachment"),
        "source": dict(panel),
    }
    document["meta"]["replaced"] = unprintable(shown(document), coverage)
    digest = sha256(document_text(document).encode()).hexdigest()
    document["meta"]["report_id"] = digest[:ID_LETTERS]
    return document


def _in_language(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return panel.json with its sentences in the language, and how many stay English."""
    told = words.translator
    findings = [_finding(row, words) for row in panel["findings"]]
    coverage = [{**row, "sentence": told(row["sentence"])} for row in panel.get("coverage") or ()]
    translated = {**panel_told(panel, told), "coverage": coverage}
    if told.missed:
        said = words.say("untranslated", count=len(told.missed), total=len(told.asked))
        findings.append(
            {
                "level": str(Level.INFO),
                "scope": "panel",
                "subject": panel["panel"]["name"],
                "code": "sentences_untranslated",
                "sentence": said,
            }
        )
    return {**translated, "findings": findings}


def _finding(row: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return a finding in the language; its subject is a name, or the panel."""
    subject = row["subject"]
    whole = subject.startswith("panel ")
    named = words.told(subject) if whole else subject
    return {**row, "subject": named, "sentence": words.told(row["sentence"])}


def document_text(document: Mapping[str, Any]) -> str:
    """Return the document as text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def shown(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the pages show: all but panel.json, which is attached."""
    return {key: value for key, value in document.items() if key != "source"}


def _meta(panel: Mapping[str, Any], words: Words) -> dict[str, Any]:
    own = panel["panel"]
    program = next((f"{k} {v}" for k, v in summary.versions(panel).items()), "")
    named = words.say("panel_version", name=own["name"], version=own["version"])
    return {
        "title": words.word("labels", "title"),
        "document_title": words.say("document_title", title=own["title"], panel=named),
        "panel": own["title"],
        "named": named,
        "language": words.language,
        "program": program,
        "report_id": "",
        "date": [UNDATED.year, UNDATED.month, UNDATED.day],
        "timestamp": int(UNDATED.timestamp()),
        "replaced": {},
    }


def _sections(panel: Mapping[str, Any], words: Words) -> list[Block]:
    parts = {
        "summary": summary.summary_blocks,
        "oligos": summary.oligo_blocks,
        "locus": _maps,
        "alignments": _alignments,
        "products": deletions.products_blocks,
        "coverage": deletions.coverage_blocks,
        "robustness": deletions.robustness_blocks,
        "probe_room": deletions.probe_blocks,
        "design": deletions.design_blocks,
        "chemistry": chemistry_blocks,
        "off_targets": genome.off_target_blocks,
        "variants": genome.variant_blocks,
        "findings": method.findings_blocks,
        "method": method.method_blocks,
    }
    return [
        part for code, build in parts.items() for part in section(code, words, build(panel, words))
    ]


def _maps(panel: Mapping[str, Any], words: Words) -> list[Block]:
    zoom = zoom_map(panel, words)
    locus = locus_map(panel, words)
    numbering = words.say("numbering", numbering=panel["reference"]["numbering"])
    found = [blocks.figure("locus", {"map": {**locus, "note": f"{locus['note']} {numbering}"}})]
    return [*found, blocks.figure("zoom", {"map": zoom})] if zoom["rows"] else found


def _alignments(panel: Mapping[str, Any], words: Words) -> list[Block]:
    items = [item for primer in panel["primers"] for item in alignments(primer, words)]
    if not items:
        return [blocks.text(words.say("all_exact"))]
    note = blocks.remark(words.say("alignments_note"))
    longest = max(len(item["ruler"]) for item in items)
    beside = len(items) == 1 and longest <= HALF_WIDTH_NT
    each = 1 if beside or longest > HALF_WIDTH_NT else 2
    drawn = blocks.figure("alignments", {"items": items, "columns": each})
    return [blocks.beside([drawn], [note], share=0.5)] if beside else [drawn, note]
