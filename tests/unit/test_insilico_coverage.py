"""Every deletion of consecutive exons on a made-up locus: by hand and by trying every junction."""

from fractions import Fraction
from itertools import product

import pytest
from madeup_locus import F_D, F_R, LENGTHS, D, F, R, assay, limits, locus, site, tried

from breakpoint_pcr.insilico.crossings import crossings_of
from breakpoint_pcr.insilico.exon_deletions import coverage_of, judge_coverage
from breakpoint_pcr.insilico.rows import Seen
from breakpoint_pcr.tables import Level

PLAIN = locus()
# Two of the usual form, one of which ends beyond the record, and one that loses the forward site.
RECURRENT = locus(
    ("main", 250, 4, "near", 700),
    ("main", 250, 0, "beyond", 50),
    ("far_left", 180, 0, "near", 700),
)


def covered(reference=PLAIN, assays=(F_R,), sites=(F, R), must=130, may=600):
    rows = coverage_of(reference, assays, sites, LENGTHS, limits(must, may))
    return {row.deletion: row for row in rows}


def test_one_row_per_deletion_of_consecutive_exons():
    three = locus(exons=((300, 320), (600, 620), (800, 820)))
    assert list(covered(three)) == ["Δ1-1", "Δ1-2", "Δ1-3", "Δ2-2", "Δ2-3", "Δ3-3"]


def test_share_by_hand():
    """Left ends 1 to 300, right ends 620 to 999 and 200 beyond.

    A product has left - 200 + 770 - right bp. Up to 130 bp: left 220 to 300 keeps the site, and
    right is at least left + 440 and at most 750: 91 places for left 220, one fewer for each
    further base, 11 for left 300.
    """
    row = covered()["Δ1-2"]
    assert row.share == pytest.approx((91 + 11) * 81 / 2 / (300 * (380 + 200)))
    assert (row.seen, row.size_min, row.assays) == (Seen.DEPENDS, 40, ("F/R",))
    assert row.recurrent is False
    # 4131 of 174000
    assert "2.4 % give a product that must appear, from 40 bp on" in row.sentence


def test_long_product_at_best():
    """Left up to 300 with right up to 600 (20 + 170 bp), left from 320 on (120 + 20 bp)."""
    found = covered()
    for label, size in (("Δ1-1", 190), ("Δ2-2", 140)):
        row = found[label]
        assert (row.seen, row.size_min, row.share) == (Seen.LONG, size, 0)
        assert f"from {size} bp on" in row.sentence


def test_never_for_want_of_length():
    row = covered(may=139)["Δ2-2"]
    assert (row.seen, row.size_min, row.assays) == (Seen.NEVER, 140, ())
    assert row.sentence.endswith("the shortest is 140 bp with F/R")
    # 80 kept left, at least one base before the end of the record, 120 beyond: a lower bound.
    only_beyond = covered(assays=(F_D,), sites=(F, D), may=139, must=130)["Δ2-2"]
    assert only_beyond.sentence.endswith("the shortest is 140 bp with F/D")
    within = covered(assays=(F_D,), sites=(F, D), may=139, must=130)["Δ1-1"]
    # 220 - 200 kept, 1000 - 600 of the record, then 120 of the one beyond.
    assert within.sentence.endswith("the shortest is at least 540 bp with F/D")


def test_never_for_want_of_a_primer():
    behind = covered(sites=(site("F", "near", 310, 330, "+"), R))
    assert behind["Δ1-2"].sentence.endswith("no forward primer lies before it")
    before = covered(sites=(F, site("R", "near", 590, 610, "-")))
    assert before["Δ1-2"].sentence.endswith("no reverse primer lies behind it")
    assert (before["Δ1-2"].seen, before["Δ1-2"].size_min) == (Seen.NEVER, None)
    neither = covered(assays=(), sites=())["Δ1-2"]
    assert "no forward primer lies before it and no reverse" in neither.sentence


def test_lower_bounds_never_make_a_must():
    """Beyond the record the distance is not known: 540 bp at least, however large the limit."""
    row = covered(assays=(F_D,), sites=(F, D), must=600, may=600)["Δ1-1"]
    assert (row.seen, row.share, row.size_min) == (Seen.LONG, 0, 540)


def test_limits_include_their_value():
    assert covered(must=139, may=139)["Δ2-2"].seen is Seen.NEVER
    assert covered(must=139, may=140)["Δ2-2"].seen is Seen.LONG
    one = covered(must=140, may=140)["Δ2-2"]
    # One junction alone, left 320 with right 750, of 281 x 580.
    assert (one.seen, one.share) == (Seen.DEPENDS, pytest.approx(1 / (281 * 580)))


def test_recurrent_breakpoints_decide():
    """By F/R 124 bp and none, by F/D 474 bp at least (a lower bound) and 120 bp."""
    both = covered(RECURRENT, (F_R, F_D), (F, R, D))["Δ1-2"]
    assert (both.recurrent, both.seen, both.assays) == (True, Seen.SURE, ("F/R", "F/D"))
    assert "those of Δ1-2 far left no product" in both.sentence
    one = covered(RECURRENT)["Δ1-2"]
    assert one.seen is Seen.DEPENDS
    late = covered(RECURRENT, (F_R, F_D), (F, R, D), must=100)["Δ1-2"]
    assert late.seen is Seen.LONG
    assert "a long product only, which may fail to appear" in late.sentence


def test_recurrent_sizes_hold_the_bases_inserted():
    """50 left, 4 inserted and 70 right: 124 bp."""
    one = locus(("main", 250, 4, "near", 700))
    assert covered(one, must=124)["Δ1-2"].seen is Seen.SURE
    assert covered(one, must=123)["Δ1-2"].seen is Seen.LONG


def test_recurrent_breakpoints_across_records_are_never_sure():
    """50 + 4 + 300 + 120 bp at least."""
    one = locus(("main", 250, 4, "near", 700))
    assert covered(one, (F_D,), (F, D), must=600)["Δ1-2"].seen is Seen.LONG
    assert covered(one, (F_D,), (F, D), may=473)["Δ1-2"].seen is Seen.DEPENDS


def test_recurrent_breakpoints_that_are_missed_are_not_hidden_by_others():
    """Junctions nearer the primers would be seen; the recurrent one is not."""
    far = locus(("main", 180, 0, "near", 700))
    row = covered(far)["Δ1-2"]
    assert row.seen is Seen.DEPENDS
    assert row.sentence.startswith("its recurrent breakpoints give no product")
    assert covered(far, must=39)["Δ1-2"].seen is Seen.DEPENDS


def test_ends_that_cross_bring_nothing_together():
    (crossing,) = crossings_of(PLAIN, [F_R], [F, R], LENGTHS)["near"]
    assert crossing.size(220, 750) == 40
    assert crossing.size(400, 400) == 570
    assert crossing.size(401, 400) is crossing.size(219, 700) is crossing.size(250, 751) is None


def test_a_poor_further_site_shows_nothing():
    poor = site("R", "near", 330, 350, "-", edits=3)
    assert covered(sites=(F, poor, R)) == covered()
    assert covered(sites=(F, poor))["Δ1-1"].seen is Seen.DEPENDS


# A gene of 140 bases with sites of four: all junctions can be tried.
TINY = locus(exons=((30, 34), (62, 66), (94, 98)), length=140, beyond=40)
TINY_SITES = (
    site("A", "near", 8, 12, "+"),
    site("B", "near", 17, 21, "+"),
    site("C", "near", 40, 44, "+"),
    site("X", "near", 72, 76, "-"),
    site("Y", "near", 101, 105, "-"),
    site("Y", "near", 116, 120, "-"),
    site("Z", "beyond", 9, 14, "-"),
)
TINY_LENGTHS = {**dict.fromkeys("ABCXY", 4), "Z": 4}
POOLED = (
    assay("A+B/X", ("A", 1, "X", 2), ("B", 1, "X", 2)),
    assay("A/Y", ("A", 1, "Y", 3)),
    assay("B/Z", ("B", 1, "Z", 3)),
    assay("C/Y", ("C", 2, "Y", 3)),
)
# Left and right ends of each deletion: between the exons, and the whole records outside.
LEFTS = {1: range(1, 31), 2: range(34, 63), 3: range(66, 95)}
RIGHTS = {1: [("near", range(34, 63))], 2: [("near", range(66, 95))]}
RIGHTS[3] = [("near", range(98, 140)), ("beyond", range(40))]


@pytest.mark.parametrize(("must", "may"), [(8, 8), (14, 20), (22, 27), (27, 27)])
def test_all_junctions_tried(must, may):
    """No product without a deletion is so short (C to X: 36), so each crosses the junction."""
    bounds = limits(must, may)
    known = {"reference": TINY, "assays": POOLED, "sites": TINY_SITES, "lengths": TINY_LENGTHS}
    rows = coverage_of(TINY, POOLED, TINY_SITES, TINY_LENGTHS, bounds)
    for row in rows:
        first, last = int(row.deletion[1]), int(row.deletion[3])
        junctions = [
            (left, 0, record, right)
            for record, rights in RIGHTS[last]
            for left, right in product(LEFTS[first], rights)
        ]
        found = [tried(junction, **known, bounds=bounds) for junction in junctions]
        sure = sum(must for must, _ in found)
        assert Fraction(row.share).limit_denominator(10**6) == Fraction(sure, len(found))
        seen = Seen.DEPENDS if sure else Seen.LONG if any(may for _, may in found) else Seen.NEVER
        assert row.seen is seen, row


def test_findings():
    rows = coverage_of(PLAIN, (F_R,), (F, R), LENGTHS, limits(130, 150))
    found = list(judge_coverage(PLAIN, [F_R], rows))
    assert [(f.code, f.subject, f.level) for f in found] == [
        ("other_class_lit", "F/R", Level.INFO),  # by a long product at best
        ("deletions_not_seen", "MADEUP", Level.INFO),
    ]
    assert found[0].sentence == "Δ2-2 may light it up too, and would be read as Δ1-2"
    assert "of 3 deletions of consecutive exons" in found[1].sentence
    assert "of the other 1 none" in found[1].sentence


def test_a_product_that_must_appear_and_means_another_class_is_a_warning():
    rows = coverage_of(PLAIN, (F_R,), (F, R), LENGTHS, limits(150, 150))
    levels = {f.code: f.level for f in judge_coverage(PLAIN, [F_R], rows)}
    assert levels["other_class_lit"] is Level.WARNING
    recurrent = locus(("main", 350, 0, "near", 700))
    rows = coverage_of(recurrent, (F_R,), (F, R), LENGTHS, limits(130, 250))
    # Δ1-1 and Δ2-2 alike by long products; only the latter has a recurrent breakpoint.
    found = [(f.sentence[:4], f.level) for f in judge_coverage(recurrent, [F_R], rows)]
    assert found == [("Δ1-1", Level.INFO), ("Δ2-2", Level.WARNING)]


def test_finding_names_the_whole_gene():
    rows = coverage_of(PLAIN, (), (), LENGTHS, limits(130, 150))
    (found,) = judge_coverage(PLAIN, [], rows)
    assert "possible of none; of the other 3 none" in found.sentence
    assert "the whole gene (Δ1-2) among them" in found.sentence
