"""The site search against an exhaustive search written as the rule reads."""

import random
from functools import cache
from itertools import pairwise, product

import exhaustive_sites
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breakpoint_pcr.errors import PanelError
from breakpoint_pcr.insilico import sites as sites_module
from breakpoint_pcr.insilico.nucleotides import expansion_count
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import EXPANSIONS_MAX, Hit, queries, search

CODES = {
    **{base: base for base in "ACGT"},
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
    "N": "ACGT",
}
RULES = [
    SearchRule(*values) for values in ((3, 1, 10), (3, 2, 10), (2, 0, 4), (5, 3, 15), (0, 0, 1))
]


def other_strand(text):
    return text[::-1].translate(str.maketrans("ACGTN", "TGCAN"))


@cache
def distance(primer, text):
    """Edit distance by the textbook recursion; the letters of the primer are IUPAC codes."""
    if not primer or not text:
        return len(primer) + len(text)
    pair = distance(primer[:-1], text[:-1]) + (text[-1] not in CODES[primer[-1]])
    return min(pair, distance(primer[:-1], text) + 1, distance(primer, text[:-1]) + 1)


def edits_of_stretch(primer, stretch, rule):
    """Return the fewest edits under the rule, or None: every cut of the stretch is tried."""
    cut = max(0, len(primer) - rule.three_prime_nt)
    fits = []
    for at in range(len(stretch) + 1):
        if not cut and at:
            continue
        tail = distance(primer[cut:], stretch[at:])
        total = tail + distance(primer[:cut], stretch[:at])
        if tail <= rule.three_prime_edits_max and total <= rule.edits_max:
            fits.append(total)
    return min(fits, default=None)


def exhaustive(primer, text, rule):
    """Return {(strand, 3' end): fewest edits} over every stretch of the text."""
    found = {}
    for strand, reading in (("+", text), ("-", other_strand(text))):
        for start, length in product(
            range(len(reading)), range(1, len(primer) + rule.edits_max + 1)
        ):
            stretch = reading[start : start + length]
            edits = edits_of_stretch(primer, stretch, rule) if len(stretch) == length else None
            if edits is not None:
                end = start + length if strand == "+" else len(text) - start - length
                found[strand, end] = min(edits, found.get((strand, end), edits))
    return found


def three_prime_end(hit: Hit) -> int:
    return hit.end if hit.strand == "+" else hit.start


def check_against_exhaustive(primer, text, rule):
    hits = search(queries({"p": primer}, rule), text.encode(), rule)
    truth = exhaustive(primer, text, rule)
    for hit in hits:
        stretch = text[hit.start : hit.end]
        own = stretch if hit.strand == "+" else other_strand(stretch)
        assert hit.sequence == own
        assert (
            edits_of_stretch(primer, own, rule)
            == hit.edits
            == truth[hit.strand, three_prime_end(hit)]
        )
    ends = [(hit.strand, three_prime_end(hit), hit.edits) for hit in hits]
    for (strand, end), edits in truth.items():
        near = [e for s, at, e in ends if s == strand and abs(at - end) <= rule.edits_max]
        assert near, f"{primer} in {text}: site that ends at {end} {strand} is missing"
        assert min(near) <= edits
    for strand in "+-":
        own = sorted(at for s, at, _ in ends if s == strand)
        assert all(b - a > rule.edits_max for a, b in pairwise(own))
    return hits


@st.composite
def primers_and_texts(draw):
    """Short texts over few letters, with damaged copies of the primer in them."""
    letters = draw(st.sampled_from(["AC", "ACGT", "ACGTN", "AG"]))
    primer = draw(
        st.text(
            st.sampled_from(draw(st.sampled_from(["AC", "ACGT", "ACGTRYN"]))),
            min_size=8,
            max_size=12,
        )
    )
    rng = random.Random(draw(st.integers(0, 10**6)))
    text = "".join(rng.choices(letters, k=rng.randrange(0, 30)))
    for _ in range(rng.randrange(1, 3)):
        copy = damaged("".join(rng.choice(CODES[x]) for x in primer), rng, rng.randrange(0, 4))
        text += rng.choice([copy, other_strand(copy)]) + "".join(
            rng.choices(letters, k=rng.randrange(0, 8))
        )
    return primer, text


def damaged(sequence, rng, edits):
    for _ in range(edits):
        at = rng.randrange(len(sequence) + 1)
        kind = rng.choice("smi")
        if kind == "i" or at == len(sequence):
            sequence = sequence[:at] + rng.choice("ACGT") + sequence[at:]
        else:
            sequence = (
                sequence[:at] + (rng.choice("ACGT") if kind == "s" else "") + sequence[at + 1 :]
            )
    return sequence


@settings(deadline=None, max_examples=60, derandomize=True)
@given(case=primers_and_texts(), rule=st.sampled_from(RULES))
def test_search_equals_the_exhaustive_search(case, rule):
    check_against_exhaustive(*case, rule)
    distance.cache_clear()


@pytest.mark.parametrize("rule", RULES[:3], ids=str)
def test_search_equals_the_exhaustive_search_on_random_sequence(rule):
    rng = random.Random(7)
    text = "".join(rng.choices("ACGT", k=600))
    primer = text[300:311]
    assert any(not hit.edits for hit in check_against_exhaustive(primer, text, rule))
    distance.cache_clear()


def test_every_planted_site_is_found():
    """400 copies with up to one edit in the last ten bases and three in all, in 40 kb."""
    rule, rng = SearchRule(3, 1, 10), random.Random(11)
    primer = "".join(rng.choices("ACGT", k=22))
    parts, planted, at = [], [], 0
    for _ in range(400):
        tail_edits = rng.randrange(2)
        copy = damaged(primer[:12], rng, rng.randrange(4 - tail_edits)) + damaged(
            primer[12:], rng, tail_edits
        )
        strand = rng.choice("+-")
        spacer = "".join(rng.choices("ACGT", k=80))
        parts += [spacer, copy if strand == "+" else other_strand(copy)]
        begin = at + len(spacer)
        at = begin + len(copy)
        planted.append((strand, at if strand == "+" else begin))
    hits = search(queries({"p": primer}, rule), "".join(parts).encode(), rule)
    ends = {(hit.strand, three_prime_end(hit)) for hit in hits}
    missing = [(s, e) for s, e in planted if not any((s, e + d) in ends for d in range(-3, 4))]
    assert missing == []


def test_pieces_of_a_record_join_without_a_seam(monkeypatch):
    rng = random.Random(5)
    text = "".join(rng.choices("ACGT", k=900))
    rule = SearchRule(3, 1, 10)
    wanted = queries(
        {"a": text[95:115], "b": other_strand(text[190:212]), "c": text[880:900]}, rule
    )
    whole = search(wanted, text.encode(), rule)
    assert {(h.primer, h.start, h.strand) for h in whole if not h.edits} == {
        ("a", 95, "+"),
        ("b", 190, "-"),
        ("c", 880, "+"),
    }
    for size in (1, 7, 100):
        monkeypatch.setattr(sites_module, "PIECE_NT", size)
        assert search(wanted, text.encode(), rule) == whole


def test_primer_may_hang_over_both_ends_of_a_record():
    primer = "ACGGTCATTGCAAGGCT"
    rule = SearchRule(3, 1, 10)
    left = search(queries({"p": primer}, rule), (primer[3:] + "T" * 40).encode(), rule)
    right = search(queries({"p": primer}, rule), ("T" * 40 + primer[:-1]).encode(), rule)
    assert [(h.start, h.end, h.edits, h.gaps) for h in left] == [(0, 14, 3, 3)]
    assert [(h.start, h.end, h.edits, h.gaps) for h in right] == [(40, 56, 1, 1)]


@pytest.mark.parametrize(
    ("primer", "text", "edits"),
    [
        ("ACGTRCATTGCAAGGCT", "ACGTGCATTGCAAGGCT", 0),  # R is A or G
        ("ACGTRCATTGCAAGGCT", "ACGTCCATTGCAAGGCT", 1),  # ... not C
        ("ACGTNCATTGCAAGGCT", "ACGTTCATTGCAAGGCT", 0),  # N is any base
        ("ACGTNCATTGCAAGGCT", "ACGTNCATTGCAAGGCT", 1),  # an unknown base of the reference is none
        ("ACGTACATTGCAAGGCT", "acgtacattgcaaggct", 0),  # soft-masked
    ],
)
def test_letters_beyond_the_four(primer, text, edits):
    rule = SearchRule(3, 1, 10)
    hits = search(queries({"p": primer}, rule), text.encode(), rule)
    assert [(hit.strand, hit.edits) for hit in hits] == [("+", edits)]


def test_edits_at_the_three_prime_end_are_counted_apart():
    primer = "ACGGTCATTGCAAGGCTTCA"
    near = "ACGGTCATTGCAAGCCTTGA"  # two mismatches in the last ten bases
    far = "AGGGTGATTGCAAGGCTTCA"  # two before them
    for site, found in ((near, 0), (far, 1)):
        rule = SearchRule(3, 1, 10)
        assert len(search(queries({"p": primer}, rule), site.encode(), rule)) == found


def test_base_skipped_at_the_cut_belongs_to_the_five_prime_part():
    primer = "ACGGTCATTGCAAGGCTTCA"
    site = "ACGGTCATTGCAAGGCATTCA"  # one A more before the last four bases
    for strand_site in (site, other_strand(site)):
        text = ("G" * 30 + strand_site + "G" * 30).encode()
        rule = SearchRule(1, 0, 4)
        found = search(queries({"p": primer}, rule), text, rule)
        assert [(h.start, h.end, h.edits, h.gaps) for h in found] == [(30, 51, 1, 1)]
        rule = SearchRule(1, 0, 5)
        assert search(queries({"p": primer}, rule), text, rule) == []


def test_site_is_reported_once():
    """With three edits at the 3' end, alignments that end up to three bases away are sites too."""
    primer = "ACGGTCATTGCAAGGCTTCA"
    rule = SearchRule(3, 3, 10)
    for text in (primer, other_strand(primer)):
        found = search(queries({"p": primer}, rule), f"{'T' * 30}{text}{'T' * 30}".encode(), rule)
        assert [(h.start, h.end, h.edits) for h in found] == [(30, 50, 0)]


def test_empty_record_and_no_primers():
    rule = SearchRule(3, 1, 10)
    assert search(queries({"p": "ACGGTCATTGCA"}, rule), b"", rule) == []
    assert search(queries({}, rule), b"ACGT", rule) == []


def test_primer_that_is_too_short_is_refused():
    with pytest.raises(PanelError, match="primer p: 4 nt; a site search needs at least 8"):
        queries({"p": "ACGT"}, SearchRule(3, 1, 10))


# Cases made to break the search, against a second exhaustive search (exhaustive_sites.py)

EASY, STRICT, LOOSE = SearchRule(3, 1, 10), SearchRule(2, 0, 6), SearchRule(5, 3, 4)
PALINDROME = "GATTGCACGTGCAATC"  # is its own other strand
PRIMER = "ACGGTCATTGCAAGGCTTCA"


def found(primer, text, rule):
    hits = search(queries({"p": primer}, rule), text.encode(), rule)
    exhaustive_sites.check(hits, primer, text, rule)
    return [(hit.strand, hit.start, hit.end, hit.edits, hit.gaps) for hit in hits]


@pytest.mark.parametrize("rule", [EASY, STRICT, LOOSE], ids=str)
@pytest.mark.parametrize(
    ("primer", "text"),
    [
        ("A" * 12, "A" * 30),
        ("A" * 12, "C" * 5 + "A" * 11 + "G" + "A" * 12 + "T" * 12),
        ("AC" * 6, "AC" * 12 + "A" + "AC" * 5),
        ("AAC" * 5, "AAC" * 4 + "AC" + "AAC" * 4),
        (PALINDROME, PALINDROME),
        (PALINDROME, "T" + PALINDROME[:-1] + PALINDROME[1:] + "A"),
        (PRIMER, PRIMER[3:] + other_strand(PRIMER)[:-2]),
        (PRIMER, PRIMER[:-1]),
        (PRIMER, PRIMER[:10] + "N" + PRIMER[11:] + "N" * 20 + other_strand(PRIMER)),
        (PRIMER, "N" * 40),
        (PRIMER, PRIMER[5:]),
        (PRIMER, ""),
        (PRIMER, "A"),
    ],
)
def test_cases_made_to_break_the_search(primer, text, rule):
    found(primer, text, rule)


def test_a_palindrome_binds_both_strands_of_one_place():
    text = f"TTTT{PALINDROME}GGG"
    assert found(PALINDROME, text, STRICT) == [("+", 4, 20, 0, 0), ("-", 4, 20, 0, 0)]


def test_sites_of_the_two_strands_may_overlap():
    """The last six bases of the one are the first six of the other."""
    half = "GATCACGTGATC"[:6] + other_strand("GATCAC")
    primer = "CCTGATTA" + half
    text = f"{primer}{other_strand('CCTGATTA')}"
    assert found(primer, text, STRICT) == [("+", 0, 20, 0, 0), ("-", 8, 28, 0, 0)]


def test_a_run_that_is_longer_is_one_site_with_one_gap():
    """Which G of the four lacks its partner cannot be told: it is one site all the same."""
    primer, site = "ACTTCAGGGATTCACGTCCA", "ACTTCAGGGGATTCACGTCCA"
    assert found(primer, f"TT{site}TT", EASY) == [("+", 2, 23, 1, 1)]


def test_a_base_beyond_the_three_prime_end_is_no_part_of_the_site():
    assert found(PRIMER, f"{PRIMER}T", LOOSE) == [("+", 0, 20, 0, 0)]


def hostile_primer(draw):
    length = draw.randrange(8, 19)
    half = "".join(draw.choices("ACGT", k=length // 2))
    return draw.choice(
        [
            draw.choice("ACGT") * length,
            (half[:3] * length)[:length],
            half + other_strand(half),
            "".join(draw.choices("AC", k=length)),
            "".join(draw.choices("ACGTACGTRYN", k=length)),
        ]
    )


def hostile_text(draw, primer):
    """Damaged and cut copies of a primer on both strands, close together, with N between."""
    parts = []
    for _ in range(draw.randrange(1, 4)):
        copy = damaged("".join(draw.choice(CODES[x]) for x in primer), draw, draw.randrange(4))
        copy = copy[draw.choice([0, 0, 2]) : len(copy) - draw.choice([0, 0, 3])]
        parts.append(draw.choice([copy, other_strand(copy)]))
        parts.append("".join(draw.choices(draw.choice(["A", "ACGTN"]), k=draw.choice([0, 1, 6]))))
    return "".join(parts)


@pytest.mark.parametrize("seed", range(8))
def test_hostile_texts(seed):
    draw = random.Random(seed)
    for _ in range(5):
        rule = SearchRule(draw.randrange(6), draw.randrange(4), draw.randrange(1, 16))
        primer = hostile_primer(draw)
        if expansion_count(primer) <= EXPANSIONS_MAX:
            found(primer, hostile_text(draw, primer), rule)


# Degenerate letters


def test_every_sequence_that_a_degenerate_primer_stands_for_is_found():
    """R, Y and N: 2 x 2 x 4 = 16 planted copies, and one that it does not stand for."""
    primer = "ACGRTCATTGYAAGNCTTCA"
    copies = ["".join(letters) for letters in product(*(CODES[letter] for letter in primer))]
    wrong = PRIMER.replace("ACGG", "ACGC")
    assert len(copies) == 16
    text = "".join(copy + "TTTTTTT" for copy in [*copies, wrong])
    rule = SearchRule(0, 0, 10)
    for turned in (False, True):
        record = other_strand(text) if turned else text
        hits = search(queries({"p": primer}, rule), record.encode(), rule)
        assert sorted(hit.sequence for hit in hits) == sorted(copies)
        assert {hit.strand for hit in hits} == {"-" if turned else "+"}


def test_a_primer_that_stands_for_too_many_sequences_is_refused():
    """4 to the power of 5 is 1,024, the most that is searched."""
    assert queries({"p": "ACGTACGTNNNNN"}, EASY)
    with pytest.raises(PanelError, match="primer p: stands for 2,048 sequences; .* at most 1,024"):
        queries({"p": "ACGTACGTNNNNNR"}, EASY)
