"""A made-up panel, reference and genome, and ways to pack and damage them."""

import gzip
import random
from hashlib import sha256

from Bio import bgzf

from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Panel, Primer
from breakpoint_pcr.reference import Exon, Locus, Record

RULE = SearchRule(edits_max=3, three_prime_edits_max=1, three_prime_nt=10)
SEQUENCES = {
    "F1": "CATTGACCGATAGCTTGCAGT",
    "F2": "GGTCACTAATGCGTCTGAATC",
    "R1": "TTCAGCACGATTGGACCTAAC",
    "R2": "ACGGTATCATCGCAAGTCTTG",
    "P1": "CCGATTACGGCATTCGATGGACC",
    "C.f": "TGCTAAGCGTTACAGGCATCA",
    "C.r": "GAACTTCGCTGATACCGTTAG",
}
STRANDS = {"F1": "+", "F2": "+", "R1": "-", "R2": "-", "P1": "+", "C.f": "+", "C.r": "-"}


def letters(rng, count):
    return "".join(rng.choices("ACGT", k=count))


def other_strand(text):
    return text[::-1].translate(str.maketrans("ACGTN", "TGCAN"))


def primer(name):
    kind = OligoKind.PROBE if name.startswith("P") else OligoKind.PRIMER
    exon = {"F": 2, "R": 3}.get(name[0])
    return Primer(name, kind, SEQUENCES[name], STRANDS[name], exon, "")


def assay(name, forwards, reverses, kind=AssayKind.BREAKPOINT):
    pairs = tuple(Pair(primer(f), primer(r)) for f in forwards for r in reverses)
    return Assay(name, kind, pairs, ())


PANEL = Panel(
    name="made up",
    version="1",
    title="",
    citation="",
    primers=tuple(map(primer, SEQUENCES)),
    assays=(
        assay("F1/R1", ["F1"], ["R1"]),
        assay("F1+F2/R2", ["F1", "F2"], ["R2"]),
        assay("control", ["C.f"], ["C.r"], AssayKind.CONTROL_GENE),
    ),
    known_deviations=(),
    limitations=(),
    sha256="",
)


def made_locus():
    """Forward sites in a record of 4,000 bases, R1 in it too, R2 in one of unknown position."""
    rng = random.Random(11)
    first = put(letters(rng, 4000), {500: SEQUENCES["F1"], 1000: SEQUENCES["F2"]})
    first = put(first, {3970: other_strand(SEQUENCES["R1"]), 1040: SEQUENCES["P1"]})
    lacking = SEQUENCES["R2"][:14] + "C" + SEQUENCES["R2"][14:]  # R2 lacks a base of its site
    second = put(letters(rng, 300), {100: other_strand(lacking)})
    records = (
        Record("locus", first, "chr1", 2001, "", sha256(first.encode()).hexdigest()),
        Record("beyond", second, "chr1", None, "", sha256(second.encode()).hexdigest()),
    )
    exons = (Exon(1, 100, 200), Exon(2, 1500, 1600), Exon(3, 3000, 3100))
    return Locus("GENE", "MADE1", "", "", "", records, exons, ())


def put(text, pieces):
    for at, piece in pieces.items():
        text = text[:at] + piece + text[at + len(piece) :]
    return text


def fasta(records, width=60):
    lines = []
    for name, text in records.items():
        lines += [f">{name} made up", *(text[i : i + width] for i in range(0, len(text), width))]
    return ("\n".join(lines) + "\n").encode()


def packed(folder, content, packing):
    """Write a FASTA packed in one of the three ways."""
    path = folder / f"genome.{packing}"
    if packing == "plain":
        path.write_bytes(content)
    elif packing == "gzip":
        path.write_bytes(gzip.compress(content))
    else:
        with bgzf.BgzfWriter(str(path), "wb") as file:
            file.write(content)
    return path
