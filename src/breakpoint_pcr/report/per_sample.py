"""One report for each sample of a run, with nothing of any other sample in it."""

from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.languages.translating import Translator
from breakpoint_pcr.report.characters import unprintable
from breakpoint_pcr.report.document import (
    ReportSource,
    decisions,
    identified,
    meta,
    run_status,
    trace,
)
from breakpoint_pcr.report.overview import control_verdicts, invalid_assays
from breakpoint_pcr.report.pages import findings_table, sample_page
from breakpoint_pcr.report.primers import off_target_words, primers_page, variant_words
from breakpoint_pcr.report.repeats import repeats
from breakpoint_pcr.report.source import View, view
from breakpoint_pcr.report.translated import (
    finding_told,
    level_told,
    panel_told,
    sample_told,
    well_told,
)
from breakpoint_pcr.report.typesetting import typeset
from breakpoint_pcr.report.withholding import Cleaned, Withholding, cleaned
from breakpoint_pcr.report.wording import Words, load_words
from breakpoint_pcr.tables import Finding, Level, column, write_table

ID_LETTERS = 10
INDEX = "index.tsv"
# Free texts of run.yaml on the whole run: they may name anybody.
RUN_REMARKS = ("comments", "amendment")
# What of the page on primers a report on one sample shows.
PRIMER_FACTS = ("verdict", "warnings", "primers")


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """index.tsv of a run's samples: which report was issued for which sample."""

    run: str = column("run")
    sample: str = column("sample")
    call: str = column("call of the sample")
    file: str = column("file in this folder")
    sha256: str = column("SHA-256 of the file")
    report: str = column("id of the report, as printed on its pages")


def safe_id(run: str, sample: str) -> str:
    """Return a file name for a sample: ten small letters and digits that tell nothing of it."""
    digest = sha256(f"{run}\0{sample}".encode()).digest()
    return b32encode(digest).decode("ascii")[:ID_LETTERS].lower()


def issue(source: ReportSource, folder: Path, *, fonts: Path, coverage: frozenset[str]) -> None:
    """Write a PDF for each sample of the run, and index.tsv; other PDFs in the folder go.

    Args:
        source: The run; of a rejected one nothing but the empty index is written.
        folder: Where to write; it is made.
        fonts: Folder of the fonts that the template names.
        coverage: Characters that the fonts can print.

    Raises:
        BreakpointPcrError: Two samples have the same safe id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[IssuedReport] = []
    for sample, document in zip(source.samples, documents(source, coverage), strict=True):
        pdf = typeset(document, fonts=fonts)
        name = f"{safe_id(source.record.run, sample.sample)}.pdf"
        (folder / name).write_bytes(pdf)
        report = document["meta"]["report_id"]
        digest = sha256(pdf).hexdigest()
        rows.append(IssuedReport(sample.run, sample.sample, sample.call, name, digest, report))
    issued = {row.file for row in rows}
    if len(issued) < len(rows):
        raise BreakpointPcrError(f"run {source.record.run}: two samples have the same safe id")
    for path in folder.glob("*.pdf"):
        if path.name not in issued:
            path.unlink()
    write_table(folder / INDEX, IssuedReport, rows)


def documents(source: ReportSource, coverage: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Yield what the report of each sample shows, in the order of the samples."""
    if not source.samples:
        return
    told = load_words(source.language).translator
    looked_up = view(replace(source, panel=panel_told(source.panel, told)))
    withholding = Withholding(looked_up)
    shared = _shared(looked_up)
    for sample in source.samples:
        rows = _told(cleaned(sample, withholding), looked_up.words)
        yield _document(rows, shared, looked_up, coverage)


def _told(rows: Cleaned, words: Words) -> Cleaned:
    """Return a sample's rows in the language; names were withheld from the English before."""
    told = Translator(words.translator.catalogue)  # counts this sample's sentences alone
    sample = sample_told(rows.sample, told)
    wells = tuple(well_told(well, told) for well in rows.wells)
    levels = tuple(level_told(level, told) for level in rows.levels)
    findings = [finding_told(finding, told) for finding in rows.findings]
    if told.missed:
        said = words.say("untranslated", count=len(told.missed), total=len(told.asked))
        name = rows.sample.sample
        findings.append(Finding(Level.INFO, "sample", name, "sentences_untranslated", said))
    return replace(rows, sample=sample, wells=wells, levels=levels, findings=tuple(findings))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same in each report of a run."""

    invalid: Sequence[str]
    status: Mapping[str, str]
    controls: Sequence[Mapping[str, Any]]
    primers: Mapping[str, Any]
    trace: Mapping[str, Any]
    meta: Mapping[str, Any]


def _shared(view: View) -> _Shared:
    source, words = view.source, view.words
    breakpoints = [a["name"] for a in view.assays if view.is_breakpoint(a["name"])]
    remarks = {words.word("facts", key) for key in RUN_REMARKS}
    whole = trace(source, words)
    page = primers_page(source.panel, words)
    return _Shared(
        invalid=invalid_assays(source.findings, breakpoints),
        status=run_status(source, source.findings, words),
        controls=control_verdicts(view),
        primers={key: page[key] for key in PRIMER_FACTS}
        | {"notes": [off_target_words(source.panel, words), variant_words(source.panel, words)]},
        trace={
            **whole,
            "facts": [fact for fact in whole["facts"] if fact[0] not in remarks],
            # A file's name is free text: its kind and digest say which one it is.
            "files": [{**file, "name": ""} for file in whole["files"]],
        },
        meta=meta(source, words, {}),
    )


def _document(
    rows: Cleaned, shared: _Shared, run: View, coverage: frozenset[str]
) -> dict[str, Any]:
    name, words = rows.sample.sample, run.words
    mine = replace(run, by_sample={name: rows.wells}, levels={name: rows.levels})
    page = sample_page(rows.sample, mine)
    assays = list(dict.fromkeys(well.assay for well in rows.wells))
    body: dict[str, Any] = {
        "status": dict(shared.status),
        "samples": [{**page, "repeats": repeats([rows.sample], shared.invalid, mine)}],
        "single": {
            "method": _method(assays, mine),
            "controls": _controls(assays, shared.controls, mine),
            "primers": dict(shared.primers),
        },
        "findings": findings_table(rows.findings, words),
        "trace": {**shared.trace, **_decided(rows, mine)},
    }
    run_name, title = run.source.record.run, shared.meta["title"]
    title = words.say("sample_title", title=title, sample=page["title"], run=run_name)
    replaced = unprintable(body | {"laboratory": run.source.laboratory}, coverage)
    return identified(
        {
            "meta": {
                **shared.meta,
                "document_title": title,
                "replaced": replaced,
            },
            "labels": dict(words.section("labels")),
            **body,
        }
    )


def _method(assays: Sequence[str], view: View) -> list[str]:
    words, panel = view.words, view.source.panel["panel"]
    named = {key: panel[key] for key in ("title", "version")}
    rule = "rule" if view.source.settings["calling"]["require_curve"] else "rule_no_curve"
    return [
        words.say("method", **named, assays=words.joined(assays)),
        words.say("method_rule", rule=words.say(rule, limit=words.plain(view.ct_limit))),
        words.say("method_one_sample", run=view.source.record.run),
    ]


def _controls(
    assays: Sequence[str], rows: Sequence[Mapping[str, Any]], view: View
) -> dict[str, Any]:
    """Return what each kind of control says of the sample's assays."""
    names = [a["name"] for a in view.assays]
    shown = [i for i, name in enumerate(names) if name in assays and view.is_breakpoint(name)]
    return {
        "assays": [{"name": names[i], "colour": view.styles[names[i]].colour} for i in shown],
        "verdicts": [
            {"label": row["label"], "cells": [row["cells"][i] for i in shown]} for row in rows
        ],
    }


def _decided(rows: Cleaned, view: View) -> dict[str, Any]:
    """Return the decisions and exclusions of the traceability page that are the sample's own."""
    mine = replace(view.source.record, overrides=rows.overrides, sheet=rows.excluded)
    return decisions(mine, view.words)
