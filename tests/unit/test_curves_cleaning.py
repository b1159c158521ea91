"""Gaps and spikes. Expected values: straight lines and means worked out by hand."""

import numpy as np
import pytest
from curve_shapes import CYCLES, logistic, noise

from breakpoint_pcr.curves.cleaning import read_trace, without_spikes

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("values", "expected", "missing", "gap"),
    [
        ([1.0, 2.0, 3.0], [1, 2, 3], 0, 0),
        # One cycle, then two in a row: points on the line between the neighbours.
        ([1.0, None, 3.0, 4.0], [1, 2, 3, 4], 1, 1),
        ([0.0, NAN, INF, 6.0], [0, 2, 4, 6], 2, 2),
        # Nothing lies before the first cycle that was read: its value is held.
        ([None, None, 5.0, 6.0], [5, 5, 5, 6], 2, 2),
        # Nothing after the last one: the curve ends there.
        ([1.0, 2.0, None, None], [1, 2], 0, 0),
        ([1.0, 2e200, 3.0], [1, 2, 3], 1, 1),
        ([-1.0, -2.0], [-1, -2], 0, 0),
        ([None, None], [], 0, 0),
        ([], [], 0, 0),
    ],
)
def test_gaps_are_bridged(values, expected, missing, gap):
    trace = read_trace(values)
    assert trace.values.tolist() == expected
    assert (trace.missing, trace.gap) == (missing, gap)


def spiked(curve, *spikes):
    curve = np.array(curve)
    for place, size in spikes:
        curve[place] += size
    return curve[None]


@pytest.mark.parametrize("place", [3, 10, 20, 30, 37, 38])
@pytest.mark.parametrize("size", [1.0, -1.0, 30.0])
def test_a_single_cycle_off_both_neighbours_is_their_mean(place, size):
    line = 5 + 0.1 * CYCLES + noise(0.02)
    mended, found = without_spikes(spiked(line, (place, size)), 2, 6)
    assert np.flatnonzero(found[0]).tolist() == [place]
    expected = line.copy()
    expected[place] = (line[place - 1] + line[place + 1]) / 2
    assert mended[0] == pytest.approx(expected)


def test_a_spike_at_the_last_cycle_gets_the_value_before():
    line = noise(0.02)
    mended, found = without_spikes(spiked(line, (39, 1.0)), 2, 6)
    assert np.flatnonzero(found[0]).tolist() == [39]
    assert mended[0, 39] == pytest.approx(line[38])


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("midpoint", [18, 25, 33])
def test_the_last_cycle_of_a_product_is_no_spike(seed, midpoint):
    """One cycle of noise at the plateau is far below the rise that came before it."""
    wobble = np.random.default_rng(seed).normal(0, 0.01, CYCLES.size)
    _, found = without_spikes((logistic(midpoint) + wobble)[None], 2, 6)
    assert not found[0, -1]


def test_several_spikes_are_found():
    line = noise(0.02)
    _, found = without_spikes(spiked(line, (10, 1.0), (25, -0.6)), 2, 6)
    assert np.flatnonzero(found[0]).tolist() == [10, 25]


@pytest.mark.parametrize("place", [20, 24, 26, 30, 35])
def test_a_spike_on_a_rising_curve_is_found(place):
    curve = logistic(25) + noise(0.001)
    mended, found = without_spikes(spiked(curve, (place, 0.3)), 2, 6)
    assert np.flatnonzero(found[0]).tolist() == [place]
    # The chord of a logistic misses it by at most an eighth of its largest second difference.
    assert mended[0] == pytest.approx(curve, abs=0.03)


@pytest.mark.parametrize(
    "curve",
    [
        logistic(25),
        logistic(39, growth=2.0),
        np.where(CYCLES > 20, 1.0, 0.0),
        np.where((CYCLES > 20) & (CYCLES < 23), 1.0, 0.0),
        noise(1.0),
        np.zeros(40),
        2.0**CYCLES,
    ],
    ids=["logistic", "late", "step", "two cycles", "noise", "flat", "exponential"],
)
def test_what_is_no_single_cycle_is_left_alone(curve):
    mended, found = without_spikes(curve[None], 2, 6)
    assert not found.any()
    assert (mended == curve).all()


def test_a_drift_changes_no_spike():
    curve = spiked(logistic(25) + noise(0.002), (12, 0.2), (33, -0.2))
    _, plain = without_spikes(curve, 2, 6)
    _, drifting = without_spikes(curve - 0.5 * CYCLES, 2, 6)
    assert (plain == drifting).all()
    assert plain.sum() == 2
