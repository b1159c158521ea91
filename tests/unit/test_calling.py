"""The whole of call_run: overrides, the sample sheet, rejected runs, and real curves."""

import math
import time
from dataclasses import replace
from pathlib import Path

import pytest
from calling_bench import (
    PAIRS,
    PANEL,
    POOLED,
    POOLED_PAIRS,
    POS,
    STANDARD,
    call,
    calls,
    codes,
    controls,
    entry,
    judged,
    ntc,
    positive,
    products,
    reaction,
    sample,
    settings,
    the,
    wild_type,
)

from breakpoint_pcr.calling import call_run, method_of
from breakpoint_pcr.calling.control_gene import Input, InputCheck
from breakpoint_pcr.calling.primers import unconfirmed_primers
from breakpoint_pcr.calling.rationale import explain_sample
from breakpoint_pcr.calling.replicates import ReplicateRule, join_outcomes
from breakpoint_pcr.calling.samples import AssayResult, decide
from breakpoint_pcr.errors import TableError
from breakpoint_pcr.explanation import Allele, explain
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.runs import FileKind, Override, RunFile, RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import (
    Curve,
    CurveClass,
    CurveKind,
    Finding,
    Level,
    Outcome,
    Role,
    Site,
    State,
    Verdict,
)

# --- overrides ------------------------------------------------------------------------------------


def decision(scope, subject, decided, assay=""):
    return Override(scope, subject, assay, decided, "Dr X", "2026-01-31", "seen again")


def test_override_of_a_well():
    wells = [*sample("S", "--?---"), *controls()]  # F.4/R-7 of S stands in C1
    result = call(wells, overrides=[decision("well", "C1", "positive")])
    row = the(result)
    assert (row.call, row.flags) == ("Δ4-7", ("overridden",))
    well = next(w for w in result.wells if w.well == "C1")
    assert well.outcome is Outcome.POSITIVE
    assert "Dr X, 2026-01-31: seen again" in well.reason
    assert "by the rules review (Ct 30.0 below 36" in well.reason
    assert [f.level for f in result.findings if f.code == "overridden"] == [Level.WARNING]


def test_override_of_one_assay_of_a_well_beats_that_of_the_well():
    wells = [entry("S", "F.4/R-7", POS, at="A9"), entry("S", "ALB", POS, at="A9")]
    overrides = [decision("well", "A9", "invalid"), decision("well", "A9", "negative", "F.4/R-7")]
    result = call(wells, controls(), overrides=overrides)
    found = {w.assay: w.outcome for w in result.wells if w.well == "A9"}
    assert found == {"F.4/R-7": Outcome.NEGATIVE, "ALB": Outcome.INVALID}


def test_reviewed_well_stands_against_the_controls():
    wells = [*sample("S", "--+---"), *ntc("--+---"), *wild_type(), *positive()]
    assert calls(call(wells)) == {"S": "inconclusive"}
    reviewed = call(wells, overrides=[decision("well", "C1", "positive")])
    assert calls(reviewed) == {"S": "Δ4-7"}


def test_control_that_a_reviewer_cleared():
    wells = [*sample("S", "--+---"), *ntc("--+---"), *wild_type(), *positive()]
    # S fills A1-G1; the third pair of the NTC stands in J1.
    assert calls(call(wells, overrides=[decision("well", "J1", "negative")])) == {"S": "Δ4-7"}
    assert calls(call(wells, overrides=[decision("well", "J1", "invalid")])) == {
        "S": "inconclusive"
    }


@pytest.mark.parametrize(
    ("decided", "deletions"),
    [("negative", ()), ("Δ4-8", ("Δ4-8",)), ("mixed", ("Δ4-7",)), ("inconclusive", ("Δ4-7",))],
)
def test_override_of_a_sample(decided, deletions):
    overrides = [decision("sample", "S", decided)]
    result = call(sample("S", "--+---"), controls(), overrides=overrides)
    row = the(result)
    assert (row.call, row.deletions) == (decided, deletions)
    assert "overridden" in row.flags
    assert row.reason.startswith(f"set to {decided} by Dr X, 2026-01-31: seen again")
    assert "by the rules Δ4-7 (" in row.reason
    assert "overridden" in codes(result, "sample")


@pytest.mark.parametrize(
    "override",
    [
        decision("well", "H12", "positive"),
        decision("well", "C1", "positive", "ALB"),
        decision("well", "C1", "fine"),
        decision("sample", "T", "negative"),
        decision("sample", "S", "Δ9-9"),
        decision("plate", "S", "negative"),
    ],
)
def test_override_that_cannot_be_applied(override):
    result = call(sample("S", "--+---"), controls(), overrides=[override])
    assert the(result).call == "Δ4-7"
    assert the(result).flags == ()
    refused = [f for f in result.findings if f.code == "override_refused"]
    assert [f.level for f in refused] == [Level.ERROR]


def test_overrides_that_contradict_each_other():
    overrides = [decision("sample", "S", "negative"), decision("sample", "S", "Δ4-8")]
    result = call(sample("S", "--+---"), controls(), overrides=overrides)
    assert the(result).call == "Δ4-7"
    assert "override_refused" in codes(result)


ONE_CLASS = (Allele("Δ4-7", "Δ4-7", frozenset({"p"}), frozenset()),)


# --- parts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ReplicateRule)
def test_joining_nothing(rule):
    assert join_outcomes([], rule) is Outcome.INVALID
    assert join_outcomes([Outcome.INVALID] * 2, rule) is Outcome.INVALID


@pytest.mark.parametrize(("alleles", "deletions"), [((), ()), (ONE_CLASS, ("Δ4-7",))])
def test_too_many_unknowns_are_left_open(alleles, deletions):
    """13 assays in doubt: 8,192 readings are not tried, but what is positive stays found."""
    results = [AssayResult("p", (), Outcome.POSITIVE)]
    results += [AssayResult(f"a{n}", (), Outcome.REVIEW) for n in range(13)]
    found = decide(
        results,
        InputCheck(Input.ADEQUATE, ""),
        explain=lambda positive: explain(positive, positive, alleles),
        input_required=True,
    )
    assert (found.call, found.deletions) == ("inconclusive", deletions)


# --- call_run with curves -------------------------------------------------------------------------


def sigmoid(ct, top=2.0, cycles=40):
    """A logistic curve of full efficiency that crosses 0.2 at `ct`, on a slightly rough base."""
    middle = ct + math.log(top / 0.2 - 1) / math.log(2)
    return tuple(
        0.002 * math.sin(7.0 * n) + (top / (1 + 2 ** (middle - n)) if ct is not None else 0)
        for n in range(1, cycles + 1)
    )


def flat(cycles=40):
    return tuple(0.002 * math.sin(7.0 * n) for n in range(1, cycles + 1))


def run_of(entries):
    """Reactions and curves as a reader would return them."""
    places = [f"{row}{column}" for row in "ABCDEFGHIJKLMNOP" for column in range(1, 25)]
    reactions, curves = [], []
    for place, (name, assay, (ct, _, *state), role, _) in zip(places, entries, strict=False):
        made = reaction(assay, ct, *state, sample=name, role=role, well=place)
        reactions.append(made)
        curves.append(Curve("run", place, assay, flat() if ct is None else sigmoid(ct)))
    return reactions, curves


RECORD = RunRecord("run", Status.READ)


def called(record, reactions, curves, **changes):
    return call_run(
        record,
        reactions,
        curves,
        products(),
        panel=PANEL,
        settings=changes.get("limits", settings()),
        unconfirmed=frozenset(changes.get("unconfirmed", ())),
    )


ENTRIES = [*sample("P", "--+---"), *sample("N", "------"), *controls()]


def test_run_with_curves():
    reactions, curves = run_of(ENTRIES)
    result = called(RECORD, reactions, curves)
    assert calls(result) == {"P": "Δ4-7", "N": "negative"}
    assert len(result.wells) == len(result.features) == len(reactions)
    well = next(w for w in result.wells if w.sample == "P" and w.assay == "F.4/R-7")
    assert (well.curve, well.ct) == (CurveClass.STANDARD, 27.0)
    # The curve was made to cross the threshold 0.2 at 27.
    assert well.ct_own == pytest.approx(27.0, abs=0.15)
    assert {f.level for f in result.findings} == set()


def test_a_late_positive_control_does_not_lower_the_bar():
    """A second control, at Ct 38 with a third of the height, failed: the reference stays 2.0.

    The sample's curve is an eighth of it: weak. Beside a median of 1.3 it would be standard.
    """
    entries = [*sample("S", "--+---"), *controls()]
    reactions, curves = run_of(entries)
    weak = next(n for n, e in enumerate(entries) if e[:2] == ("S", "F.4/R-7"))
    curves[weak] = replace(curves[weak], values=sigmoid(27.0, top=0.25))
    assert calls(called(RECORD, reactions, curves)) == {"S": "inconclusive"}
    late = reaction(ct=38.0, sample="PC2", role=Role.POSITIVE_CONTROL, well="P23")
    lit = Curve("run", "P23", "F.4/R-7", sigmoid(35.0, top=0.6))
    both = called(RECORD, [*reactions, late], [*curves, lit])
    assert calls(both) == {"S": "inconclusive"}
    well = next(w for w in both.wells if w.sample == "S" and w.assay == "F.4/R-7")
    assert well.curve_reasons == ("weak",)


def test_spike_is_told_and_changes_nothing():
    reactions, curves = run_of(ENTRIES)
    values = list(curves[8].values)
    values[19] += 1.0
    curves[8] = replace(curves[8], values=tuple(values))
    result = called(RECORD, reactions, curves)
    assert calls(result) == {"P": "Δ4-7", "N": "negative"}
    told = [f.sentence for f in result.findings if f.code == "curve_note"]
    assert len(told) == 1
    assert f"{reactions[8].well} {reactions[8].assay}" in told[0]


def test_unmapped_reactions_and_missing_curves():
    reactions, curves = run_of(ENTRIES)
    foreign = reaction("", 20.0, well="P24", target="GAPDH")
    bare = [replace(reactions[2], curve_kind=CurveKind.NONE)]
    result = called(
        RECORD,
        [*reactions[:2], *bare, *reactions[3:], foreign],
        [*curves[:2], *curves[3:], Curve("run", "P24", "", sigmoid(20.0))],
    )
    # F.4/R-7 of P has a Ct of 27 and no curve: review.
    assert calls(result) == {"P": "inconclusive", "N": "negative"}
    assert not [w for w in result.wells if w.well == "P24"]
    assert len(result.features) == len(reactions) - 1


@pytest.mark.parametrize(
    ("share", "curve", "call_"),
    [
        (1.0, CurveClass.STANDARD, "Δ4-7"),
        # A tenth of the control's rise, below curves.amplitude_min: weak.
        (0.1, CurveClass.REVIEW, "inconclusive"),
    ],
)
def test_positive_control_sets_the_scale(share, curve, call_):
    reactions, curves = run_of(ENTRIES)
    curves[2] = replace(curves[2], values=tuple(share * value for value in sigmoid(27.0)))
    result = called(RECORD, reactions, curves)
    well = next(w for w in result.wells if w.sample == "P" and w.assay == "F.4/R-7")
    assert (well.curve, calls(result)["P"]) == (curve, call_)
    assert ("weak" in well.curve_reasons) is (curve is CurveClass.REVIEW)


def test_curves_that_do_not_fit_the_reactions():
    reactions, curves = run_of(ENTRIES)
    with pytest.raises(TableError, match="curves"):
        called(RECORD, reactions, curves[1:])


def test_excluded_by_the_sheet():
    reactions, curves = run_of(ENTRIES)
    sheet = (SheetEntry(reactions[2].well, assay="F.4/R-7", exclude="air bubble"),)
    result = called(replace(RECORD, sheet=sheet), reactions, curves)
    assert calls(result)["P"] == "inconclusive"
    assert "air bubble" in the(result, "P").reason
    found = [f.sentence for f in result.findings if f.code == "well_unusable"]
    assert len(found) == 1
    assert found[0].startswith(f"{reactions[2].well}: excluded: air bubble; not counted")


@pytest.mark.parametrize("where", ["run", "file"])
def test_crt_of_the_run_or_of_its_file(where):
    reactions, curves = run_of(ENTRIES)
    export = RunFile("export.txt", 1, "", FileKind.EXPORT, "x", "Crt" if where == "file" else "")
    record = replace(RECORD, files=(export,), ct_kind="Crt" if where == "run" else "Ct")
    result = called(record, reactions, curves)
    assert calls(result)["P"] == "inconclusive"
    assert "crt_not_accepted" in codes(result, "run")
    accepted = called(record, reactions, curves, limits=settings(calling={"accept_crt": True}))
    assert calls(accepted) == {"P": "Δ4-7", "N": "negative"}


def test_run_of_30_cycles():
    reactions, curves = run_of(ENTRIES)
    short = [replace(r, n_cycles=30) for r in reactions]
    cut = [
        replace(c, values=sigmoid(15.0, cycles=30) if r.ct else flat(30))
        for r, c in zip(reactions, curves, strict=True)
    ]
    early = [replace(r, ct=15.0) if r.ct else r for r in short]
    result = called(RECORD, early, cut)
    # No negative stands, not even of the controls: water and wild type count as missing.
    assert calls(result) == {"P": "invalid", "N": "invalid"}
    assert "too_few_cycles" in codes(result, "run")


def test_rejected_run():
    record = RunRecord("run", Status.REJECTED, reason="export.txt: empty; export again")
    result = called(record, [], [])
    assert (result.features, result.wells, result.samples) == ([], [], [])
    assert result.findings == [
        Finding(Level.ERROR, "run", "run", "run_rejected", "export.txt: empty; export again")
    ]


def test_what_the_reader_noticed_is_passed_on():
    noticed = Finding(Level.WARNING, "run", "run", "unmapped_target", "GAPDH is no assay")
    reactions, curves = run_of(ENTRIES)
    assert called(replace(RECORD, noticed=(noticed,)), reactions, curves).findings == [noticed]


def test_negative_on_an_unconfirmed_primer_is_flagged():
    reactions, curves = run_of(ENTRIES)
    open_ = called(RECORD, reactions, curves, unconfirmed={"R-8"})
    assert the(open_, "N").flags == ("primer_unconfirmed",)
    assert the(called(RECORD, reactions, curves), "N").flags == ()


@pytest.mark.parametrize(
    ("edits", "confirmed", "doubtful"),
    [
        ([0], [], False),
        ([2, 0], [], False),
        ([1], [], True),
        ([1], ["R-8"], False),
        ([], [], True),
        # Nobody's word makes a primer bind.
        ([], ["R-8"], True),
    ],
)
def test_which_primers_a_negative_may_not_rest_on(edits, confirmed, doubtful):
    panel = load_panel(Path("resources/primers/ikzf1"))
    others = [primer.name for primer in panel.primers if primer.name != "R-8"]
    sites = [site_of(name, 0) for name in others] + [site_of("R-8", n) for n in edits]
    found = unconfirmed_primers(panel, sites, confirmed)
    assert found == (frozenset({"R-8"}) if doubtful else frozenset())


def site_of(primer, edits):
    return Site(primer, "locus", 0, 20, "+", edits, 0, edits, "", Verdict.CHECK)


def test_standards_are_judged_and_not_called():
    reactions, curves = run_of([*ENTRIES, entry("1e4", "F.4/R-7", (22.0, STANDARD), Role.STANDARD)])
    result = called(RECORD, reactions, curves)
    assert list(calls(result)) == ["P", "N"]
    assert result.wells[-1].outcome is Outcome.POSITIVE


def test_empty_run():
    result = called(RECORD, [], [])
    assert (result.features, result.wells, result.samples) == ([], [], [])


def test_plate_with_nothing_in_it():
    reactions = [reaction(state=State.EMPTY, sample="", curve_kind=CurveKind.NONE)]
    result = called(RECORD, reactions, [])
    assert (len(result.wells), result.samples) == (1, [])


def test_384_wells_are_called_quickly():
    """A full plate of 50 samples; the limit is loose, the usual time a few hundredths of it."""
    wells = [e for n in range(50) for e in sample(f"S{n}", "--+--?")] + controls()
    started = time.process_time()
    assert len(call(wells).samples) == 50
    assert time.process_time() - started < 2


def test_every_assay_of_the_panel_has_a_column():
    assert set(the(call(sample("S", "--+---"), controls())).cts) == {*PAIRS, "ALB"}


def explained(name, entries, overrides=()):
    rows = products()
    record = replace(RECORD, overrides=tuple(overrides))
    method = method_of(PANEL, rows, settings(), frozenset())
    found = explain_sample(record, judged(entries), name, method=method)
    return found and found[1]


def test_why_and_why_not():
    entries = [*sample("S", "--+--?"), *sample("N", "------"), *controls()]
    text = explained("S", entries)
    assert text.startswith("run / S: inconclusive\n\nCall\n  found, whatever the unknown assays")
    assert "  calls that remain possible: Δ4-7, mixed\n" in text
    assert "    C1 Ct 27.0, own Ct 27.00, curve standard: positive (standard curve, Ct 27.0" in text
    assert (
        "  Δ2-7: alone it does not explain F.4/R-7 (C1) positive; F.2a/R-7 (A1), F.2b/R-7" in text
    )
    assert "  mixed: not ruled out: F.4/R-8 (F1) is unknown\n" in text
    assert "  negative: F.4/R-7 (C1) positive\n" in text
    dark = explained("N", entries)
    assert "  Δ2-7: F.2a/R-7 (H1), F.2b/R-7 (I1) negative\n" in dark
    assert "  mixed: no assay is positive\n" in dark
    assert explained("nobody", entries) is None


def test_why_shows_an_override():
    overrides = [decision("sample", "S", "negative")]
    text = explained("S", [*sample("S", "--+---"), *controls()], overrides)
    assert text.startswith("run / S: negative\n")
    assert "set to negative by Dr X, 2026-01-31: seen again" in text
    assert "by the rules it is Δ4-7; what follows explains that" in text


def test_why_a_pool_does_not_tell():
    entries = [*sample("S", "--+", pairs=POOLED_PAIRS), *controls(POOLED_PAIRS)]
    rows = products(POOLED)
    method = method_of(POOLED, rows, settings(), frozenset())
    _, text = explain_sample(RECORD, judged(entries), "S", method=method)
    assert "  Δ2-8: not ruled out: all/R-8 (C1) positive fits more than one class\n" in text
    assert "  1. Run the primer pairs of all/R-8 in wells of their own: pooled," in text


def test_why_a_class_was_not_tested():
    few = PAIRS[:3]
    text = explained("S", [*sample("S", "---..."), *controls(few)])
    assert "  Δ4-8: not tested: no assay of the plate shows it\n" in text
    assert "not tested on this plate: Δ2-8, Δ4-8" in text


def test_why_not_without_a_control_gene():
    text = explained("S", [*sample("S", "------", None), *sample("T", "------"), *controls()])
    assert "control gene: no control gene was run for the sample" in text
    assert "  1. Run the control gene for this sample: no control gene was run" in text
