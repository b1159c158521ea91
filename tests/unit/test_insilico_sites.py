"""The site search against an exhaustive search written as the rule reads."""

import random
from functools import cache
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breakpoint_pcr.errors import PanelError
from breakpoint_pcr.insilico import sites as sites_module
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import Hit, queries, search

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
