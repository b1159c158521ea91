"""How far recurrent breakpoints may shift before a deletion is missed.

Both ends of each recurrent breakpoint move by -k to k bases, independently and each whole number as
likely; the bases inserted stay. All (2k + 1)^2 shifts are counted, none is drawn. A stress test of
the primers, not a distribution of real breakpoints.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.insilico.alleles import AlleleModel, allele_models
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.insilico.crossings import Crossing, Ends, count_within, crossings_of
from breakpoint_pcr.insilico.rows import Robustness
from breakpoint_pcr.panel import Assay
from breakpoint_pcr.reference import Breakpoint, Locus
from breakpoint_pcr.tables import Finding, Level, Site

Crossings = Mapping[str, Sequence[Crossing]]


def robustness_of(  # noqa: PLR0913 - as products_of, and the shifts
    locus: Locus,
    assays: Sequence[Assay],
    sites: Sequence[Site],
    lengths: Mapping[str, int],
    limits: ProductLimits,
    *,
    shifts_nt: Iterable[int],
) -> tuple[Robustness, ...]:
    """Return one row per allele model and shift.

    Args:
        locus: The reference.
        assays: Breakpoint assays that are kept.
        sites: Sites of all primers.
        lengths: Length of each primer as ordered, in nt.
        limits: Up to which size a product must, and may, appear.
        shifts_nt: How far both ends move at most, in nt; 0 is the breakpoints as they are.
    """
    every = crossings_of(locus, assays, sites, lengths)
    known = {record: [c for c in found if c.bounded] for record, found in every.items()}
    shifts = tuple(shifts_nt)
    return tuple(
        Robustness(
            model.name,
            shift,
            must=_share(model, shift, known, limits.product_must_max_bp),
            may=_share(model, shift, every, limits.product_may_max_bp),
        )
        for model in allele_models(locus)
        for shift in shifts
    )


def _share(model: AlleleModel, shift_nt: int, crossings: Crossings, limit_bp: int) -> float:
    """Return the share of shifted breakpoints with a product up to a limit."""
    found = sum(_count(b, shift_nt, crossings, limit_bp) for b in model.breakpoints)
    return found / (len(model.breakpoints) * (2 * shift_nt + 1) ** 2)


def _count(breakpoint_: Breakpoint, shift_nt: int, crossings: Crossings, limit_bp: int) -> int:
    left, right = breakpoint_.left_end, breakpoint_.right_start
    # An end before the first known base of a later record is no error: the chromosome goes on.
    ends = Ends(
        range(left - shift_nt, left + shift_nt + 1),
        breakpoint_.right_record,
        range(right - shift_nt, right + shift_nt + 1),
    )
    return count_within(
        ends, crossings[breakpoint_.right_record], limit_bp - breakpoint_.inserted_nt
    )


def judge_robustness(
    rows: Iterable[Robustness], *, shift_nt: int, share_min: float
) -> Iterator[Finding]:
    """Name the alleles that a shift loses too often; one that is never seen is named elsewhere.

    Args:
        rows: What `robustness_of` returned.
        shift_nt: The shift that counts, one of those in the rows, in nt.
        share_min: Share of shifted breakpoints that should still give a product, 0 to 1.
    """
    for row in rows:
        if row.shift_nt == shift_nt and 0 < row.may < share_min:
            sentence = (
                f"when both ends of its breakpoints move by up to {shift_nt} nt, "
                f"{100 * row.may:.0f} % still give a product; expected {100 * share_min:.0f} %"
            )
            yield Finding(Level.INFO, "assay", row.allele, "fragile_allele", sentence)
