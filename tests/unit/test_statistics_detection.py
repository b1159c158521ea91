"""Limits of detection. Golden numbers: facts, qc_vectors.tsv (own fit and statsmodels)."""

import math

import pytest
from scipy.optimize import minimize
from scipy.stats import norm

from breakpoint_pcr.statistics.detection import (
    Detection,
    Dose,
    detection_of,
    limit_of_blank,
    limit_of_detection,
    parametric_multiplier,
)

COPIES = (20, 10, 5, 2.5, 1.25, 0.625)
GOLDEN = [Dose(x, 24, k) for x, k in zip(COPIES, (24, 24, 23, 19, 15, 9), strict=True)]


def found(*doses):
    return detection_of([Dose(*dose) for dose in doses], confidence=0.95)


def test_golden_series():
    fit = detection_of(GOLDEN, confidence=0.95)
    assert (round(fit.intercept, 4), round(fit.slope, 4)) == (0.0871, 2.2626)
    assert (round(fit.c5, 4), round(fit.c50, 4), round(fit.c95, 4)) == (0.1716, 0.9152, 4.8806)
    assert (round(fit.c95_low, 3), round(fit.c95_high, 3)) == (2.910, 8.186)
    assert (round(fit.one_hit_lambda, 4), round(fit.one_hit_lod, 4)) == (0.6931, 4.3221)
    assert fit.reason == "C5 lies beyond the dilutions (0.625 to 20 copies)"


def test_many_wells_with_odd_misses_have_a_line():
    """Oracle: the likelihood, maximised by scipy."""
    copies = (7.6, 13, 17, 22, 28, 37, 63, 160, 210)
    hits = (0, 2, 6, 29, 35, 40, 40, 39, 39)
    fit = detection_of([Dose(x, 40, k) for x, k in zip(copies, hits, strict=True)], confidence=0.95)

    def loss(parameters):
        z = [parameters[0] + parameters[1] * math.log10(x) for x in copies]
        pairs = zip(hits, z, strict=True)
        return -sum(k * norm.logcdf(y) + (40 - k) * norm.logcdf(-y) for k, y in pairs)

    best = minimize(loss, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert (fit.intercept, fit.slope) == pytest.approx(tuple(best.x), rel=1e-5)
    assert (
        "probit: the shares do not follow the model (p of the deviance below 0.0001)" in fit.reason
    )


def test_every_copy_found_needs_three_copies():
    # 2.9957 copies are Poisson-empty in 5 %. Shares of 1 - exp(-x), as good as 10,000 wells give.
    doses = [Dose(x, 10_000, round(10_000 * (1 - math.exp(-x)))) for x in (0.3, 1, 2, 4)]
    fit = detection_of(doses, confidence=0.95)
    assert fit.one_hit_lod == pytest.approx(2.9957, rel=0.002)


def test_order_and_split_doses_change_nothing():
    halves = [Dose(d.copies, 12, min(12, d.hits)) for d in GOLDEN]
    rest = [Dose(d.copies, 12, max(0, d.hits - 12)) for d in GOLDEN]
    assert detection_of([*rest, *halves[::-1]], confidence=0.95) == detection_of(
        GOLDEN, confidence=0.95
    )


def test_no_copies_are_left_out_and_said():
    fit = detection_of([*GOLDEN, Dose(0, 30, 1)], confidence=0.95)
    assert round(fit.c95, 4) == 4.8806
    assert fit.reason.startswith("0 copies: 1 of 30 positive, left out; ")


@pytest.mark.parametrize(
    ("doses", "words"),
    [
        ([], "no dilution with copies"),
        ([(0, 20, 0)], "0 copies: 0 of 20 positive, left out; no dilution with copies"),
        ([(5, 0, 0)], "no dilution with copies"),
        ([(1, 20, 0), (10, 20, 0)], "no reaction is positive: more copies are needed"),
        ([(1, 20, 20), (10, 20, 20)], "every reaction is positive: fewer copies are needed"),
        (
            [(1, 20, 15), (3, 20, 12), (10, 20, 5)],
            "the share of positive reactions does not rise with the copies",
        ),
        ([(3, 20, 12)], "the share of positive reactions does not rise with the copies"),
        ([(1, 20, 20), (10, 20, 0)], "the share of positive reactions does not rise"),
    ],
)
def test_what_carries_no_number_has_words(doses, words):
    fit = found(*doses)
    assert fit.reason.startswith(words)
    assert fit == Detection(reason=fit.reason)


def test_a_jump_from_none_to_all_has_no_probit():
    fit = found((2, 20, 0), (4, 20, 20))
    assert fit.c95 is fit.slope is None
    assert fit.reason.startswith(
        "probit: no dilution between 2 (none positive) and 4 copies (all positive)"
    )


def test_two_partial_dilutions_are_too_few_for_a_probit():
    fit = found((0.5, 20, 6), (1, 20, 11), (10, 20, 20))
    assert fit.c50 is fit.c95 is None
    # At the maximum of the likelihood the score, the sum of x (k - n p) / p, is 0.
    rate = fit.one_hit_lambda
    p = [1 - math.exp(-rate * x) for x in (0.5, 1, 10)]
    score = 0.5 * (6 - 20 * p[0]) / p[0] + (11 - 20 * p[1]) / p[1] + 10 * (20 - 20 * p[2]) / p[2]
    assert score == pytest.approx(0, abs=1e-6)
    assert fit.one_hit_lod == pytest.approx(-math.log(0.05) / rate)
    assert fit.reason.startswith("probit: 2 dilutions with some but not all reactions positive")


def test_one_hit_is_withheld_where_copies_are_found_together():
    # 20 copies are needed at once: a limit, not a chance for each copy.
    fit = found((8, 40, 1), (13, 40, 6), (20, 40, 18), (30, 40, 33), (50, 40, 40))
    assert fit.one_hit_lod is fit.one_hit_lambda is None
    assert "one-hit: the shares do not follow the model" in fit.reason
    assert 19 < fit.c50 < 23


def test_more_than_one_hit_a_copy_is_doubted():
    fit = found((0.1, 40, 9), (0.2, 40, 16), (0.4, 40, 25), (1, 40, 36))
    assert fit.one_hit_lambda > 1
    assert "one-hit: more than one hit a copy; check the copies" in fit.reason


def test_limits_beyond_the_dilutions_are_doubted():
    fit = found((1, 40, 10), (2, 40, 15), (4, 40, 20), (8, 40, 26))
    assert fit.c95 > 8
    assert "C95 lies beyond the dilutions (1 to 8 copies)" in fit.reason


def test_shares_off_the_line_are_doubted():
    fit = found((1, 40, 20), (2, 40, 39), (4, 40, 20), (8, 40, 39))
    assert "probit: the shares do not follow the model" in fit.reason


@pytest.mark.parametrize("dose", [(1, 5, 6), (1, 5, -1), (-1, 5, 2)])
def test_impossible_counts_are_refused(dose):
    with pytest.raises(ValueError, match="copies"):
        found(dose)


def test_ep17_multiplier():
    assert round(parametric_multiplier(60, 3), 4) == 1.6522
    with pytest.raises(ValueError, match="replicates"):
        parametric_multiplier(3, 3)


def test_classical_limits_by_hand():
    # Blanks 1 2 3 | 2 2 2: mean 2, SD sqrt(2 / 5); c_p = 1.645 / (1 - 1 / 16) with 6 of 2 samples.
    multiplier = 1.645 / (15 / 16)
    blank = limit_of_blank([[1, 2, 3], [2, 2, 2]])
    assert blank == pytest.approx(2 + multiplier * 0.4**0.5)
    # Low samples 4 6 8 | 9 9 9: pooled SD sqrt((4 + 0 + 4) / 4).
    assert limit_of_detection(blank, [[4, 6, 8], [9, 9, 9]]) == pytest.approx(
        blank + multiplier * 2**0.5
    )
