"""Features of curves with a known line, midpoint, growth and height."""

from math import log, sqrt

import numpy as np
import pytest
from curve_shapes import CYCLES, LIMITS, limits, logistic, noise

from breakpoint_pcr.curves import measure_curves, reference_amplitude


def measured(*curves, rules=LIMITS):
    return measure_curves([list(curve) for curve in curves], rules)


@pytest.mark.parametrize("middle", [20.0, 25.5, 30.3])
@pytest.mark.parametrize("growth", [1.7, 2.0])
def test_a_logistic_on_a_line_is_taken_apart(middle, growth):
    found = measured(200 + 3 * CYCLES + logistic(middle, growth, height=1000))
    # Three cycles before its largest bend a logistic is at this part of its height; the baseline
    # ends there, and cannot be off by more.
    tail = 1 / (1 + (2 + sqrt(3)) * growth**3)
    assert found.baseline_slope[0] == pytest.approx(3, abs=1000 * tail / 10)
    assert found.intercept[0] == pytest.approx(200, abs=1000 * tail)
    assert found.amplitude[0] == pytest.approx(1000, rel=tail)
    # The steepest rise of a logistic is its midpoint.
    assert found.steepest[0] == pytest.approx(middle, abs=0.1)
    # The largest bend lies ln(2 + sqrt 3) / ln(growth) before; smoothing draws it forward.
    bend = middle - log(2 + sqrt(3)) / log(growth)
    assert bend - 1 < found.takeoff[0] < bend + 0.1
    # What the line takes too much by the end is lost by the plateau.
    assert found.hook[0] == pytest.approx(0, abs=tail)


def test_the_growth_of_a_logistic_orders_its_efficiency():
    growths = measured(*(logistic(25, growth) for growth in (1.3, 1.5, 1.7, 1.9))).growth
    assert (np.diff(growths) > 0).all()
    assert (growths < [1.3, 1.5, 1.7, 1.9]).all()


def test_faster_growth_rises_in_fewer_cycles():
    """Slope over bend of a logistic is 2.6 / ln(growth): 3.75 cycles at 2, before smoothing."""
    found = measured(*(logistic(25, growth) for growth in (1.4, 2.0, 3.0))).rise_cycles
    assert found[1] == pytest.approx(3.75, abs=1.0)
    assert found[0] > found[1] > found[2]
    assert found[0] == pytest.approx(2.6 / log(1.4), abs=0.5)


def test_noise_is_measured_in_the_unit_of_the_curve():
    found = measured(*(5000 + noise(10, seed) for seed in range(60)))
    assert np.median(found.noise) == pytest.approx(10, rel=0.1)
    assert (found.scatter >= found.noise).all()


def test_features_keep_the_order_of_mixed_lengths():
    long = np.arange(1.0, 46.0)
    found = measured(logistic(20), logistic(30, cycles=long), logistic(22))
    assert found.n_cycles.tolist() == [40, 45, 40]
    assert found.steepest.tolist() == pytest.approx([20, 30, 22], abs=0.1)
    assert np.isnan(found.corrected[0, 40:]).all()
    taken = found.take([2, 1])
    assert taken.steepest.tolist() == found.steepest[[2, 1]].tolist()


def test_too_few_cycles_are_not_measured():
    found = measured(logistic(8)[:14], logistic(8)[:15], [None] * 40, [])
    assert np.isnan(found.amplitude).tolist() == [True, False, True, True]
    assert found.n_cycles.tolist() == [14, 15, 0, 0]


def test_missing_cycles_do_not_count_as_measured():
    curve = list(logistic(20))
    curve[5:31] = [None] * 26
    found = measured(curve, rules=limits(cycles_min=15))
    assert np.isnan(found.amplitude[0])
    assert found.gap[0] == 26


def test_the_reference_is_the_median_of_the_clear_curves():
    heights = [100, 120, 200]
    curves = [logistic(24, height=height) + noise(0.2, height) for height in heights]
    found = measured(*curves, noise(1), 1000 * (CYCLES > 20) + noise(1))
    assert found.clear.tolist() == [1, 1, 1, 0, 0]
    assert reference_amplitude(found, range(5)) == pytest.approx(120, rel=0.02)
    assert reference_amplitude(found, [0, 2]) == pytest.approx(150, rel=0.02)
    assert reference_amplitude(found, [3, 4]) is None
    assert reference_amplitude(found, []) is None


def test_no_curve_at_all():
    assert len(measured().amplitude) == 0
