"""The deleted fraction of a class that was found, against numbers worked out by hand.

The exact line of the bench: Ct = 38 - 10/3 log10(N), so 1,000 copies at Ct 28.
"""

import math
from dataclasses import replace

import pytest
from calling_bench import CONTROLS, DOUBTFUL, NEG, OMITTED, STANDARD, entry, products
from calling_bench import settings as call_settings
from levels_bench import (
    PANEL,
    at,
    ct_of,
    exact,
    level,
    measured,
    patient,
    said,
    settings,
    standards,
    wells_of,
    with_sheet,
)
from scipy import stats

from breakpoint_pcr.levels import levels_of
from breakpoint_pcr.levels.fractions import Interval, Quantified
from breakpoint_pcr.levels.statements import clone_of
from breakpoint_pcr.runs import Override, RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import Amplifies, Clone, Detected, LevelMethod

ASSAY, LABEL = "F.4/R-7", "Δ4-7"
CURVES = (exact(ASSAY, 20, (1, 2, 3, 4, 5)), exact("ALB", 21, (2, 3, 4, 5)))
# 10,000 copies of the control gene are 5,000 cells.
GENE = at(ct_of(4))
COUNTED = math.exp(1.959964 * math.sqrt(1 / 1000 + 1 / 10_000))


def fraction(row):
    return row.fraction, row.fraction_low, row.fraction_high


def test_two_exact_curves():
    """1,000 deleted copies in 5,000 cells: 0.2. Without scatter of the standards the interval is
    that of counting: 1.96 sqrt(1/1,000 + 1/10,000) on the natural scale, a factor of 1.0672.
    """
    called, found = measured(*CURVES, patient("S", {ASSAY: at(28.0)}, GENE))
    row = level(found, LABEL)
    ((mine,), (gene,)) = (wells_of(called, "S", assay) for assay in (ASSAY, "ALB"))
    assert (row.detected, row.assay) == (Detected.YES, ASSAY)
    assert row.method is LevelMethod.STANDARD_CURVES
    assert fraction(row) == pytest.approx((0.2, 0.2 / COUNTED, 0.2 * COUNTED), rel=1e-6)
    assert row.copies == pytest.approx(1000)
    assert (row.cells, row.sampling_limit, row.excluded) == (None, None, None)
    assert row.statement == (
        "Δ4-7 in 20 % (18.7 % to 21.3 %), 95 % confidence, of all cells of the specimen (blasts "
        "are not counted here), at one deleted allele a cell; between clonal and subclonal"
    )
    assert row.reason == (
        f"1,000 deleted copies per reaction (F.4/R-7 in {mine}) of the DNA of 5,000 cells "
        f"(ALB in {gene}: 10,000 copies)"
    )


# Residuals that leave slope and intercept as they are: +-0.1 at each of 10^1..10^4, and
# +0.1 -0.1 -0.1 +0.1 over 10^2..10^5.
SCATTERED = (
    standards(
        ASSAY,
        20,
        [({"copies": 10.0**x}, ct_of(x) + sign * 0.1) for x in (1, 2, 3, 4) for sign in (1, -1)],
    ),
    standards(
        "ALB",
        21,
        [
            ({"copies": 10.0**x}, ct_of(x) + sign * 0.1)
            for x, sign in zip((2, 3, 4, 5), (1, -1, -1, 1), strict=True)
        ],
    ),
)


def test_the_interval_by_hand():
    """Both variances on log10, degrees of freedom after Welch and Satterthwaite.

    Deletion: n 8, SS 8 x 0.01, s^2 = 0.08/6; (s/m)^2 = 0.013333 x 0.09 = 0.0012; mean 2.5,
    Sxx 2 x (1.5^2 + 0.5^2) x 2 = 10; at 3: 0.0012 (1 + 1/8 + 0.25/10) = 0.00138, 6 df.
    Gene: n 4, SS 0.04, s^2 = 0.02; (s/m)^2 = 0.0018; mean 3.5, Sxx 5; at 4:
    0.0018 (1 + 1/4 + 0.25/5) = 0.00234, 2 df.
    Counting, no estimate in it: (1/1,000 + 1/10,000) / ln(10)^2 = 0.00110 x 0.188612 = 0.000207473.
    """
    _, found = measured(*SCATTERED, patient("S", {ASSAY: at(28.0)}, GENE))
    row = level(found, LABEL)
    total = 0.00138 + 0.00234 + 0.0011 / math.log(10) ** 2
    assert total == pytest.approx(0.003927473, abs=1e-9)
    freedom = total**2 / (0.00138**2 / 6 + 0.00234**2 / 2)
    assert freedom == pytest.approx(5.0488, abs=1e-4)
    half = stats.t.ppf(0.975, freedom) * math.sqrt(total)
    expected = (0.2, 10 ** (math.log10(0.2) - half), 10 ** (math.log10(0.2) + half))
    assert fraction(row) == pytest.approx(expected, rel=1e-9)
    assert row.clone is Clone.BETWEEN


def test_replicates_narrow_the_interval():
    """Three wells at mean Ct 28: 0.0012 (1/3 + 1/8 + 0.25/10) = 0.00058; 3,000 copies counted."""
    wells = [entry("S", ASSAY, at(ct)) for ct in (27.9, 28.1)]
    _, found = measured(*SCATTERED, [*patient("S", {ASSAY: at(28.0)}, GENE), *wells])
    total = 0.00058 + 0.00234 + (1 / 3000 + 1 / 10_000) / math.log(10) ** 2
    freedom = total**2 / (0.00058**2 / 6 + 0.00234**2 / 2)
    half = stats.t.ppf(0.975, freedom) * math.sqrt(total)
    row = level(found, LABEL)
    assert row.fraction == pytest.approx(0.2)
    assert row.fraction_high == pytest.approx(0.2 * 10**half, rel=1e-9)


def test_replicates_that_lie_far_apart_are_named():
    """Ct 27 and 29: wider than replicates.ct_spread_max, 1.5."""
    sample = [*patient("S", {ASSAY: at(27.0)}, GENE), entry("S", ASSAY, at(29.0))]
    _, found = measured(*CURVES, sample)
    row = level(found, LABEL)
    assert row.fraction == pytest.approx(0.2)
    assert row.statement.endswith("; uncertain: positive replicates of the sample lie far apart")


def test_another_confidence_has_another_interval():
    sample = patient("S", {ASSAY: at(28.0)}, GENE)
    _, wide = measured(*SCATTERED, sample, level={"confidence": 0.99})
    _, narrow = measured(*SCATTERED, sample, level={"confidence": 0.8})
    assert level(wide, LABEL).fraction_low < level(narrow, LABEL).fraction_low
    assert "99 % confidence" in level(wide, LABEL).statement


@pytest.mark.parametrize(
    ("copies", "word", "sentence"),
    [
        (2000, Clone.CLONAL, "clonal (the interval lies at or above 30 %)"),
        (1520, Clone.BETWEEN, "between clonal and subclonal"),
        (980, Clone.BETWEEN, "between clonal and subclonal"),
        (500, Clone.SUBCLONAL, "subclonal (the interval lies below 20 %)"),
    ],
)
def test_the_word_for_a_clone(copies, word, sentence):
    """Of 5,000 cells: 30 % are 1,500 copies, 20 % are 1,000; counting alone gives 5 % and more."""
    _, found = measured(*CURVES, patient("S", {ASSAY: at(ct_of(math.log10(copies)))}, GENE))
    row = level(found, LABEL)
    assert row.clone is word
    assert row.statement.endswith(sentence)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.3, 0.4, Clone.CLONAL),
        (0.2999, 0.4, Clone.BETWEEN),
        (0.1, 0.2, Clone.BETWEEN),
        (0.1, 0.1999, Clone.SUBCLONAL),
        (0.1, 0.9, Clone.BETWEEN),
    ],
)
def test_the_whole_interval_counts(low, high, word):
    """clonal_min 0.3 is clonal, subclonal_max 0.2 no longer subclonal."""
    interval = Interval(math.sqrt(low * high), low, high)
    found = Quantified(ASSAY, LevelMethod.STANDARD_CURVES, interval, 1.0, "")
    assert clone_of(found, settings()) is word
    diluted = replace(found, method=LevelMethod.DILUTION_SERIES)
    assert clone_of(diluted, settings()) is Clone.UNKNOWN


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ({"clonal_min": None, "subclonal_max": None}, Clone.UNKNOWN),
        ({"clonal_min": None}, Clone.UNKNOWN),
        ({"clonal_min": 0.2, "subclonal_max": None}, Clone.CLONAL),
        ({"clonal_min": 0.5, "subclonal_max": None}, Clone.UNKNOWN),
    ],
)
def test_a_limit_that_is_null_has_no_word(limits, word):
    ct = ct_of(math.log10(1200))
    _, found = measured(*CURVES, patient("S", {ASSAY: at(ct)}, GENE), level=limits)
    assert level(found, LABEL).clone is word


def test_more_than_every_cell_is_not_clipped():
    """20,000 copies in 5,000 cells."""
    _, found = measured(*CURVES, patient("S", {ASSAY: at(ct_of(math.log10(20_000)))}, GENE))
    row = level(found, LABEL)
    assert row.fraction == pytest.approx(4)
    assert "400 %" in row.statement
    assert "above 100 %: both alleles deleted, or standards or control gene wrong" in row.statement


def test_each_class_of_a_mixed_sample_has_its_own():
    curves = exact("F.4/R-8", 22, (1, 2, 3, 4))
    sample = patient("S", {ASSAY: at(28.0), "F.4/R-8": at(ct_of(2))}, GENE)
    _, found = measured(*CURVES, curves, sample)
    assert level(found, LABEL).fraction == pytest.approx(0.2)
    row = level(found, "Δ4-8")
    assert row.fraction == pytest.approx(0.02)
    assert row.reason.endswith("; too low, if it is a long product: Δ4-8 second right")


@pytest.mark.parametrize(
    ("copies", "place"), [(5, "below"), (200_000, "above"), (9.9999, "below"), (100_001, "above")]
)
def test_nothing_is_read_outside_the_standards(copies, place):
    _, found = measured(*CURVES, patient("S", {ASSAY: at(ct_of(math.log10(copies)))}, GENE))
    row = level(found, LABEL)
    assert fraction(row) == (None, None, None)
    assert (row.copies, row.clone, row.method) == (None, Clone.UNKNOWN, LevelMethod.NONE)
    assert row.statement == f"Δ4-7 detected; {place} the standards' range, no fraction"
    assert f"{place} the standards' range (standard curve of F.4/R-7 in copies: 10 to 100000)" in (
        row.reason
    )


@pytest.mark.parametrize("copies", [10, 100_000])
def test_the_outermost_standards_are_inside(copies):
    _, found = measured(*CURVES, patient("S", {ASSAY: at(ct_of(math.log10(copies)))}, GENE))
    assert level(found, LABEL).copies == pytest.approx(copies)


def test_a_control_gene_outside_its_standards_leaves_the_copies():
    curves = (CURVES[0], exact("ALB", 21, (2, 3, 3.5)))
    _, found = measured(*curves, patient("S", {ASSAY: at(28.0)}, GENE))
    row = level(found, LABEL)
    assert (row.fraction, row.copies) == (None, pytest.approx(1000))
    assert row.statement == (
        "Δ4-7 detected; above the standards' range, no fraction; 1,000 deleted copies a well"
    )
    assert "above the standards' range (standard curve of ALB in copies" in row.reason


NEITHER = "neither standards nor a dilution series of F.4/R-7 on the plate"
NO_SERIES = "no dilution series of F.4/R-7 on the plate"


@pytest.mark.parametrize(
    ("groups", "gene", "copies", "reason"),
    [
        ((), GENE, None, NEITHER),
        (
            CURVES[:1],
            GENE,
            1000,
            f"no standard curve of ALB in copies on the plate; {NO_SERIES}",
        ),
        (
            CURVES[1:],
            GENE,
            None,
            NEITHER,
        ),
        (CURVES, None, 1000, f"ALB has no usable well of the sample; {NO_SERIES}"),
        (CURVES, (30.0, STANDARD), 1000, "the control gene of the sample is not adequate"),
        (CURVES, (22.0, DOUBTFUL), 1000, "the control gene of the sample is not adequate"),
        (
            (exact(ASSAY, 20, (1, 2)), CURVES[1]),
            GENE,
            None,
            "standard curve of F.4/R-7 in copies not accepted: 2 different quantities with a Ct, "
            f"3 needed; {NO_SERIES}",
        ),
    ],
)
def test_without_curves_there_is_no_fraction(groups, gene, copies, reason):
    unrequired = call_settings(
        controls={"control_gene": CONTROLS["control_gene"] | {"required": False}}
    )
    _, found = measured(*groups, patient("S", {ASSAY: at(28.0)}, gene), limits=unrequired)
    row = level(found, LABEL)
    assert (row.detected, row.fraction, row.method) == (Detected.YES, None, LevelMethod.NONE)
    assert row.copies == (None if copies is None else pytest.approx(copies))
    assert row.statement.startswith("Δ4-7 detected; no fraction")
    assert reason in row.reason


def test_a_dark_replicate_makes_it_not_quantifiable():
    any_positive = call_settings(replicates={"rule": "any_positive"})
    sample = [*patient("S", {ASSAY: at(28.0)}, GENE), entry("S", ASSAY, NEG)]
    called, found = measured(*CURVES, sample, limits=any_positive)
    row = level(found, LABEL)
    dark = wells_of(called, "S", ASSAY)[1]
    assert (row.detected, row.fraction, row.copies) == (Detected.YES, None, None)
    assert row.reason == f"not every well of F.4/R-7 is positive ({dark} is negative)"


def test_an_omitted_replicate_does_not_count():
    sample = [*patient("S", {ASSAY: at(28.0)}, GENE), entry("S", ASSAY, OMITTED)]
    _, found = measured(*CURVES, sample)
    assert level(found, LABEL).fraction == pytest.approx(0.2)


def test_different_amounts_of_dna_in_assay_and_gene_are_reckoned():
    """100 ng with the breakpoint assay, 10 ng with ALB: ten times the cells, 0.02."""

    def lines(called):
        mine = dict.fromkeys(wells_of(called, "S"), 100.0)
        mine |= dict.fromkeys(wells_of(called, "S", "ALB"), 10.0)
        return [SheetEntry(well, input_ng=amount) for well, amount in mine.items()]

    _, found = with_sheet(*CURVES, patient("S", {ASSAY: at(28.0)}, GENE), lines=lines)
    assert level(found, LABEL).fraction == pytest.approx(0.02)


def test_replicates_with_different_amounts_of_dna_have_no_fraction():
    sample = [*patient("S", {ASSAY: at(28.0)}, GENE), entry("S", ASSAY, at(28.0))]

    def lines(called):
        first, second = wells_of(called, "S", ASSAY)
        return [SheetEntry(first, input_ng=10.0), SheetEntry(second, input_ng=100.0)]

    _, found = with_sheet(*CURVES, sample, lines=lines)
    row = level(found, LABEL)
    assert row.fraction is None
    assert "hold different amounts of DNA" in row.reason


TWO_SEVEN = (exact("F.2a/R-7", 22, (1, 2, 3, 4)), exact("F.2b/R-7", 23, (1, 2, 3, 4)), CURVES[1])


def test_the_long_product_of_the_usual_form_is_not_quantified():
    """F.2a/R-7 must show it; F.2b/R-7 shows 593 bp, late, with ten times too few copies."""
    sample = patient("S", {"F.2a/R-7": at(28.0), "F.2b/R-7": at(31.4)}, GENE)
    _, found = measured(*TWO_SEVEN, sample)
    row = level(found, "Δ2-7")
    assert (row.assay, row.fraction) == ("F.2a/R-7", pytest.approx(0.2))
    assert row.reason.endswith("; not counted, if there as well: Δ2-7 left variant")


def test_the_other_form_is_quantified_where_the_usual_one_is_absent():
    _, found = measured(*TWO_SEVEN, patient("S", {"F.2b/R-7": at(28.0)}, GENE))
    row = level(found, "Δ2-7")
    assert (row.assay, row.fraction) == ("F.2b/R-7", pytest.approx(0.2))
    assert row.reason.endswith("; too low, if it is a long product: Δ2-7")


@pytest.mark.parametrize("reading", [(30.0, DOUBTFUL), OMITTED, at(37.0)])
def test_a_product_that_may_be_the_long_one_is_never_quantified(reading):
    """F.2b/R-7 is positive, and what F.2a/R-7 shows is open, or late."""
    sample = patient("S", {"F.2a/R-7": reading, "F.2b/R-7": at(28.0)}, GENE)
    _, found = measured(*TWO_SEVEN, sample)
    row = level(found, "Δ2-7")
    assert (row.detected, row.fraction, row.copies) == (Detected.YES, None, None)


def test_an_assay_that_another_class_may_light_is_not_quantified():
    """As with a pooled assay: here a long product of Δ2-7 could stand behind F.4/R-7."""
    sample = patient("S", {ASSAY: at(28.0), "F.2a/R-7": at(27.0)}, GENE)
    called, found = measured(*CURVES, sample)
    assert level(found, LABEL).fraction == pytest.approx(0.2)
    rows = [
        replace(row, size_min=800, size_max=800, product=Amplifies.MAY)
        if (row.allele, row.assay) == ("Δ2-7", ASSAY)
        else row
        for row in products()
    ]
    sheet = tuple(line for _, lines in CURVES for line in lines)
    record = RunRecord("run", Status.READ, sheet=sheet)
    again = levels_of(record, called, rows, panel=PANEL, settings=settings())
    row = level(again, LABEL)
    assert (row.assay, row.fraction, row.copies) == ("", None, None)
    assert row.reason == "no assay that must show a form of the class is positive for it alone"


def test_a_reviewers_word_is_named():
    called, _ = measured(*CURVES, patient("S", {ASSAY: at(28.0)}, GENE))
    place = wells_of(called, "S", "F.4/R-8")[0]
    by = ("dr-x", "2026-03-02", "sequenced")
    well = Override("well", place, "F.4/R-8", "negative", *by)
    _, found = measured(*CURVES, patient("S", {ASSAY: at(28.0)}, GENE), overrides=[well])
    assert level(found, LABEL).statement.endswith(f"; a reviewer decided on {place}")
    call = Override("sample", "S", "", "Δ2-7", *by)
    _, found = measured(*CURVES, patient("S", {ASSAY: at(28.0)}, GENE), overrides=[call])
    row = level(found, "Δ2-7")
    assert (row.detected, row.fraction) == (Detected.YES, None)
    assert row.statement == "Δ2-7 detected; no fraction; the call is a reviewer's decision"
    assert level(found, LABEL).detected is Detected.OPEN


def test_a_positive_without_a_good_curve_is_not_quantified():
    """A reviewer may call a doubtful well positive; a run without curves may be allowed."""
    doubtful = patient("S", {ASSAY: (28.0, DOUBTFUL)}, GENE)
    called, _ = measured(*CURVES, doubtful)
    (place,) = wells_of(called, "S", ASSAY)
    override = Override("well", place, ASSAY, "positive", "dr-x", "2026-03-02", "clear enough")
    _, found = measured(*CURVES, doubtful, overrides=[override])
    row = level(found, LABEL)
    assert (row.detected, row.copies) == (Detected.YES, None)
    assert row.reason == f"F.4/R-7 has no Ct on a standard curve in {place}"


def test_joined_samples_have_one_level():
    """T is a replicate of S: mean Ct 28, one row."""
    first, second = patient("S", {ASSAY: at(27.5)}, GENE), patient("T", {ASSAY: at(28.5)}, GENE)
    _, found = with_sheet(*CURVES, first, second, lines=said("T", replicate_of="S"))
    assert {row.sample for row in found.levels} == {"S"}
    assert level(found, LABEL).fraction == pytest.approx(0.2)


# A dilution series of patient P1 in normal DNA: Ct = 24 - 10/3 log10(share), ALB at 10,000 copies.
def series(owner="P1", gene=(4, 4, 4, 4), shares=(0, -1, -2, -3)):
    made, sheet = standards(
        ASSAY, 22, [({"dilution": 10.0**x}, 24 - 10 / 3 * x) for x in shares], patient_ref=owner
    )
    more, lines = standards(
        "ALB",
        23,
        [({"dilution": 10.0**x}, ct_of(copies)) for x, copies in zip(shares, gene, strict=True)],
        patient_ref=owner,
    )
    return [*made, *more], [*sheet, *lines]


def of_patient(*groups, owner="P1", **options):
    lines = said("S", patient_ref=owner) if owner else lambda _: []

    def sheet(called):
        return [*lines(called), *(line for g in groups if isinstance(g, tuple) for line in g[1])]

    return with_sheet(*groups, lines=sheet, **options)


def test_a_dilution_series_gives_the_share_of_the_diluted_sample():
    """Ct 30.667 is 10^-2 of the series; 5,000 gene copies instead of 10,000: 0.02."""
    sample = patient("S", {ASSAY: at(24 + 20 / 3)}, at(ct_of(math.log10(5000))))
    _, found = of_patient(CURVES[1], series(), sample)
    row = level(found, LABEL)
    assert row.method is LevelMethod.DILUTION_SERIES
    assert fraction(row) == pytest.approx((0.02, 0.02, 0.02), rel=1e-6)
    assert (row.clone, row.copies) == (Clone.UNKNOWN, None)
    assert row.statement == (
        "Δ4-7 at 2 % (2 % to 2 %), 95 % confidence of the level in the diluted sample of patient "
        "P1, in the DNA of all cells of both specimens (blasts are not counted here)"
    )
    assert "times DNA of the series over DNA of the sample 2 " in row.reason


def test_the_interval_of_a_dilution_series_by_hand():
    """The two readings of the gene share a line: its height falls out of their difference.

    Series: residuals +-0.1 twice over 10^0..10^-3 as above: 0.0012 (1 + 1/8 + 0.25/10) at 10^-2
    with 6 df. Gene line 0.0018: sample at 3.7 (5,012), series 4 wells at 4:
    0.0018 (1 + 1/4 + 0.09/5) = 0.0022824, 2 df.
    """
    diluted = standards(
        ASSAY,
        22,
        [
            ({"dilution": 10.0**x}, 24 - 10 / 3 * x + sign * 0.1)
            for x in (0, -1, -2, -3)
            for sign in (1, -1)
        ],
        patient_ref="P1",
    )
    genes = standards(
        "ALB", 23, [({"dilution": 10.0**x}, ct_of(4)) for x in (0, -1, -2, -3)], patient_ref="P1"
    )
    sample = patient("S", {ASSAY: at(24 + 20 / 3)}, at(ct_of(3.7)))
    _, found = of_patient(SCATTERED[1], diluted, genes, sample)
    first, second = 0.00138, 0.0018 * (1 + 1 / 4 + 0.3**2 / 5)
    freedom = (first + second) ** 2 / (first**2 / 6 + second**2 / 2)
    half = stats.t.ppf(0.975, freedom) * math.sqrt(first + second)
    middle = 0.01 * 10**0.3
    expected = (middle, middle * 10**-half, middle * 10**half)
    assert fraction(level(found, LABEL)) == pytest.approx(expected, rel=1e-9)


def test_different_amounts_of_dna_beside_a_series_are_reckoned():
    """The control gene in 10 ng, the breakpoint in 100 ng: the sample held ten times the DNA."""
    sample = patient("S", {ASSAY: at(24 + 20 / 3)}, at(ct_of(math.log10(5000))))
    groups = (CURVES[1], series(), sample)

    def lines(called):
        amounts = dict.fromkeys(wells_of(called, "S"), 100.0)
        amounts |= dict.fromkeys(wells_of(called, "S", "ALB"), 10.0)
        mine = [SheetEntry(w, patient_ref="P1", input_ng=n) for w, n in amounts.items()]
        return [*mine, *CURVES[1][1], *groups[1][1]]

    _, found = with_sheet(*groups, lines=lines)
    assert level(found, LABEL).fraction == pytest.approx(0.002)


def test_curves_in_copies_come_first():
    sample = patient("S", {ASSAY: at(28.0)}, GENE)
    _, found = of_patient(*CURVES, series(), sample)
    row = level(found, LABEL)
    assert (row.method, row.fraction) == (LevelMethod.STANDARD_CURVES, pytest.approx(0.2))


NOT_USED = "the dilution series is not used: the sheet does not name the patient"


@pytest.mark.parametrize(
    ("groups", "owner", "reason"),
    [
        ((CURVES[1], series()), "P2", "no dilution series of F.4/R-7 of patient P2 on the plate"),
        ((CURVES[1], series()), "", NOT_USED),
        ((CURVES[1], series(owner="")), "", NOT_USED),
        ((series(),), "P1", "no standard curve of ALB in copies on the plate"),
        (
            (CURVES[1], series(gene=(4, 3, 2.5, 2))),
            "P1",
            "ALB falls with the dilution: the series is not one in normal DNA",
        ),
        (
            (exact("ALB", 21, (2, 3, 4.1)), series(gene=(5, 5, 5, 5))),
            "P1",
            "Ct of A23, B23, C23, D23 above the standards' range (curve of ALB: 100 to 12589.3)",
        ),
    ],
)
def test_a_dilution_series_that_is_not_used(groups, owner, reason):
    sample = patient("S", {ASSAY: at(28.0)}, GENE)
    _, found = of_patient(*groups, sample, owner=owner)
    row = level(found, LABEL)
    assert reason in row.reason
    assert (row.fraction, row.method) == (None, LevelMethod.NONE)


@pytest.mark.parametrize(("ct", "place"), [(34.5, "below"), (23.5, "above")])
def test_nothing_is_read_outside_the_series(ct, place):
    _, found = of_patient(CURVES[1], series(), patient("S", {ASSAY: at(ct)}, GENE))
    row = level(found, LABEL)
    assert row.fraction is None
    assert row.statement == f"Δ4-7 detected; {place} the standards' range, no fraction"


def test_a_series_without_the_control_gene_is_not_used():
    made, sheet = series()
    only = [e for e in made if e[1] == ASSAY], sheet[:4]
    _, found = of_patient(CURVES[1], only, patient("S", {ASSAY: at(28.0)}, GENE))
    row = level(found, LABEL)
    assert row.fraction is None
    assert "no well of ALB in the dilution series tells how much DNA it held" in row.reason


def test_open_classes_have_no_level():
    """F.4/R-8 is in doubt: Δ4-8 is open, Δ4-7 is there, the rest is not."""
    sample = patient("S", {ASSAY: at(28.0), "F.4/R-8": (30.0, DOUBTFUL)}, GENE)
    called, found = measured(*CURVES, sample)
    states = {row.deletion: row.detected for row in found.levels}
    assert states == {
        "Δ2-7": Detected.NO,
        "Δ2-8": Detected.NO,
        "Δ4-7": Detected.YES,
        "Δ4-8": Detected.OPEN,
    }
    row = level(found, "Δ4-8")
    place = wells_of(called, "S", "F.4/R-8")[0]
    assert row.statement == "Δ4-8 neither detected nor excluded"
    assert row.reason == f"F.4/R-8 is review in {place}"


@pytest.mark.parametrize(
    ("sample", "states"),
    [
        # No DNA: invalid.
        (patient("S", {}, NEG), "????"),
        # Positives stand without an adequate control gene; the absence of the others does not.
        (patient("S", {ASSAY: at(28.0)}, at(29.0)), "??+?"),
        (patient("S", {}), "----"),
        (patient("S", {"F.2a/R-7": (30.0, DOUBTFUL), "F.4/R-8": (30.0, DOUBTFUL)}), "?--?"),
    ],
)
def test_a_class_is_denied_only_when_every_assay_that_must_show_it_is_dark(sample, states):
    names = {Detected.YES: "+", Detected.NO: "-", Detected.OPEN: "?"}
    _, found = measured(*CURVES, sample)
    assert "".join(names[row.detected] for row in found.levels) == states


def test_an_assay_that_was_not_run_for_the_sample_leaves_its_class_open():
    """F.2b/R-7, which must show the variant of Δ2-7, is on the plate for T alone."""
    short = patient("S", {ASSAY: at(28.0)}, pairs=("F.2a/R-7", "F.4/R-7"))
    _, found = measured(*CURVES, short, patient("T"))
    row = level(found, "Δ2-7")
    assert row.detected is Detected.OPEN
    assert row.reason == "F.2b/R-7 has no usable well of the sample"
    assert level(found, "Δ2-7", "T").detected is Detected.NO


def test_controls_and_standards_have_no_row():
    _, found = measured(*CURVES, patient("S"))
    assert {row.sample for row in found.levels} == {"S"}


def test_only_tested_classes_have_a_row():
    pairs = ("F.2a/R-7", "F.4/R-7")
    _, found = measured(*CURVES, patient("S", pairs=pairs))
    assert [row.deletion for row in found.levels] == ["Δ2-7", "Δ4-7"]
