"""When a place in the reference counts as a binding site of a primer.

The rule. Cut the primer before its last `three_prime_nt` bases (a shorter primer is 3' part as a
whole). A stretch of the reference, read on the strand whose sequence the primer equals, is a site
when it can be cut in two so that

- the 3' part of the primer becomes its right piece by at most `three_prime_edits_max` edits, and
- both parts together become the stretch by at most `edits_max` edits.

An edit is a primer base that pairs with another base (mismatch), a primer base without a reference
base, or a reference base without a primer base (gaps). A reference base skipped at the cut belongs
to the 5' part; one beyond the 3' end of the primer is no part of a site. An IUPAC letter of the
primer pairs with each base that it stands for; a letter other than A, C, G, T in the reference
pairs with nothing; a primer base beyond the end of the record is a gap.

Overlapping alignments of one site are reported once: an alignment is left out when a reported one
of the same primer and strand ends (3' end of the primer) within `edits_max` bases of it and is at
least as good. Better means fewer edits, then fewer gaps, then a lower position. So beside every
stretch that satisfies the rule there is a reported site, at most `edits_max` bases away, that has
no more edits.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchRule:
    """How many edits a site may have, in all and in the last bases at the 3' end of the primer."""

    edits_max: int
    three_prime_edits_max: int
    three_prime_nt: int
