"""Room for a probe, and what becomes of one, on a made-up locus by hand."""

import pytest
from madeup_locus import F_D, F_R, LENGTHS, D, F, R, assay, limits, locus, panel, site

from breakpoint_pcr.insilico.alleles import products_of
from breakpoint_pcr.insilico.probes import judge_probes, probe_rooms
from breakpoint_pcr.insilico.rows import Probed
from breakpoint_pcr.tables import Level

TWO = locus(("main", 250, 4, "near", 700), ("main", 240, 0, "near", 710))


def rooms(reference, held=(F_R,), sites=(F, R), probes=(), may=600):
    return probe_rooms(reference, panel(held, probes), sites, LENGTHS, limits(may, may))


def widths(row):
    return (row.left_min, row.left_max, row.right_min, row.right_max)


def test_room_by_hand():
    """The forward site ends at 220: 30 and 20 bases; the reverse one begins at 750: 50 and 40."""
    (row,) = rooms(TWO)
    assert (row.allele, row.assay, row.forward, row.reverse) == ("Δ1-2", "F/R", "F", "R")
    assert widths(row) == (20, 30, 40, 50)
    assert (row.probe, row.probed) == ("", None)


def test_only_breakpoints_with_a_product_count():
    """124 and 100 bp."""
    assert widths(rooms(TWO, may=110)[0]) == (20, 20, 40, 40)
    assert widths(rooms(TWO, may=123)[0]) == (20, 20, 40, 40)
    assert widths(rooms(TWO, may=124)[0]) == (20, 30, 40, 50)
    assert rooms(TWO, may=99) == ()


def test_room_across_records_is_a_lower_bound():
    """300 bases to the end of the record and 100 beyond."""
    across = locus(("main", 250, 4, "near", 700))
    assert widths(rooms(across, (F_D,), (F, D))[0]) == (30, 30, 400, 400)


def test_shortest_product_counts_where_a_primer_has_two_sites():
    other = site("F", "near", 215, 235, "+")
    assert widths(rooms(TWO, sites=(F, other, R))[0])[:2] == (5, 15)


@pytest.mark.parametrize(
    ("places", "probed"),
    [
        ([("near", 220, 240)], Probed.KEPT),  # ends where the shorter left piece ends
        ([("near", 221, 241)], Probed.DELETED),  # one breakpoint cuts it: the worst counts
        ([("near", 710, 730)], Probed.KEPT),
        ([("near", 730, 750)], Probed.KEPT),
        ([("near", 709, 729)], Probed.DELETED),
        ([("near", 400, 420)], Probed.DELETED),
        ([("near", 219, 239)], Probed.OUTSIDE),  # shares a base with the forward primer
        ([("near", 731, 751)], Probed.OUTSIDE),  # and with the reverse one
        ([("near", 100, 120)], Probed.OUTSIDE),
        ([("near", 900, 920)], Probed.OUTSIDE),
        ([("beyond", 50, 70)], Probed.OUTSIDE),
        ([("near", 400, 420), ("near", 220, 240)], Probed.KEPT),
        ([("near", 400, 420), ("near", 900, 920)], Probed.OUTSIDE),
        ([], Probed.NO_SITE),
    ],
)
@pytest.mark.parametrize("strand", "+-")
def test_probe(places, probed, strand):
    sites = (F, R, *(site("P", *place, strand) for place in places))
    (row,) = rooms(TWO, sites=sites, probes=("P",))
    assert (row.probe, row.probed) == ("P", probed)


def test_a_poor_further_site_holds_no_probe():
    poor = site("P", "near", 220, 240, "+", edits=2)
    (row,) = rooms(TWO, sites=(F, R, poor, site("P", "near", 400, 420, "+")), probes=("P",))
    assert row.probed is Probed.DELETED


def test_one_row_per_probe():
    sites = (F, R, site("P", "near", 220, 240, "+"), site("Q", "near", 400, 420, "+"))
    found = [(row.probe, row.probed) for row in rooms(TWO, sites=sites, probes=("P", "Q"))]
    assert found == [("P", Probed.KEPT), ("Q", Probed.DELETED)]


# Two forward primers; the variant's left end lies between them.
G = site("G", "near", 100, 120, "+")
NESTED = (F_R, assay("G/R", ("G", 1, "R", 2)))
FORMS = locus(("main", 250, 0, "near", 700), ("variant", 170, 0, "near", 700))


def found_with(place, must=150):
    """Main: 120 bp with F, 220 with G (long); variant: 140 with G alone."""
    lengths, bounds = {**LENGTHS, "G": 20}, limits(must, 300)
    sites = (F, G, R, site("P", "near", *place, "+"))
    held = panel(NESTED, ("P",))
    rows = probe_rooms(FORMS, held, sites, lengths, bounds)
    products = products_of(FORMS, NESTED, sites, lengths, bounds)
    return [(f.subject, f.code, f.level, f.sentence) for f in judge_probes(rows, products)]


def test_probe_on_the_side_that_the_variant_loses():
    ((subject, code, level, sentence),) = found_with((225, 245))
    assert (subject, code, level) == ("P", "probe_site_lost", Level.WARNING)
    assert sentence.startswith("no product of Δ1-2 variant holds its site")


def test_probe_between_the_forward_primers():
    """The short product of the main form begins behind it; the long one holds it."""
    ((_, code, _, sentence),) = found_with((130, 150))
    assert code == "probe_in_long_product_only"
    assert sentence.startswith("of Δ1-2 only a long product holds its site")


def test_an_allele_of_long_products_alone_is_named_elsewhere():
    assert found_with((720, 740), must=100) == []


def test_probe_beside_the_reverse_primer_shows_both():
    assert found_with((720, 740)) == []
