"""The validation report: what it says, against tables that were made and counted by hand.

Wilson limits: 19 of 20 is 0.7639 to 0.9911 and 59 of 60 is 0.9114 to 0.9971 (facts/qc_vectors.tsv,
cross-checked there with statsmodels), so 1 of 20 is 0.0089 to 0.2361 and 1 of 60 ends at 0.0886.
"""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pdf_text import pages_of, squeezed
from validation_example import (
    FONTS,
    HELD,
    OPEN,
    PANEL,
    example_curves,
    example_laboratory,
    example_levels,
    example_samples,
    example_source,
    example_study,
    sample,
)

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.languages.files import languages, read_section
from breakpoint_pcr.languages.translating import translator
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.simulate.assumptions import ASSUMPTIONS
from breakpoint_pcr.tables import read_table, write_table
from breakpoint_pcr.validation.arms import ARMS
from breakpoint_pcr.validation.document import (
    compose,
    page,
    read_study,
    typeset_validation,
    write_sums,
)
from breakpoint_pcr.validation.document.blocks import Column, table
from breakpoint_pcr.validation.document.kinds import kind_of
from breakpoint_pcr.validation.document.numbers import copies, percent
from breakpoint_pcr.validation.document.outcome import outcome_of
from breakpoint_pcr.validation.document.page import escaped
from breakpoint_pcr.validation.document.source import FOLDER, load_validation_words, view
from breakpoint_pcr.validation.rows import (
    ArmResult,
    CutoffCurve,
    CutoffLevel,
    LimitEffect,
    Result,
    StudySample,
)

COVERAGE = read_coverage(FONTS)
WORDS = load_validation_words("en")
HOSTILE = [
    '#let x = panic("no") #x',
    "*bold* _it_ $a^2$ `raw` <label> @ref",
    "<script>alert(1)</script>",
    "// comment /* more */ = heading - list",
    "emoji 😀 line\nbreak",
]


def composed(**changes):
    return compose(example_source(**changes), COVERAGE)


@pytest.fixture(scope="module")
def document():
    return composed(laboratory=example_laboratory())


@pytest.fixture(scope="module")
def pdf(document):
    return typeset_validation(document, fonts=FONTS)


def section(document, code):
    return next(part for part in document["sections"] if part["code"] == code)


def tables(part):
    return [block for block in part["blocks"] if block["kind"] == "table"]


def row(block, name):
    """Return the cells of the row that begins with a name, by the heads of the table."""
    cells = next(cells for cells in block["rows"] if cells[0] == name)
    return dict(zip((column["head"] for column in block["columns"]), cells, strict=True))


def texts(part):
    return [block["text"] for block in part["blocks"] if "text" in block]


def verdict(samples):
    part = section(composed(study=example_study(samples=samples, limits=[])), "verdict")
    return part["blocks"][0]


# ---------- the verdict ----------
def test_a_missed_target_is_said_plainly(document):
    banner = section(document, "verdict")["blocks"][0]
    assert banner["level"] == "fail"
    assert banner["label"] == "TARGETS MISSED"
    assert banner["text"] == (
        "1 wrong call in 60 simulated samples with a target (upper 95 % Wilson limit 8.86 %); 1 of "
        "20 samples on clean plates were inconclusive (5.00 %, 95 % Wilson interval 0.89 to "
        "23.61). Missed: no wrong call, enough samples, few inconclusive on clean plates."
    )


def met_study(*, samples=10_000, inconclusive=2):
    """`samples` in arms with a target, 100 of them clean, so many of these inconclusive."""
    clean = [sample(n) for n in range(100 - inconclusive)]
    clean += [sample(n, cause="x", **HELD, **OPEN) for n in range(inconclusive)]
    return [*clean, *[sample(0, "optics")] * (samples - 100)]


def test_met_targets_come_with_the_limit_that_the_number_of_samples_allows():
    """0 of n: Wilson z^2 / (n + z^2) = 3.8415 / 10003.84 = 0.0384 %; -ln(0.05) / n = 0.02996 %.

    2 of 100 are 2 %, with Wilson limits 0.55 and 7.00 (by the formula of facts/clinical.md B3).
    """
    banner = verdict(met_study())
    assert banner["level"] == "pass"
    assert banner["text"] == (
        "0 wrong calls in 10,000 simulated samples with a target (upper 95 % Wilson limit 0.04 %, "
        "rule of three 0.03 %); 2 of 100 samples on clean plates were inconclusive (2.00 %, 95 % "
        "Wilson interval 0.55 to 7.00). Every target is met."
    )


@pytest.mark.parametrize(
    ("samples", "missed"),
    [
        (met_study(inconclusive=3), ["open"]),
        (met_study(samples=9_999), ["size"]),
        ([*met_study(), sample(0, "optics", result=Result.WRONG)], ["wrong"]),
        ([*met_study(), sample(0, "swapped", result=Result.WRONG)], []),
        ([], ["wrong", "size", "open"]),
    ],
    ids=["3 of 100 is not below 3 %", "one too few", "one wrong", "no target", "nothing"],
)
def test_each_target_is_missed_for_itself(samples, missed):
    assert outcome_of(samples, confidence=0.95).missed == missed


def test_a_study_of_nothing_can_be_reported():
    empty = example_study(
        samples=[], arms=[], classes=[], confusion=[], errors=[], limits=[], levels=[], curves=[]
    )
    made = composed(study=empty)
    assert section(made, "verdict")["blocks"][0]["level"] == "fail"
    assert typeset_validation(made, fonts=FONTS).startswith(b"%PDF")
    assert "no sample was on a clean plate" in page(made)


# ---------- the results ----------
def test_arms(document):
    (block,) = tables(section(document, "arms"))
    optics = row(block, "optics")
    assert optics["Samples"] == "40"
    assert optics["Wrong, %"] == "2.50 (0.44 to 12.88)"
    assert row(block, "clean")["Fault noticed, %"] == "–"
    # 9 of 10 noticed: Wilson 0.5958 to 0.9821 (0.1 is 0.0179 to 0.4042 by the same formula).
    assert row(block, "swapped")["Fault noticed, %"] == "90.00 (59.58 to 98.21)"


def test_open_share_counts_inconclusive_and_invalid_apart(document):
    (block,) = tables(section(document, "open"))
    assert row(block, "clean plates")["Inconclusive, %"] == "5.00 (0.89 to 23.61)"
    every = row(block, "all with a target")
    assert (every["Inconclusive"], every["Invalid"]) == ("1", "1")


def test_classes(document):
    """2 present: 0 found, 1 open, so 1 missed; 58 absent: 57 not found, 1 open, none false."""
    (block,) = tables(section(document, "classes"))
    cells = row(block, "Δ3-5")
    assert (cells["Missed"], cells["Falsely found"]) == ("1", "0")
    assert cells["Sensitivity, %"] == "0.00 (0.00 to 79.35)"
    assert row(block, "Δ2-5")["Sensitivity, %"] == "–"
    assert [cells[0] for cells in block["rows"]] == ["Δ3-5", "Δ2-5", "any class"]


def test_confusion(document):
    (block,) = tables(section(document, "confusion"))
    assert [column["head"] for column in block["columns"]] == [
        *("Truth", "negative", "inconclusive", "invalid", "Samples", "Called so, %"),
    ]
    assert block["rows"][0][:5] == ["Δ3-5", "1", "1", "0", "2"]
    assert block["rows"][1][:5] == ["negative", "57", "0", "1", "58"]


def test_every_wrong_call_with_a_target_is_listed_and_the_others_are_grouped(document):
    wrong, untargeted, causes = tables(section(document, "errors"))
    assert [cells[:3] for cells in wrong["rows"]] == [["optics", "plate-optics", "S39"]]
    assert untargeted["rows"] == [
        [
            *("swapped", "wrong", "8", "the sheet names another sample"),
            "plate-swapped S01, plate-swapped S02, plate-swapped S03",
        ]
    ]
    assert [cells[:3] for cells in causes["rows"]] == [
        ["clean", "inconclusive", "1"],
        ["optics", "invalid", "1"],
    ]


def test_no_wrong_call_is_said():
    fine = [s for s in example_samples() if s.result is not Result.WRONG]
    said = texts(section(composed(study=example_study(samples=fine)), "errors"))
    assert "No call was wrong in the arms with a target." in said
    assert "No call was wrong in the arms without a target." in said


def test_causes_of_one_kind_are_one_row_and_rare_ones_are_summed():
    said = "L.3/R-5 A{n}: 81{n} molecules, Ct 30.1{n}, curve review, review: Ct 30.1{n}21 below 33"
    alike = [sample(n, cause=said.format(n=n), **HELD, **OPEN) for n in range(1, 6)]
    names = [f"reason {'x' * n}" for n in range(1, 25)]
    rare = [sample(n, cause=name, **HELD, **OPEN) for n, name in enumerate(names)]
    made = composed(study=example_study(samples=[*alike, *rare]))
    *_, causes = tables(section(made, "errors"))
    assert causes["rows"][0][2:4] == ["5", "with template, review: Ct … below …"]
    # 25 kinds, 20 rows for the clean arm, so 5 kinds with a sample each remain.
    assert len(causes["rows"]) == 21
    assert causes["rows"][-1][2:4] == ["5", "5 other causes"]


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (
            "F.4/R-7 C11: 0 molecules, wave, no Ct, curve review, review: no Ct, but doubt (weak)",
            "without template, wave, review: no Ct, but doubt (weak)",
        ),
        (
            "F.4/R-7, F.2a/R-7 negative; ALB: G4 Ct 29.3 later than 28",
            "negative; … Ct … later than …",
        ),
        (
            "ALB A1: 7 molecules, no Ct, curve none, negative: x; ALB A2: 9 molecules, no Ct, "
            "curve none, negative: x; and 3 more",
            "with template, negative: x",
        ),
        ("the run has no well of the sample", "the run has no well of the sample"),
    ],
)
def test_a_kind_is_a_cause_without_what_is_the_samples_own(cause, kind):
    assays = ["F.2a/R-7", "F.4/R-7", "ALB"]
    assert kind_of(cause, assays, view(example_source())) == kind


# ---------- around the limit ----------
def test_detection_limits(document):
    """The golden series of facts/qc_vectors.tsv."""
    detection, rates, cts = tables(section(document, "cutoff"))
    cells = row(detection, "L.3/R-5")
    assert (cells["C5"], cells["C50"]) == ("0.172", "0.915")
    assert cells["C95 interval"] == "4.88 (2.91 to 8.19)"
    assert (cells["λ per copy"], cells["One-hit LoD"]) == ("0.69", "4.32")
    # 19 of 24, of all instruments together.
    assert row(rates, "2.5")["L.3/R-5"] == "79.2"
    assert row(rates, "20")["L.3/R-5"] == "100.0"
    assert row(cts, "20")["L.3/R-5"] == "31.50 ± 0.40"


def test_copies_at_which_nothing_is_positive_are_one_row():
    nothing = [replace(example_levels()[0], copies=n, positive=0, rate=0.0) for n in (0.1, 0.2)]
    made = composed(study=example_study(levels=[*nothing, *example_levels()]))
    _, rates, _ = tables(section(made, "cutoff"))
    assert [cells[0] for cells in rates["rows"]][:2] == ["0.2", "0.625"]
    assert rates["note"].endswith("24 reactions each. Of fewer copies none was positive.")


def drawn(document):
    blocks = section(document, "cutoff")["blocks"]
    return next(block for block in blocks if block["kind"] == "figure")


def test_the_figure_shows_points_curve_and_c95(document):
    (panel,) = drawn(document)["panels"]
    assert [point["y"] for point in panel["points"]] == [1.0, 1.0, 0.9583, 0.7917, 0.625, 0.375]
    c5_absent, c95 = [mark for mark in panel["marks"] if mark["label"] or mark["y"] == 0.5]
    assert c5_absent["y"] == 0.5
    assert c95["label"] == "C95 4.88"
    # The curve passes 95 % where C95 stands.
    near = min(panel["line"], key=lambda place: abs(place[0] - c95["x"]))
    assert near[1] == pytest.approx(0.95, abs=0.01)
    assert "C95 4.88 copies" in panel["alt"]
    assert "0.625 copies 37.5 %" in panel["alt"]


def test_an_assay_without_a_fit_has_points_and_a_reason():
    lost = replace(
        example_curves()[0],
        **dict.fromkeys(("intercept", "slope", "c5", "c50", "c95", "c95_low", "c95_high")),
        reason="every reaction is positive",
    )
    made = composed(study=example_study(curves=[lost]))
    (panel,) = drawn(made)["panels"]
    assert (panel["line"], panel["marks"]) == ([], [])
    assert panel["alt"].endswith("No curve was fitted.")
    assert row(tables(section(made, "cutoff"))[0], "L.3/R-5")["Remark"] == lost.reason
    assert typeset_validation(made, fonts=FONTS).startswith(b"%PDF")


# ---------- limits moved ----------
def test_limits_that_make_calls_wrong_come_first_and_idle_ones_are_a_line(document):
    part = section(document, "moved")
    (block,) = tables(part)
    assert [cells[0] for cells in block["rows"]] == [
        *("calling.ct_limit", "calling.ct_limit"),
        *("curves.growth_min", "curves.growth_min"),
    ]
    assert block["rows"][0] == ["calling.ct_limit", "33", "26.4", "9", "6", "2", "2"]
    said = texts(part)
    assert said[0].endswith("Wrong calls with the shipped limits: 1.")
    assert said[1] == "No call changed when these were moved: curves.cycles_min, curves.gap_max."


def test_limits_that_are_off_or_cannot_move_are_not_said_to_have_no_effect():
    limits = [
        LimitEffect("calling.grey_zone", "off", "off", 60, 0, 0, 0, 2, 2),
        LimitEffect("level.top", "1", "", 60, 0, 0, 0, 2, 2),
    ]
    said = texts(section(composed(study=example_study(limits=limits)), "moved"))
    assert "Not moved, since they are off: calling.grey_zone." in said
    assert "Not moved, since no other value near is allowed: level.top." in said
    assert not any(text.startswith("No call changed when") for text in said)


# ---------- numbers ----------
@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0.00"),
        (1.0, "100.00"),
        (0.99999, ">99.99"),
        (0.00001, "<0.01"),
        (1 - 1e-15, "100.00"),
        (0.0384, "3.84"),
        (None, "–"),
    ],
)
def test_only_all_is_written_100_and_only_none_0(share, said):
    assert percent(share, WORDS) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(4.8806, "4.88"), (0.17163, "0.172"), (1234.4, "1,234"), (100, "100"), (0, "0"), (None, "–")],
)
def test_copies(value, said):
    assert copies(value, WORDS) == said


def test_a_row_that_does_not_fit_its_heads_is_refused():
    with pytest.raises(ValueError, match="1 cells under 2 heads"):
        table("", [Column("a"), Column("b")], [["x"]])


# ---------- the page ----------
def test_the_page_says_what_it_rests_on(document):
    lines = page(document).splitlines()
    assert lines[0] == "# MADEUP1 deletion breakpoint PCR: validation of breakpoint-pcr 9.8.7"
    assert lines[2] == "Written by `snakemake validate_assay`; do not edit."
    for fact in (
        "- Program: breakpoint-pcr 9.8.7",
        "- Panel: madeup: MADEUP1 deletion breakpoint PCR, version 3",
        "- Reference: madeup1: MADEUP1, GRCh38, NC_000099.9",
        "- Simulated samples: 70",
        "- Seed: 4711",
    ):
        assert fact in lines


def test_the_page_has_every_part_of_the_study(document):
    headings = re.findall(r"^## (.+)$", page(document), re.MULTILINE)
    assert headings == [
        "Result",
        "What was simulated",
        "What counts as true",
        "Assumptions of the simulation",
        "Instruments and formats",
        "Results by arm",
        "Inconclusive and invalid",
        "Sensitivity and specificity",
        "Confusion matrix",
        "How each error arose",
        "Around the Ct limit",
        "Limits moved",
    ]
    text = page(document)
    for said in ("mean of 100 copies or more", "Not simulated: degraded DNA.", "made-up curves of"):
        assert said in text
    assert "- swapped: the wells hold what they hold, and only the names are wrong" in text


def test_the_page_holds_nothing_of_the_laboratory_and_no_date_or_path(document):
    text = page(document)
    assert text == page(composed())
    for word in ("lab-sample-77", "Example Laboratory", "/some/where", "2000-01-01"):
        assert word not in text


def test_every_row_of_the_page_has_the_cells_of_its_head(document):
    block: list[str] = []
    for line in [*page(document).splitlines(), ""]:
        if line.startswith("|"):
            block.append(line)
        else:
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in block}) <= 1
            block = []


@pytest.mark.parametrize("name", HOSTILE)
def test_text_in_the_page_is_never_markup(name):
    shown = escaped(name)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)[*`<>$|#]", shown)


def test_page_and_document_are_the_same_for_the_same_tables(document):
    again = composed(laboratory=example_laboratory())
    assert json.dumps(again) == json.dumps(document)


# ---------- the PDF ----------
def test_same_document_same_bytes(document, pdf):
    assert typeset_validation(json.loads(json.dumps(document)), fonts=FONTS) == pdf


def test_it_claims_the_standards_that_typst_checks(document, pdf):
    with pikepdf.open(BytesIO(pdf)) as found:
        meta = found.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert meta["pdfuaid:part"] == "1"
        assert found.Root.MarkInfo.Marked
        attached = found.attachments["validation.json"].get_file().read_bytes()
        alts = [
            str(o.Alt) for o in found.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o
        ]
    assert json.loads(attached) == document
    assert drawn(document)["panels"][0]["alt"] in alts


def test_pages_are_numbered_and_hold_every_table_and_sentence(document, pdf):
    pages = pages_of(pdf)
    for number, text in enumerate(pages, 1):
        assert f"Page{number}of{len(pages)}" in text
    whole = "".join(pages)
    for part in [*document["sections"], document["laboratory"], document["trace"]]:
        assert squeezed(part["title"]) in whole
        for block in part["blocks"]:
            said = [block[key] for key in ("text", "note", "title") if block.get(key)]
            cells = [cell for cells in block.get("rows", []) for cell in cells]
            assert [s for s in [*said, *cells] if not on_page(s, whole)] == []


def on_page(said, whole):
    """Cells that wrap beside others are read line by line, so words are looked for."""
    return all(squeezed(word) in whole for word in said.split())


def test_the_laboratory_has_a_section_of_its_own(document):
    agreement, differences, precision, detection, standards = tables(document["laboratory"])
    cells = row(agreement, "Δ3-5")
    assert cells["PPA, %"] == "98.33 (91.14 to 99.71)"
    assert [cells[4] for cells in differences["rows"]] == ["wrong", "not compared"]
    assert precision["rows"][0][6:11] == ["27.94", "0.099", "0.076", "0.111", "0.167"]
    assert precision["rows"][1][0] == (
        "lab-sample-77 (quantity standard, patient lab-sample-77, 1,000 copies)"
    )
    assert row(detection, "L.3/R-5")["C95 interval"] == "4.88 (2.91 to 8.19)"
    cells = row(standards, "run-1")
    assert cells["Efficiency, %"] == "99.8 (98.6 to 101.0)"
    assert (cells["Slope"], cells["Ct at 1"]) == ("-3.327", "35.26")


def test_a_laboratory_without_labels_is_told_what_to_do():
    blocks = composed()["laboratory"]["blocks"]
    assert len(blocks) == 1
    assert blocks[0]["text"].startswith("No run has a truth, a copy number or standards. Fill")


def test_a_part_that_is_missing_is_told_apart():
    some = replace(example_laboratory(), precision=[], curves=[], standards=[])
    said = texts(composed(laboratory=some)["laboratory"])
    assert [text.partition(":")[0] for text in said[1:]] == [
        "Precision",
        "Limit of detection",
        "Standard curves",
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name):
    made = composed(laboratory=example_laboratory(name))
    content = typeset_validation(made, fonts=FONTS)
    text = "".join(pages_of(content))
    shown = name.replace("😀", "U+1F600").replace("\n", "U+000A")
    assert all(squeezed(word) in text for word in shown.split())
    with pikepdf.open(BytesIO(content)) as found:
        kept = json.loads(found.attachments["validation.json"].get_file().read_bytes())
    assert name in kept["laboratory"]["blocks"][2]["rows"][0]


def test_many_assays_and_levels_fit():
    names = [f"F.{n}a+F.{n}b/R-{n}" for n in range(12)]
    levels = [replace(level, assay=name) for name in names for level in example_levels()]
    curves = [replace(example_curves()[0], assay=name) for name in names]
    made = composed(study=example_study(levels=levels, curves=curves))
    assert typeset_validation(made, fonts=FONTS).startswith(b"%PDF")


# ---------- files ----------
def test_parts_are_read_summed_and_written(tmp_path):
    """Sums are those that the example counts by hand: 20, 40 and 10 samples in three arms."""
    samples, study = example_samples(), example_study()
    paths = [tmp_path / f"{name}.tsv" for name in ("1", "2", "a", "b", "levels", "curves")]
    write_table(paths[0], StudySample, samples[:25])
    write_table(paths[1], StudySample, samples[25:])
    write_table(paths[2], LimitEffect, study.limits[:3])
    write_table(paths[3], LimitEffect, study.limits[3:])
    write_table(paths[4], CutoffLevel, study.levels)
    write_table(paths[5], CutoffCurve, study.curves)
    one, two, a, b, *cutoff = map(str, paths)
    found = read_study([one, two], [a, b], cutoff, panel=PANEL, confidence=0.95)
    out = tmp_path / "out"
    out.mkdir()
    write_sums(found, out)
    arms = read_table(out / "arms.tsv", ArmResult)
    counts = [(x.arm, x.samples, x.right, x.wrong, x.inconclusive, x.invalid) for x in arms]
    assert counts == [
        ("clean", 20, 19, 0, 1, 0),
        ("optics", 40, 38, 1, 0, 1),
        ("swapped", 10, 2, 8, 0, 0),
    ]
    assert [x.limit for x in read_table(out / "limits.tsv", LimitEffect)] == [
        *("calling.ct_limit", "calling.ct_limit", "curves.cycles_min", "curves.gap_max"),
        *("curves.growth_min", "curves.growth_min"),
    ]
    errors = read_table(out / "errors.tsv", StudySample)
    assert [(s.arm, s.sample) for s in errors] == [("optics", "S39"), ("clean", "S20")]
    assert {path.name for path in Path(out).iterdir()} == {
        *("arms.tsv", "classes.tsv", "confusion.tsv", "errors.tsv", "limits.tsv"),
    }


# ---------- languages ----------
OTHERS = [language for language in languages() if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_keys_of_english_and_fills_in_the_same(language):
    english, other = read_yaml(FOLDER / "en.yaml"), read_section(language, "validation")
    assert set(other) == set(english)
    for name, texts in english.items():
        assert set(other[name]) == set(texts), name
        for key, text in texts.items():
            found = set(re.findall(r"{\w+}", other[name][key]))
            assert found == set(re.findall(r"{\w+}", text)), (name, key)


@pytest.mark.parametrize("language", OTHERS)
def test_arms_and_assumptions_are_known(language):
    told = translator(language)
    assert [x for x in (*ASSUMPTIONS, *(arm.what for arm in ARMS)) if told(x) == x] == []


@pytest.mark.parametrize("language", OTHERS)
def test_page_and_pdf_are_made_in_every_language(language):
    source = example_source()
    source = replace(source, report={**source.report, "language": language})
    document = compose(source, COVERAGE)
    headings = read_section(language, "validation")["headings"]
    assert f"## {headings['verdict']}\n" in page(document)
    with pikepdf.open(BytesIO(typeset_validation(document, fonts=FONTS))) as pdf:
        assert str(pdf.Root.Lang).startswith(language)
