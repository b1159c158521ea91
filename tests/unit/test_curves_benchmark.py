"""The comparison with human labels: scores, simple rules and precision by hand."""

import gzip
from math import log2, sqrt

import numpy as np
import pandas as pd
import pytest
from curve_shapes import CYCLES, LIMITS, logistic, noise

from breakpoint_pcr.curves import measure_curves
from breakpoint_pcr.curves.agreement import left_out, score, worst_groups
from breakpoint_pcr.curves.benchmark import benchmark_table, logistic_rule, threshold_rule
from breakpoint_pcr.curves.disturbances import Quiet, outcome_of, quiet_curves
from breakpoint_pcr.curves.labelled import Labelled
from breakpoint_pcr.curves.logistic import fit_logistic
from breakpoint_pcr.curves.precision import (
    by_data_set,
    compared_cts,
    paired_ratio,
    precision_table,
    series_sds,
)
from breakpoint_pcr.errors import TableError


def labelled(labels, groups, *, series=None, nominal=None, curves=None):
    count = len(labels)
    return Labelled(
        curves or [[0.0]] * count,
        ["set"] * count,
        list(groups),
        np.array(list(labels), dtype=object),
        series or [""] * count,
        np.array(nominal or [np.nan] * count),
    )


def test_a_score_leaves_the_ambiguous_out():
    """Positive to 3 of 4 y and 1 of 2 n; a and tie count nowhere."""
    data = labelled(["y", "y", "y", "y", "n", "n", "a", "tie"], "ppqqpqpq")
    found = score(data, np.array([1, 1, 1, 0, 1, 0, 1, 0], dtype=bool))
    assert (found.sensitivity, found.specificity, found.balanced) == (0.75, 0.5, 0.625)
    # Group p alone: 2 of 2 and 0 of 1; q alone: 1 of 2 and 1 of 1; both: between.
    assert (found.low, found.high) == (0.5, 0.75)


@pytest.mark.parametrize(
    ("cycles", "expected"), [(1, [True, True, False]), (3, [True, False, False])]
)
def test_the_threshold_counts_cycles_in_a_row(cycles, expected):
    """Cycles 3 to 15 are 0 and 1 in turn: median 0, sd below 1/2; ten sd are below 5."""
    base = np.where(CYCLES % 2 == 0, 1.0, 0.0)
    rows = [base + 9 * (CYCLES > 30), base + 9 * (CYCLES == 30), base + 3 * (CYCLES > 30)]
    assert threshold_rule(np.array(rows), 10, cycles).tolist() == expected


def test_the_fit_finds_its_own_logistic():
    slopes, middles = [0.4, 0.69, 1.2], [18.0, 25.25, 31.5]
    curves = [
        7 + 300 / (1 + np.exp(-slope * (CYCLES - middle)))
        for slope, middle in zip(slopes, middles, strict=True)
    ]
    found = fit_logistic(np.array([*curves, np.ones(40)]))
    assert found.slope[:3] == pytest.approx(slopes, rel=1e-4)
    assert found.middle[:3] == pytest.approx(middles, abs=1e-3)
    assert found.r_squared[:3] == pytest.approx(1, abs=1e-8)
    assert logistic_rule(np.array(curves), (0.2, 1.0)).tolist() == [True, True, False]


def test_precision_is_the_replicate_deviation_over_the_slope():
    """Two replicates 0.2 apart at each of three doses: SD 0.1 sqrt 2; slope -log2(10) per log10."""
    doses = [1.0, 1.0, 10.0, 10.0, 100.0, 100.0]
    cts = [30 - log2(dose) + 0.1 * (-1) ** row for row, dose in enumerate(doses)]
    data = labelled("yyyyyyy", "ggggggg", series=["s"] * 6 + [""], nominal=[*doses, 1.0])
    found = series_sds(data, [*cts, 3.0])
    assert found == {("set", "s"): pytest.approx(0.1 * sqrt(2) / log2(10))}
    assert series_sds(data, [*cts[:4], None, None, None]) == {}


def test_precisions_are_compared_series_by_series():
    """Half, twice and twice as wide: the geometric mean of 1/2, 2 and 2 is the cube root of 2."""
    ours = {("a", "1"): 0.05, ("a", "2"): 0.2, ("b", "1"): 0.2}
    theirs = {("a", "1"): 0.1, ("a", "2"): 0.1, ("b", "1"): 0.1}
    assert paired_ratio(ours, theirs) == pytest.approx(2 ** (1 / 3))
    assert by_data_set(ours) == {"a": pytest.approx(0.125), "b": 0.2}


def dilution_series():
    """Logistic curves of growth 2, a cycle later for each halving."""
    middles = [20.0, 21.0, 22.0, 23.0, 24.0, 25.0]
    curves = [(500 + logistic(middle, height=1000) + noise(0.2, 9)).tolist() for middle in middles]
    nominal = [2.0 ** (25 - middle) for middle in middles]
    return middles, labelled("y" * 6, "g" * 6, series=["s"] * 6, nominal=nominal, curves=curves)


def test_every_method_finds_the_ct_of_a_logistic():
    """Its tenth lies log2(9) cycles before its middle, its largest bend log2(2 + sqrt 3)."""
    middles, data = dilution_series()
    found = compared_cts(data, LIMITS)
    tenth, bend = log2(9), log2(2 + sqrt(3))
    # A line through the foot of the curve delays its tenth; smoothing over five and nine cycles
    # draws the bend forward.
    expected = {
        "own plateau": (tenth, 0.2),
        "common plateau": (tenth, 0.2),
        "own": (tenth, 0.2),
        "common": (tenth, 0.2),
        "SDM, no fit": (bend + 0.25, 0.25),
        "take-off": (bend + 0.75, 0.35),
        "SDM, 4-par. fit": (bend, 0.02),
        "FDM, no fit": (0, 0.05),
    }
    for name, (cycles, within) in expected.items():
        assert middles - found[name] == pytest.approx(cycles, abs=within), name
    for cts in found.values():
        assert np.diff(cts) == pytest.approx(1, abs=0.05)


def test_the_precision_table_names_all_methods():
    """One curve at each dose: no replicates, so no series counts."""
    text = precision_table(dilution_series()[1], LIMITS)
    assert text.startswith("dilution series: 0 series")
    assert "SDM, 4-par. fit" in text
    assert precision_table(labelled("y", "g"), LIMITS) == "dilution series: none"


def good_and_quiet():
    """Three good and three quiet curves in each of two groups; q has a slow one, rated n."""
    good = [(logistic(20 + n) + noise(0.003, n)).tolist() for n in range(6)]
    quiet = [noise(0.003, 20 + n).tolist() for n in range(6)]
    slow = (logistic(24, 1.4) + noise(0.003, 1)).tolist()
    return labelled("yyyyyynnnnnnn", "pppqqqpppqqqq", curves=[*good, *quiet, slow])


def test_a_group_is_scored_by_limits_of_the_others():
    """Nothing in p needs the growth limit at 1.4: both ways of picking keep the configured one."""
    data = good_and_quiet()
    found = left_out(data, measure_curves(data.values, LIMITS), LIMITS)
    assert (found.best.balanced, found.steady.balanced) == (1, 1)
    assert found.dependent == []
    assert found.lowest == 1


def test_the_groups_are_sorted_by_agreement():
    data = labelled("y" * 20 + "n", "a" * 10 + "b" * 11)
    said = np.array([True] * 19 + [False] + [True])
    # Of b 9 of 10 y and 0 of 1 n are right.
    assert worst_groups(data, said) == [(9 / 11, "b", 11), (1, "a", 10)]


def test_quiet_curves_are_low_and_labelled_negative():
    data = good_and_quiet()
    (found,) = quiet_curves(data, measure_curves(data.values, LIMITS))
    assert found.curves.tolist() == data.values[6:12]
    assert found.reference == pytest.approx(1, abs=0.02)


def test_disturbances_of_quiet_curves():
    quiet = [Quiet(np.array([noise(0.003, n) for n in range(10)]), 1.0)]
    jump = outcome_of("jump", 1.0, quiet=quiet, limits=LIMITS)
    assert (jump.standard, jump.review) == (0, 1)
    spike = outcome_of("spike", 0.3, quiet=quiet, limits=LIMITS)
    assert (spike.none, spike.spike_noted) == (1, 1)


def tables(folder, curves, labels):
    pytest.importorskip("pyarrow", reason="parquet needs pyarrow, a development dependency")
    rows = [
        (name, cycle, value)
        for name, values in curves.items()
        for cycle, value in enumerate(values, start=1)
    ]
    points = pd.DataFrame(rows, columns=["curve_id", "cycle", "fluorescence"])
    points.to_parquet(folder / "curves.parquet")
    header = "curve_id\tdataset\tgroup\tlabel\tseries\tnominal\n"
    text = header + "".join(f"{name}\tset\t{name[0]}\t{label}\t\t\n" for name, label in labels)
    (folder / "labels.tsv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    return folder / "curves.parquet", folder / "labels.tsv.gz"


def test_the_table_of_a_small_set(tmp_path):
    """Twelve good and twelve quiet curves, one of each with the wrong label."""
    curves = {f"g{n}": logistic(20 + n) + noise(0.003, n) for n in range(12)}
    curves |= {f"q{n}": noise(0.003, 20 + n) for n in range(12)}
    labels = [(name, "y" if name[0] == "g" else "n") for name in curves]
    labels[0], labels[12] = ("g0", "n"), ("q0", "y")
    text = benchmark_table(*tables(tmp_path, curves, labels), LIMITS)
    assert "core: 24 curves, 12 positive, 12 negative" in text
    assert "review 0.0%; positives in class none: 1" in text
    line = next(line for line in text.splitlines() if line.startswith("classes: standard"))
    # 11 of 12 on both sides.
    assert line.split()[2:5] == ["0.917", "0.917", "0.917"]


def test_labels_without_a_curve(tmp_path):
    paths = tables(tmp_path, {"a": [1.0] * 40}, [("a", "y"), ("b", "n")])
    with pytest.raises(TableError, match="curve 'b' is not in"):
        benchmark_table(*paths, LIMITS)
    with pytest.raises(TableError, match="none.parquet"):
        benchmark_table(tmp_path / "none.parquet", paths[1], LIMITS)
