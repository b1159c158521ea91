"""Standard curves. Golden numbers: facts, qc_vectors.tsv; the rest by hand or by scipy."""

import math

import pytest
from scipy import stats

from breakpoint_pcr.statistics.calibration import calibrate, efficiency

GOLDEN = [(1e5, 18.61), (1e4, 21.93), (1e3, 25.30), (1e2, 28.58), (10, 31.99), (1, 35.21)]
# x 0 1 2, y 30 27 23: slope (23 - 30) / 2 = -3.5, mean 80 / 3, intercept 80 / 3 + 3.5,
# residuals -1/6 1/3 -1/6, their squares 1/6, one degree of freedom.
BY_HAND = [(1, 30), (10, 27), (100, 23)]


def test_golden_curve():
    curve = calibrate(GOLDEN, 0.95)
    assert round(curve.slope, 4) == -3.3274
    assert round(curve.intercept, 4) == 35.2552
    assert round(curve.r_squared, 6) == 0.999962
    assert round(curve.efficiency, 4) == 0.9977
    assert (round(curve.efficiency_low, 4), round(curve.efficiency_high, 4)) == (0.9860, 1.0097)
    assert round(10 ** curve.read([36.0]).log10_quantity, 3) == 0.597
    assert (curve.quantity_min, curve.quantity_max, curve.points) == (1, 1e5, 6)


@pytest.mark.parametrize(
    ("slope", "expected"), [(-3.1, 1.1017), (-3.3219, 1.0), (-3.6, 0.8957), (-3.9, 0.8047)]
)
def test_golden_efficiencies(slope, expected):
    assert round(efficiency(slope), 4) == expected


@pytest.mark.parametrize("slope", [None, 0.0, 3.3, -1e-9])
def test_no_efficiency_of_a_line_that_does_not_fall(slope):
    assert efficiency(slope) is None


def test_line_by_hand():
    curve = calibrate(BY_HAND, 0.95)
    assert curve.slope == pytest.approx(-3.5)
    assert curve.intercept == pytest.approx(80 / 3 + 3.5)
    assert curve.residual_sd == pytest.approx(math.sqrt(1 / 6))
    assert curve.slope_se == pytest.approx(math.sqrt(1 / 6 / 2))
    # Squares about the mean Ct: those of 10/3, 1/3 and 11/3, together 222/9.
    assert curve.r_squared == pytest.approx(1 - (1 / 6) / (222 / 9))


def test_limits_of_the_slope_are_those_of_students_t():
    curve = calibrate(BY_HAND, 0.9)
    # t(0.95, 1) = 6.3138 (tables): the upper limit -3.5 + 1.823 is below 0
    half = 6.313752 * math.sqrt(1 / 12)
    assert curve.slope_low == pytest.approx(-3.5 - half, rel=1e-6)
    assert curve.slope_high == pytest.approx(-3.5 + half, rel=1e-6)
    assert curve.efficiency_high == pytest.approx(10 ** (1 / (3.5 - half)) - 1, rel=1e-6)


def test_a_slope_whose_interval_reaches_0_has_no_upper_efficiency():
    curve = calibrate(BY_HAND, 0.95)  # t(0.975, 1) = 12.7062: 3.668 to either side
    assert curve.slope_high > 0
    assert curve.efficiency_high is None
    assert curve.efficiency_low == pytest.approx(10 ** (1 / (3.5 + 12.7062 / 12**0.5)) - 1, 1e-4)


def test_reading_by_hand():
    # Mean Ct 80/3 reads 10: variance (1/6) / 3.5^2 (1/2 + 1/3 + 0).
    reading = calibrate(BY_HAND, 0.95).read([80 / 3 - 0.1, 80 / 3 + 0.1])
    assert reading.log10_quantity == pytest.approx(1)
    assert reading.variance == pytest.approx((1 / 6) / 12.25 * 5 / 6)
    assert reading.degrees_of_freedom == 1
    # One Ct at 100: (1/6) / 3.5^2 (1 + 1/3 + (2 - 1)^2 / 2).
    far = calibrate(BY_HAND, 0.95).read([80 / 3 - 3.5])
    assert far.log10_quantity == pytest.approx(2)
    assert far.variance == pytest.approx((1 / 6) / 12.25 * (1 + 1 / 3 + 1 / 2))


def test_scipy_agrees_with_replicates_and_uneven_steps():
    points = [(3e4, 20.1), (3e4, 20.3), (500, 26.2), (500, 26.0), (40, 29.9), (7, 32.4), (7, 32.0)]
    curve = calibrate(points, 0.95)
    oracle = stats.linregress([math.log10(x) for x, _ in points], [y for _, y in points])
    assert curve.slope == pytest.approx(oracle.slope)
    assert curve.intercept == pytest.approx(oracle.intercept)
    assert curve.slope_se == pytest.approx(oracle.stderr)
    assert curve.r_squared == pytest.approx(oracle.rvalue**2)
    assert calibrate(points[::-1], 0.95) == curve


def test_two_points_have_no_error():
    curve = calibrate([(1, 35), (100, 28.4)], 0.95)
    assert curve.slope == pytest.approx(-3.3)
    assert curve.residual_sd is curve.slope_se is curve.slope_low is curve.efficiency_low is None
    assert curve.read([30.0]).variance is None
    assert curve.read([30.0]).degrees_of_freedom == 0


def test_a_level_line_gives_no_quantity():
    curve = calibrate([(1, 30), (10, 30), (100, 30)], 0.95)
    assert curve.r_squared is None
    assert curve.efficiency is curve.efficiency_low is curve.efficiency_high is None
    with pytest.raises(ValueError, match="slope"):
        curve.read([30.0])
    with pytest.raises(ValueError, match="Ct"):
        calibrate(BY_HAND, 0.95).read([])


def test_a_rising_line_has_no_efficiency():
    curve = calibrate([(1, 20), (10, 23), (100, 26.5)], 0.95)
    assert curve.efficiency is curve.efficiency_low is curve.efficiency_high is None


@pytest.mark.parametrize(
    "points",
    [[], [(10, 30)], [(10, 30), (10, 31)], [(0, 30), (10, 27)], [(1, math.nan), (10, 27)]],
)
def test_what_makes_no_line_is_refused(points):
    with pytest.raises(ValueError, match="standard"):
        calibrate(points, 0.95)
