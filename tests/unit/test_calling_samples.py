"""Calls of whole samples on plates in order. A class is there when one of its pairs is positive."""

from dataclasses import replace
from itertools import product

import pytest
from calling_bench import (
    CLASSES,
    CONTROLS,
    DOUBTFUL,
    FLAT,
    NEG,
    NO_CURVE,
    OMITTED,
    PAIRS,
    PANEL,
    POOLED,
    POOLED_PAIRS,
    POS,
    REV,
    STANDARD,
    call,
    calls,
    codes,
    controls,
    entry,
    expects,
    ntc,
    positive,
    sample,
    settings,
    the,
    wild_type,
)

from breakpoint_pcr.panel import Assay, AssayKind
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Level


def label(classes):
    return "mixed" if len(classes) > 1 else next(iter(classes), "negative")


def by_hand(letters):
    """Call, deletions, candidates from the definition: a class a pair, every gap filled."""
    ways = [
        {CLASSES[pair] for pair, value in zip(PAIRS, values, strict=True) if value}
        for values in product(*({"+": [1], "-": [0]}.get(letter, [0, 1]) for letter in letters))
    ]
    found = {label(way) for way in ways}
    shared = set.intersection(*ways)
    return (found.pop(), shared, set()) if len(found) == 1 else ("inconclusive", shared, found)


def test_every_pattern_with_unknowns():
    """All 3^6 patterns of positive, negative and unknown, unknown of every kind."""
    patterns = ["".join(letters) for letters in product("+-?", repeat=6)]
    result = call(*(sample(p, p) for p in patterns), controls())
    assert {row.sample for row in result.samples} == set(patterns)
    for row in result.samples:
        wanted = by_hand(row.sample)
        found = row.call, set(row.deletions), set(row.candidates)
        assert found == wanted, row.sample
        assert len(row.candidates) == len(set(row.candidates))
        assert row.evidence and row.reason


def test_an_unknown_is_an_unknown_however_it_came_about():
    letters = ["--+--?", "--+--x", "--+--."]
    result = call(*(sample(p, p) for p in letters), controls())
    found = {(row.call, row.deletions, row.candidates) for row in result.samples}
    assert found == {("inconclusive", ("Δ4-7",), ("Δ4-7", "mixed"))}
    assert "assay_not_run" in codes(result, "sample")
    assert "Δ4-7 detected; further classes not excluded" in the(result, "--+--?").reason


def test_unknown_that_changes_nothing():
    result = call(sample("S", "+?----"), sample("T", "?+----"), controls())
    assert calls(result) == {"S": "Δ2-7", "T": "Δ2-7"}


def test_mixed_stays_mixed():
    row = the(call(sample("S", "--++-?"), controls()))
    assert (row.call, row.deletions) == ("mixed", ("Δ2-8", "Δ4-7"))
    assert "further classes not excluded" in row.reason


@pytest.mark.parametrize(
    ("letters", "call_", "deletions"),
    [("xxxxxx", "invalid", ()), ("......", "invalid", ()), ("x.x.x.", "invalid", ())],
)
def test_nothing_usable_is_left(letters, call_, deletions):
    row = the(call(sample("S", letters), sample("T", "------"), controls()))
    assert (row.call, row.deletions, row.candidates) == (call_, deletions, ())


def test_all_in_review_is_inconclusive():
    row = the(call(sample("S", "??????"), controls()))
    assert row.call == "inconclusive"
    assert row.candidates == ("Δ2-7", "Δ2-8", "Δ4-7", "Δ4-8", "mixed", "negative")


# --- control gene: adequate is positive with a Ct of at most 28 -------------------------------


@pytest.mark.parametrize(
    ("alb", "negative", "flag"),
    [
        ((28.0, STANDARD), "negative", False),
        ((28.001, STANDARD), "invalid", True),
        ((35.0, STANDARD), "invalid", True),
        (NEG, "invalid", True),
        (REV, "invalid", True),
        ((25.0, NO_CURVE), "invalid", True),
        (OMITTED, "invalid", True),
        (None, "invalid", True),
    ],
)
def test_negative_needs_the_control_gene(alb, negative, flag):
    result = call(
        sample("N", "------", alb),
        sample("P", "--+---", alb),
        sample("U", "--?---", alb),
        controls(),
    )
    assert calls(result) == {"N": negative, "P": "Δ4-7", "U": "inconclusive"}
    assert ("control_gene_failed" in the(result, "P").flags) is flag
    assert the(result, "U").candidates == ("Δ4-7", negative)
    assert ("control_gene_failed" in codes(result)) is flag


@pytest.mark.parametrize(
    ("alb", "call_", "flags"),
    [
        (None, "negative", ("input_not_checked",)),
        (OMITTED, "negative", ("input_not_checked",)),
        ((22.0, STANDARD), "negative", ()),
        # It was run and showed too little DNA: a negative would be a guess.
        ((33.0, STANDARD), "invalid", ("control_gene_failed",)),
        (NEG, "invalid", ("control_gene_failed",)),
    ],
)
def test_control_gene_not_required(alb, call_, flags):
    limits = settings(controls={"control_gene": CONTROLS["control_gene"] | {"required": False}})
    result = call(sample("S", "------", alb), controls(), limits=limits)
    assert (the(result).call, the(result).flags) == (call_, flags)
    assert ("input_not_checked" in codes(result, "run")) == (flags == ("input_not_checked",))


@pytest.mark.parametrize(
    ("water", "negative"),
    [
        ((34.0, STANDARD), "negative"),  # 12 cycles after the sample's 22
        ((32.001, STANDARD), "negative"),
        ((32.0, STANDARD), "invalid"),  # 10 cycles
        ((20.0, STANDARD), "invalid"),
        ((31.0, DOUBTFUL), "invalid"),
        ((31.0, NO_CURVE), "invalid"),
        ((None, STANDARD), "invalid"),  # amplified, and nobody knows when
        ((31.0, FLAT), "negative"),
        (NEG, "negative"),
    ],
)
def test_control_gene_in_water(water, negative):
    result = call(
        sample("N", "------"), sample("P", "--+---"), ntc(alb=water), wild_type(), positive()
    )
    assert calls(result) == {"N": negative, "P": "Δ4-7"}


TWO_GENES = replace(PANEL, assays=(*PANEL.assays, Assay("B2M", AssayKind.CONTROL_GENE, (), ())))


@pytest.mark.parametrize(
    ("alb", "other", "negative"),
    [
        ((33.0, STANDARD), (24.0, STANDARD), "negative"),  # one adequate gene is enough
        ((24.0, STANDARD), NEG, "negative"),
        ((33.0, STANDARD), NEG, "invalid"),
        (OMITTED, (33.0, STANDARD), "invalid"),
    ],
)
def test_two_control_genes(alb, other, negative):
    wells = [*sample("S", "------", alb), entry("S", "B2M", other)]
    assert calls(call(wells, controls(), panel=TWO_GENES)) == {"S": negative}


def test_replicates_of_the_control_gene():
    late = entry("S", "ALB", (28.5, STANDARD))
    both = [*sample("S", "------"), late]
    assert calls(call(both, controls())) == {"S": "invalid"}
    majority = settings(replicates={"rule": "majority"})
    third = entry("S", "ALB", (22.1, STANDARD))
    assert calls(call(both, third, controls(), limits=majority)) == {"S": "negative"}


# --- replicates ---------------------------------------------------------------------------------

RULES = ("agree", "majority", "any_positive")


@pytest.mark.parametrize(
    ("replicates", "agree", "majority", "any_positive"),
    [
        ("++", "Δ4-7", "Δ4-7", "Δ4-7"),
        ("--", "negative", "negative", "negative"),
        ("+-", "inconclusive", "inconclusive", "Δ4-7"),
        ("++-", "inconclusive", "Δ4-7", "Δ4-7"),
        ("--+", "inconclusive", "negative", "Δ4-7"),
        ("+?", "inconclusive", "inconclusive", "Δ4-7"),
        ("-?", "inconclusive", "inconclusive", "inconclusive"),
        ("++?", "inconclusive", "Δ4-7", "Δ4-7"),
        ("--?", "inconclusive", "negative", "inconclusive"),
        ("+-?", "inconclusive", "inconclusive", "Δ4-7"),
        ("+x", "Δ4-7", "Δ4-7", "Δ4-7"),  # an omitted well does not count
        ("-x", "negative", "negative", "negative"),
        ("+-x", "inconclusive", "inconclusive", "Δ4-7"),
        ("?x", "inconclusive", "inconclusive", "inconclusive"),
        ("xx", "inconclusive", "inconclusive", "inconclusive"),
    ],
)
def test_replicate_rules(replicates, agree, majority, any_positive):
    readings = {"+": POS, "-": NEG, "?": REV, "x": OMITTED}
    wells = [entry("S", "F.4/R-7", readings[letter]) for letter in replicates]
    others = sample("S", "--.---")
    for rule, expected in zip(RULES, (agree, majority, any_positive), strict=True):
        result = call(others, wells, controls(), limits=settings(replicates={"rule": rule}))
        assert the(result).call == expected, rule
        mixed = len(set(replicates) - {"x"}) > 1
        assert ("replicates_discordant" in codes(result)) is mixed


def test_discordant_replicates_stay_in_doubt_when_the_water_fails():
    """A positive that does not stand must not leave the other replicate as a plain negative."""
    wells = [entry("S", "F.4/R-7", POS), entry("S", "F.4/R-7", NEG)]
    dirty = [e if e[1] != "F.4/R-7" else (*e[:2], POS, *e[3:]) for e in ntc()]
    result = call(sample("S", "--.---"), wells, dirty, wild_type(), positive())
    assert the(result).call == "inconclusive"


def test_every_replicate_is_shown():
    wells = [entry("S", "F.4/R-7", reading) for reading in (POS, OMITTED, (27.5, STANDARD))]
    row = the(call(sample("S", "--.---"), wells, controls()))
    assert row.cts["F.4/R-7"] == "27.0;Undetermined;27.5"
    assert (row.cts["F.2a/R-7"], row.cts["ALB"]) == ("Undetermined", "22.0")


@pytest.mark.parametrize(("later", "flag"), [(28.5, False), (28.501, True)])
def test_spread_of_replicates(later, flag):
    wells = [entry("S", "F.4/R-7", POS), entry("S", "F.4/R-7", (later, STANDARD))]
    result = call(sample("S", "--.---"), wells, controls())
    assert the(result).call == "Δ4-7"
    assert ("replicate_spread" in the(result).flags) is flag
    assert ("replicate_spread" in codes(result)) is flag


def joined(*names):
    """Sheet lines: (well, sample, replicate_of)."""
    return [SheetEntry(well, sample=name, replicate_of=other) for well, name, other in names]


def test_samples_that_the_sheet_joins():
    first = [entry("S1", "F.4/R-7", POS, at="A1"), *sample("S1", "--.---")]
    second = [entry("S2", "F.4/R-7", NEG, at="P20")]
    apart = call(first, second, controls())
    assert calls(apart) == {"S1": "Δ4-7", "S2": "inconclusive"}
    together = call(first, second, controls(), sheet=joined(("P20", "S2", "S1")))
    assert calls(together) == {"S1": "inconclusive"}
    assert {"replicates_joined", "replicates_discordant"} <= codes(together)


def test_joined_in_a_circle_or_twice():
    wells = [
        entry(name, "F.4/R-7", POS, at=at)
        for name, at in [("S1", "A20"), ("S2", "A21"), ("S3", "A22"), ("S3", "A23")]
    ]
    lines = joined(
        ("A20", "S1", "S2"), ("A21", "S2", "S1"), ("A22", "S3", "S1"), ("A23", "S3", "S2")
    )
    result = call(wells, controls(), sheet=lines)
    assert list(calls(result)) == ["S1", "S2", "S3"]
    unclear = [f.subject for f in result.findings if f.code == "replicate_of_unclear"]
    assert unclear == ["S1", "S2", "S3"]


# --- what is on the plate -------------------------------------------------------------------------


def test_assays_that_nobody_has():
    pairs = PAIRS[:3]
    result = call(
        sample(
            "S",
            "--+...",
        ),
        sample("N", "---..."),
        controls(pairs),
    )
    assert calls(result) == {"S": "Δ4-7", "N": "negative"}
    for row in result.samples:
        assert row.flags == ("classes_not_tested",)
        assert "not tested on this plate: Δ2-8, Δ4-8" in row.reason
    assert "classes_not_tested" in codes(result, "run")


def test_class_is_tested_while_one_of_its_assays_is_there():
    result = call(sample("S", "-.----"), controls())
    assert (the(result).call, the(result).flags) == ("negative", ())
    lost = [f.sentence for f in result.findings if f.code == "forms_not_seen"]
    assert len(lost) == 1
    assert "Δ2-7 left variant" in lost[0]


def test_only_control_genes_on_the_plate():
    result = call(entry("S", "ALB", POS))
    assert calls(result) == {"S": "invalid"}


def test_pooled_assays():
    letters = ["---", "+--", "-+-", "++-", "--+", "-++", "-?-"]
    samples = [sample(p, p, pairs=POOLED_PAIRS) for p in letters]
    result = call(*samples, controls(POOLED_PAIRS), panel=POOLED)
    # All forward primers with R-8 tell no class: Δ2-8 or Δ4-8, by fewest alleles never both.
    assert {r.sample: (r.call, r.deletions, r.candidates) for r in result.samples} == {
        "---": ("negative", (), ()),
        "+--": ("Δ2-7", ("Δ2-7",), ()),
        "-+-": ("Δ4-7", ("Δ4-7",), ()),
        "++-": ("mixed", ("Δ2-7", "Δ4-7"), ()),
        "--+": ("inconclusive", (), ("Δ2-8", "Δ4-8")),
        "-++": ("inconclusive", ("Δ4-7",), ("mixed",)),
        "-?-": ("inconclusive", (), ("Δ4-7", "negative")),
    }
    # One allele lights the pool by either primer: no word on variants.
    assert the(result, "+--").flags == ()


@pytest.mark.parametrize(("stated", "call_"), [(True, "negative"), (False, "inconclusive")])
def test_pool_vouches_for_its_classes_only_where_the_control_says_so(stated, call_):
    """Per class: a control of Δ2-8 and Δ4-8 in the pool, none in F.4/R-8."""
    panel = replace(POOLED, assays=(*POOLED.assays, PANEL.assay("F.4/R-8")))
    pairs = (*POOLED_PAIRS, "F.4/R-8")
    entries = [
        *sample("S", "----", pairs=pairs),
        *ntc("----", pairs=pairs),
        *wild_type("----", pairs=pairs),
        *positive("+++.", pairs=pairs),
    ]
    sheet = expects("PC", ("Δ2-7", "Δ4-7", "Δ4-8"), entries) if stated else ()
    limits = settings(controls={"positive": {"required": True, "per": "class"}})
    assert calls(call(entries, sheet=sheet, limits=limits, panel=panel)) == {"S": call_}


def test_products_in_the_evidence():
    result = call(sample("A", "++----"), sample("V", "-+----"), sample("B", "-----+"), controls())
    assert "product of Δ2-7 593-602 bp" in the(result, "A").evidence
    assert "product of Δ2-7 left variant 173-208 bp" in the(result, "V").evidence
    assert "Δ4-8 144-149 bp or Δ4-8 second right 711 bp" in the(result, "B").evidence
    assert "control gene ALB" in the(result, "A").evidence


def test_evidence_names_well_ct_and_curve():
    row = the(call(sample("S", "--+--?"), controls()))
    assert "F.4/R-7 positive: C1 Ct 27.0, own Ct 27.00, curve standard" in row.evidence
    assert "F.2a/R-7 negative: A1 Undetermined, curve none (no rise)" in row.evidence
    assert "F.4/R-8 review: F1 Ct 30.0, curve review (weak)" in row.evidence
    assert "F.4/R-8 unknown: F1 review (Ct 30.0 below 36, but curve in doubt (weak))" in row.reason


# --- flags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "flags"),
    [
        ((35.5, STANDARD), ("near_cutoff",)),
        ((34.9, STANDARD), ()),
        ((36.5, STANDARD), ("near_cutoff", "late_amplification")),
        ((38.5, STANDARD), ("late_amplification",)),
        ((38.5, DOUBTFUL), ()),
    ],
)
def test_flags_of_wells(reading, flags):
    result = call(sample("S", "--.---"), entry("S", "F.4/R-7", reading), controls())
    assert the(result).flags == flags


def test_own_ct_far_off_is_told():
    wells = [*sample("S", "--.---"), entry("S", "F.4/R-7", (30.0, FLAT))]
    assert "curve_none_with_ct" in codes(call(wells, controls()), "well")
    assert the(call(wells, controls())).call == "negative"


@pytest.mark.parametrize(
    ("letters", "flag"),
    [
        ("------", True),
        ("--+---", True),  # absence of Δ2-8 and Δ4-8
        ("---+--", True),  # absence of Δ4-8
        ("---+-+", False),
        ("-----?", True),
        ("xxxxxx", False),
    ],
)
def test_primer_without_an_exact_site(letters, flag):
    result = call(sample("S", letters), sample("T", "------"), controls(), unconfirmed={"R-8"})
    assert ("primer_unconfirmed" in the(result).flags) is flag
    assert "primer_unconfirmed" in codes(result, "primer")


def test_primers_of_other_assays_are_not_named():
    result = call(sample("S", "------"), controls(), unconfirmed={"R-8", "ALB-F"})
    assert "absence of Δ2-8, Δ4-8 rests on R-8, not confirmed" in the(result).reason
    assert [f.subject for f in result.findings if f.scope == "primer"] == ["R-8"]


def test_class_with_another_way_to_be_seen_does_not_hang_on_the_primer():
    result = call(sample("S", "------"), controls(), unconfirmed={"F.2b"})
    assert the(result).flags == ()


def test_three_classes():
    result = call(sample("S", "+-+--+"), controls())
    assert "check_contamination" in the(result).flags
    assert "check_contamination" in codes(result, "sample")


def test_long_product_before_the_short_one():
    late, early = (30.0, STANDARD), (25.0, STANDARD)
    usual = [entry("S", "F.2a/R-7", early), entry("S", "F.2b/R-7", late)]
    odd = [entry("S", "F.2a/R-7", late), entry("S", "F.2b/R-7", early)]
    rest = sample("S", "..----")
    assert "hidden_variant_suspected" not in codes(call(usual, rest, controls()))
    assert "hidden_variant_suspected" in codes(call(odd, rest, controls()))
    assert the(call(odd, rest, controls())).flags == ("hidden_variant_not_excluded",)


# --- findings -------------------------------------------------------------------------------------


def test_findings_stand_in_order():
    result = call(
        sample("S2", "--?---"), sample("S1", "x-----"), ntc("+-----"), wild_type(), positive()
    )
    levels = [list(Level).index(f.level) for f in result.findings]
    assert levels == sorted(levels)
    assert result.findings[0].code == "ntc_failed"
    assert len(set(result.findings)) == len(result.findings)


def test_wells_without_a_sample_name():
    result = call(entry("", "F.4/R-7", POS), sample("S", "------"), controls())
    assert calls(result) == {"S": "negative"}
    assert "sample_unnamed" in codes(result, "run")
