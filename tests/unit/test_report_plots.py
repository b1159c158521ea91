"""Figures of curves: axes, marks and lines, against positions worked out by hand."""

import re

import pytest

from breakpoint_pcr.report.plots import Line, Scale, drawing, figure, shown
from breakpoint_pcr.report.styles import Style
from breakpoint_pcr.report.wording import load_words
from breakpoint_pcr.tables import CurveKind

WORDS = load_words("en")
SCALE = Scale(30.0, {})


def line(values, ct=None, threshold=None, unit="dRn"):
    return Line("a", "A1", Style("#0072b2", ()), unit, tuple(values), ct, threshold, True, "said")


def drawn(*lines, scale=SCALE):
    return figure(lines, scale, WORDS, lambda name: f"alt {name}")


def test_nothing_to_draw():
    assert drawn() is None
    assert drawn(line([None, None])) is None


def test_baseline_is_taken_off_where_the_export_left_it():
    feature = {"baseline_intercept": "2", "baseline_slope": "0.5"}
    # intercept at the first cycle: 2 + 0.5 * (cycle - 1)
    assert shown([2.0, 2.5, 4.0], CurveKind.RN, feature) == ("Rn", (0.0, 0.0, 1.0))
    assert shown([2.0, 2.5], CurveKind.DELTA_RN, feature) == ("dRn", (2.0, 2.5))
    assert shown([2.0, None], CurveKind.RAW, {}) == ("raw_uncorrected", (2.0, None))


def test_cut_off_and_ticks_lie_to_scale():
    found = drawn(line([0.0] * 39 + [1.0]))
    # cycle 30 of 1..40: 29 / 39
    assert found["cut_off"]["at"] == pytest.approx(29 / 39, abs=1e-4)
    assert [t["label"] for t in found["cycle_ticks"]] == ["1", "10", "20", "40", "30"]


def test_no_cut_off_line_when_the_run_ends_before():
    assert drawn(line([0.0] * 24 + [1.0]))["cut_off"] is None


def test_the_ct_ring_lies_on_the_curve():
    """Linear values 0..39: at Ct 20.5 the curve is 19.5, the axis reaches 1.08 times 39."""
    found = drawn(line(range(40), ct=20.5))
    mark = found["linear"]["marks"][0]
    axis = found["linear"]
    assert mark["x"] == pytest.approx(19.5 / 39, abs=1e-4)
    assert mark["y"] == pytest.approx((19.5 - axis["low"]) / (axis["high"] - axis["low"]), abs=1e-4)


def test_logarithmic_ticks_are_decades():
    found = drawn(line([0.001, 0.01, 0.1, 1.0], threshold=0.2))
    # from a decade below the threshold's decade, 0.1
    assert [t["label"] for t in found["logarithmic"]["ticks"]] == ["0.01", "0.1", "1"]


def test_noise_is_not_drawn_large():
    flat = line([0.01, -0.01] * 20)
    assert drawn(flat)["linear"]["high"] < 0.02
    assert drawn(flat, scale=Scale(30.0, {"dRn": 3.0}))["linear"]["high"] > 3


def test_a_logarithmic_line_breaks_at_zero_and_below():
    found = drawn(line([0.5, -0.1, 0.0, None, 0.5, 1.0]))
    path = re.search(r' d="([^"]+)"', drawing(found, "logarithmic")).group(1)
    # points of cycles 1, 5 and 6: two pieces
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_lines_span_the_plot():
    found = drawn(line([0.0, 1.0]))
    path = re.search(r' d="M([^"]+)"', drawing(found, "linear")).group(1)
    (x1, y1), (x2, y2) = (map(float, p.split()) for p in path.split("L"))
    assert (x1, x2) == (0.0, 800.0)
    assert y2 < y1


def test_curves_below_zero_and_empty_curves_can_be_drawn():
    for values in ([-1.0] * 20, [0.0] * 20, [None, -3.0]):
        found = drawn(line(values))
        assert drawing(found, "linear").startswith("<svg")
        assert found["logarithmic"]["empty"]


def test_thresholds_that_differ_are_drawn_in_their_colour():
    other = Line("b", "A2", Style("#d55e00", ()), "dRn", (0.0, 2.0), None, 0.5, False, "")
    same = drawn(line([0.0, 2.0], threshold=0.2), line([0.0, 2.0], threshold=0.2))
    assert [t["colour"] for t in same["linear"]["thresholds"]] == [""]
    differ = drawn(line([0.0, 2.0], threshold=0.2), other)
    labels = [t["label"] for t in differ["linear"]["thresholds"]]
    assert labels == ["threshold 0.2 (a)", "threshold 0.5 (b)"]
    near = Line("b", "A2", Style("#d55e00", ()), "dRn", (0.0, 2.0), None, 0.2345678, False, "")
    labels = [
        t["label"] for t in drawn(line([0.0, 2.0], threshold=0.2), near)["linear"]["thresholds"]
    ]
    assert labels == ["", "threshold 0.2 (a); threshold 0.235 (b)"]
    assert [t["colour"] for t in differ["linear"]["thresholds"]] == ["#0072b2", "#d55e00"]
