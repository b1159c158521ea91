"""Whether the assays that a laboratory keeps tell the classes apart.

An allele lights its sure assays and any of those with a long product. For each such pattern the
calls that the pattern allows are asked of the same explanation as in a run.
"""

from collections.abc import Iterable, Iterator, Sequence

from breakpoint_pcr.explanation import NEGATIVE, Allele, alleles_of, explain, in_exon_order
from breakpoint_pcr.insilico.rows import Resolution
from breakpoint_pcr.panel import Assay
from breakpoint_pcr.tables import Finding, Level, Product


def design_of(assays: Sequence[Assay], products: Iterable[Product]) -> tuple[Resolution, ...]:
    """Return one row per allele model, in the order of the products.

    Args:
        assays: Breakpoint assays that are kept, pooled ones too.
        products: What each allele gives with each assay; rows of other assays are left out.
    """
    tested = tuple(assay.name for assay in assays)
    rows = [row for row in products if row.deletion]
    models = {row.allele: row.deletion for row in rows}
    alleles = alleles_of(row for row in rows if row.assay in tested)
    lit = {allele.name: allele for allele in alleles}
    return tuple(
        _resolution(lit.get(name, Allele(name, label, frozenset(), frozenset())), tested, alleles)
        for name, label in models.items()
    )


def _resolution(allele: Allele, tested: Sequence[str], alleles: Sequence[Allele]) -> Resolution:
    return Resolution(
        deletion=allele.deletion,
        form=allele.name,
        assays=tuple(name for name in tested if name in allele.lights),
        long_only=bool(allele.may) and not allele.must,
        confused_with=_confused(allele, frozenset(tested), alleles),
        seen=bool(allele.lights),
    )


def _confused(allele: Allele, tested: frozenset[str], alleles: Sequence[Allele]) -> tuple[str, ...]:
    """Return the calls, beside its own, that a pattern of the allele allows; negative first."""
    calls: set[str] = set()
    for positive in _patterns(allele, alleles):
        found = explain(positive, tested, alleles)
        calls.update(found.candidates or (found.call,))
    classes = in_exon_order(calls - {allele.deletion, NEGATIVE})
    return (NEGATIVE, *classes) if NEGATIVE in calls else classes


def _patterns(allele: Allele, alleles: Iterable[Allele]) -> Iterator[frozenset[str]]:
    """Yield patterns of an allele that bring out every other allele which explains one of them.

    Each pattern of the allele is explained by the allele alone, so a rival explains it alone too.
    If a rival explains any pattern, it explains the one of what both must light, or, where neither
    must light any, one of a single long product. So not all subsets need to be gone through.
    """
    yield allele.must
    for rival in alleles:
        if rival.must <= allele.lights:
            yield allele.must | rival.must
    if not allele.must:
        yield from (frozenset({name}) for name in sorted(allele.may))


def judge_design(assays: Sequence[Assay], rows: Iterable[Resolution]) -> Iterator[Finding]:
    """Name the alleles that the kept assays miss, see by a long product only, or confuse.

    Args:
        assays: Breakpoint assays that are kept; a missed allele of a class of theirs is a warning.
        rows: What `design_of` returned for them.
    """
    own = {deletion.label for assay in assays for deletion in assay.deletions}
    told: set[frozenset[str]] = set()
    for row in rows:
        if not row.seen:
            level = Level.WARNING if row.deletion in own else Level.INFO
            sentence = f"{row.form} gives no product with any pair of the panel: not seen"
            yield Finding(level, "assay", row.form, "allele_not_seen", sentence)
        elif row.long_only:
            sentence = f"{row.form} is seen by a long product only, which may fail to appear"
            yield Finding(Level.INFO, "assay", row.form, "long_product_only", sentence)
        rivals = tuple(call for call in row.confused_with if call != NEGATIVE)
        classes = frozenset({row.deletion, *rivals})
        if rivals and classes not in told:
            told.add(classes)
            sentence = f"the assays do not tell {row.deletion} from {' or '.join(rivals)}"
            yield Finding(Level.WARNING, "assay", row.deletion, "class_not_resolved", sentence)
