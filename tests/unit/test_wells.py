"""One reaction by itself. Expected outcomes follow the rule by hand: standard curve, Ct < 36."""

import pytest
from calling_bench import reaction, settings

from breakpoint_pcr.calling.wells import Shape, judge_well, shown
from breakpoint_pcr.tables import CurveClass, Outcome, State

STANDARD, DOUBTFUL, FLAT, MISSING = CurveClass
POSITIVE, NEGATIVE, REVIEW, INVALID = Outcome


def judge(ct, curve, own=None, *, cycles=40, curve_cycles=40, state=None, crt=False, **calling):
    shape = Shape(curve, ("weak",) if curve is DOUBTFUL else (), own, curve_cycles)
    return judge_well(
        reaction(ct=ct, state=state, n_cycles=cycles),
        shape,
        rules=settings(calling=calling).wells,
        crt=crt,
    )


@pytest.mark.parametrize(
    ("reasons", "outcome"),
    [
        (("low efficiency", "jump"), REVIEW),
        (("hook",), REVIEW),
        (("tilted baseline",), REVIEW),
        (("missing cycles",), REVIEW),
        (("weak", "low efficiency", "slow rise", "no plateau", "no baseline"), NEGATIVE),
    ],
)
def test_a_disturbed_curve_at_the_limit_is_no_negative(reasons, outcome):
    """A step or a wave moves the Ct of a product: 36.8 says nothing of what is in the well."""
    shape = Shape(DOUBTFUL, reasons, 36.78, 40)
    well = judge_well(reaction(ct=36.83), shape, rules=settings().wells, crt=False)
    assert well.outcome is outcome
    assert ("disturbed" in well.reason) is (outcome is REVIEW)


@pytest.mark.parametrize(
    ("ct", "curve", "outcome"),
    [
        # The limit is strict and the Ct is not rounded.
        (35.996, STANDARD, POSITIVE),
        (35.99999999, STANDARD, POSITIVE),
        (36.0, STANDARD, NEGATIVE),
        (36.0001, STANDARD, NEGATIVE),
        (1.0, STANDARD, POSITIVE),
        # A curve at or beyond the limit is negative.
        (36.0, DOUBTFUL, NEGATIVE),
        (38.2, FLAT, NEGATIVE),
        (38.2, MISSING, NEGATIVE),
        # Below the limit the curve decides.
        (35.0, DOUBTFUL, REVIEW),
        (35.0, FLAT, NEGATIVE),
        (35.0, MISSING, REVIEW),
        # No Ct.
        (None, STANDARD, REVIEW),
        (None, DOUBTFUL, REVIEW),
        (None, FLAT, NEGATIVE),
        (None, MISSING, NEGATIVE),
    ],
)
def test_rule(ct, curve, outcome):
    assert judge(ct, curve).outcome is outcome


def test_limit_is_the_configured_one():
    assert judge(34.5, STANDARD, ct_limit=34.5).outcome is NEGATIVE
    assert judge(36.2, STANDARD, ct_limit=36.5).outcome is POSITIVE


def test_curve_is_only_demanded_where_the_config_says_so():
    assert judge(30.0, MISSING, require_curve=False).outcome is POSITIVE
    assert judge(30.0, DOUBTFUL, require_curve=False).outcome is REVIEW


@pytest.mark.parametrize("state", [State.EMPTY, State.OMITTED, State.NO_DATA])
def test_unusable_states_are_invalid_whatever_the_curve(state):
    assert judge(25.0, STANDARD, state=state).outcome is INVALID
    assert judge(None, FLAT, state=state).outcome is INVALID


def test_excluded_by_the_sheet():
    rules = settings().wells
    well = judge_well(reaction(ct=25.0), Shape(STANDARD), rules=rules, crt=False, excluded="bubble")
    assert (well.outcome, well.reason) == (INVALID, "excluded: bubble")


@pytest.mark.parametrize(
    ("cycles", "curve_cycles", "outcome"),
    [
        (40, 40, NEGATIVE),
        (36, 36, NEGATIVE),  # a Ct below 36 would have been seen
        (35, 35, INVALID),
        (40, 30, INVALID),  # the curve ends early
        (30, 40, INVALID),
        (None, 40, NEGATIVE),
        (None, None, NEGATIVE),
        (35, None, INVALID),
    ],
)
def test_negative_needs_the_cycles(cycles, curve_cycles, outcome):
    assert judge(None, FLAT, cycles=cycles, curve_cycles=curve_cycles).outcome is outcome


def test_short_run_leaves_positives_and_reviews():
    assert judge(25.0, STANDARD, cycles=30, curve_cycles=30).outcome is POSITIVE
    assert judge(25.0, DOUBTFUL, cycles=30, curve_cycles=30).outcome is REVIEW


@pytest.mark.parametrize(
    ("ct", "own", "outcome"),
    [
        (35.2, 36.3, REVIEW),  # 1.1 apart, on opposite sides
        (36.3, 35.2, REVIEW),
        (36.0, 34.9, REVIEW),  # 36.0 counts as not below
        (35.5, 36.5, POSITIVE),  # exactly 1 apart
        (36.5, 35.5, NEGATIVE),
        (30.0, 34.0, POSITIVE),  # far apart, same side
        (39.0, 36.5, NEGATIVE),
        (35.9, None, POSITIVE),
    ],
)
def test_own_ct_on_the_other_side(ct, own, outcome):
    assert judge(ct, STANDARD, own).outcome is outcome


def test_own_ct_never_makes_a_well_positive():
    assert judge(None, STANDARD, 25.0).outcome is REVIEW
    assert judge(37.0, STANDARD, 36.5).outcome is NEGATIVE
    assert judge(None, FLAT, None).outcome is NEGATIVE


@pytest.mark.parametrize(
    ("ct", "curve", "outcome"),
    [
        (34.9, STANDARD, POSITIVE),
        (35.0, STANDARD, REVIEW),  # both ends belong to the zone
        (37.0, STANDARD, REVIEW),
        (37.01, STANDARD, NEGATIVE),
        (36.5, FLAT, REVIEW),
        (None, FLAT, NEGATIVE),
        (35.5, DOUBTFUL, REVIEW),
    ],
)
def test_grey_zone(ct, curve, outcome):
    assert judge(ct, curve, grey_zone=[35.0, 37.0]).outcome is outcome


@pytest.mark.parametrize(
    ("accept", "ct", "curve", "outcome"),
    [
        (False, 25.0, STANDARD, REVIEW),
        (False, 38.0, STANDARD, REVIEW),
        (False, 25.0, FLAT, REVIEW),
        (False, None, FLAT, NEGATIVE),
        (True, 25.0, STANDARD, POSITIVE),
        (True, 38.0, STANDARD, NEGATIVE),
    ],
)
def test_crt(accept, ct, curve, outcome):
    assert judge(ct, curve, crt=True, accept_crt=accept).outcome is outcome


@pytest.mark.parametrize(
    ("ct", "curve", "own", "notes"),
    [
        (34.99, STANDARD, None, set()),
        (35.0, STANDARD, None, {"near_cutoff"}),
        (37.0, STANDARD, None, {"near_cutoff", "late_amplification"}),
        (37.01, STANDARD, None, {"late_amplification"}),
        (37.01, DOUBTFUL, None, set()),
        (30.0, STANDARD, 31.0, set()),
        (30.0, STANDARD, 31.01, {"ct_disagreement"}),
        (30.0, FLAT, None, {"curve_none_with_ct"}),
        (38.0, FLAT, None, set()),
        (None, STANDARD, 30.0, set()),
    ],
)
def test_notes(ct, curve, own, notes):
    assert set(judge(ct, curve, own).notes) == notes


def test_reason_shows_the_ct_unrounded():
    assert judge(35.996, STANDARD).reason == "standard curve, Ct 35.996 below 36"
    assert "weak" in judge(35.996, DOUBTFUL).reason


@pytest.mark.parametrize(
    ("ct", "words"),
    [
        (28.037617264150633, "28.0376"),
        (28.189957374700764, "28.19"),
        (32.055, "32.055"),
        (36.0, "36.0"),
        (35.99999, "35.99999"),
        (36.00004, "36.00004"),
        (35.50000001, "35.50000001"),
        (35.996, "35.996"),
    ],
)
def test_a_ct_never_reads_as_a_rounder_one(ct, words):
    assert shown(ct) == words
