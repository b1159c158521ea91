"""What stands behind a call, in words: wells, Cts, curves and products."""

from collections.abc import Mapping, Sequence

from breakpoint_pcr.calling.samples import AssayResult
from breakpoint_pcr.calling.well_words import wells_words
from breakpoint_pcr.tables import Amplifies, Outcome, Product

Sizes = Mapping[tuple[str, str], str]


def product_sizes(products: Sequence[Product]) -> dict[tuple[str, str], str]:
    """Return the size of each allele's product in each assay, by (assay, allele)."""
    found: dict[tuple[str, str], list[Product]] = {}
    for row in products:
        if row.deletion and row.product is not Amplifies.NONE and row.size_min is not None:
            found.setdefault((row.assay, row.allele), []).append(row)
    return {key: _range_of(rows) for key, rows in found.items()}


def _range_of(rows: Sequence[Product]) -> str:
    low = min(row.size_min or 0 for row in rows)
    if any(row.size_max is None for row in rows):
        return f"at least {low} bp"
    high = max(row.size_max or row.size_min or 0 for row in rows)
    return f"{low} bp" if low == high else f"{low}-{high} bp"


def evidence(results: Sequence[AssayResult], alleles: Sequence[str], sizes: Sizes) -> str:
    """Describe each assay of a sample: outcome, wells, and the products that explain a positive.

    Args:
        results: Assays of the sample.
        alleles: Names of those that explain it.
        sizes: As `product_sizes` gives them.
    """
    return "; ".join(_assay_words(result, alleles, sizes) for result in results)


def _assay_words(result: AssayResult, alleles: Sequence[str], sizes: Sizes) -> str:
    if not result.wells:
        return f"{result.assay} not run"
    words = wells_words(result.wells)
    if result.outcome is Outcome.POSITIVE:
        lit = [name for name in alleles if (result.assay, name) in sizes]
        products = " or ".join(f"{name} {sizes[result.assay, name]}" for name in lit)
        words += [f"product of {products}"] if lit else []
    return f"{result.assay} {result.outcome}: {', '.join(words)}"
