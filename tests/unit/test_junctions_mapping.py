"""Reads on the made-up locus of junctions_bench: positions and words worked out by hand.

Index 10,000 of the locus is position 11,001 of the chromosome. PLANTED in junctions_bench says what
stands around 10,000, 12,000, 20,000 and 22,000.
"""

import random
import re
from dataclasses import asdict, replace

import pytest
from junctions_bench import (
    FAR,
    LOCUS,
    NEAR,
    PANEL,
    SETTINGS,
    bases,
    joined,
    mapped,
    other_strand,
    read,
)

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.junctions.doubts import further
from breakpoint_pcr.junctions.judging import judge_junctions
from breakpoint_pcr.junctions.mapping import map_reads
from breakpoint_pcr.junctions.places import deleted_nt, description
from breakpoint_pcr.junctions.rows import Junction
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.junctions.signals import left_signal, right_signal
from breakpoint_pcr.reference import Breakpoint, Record
from breakpoint_pcr.tables import read_table, write_table


def test_blunt_junction():
    """Kept ...GCAAT | TTGAC...: next deleted C is not T, last deleted G is not T: nothing shared.

    First deleted base: index 10,000 = 11,001. Last deleted: index 19,999 = 21,000. 10,000 lost.
    """
    row = mapped(joined(10_000, 20_000))
    assert row == Junction(
        read="r",
        file="reads.fa",
        length_nt=200,
        strand="+",
        mapped=True,
        deletion="Δ1-3",
        left_last_base=11_000,
        right_record="near",
        right_first_base=21_001,
        inserted="",
        microhomology="",
        deleted_nt=10_000,
        left_signal="CACAGTG 7/7 at 0 nt",
        right_signal="CACAGTG 7/7 at 0 nt",
        hgvs="NC_000099.1:g.11001_21000del",
        assays=("F/R",),
        long_assays=(),
        left_nt=100,
        right_nt=100,
        edits=0,
        trimmed_nt=0,
        reason="",
    )


@pytest.mark.parametrize("shift", range(5))
def test_microhomology_goes_to_the_left_side(shift):
    """Left ...CGATTGAC | GGTTA, right ...CAAGTGAC | ATTTC.

    From the ends backwards C, A, G, T are equal, then T and G differ: TGAC is shared. Forwards G
    and A differ. Wherever within TGAC the break was, the read is the same, and the deletion is
    described as far 3' as possible: g.(1001 + 12,000)_(1001 + 21,999).
    """
    row = mapped(joined(12_000 - shift, 22_000 - shift))
    assert (row.left_last_base, row.right_first_base) == (13_000, 23_001)
    assert (row.microhomology, row.inserted) == ("TGAC", "")
    assert row.hgvs == "NC_000099.1:g.13001_23000del"
    assert row.reason == ""


def test_microhomology_may_lie_on_the_reverse_strand():
    row = mapped(other_strand(joined(11_998, 21_998)))
    assert (row.strand, row.microhomology, row.left_last_base) == ("-", "TGAC", 13_000)


def test_inserted_bases():
    row = mapped(joined(10_000, 20_000, "ACT"))
    assert (row.inserted, row.microhomology) == ("ACT", "")
    assert row.hgvs == "NC_000099.1:g.11001_21000delinsACT"
    turned = mapped(other_strand(joined(10_000, 20_000, "ACT")))
    assert (turned.strand, turned.inserted, turned.hgvs) == ("-", "ACT", row.hgvs)


def test_inserted_bases_that_fit_a_side_belong_to_it():
    """CA continues the left side (CACAGTG), G ends the right one (..CTGTG): TTA is left over."""
    row = mapped(joined(10_000, 20_000, "CATTAG"))
    assert row.inserted == "TTA"
    assert (row.left_last_base, row.right_first_base) == (11_002, 21_000)
    assert row.hgvs == "NC_000099.1:g.11003_20999delinsTTA"
    # The heptamers begin two bases, and one base, before the ends as described.
    assert row.left_signal == "CACAGTG 7/7 at -2 nt"
    assert row.right_signal == "CACAGTG 7/7 at -1 nt"


def test_right_end_on_a_record_whose_place_is_not_known():
    """Last exon: index 18,199 = 19,200."""
    row = mapped(joined(10_000, 300, right=FAR))
    assert (row.right_record, row.right_first_base, row.deleted_nt) == ("beyond", 301, None)
    assert row.hgvs == "NC_000099.1:g.11001_(19200_?)del"
    assert row.deletion == "Δ1-3"
    # 10,000 - 9,900 + 420 - 300 = 220 bp.
    assert (row.assays, row.long_assays) == (("F/B",), ())
    row = mapped(joined(10_000, 300, "ACT", right=FAR))
    assert row.hgvs == "NC_000099.1:g.11001_(19200_?)delinsACT"


def test_deletion_that_begins_behind_the_last_exon():
    """Then the right end lies behind the locus record: index 29,999 = 31,000."""
    unshared = next(i for i in range(300, 400) if FAR[i] != NEAR[25_000])
    row = mapped(joined(25_000, unshared, right=FAR))
    assert row.hgvs == "NC_000099.1:g.26001_(31000_?)del"
    assert row.deletion == ""
    codes = {f.code for f in judge_junctions([row])}
    assert codes >= {"junction_without_class", "junction_not_seen"}


def test_description_where_the_place_of_the_record_is_known():
    far = replace(LOCUS.records[1], chromosome_start=50_001)
    locus = replace(LOCUS, records=(LOCUS.records[0], far))
    junction = Breakpoint("", 10_000, 0, "beyond", 300, "")
    assert description(locus, junction, "") == "NC_000099.1:g.11001_50300del"
    assert deleted_nt(locus, junction) == 50_300 - 11_001 + 1


def test_descriptions_are_well_formed():
    """Grammar of the HGVS parser of Mutalyzer (dna.g): location, then del or delins with bases."""
    point = r"(\d+|\((\d+|\?)_(\d+|\?)\))"
    grammar = re.compile(rf"NC_\d+\.\d+:g\.{point}_{point}del(ins[ACGTN]+)?")
    for right, inserted in ((NEAR, ""), (NEAR, "ACT"), (FAR, ""), (FAR, "ACT")):
        index = 20_000 if right is NEAR else 300
        assert grammar.fullmatch(mapped(joined(10_000, index, inserted, right)).hgvs)


def test_class_by_exons():
    """Exon 1 ends before 14,000, exon 2 lies between, exon 3 begins at 18,000."""
    assert mapped(joined(14_000, 16_000)).deletion == "Δ2-2"
    assert mapped(joined(12_000, 14_000)).deletion == ""


def test_long_products_may_appear():
    """Left end 9,950, right start 19,500: 50 + 600 = 650 bp, above 300 and below 1,000."""
    row = mapped(joined(9_950, 19_500))
    assert (row.assays, row.long_assays) == ((), ("F/R",))
    (finding,) = [f for f in judge_junctions([row]) if f.code == "junction_not_seen"]
    assert "F/R" in finding.sentence


def test_tails_and_their_length():
    rng = random.Random(1)
    row = mapped(bases(rng, 40) + joined(10_000, 20_000) + bases(rng, 33))
    assert (row.left_last_base, row.right_first_base) == (11_000, 21_001)
    assert row.left_nt + row.right_nt + row.trimmed_nt == row.length_nt == 273
    assert 66 <= row.trimmed_nt <= 73  # random bases may continue a side


def test_errors_far_from_the_junction():
    """A substitution, a base too many, a base too few and an N: four edits, the ends stay."""
    text = list(joined(10_000, 20_000))
    text[30] = "A" if text[30] != "A" else "C"
    text[60] += "T" if text[61] != "T" else "G"
    text[140] = ""
    text[170] = "N"
    row = mapped("".join(text))
    assert (row.left_last_base, row.right_first_base) == (11_000, 21_001)
    assert (row.edits, row.reason) == (4, "")


def test_an_n_beside_the_junction_is_said():
    text = joined(10_000, 20_000)
    row = mapped(text[:103] + "N" + text[104:])
    assert row.left_last_base == 11_000
    assert "N within 5 nt" in row.reason
    assert [f.code for f in judge_junctions([row])] == ["junction_doubtful"]


def test_a_poor_base_beside_the_junction_is_said():
    text = joined(10_000, 20_000)
    qualities = [40] * 200
    assert mapped(text, tuple(qualities)).reason == ""
    qualities[97] = 12
    assert "1 nt within 5 nt of the junction below quality 20" in mapped(text, qualities).reason
    turned = mapped(other_strand(text), tuple(qualities[::-1]))
    assert "below quality 20" in turned.reason


def test_an_edit_beside_the_junction_is_said():
    """Seven bases before the end: six matching ones follow, which make it an edit."""
    text = joined(10_000, 20_000)
    row = mapped(text[:93] + ("A" if text[93] != "A" else "C") + text[94:])
    assert (row.left_last_base, row.edits) == (11_000, 1)
    assert "edit 7 nt from the junction" in row.reason


def test_a_side_that_one_misread_base_cuts_short_is_said():
    """Three bases before the end: the last three count as inserted, and the row says so."""
    text = joined(10_000, 20_000)
    row = mapped(text[:97] + ("C" if text[97] != "C" else "G") + text[98:])
    assert row.left_last_base == 10_997
    assert len(row.inserted) == 3
    assert "with 1 nt beside it misread, the left end lies 3 nt further right" in row.reason


@pytest.mark.parametrize(
    ("inserted", "reference", "expected"),
    [
        ("G", "ACCTT", (1, 1)),  # one base: it may be the misread one
        ("GT", "ATCCC", (1, 2)),  # one substitution explains both
        ("GCCAAA", "ACCTTT", (1, 3)),  # a substitution, then CC: worth 2
        ("GCAAAA", "ACTTTT", (0, 0)),  # a substitution, then C only
        ("CGTAAAA", "ACGTTTTTT", (1, 4)),  # a base left out, then CGT: worth 3
        ("CGAAAA", "ACGTTTT", (0, 0)),  # a base left out, then CG only
        ("GTT", "TTCCCC", (1, 2)),  # a base too many, then TT: all of it
        ("GT", "TCCCC", (0, 0)),  # a base too many, then T only
        ("GT", "AGTCC", (1, 3)),  # a base left out, then GT: all of it
        ("GNNAAA", "ANNTTT", (0, 0)),  # N fits nothing
    ],
)
def test_how_far_a_side_could_go_on(inserted, reference, expected):
    assert further(inserted, reference, len(inserted), SETTINGS) == expected


def test_heptamers_by_hand():
    """CACAGTG whole, CACACTG 6 of 7, CACTTTT 4 of 7; the best wins, then the nearest."""
    text = "G" * 10 + "TT" + "CACACTG" + "CACAGTG" + "CACAGTG" + "T" * 30
    assert left_signal(text, 10, 0, SETTINGS) == "CACAGTG 7/7 at 9 nt"
    assert left_signal(text, 10, 0, replace(SETTINGS, signal_window_nt=8)) == "CACACTG 6/7 at 2 nt"
    assert left_signal("G" * 10 + "CACTTTT", 10, 0, SETTINGS) == ""
    assert left_signal("G" * 10 + "GACAGTG", 10, 0, SETTINGS) == ""  # without its C
    assert left_signal(text, 10, 0, replace(SETTINGS, signal_window_nt=1)) == ""
    assert right_signal(other_strand(text), len(text) - 10, SETTINGS) == "CACAGTG 7/7 at 9 nt"
    # Ends beside the end of a record.
    assert left_signal("CACAGTG", 7, 0, SETTINGS) == ""
    assert left_signal("CACAGTG", 2, 0, SETTINGS) == "CACAGTG 7/7 at -2 nt"
    assert right_signal("CACTGTG", 0, SETTINGS) == ""


def refusal(sequence, **changes):
    row = mapped(sequence, **changes)
    assert not row.mapped
    empty = asdict(row) | {"read": "", "file": "", "length_nt": 0, "strand": "", "reason": ""}
    assert not any(empty.values())
    (finding,) = judge_junctions([row])
    assert (finding.code, finding.sentence) == ("read_not_mapped", f"not mapped: {row.reason}")
    return row.reason


RNG = random.Random(8)


@pytest.mark.parametrize(
    ("sequence", "words"),
    [
        (NEAR[10_000:10_300], "no deletion: 300 of 300 nt lie in one piece at chrZ:11,001-11,300"),
        (other_strand(NEAR[10_000:10_300]), "no deletion: 300 of 300 nt lie in one piece"),
        (FAR[100:300], "no deletion: 200 of 200 nt lie in one piece at beyond:101-300"),
        (NEAR[9_900:10_000] + bases(RNG, 60), "one side only"),
        (NEAR[9_900:10_000] + NEAR[20_000:20_015], "no deletion: 100 of 115 nt"),
        (NEAR[9_900:10_000] + other_strand(NEAR[19_900:20_000]), "strand changes"),
        (other_strand(NEAR[9_900:10_000]) + NEAR[20_000:20_100], "strand changes"),
        (NEAR[20_000:20_100] + NEAR[9_900:10_000], "order reversed"),
        (NEAR[9_900:10_000] + NEAR[9_960:10_060], "no deletion of 50 nt or more"),
        (NEAR[9_900:10_000] + NEAR[10_030:10_130], "no deletion of 50 nt or more"),
        (FAR[:100] + FAR[300:400], "left side not on record near"),
        (FAR[100:200] + NEAR[20_000:20_100], "left side not on record near"),
        (NEAR[-100:] + FAR[:100], "no deletion of 50 nt or more"),
        (bases(RNG, 300), "unknown sequence"),
        ("A" * 300, "unknown sequence"),
        ("N" * 300, "unknown sequence"),
        ("", "too short: 0 nt"),
        (NEAR[10_000:10_049], "too short: 49 nt"),
        (NEAR[:5_001], "too long: 5,001 nt"),
        (joined(10_000, 20_000, bases(RNG, 61)), "fit neither side"),
        (joined(10_000, 20_000) + NEAR[5_000:5_040], "more than two stretches"),
        (other_strand(NEAR[5_000:5_040]) + joined(10_000, 20_000), "more than two stretches"),
        (joined(10_000, 14_000, flanks=(90, 90)) + NEAR[20_000:20_090], "ambiguous"),
    ],
)
def test_what_is_not_mapped(sequence, words):
    assert words in refusal(sequence)


def test_a_side_with_many_edits():
    """Every eleventh base of the left side is wrong, from base 5 on: 19 of them.

    The five bases before the first do not pay for it, so the side begins behind it.
    """
    left = list(NEAR[9_780:10_000])
    for index in range(5, 205, 11):
        left[index] = "A" if left[index] != "A" else "C"
    sequence = "".join(left) + NEAR[20_000:20_100]
    assert mapped(sequence).mapped
    assert "left side fits badly: 18 edits in 214 nt" in refusal(sequence, edits_max_percent=8)


def test_two_places_as_good_are_ambiguous():
    """The left 200 bases stand a second time at 5,000: nobody can tell which were joined."""
    copy = NEAR[:5_000] + NEAR[9_800:10_000] + NEAR[5_200:]
    locus = replace(LOCUS, records=(replace(LOCUS.records[0], sequence=copy), LOCUS.records[1]))
    sequence = joined(10_000, 20_000)
    (row,) = map_reads([read(sequence)], locus, PANEL, SETTINGS)
    assert not row.mapped
    assert "ambiguous" in row.reason
    assert "chrZ:11,000 to chrZ:21,001" in row.reason
    assert "chrZ:6,200 to chrZ:21,001" in row.reason


def test_a_copy_that_differs_is_no_rival():
    """The copy differs in every eighth base, as old repeats do."""
    rng = random.Random(2)
    copy = [
        rng.choice("ACGT".replace(b, "")) if not i % 8 else b
        for i, b in enumerate(NEAR[9_800:10_000])
    ]
    text = NEAR[:5_000] + "".join(copy) + NEAR[5_200:]
    locus = replace(LOCUS, records=(replace(LOCUS.records[0], sequence=text), LOCUS.records[1]))
    (row,) = map_reads([read(joined(10_000, 20_000))], locus, PANEL, SETTINGS)
    assert (row.left_last_base, row.reason) == (11_000, "")


def test_a_gap_of_n_in_the_reference_holds_nothing():
    text = NEAR[:13_000] + "N" * 4_000 + NEAR[17_000:]
    locus = replace(LOCUS, records=(replace(LOCUS.records[0], sequence=text), LOCUS.records[1]))
    reads = [read(joined(10_000, 20_000)), read(joined(10_000, 15_000))]
    rows = map_reads(reads, locus, PANEL, SETTINGS)
    assert rows[0].hgvs == "NC_000099.1:g.11001_21000del"
    assert "one side only" in rows[1].reason


def test_a_locus_without_exons_or_other_records():
    locus = replace(LOCUS, exons=(), records=LOCUS.records[:1])
    (row,) = map_reads([read(joined(10_000, 20_000))], locus, PANEL, SETTINGS)
    assert (row.deletion, row.hgvs) == ("", "NC_000099.1:g.11001_21000del")


def test_a_record_shorter_than_a_seed():
    locus = replace(LOCUS, records=(*LOCUS.records, Record("tiny", "ACGT", "chrZ", None, "", "")))
    assert map_reads([read(joined(10_000, 20_000))], locus, PANEL, SETTINGS)[0].mapped


def test_the_same_junction_in_two_files_is_said():
    one = mapped(joined(10_000, 20_000, "ACT"))
    blunt = mapped(joined(10_000, 20_000))
    other = replace(one, file="other.fa", strand="-")
    (finding,) = judge_junctions([one, one, other, blunt, replace(blunt, file="other.fa")])
    assert (finding.code, finding.subject) == ("junction_shared", "reads.fa, other.fa")


def test_rows_survive_their_table(tmp_path):
    rows = [mapped(joined(10_000, 20_000, "ACT")), mapped("A" * 300)]
    write_table(tmp_path / "junctions.tsv", Junction, rows)
    assert read_table(tmp_path / "junctions.tsv", Junction) == rows


@pytest.mark.parametrize(
    ("key", "value"),
    [("anchor_nt", 22), ("edit_match_nt", 5), ("deletion_min_nt", 10), ("read_max_nt", 49)],
)
def test_settings_that_contradict_each_other(key, value):
    section = asdict(SETTINGS)
    assert MappingSettings.from_config(section) == SETTINGS
    with pytest.raises(ConfigError, match=f"junction_mapping.{key} is {value}; expected"):
        MappingSettings.from_config(section | {key: value})
