"""Slopes, lines, growth and crossings on curves for which the answer is known in closed form."""

from math import log, log2

import numpy as np
import pytest
from curve_shapes import CYCLES, noise

from breakpoint_pcr.curves.ct import crossing
from breakpoint_pcr.curves.growth import GROWTHS, growth_per_cycle
from breakpoint_pcr.curves.smoothing import (
    peak,
    sharpest_bend,
    smoothed,
    smoothed_rise,
    straight_line,
)

NAN = float("nan")


def test_a_parabola_is_its_own_smoothing():
    """Value a + b t + c t^2, slope b + 2 c t, bend 2 c: at the ends, too."""
    curve = 3 - 2 * CYCLES + 0.5 * CYCLES**2
    value, slope, bend = smoothed(curve[None])
    assert value[0] == pytest.approx(curve)
    assert slope[0] == pytest.approx(-2 + CYCLES)
    assert bend[0] == pytest.approx(np.ones(40))


def test_the_line_passes_the_used_cycles_only():
    curve = np.where(CYCLES <= 20, 7 + 0.25 * (CYCLES - 1), 100.0)
    weight = (CYCLES <= 20)[None].astype(float)
    intercept, slope, scatter = straight_line(curve[None], weight)
    assert (intercept[0], slope[0]) == pytest.approx((7, 0.25))
    assert scatter[0] == pytest.approx(0, abs=1e-9)


def test_a_cycle_may_count_in_part():
    """As numpy's weighted least squares; its weights are the roots of ours."""
    curve, weight = noise(1.0), np.clip(18.3 - CYCLES, 0, 1)
    intercept, slope, _ = straight_line(curve[None], weight[None])
    expected = np.polyfit(CYCLES - 1, curve, 1, w=np.sqrt(weight))
    assert [slope[0], intercept[0]] == pytest.approx(expected.tolist())


def test_the_foot_of_a_rise_stays_where_it_is():
    """A line and an exponential of growth 1.8 are their own smoothing; others nearly."""
    line = 5 - 2 * CYCLES
    same = line + 1.8 ** (CYCLES - 20)
    assert smoothed_rise(same[None])[0] == pytest.approx(same)
    for growth in (1.5, 1.7, 2.0):
        found = smoothed_rise((growth ** (CYCLES - 20))[None])[0]
        # At the ends of the curve the fit has neighbours on one side only.
        shift = log(found[18]) / log(growth) - (19 - 20)
        assert shift == pytest.approx(0, abs=0.015)


@pytest.mark.parametrize(("place", "found"), [(20.0, True), (33.4, True), (36.0, False)])
def test_a_bend_is_known_when_it_is_passed(place, found):
    """The integral of a bell twice: its bend is largest at the middle of the bell."""
    bell = np.exp(-((CYCLES - 1 - place) ** 2) / 18)
    bend = sharpest_bend(np.cumsum(np.cumsum(bell))[None], np.array([39.0]))[0]
    # Of a sum the bend lies one cycle early.
    assert bend == (pytest.approx(place - 1, abs=0.1) if found else pytest.approx(NAN, nan_ok=True))


def test_the_scatter_is_the_residual_deviation():
    """+1 and -1 in turn, four times."""
    curve = np.array([1.0, -1.0] * 4)
    _, slope, scatter = straight_line(curve[None], np.ones((1, 8)))
    # Sum of (t - 3.5)^2 = 42; sum of (t - 3.5) y = -4; slope = -4/42; sum of squares 8 - 16/42.
    assert slope[0] == pytest.approx(-4 / 42)
    assert scatter[0] == pytest.approx(((8 - 16 / 42) / 6) ** 0.5)


def test_the_peak_lies_between_the_cycles():
    rows = np.stack([-((np.arange(40) - 17.3) ** 2), np.arange(40.0), -np.arange(40.0)])
    place, height = peak(rows, 2, np.array([37.0, 30.0, 30.0]))
    assert place.tolist() == pytest.approx([17.3, 30, 2])
    assert height[1:].tolist() == [30, -2]


@pytest.mark.parametrize("growth", [1.2, 1.4, 1.6, 1.8, 2.0])
@pytest.mark.parametrize("end", [15, 25, 37])
def test_the_growth_of_an_exponential_on_a_line(growth, end):
    curve = 100 - 2 * CYCLES + growth ** (CYCLES - 20)
    found = growth_per_cycle(curve[None], np.array([float(end)]))
    assert found[0] == pytest.approx(growth, abs=0.021)


def test_noise_lowers_the_growth_that_is_shown():
    """The lower bound lies below the truth more often than above; one sd: about 84 in 100."""
    curves = np.stack([1.8 ** (CYCLES - 20) / 5 + noise(0.05, seed) for seed in range(200)])
    found = growth_per_cycle(curves, np.full(200, 22.0))
    assert 0.7 < (found < 1.8).mean() < 0.97
    assert np.median(found) == pytest.approx(1.8, abs=0.2)


def test_first_cycles_that_settle_hide_no_growth():
    """They bend the line: the fit of all cycles shows less than the fit of the last sixteen."""
    rise = 1.7 ** (CYCLES - 26)
    settling = rise + 3 * np.exp(-CYCLES / 3)
    ends = np.array([29.0])
    assert growth_per_cycle(rise[None], ends)[0] == pytest.approx(1.7, abs=0.021)
    assert growth_per_cycle(settling[None], ends)[0] == pytest.approx(1.7, abs=0.1)


def test_a_line_does_not_grow():
    assert growth_per_cycle((5 + 3 * CYCLES)[None], np.array([30.0]))[0] == GROWTHS[0]


@pytest.mark.parametrize(
    ("level", "ct"),
    [
        # 2^(t - 30) is at 1 at cycle 30, at 3 at 30 + log2(3): exact between the cycles, too.
        (1.0, 30.0),
        (3.0, 30 + log2(3)),
        (2.0**-7.5, 22.5),
        (2.0**10, 40.0),
        (2.0**10 + 1, NAN),
        (NAN, NAN),
    ],
)
def test_an_exponential_crosses_where_the_logarithm_says(level, ct):
    curve = 2.0 ** (CYCLES - 30)
    found = crossing(curve[None], np.array([level]), np.array([5.0]))
    assert found[0] == pytest.approx(ct, nan_ok=True)


@pytest.mark.parametrize(
    ("values", "start", "ct"),
    [
        # A single cycle above is noise; what stays counts. From 2 to 4, 3 lies at log 3/2 / log 2.
        ([0, 5, 0, 0, 2, 4, 8], 1, 5 + log(3 / 2) / log(2)),
        # The last cycle alone above: nothing contradicts it.
        ([0, 0, 0, 0, 0, 2, 4], 1, 6 + log(3 / 2) / log(2)),
        # Above from the first cycle on: no crossing.
        ([4, 5, 6, 7, 8, 9, 9], 1, NAN),
        # Before the start: noise, even when it stays for two cycles.
        ([0, 4, 4, 0, 2, 4, 8], 5, 5 + log(3 / 2) / log(2)),
        # From nothing to 12: nothing is taken as a quarter of it, 3; the level lies on it.
        ([0, 0, 0, 12, 12, 12, 12], 1, 3.0),
        # A shorter curve is padded.
        ([0, 0, 0, 2, 4, NAN, NAN], 1, 4 + log(3 / 2) / log(2)),
        ([NAN] * 7, 1, NAN),
    ],
)
def test_the_crossing_that_stays(values, start, ct):
    found = crossing(np.array([values], dtype=float), np.array([3.0]), np.array([float(start)]))
    assert found[0] == pytest.approx(ct, nan_ok=True)
