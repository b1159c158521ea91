"""Right, wrong, inconclusive and invalid by hand, from what a sample holds."""

import pytest

from breakpoint_pcr.explanation import Allele
from breakpoint_pcr.tables import Sample
from breakpoint_pcr.validation.judging import (
    ORDINARY_FLAGS,
    Truth,
    judge,
    label_of,
    list_is_open,
    truth_of,
)

# A: one assay must show it. A long: only a long product may. B: another class.
KNOWN = (
    Allele("A", "A", frozenset({"1"}), frozenset({"2"})),
    Allele("A variant", "A", frozenset({"2"}), frozenset()),
    Allele("A long", "A", frozenset(), frozenset({"1"})),
    Allele("B", "B", frozenset({"3"}), frozenset()),
)


def called(call, deletions=(), candidates=()):
    return Sample("run", "S", call, tuple(deletions), tuple(candidates), "", (), "", {})


def held(present=(), between=()):
    return Truth(frozenset(present), frozenset(between))


@pytest.mark.parametrize(
    ("alleles", "present", "between"),
    [
        ({}, "", ""),
        ({"A": 100}, "A", ""),  # from copies_present on
        ({"A": 99}, "", "A"),
        ({"A variant": 100}, "A", ""),
        ({"A long": 5000}, "", "A"),  # no assay must show it, however much there is
        ({"A": 40, "A variant": 60}, "", "A"),  # neither form alone is enough
        ({"A": 99, "A variant": 100}, "A", ""),
        ({"A": 100, "B": 1}, "A", "B"),
        ({"A": 0}, "", ""),
    ],
)
def test_truth_is_what_must_be_seen(alleles, present, between):
    assert truth_of(alleles, KNOWN, 100) == held(present, between)


@pytest.mark.parametrize(
    ("truth", "row", "result"),
    [
        # nothing there
        (held(), called("negative"), "right"),
        (held(), called("A", "A"), "wrong"),
        (held(), called("mixed", "AB"), "wrong"),
        (held(), called("mixed"), "wrong"),  # two classes at least, where there is none
        (held(), called("invalid"), "invalid"),
        (held(), called("invalid", "A"), "wrong"),
        (held(), called("inconclusive", (), ("A", "negative")), "inconclusive"),
        (held(), called("inconclusive", "A", ("A", "mixed")), "wrong"),
        (held(), called("inconclusive", (), ("A", "B")), "wrong"),  # no room for a negative
        (held(), called("inconclusive", (), ("A", "invalid")), "inconclusive"),
        (held(), called("inconclusive"), "inconclusive"),  # nothing is excluded
        # one class
        (held("A"), called("A", "A"), "right"),
        (held("A"), called("B", "B"), "wrong"),
        (held("A"), called("negative"), "wrong"),
        (held("A"), called("mixed", "AB"), "wrong"),
        (held("A"), called("mixed", "A"), "wrong"),  # says that a second is there
        (held("A"), called("invalid"), "invalid"),
        (held("A"), called("inconclusive", "A", ("A", "mixed")), "inconclusive"),
        (held("A"), called("inconclusive", (), ("B", "negative")), "wrong"),
        (held("A"), called("A"), "wrong"),  # the list of deletions forgets it
        # two classes
        (held("AB"), called("mixed", "AB"), "right"),
        (held("AB"), called("mixed", "A"), "right"),  # one named, the other left open
        (held("AB"), called("mixed"), "right"),
        (held("AB"), called("mixed", "AC"), "wrong"),
        (held("AB"), called("A", "A"), "wrong"),
        (held("AB"), called("negative"), "wrong"),
        (held("AB"), called("inconclusive", "A", ("A", "mixed")), "inconclusive"),
        (held("AB"), called("inconclusive", "A", ("A",)), "wrong"),
        # three classes, two of them named: nothing says that the list is open
        (held("ABC"), called("mixed", "AB"), "wrong"),
        (held("ABC"), called("mixed", "ABC"), "right"),
        # a class neither present nor absent
        (held((), "A"), called("negative"), "right"),
        (held((), "A"), called("A", "A"), "right"),
        (held((), "A"), called("B", "B"), "wrong"),
        (held((), "A"), called("mixed", "A"), "wrong"),  # at most one class can be there
        (held("A", "B"), called("A", "A"), "right"),
        (held("A", "B"), called("mixed", "AB"), "right"),
        (held("A", "B"), called("mixed", "B"), "right"),
        (held("A", "B"), called("B", "B"), "wrong"),
        (held("A", "B"), called("negative"), "wrong"),
        (held("A", "B"), called("inconclusive", (), ("mixed", "B")), "inconclusive"),
        (held("A", "B"), called("inconclusive", (), ("B", "negative")), "wrong"),
    ],
)
def test_results(truth, row, result):
    assert judge(truth, row) == result


def test_labels_of_a_truth():
    assert label_of(()) == "negative"
    assert label_of("B") == "B"
    assert label_of("AB") == "mixed"
    assert held("A", "BC").labels == {"A", "mixed"}
    assert held((), "AB").labels == {"negative", "A", "B", "mixed"}


@pytest.mark.parametrize(
    ("call", "deletions", "is_open"),
    [
        ("inconclusive", "A", True),
        ("invalid", "", True),
        ("mixed", "A", True),
        ("mixed", "AB", False),
        ("A", "A", False),
        ("negative", "", False),
    ],
)
def test_open_lists(call, deletions, is_open):
    assert list_is_open(call, tuple(deletions)) is is_open


def test_ordinary_flags_tell_of_the_panel_and_of_forms_only():
    doubtful = {"near_cutoff", "late_amplification", "control_failed", "check_contamination"}
    assert ORDINARY_FLAGS.isdisjoint(doubtful)
