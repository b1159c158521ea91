"""The call that stands for a sample: each rule by a case worked out by hand.

The expected values come from the rules in the docstring of `breakpoint_pcr.summary.standing`; each
case says in its id why a person would decide so. Classes: A = Δ4-7, B = Δ2-7.
"""

import pytest

from breakpoint_pcr.summary.standing import standing_calls
from breakpoint_pcr.tables import Level, Sample

A, B = "Δ4-7", "Δ2-7"
ORDER = (B, A, "mixed", "negative", "inconclusive", "invalid")


def result(run, call, *, deletions=None, candidates=(), flags=(), reason="", sample="S"):
    found = deletions if deletions is not None else (call,) if call in (A, B) else ()
    return Sample(run, sample, call, found, candidates, "", flags, reason, {})


def negative(run, **other):
    return result(run, "negative", **other)


def mixed(run, *deletions):
    return result(run, "mixed", deletions=deletions or (B, A))


def open_(run, *candidates, detected=()):
    return result(run, "inconclusive", candidates=candidates, deletions=detected)


def invalid(run):
    return result(run, "invalid")


def stand(*history):
    (standing,), findings = standing_calls(history, ORDER)
    return standing, [finding.code for finding in findings]


# history -> call, deletions, candidates, basis run
AGREEING = {
    "one run is its own call": ([result("1", A)], A, (A,), (), "1"),
    "one open run stays open": (
        [open_("1", A, "negative")],
        "inconclusive",
        (),
        (A, "negative"),
        "1",
    ),
    "the same call twice: the latest is the basis": (
        [result("1", A), result("2", A)],
        A,
        (A,),
        (),
        "2",
    ),
    "a repeat settles an open run": ([open_("1", A, "negative"), result("2", A)], A, (A,), (), "2"),
    "a repeat settles an open run, other way": (
        [open_("1", A, "negative"), negative("2")],
        "negative",
        (),
        (),
        "2",
    ),
    "a repeat settles an invalid run": (
        [invalid("1"), negative("2")],
        "negative",
        (),
        (),
        "2",
    ),
    "an older open run is superseded even if it left other calls": (
        [open_("1", A, "negative"), result("2", B)],
        B,
        (B,),
        (),
        "2",
    ),
    "an invalid repeat takes nothing away": ([result("1", A), invalid("2")], A, (A,), (), "1"),
    "a newer open run that leaves the call possible takes nothing away": (
        [result("1", A), open_("2", A, "mixed")],
        A,
        (A,),
        (),
        "1",
    ),
    "a detected class fits a mixed call whose list may be incomplete": (
        [open_("1", A, "mixed", detected=(A,)), mixed("2", B, A)],
        "mixed",
        (B, A),
        (),
        "2",
    ),
    "open beats invalid": (
        [open_("1", A, "negative"), invalid("2")],
        "inconclusive",
        (),
        (A, "negative"),
        "1",
    ),
    "open runs keep everything possible, in the order of the calls": (
        [open_("1", "negative", A, detected=()), open_("2", "mixed", B, A)],
        "inconclusive",
        (),
        (B, A, "mixed", "negative"),
        "2",
    ),
    "what both open runs detected is detected": (
        [open_("1", A, "mixed", detected=(A,)), open_("2", A, "mixed", detected=(A,))],
        "inconclusive",
        (A,),
        (A, "mixed"),
        "2",
    ),
    "only invalid runs: invalid": ([invalid("1"), invalid("2")], "invalid", (), (), "2"),
}


@pytest.mark.parametrize("case", AGREEING.values(), ids=AGREEING.keys())
def test_runs_that_agree(case):
    history, call, deletions, candidates, basis = case
    standing, codes = stand(*history)
    assert (standing.call, standing.deletions, standing.candidates) == (call, deletions, candidates)
    assert standing.basis_run == basis
    assert codes == []


# history -> deletions, candidates
CONTRADICTING = {
    "positive and negative": ([result("1", A), negative("2")], (), (A, "negative")),
    "negative and positive": ([negative("1"), result("2", A)], (), (A, "negative")),
    "two classes": ([result("1", A), result("2", B)], (), (B, A)),
    "one class and mixed with it: that class is in both": (
        [result("1", A), mixed("2", B, A)],
        (A,),
        (A, "mixed"),
    ),
    "two against one do not outvote it": (
        [result("1", A), negative("2"), result("3", A)],
        (),
        (A, "negative"),
    ),
    "a newer open run that rules the call out": (
        [negative("1"), open_("2", A, "mixed", detected=(A,))],
        (),
        (A, "mixed", "negative"),
    ),
    "a newer open run that nothing explains rules nothing out": (
        [negative("1"), open_("2")],
        (),
        (),
    ),
    "an older open run that detected what the call denies": (
        [open_("1", A, "mixed", detected=(A,)), negative("2")],
        (),
        (A, "mixed", "negative"),
    ),
    "an invalid run beside them changes nothing": (
        [result("1", A), invalid("2"), negative("3")],
        (),
        (A, "negative"),
    ),
}


@pytest.mark.parametrize("case", CONTRADICTING.values(), ids=CONTRADICTING.keys())
def test_runs_that_contradict(case):
    history, deletions, candidates = case
    standing, codes = stand(*history)
    assert standing.call == "inconclusive"
    assert (standing.deletions, standing.candidates) == (deletions, candidates)
    assert standing.basis_run == ""
    assert codes == ["runs_contradict"]


def test_every_run_and_its_call_is_listed():
    standing, _ = stand(invalid("r1"), open_("r2", A, "negative"), result("r3", A))
    assert standing.runs == ("r1", "r2", "r3")
    assert standing.calls == ("invalid", "inconclusive", A)


def test_reason_names_what_each_run_found():
    standing, _ = stand(invalid("r1"), open_("r2", A, "negative"), result("r3", A), invalid("r4"))
    assert standing.reason == (
        "Δ4-7 in r3; invalid in r1: superseded; "
        "inconclusive (Δ4-7 or negative possible) in r2: superseded; invalid in r4: no result"
    )


def test_contradiction_names_both_runs_and_what_to_do():
    _, (finding,) = standing_calls([result("r1", A), mixed("r2", B, A)], ORDER)
    assert finding.level is Level.ERROR
    assert (finding.scope, finding.subject, finding.run) == ("sample", "S", "")
    assert finding.sentence == (
        "Sample S: Δ4-7 in r1 and mixed (Δ2-7 + Δ4-7) in r2 contradict each other; check for a "
        "swapped tube or a contamination, repeat the sample, and sign an override for the run "
        "that is wrong"
    )


def test_flags_are_those_of_the_basis():
    old, new = negative("1", flags=("primer_unconfirmed",)), negative("2", flags=("near_cutoff",))
    assert stand(old, new)[0].flags == ("near_cutoff",)


def test_a_contradiction_carries_the_flags_of_both():
    one = result("1", A, flags=("near_cutoff", "overridden"))
    standing, _ = stand(one, negative("2", flags=("input_not_checked", "near_cutoff")))
    assert standing.flags == ("near_cutoff", "overridden", "input_not_checked")


def test_mixed_with_other_classes_stays_mixed_with_a_warning():
    standing, codes = stand(mixed("1", B, A), mixed("2", A, "Δ2-8"))
    assert (standing.call, standing.deletions, standing.basis_run) == ("mixed", (A,), "2")
    assert codes == ["mixed_differs"]


def test_an_override_counts_as_the_call():
    """Run 1 is overridden to invalid by its reviewer, so run 2 stands alone."""
    history = [result("1", "invalid", flags=("overridden",), reason="swapped"), negative("2")]
    assert stand(*history)[0].call == "negative"


def test_samples_stand_in_natural_order_and_apart():
    rows = [negative("1", sample=name) for name in ("S-10", "S-9", "", "P2")]
    standing, findings = standing_calls(rows, ORDER)
    assert [row.sample for row in standing] == ["P2", "S-9", "S-10"]
    assert findings == []


@pytest.mark.parametrize(
    "pair",
    [("S-1", "s-1"), ("S 1", "S-1"), ("S-01", "S-1"), ("S1", "S-1"), ("Ｓ-1", "S-1")],
)
def test_names_that_a_person_takes_for_one_are_pointed_out(pair):
    standing, findings = standing_calls([negative("1", sample=name) for name in pair], ORDER)
    assert len(standing) == 2
    assert [finding.code for finding in findings] == ["names_alike"]


@pytest.mark.parametrize(
    "pair", [("S-1-1", "S-11"), ("S-1", "S-10"), ("S-1+", "S-1"), ("喆", "堃")]
)
def test_other_names_are_not(pair):
    _, findings = standing_calls([negative("1", sample=name) for name in pair], ORDER)
    assert findings == []
