"""Curves whose truth is known because they are built from it; shared by the tests of the curves."""

from pathlib import Path

import numpy as np
import yaml

from breakpoint_pcr.curves import CurveLimits, judge_curves, measure_curves

CONFIG = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["curves"]
LIMITS = CurveLimits.from_config(CONFIG)
CYCLES = np.arange(1.0, 41.0)
STANDARD, REVIEW, NONE = "standard", "review", "none"


def limits(**changed):
    return CurveLimits.from_config({**CONFIG, **changed})


def logistic(middle, growth=2.0, height=1.0, cycles=CYCLES):
    """A curve that grows by `growth` per cycle at first, and is half as high at `middle`."""
    return height / (1 + growth ** (middle - cycles))


def noise(sd, seed=0, cycles=CYCLES):
    return np.random.default_rng(seed).normal(0.0, sd, len(cycles))


def judge(*curves, reference=1.0, level=None, rules=LIMITS):
    features = measure_curves([list(curve) for curve in curves], rules)
    return judge_curves(
        features,
        reference_amplitudes=[reference] * len(curves),
        levels=[level] * len(curves),
        limits=rules,
    )


def judge_one(curve, **more):
    return judge(curve, **more)[0]
