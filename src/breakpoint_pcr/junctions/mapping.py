"""Reads -> junctions.tsv: each read placed and described, or refused with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from breakpoint_pcr.insilico.alleles import deleted, pair_size
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.insilico.nucleotides import reverse_complement
from breakpoint_pcr.junctions.anchors import Index, index_of
from breakpoint_pcr.junctions.doubts import doubts
from breakpoint_pcr.junctions.placement import Change, Piece, Placement, Split, place
from breakpoint_pcr.junctions.places import (
    deleted_nt,
    description,
    ends,
    position,
    spoken,
    surely_deleted_nt,
)
from breakpoint_pcr.junctions.reads import Read
from breakpoint_pcr.junctions.rows import Junction
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.junctions.signals import left_signal, right_signal
from breakpoint_pcr.panel import Assay
from breakpoint_pcr.reference import Breakpoint, Locus
from breakpoint_pcr.tables import Amplifies, Site

FORWARD = "+"


@dataclass(frozen=True, slots=True)
class PanelSites:
    """What is known of the panel: its assays, the sites of its primers, their lengths in nt."""

    assays: tuple[Assay, ...]
    sites: tuple[Site, ...]
    lengths: Mapping[str, int]
    limits: ProductLimits


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every read is mapped with."""

    index: Index
    locus: Locus
    panel: PanelSites
    settings: MappingSettings


def map_reads(
    reads: Sequence[Read], locus: Locus, panel: PanelSites, settings: MappingSettings
) -> list[Junction]:
    """Place every read.

    Args:
        reads: Sequenced products, in either orientation.
        locus: The reference: the left end on its first record, the right end there or beyond.
        panel: What tells which assays a junction lights up.
        settings: Limits.

    Returns:
        One row per read, in their order.
    """
    bench = _Bench(index_of(locus, settings.seed_nt), locus, panel, settings)
    return [_mapped(read, bench) for read in reads]


def _mapped(read: Read, bench: _Bench) -> Junction:
    if refusal := _unfit(read, bench.settings):
        return _refused(read, "", refusal)
    placement = place(read.sequence, bench.index, bench.settings)
    split = placement.split
    if split is None or placement.turned:
        strand = placement.one.strand if placement.one else ""
        return _refused(read, strand, _no_junction(read, placement, bench))
    if refusal := _refusal(split, placement, bench):
        return _refused(read, split.change.strand, refusal)
    return _junction(read, split, placement.others, bench)


def _unfit(read: Read, settings: MappingSettings) -> str:
    length, least = len(read.sequence), 2 * settings.anchor_nt
    if length < least:
        return f"too short: {length} nt are left after trimming; at least {least} are needed"
    if length > settings.read_max_nt:
        return f"too long: {length:,} nt; a product has at most {settings.read_max_nt:,}"
    return ""


def _no_junction(read: Read, placement: Placement, bench: _Bench) -> str:
    """Say what a read is that does not join two places of one strand."""
    locus, settings = bench.locus, bench.settings
    one = placement.one
    if one is None:
        return f"unknown sequence: no {settings.anchor_nt} nt of it fit the reference"
    if placement.turned and placement.split:
        return f"ambiguous: {ends(placement.split.change, locus)}, or strand change"
    if placement.turned:
        return "strand changes within the read: inversion or chimera, no deletion"
    rest = max(one.start, len(read.sequence) - one.end)
    said = f"{one.length} of {len(read.sequence)} nt lie in one piece at {_stretch(one, locus)}"
    if rest < settings.anchor_nt:
        return f"no deletion: {said}"
    return f"one side only: {said}; {rest} nt at an end fit nothing there"


def _stretch(piece: Piece, locus: Locus) -> str:
    record = locus.records[piece.record]
    return f"{spoken(record, piece.first)}-{position(record, piece.last - 1):,}"


def _refusal(split: Split, placement: Placement, bench: _Bench) -> str:
    """Say why two pieces of one strand are no deletion that can be described; empty if they are."""
    locus, settings = bench.locus, bench.settings
    where = ends(split.change, locus)
    if rival := placement.rival:
        other = ends(rival, locus)
        elsewhere = other if other != where else "places beside it"
        return f"ambiguous: it fits {where}, and {elsewhere} as well"
    if reason := _no_deletion(split.change, locus, settings):
        return f"{reason}: {where}"
    if (between := split.right.start - split.left.end) > settings.inserted_max_nt:
        return f"{between} nt between {where} fit neither side"
    if placement.more:
        return f"more than two stretches of the reference, {where} among them: chimera"
    for side, piece in (("left", split.left), ("right", split.right)):
        if 100 * len(piece.edits) > settings.edits_max_percent * piece.length:
            return f"{side} side fits badly: {len(piece.edits)} edits in {piece.length} nt"
    return ""


def _no_deletion(change: Change, locus: Locus, settings: MappingSettings) -> str:
    least = settings.deletion_min_nt
    if change.left_record:
        return f"left side not on record {locus.records[0].name}"
    lost = surely_deleted_nt(locus, _breakpoint(change, locus))
    if not change.right_record and lost < -least:
        return "order reversed, duplication or circle"
    return f"no deletion of {least} nt or more" if lost < least else ""


def _breakpoint(change: Change, locus: Locus) -> Breakpoint:
    record = locus.records[change.right_record].name
    inserted_nt = change.start - change.end
    return Breakpoint("", change.left_position, inserted_nt, record, change.right_position, "")


def _refused(read: Read, strand: str, reason: str) -> Junction:
    return Junction(
        read=read.name,
        file=read.file,
        length_nt=read.length_nt,
        strand=strand,
        mapped=False,
        deletion="",
        left_last_base=None,
        right_record="",
        right_first_base=None,
        inserted="",
        microhomology="",
        deleted_nt=None,
        left_signal="",
        right_signal="",
        hgvs="",
        assays=(),
        long_assays=(),
        left_nt=None,
        right_nt=None,
        edits=None,
        trimmed_nt=None,
        reason=reason,
    )


def _junction(read: Read, split: Split, others: Sequence[Change], bench: _Bench) -> Junction:
    locus, settings = bench.locus, bench.settings
    strand, junction = split.change.strand, _breakpoint(split.change, locus)
    turned = _turned(read, strand)
    left, right = locus.records[0], locus.record(junction.right_record)
    inserted = turned.sequence[split.left.end : split.right.start]
    homology = microhomology(locus, junction, split.left.length)
    lost = locus.deletion(junction)
    lit = products(locus, junction, bench.panel)
    explained = split.right.end - split.left.start
    return Junction(
        read=read.name,
        file=read.file,
        length_nt=read.length_nt,
        strand=strand,
        mapped=True,
        deletion=lost.label if lost else "",
        left_last_base=position(left, junction.left_end - 1),
        right_record=right.name,
        right_first_base=position(right, junction.right_start),
        inserted=inserted,
        microhomology=homology,
        deleted_nt=deleted_nt(locus, junction),
        left_signal=left_signal(left.sequence, junction.left_end, len(homology), settings),
        right_signal=right_signal(right.sequence, junction.right_start, settings),
        hgvs=description(locus, junction, inserted),
        assays=tuple(name for name, product in lit.items() if product is Amplifies.MUST),
        long_assays=tuple(name for name, product in lit.items() if product is Amplifies.MAY),
        left_nt=split.left.length,
        right_nt=split.right.length,
        edits=len(split.left.edits) + len(split.right.edits),
        trimmed_nt=read.length_nt - explained,
        reason="; ".join(doubts(turned, split, others, locus, settings)),
    )


def _turned(read: Read, strand: str) -> Read:
    """Return the read in the orientation of the locus."""
    if strand == FORWARD:
        return read
    qualities = None if read.qualities is None else read.qualities[::-1]
    return replace(read, sequence=reverse_complement(read.sequence), qualities=qualities)


def microhomology(locus: Locus, junction: Breakpoint, left_nt: int) -> str:
    """Return the last bases of the left side that the right side could as well begin with.

    Args:
        locus: The reference.
        junction: The left end as far right as it goes.
        left_nt: Bases of the left side.
    """
    if junction.inserted_nt:
        return ""
    left, right = locus.records[0].sequence, locus.record(junction.right_record).sequence
    end, start, count = junction.left_end, junction.right_start, 0
    most = min(left_nt, end, start)
    while count < most and left[end - count - 1] == right[start - count - 1]:
        count += 1
    return left[end - count : end]


def products(locus: Locus, junction: Breakpoint, panel: PanelSites) -> dict[str, Amplifies]:
    """Return for each assay whether it lights up on the allele with this junction.

    A product whose size is only known to be larger than some may appear, never must.
    """
    allele = deleted(locus, junction)
    found: dict[str, Amplifies] = {}
    for assay in panel.assays:
        sizes = [pair_size(allele, pair, panel.sites, panel.lengths) for pair in assay.pairs]
        known = [size for size in sizes if size]
        if any(s.bounded and s.bp <= panel.limits.product_must_max_bp for s in known):
            found[assay.name] = Amplifies.MUST
        elif any(s.bp <= panel.limits.product_may_max_bp for s in known):
            found[assay.name] = Amplifies.MAY
        else:
            found[assay.name] = Amplifies.NONE
    return found
