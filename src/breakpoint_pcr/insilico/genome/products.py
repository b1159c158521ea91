"""Products between any two sites of a genome that face each other."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.insilico.rows import Facing, GenomeProduct, GenomeSite
from breakpoint_pcr.panel import OligoKind, Panel


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the panel says of two primers: how they are declared, which reactions hold both."""

    facing: Facing
    assays: tuple[str, ...]


def meetings(panel: Panel) -> dict[tuple[str, str], Meeting]:
    """Return it for every two primers, in both orders; a primer also meets itself."""
    primers = [primer for primer in panel.primers if primer.kind is OligoKind.PRIMER]
    tubes = {
        assay.name: {p.name for pair in assay.pairs for p in (pair.forward, pair.reverse)}
        for assay in panel.assays
    }
    return {
        (one.name, other.name): Meeting(
            _facing(one.strand, other.strand),
            tuple(name for name, tube in tubes.items() if {one.name, other.name} <= tube),
        )
        for one in primers
        for other in primers
    }


def _facing(one: str, other: str) -> Facing:
    if one != other:
        return Facing.FORWARD_REVERSE
    return Facing.FORWARD_FORWARD if one == "+" else Facing.REVERSE_REVERSE


def genome_products(
    sites: Iterable[GenomeSite], panel: Panel, *, lengths: Mapping[str, int], size_max_bp: int
) -> list[GenomeProduct]:
    """Find every product up to a size; a probe bounds none.

    Two sites face each other as in `alleles.product_size`: neither reaches beyond the far end of
    the other. The size counts whole primers, not their sites.

    Args:
        sites: Sites of all parts of the genome.
        panel: Its primers and assays.
        lengths: Length of each primer as ordered, in nt.
        size_max_bp: Longest product that counts.

    Returns:
        Products in the order of the records, then of position.
    """
    known = meetings(panel)
    bounding = {name for name, _ in known}
    records: defaultdict[str, list[GenomeSite]] = defaultdict(list)
    for site in sites:
        if site.primer in bounding:
            records[site.record].append(site)
    return [
        product
        for own in records.values()
        for product in sorted(_products(own, known, lengths, size_max_bp), key=_order)
    ]


def _products(
    sites: Sequence[GenomeSite],
    known: Mapping[tuple[str, str], Meeting],
    lengths: Mapping[str, int],
    size_max_bp: int,
) -> Iterator[GenomeProduct]:
    """Pair the sites of one record: of each one on the plus strand, those that begin behind it."""
    minus = sorted((site for site in sites if site.strand == "-"), key=lambda site: site.start)
    starts = [site.start for site in minus]
    shortest = min((lengths[site.primer] for site in minus), default=0)
    for plus in (site for site in sites if site.strand == "+"):
        room = size_max_bp - shortest - _extra(plus, lengths)
        for at in range(bisect_left(starts, plus.start), len(minus)):
            if starts[at] - plus.start > room:
                break
            size = minus[at].end - plus.start + _extra(plus, lengths) + _extra(minus[at], lengths)
            if plus.end <= minus[at].end and size <= size_max_bp:
                meeting = known[plus.primer, minus[at].primer]
                yield _product(plus, minus[at], size, meeting)


def _extra(site: GenomeSite, lengths: Mapping[str, int]) -> int:
    return lengths[site.primer] - (site.end - site.start)


def _product(plus: GenomeSite, minus: GenomeSite, size: int, meeting: Meeting) -> GenomeProduct:
    return GenomeProduct(
        record=plus.record,
        start=plus.start,
        end=minus.end,
        size=size,
        plus=plus.primer,
        minus=minus.primer,
        facing=meeting.facing,
        edits=plus.edits + minus.edits,
        assays=meeting.assays,
        target=plus.target and minus.target,
    )


def _order(product: GenomeProduct) -> tuple[int, int, str, str, int]:
    return product.start, product.end, product.plus, product.minus, product.edits
