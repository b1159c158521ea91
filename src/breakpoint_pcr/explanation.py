"""Which deletion alleles explain a pattern of positive and negative assays.

An allele lights an assay that it must amplify, and may light one that it amplifies as a long
product. A pattern is explained by the fewest alleles that light every positive assay and must light
no negative one. What counts are the classes of those alleles: one class seen by two assays is one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.tables import Amplifies, Call, Product

NEGATIVE, MIXED = Call.NEGATIVE.value, Call.MIXED.value
INCONCLUSIVE, INVALID = Call.INCONCLUSIVE.value, Call.INVALID.value
UNEXPLAINED = "unexplained"
VARIANT_BREAKPOINT = "variant_breakpoint"
HIDDEN_VARIANT = "hidden_variant_not_excluded"
LONG_PRODUCT_SILENT = "long_product_silent"
CHECK_CONTAMINATION = "check_contamination"
CLASSES_OF_A_CONTAMINATION = 3


@dataclass(frozen=True, slots=True)
class Allele:
    """A deletion allele and the assays that it lights; `deletion` is the label of its class."""

    name: str
    deletion: str
    must: frozenset[str]
    may: frozenset[str]

    @property
    def lights(self) -> frozenset[str]:
        """Every assay that the allele can light."""
        return self.must | self.may

    @property
    def main(self) -> bool:
        """Whether this is the usual form of its class."""
        return self.name == self.deletion


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a pattern says.

    `deletions` are the classes of every smallest explanation, `candidates` the calls that remain
    when these differ, `alleles` the smallest explanations themselves, as names. `forced` are the
    classes without which a positive assay cannot be, whatever the other assays show.
    """

    call: str
    deletions: tuple[str, ...]
    candidates: tuple[str, ...]
    flags: tuple[str, ...]
    alleles: tuple[tuple[str, ...], ...]
    forced: tuple[str, ...] = ()


def alleles_of(products: Iterable[Product]) -> tuple[Allele, ...]:
    """Return the alleles of products.tsv that light an assay, in order; never the wild type."""
    names: dict[str, str] = {}
    lit: dict[tuple[str, Amplifies], set[str]] = {}
    for row in products:
        if row.deletion and row.product is not Amplifies.NONE:
            names.setdefault(row.allele, row.deletion)
            lit.setdefault((row.allele, row.product), set()).add(row.assay)
    alleles: list[Allele] = []
    for name, deletion in names.items():
        must = frozenset(lit.get((name, Amplifies.MUST), ()))
        alleles.append(
            Allele(name, deletion, must, frozenset(lit.get((name, Amplifies.MAY), ())) - must)
        )
    return tuple(alleles)


def in_exon_order(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels once each, by the numbers in them, not as text (10 after 4)."""
    return tuple(sorted(set(labels), key=lambda label: (_numbers(label), label)))


def _numbers(label: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", label))


def explain(
    positive: frozenset[str], tested: frozenset[str], alleles: Sequence[Allele]
) -> Explanation:
    """Explain a pattern by the fewest alleles.

    Args:
        positive: Names of the positive assays.
        tested: Names of all assays of the pattern; those not positive are negative.
        alleles: What can be there.
    """
    if not positive:
        return Explanation(NEGATIVE, (), (), (), ())
    smallest = _smallest_explanations(positive, tested, alleles)
    forced = in_exon_order(_forced_classes(positive, alleles))
    if not smallest:
        return Explanation(INCONCLUSIVE, forced, (), (UNEXPLAINED,), (), forced)
    class_sets = {frozenset(allele.deletion for allele in group) for group in smallest}
    deletions = in_exon_order(frozenset.intersection(*class_sets))
    calls = {_call(classes) for classes in class_sets}
    single = len(class_sets) == 1
    return Explanation(
        calls.pop() if single else INCONCLUSIVE,
        deletions,
        () if single else tuple(sorted(calls, key=lambda call: (call == MIXED, _numbers(call)))),
        _flags(positive, tested, smallest, alleles),
        tuple(sorted(tuple(sorted(allele.name for allele in group)) for group in smallest)),
        forced,
    )


def _call(classes: frozenset[str]) -> str:
    return MIXED if len(classes) > 1 else next(iter(classes))


def _smallest_explanations(
    positive: frozenset[str], tested: frozenset[str], alleles: Sequence[Allele]
) -> list[frozenset[Allele]]:
    """Return every set of alleles of the smallest size that explains the pattern."""
    possible = [a for a in alleles if a.must & tested <= positive and a.lights & positive]
    for size in range(1, len(positive) + 1):
        # Each allele of a smallest set lights an assay that no other of the set lights.
        if found := set(_covers(positive, possible, size)):
            return sorted(found, key=lambda group: sorted(allele.name for allele in group))
    return []


def _covers(
    positive: frozenset[str], possible: Sequence[Allele], size: int
) -> Iterator[frozenset[Allele]]:
    """Yield the sets of at most `size` alleles that light every positive assay."""
    if not positive:
        yield frozenset()
        return
    if not size:
        return
    first = min(positive)
    for allele in possible:
        if first in allele.lights:
            for rest in _covers(positive - allele.lights, possible, size - 1):
                yield rest | {allele}


def _forced_classes(positive: frozenset[str], alleles: Sequence[Allele]) -> Iterator[str]:
    """Yield the classes without which a positive assay cannot be, whatever the others say."""
    for assay in positive:
        classes = {allele.deletion for allele in alleles if assay in allele.lights}
        if len(classes) == 1:
            yield from classes


def _flags(
    positive: frozenset[str],
    tested: frozenset[str],
    smallest: Sequence[frozenset[Allele]],
    alleles: Sequence[Allele],
) -> tuple[str, ...]:
    used = frozenset[Allele]().union(*smallest)
    main = [allele for allele in used if allele.main]
    shared = frozenset.intersection(*(frozenset(a.deletion for a in g) for g in smallest))
    found = {
        VARIANT_BREAKPOINT: bool(shared - {a.deletion for a in main}),
        HIDDEN_VARIANT: any(_hides_a_form(a, positive, alleles) for a in main),
        LONG_PRODUCT_SILENT: any(a.must & positive and a.may & tested - positive for a in main),
        CHECK_CONTAMINATION: len(shared) >= CLASSES_OF_A_CONTAMINATION,
    }
    return tuple(flag for flag, holds in found.items() if holds)


def _hides_a_form(main: Allele, positive: frozenset[str], alleles: Sequence[Allele]) -> bool:
    """Tell whether a second form of the class could stand behind the long product of the first."""
    if not main.must & positive:
        return False
    others = (a for a in alleles if a.deletion == main.deletion and a != main)
    return any(main.may & positive & other.must for other in others)
