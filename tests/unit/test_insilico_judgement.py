"""Places, strands, rivals and dimers: the rules behind the verdicts, one by one."""

from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.alignment import draw
from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.judgement import better_sequence, judge_dimers, judge_sites
from breakpoint_pcr.insilico.placements import Placement, borders, place, region
from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Panel, Primer
from breakpoint_pcr.reference import Exon, Locus, Record
from breakpoint_pcr.tables import Dimer, Level, Site, Verdict

CONDITIONS = Conditions.from_config(read_yaml(Path("config/config.yaml"))["primers"])
RULE = CONDITIONS.rule
SEQUENCE = "GTACTGTTCCCTTTCTAATG"


def locus(*texts):
    """Exons 1, 2, 3 at 1,000, 2,000, 3,000, each 100 long, in 4,000 bases."""
    first = "".join(texts) or "T" * 4000
    records = (
        Record("near", first, "chrZ", 1, "", ""),
        Record("beyond", "T" * 100, "chrZ", None, "", ""),
    )
    exons = tuple(Exon(n, 1000 * n, 1000 * n + 100) for n in (1, 2, 3))
    return Locus("G", "none", "X", "X", "", records, exons, ())


def primer(strand="+", exon=2, name="p"):
    return Primer(name, OligoKind.PRIMER, SEQUENCE, strand, exon, "")


def site(start, end, strand="+", record="near"):
    return Site("p", record, start, end, strand, 0, 0, 0, "", Verdict.PASS)


@pytest.mark.parametrize(
    ("strand", "exon", "start", "record", "expected"),
    [
        ("+", 2, 1500, "near", True),
        ("+", 2, 1980, "near", True),  # ends where the exon begins
        ("+", 2, 1981, "near", False),  # reaches into it
        ("+", 2, 1000, "near", True),  # in the exon ahead
        ("+", 2, 980, "near", False),  # before it: exon 1 could be the first one lost
        ("+", 1, 10, "near", True),
        ("+", 2, 50, "beyond", False),
        ("-", 2, 2500, "near", True),
        ("-", 2, 2100, "near", True),  # begins where the exon ends
        ("-", 2, 2099, "near", False),
        ("-", 2, 3080, "near", True),  # in the next exon
        ("-", 2, 3090, "near", False),  # reaches beyond it
        ("-", 3, 3500, "near", True),
        ("-", 3, 50, "beyond", True),
        ("-", 2, 50, "beyond", False),
        ("-", 9, 3500, "near", False),  # no such exon
        ("-", None, 3500, "near", False),
    ],
)
def test_where_a_primer_may_lie(strand, exon, start, record, expected):
    found = borders(locus(), primer(strand, exon), site(start, start + 20, strand, record))
    assert found is expected


@pytest.mark.parametrize(
    ("start", "record", "name"),
    [
        (10, "near", "5' of exon 1"),
        (1010, "near", "exon 1"),
        (1090, "near", "exon 1 / intron 1"),
        (1990, "near", "intron 1 / exon 2"),
        (2500, "near", "intron 2"),
        (3100, "near", "3' of exon 3"),
        (10, "beyond", "3' of the locus"),
    ],
)
def test_region(start, record, name):
    assert region(locus(), site(start, start + 20, record=record)) == name


def turned(text):
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))


def panel(one):
    other = primer("-", 3, "q")
    assay = Assay("p/q", AssayKind.BREAKPOINT, (Pair(one, other),), ())
    return Panel("t", "1", "", "", (one, other), (assay,), (), (), "")


def judged(one, text):
    reference = locus(text)
    found = place([one], {one.name: one.sequence}, reference, RULE)
    findings = judge_sites(panel(one), one, found, reference, RULE)
    return found, [(f.level, f.code) for f in findings]


def at(*pairs):
    """Put stretches at their positions into 4,000 bases of T."""
    text = "T" * 4000
    for position, stretch in pairs:
        text = text[:position] + stretch + text[position + len(stretch) :]
    return text


def test_exact_site_on_the_other_strand_outweighs_an_edited_one():
    edited = SEQUENCE[:4] + "A" + SEQUENCE[5:]
    _, codes = judged(primer(), at((1500, edited), (2500, turned(SEQUENCE))))
    assert (Level.ERROR, "wrong_strand") in codes


def test_two_equally_edited_sites_name_no_better_sequence():
    first, second = "AA" + SEQUENCE[2:], "CC" + SEQUENCE[2:]
    found, codes = judged(primer(), at((1500, first), (1700, second)))
    assert codes == [(Level.WARNING, "edited_site"), (Level.WARNING, "several_sites")]
    assert better_sequence(primer(), found) == ""
    found, codes = judged(primer(), at((1500, first)))
    assert codes == [(Level.WARNING, "edited_site")]
    assert better_sequence(primer(), found) == first


def test_terminal_base_without_a_partner_fails():
    """The record ends one base before the primer does."""
    short = locus("T" * 1500 + SEQUENCE[:-1])
    found = place([primer()], {"p": SEQUENCE}, short, RULE)
    assert [(p.site.gaps, p.site.verdict) for p in found] == [(1, Verdict.FAIL)]


def test_unknown_base_in_the_site_names_no_better_sequence():
    found, _ = judged(primer(), at((1500, SEQUENCE[:4] + "N" + SEQUENCE[5:])))
    assert better_sequence(primer(), found) == ""


def test_best_site_comes_first():
    edited = "A" + SEQUENCE[1:]
    found, _ = judged(primer(), at((1200, edited), (1500, SEQUENCE), (1700, turned(SEQUENCE))))
    assert [(p.site.start, p.site.strand) for p in found] == [(1500, "+"), (1200, "+"), (1700, "-")]
    assert isinstance(found[0], Placement)
    assert found[1].drawing == draw(SEQUENCE, edited, RULE)


@pytest.mark.parametrize(
    ("tm", "dg", "end", "together", "expected"),
    [
        (20.0, -9.0, -6.0, True, []),  # at the limits
        (20.0, -9.1, None, True, [(Level.WARNING, "p"), (Level.WARNING, "q")]),
        (20.0, -5.0, -6.1, True, [(Level.WARNING, "p"), (Level.WARNING, "q")]),
        (60.1, -5.0, -3.0, True, [(Level.WARNING, "p"), (Level.WARNING, "q")]),
        (60.1, -9.1, -6.1, False, [(Level.INFO, "p"), (Level.INFO, "q")]),
        (None, None, None, True, []),
    ],
)
def test_dimers(tm, dg, end, together, expected):
    """Limits as shipped: -9 kcal/mol, -6 with a 3' end, 60 °C; oligos apart only inform."""
    rows = [Dimer("p", "q", tm, dg, end, together)]
    found = list(judge_dimers(rows, CONDITIONS.limits))
    assert [(finding.level, finding.subject) for finding in found] == expected
