"""How precise a Ct is on dilution series, beside the methods it is compared with elsewhere.

The reference methods are those of a published comparison's kind (Ruijter 2013, PMID 22975077):
a threshold at a tenth of a plateau over a straight baseline, and the largest slope or bend without
a fit. They share no code with the Ct that they stand beside, but for the arithmetic of lines, local
parabolas and crossings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from breakpoint_pcr.curves.classes import judge_curves
from breakpoint_pcr.curves.cleaning import Array
from breakpoint_pcr.curves.ct import crossing
from breakpoint_pcr.curves.features import measure_curves
from breakpoint_pcr.curves.labelled import Labelled, chosen
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.curves.logistic import fit_logistic
from breakpoint_pcr.curves.smoothing import parabolas, peak, straight_line

SERIES_LEVELS_MIN = 3
# The reference methods: window of the parabolas, baseline from cycle 3 (index 2) to three cycles
# before the largest bend, at least five cycles long, and level as a part of the plateau.
WINDOW, FIRST, BEFORE, LINE_MIN, PART = 5, 2, 3, 5, 0.1
BASELINE_PASSES = 2
CROSSING_BEFORE = 8
# Ours, and the method that each is paired with.
PAIRS = {
    "own": "own plateau",
    "common": "common plateau",
    "take-off": "SDM, no fit",
}
ALONE = ("FDM, no fit", "SDM, 4-par. fit")


@dataclass(frozen=True, slots=True)
class _Reference:
    """What the reference methods find: curves above their line, smoothed; cycles count from 1."""

    corrected: Array
    plateau: Array
    sdm: Array
    fdm: Array


def compared_cts(data: Labelled, limits: CurveLimits) -> dict[str, Array]:
    """Return the Cts of all methods; NaN in all where one of them finds none.

    The common plateau is the median of the data set; ours is read at the same level.
    """
    features = measure_curves(data.values, limits)
    reference = _by_length(data.values)
    common = PART * pd.Series(reference.plateau).groupby(data.dataset).transform("median")
    own_level = np.where(reference.plateau > 0, PART * reference.plateau, np.nan)
    fitted, nothing = _fitted_sdm(data.values), [None] * len(data.values)
    levels = [level if level > 0 else None for level in common.tolist()]
    ours = {
        name: judge_curves(features, reference_amplitudes=nothing, levels=chosen_, limits=limits)
        for name, chosen_ in (("own", nothing), ("common", levels))
    }
    start = reference.sdm - CROSSING_BEFORE
    found = {
        "own": _numbers([judged.ct_own for judged in ours["own"]]),
        "own plateau": crossing(reference.corrected, own_level, start),
        "common": _numbers([judged.ct_own for judged in ours["common"]]),
        "common plateau": crossing(reference.corrected, common.to_numpy(dtype=float), start),
        "take-off": _numbers([judged.ct_takeoff for judged in ours["own"]]),
        "SDM, no fit": reference.sdm,
        "FDM, no fit": reference.fdm,
        "SDM, 4-par. fit": fitted,
    }
    everywhere = np.isfinite(np.array(list(found.values()))).all(axis=0)
    return {name: np.where(everywhere, cts, np.nan) for name, cts in found.items()}


def in_series(data: Labelled) -> Labelled:
    """Return the curves of the dilution series."""
    return chosen(data, [row for row, name in enumerate(data.series) if name])


def precision_table(data: Labelled, limits: CurveLimits) -> str:
    """Return replicate SD / |slope| of every method per data set, with medians and ratios."""
    part = in_series(data)
    if not part.values:
        return "dilution series: none"
    cts = compared_cts(part, limits)
    found = {name: series_sds(part, column) for name, column in cts.items()}
    names = list(found)
    sets = {name: by_data_set(sds) for name, sds in found.items()}
    rows = {key: [sets[name][key] for name in names] for key in sets[names[0]]}
    if rows:
        rows["median"] = [float(np.median(list(sets[name].values()))) for name in names]
    curves = int((np.isfinite(cts[names[0]]) & (part.nominal > 0)).sum())
    return "\n".join(
        [
            f"dilution series: {len(found[names[0]])} series, {curves} curves; "
            "replicate SD of Ct / |slope|, in log10 units, median of the series",
            "own, common, take-off: ours, the first two at a tenth of the own amplitude and of the "
            "data set's median plateau",
            f"{'data set':12} " + " ".join(f"{name:>15}" for name in names),
            *[f"{key:12} " + " ".join(f"{x:15.4f}" for x in row) for key, row in rows.items()],
            *[
                f"{ours} / {theirs}, geometric mean over the series: "
                f"{paired_ratio(found[ours], found[theirs]):.3f}"
                for ours, theirs in PAIRS.items()
            ],
        ]
    )


def series_sds(data: Labelled, cts: Sequence[float | None] | Array) -> dict[tuple[str, str], float]:
    """Return for each data set and series replicate SD / |slope|, both in cycles."""
    columns = {
        "dataset": data.dataset,
        "series": data.series,
        "dose": np.log10(np.where(data.nominal > 0, data.nominal, np.nan)),
        "ct": np.array(cts, dtype=float),
    }
    table = pd.DataFrame(columns).dropna()
    found: dict[tuple[str, str], float] = {}
    for (dataset, series), part in table[table["series"] != ""].groupby(["dataset", "series"]):
        levels = part.groupby("dose")["ct"]
        freedom = len(part) - levels.ngroups
        if levels.ngroups < SERIES_LEVELS_MIN or not freedom:
            continue
        within = float(((part["ct"] - levels.transform("mean")) ** 2).sum())
        slope = float(np.polyfit(part["dose"], part["ct"], 1)[0])
        found[str(dataset), str(series)] = (within / freedom) ** 0.5 / abs(slope)
    return found


def by_data_set(sds: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return the median over the series of each data set."""
    names = dict.fromkeys(dataset for dataset, _ in sds)
    return {
        name: float(np.median([sd for (dataset, _), sd in sds.items() if dataset == name]))
        for name in names
    }


def paired_ratio(
    ours: Mapping[tuple[str, str], float], theirs: Mapping[tuple[str, str], float]
) -> float:
    """Return the geometric mean over the series of ours / theirs; below 1 ours is more precise."""
    ratios = [ours[key] / theirs[key] for key in ours if ours[key] > 0 and theirs.get(key, 0) > 0]
    return float(np.exp(np.mean(np.log(ratios)))) if ratios else float("nan")


def _numbers(cts: Sequence[float | None]) -> Array:
    return np.array(cts, dtype=float)


def _filled(values: Sequence[Sequence[float]]) -> Array:
    """Return curves of one length with gaps bridged by straight lines."""
    table = pd.DataFrame(values).interpolate(axis=1, limit_direction="both")
    return table.to_numpy(dtype=float)


def _by_length(values: Sequence[Sequence[float]]) -> _Reference:
    """Apply the reference methods to curves of any length."""
    lengths = np.array([len(row) for row in values])
    count = len(values)
    found = _Reference(
        np.full((count, int(lengths.max())), np.nan), *(np.full(count, np.nan) for _ in range(3))
    )
    for length in np.unique(lengths):
        rows: list[int] = np.flatnonzero(lengths == length).tolist()
        part = _reference(_filled([values[row] for row in rows]))
        found.corrected[rows, :length] = part.corrected
        found.plateau[rows], found.sdm[rows], found.fdm[rows] = part.plateau, part.sdm, part.fdm
    return found


def _reference(curves: Array) -> _Reference:
    """Find line, largest slope and largest bend in two passes, each from the one before."""
    cycles = curves.shape[1]
    value, rise, bend = parabolas(curves, WINDOW)
    place = np.arange(cycles)
    sdm, _ = peak(bend, FIRST + 2, np.full(len(curves), cycles - 3.0))
    fdm, line = sdm, np.zeros_like(curves)
    for _ in range(BASELINE_PASSES):
        end = np.clip(np.floor(sdm - BEFORE), FIRST + LINE_MIN - 1, cycles - 6)[:, None]
        used = ((place >= FIRST) & (place <= end)).astype(float)
        intercept, slope, _ = straight_line(curves, used)
        line = intercept[:, None] + slope[:, None] * place
        fdm, _ = peak(rise - slope[:, None], FIRST + 2, np.full(len(curves), cycles - 2.0))
        sdm, _ = peak(bend, FIRST + 2, np.maximum(np.floor(fdm), FIRST + 3.0))
    corrected = value - line
    return _Reference(corrected, corrected.max(axis=1), sdm + 1, fdm + 1)


def _fitted_sdm(values: Sequence[Sequence[float]]) -> Array:
    """Return the largest bend of a fitted logistic, ln(2 + sqrt 3) / slope before its middle."""
    lengths = np.array([len(row) for row in values])
    found = np.full(len(values), np.nan)
    for length in np.unique(lengths):
        rows: list[int] = np.flatnonzero(lengths == length).tolist()
        fit = fit_logistic(_filled([values[row] for row in rows]))
        with np.errstate(divide="ignore"):
            found[rows] = fit.middle - np.log(2 + np.sqrt(3)) / fit.slope
    return found
