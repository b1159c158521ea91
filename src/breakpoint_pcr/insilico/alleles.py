"""What each allele gives with each pair of primers.

An allele is a chain of pieces of the reference. Pieces whose distance is not known (from the locus
record to the records beyond it) follow each other at distance zero: a size across such a place is a
lower bound.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.panel import Assay, Deletion, Pair
from breakpoint_pcr.reference import Breakpoint, Locus
from breakpoint_pcr.tables import Amplifies, Product, Site

WILD_TYPE = "wild type"
MAIN_FORM = "main"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bases `start` to `end` of a record; base `start` lies at `offset` of the allele.

    `block` is the same for pieces whose distance is known.
    """

    record: str
    start: int
    end: int
    offset: int
    block: int


@dataclass(frozen=True, slots=True)
class Size:
    """The length of a product in bp; `bounded` is false when it is a lower bound."""

    bp: int
    bounded: bool


@dataclass(frozen=True, slots=True)
class AlleleModel:
    """The recurrent breakpoints of one form of one deletion class."""

    deletion: Deletion
    form: str
    breakpoints: tuple[Breakpoint, ...]

    @property
    def name(self) -> str:
        """The class label, with the form where it is not the usual one."""
        label = self.deletion.label
        return label if self.form == MAIN_FORM else f"{label} {self.form.replace('_', ' ')}"


def allele_models(locus: Locus) -> tuple[AlleleModel, ...]:
    """Group the recurrent breakpoints by class and form, in the order of the table.

    A breakpoint that removes no exon belongs to no class and is left out.
    """
    groups: dict[tuple[Deletion, str], list[Breakpoint]] = {}
    for breakpoint_ in locus.breakpoints:
        if deletion := locus.deletion(breakpoint_):
            groups.setdefault((deletion, breakpoint_.form), []).append(breakpoint_)
    order = sorted(groups, key=lambda key: (key[0], key[1] != MAIN_FORM, key[1]))
    return tuple(AlleleModel(*key, tuple(groups[key])) for key in order)


def wild_type(locus: Locus) -> tuple[Piece, ...]:
    """Return the reference as it is."""
    return tuple(_chain(locus, 0, 0, 0))


def deleted(locus: Locus, breakpoint_: Breakpoint) -> tuple[Piece, ...]:
    """Return the allele that a breakpoint leaves."""
    names = [record.name for record in locus.records]
    left = Piece(names[0], 0, breakpoint_.left_end, 0, 0)
    offset = breakpoint_.left_end + breakpoint_.inserted_nt
    right = names.index(breakpoint_.right_record)
    return left, *_chain(locus, right, breakpoint_.right_start, offset)


def _chain(locus: Locus, first: int, start: int, offset: int) -> Iterator[Piece]:
    """Yield the records from the `first` on, the first one from its base `start` on."""
    for block, record in enumerate(locus.records[first:]):
        length = len(record.sequence)
        yield Piece(record.name, start, length, offset, block)
        offset, start = offset + length - start, 0


def product_size(
    allele: Sequence[Piece], forward: Site, reverse: Site, extra_nt: int = 0
) -> Size | None:
    """Return the size from one site to the other; None when one is lost or they do not face.

    Args:
        allele: Pieces in order.
        forward: Site on the plus strand.
        reverse: Site on the minus strand.
        extra_nt: Primer bases that the sites lack (negative: site bases that the primers lack);
            the product contains the primers, not the sites.
    """
    left, right = _piece_of(allele, forward), _piece_of(allele, reverse)
    if left is None or right is None or (forward.strand, reverse.strand) != ("+", "-"):
        return None
    begin = left.offset + forward.start - left.start
    end = right.offset + reverse.end - right.start
    facing = begin <= right.offset + reverse.start - right.start and (
        left.offset + forward.end - left.start <= end
    )
    return Size(end - begin + extra_nt, left.block == right.block) if facing else None


def _piece_of(allele: Sequence[Piece], site: Site) -> Piece | None:
    fits = (
        piece
        for piece in allele
        if piece.record == site.record and piece.start <= site.start and site.end <= piece.end
    )
    return next(fits, None)


def place_on(allele: Sequence[Piece], site: Site) -> range | None:
    """Return the bases of an allele that a site takes; None when the site is lost."""
    piece = _piece_of(allele, site)
    if piece is None:
        return None
    shift = piece.offset - piece.start
    return range(site.start + shift, site.end + shift)


def best_sites(sites: Iterable[Site], primer: str, strand: str = "") -> tuple[Site, ...]:
    """Return the sites of an oligo with the fewest edits, on one strand or on both."""
    own = [site for site in sites if site.primer == primer and strand in ("", site.strand)]
    fewest = min((site.edits for site in own), default=0)
    return tuple(site for site in own if site.edits == fewest)


def pair_size(
    allele: Sequence[Piece], pair: Pair, sites: Iterable[Site], lengths: Mapping[str, int]
) -> Size | None:
    """Return the shortest product of a pair on an allele, over the best sites of both primers.

    A poorer site beside a better one binds too little to count.

    Args:
        allele: Pieces in order.
        pair: Forward and reverse primer.
        sites: Sites of all primers.
        lengths: Length of each primer as ordered, in nt.
    """
    rows = list(sites)
    sizes = [
        product_size(allele, f, r, _extra(f, lengths) + _extra(r, lengths))
        for f in best_sites(rows, pair.forward.name, pair.forward.strand)
        for r in best_sites(rows, pair.reverse.name, pair.reverse.strand)
    ]
    return min((size for size in sizes if size), key=lambda size: size.bp, default=None)


def _extra(site: Site, lengths: Mapping[str, int]) -> int:
    return lengths[site.primer] - (site.end - site.start)


def products_of(
    locus: Locus,
    assays: Sequence[Assay],
    sites: Sequence[Site],
    lengths: Mapping[str, int],
    limits: ProductLimits,
) -> tuple[Product, ...]:
    """Return one row per allele (the wild type first), assay and pair."""
    alleles: list[tuple[str, str, list[tuple[Piece, ...]]]] = [
        (WILD_TYPE, "", [wild_type(locus)]),
        *(
            (model.name, model.deletion.label, [deleted(locus, b) for b in model.breakpoints])
            for model in allele_models(locus)
        ),
    ]
    return tuple(
        _product(
            (name, label, assay.name, pair.forward.name, pair.reverse.name),
            [pair_size(form, pair, sites, lengths) for form in forms],
            limits,
        )
        for name, label, forms in alleles
        for assay in assays
        for pair in assay.pairs
    )


def _product(
    keys: tuple[str, str, str, str, str], sizes: Sequence[Size | None], limits: ProductLimits
) -> Product:
    """Join the sizes over the breakpoints of an allele."""
    known = [size for size in sizes if size]
    if not known:
        return Product(*keys, None, None, Amplifies.NONE)
    shortest, longest = min(size.bp for size in known), max(size.bp for size in known)
    bounded = all(size.bounded for size in known)
    always = bounded and len(known) == len(sizes)
    if always and longest <= limits.product_must_max_bp:
        product = Amplifies.MUST
    else:
        product = Amplifies.MAY if shortest <= limits.product_may_max_bp else Amplifies.NONE
    return Product(*keys, shortest, longest if bounded else None, product)
