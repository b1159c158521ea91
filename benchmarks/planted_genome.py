"""A seeded random genome with primer sites planted in it, for `primer_search.py`.

Each construct is a product: an edited site that faces an exact site of the other primer of a pair,
so that programs which look for pairs only can be judged by single sites too; or two edited sites.
Coordinates are 0-based half-open on the plus strand.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from breakpoint_pcr.insilico.nucleotides import BASES, pairs_with, reverse_complement
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.panel import Pair, Panel, Primer

RECORD = "planted"
LINE_NT = 60
# Whole lines per piece, so that pieces join.
PIECE_NT = 100_000 * LINE_NT
# Shares of A, C, G, T per thousand: 41 % GC, as in the human genome.
PER_MILLE = (295, 205, 205, 295)
PRODUCT_NT = (120, 400)
PRODUCT_MAX_NT = 1000
# Further apart than the longest product that is looked for, so that constructs do not mix.
SLOT_NT = PRODUCT_MAX_NT + 2 * PRODUCT_NT[1]
TAIL_NT = 10
# The published reverse primer lacks a base beside the sixth from its 3' end.
MISSING_PLACE = 6
# A gap nearer to the 3' end than this is as well read as a mismatch of the last bases.
GAP_PLACE_MIN = 3


class Kind(StrEnum):
    """What was done to a planted site."""

    EXACT = "exact"
    MISMATCH = "mismatch"
    GAPPED = "gapped"
    GAPPED_TAIL = "gapped in the last 10"
    LIKE_R8 = "like R-8"


@dataclass(frozen=True, slots=True)
class Site:
    """A planted site and, once judged, whether it satisfies the rule of our search."""

    primer: Primer
    strand: str
    start: int
    text: str
    kind: Kind

    @property
    def end(self) -> int:
        """After the last base."""
        return self.start + len(self.text)

    @property
    def plus(self) -> str:
        """What the plus strand reads."""
        return self.text if self.strand == "+" else reverse_complement(self.text)


@dataclass(frozen=True, slots=True)
class Construct:
    """A planted product; `judged` are the sites that count, a partner does not."""

    left: Site
    right: Site
    judged: tuple[Site, ...]


@dataclass(slots=True)
class Planted:
    """The genome: where its FASTA lies and what is in it."""

    path: Path
    length_nt: int
    constructs: list[Construct]
    in_rule: set[Site] = field(default_factory=set[Site])

    @property
    def sites(self) -> list[Site]:
        """Every site, partners included."""
        return [site for made in self.constructs for site in (made.left, made.right)]

    @property
    def judged(self) -> list[Site]:
        """The sites that each face an exact partner: what the columns count."""
        return [made.judged[0] for made in self.constructs if len(made.judged) == 1]

    @property
    def doubles(self) -> list[Construct]:
        """Products whose two sites are both edited, and both satisfy the rule."""
        return [
            made
            for made in self.constructs
            if len(made.judged) > 1 and self.in_rule.issuperset(made.judged)
        ]

    @property
    def over_line_ends(self) -> int:
        """How many of the judged sites go over the end of a line of the FASTA."""
        return sum(site.start // LINE_NT < (site.end - 1) // LINE_NT for site in self.judged)


def plant(folder: Path, panel: Panel, rule: SearchRule, **sizes: int) -> Planted:
    """Write a genome and say what is in it.

    Args:
        folder: Where genome.fa is written.
        panel: The primers, and the pairs that they form.
        rule: When a place counts as a site of ours.
        sizes: length_nt of the record; copies of each kind, primer and strand; seed.

    Raises:
        SystemExit: The genome is too short for so many sites.
    """
    length, rng = sizes["length_nt"], random.Random(sizes["seed"])
    recipes = list(_recipes(panel, sizes["copies"]))
    rng.shuffle(recipes)
    slot = (length - 2 * SLOT_NT) // len(recipes)
    if slot < SLOT_NT:
        least = (len(recipes) + 2) * SLOT_NT / 1e6
        raise SystemExit(f"--genome-mb: {length / 1e6} is too short; at least {least:.2f}")
    constructs = [
        _construct(recipe, SLOT_NT + slot * number + rng.randrange(slot - SLOT_NT + 1), rng)
        for number, recipe in enumerate(recipes)
    ]
    constructs += _at_the_ends(panel, length)
    planted = Planted(folder / "genome.fa", length, constructs)
    _write(planted, sizes["seed"])
    planted.in_rule = {site for site in planted.sites if _satisfies(planted, site, rule)}
    return planted


@dataclass(frozen=True, slots=True)
class _Recipe:
    """Kinds of the left and right site of a pair; the one that is not judged is exact."""

    pair: Pair
    swapped: bool
    left: Kind
    right: Kind
    edits: int
    judged: str


def _recipes(panel: Panel, copies: int) -> Iterator[_Recipe]:
    """Yield every kind on each primer and strand, then products of two edited sites."""
    pairs = [pair for assay in panel.breakpoint_assays for pair in assay.pairs]
    for primer in panel.primers:
        own = [pair for pair in pairs if primer in (pair.forward, pair.reverse)]
        for number in range(copies if own else 0):
            pair, edits = own[number % len(own)], 1 + number % 3
            for kind in Kind:
                yield _Recipe(pair, pair.forward != primer, kind, Kind.EXACT, edits, "left")
                yield _Recipe(pair, pair.reverse != primer, Kind.EXACT, kind, edits, "right")
    both = (Kind.MISMATCH, Kind.GAPPED, Kind.GAPPED_TAIL, Kind.LIKE_R8)
    for number in range(copies * len(both)):
        pair, swapped = pairs[number % len(pairs)], bool(number // len(pairs) % 2)
        left, right = both[number % len(both)], both[number // 2 % len(both)]
        yield _Recipe(pair, swapped, left, right, 1, "both")


def _construct(recipe: _Recipe, start: int, rng: random.Random) -> Construct:
    first, second = recipe.pair.forward, recipe.pair.reverse
    if recipe.swapped:
        first, second = second, first
    left = _site(first, "+", start, recipe.left, (recipe.edits, rng))
    right = _site(second, "-", 0, recipe.right, (recipe.edits, rng))
    end = start + rng.randint(*PRODUCT_NT)
    right = Site(right.primer, "-", end - len(right.text), right.text, right.kind)
    judged = {"left": (left,), "right": (right,), "both": (left, right)}[recipe.judged]
    return Construct(left, right, judged)


def _at_the_ends(panel: Panel, length: int) -> list[Construct]:
    """Plant an exact site in the first bases of the record, and one in its last."""
    pair, least = panel.breakpoint_assays[0].pairs[0], PRODUCT_NT[0]

    def exact(primer: Primer, strand: str, start: int) -> Site:
        return Site(primer, strand, start, primer.sequence, Kind.EXACT)

    first = exact(pair.forward, "+", 0)
    last = exact(pair.reverse, "-", length - len(pair.reverse.sequence))
    return [
        Construct(first, exact(pair.reverse, "-", least), (first,)),
        Construct(exact(pair.forward, "+", length - least), last, (last,)),
    ]


def _site(
    primer: Primer, strand: str, start: int, kind: Kind, how: tuple[int, random.Random]
) -> Site:
    edits, rng = how
    while True:
        text = _edited(primer.sequence, kind, edits, rng)
        drawn = kind in (Kind.GAPPED, Kind.GAPPED_TAIL)
        if not drawn or _ungapped(primer.sequence, text) > edits:
            return Site(primer, strand, start, text, kind)


def _edited(primer: str, kind: Kind, edits: int, rng: random.Random) -> str:
    """Return what the genome reads where this kind of site lies, 5'-3' of the primer."""
    head = range(1, len(primer) - TAIL_NT)
    match kind:
        case Kind.EXACT:
            return primer
        case Kind.LIKE_R8:
            at = len(primer) - MISSING_PLACE
            return primer[:at] + primer[at] + primer[at:]
        case Kind.MISMATCH:
            places, gap = rng.sample(range(len(primer)), edits), None
        case Kind.GAPPED:
            places = rng.sample(head, edits)
            gap = places[0]
        case Kind.GAPPED_TAIL:
            gap = len(primer) - rng.randint(GAP_PLACE_MIN, TAIL_NT)
            places = [gap, *rng.sample(head, edits - 1)]
    letters = list(primer)
    for place in places:
        other = rng.choice([base for base in BASES if base != primer[place]])
        letters[place] = rng.choice(["", primer[place] + other]) if place == gap else other
    return "".join(letters)


def _ungapped(primer: str, text: str) -> int:
    """Count mismatches when the two are laid together at one end, whichever fits better."""
    ends = (zip(primer, text, strict=False), zip(primer[::-1], text[::-1], strict=False))
    return min(sum(one != other for one, other in both) for both in ends)


def _write(planted: Planted, seed: int) -> None:
    """Write the record piece by piece: this process must stay small, children inherit its peak."""
    rng = np.random.default_rng(seed)
    table = np.repeat(np.frombuffer(BASES.encode(), np.uint8), PER_MILLE)
    sites = sorted(planted.sites, key=lambda site: site.start)
    with planted.path.open("wb") as file:
        file.write(f">{RECORD}\n".encode())
        for first in range(0, planted.length_nt, PIECE_NT):
            size = min(PIECE_NT, planted.length_nt - first)
            piece = table[rng.integers(0, len(table), size, np.uint16)]
            _overlay(piece, first, sites)
            whole = piece[: size // LINE_NT * LINE_NT].reshape(-1, LINE_NT)
            file.write(np.insert(whole, LINE_NT, ord("\n"), axis=1).tobytes())
            if size % LINE_NT:
                file.write(piece[-(size % LINE_NT) :].tobytes() + b"\n")


def _overlay(piece: np.ndarray, first: int, sites: Sequence[Site]) -> None:
    for site in sites:
        start, end = max(site.start, first), min(site.end, first + len(piece))
        if start < end:
            text = site.plus[start - site.start : end - site.start]
            piece[start - first : end - first] = np.frombuffer(text.encode(), np.uint8)


def read_back(planted: Planted, start: int, end: int) -> str:
    """Return a stretch of the written file; beyond the record it reads `-`."""
    inside = range(max(0, start), min(planted.length_nt, end))
    with planted.path.open("rb") as file:
        header = len(file.readline())
        file.seek(header + inside.start + inside.start // LINE_NT)
        lines = 2 + len(inside) // LINE_NT
        text = file.read(len(inside) + lines).decode().replace("\n", "")[: len(inside)]
    return "-" * (inside.start - start) + text + "-" * (end - inside.stop)


def _satisfies(planted: Planted, site: Site, rule: SearchRule) -> bool:
    """Say whether a stretch whose 3' end lies near that of the planted site satisfies the rule."""
    most = rule.edits_max
    reach = most + len(site.primer.sequence) + most
    at = site.end if site.strand == "+" else site.start
    around = read_back(planted, at - reach, at + reach)
    if site.strand == "-":
        around = reverse_complement(around)
    return any(
        fewest_edits(site.primer.sequence, around[: reach + shift], rule) <= most
        for shift in range(-most, most + 1)
    )


def fewest_edits(primer: str, before: str, rule: SearchRule) -> int:
    """Return the fewest edits of a site that ends where this text ends, by the textbook recursion.

    Written from the words of `rule.py`, not from the search: more than `edits_max` when none fits.
    """
    reading, far = before[::-1], rule.edits_max + len(before) + len(primer)
    tail = min(rule.three_prime_nt, len(primer))
    row = list(range(len(reading) + 1))
    for place, letter in enumerate(reversed(primer), start=1):
        row = _next_row(row, letter, reading)
        if place == tail:
            row = [edits if edits <= rule.three_prime_edits_max else far for edits in row]
            for column in range(1, len(row)):
                row[column] = min(row[column], row[column - 1] + 1)
    return min(row)


def _next_row(row: list[int], letter: str, reading: str) -> list[int]:
    """Use up one more primer base, from the 3' end on."""
    below = [row[0] + 1]
    for column, base in enumerate(reading, start=1):
        paired = row[column - 1] + (not pairs_with(letter, base))
        below.append(min(paired, row[column] + 1, below[-1] + 1))
    return below
