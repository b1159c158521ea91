"""Page 1: whether the run stands, then its facts, plate, controls and calls."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from breakpoint_pcr.report import calls
from breakpoint_pcr.report.levels import any_level, short_levels
from breakpoint_pcr.report.plate import plate_map, ranges, shortened
from breakpoint_pcr.report.repeats import repeats
from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.tables import Call, Finding, Level, Role, Sample, Well

NAMES_SHOWN, NAME_LETTERS, TABLE_LETTERS = 12, 24, 48
STATUS_LEVELS = {
    "valid": "pass",
    "remarks": "warn",
    "assays_invalid": "warn",
    "none_valid": "fail",
    "no_assay": "fail",
    "rejected": "fail",
}
CONTROL_KINDS = ("ntc", "wild_type_control", "positive_control", "dark_positive_control")
# A positive control of another assay may vouch for a class: findings tell when one is missing.
CONTROL_ROLES = {
    "ntc": Role.NTC,
    "wild_type_control": Role.NEGATIVE_CONTROL,
    "positive_control": Role.POSITIVE_CONTROL,
    "dark_positive_control": Role.POSITIVE_CONTROL,
}
STANDINGS = {"failed": "fail", "review": "review", "missing": "absent"}
# Beyond so many wells of an assay a cell gives their range.
CELL_WELLS = 4
# What page 1 says of the run, where it is known; the traceability page says the rest.
PAGE_1 = (
    *("run_date", "instrument", "ct_kind", "operator"),
    *("report_version", "supersedes", "amendment"),
)
# MIQE's Cq and the vendors' Ct are the same quantity; others must be named.
SAME_AS_CT = ("Ct", "Cq")


def status(
    record: RunRecord, findings: Sequence[Finding], assays: Sequence[str], words: Words
) -> dict[str, str]:
    """Return the verdict on the run.

    Args:
        record: The run.
        findings: All of them.
        assays: The breakpoint assays on the plate.
        words: Wording.
    """
    if record.status is Status.REJECTED:
        return _status("rejected", record.reason, words)
    if not assays:
        return _status("no_assay", words.say("no_assay"), words)
    bad = invalid_assays(findings, assays)
    if bad:
        code = "none_valid" if len(bad) == len(assays) else "assays_invalid"
        return _status(code, words.say(code, assays=words.joined(bad)), words)
    serious = any(f.level is not Level.INFO for f in findings)
    code = "remarks" if serious else "valid"
    return _status(code, words.say(code), words)


def invalid_assays(findings: Sequence[Finding], assays: Sequence[str]) -> list[str]:
    """Return the assays of which a control failed or is missing although required."""
    bad = {f.subject for f in findings if f.scope == "assay" and f.level is Level.ERROR}
    return [name for name in assays if name in bad]


def _status(code: str, reason: str, words: Words) -> dict[str, str]:
    label = words.word("verdicts", code)
    return {"code": code, "level": STATUS_LEVELS[code], "label": label, "reason": reason}


def overview(view: View) -> dict[str, Any]:
    """Return page 1 but for the verdict."""
    samples = view.source.samples
    breakpoints = [a["name"] for a in view.assays if view.is_breakpoint(a["name"])]
    invalid = invalid_assays(view.source.findings, breakpoints)
    return {
        "facts": facts(view),
        "assays": [
            {"name": a["name"], "colour": view.styles[a["name"]].colour} for a in view.assays
        ],
        "tally": _tally(samples, view),
        "flags": _flags(samples, view),
        "plate": plate_map(view),
        "controls": _controls(view),
        "calls": [_call(sample, view) for sample in samples],
        "levels": _levels(view),
        "repeats": repeats(samples, invalid, view),
        "findings": findings_count(view.source.findings, view.words),
    }


def findings_count(findings: Sequence[Finding], words: Words) -> str:
    """Return how many findings there are of each level."""
    found = Counter(f.level for f in findings)
    return words.say(
        "findings_count",
        errors=found[Level.ERROR],
        warnings=found[Level.WARNING],
        infos=found[Level.INFO],
    )


def facts(view: View) -> list[list[str]]:
    """Return what page 1 says of the run, as label and value."""
    words, record, panel = view.words, view.source.record, view.source.panel
    read = dict(record_facts(record, words))
    shown_controls = _shown_controls(view)
    controls = {(well.role, well.sample) for well in shown_controls}
    rule = "rule" if view.source.settings["calling"]["require_curve"] else "rule_no_curve"
    counts = words.texts["facts"]["samples_value"].format(
        samples=len(view.source.samples), controls=len(controls)
    )
    standards = len({well.well for well in view.controls} - {well.well for well in shown_controls})
    more = [words.texts["facts"]["standards_value"].format(wells=standards)] * bool(standards)
    known = {
        "samples": words.joined([counts, *more]),
        "rule": words.say(rule, limit=words.plain(view.ct_limit)),
        "panel": words.say("panel_source", **_named(panel["panel"], "title", "version")),
    }
    shown = [words.word("facts", key) for key in PAGE_1]
    found = [[label, read[label]] for label in shown if label in read]
    return found + [[words.word("facts", key), value] for key, value in known.items()]


def _named(data: Mapping[str, Any], *keys: str) -> dict[str, str]:
    return {key: data[key] for key in keys}


def reference_fact(reference: Mapping[str, Any], words: Words) -> list[str]:
    """Return what the coordinates of a report refer to, as label and value."""
    named = _named(reference, "gene", "assembly", "accession", "transcript")
    return [words.word("facts", "reference"), words.say("reference_source", **named)]


def record_facts(record: RunRecord, words: Words) -> list[list[str]]:
    """Return what the reader found out about a run; nothing for what the export does not say."""
    known = {
        "run_date": words.date(record.run_date),
        "instrument": record.instrument,
        "software": record.software,
        "format": words.word("formats", record.format),
        "plate": ""
        if record.status is Status.REJECTED
        else words.texts["facts"]["plate_wells"].format(wells=record.plate_wells),
        "chemistry": record.chemistry,
        "passive_reference": record.passive_reference,
        "ct_kind": "" if record.ct_kind in SAME_AS_CT else record.ct_kind,
        **{key: " ".join(str(v).split()) for key, v in (record.laboratory or {}).items()},
    }
    return [[_label(key, words), value] for key, value in known.items() if value]


def _label(key: str, words: Words) -> str:
    """Return the words for a fact; those of run.yaml may have any name."""
    return words.section("facts").get(key, key.replace("_", " "))


def _tally(samples: Sequence[Sample], view: View) -> list[dict[str, Any]]:
    """Return how many samples there are of each call, most frequent first."""
    chips = [calls.chip(s, view) for s in samples]
    found = Counter((c["label"], c["level"]) for c in chips)
    return [
        {"label": label, "count": n, "level": level} for (label, level), n in found.most_common()
    ]


def _flags(samples: Sequence[Sample], view: View) -> list[dict[str, str]]:
    """Return each flag of the run with its meaning and the samples that carry it."""
    codes = dict.fromkeys(flag for sample in samples for flag in sample.flags)
    order = [*view.words.section("flags"), *codes]
    found: list[dict[str, str]] = []
    for code in sorted(codes, key=order.index):
        carriers = [s for s in samples if code in s.flags]
        wells = [w for s in carriers for w in view.wells_of(s.sample)]
        found.append(
            {
                "code": code,
                "level": calls.flag_level(code),
                "label": view.words.word("flags", code),
                "sentence": calls.flag_sentence(code, wells, view),
                "who": _who([s.sample for s in carriers], len(samples), view.words),
            }
        )
    return found


def _who(names: Sequence[str], total: int, words: Words) -> str:
    if len(names) == total and total > 1:
        return words.say("flag_all", total=total)
    shown = [shortened(name, NAME_LETTERS) for name in names[:NAMES_SHOWN]]
    more = [f"+{len(names) - NAMES_SHOWN}"] if len(names) > NAMES_SHOWN else []
    said = words.joined([*shown, *more])
    return words.say("flag_samples", count=len(names), total=total, names=said)


def _controls(view: View) -> dict[str, Any]:
    """Return the control wells by sample and assay, and what they mean for each assay."""
    groups: dict[tuple[Role, str], list[Well]] = {}
    for well in _shown_controls(view):
        groups.setdefault((well.role, well.sample), []).append(well)
    order = list(Role)
    rows = sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    return {
        "rows": [_control_row(role, name, wells, view) for (role, name), wells in rows],
        "verdicts": control_verdicts(view),
    }


def _shown_controls(view: View) -> list[Well]:
    """Return the control wells but those of a standard curve: these have a page of their own."""
    standards = {(well, curve.assay) for curve in view.source.standards for well in curve.wells}
    return [
        well
        for well in view.controls
        if well.role is not Role.STANDARD or (well.well, well.assay) not in standards
    ]


def _control_row(role: Role, name: str, wells: Sequence[Well], view: View) -> dict[str, Any]:
    return {
        "name": shortened(name, TABLE_LETTERS),
        "said": view.words.joined(
            text for text in (view.words.word("roles", role), _expected(role, wells, view)) if text
        ),
        "cells": [_cts([w for w in wells if w.assay == a["name"]], view) for a in view.assays],
    }


def _expected(role: Role, wells: Sequence[Well], view: View) -> str:
    words = view.words
    if role is Role.POSITIVE_CONTROL:
        stated = [c for entry in view.sheet(wells) for c in entry.expected or ()]
        if stated:
            return words.say("expected_classes", classes=words.joined(dict.fromkeys(stated)))
        return words.say("expected_all")
    keys = {Role.NTC: "expected_none", Role.NEGATIVE_CONTROL: "expected_wild"}
    return words.say(keys[role]) if role in keys else ""


def _cts(wells: Sequence[Well], view: View) -> list[dict[str, str]]:
    """Return the Ct of each well of a cell, with what it says; of many wells their range."""
    if len(wells) <= CELL_WELLS:
        return [_one_ct(well, view) for well in wells]
    outcomes = dict.fromkeys(well.outcome for well in wells)
    groups = [[w for w in wells if w.outcome is outcome] for outcome in outcomes]
    return [_range(group, view) if len(group) > 1 else _one_ct(group[0], view) for group in groups]


def _one_ct(well: Well, view: View) -> dict[str, str]:
    return {"text": view.ct(well.ct), "outcome": well.outcome.value, "well": well.well}


def _range(wells: Sequence[Well], view: View) -> dict[str, str]:
    found = [well.ct for well in wells if well.ct is not None]
    ends = dict.fromkeys(map(view.ct, (min(found), max(found)))) if found else [view.ct(None)]
    return {
        "text": view.words.say("range_of_wells", range="–".join(ends), count=len(wells)),
        "outcome": wells[0].outcome.value,
        "well": ranges([well.well for well in wells], view.words),
    }


def control_verdicts(view: View) -> list[dict[str, Any]]:
    """Return per kind of control what the findings say of each assay; no finding: as expected."""
    said = {
        (f.subject, kind, STANDINGS[standing]): f.level
        for f in view.source.findings
        if f.scope == "assay"
        for kind, _, standing in [f.code.rpartition("_")]
        if kind in CONTROL_KINDS and standing in STANDINGS
    }
    rows: list[dict[str, Any]] = []
    for kind in CONTROL_KINDS:
        results = [_result(kind, a["name"], said, view) for a in view.assays]
        if kind != CONTROL_KINDS[-1] or any(r["code"] in {"fail", "review"} for r in results):
            rows.append({"label": view.words.word("control_kinds", kind), "cells": results})
    return rows


def _result(
    kind: str, assay: str, said: Mapping[tuple[str, str, str], Level], view: View
) -> dict[str, str]:
    sampled = any(w.assay == assay for w in view.source.wells if w.role is Role.UNKNOWN)
    if not view.is_breakpoint(assay) or not sampled:
        return {"code": "", "label": "", "level": ""}
    role = CONTROL_ROLES[kind]
    vouched = role is Role.POSITIVE_CONTROL
    run = any(w.role is role and (vouched or w.assay == assay) for w in view.controls)
    unsaid = "pass" if run else "absent"
    code = next((s for a, k, s in said if (a, k) == (assay, kind)), unsaid)
    level = {"pass": "pass", "fail": "fail", "review": "warn"}.get(code, "")
    if code == "absent":
        found = said.get((assay, kind, code), Level.INFO)
        level = "" if found is Level.INFO else "fail"
    return {"code": code, "label": view.words.word("control_results", code), "level": level}


def _levels(view: View) -> dict[str, Any]:
    """Return whether the calls have a column of levels, and what is said of all of them at once."""
    source, words = view.source, view.words
    if any_level(source.levels):
        confidence = words.percent(view.confidence)
        return {"shown": True, "note": words.say("level_column_note", confidence=confidence)}
    negative = any(sample.call == Call.NEGATIVE for sample in source.samples)
    return {"shown": False, "note": words.say("negatives_note") if negative else ""}


def _call(sample: Sample, view: View) -> dict[str, Any]:
    wells = view.wells_of(sample.sample)
    return {
        "sample": shortened(sample.sample, TABLE_LETTERS),
        "chip": calls.chip(sample, view),
        "flags": calls.flag_words(sample.flags, view),
        "level": short_levels(sample, view.levels_of(sample.sample), view.words),
        "cells": [_cts([w for w in wells if w.assay == a["name"]], view) for a in view.assays],
    }
