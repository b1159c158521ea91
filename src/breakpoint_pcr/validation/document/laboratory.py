"""The laboratory's own validation: agreement, precision, limits of detection, standard curves.

It names samples, so it stands in the PDF alone.
"""

from collections.abc import Sequence
from typing import Any

from breakpoint_pcr.tables import StandardCurve
from breakpoint_pcr.validation.document.blocks import Block, columns, section, table, text
from breakpoint_pcr.validation.document.curves import detection_table, hit_rate_figure
from breakpoint_pcr.validation.document.mistakes import call_words
from breakpoint_pcr.validation.document.numbers import copies, share_with
from breakpoint_pcr.validation.document.source import View
from breakpoint_pcr.validation.rows import Agreement, Disagreement, Precision
from breakpoint_pcr.validation.summing import ANY_CLASS

SD_DIGITS, CT_DIGITS, SLOPE_DIGITS, R_DIGITS = 3, 2, 3, 4


def laboratory_section(view: View) -> dict[str, Any]:
    """Return what the runs say of the laboratory's own validation, or how to get it."""
    parts = {
        "agreement": _agreement(view),
        "precision": _precision(view),
        "detection": _detection(view),
        "standards": _standards(view),
    }
    if not any(parts.values()):
        return section("laboratory", view.words, [text(view.say("laboratory_nothing"))])
    blocks = [text(view.say("laboratory"))]
    for name, found in parts.items():
        blocks += found or [text(view.say(f"no_{name}"))]
    return section("laboratory", view.words, blocks)


def _agreement(view: View) -> list[Block]:
    words = view.words
    tables = view.source.laboratory
    rows = [_agreement_row(row, view) for row in tables.agreement if row.samples]
    if not rows:
        return []
    heads = columns(
        words,
        *("deletion", ">samples", ">names", ">true_positive", ">false_positive", ">false_negative"),
        *(">true_negative", ">left_open", ">ppa", ">npa"),
    )
    title, note = words.word("headings", "agreement"), view.say("agreement_note")
    return [table(title, heads, rows, note=note), _disagreements(tables.disagreements, view)]


def _agreement_row(row: Agreement, view: View) -> list[str]:
    words = view.words
    counts = (
        *(row.samples, row.names, row.true_positive, row.false_positive),
        *(row.false_negative, row.true_negative, row.open),
    )
    return [
        view.say("any_class") if row.deletion == ANY_CLASS else row.deletion,
        *map(words.count, counts),
        share_with(row.ppa, row.ppa_low, row.ppa_high, words),
        share_with(row.npa, row.npa_low, row.npa_high, words),
    ]


def _disagreements(rows: Sequence[Disagreement], view: View) -> Block:
    words = view.words
    if not rows:
        return text(view.say("no_disagreement"))
    heads = columns(words, "*run", "*sample", "truth", "*call", "result", "*reason")
    cells = [
        [
            row.run,
            row.sample,
            words.joined(row.truth) or view.say("truth_none"),
            call_words(row.call, row.deletions, view),
            words.word("differences", row.result),
            words.told(row.reason),
        ]
        for row in rows
    ]
    return table(words.word("headings", "disagreements"), heads, cells)


def _precision(view: View) -> list[Block]:
    words = view.words
    rows = [_precision_row(row, view) for row in view.source.laboratory.precision]
    if not rows:
        return []
    heads = columns(
        words,
        *("*material", "assay", ">days", ">runs", ">wells", ">without_ct", ">mean"),
        *(">repeatability", ">between_run", ">between_day", ">within_laboratory", "*remark"),
    )
    title, note = words.word("headings", "precision"), view.say("precision_note")
    return [table(title, heads, rows, note=note)]


def _precision_row(row: Precision, view: View) -> list[str]:
    words = view.words
    spreads = (
        *(row.repeatability_sd, row.between_run_sd),
        *(row.between_day_sd, row.within_laboratory_sd),
    )
    return [
        _material(row, view),
        row.assay,
        *map(words.count, (row.days, row.runs, row.wells, row.without_ct)),
        words.number(row.mean, CT_DIGITS),
        *(words.number(sd, SD_DIGITS) for sd in spreads),
        words.told(row.reason) or words.missing,
    ]


def _material(row: Precision, view: View) -> str:
    """Return a material's name with its role, patient and quantity."""
    said = [view.words.word("roles", row.role)]
    if row.patient_ref:
        said.append(view.say("material_patient", patient=row.patient_ref))
    if row.copies is not None:
        said.append(view.say("material_copies", copies=copies(row.copies, view.words)))
    if row.dilution is not None:
        said.append(view.say("material_dilution", share=copies(row.dilution, view.words)))
    return view.say("material", sample=row.sample, said=view.words.joined(said))


def _detection(view: View) -> list[Block]:
    tables = view.source.laboratory
    if not tables.curves:
        return []
    title = view.words.word("headings", "detection")
    note = view.say("detection_note")
    drawn = hit_rate_figure(tables.levels, tables.curves, view)
    return [detection_table(title, tables.curves, view, note), *([drawn] if drawn else [])]


def _standards(view: View) -> list[Block]:
    words = view.words
    rows = [_standards_row(row, view) for row in view.source.laboratory.standards]
    if not rows:
        return []
    heads = columns(
        words,
        *("*run", "assay", "quantity", ">points", ">slope", ">intercept", ">r_squared"),
        *(">efficiency", "range", "accepted", "**remark"),
    )
    title, note = words.word("headings", "standards"), view.say("standards_note")
    return [table(title, heads, rows, note=note)]


def _standards_row(row: StandardCurve, view: View) -> list[str]:
    words = view.words
    quantity = words.word("quantities", row.quantity)
    return [
        row.run,
        row.assay,
        f"{quantity} ({row.patient_ref})" if row.patient_ref else quantity,
        words.count(row.points),
        words.number(row.slope, SLOPE_DIGITS),
        words.number(row.intercept, CT_DIGITS),
        words.number(row.r_squared, R_DIGITS),
        _efficiency(row, view),
        _range(row, view),
        words.word("labels", "yes" if row.accepted else "no"),
        words.told(row.reason) or words.missing,
    ]


def _efficiency(row: StandardCurve, view: View) -> str:
    if row.efficiency is None:
        return view.words.missing
    value, low, high = (
        view.words.missing if share is None else view.words.number(100 * share, 1)
        for share in (row.efficiency, row.efficiency_low, row.efficiency_high)
    )
    return view.say("interval", value=value, low=low, high=high)


def _range(row: StandardCurve, view: View) -> str:
    if row.quantity_min is None or row.quantity_max is None:
        return view.words.missing
    low, high = copies(row.quantity_min, view.words), copies(row.quantity_max, view.words)
    if low == high:
        return low
    return view.say("range", low=low, high=high)
