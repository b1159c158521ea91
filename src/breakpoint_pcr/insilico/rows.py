"""Tables of results/panel/ beyond the sites, oligos, dimers and products of the reference."""

from dataclasses import dataclass
from enum import StrEnum

from breakpoint_pcr.tables.columns import column
from breakpoint_pcr.tables.vocabulary import Level, Verdict


class Facing(StrEnum):
    """Which primers bound a product: a forward and a reverse one, or two of a kind."""

    FORWARD_REVERSE = "F-R"
    FORWARD_FORWARD = "F-F"
    REVERSE_REVERSE = "R-R"


class Seen(StrEnum):
    """How a panel sees a deletion."""

    SURE = "must"
    LONG = "long product only"
    DEPENDS = "depends on the breakpoints"
    NEVER = "never"


class Probed(StrEnum):
    """What an allele leaves of a probe's site between the primers."""

    KEPT = "kept"
    DELETED = "deleted"
    OUTSIDE = "outside the product"
    NO_SITE = "no site"


@dataclass(frozen=True, slots=True)
class GenomeSite:
    """genome_sites.tsv: one place in the genome where a primer may bind."""

    primer: str = column("primer")
    record: str = column("record of the genome, first word of its header")
    start: int = column("first base on the plus strand, 0-based", "nt")
    end: int = column("after the last base, 0-based half-open", "nt")
    strand: str = column("+ or -: strand whose 5'-3' sequence the primer equals")
    mismatches: int = column("substituted bases", "nt")
    gaps: int = column("inserted and deleted bases", "nt")
    edits: int = column("mismatches and gaps", "nt")
    alignment: str = column("primer / marks (| . -) / site, 5'-3' of the primer")
    verdict: Verdict = column("judgement of the site: PASS exact, CHECK may prime, FAIL hardly")
    target: bool = column("whether site and surroundings equal the panel's own in the reference")


@dataclass(frozen=True, slots=True)
class GenomeProduct:
    """genome_products.tsv: two sites that face each other within the size limit."""

    record: str = column("record of the genome")
    start: int = column("first base of the product, 0-based", "nt")
    end: int = column("after its last base", "nt")
    size: int = column("length with the whole primers", "bp")
    plus: str = column("primer on the plus strand")
    minus: str = column("primer on the minus strand")
    facing: Facing = column("F-R, F-F or R-R, as the panel declares the two primers")
    edits: int = column("edits of both sites together", "nt")
    assays: tuple[str, ...] = column("assays whose reaction holds both primers; empty: none")
    target: bool = column("whether both are the panel's own sites")


@dataclass(frozen=True, slots=True)
class Variant:
    """variants.tsv: a known variant under a primer or probe."""

    primer: str = column("oligo")
    chromosome: str = column("as in the VCF")
    position: int = column("1-based, on the chromosome", "nt")
    identifier: str = column("ID of the VCF; empty when it has none")
    reference: str = column("REF, plus strand")
    alternative: str = column("ALT, plus strand")
    frequency: float | None = column("allele frequency; empty when the VCF has none")
    place: int = column("nearest changed base, counted from the 3' end of the oligo, 1 is terminal")
    level: Level = column("warning at or above the configured frequency, else info")
    population: str = column("population or study of that frequency, the highest of the VCF")


@dataclass(frozen=True, slots=True)
class Coverage:
    """coverage.tsv: each deletion of consecutive exons, and whether the kept assays see it."""

    deletion: str = column("label; first and last deleted exon", name="class")
    recurrent: bool = column("whether the reference holds recurrent breakpoints of it")
    seen: Seen = column("how the assays see it")
    assays: tuple[str, ...] = column("assays that may light up")
    size_min: int | None = column("shortest product over all breakpoints of its introns", "bp")
    share: float | None = column(
        "share of its introns' breakpoints, each as likely, with a product that must appear"
    )
    sentence: str = column("in words")


@dataclass(frozen=True, slots=True)
class Robustness:
    """robustness.tsv: recurrent breakpoints moved at random, and how many are still seen."""

    allele: str = column("allele model")
    shift_nt: int = column("both ends move by up to so many bases, each shift as likely", "nt")
    must: float = column("share that still gives a product which must appear")
    may: float = column("share that gives a product which must or may appear")


@dataclass(frozen=True, slots=True)
class ProbeRoom:
    """probe_room.tsv: free bases for a probe beside a junction, and what becomes of a probe."""

    allele: str = column("allele model")
    assay: str = column("assay")
    forward: str = column("forward primer")
    reverse: str = column("reverse primer")
    left_min: int = column("least bases between the forward primer and the junction", "nt")
    left_max: int = column("most of them over the recurrent breakpoints", "nt")
    right_min: int = column("least bases between the junction and the reverse primer", "nt")
    right_max: int = column("most of them over the recurrent breakpoints", "nt")
    probe: str = column("probe of the panel; empty where it has none")
    probed: Probed | None = column("what the allele leaves of its site; worst breakpoint")


@dataclass(frozen=True, slots=True)
class Resolution:
    """design.tsv: whether the kept assays tell a class."""

    deletion: str = column("class label", name="class")
    form: str = column("allele model")
    assays: tuple[str, ...] = column("kept assays that it lights up")
    long_only: bool = column("whether only by a long product, which may fail to appear")
    confused_with: tuple[str, ...] = column("calls that the same wells allow; empty: resolved")
    seen: bool = column("whether any kept assay lights up")


class Packing(StrEnum):
    """How a file is packed."""

    PLAIN = "plain"
    GZIP = "gzip"
    BGZIP = "bgzip"


@dataclass(frozen=True, slots=True)
class GenomeRecord:
    """genome_records.tsv: one record of the genome, and the part that searches it."""

    part: str = column("part of the genome that one job searches; empty before the grouping")
    record: str = column("first word of its header")
    length_nt: int = column("letters of its sequence", "nt")
    packing: Packing = column("plain, gzip or bgzip: how the FASTA is packed")
    offset: int = column(
        "where its header line begins: bytes of the text before it; of bgzip the virtual offset"
    )
