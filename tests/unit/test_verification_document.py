"""What the verification says, against a made-up panel.json whose cells were counted by hand."""

import re
from pathlib import Path

import pytest
from report_example import ASSAYS, product, site
from verification_example import FONTS, GAP, MISMATCH, coverage, full_panel, new_keys

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.insilico.document import OFF_TARGETS, VARIANTS
from breakpoint_pcr.insilico.rows import Probed, Seen
from breakpoint_pcr.languages.files import languages, read_section
from breakpoint_pcr.report.alignments import drawn
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.primers import (
    NOT_CHECKED,
    NOT_SEARCHED,
    coverage_words,
    primers_page,
)
from breakpoint_pcr.report.windows import zoom_map
from breakpoint_pcr.report.wording import load_words
from breakpoint_pcr.tables import Verdict
from breakpoint_pcr.verification import compose
from breakpoint_pcr.verification.blocks import columns, matrices, table
from breakpoint_pcr.verification.deletions import exons_of
from breakpoint_pcr.verification.wording import FOLDER, load_verification_words, share

COVERAGE = read_coverage(FONTS)
WORDS = load_verification_words("en")


def made(panel):
    versions = {"breakpoint-pcr": "0.0.1", "python": "3.0", "pandas": "1.0", "numpy": "2.0"}
    return compose(panel, language="en", versions=versions, coverage=COVERAGE)


def composed(**changes):
    return made(full_panel(**changes))


@pytest.fixture(scope="module")
def document():
    return composed()


def section(document, code):
    return next(part for part in document["sections"] if part["code"] == code)


def codes(document):
    return [part["code"] for part in document["sections"]]


def blocks(document, code, kind):
    """Return the blocks of a kind, also those beside each other."""
    found = []
    for block in section(document, code)["blocks"]:
        inner = [*block["left"], *block["right"]] if block["kind"] == "beside" else [block]
        found += [b for b in inner if b["kind"] == kind]
    return found


def said(cell):
    return [line["text"] for line in cell]


def rows(block):
    """Return the rows as texts."""
    return [[" | ".join(said(cell)) for cell in row] for row in block["rows"]]


def cells(block):
    """Return {row: [(look, text), ...]} of a matrix."""
    return {
        row["name"]: [(c["look"], " | ".join(said(c["lines"]))) for c in row["cells"]]
        for row in block["rows"]
    }


def texts(document, code):
    return [b["text"] for kind in ("text", "note") for b in blocks(document, code, kind)]


# ---------- the head ----------
def test_the_summary_counts_oligos_alleles_deletions_and_searches(document):
    banner = section(document, "summary")["blocks"][0]
    assert (banner["level"], banner["label"]) == ("warn", "CHECK")
    assert banner["text"] == (
        "At least one finding is a warning: read the reasons before you order. Oligos: 4 (3 PASS, "
        "1 CHECK: R-6). Allele models of the reference: 3, of which with a product that must "
        "appear 3, with a long product only 0, with none 0. Of 6 deletions of consecutive exons, "
        "1 seen by a product that must appear, 1 seen by a long product only, 1 seen depending on "
        "the breakpoints, 3 never seen. With the assays that are kept, these may be called "
        "otherwise: Δ2-5, Δ2-5 b. A sequence that fits the site better exists for R-6 "
        "(ACGTTGCATGCATGTGCAACG). Off-targets: searched in madeup.fa.gz; unwanted products within "
        "breakpoint reactions: 1. Known variants under the oligos: 2; warnings: 1."
    )


def test_sources_come_with_their_sums_and_the_program(document):
    found = rows(section(document, "summary")["blocks"][1])
    assert [row[0] for row in found] == [
        *("Panel", "Reference", "Record", "Record", "Genome", "Program")
    ]
    assert [row[2] for row in found] == ["ab" * 32, "", "cd" * 32, "ef" * 32, "0a" * 32, ""]
    assert found[1][1] == "MADEUP1, ASM1, NC_999999.1, NM_999999.1"
    # 60,000 bases from 1,000,001 on end at 1,060,000.
    assert found[2][1] == "locus, chr9:1,000,001–1,060,000, 60,000 bases | made up"
    assert found[5][1] == "breakpoint-pcr 9.8.7, primer3-py 2.0.0"
    assert document["meta"]["program"] == "breakpoint-pcr 9.8.7"


@pytest.mark.parametrize(
    ("verdict", "level"), [("PASS", "pass"), ("CHECK", "warn"), ("FAIL", "fail"), ("odd", "warn")]
)
def test_the_verdict_is_that_of_panel_json(verdict, level):
    banner = section(composed(verdict=verdict), "summary")["blocks"][0]
    assert (banner["level"], banner["label"]) == (level, verdict)


def test_each_oligo_has_verdict_reason_and_correction(document):
    found = {row[0]: row[1:] for row in rows(section(document, "oligos")["blocks"][0])}
    assert found["L.2"] == [
        "PASS",
        "ACGTTGCATGCATTGCAACG | chr9:1,010,000-1,010,019 (+), intron 1",
        "",
        "–",
    ]
    assert found["R-6"] == [
        "CHECK",
        "ACGTTGCATGCATTGCAACG | beyond:601-621 (−), intron 1",
        "one base is missing at place 7 from the 3' end",
        "ACGTTGCATGCATGTGCAACG | not confirmed from the order sheet",
    ]


def test_what_was_ordered_is_said_with_name_and_date():
    panel = full_panel()
    ordered = {"sequence": "ACGTTGCATGCATTGCAACG", "by": "A. B.", "date": "2026-01-31"}
    panel["primers"][3] = {**panel["primers"][3], "confirmed": ordered}
    block = section(made(panel), "oligos")["blocks"][0]
    better = rows(block)[3][4]
    assert better == (
        "ACGTTGCATGCATGTGCAACG | ACGTTGCATGCATTGCAACG | ordered so: A. B., 2026-01-31"
    )
    assert "ordered (primers.confirmed" in block["note"]


# ---------- sites that are not exact ----------
def test_places_count_from_the_3_prime_end_and_a_gap_has_none():
    """20 bases and a gap are 21 columns: base 1 is column 20, base 5 16, 10 at 10, 15 at 5.

    Base 20 is column 0, where its number has no room.
    """
    gapped = drawn("R-6", site("beyond", 600, "beyond:601-621", "-", GAP), WORDS)
    columns_of = {m[0]: m.end() - 1 for m in re.finditer(r"\d+", gapped["ruler"])}
    assert columns_of == {"1": 20, "5": 16, "10": 10, "15": 5}
    assert len(gapped["ruler"]) == 21


def test_a_gap_is_marked_described_and_not_graded():
    """From the right: GCAACGT is 7 bases of the primer, then comes the gap."""
    gapped = drawn("R-6", site("beyond", 600, "beyond:601-621", "-", GAP), WORDS)
    assert gapped["lines"][0] == [
        {"text": "ACGTTGCATGCAT", "edit": False},
        {"text": "-", "edit": True},
        {"text": "TGCAACG", "edit": False},
    ]
    assert gapped["lines"][2][1] == {"text": "G", "edit": True}
    assert gapped["said"] == "1 gap"
    assert gapped["edits"] == [
        "the site has one G more between bases 7 and 8 from the 3′ end: not gradable"
    ]


def test_a_mismatch_is_graded_after_stadhouders():
    """C of the primer on C of the template (site G) at the penultimate base: table 1 says avoid."""
    place = {**site("locus", 1, "chr9:2-21", "+", MISMATCH), "mismatches": 1, "gaps": 0}
    found = drawn("L.2", place, WORDS)
    assert found["edits"] == [
        "C of the primer meets G of the site at base 2 from the 3′ end: avoid (Stadhouders 2010)"
    ]


@pytest.mark.parametrize("text", ["", "ACGT", "AC / || / ACG", "A#X / ||| / ACG", "a / b / c / d"])
def test_what_is_no_drawing_is_shown_as_it_is(text):
    found = drawn("L.2", {**site("locus", 1, "p", "+", text), "edits": 1}, WORDS)
    assert (found["ruler"], found["edits"]) == ("", [])
    assert " / ".join("".join(r["text"] for r in line) for line in found["lines"]) == text


def test_exact_sites_are_said_to_be_so():
    panel = full_panel()
    panel["primers"] = panel["primers"][:3]
    assert texts(made(panel), "alignments") == ["Every site that was found is exact."]


# ---------- deletions ----------
def test_products_are_must_may_or_none():
    panel = full_panel()
    long = product("L.2/R-5", ("L.2", "R-5"), 640, 655, "may")
    panel["alleles"][0]["products"].append(long)
    (matrix,) = blocks(made(panel), "products", "matrix")
    assert matrix["heads"] == ASSAYS[:3]
    assert cells(matrix) == {
        "Δ3-5": [("must", "200–250"), ("may", "(640–655)"), ("empty", "–")],
        "Δ2-5": [("empty", "–"), ("must", "190–230"), ("empty", "–")],
        "Δ2-6": [("empty", "–"), ("empty", "–"), ("must", "210–240")],
        "wild type": [("none", "30,000"), ("none", "30,000"), ("none", "≥ 50,000")],
    }


def test_a_pooled_assay_names_the_pair_of_each_product():
    panel = full_panel()
    panel["assays"][1]["pairs"] = ["L.2/R-5", "L.3/R-5"]
    extra = product("L.2/R-5", ("L.3", "R-5"), 700, 700, "may")
    panel["alleles"][1]["products"].append(extra)
    (matrix,) = blocks(made(panel), "products", "matrix")
    assert cells(matrix)["Δ2-5"][1] == (
        "must",
        "190–230 | L.2 + R-5 | (700) | L.3 + R-5",
    )


def test_more_assays_than_alleles_run_down_the_page():
    panel = full_panel()
    panel["alleles"] = panel["alleles"][:1]
    (matrix,) = blocks(made(panel), "products", "matrix")
    assert (matrix["corner"], matrix["heads"]) == ("Assay", ["Δ3-5", "wild type"])
    assert [row["name"] for row in matrix["rows"]] == ASSAYS[:3]


def test_a_wide_matrix_is_cut_into_even_blocks():
    """15 columns at most 14 wide are 8 and 7."""
    heads = [str(n) for n in range(15)]
    found = matrices("x", heads, [("row", [{"look": "", "lines": []}] * 15)])
    assert [len(block["heads"]) for block in found] == [8, 7]
    assert [len(block["rows"][0]["cells"]) for block in found] == [8, 7]
    assert matrices("x", [], [("row", [])]) == []


def test_the_triangle_holds_every_deletion_by_first_and_last_exon(document):
    (triangle,) = blocks(document, "coverage", "triangle")
    assert triangle["exons"] == list("123456")
    found = {(c["row"], c["column"]): (c["seen"], c["recurrent"]) for c in triangle["cells"]}
    assert found == {
        (0, 0): ("never", False),
        (0, 1): ("depends on the breakpoints", False),
        (0, 2): ("never", True),
        (1, 1): ("long product only", False),
        (1, 2): ("must", True),
        (2, 2): ("never", False),
    }
    assert triangle["alt"] == (
        "Deletions of consecutive exons, by first and last deleted exon. seen by a product that "
        "must appear: Δ2-3; seen by a long product only: Δ2-2; seen depending on the breakpoints: "
        "Δ1-2; never seen: Δ1-1, Δ1-3, Δ3-3."
    )


def test_deletions_that_matter_stand_in_words(document):
    (found,) = blocks(document, "coverage", "table")
    assert rows(found) == [
        ["Δ1-2", "L.2/R-5", "90", "about Δ1-2"],
        ["Δ1-3", "–", "–", "about Δ1-3"],
        ["Δ2-2", "L.2/R-5", "640", "about Δ2-2"],
        ["Δ2-3", "L.2/R-5, L.3/R-5", "41", "about Δ2-3"],
    ]
    assert "Never seen: Δ1-1, Δ1-3, Δ3-3." in texts(document, "coverage")


def test_labels_that_are_no_exons_leave_the_triangle_out():
    document = composed(coverage=[coverage("whole gene", "must")])
    assert blocks(document, "coverage", "triangle") == []
    assert rows(blocks(document, "coverage", "table")[0])[0][0] == "whole gene"


@pytest.mark.parametrize(
    ("label", "exons"), [("Δ4-7", (4, 7)), ("Δ10-12", (10, 12)), ("Δ3", (3, 3)), ("x", None)]
)
def test_exons_of_a_label(label, exons):
    assert exons_of(label) == exons


def test_shares_are_never_rounded_to_all_or_none(document):
    (matrix,) = blocks(document, "robustness", "matrix")
    assert matrix["heads"] == ["up to 10 nt", "up to 50 nt"]
    assert cells(matrix) == {
        "Δ3-5": [("plain", "100 %"), ("plain", "> 99 % (100 %)")],
        "Δ2-5": [("plain", "–"), ("plain", "0 % (< 1 %)")],
    }
    assert [share(x, WORDS) for x in (None, 0.0, 0.004, 0.25, 0.996, 1.0)] == [
        *("–", "0 %", "< 1 %", "25 %", "> 99 %", "100 %")
    ]


def test_room_for_a_probe_and_what_becomes_of_it(document):
    (found,) = blocks(document, "probe_room", "table")
    assert rows(found)[0] == ["Δ3-5", "L.3/R-5", "L.3", "R-5", "66–82", "42", "P-1", "deleted"]
    assert [row[7][0]["look"] for row in found["rows"]] == ["warn", ""]


def test_without_a_probe_its_columns_are_left_out():
    room = [{**row, "probe": "", "probed": None} for row in new_keys()["probe_room"]]
    (found,) = blocks(composed(probe_room=room), "probe_room", "table")
    assert len(found["columns"]) == 6
    assert found["note"].endswith("The panel names no probe.")


def test_the_design_says_what_is_not_told_apart(document):
    (found,) = blocks(document, "design", "table")
    assert [row[3] for row in rows(found)] == [
        "yes",
        "no: could also be Δ3-5 or mixed",
        "by a long product only; without it: none of the listed deletions",
        "not seen",
    ]
    assert [row[3][0]["look"] for row in found["rows"]] == ["pass", "warn", "warn", "fail"]
    assert texts(document, "design") == ["Assays that are kept: L.3/R-5, L.2/R-5."]


@pytest.mark.parametrize("kept", [None, [], ASSAYS[2::-1]])
def test_when_all_assays_are_kept_it_is_said_so(kept):
    assert texts(composed(kept_assays=kept), "design") == [
        "All breakpoint assays of the panel are kept."
    ]


# ---------- thermodynamics ----------
def test_every_pair_of_oligos_has_its_dimer():
    """Below the diagonal ΔG and Tm, above it the 3' end, on it the self-dimer."""
    dimer = {"first": "L.2", "second": "R-5", "tm_celsius": 21.0, "dg_kcal": -9.26}
    dimer |= {"three_prime_dg_kcal": -2.0, "share_an_assay": True}
    panel = full_panel(dimers=[dimer])
    panel["conditions"] = {**panel["conditions"], "dimer_dg_min_kcal": -9}
    (matrix,) = blocks(made(panel), "chemistry", "matrix")
    found = cells(matrix)
    assert found["R-5"][0] == ("beyond_meet", "−9.3 (21 °C)")
    assert found["L.2"][2] == ("meet", "−2.0")
    assert found["L.2"][0] == ("own", "−4.1")
    assert found["L.3"][2] == ("plain", "–")


def test_a_dimer_that_melts_above_annealing_is_beyond_a_limit():
    dimer = {"first": "L.2", "second": "R-5", "tm_celsius": 60.5, "dg_kcal": -5.0}
    dimer |= {"three_prime_dg_kcal": -6.5, "share_an_assay": False}
    panel = full_panel(dimers=[dimer])
    limits = {"anneal_celsius": 60, "dimer_dg_min_kcal": -9, "three_prime_dimer_dg_min_kcal": -6}
    panel["conditions"] = {**panel["conditions"], **limits}
    (matrix,) = blocks(made(panel), "chemistry", "matrix")
    assert [cells(matrix)["R-5"][0][0], cells(matrix)["L.2"][2][0]] == ["beyond", "beyond"]


def test_conditions_stand_beside_the_numbers(document):
    (beside,) = [b for b in section(document, "chemistry")["blocks"] if b["kind"] == "beside"]
    assert rows(beside["left"][0])[0] == ["L.2", "20", "60.2", "45", "31.0", "−4.1", "−3.4"]
    assert beside["right"][0]["text"] == (
        "Conditions and limits: sites with at most 3 mismatches and gaps; monovalent cations 50 "
        "mM; each oligo 300 nM; GC at least 35 %."
    )


# ---------- genome and variants ----------
def test_off_targets_are_counted_and_the_worst_come_first(document):
    counts, products, sites = blocks(document, "off_targets", "table")
    assert [c["head"] for c in counts["columns"]][1:] == [
        *("The panel's own", *(f"Off-target, {n} edits" for n in range(3)))
    ]
    assert rows(counts) == [["L.2", "1", "1", "0", "4"], ["R-5", "1", "1", "2", "0"]]
    # 0-based 4999 is base 5,000; 456 bases end at 5,455. The panel's own product is left out.
    assert [row[0] for row in rows(products)] == ["chr3:5,000–5,455", "chr2:5,000–5,320"]
    assert [row[6] for row in rows(products)] == ["L.2/R-5", "–"]
    assert [row[:3] for row in rows(sites)] == [
        ["R-5", "chr3:1,000–1,019 (−)", "1"],
        ["L.2", "chr2:1,000–1,019 (−)", "2"],
    ]
    assert texts(document, "off_targets")[:2] == [
        "Searched: madeup.fa.gz.",
        "Products within the size limit of the search, other than between the panel's own sites in "
        "the reference: 2, of which 1 within a reaction of the panel.",
    ]


def test_a_long_list_of_off_targets_says_what_is_left_out():
    genome = new_keys()["genome"]
    genome["sites"] = [{**genome["sites"][0], "start": n} for n in range(14)]
    (*_, sites) = blocks(composed(genome=genome), "off_targets", "table")
    assert len(sites["rows"]) == 10
    assert sites["note"] == "4 more rows in the table of results/panel."


def test_products_that_panel_json_does_not_hold_are_counted_as_more():
    genome = {**new_keys()["genome"], "product_count": 250}
    document = composed(genome=genome)
    assert "other than between the panel's own sites in the reference: ≥ 2, of which ≥ 1" in texts(
        document, "off_targets"
    )[1].replace("\n", " ")
    # 250 of which 2 are shown and 1, the panel's own, is not to be: 247 are not here.
    assert blocks(document, "off_targets", "table")[1]["note"].startswith("247 more rows")
    assert "breakpoint reactions: ≥ 1." in section(document, "summary")["blocks"][0]["text"]


def test_the_words_for_what_was_not_done_are_those_of_panel_json():
    assert (NOT_SEARCHED, NOT_CHECKED) == (OFF_TARGETS, VARIANTS)


def test_warnings_on_variants_come_first(document):
    (found,) = blocks(document, "variants", "table")
    assert rows(found) == [
        ["L.3", "chr9:1,020,004 C>T", "rs1", "0.0125", "AFR", "1", "warning"],
        ["L.2", "chr9:1,020,004 C>T", "–", "–", "AFR", "14", "info"],
    ]
    assert texts(document, "variants") == [
        "Checked: madeup.vcf.gz. A variant is a warning from allele frequency 0.001 on."
    ]


def test_no_variant_is_a_result():
    assert texts(composed(variant_rows=[]), "variants")[0].endswith("None lies under an oligo.")


@pytest.mark.parametrize("gone", [{}, {"off_targets": None, "variants": None}])
@pytest.mark.parametrize("rows_", [None, []])
def test_what_was_not_done_is_said_plainly(gone, rows_):
    """No row of a check that was not done is no result."""
    panel = full_panel(off_targets="not searched", variants="not checked", variant_rows=rows_)
    panel |= {"genome": {**panel["genome"], "products": []}, **gone}
    document = made(panel)
    assert texts(document, "off_targets") == [
        "Not searched. Nothing is said of sites outside the reference."
    ]
    assert texts(document, "variants") == [
        "Not checked. Nothing is said of variants under the oligos."
    ]
    banner = section(document, "summary")["blocks"][0]["text"]
    assert "Off-targets: not searched. Known variants under primers: not checked." in banner


# ---------- findings, method, older files ----------
def test_findings_come_by_weight():
    found = [
        {"level": level, "scope": "primer", "subject": level, "code": "c", "sentence": "s"}
        for level in ("info", "odd", "warning", "error")
    ]
    (block,) = blocks(composed(findings=found), "findings", "table")
    assert [row[2] for row in rows(block)] == ["error", "warning", "info", "odd"]


def test_the_method_names_the_numbers_of_the_rule():
    panel = full_panel()
    panel["conditions"] |= {"three_prime_edits_max": 1, "three_prime_nt": 10}
    items = section(made(panel), "method")["blocks"][0]["items"]
    assert items[0] == (
        "A place on either strand is a site when the oligo becomes the sequence there by at most 3 "
        "edits, of which at most 1 in its last 10 bases at the 3′ end; an edit is a mismatch, a "
        "missing base or one base more."
    )
    assert items[1].endswith("lies at most 3 bases away and has no more edits.")


def test_an_older_panel_json_leaves_out_what_it_lacks():
    panel = {key: value for key, value in full_panel().items() if key not in new_keys()}
    panel |= {"off_targets": "not searched", "variants": "not checked"}
    document = made(panel)
    assert codes(document) == [
        *("summary", "oligos", "locus", "alignments", "products", "chemistry"),
        *("off_targets", "variants", "findings", "method"),
    ]
    # The libraries behind the verification alone.
    assert document["meta"]["program"] == "breakpoint-pcr 0.0.1"
    program = rows(section(document, "summary")["blocks"][1])[-1]
    assert program[:2] == ["Program", "breakpoint-pcr 0.0.1, python 3.0, numpy 2.0"]


@pytest.mark.parametrize("key", sorted(set(new_keys()) - {"variant_frequency_min"}))
def test_each_new_key_may_be_missing_or_null(key):
    panel = full_panel()
    made({**panel, key: None})
    del panel[key]
    made(panel)


def test_the_document_depends_on_panel_json_alone(document):
    assert composed() == document
    changed = composed(verdict="FAIL")
    assert changed["meta"]["report_id"] != document["meta"]["report_id"]


def test_a_row_with_a_cell_too_many_is_our_bug():
    with pytest.raises(ValueError, match="2 cells under 1 heads"):
        table("", columns(WORDS, "oligo:1"), [["a", "b"]])


# ---------- wording ----------
def test_an_unknown_language_is_one_clear_line():
    with pytest.raises(ConfigError, match="report.language is 'tlh'"):
        load_verification_words("tlh")


def in_language(panel, language="zh"):
    return compose(panel, language=language, versions={"breakpoint-pcr": "0"}, coverage=frozenset())


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_every_language_has_the_keys_of_english_and_fills_in_the_same(language):
    english, other = read_yaml(FOLDER / "en.yaml"), read_section(language, "verification")
    assert set(other) == set(english)
    for name, texts in english.items():
        assert set(other[name]) == set(texts), name
        for key, text in texts.items():
            found = set(re.findall(r"{\w+}", other[name][key]))
            assert found == set(re.findall(r"{\w+}", text)), (name, key)


@pytest.mark.parametrize("absent", [False, True])
def test_what_nobody_looked_for_is_said_so_in_another_language(absent):
    panel = full_panel(off_targets="not searched", variants="not checked")
    if absent:
        panel = {k: v for k, v in panel.items() if k not in ("off_targets", "variants")}
    banner = in_language(panel)["sections"][0]["blocks"][0]["text"]
    assert banner.endswith("脱靶：未检索。引物下的已知变异：未核查。")


def test_sentences_in_english_are_counted_and_panel_json_is_attached_as_it_is():
    odd = {"level": "info", "scope": "panel", "subject": "panel p", "code": "odd"}
    panel = full_panel(findings=[{**odd, "sentence": "the moon was full"}])
    made = in_language(panel)
    assert made["source"] == panel
    rows = next(s for s in made["sections"] if s["code"] == "findings")["blocks"][0]["rows"]
    told = [[line["text"] for cell in row for line in cell] for row in rows]
    assert ["信息", "引物组", "引物组 p", "the moon was full", "odd"] in told
    assert told[-1][-1] == "sentences_untranslated"


def test_every_code_has_words():
    assert set(WORDS.section("seen")) == set(map(str, Seen))
    assert set(WORDS.section("probed")) == set(map(str, Probed))
    assert set(WORDS.section("panel_verdicts")) == set(map(str, Verdict))
    assert set(WORDS.section("verdict_meanings")) == set(map(str, Verdict))


def test_every_sentence_head_and_label_is_used():
    own = read_yaml(FOLDER / "en.yaml")
    code = "".join(p.read_text(encoding="utf-8") for p in FOLDER.parent.rglob("*.py"))
    shared = Path("src/breakpoint_pcr/report")
    template = "".join(p.read_text("utf-8") for p in FOLDER.parent.rglob("*.typ"))
    keys = [*own["sentences"], *own["headings"]]
    assert [k for k in keys if f'"{k}"' not in code] == []
    assert [k for k in own["heads"] if not re.search(rf'["> ]{k}[":]', code)] == []
    assert [k for k in own["labels"] if f"T.{k}" not in template and f'"{k}"' not in code] == []
    known = {**load_words("en").section("labels"), **own["labels"]}
    assert set(re.findall(r"\bT\.(\w+)", template)) <= set(known)
    assert (shared / "template/alignment.typ").is_file()


def test_the_wording_holds_no_gene():
    assert "IKZF" not in (FOLDER / "en.yaml").read_text(encoding="utf-8").upper()


# ---------- the run report's primer page ----------
def test_the_primer_page_says_coverage_off_targets_and_variants_in_a_line_each():
    page = primers_page(full_panel(), load_words("en"))
    assert page["products"]["note"].endswith(
        "Of 6 deletions of consecutive exons, 1 seen by a product that must appear, 1 seen by a "
        "long product only, 1 seen depending on the breakpoints, 3 never seen."
    )
    assert page["notes"][1:] == [
        "Off-targets: searched in madeup.fa.gz; unwanted products within breakpoint reactions: 1.",
        "Known variants under the oligos: 2; warnings: 1.",
    ]
    assert page["alignments"][0]["edits"] == [
        "the site has one G more between bases 7 and 8 from the 3′ end: not gradable"
    ]


def test_the_product_of_a_control_gene_is_wanted():
    genome = new_keys()["genome"]
    genome["products"] = [{**genome["products"][1], "assays": ["HK"]}]
    assert primers_page(full_panel(genome=genome), load_words("en"))["notes"][1].endswith(": 0.")


def test_a_panel_without_coverage_says_nothing_of_it():
    assert coverage_words(full_panel(coverage=None), load_words("en")) == ""


def test_windows_end_where_the_record_does():
    panel = full_panel()
    panel["primers"] = panel["primers"][3:]
    panel["primers"][0]["sites"][0] |= {"start": 1179, "end": 1199}
    panel["alleles"] = []
    ((window,),) = zoom_map(panel, WORDS)["rows"]
    assert window["last"] == "1,200"
