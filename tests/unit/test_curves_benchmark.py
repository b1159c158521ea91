"""The comparison with human labels: scores, simple rules and precision by hand."""

import gzip
from math import log2, sqrt

import numpy as np
import pandas as pd
import pytest
from curve_shapes import CYCLES, LIMITS, logistic, noise

from breakpoint_pcr.curves.benchmark import (
    Labelled,
    benchmark_table,
    logistic_rule,
    score,
    series_precision,
    threshold_rule,
)
from breakpoint_pcr.curves.logistic import fit_logistic
from breakpoint_pcr.errors import TableError


def labelled(labels, groups, *, series=None, nominal=None):
    count = len(labels)
    return Labelled(
        [[0.0]] * count,
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
    found = series_precision(data, [*cts, 3.0])
    assert found == {"set": pytest.approx(0.1 * sqrt(2) / log2(10))}
    assert series_precision(data, [*cts[:4], None, None, None]) == {}


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
