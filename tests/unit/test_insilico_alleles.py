"""Products on alleles, on a made-up locus small enough to count by hand."""

import pytest

from breakpoint_pcr.insilico.alleles import (
    allele_models,
    deleted,
    product_size,
    products_of,
    wild_type,
)
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Primer
from breakpoint_pcr.reference import Breakpoint, Exon, Locus, Record
from breakpoint_pcr.tables import Amplifies, Site, Verdict

# A record of 1,000 bases with exons at 300-320 and 600-620, and one of 200 beyond it.
LOCUS = Locus(
    gene="MADEUP",
    assembly="none",
    accession="X",
    transcript="X.1",
    numbering="",
    records=(
        Record("near", "A" * 1000, "chrZ", 5001, "", ""),
        Record("beyond", "A" * 200, "chrZ", None, "", ""),
    ),
    exons=(Exon(1, 300, 320), Exon(2, 600, 620)),
    breakpoints=(
        Breakpoint("main", 250, 4, "near", 700, "x"),
        Breakpoint("main", 240, 0, "near", 710, "x"),
        Breakpoint("far_left", 180, 0, "near", 700, "x"),
        Breakpoint("main", 250, 0, "beyond", 50, "x"),
        Breakpoint("main", 400, 0, "near", 500, "x"),
    ),
)
PRIMERS = {
    name: Primer(name, OligoKind.PRIMER, "A" * 20, strand, exon, "")
    for name, strand, exon in (("F", "+", 1), ("R", "-", 2), ("D", "-", 2))
}
LENGTHS = {"F": 20, "R": 20, "D": 20}


def site(primer, record, start, end, strand):
    return Site(primer, record, start, end, strand, 0, 0, 0, "", Verdict.PASS)


F = site("F", "near", 200, 220, "+")
R = site("R", "near", 750, 770, "-")
D = site("D", "beyond", 100, 120, "-")


def test_models_are_classes_with_their_forms():
    models = allele_models(LOCUS)
    assert [(m.name, m.deletion.label, len(m.breakpoints)) for m in models] == [
        ("Δ1-2", "Δ1-2", 3),
        ("Δ1-2 far left", "Δ1-2", 1),
    ]


@pytest.mark.parametrize(
    ("number", "forward", "reverse", "size", "bounded"),
    [
        # 200..250, 4 inserted, 700..770
        (0, F, R, 50 + 4 + 70, True),
        (1, F, R, 40 + 0 + 60, True),
        # 200..250, 4 inserted, 700..1000, unknown distance, 0..120
        (0, F, D, 50 + 4 + 300 + 120, False),
        # 200..250, 50..120 of the record beyond
        (3, F, D, 50 + 70, True),
    ],
)
def test_size_on_an_allele(number, forward, reverse, size, bounded):
    found = product_size(deleted(LOCUS, LOCUS.breakpoints[number]), forward, reverse)
    assert (found.bp, found.bounded) == (size, bounded)


@pytest.mark.parametrize(
    ("number", "forward", "reverse"),
    [
        (2, F, R),  # the forward site is lost: kept up to 180
        (3, F, R),  # the reverse site is lost
        (0, R, F),  # backwards
        (1, site("F", "near", 230, 250, "+"), R),  # the break lies in the site
        (0, site("F", "near", 200, 220, "-"), R),  # looks away
        (0, site("F", "near", 800, 820, "+"), R),  # behind the reverse site
    ],
)
def test_no_product(number, forward, reverse):
    assert product_size(deleted(LOCUS, LOCUS.breakpoints[number]), forward, reverse) is None


def test_wild_type_spans():
    assert product_size(wild_type(LOCUS), F, R).bp == 570
    across = product_size(wild_type(LOCUS), F, D)
    assert (across.bp, across.bounded) == (800 + 120, False)


def rows(sites, must=130, may=600, lengths=LENGTHS):
    assays = [
        Assay("F/R", AssayKind.BREAKPOINT, (Pair(PRIMERS["F"], PRIMERS["R"]),), ()),
        Assay("F/D", AssayKind.BREAKPOINT, (Pair(PRIMERS["F"], PRIMERS["D"]),), ()),
    ]
    limits = ProductLimits(must, may)
    return {
        (row.allele, row.assay): (row.size_min, row.size_max, row.product)
        for row in products_of(LOCUS, assays, sites, lengths, limits)
    }


def test_product_must_appear_when_every_breakpoint_gives_a_short_one():
    single = rows([F, R])
    assert single["wild type", "F/R"] == (570, 570, Amplifies.MAY)
    # One breakpoint of the form (the one that ends beyond) lacks R: the product only may appear.
    assert single["Δ1-2", "F/R"] == (100, 124, Amplifies.MAY)
    assert single["Δ1-2 far left", "F/R"] == (None, None, Amplifies.NONE)


def test_lower_bounds_never_make_a_must():
    found = rows([F, D], must=600, may=600)
    assert found["Δ1-2", "F/D"] == (120, None, Amplifies.MAY)
    assert found["wild type", "F/D"] == (920, None, Amplifies.NONE)


def test_limits_include_their_value():
    near = LOCUS.breakpoints[:1]
    small = Locus(**{**{f: getattr(LOCUS, f) for f in LOCUS.__slots__}, "breakpoints": near})
    assays = [Assay("F/R", AssayKind.BREAKPOINT, (Pair(PRIMERS["F"], PRIMERS["R"]),), ())]

    def product(must, may):
        limits = ProductLimits(must, may)
        return products_of(small, assays, [F, R], LENGTHS, limits)[1].product

    assert product(124, 124) is Amplifies.MUST
    assert product(123, 124) is Amplifies.MAY
    assert product(122, 123) is Amplifies.NONE


def test_every_breakpoint_counts_for_a_must_and_one_for_a_may():
    """Two breakpoints with products of 124 and 100 bp."""
    near = LOCUS.breakpoints[:2]
    small = Locus(**{**{f: getattr(LOCUS, f) for f in LOCUS.__slots__}, "breakpoints": near})
    assays = [Assay("F/R", AssayKind.BREAKPOINT, (Pair(PRIMERS["F"], PRIMERS["R"]),), ())]

    def product(must, may):
        row = products_of(small, assays, [F, R], LENGTHS, ProductLimits(must, may))[1]
        assert (row.size_min, row.size_max) == (100, 124)
        return row.product

    assert product(124, 200) is Amplifies.MUST
    assert product(110, 200) is Amplifies.MAY
    assert product(90, 110) is Amplifies.MAY
    assert product(90, 99) is Amplifies.NONE


def test_product_holds_the_primer_as_ordered():
    """A site one base longer than its primer: the product is one base shorter than the genome."""
    longer = site("R", "near", 750, 771, "-")
    assert rows([F, longer])["wild type", "F/R"][:2] == (570, 570)


def test_shortest_of_several_sites_counts():
    other = site("F", "near", 210, 230, "+")
    assert rows([F, other, R])["wild type", "F/R"][:2] == (560, 560)
