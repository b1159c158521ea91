"""How the curve classes agree with people, beside simple rules: `breakpoint-pcr benchmark-curves`.

Nothing is fitted to the curves that are scored. The limits were chosen with these curves in view;
`agreement.left_out` tells what depends on which group. Needs pandas and, for parquet, pyarrow.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

from breakpoint_pcr.curves.agreement import Score, left_out, score, worst_groups
from breakpoint_pcr.curves.classes import JudgedCurve
from breakpoint_pcr.curves.cleaning import Array, Flags
from breakpoint_pcr.curves.disturbances import (
    DAMAGES,
    HEIGHTS,
    SIZES,
    Outcome,
    outcome_of,
    quiet_curves,
)
from breakpoint_pcr.curves.features import CurveFeatures
from breakpoint_pcr.curves.labelled import (
    NEGATIVE,
    POSITIVE,
    STRESS,
    Labelled,
    chosen,
    judged_curves,
    read_labelled,
)
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.curves.logistic import fit_logistic
from breakpoint_pcr.curves.precision import precision_table
from breakpoint_pcr.tables import CurveClass

WORST_SHOWN = 5
# The simple rules: cycles of the flat baseline, and what a fit must look like.
FLAT_BASELINE = (2, 15)
R_SQUARED_MIN, FIT_SLOPES = 0.99, (0.2, 1.5)
# The shape of a large plate, on which the time is measured.
PLATE_CURVES, PLATE_CYCLES, PLATE_ROUNDS = 384, 45, 5


def benchmark_table(curves: Path, labels: Path, limits: CurveLimits) -> str:
    """Return the comparison as text.

    Args:
        curves: Parquet with curve_id, cycle, fluorescence.
        labels: Tab-separated (or .gz): curve_id, dataset, group, label (y, n, others are left
            out), series and nominal (dilution series; may be empty).
        limits: The limits of the classes.

    Raises:
        TableError: A file or a column is missing.
    """
    data = read_labelled(curves, labels)
    core = chosen(data, [row for row, name in enumerate(data.dataset) if name != STRESS])
    stress = chosen(data, [row for row, name in enumerate(data.dataset) if name == STRESS])
    features, judged = judged_curves(core, limits)
    parts = [_agreement(core, "core", limits), _dependence(core, features, limits)]
    parts.append(_reviews(core, judged))
    if stress.values:
        parts.append(_agreement(stress, f"{STRESS}, for stress only", limits))
    parts.append(_disturbed(core, features, limits))
    parts.append(precision_table(core, limits))
    parts.append(_speed(core, limits))
    return "\n\n".join(parts)


def simple_rules() -> Mapping[str, Callable[[Array], Flags]]:
    """Return the rules that the classes are compared with; each takes curves of one length."""
    return {
        "above 10 sd": lambda curves: threshold_rule(curves, 10, 1),
        "above 10 sd, 3 cycles in a row": lambda curves: threshold_rule(curves, 10, 3),
        "above 20 sd": lambda curves: threshold_rule(curves, 20, 1),
        "above 30 sd": lambda curves: threshold_rule(curves, 30, 1),
        "logistic fit, R2 and midpoint": lambda curves: logistic_rule(curves, (0.0, np.inf)),
        "logistic fit, and slope": lambda curves: logistic_rule(curves, FIT_SLOPES),
    }


def threshold_rule(curves: Array, height: float, cycles: int) -> Flags:
    """Say positive where cycles in a row lie above the flat baseline by so many sd."""
    baseline = curves[:, slice(*FLAT_BASELINE)]
    limit = np.median(baseline, axis=1) + height * baseline.std(axis=1)
    above = curves > limit[:, None]
    runs = np.lib.stride_tricks.sliding_window_view(above, cycles, axis=1).sum(axis=2)
    return runs.max(axis=1) == cycles


def logistic_rule(curves: Array, slopes: tuple[float, float]) -> Flags:
    """Say positive where a four-parameter logistic fits, with its midpoint inside the run."""
    fit = fit_logistic(curves)
    inside = (fit.middle > FLAT_BASELINE[0]) & (fit.middle < curves.shape[1])
    sloped = (fit.slope > slopes[0]) & (fit.slope < slopes[1])
    return (fit.r_squared >= R_SQUARED_MIN) & inside & sloped


def _by_length(values: Sequence[Sequence[float]], rule: Callable[[Array], Flags]) -> Flags:
    """Apply a rule to curves of any length, gaps filled by straight lines."""
    lengths = np.array([len(row) for row in values])
    said = np.zeros(len(values), dtype=bool)
    for length in np.unique(lengths):
        rows: list[int] = np.flatnonzero(lengths == length).tolist()
        curves = pd.DataFrame([values[row] for row in rows]).interpolate(
            axis=1, limit_direction="both"
        )
        said[rows] = rule(curves.to_numpy(dtype=float))
    return said


def _agreement(data: Labelled, title: str, limits: CurveLimits) -> str:
    """Return the table of all rules, and where the classes agree least."""
    start = process_time()
    _, judged = judged_curves(data, limits)
    spent = process_time() - start
    classes = np.array([found.curve for found in judged], dtype=object)
    standard, not_none = classes == CurveClass.STANDARD, classes != CurveClass.NONE
    rows = [("classes: standard", standard, spent), ("classes: not none", not_none, spent)]
    for name, rule in simple_rules().items():
        start = process_time()
        said = _by_length(data.values, rule)
        rows.append((name, said, process_time() - start))
    yes, no = data.label == POSITIVE, data.label == NEGATIVE
    review = (classes == CurveClass.REVIEW).mean()
    return "\n".join(
        [
            f"{title}: {len(classes)} curves, {yes.sum()} positive, {no.sum()} negative",
            f"review {review:.1%}; positives in class none: {(yes & ~not_none).sum()}",
            f"{'rule':32} {'sens':>6} {'spec':>6} {'BA':>6} {'95% interval':>14} {'ms/1000':>8}",
            *[
                _rule_line(name, score(data, said), 1e6 * seconds / len(classes))
                for name, said, seconds in rows
            ],
            "groups that agree least (share of labelled):",
            *[
                f"  {name:30} {share:.3f} of {count}"
                for share, name, count in worst_groups(data, standard)[:WORST_SHOWN]
            ],
        ]
    )


def _rule_line(name: str, found: Score, milliseconds: float) -> str:
    return (
        f"{name:32} {found.sensitivity:6.3f} {found.specificity:6.3f} {found.balanced:6.3f} "
        f"{found.low:8.3f}-{found.high:.3f} {milliseconds:8.1f}"
    )


def _dependence(data: Labelled, features: CurveFeatures, limits: CurveLimits) -> str:
    """Return how the figure depends on single groups."""
    found = left_out(data, features, limits)
    return "\n".join(
        [
            "leave-group-out, balanced accuracy: limits picked on the other groups from the "
            "configured ones and 20 % less or more",
            f"configured unless the others gain a standard error {found.steady.balanced:.3f}; "
            f"always the best for the others {found.best.balanced:.3f}",
            f"groups that the best for the others judge in another way: "
            f"{', '.join(found.dependent) or 'none'}",
            f"configured limits without one group: at least {found.lowest:.3f} "
            f"(without {found.without})",
        ]
    )


def _reviews(data: Labelled, judged: Sequence[JudgedCurve]) -> str:
    """Return which reasons send which curves to review."""
    table = pd.DataFrame(
        [
            (str(reason), str(label))
            for label, found in zip(data.label, judged, strict=True)
            for reason in found.reasons
            if found.curve is CurveClass.REVIEW
        ],
        columns=["reason", "label"],
    )
    counts = table.groupby(["reason", "label"]).size().unstack(fill_value=0)
    lines = [
        f"  {name:18} " + ", ".join(f"{count} {label}" for label, count in row.items() if count)
        for name, row in counts.iterrows()
    ]
    return "\n".join(["reasons for review (a curve may have several):", *lines])


def _disturbed(data: Labelled, features: CurveFeatures, limits: CurveLimits) -> str:
    """Return how disturbed quiet curves are judged."""
    quiet = quiet_curves(data, features)
    count = sum(len(part.curves) for part in quiet)
    if not count:
        return "disturbances: no quiet curves"
    lines = [
        (f"{name} {size:g}", outcome_of(name, size, quiet=quiet, limits=limits))
        for name in (*HEIGHTS, *DAMAGES)
        for size in SIZES
    ]
    return "\n".join(
        [
            f"disturbances on {count} real quiet curves, sizes in parts of the reference amplitude",
            f"{'':24} {'standard':>8} {'review':>8} {'none':>8} {'spike noted':>12}",
            *[_disturbed_line(name, found) for name, found in lines],
        ]
    )


def _disturbed_line(name: str, found: Outcome) -> str:
    return (
        f"{name:24} {found.standard:8.1%} {found.review:8.1%} {found.none:8.1%} "
        f"{found.spike_noted:12.1%}"
    )


def _speed(data: Labelled, limits: CurveLimits) -> str:
    """Return the time that a large plate of these curves takes, measured and judged."""
    cycle = np.arange(PLATE_CYCLES)
    plate = chosen(data, [row % len(data.values) for row in range(PLATE_CURVES)])
    plate.values[:] = [np.interp(cycle, range(len(row)), row).tolist() for row in plate.values]
    spent: list[float] = []
    for _ in range(PLATE_ROUNDS):
        start = process_time()
        judged_curves(plate, limits)
        spent.append(process_time() - start)
    return f"{PLATE_CURVES} curves of {PLATE_CYCLES} cycles: {1000 * min(spent):.0f} ms"
