"""Amplification curves: what is measured on them, how they look, and their own Ct (numpy only)."""

from breakpoint_pcr.curves.classes import DISTURBED, JudgedCurve, judge_curves
from breakpoint_pcr.curves.features import CurveFeatures, measure_curves, reference_amplitude
from breakpoint_pcr.curves.limits import CurveLimits

__all__ = [
    "DISTURBED",
    "CurveFeatures",
    "CurveLimits",
    "JudgedCurve",
    "judge_curves",
    "measure_curves",
    "reference_amplitude",
]
