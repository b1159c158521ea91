"""A control gene later than its input explains. Numbers by hand: 100 ng at Ct 25, one cycle a half.

Ct of one ng = Ct + log2(ng); log2(100) = 6.6439, log2(50) = 5.6439, log2(25) = 4.6439.
"""

import math
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
    judged,
    ntc,
    positive,
    sample,
    settings,
    the,
    wild_type,
)

from breakpoint_pcr.calling.inhibition import delays_of
from breakpoint_pcr.runs import Override, SheetEntry
from breakpoint_pcr.tables import Level, Role

ON = {"delay_max": 1, "delay_others_min": 4}


def limits(replicates=None, **gene):
    rules = CONTROLS["control_gene"] | ON | gene
    return settings(controls={"control_gene": rules}, replicates=replicates)


def alb(name, ct, role=Role.UNKNOWN, at=None):
    return entry(name, "ALB", (ct, STANDARD), role, at)


def delays(entries, inputs, others_min=4, delay_max=1, names=None):
    wells = judged(entries, inputs=inputs)
    found = delays_of(wells, ["ALB"], names=names or {}, delay_max=delay_max, others_min=others_min)
    return {(r.sample, r.well): round(d.cycles, 6) for r, d in found.items()}


FIVE = [alb(f"S{n}", ct) for n, ct in enumerate([25.0, 25.1, 24.9, 25.2, 27.0], start=1)]
HUNDRED = {f"S{n}": 100 for n in range(1, 10)} | {"WT": 100, "PC": 100}


def test_delay_is_the_distance_from_the_median_of_the_others():
    """S5: median of 24.9 25.0 25.1 25.2 is 25.05. S1: 27.0 is late, so of 24.9 25.1 25.2: 25.1."""
    found = delays(FIVE, HUNDRED)
    cycles = {name: value for (name, _), value in found.items()}
    # S1: the others 24.9 25.1 25.2 27.0 have median 25.15; 27.0 > 26.15 drops out: 25.1.
    assert cycles == {"S5": 1.95, "S1": -0.1, "S2": 0.1, "S3": -0.2, "S4": 0.2}
    # S2: 24.9 25.0 25.2 -> 25.0. S3: 25.0 25.1 25.2 -> 25.1. S4: 24.9 25.0 25.1 -> 25.0.


def test_input_is_taken_into_account():
    """A quarter of the DNA comes two cycles later: 25 ng at 27.0 is as expected, 50 ng is not."""
    inputs = HUNDRED | {"S5": 25}
    assert delays(FIVE, inputs)["S5", "E1"] == -0.05
    inputs = HUNDRED | {"S5": 50}
    assert delays(FIVE, inputs)["S5", "E1"] == 0.95


def test_wells_of_a_sample_are_one_voice():
    """Three late wells of one sample weigh as one: S9 must not make the others look early."""
    late = [alb("S9", 29.0) for _ in range(3)]
    found = delays([*FIVE[:4], *late, alb("S8", 25.05)], HUNDRED)
    # S8: others 25.0 25.1 24.9 25.2 29.0; median 25.1; 29.0 drops out: 25.05.
    assert found["S8", "H1"] == 0.0
    assert [found["S9", well] for well in ("E1", "F1", "G1")] == [3.95] * 3


def test_a_sample_is_not_compared_with_its_own_replicate():
    """S8 is a replicate of S5: the two are late together and must not vouch for each other."""
    entries = [*FIVE, alb("S8", 27.0)]
    joined = delays(entries, HUNDRED, names={"S8": "S5"})
    assert joined["S5", "E1"] == joined["S8", "F1"] == 1.95
    # Apart, each is one of five others: 24.9 25.0 25.1 25.2 27.0, of which 27.0 drops out.
    assert delays(entries, HUNDRED)["S5", "E1"] == 1.95


@pytest.mark.parametrize("others_min", [4, 5])
def test_enough_others_are_needed(others_min):
    assert (("S5", "E1") in delays(FIVE, HUNDRED, others_min)) is (others_min == 4)


def test_who_is_compared():
    entries = [
        *FIVE[:3],
        alb("WT", 25.0, Role.NEGATIVE_CONTROL),
        alb("PC", 25.0, Role.POSITIVE_CONTROL),
        alb("S6", 35.9, Role.STANDARD),
        alb("NTC", 35.0, Role.NTC),
        entry("S7", "ALB", (36.5, STANDARD)),
        entry("S8", "ALB", REV),
        entry("S9", "ALB", (30.0, FLAT)),
        entry("S1", "F.4/R-7", POS),
        alb("no input", 25.0),
    ]
    inputs = HUNDRED | {"NTC": 100}
    assert {name for name, _ in delays(entries, inputs)} == {"S1", "S2", "S3", "WT", "PC"}


def test_an_early_control_never_hides_a_delay():
    """One sample with ten times the DNA that its sheet says (3.3 cycles early) moves little."""
    found = delays([*FIVE, alb("S6", 21.7)], HUNDRED)
    # S5: 21.7 24.9 25.0 25.1 25.2 -> 25.0.
    assert found["S5", "E1"] == 2.0


# --- calls ----------------------------------------------------------------------------------------

CLEAN = [sample(f"S{n}", "------", (25.0, STANDARD)) for n in (2, 3)]
BESIDE = [*CLEAN, ntc(), wild_type(alb=(25.0, STANDARD)), positive(alb=(25.0, STANDARD))]


@pytest.mark.parametrize(
    ("ct", "ng", "negative"),
    [
        (25.0, 100, "negative"),
        (26.0, 100, "negative"),  # exactly one cycle
        (26.001, 100, "invalid"),
        (26.9, 50, "negative"),  # 26.0 explained, 0.9 late
        (27.001, 50, "invalid"),
        (27.9, 25, "negative"),
        (23.0, 100, "negative"),
        (26.5, None, "negative"),  # not checked
    ],
)
def test_late_gene_voids_the_negative_and_leaves_the_positive(ct, ng, negative):
    """The other four, S2 S3 WT PC, hold 100 ng at Ct 25.0."""
    for letters, expected in (("------", negative), ("--+---", "Δ4-7")):
        result = call(
            sample("S1", letters, (ct, STANDARD)),
            *BESIDE,
            limits=limits(),
            inputs=HUNDRED | {"S1": ng},
        )
        assert calls(result) == {"S1": expected, "S2": "negative", "S3": "negative"}
        failed = negative == "invalid"
        assert ("control_gene_failed" in the(result, "S1").flags) is failed
        assert ("inhibition_not_checked" in codes(result, "run")) is (ng is None)


def test_words_of_a_delay():
    result = call(
        sample("S1", "------", (27.5, STANDARD)), *BESIDE, limits=limits(), inputs=HUNDRED
    )
    words = (
        "G1 Ct 27.5 comes 2.50 cycles later than its input of 100 ng explains (Ct 25.00, from 4 "
        "others): inhibition suspected, not adequate"
    )
    assert words in the(result, "S1").reason
    found = [f for f in result.findings if f.code == "control_gene_failed"]
    assert [f.level for f in found] == [Level.WARNING]
    assert "purify the DNA or dilute it 1:10" in found[0].sentence
    well = next(w for w in result.wells if w.well == "G1")
    assert words in well.reason


def test_one_inhibited_sample_does_not_hide_another():
    result = call(
        sample("S1", "------", (27.5, STANDARD)),
        sample("S4", "------", (29.0, STANDARD)),
        *BESIDE,
        limits=limits(ct_max=30),
        inputs=HUNDRED,
    )
    assert calls(result) == {"S1": "invalid", "S4": "invalid", "S2": "negative", "S3": "negative"}


def test_off():
    result = call(
        sample("S1", "------", (27.5, STANDARD)),
        *BESIDE,
        limits=limits(delay_max=None),
        inputs=HUNDRED,
    )
    assert calls(result)["S1"] == "negative"
    assert not codes(result, "run")


def test_not_checked_is_said_once():
    result = call(sample("S1", "------"), sample("S9", "------"), controls(), limits=limits())
    said = [f for f in result.findings if f.code == "inhibition_not_checked"]
    assert [(f.level, f.scope, f.subject) for f in said] == [(Level.INFO, "run", "run")]
    assert "not checked for S1, S9: the sheet does not give their input_ng" in said[0].sentence
    few = call(sample("S1", "------"), controls(), limits=limits(), inputs=HUNDRED)
    said = [f.sentence for f in few.findings if f.code == "inhibition_not_checked"]
    assert len(said) == 1
    assert "input_ng of the sample and of 4 other samples or controls" in said[0]


@pytest.mark.parametrize("reading", [NEG, OMITTED, None])
def test_nothing_to_compare_is_nothing_to_say(reading):
    result = call(sample("S1", "------", reading), controls(), limits=limits(), inputs=HUNDRED)
    assert "inhibition_not_checked" not in codes(result)


def test_an_early_gene_is_told_and_changes_nothing():
    """Two cycles early: four times the DNA."""
    result = call(
        sample("S1", "------", (23.0, STANDARD)), *BESIDE, limits=limits(), inputs=HUNDRED
    )
    assert calls(result)["S1"] == "negative"
    assert the(result, "S1").flags == ()
    found = [f for f in result.findings if f.code == "control_gene_early"]
    assert [(f.level, f.scope, f.subject) for f in found] == [(Level.WARNING, "well", "G1")]
    assert "2.00 cycles earlier than its input of 100 ng" in found[0].sentence
    assert "4.0 times as much DNA" in found[0].sentence


def test_replicates_of_a_late_gene():
    """One of two wells late: they disagree, and the negative does not stand; 2 of 3 do."""
    wells = [*sample("S1", "------", (25.1, STANDARD)), alb("S1", 26.2)]
    found = {"limits": limits(), "inputs": HUNDRED}
    assert calls(call(wells, *BESIDE, **found))["S1"] == "invalid"
    majority = {"limits": limits({"rule": "majority"}), "inputs": HUNDRED}
    assert calls(call(wells, alb("S1", 25.0), *BESIDE, **majority))["S1"] == "negative"


def test_a_second_gene_that_is_in_time_is_enough():
    """B2M is seen by too few others to be compared: it is judged by ct_max alone."""
    panel = replace(PANEL, assays=(*PANEL.assays, replace(PANEL.assay("ALB"), name="B2M")))
    wells = [*sample("S1", "------", (27.0, STANDARD)), entry("S1", "B2M", (24.0, STANDARD))]
    result = call(wells, *BESIDE, panel=panel, limits=limits(), inputs=HUNDRED)
    assert calls(result)["S1"] == "negative"


def test_a_reviewer_may_accept_a_late_gene():
    accept = Override("well", "G1", "ALB", "positive", "Dr X", "2026-01-31", "diluted 1:10, same")
    result = call(
        sample("S1", "------", (27.0, STANDARD)),
        *BESIDE,
        limits=limits(),
        inputs=HUNDRED,
        overrides=[accept],
    )
    assert calls(result)["S1"] == "negative"


def test_samples_that_the_sheet_joins_do_not_vouch_for_each_other():
    """S1 and S4 are one sample, both 1.5 late; without S4 only S2, S3, WT and PC remain."""
    wells = [alb("S1", 26.5, at="A20"), alb("S4", 26.5, at="A21")]
    sheet = [SheetEntry("A21", sample="S4", replicate_of="S1")]
    result = call(
        sample("S1", "------", None), wells, *BESIDE, sheet=sheet, limits=limits(), inputs=HUNDRED
    )
    assert calls(result) == {"S1": "invalid", "S2": "negative", "S3": "negative"}


def test_a_failed_control_does_not_make_a_late_gene_adequate():
    """An inhibited wild-type control is late itself and is left out of the comparison."""
    late = sample("S1", "------", (26.2, STANDARD))
    second = sample("WT2", "------", (30.0, STANDARD), Role.NEGATIVE_CONTROL)
    before = call(late, *BESIDE, limits=limits(), inputs=HUNDRED)
    after = call(late, *BESIDE, second, limits=limits(), inputs=HUNDRED | {"WT2": 100})
    assert calls(before)["S1"] == calls(after)["S1"] == "invalid"


def test_powers_of_two_are_exact_enough():
    """A delay of exactly delay_max, written in logarithms, is not above it."""
    for ng in (3.7, 12.5, 99.9, 250.0):
        ct = 25.0 + 1 + math.log2(100 / ng)
        result = call(
            sample("S1", "------", (ct, STANDARD)),
            *BESIDE,
            limits=limits(ct_max=40),
            inputs=HUNDRED | {"S1": ng},
        )
        assert calls(result)["S1"] == "negative", ng


@pytest.mark.parametrize(
    ("letter", "gene", "late", "expected", "possible"),
    [
        ("+", 25.0, (37.2, STANDARD), "Δ4-7", ()),  # an adequate gene: the rule as it stands
        ("+", 27.5, (37.2, STANDARD), "inconclusive", ("Δ4-7", "mixed")),
        ("+", 27.5, (36.0, REV[1]), "inconclusive", ("Δ4-7", "mixed")),
        # What crossed the threshold at all may be a product that the run was too short to show.
        ("+", 27.5, (37.2, FLAT), "inconclusive", ("Δ4-7", "mixed")),
        ("+", 27.5, NEG, "Δ4-7", ()),
        ("-", 27.5, (37.2, STANDARD), "invalid", ()),
    ],
)
def test_what_holds_the_gene_back_may_hold_a_second_class_back(
    letter, gene, late, expected, possible
):
    """F.4/R-7 as `letter`, F.2a/R-7 late: were it positive, the sample would hold Δ2-7 as well."""
    wells = [*sample("S1", f".-{letter}---", (gene, STANDARD)), entry("S1", "F.2a/R-7", late)]
    result = call(wells, *BESIDE, limits=limits(), inputs=HUNDRED)
    assert the(result, "S1").call == expected
    assert the(result, "S1").candidates == possible
    assert the(result, "S1").deletions == (("Δ4-7",) if letter == "+" else ())
