"""Nested analysis of variance. Golden: facts, qc_vectors.tsv; else by hand or by projections."""

import numpy as np
import pytest

from breakpoint_pcr.statistics.precision import spread_of


def table(*days):
    """Observations of days of runs of values."""
    return [
        (day, run, value)
        for day, runs in enumerate(days)
        for run, values in enumerate(runs)
        for value in values
    ]


def sds(spread):
    return (
        spread.repeatability_sd,
        spread.between_run_sd,
        spread.between_day_sd,
        spread.within_laboratory_sd,
    )


def test_golden_design_of_20_by_2_by_2():
    """The data of the golden line: normal effects of days, runs, replicates, Ct to 3 decimals.

    qc_vectors.tsv names the generator only; 28, 0.15, 0.10, 0.12 and the rounding were found by
    trial, and give its five numbers.
    """
    rng = np.random.default_rng(5)
    day, run = rng.normal(0, 0.15, 20), rng.normal(0, 0.10, (20, 2))
    cts = 28 + day[:, None, None] + run[:, :, None] + rng.normal(0, 0.12, (20, 2, 2))
    spread = spread_of(table(*np.round(cts, 3).tolist()))
    assert round(spread.mean, 4) == 27.9404
    assert [round(sd, 4) for sd in sds(spread)] == [0.0994, 0.0760, 0.1111, 0.1673]
    assert (spread.days, spread.runs, spread.values, spread.reason) == (20, 40, 80, "")


def test_balanced_design_by_hand():
    # Run means 2 6 | 3 11, day means 4 7, mean 5.5. Squares within runs 8 / 4 = 2; of runs
    # 2 (4 + 4 + 16 + 16) / 2 = 40; of days 4 (2.25 + 2.25) = 18.
    # So runs have (40 - 2) / 2 = 19, days (18 - 40) / 4, which is below 0, all together 2 + 19.
    spread = spread_of(table([[1, 3], [5, 7]], [[2, 4], [10, 12]]))
    assert sds(spread) == pytest.approx((2**0.5, 19**0.5, 0, 21**0.5))
    assert spread.mean == 5.5
    assert spread.reason == "between days: estimated below 0, given as 0"


UNBALANCED = [
    [[28.1, 28.3, 28.2], [28.6, 28.4]],
    [[27.2]],
    [[29.4, 29.1], [29.9, 30.2, 30.1, 30.3], [28.8]],
    [[28.0, 27.7], [27.1]],
]


def by_projections(days):
    """Variance components from expected mean squares as traces of projected design matrices."""
    rows = table(*days)
    y = np.array([value for _, _, value in rows])

    def design(keys):
        names = sorted(set(keys))
        return np.array([[float(key == name) for name in names] for key in keys])

    one = np.ones((len(y), 1))
    of_day, of_run = design([d for d, _, _ in rows]), design([(d, r) for d, r, _ in rows])
    mean, day, run = (z @ np.linalg.pinv(z) for z in (one, of_day, of_run))
    steps = (np.eye(len(y)) - run, run - day, day - mean)
    traces = [
        [np.trace(step), np.trace(step @ of_run @ of_run.T), np.trace(step @ of_day @ of_day.T)]
        for step in steps
    ]
    return np.linalg.solve(np.array(traces), np.array([y @ step @ y for step in steps]))


def test_unbalanced_design_agrees_with_projections():
    error, run, day = by_projections(UNBALANCED)
    assert min(error, run, day) > 0
    found = sds(spread_of(table(*UNBALANCED)))
    assert found == pytest.approx((error**0.5, run**0.5, day**0.5, (error + run + day) ** 0.5))


def test_order_changes_nothing():
    rows = table(*UNBALANCED)
    assert sds(spread_of(rows[::-1])) == pytest.approx(sds(spread_of(rows)), rel=1e-12)


def test_a_run_of_the_same_name_on_another_day_is_another_run():
    assert spread_of(table([[1, 2]], [[3, 4]])).runs == 2


def test_one_run_a_day_does_not_tell_runs_from_days():
    # Within (0.5 + 0.5) / 2; days 2 (1 + 1) / 1 = 4; together (4 - 0.5) / 2.
    spread = spread_of(table([[1, 2]], [[3, 4]]))
    assert sds(spread) == pytest.approx((0.5**0.5, None, None, (0.5 + 1.75) ** 0.5))
    assert spread.reason == "one run a day: between runs and between days together 1.32"


def test_one_day_does_not_tell_of_the_laboratory():
    # Within 0.5; runs: 2 (1 + 1) / 1 = 4; (4 - 0.5) / 2.
    spread = spread_of(table([[1, 2], [3, 4]]))
    assert sds(spread) == pytest.approx((0.5**0.5, 1.75**0.5, None, None))
    assert spread.reason.startswith("one day: ")


def test_one_run_tells_of_repeatability_alone():
    spread = spread_of(table([[1, 2, 3]]))
    assert sds(spread) == (1.0, None, None, None)
    assert spread.reason.startswith("one run: ")


def test_one_value_a_run_does_not_tell_within_from_between_runs():
    # Runs within days (0.5 + 0.5) / 2; days 2 (2.25 + 2.25) / 1 = 9; between (9 - 0.5) / 2.
    spread = spread_of(table([[1], [2]], [[4], [5]]))
    assert sds(spread) == pytest.approx((None, None, 4.25**0.5, (0.5 + 4.25) ** 0.5))
    assert spread.reason == "one value a run: within and between runs together 0.707"


def test_one_value_a_day_tells_all_together():
    spread = spread_of(table([[1]], [[2]], [[3]]))
    assert sds(spread) == (None, None, None, 1.0)
    assert "not told apart" in spread.reason


def test_one_value_a_run_on_one_day():
    spread = spread_of(table([[1], [2], [3]]))
    assert sds(spread) == (None, None, None, None)
    assert spread.reason.startswith("one value a run: within and between runs together 1; one day")


@pytest.mark.parametrize(("rows", "mean"), [([], None), ([("d", "r", 30.0)], 30.0)])
def test_too_few_values_have_no_spread(rows, mean):
    spread = spread_of(rows)
    assert (spread.mean, *sds(spread)) == (mean, None, None, None, None)
    assert spread.reason == "fewer than two values"


def test_equal_values_have_a_real_0():
    assert sds(spread_of(table([[3, 3], [3, 3]], [[3, 3], [3, 3]]))) == (0, 0, 0, 0)
