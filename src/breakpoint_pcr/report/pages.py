"""The pages of samples, of controls, and of findings."""

from collections.abc import Sequence
from typing import Any

from breakpoint_pcr.report import calls
from breakpoint_pcr.report.levels import any_level, level_table
from breakpoint_pcr.report.loci import segment_map
from breakpoint_pcr.report.overview import invalid_assays
from breakpoint_pcr.report.plate import place_of, ranges, shortened
from breakpoint_pcr.report.plots import Line, figure
from breakpoint_pcr.report.primers import size_words
from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.styles import styles
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.tables import CurveClass, Detected, Finding, Level, Outcome, Sample, Well

LEVELS = {Level.ERROR: "fail", Level.WARNING: "warn", Level.INFO: "info"}
ORDER = (Level.ERROR, Level.WARNING, Level.INFO)
HEADER_LETTERS, TITLE_LETTERS = 40, 60


def sample_page(sample: Sample, view: View) -> dict[str, Any]:
    """Return the page of one sample."""
    wells = view.wells_of(sample.sample)
    return {
        "sample": sample.sample,
        "short": shortened(sample.sample, HEADER_LETTERS),
        "title": shortened(sample.sample, TITLE_LETTERS),
        "chip": calls.chip(sample, view),
        "facts": _facts(wells, view),
        "figure": _figure(sample.sample, view.lines(wells), view),
        "evidence": [_evidence(well, view) for well in wells],
        "segment": _segment(sample, view),
        "interpretation": calls.interpretation(sample, view),
        "levels": _levels(sample, wells, view),
        "basis": sample.reason,
        "flags": [
            {
                "level": calls.flag_level(flag),
                "label": view.words.word("flags", flag),
                "sentence": calls.flag_sentence(flag, wells, view),
            }
            for flag in sample.flags
        ],
        "limits": calls.limits(sample, view),
    }


def _levels(sample: Sample, wells: Sequence[Well], view: View) -> dict[str, Any]:
    """Return the sample's levels; they are printed where the run has any."""
    markers = {name for entry in view.sheet(wells) for name in entry.marker}
    rows = view.levels_of(sample.sample)
    known = any(row.detected is not Detected.OPEN for row in rows)
    shown = known and any_level(view.source.levels)
    table = level_table(
        rows,
        view.words,
        confidence=view.confidence,
        markers=markers,
        standards=bool(view.source.standards),
    )
    return {"shown": shown, **table}


def _facts(wells: Sequence[Well], view: View) -> list[list[str]]:
    words, entries = view.words, view.sheet(wells)
    amounts = {e.input_ng for e in entries if e.input_ng is not None}
    amounts |= {ng for w in wells if (ng := view.reactions[w.well, w.assay].input_ng) is not None}
    form = words.texts["facts"]["input_ng_value"]
    assays = [a["name"] for a in view.assays if view.is_breakpoint(a["name"])]
    valid = len(assays) - len(invalid_assays(view.source.findings, assays))
    known = {
        "patient_ref": words.joined(sorted({e.patient_ref for e in entries if e.patient_ref})),
        # ISO 15189 wants the specimen on a report: that it is not known is said.
        "specimen": words.joined(sorted({e.specimen for e in entries if e.specimen}))
        or words.say("not_stated"),
        "input_ng": words.joined(form.format(value=words.plain(ng)) for ng in sorted(amounts)),
        "wells": ranges([w.well for w in sorted(wells, key=_place)], words),
        "run_date": words.date(view.source.record.run_date),
        "run_controls": words.say("controls_status", valid=valid, total=len(assays)),
    }
    return [[words.word("facts", key), value] for key, value in known.items() if value]


def _figure(subject: str, lines: Sequence[Line], view: View) -> dict[str, Any] | None:
    said = "; ".join(line.said for line in lines)
    return figure(
        lines,
        view.scale,
        view.words,
        lambda scale: view.words.say("curves_alt", subject=subject, scale=scale, curves=said),
    )


def _evidence(well: Well, view: View) -> dict[str, Any]:
    words, style = view.words, view.styles[well.assay]
    curve = words.word("curves", well.curve)
    if well.curve_reasons:
        curve += f": {words.joined(well.curve_reasons)}"
    lit = well.outcome is Outcome.POSITIVE and view.is_breakpoint(well.assay)
    return {
        "assay": well.assay,
        "colour": style.colour,
        "dash": list(style.dash),
        "well": well.well,
        "ct": view.ct(well.ct) if well.ct is not None else words.word("state_marks", well.state),
        "ct_own": view.ct(well.ct_own),
        "curve": curve,
        "outcome": well.outcome.value,
        "outcome_label": words.word("outcomes", well.outcome),
        "reason": well.reason,
        "implies": words.joined(view.assay(well.assay)["deletions"]) if lit else "",
        "size": _sizes(well.assay, view) if lit else "",
        "drawn": well.curve is not CurveClass.MISSING,
    }


def _place(well: Well) -> tuple[int, int]:
    return place_of(well.well) or (0, 0)


def _sizes(assay: str, view: View) -> str:
    """Return the sizes that a product of the assay can have, those that must appear first."""
    products = [
        product
        for kind in ("must", "may")
        for allele in view.source.panel["alleles"]
        for product in allele["products"]
        if (product["assay"], product["product"]) == (assay, kind)
    ]
    sizes = dict.fromkeys(size_words(product, view.words) for product in products)
    return view.words.say("sizes", sizes=view.words.either(sizes)) if sizes else ""


def _segment(sample: Sample, view: View) -> dict[str, Any]:
    found = calls.bounds(sample, view)
    accession = view.source.panel["reference"]["accession"]
    note = view.words.say("segment_unplaced") if sample.deletions else ""
    beyond = any(b.right[1] is None for b in found)
    notes = [view.words.say("segment_note")] * bool(found)
    return {
        "map": segment_map(view.source.panel, found, view.words) if found else None,
        "descriptions": [
            view.words.say("hgvs", deletion=b.deletion, description=b.description(accession))
            for b in found
        ],
        "note": " ".join([*notes, *[view.words.say("segment_beyond")] * beyond]) if found else note,
    }


def control_pages(view: View) -> dict[str, Any]:
    """Return the curves of all control wells, one pair of plots per assay."""
    samples = list(dict.fromkeys(well.sample for well in view.controls))
    roles = {well.sample: view.words.word("roles", well.role) for well in view.controls}
    looks = styles(samples)
    plots: list[dict[str, Any]] = []
    for assay in view.assays:
        wells = [w for w in view.controls if w.assay == assay["name"]]
        lines = view.lines(wells, looks)
        if shown := _figure(assay["name"], lines, view):
            plots.append({"assay": assay["name"], "figure": shown})
    legend = [
        {
            "name": shortened(name, HEADER_LETTERS),
            "role": roles[name],
            "colour": looks[name].colour,
            "dash": list(looks[name].dash),
        }
        for name in samples
    ]
    return {"legend": legend, "plots": plots}


def findings_table(findings: Sequence[Finding], words: Words) -> list[dict[str, str]]:
    """Return the findings, the gravest first."""
    return [
        {
            "level": LEVELS[f.level],
            "label": words.word("levels", f.level),
            "subject": f"{words.word('scopes', f.scope)} {f.subject}".strip(),
            "sentence": f.sentence,
            "code": f.code,
        }
        for f in sorted(findings, key=lambda f: ORDER.index(f.level))
    ]
