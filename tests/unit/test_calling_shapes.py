"""The reference amplitude of an assay: its positive controls, else its clear curves."""

from pathlib import Path

import numpy as np
import pytest
from calling_bench import reaction

from breakpoint_pcr.calling.shapes import Traced, judge_traced
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.curves import CurveLimits
from breakpoint_pcr.tables import Curve, CurveClass, Role

LIMITS = CurveLimits.from_config(read_yaml(Path("config/config.yaml"))["curves"])
CYCLES = np.arange(1, 41)


def logistic(top, midpoint=25.0):
    """A curve whose amplitude and midpoint are known; growth is e ** (1 / 1.5) = 1.95."""
    return top / (1 + np.exp(-(CYCLES - midpoint) / 1.5))


def wiggle(size):
    """Half a sine over the run: what the baseline of an empty well may do."""
    noise = np.random.default_rng(3).normal(0, 0.1 * size, len(CYCLES))
    return size * np.sin(np.pi * CYCLES / len(CYCLES)) + noise


def judged(*entries):
    """Judge (well, assay, values, is a positive control)."""
    traced = [
        Traced(reaction(assay, well=well), Curve("r", well, assay, tuple(values)), reference)
        for well, assay, values, reference in entries
    ]
    return judge_traced(traced, LIMITS)


def reference_of(curve):
    return float(curve.values["reference"])


def test_positive_control_gives_the_reference():
    curves = judged(("A1", "one", logistic(2.0), True), ("A2", "one", logistic(6.0), False))
    assert [reference_of(curve) for curve in curves] == pytest.approx([2.0, 2.0], rel=0.03)


def test_clear_curves_stand_in_where_no_control_amplifies():
    curves = judged(
        ("A1", "one", wiggle(0.03), True),
        ("A2", "one", logistic(2.0), False),
        ("A3", "one", logistic(4.0), False),
        ("A4", "two", logistic(9.0), False),
    )
    assert [reference_of(c) for c in curves] == pytest.approx([3.0, 3.0, 3.0, 9.0], rel=0.03)


def test_noise_of_an_empty_well_is_none_beside_a_product():
    """0.03 is 1.5 % of the product's 2.0, below the 5 % of curves.amplitude_none."""
    empty, product = judged(("A1", "one", wiggle(0.03), False), ("A2", "one", logistic(2.0), False))
    assert empty.curve is CurveClass.NONE
    assert product.curve is CurveClass.STANDARD


def stepped(top):
    """A rise within one cycle: no PCR does that."""
    return np.where(CYCLES > 24, top, 0.0) + 0.001 * np.sin(7.0 * CYCLES)


@pytest.mark.parametrize(
    "failed",
    [
        logistic(0.2),  # a tenth of the other control: weak
        stepped(0.5),
        0.5 * CYCLES / 40 + 0.001 * np.sin(7.0 * CYCLES),  # drift, no product
    ],
)
def test_a_control_that_failed_is_no_reference(failed):
    """Else it would lower what the samples are held to: 0.25 is an eighth of the 2.0 of the other.

    0.25 / 2.0 is below curves.amplitude_min (0.15); 0.25 / 1.25, beside the failed one, is not.
    """
    entries = [("A1", "one", logistic(2.0), True), ("A3", "one", logistic(0.25), False)]
    alone = judged(*entries)
    both = judged(entries[0], ("A2", "one", failed, True), entries[1])
    assert reference_of(both[-1]) == pytest.approx(reference_of(alone[-1]))
    assert both[-1].curve is alone[-1].curve is CurveClass.REVIEW


def test_sound_controls_of_different_height_share_the_reference():
    curves = judged(("A1", "one", logistic(2.0), True), ("A2", "one", logistic(1.0), True))
    assert reference_of(curves[0]) == pytest.approx(1.5, rel=0.03)


def test_a_lit_water_control_does_not_stand_in():
    """Without a positive control the samples' clear curves are the reference, not the water's."""
    traced = [
        Traced(reaction("one", well=well, role=role), Curve("r", well, "one", tuple(values)), False)
        for well, role, values in [
            ("A1", Role.NTC, logistic(0.2)),
            ("A2", Role.UNKNOWN, logistic(2.0)),
        ]
    ]
    curves = judge_traced(traced, LIMITS)
    assert [reference_of(curve) for curve in curves] == pytest.approx([2.0, 2.0], rel=0.03)
