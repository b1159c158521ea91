"""Every deletion of consecutive exons, and whether the assays see it.

The ends of a deletion lie in the introns beside it, before the first exon or behind the last one,
as far as the reference goes. All pairs of ends are counted, each as likely, with nothing inserted.
Real ends cluster: the share says how much of a class hangs on its recurrent breakpoints, not how
often it is seen. Ends within an exon are left out.

Where the reference holds recurrent breakpoints of a deletion, those of its usual form decide, and
the sentence names the forms that fare otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from breakpoint_pcr.insilico.alleles import MAIN_FORM, AlleleModel, allele_models
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.insilico.crossings import Crossing, Ends, count_within, crossings_of, shortest
from breakpoint_pcr.insilico.rows import Coverage, Seen
from breakpoint_pcr.panel import Assay, Deletion
from breakpoint_pcr.reference import Breakpoint, Exon, Locus
from breakpoint_pcr.tables import Finding, Level, Site

GIVES = {
    Seen.SURE: "a product that must appear",
    Seen.LONG: "a long product only, which may fail to appear",
    Seen.DEPENDS: "a product that must appear in part only",
    Seen.NEVER: "no product",
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the kept assays may bring together, per record of the right end, and up to which size.

    `names` are the assays in their order.
    """

    names: tuple[str, ...]
    crossings: Mapping[str, tuple[Crossing, ...]]
    limits: ProductLimits

    def products(self, ends: Ends, inserted_nt: int = 0) -> list[tuple[int, Crossing]]:
        """Return the shortest product of each crossing, in bp, over all ends."""
        found = (shortest(ends, [crossing]) for crossing in self.crossings[ends.record])
        return [(size + inserted_nt, crossing) for size, crossing in filter(None, found)]

    def sure(self, ends: Ends) -> int:
        """Count the junctions with a product that must appear; a lower bound promises nothing."""
        known = [crossing for crossing in self.crossings[ends.record] if crossing.bounded]
        return count_within(ends, known, self.limits.product_must_max_bp)

    def seen(self, breakpoint_: Breakpoint) -> Seen:
        """Say how one junction is seen, with the bases that it inserts."""
        products = self.products(_at(breakpoint_), breakpoint_.inserted_nt)
        if any(c.bounded and size <= self.limits.product_must_max_bp for size, c in products):
            return Seen.SURE
        return Seen.LONG if self.lit(products) else Seen.NEVER

    def lit(self, products: Iterable[tuple[int, Crossing]]) -> set[str]:
        """Return the assays whose products may appear."""
        most = self.limits.product_may_max_bp
        return {crossing.assay for size, crossing in products if size <= most}


@dataclass(frozen=True, slots=True)
class _Deleted:
    """A deletion: where its ends may lie, and how its recurrent forms are seen.

    Attributes:
        deletion: The exons.
        ends: Where the ends may lie, for each record of the right end.
        forms: The recurrent forms, the usual one first.
        products: Shortest product of each crossing over all ends, in bp.
        sure: Share of all ends with a product that must appear; None where it has no place to end.
    """

    deletion: Deletion
    ends: tuple[Ends, ...]
    forms: tuple[tuple[AlleleModel, Seen], ...]
    products: tuple[tuple[int, Crossing], ...]
    sure: float | None

    @property
    def shortest(self) -> tuple[int, Crossing] | None:
        """The shortest product of all."""
        return min(self.products, key=lambda pair: pair[0], default=None)

    @property
    def usual(self) -> Seen | None:
        """How the usual form is seen: the main one, or else all of them."""
        main = {seen for model, seen in self.forms if model.form == MAIN_FORM}
        found = main or {seen for _, seen in self.forms}
        return _joined(found) if found else None


def coverage_of(
    locus: Locus,
    assays: Sequence[Assay],
    sites: Sequence[Site],
    lengths: Mapping[str, int],
    limits: ProductLimits,
) -> tuple[Coverage, ...]:
    """Return one row per deletion of consecutive exons, in exon order.

    Args:
        locus: The reference.
        assays: Breakpoint assays that are kept.
        sites: Sites of all primers.
        lengths: Length of each primer as ordered, in nt.
        limits: Up to which size a product must, and may, appear.
    """
    names = tuple(assay.name for assay in assays)
    kept = _Kept(names, crossings_of(locus, assays, sites, lengths), limits)
    return tuple(_row(deleted, kept) for deleted in _deletions(locus, kept))


def _deletions(locus: Locus, kept: _Kept) -> Iterator[_Deleted]:
    exons = sorted(locus.exons, key=lambda exon: exon.start)
    models = allele_models(locus)
    for first, last in combinations_with_replacement(range(len(exons)), 2):
        deletion = Deletion(exons[first].number, exons[last].number)
        ends = tuple(_ends(locus, exons, first, last))
        count = sum(each.count for each in ends)
        own = [model for model in models if model.deletion == deletion]
        yield _Deleted(
            deletion,
            ends,
            tuple((model, _joined(set(map(kept.seen, model.breakpoints)))) for model in own),
            tuple(product for each in ends for product in kept.products(each)),
            sum(map(kept.sure, ends)) / count if count else None,
        )


def _ends(locus: Locus, exons: Sequence[Exon], first: int, last: int) -> Iterator[Ends]:
    """Yield where a deletion of the exons `first` to `last` may begin and end, record by record."""
    start, *beyond = locus.records
    lefts = range(exons[first - 1].end if first else 1, exons[first].start + 1)
    if last + 1 < len(exons):
        yield Ends(lefts, start.name, range(exons[last].end, exons[last + 1].start + 1))
        return
    yield Ends(lefts, start.name, range(exons[last].end, len(start.sequence)))
    for record in beyond:
        yield Ends(lefts, record.name, range(len(record.sequence)))


def _at(breakpoint_: Breakpoint) -> Ends:
    left, right = breakpoint_.left_end, breakpoint_.right_start
    return Ends(range(left, left + 1), breakpoint_.right_record, range(right, right + 1))


def _joined(found: set[Seen]) -> Seen:
    return next(iter(found)) if len(found) == 1 else Seen.DEPENDS


def _row(deleted: _Deleted, kept: _Kept) -> Coverage:
    lit = kept.lit(deleted.products)
    for model, _ in deleted.forms:
        for breakpoint_ in model.breakpoints:
            lit |= kept.lit(kept.products(_at(breakpoint_), breakpoint_.inserted_nt))
    seen = _seen(deleted, lit)
    return Coverage(
        deletion=deleted.deletion.label,
        recurrent=bool(deleted.forms),
        seen=seen,
        assays=tuple(name for name in kept.names if name in lit),
        size_min=deleted.shortest[0] if deleted.shortest else None,
        share=deleted.sure,
        sentence=_recurrent(deleted) if deleted.forms else _rare(deleted, seen, kept),
    )


def _seen(deleted: _Deleted, lit: set[str]) -> Seen:
    if not lit:
        return Seen.NEVER
    if (usual := deleted.usual) and usual is not Seen.NEVER:
        return usual
    return Seen.DEPENDS if deleted.sure or deleted.forms else Seen.LONG


def _recurrent(deleted: _Deleted) -> str:
    """Describe a deletion with recurrent breakpoints."""
    usual = deleted.usual or Seen.NEVER
    others: dict[Seen, list[str]] = {}
    for model, seen in deleted.forms:
        if seen is not usual:
            others.setdefault(seen, []).append(model.name)
    which = "its usual recurrent breakpoints" if others else "its recurrent breakpoints"
    parts = [f"{which} give {GIVES[usual]}"]
    parts += [f"those of {' and '.join(names)} {GIVES[seen]}" for seen, names in others.items()]
    if deleted.sure is not None:
        anywhere = f"of all breakpoints outside the exons, each as likely, {_percent(deleted.sure)}"
        parts.append(f"{anywhere} give {GIVES[Seen.SURE]}")
    return "; ".join(parts)


def _rare(deleted: _Deleted, seen: Seen, kept: _Kept) -> str:
    """Describe a deletion without recurrent breakpoints."""
    size = f"{deleted.shortest[0]:,} bp" if deleted.shortest else ""
    if seen is Seen.NEVER:
        return f"no product wherever it breaks outside the exons: {_obstacle(deleted, kept)}"
    if seen is Seen.LONG:
        return f"at best a long product, from {size} on, which may fail to appear"
    return (
        f"seen only where it breaks near the primers: of all breakpoints outside the exons, each "
        f"as likely, {_percent(deleted.sure or 0)} give {GIVES[Seen.SURE]}, from {size} on"
    )


def _obstacle(deleted: _Deleted, kept: _Kept) -> str:
    """Say why a deletion cannot be seen."""
    if deleted.sure is None:
        return "the reference holds no base beside it"
    if deleted.shortest:
        size, crossing = deleted.shortest
        shown = f"{size:,} bp" if crossing.bounded else f"at least {size:,} bp"
        return f"the shortest is {shown} with {crossing.pair.name}"
    every = [(each, c) for each in deleted.ends for c in kept.crossings[each.record]]
    sides = {
        "no forward primer lies before it": any(c.forward.end <= e.lefts[-1] for e, c in every),
        "no reverse primer lies behind it": any(c.right_max >= e.rights[0] for e, c in every),
    }
    missing = [text for text, there in sides.items() if not there]
    return " and ".join(missing) or "no pair has a primer on either side of it"


def _percent(share: float) -> str:
    percent = 100 * share
    if 0 < percent < 0.001:  # noqa: PLR2004 - shown digits, no limit
        return "below 0.001 %"
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"  # noqa: PLR2004


def judge_coverage(
    locus: Locus, assays: Iterable[Assay], rows: Sequence[Coverage]
) -> Iterator[Finding]:
    """Say which deletions no assay shows, and which would be read as another class.

    To be read as another class weighs when the deletion is recurrent or its product must appear.

    Args:
        locus: The reference.
        assays: Breakpoint assays that are kept.
        rows: What `coverage_of` returned for them.
    """
    classes = {assay.name: [d.label for d in assay.deletions] for assay in assays}
    for row in rows:
        for name in row.assays:
            if row.deletion not in classes[name]:
                sentence = f"{row.deletion} may light it up too, and would be read as "
                sentence += " or ".join(classes[name])
                level = Level.WARNING if row.recurrent or row.share else Level.INFO
                yield Finding(level, "assay", name, "other_class_lit", sentence)
    hidden = [row.deletion for row in rows if row.seen is Seen.NEVER]
    if hidden:
        shown = ", ".join(row.deletion for row in rows if row.deletion not in hidden) or "none"
        # Rows go by first exon, then by last: the whole gene ends the rows of the first exon.
        whole = rows[len(locus.exons) - 1].deletion
        sentence = (
            f"of {len(rows)} deletions of consecutive exons, a product is possible of {shown}; "
            f"of the other {len(hidden)} none, wherever they break outside the exons"
        )
        sentence += f", the whole gene ({whole}) among them" if whole in hidden else ""
        yield Finding(Level.INFO, "assay", locus.gene, "deletions_not_seen", sentence)
