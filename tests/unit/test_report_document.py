"""report.json: what the report decides, against values worked out by hand."""

from dataclasses import replace

import pytest
from report_example import (
    FINDINGS,
    FONTS,
    RUN,
    example_panel,
    example_record,
    example_source,
    sample_of,
)

from breakpoint_pcr.report.characters import printed, read_coverage, unprintable
from breakpoint_pcr.report.document import compose, document_text
from breakpoint_pcr.report.plate import place_of, ranges, row_name, shortened
from breakpoint_pcr.report.styles import styles
from breakpoint_pcr.report.wording import load_words
from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import Finding, Level, Outcome, State

COVERAGE = read_coverage(FONTS)


@pytest.fixture(scope="module")
def document():
    return compose(example_source(), COVERAGE)


def page(document, sample):
    return next(p for p in document["samples"] if p["sample"] == sample)


# ---------- the run ----------
def finding(level, assay, code):
    return Finding(level, "assay", assay, code, "a sentence")


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([], "valid"),
        ([Finding(Level.INFO, "well", "A1", "x", "y")], "valid"),
        ([Finding(Level.WARNING, "primer", "R-6", "x", "y")], "remarks"),
        ([finding(Level.WARNING, "L.2/R-6", "ntc_review")], "remarks"),
        ([finding(Level.ERROR, "L.2/R-6", "ntc_failed")], "assays_invalid"),
        (
            [finding(Level.ERROR, a, "ntc_failed") for a in ("L.3/R-5", "L.2/R-5", "L.2/R-6")],
            "none_valid",
        ),
    ],
)
def test_verdict_of_the_run(findings, code):
    status = compose(example_source(findings=findings), COVERAGE)["status"]
    assert status["code"] == code


def test_the_verdict_names_the_assays_that_do_not_stand(document):
    assert "L.2/R-6" in document["status"]["reason"]
    assert "L.3/R-5" not in document["status"]["reason"]


def test_a_rejected_run_says_why_and_holds_no_call():
    record = example_record(status=Status.REJECTED, reason="export.txt line 43: no column Ct")
    source = example_source(record=record, reactions=[], curves=[], wells=[], samples=[])
    document = compose(source, COVERAGE)
    assert document["status"]["code"] == "rejected"
    assert document["status"]["reason"] == "export.txt line 43: no column Ct"
    assert not {"samples", "overview", "controls"} & set(document)


def test_control_verdicts_come_from_the_findings(document):
    """The example has one finding on a control: no wild-type control of L.2/R-6."""
    rows = {row["label"]: row["cells"] for row in document["overview"]["controls"]["verdicts"]}
    assert [c["code"] for c in rows["no-template control"]] == ["pass", "pass", "pass", ""]
    assert [c["code"] for c in rows["wild-type control"]] == ["pass", "pass", "absent", ""]
    assert rows["wild-type control"][2]["level"] == "fail"


def test_a_control_that_was_not_run_is_never_as_expected():
    source = example_source()
    wells = [w for w in source.wells if w.sample != "NTC"]
    document = compose(replace(source, wells=wells, findings=[]), COVERAGE)
    rows = {row["label"]: row["cells"] for row in document["overview"]["controls"]["verdicts"]}
    assert [c["code"] for c in rows["no-template control"]] == ["absent"] * 3 + [""]


def test_flags_stand_on_the_first_page_with_the_samples_that_carry_them(document):
    flags = {f["code"]: f["who"] for f in document["overview"]["flags"]}
    assert flags["primer_unconfirmed"] == "2 of 6 samples: P-002, P-004"
    assert set(flags) == {f for s in example_source().samples for f in s.flags}


def test_what_must_be_repeated(document):
    repeats = {r["sample"]: r["what"] for r in document["overview"]["repeats"]}
    assert repeats == {
        "P-005": "all assays, with new or differently diluted DNA",
        "P-006": "L.2/R-6 (B11)",
    }
    whys = {r["sample"]: r["why"] for r in document["overview"]["repeats"]}
    assert whys["P-005"] == "the control gene does not show enough DNA"
    assert whys["P-006"] == "no Ct, but curve in doubt (weak, slow rise)"
    assert {r["call"] for r in document["overview"]["repeats"]} == {"open"}


def repeats_of(source):
    return compose(source, COVERAGE)["overview"]["repeats"]


def changed_well(source, well, **changes):
    wells = [replace(w, **changes) if w.well == well else w for w in source.wells]
    return replace(source, wells=wells)


def test_a_well_in_doubt_beside_a_call_that_stands_comes_last():
    """P-001 is called; its A2 is invalid because a control of L.2/R-5 failed."""
    source = changed_well(example_source(), "A2", outcome=Outcome.INVALID, reason="long story")
    failed = finding(Level.ERROR, "L.2/R-5", "ntc_failed")
    last = repeats_of(replace(source, findings=[failed]))[-1]
    assert last == {
        "sample": "P-001",
        "what": "L.2/R-5 (A2)",
        "why": "controls of L.2/R-5 failed or are missing",
        "call": "stands anyway",
    }


def test_an_omitted_well_is_not_blamed_on_the_controls():
    gone = {"outcome": Outcome.INVALID, "state": State.OMITTED, "reason": "the well is omitted"}
    source = changed_well(example_source(), "A2", **gone)
    failed = finding(Level.ERROR, "L.2/R-5", "ntc_failed")
    assert repeats_of(replace(source, findings=[failed]))[-1]["why"] == "the well is omitted"


def with_wells(source, more):
    """Return the source with wells more, without curves."""
    model = replace(source.reactions[0], curve_kind=type(source.reactions[0].curve_kind).NONE)
    reactions = [replace(model, well=well.well, ct=well.ct) for well in more]
    return replace(source, wells=[*source.wells, *more], reactions=[*source.reactions, *reactions])


def test_replicates_that_disagree_are_both_repeated():
    source = example_source(samples=[sample_of("P-001", "inconclusive")])
    twin = replace(source.wells[0], well="H12", outcome=Outcome.NEGATIVE)
    (row,) = repeats_of(with_wells(source, [twin]))
    assert row["what"] == "L.3/R-5 (A1, H12)"
    assert row["why"] == "replicates of L.3/R-5 disagree"


def test_samples_with_the_same_repeat_share_a_line():
    flags = ["control_gene_failed"]
    samples = [sample_of(name, "invalid", flags=flags) for name in ("P-002", "P-005")]
    (row,) = repeats_of(example_source(samples=samples))
    assert row["sample"] == "P-002, P-005"


def test_a_control_gene_that_was_not_run_is_not_called_weak():
    source = example_source(samples=[sample_of("P-005", "invalid", flags=["control_gene_failed"])])
    wells = [w for w in source.wells if (w.sample, w.assay) != ("P-005", "HK")]
    (row,) = repeats_of(replace(source, wells=wells))
    assert row["what"] == "all assays, together with a control gene"
    assert row["why"].startswith("no control gene was run")


def test_many_replicates_of_a_cell_are_a_range():
    """A1 has 24.719; four wells more in the same assay, 20 to 23, and one without a Ct."""
    source = example_source(samples=[sample_of("P-001", "Δ3-5", ["Δ3-5"])])
    first = source.wells[0]
    more = [replace(first, well=f"G{n}", ct=19.0 + n) for n in range(1, 5)]
    none = replace(first, well="G6", ct=None, outcome=Outcome.NEGATIVE)
    document = compose(with_wells(source, [*more, none]), COVERAGE)
    cells = document["overview"]["calls"][0]["cells"][0]
    assert [(c["text"], c["outcome"]) for c in cells] == [
        ("20.00–24.72 (5 wells)", "positive"),
        ("–", "negative"),
    ]


def test_a_run_without_an_assay_of_the_panel_is_not_called_valid():
    source = example_source(reactions=[], curves=[], wells=[], samples=[])
    document = compose(replace(source, features=[], findings=[]), COVERAGE)
    assert (document["status"]["code"], document["status"]["level"]) == ("no_assay", "fail")


def test_the_flag_on_primers_names_them_and_what_hangs_on_them(document):
    """R-6 has one gap at its only site; only L.2/R-6 shows Δ2-6."""
    (flag,) = (f for f in document["overview"]["flags"] if f["code"] == "primer_unconfirmed")
    assert flag["sentence"].startswith("R-6 has no exact site")
    assert "absence of Δ2-6 is not established" in flag["sentence"]


def test_a_positive_shows_the_size_of_its_product(document):
    shown = {e["assay"]: (e["implies"], e["size"]) for e in page(document, "P-003")["evidence"]}
    assert shown["L.3/R-5"] == ("Δ3-5", "200–250 bp")
    assert shown["L.2/R-5"] == shown["HK"] == ("", "")


def test_the_name_of_the_format_is_that_of_the_reader():
    source = example_source(record=example_record(format="generic", ct_kind="Crt"))
    document = compose(source, COVERAGE)
    facts = dict(document["trace"]["facts"])
    assert facts["Export format"].startswith("Generic table")
    assert dict(document["overview"]["facts"])["Quantity exported as Ct"] == "Crt"


def test_an_inconclusive_sample_repeats_the_assay_that_was_not_run():
    source = example_source()
    wells = [w for w in source.wells if (w.sample, w.assay) != ("P-006", "L.2/R-6")]
    document = compose(replace(source, wells=wells), COVERAGE)
    assert document["overview"]["repeats"][1]["what"] == "L.2/R-6 (not run)"


# ---------- samples ----------
@pytest.mark.parametrize(
    ("call", "deletions", "candidates", "said"),
    [
        ("Δ3-5", ["Δ3-5"], [], "Product across the breakpoints of Δ3-5 detected: a deletion of ex"),
        ("mixed", ["Δ3-5", "Δ2-6"], [], "Products of more than one deletion detected: Δ3-5, Δ2-6."),
        ("mixed", [], ["Δ3-5", "mixed"], "Products of more than one deletion detected; which ones"),
        ("negative", [], [], "None of the listed deletions detected (Δ3-5, Δ2-5, Δ2-6)."),
        ("inconclusive", ["Δ2-5"], ["Δ2-5", "mixed"], "Δ2-5 detected; further classes not exclud"),
        ("inconclusive", [], ["Δ2-5", "negative"], "No definite call. Possible: Δ2-5 or none of"),
        ("invalid", [], [], "No result"),
    ],
)
def test_interpretation(call, deletions, candidates, said):
    sample = sample_of("P-001", call, deletions, candidates)
    document = compose(example_source(samples=[sample]), COVERAGE)
    assert document["samples"][0]["interpretation"].startswith(said)


def test_a_negative_lists_only_the_classes_that_were_tested():
    source = example_source(samples=[sample_of("P-002", "negative")])
    wells = [w for w in source.wells if (w.sample, w.assay) != ("P-002", "L.2/R-6")]
    document = compose(replace(source, wells=wells), COVERAGE)
    assert "(Δ3-5, Δ2-5)." in document["samples"][0]["interpretation"]


def test_limits_name_the_numbering_the_panel_and_the_unknown_sensitivity(document):
    text = " ".join(page(document, "P-002")["limits"])
    assert "exons of NM_999999.1" in text
    assert "A sentence about the neighbours of this gene." in text
    assert "Sensitivity not established" in text


@pytest.mark.parametrize(
    ("sample", "description"),
    [
        # L.3 ends at 1,020,019, exon 3 begins at 1,030,000; exon 5 ends at 1,045,199.
        ("P-001", "NC_999999.1:g.(1020019_1030000)_(1045199_1050000)del"),
        # R-6 lies on a record without a place: exon 6 ends at 1,055,199, then unknown.
        ("P-003", "NC_999999.1:g.(1010019_1015000)_(1055199_?)del"),
    ],
)
def test_a_lost_segment_is_described_by_what_is_certain(document, sample, description):
    assert page(document, sample)["segment"]["descriptions"][-1].endswith(description)


def test_the_nearer_of_two_primers_that_lit_up_bounds_the_segment():
    """A second left primer for Δ2-5 at 1,012,000: its end, 1,012,019, is the tighter bound."""
    panel = example_panel()
    near = {**panel["primers"][0], "name": "L.2n"}
    near["sites"] = [{**near["sites"][0], "start": 11999, "end": 12019}]
    panel["primers"].append(near)
    panel["assays"][0] = {**panel["assays"][0], "deletions": ["Δ2-5"]}
    panel["wild_type"][0] = {**panel["wild_type"][0], "forward": "L.2n"}
    source = example_source(panel=panel, samples=[sample_of("P-001", "Δ2-5", ["Δ2-5"])])
    for lit, left in (({"A1", "A2"}, 1012019), ({"A1"}, 1012019), ({"A2"}, 1010019)):
        wells = [replace(w, outcome=outcome_of(w.well in lit)) for w in source.wells]
        found = compose(replace(source, wells=wells), COVERAGE)["samples"][0]["segment"]
        assert f"g.({left}_1015000)" in found["descriptions"][0]


def outcome_of(positive):
    return Outcome.POSITIVE if positive else Outcome.NEGATIVE


def test_ct_just_below_the_limit_keeps_its_digits(document):
    cell = document["overview"]["calls"][3]["cells"][1][0]
    assert (cell["text"], cell["outcome"]) == ("32.9996", "positive")


def test_unknown_flags_are_shown_verbatim():
    sample = sample_of("P-001", "Δ3-5", ["Δ3-5"], flags=["a_new_flag"])
    document = compose(example_source(samples=[sample]), COVERAGE)
    assert document["overview"]["flags"][0]["label"] == "a_new_flag"
    assert document["samples"][0]["flags"][0]["sentence"] == "a_new_flag"


def test_alt_texts_state_the_content(document):
    figure = page(document, "P-001")["figure"]
    assert "L.3/R-5 in A1: Ct 24.72, positive" in figure["linear"]["alt"]
    assert "linear" in figure["linear"]["alt"]
    assert "Positive: A1 L.3/R-5" in document["overview"]["plate"]["alt"]


def test_sample_without_curves_has_no_figure():
    source = example_source()
    reactions = [replace(r, curve_kind=type(r.curve_kind).NONE) for r in source.reactions]
    document = compose(replace(source, reactions=reactions, curves=[]), COVERAGE)
    assert page(document, "P-001")["figure"] is None
    assert document["controls"]["plots"] == []


# ---------- the rest ----------
def test_the_document_does_not_depend_on_its_own_id():
    first, second = (compose(example_source(), COVERAGE) for _ in range(2))
    assert document_text(first) == document_text(second)
    other = compose(example_source(laboratory="Another"), COVERAGE)
    assert other["meta"]["report_id"] != first["meta"]["report_id"]


def test_traceability_names_files_settings_and_checksums(document):
    trace = document["trace"]
    assert trace["files"][0]["sha256"] == "12" * 32
    assert ["calling.ct_limit", "33"] in trace["settings"]
    assert ["controls.control_gene.ct_max", "28"] in trace["settings"]
    assert {"ab" * 32, "cd" * 32, "ef" * 32} <= {row[-1] for row in trace["sources"]}
    assert trace["overrides"][0]["by"] == "A. Reviewer"
    assert trace["excluded"][0]["reason"] == "pipetting error"


def test_findings_come_gravest_first(document):
    assert [f["level"] for f in document["findings"]] == ["fail", "warn", "info"]
    assert len(document["findings"]) == len(FINDINGS)


def test_a_date_that_is_none_does_not_stop_the_report():
    for text in ("", "sometime", "2024-02-31"):
        meta = compose(example_source(record=example_record(run_date=text)), COVERAGE)["meta"]
        assert meta["date"] == [2000, 1, 1]


def test_characters_without_a_glyph_are_named_in_a_finding():
    source = example_source(laboratory="Lab 𠮷\u202e😀")
    document = compose(source, COVERAGE)
    assert document["meta"]["replaced"] == {
        "\u202e": "U+202E",
        "𠮷": "U+20BB7",
        "😀": "U+1F600",
    }
    added = next(f for f in document["findings"] if f["code"] == "characters_replaced")
    assert "U+20BB7" in added["sentence"]
    assert document["meta"]["laboratory"] == "Lab 𠮷\u202e😀"


def test_printed_exchanges_only_what_cannot_be_printed():
    replaced = unprintable({"k": "a\u0007\n𠮷\\n"}, COVERAGE)
    assert replaced == {"\x07": "U+0007", "\n": "U+000A", "𠮷": "U+20BB7"}
    # Escaped control characters are exchanged; an escaped backslash before n is not.
    assert printed('"a\\u0007\\n𠮷\\\\n"', replaced) == '"aU+0007U+000AU+20BB7\\\\n"'


def test_composed_letters_are_printed_and_lone_marks_named():
    assert unprintable("e\u0301", COVERAGE) == {}
    assert unprintable("中\u0301", COVERAGE) == {"\u0301": "U+0301"}


def test_styles_differ_for_36_names_in_colour_or_dash():
    found = styles([str(n) for n in range(36)])
    assert len({(s.colour, s.dash) for s in found.values()}) == 36
    assert len({s.dash for s in list(found.values())[:6]}) == 6
    assert len({s.colour for s in list(found.values())[:6]}) == 6


@pytest.mark.parametrize(
    ("well", "place"),
    [("A1", (0, 0)), ("H12", (7, 11)), ("P24", (15, 23)), ("AF48", (31, 47)), ("12", None)],
)
def test_wells_have_a_place(well, place):
    assert place_of(well) == place
    if place:
        assert well == f"{row_name(place[0])}{place[1] + 1}"


def test_neighbouring_wells_are_a_range():
    words = load_words("en")
    assert ranges(["A1", "A2", "A3", "B3", "B4", "H12"], words) == "A1–A3, B3, B4, H12"
    assert ranges(["A12", "B1", "B1"], words) == "A12, B1"


def test_short_names_keep_both_ends():
    assert shortened("2024-000017", 7) == "202…017"
    assert shortened("short", 7) == "short"


def test_plate_grows_with_its_wells():
    plate = compose(example_source(record=example_record(plate_wells=384)), COVERAGE)
    assert len(plate["overview"]["plate"]["rows"]) == 16
    assert len(plate["overview"]["plate"]["columns"]) == 24


def test_every_reaction_stands_on_the_plate_map(document):
    parts = [p for cell in document["overview"]["plate"]["cells"] for p in cell["parts"]]
    assert len(parts) == len(example_source().reactions)
    marks = [p["mark"] for p in parts if p["mark"]]
    assert marks == ["review"]
    assert document["meta"]["run"] == RUN
