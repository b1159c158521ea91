"""Alleles written out by hand from the sequenced junctions.

Their products of 144-236 bp must appear, those of 549-766 bp may.
"""

from itertools import chain, combinations, product

import pytest

from breakpoint_pcr.explanation import Allele, alleles_of, explain, in_exon_order
from breakpoint_pcr.tables import Amplifies, Product


def allele(name, must="", may=""):
    label = name.split(" ")[0]
    return Allele(name, label, frozenset(must.split()), frozenset(may.split()))


SIX = frozenset(["F.2a/R-7", "F.2b/R-7", "F.4/R-7", "F.2a/R-8", "F.2b/R-8", "F.4/R-8"])
ALLELES = (
    allele("Δ4-7", "F.4/R-7"),
    allele("Δ2-7", "F.2a/R-7", "F.2b/R-7"),
    allele("Δ2-7 left variant", "F.2b/R-7"),
    allele("Δ4-8", "F.4/R-8"),
    allele("Δ4-8 second right", "", "F.4/R-8"),
    allele("Δ2-8", "F.2a/R-8", "F.2b/R-8"),
    allele("Δ2-8 second right", "", "F.2a/R-8"),
    allele("Δ2-8 left variant", "F.2b/R-8"),
    allele("Δ2-8 left variant second right", "", "F.2b/R-8"),
)


def explained(*positive, tested=SIX, alleles=ALLELES):
    return explain(frozenset(positive), frozenset(tested), alleles)


def pooled(wells):
    """The alleles as a plate of pooled wells sees them: a well is lit when one of its pairs is."""

    def lit(pairs):
        return frozenset(well for well, members in wells.items() if members & pairs)

    return tuple(Allele(a.name, a.deletion, lit(a.must), lit(a.may) - lit(a.must)) for a in ALLELES)


@pytest.mark.parametrize(
    ("positive", "call", "deletions", "flags"),
    [
        ((), "negative", (), ()),
        (("F.4/R-7",), "Δ4-7", ("Δ4-7",), ()),
        (("F.2a/R-7",), "Δ2-7", ("Δ2-7",), ("long_product_silent",)),
        # One Δ2-7 allele lights both wells: not mixed.
        (("F.2a/R-7", "F.2b/R-7"), "Δ2-7", ("Δ2-7",), ("hidden_variant_not_excluded",)),
        (("F.2b/R-7",), "Δ2-7", ("Δ2-7",), ("variant_breakpoint",)),
        (("F.4/R-8",), "Δ4-8", ("Δ4-8",), ()),
        (("F.4/R-7", "F.4/R-8"), "mixed", ("Δ4-7", "Δ4-8"), ()),
        (
            ("F.4/R-8", "F.2b/R-8", "F.4/R-7"),
            "mixed",
            ("Δ2-8", "Δ4-7", "Δ4-8"),
            ("variant_breakpoint", "check_contamination"),
        ),
    ],
)
def test_patterns_worked_out_by_hand(positive, call, deletions, flags):
    found = explained(*positive)
    assert (found.call, found.deletions, found.candidates, found.flags) == (
        call,
        deletions,
        (),
        flags,
    )


def test_every_smallest_explanation_is_named():
    assert explained("F.4/R-8").alleles == (("Δ4-8",), ("Δ4-8 second right",))
    assert explained("F.2a/R-7", "F.2b/R-7").alleles == (("Δ2-7",),)


def test_long_product_alone_names_the_class_when_the_short_one_is_not_on_the_plate():
    found = explained("F.2b/R-7", tested=SIX - {"F.2a/R-7"})
    # Both forms light F.2b/R-7 and neither is contradicted: no word on the variant.
    assert (found.call, found.flags) == ("Δ2-7", ())


def test_a_well_with_every_forward_primer_cannot_name_the_class():
    wells = {"allF/R-7": frozenset({"F.2a/R-7", "F.2b/R-7", "F.4/R-7"})}
    found = explain(frozenset(wells), frozenset(wells), pooled(wells))
    assert (found.call, found.deletions, found.candidates) == (
        "inconclusive",
        (),
        ("Δ2-7", "Δ4-7"),
    )


def test_certain_class_survives_an_open_one():
    wells = {
        "F.4/R-7": frozenset({"F.4/R-7"}),
        "allF/R-8": frozenset({"F.2a/R-8", "F.2b/R-8", "F.4/R-8"}),
    }
    found = explain(frozenset(wells), frozenset(wells), pooled(wells))
    # Δ4-7 with Δ2-8, or Δ4-7 with Δ4-8: mixed either way, yet the classes are not known.
    assert (found.call, found.deletions, found.candidates) == (
        "inconclusive",
        ("Δ4-7",),
        ("mixed",),
    )


def test_contradiction_is_unexplained_and_keeps_what_is_certain():
    alleles = (allele("Δ2-3", "a b"), allele("Δ4-5", "c"))
    found = explained("a", "c", tested={"a", "b", "c"}, alleles=alleles)
    assert (found.call, found.deletions, found.candidates) == (
        "inconclusive",
        ("Δ2-3", "Δ4-5"),
        (),
    )
    assert found.flags == ("unexplained",)


def test_fewest_alleles_win():
    alleles = (allele("Δ1-2", "a"), allele("Δ3-4", "b"), allele("Δ5-6", "a b"))
    assert explained("a", "b", tested={"a", "b"}, alleles=alleles).call == "Δ5-6"
    # b negative excludes the allele that must light it.
    assert explained("a", tested={"a", "b"}, alleles=alleles).call == "Δ1-2"


def test_classes_stand_in_exon_order():
    assert in_exon_order(["Δ10-12", "Δ2-8", "Δ4-7", "Δ2-8"]) == ("Δ2-8", "Δ4-7", "Δ10-12")


def row(allele, deletion, assay, product):
    return Product(allele, deletion, assay, "f", "r", 100, 100, product)


def test_alleles_of_products():
    rows = [
        row("wild type", "", "one", Amplifies.NONE),
        row("Δ2-7", "Δ2-7", "pool", Amplifies.MAY),
        row("Δ2-7", "Δ2-7", "pool", Amplifies.MUST),
        row("Δ2-7", "Δ2-7", "one", Amplifies.MAY),
        row("Δ2-7", "Δ2-7", "other", Amplifies.NONE),
        row("Δ1-8", "Δ1-8", "one", Amplifies.NONE),
    ]
    assert alleles_of(rows) == (allele("Δ2-7", "pool", "one"),)


def brute_force(positive, tested, alleles):
    """Every set of alleles by growing size, straight from the definition."""
    every = chain.from_iterable(combinations(alleles, n) for n in range(len(alleles) + 1))
    fits = [
        group
        for group in every
        if frozenset().union(*(a.must for a in group)) & tested
        <= positive
        <= frozenset().union(*(a.must | a.may for a in group))
    ]
    size = min(map(len, fits), default=0)
    return {frozenset(a.deletion for a in group) for group in fits if len(group) == size}


@pytest.mark.parametrize("tested", [SIX, SIX - {"F.2a/R-7"}, SIX - {"F.2b/R-8", "F.4/R-7"}])
def test_equals_the_definition_on_every_pattern(tested):
    for values in product([False, True], repeat=len(tested)):
        positive = frozenset(a for a, lit in zip(sorted(tested), values, strict=True) if lit)
        sets = brute_force(positive, tested, ALLELES)
        found = explain(positive, tested, ALLELES)
        assert len(sets) == 1
        assert set(found.deletions) == next(iter(sets))
