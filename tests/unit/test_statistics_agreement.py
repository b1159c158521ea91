"""Wilson limits. Golden numbers: facts, qc_vectors.tsv (statsmodels and the formula of EP12)."""

import pytest

from breakpoint_pcr.statistics.agreement import share_of, wilson_interval


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
        (19, 20, 0.7639, 0.9911),
        (50, 142, 0.2784, 0.4336),
        (22, 50, 0.3116, 0.5769),
        (59, 60, 0.9114, 0.9971),
    ],
)
def test_golden_limits(count, total, low, high):
    share = share_of(count, total, confidence=0.95)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert (share.count, share.total, share.share) == (count, total, count / total)


def test_limits_are_exact_at_the_ends():
    assert wilson_interval(0, 7, 0.95)[0] == 0.0
    assert wilson_interval(7, 7, 0.95)[1] == 1.0


def test_confidence_counts():
    # 8 of 10 by the formula of EP12 at z = 1.644854: z^2/n = 0.270554, z^2/4n^2 = 0.00676386;
    # the centre is 0.935277 / 1.270554, the half 1.644854 sqrt(0.16 / 10 + 0.00676386) / 1.270554.
    low, high = wilson_interval(8, 10, 0.9)
    assert low == pytest.approx(0.736117 - 0.195325, abs=2e-6)
    assert high == pytest.approx(0.736117 + 0.195325, abs=2e-6)


def test_nothing_has_no_share():
    assert share_of(0, 0, confidence=0.95) is None


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(count, total):
    with pytest.raises(ValueError, match="no share"):
        share_of(count, total, confidence=0.95)
