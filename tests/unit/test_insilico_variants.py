"""Variants under oligos: places worked out by hand on both strands, levels, findings."""

import random
from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.placements import place
from breakpoint_pcr.insilico.rows import Variant
from breakpoint_pcr.insilico.variants import (
    KnownAllele,
    OligoSite,
    VariantLimits,
    check_variants,
    oligo_sites,
    variants_under,
)
from breakpoint_pcr.insilico.variants.changes import Change, change_of, effect
from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Panel, Primer
from breakpoint_pcr.reference import Exon, Locus, Record
from breakpoint_pcr.tables import Level

RULE = Conditions.from_config(read_yaml(Path("config/config.yaml"))["primers"]).rule
#        k 0         1
#          01234567890123456789      place of base k: 20 - k
FORWARD = "GTACTGTTCCCTTTCTAATG"
REVERSE = "CAGGATCCTAGACTTGACAC"
FIRST = 1001  # chromosome position of the record's first base
# The forward site begins at index 1500: base k has position 2501 + k.
# The reverse site begins at index 2500: the base at position 3501 + j has place 1 + j.
LIMITS = VariantLimits(0.01, 1000, ())


def turned(text):
    return text[::-1].translate(str.maketrans("ACGTRY", "TGCAYR"))


def bench(forward=FORWARD, reverse=REVERSE, *, behind="T", site=None, downstream=False):
    """One locus with the sites in 4,000 bases of T; `behind` follows the forward site."""
    first = site or FORWARD
    text = "T" * 1500 + first + behind + "T" * (980 - len(behind) - len(first) + 20)
    text += turned(REVERSE) + "T" * 1480
    records = [Record("near", text, "chrZ", FIRST, "", "")]
    if downstream:
        records = [
            Record("near", text[:2500] + "T" * 20 + text[2520:], "chrZ", FIRST, "", ""),
            Record("beyond", "T" * 50 + turned(REVERSE) + "T" * 50, "chrZ", None, "", ""),
        ]
    exons = tuple(Exon(n, s, s + 100) for n, s in ((1, 1000), (2, 1700), (3, 3000)))
    reference = Locus("G", "made", "NC_9.1", "X", "", tuple(records), exons, ())
    one = Primer("fw", OligoKind.PRIMER, forward, "+", 2, "")
    other = Primer("rv", OligoKind.PRIMER, reverse, "-", 2, "")
    assay = Assay("fw/rv", AssayKind.BREAKPOINT, (Pair(one, other),), ())
    panel = Panel("made", "1", "", "", (one, other), (assay,), (), (), "")
    found = place(panel.primers, {p.name: p.sequence for p in panel.primers}, reference, RULE)
    return panel, found, reference


def known(position, reference, alternative, frequency=0.2, *, name="rs1", last=None, record="near"):
    end = position + len(reference) - 1 if last is None else last
    return KnownAllele(record, "Z", position, end, name, reference, alternative, frequency, "AF")


def rows(*alleles, **settings):
    return variants_under(alleles, oligo_sites(*bench(**settings)), frequency_min=0.01)


def said(row):
    return row.primer, row.place, row.level


def check(*alleles, **settings):
    return check_variants(alleles, *bench(**settings), LIMITS)


@pytest.mark.parametrize(
    ("allele", "expected"),
    [
        # Substitutions: base k of the forward site at 2501 + k, place 20 - k.
        (known(2520, "G", "A"), [("fw", 1)]),
        (known(2501, "G", "A"), [("fw", 20)]),
        (known(2500, "T", "A"), []),
        (known(2521, "T", "A"), []),
        # Two bases, k = 15 and 16 (TA): the nearer one counts, place 4.
        (known(2516, "TA", "GC"), [("fw", 4)]),
        # Only k = 15 of them changes: place 5.
        (known(2516, "TA", "GA"), [("fw", 5)]),
        # Three bases from two before the site on: only k = 0 is in it.
        (known(2499, "TTG", "AAA"), [("fw", 20)]),
        # The reverse primer reads the other strand: its 3' end is the first base of the site.
        (known(3501, "G", "A"), [("rv", 1)]),
        (known(3520, "G", "A"), [("rv", 20)]),
        (known(3500, "T", "A"), []),
        (known(3521, "T", "A"), []),
    ],
)
def test_place_of_substitutions(allele, expected):
    assert [(row.primer, row.place) for row in rows(allele)] == expected


@pytest.mark.parametrize(
    ("allele", "expected"),
    [
        # One C of CCC, k = 8 to 10, places 12, 11, 10; written at the left, the nearest is 10.
        (known(2508, "TC", "T"), [("fw", 10)]),
        # The same deletion written at the right, as old files do.
        (known(2510, "CC", "C"), [("fw", 10)]),
        # Two bases, k = 16 and 17 (AA): place 3.
        (known(2516, "TAA", "T"), [("fw", 3)]),
        # The terminal base.
        (known(2519, "TG", "T"), [("fw", 1)]),
        # Begins 10 before the site and takes away k = 0 to 2 (GTA): k = 2 is nearest, place 18.
        (known(2490, "T" * 11 + "GTA", "T"), [("fw", 18)]),
        # Ends right before the site, and begins right behind it.
        (known(2490, "T" * 11, "T"), []),
        (known(2520, "GTTT", "G"), []),
        # A T more in TTT, k = 11 to 13: at the latest between k = 13 and 14, place of k = 13.
        (known(2511, "C", "CT"), [("fw", 7)]),
        # A C between k = 18 and 19, the last two: as an alignment counts, place 2.
        (known(2519, "T", "TC"), [("fw", 2)]),
        # An A behind the terminal base, or before the first: between site and flank.
        (known(2520, "G", "GA"), []),
        (known(2500, "T", "TA"), []),
        # Two bases become three: k = 4 and 5 (TG), place 15.
        (known(2505, "TG", "AAC"), [("fw", 15)]),
        # Reverse site GTGTCAAGTCTAGGATCCTG: j = 1 and 2 (TG) lost, place 2; but GTGT is a repeat,
        # so the two lost may as well be j = 0 and 1: place 1.
        (known(3501, "GTG", "G"), [("rv", 1)]),
        # AA at j = 5 and 6: one of them lost, the nearest is j = 5, place 6.
        (known(3505, "CA", "C"), [("rv", 6)]),
        # A C between j = 0 and 1: place of j = 1, which lies towards the 5' end.
        (known(3501, "G", "GC"), [("rv", 2)]),
    ],
)
def test_place_of_insertions_and_deletions(allele, expected):
    assert [(row.primer, row.place) for row in rows(allele)] == expected


def test_repeat_that_goes_on_behind_the_site_leaves_it_whole():
    """GGGG at the 3' end, three of them behind the site: one less changes nothing of it."""
    found = check(known(2519, "TG", "T"), behind="GGG")
    assert [said(row) for row in found.rows] == [("fw", 1, Level.INFO)]
    assert "stays whole" in next(
        f.sentence for f in found.findings if f.code == "variant_spares_site"
    )
    # With four of four gone the site loses its last base.
    found = check(known(2519, "TGGGG", "T"), behind="GGG")
    assert [said(row) for row in found.rows] == [("fw", 1, Level.WARNING)]


def test_insertion_at_the_edge_of_a_repeat_leaves_the_site_whole():
    """A fifth G: between k = 19 and the base behind it as well as before k = 19."""
    row = rows(known(2519, "T", "TG"), behind="GGG")[0]
    assert said(row) == ("fw", 2, Level.INFO)


@pytest.mark.parametrize(
    ("allele", "expected"),
    [
        # POS is the base before the event: the deletion takes k = 0 to 4, place 16.
        (known(2500, "T", "<DEL>", last=2505), [("fw", 16)]),
        (known(2400, "T", "<DEL:ME:ALU>", last=2500), []),
        (known(2400, "T", "<CN0>", last=4000), [("fw", 1), ("rv", 1)]),
        (known(2400, "T", "<INV>", last=2510), [("fw", 11)]),
        (known(2400, "T", "<DUP>", last=4000), []),
        (known(2400, "T", "<CN2>", last=4000), []),
        # Between POS and the next base.
        (known(2510, "C", "<INS:ME:LINE1>"), [("fw", 11)]),
        (known(2520, "G", "<INS>"), []),
        # Joined behind POS, and before it: k = 9 | 10 and 8 | 9; then at the edge.
        (known(2510, "C", "C[chr2:321681["), [("fw", 11)]),
        (known(2510, "C", "]chr2:321681]C"), [("fw", 12)]),
        (known(2501, "G", "]chr2:321681]G"), []),
        (known(2510, "C", "C."), [("fw", 11)]),
        (known(2510, "C", ".C"), [("fw", 12)]),
    ],
)
def test_structural_variants(allele, expected):
    assert [(row.primer, row.place) for row in rows(allele)] == expected


def test_level_follows_the_frequency():
    levels = [rows(known(2510, "C", "A", f))[0].level for f in (0.01, 0.0099, None)]
    assert levels == [Level.WARNING, Level.INFO, Level.INFO]


def test_row_says_what_the_vcf_says():
    allele = known(2510, "C", "A", 0.25, name="rs7;rs8")
    assert rows(allele) == [
        Variant("fw", "Z", 2510, "rs7;rs8", "C", "A", 0.25, 11, Level.WARNING, "AF")
    ]


def test_rows_come_from_the_3_prime_end_on_and_once():
    alleles = [known(2501, "G", "A"), known(2520, "G", "A", 0.1), known(2520, "G", "C", 0.4)]
    found = rows(known(3501, "G", "A"), *alleles, *alleles)
    assert [(row.primer, row.place, row.alternative) for row in found] == [
        ("fw", 1, "C"),
        ("fw", 1, "A"),
        ("fw", 20, "A"),
        ("rv", 1, "A"),
    ]


@pytest.mark.parametrize(
    ("position", "reference", "alternative", "words"),
    [
        # Terminal base G of the primer over the new template base (the complement of the site's).
        # Stadhouders 2010, table 1: G-A and G-G avoid; G-T acceptable.
        (2520, "G", "T", "G of the primer meets T of the site at base 1 from the 3' end (avoid"),
        (2520, "G", "C", "meets C of the site at base 1 from the 3' end (avoid"),
        (2520, "G", "A", "meets A of the site at base 1 from the 3' end (acceptable"),
        # Third base A (k = 17): all are acceptable from place 3 on.
        (2518, "A", "T", "A of the primer meets T of the site at base 3 from the 3' end (accept"),
        (2515, "C", "A", "at base 6 from the 3' end (outside the graded bases)"),
        (2519, "TG", "T", "nearest at base 1 from the 3' end (not gradable)"),
        # Reverse primer, place 1 its C over template G; with A on the plus strand the primer's
        # strand reads T, its template A: C-A is acceptable; with T it reads A, template T: avoid.
        (3501, "G", "A", "C of the primer meets T of the site at base 1 from the 3' end (accept"),
        (3501, "G", "T", "C of the primer meets A of the site at base 1 from the 3' end (avoid"),
    ],
)
def test_warning_grades_the_mismatch(position, reference, alternative, words):
    found = check(known(position, reference, alternative, 0.123))
    warning = [f for f in found.findings if f.level is Level.WARNING]
    assert [f.code for f in warning] == ["variant_under_primer"]
    assert words in warning[0].sentence
    assert f"rs1 {reference}>{alternative} at Z:{position:,}, frequency 0.123:" in (
        warning[0].sentence
    )


def test_one_warning_per_oligo_names_the_worst_and_counts_the_others():
    found = check(
        known(2505, "T", "A", 0.5, name="far"),
        known(2518, "A", "T", 0.02, name="near"),
        known(2518, "A", "C", 0.01, name="rarer"),
        known(3510, "C", "G", 0.3, name="other"),
    )
    warnings = [f for f in found.findings if f.level is Level.WARNING]
    assert [f.subject for f in warnings] == ["fw", "rv"]
    assert "near A>T" in warnings[0].sentence
    assert "2 further variants with a frequency of 0.01 or more" in warnings[0].sentence
    assert "further" not in warnings[1].sentence


def test_rare_ones_are_counted_in_one_line():
    found = check(
        known(2505, "T", "A", 0.001),
        known(2518, "A", "T", None),
        known(3501, "G", "A", 0.002),
    )
    lines = [f for f in found.findings if f.code == "rare_variants"]
    assert [(f.level, f.subject) for f in lines] == [(Level.INFO, "panel made")]
    assert lines[0].sentence == (
        "rare variants under the oligos: 2 below 0.01, 1 without a frequency (fw 2, rv 1); "
        "2 of them within 5 bases of the 3' end"
    )


def test_letter_of_the_primer_that_stands_for_both_alleles():
    """k = 15 is T or C (Y) in the primer: T>C is accepted, T>A is not."""
    primer = FORWARD[:15] + "Y" + FORWARD[16:]
    found = check(known(2516, "T", "C", 0.4), forward=primer)
    assert [said(row) for row in found.rows] == [("fw", 5, Level.INFO)]
    line = next(f for f in found.findings if f.code == "variant_accepted")
    assert line.sentence.endswith("accepted, the oligo has Y at base 5 from the 3' end")
    found = check(known(2516, "T", "A", 0.4), forward=primer)
    assert [said(row) for row in found.rows] == [("fw", 5, Level.WARNING)]
    # One of two changed bases is covered: the other one still hinders.
    found = check(known(2516, "TA", "CC", 0.4), forward=primer)
    assert [said(row) for row in found.rows] == [("fw", 4, Level.WARNING)]


def test_letter_of_a_reverse_primer():
    """Place 2 is R (A or G): over it the plus strand may have T or C, at 3502."""
    primer = REVERSE[:-2] + "R" + REVERSE[-1]
    assert said(rows(known(3502, "T", "C"), reverse=primer)[0]) == ("rv", 2, Level.INFO)
    assert said(rows(known(3502, "T", "A"), reverse=primer)[0]) == ("rv", 2, Level.WARNING)


def test_primer_that_carries_the_alternative_base():
    """The site has C at k = 4, the primer T: the allele C>T mends the mismatch."""
    site = FORWARD[:4] + "C" + FORWARD[5:]
    found = check(known(2505, "C", "T", 0.9), site=site)
    assert [said(row) for row in found.rows] == [("fw", 16, Level.INFO)]
    line = next(f for f in found.findings if f.code == "variant_accepted")
    assert "carries the alternative base at base 16" in line.sentence


def test_gapped_site_counts_places_as_its_alignment_does():
    """The site has one A more between k = 9 and 10 of the primer: places beyond it keep theirs."""
    site = FORWARD[:9] + "A" + FORWARD[9:]
    expected = {2501: 20, 2509: 12, 2510: 12, 2511: 11, 2521: 1}
    for position, number in expected.items():
        base = site[position - 2501]
        other = "A" if base != "A" else "G"
        found = rows(known(position, base, other), site=site)
        assert [row.place for row in found] == [number]


def test_oligo_whose_site_is_not_placed_on_the_chromosome_is_said_to_be_unchecked():
    found = check(known(2600, "T", "A"), downstream=True)
    lines = [f for f in found.findings if f.code == "variants_not_checked"]
    assert [(f.level, f.subject) for f in lines] == [(Level.INFO, "rv")]
    assert "record beyond, whose place on the chromosome is not known" in lines[0].sentence
    assert [f.code for f in found.findings] == ["variants_not_checked", "variants_checked"]


def test_oligo_without_any_record_nearby_is_said_to_be_unchecked():
    """Nearest bases allowed: 1,000 before 2501 and 1,000 behind 2520."""
    for position, codes in ((1501, ["variants_checked"]), (3520, ["variants_checked"])):
        found = check(known(position, "T", "A"), known(3600, "T", "A"))
        assert [f.code for f in found.findings][-1:] == codes
        assert not [f for f in found.findings if f.subject == "fw"]
    for position in (1500, 3521):
        found = check(known(position, "T", "A"))
        lines = [f for f in found.findings if f.code == "variants_not_checked"]
        assert "fw" in [f.subject for f in lines]
        assert "nothing within 1,000 nt" in lines[0].sentence


def test_no_variant_at_all_is_no_pass():
    found = check()
    assert [f.code for f in found.findings] == [
        "variants_not_checked",
        "variants_not_checked",
        "variants_checked",
    ]


def trimmed_by_hand(text, start, end, bases):
    return text[:start] + bases + text[end:]


def test_touching_and_sparing_against_every_way_to_write_the_allele():
    """Small alphabet, many repeats: each way to write a deletion or insertion is tried."""
    draws = random.Random(5)
    seen = set()
    for _ in range(3000):
        text = "".join(draws.choices("AC", k=24))
        strand = draws.choice("+-")
        places = range(6, 0, -1) if strand == "+" else range(1, 7)
        primer = text[9:15] if strand == "+" else turned(text[9:15])
        letters = primer if strand == "+" else primer[::-1]
        site = OligoSite(
            "p",
            strand,
            Record("r", text, "c", 1, "", ""),
            9,
            15,
            tuple(zip(places, letters, strict=True)),
        )
        start, length = draws.randrange(2, 20), draws.randrange(1, 4)
        if draws.random() < 0.5:
            change = Change(start, start + length, "")
            allele = trimmed_by_hand(text, start, start + length, "")
            ways = [
                set(range(s, s + length)) & set(range(9, 15))
                for s in range(len(text) - length + 1)
                if trimmed_by_hand(text, s, s + length, "") == allele
            ]
            numbers = {places[base - 9] for way in ways for base in way}
        else:
            change = Change(start, start, "".join(draws.choices("AC", k=length)))
            allele = trimmed_by_hand(text, start, start, change.bases)
            ways = [
                {s} & set(range(10, 15))
                for s in range(len(text) + 1)
                if trimmed_by_hand(text, s, s, allele[s : s + length]) == allele
            ]
            behind = 1 if strand == "+" else 0
            numbers = {places[point - behind - 9] for way in ways for point in way}
        found = effect(change, site)
        assert (found is not None) == bool(numbers)
        if found:
            assert found.place == min(numbers)
            if not all(ways):
                assert found.harmless
            if found.harmless:
                assert text[9:15] in allele
            seen.add(found.harmless)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("reference", "alternative", "expected"),
    [
        ("A", "G", Change(10, 11, "G")),
        ("CTA", "CGA", Change(11, 12, "G")),  # one base, padded on both sides
        ("CTA", "C", Change(11, 13, "")),
        ("C", "CTA", Change(11, 11, "TA")),
        ("CA", "CTA", Change(11, 11, "T")),  # shared behind and in front
        ("CTA", "GG", Change(10, 13, "GG")),
        ("CT", "CT", None),
    ],
)
def test_shared_bases_are_cut_off(reference, alternative, expected):
    assert change_of(10, 10 + len(reference) - 1, reference, alternative) == expected
