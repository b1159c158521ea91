"""All patterns of the six pairs, and of other plate designs, against the decision tables."""

import csv
from itertools import product
from pathlib import Path

import pytest

from breakpoint_pcr.explanation import Allele, explain

FACTS = Path(__file__).parents[2].parent / "shared" / "facts"
pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="../shared/facts is not there")

# Products of the sequenced junctions: must up to 236 bp, may from 549 bp.
SIGNATURES = {
    "Δ4-7": ("F.4/R-7", ""),
    "Δ2-7": ("F.2a/R-7", "F.2b/R-7"),
    "Δ2-7 left variant": ("F.2b/R-7", ""),
    "Δ4-8": ("F.4/R-8", ""),
    "Δ2-8": ("F.2a/R-8", "F.2b/R-8"),
    "Δ2-8 left variant": ("F.2b/R-8", ""),
}
SECOND_RIGHT = {
    "Δ4-8 second right": ("", "F.4/R-8"),
    "Δ2-8 second right": ("", "F.2a/R-8"),
    "Δ2-8 left variant second right": ("", "F.2b/R-8"),
}
FLAGS = {
    "by F.2b only": "variant_breakpoint",
    "silent": "long_product_silent",
    "explains both F.2 wells": "hidden_variant_not_excluded",
    "check for contamination": "check_contamination",
}


def rows(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def alleles(signatures, wells):
    def lit(pair):
        return frozenset(well for well, pairs in wells.items() if pair in pairs)

    return [
        Allele(name, name.split(" ")[0], lit(must), lit(may) - lit(must))
        for name, (must, may) in signatures.items()
    ]


@pytest.mark.parametrize("signatures", [SIGNATURES, SIGNATURES | SECOND_RIGHT])
def test_six_pairs(signatures):
    table = rows("decision_table_6_pairs.tsv")
    pairs = list(table[0])[:6]
    models = alleles(signatures, {pair: {pair} for pair in pairs})
    assert len(table) == 64
    for row in table:
        found = explain(
            frozenset(pair for pair in pairs if row[pair] == "1"), frozenset(pairs), models
        )
        assert found.call == row["call"], row
        assert "+".join(found.deletions) == row["classes"], row
        assert set(found.flags) == {flag for text, flag in FLAGS.items() if text in row["flags"]}


def members(well):
    """The pairs of a pooled well: `F.2a+F.2b/R-7`, `allF/R-7`, `allF/allR`."""
    forwards, reverses = well.split("/")
    forwards = forwards.replace("allF", "F.2a+F.2b+F.4").split("+")
    reverses = reverses.replace("allR", "R-7+R-8").split("+")
    return {f"{f}/{r}" for f, r in product(forwards, reverses)}


def classified(wells):
    models = alleles(SIGNATURES, wells)
    for values in product([0, 1], repeat=len(wells)):
        positive = frozenset(well for well, lit in zip(wells, values, strict=True) if lit)
        found = explain(positive, frozenset(wells), models)
        unexplained = "unexplained" in found.flags
        yield "unexplained" if unexplained else found.call


@pytest.mark.parametrize(
    "design", rows("designs.tsv") if FACTS.is_dir() else [], ids=lambda d: d["design"]
)
def test_other_designs(design):
    wells = {well: members(well) for well in design["well_names"].split("; ")}
    calls = list(classified(wells))
    names = {"ambiguous": "inconclusive"} | {f"D{c[1:]}": c for c in SIGNATURES}
    for column in ("negative", "D4-7", "D2-7", "D4-8", "D2-8", "mixed", "ambiguous", "unexplained"):
        assert calls.count(names.get(column, column)) == int(design[column]), column
    assert len(calls) == 2 ** int(design["wells"])
