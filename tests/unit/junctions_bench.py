"""A made-up locus of 30 kb with planted ends, reads of it, and files to read them from."""

import random
import struct
from dataclasses import replace

from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.junctions.mapping import PanelSites, map_reads
from breakpoint_pcr.junctions.reads import Read
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Primer
from breakpoint_pcr.reference import Exon, Locus, Record
from breakpoint_pcr.tables import Site, Verdict

SETTINGS = MappingSettings(
    trim_error_max=0.05,
    file_max_mb=1,
    reads_max=100,
    read_max_nt=5000,
    seed_nt=11,
    seed_places_max=100,
    anchor_nt=25,
    edit_match_nt=6,
    drift_max_nt=5,
    edits_max_percent=10,
    placement_margin_nt=5,
    deletion_min_nt=50,
    inserted_max_nt=60,
    doubt_match_nt=2,
    doubt_edit_nt=10,
    doubt_base_nt=5,
    quality_min=20,
    signal_window_nt=30,
    signal_overlap_nt=3,
    signal_matches_min=5,
)

# What stands before and from an index of the locus on. 10,000 and 20,000: a heptamer begins the
# deleted segment, its reverse complement closes it. 12,000 and 22,000: both sides end in TGAC.
PLANTED = {
    10_000: ("GGATCGACGTTGCAAT", "CACAGTGTTCAAGGCC"),
    20_000: ("AATGCCAAGCACTGTG", "TTGACCATGATTCGCA"),
    12_000: ("CCATGGTCGATTGAC", "GGTTACCTAG"),
    22_000: ("GGTACCCCAAGTGAC", "ATTTCGGCAT"),
}
START = 1001  # chromosome position of base 0
BEYOND = 600


def bases(rng, count):
    return "".join(rng.choice("ACGT") for _ in range(count))


def other_strand(sequence):
    return sequence[::-1].translate(str.maketrans("ACGTN", "TGCAN"))


def _locus():
    rng = random.Random(5)
    text = bases(rng, 30_000)
    for index, (before, after) in PLANTED.items():
        text = text[: index - len(before)] + before + after + text[index + len(after) :]
    assert len(text) == 30_000
    return Locus(
        gene="MADEUP",
        assembly="none",
        accession="NC_000099.1",
        transcript="NM_000099.1",
        numbering="",
        records=(
            Record("near", text, "chrZ", START, "", ""),
            Record("beyond", bases(rng, BEYOND), "chrZ", None, "", ""),
        ),
        exons=(Exon(1, 11_000, 11_200), Exon(2, 15_000, 15_100), Exon(3, 18_000, 18_200)),
        breakpoints=(),
    )


LOCUS = _locus()
NEAR, FAR = (record.sequence for record in LOCUS.records)


def _site(primer, record, start, strand):
    return Site(primer, record, start, start + 20, strand, 0, 0, 0, "", Verdict.PASS)


_PRIMERS = {
    name: Primer(name, OligoKind.PRIMER, "A" * 20, strand, exon, "")
    for name, strand, exon in (("F", "+", 1), ("R", "-", 3), ("B", "-", 3))
}
PANEL = PanelSites(
    assays=tuple(
        Assay(f"F/{r}", AssayKind.BREAKPOINT, (Pair(_PRIMERS["F"], _PRIMERS[r]),), ()) for r in "RB"
    ),
    sites=(
        _site("F", "near", 9_900, "+"),
        _site("R", "near", 20_080, "-"),
        _site("B", "beyond", 400, "-"),
    ),
    lengths=dict.fromkeys("FRB", 20),
    limits=ProductLimits(300, 1000),
)


def read(sequence, name="r", qualities=None):
    return Read(name, "reads.fa", sequence, qualities, len(sequence), 0)


def mapped(sequence, qualities=None, **changes):
    """Map one read and return its row."""
    settings = replace(SETTINGS, **changes)
    return map_reads([read(sequence, "r", qualities)], LOCUS, PANEL, settings)[0]


def joined(left_end, right_start, inserted="", right=NEAR, flanks=(100, 100)):
    """Return a read that leaves the locus at one index and enters a record at another."""
    before, after = flanks
    return NEAR[left_end - before : left_end] + inserted + right[right_start : right_start + after]


def trace_file(sequence, qualities, sample="sample", tags=None):
    """Return the bytes of a Sanger trace: ABIF header, data, directory.

    Layout: Applied Biosystems Genetic Analysis Data File Format (2009), directory entries of 28
    bytes; values of up to 4 bytes stand in the entry itself.
    """
    given = {
        (b"PBAS", 2): (2, sequence.encode()),
        (b"PCON", 2): (2, bytes(qualities)),
        (b"SMPL", 1): (18, bytes([len(sample)]) + sample.encode()),
    }
    entries, data, offset = [], b"", 128
    for (name, number), (kind, value) in (tags or given).items():
        place = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(">I", offset + len(data))
        entry = struct.pack(">4sIHHII", name, number, kind, 1, len(value), len(value))
        entries.append(entry + place + struct.pack(">I", 0))
        data += b"" if len(value) <= 4 else value
    root = struct.pack(
        ">4sIHHIII", b"tdir", 1, 1023, 28, len(entries), 28 * len(entries), 128 + len(data)
    )
    header = b"ABIF" + struct.pack(">H", 101) + root
    return header.ljust(128, b"\0") + data + b"".join(entries)
