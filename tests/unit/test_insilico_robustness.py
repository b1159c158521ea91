"""Shifted breakpoints on a made-up locus: by hand and by trying every shift."""

from itertools import product

import pytest
from madeup_locus import F_D, F_R, LENGTHS, D, F, R, assay, limits, locus, site, tried

from breakpoint_pcr.insilico.robustness import judge_robustness, robustness_of
from breakpoint_pcr.insilico.rows import Robustness


def shares(reference, shifts, assays=(F_R,), *, sites=(F, R), must=600, may=600):
    bounds = limits(must, may)
    rows = robustness_of(reference, assays, sites, LENGTHS, bounds, shifts_nt=shifts)
    return {(row.allele, row.shift_nt): (row.must, row.may) for row in rows}


def test_one_row_per_allele_and_shift():
    two = locus(("main", 250, 4, "near", 700), ("far_left", 180, 0, "near", 700))
    assert list(shares(two, (10, 50))) == [
        ("Δ1-2", 10),
        ("Δ1-2", 50),
        ("Δ1-2 far left", 10),
        ("Δ1-2 far left", 50),
    ]


def test_sites_must_stay_whole():
    """Both ends touch a site: of 3 shifts each, 2 keep it (0, +1 left; 0, -1 right)."""
    touching = locus(("main", 220, 0, "near", 750))
    found = shares(touching, (0, 1))
    assert found["Δ1-2", 0] == (1, 1)
    assert found["Δ1-2", 1] == pytest.approx((4 / 9, 4 / 9))


def test_sizes_count_with_the_bases_inserted():
    """The four shifts that keep both sites give 40, 41, 41 and 42 bp, and what is inserted."""
    for inserted, share in ((0, 3 / 9), (1, 1 / 9), (2, 0)):
        touching = locus(("main", 220, inserted, "near", 750))
        assert shares(touching, (1,), must=41)["Δ1-2", 1] == pytest.approx((share, 4 / 9))


def test_breakpoints_weigh_the_same():
    """One keeps both sites whatever the shift, of the other the forward site is lost."""
    two = locus(("main", 250, 0, "near", 700), ("main", 180, 0, "near", 700))
    assert shares(two, (0, 10))["Δ1-2", 10] == (0.5, 0.5)


def test_lower_bounds_may_appear_at_most():
    """50 left, 300 to the end of the record, 120 beyond: at least 470 bp."""
    across = locus(("main", 250, 0, "near", 700))
    assert shares(across, (0,), (F_D,), sites=(F, D))["Δ1-2", 0] == (0, 1)
    # Shifted by up to 1: 468 to 472 bp by 1, 2, 3, 2, 1 of 9 shifts.
    assert shares(across, (1,), (F_D,), sites=(F, D), may=470)["Δ1-2", 1][1] == pytest.approx(6 / 9)


def test_ends_behind_the_record_give_no_lower_bound():
    """Of the right ends 998, 999 and 1000 the last one leaves no base of the record."""
    behind = locus(("main", 250, 0, "near", 999))
    assert shares(behind, (1,), (F_D,), sites=(F, D))["Δ1-2", 1][1] == pytest.approx(2 / 3)


def test_ends_that_cross_are_no_deletion():
    """A deletion of 2 bases about an exon of 2: with shifts of 2 the ends cross in 3 of 25."""
    thin = locus(("main", 300, 0, "near", 302), exons=((300, 302), (600, 620)))
    near = (F, site("R", "near", 350, 370, "-"))
    # Left minus right is -2 by default; above 0 for (+1, -2), (+2, -1) and (+2, -2).
    assert shares(thin, (2,), sites=near)["Δ1-1", 2][0] == pytest.approx(22 / 25)


POOLED = (
    assay("F+G/R", ("F", 1, "R", 2), ("G", 1, "R", 2)),
    assay("F/D", ("F", 1, "D", 2)),
    assay("G/D", ("G", 1, "D", 2)),
)
SITES = (
    *(F, R, D),
    site("G", "near", 232, 252, "+"),
    # R binds at two places, and is ordered one base shorter than its site.
    site("R", "near", 708, 728, "-"),
)
POOLED_LENGTHS = {**LENGTHS, "G": 20, "R": 19}


@pytest.mark.parametrize("shift", [0, 3, 17])
@pytest.mark.parametrize(("must", "may"), [(60, 90), (84, 400), (120, 480)])
def test_all_shifts_tried(shift, must, may):
    reference = locus(
        ("main", 250, 4, "near", 700),
        ("main", 224, 0, "near", 716),
        ("main", 246, 0, "beyond", 12),
    )
    bounds = limits(must, may)
    (row,) = robustness_of(reference, POOLED, SITES, POOLED_LENGTHS, bounds, shifts_nt=(shift,))
    moves = range(-shift, shift + 1)
    found = [
        tried(
            (b.left_end + left, b.inserted_nt, b.right_record, b.right_start + right),
            reference=reference,
            assays=POOLED,
            sites=SITES,
            lengths=POOLED_LENGTHS,
            bounds=bounds,
        )
        for b in reference.breakpoints
        for left, right in product(moves, moves)
    ]
    assert row.must == pytest.approx(sum(must for must, _ in found) / len(found))
    assert row.may == pytest.approx(sum(may for _, may in found) / len(found))


def test_findings():
    rows = [
        Robustness("Δ1-2", 10, 1, 1),
        Robustness("Δ1-2", 50, 0.5, 0.9),
        Robustness("Δ2-2", 50, 0.5, 0.694),
        Robustness("Δ2-2", 200, 0.1, 0.1),
        Robustness("Δ1-1", 50, 0, 0),  # never seen: not a matter of shifts
    ]
    (found,) = judge_robustness(rows, shift_nt=50, share_min=0.9)
    assert (found.subject, found.code) == ("Δ2-2", "fragile_allele")
    assert "up to 50 nt, 69 % still give a product; expected 90 %" in found.sentence
