"""Rates of a study by hand; Wilson limits are the golden ones of CLSI EP12 examples.

0 of 20: 0 to 0.1611; 20 of 20: 0.8389 to 1; 19 of 20: 0.7639 to 0.9911 (qc_vectors.tsv).
"""

from dataclasses import replace

import pytest

from breakpoint_pcr.validation.rows import Result, StudySample
from breakpoint_pcr.validation.summing import errors_of, sum_arms, sum_classes, sum_confusion

RIGHT = StudySample(
    plate="p",
    arm="clean",
    target=True,
    instrument="i",
    format="f",
    sample="S",
    faults=(),
    holds=(),
    present=(),
    between=(),
    call="negative",
    deletions=(),
    candidates=(),
    flags=(),
    result=Result.RIGHT,
    noticed=False,
    cause="",
)
FOUND = replace(RIGHT, present=("A",), call="A", deletions=("A",))
MISSED = replace(RIGHT, present=("A",), result=Result.WRONG)
OPEN = replace(RIGHT, present=("A",), call="inconclusive", result=Result.INCONCLUSIVE)
INVALID = replace(RIGHT, call="invalid", result=Result.INVALID)


def near(value):
    return pytest.approx(value, abs=5e-5)


def test_arms():
    fault = replace(RIGHT, arm="swapped", target=False, faults=("x",), noticed=True)
    rows = [*[RIGHT] * 19, MISSED, fault, replace(fault, noticed=False, result=Result.WRONG)]
    clean, swapped = sum_arms(rows, 0.95)
    assert (clean.arm, clean.samples, clean.right, clean.wrong) == ("clean", 20, 19, 1)
    # 1 - 0.9911 and 1 - 0.7639: the limits of 19 of 20 from the other side
    assert (clean.wrong_low, clean.wrong_high) == (near(0.0089), near(0.2361))
    assert (clean.open_low, clean.open_high) == (0, near(0.1611))
    assert (swapped.target, swapped.struck, swapped.noticed, swapped.wrong) == (False, 2, 1, 1)


def test_what_stays_open_is_inconclusive_or_invalid():
    (arm,) = sum_arms([OPEN, INVALID, RIGHT], 0.95)
    assert (arm.inconclusive, arm.invalid, arm.right) == (1, 1, 1)


def test_classes():
    rows = [*[FOUND] * 19, MISSED, OPEN, *[RIGHT] * 20, INVALID]
    rows += [replace(FOUND, target=False)] * 5  # arms without a target do not count
    rows += [replace(RIGHT, between=("A",))] * 5  # nor does a class that is neither
    a, b, either = sum_classes(rows, ("A", "B"), 0.95)
    assert (a.present, a.found, a.present_open) == (21, 19, 1)
    assert (a.sensitivity, a.sensitivity_of_all) == (19 / 20, near(19 / 21))
    assert (a.sensitivity_low, a.sensitivity_high) == (near(0.7639), near(0.9911))
    assert (a.absent, a.not_found, a.absent_open) == (21, 20, 1)
    assert (a.specificity, a.specificity_of_all) == (1, near(20 / 21))
    assert (a.specificity_low, a.specificity_high) == (near(0.8389), 1)
    assert (b.present, b.sensitivity, b.sensitivity_low, b.sensitivity_of_all) == (0, *[None] * 3)
    assert (either.deletion, either.present, either.found) == ("any", 21, 19)


def test_a_mixed_call_with_an_open_list_leaves_its_other_classes_open():
    mixed = replace(RIGHT, present=("A", "B"), call="mixed", deletions=("A",))
    a, b, either = sum_classes([mixed], ("A", "B"), 0.95)
    assert (a.found, a.present_open) == (1, 0)
    assert (b.found, b.present_open) == (0, 1)
    assert (either.found, either.present_open) == (1, 0)


def test_an_inconclusive_sample_that_names_the_class_has_found_it():
    (a, _) = sum_classes([replace(OPEN, deletions=("A",))], ("A",), 0.95)
    assert (a.found, a.present_open) == (1, 0)


def test_confusion():
    two = replace(RIGHT, present=("A", "B"), call="mixed", deletions=("A", "B"))
    rows = [RIGHT, two, *[FOUND] * 19, MISSED, replace(RIGHT, between=("A",))]
    rows += [replace(MISSED, target=False)]
    found = {(row.truth, row.call): row for row in sum_confusion(rows, 0.95)}
    assert list(found) == [("A", "A"), ("A", "negative"), ("mixed", "mixed"), ("negative",) * 2]
    right = found["A", "A"]
    assert (right.samples, right.share) == (19, 0.95)
    assert (right.share_low, right.share_high) == (near(0.7639), near(0.9911))


def test_errors_begin_with_the_wrong_ones():
    elsewhere = replace(OPEN, arm="optics")
    untargeted = replace(MISSED, arm="swapped", target=False)
    assert errors_of([OPEN, RIGHT, elsewhere, untargeted, MISSED]) == [MISSED, OPEN]


def test_nothing_at_all():
    assert sum_arms([], 0.95) == []
    assert sum_confusion([], 0.95) == []
    assert sum_classes([], (), 0.95)[0].present == 0
