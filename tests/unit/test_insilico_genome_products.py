"""Products in a genome against every pair of sites, and against e-PCR."""

import random
import shutil
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insilico_genome_example import PANEL, SEQUENCES, STRANDS, fasta, letters, other_strand, packed

from breakpoint_pcr.insilico.genome.products import genome_products
from breakpoint_pcr.insilico.genome.records import index_genome
from breakpoint_pcr.insilico.genome.scanning import scan_part
from breakpoint_pcr.insilico.rows import Facing, GenomeSite
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.tables import Verdict

LENGTHS = {name: len(text) for name, text in SEQUENCES.items()}
# Reactions of the panel: F1/R1, F1+F2/R2, control.
TUBES = {"F1/R1": {"F1", "R1"}, "F1+F2/R2": {"F1", "F2", "R2"}, "control": {"C.f", "C.r"}}


def site(primer, record, start, end, strand, edits=0, target=False):  # noqa: PLR0917
    return GenomeSite(
        *(primer, record, start, end, strand, edits, 0, edits), "", Verdict.PASS, target
    )


def every_pair(sites, size_max):
    """All pairs, as the words say it: face each other, same record, no probe, small enough."""
    found = []
    for plus in sites:
        for minus in sites:
            size = minus.end - plus.start
            for one in (plus, minus):
                size += LENGTHS[one.primer] - (one.end - one.start)
            if (
                (plus.strand, minus.strand) == ("+", "-")
                and plus.record == minus.record
                and "P1" not in (plus.primer, minus.primer)
                and plus.start <= minus.start
                and plus.end <= minus.end
                and size <= size_max
            ):
                found.append((plus.record, plus.start, minus.end, size, plus.primer, minus.primer))
    return sorted(found)


SITES = st.builds(
    lambda primer, record, start, gap, strand: site(
        primer, record, start, start + LENGTHS[primer] + gap, strand
    ),
    st.sampled_from(sorted(SEQUENCES)),
    st.sampled_from(["x", "y"]),
    st.integers(0, 400),
    st.integers(-3, 3),
    st.sampled_from("+-"),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(SITES, max_size=30), st.integers(20, 300))
def test_products_are_all_pairs_that_face(sites, size_max):
    found = genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=size_max)
    rows = [(p.record, p.start, p.end, p.size, p.plus, p.minus) for p in found]
    assert sorted(rows) == every_pair(sites, size_max)
    for product in found:
        kinds = "".join(sorted(STRANDS[name] for name in (product.plus, product.minus)))
        assert product.facing == {"+-": "F-R", "++": "F-F", "--": "R-R"}[kinds]
        both = {product.plus, product.minus}
        assert list(product.assays) == [name for name, tube in TUBES.items() if both <= tube]


def test_one_product():
    """F1's site has a base more than the primer, R2's two less: 300 - 100 - 1 + 2 = 201 bp."""
    sites = [
        site("F1", "a", 100, 122, "+", edits=1, target=True),
        site("R2", "a", 281, 300, "-", edits=2),
    ]
    (found,) = genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=201)
    assert (found.start, found.end, found.size, found.edits) == (100, 300, 201, 3)
    assert (found.plus, found.minus, found.facing) == ("F1", "R2", Facing.FORWARD_REVERSE)
    assert (found.assays, found.target) == (("F1+F2/R2",), False)
    assert genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=200) == []


def test_one_primer_on_both_strands():
    sites = [site("R1", "a", 10, 31, "+", target=True), site("R1", "a", 90, 111, "-", target=True)]
    (found,) = genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=1000)
    assert (found.size, found.facing, found.assays) == (101, Facing.REVERSE_REVERSE, ("F1/R1",))
    assert found.target


def test_hundreds_of_thousands_of_sites():
    rng = random.Random(3)
    sites = [
        site(name, record, at, at + 21, rng.choice("+-"))
        for name in ("F1", "F2", "R1", "R2")
        for record in ("a", "b")
        for at in (rng.randrange(250_000_000) for _ in range(15_000))
    ]
    begun = time.process_time()
    found = genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=1000)
    # 30,000 sites on each strand of two records: 2 * 30,000 * 30,000 * 979 / 250e6 pairs expected
    assert 6_700 < len(found) < 7_400
    assert time.process_time() - begun < 3


def test_probes_bound_no_product_though_their_sites_are_found(tmp_path):
    rng = random.Random(9)
    probe = SEQUENCES["P1"]
    text = letters(rng, 50) + probe + letters(rng, 60) + other_strand(probe) + letters(rng, 50)
    path = packed(tmp_path, fasta({"a": text}), "plain")
    rule = SearchRule(3, 1, 10)
    sites = scan_part(path, index_genome(path), primers=SEQUENCES, rule=rule, own=())
    assert [(s.primer, s.start, s.strand) for s in sites] == [("P1", 50, "+"), ("P1", 133, "-")]
    assert genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=1000) == []


@pytest.mark.skipif(
    shutil.which("e-PCR") is None,
    reason="e-PCR is not installed (Debian: apt-get install ncbi-epcr)",
)
def test_every_product_of_epcr(tmp_path):
    """F1 with R1 at about 220 bp, with a mismatch or a gap each, in three records, both ways."""
    rng = random.Random(31)
    records = {}
    for name in ("one", "two", "three"):
        text = letters(rng, 400)
        for _ in range(30):
            piece = _edited(SEQUENCES["F1"], rng) + letters(rng, 180)
            piece += other_strand(_edited(SEQUENCES["R1"], rng))
            text += (piece if rng.random() < 0.5 else other_strand(piece)) + letters(rng, 600)
        records[name] = text
    path = packed(tmp_path, fasta(records), "plain")
    (tmp_path / "p.sts").write_text(f"p\t{SEQUENCES['F1']}\t{SEQUENCES['R1']}\t100-400\n")
    command = ["e-PCR", "-n", "1", "-g", "1", "-t", "3", "-w", "4", "-m", "60", "p.sts"]
    done = subprocess.run(
        [*command, path.name], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    rows = [line.split("\t") for line in done.stdout.splitlines() if not line.startswith("#")]
    assert len(rows) > 50
    rule = SearchRule(edits_max=2, three_prime_edits_max=2, three_prime_nt=10)
    pair = {name: SEQUENCES[name] for name in ("F1", "R1")}
    sites = scan_part(path, index_genome(path), primers=pair, rule=rule, own=())
    found = genome_products(sites, PANEL, lengths=LENGTHS, size_max_bp=400)
    assert len([p for p in found if p.facing is Facing.FORWARD_REVERSE]) >= 90
    for record, _, strand, left, _, size, *_ in rows:
        names = ("F1", "R1") if strand == "+" else ("R1", "F1")
        assert [
            product
            for product in found
            if (product.record, product.plus, product.minus) == (record, *names)
            and product.size == int(size.split("/")[0])
            and abs(product.start + 1 - int(left)) <= 2
        ], (record, strand, left, size)


def _edited(sequence, rng):
    at = rng.randrange(1, len(sequence) - 1)
    middle = rng.choice(["", sequence[at] + rng.choice("ACGT"), rng.choice("ACGT")])
    return sequence[:at] + middle + sequence[at + 1 :]
