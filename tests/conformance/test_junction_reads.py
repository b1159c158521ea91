"""The 15 sequenced junctions of ../shared/reference, as they stand and spoiled in every way."""

import csv
import random
import sys
from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.insilico.placements import place
from breakpoint_pcr.insilico.verification import Conditions
from breakpoint_pcr.junctions.judging import judge_junctions
from breakpoint_pcr.junctions.mapping import PanelSites, map_reads
from breakpoint_pcr.junctions.reading import read_reads
from breakpoint_pcr.junctions.reads import Read
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not there")
sys.path.insert(0, str(ROOT / "tests" / "unit"))

CLASSES = {
    "del_4_7": "Δ4-7",
    "del_2_7": "Δ2-7",
    "del_2_7var": "Δ2-7",
    "del_4_8": "Δ4-8",
    "del_2_8": "Δ2-8",
}
LOCUS = load_reference(ROOT / "resources/reference/ikzf1")


def settings():
    from junctions_bench import SETTINGS

    return SETTINGS


def truth():
    with (REFERENCE / "junctions.tsv").open(encoding="utf-8", newline="") as file:
        return {row["junction"]: row for row in csv.DictReader(file, delimiter="\t")}


@pytest.fixture(scope="module")
def limits():
    section = read_yaml(ROOT / "config/config.yaml")["primers"]
    return ProductLimits(section["product_must_max_bp"], section["product_may_max_bp"])


@pytest.fixture(scope="module", params=["ikzf1", "ikzf1_r8g"])
def panel(request, limits):
    found = load_panel(ROOT / "resources/primers" / request.param)
    rule = Conditions.from_config(read_yaml(ROOT / "config/config.yaml")["primers"]).rule
    sequences = {primer.name: primer.sequence for primer in found.primers}
    sites = place(found.primers, sequences, LOCUS, rule)
    lengths = {name: len(text) for name, text in sequences.items()}
    return PanelSites(
        found.breakpoint_assays, tuple(placement.site for placement in sites), lengths, limits
    )


@pytest.fixture(scope="module")
def reads():
    found, _ = read_reads([REFERENCE / "junctions.fa"], settings())
    assert len(found) == 15
    return found


def other_strand(sequence):
    return sequence[::-1].translate(str.maketrans("ACGTN", "TGCAN"))


def ends(row):
    return row["left_last_base"], row["right_first_base"], int(row["inserted_nt"])


def found_ends(row):
    """Write the ends of a mapped row as the table of the truth does."""
    right = f"{'chr7' if row.right_record == 'locus' else 'record'}:{row.right_first_base}"
    return f"chr7:{row.left_last_base}", right, len(row.inserted)


def mapped(sequences, panel):
    wanted = [Read(name, "f", text, None, len(text), 0) for name, text in sequences]
    return map_reads(wanted, LOCUS, panel, settings())


def test_the_files_letters_that_are_no_bases_are_said(reads):
    _, findings = read_reads([REFERENCE / "junctions.fa"], settings())
    text = (REFERENCE / "junctions.fa").read_text(encoding="utf-8")
    noted = {entry.split()[0] for entry in text.split(">")[1:] if "#" in entry}
    assert {f.subject.split()[-1] for f in findings if f.code == "letters_cut"} == noted


def test_every_junction(reads, panel):
    """Ends, inserted bases, class, description and assays."""
    table = truth()
    rows = map_reads(reads, LOCUS, panel, settings())
    assert [row.read for row in rows] == list(table)
    for row in rows:
        expected = table[row.read]
        assert row.mapped
        assert found_ends(row) == ends(expected)
        assert row.deletion == CLASSES[expected["class"]]
        known = expected["right_first_base"].startswith("chr7")
        right = str(row.right_first_base - 1) if known else "(50405101_?)"
        assert row.hgvs == (f"NC_000007.14:g.{row.left_last_base + 1}_{right}delins{row.inserted}")
        lost = row.right_first_base - row.left_last_base - 1 if known else None
        assert row.deleted_nt == lost
        assert row.length_nt == row.left_nt + len(row.inserted) + row.right_nt + row.trimmed_nt


def test_assays_that_light_up(reads, panel, limits):
    """From the distances of the table; 3,000 N stand there between the records."""
    table = truth()
    for row in map_reads(reads, LOCUS, panel, settings()):
        sizes = {
            assay.name: int(table[row.read][assay.name])
            for assay in panel.assays
            if table[row.read][assay.name] != "."
        }
        must = {name for name, bp in sizes.items() if bp <= limits.product_must_max_bp}
        may = {name for name, bp in sizes.items() if bp <= limits.product_may_max_bp} - must
        assert set(row.assays) == must
        assert set(row.long_assays) == may


def test_heptamers_beside_the_junctions(reads, panel):
    """CACAGTG begins at chr7:50,345,197 and CACACTG at 50,307,794; ..TGCTGTG ends at 50,395,931.

    Read off the locus; the distance is what was trimmed from the coding ends.
    """
    locus, start = LOCUS.records[0].sequence, LOCUS.records[0].chromosome_start
    assert locus[50_345_197 - start :].startswith("CACAGTG")
    assert locus[50_307_794 - start :].startswith("CACACTG")
    assert locus[: 50_395_931 - start + 1].endswith(other_strand("CACAGCA"))
    for row in map_reads(reads, LOCUS, panel, settings()):
        if row.deletion in {"Δ4-7", "Δ4-8"}:
            trimmed = 50_345_197 - row.left_last_base - 1
            assert row.left_signal == f"CACAGTG 7/7 at {trimmed} nt"
        elif truth()[row.read]["class"] != "del_2_7var":
            trimmed = 50_307_794 - row.left_last_base - 1
            assert row.left_signal == f"CACACTG 6/7 at {trimmed} nt"
        if row.right_record == "locus":
            assert row.right_signal == f"CACAGCA 5/7 at {row.right_first_base - 50_395_932} nt"


def test_the_other_orientation(reads, panel):
    rows = mapped([(read.name, other_strand(read.sequence)) for read in reads], panel)
    first = mapped([(read.name, read.sequence) for read in reads], panel)
    for row, one in zip(rows, first, strict=True):
        assert {row.strand, one.strand} == {"+", "-"}
        assert found_ends(row) == found_ends(one)
        assert (row.inserted, row.hgvs, row.assays) == (one.inserted, one.hgvs, one.assays)


# Polylinker bases of pUC19 on either side of a T overhang.
VECTOR = ("GTAAAACGACGGCCAGTGAATTCGAGCTCGGTACCT", "AGGATCCTCTAGAGTCGACCTGCAGGCATGCAAGCTT")


def test_vector_tails(reads, panel):
    table = truth()
    tailed = [(read.name, VECTOR[0] + read.sequence + VECTOR[1]) for read in reads]
    for row in mapped(tailed, panel):
        assert found_ends(row) == ends(table[row.read])
        assert row.trimmed_nt >= 60


def junction_site(read, panel):
    """Return the bases of the read before the junction, and how many are inserted."""
    (row,) = mapped([(read.name, read.sequence)], panel)
    start = read.sequence if row.strand == "+" else other_strand(read.sequence)
    explained = row.left_nt + len(row.inserted) + row.right_nt
    head = next(
        n
        for n in range(len(start) - explained + 1)
        if mapped([(read.name, start[n:])], panel)[0].left_nt == row.left_nt
    )
    before = head + row.left_nt
    if row.strand == "-":
        before = len(start) - before - len(row.inserted)
    return before, len(row.inserted)


def test_n_bases_and_substitutions_away_from_the_junction(reads, panel):
    """Three N, and one substitution, at least 12 nt from the junction: the ends stay."""
    rng, table = random.Random(4), truth()
    spoiled = []
    for read in reads:
        before, inserted = junction_site(read, panel)
        free = [
            n
            for n in range(8, len(read.sequence) - 8)
            if not before - 12 <= n < before + inserted + 12
        ]
        for letters in ("NNN", None):
            text = list(read.sequence)
            places = rng.sample(free, 3 if letters else 1)
            for place_ in places:
                text[place_] = "N" if letters else rng.choice("ACGT".replace(text[place_], ""))
            spoiled.append((read.name, "".join(text)))
    for row in mapped(spoiled, panel):
        assert found_ends(row) == ends(table[row.read])


def test_one_substitution_beside_the_junction(reads, panel):
    """Exact, or off by fewer than 3 nt, or with a word."""
    rng, table = random.Random(5), truth()
    spoiled = []
    for read in reads:
        before, inserted = junction_site(read, panel)
        for _ in range(4):
            n = rng.randint(before - 12, before + inserted + 11)
            base = rng.choice("ACGT".replace(read.sequence[n], ""))
            spoiled.append((read.name, read.sequence[:n] + base + read.sequence[n + 1 :]))
    for row in mapped(spoiled, panel):
        expected = table[row.read]
        assert row.mapped
        assert row.deletion == CLASSES[expected["class"]]
        moved = abs(row.left_last_base - int(expected["left_last_base"].split(":")[1]))
        moved += abs(row.right_first_base - int(expected["right_first_base"].split(":")[1]))
        assert row.reason or moved <= settings().doubt_match_nt


def test_wild_type_pieces_of_the_real_locus(panel):
    """Repeats and all: no read of the reference itself shows a deletion."""
    rng, locus = random.Random(6), LOCUS.records[0].sequence
    starts = [rng.randrange(len(locus) - 300) for _ in range(40)]
    rows = mapped([(str(n), locus[n : n + 300]) for n in starts], panel)
    assert {row.reason.partition(":")[0] for row in rows} == {"no deletion"}
    assert {f.code for f in judge_junctions(rows)} == {"read_not_mapped"}
