"""Levels and standard curves as the report shows them, against values worked out by hand."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report_example import (
    FONTS,
    LEVELS,
    RUN,
    STANDARDS,
    example_source,
    level_of,
    level_source,
    sample_of,
)

from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.document import compose, document_text
from breakpoint_pcr.report.levels import short_levels
from breakpoint_pcr.report.wording import FOLDER, load_words
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Clone, Detected, Quantity, Role

COVERAGE = read_coverage(FONTS)
WORDS = load_words("en")
BLANK = "\u00a0"


def plain(text):
    """Text with ordinary blanks."""
    return text.replace(BLANK, " ")


@pytest.fixture(scope="module")
def document():
    return compose(level_source(), COVERAGE)


def page(document, sample):
    return next(p for p in document["samples"] if p["sample"] == sample)


# ---------- numbers ----------
@pytest.mark.parametrize(
    ("values", "said"),
    [
        # Two significant digits, in percent from 0.01 % on.
        ((0.452,), "45 %"),
        ((0.452, 0.361, 0.5649), "45 % (36–56 %)"),
        ((1.31,), "130 %"),
        ((0.995,), "100 %"),
        ((0.05,), "5.0 %"),
        ((1.977e-4,), "0.020 %"),
        ((1e-4, 3e-5, 2e-4), "0.010 % (0.0030–0.020 %)"),
        ((9.96e-5,), "0.010 %"),  # rounds up to the limit of percent
        # Below it the power of ten of the value, which its interval shares.
        ((9.94e-5,), "9.9 × 10⁻⁵"),
        ((2.13e-5, 9.7e-6, 4.66e-5), "2.1 (0.97–4.7) × 10⁻⁵"),
        ((4e-10, 1e-10, 5e-9), "4.0 (1.0–50) × 10⁻¹⁰"),
        ((0.0,), "0 %"),
        # An interval without both ends is none.
        ((0.2, 0.1, None), "20 %"),
        ((0.2, 0.1, float("inf")), "20 %"),
    ],
)
def test_fractions(values, said):
    assert plain(WORDS.fraction(*values)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (7.92e-4, "0.080 %"),  # to the nearest it would be 0.079 %: more than was shown
        (7.9e-4, "0.079 %"),
        (9.91e-5, "0.010 %"),
        (9.8e-5, "9.8 × 10⁻⁵"),
        (2.01e-5, "2.1 × 10⁻⁵"),
    ],
)
def test_an_excluded_fraction_is_rounded_up(value, said):
    assert plain(WORDS.excluded(value)) == said


def test_a_fraction_never_breaks_between_number_and_unit():
    assert " %" not in WORDS.fraction(0.452, 0.361, 0.5649)
    assert " ×" not in WORDS.fraction(2.1e-5)


@pytest.mark.parametrize(
    ("value", "said"),
    [(6849.0, "6,800"), (41.0, "41"), (3.14159, "3.1"), (0.0, "0"), (15152.0, "15,000")],
)
def test_copies_have_two_digits(value, said):
    assert WORDS.about(value) == said


# ---------- page 1 ----------
def test_page_1_has_a_column_of_levels_only_when_there_is_one(document):
    assert document["overview"]["levels"]["shown"]
    assert "95 % interval" in plain(document["overview"]["levels"]["note"])
    without = compose(example_source(), COVERAGE)["overview"]["levels"]
    assert not without["shown"]
    assert without["note"] == "Negative: sensitivity not established, so no level is excluded."
    no_negative = example_source(samples=[sample_of("P-001", "Δ3-5", ["Δ3-5"])])
    assert compose(no_negative, COVERAGE)["overview"]["levels"]["note"] == ""


def test_levels_of_each_kind_on_page_1(document):
    said = {row["sample"]: list(map(plain, row["level"])) for row in document["overview"]["calls"]}
    assert said == {
        "P-001": ["45 % (36–56 %), clonal"],
        "P-002": ["excludes ≥ 0.080 %, only for Δ3-5"],
        "P-003": ["Δ3-5 1.2 % (0.81–1.9 %), subclonal", "Δ2-6 41 copies"],
        "P-004": ["2.1 (0.97–4.7) × 10⁻⁵ of the diluted sample"],
        "P-005": [],
        "P-006": ["Δ2-5 130 % (100–170 %), clonal"],
    }


def negative(*excluded):
    rows = [
        level_of("N", deletion, excluded=value)
        for deletion, value in zip(("Δ3-5", "Δ2-5", "Δ2-6"), excluded, strict=False)
    ]
    return [plain(line) for line in short_levels(sample_of("N", "negative"), rows, WORDS)]


def test_a_negative_says_the_worst_level_of_its_classes():
    assert negative(2e-4, 4e-4, 3e-4) == ["excludes ≥ 0.040 %"]
    assert negative(2e-4, None, 5e-5) == ["excludes ≥ 0.020 %, only for Δ3-5, Δ2-6"]
    assert negative(None, None) == ["sensitivity not established"]
    assert negative() == ["sensitivity not established"]


def test_what_lies_between_clonal_and_subclonal_has_no_word_on_page_1():
    row = level_of("S", "Δ3-5", Detected.YES, fraction=0.25, clone=Clone.BETWEEN)
    lines = short_levels(sample_of("S", "Δ3-5", ["Δ3-5"]), [row], WORDS)
    assert [plain(line) for line in lines] == ["25 %"]


def test_a_class_that_is_open_has_no_level_on_page_1():
    row = level_of("S", "Δ3-5", Detected.OPEN, fraction=0.25)
    assert short_levels(sample_of("S", "inconclusive"), [row], WORDS) == []


# ---------- the page of a sample ----------
def lines_of(document, sample):
    """The table of a sample: heading -> cell, line by line."""
    table = page(document, sample)["levels"]
    return [dict(zip(table["heads"], map(plain, line), strict=True)) for line in table["lines"]]


def test_table_of_a_detected_class_and_two_that_are_not(document):
    """The two negatives have the same numbers and share a line."""
    assert lines_of(document, "P-001") == [
        {
            "Class": "Δ3-5",
            "Detected": "detected",
            "Assay": "L.3/R-5",
            "Level": "45 % (36–56 %)",
            "Copies per reaction": "6,800",
            "Excluded": "",
            "Sampling limit": "",
        },
        {
            "Class": "Δ2-5, Δ2-6",
            "Detected": "not detected",
            "Assay": "L.2/R-5, L.2/R-6",
            "Level": "",
            "Copies per reaction": "",
            "Excluded": "not established",
            "Sampling limit": "0.020 %",
        },
    ]


def test_table_of_a_negative_has_no_empty_columns(document):
    first, second = lines_of(document, "P-002")
    assert list(first) == ["Class", "Detected", "Assay", "Excluded", "Sampling limit"]
    assert (first["Class"], first["Excluded"], first["Sampling limit"]) == (
        "Δ3-5",
        "≥ 0.080 %",
        "0.020 %",
    )
    assert (second["Class"], second["Excluded"]) == ("Δ2-5, Δ2-6", "not established")


def test_only_columns_that_are_there_are_explained(document):
    note = page(document, "P-002")["levels"]["note"]
    assert "Excluded:" in note
    assert "Level:" not in note


def test_statements_stand_below_the_table(document):
    def said(sample):
        return [
            (s["statement"], s["reason"]) for s in page(document, sample)["levels"]["sentences"]
        ]

    # A fraction with how it was found; nothing is excluded, which the limitations say.
    assert said("P-001") == [(LEVELS[0].statement, LEVELS[0].reason)]
    # One class has an excluded level, so every absent class says what it has.
    assert said("P-002") == [(row.statement, "") for row in LEVELS[3:6]]


def test_classes_that_were_found_come_first():
    rows = [level_of("P-001", "Δ3-5", excluded=1e-3), level_of("P-001", "Δ2-5", Detected.YES)]
    document = compose(level_source(levels=rows), COVERAGE)
    assert [line["Class"] for line in lines_of(document, "P-001")] == ["Δ2-5", "Δ3-5"]
    said = [s["statement"] for s in page(document, "P-001")["levels"]["sentences"]]
    assert said == [rows[1].statement, rows[0].statement]


def test_a_patient_who_is_followed_by_a_class_sees_why(document):
    source = level_source()
    sheet = (SheetEntry("A5", sample="P-002", marker=("Δ3-5",)), *source.record.sheet)
    found = compose(replace(source, record=replace(source.record, sheet=sheet)), COVERAGE)
    reasons = [s["reason"] for s in page(found, "P-002")["levels"]["sentences"]]
    assert reasons == [LEVELS[3].reason, "", ""]


def test_without_standards_nobody_misses_a_fraction():
    rows = [
        level_of("P-001", "Δ3-5", Detected.YES, reason="no standard curve"),
        level_of("P-002", "Δ3-5", excluded=1e-3),
    ]
    none = compose(level_source(levels=rows, standards=[]), COVERAGE)
    assert page(none, "P-001")["levels"]["sentences"] == []
    some = compose(level_source(levels=rows), COVERAGE)
    assert page(some, "P-001")["levels"]["sentences"][0]["reason"] == "no standard curve"


def test_a_table_is_printed_only_where_the_run_has_a_level(document):
    assert page(document, "P-001")["levels"]["shown"]
    assert not page(document, "P-005")["levels"]["shown"]  # all classes open
    rows = [level_of("P-002", c, sampling_limit=1.977e-4) for c in ("Δ3-5", "Δ2-5", "Δ2-6")]
    found = page(compose(level_source(levels=rows), COVERAGE), "P-002")
    assert not found["levels"]["shown"]
    assert len(found["levels"]["rows"]) == 3
    empty = page(compose(example_source(), COVERAGE), "P-001")["levels"]
    assert (empty["shown"], empty["lines"], empty["rows"]) == (False, [], [])


def test_json_holds_every_row_of_levels_tsv(document):
    rows = [row for p in document["samples"] for row in p["levels"]["rows"]]
    assert [(r["sample"], r["class"]) for r in rows] == [(r.sample, r.deletion) for r in LEVELS]
    assert rows[0] == {
        "run": RUN,
        "sample": "P-001",
        "class": "Δ3-5",
        "detected": "yes",
        "assay": "L.3/R-5",
        "method": "standard_curves",
        "fraction": 0.452,
        "fraction_low": 0.361,
        "fraction_high": 0.5649,
        "copies": 6849.0,
        "clone": "clonal",
        "cells": None,
        "sampling_limit": None,
        "excluded": None,
        "statement": LEVELS[0].statement,
        "reason": LEVELS[0].reason,
    }


def limits_of(rows, sample="P-002"):
    document = compose(level_source(levels=rows), COVERAGE)
    return " ".join(page(document, sample)["limits"])


def test_limitations_name_the_classes_without_a_sensitivity():
    first, second = level_of("P-002", "Δ3-5", excluded=1e-3), level_of("P-002", "Δ2-5")
    assert "Sensitivity not established for Δ2-5:" in limits_of([first, second])
    assert "Sensitivity not established: a negative" in limits_of([second])
    assert "Sensitivity not established: a negative" in limits_of([])
    assert "Sensitivity" not in limits_of([first])
    # A sample all of whose classes are open has no negative at all.
    open_ = level_of("P-002", "Δ3-5", Detected.OPEN)
    assert "Sensitivity not established: a negative" in limits_of([open_])


def test_limitations_give_the_worst_sampling_limit_where_it_is_known_of_all():
    rows = [level_of("P-002", "Δ3-5", sampling_limit=1.977e-4)]
    rows.append(level_of("P-002", "Δ2-5", sampling_limit=9.9e-4))
    assert "can exclude 0.099 % of its cells at best" in plain(limits_of(rows))
    rows.append(level_of("P-002", "Δ2-6"))
    assert "at best" not in limits_of(rows)


def test_only_levels_tsv_may_say_mrd_negative(document):
    """The words have conditions, which the config holds and the report does not know."""
    sources = [*FOLDER.parent.rglob("*.py"), *FOLDER.parent.rglob("*.typ"), *FOLDER.glob("*.yaml")]
    sources += Path("src/breakpoint_pcr/summary").rglob("*.*ml")
    words = re.compile(r"\bMRD\b")
    assert [s.name for s in sources if words.search(s.read_text(encoding="utf-8"))] == []
    assert not words.search(document_text(document))
    said = "MRD negative: less than 0.01 % is excluded"
    rows = [level_of("P-002", "Δ3-5", excluded=9e-5, statement=said)]
    found = compose(level_source(levels=rows), COVERAGE)
    assert set(words.findall(document_text(found))) == {"MRD"}
    assert page(found, "P-002")["levels"]["sentences"][0]["statement"] == said


def test_numbers_without_end_do_not_spoil_the_json():
    rows = [level_of("P-001", "Δ3-5", Detected.YES, fraction=0.2, fraction_high=float("inf"))]
    curve = replace(STANDARDS[0], efficiency_high=float("inf"))
    document = compose(level_source(levels=rows, standards=[curve]), COVERAGE)
    read = json.loads(document_text(document), parse_constant=lambda _: pytest.fail("no JSON"))
    assert page(read, "P-001")["levels"]["rows"][0]["fraction_high"] is None
    assert plain(read["standards"]["rows"][0]["efficiency"]) == "99.2 % (97.6–>1000 %)"


# ---------- standard curves ----------
def test_a_run_without_standard_curves_has_no_page_of_them():
    assert compose(example_source(), COVERAGE)["standards"] is None


def test_table_of_standard_curves(document):
    rows = document["standards"]["rows"]
    assert [(r["assay"], r["quantity"], r["wells"], r["places"]) for r in rows] == [
        ("L.3/R-5", "copies per reaction", "5 of 5", "E1–E5"),
        ("L.2/R-5", "dilution of X-17", "4 of 4", "G1–G4"),
        ("HK", "copies per reaction", "4 of 5", "F1–F5"),
    ]
    assert [(r["slope"], r["r_squared"], r["range"]) for r in rows] == [
        ("-3.34", "1.0000", "10–10⁵"),
        ("-2.68", "0.9297", "10⁻⁴–0.1"),
        ("-3.42", "0.9996", "10²–10⁵"),
    ]
    assert [plain(r["efficiency"]) for r in rows] == [
        "99.2 % (97.6–100.9 %)",
        "136.1 % (60.0–>1000 %)",
        "96.1 % (86.6–108.0 %)",
    ]
    assert [(r["accepted"], r["verdict"]) for r in rows] == [
        (True, "accepted"),
        (False, "not accepted"),
        (True, "accepted"),
    ]
    assert rows[1]["reason"] == STANDARDS[1].reason
    assert rows[0]["values"]["intercept"] == 35.305


def test_a_curve_without_a_line_is_refused_without_numbers():
    """One quantity alone gave a Ct: points to draw, no line."""
    numbers = (
        "slope",
        "intercept",
        "r_squared",
        "efficiency",
        "efficiency_low",
        "efficiency_high",
        "quantity_min",
        "quantity_max",
    )
    curve = replace(STANDARDS[0], **dict.fromkeys(numbers), accepted=False, reason="one quantity")
    found = compose(level_source(standards=[curve]), COVERAGE)["standards"]
    (row,), (plot,) = found["rows"], found["plots"]
    assert {row[key] for key in ("slope", "efficiency", "r_squared", "range")} == {"–"}
    assert (plot["line"], plot["label"], len(plot["points"])) == ([], "", 5)


def test_points_and_line_lie_to_scale(document):
    """Copies 10 to 10⁵ and Ct 18.61 to 31.99; the axes go 0.35 decades and 1 cycle further.

    The line is Ct = 35.305 - 3.341 log10(copies): 31.964 at 10 and 18.6 at 10⁵, lower than any Ct.
    """
    plot = document["standards"]["plots"][0]
    low, high = 18.6 - 1, 31.99 + 1
    first, last = plot["points"][0], plot["points"][-1]
    assert (first["x"], last["x"]) == pytest.approx((0.35 / 4.7, 4.35 / 4.7), abs=1e-4)
    assert first["y"] == pytest.approx((31.99 - low) / (high - low), abs=1e-4)
    assert last["y"] == pytest.approx((18.61 - low) / (high - low), abs=1e-4)
    start, end = plot["line"]
    assert start["y"] == pytest.approx((31.964 - low) / (high - low), abs=1e-4)
    assert (start["x"], end["x"]) == (first["x"], last["x"])
    assert [tick["label"] for tick in plot["x_ticks"]] == ["10", "10²", "10³", "10⁴", "10⁵"]
    assert [tick["label"] for tick in plot["y_ticks"]] == ["20", "25", "30"]


def test_a_standard_without_a_ct_is_said_and_not_drawn(document):
    plot = document["standards"]["plots"][2]
    assert len(plot["points"]) == 4
    assert plot["alt"] == (
        "Standard curve of HK, Ct over copies per reaction, accepted. "
        "10: Ct –; 10²: Ct 28.40; 10³: Ct 24.90; 10⁴: Ct 21.60; 10⁵: Ct 18.10."
    )


def test_quantities_within_a_decade_get_ticks_of_their_own():
    source = level_source()
    amounts = {"E1": 60, "E2": 50, "E3": 40, "E4": 30, "E5": 20}
    sheet = [
        replace(entry, copies=amounts[entry.well]) if entry.well in amounts else entry
        for entry in source.record.sheet
    ]
    curve = replace(STANDARDS[0], quantity_min=20.0, quantity_max=60.0)
    changed = replace(source, record=replace(source.record, sheet=sheet), standards=[curve])
    (plot,) = compose(changed, COVERAGE)["standards"]["plots"]
    # Axis from log10 20 - 0.35 to log10 60 + 0.35, 1.18 decades: 10 and 100 lie on it.
    assert [tick["label"] for tick in plot["x_ticks"]] == ["10", "10²"]
    narrow = {"E1": 60, "E2": 55, "E3": 50, "E4": 45, "E5": 40}
    sheet = [replace(e, copies=narrow.get(e.well, e.copies)) for e in sheet]
    changed = replace(changed, record=replace(source.record, sheet=sheet))
    curve = replace(curve, quantity_min=40.0)
    (plot,) = compose(replace(changed, standards=[curve]), COVERAGE)["standards"]["plots"]
    # log10 40 - 0.35 is 1.25: 100 alone is a decade; 45 and 55 would touch 40 and 50.
    assert [tick["label"] for tick in plot["x_ticks"]] == ["40", "55"]


def test_copies_of_a_control_gene_follow_from_the_dna():
    """Without copies in the sheet: 66 ng at 6.6 pg a genome are 10,000 cells, 20,000 copies."""
    source = level_source()
    sheet = [replace(e, copies=None, input_ng=66.0) for e in source.record.sheet if e.well == "F1"]
    curve = replace(STANDARDS[2], wells=("F1",), points=1, quantity_min=2e4, quantity_max=2e4)
    changed = replace(source, record=replace(source.record, sheet=sheet), standards=[curve])
    (plot,) = compose(changed, COVERAGE)["standards"]["plots"]
    assert "20000: Ct 18.10" in plot["alt"]


def test_the_line_of_the_sheet_for_an_assay_counts_before_that_of_its_well():
    source = level_source()
    whole = [SheetEntry(f"E{n}", sample="STD", copies=5.0) for n in range(1, 6)]
    record = replace(source.record, sheet=(*whole, *source.record.sheet))
    found = compose(replace(source, record=record), COVERAGE)["standards"]
    assert found == compose(source, COVERAGE)["standards"]


def test_a_diluted_sample_that_lacks_what_an_assay_shows_takes_no_row():
    numbers = ("slope", "intercept", "r_squared", "efficiency", "quantity_min", "quantity_max")
    ends = {"efficiency_low": None, "efficiency_high": None}
    dark = replace(
        STANDARDS[1], assay="L.2/R-6", wells=(), points=0, **dict.fromkeys(numbers), **ends
    )
    found = compose(level_source(standards=[STANDARDS[1], dark]), COVERAGE)["standards"]
    assert [row["assay"] for row in found["rows"]] == ["L.2/R-5"]
    assert found["dark"] == ("No Ct in any well, so no curve: L.2/R-6: Ct over dilution of X-17.")
    failed = replace(dark, quantity=Quantity.COPIES, patient_ref="")
    found = compose(level_source(standards=[failed]), COVERAGE)["standards"]
    assert (len(found["rows"]), found["plots"], found["dark"]) == (1, [], "")


def test_standards_of_a_curve_stand_on_their_own_page_not_among_the_controls(document):
    names = [row["name"] for row in document["overview"]["controls"]["rows"]]
    assert names == ["NTC", "PC-all", "WT"]
    facts = dict(document["overview"]["facts"])
    assert facts["Samples"] == "6 samples, 3 controls, 14 wells of standards"
    without = compose(level_source(standards=[]), COVERAGE)["overview"]
    assert len(without["controls"]["rows"]) == 3 + 9
    assert dict(without["facts"])["Samples"] == "6 samples, 12 controls"
    wells = [w for w in level_source().wells if w.role is Role.STANDARD]
    assert len(wells) == 14


def test_traceability_names_the_limits_of_levels(document):
    settings = document["trace"]["settings"]
    assert ["level.confidence", "0.95"] in settings
    assert ["level.lod", "L.3/R-5, 12, A. Reviewer, 2024-02-01"] in settings
    assert ["level.mrd_negative", "null"] in settings


def test_every_code_of_levels_has_words():
    assert set(WORDS.section("detected")) == set(Detected)
    assert set(WORDS.section("clones")) == set(Clone) - {Clone.UNKNOWN}
    assert set(WORDS.section("quantities")) == set(Quantity)
