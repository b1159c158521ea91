"""How much room a junction leaves for a probe, and what becomes of a probe of the panel.

Counted are the bases between the 3' end of a primer and the junction, on either side, over the
recurrent breakpoints with a product that must or may appear. Bases inserted at the junction belong
to neither side: whether a probe binds across them is not predicted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.insilico.alleles import (
    AlleleModel,
    Piece,
    allele_models,
    best_sites,
    deleted,
    place_on,
)
from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.insilico.crossings import Crossing, crossings_of
from breakpoint_pcr.insilico.rows import Probed, ProbeRoom
from breakpoint_pcr.panel import Assay, OligoKind, Panel
from breakpoint_pcr.reference import Breakpoint, Locus
from breakpoint_pcr.tables import Amplifies, Finding, Level, Product, Site

Junction = tuple[Breakpoint, Crossing]

# The worst first; a probe counts by the worst breakpoint.
WORST = (Probed.NO_SITE, Probed.DELETED, Probed.OUTSIDE, Probed.KEPT)


def probe_rooms(
    locus: Locus,
    panel: Panel,
    sites: Sequence[Site],
    lengths: Mapping[str, int],
    limits: ProductLimits,
) -> tuple[ProbeRoom, ...]:
    """Return one row per allele model, pair with a product and probe; without probes, per pair.

    Args:
        locus: The reference.
        panel: Assays, and the probes among the oligos; where a probe goes is not said, so each is
            asked of each pair.
        sites: Sites of all oligos.
        lengths: Length of each primer as ordered, in nt.
        limits: Up to which size a product may appear.
    """
    crossings = crossings_of(locus, panel.breakpoint_assays, sites, lengths)
    names = [oligo.name for oligo in panel.primers if oligo.kind is OligoKind.PROBE]
    probes = {name: best_sites(sites, name) for name in names}
    return tuple(
        room
        for model in allele_models(locus)
        for assay, products in _products(model, panel.breakpoint_assays, crossings, limits)
        for room in _rooms(locus, (model.name, assay), products, probes)
    )


def _products(
    model: AlleleModel,
    assays: Iterable[Assay],
    crossings: Mapping[str, Sequence[Crossing]],
    limits: ProductLimits,
) -> Iterator[tuple[str, list[Junction]]]:
    """Yield the assay and, of each pair, the breakpoints with a product and the sites of it."""
    for assay in assays:
        for pair in assay.pairs:
            found = [
                (breakpoint_, crossing)
                for breakpoint_ in model.breakpoints
                if (crossing := _shortest(breakpoint_, crossings, (assay.name, pair.name), limits))
            ]
            if found:
                yield assay.name, found


def _shortest(
    breakpoint_: Breakpoint,
    crossings: Mapping[str, Sequence[Crossing]],
    wanted: tuple[str, str],
    limits: ProductLimits,
) -> Crossing | None:
    """Return the sites of the shortest product of a pair that may appear."""
    sizes = [
        (size + breakpoint_.inserted_nt, crossing)
        for crossing in crossings[breakpoint_.right_record]
        if (crossing.assay, crossing.pair.name) == wanted
        and (size := crossing.size(breakpoint_.left_end, breakpoint_.right_start)) is not None
    ]
    size, shortest = min(sizes, key=lambda pair: pair[0], default=(0, None))
    return shortest if size <= limits.product_may_max_bp else None


def _rooms(
    locus: Locus,
    keys: tuple[str, str],
    products: Sequence[Junction],
    probes: Mapping[str, Sequence[Site]],
) -> Iterator[ProbeRoom]:
    lefts = [breakpoint_.left_end - crossing.forward.end for breakpoint_, crossing in products]
    rights = [_right_room(locus, breakpoint_, crossing) for breakpoint_, crossing in products]
    pair = products[0][1].pair
    spread = (min(lefts), max(lefts), min(rights), max(rights))
    for name in probes or ("",):
        probed = _worst(locus, products, probes[name]) if name else None
        yield ProbeRoom(*keys, pair.forward.name, pair.reverse.name, *spread, name, probed)


def _right_room(locus: Locus, breakpoint_: Breakpoint, crossing: Crossing) -> int:
    """Return the bases between junction and reverse primer; a lower bound across records."""
    reverse = place_on(deleted(locus, breakpoint_), crossing.reverse)
    return reverse[0] - breakpoint_.left_end - breakpoint_.inserted_nt if reverse else 0


def _worst(locus: Locus, products: Iterable[Junction], sites: Sequence[Site]) -> Probed:
    found = {
        _probed(deleted(locus, breakpoint_), crossing, sites) for breakpoint_, crossing in products
    }
    return min(found, key=WORST.index)


def _probed(allele: Sequence[Piece], crossing: Crossing, sites: Sequence[Site]) -> Probed:
    """Say what an allele leaves of a probe; of several sites the best one counts.

    A probe that overlaps a primer counts as outside: the primer takes its place.
    """
    if not sites:
        return Probed.NO_SITE
    forward, reverse = place_on(allele, crossing.forward), place_on(allele, crossing.reverse)
    places = [place for site in sites if (place := place_on(allele, site))]
    if not (forward and reverse and places):
        return Probed.DELETED
    inside = (forward.stop <= place.start and place.stop <= reverse.start for place in places)
    return Probed.KEPT if any(inside) else Probed.OUTSIDE


def judge_probes(rows: Iterable[ProbeRoom], products: Sequence[Product]) -> Iterator[Finding]:
    """Name the alleles that a probe does not show, or only in a long product.

    Args:
        rows: What `probe_rooms` returned.
        products: The products of the same assays.
    """
    must = {_key(row) for row in products if row.product is Amplifies.MUST}
    shown: dict[str, dict[str, set[bool]]] = {}
    for row in rows:
        if row.probed not in (None, Probed.NO_SITE):
            kept = shown.setdefault(row.probe, {}).setdefault(row.allele, set())
            kept.update([_key(row) in must] if row.probed is Probed.KEPT else [])
    lit = {row.allele for row in products if row.product is Amplifies.MUST}
    for probe, alleles in shown.items():
        dark = [name for name, kept in alleles.items() if not kept]
        late = [name for name, kept in alleles.items() if kept == {False} and name in lit]
        if dark:
            sentence = f"no product of {', '.join(dark)} holds its site: not seen with this probe"
            yield Finding(Level.WARNING, "primer", probe, "probe_site_lost", sentence)
        if late:
            sentence = (
                f"of {', '.join(late)} only a long product holds its site; it may fail to appear"
            )
            yield Finding(Level.WARNING, "primer", probe, "probe_in_long_product_only", sentence)


def _key(row: ProbeRoom | Product) -> tuple[str, str, str, str]:
    return row.allele, row.assay, row.forward, row.reverse
