"""Drawings and grades of edited sites."""

import random

import pytest

from breakpoint_pcr.insilico.alignment import Drawing, Edit, Grade, describe, draw, grade
from breakpoint_pcr.insilico.rule import SearchRule

RULE = SearchRule(3, 1, 10)


@pytest.mark.parametrize(
    ("primer", "site", "text"),
    [
        # exact
        ("ACGGTCATTG", "ACGGTCATTG", "ACGGTCATTG / |||||||||| / ACGGTCATTG"),
        # one mismatch, fourth base
        ("ACGGTCATTG", "ACGATCATTG", "ACGGTCATTG / |||.|||||| / ACGATCATTG"),
        # a run of three G against two: the gap is drawn farthest from the 3' end
        ("CATACAGGAAGA", "CATACAGGGAAGA", "CATACA-GGAAGA / ||||||-|||||| / CATACAGGGAAGA"),
        # ... and the other way round
        ("CATACAGGGAAGA", "CATACAGGAAGA", "CATACAGGGAAGA / ||||||-|||||| / CATACA-GGAAGA"),
        # an IUPAC letter pairs with what it stands for
        ("ACGRTCATTY", "ACGATCATTC", "ACGRTCATTY / |||||||||| / ACGATCATTC"),
        ("ACGRTCATTG", "ACGCTCATTG", "ACGRTCATTG / |||.|||||| / ACGCTCATTG"),
        # an unknown base of the site is a mismatch
        ("ACGGTCATTG", "ACGNTCATTG", "ACGGTCATTG / |||.|||||| / ACGNTCATTG"),
        # terminal base without a partner: the end of the record
        ("TTACGGTCATTG", "TTACGGTCATT", "TTACGGTCATTG / |||||||||||- / TTACGGTCATT-"),
    ],
)
def test_drawing(primer, site, text):
    assert draw(primer, site, RULE).text == text


def test_three_lines_can_be_told_apart():
    drawing = draw("CATACAGGAAGA", "CATACAGGGAAGA", RULE)
    primer, marks, site = drawing.text.split(" / ")
    assert (primer.replace("-", ""), site) == ("CATACAGGAAGA", "CATACAGGGAAGA")
    assert len(primer) == len(marks) == len(site)


def test_drawing_keeps_to_the_rule_of_the_three_prime_part():
    """Without edits in the last six bases, the three more bases of the site lie before them."""
    primer, site = "GATTACACACAC", "GATTACACACACACA"[:14]
    drawing = draw(primer, site, SearchRule(3, 0, 6))
    assert len(drawing.edits) == 2
    assert all(edit.place > 6 for edit in drawing.edits)


def test_a_base_beyond_the_three_prime_end_is_not_drawn():
    """In a repeat an exact site may end a base before this one, and a lower one have won.

    The primer's last C meets A; before it one of the two C is skipped, the one farther from the
    3' end.
    """
    drawing = draw("TCCTCCTCC", "TCCTCCTCCA", SearchRule(3, 3, 3))
    assert drawing.text == "TCCTCCT-CC / |||||||-|. / TCCTCCTCCA"


def test_edits_are_counted_from_the_three_prime_end():
    drawing = Drawing("CATACA-GGAAGA", "GATACAGGGAAGC")
    assert drawing.edits == (Edit(1, "A", "C"), Edit(7, "-", "G"), Edit(12, "C", "G"))


@pytest.mark.parametrize(
    ("place", "primer", "site", "expected"),
    [
        # Stadhouders 2010, table 1; the template base is the complement of the site's base.
        (1, "A", "T", Grade.AVOID),  # A meets template A
        (1, "A", "C", Grade.AVOID),  # A-G
        (1, "G", "T", Grade.AVOID),  # G-A
        (1, "G", "C", Grade.AVOID),  # G-G
        (1, "C", "G", Grade.AVOID),  # C-C
        (1, "T", "A", Grade.AVOID),  # T-T
        (1, "T", "G", Grade.AVOID),  # T-C
        (1, "C", "A", Grade.AVOID),  # C-T
        (1, "A", "G", Grade.ACCEPTABLE),  # A-C
        (1, "C", "T", Grade.ACCEPTABLE),  # C-A
        (1, "G", "A", Grade.ACCEPTABLE),  # G-T
        (1, "T", "C", Grade.ACCEPTABLE),  # T-G
        (2, "A", "T", Grade.AVOID),
        (2, "C", "G", Grade.AVOID),
        (2, "T", "A", Grade.ACCEPTABLE),
        (2, "C", "A", Grade.ACCEPTABLE),
        (3, "A", "T", Grade.ACCEPTABLE),
        (5, "G", "C", Grade.ACCEPTABLE),
        (6, "G", "C", Grade.BEYOND),
        (1, "R", "C", Grade.AVOID),  # A-G and G-G
        (1, "-", "C", Grade.NOT_GRADABLE),
        (7, "G", "-", Grade.NOT_GRADABLE),
        (1, "A", "N", Grade.NOT_GRADABLE),
    ],
)
def test_grade(place, primer, site, expected):
    assert grade(Edit(place, primer, site)) is expected


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(7, "-", "G"), "the site has one G more between bases 6 and 7 from the 3' end"),
        (Edit(3, "T", "-"), "the site lacks base 3 from the 3' end (T)"),
        (Edit(1, "A", "C"), "A of the primer meets C of the site at base 1 from the 3' end"),
    ],
)
def test_edit_in_words(edit, words):
    assert describe(edit) == words


# Every alignment of short sequences, one by one

LETTERS = {**{base: base for base in "ACGT"}, "R": "AG"}


def alignments(primer, site):
    if not primer or not site:
        yield primer or "-" * len(site), site or "-" * len(primer)
        return
    steps = (
        (alignments(primer[:-1], site[:-1]), primer[-1], site[-1]),
        (alignments(primer[:-1], site), primer[-1], "-"),
        (alignments(primer, site[:-1]), "-", site[-1]),
    )
    for shorter, own, other in steps:
        for one, two in shorter:
            yield one + own, two + other


def rank(primer, site, rule):
    """Few edits, few gaps, edits far from the 3' end; None: not within the rule."""
    place, places = 1, []
    for own, other in zip(reversed(primer), reversed(site), strict=True):
        if "-" in (own, other) or other not in LETTERS[own]:
            places.append(place)
        place += own != "-"
    near = sum(place <= rule.three_prime_nt for place in places)
    gaps = primer.count("-") + site.count("-")
    within = near <= rule.three_prime_edits_max and len(places) <= rule.edits_max
    within &= not primer.endswith("-")  # a base beyond the 3' end is no part of a site
    return (-len(places), -gaps, tuple(places)) if within else None


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_all_alignments_is_drawn(seed):
    draw_lots, drawn = random.Random(seed), 0
    while drawn < 8:
        letters = draw_lots.choice(["A", "AC", "ACGT", "ACGTR"])
        primer = "".join(draw_lots.choices(letters, k=draw_lots.randrange(3, 6)))
        site = "".join(draw_lots.choice(LETTERS[letter]) for letter in primer)
        for _ in range(draw_lots.randrange(1, 4)):
            at = draw_lots.randrange(len(site) + 1)
            edit = draw_lots.choice(["", "A", "C"])
            site = site[:at] + edit + site[at + draw_lots.randrange(2) :]
        rule = SearchRule(draw_lots.randrange(4), draw_lots.randrange(3), draw_lots.randrange(1, 6))
        ranks = [found for pair in alignments(primer, site) if (found := rank(*pair, rule))]
        # A site is not empty, and does not begin with bases that the primer lacks.
        if not site or not ranks or max(max(ranks)[2], default=0) > len(primer):
            continue
        drawing = draw(primer, site, rule)
        assert rank(drawing.primer, drawing.site, rule) == max(ranks), (primer, site, rule)
        drawn += 1
