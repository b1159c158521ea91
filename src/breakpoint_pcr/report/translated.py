"""What a report is made of, with the sentences of its tables in the report's language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from breakpoint_pcr.languages.translating import Translator
from breakpoint_pcr.report.source import ReportSource
from breakpoint_pcr.tables import Finding, Sample, SampleLevel, Well


def translated(source: ReportSource, told: Translator) -> ReportSource:
    """Return the source with every sentence that the program wrote in the language of `told`.

    What people wrote stays: names, comments, reasons of overrides and exclusions.
    """
    return replace(
        source,
        record=replace(source.record, reason=told(source.record.reason)),
        wells=[well_told(well, told) for well in source.wells],
        samples=[sample_told(sample, told) for sample in source.samples],
        levels=[level_told(level, told) for level in source.levels],
        standards=[replace(curve, reason=told(curve.reason)) for curve in source.standards],
        findings=[finding_told(finding, told) for finding in source.findings],
        panel=panel_told(source.panel, told),
    )


def finding_told(finding: Finding, told: Translator) -> Finding:
    """Return a finding in the language."""
    return replace(finding, sentence=told(finding.sentence))


def sample_told(sample: Sample, told: Translator) -> Sample:
    """Return a sample in the language; its evidence is no text of the report."""
    return replace(sample, reason=told(sample.reason))


def well_told(well: Well, told: Translator) -> Well:
    """Return a well in the language."""
    reasons = tuple(told(reason) for reason in well.curve_reasons)
    return replace(well, reason=told(well.reason), curve_reasons=reasons)


def level_told(level: SampleLevel, told: Translator) -> SampleLevel:
    """Return a level in the language."""
    return replace(level, statement=told(level.statement), reason=told(level.reason))


def panel_told(panel: Mapping[str, Any], told: Translator) -> dict[str, Any]:
    """Return panel.json with its sentences; a panel may say more than the program writes."""
    info, reference = panel["panel"], panel["reference"]
    deviations = [{**d, "text": told(d["text"])} for d in info["known_deviations"]]
    return {
        **panel,
        "panel": {
            **info,
            "title": told(info["title"]),
            "limitations": [told(text) for text in info.get("limitations", ())],
            "known_deviations": deviations,
        },
        "reference": {**reference, "numbering": told(reference["numbering"])},
        "primers": [_primer(primer, told) for primer in panel["primers"]],
    }


def _primer(primer: Mapping[str, Any], told: Translator) -> dict[str, Any]:
    sites = [{**site, "region": told(site["region"])} for site in primer["sites"]]
    return {**primer, "sites": sites, "reasons": [told(reason) for reason in primer["reasons"]]}
