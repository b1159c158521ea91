"""Curves with what people said of them: read, chosen, and judged beside their data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from breakpoint_pcr.curves.classes import JudgedCurve, judge_curves
from breakpoint_pcr.curves.cleaning import Array
from breakpoint_pcr.curves.features import CurveFeatures, measure_curves
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.errors import TableError

# Rated on the quality of the amplification, not on its presence; its eight raters disagree.
STRESS = "htPCR"
POSITIVE, NEGATIVE = "y", "n"
POINT_COLUMNS = ("curve_id", "fluorescence")
LABEL_COLUMNS = ("curve_id", "dataset", "group", "label", "series", "nominal")
# Reference amplitude of a data set without marked positive controls.
REFERENCE_QUANTILE = 0.75
REFERENCE_CURVES_MIN = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """Curves with what people said of them; `series` and `nominal` are of dilution series."""

    values: list[list[float]]
    dataset: list[str]
    group: list[str]
    label: Array
    series: list[str]
    nominal: Array


def read_labelled(curves: Path, labels: Path) -> Labelled:
    """Read curves and labels, in the order of the labels.

    Raises:
        TableError: A file, a column or a curve is missing.
    """
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


def data_set_references(data: Labelled, features: CurveFeatures) -> list[float | None]:
    """Return for each curve the upper quartile of the clear amplitudes of its data set."""
    names = np.array(data.dataset, dtype=object)
    references: list[float | None] = [None] * len(names)
    for name in dict.fromkeys(data.dataset):
        rows = np.flatnonzero(names == name)
        clear = features.amplitude[rows[features.clear[rows] == 1]]
        if len(clear) >= REFERENCE_CURVES_MIN:
            for row in rows:
                references[row] = float(np.quantile(clear, REFERENCE_QUANTILE))
    return references


def judged_curves(data: Labelled, limits: CurveLimits) -> tuple[CurveFeatures, list[JudgedCurve]]:
    """Measure and judge curves beside the reference amplitude of their data set."""
    features = measure_curves(data.values, limits)
    return features, judge_curves(
        features,
        reference_amplitudes=data_set_references(data, features),
        levels=[None] * len(data.values),
        limits=limits,
    )
