"""Each control failing alone and together. Assay F.4/R-7 is the third letter, class Δ4-7.

By hand: an assay whose positives do not stand makes a Δ4-7 sample Δ4-7 or negative; one whose
negatives do not stand makes a negative sample the same, and leaves the Δ4-7 sample alone.
"""

import pytest
from calling_bench import (
    DOUBTFUL,
    FLAT,
    NEG,
    NO_CURVE,
    PAIRS,
    POS,
    STANDARD,
    call,
    calls,
    codes,
    controls,
    entry,
    expects,
    ntc,
    positive,
    products,
    sample,
    settings,
    the,
    wild_type,
)

from breakpoint_pcr.calling.controls import must_show
from breakpoint_pcr.explanation import alleles_of
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Level, Outcome, Role, State

SAMPLES = [*sample("N", "------"), *sample("P", "--+---"), *sample("M", "--+--+")]
PLAIN = {"N": "negative", "P": "Δ4-7", "M": "mixed"}
OPEN = ("Δ4-7", "negative")


def spoil(entries, reading, pair="F.4/R-7"):
    """The entries with another reading in one assay."""
    return [(*e[:2], reading, *e[3:]) if e[1] == pair else e for e in entries]


def drop(entries, pair="F.4/R-7"):
    return [e for e in entries if e[1] != pair]


def test_all_controls_in_order():
    result = call(SAMPLES, controls())
    assert calls(result) == PLAIN
    assert {f.level for f in result.findings} == set()
    assert all(set(row.flags) == set() for row in result.samples)


@pytest.mark.parametrize("control", [ntc, wild_type])
@pytest.mark.parametrize(
    ("reading", "undone"),
    [
        ((25.0, STANDARD), True),
        ((38.5, STANDARD), True),  # at any Ct
        ((None, STANDARD), True),
        ((38.5, DOUBTFUL), True),  # review: the positives become review
        ((None, DOUBTFUL), True),
        ((38.5, NO_CURVE), True),  # a Ct without a curve
        ((None, NO_CURVE), False),
        ((30.0, FLAT), False),
        ((None, FLAT), False),
    ],
)
def test_what_must_stay_dark(control, reading, undone):
    others = [wild_type() if control is ntc else ntc(), positive()]
    result = call(SAMPLES, spoil(control(), reading), *others)
    # Δ4-7 with Δ4-8: without the word of F.4/R-7 it is Δ4-8 or mixed.
    undone_calls = {"N": "negative", "P": "inconclusive", "M": "inconclusive"}
    assert calls(result) == (undone_calls if undone else PLAIN)
    if undone:
        assert (the(result, "P").deletions, the(result, "P").candidates) == ((), OPEN)
        assert the(result, "M").candidates == ("Δ4-8", "mixed")
        assert the(result, "M").deletions == ("Δ4-8",)
        assert "control_failed" in the(result, "P").flags
        assert the(result, "N").flags == ()


@pytest.mark.parametrize(
    ("curve", "outcome"), [(STANDARD, Outcome.INVALID), (DOUBTFUL, Outcome.REVIEW)]
)
def test_wells_show_the_outcome_after_controls_and_name_the_control(curve, outcome):
    result = call(SAMPLES, spoil(ntc(), (34.0, curve)), wild_type(), positive())
    wells = {w.sample: w for w in result.wells if w.assay == "F.4/R-7"}
    assert wells["P"].outcome is outcome
    assert f"no-template control of F.4/R-7 {wells['NTC'].well} " in wells["P"].reason
    assert wells["N"].outcome is Outcome.NEGATIVE
    # Controls keep their own outcome.
    assert wells["PC"].outcome is Outcome.POSITIVE
    assert wells["NTC"].outcome is (Outcome.POSITIVE if curve is STANDARD else Outcome.REVIEW)


@pytest.mark.parametrize("reading", [NEG, (30.0, DOUBTFUL), (36.0, STANDARD), (30.0, NO_CURVE)])
def test_positive_control_that_fails(reading):
    result = call(SAMPLES, ntc(), wild_type(), spoil(positive(), reading))
    assert calls(result) == {"N": "inconclusive", "P": "Δ4-7", "M": "mixed"}
    assert the(result, "N").candidates == OPEN
    assert "control_failed" in the(result, "P").flags
    assert "positive_control_failed" in codes(result, "assay")


def test_one_of_two_positive_controls_fails():
    second = spoil(positive(name="PC2"), NEG)
    assert calls(call(SAMPLES, controls(), second))["N"] == "inconclusive"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("ntc", {"N": "negative", "P": "inconclusive", "M": "inconclusive"}),
        ("wild_type", {"N": "negative", "P": "inconclusive", "M": "inconclusive"}),
        ("positive", {"N": "inconclusive", "P": "Δ4-7", "M": "mixed"}),
    ],
)
@pytest.mark.parametrize("how", ["absent", "omitted"])
def test_missing_controls(missing, expected, how):
    groups = {"ntc": ntc(), "wild_type": wild_type(), "positive": positive()}
    omitted = spoil(groups[missing], (None, NO_CURVE, State.OMITTED))
    groups[missing] = drop(groups[missing]) if how == "absent" else omitted
    result = call(SAMPLES, *groups.values())
    assert calls(result) == expected
    touched = "N" if missing == "positive" else "P"
    assert "control_missing" in the(result, touched).flags
    levels = {f.level for f in result.findings if f.code.endswith("_missing")}
    assert levels == {Level.ERROR}
    waived = settings(controls={missing: {"required": False, "per": "assay"}})
    relaxed = call(SAMPLES, *groups.values(), limits=waived)
    assert calls(relaxed) == PLAIN
    levels = {f.level for f in relaxed.findings if f.code.endswith("_missing")}
    assert levels == {Level.INFO}


def test_failed_control_counts_even_where_none_is_required():
    waived = settings(controls={"ntc": {"required": False}})
    result = call(SAMPLES, spoil(ntc(), POS), wild_type(), positive(), limits=waived)
    assert calls(result)["P"] == "inconclusive"


def test_a_second_usable_control_makes_up_for_an_omitted_one():
    omitted = spoil(ntc(), (None, NO_CURVE, State.OMITTED))
    assert calls(call(SAMPLES, controls(), omitted)) == PLAIN


def test_failures_together():
    both = call(SAMPLES, spoil(ntc(), POS), wild_type(), spoil(positive(), NEG))
    # F.4/R-7 says nothing at all; the five others stand.
    assert calls(both) == {"N": "inconclusive", "P": "inconclusive", "M": "inconclusive"}
    assert the(both, "N").candidates == OPEN


def test_every_positive_control_fails():
    result = call(SAMPLES, ntc(), wild_type(), positive("------"))
    # No negative stands: nothing is left of N; Δ4-7 stands, all else is open.
    assert calls(result) == {"N": "invalid", "P": "inconclusive", "M": "mixed"}
    assert the(result, "P").deletions == ("Δ4-7",)
    assert the(result, "P").candidates == ("Δ4-7", "mixed")
    assert the(result, "M").deletions == ("Δ4-7", "Δ4-8")


def test_every_ntc_fails():
    result = call(SAMPLES, ntc("++++++"), wild_type(), positive())
    assert calls(result) == {"N": "negative", "P": "inconclusive", "M": "inconclusive"}
    # M: neither of two positives stands.
    assert the(result, "M").candidates == ("Δ4-7", "Δ4-8", "mixed", "negative")


def test_one_bad_assay_leaves_the_others():
    result = call(
        sample("Q", "-----+"), spoil(ntc(), POS), wild_type(), spoil(positive(), NEG, "F.2a/R-7")
    )
    # F.2a/R-7 negatives are void: Δ4-8 alone, or with Δ2-7. F.4/R-8 stands.
    assert (the(result, "Q").deletions, the(result, "Q").candidates) == (
        ("Δ4-8",),
        ("Δ4-8", "mixed"),
    )


# What a positive control must show, from its classes: by hand from the signatures.
@pytest.mark.parametrize(
    ("expected", "must", "may"),
    [
        (None, set(PAIRS), set()),
        ((), set(), set()),
        (("Δ4-7",), {"F.4/R-7"}, set()),
        (("Δ2-7",), {"F.2a/R-7"}, {"F.2b/R-7"}),
        (("Δ2-7 left variant",), {"F.2b/R-7"}, set()),
        (("Δ4-8",), {"F.4/R-8"}, set()),
        (("Δ2-8", "Δ4-7"), {"F.2a/R-8", "F.4/R-7"}, {"F.2b/R-8"}),
        (("Δ2-8", "Δ2-8 left variant"), {"F.2a/R-8", "F.2b/R-8"}, set()),
    ],
)
def test_expectation(expected, must, may):
    alleles = alleles_of(products())
    shown = {pair: must_show(expected, pair, alleles).value for pair in PAIRS}
    wanted = {p: "must" if p in must else "may" if p in may else "none" for p in PAIRS}
    assert shown == wanted


def stated(contents, letters, others=(), **rules):
    """A run whose positive control says what it contains."""
    entries = [*SAMPLES, *ntc(), *wild_type(), *positive(letters), *others]
    limits = settings(controls={"positive": {"required": True, "per": "assay"} | rules})
    return call(entries, sheet=expects("PC", contents, entries), limits=limits)


ALL_FORMS = ("Δ4-7", "Δ2-7", "Δ2-7 left variant", "Δ2-8", "Δ2-8 left variant", "Δ4-8")
CLASSES_ONLY = ("Δ4-7", "Δ2-7", "Δ2-8", "Δ4-8")


def test_control_with_every_form():
    assert calls(stated(ALL_FORMS, "++++++")) == PLAIN


@pytest.mark.parametrize("letters", ["+-++-+", "++++++", "+?++?+"])
def test_long_product_of_a_control_is_ignored(letters):
    by_class = stated(CLASSES_ONLY, letters, per="class")
    assert calls(by_class) == PLAIN
    # Per assay nothing vouches for the F.2b wells: their negatives do not stand.
    by_assay = stated(CLASSES_ONLY, letters)
    assert calls(by_assay) == {"N": "inconclusive", "P": "inconclusive", "M": "mixed"}
    assert the(by_assay, "N").candidates == ("Δ2-7", "Δ2-8", "mixed", "negative")


def test_per_class_needs_each_class():
    result = stated(("Δ2-7", "Δ2-8", "Δ4-8"), "+--+-+", per="class")
    # Nothing vouches for Δ4-7.
    assert calls(result) == {"N": "inconclusive", "P": "Δ4-7", "M": "mixed"}
    assert the(result, "N").candidates == OPEN


@pytest.mark.parametrize(("per", "negative"), [("class", "negative"), ("assay", "inconclusive")])
def test_per_class_without_a_word_in_the_sheet(per, negative):
    """F.2b/R-7 has no positive control; that of F.2a/R-7 shows the same class."""
    limits = settings(controls={"positive": {"required": True, "per": per}})
    result = call(SAMPLES, ntc(), wild_type(), positive("+.++++"), limits=limits)
    assert calls(result)["N"] == negative


def test_per_class_does_not_forgive_a_failed_assay():
    result = stated(("Δ4-7", "Δ2-7", "Δ2-8", "Δ4-8"), "+--+-+", per="class")
    assert calls(result)["N"] == "inconclusive"


def test_control_lights_an_assay_that_it_cannot():
    result = stated(("Δ4-7",), "-++---", per="class")
    # F.2b/R-7 amplifies what is not there: its positives do not stand.
    assert "dark_positive_control_failed" in codes(result)


def test_control_that_lights_the_wrong_assay_undoes_its_positives():
    second = positive("-++---", name="PC2")
    entries = [*sample("V", "-+----"), *controls(), *second]
    result = call(entries, sheet=expects("PC2", ("Δ4-7",), entries))
    assert calls(result) == {"V": "inconclusive"}
    assert the(result, "V").candidates == ("Δ2-7", "negative")


def test_content_that_the_panel_does_not_know():
    result = stated(("Δ9-9",), "++++++")
    assert "expected_unknown" in codes(result)
    # The word is ignored: every well of the control must be positive, and is.
    assert calls(result) == PLAIN


def test_expected_of_another_role_is_ignored():
    entries = [*SAMPLES, *controls()]
    sheet = [SheetEntry("A1", sample="N", expected=("Δ4-7",))]
    assert calls(call(entries, sheet=sheet)) == PLAIN


@pytest.mark.parametrize("alb", [NEG, (30.0, DOUBTFUL), (36.5, STANDARD)])
def test_wild_type_without_dna_is_no_wild_type_control(alb):
    """Its dark wells are those of water: the control is missing, and no positive stands."""
    entries = [*SAMPLES, *ntc(), *wild_type(alb=alb), *positive()]
    result = call(entries)
    assert "control_without_input" in codes(result, "well")
    assert calls(result) == {"N": "negative", "P": "inconclusive", "M": "inconclusive"}
    assert "control_missing" in the(result, "P").flags
    said = [f.sentence for f in result.findings if f.code == "wild_type_control_missing"]
    assert len(said) == len(PAIRS)
    assert all("does not amplify, so it held no DNA) unusable" in words for words in said)
    waived = settings(controls={"wild_type": {"required": False}})
    assert calls(call(entries, limits=waived)) == PLAIN
    second = [(("WT2"), *e[1:]) for e in wild_type()]
    assert calls(call(entries, second)) == PLAIN


def test_wild_type_without_dna_that_lights_up_still_fails():
    dirty = spoil(wild_type(alb=NEG), POS)
    result = call(SAMPLES, ntc(), dirty, positive(), wild_type())
    assert calls(result) == {"N": "negative", "P": "inconclusive", "M": "inconclusive"}
    assert "wild_type_control_failed" in codes(result, "assay")


@pytest.mark.parametrize("alb", [(30.0, STANDARD), (None, NO_CURVE, State.OMITTED), None])
def test_wild_type_with_little_or_unknown_dna_is_believed(alb):
    result = call(SAMPLES, ntc(), wild_type(alb=alb), positive())
    assert calls(result) == PLAIN


def test_controls_of_assays_that_no_sample_has_do_not_matter():
    few = sample("S", "..+..-")
    result = call(few, spoil(ntc(), POS, "F.2a/R-7"), wild_type(), positive())
    assert calls(result) == {"S": "Δ4-7"}
    assert not [f for f in result.findings if f.scope == "assay"]


def test_entry_in_a_multiplex_well():
    """A breakpoint assay and the control gene share each tube."""
    wells = [
        entry(name, assay, reading, Role(role), at)
        for name, assay, reading, role, at in [
            ("S", "F.4/R-7", POS, "unknown", "A1"),
            ("S", "ALB", (22.0, STANDARD), "unknown", "A1"),
            ("NTC", "F.4/R-7", NEG, "ntc", "A2"),
            ("NTC", "ALB", NEG, "ntc", "A2"),
            ("WT", "F.4/R-7", NEG, "negative_control", "A3"),
            ("WT", "ALB", (22.0, STANDARD), "negative_control", "A3"),
            ("PC", "F.4/R-7", POS, "positive_control", "A4"),
            ("PC", "ALB", (22.0, STANDARD), "positive_control", "A4"),
        ]
    ]
    assert calls(call(wells)) == {"S": "Δ4-7"}
