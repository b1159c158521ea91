"""panel.json: the verification as one document, for the report and for calls."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from breakpoint_pcr.insilico.alleles import WILD_TYPE, AlleleModel, allele_models
from breakpoint_pcr.insilico.conditions import Conditions, Confirmation
from breakpoint_pcr.insilico.judgement import better_sequence, usable, verdict_of
from breakpoint_pcr.insilico.placements import Placement
from breakpoint_pcr.panel import Panel, Primer
from breakpoint_pcr.reference import Locus, Record
from breakpoint_pcr.tables import Dimer, Finding, Level, Oligo, Product

OFF_TARGETS = "not searched"
VARIANTS = "not checked"
NOTHING_FOUND = "one exact site; oligo and dimers within the limits"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the document is made of."""

    panel: Panel
    locus: Locus
    conditions: Conditions
    placements: tuple[Placement, ...]
    oligos: tuple[Oligo, ...]
    dimers: tuple[Dimer, ...]
    products: tuple[Product, ...]
    findings: tuple[Finding, ...]


def document(evidence: Evidence) -> dict[str, Any]:
    """Compose panel.json."""
    panel, locus = evidence.panel, evidence.locus
    confirmed = {entry.name: entry for entry in evidence.conditions.confirmed}
    return {
        "panel": _panel(panel),
        "reference": _reference(locus),
        "conditions": dict(evidence.conditions.values),
        "verdict": str(verdict_of(evidence.findings)),
        "off_targets": OFF_TARGETS,
        "variants": VARIANTS,
        "primers": [
            _primer(primer, oligo, evidence, confirmed.get(primer.name))
            for primer, oligo in zip(panel.primers, evidence.oligos, strict=True)
        ],
        "assays": _assays(panel, evidence.placements),
        "alleles": [_allele(model, locus, evidence.products) for model in allele_models(locus)],
        "wild_type": [_sizes(row) for row in evidence.products if row.allele == WILD_TYPE],
        "dimers": [asdict(dimer) for dimer in evidence.dimers],
        "findings": [_finding(finding) for finding in evidence.findings],
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
