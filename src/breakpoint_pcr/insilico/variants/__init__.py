"""Known variants under the oligos of a panel, from a VCF.

`files` streams the alleles of the locus, `frequencies` reads how common they are, `changes` says
what an allele does to a site, `checking` makes rows and findings of it.
"""

from breakpoint_pcr.insilico.conditions import VariantLimits
from breakpoint_pcr.insilico.variants.checking import (
    VariantCheck,
    check_variants,
    judge_variants,
    variants_under,
)
from breakpoint_pcr.insilico.variants.files import KnownAllele, read_variants
from breakpoint_pcr.insilico.variants.sites import OligoSite, oligo_sites

__all__ = [
    "KnownAllele",
    "OligoSite",
    "VariantCheck",
    "VariantLimits",
    "check_variants",
    "judge_variants",
    "oligo_sites",
    "read_variants",
    "variants_under",
]
