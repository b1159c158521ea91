"""A genome, known variants and reads of products, from the config to the tables and the PDF."""

import random

import pytest
from Bio.bgzf import BgzfWriter
from test_workflow import ROOT, config, planned, snakemake

from breakpoint_pcr.insilico.nucleotides import reverse_complement
from breakpoint_pcr.insilico.rows import GenomeProduct, GenomeSite, Variant
from breakpoint_pcr.junctions.rows import Junction
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.tables import Finding, Level, read_table

LOCUS = load_reference(ROOT / "resources/reference/ikzf1")
PRIMERS = {p.name: p.sequence for p in load_panel(ROOT / "resources/primers/ikzf1").primers}
START = LOCUS.records[0].chromosome_start
# Where the planted product begins on chr1, and how long it is, primers included.
PLANTED, SIZE = 10_000, 420
# Bases before the locus on chr7, and between the locus and the downstream record.
BEFORE, BETWEEN = 20_000, 5_000
# A Δ4-7 of the usual kind: last base kept, first base kept.
LEFT, RIGHT = 50_345_192, 50_395_933


def bases(rng, count):
    return "".join(rng.choices("ACGT", k=count))


def genome():
    """Two chromosomes: one with a product that should not be, one with the locus."""
    rng = random.Random(5)
    inner = SIZE - len(PRIMERS["F.4"]) - len(PRIMERS["R-7"])
    product = PRIMERS["F.4"] + bases(rng, inner) + reverse_complement(PRIMERS["R-7"])
    locus, downstream = (record.sequence for record in LOCUS.records)
    return {
        "chr1": bases(rng, PLANTED) + product + bases(rng, 5_000),
        "chr7": bases(rng, BEFORE) + locus + bases(rng, BETWEEN) + downstream + bases(rng, 500),
    }


def locus_base(position):
    return LOCUS.records[0].sequence[position - START]


def variants():
    """Two variants under F.4, at its last base and at its first; only the first is common."""
    first = START + LOCUS.records[0].sequence.index(PRIMERS["F.4"])
    last = first + len(PRIMERS["F.4"]) - 1
    head = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    rows = ((first, "rs1", "0.0001"), (last, "rs2", "0.05"))
    return head + "".join(
        f"chr7\t{position}\t{name}\t{locus_base(position)}\t{other(locus_base(position))}"
        f"\t.\tPASS\tAF={frequency}\n"
        for position, name, frequency in rows
    )


def other(base):
    return "ACGT"[("ACGT".index(base) + 1) % 4]


def reads():
    """One product in both orientations, and one read of nothing known."""
    sequence, left, right = LOCUS.records[0].sequence, LEFT - START + 1, RIGHT - START
    # Inserted bases that neither side can take: unlike the base that follows, or goes before.
    inserted = other(sequence[left]) + "ACGT" + other(sequence[right - 1])
    product = sequence[left - 100 : left] + inserted + sequence[right : right + 100]
    rest = bases(random.Random(6), 150)
    texts = {"one": product, "turned": reverse_complement(product), "rest": rest}
    return inserted, "".join(f">{name}\n{text}\n" for name, text in texts.items())


@pytest.fixture(scope="module")
def verified(tmp_path_factory):
    folder = tmp_path_factory.mktemp("verified")
    (folder / "runs").mkdir()
    with BgzfWriter(folder / "genome.fa.gz") as file:
        for name, sequence in genome().items():
            file.write(f">{name} made up\n{sequence}\n".encode())
    (folder / "known.vcf").write_text(variants())
    (folder / "reads").mkdir()
    (folder / "reads" / "products.fasta").write_text(reads()[1])
    keys = {"genome": "genome.fa.gz", "variants": "known.vcf", "junctions": "reads"}
    options = config(folder, **keys, runs=str(ROOT / "resources/demo/runs"))
    targets = ("results/panel/verification.pdf", "map_junctions")
    status, text = snakemake(folder, *targets, *options)
    assert status == 0, text
    return folder, options


def findings(folder, code):
    rows = read_table(folder / "results/panel/findings.tsv", Finding)
    return [row for row in rows if row.code == code]


def test_every_own_site_is_found_in_the_genome(verified):
    rows = read_table(verified[0] / "results/panel/genome_sites.tsv", GenomeSite)
    own = {row.primer: row for row in rows if row.target}
    assert set(own) == set(PRIMERS)
    assert {row.record for row in own.values()} == {"chr7"}
    forward = LOCUS.records[0].sequence.index(PRIMERS["F.4"])
    assert own["F.4"].start == BEFORE + forward
    # downstream:687-706 behind the locus (DESIGN 3)
    assert own["R-8"].start == BEFORE + len(LOCUS.records[0].sequence) + BETWEEN + 686
    assert not findings(verified[0], "own_site_not_in_genome")


def test_the_planted_product_is_an_error(verified):
    (row,) = read_table(verified[0] / "results/panel/genome_products.tsv", GenomeProduct)
    assert (row.record, row.start, row.size, row.assays) == ("chr1", PLANTED, SIZE, ("F.4/R-7",))
    assert {(f.subject, f.level) for f in findings(verified[0], "off_target_product")} == {
        ("F.4", Level.ERROR),
        ("R-7", Level.ERROR),
    }
    assert not findings(verified[0], "off_targets_not_searched")


def test_known_variants_are_placed_from_the_3_prime_end(verified):
    rows = read_table(verified[0] / "results/panel/variants.tsv", Variant)
    assert {(row.identifier, row.place, row.level) for row in rows} == {
        ("rs1", len(PRIMERS["F.4"]), Level.INFO),
        ("rs2", 1, Level.WARNING),
    }
    assert [f.subject for f in findings(verified[0], "variant_under_primer")] == ["F.4"]


def test_reads_are_placed(verified):
    rows = read_table(verified[0] / "results/junctions/junctions.tsv", Junction)
    inserted = reads()[0]
    found = {row.read: row for row in rows}
    for name, strand in (("one", "+"), ("turned", "-")):
        row = found[name]
        assert (row.left_last_base, row.right_first_base) == (LEFT, RIGHT)
        assert (row.strand, row.inserted, row.deletion) == (strand, inserted, "Δ4-7")
        assert row.assays == ("F.4/R-7",)
        assert row.hgvs == f"NC_000007.14:g.{LEFT + 1}_{RIGHT - 1}delins{inserted}"
    assert not found["rest"].mapped
    assert found["rest"].reason


def test_the_document_is_there(verified):
    assert (verified[0] / "results/panel/verification.pdf").read_bytes().startswith(b"%PDF-")


def test_nothing_is_left_to_do(verified):
    folder, options = verified
    assert planned(folder, "results/panel/verification.pdf", "map_junctions", *options) == set()


@pytest.mark.parametrize("key", ["genome", "variants", "junctions"])
def test_a_file_that_is_not_there_is_one_line(verified, key):
    folder, _ = verified
    runs = str(ROOT / "resources/demo/runs")
    status, text = snakemake(folder, *config(folder, runs=runs, **{key: "nowhere.gz"}))
    assert status == 1
    lines = [line for line in text.splitlines() if line.startswith("config:")]
    assert lines == [f"config: {key}: nowhere.gz does not exist; name an existing file, or null"]
    assert "Traceback" not in text
