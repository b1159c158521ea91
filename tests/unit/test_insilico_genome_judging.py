"""Findings on a genome: each from sites whose meaning is plain."""

import random

import pytest
from insilico_genome_example import (
    PANEL,
    RULE,
    SEQUENCES,
    STRANDS,
    fasta,
    letters,
    made_locus,
    other_strand,
    packed,
    put,
)

from breakpoint_pcr.insilico.alignment import draw
from breakpoint_pcr.insilico.genome.judging import judge_genome
from breakpoint_pcr.insilico.genome.own import own_sites
from breakpoint_pcr.insilico.genome.products import genome_products
from breakpoint_pcr.insilico.genome.records import index_genome
from breakpoint_pcr.insilico.genome.scanning import scan_part
from breakpoint_pcr.insilico.rows import GenomeSite
from breakpoint_pcr.tables import Level, Verdict

LENGTHS = {name: len(text) for name, text in SEQUENCES.items()}
SIZE_MAX = 1000


@pytest.fixture(scope="module")
def own():
    return own_sites(PANEL, SEQUENCES, made_locus(), RULE)


def site(primer, start, strand, sequence=None, target=False):
    """A site on chromosome 9 that reads `sequence` (5'-3' of the primer)."""
    drawing = draw(SEQUENCES[primer], sequence or SEQUENCES[primer], RULE)
    gaps, edits = sum(edit.gap for edit in drawing.edits), len(drawing.edits)
    length = len(sequence or SEQUENCES[primer])
    return GenomeSite(
        *(primer, "chr9", start, start + length, strand, edits - gaps, gaps, edits),
        *(drawing.text, Verdict.CHECK, target),
    )


def judged(sites, own=()):
    products = genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=SIZE_MAX)
    return judge_genome(sites, products, PANEL, own=own)


def only(findings, code):
    return [(f.level, f.subject, f.sentence) for f in findings if f.code == code]


def of_products(sites):
    return only(judged(sites), "off_target_product")


def changed(primer, place, base):
    """Change the base at a place counted from the 3' end."""
    text = SEQUENCES[primer]
    assert text[-place] != base
    return text[: len(text) - place] + base + text[len(text) - place + 1 :]


def test_a_product_of_two_exact_sites_of_one_assay():
    found = of_products([site("F1", 100, "+"), site("R1", 279, "-")])
    sentence = (
        "off-target: one product of 200 bp with {} (in one reaction, and both sites may prime) "
        "in the genome: chr9:101-300, exact"
    )
    assert found == [
        (Level.ERROR, "F1", sentence.format("R1")),
        (Level.ERROR, "R1", sentence.format("F1")),
    ]


# The primer's base and the template's, the complement of what the site reads. Graded in Stadhouders
# 2010, table 1: R1 ends on C. Site T: template A, C-A acceptable; site G: template C, C-C to avoid.
@pytest.mark.parametrize(
    ("sequence", "level"),
    [
        (changed("R1", 1, "T"), Level.ERROR),
        (changed("R1", 1, "G"), Level.WARNING),
        (changed("R1", 12, "G"), Level.ERROR),  # outside the graded bases
        (SEQUENCES["R1"][:12] + SEQUENCES["R1"][13:], Level.WARNING),  # a gap is not graded
    ],
)
def test_the_level_follows_the_grades(sequence, level):
    found = of_products([site("F1", 100, "+"), site("R1", 279, "-", sequence)])
    assert [row[0] for row in found] == [level, level]


def test_an_own_site_primes_whatever_its_grade():
    gapped = SEQUENCES["R1"][:12] + SEQUENCES["R1"][13:]
    found = of_products([site("F1", 100, "+"), site("R1", 279, "-", gapped, target=True)])
    assert [row[0] for row in found] == [Level.ERROR, Level.ERROR]


def test_primers_that_never_meet_are_an_information():
    found = of_products([site("F2", 100, "+"), site("R1", 279, "-")])
    assert [(level, name) for level, name, _ in found] == [(Level.INFO, "F2"), (Level.INFO, "R1")]
    assert "with R1 (never in one reaction) in the genome" in found[0][2]


def test_one_primer_with_itself():
    ((level, name, sentence),) = of_products([site("R2", 100, "+"), site("R2", 279, "-")])
    assert (level, name) == (Level.ERROR, "R2")
    assert sentence.startswith("off-target: one product of 200 bp with itself (in one reaction")


def test_many_products_make_one_finding_with_the_best_places_first():
    worse = changed("R1", 12, "G")
    sites = [site("F1", at, "+") for at in range(0, 10_000, 2000)]
    sites += [site("R1", at + 100 + at // 100, "-", worse) for at in range(0, 8000, 2000)]
    sites.append(site("R1", 8100, "-"))
    found = of_products(sites)
    assert [name for _, name, _ in found] == ["F1", "R1"]
    assert found[0][2].endswith(
        "in the genome: chr9:8,001-8,121, exact; chr9:1-121, 1 edit; chr9:2,001-2,141, 1 edit; "
        "and 2 more"
    )
    assert "5 products of 121 to 181 bp" in found[0][2]


def test_own_sites_that_give_a_product():
    sites = [site("F1", 100, "+", target=True), site("R1", 279, "-", target=True)]
    found = only(judged(sites), "own_product_in_genome")
    assert [(level, name) for level, name, _ in found] == [(Level.ERROR, "F1"), (Level.ERROR, "R1")]


def test_counts_of_off_target_sites():
    sites = [site("F1", 100, "+", target=True), site("F1", 5000, "+")]
    sites += [site("F1", at, "-", changed("F1", 12, "T")) for at in (7000, 9000)]
    sites.append(site("F2", 1, "-"))
    found = {name: text for _, name, text in only(judged(sites), "off_target_sites")}
    assert found["F1"] == "off-target sites in the genome: 1 exact, 2 with 1 edit"
    assert found["F2"] == "sites, none known as its own, in the genome: 1 exact"
    assert found["R1"] == "sites, none known as its own, in the genome: none"
    assert list(found) == list(SEQUENCES)


def test_own_sites_missing_and_repeated(own):
    targets = [site("F1", at, "+", target=True) for at in (100, 9000)]
    targets += [site("F2", 600, "+", target=True), site("P1", 700, "+", target=True)]
    targets.append(site("R1", 3000, "+"))
    findings = judged(targets, own)
    missing = only(findings, "own_site_not_in_genome")
    assert [(level, name) for level, name, _ in missing] == [
        (Level.WARNING, "R1"),
        (Level.WARNING, "R2"),
    ]
    assert "its best other site is chr9:3,001-3,021 strand +, exact;" in missing[0][2]
    assert "best other site" not in missing[1][2]
    ((level, name, sentence),) = only(findings, "own_site_repeated_in_genome")
    assert (level, name) == (Level.WARNING, "F1")
    assert "stands 2 times in the genome (chr9:101-121 strand +, exact; chr9:9,001" in sentence


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("copies", "level"), [(0, Level.WARNING), (1, Level.INFO), (2, Level.WARNING)]
)
def test_products_of_the_control_gene(copies, level, turned):
    names = ("C.r", "C.f") if turned else ("C.f", "C.r")
    sites = []
    for copy in range(copies):
        sites += [site(names[0], 5000 * copy, "+"), site(names[1], 5000 * copy + 99, "-")]
    findings = judged(sites)
    code = "control_product" if copies else "control_product_not_in_genome"
    found = only(findings, code)
    assert [(row[0], row[1]) for row in found] == [(level, "C.f"), (level, "C.r")]
    assert not only(findings, "off_target_product")
    counts = {name: text for _, name, text in only(findings, "off_target_sites")}
    word = "off-target sites" if copies else "sites, none known as its own,"
    assert counts["C.f"] == f"{word} in the genome: none"
    if copies == 1:
        assert found[0][2] == "one product of 120 bp with C.r in the genome: chr9:1-120, exact"


def test_two_forward_primers_of_the_control_gene_are_off_target():
    found = of_products([site("C.f", 100, "+"), site("C.f", 279, "-")])
    assert [(level, name) for level, name, _ in found] == [(Level.ERROR, "C.f")]


def whole(tmp_path, own, text):
    path = packed(tmp_path, fasta({"chrA": text}), "plain")
    sites = scan_part(path, index_genome(path), primers=SEQUENCES, rule=RULE, own=own)
    return judged(sites, own)


def chromosome():
    """The locus at base 2,001 as the reference says, and 700 bases on the record beyond it."""
    rng = random.Random(8)
    first, second = (record.sequence for record in made_locus().records)
    return letters(rng, 2000) + first + letters(rng, 700) + second + letters(rng, 1500)


def test_the_position_of_a_record_that_the_reference_does_not_know(tmp_path, own):
    """2,000 + 4,000 + 700 bases lie before the record beyond; its site of R2 begins at 100."""
    found = only(whole(tmp_path, own, chromosome()), "position_from_genome")
    assert found == [
        (
            Level.INFO,
            "R2",
            "the genome holds its own site at chrA:6,801-6,822 strand -, 1 edit: so beyond, of "
            "unknown position, begins at chrA:6,701 and runs towards higher positions, in the "
            "coordinates of the reference, whose other own sites agree",
        )
    ]


def test_the_position_in_another_assembly(tmp_path, own):
    """The chromosome turned round: 8,500 bases, so the record begins at 8,500 - 6,700."""
    ((_, _, sentence),) = only(
        whole(tmp_path, own, other_strand(chromosome())), "position_from_genome"
    )
    assert "chrA:1,679-1,700 strand +" in sentence
    assert "begins at chrA:1,800 and runs towards lower positions" in sentence
    assert "in the coordinates of this genome, which need not be those of the reference" in sentence


def test_no_position_when_the_site_stands_twice(tmp_path, own):
    text = chromosome() + made_locus().records[1].sequence
    findings = whole(tmp_path, own, text)
    assert not only(findings, "position_from_genome")
    assert [name for _, name, _ in only(findings, "own_site_repeated_in_genome")] == ["R2"]


def test_a_wild_type_genome_is_without_errors(tmp_path, own):
    """F1 at 500 and R1 at 3,970 of the locus lie 3,491 bp apart; the control gene lies behind."""
    product = SEQUENCES["C.f"] + letters(random.Random(1), 80) + other_strand(SEQUENCES["C.r"])
    text = put(chromosome(), {8000 - 500: product})
    findings = whole(tmp_path, own, text)
    assert {f.level for f in findings} == {Level.INFO}
    assert {f.scope for f in findings} == {"primer"}
    assert {f.subject for f in findings} == set(STRANDS)
