"""The alignment of a primer with a site that it does not match: drawn, counted and graded.

A drawing is one text cell, `PRIMER / MARKS / SITE`: three lines of equal length, joined by ` / `,
all 5'-3' of the primer. `|` marks a pair, `.` a mismatch, `-` a gap; the base that a gap lacks is
`-` in its own line. Among equally good alignments the one is drawn whose edits lie farthest from
the 3' end.
"""

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
# Mismatch and gap, as scores: edits first, then the fewest gaps.
MISMATCH_SCORE, GAP_SCORE = -64.0, -65.0

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
            if _mark(primer, site) != "|":
                edits.append(Edit(place, primer, site))
            place += primer != GAP_MARK
        return tuple(edits)


def _mark(primer: str, site: str) -> str:
    if GAP_MARK in (primer, site):
        return GAP_MARK
    return "|" if pairs_with(primer, site) else "."


def draw(primer: str, site: str, rule: SearchRule) -> Drawing:
    """Align a primer with the whole of its site, both 5'-3' of the primer.

    The site is cut where the 3' part of the primer begins, so that the drawing satisfies the rule.
    """
    site = "".join(base if base in BASES else UNKNOWN for base in site)
    if len(primer) == len(site) and all(map(pairs_with, primer, site)):
        return Drawing(primer, site)
    cut = max(0, len(primer) - rule.three_prime_nt)
    tail, most = len(primer) - cut, rule.three_prime_edits_max
    cuts = range(max(0, len(site) - tail - most), min(len(site), len(site) - tail + most) + 1)
    drawings = [
        _join(_aligned(primer[:cut], site[:at]), _aligned(primer[cut:], site[at:]))
        for at in cuts
        if cut or not at
    ]
    return max(drawings, key=_preference)


def _join(head: Drawing, tail: Drawing) -> Drawing:
    return Drawing(head.primer + tail.primer, head.site + tail.site)


def _aligned(primer: str, site: str) -> Drawing:
    """Align two sequences from end to end."""
    if not primer or not site:
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
