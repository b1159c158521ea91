"""The files of a verification: what it reads beside panel and reference, and what it writes."""

import json
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path

from breakpoint_pcr.insilico.conditions import VariantLimits
from breakpoint_pcr.insilico.evidence import KnownVariants
from breakpoint_pcr.insilico.genome.searched import Genome, GenomeSearch
from breakpoint_pcr.insilico.rows import (
    Coverage,
    GenomeProduct,
    GenomeSite,
    ProbeRoom,
    Resolution,
    Robustness,
    Variant,
)
from breakpoint_pcr.insilico.variants import read_variants
from breakpoint_pcr.insilico.verification import Verification
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import (
    Dimer,
    Finding,
    Oligo,
    Pattern,
    Product,
    Site,
    read_table,
    write_table,
)


def read_genome(paths: Sequence[Path]) -> GenomeSearch | None:
    """Read what was found in a genome: its description, then the sites of each part.

    Returns:
        None where there are no files: no genome was searched.
    """
    if not paths:
        return None
    description, *parts = paths
    genome = Genome.from_document(json.loads(description.read_text(encoding="utf-8")))
    sites = (site for part in parts for site in read_table(part, GenomeSite))
    return GenomeSearch(genome, tuple(sites))


def read_known(paths: Sequence[Path], locus: Locus, limits: VariantLimits) -> KnownVariants | None:
    """Read the alleles of the locus from a VCF.

    Returns:
        None where there is no file: known variants are not checked.

    Raises:
        LocusError: The VCF is damaged, of another assembly, or says nothing of the locus.
    """
    if not paths:
        return None
    (path,) = paths
    ignored = limits.variant_studies_ignored
    alleles = tuple(read_variants(path, locus, studies_ignored=ignored))
    with path.open("rb") as file:
        return KnownVariants(path.name, file_digest(file, "sha256").hexdigest(), alleles)


def write_verification(found: Verification, output: Mapping[str, Path]) -> None:
    """Write every table of results/panel/ and panel.json, each to the path under its name."""
    evidence = found.evidence
    write_table(output["sites"], Site, evidence.sites)
    write_table(output["oligos"], Oligo, evidence.oligos)
    write_table(output["dimers"], Dimer, evidence.dimers)
    write_table(output["products"], Product, evidence.products)
    assays = [assay.name for assay in evidence.panel.breakpoint_assays]
    write_table(output["decision_table"], Pattern, found.patterns, assays)
    write_table(output["coverage"], Coverage, evidence.coverage)
    write_table(output["robustness"], Robustness, evidence.robustness)
    write_table(output["probe_room"], ProbeRoom, evidence.probe_room)
    write_table(output["design"], Resolution, evidence.design)
    write_table(
        output["genome_sites"], GenomeSite, evidence.genome.sites if evidence.genome else ()
    )
    write_table(output["genome_products"], GenomeProduct, evidence.genome_products)
    write_table(output["variants"], Variant, evidence.variants.rows if evidence.variants else ())
    write_table(output["findings"], Finding, evidence.findings)
    text = json.dumps(found.document, ensure_ascii=False, indent=1)
    output["document"].write_text(text + "\n", encoding="utf-8")
