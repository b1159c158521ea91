"""What a negative excludes, and the words for a marker's negative.

100 ng at 6.6 pg a cell are 15,151.5 cells; 2.9957 / 15,151.5 = 1.977e-4 (qc_vectors.tsv).
"""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from calling_bench import CONTROLS, DOUBTFUL, NEG, NO_CURVE, OMITTED, entry, products
from calling_bench import settings as call_settings
from levels_bench import (
    EVERY_LOD,
    PANEL,
    at,
    ct_of,
    exact,
    level,
    lod,
    measured,
    patient,
    said,
    settings,
    wells_of,
    with_sheet,
)

from breakpoint_pcr.calling import CalledRun
from breakpoint_pcr.fingerprint import _closure
from breakpoint_pcr.levels import Levels, levels_of
from breakpoint_pcr.levels.numbers import percent
from breakpoint_pcr.runs import Override, RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import Detected, LevelMethod

ASSAY, LABEL = "F.4/R-7", "Δ4-7"
CELLS = 100_000 / 6.6
SAMPLING = 2.995732273553991 / CELLS
BY = ("dr-x", "2026-03-02", "seen")


def of_100_ng(*groups, more=None, **options):
    """Levels of S on a plate where every well of S holds 100 ng."""
    cells = {"input_ng": 100.0} | (more or {})
    return with_sheet(*groups, lines=said("S", **cells), **options)


def test_the_golden_sampling_limit():
    called, found = of_100_ng(patient("S"))
    row = level(found, LABEL)
    (well,) = wells_of(called, "S", ASSAY)
    assert (row.detected, row.assay, row.method) == (Detected.NO, ASSAY, LevelMethod.NONE)
    assert round(row.cells) == 15152
    assert row.sampling_limit == pytest.approx(1.98e-4, abs=5e-7)
    assert row.sampling_limit == pytest.approx(SAMPLING, rel=1e-12)
    assert (row.excluded, row.fraction, row.copies) == (None, None, None)
    assert row.statement == (
        "Δ4-7 not detected; sensitivity not established: no verified limit of detection of "
        "F.4/R-7; sampling alone allows 0.0198 % of all cells of the specimen (blasts are not "
        "counted here) at best (DNA of 15,152 cells)"
    )
    assert row.reason == f"F.4/R-7: {well} 15,152 cells (100 ng)"


@pytest.mark.parametrize(
    ("amount_ng", "cells", "limit"),
    [(200.0, 30303, 9.89e-5), (500.0, 75758, 3.95e-5), (1000.0, 151515, 1.98e-5)],
)
def test_golden_amounts(amount_ng, cells, limit):
    _, found = of_100_ng(patient("S"), more={"input_ng": amount_ng})
    row = level(found, LABEL)
    assert round(row.cells) == cells
    assert row.sampling_limit == pytest.approx(limit, rel=5e-3)


def test_the_limit_of_detection_where_it_is_larger():
    """12 copies in 15,151.5 cells: 7.92e-4."""
    _, found = of_100_ng(patient("S"), level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert row.excluded == pytest.approx(7.92e-4)
    assert row.sampling_limit == pytest.approx(SAMPLING)
    assert row.statement == (
        "Δ4-7 not detected; excluded: 0.0792 % or more of all cells of the specimen (blasts are "
        "not counted here), 95 % confidence"
    )
    words = "limit of detection of F.4/R-7 12 copies, in a reaction of 15,152 cells"
    assert row.reason.endswith(f"; {words}")


def test_the_sampling_limit_where_it_is_larger():
    """A limit of 2 copies is below what sampling allows with any assay: 2.9957."""
    _, found = of_100_ng(patient("S"), level={"lod": lod(F4_R7=2)})
    assert level(found, LABEL).excluded == pytest.approx(SAMPLING)


def test_another_confidence():
    """-ln(0.01) = 4.60517."""
    _, found = of_100_ng(patient("S"), level={"confidence": 0.99})
    assert level(found, LABEL).sampling_limit == pytest.approx(4.605170185988091 / CELLS)


def test_replicates_share_the_sampling_limit_but_not_the_limit_of_detection():
    """Three reactions of 100 ng: 2.9957 / 45,455; 12 copies must lie in one of them."""
    _, found = of_100_ng(patient("S", wells=3), level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert row.cells == pytest.approx(3 * CELLS)
    assert row.sampling_limit == pytest.approx(SAMPLING / 3)
    assert row.excluded == pytest.approx(12 / CELLS)


def test_the_fullest_reaction_carries_the_limit_of_detection():
    """10 ng and 100 ng: 12 copies in the 100 ng; cells add up to 110 ng."""

    def lines(called):
        first, second = wells_of(called, "S", ASSAY)
        return [SheetEntry(first, input_ng=10.0), SheetEntry(second, input_ng=100.0)]

    sample = patient("S", pairs=(ASSAY,), wells=2)
    _, found = with_sheet(sample, lines=lines, level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert row.cells == pytest.approx(1.1 * CELLS)
    assert row.excluded == pytest.approx(12 / CELLS)


def test_an_unusable_well_holds_nothing():
    sample = [*patient("S"), entry("S", ASSAY, OMITTED)]
    _, found = of_100_ng(sample)
    assert level(found, LABEL).cells == pytest.approx(CELLS)


def test_the_assay_that_excludes_least_counts_for_a_class_of_two_forms():
    """F.2a/R-7 must show the usual form of Δ2-7, F.2b/R-7 the variant."""

    def lines(called):
        amounts = {"F.2a/R-7": 100.0, "F.2b/R-7": 50.0}
        return [
            SheetEntry(w, input_ng=n) for a, n in amounts.items() for w in wells_of(called, "S", a)
        ]

    sample = patient("S", pairs=("F.2a/R-7", "F.2b/R-7"))
    _, found = with_sheet(sample, lines=lines)
    row = level(found, "Δ2-7")
    assert (row.assay, row.cells) == ("F.2b/R-7", pytest.approx(CELLS / 2))
    # 30 copies in 15,151.5 cells exclude less than 12 copies in 7,575.8.
    limits = {"lod": lod(F2a_R7=30, F2b_R7=12)}
    _, found = with_sheet(sample, lines=lines, level=limits)
    row = level(found, "Δ2-7")
    assert (row.assay, row.cells) == ("F.2a/R-7", pytest.approx(CELLS))
    assert row.excluded == pytest.approx(30 / CELLS)
    # One verified limit alone is not enough.
    _, found = with_sheet(sample, lines=lines, level={"lod": lod(F2a_R7=30)})
    row = level(found, "Δ2-7")
    assert (row.assay, row.excluded) == ("F.2b/R-7", None)
    assert "no verified limit of detection of F.2b/R-7;" in row.statement


def test_without_an_amount_of_dna_nothing_is_excluded():
    _, found = measured(patient("S"), level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert (row.cells, row.sampling_limit, row.excluded) == (None, None, None)
    assert row.statement == (
        "Δ4-7 not detected; sensitivity not established: amount of DNA not known (F.4/R-7)"
    )


GENE_CURVE = exact("ALB", 21, (2, 3, 4, 5))


def test_the_control_gene_tells_the_dna_where_the_sheet_does_not():
    """10,000 copies are 5,000 cells."""
    _, found = measured(GENE_CURVE, patient("S", alb=at(ct_of(4))), level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert row.cells == pytest.approx(5000)
    assert row.excluded == pytest.approx(12 / 5000)
    assert "5,000 cells by the control gene" in row.reason


@pytest.mark.parametrize(
    ("log10_copies", "amount_ng", "cells"),
    [
        (4, 100.0, 5000),  # degraded: the control gene shows a third of the weight
        (4, 10.0, CELLS / 10),  # more amplifies than was weighed in: the weight counts
        (5.1, 100.0, CELLS),  # beyond the standards: the weight counts
        (1.9, 100.0, None),  # fewer copies than the lowest standard: not known how few
    ],
)
def test_the_smaller_of_weight_and_control_gene_counts(log10_copies, amount_ng, cells):
    unlimited = call_settings(controls={"control_gene": CONTROLS["control_gene"] | {"ct_max": 40}})

    def lines(called):
        return [*GENE_CURVE[1], *said("S", input_ng=amount_ng)(called)]

    sample = patient("S", alb=at(ct_of(log10_copies)))
    _, found = with_sheet(GENE_CURVE, sample, lines=lines, limits=unlimited)
    row = level(found, LABEL)
    assert row.cells == (None if cells is None else pytest.approx(cells))


@pytest.mark.parametrize(
    "reading",
    [at(36.5), (38.0, DOUBTFUL), (36.2, NO_CURVE)],
)
def test_a_signal_after_the_limit_excludes_nothing(reading):
    """15 copies came at Ct 36.45 in one series: the call is negative, yet product may be there."""
    called, found = of_100_ng(patient("S", {ASSAY: reading}), level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert next(s.call for s in called.samples) == "negative"
    assert (row.detected, row.cells, row.excluded) == (Detected.NO, None, None)
    assert row.statement.startswith(
        "Δ4-7 not detected; sensitivity not established: signal in a negative well: F.4/R-7 in "
    )
    assert level(found, "Δ2-7").excluded == pytest.approx(12 / CELLS)


def test_a_spurious_ct_without_amplification_is_dark():
    _, found = of_100_ng(patient("S", {ASSAY: (30.0, NEG[1])}), level={"lod": EVERY_LOD})
    assert level(found, LABEL).excluded == pytest.approx(12 / CELLS)


def test_a_positive_replicate_that_was_outvoted_excludes_nothing():
    majority = call_settings(replicates={"rule": "majority", "ct_spread_max": 1.5})
    sample = [*patient("S", wells=2), entry("S", ASSAY, at(30.0))]
    called, found = of_100_ng(sample, limits=majority, level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert [s.call for s in called.samples] == ["negative"]
    assert (row.detected, row.excluded) == (Detected.NO, None)
    assert f"F.4/R-7 is positive in {wells_of(called, 'S', ASSAY)[-1]}" in row.statement


def test_without_a_control_gene_no_level_is_excluded():
    unrequired = call_settings(
        controls={"control_gene": CONTROLS["control_gene"] | {"required": False}}
    )
    _, found = of_100_ng(patient("S", alb=None), limits=unrequired, level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert (row.detected, row.excluded) == (Detected.NO, None)
    assert "no control gene shows that the DNA amplifies" in row.statement
    assert row.sampling_limit == pytest.approx(SAMPLING)


def test_a_primer_that_is_not_confirmed_excludes_nothing():
    _, found = of_100_ng(patient("S"), unconfirmed=("R-8",), level={"lod": EVERY_LOD})
    for label in ("Δ2-8", "Δ4-8"):
        row = level(found, label)
        assert row.excluded is None
        assert "it rests on R-8, not confirmed" in row.statement
    assert level(found, LABEL).excluded == pytest.approx(12 / CELLS)


def test_too_little_dna_excludes_no_fraction():
    """0.05 ng are 7.6 cells: 12 copies are more than all of them."""
    _, found = of_100_ng(patient("S"), more={"input_ng": 0.05}, level={"lod": EVERY_LOD})
    row = level(found, LABEL)
    assert row.excluded is None
    assert "too little DNA to exclude any fraction" in row.statement


def test_forms_that_the_plate_does_not_show_are_named():
    """F.2a/R-7 alone: the left variant is not tested. Δ4-8 second right gives 711 bp."""
    sample = patient("S", pairs=("F.2a/R-7", "F.4/R-8"))
    _, found = of_100_ng(sample, level={"lod": EVERY_LOD})
    row = level(found, "Δ2-7")
    assert row.statement.endswith("; this does not cover Δ2-7 left variant")
    assert row.reason.count("not tested on this plate: Δ2-7 left variant") == 1
    row = level(found, "Δ4-8")
    assert row.statement.endswith("; this does not cover Δ4-8 second right")
    assert row.reason.endswith("; seen by a long product only, if at all: Δ4-8 second right")


def test_a_class_whose_usual_form_no_assay_must_show_has_no_level():
    sample = patient("S", pairs=("F.2b/R-7",))
    _, found = of_100_ng(sample, level={"lod": EVERY_LOD})
    row = level(found, "Δ2-7")
    assert (row.detected, row.excluded, row.cells) == (Detected.NO, None, None)
    assert "no assay of the plate must show the usual form of the class" in row.statement


@pytest.mark.parametrize(
    ("decision", "state"),
    [("negative", Detected.NO), ("invalid", Detected.OPEN), ("inconclusive", Detected.OPEN)],
)
def test_an_overridden_call_has_the_levels_of_its_decision(decision, state):
    """Without a usable control gene the rules say invalid; a reviewer decides."""
    override = Override("sample", "S", "", decision, *BY)
    _, found = of_100_ng(patient("S", alb=NEG), overrides=[override], level={"lod": EVERY_LOD})
    for row in found.levels:
        assert (row.detected, row.excluded) == (state, None)
        assert row.statement.endswith("; the call is a reviewer's decision")


def test_a_reviewers_mixed_leaves_the_other_classes_open():
    override = Override("sample", "S", "", "mixed", *BY)
    _, found = of_100_ng(patient("S", {ASSAY: at(28.0)}), overrides=[override])
    states = {row.deletion: row.detected for row in found.levels}
    assert states.pop(LABEL) is Detected.YES
    assert set(states.values()) == {Detected.OPEN}


def test_a_positive_that_a_reviewer_calls_negative_excludes_nothing():
    called, _ = measured(patient("S", {ASSAY: at(28.0)}))
    (place,) = wells_of(called, "S", ASSAY)
    for override in (
        Override("sample", "S", "", "negative", *BY),
        Override("well", place, ASSAY, "negative", *BY),
    ):
        _, found = of_100_ng(
            patient("S", {ASSAY: at(28.0)}), overrides=[override], level={"lod": EVERY_LOD}
        )
        row = level(found, LABEL)
        assert (row.detected, row.excluded, row.cells) == (Detected.NO, None, None)


def test_a_rejected_run_has_no_levels():
    record = RunRecord("run", Status.REJECTED, "no export")
    found = levels_of(
        record, CalledRun([], [], [], []), products(), panel=PANEL, settings=settings()
    )
    assert found == Levels([], [], [])


# The words for a marker's negative.

WORDS = re.compile("mrd.negative", re.IGNORECASE)
CRITERIA = {"mrd_negative": {"excluded_max": 1e-3, "replicates_min": 2}, "lod": EVERY_LOD}


def marked(sample=None, *, marker=(LABEL,), amount_ng=100.0, criteria=CRITERIA, **options):
    """S in two wells an assay, followed by Δ4-7: 12 / 15,151.5 = 7.92e-4 is excluded."""
    sample = patient("S", wells=2) if sample is None else sample
    more = {"marker": marker, "input_ng": amount_ng}
    return of_100_ng(sample, more=more, level=criteria, **options)


def test_the_words_where_the_criteria_are_met():
    _, found = marked()
    row = level(found, LABEL)
    assert row.statement.endswith(
        ", 95 % confidence; MRD negative by the laboratory's criteria (at most 0.1 % excluded, "
        "at least 2 wells an assay)"
    )
    others = [row for row in found.levels if row.deletion != LABEL]
    assert len(others) == 3
    assert not any(WORDS.search(row.statement + row.reason) for row in others)


def test_two_markers_that_both_meet_them():
    _, found = marked(marker=(LABEL, "Δ2-7"))
    said = {row.deletion for row in found.levels if WORDS.search(row.statement)}
    assert said == {LABEL, "Δ2-7"}


PAIRED = patient("S", wells=2)
UNMET = [
    ({"criteria": CRITERIA | {"mrd_negative": None}}, "none are configured"),
    ({"marker": ()}, ""),
    ({"criteria": CRITERIA | {"lod": ()}}, "no verified limit of detection of F.4/R-7"),
    ({"criteria": CRITERIA | {"lod": lod(F4_R7=16)}}, "0.00106 of the cells, at most 0.001 needed"),
    ({"amount_ng": 10.0}, "excludes 0.00792 of the cells, at most 0.001 needed"),
    ({"amount_ng": None}, "amount of DNA not known (F.4/R-7)"),
    ({"sample": patient("S")}, "1 negative wells of F.4/R-7, 2 needed"),
    ({"sample": [*patient("S"), entry("S", ASSAY, OMITTED)]}, "1 negative wells of F.4/R-7"),
    ({"sample": [*PAIRED, entry("S", ASSAY, at(36.5))]}, "signal in a negative well"),
    ({"sample": patient("S", {ASSAY: at(30.0)}, wells=2)}, "Δ4-7: detected"),
    ({"sample": patient("S", {"F.4/R-8": at(30.0)}, wells=2)}, "the sample's call is Δ4-8"),
    ({"sample": patient("S", {"F.4/R-8": (30.0, DOUBTFUL)}, wells=2)}, "call is inconclusive"),
    ({"sample": patient("S", {ASSAY: (30.0, DOUBTFUL)}, wells=2)}, "Δ4-7: not excluded"),
    ({"sample": patient("S", alb=NEG, wells=2)}, "Δ4-7: not excluded"),
    ({"sample": patient("S", alb=at(29.0), wells=2)}, "Δ4-7: not excluded"),
    ({"marker": (LABEL, "Δ4-8"), "unconfirmed": ("R-8",)}, "Δ4-8: it rests on R-8"),
    (
        {"marker": (LABEL, "Δ2-7"), "sample": patient("S", pairs=(ASSAY,), wells=2)},
        "Δ2-7: not tested on this plate",
    ),
    (
        {"overrides": [Override("sample", "S", "", "negative", *BY)]},
        "a reviewer's decision stands behind the call",
    ),
    (
        {
            "marker": ("Δ2-7",),
            "sample": patient("S", pairs=("F.2a/R-7", ASSAY), wells=2),
        },
        "Δ2-7: not tested on this plate: Δ2-7 left variant",
    ),
]


@pytest.mark.parametrize(("changes", "reason"), UNMET)
def test_what_is_missing_is_said_without_the_words(changes, reason):
    _, found = marked(**changes)
    assert not any(WORDS.search(row.statement + row.reason) for row in found.levels)
    marker = changes.get("marker", (LABEL,))
    for label in marker:
        rows = [row for row in found.levels if row.deletion == label]
        assert all("criteria for a marker's negative not met" in row.reason for row in rows)
        assert all(reason in row.reason for row in rows)
    if not marker:
        assert "criteria" not in level(found, LABEL).reason


def test_a_well_that_a_reviewer_decided_on_keeps_the_words_away():
    called, _ = marked()
    override = Override("well", wells_of(called, "S", ASSAY)[0], ASSAY, "negative", *BY)
    _, found = marked(overrides=[override])
    assert not any(WORDS.search(row.statement + row.reason) for row in found.levels)


def test_without_a_required_control_gene_the_words_stay_away():
    unrequired = call_settings(
        controls={"control_gene": CONTROLS["control_gene"] | {"required": False}}
    )
    _, found = marked(patient("S", alb=None, wells=2), limits=unrequired)
    assert not any(WORDS.search(row.statement + row.reason) for row in found.levels)


def test_a_marker_that_the_plate_does_not_test_is_a_finding():
    _, found = marked(patient("S", pairs=(ASSAY,), wells=2), marker=(LABEL, "Δ2-8"))
    (finding,) = [f for f in found.findings if f.code == "marker_not_tested"]
    assert (finding.subject, finding.sentence) == (
        "S",
        "followed by Δ2-8, which no assay of the plate shows",
    )


def test_permuted_samples_have_the_same_levels():
    first, second = patient("S"), patient("T", {ASSAY: at(28.0)})
    _, one = measured(first, second)
    _, other = measured(second, first)
    assert blanked(one.levels) == blanked(other.levels)


def blanked(rows):
    """Rows in one order, without the wells, which move with the samples."""
    without = [replace(row, reason="") for row in rows]
    return sorted(without, key=lambda row: (row.sample, row.deletion))


SCRIPT = """
import sys
sys.path.insert(0, "tests/unit")
from levels_bench import measured, patient
_, found = measured(patient("S"))
print(len(found.levels), *({"scipy", "pandas", "statsmodels", "matplotlib"} & {*sys.modules}))
"""


def test_a_plate_without_standards_needs_no_scipy():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["4"]


def test_the_fingerprint_of_the_levels_covers_them():
    """What call_run reruns for: every module of levels, and the arithmetic of the curves."""
    covered = {path.name for path in _closure("levels")}
    levels = {path.name for path in Path("src/breakpoint_pcr/levels").glob("*.py")}
    assert levels | {"calibration.py", "sheet.py"} <= covered


@pytest.mark.parametrize(
    ("fraction", "words"),
    [
        (0.2, "20 %"),
        (1.98e-4, "0.0198 %"),
        (1e-4, "0.01 %"),
        (6.123e-5, "6.12 × 10⁻⁵"),
        (2.0e-7, "2 × 10⁻⁷"),
        (4.0, "400 %"),
    ],
)
def test_a_fraction_reads_as_percent_and_below_a_ten_thousandth_as_a_power(fraction, words):
    assert percent(fraction) == words
