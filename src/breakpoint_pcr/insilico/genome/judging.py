"""Findings on what the genome holds: own sites, off-target sites, products between them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from breakpoint_pcr.insilico.alignment import LINE_SEPARATOR, Drawing, Grade, grade
from breakpoint_pcr.insilico.genome.own import FLANK_NT, OwnSite
from breakpoint_pcr.insilico.judgement import SCOPE
from breakpoint_pcr.insilico.rows import Facing, GenomeProduct, GenomeSite
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.tables import Finding, Level

# Places that a sentence names; the tables hold all.
SHOWN = 3
HARMLESS = frozenset({Grade.ACCEPTABLE, Grade.BEYOND})
Ends = tuple[str, str, str, int]


def judge_genome(
    sites: Sequence[GenomeSite],
    products: Sequence[GenomeProduct],
    panel: Panel,
    *,
    own: Sequence[OwnSite],
) -> list[Finding]:
    """Judge the sites and products of a genome.

    Args:
        sites: Sites of all parts.
        products: What `genome_products` made of them.
        panel: Its primers and assays.
        own: The panel's own sites, as `own_sites` found them in the reference.
    """
    controls = {
        frozenset((pair.forward.name, pair.reverse.name)): None
        for assay in panel.control_genes
        for pair in assay.pairs
    }
    expected = [p for p in products if _pair(p) in controls and p.facing is Facing.FORWARD_REVERSE]
    meant = {end for product in expected for end in _ends(product)}
    of_primer: defaultdict[str, list[GenomeSite]] = defaultdict(list)
    for site in sites:
        of_primer[site.primer].append(site)
    findings: list[Finding] = []
    for name in (primer.name for primer in panel.primers):
        wanted = sum(site.primer == name for site in own)
        findings += judge_own(name, of_primer[name], wanted)
        findings.append(_off_targets(name, of_primer[name], meant))
    for pair in controls:
        findings += judge_control(sorted(pair), [p for p in expected if _pair(p) == pair])
    chosen = set(expected)
    findings += judge_products(sites, [p for p in products if p not in chosen])
    findings += tell_positions(of_primer, own)
    return findings


def _pair(product: GenomeProduct) -> frozenset[str]:
    return frozenset((product.plus, product.minus))


def _ends(product: GenomeProduct) -> tuple[Ends, Ends]:
    """Return what `_end` returns for its two sites."""
    return (
        (product.record, "+", product.plus, product.start),
        (product.record, "-", product.minus, product.end),
    )


def _end(site: GenomeSite) -> Ends:
    """Return what tells a site: where the 5' end of its primer lies."""
    return site.record, site.strand, site.primer, site.start if site.strand == "+" else site.end


def judge_own(primer: str, sites: Iterable[GenomeSite], wanted: int) -> Iterator[Finding]:
    """Compare how often an oligo's own sites were found with how many the reference holds."""
    rows = sorted(sites, key=lambda site: site.edits)
    targets = [site for site in rows if site.target]
    others = [site for site in rows if not site.target]
    if len(targets) < wanted:
        best = f"; its best other site is {_place(others[0])}" if others else ""
        sentence = (
            f"its own site, with the {FLANK_NT} bases on both sides as in the reference, was not "
            f"found in the genome{best}; another assembly, or a FASTA in part, may differ there"
        )
        yield Finding(Level.WARNING, SCOPE, primer, "own_site_not_in_genome", sentence)
    if len(targets) > wanted:
        sentence = (
            f"its own site, with the {FLANK_NT} bases on both sides, stands {len(targets)} times "
            f"in the genome ({_listed(map(_place, targets))}): a doubled stretch, or a FASTA with "
            "alternative contigs"
        )
        yield Finding(Level.WARNING, SCOPE, primer, "own_site_repeated_in_genome", sentence)


def _place(site: GenomeSite) -> str:
    return (
        f"{site.record}:{site.start + 1:,}-{site.end:,} strand {site.strand}, {_edits(site.edits)}"
    )


def _edits(count: int) -> str:
    return {0: "exact", 1: "1 edit"}.get(count, f"{count} edits")


def _listed(places: Iterable[str]) -> str:
    """Name the first places."""
    names = list(places)
    more = f"; and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return "; ".join(names[:SHOWN]) + more


def _off_targets(primer: str, sites: Iterable[GenomeSite], meant: set[Ends]) -> Finding:
    """Count the further sites by their edits.

    Args:
        primer: Name.
        sites: All its sites.
        meant: Sites of the expected products of control genes.
    """
    rows = list(sites)
    counts = Counter(s.edits for s in rows if not s.target and _end(s) not in meant)
    word = "off-target sites" if counts.total() < len(rows) else "sites, none known as its own,"
    shown = ", ".join(
        f"{count:,} {_edits(edits) if not edits else f'with {_edits(edits)}'}"
        for edits, count in sorted(counts.items())
    )
    sentence = f"{word} in the genome: {shown or 'none'}"
    return Finding(Level.INFO, SCOPE, primer, "off_target_sites", sentence)


def judge_control(pair: Sequence[str], products: Sequence[GenomeProduct]) -> Iterator[Finding]:
    """Judge the products of a control gene's pair: there should be one."""
    for one, other in (pair, pair[::-1]):
        if not products:
            sentence = f"no product with {other} in the genome up to the size limit"
            yield Finding(Level.WARNING, SCOPE, one, "control_product_not_in_genome", sentence)
        else:
            level = Level.INFO if len(products) == 1 else Level.WARNING
            sentence = f"{_counted(products)} with {other} in the genome: {_found(products)}"
            yield Finding(level, SCOPE, one, "control_product", sentence)


def _counted(products: Sequence[GenomeProduct]) -> str:
    sizes = sorted(product.size for product in products)
    if len(sizes) == 1:
        return f"one product of {sizes[0]:,} bp"
    return f"{len(sizes):,} products of {sizes[0]:,} to {sizes[-1]:,} bp"


def _found(products: Iterable[GenomeProduct]) -> str:
    ordered = sorted(products, key=lambda product: product.edits)
    return _listed(
        f"{product.record}:{product.start + 1:,}-{product.end:,}, {_edits(product.edits)}"
        for product in ordered
    )


def judge_products(
    sites: Iterable[GenomeSite], products: Iterable[GenomeProduct]
) -> Iterator[Finding]:
    """Judge products that nobody wants, together for each two primers.

    An error: one reaction holds both primers, and both sites are a primer's own, or exact, or have
    only mismatches that are graded acceptable or lie outside the graded bases. A warning: one
    reaction holds both, but an edit may hinder. An information: no reaction holds both.
    """
    primes: dict[Ends, bool] = {}
    for site in sites:
        primes[_end(site)] = (
            site.target or harmless(site.alignment) or primes.get(_end(site), False)
        )
    groups: defaultdict[tuple[frozenset[str], Level, bool], list[GenomeProduct]] = defaultdict(list)
    for product in products:
        level = Level.INFO
        if product.assays:
            level = Level.ERROR if all(map(primes.get, _ends(product))) else Level.WARNING
        groups[_pair(product), level, product.target].append(product)
    for (pair, level, target), rows in groups.items():
        for one in sorted(pair):
            yield _product_finding(one, next(iter(pair - {one}), "itself"), (level, target), rows)


@cache
def harmless(alignment: str) -> bool:
    """Say whether Taq extends a drawn primer well, as far as that is known; a gap is not graded.

    Source: Stadhouders 2010, doi 10.2353/jmoldx.2010.090035.
    """
    primer, _, site = alignment.split(LINE_SEPARATOR)
    return all(grade(edit) in HARMLESS for edit in Drawing(primer, site).edits)


def _product_finding(
    one: str, other: str, kind: tuple[Level, bool], products: Sequence[GenomeProduct]
) -> Finding:
    level, target = kind
    sites = "own sites" if target else "off-target"
    where = {
        Level.ERROR: "in one reaction, and both sites may prime",
        Level.WARNING: "in one reaction, though an edit may hinder",
    }.get(level, "never in one reaction")
    sentence = (
        f"{sites}: {_counted(products)} with {other} ({where}) in the genome: {_found(products)}"
    )
    code = "own_product_in_genome" if target else "off_target_product"
    return Finding(level, SCOPE, one, code, sentence)


def tell_positions(
    of_primer: dict[str, list[GenomeSite]], own: Sequence[OwnSite]
) -> Iterator[Finding]:
    """Say where records of unknown position lie, when the genome holds an own site of them once."""
    placed = [(site, found) for site in own if (found := _only(of_primer, own, site.primer))]
    known = [
        site.strand == found.strand and site.chromosome_position == found.start + 1
        for site, found in placed
        if site.chromosome_position is not None
    ]
    if known and all(known):
        frame = "in the coordinates of the reference, whose other own sites agree"
    else:
        frame = "in the coordinates of this genome, which need not be those of the reference"
    for site, found in placed:
        if site.chromosome_position is None:
            first, runs = _record_start(site, found)
            sentence = (
                f"the genome holds its own site at {_place(found)}: so {site.record.name}, of "
                f"unknown position, begins at {found.record}:{first:,} and runs {runs}, {frame}"
            )
            yield Finding(Level.INFO, SCOPE, site.primer, "position_from_genome", sentence)


def _only(
    of_primer: dict[str, list[GenomeSite]], own: Sequence[OwnSite], primer: str
) -> GenomeSite | None:
    """Return the one place of a primer that has one own site."""
    found = [site for site in of_primer.get(primer, ()) if site.target]
    alone = sum(site.primer == primer for site in own) == len(found) == 1
    return found[0] if alone else None


def _record_start(site: OwnSite, found: GenomeSite) -> tuple[int, str]:
    """Return the 1-based place in the genome of the first base of an own site's record."""
    if site.strand == found.strand:
        return found.start - site.start + 1, "towards higher positions"
    return found.end + site.start, "towards lower positions"
