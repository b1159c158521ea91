"""Classes, reasons and own Ct of curves that are built to be what they are."""

from math import log2

import numpy as np
import pytest
from curve_shapes import (
    CONFIG,
    CYCLES,
    LIMITS,
    NONE,
    REVIEW,
    STANDARD,
    judge,
    judge_one,
    limits,
    logistic,
    noise,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from breakpoint_pcr.curves import CurveLimits, measure_curves
from breakpoint_pcr.tables import CurveClass

SMALL = noise(0.003, seed=4)


@pytest.mark.parametrize("middle", [18, 20.5, 25, 30, 33, 35])
@pytest.mark.parametrize("growth", [1.75, 1.9, 2.0])
def test_a_good_curve_is_standard(middle, growth):
    found = judge_one(logistic(middle, growth) + SMALL)
    assert (found.curve, found.reasons) == (STANDARD, ())


def test_a_good_late_curve_needs_no_plateau():
    """Growth 2 up to cycle 33, straight on from there: cycle 40 is in full rise."""
    late = np.where(CYCLES < 33, 0.1 * 2 ** (CYCLES - 33), 0.1 + 0.1 * (CYCLES - 33)) + SMALL
    found = judge_one(late)
    assert found.curve == STANDARD
    assert "plateau not reached" in found.notes
    early = judge_one(np.concatenate([late[13:], 0.8 + 0.1 * np.arange(1, 14)]))
    assert (early.curve, early.reasons) == (REVIEW, ("no plateau",))


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_none(seed):
    found = judge_one(300 + noise(2, seed), reference=1000.0)
    assert (found.curve, found.reasons) == (NONE, ("no rise",))
    assert (found.ct_own, found.ct_takeoff) == (None, None)


def ramp(first, last):
    return np.clip((CYCLES - first) / (last - first), 0, 1)


@pytest.mark.parametrize(
    ("curve", "reason"),
    [
        # A tenth of the positive control's height.
        (0.1 * logistic(25) + noise(3e-4), "weak"),
        # The steepest cycle of growth 2 rises by 0.17 of the height, four times the noise.
        (logistic(25) + noise(0.042, 3), "weak"),
        # Half of the doubling is lost.
        (logistic(24, 1.4) + SMALL, "low efficiency"),
        (np.where(CYCLES > 20, 1.0, 0.0) + SMALL, "jump"),
        (ramp(20, 22) + SMALL, "jump"),
        # Growth of ten per cycle.
        (logistic(25, 10.0) + SMALL, "jump"),
        # Evaporation: the square of the cycles after the middle.
        (np.clip((CYCLES - 20) / 20, 0, 1) ** 2 + SMALL, "slow rise"),
        (logistic(8.5) + SMALL, "no baseline"),
        (logistic(22) - 0.4 * ramp(26, 40) + SMALL, "hook"),
        # The baseline alone climbs by 0.8 of the height.
        (logistic(25) + 0.02 * CYCLES + SMALL, "tilted baseline"),
        (logistic(25) - 0.02 * CYCLES + SMALL, "tilted baseline"),
    ],
)
def test_each_fault_is_named(curve, reason):
    found = judge_one(curve)
    assert found.curve == REVIEW
    assert reason in found.reasons


@pytest.mark.parametrize("periods", [0.5, 1, 1.5, 2, 3])
@pytest.mark.parametrize("phase", np.arange(0, 1, 0.125))
def test_a_slow_wave_is_never_standard(periods, phase):
    wave = np.sin(2 * np.pi * (periods * CYCLES / 40 + phase)) / 2
    assert judge_one(wave + SMALL).curve != STANDARD


@pytest.mark.parametrize("slope", [-1.0, -0.1, 0.1, 1.0, 30.0])
def test_drift_is_none(slope):
    assert judge_one(100 + slope * CYCLES + noise(0.1)).curve == NONE


@pytest.mark.parametrize("place", range(3, 40))
@pytest.mark.parametrize("size", [0.3, 1.0])
def test_a_spike_is_taken_out_with_a_note(place, size):
    spike = size * (place == CYCLES)
    quiet = judge_one(noise(0.003) + spike)
    assert (quiet.curve, quiet.notes) == (NONE, ("spike removed",))
    good = judge_one(logistic(25) + SMALL + spike)
    assert (good.curve, good.notes) == (STANDARD, ("spike removed",))
    assert good.ct_own == pytest.approx(judge_one(logistic(25) + SMALL).ct_own, abs=0.3)


@pytest.mark.parametrize("last", [11, 13, 20, 30])
def test_a_fall_is_never_standard(last):
    assert judge_one(SMALL - ramp(10, last)).curve != STANDARD
    # A fall by the height of a product may hide one: a person looks at it.
    assert judge_one(SMALL - ramp(20, 21)).curve == REVIEW
    assert judge_one(SMALL - ramp(20, 21), reference=10.0).curve == NONE


@pytest.mark.parametrize("size", [0.3, 1.0])
@pytest.mark.parametrize("middle", [25, 30])
def test_a_disturbance_never_makes_a_product_none(size, middle):
    """A step back, a jump or a wave of this share of the full rise, over a full product."""
    product = logistic(middle) + SMALL
    wave = size / 2 * np.sin(2 * np.pi * CYCLES / 40)
    disturbed = [product - size * (place <= CYCLES) for place in (5, 15, 35)]
    disturbed += [product + size * (place <= CYCLES) for place in (5, 15, 35)] + [product + wave]
    assert NONE not in {judge_one(curve).curve for curve in disturbed}


def test_a_detector_at_its_end_shows_no_negative():
    """Whatever the well holds cannot be seen once every cycle gives the same number.

    A falling line stands for the baseline that the instrument took off: five cycles of it are one
    too few (`frozen_cycles` 6), and noise that goes on is none.
    """
    quiet = noise(0.01)
    for cycles, expected in ((5, NONE), (6, REVIEW), (15, REVIEW)):
        line = quiet[-cycles] - 0.002 * np.arange(cycles)
        frozen = np.concatenate([quiet[:-cycles], line])
        assert judge_one(frozen).curve == expected, cycles
        assert judge_one(50 * frozen + 7, reference=50.0).curve == expected, cycles
    assert judge_one(quiet).curve == NONE


@pytest.mark.parametrize("middle", [3, 5, 7, 9])
@pytest.mark.parametrize("reference", [None, 1.0])
def test_a_product_from_the_first_cycles_on_is_never_none(middle, reference):
    found = judge_one(logistic(middle) + SMALL, reference=reference)
    assert found.curve == REVIEW
    assert "no baseline" in found.reasons


def test_a_start_that_settles_is_no_product():
    """The first cycles fall by 30 times the noise; nothing rises."""
    for seed in range(10):
        settling = 0.1 * np.exp(-CYCLES / 3) + noise(0.003, seed)
        assert judge_one(settling).curve != STANDARD


def test_a_baseline_that_falls_adds_no_height():
    """Nothing rises: the fluorescence settles for eight cycles, and stays where it is."""
    for seed in range(10):
        settling = np.clip(8 - CYCLES, 0, None) / 50 + noise(0.003, seed)
        found = judge_one(settling)
        assert found.curve == NONE
        # A line through the fall would end 0.6 below the level curve.
        assert float(found.values["height"]) < 0.03


def test_a_drift_without_baseline_is_none():
    """Straight up from the first cycle on, in a noise of a fifth of its rise per cycle."""
    kinds = [judge_one(0.02 * CYCLES + noise(0.004, seed)).curve for seed in range(40)]
    assert set(kinds) == {NONE}


def test_height_alone_makes_no_curve_none():
    """A flawless curve of a hundredth of the reference may have the wrong reference."""
    small = logistic(25) + SMALL
    assert judge_one(small, reference=100.0).reasons == ("weak",)
    assert judge_one(small, reference=None).curve == STANDARD
    misshapen = judge_one(logistic(25, 1.3) + SMALL, reference=100.0)
    assert (misshapen.curve, misshapen.reasons) == (NONE, ("no product",))


def test_missing_cycles():
    curve = list(logistic(25) + SMALL)
    curve[11] = curve[30] = None
    found = judge_one(curve)
    assert (found.curve, found.notes) == (STANDARD, ("missing cycles filled",))
    curve[20:24] = [None] * 4
    assert "missing cycles" in judge_one(curve).reasons


@pytest.mark.parametrize("curve", [[], [None] * 40, [1.0] * 14, list(logistic(25)[:14])])
def test_too_few_cycles(curve):
    found = judge_one(curve)
    assert (found.curve, found.reasons) == (REVIEW, ("too few cycles",))
    assert (found.ct_own, found.ct_takeoff) == (None, None)


@pytest.mark.parametrize("value", [0.0, -3.0, 1e-300, 65535.0, 1e300])
def test_a_constant_curve_is_none_or_not_read(value):
    assert judge_one([value] * 40).curve == (NONE if abs(value) < 1e150 else REVIEW)


@pytest.mark.parametrize(
    ("level", "ct"),
    [
        # One unit of 2^(t - 25) is reached at cycle 25, three units at 25 + log2(3).
        (1.0, 25.0),
        (3.0, 25 + log2(3)),
        (6.0, 25 + log2(6)),
        (9.0, None),
    ],
)
def test_the_own_ct_of_an_exponential_on_a_line(level, ct):
    """Up to cycle 28, at 8 units; flat from there."""
    found = judge_one(40 + 0.3 * CYCLES + np.minimum(2.0 ** (CYCLES - 25), 8), level=level)
    # The baseline ends four cycles before the bend, where the curve is at 8 / 16 of a unit; and the
    # smoothing over five cycles sees the corner at cycle 28, which no real curve has.
    assert found.ct_own == (ct and pytest.approx(ct, abs=0.1))


def test_the_level_is_a_tenth_of_the_reference():
    curve = logistic(25, height=500) + noise(0.2)
    # A logistic of growth 2 is at a tenth of its height log2(9) cycles before its middle.
    assert judge_one(curve, reference=500).ct_own == pytest.approx(25 - log2(9), abs=0.15)
    assert judge_one(curve, reference=None).ct_own == pytest.approx(25 - log2(9), abs=0.15)
    # Half of 500 is a tenth of 2500.
    assert judge_one(curve, reference=2500).ct_own == pytest.approx(25, abs=0.15)
    assert judge_one(curve, reference=500).values["level"] == "50"


@pytest.mark.parametrize(("middle", "known"), [(20, True), (30, True), (36, True), (39, False)])
def test_a_takeoff_is_given_when_it_is_passed(middle, known):
    """A logistic of growth 2 bends most 1.9 cycles before its middle; after 35.5 it is open."""
    found = judge_one(logistic(middle) + noise(3e-4), reference=None)
    assert (found.ct_takeoff is not None) == known
    assert found.values["takeoff_ct"] == ("" if not known else f"{found.ct_takeoff:.6g}")
    if known:
        assert found.ct_takeoff == pytest.approx(middle - log2(2 + 3**0.5) - 0.8, abs=0.4)


def test_one_dilution_step_is_one_cycle():
    """Half the template: the same curve a cycle later."""
    cts = [judge_one(logistic(middle) + noise(1e-4)) for middle in (22, 23, 24)]
    assert np.diff([found.ct_own for found in cts]) == pytest.approx(1, abs=0.02)
    assert np.diff([found.ct_takeoff for found in cts]) == pytest.approx(1, abs=0.05)


PLATE = [
    logistic(24, 1.9, 800) + noise(2, 1),
    logistic(33, 1.8, 900) + noise(2, 2),
    60 * logistic(28, 1.6) + noise(2, 3),
    noise(2, 4),
    np.where(CYCLES > 22, 300.0, 0.0) + noise(2, 5),
    12 * CYCLES + noise(2, 6),
    logistic(20, 1.4, 700) + 150.0 * (CYCLES == 33) + noise(2, 7),
]


@pytest.mark.parametrize(
    ("factor", "offset"), [(1000, 5), (1e-6, -3), (3.7, 1e6), (1, -1e4), (1 / 3, 0), (1e9, 1e12)]
)
def test_scale_and_offset_change_nothing(factor, offset):
    plain = judge(*PLATE, reference=800.0)
    moved = judge(*(factor * curve + offset for curve in PLATE), reference=factor * 800.0)
    for before, after in zip(plain, moved, strict=True):
        assert before.curve == after.curve
        assert (before.reasons, before.notes) == (after.reasons, after.notes)
        assert after.ct_own == (before.ct_own and pytest.approx(before.ct_own, abs=1e-4))


def test_the_plate_around_a_curve_changes_nothing():
    together = judge(*PLATE, reference=800.0)
    assert together == [judge_one(curve, reference=800.0) for curve in PLATE]
    assert together[::-1] == judge(*PLATE[::-1], reference=800.0)


@pytest.mark.parametrize("drift", [-20.0, -3.0, 3.0, 20.0])
def test_a_linear_drift_moves_no_ct(drift):
    for curve in PLATE[:2]:
        plain = judge_one(curve, reference=800.0)
        drifting = judge_one(curve + drift * CYCLES, reference=800.0)
        assert drifting.ct_own == pytest.approx(plain.ct_own, abs=1e-6)
        assert drifting.ct_takeoff == pytest.approx(plain.ct_takeoff, abs=1e-6)


def test_limits_of_an_assay():
    special = limits(assays={"long": {"growth_min": 1.2}})
    curve = logistic(24, 1.45) + SMALL
    assert judge_one(curve, rules=special).reasons == ("low efficiency",)
    assert judge_one(curve, rules=special.for_assay("long")).curve == STANDARD
    assert special.for_assay("other") == special
    assert special.for_assay("long").tilt_max == LIMITS.tilt_max


def test_every_limit_of_the_config_is_used():
    assert set(CONFIG) == set(CurveLimits.__dataclass_fields__)


def test_values_are_cells():
    found = judge_one(logistic(25, height=500) + noise(1), reference=500)
    assert {"baseline_intercept", "baseline_slope", "amplitude", "level"} <= set(found.values)
    assert all(isinstance(cell, str) for cell in found.values.values())
    assert float(found.values["amplitude"]) == pytest.approx(500, rel=0.05)
    short = judge_one([1.0] * 5)
    assert list(short.values) == list(found.values)
    assert short.values["amplitude"] == ""


def test_no_curves():
    assert judge() == []


numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-10, 10),
    st.sampled_from([0.0, 1.0, 1e308, -1e308]),
)


@given(
    st.lists(st.lists(numbers, max_size=60), max_size=4),
    st.one_of(st.none(), st.floats()),
    st.one_of(st.none(), st.floats()),
)
@settings(deadline=None, max_examples=150, derandomize=True)
def test_anything_gets_a_class(curves, reference, level):
    features = measure_curves(curves, LIMITS)
    assert len(features.take(range(len(curves))).amplitude) == len(curves)
    for found in judge(*curves, reference=reference, level=level):
        assert found.curve in set(CurveClass) - {CurveClass.MISSING}
        assert (found.curve == STANDARD) == (not found.reasons)
