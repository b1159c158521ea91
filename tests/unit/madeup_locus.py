"""A made-up locus small enough to count by hand, and to try every junction of it.

A record of 1,000 bases with two exons, and one of 200 beyond it at an unknown distance.
"""

from breakpoint_pcr.insilico.alleles import deleted, pair_size
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.panel import Assay, AssayKind, OligoKind, Pair, Panel, Primer
from breakpoint_pcr.reference import Breakpoint, Exon, Locus, Record
from breakpoint_pcr.tables import Site, Verdict


def locus(*breakpoints, exons=((300, 320), (600, 620)), length=1000, beyond=200):
    return Locus(
        gene="MADEUP",
        assembly="none",
        accession="X",
        transcript="X.1",
        numbering="",
        records=(
            Record("near", "A" * length, "chrZ", 5001, "", ""),
            Record("beyond", "A" * beyond, "chrZ", None, "", ""),
        ),
        exons=tuple(Exon(number, *place) for number, place in enumerate(exons, start=1)),
        breakpoints=tuple(Breakpoint(*values, "made up") for values in breakpoints),
    )


def site(primer, record, start, end, strand, *, edits=0):
    return Site(primer, record, start, end, strand, edits, 0, edits, "", Verdict.PASS)


def primer(name, strand, exon=None, kind=OligoKind.PRIMER):
    return Primer(name, kind, "A" * 20, strand, exon, "")


def assay(name, *pairs):
    """An assay of pairs such as ("F", 1, "R", 2): primers and the exons that they border."""
    held = tuple(
        Pair(primer(forward, "+", first), primer(reverse, "-", last))
        for forward, first, reverse, last in pairs
    )
    return Assay(name, AssayKind.BREAKPOINT, held, ())


def panel(assays, probes=()):
    oligos = [p for a in assays for pair in a.pairs for p in (pair.forward, pair.reverse)]
    oligos += [primer(name, "+", kind=OligoKind.PROBE) for name in probes]
    return Panel("made up", "1", "", "", tuple(dict.fromkeys(oligos)), tuple(assays), (), (), "")


F = site("F", "near", 200, 220, "+")
R = site("R", "near", 750, 770, "-")
D = site("D", "beyond", 100, 120, "-")
LENGTHS = {"F": 20, "R": 20, "D": 20}
F_R = assay("F/R", ("F", 1, "R", 2))
F_D = assay("F/D", ("F", 1, "D", 2))


def limits(must, may):
    return ProductLimits(must, may)


def tried(junction, *, reference, assays, sites, lengths, bounds):
    """Whether a junction gives a product that must, and one that may appear: piece by piece."""
    left, inserted, record, right = junction
    if record == reference.records[0].name and left > right:
        return False, False
    allele = deleted(reference, Breakpoint("main", left, inserted, record, right, ""))
    sizes = [pair_size(allele, pair, sites, lengths) for a in assays for pair in a.pairs]
    known = [size for size in sizes if size]
    must = any(size.bounded and size.bp <= bounds.product_must_max_bp for size in known)
    return must, any(size.bp <= bounds.product_may_max_bp for size in known)
