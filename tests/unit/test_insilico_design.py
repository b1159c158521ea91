"""What the kept assays tell apart, on made-up products."""

from itertools import chain, combinations

import pytest
from madeup_locus import assay

from breakpoint_pcr.explanation import alleles_of, explain
from breakpoint_pcr.insilico.design import design_of, judge_design
from breakpoint_pcr.tables import Amplifies, Level, Product

ASSAYS = [
    assay("P", ("F", 1, "R", 3)),
    assay("Q", ("G", 2, "R", 3)),
    assay("L", ("H", 2, "S", 4)),
]
WORDS = {"!": Amplifies.MUST, "?": Amplifies.MAY, "-": Amplifies.NONE}


def products(**alleles):
    """Products such as `d13="P! Q?"`: the allele of Δ1-3 lights P for sure, Q perhaps."""
    names = {key: f"Δ{key[1]}-{key[2]}" for key in alleles}
    return [
        Product(names[key] + key[3:].replace("_", " "), names[key], lit[:-1], "f", "r", *rest)
        for key, text in alleles.items()
        for lit in text.split()
        for rest in [(100, 100, WORDS[lit[-1]])]
    ]


def resolved(kept="PQL", **alleles):
    held = [one for one in ASSAYS if one.name in kept]
    return {row.form: row for row in design_of(held, products(**alleles))}


def test_each_class_by_its_own_assay():
    found = resolved(d13="P! Q-", d23="Q! P-")
    assert [(r.deletion, r.assays, r.seen, r.long_only) for r in found.values()] == [
        ("Δ1-3", ("P",), True, False),
        ("Δ2-3", ("Q",), True, False),
    ]
    assert all(row.confused_with == () for row in found.values())


def test_forms_of_one_class_are_not_confused():
    found = resolved(d13="P! Q?", d13_left="Q!")
    assert found["Δ1-3"].assays == ("P", "Q")
    assert found["Δ1-3 left"].confused_with == found["Δ1-3"].confused_with == ()


def test_assays_that_are_not_kept_show_nothing():
    found = resolved("Q", d13="P! Q-", d23="Q!")
    assert (found["Δ1-3"].seen, found["Δ1-3"].assays) == (False, ())
    assert found["Δ1-3"].confused_with == ("negative",)
    assert found["Δ2-3"].confused_with == ()


def test_long_product_alone_may_read_as_negative():
    row = resolved("QL", d13="P! Q?")["Δ1-3"]
    assert (row.seen, row.long_only, row.confused_with) == (True, True, ("negative",))


def test_classes_of_one_well():
    found = resolved("P", d13="P!", d23="P!", d24="P?")
    assert found["Δ1-3"].confused_with == ("Δ2-3", "Δ2-4")
    assert found["Δ2-4"].confused_with == ("negative", "Δ1-3", "Δ2-3")


def test_a_long_product_can_make_the_difference():
    """With P alone the two read the same; when L appears too, Δ1-3 cannot be it."""
    found = resolved(d13="P!", d24="P! L?")
    assert found["Δ2-4"].confused_with == ("Δ1-3",)
    assert found["Δ1-3"].confused_with == ("Δ2-4",)
    certain = resolved(d13="P!", d24="P! L!")
    assert {row.confused_with for row in certain.values()} == {()}


def test_rivals_that_meet_in_one_pattern_only():
    """Δ1-3 lights P, perhaps L; Δ2-4 lights L, perhaps P: both wells positive are either."""
    found = resolved(d13="P! L?", d24="L! P?")
    assert found["Δ1-3"].confused_with == ("Δ2-4",)
    assert found["Δ2-4"].confused_with == ("Δ1-3",)


def test_long_products_that_meet_in_one_well():
    found = resolved(d13="P? Q?", d24="Q? L?")
    assert found["Δ1-3"].confused_with == ("negative", "Δ2-4")


CHOICES = ["P! Q? L?", "P? Q?", "P! Q!", "Q? L!", "P? Q? L?", "L?", "P!", "Q! L?"]


@pytest.mark.parametrize("picked", list(combinations(CHOICES, 3)), ids=" | ".join)
def test_the_patterns_looked_at_suffice(picked):
    """Against every subset of the long products."""
    rows = products(**dict(zip(("d13", "d23", "d24"), picked, strict=True)))
    alleles, tested = alleles_of(rows), frozenset("PQL")
    for row in design_of(ASSAYS, rows):
        allele = next(a for a in alleles if a.name == row.form)
        subsets = chain.from_iterable(
            combinations(sorted(allele.may), n) for n in range(len(allele.may) + 1)
        )
        calls = set()
        for more in subsets:
            found = explain(allele.must | set(more), tested, alleles)
            calls.update(found.candidates or (found.call,))
        assert set(row.confused_with) == calls - {row.deletion}


def test_findings():
    rows = design_of(
        ASSAYS[:1], products(d13="P!", d23="P!", d24="P-", d13_left="P?", d13_far="P-")
    )
    found = [(f.subject, f.code, f.level) for f in judge_design(ASSAYS[:1], rows)]
    assert found == [
        ("Δ1-3", "class_not_resolved", Level.WARNING),
        ("Δ2-4", "allele_not_seen", Level.INFO),
        ("Δ1-3 left", "long_product_only", Level.INFO),
        ("Δ1-3 far", "allele_not_seen", Level.WARNING),
    ]
