"""Findings on a panel as a whole: what its products show, miss or make by accident."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.insilico.alleles import Piece, allele_models, product_size, wild_type
from breakpoint_pcr.insilico.placements import Placement
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Finding, Level, Site


def judge_breakpoints(panel: Panel, locus: Locus) -> Iterator[Finding]:
    """Name the classes without a recurrent breakpoint, and the breakpoints without a class."""
    own = {deletion.label for deletion in panel.deletions}
    models = allele_models(locus)
    for label in sorted(own - {model.deletion.label for model in models}):
        sentence = f"the reference holds no breakpoint of {label}: its products are not predicted"
        yield Finding(Level.WARNING, "assay", label, "class_without_breakpoints", sentence)
    for breakpoint_ in locus.breakpoints:
        if locus.deletion(breakpoint_) is None:
            left = locus.records[0].position(breakpoint_.left_end - 1)
            sentence = f"the breakpoint after base {left} removes no exon: left out"
            yield Finding(Level.WARNING, "assay", locus.gene, "breakpoint_without_exon", sentence)


def judge_wild_type(
    tubes: Iterable[frozenset[str]],
    placements: Sequence[Placement],
    locus: Locus,
    lengths: Mapping[str, int],
    size_max_bp: int,
) -> Iterator[Finding]:
    """Find products that DNA without a deletion would give: any two oligos of a tube that face.

    Args:
        tubes: The primers of each reaction.
        placements: Sites of all oligos.
        locus: The reference.
        lengths: Length of each oligo as ordered, in nt.
        size_max_bp: Longest product that counts.
    """
    sites = [placement.site for placement in placements]
    allele = wild_type(locus)
    seen: set[tuple[str, str, int]] = set()
    for tube in tubes:
        inside = [site for site in sites if site.primer in tube]
        for left, right, size in _facing(allele, inside, lengths):
            if size <= size_max_bp and (left.primer, right.primer, size) not in seen:
                seen.add((left.primer, right.primer, size))
                yield from _accident(left, right, size)


def _facing(
    allele: Sequence[Piece], sites: Sequence[Site], lengths: Mapping[str, int]
) -> Iterator[tuple[Site, Site, int]]:
    for left in sites:
        for right in sites:
            extra = sum(lengths[site.primer] - (site.end - site.start) for site in (left, right))
            if size := product_size(allele, left, right, extra):
                yield left, right, size.bp


def _accident(left: Site, right: Site, size: int) -> Iterator[Finding]:
    for one, other in dict.fromkeys(((left.primer, right.primer), (right.primer, left.primer))):
        sentence = f"gives a product of {size} bp with {other} on DNA without a deletion"
        yield Finding(Level.ERROR, "primer", one, "wild_type_product", sentence)


def judge_control_genes(panel: Panel) -> Iterator[Finding]:
    """Say which control-gene assays could not be verified."""
    for assay in panel.control_genes:
        what = "its primers are not in the panel" if not assay.pairs else "its locus is not here"
        sentence = f"control gene {assay.name}: not verified, {what}"
        yield Finding(Level.INFO, "assay", assay.name, "control_gene_not_verified", sentence)
