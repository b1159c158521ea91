"""Several assays in a well, pooled primers, grey zone and controls: branches of a call by hand."""

from dataclasses import replace

import pytest
from calling_bench import (
    CONTROLS,
    FLAT,
    NEG,
    OMITTED,
    PANEL,
    POS,
    REV,
    STANDARD,
    call,
    calls,
    codes,
    controls,
    entry,
    ntc,
    positive,
    sample,
    settings,
    the,
    wild_type,
)

from breakpoint_pcr.panel import Assay, AssayKind
from breakpoint_pcr.runs import Override
from breakpoint_pcr.tables import Level, Outcome, Role

LATE, GOOD = (29.0, STANDARD), (22.0, STANDARD)

# --- a control gene in each tube -----------------------------------------------------------------
# Tube 1 holds F.4/R-7 and ALB, tube 2 F.4/R-8 and ALB: two dyes a well.


def tubes(name, first, second, genes=(GOOD, GOOD), *, role=Role.UNKNOWN, column=1):
    wells = [(f"A{column}", "F.4/R-7", first), (f"B{column}", "F.4/R-8", second)]
    found = []
    for (well, assay, reading), gene in zip(wells, genes, strict=True):
        found += [entry(name, assay, reading, role, well), entry(name, "ALB", gene, role, well)]
    return found


def plate(*samples):
    return [
        *samples,
        tubes("NTC", NEG, NEG, (NEG, NEG), role=Role.NTC, column=10),
        tubes("WT", NEG, NEG, role=Role.NEGATIVE_CONTROL, column=11),
        tubes("PC", POS, POS, role=Role.POSITIVE_CONTROL, column=12),
    ]


def rule(name):
    return settings(replicates={"rule": name})


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((NEG, NEG), "negative"),
        ((POS, NEG), "Δ4-7"),
        ((NEG, POS), "Δ4-8"),
        ((POS, POS), "mixed"),
        ((REV, NEG), "inconclusive"),
    ],
)
def test_two_assays_and_the_control_gene_share_wells(readings, expected):
    assert calls(call(*plate(tubes("S", *readings)))) == {"S": expected}


@pytest.mark.parametrize("replicates", ["agree", "majority", "any_positive"])
@pytest.mark.parametrize("gene", [NEG, REV, LATE, (None, STANDARD)])
def test_a_tube_without_dna_has_no_negative(gene, replicates):
    """The other tube's control gene is fine, and says nothing of this tube: Δ4-7 stays open."""
    result = call(*plate(tubes("S", NEG, NEG, (gene, GOOD))), limits=rule(replicates))
    row = the(result)
    assert row.call == "inconclusive"
    # any_positive: one adequate tube makes the sample adequate; else a dark sample is invalid.
    dark = "negative" if replicates == "any_positive" else "invalid"
    assert row.candidates == ("Δ4-7", dark)
    well = next(w for w in result.wells if (w.well, w.assay) == ("A1", "F.4/R-7"))
    assert well.outcome is Outcome.INVALID
    assert "control gene ALB of the same well: A1 " in well.reason
    other = next(w for w in result.wells if (w.well, w.assay) == ("B1", "F.4/R-8"))
    assert other.outcome is Outcome.NEGATIVE
    told = [f.subject for f in result.findings if f.code == "no_dna_in_well"]
    assert told == ["A1"]


def test_a_tube_without_dna_keeps_its_positive():
    """The deletion took the reagents: nothing is wrong with a positive."""
    limits = rule("any_positive")
    result = call(*plate(tubes("S", POS, NEG, (NEG, GOOD))), limits=limits)
    assert calls(result) == {"S": "Δ4-7"}


def test_an_omitted_control_gene_in_the_tube_says_nothing_of_it():
    limits = rule("any_positive")
    result = call(*plate(tubes("S", NEG, NEG, (OMITTED, GOOD))), limits=limits)
    assert calls(result) == {"S": "negative"}


def test_every_tube_without_dna():
    result = call(*plate(tubes("S", NEG, NEG, (NEG, LATE))))
    assert calls(result) == {"S": "invalid"}
    assert "nothing usable is left" in the(result).reason


def test_either_of_two_genes_vouches_for_a_tube():
    genes = (*PANEL.assays, Assay("B2M", AssayKind.CONTROL_GENE, (), ()))
    panel = replace(PANEL, assays=genes)
    other = entry("S", "B2M", GOOD, at="A1")
    wells = plate(tubes("S", NEG, NEG, (NEG, GOOD)), [other])
    assert calls(call(*wells, panel=panel, limits=rule("any_positive"))) == {"S": "negative"}


def test_a_reviewer_beats_the_control_gene_of_the_tube():
    accept = Override("well", "A1", "F.4/R-7", "negative", "Dr X", "2026-01-31", "IC failed")
    wells = plate(tubes("S", NEG, NEG, (NEG, GOOD)))
    result = call(*wells, limits=rule("any_positive"), overrides=[accept])
    assert calls(result) == {"S": "negative"}


def test_a_control_in_a_tube_without_dna_is_left_alone():
    """Water has no DNA, and a wild-type control without it is told, as ever."""
    dry = tubes("WT2", NEG, NEG, (NEG, NEG), role=Role.NEGATIVE_CONTROL, column=9)
    result = call(*plate(tubes("S", NEG, NEG), dry))
    assert calls(result) == {"S": "negative"}
    assert "control_without_input" in codes(result, "well")


# --- pooled forward primers, four wells ----------------------------------------------------------

BOTH_7, BOTH_8 = "F.2a+F.2b/R-7", "F.2a+F.2b/R-8"


def pool(name, *assays):
    pairs = tuple(pair for assay in assays for pair in PANEL.assay(assay).pairs)
    return Assay(name, AssayKind.BREAKPOINT, pairs, ())


FOUR = replace(
    PANEL,
    assays=(
        pool(BOTH_7, "F.2a/R-7", "F.2b/R-7"),
        PANEL.assay("F.4/R-7"),
        pool(BOTH_8, "F.2a/R-8", "F.2b/R-8"),
        PANEL.assay("F.4/R-8"),
        PANEL.assay("ALB"),
    ),
)
FOUR_WELLS = (BOTH_7, "F.4/R-7", BOTH_8, "F.4/R-8")


@pytest.mark.parametrize(
    ("letters", "expected", "deletions"),
    [
        ("----", "negative", ()),
        ("+---", "Δ2-7", ("Δ2-7",)),
        ("-+--", "Δ4-7", ("Δ4-7",)),
        ("--+-", "Δ2-8", ("Δ2-8",)),
        ("---+", "Δ4-8", ("Δ4-8",)),
        ("++--", "mixed", ("Δ2-7", "Δ4-7")),
        ("+-+-", "mixed", ("Δ2-7", "Δ2-8")),
        ("+--+", "mixed", ("Δ2-7", "Δ4-8")),
        ("-++-", "mixed", ("Δ2-8", "Δ4-7")),
        ("-+-+", "mixed", ("Δ4-7", "Δ4-8")),
        ("--++", "mixed", ("Δ2-8", "Δ4-8")),
        ("+++-", "mixed", ("Δ2-7", "Δ2-8", "Δ4-7")),
        ("++-+", "mixed", ("Δ2-7", "Δ4-7", "Δ4-8")),
        ("+-++", "mixed", ("Δ2-7", "Δ2-8", "Δ4-8")),
        ("-+++", "mixed", ("Δ2-8", "Δ4-7", "Δ4-8")),
        ("++++", "mixed", ("Δ2-7", "Δ2-8", "Δ4-7", "Δ4-8")),
        ("?---", "inconclusive", ()),
        ("+?--", "inconclusive", ("Δ2-7",)),
        ("++?-", "mixed", ("Δ2-7", "Δ4-7")),
    ],
)
def test_pools_per_reverse_primer_tell_every_class(letters, expected, deletions):
    """The best of the small designs (assay.md C2): one well a class, no word on forms."""
    result = call(sample("S", letters, pairs=FOUR_WELLS), controls(FOUR_WELLS), panel=FOUR)
    row = the(result)
    assert (row.call, row.deletions) == (expected, deletions)
    assert set(row.flags) <= {"check_contamination"}
    assert ("check_contamination" in row.flags) is (letters.count("+") > 2)


# --- grey zone, at the level of a call ------------------------------------------------------------

GREY = settings(calling={"grey_zone": [35.0, 37.0]})


@pytest.mark.parametrize(
    ("ct", "expected"),
    [(34.99, "Δ4-7"), (35.0, "inconclusive"), (36.5, "inconclusive"), (37.01, "negative")],
)
def test_grey_zone_of_a_sample(ct, expected):
    wells = [*sample("S", "--.---"), entry("S", "F.4/R-7", (ct, STANDARD))]
    assert calls(call(wells, controls(), limits=GREY)) == {"S": expected}


def test_grey_zone_of_a_positive_control():
    """A control in the zone is not shown to work: the negatives of its assay do not stand."""
    weak = [(*e[:2], (35.5, STANDARD), *e[3:]) if e[1] == "F.4/R-7" else e for e in positive()]
    wells = [*sample("S", "------"), *ntc(), *wild_type(), *weak]
    assert calls(call(wells)) == {"S": "negative"}
    assert calls(call(wells, limits=GREY)) == {"S": "inconclusive"}


def test_grey_zone_resolved_by_replicates():
    wells = [entry("S", "F.4/R-7", (ct, STANDARD)) for ct in (34.0, 34.5, 35.5)]
    rest = [*sample("S", "--.---"), *controls()]
    for name, expected in (("agree", "inconclusive"), ("majority", "Δ4-7")):
        limits = settings(calling={"grey_zone": [35.0, 37.0]}, replicates={"rule": name})
        assert calls(call(wells, rest, limits=limits)) == {"S": expected}


# --- no-template control of the control gene ------------------------------------------------------


@pytest.mark.parametrize(
    ("water", "required", "level"),
    [
        (None, True, Level.WARNING),
        (OMITTED, True, Level.WARNING),
        (None, False, Level.INFO),
        (NEG, True, None),
        ((38.0, FLAT), True, None),
    ],
)
def test_a_control_gene_without_water_is_told(water, required, level):
    limits = settings(controls={"ntc": {"required": required}})
    result = call(sample("S", "------"), ntc(alb=water), wild_type(), positive(), limits=limits)
    assert calls(result) == {"S": "negative"}
    found = [f.level for f in result.findings if f.code == "control_gene_ntc_missing"]
    assert found == ([level] if level else [])


def test_a_gene_nobody_has_needs_no_water():
    limits = settings(controls={"control_gene": CONTROLS["control_gene"] | {"required": False}})
    wells = [*sample("S", "------", None), *ntc(alb=None), *wild_type(), *positive()]
    assert "control_gene_ntc_missing" not in codes(call(wells, limits=limits))


# --- words ----------------------------------------------------------------------------------------


def test_replicates_that_show_the_same_are_named_together():
    wells = [entry("S", "F.4/R-7", NEG, at=f"H{n}") for n in range(1, 6)]
    wells += [entry("S", "F.4/R-7", (27.25, STANDARD), at="H6")]
    wells += [entry("S", "F.4/R-7", (27.5, STANDARD), at="H7")]
    row = the(call(sample("S", "--.---"), wells, controls()))
    assert (
        "F.4/R-7 review: H1, H2, H3, H4, H5 Undetermined, curve none (no rise), H6 Ct 27.25, "
        in (row.evidence)
    )
    assert (
        "F.4/R-7 unknown: H1, H2, H3, H4, H5 negative (no Ct, no amplification (no rise)), "
        "H6, H7 positive (standard curve, Ct 27.25 to 27.5 below 36), replicates disagree"
    ) in row.reason


def test_findings_say_what_was_found_what_it_means_and_what_to_do():
    wells = [
        *sample("S", "--?---"),
        *[entry("T", "F.4/R-7", (30.0, FLAT)), entry("T", "ALB", GOOD)],
        *[entry("U", "F.4/R-7", POS), entry("U", "F.4/R-7", NEG), entry("U", "ALB", LATE)],
    ]
    result = call(wells, controls())
    said = {f.code: f.sentence for f in result.findings}
    assert said["well_review"] == (
        "F.4/R-7: Ct 30.0 below 36, but curve in doubt (weak): it counts as neither positive nor "
        "negative; look at the curve and repeat the well, or sign a decision in run.yaml"
    )
    assert "the background crosses the threshold" in said["curve_none_with_ct"]
    assert "check baseline and threshold of the export" in said["curve_none_with_ct"]
    assert "run it if the call hangs on it" in said["assay_not_run"]
    assert said["replicates_discordant"].startswith("F.4/R-7: replicates disagree (")
    assert said["replicates_discordant"].endswith("repeat the assay for this sample")
    assert "no negative stands on it; repeat the sample from DNA" in said["control_gene_failed"]
