"""Sizes on the sequenced junctions, and the geometry of the pairs, against ../shared."""

import csv
from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.alleles import deleted, pair_size
from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import Breakpoint, load_reference

SHARED = Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "reference").is_dir(), reason="../shared/reference is not there"
)

# The table puts 3,000 N between the two records, whose distance is not known.
SPACER_BP = 3000


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def locus():
    return load_reference(Path("resources/reference/ikzf1"))


@pytest.fixture(scope="module")
def conditions():
    return Conditions.from_config(read_yaml(Path("config/config.yaml"))["primers"])


@pytest.fixture(scope="module", params=["ikzf1", "ikzf1_r8g"])
def panel(request):
    return load_panel(Path("resources/primers") / request.param)


def breakpoint_of(row, locus):
    """Build the breakpoint of a row: chr7 positions are 1-based, record:N counts on the record."""
    start = locus.records[0].chromosome_start
    left = int(row["left_last_base"].removeprefix("chr7:")) - start + 1
    place, position = row["right_first_base"].split(":")
    here = place == "chr7"
    right = int(position) - (start if here else 1)
    record = locus.records[0 if here else 1].name
    return Breakpoint("main", left, int(row["inserted_nt"]), record, right, "sequenced")


def test_every_size_on_every_junction(panel, locus, conditions):
    """The table holds the 20-nt R-8; the published one is one base shorter."""
    found = verify(panel, locus, conditions)
    lengths = {oligo.name: oligo.length_nt for oligo in found.oligos}
    shorter = 20 - lengths["R-8"]
    table = rows(SHARED / "reference" / "junctions.tsv")
    assert len(table) == 15
    for row in table:
        allele = deleted(locus, breakpoint_of(row, locus))
        for assay in panel.breakpoint_assays:
            size = pair_size(allele, assay.pairs[0], found.sites, lengths)
            where = f"{row['junction']} {assay.name}"
            if row[assay.name] == ".":
                assert size is None, where
                continue
            expected = int(row[assay.name]) - shorter * assay.name.endswith("R-8")
            assert size.bp == expected - (0 if size.bounded else SPACER_BP), where


def test_junction_sequences_hold_their_products(locus, conditions):
    """The reads themselves: distance between the primers where both lie in one."""
    table = {row["junction"]: row for row in rows(SHARED / "reference" / "junctions.tsv")}
    reads = (SHARED / "reference" / "junctions.fa").read_text().split(">")[1:]
    panel = load_panel(Path("resources/primers/ikzf1_r8g"))
    checked = 0
    for header, _, body in (read.partition("\n") for read in reads):
        read, name = body.replace("\n", ""), header.split()[0]
        for assay in panel.breakpoint_assays:
            forward, reverse = assay.pairs[0].forward.sequence, assay.pairs[0].reverse.sequence
            other = reverse[::-1].translate(str.maketrans("ACGT", "TGCA"))
            if forward in read and other in read and table[name][assay.name] != ".":
                checked += 1
                size = read.index(other) + len(other) - read.index(forward)
                assert size == int(table[name][assay.name])
    assert checked


def test_wild_type_sizes(panel, locus, conditions):
    table = rows(SHARED / "facts" / "silent_alleles.tsv")
    row = next(row for row in table if row["allele"] == "wild type")
    shorter = {"ikzf1": 1, "ikzf1_r8g": 0}[panel.name]
    for entry in verify(panel, locus, conditions).document["wild_type"]:
        expected = int(row[entry["assay"]])
        if entry["reverse"] == "R-8":
            assert entry["size_min"] == expected - SPACER_BP - shorter
            assert entry["size_max"] is None
        else:
            assert entry["size_min"] == entry["size_max"] == expected


def test_decision_table_of_the_panel(panel, locus, conditions):
    """All 64 patterns, from the products that the panel itself predicts."""
    table = rows(SHARED / "facts" / "decision_table_6_pairs.tsv")
    pairs = list(table[0])[:6]
    found = {
        tuple(pattern.assays[pair] for pair in pairs): pattern
        for pattern in verify(panel, locus, conditions).patterns
    }
    assert len(found) == len(table) == 64
    for row in table:
        pattern = found[tuple(row[pair] for pair in pairs)]
        assert pattern.call == row["call"]
        assert set(pattern.deletions) == set(filter(None, row["classes"].split("+")))
        assert ("variant_breakpoint" in pattern.flags) == ("by F.2b only" in row["flags"])
        assert ("check_contamination" in pattern.flags) == ("contamination" in row["flags"])
