"""Sites in a genome: planted ones are found, the panel's own known by their surroundings."""

import random

import pytest
from insilico_genome_example import (
    PANEL,
    RULE,
    SEQUENCES,
    fasta,
    letters,
    made_locus,
    other_strand,
    packed,
    put,
)

from breakpoint_pcr.errors import PanelError
from breakpoint_pcr.insilico.genome.own import OwnSite, own_sites
from breakpoint_pcr.insilico.genome.records import index_genome, parts_of
from breakpoint_pcr.insilico.genome.scanning import scan_part
from breakpoint_pcr.insilico.scan import scan
from breakpoint_pcr.reference import Locus, Record
from breakpoint_pcr.tables import Verdict

F1 = SEQUENCES["F1"]
# What stands in the genome for F1 (5'-3' of the primer), with mismatches and gaps, by hand.
PLANTED = {
    "exact": (F1, 0, 0),
    "mismatch at place 11": (F1[:10] + "G" + F1[11:], 1, 0),  # A of the primer
    "one base more": (F1[:17] + "C" + F1[17:], 0, 1),
    "one base less": (F1[:5] + F1[6:], 0, 1),
    "mismatch and gap": ("G" + F1[1:15] + F1[16:], 1, 1),
    "lower case": (F1.lower(), 0, 0),
}


def sites_of(path, part_nt=10**9, own=()):
    rows = parts_of(index_genome(path), part_nt)
    found = []
    for part in dict.fromkeys(row.part for row in rows):
        mine = [row for row in rows if row.part == part]
        found += scan_part(path, mine, primers=SEQUENCES, rule=RULE, own=own)
    return found


@pytest.fixture(scope="module")
def genome():
    """Three records, every planted site on both strands of each; runs of N, lower case."""
    rng = random.Random(4)
    records, truth = {}, set()
    for name in ("one", "two", "three"):
        text = letters(rng, 3000) + "N" * 500 + letters(rng, 3000).lower()
        for number, (kind, (site, mismatches, gaps)) in enumerate(PLANTED.items()):
            for strand, at in (("+", 217 + 311 * number), ("-", 3600 + 401 * number)):
                piece = site if strand == "+" else _complement(site)
                text = put(text, {at: piece})
                truth.add((name, kind, at, at + len(site), strand, mismatches, gaps))
        records[name] = text
    return records, truth


def _complement(site):
    turned = other_strand(site.upper())
    return turned.lower() if site.islower() else turned


def test_planted_sites(tmp_path, genome):
    records, truth = genome
    found = sites_of(packed(tmp_path, fasta(records, width=61), "plain"))
    rows = {
        (s.record, s.start, s.end, s.strand, s.mismatches, s.gaps)
        for s in found
        if s.primer == "F1"
    }
    assert {(name, *rest) for name, _, *rest in truth} <= rows
    assert all(s.edits == s.mismatches + s.gaps for s in found)
    assert {s.verdict for s in found if not s.edits} == {Verdict.PASS}
    drawn = {s.alignment for s in found if (s.primer, s.gaps, s.edits) == ("F1", 1, 1)}
    more = f"{F1[:17]}-{F1[17:]} / {'|' * 17}-{'|' * 4} / {F1[:17]}C{F1[17:]}"
    less = f"{F1} / {'|' * 5}-{'|' * 15} / {F1[:5]}-{F1[6:]}"
    assert {more, less} <= drawn
    assert not any(s.target for s in found)


@pytest.mark.parametrize(
    ("packing", "part_nt", "width"),
    [
        *(("plain", 1, 60), ("plain", 10**9, 10**6)),
        *(("gzip", 7000, 60), ("bgzip", 1, 61), ("bgzip", 14_000, 10**6)),
    ],
)
def test_packing_parts_and_line_length_change_nothing(tmp_path, genome, packing, part_nt, width):
    records, _ = genome
    expected = [
        (s.primer, s.record, s.start, s.end, s.strand, s.edits, s.alignment)
        for s in scan(SEQUENCES, records.items(), RULE)
    ]
    found = sites_of(packed(tmp_path, fasta(records, width), packing), part_nt)
    assert [
        (s.primer, s.record, s.start, s.end, s.strand, s.edits, s.alignment) for s in found
    ] == expected


def test_a_genome_of_n_holds_no_site(tmp_path):
    assert sites_of(packed(tmp_path, fasta({"n": "N" * 100_000, "m": "n"}), "plain")) == []


def test_no_records_and_short_primers(tmp_path):
    path = packed(tmp_path, b">a\nACGT\n", "plain")
    assert scan_part(path, [], primers=SEQUENCES, rule=RULE, own=()) == []
    with pytest.raises(PanelError, match="primer x: 3 nt"):
        scan_part(path, index_genome(path), primers={"x": "ACG"}, rule=RULE, own=())


@pytest.fixture(scope="module")
def own():
    return own_sites(PANEL, SEQUENCES, made_locus(), RULE)


def test_own_sites_of_the_reference(own):
    """Places as made_locus puts them; R2 lacks a base of its site; no control gene is there."""
    assert [(s.primer, s.record.name, s.start, s.end, s.strand, s.edits) for s in own] == [
        ("F1", "locus", 500, 521, "+", 0),
        ("F2", "locus", 1000, 1021, "+", 0),
        ("R1", "locus", 3970, 3991, "-", 0),
        ("R2", "beyond", 100, 122, "-", 1),
        ("P1", "locus", 1040, 1063, "+", 0),
    ]
    assert [(s.before_nt, s.after_nt) for s in own] == [
        (30, 30),
        (30, 30),
        (9, 30),  # the record ends 9 bases behind R1's site, which is its 5' side
        (30, 30),
        (30, 30),
    ]
    assert [s.chromosome_position for s in own] == [2501, 3001, 5971, None, 3041]


def embedded(locus, rng, turned):
    """The two records of the reference in a chromosome, 700 bases apart."""
    first, second = (record.sequence for record in locus.records)
    text = letters(rng, 2000) + first + letters(rng, 700) + second + letters(rng, 1500)
    return other_strand(text) if turned else text


@pytest.mark.parametrize("turned", [False, True])
def test_own_sites_are_known_on_both_strands(tmp_path, own, turned):
    rng = random.Random(8)
    text = embedded(made_locus(), rng, turned)
    records = {"x": letters(rng, 900), "y": text}
    found = [s for s in sites_of(packed(tmp_path, fasta(records), "bgzip"), own=own) if s.target]
    length = len(text)
    expected = {
        # before the locus lie 2,000 bases; before the second record 2,000 + 4,000 + 700
        "F1": (2500, 2521, "+"),
        "F2": (3000, 3021, "+"),
        "R1": (5970, 5991, "-"),
        "R2": (6800, 6822, "-"),
        "P1": (3040, 3063, "+"),
    }
    if turned:
        flip = {"+": "-", "-": "+"}
        expected = {n: (length - e, length - s, flip[d]) for n, (s, e, d) in expected.items()}
    assert {s.primer: (s.start, s.end, s.strand) for s in found} == expected
    assert len(found) == 5
    assert {s.record for s in found} == {"y"}


def test_a_copy_with_other_surroundings_is_an_off_target(tmp_path, own):
    """The site of F1 with its surroundings, and with one base of them changed."""
    locus = made_locus().records[0].sequence
    near = locus[460:560]
    changed = {
        at: near[:at] + ("A" if near[at] != "A" else "C") + near[at + 1 :]
        # F1 lies at 40 of the piece, its surroundings from 10 to 91
        for at in (9, 10, 39, 61, 90, 91)
    }
    records = {"same": near, **{f"c{at}": text for at, text in changed.items()}}
    records["cut"] = near[11:]
    rows = sites_of(packed(tmp_path, fasta(records), "plain"), own=own)
    found = {s.record: s.target for s in rows if s.primer == "F1" and not s.edits}
    assert found == {
        "same": True,
        "c9": True,
        "c10": False,
        "c39": False,
        "c61": False,
        "c90": False,
        "c91": True,
        "cut": False,
    }


@pytest.mark.parametrize("turned", [False, True])
def test_the_places_of_own_sites_within_a_repeat(tmp_path, turned):
    """A primer of CA repeats fits every second place; the places of the reference are reported.

    The record holds 24 bases of repeat, so the 20-nt primer fits at 0, 2 and 4 of it; of those less
    than 4 apart the first is kept, counted from the left end of the record that is searched.
    """
    primer = "CA" * 10
    rng = random.Random(5)
    text = letters(rng, 300) + "G" + "CA" * 12 + "T" + letters(rng, 300)
    locus = Locus(*("G", "", "", "", ""), (Record("locus", text, "chr1", 1, "", ""),), (), ())
    sequences = SEQUENCES | {"F1": primer}
    own = [s for s in own_sites(PANEL, sequences, locus, RULE) if s.primer == "F1"]
    assert [s.start for s in own] == [301, 305]
    genome = "T" * 50 + text + "T" * 51
    path = packed(tmp_path, fasta({"g": other_strand(genome) if turned else genome}), "plain")
    rows = scan_part(path, index_genome(path), primers={"F1": primer}, rule=RULE, own=own)
    places = [(351, 371), (355, 375)]
    if turned:
        places = sorted((len(genome) - end, len(genome) - start) for start, end in places)
    assert [(s.start, s.end) for s in rows if s.target] == places


def test_an_own_site_with_several_equal_alignments(tmp_path):
    """22 bases of repeat hold two exact sites; the other strand's search would meet the other."""
    primer = "CA" * 10
    rng = random.Random(5)
    text = letters(rng, 300) + "G" + "CA" * 11 + "T" + letters(rng, 300)
    locus = Locus(*("G", "", "", "", ""), (Record("locus", text, "chr1", 1, "", ""),), (), ())
    own = [s for s in own_sites(PANEL, SEQUENCES | {"F1": primer}, locus, RULE) if s.gaps == 0]
    (site,) = [s for s in own if s.primer == "F1"]
    assert site.start == 301  # and not 303, which is as good
    path = packed(tmp_path, fasta({"g": other_strand(text)}), "plain")
    (row,) = [
        s
        for s in scan_part(path, index_genome(path), primers={"F1": primer}, rule=RULE, own=own)
        if not s.edits
    ]
    assert row.target
    assert (row.start, row.end) == (len(text) - 321, len(text) - 301)


def test_control_genes_have_own_sites_only_where_exact():
    """Primers of the control gene with a mismatch in the locus do not belong there."""
    locus = made_locus()
    name = SEQUENCES["C.f"]
    for site, count in ((name, 1), ("A" + name[1:], 0)):
        text = put(locus.records[0].sequence, {2000: site})
        changed = Locus(
            *("G", "", "", "", ""), (Record("locus", text, "chr1", 1, "", ""),), locus.exons, ()
        )
        own = own_sites(PANEL, SEQUENCES, changed, RULE)
        assert sum(s.primer == "C.f" for s in own) == count
        assert all(isinstance(s, OwnSite) for s in own)


def test_every_drawing_shows_the_edits_that_its_row_counts(tmp_path):
    """Primers of two letters align in many ways; the drawing keeps to the rule all the same."""
    rng = random.Random(9)
    for _ in range(40):
        primer = "".join(rng.choices("AC", k=20))
        text = letters(rng, 30)
        for _ in range(10):
            pieces = list(primer)
            for at in rng.sample(range(20), 3):
                pieces[at] = rng.choice(["", rng.choice("ACGT"), pieces[at] + rng.choice("ACGT")])
            text += "".join(pieces) + letters(rng, 30)
        path = packed(tmp_path, fasta({"a": text}), "plain")
        for row in scan_part(path, index_genome(path), primers={"p": primer}, rule=RULE, own=()):
            above, marks, below = row.alignment.split(" / ")
            assert (marks.count("."), marks.count("-")) == (row.mismatches, row.gaps)
            assert below.replace("-", "") == _read(text[row.start : row.end], row.strand)
            cut = len(above)
            while len(above[cut:].replace("-", "")) < RULE.three_prime_nt:
                cut -= 1
            edits = len(marks[cut:]) - marks[cut:].count("|")
            assert edits <= RULE.three_prime_edits_max


def _read(text, strand):
    return text if strand == "+" else other_strand(text)
