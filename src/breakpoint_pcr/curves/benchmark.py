"""How the curve classes agree with people, beside simple rules: `breakpoint-pcr benchmark-curves`.

Nothing is fitted to the curves that are scored, so leaving a group out changes no limit: each
group is scored by the same limits. Which of those were chosen while looking at these curves is
for the validation report to say. Needs pandas and, for parquet, pyarrow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

from breakpoint_pcr.curves.classes import JudgedCurve, judge_curves
from breakpoint_pcr.curves.cleaning import Array, Flags
from breakpoint_pcr.curves.features import CurveFeatures, measure_curves
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.curves.logistic import fit_logistic
from breakpoint_pcr.errors import TableError
from breakpoint_pcr.tables import CurveClass

# Rated on the quality of the amplification, not on its presence; its eight raters disagree.
STRESS = "htPCR"
POSITIVE, NEGATIVE = "y", "n"
POINT_COLUMNS = ("curve_id", "fluorescence")
LABEL_COLUMNS = ("curve_id", "dataset", "group", "label", "series", "nominal")
RESAMPLINGS = 2000
SEED = 1
# Reference amplitude of a data set without marked positive controls.
REFERENCE_QUANTILE = 0.75
REFERENCE_CURVES_MIN = 3
SERIES_LEVELS_MIN = 3
WORST_SHOWN = 5
LABELLED_MIN = 10
# The simple rules: cycles of the flat baseline, and what a fit must look like.
FLAT_BASELINE = (2, 15)
R_SQUARED_MIN, FIT_SLOPES = 0.99, (0.2, 1.5)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Curves with what people said of them."""

    values: list[list[float]]
    dataset: list[str]
    group: list[str]
    label: Array
    series: list[str]
    nominal: Array


@dataclass(frozen=True, slots=True)
class Score:
    """How often a rule says positive to positives, and not positive to negatives."""

    sensitivity: float
    specificity: float
    low: float
    high: float

    @property
    def balanced(self) -> float:
        """Balanced accuracy."""
        return (self.sensitivity + self.specificity) / 2


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
    core = [row for row, name in enumerate(data.dataset) if name != STRESS]
    stress = [row for row, name in enumerate(data.dataset) if name == STRESS]
    parts = [_agreement(chosen(data, core), "core", limits)]
    if stress:
        parts.append(_agreement(chosen(data, stress), f"{STRESS}, for stress only", limits))
    parts.append(_precision(chosen(data, core), limits))
    return "\n\n".join(parts)


def read_labelled(curves: Path, labels: Path) -> Labelled:
    """Read curves and labels, in the order of the labels."""
    try:
        table = pd.read_csv(labels, sep="\t", keep_default_na=False, dtype=str)
        points = pd.read_parquet(curves)
    except (OSError, ValueError, ImportError) as problem:
        raise TableError(f"{curves}, {labels}: {problem}") from None
    if missing := [name for name in LABEL_COLUMNS if name not in table]:
        raise TableError(f"{labels}: column {missing[0]!r} missing")
    if missing := [name for name in POINT_COLUMNS if name not in points]:
        raise TableError(f"{curves}: column {missing[0]!r} missing")
    found = {
        str(name): part.tolist()
        for name, part in points.groupby("curve_id", observed=True)["fluorescence"]
    }
    if absent := [name for name in table["curve_id"] if name not in found]:
        raise TableError(f"{labels}: curve {absent[0]!r} is not in {curves}")
    return Labelled(
        [found[name] for name in table["curve_id"]],
        table["dataset"].tolist(),
        table["group"].tolist(),
        table["label"].to_numpy(dtype=object),
        table["series"].tolist(),
        pd.to_numeric(table["nominal"], errors="coerce").to_numpy(dtype=float),
    )


def chosen(data: Labelled, rows: Sequence[int]) -> Labelled:
    """Return some of the curves."""
    return Labelled(
        [data.values[row] for row in rows],
        [data.dataset[row] for row in rows],
        [data.group[row] for row in rows],
        data.label[list(rows)],
        [data.series[row] for row in rows],
        data.nominal[list(rows)],
    )


def judged_curves(data: Labelled, limits: CurveLimits) -> tuple[CurveFeatures, list[JudgedCurve]]:
    """Judge curves beside the upper quartile of the clear amplitudes of their data set."""
    features = measure_curves(data.values, limits)
    names = np.array(data.dataset, dtype=object)
    references: list[float | None] = [None] * len(names)
    for name in dict.fromkeys(data.dataset):
        rows = np.flatnonzero(names == name)
        clear = features.amplitude[rows[features.clear[rows] == 1]]
        if len(clear) >= REFERENCE_CURVES_MIN:
            for row in rows:
                references[row] = float(np.quantile(clear, REFERENCE_QUANTILE))
    levels = [None] * len(names)
    return features, judge_curves(
        features, reference_amplitudes=references, levels=levels, limits=limits
    )


def score(data: Labelled, positive: Flags) -> Score:
    """Score a rule; the interval resamples whole groups."""
    counts = _counts(data, positive)
    random = np.random.default_rng(SEED)
    draws = random.integers(0, len(counts), (RESAMPLINGS, len(counts)))
    sums = counts[draws].sum(axis=1)
    sums = sums[(sums[:, 1] > 0) & (sums[:, 3] > 0)]
    balanced = (sums[:, 0] / sums[:, 1] + sums[:, 2] / sums[:, 3]) / 2
    low, high = np.quantile(balanced, [0.025, 0.975]) if len(sums) else (np.nan, np.nan)
    right_y, all_y, right_n, all_n = counts.sum(axis=0)
    return Score(right_y / max(all_y, 1), right_n / max(all_n, 1), float(low), float(high))


def _counts(data: Labelled, positive: Flags) -> Array:
    """Return per group: right and all positives, right and all negatives."""
    names = np.array(data.group, dtype=object)
    yes, no = data.label == POSITIVE, data.label == NEGATIVE
    columns = (yes & positive, yes, no & ~positive, no)
    groups = [names == name for name in dict.fromkeys(data.group)]
    return np.array([[float((part & group).sum()) for part in columns] for group in groups])


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
            *_worst(data, standard),
        ]
    )


def _rule_line(name: str, found: Score, milliseconds: float) -> str:
    return (
        f"{name:32} {found.sensitivity:6.3f} {found.specificity:6.3f} {found.balanced:6.3f} "
        f"{found.low:8.3f}-{found.high:.3f} {milliseconds:8.1f}"
    )


def _worst(data: Labelled, standard: Flags) -> list[str]:
    """Return the groups with the smallest share of agreement."""
    counts = _counts(data, standard)
    shares = [
        ((right_y + right_n) / (all_y + all_n), name, all_y + all_n)
        for name, (right_y, all_y, right_n, all_n) in zip(
            dict.fromkeys(data.group), counts.tolist(), strict=True
        )
        if all_y + all_n >= LABELLED_MIN
    ]
    return [
        f"  {name:30} {share:.3f} of {n:.0f}" for share, name, n in sorted(shares)[:WORST_SHOWN]
    ]


def _precision(data: Labelled, limits: CurveLimits) -> str:
    """Return how precise the Cts are on the dilution series."""
    features, judged = judged_curves(data, limits)
    nothing = [None] * len(judged)
    alone = judge_curves(features, reference_amplitudes=nothing, levels=nothing, limits=limits)
    columns = {
        "at reference": series_precision(data, [found.ct_own for found in judged]),
        "at own": series_precision(data, [found.ct_own for found in alone]),
        "take-off": series_precision(data, [found.ct_takeoff for found in judged]),
    }
    names = list(columns["at reference"])
    rows = {name: [column.get(name, np.nan) for column in columns.values()] for name in names}
    if names:
        rows["median"] = [float(np.median(list(column.values()))) for column in columns.values()]
    share = f"{limits.own_ct_fraction:.0%}"
    return "\n".join(
        [
            "dilution series: replicate SD of Ct / |slope|, in log10 units; median of the series",
            f"Ct at {share} of the reference or of the own amplitude, and at the take-off",
            f"{'data set':20} " + " ".join(f"{name:>12}" for name in columns),
            *[f"{name:20} " + " ".join(f"{x:12.4f}" for x in row) for name, row in rows.items()],
        ]
    )


def series_precision(data: Labelled, cts: Sequence[float | None]) -> dict[str, float]:
    """Return for each data set the median over its series of replicate SD / |slope|."""
    columns = {
        "dataset": data.dataset,
        "series": data.series,
        "dose": np.log10(np.where(data.nominal > 0, data.nominal, np.nan)),
        "ct": np.array(cts, dtype=float),
    }
    table = pd.DataFrame(columns).dropna()
    found: dict[str, list[float]] = {}
    for (dataset, series), part in table[table["series"] != ""].groupby(["dataset", "series"]):
        del series
        levels = part.groupby("dose")["ct"]
        freedom = len(part) - levels.ngroups
        if levels.ngroups < SERIES_LEVELS_MIN or not freedom:
            continue
        within = float(((part["ct"] - levels.transform("mean")) ** 2).sum())
        slope = float(np.polyfit(part["dose"], part["ct"], 1)[0])
        found.setdefault(str(dataset), []).append((within / freedom) ** 0.5 / abs(slope))
    return {name: float(np.median(values)) for name, values in found.items()}
