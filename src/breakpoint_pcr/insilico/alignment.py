"""The alignment of a primer with a site that it does not match: drawn, counted and graded.

A drawing is one text cell, `PRIMER / MARKS / SITE`: three lines of equal length, joined by ` / `,
all 5'-3' of the primer. `|` marks a pair, `.` a mismatch, `-` a gap; the base that a gap lacks is
`-` in its own line. Among equally good alignments the one is drawn whose edits lie farthest from
the 3' end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from breakpoint_pcr.insilico.nucleotides import (
    BASES,
    MEANING,
    UNKNOWN,
    pairs_with,
    reverse_complement,
)
from breakpoint_pcr.insilico.rule import SearchRule

if TYPE_CHECKING:
    from Bio.Align import PairwiseAligner

LINE_SEPARATOR = " / "
GAP_MARK = "-"
PAIR_MARK = "|"
# Mismatch and gap, as scores: edits first, then the fewest gaps.
MISMATCH_SCORE, GAP_SCORE = -64.0, -65.0
# So many mismatches without a gap are never worse than gaps: between equal lengths these come in
# twos, and of equal edits the fewest gaps win.
PLAIN_EDITS = 2

# Primer base and template base. Stadhouders 2010, table 1, doi 10.2353/jmoldx.2010.090035 (Taq).
AVOID_AT_LAST_TWO = frozenset({"AA", "AG", "GA", "GG", "CC"})
AVOID_AT_LAST = AVOID_AT_LAST_TWO | {"TT", "TC", "CT"}
GRADED_NT = 5


class Grade(StrEnum):
    """What an edit does to the reaction, after Stadhouders 2010."""

    AVOID = "avoid"
    ACCEPTABLE = "acceptable"
    BEYOND = "outside the graded bases"
    NOT_GRADABLE = "not gradable"


@dataclass(frozen=True, slots=True)
class Edit:
    """A mismatch or gap; `-` stands for no base.

    `place` counts from the 3' end, 1 is the terminal base; for a reference base without a primer
    base it is the place of the next primer base towards the 5' end.
    """

    place: int
    primer_base: str
    site_base: str

    @property
    def gap(self) -> bool:
        """Whether a base lacks its partner."""
        return GAP_MARK in (self.primer_base, self.site_base)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A primer above its site, 5'-3' of the primer."""

    primer: str
    site: str

    @property
    def marks(self) -> str:
        """The line between the two."""
        return "".join(map(_mark, self.primer, self.site))

    @property
    def text(self) -> str:
        """The drawing as one cell."""
        return LINE_SEPARATOR.join((self.primer, self.marks, self.site))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every edit, from the 3' end on."""
        place, edits = 1, list[Edit]()
        for primer, site in zip(reversed(self.primer), reversed(self.site), strict=True):
            if _mark(primer, site) != PAIR_MARK:
                edits.append(Edit(place, primer, site))
            place += primer != GAP_MARK
        return tuple(edits)


def _mark(primer: str, site: str) -> str:
    if GAP_MARK in (primer, site):
        return GAP_MARK
    return PAIR_MARK if pairs_with(primer, site) else "."


def draw(primer: str, site: str, rule: SearchRule) -> Drawing:
    """Align a primer with the whole of its site, both 5'-3' of the primer.

    The site is cut where the 3' part of the primer begins, so that the drawing satisfies the rule.
    """
    site = "".join(base if base in BASES else UNKNOWN for base in site)
    cut = max(0, len(primer) - rule.three_prime_nt)
    if len(primer) == len(site):
        pairs = tuple(map(pairs_with, primer, site))
        if pairs.count(False) <= PLAIN_EDITS and pairs[cut:].count(False) <= (
            rule.three_prime_edits_max
        ):
            return Drawing(primer, site)
    tail, most = len(primer) - cut, rule.three_prime_edits_max
    cuts = range(max(0, len(site) - tail - most), min(len(site), len(site) - tail + most) + 1)
    halves = [
        ((primer[:cut], site[:at]), (primer[cut:], site[at:])) for at in cuts if cut or not at
    ]
    ranks = [_rank(*half, most) for half in halves]
    best = [half for half, rank in zip(halves, ranks, strict=True) if rank == max(ranks)]
    drawings = [_join(_aligned(*head), _aligned(*tail)) for head, tail in best]
    drawing = max(drawings, key=_preference)
    if drawing.primer.endswith(GAP_MARK):
        drawings = [
            _join(_aligned(*head), end)
            for head, tail in halves
            for end in _closed(*tail)
            if len(end.edits) <= most
        ]
    return max(drawings, key=_preference, default=drawing)


def _closed(primer: str, site: str) -> Iterator[Drawing]:
    """Align two sequences so that the last primer base ends the drawing.

    In a repeat the site nearby may be the better one, and this one end a base or more behind it.
    """
    yield _join(_aligned(primer[:-1], site), Drawing(primer[-1], GAP_MARK))
    if site:
        yield _join(_aligned(primer[:-1], site[:-1]), Drawing(primer[-1], site[-1]))


def _rank(head: tuple[str, str], tail: tuple[str, str], tail_edits_max: int) -> tuple[bool, float]:
    """Order the places of the cut: the 3' part keeps to the rule; few edits, few gaps in all."""
    score = _score(*tail)
    return score >= GAP_SCORE * tail_edits_max, score + _score(*head)


def _join(head: Drawing, tail: Drawing) -> Drawing:
    return Drawing(head.primer + tail.primer, head.site + tail.site)


def _score(primer: str, site: str) -> float:
    """Return the score of the best alignment from end to end."""
    if not primer or not site:
        return GAP_SCORE * (len(primer) + len(site))
    return _aligner().score(site, primer)


def _aligned(primer: str, site: str) -> Drawing:
    """Align two sequences from end to end."""
    if not primer or not site or (primer == site and UNKNOWN not in site):
        return Drawing(primer or GAP_MARK * len(site), site or GAP_MARK * len(primer))
    alignments = _aligner().align(site, primer)
    return max((Drawing(str(a[1]), str(a[0])) for a in alignments), key=_preference)


def _preference(drawing: Drawing) -> tuple[int, int, tuple[int, ...], str]:
    """Order drawings: few edits, few gaps, edits far from the 3' end; then any fixed order."""
    edits = drawing.edits
    places = tuple(edit.place for edit in edits)
    return -len(edits), -sum(edit.gap for edit in edits), places, drawing.primer


@cache
def _aligner() -> "PairwiseAligner":
    """Return an aligner that counts edits; IUPAC letters of the primer pair with what they mean."""
    import numpy as np  # noqa: PLC0415
    from Bio.Align import PairwiseAligner, substitution_matrices  # noqa: PLC0415

    letters = "".join(MEANING)
    scores = [
        [0.0 if pairs_with(primer, site) else MISMATCH_SCORE for primer in letters]
        for site in letters
    ]
    aligner = PairwiseAligner(mode="global")
    aligner.substitution_matrix = substitution_matrices.Array(letters, 2, np.array(scores))
    aligner.gap_score = GAP_SCORE
    return aligner


def grade(edit: Edit) -> Grade:
    """Grade an edit by its place and bases.

    The study graded mismatches within the last five bases, not gaps. An IUPAC letter of the primer
    gets the worst grade of the bases that it stands for.
    """
    if edit.gap or edit.site_base == UNKNOWN:
        return Grade.NOT_GRADABLE
    if edit.place > GRADED_NT:
        return Grade.BEYOND
    template = reverse_complement(edit.site_base)
    avoided = {1: AVOID_AT_LAST, 2: AVOID_AT_LAST_TWO}.get(edit.place, frozenset[str]())
    bad = any(base + template in avoided for base in MEANING[edit.primer_base])
    return Grade.AVOID if bad else Grade.ACCEPTABLE


def describe(edit: Edit) -> str:
    """Say what an edit is and where, counted from the 3' end."""
    if edit.primer_base == GAP_MARK:
        between = f"between bases {edit.place - 1} and {edit.place} from the 3' end"
        return f"the site has one {edit.site_base} more {between}"
    if edit.site_base == GAP_MARK:
        return f"the site lacks base {edit.place} from the 3' end ({edit.primer_base})"
    return (
        f"{edit.primer_base} of the primer meets {edit.site_base} of the site"
        f" at base {edit.place} from the 3' end"
    )
