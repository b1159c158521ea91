"""panel.json: the verification as one document, for the report and for calls."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from breakpoint_pcr.insilico.alleles import WILD_TYPE, AlleleModel, allele_models
from breakpoint_pcr.insilico.conditions import Confirmation
from breakpoint_pcr.insilico.evidence import Evidence
from breakpoint_pcr.insilico.judgement import better_sequence, usable, verdict_of
from breakpoint_pcr.insilico.placements import Placement
from breakpoint_pcr.insilico.rows import GenomeProduct, GenomeSite
from breakpoint_pcr.panel import Panel, Primer
from breakpoint_pcr.reference import Locus, Record
from breakpoint_pcr.tables import Finding, Level, Oligo, Product

OFF_TARGETS = "not searched"
VARIANTS = "not checked"
# Of a genome: off-target sites of a primer, and products, that the document holds; the tables
# have them all.
SITES_SHOWN = 50
PRODUCTS_SHOWN = 200
NOTHING_FOUND = "one exact site; oligo and dimers within the limits"


def document(evidence: Evidence) -> dict[str, Any]:
    """Compose panel.json."""
    panel, locus = evidence.panel, evidence.locus
    confirmed = {entry.name: entry for entry in evidence.conditions.confirmed}
    return {
        "panel": _panel(panel),
        "reference": _reference(locus),
        "conditions": dict(evidence.conditions.values),
        "verdict": str(verdict_of(evidence.findings)),
        "off_targets": _off_targets(evidence),
        "variants": _variants(evidence),
        "primers": [
            _primer(primer, oligo, evidence, confirmed.get(primer.name))
            for primer, oligo in zip(panel.primers, evidence.oligos, strict=True)
        ],
        "assays": _assays(panel, evidence.placements),
        "alleles": [_allele(model, locus, evidence.products) for model in allele_models(locus)],
        "wild_type": [_sizes(row) for row in evidence.products if row.allele == WILD_TYPE],
        "dimers": [asdict(dimer) for dimer in evidence.dimers],
        "kept_assays": [assay.name for assay in evidence.kept],
        "coverage": _rows(evidence.coverage),
        "robustness": _rows(evidence.robustness),
        "probe_room": _rows(evidence.probe_room),
        "design": _rows(evidence.design),
        "genome": _genome(evidence),
        "variant_frequency_min": evidence.conditions.variants.variant_frequency_min,
        "variant_rows": _rows(evidence.variants.rows if evidence.variants else ()),
        "findings": [_finding(finding) for finding in evidence.findings],
    }


def _rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return rows of a table as JSON; closed sets as their text."""
    return [
        {key: str(value) if isinstance(value, StrEnum) else value for key, value in pairs.items()}
        for pairs in map(asdict, rows)
    ]


def _off_targets(evidence: Evidence) -> str:
    if not evidence.genome:
        return OFF_TARGETS
    genome = evidence.genome.genome
    return (
        f"searched: {genome.file}, {genome.records:,} records, {genome.bases:,} bases, "
        f"sha256 {genome.sha256}"
    )


def _variants(evidence: Evidence) -> str:
    if not evidence.known:
        return VARIANTS
    known = evidence.known
    return f"checked: {known.file}, {len(known.alleles):,} alleles, sha256 {known.sha256}"


def _genome(evidence: Evidence) -> dict[str, Any] | None:
    """Return what was searched, the worst off-target sites, the counts and the products."""
    if not evidence.genome:
        return None
    found: dict[str, list[GenomeSite]] = {name: [] for name in evidence.sequences}
    for site in evidence.genome.sites:
        found[site.primer].append(site)
    return {
        **evidence.genome.genome.document,
        "sites": [row for sites in found.values() for row in _rows(_worst(sites))],
        "site_counts": [_counts(name, sites) for name, sites in found.items()],
        "products": _rows(sorted(evidence.genome_products, key=_harm)[:PRODUCTS_SHOWN]),
        "product_count": len(evidence.genome_products),
    }


def _worst(sites: Sequence[GenomeSite]) -> list[GenomeSite]:
    """Return the off-target sites with the fewest edits, as many as a page takes."""
    others = [site for site in sites if not site.target]
    return sorted(others, key=lambda site: (site.edits, site.gaps))[:SITES_SHOWN]


def _harm(product: GenomeProduct) -> tuple[bool, bool, int, int]:
    """Order products: those of one reaction first, then by how well their primers fit."""
    return not product.assays, product.target, product.edits, product.size


def _counts(primer: str, sites: Sequence[GenomeSite]) -> dict[str, Any]:
    edits = Counter(site.edits for site in sites if not site.target)
    return {
        "primer": primer,
        "edits": {str(number): edits[number] for number in sorted(edits)},
        "target": sum(site.target for site in sites),
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "name": panel.name,
        "version": panel.version,
        "title": panel.title,
        "citation": panel.citation,
        "sha256": panel.sha256,
        "known_deviations": [
            {"primer": primer, "text": text} for primer, text in panel.known_deviations
        ],
        "limitations": list(panel.limitations),
    }


def _reference(locus: Locus) -> dict[str, Any]:
    first = locus.records[0]
    return {
        "gene": locus.gene,
        "assembly": locus.assembly,
        "accession": locus.accession,
        "transcript": locus.transcript,
        "numbering": locus.numbering,
        "records": [
            {
                "name": record.name,
                "chromosome": record.chromosome,
                "start": record.chromosome_start,
                "length": len(record.sequence),
                "sha256": record.sha256,
                "source": record.source,
            }
            for record in locus.records
        ],
        "exons": [
            {
                "number": exon.number,
                "start": first.position(exon.start),
                "end": first.position(exon.end - 1),
            }
            for exon in locus.exons
        ],
    }


def _primer(
    primer: Primer, oligo: Oligo, evidence: Evidence, confirmation: Confirmation | None
) -> dict[str, Any]:
    own = [f for f in evidence.findings if (f.scope, f.subject) == ("primer", primer.name)]
    verdict = verdict_of(own)
    reasons = [f.sentence for f in own if f.level is not Level.INFO]
    return {
        "name": primer.name,
        "kind": str(primer.kind),
        "sequence": oligo.sequence,
        "strand": primer.strand,
        "borders_exon": primer.borders_exon,
        "note": primer.note,
        "length_nt": oligo.length_nt,
        "tm_celsius": oligo.tm_celsius,
        "gc_percent": oligo.gc_percent,
        "hairpin_tm_celsius": oligo.hairpin_tm_celsius,
        "self_dimer_dg_kcal": oligo.self_dimer_dg_kcal,
        "end_stability_dg_kcal": oligo.end_stability_dg_kcal,
        "verdict": str(verdict),
        "reasons": reasons or _nothing_wrong(own),
        "better_sequence": better_sequence(primer, evidence.placements),
        "confirmed": _confirmed(confirmation),
        "sites": [_site(p) for p in evidence.placements if p.site.primer == primer.name],
    }


def _nothing_wrong(own: Iterable[Finding]) -> list[str]:
    unverified = [f.sentence for f in own if f.code == "site_not_verified"]
    return unverified or [NOTHING_FOUND]


def _confirmed(confirmation: Confirmation | None) -> dict[str, str] | None:
    if confirmation is None:
        return None
    return {key: value for key, value in asdict(confirmation).items() if key != "name"}


def _site(placement: Placement) -> dict[str, Any]:
    site = asdict(placement.site)
    verdict = site.pop("verdict")
    site.pop("primer")
    places = {"position": placement.position, "region": placement.region}
    return {**site, **places, "verdict": str(verdict)}


def _assays(panel: Panel, placements: Sequence[Placement]) -> list[dict[str, Any]]:
    placed = {primer.name for primer in panel.primers if usable(primer, placements)}
    return [
        {
            "name": assay.name,
            "kind": str(assay.kind),
            "pairs": [pair.name for pair in assay.pairs],
            "deletions": [deletion.label for deletion in assay.deletions],
            "verified": bool(assay.pairs)
            and all({p.forward.name, p.reverse.name} <= placed for p in assay.pairs),
        }
        for assay in panel.assays
    ]


def _allele(model: AlleleModel, locus: Locus, products: Sequence[Product]) -> dict[str, Any]:
    first = locus.records[0]
    lefts = [first.position(b.left_end - 1) or 0 for b in model.breakpoints]
    right = locus.record(model.breakpoints[0].right_record)
    rights = [_base(right, b.right_start) for b in model.breakpoints]
    return {
        "allele": model.name,
        "deletion": model.deletion.label,
        "form": model.form,
        "left_min": min(lefts),
        "left_max": max(lefts),
        "right_record": right.name,
        "right_min": min(rights),
        "right_max": max(rights),
        "breakpoints": len(model.breakpoints),
        "products": [
            {**_sizes(row), "product": str(row.product)}
            for row in products
            if row.allele == model.name
        ],
    }


def _base(record: Record, index: int) -> int:
    """Return the 1-based position on the chromosome, or on the record where that is not known."""
    found = record.position(index)
    return index + 1 if found is None else found


def _sizes(row: Product) -> dict[str, Any]:
    return {
        "assay": row.assay,
        "forward": row.forward,
        "reverse": row.reverse,
        "size_min": row.size_min,
        "size_max": row.size_max,
    }


def _finding(finding: Finding) -> Mapping[str, str]:
    return {key: str(value) for key, value in asdict(finding).items()}
