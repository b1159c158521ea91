"""Whether the call of a simulated sample is right, from what the sample holds alone.

Nothing here asks how a call was made. A class is present when an allele of it whose product must
appear is there with `copies_present` copies a reaction or more; it is absent when no allele of it
is there; otherwise it is neither, and no word about it is wrong.

Wrong is
- a class among the deletions that is absent, whatever the call;
- a definite call (a class, mixed, negative) that leaves out a class that is present. A mixed call
  that names fewer than two classes says itself that its list is open: it is wrong only where fewer
  than two classes can be there;
- an inconclusive call whose candidates leave no room for the truth.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from breakpoint_pcr.explanation import Allele
from breakpoint_pcr.tables import Call, Sample
from breakpoint_pcr.validation.rows import Result

CLASSES_OF_MIXED = 2
OPEN_CALLS = (Call.INCONCLUSIVE, Call.INVALID)
# Flags of a sample with nothing amiss: they tell of the panel, or of the form of a class.
ORDINARY_FLAGS = frozenset(
    {
        "primer_unconfirmed",
        "variant_breakpoint",
        "hidden_variant_not_excluded",
        "long_product_silent",
    }
)


@dataclass(frozen=True, slots=True)
class Truth:
    """The classes in a sample: enough to be found, and those neither present nor absent."""

    present: frozenset[str]
    between: frozenset[str]

    @property
    def labels(self) -> frozenset[str]:
        """Every call that this truth allows."""
        return frozenset(
            label_of(self.present.union(more)) for more in _subsets(sorted(self.between))
        )


def truth_of(alleles: Mapping[str, float], known: Sequence[Allele], copies_present: float) -> Truth:
    """Return what a sample holds.

    Args:
        alleles: Mean copies per reaction of each allele, by name.
        known: Every allele that lights an assay of the panel.
        copies_present: Mean copies per reaction from which a class counts as present.
    """
    held = [(allele, alleles.get(allele.name, 0.0)) for allele in known]
    present = {a.deletion for a, copies in held if a.must and copies >= copies_present}
    some = {a.deletion for a, copies in held if copies > 0}
    return Truth(frozenset(present), frozenset(some - present))


def label_of(classes: Iterable[str]) -> str:
    """Return the call that names these classes."""
    names = sorted(classes)
    if not names:
        return Call.NEGATIVE.value
    return names[0] if len(names) == 1 else Call.MIXED.value


def judge(truth: Truth, row: Sample) -> Result:
    """Judge the call of a sample."""
    possible = truth.present | truth.between
    if not possible.issuperset(row.deletions):
        return Result.WRONG
    if row.call == Call.INVALID:
        return Result.INVALID
    if row.call == Call.INCONCLUSIVE:
        return Result.INCONCLUSIVE if _leaves_room(truth, row.candidates) else Result.WRONG
    return Result.RIGHT if _says_all(truth, row, possible) else Result.WRONG


def _leaves_room(truth: Truth, candidates: Sequence[str]) -> bool:
    """Tell whether the truth is among the candidates.

    Without candidates everything is open; so it is where the sample may be invalid.
    """
    everything = not candidates or Call.INVALID in candidates
    return everything or not truth.labels.isdisjoint(candidates)


def _says_all(truth: Truth, row: Sample, possible: frozenset[str]) -> bool:
    if row.call == Call.MIXED and list_is_open(row.call, row.deletions):
        return len(possible) >= CLASSES_OF_MIXED
    if row.call not in (Call.MIXED, Call.NEGATIVE) and row.call not in possible:
        return False
    return row.call in truth.labels and truth.present.issubset(row.deletions)


def list_is_open(call: str, deletions: Sequence[str]) -> bool:
    """Tell whether a call leaves open which classes there are beside the deletions it names."""
    return call in OPEN_CALLS or (call == Call.MIXED and len(deletions) < CLASSES_OF_MIXED)


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    sizes = range(len(names) + 1)
    return chain.from_iterable(combinations(names, size) for size in sizes)
