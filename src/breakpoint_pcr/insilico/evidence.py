"""Everything that the verification of a panel found."""

from collections.abc import Mapping
from dataclasses import dataclass

from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.genome.own import OwnSite
from breakpoint_pcr.insilico.genome.searched import GenomeSearch
from breakpoint_pcr.insilico.placements import Placement
from breakpoint_pcr.insilico.rows import Coverage, GenomeProduct, ProbeRoom, Resolution, Robustness
from breakpoint_pcr.insilico.variants import KnownAllele, VariantCheck
from breakpoint_pcr.panel import Assay, Panel
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Dimer, Finding, Oligo, Product, Site


@dataclass(frozen=True, slots=True)
class KnownVariants:
    """The alleles of the locus in a VCF."""

    file: str
    sha256: str
    alleles: tuple[KnownAllele, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Panel, reference and conditions, and what followed from them.

    `sequences` are the oligos as they are in the tube, `kept` the assays that the laboratory keeps.
    `genome` is None where no genome was searched, `known` where no variants were given.
    """

    panel: Panel
    locus: Locus
    conditions: Conditions
    sequences: Mapping[str, str]
    kept: tuple[Assay, ...]
    placements: tuple[Placement, ...]
    oligos: tuple[Oligo, ...]
    dimers: tuple[Dimer, ...]
    products: tuple[Product, ...]
    coverage: tuple[Coverage, ...]
    robustness: tuple[Robustness, ...]
    probe_room: tuple[ProbeRoom, ...]
    design: tuple[Resolution, ...]
    genome: GenomeSearch | None = None
    own: tuple[OwnSite, ...] = ()
    genome_products: tuple[GenomeProduct, ...] = ()
    known: KnownVariants | None = None
    variants: VariantCheck | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def sites(self) -> tuple[Site, ...]:
        """Rows of sites.tsv."""
        return tuple(placement.site for placement in self.placements)

    @property
    def lengths(self) -> dict[str, int]:
        """Length of each oligo as ordered, in nt."""
        return {name: len(sequence) for name, sequence in self.sequences.items()}
