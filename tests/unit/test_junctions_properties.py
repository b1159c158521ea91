"""Random deletions and reads of them: exact ends, or a word."""

import random

from junctions_bench import (
    FAR,
    LOCUS,
    NEAR,
    PANEL,
    SETTINGS,
    START,
    bases,
    joined,
    other_strand,
    read,
)

from breakpoint_pcr.junctions.mapping import map_reads


def normal_form(left_end, right_start, inserted, right):
    """Give each side what fits it, base by base, the left side first."""
    while inserted and inserted[0] == NEAR[left_end]:
        left_end, inserted = left_end + 1, inserted[1:]
    while inserted and inserted[-1] == right[right_start - 1]:
        right_start, inserted = right_start - 1, inserted[:-1]
    while not inserted and NEAR[left_end] == right[right_start]:
        left_end, right_start = left_end + 1, right_start + 1
    return left_end, right_start, inserted


def random_junctions(rng, count):
    """Yield read and truth; a read of either orientation, with or without tails."""
    for number in range(count):
        left_end = rng.randrange(300, 27_000)
        right = FAR if number % 4 == 0 else NEAR
        low = 20 if right is FAR else left_end + 80
        right_start = rng.randrange(low, len(right) - 160)
        inserted = bases(rng, rng.choice([0, 0, 0, 1, 3, 6, 12, 30]))
        flanks = (rng.randint(40, 150), rng.randint(40, 150))
        text = joined(left_end, right_start, inserted, right, flanks)
        tails = [bases(rng, rng.choice([0, 0, 15, 40])) for _ in range(2)]
        text = tails[0] + text + tails[1]
        truth = normal_form(left_end, right_start, inserted, right)
        yield (other_strand(text) if rng.random() < 0.5 else text), truth, right


def test_exact_ends_of_300_random_junctions():
    cases = list(random_junctions(random.Random(21), 300))
    rows = map_reads([read(text) for text, _, _ in cases], LOCUS, PANEL, SETTINGS)
    refused = [row.reason for row in rows if not row.mapped]
    assert refused == []
    for row, (text, truth, right) in zip(rows, cases, strict=True):
        left_end, right_start, inserted = truth
        assert row.left_last_base == left_end - 1 + START
        assert row.right_first_base == right_start + (1 if right is FAR else START)
        assert row.inserted == inserted
        assert row.left_nt + len(inserted) + row.right_nt + row.trimmed_nt == len(text)
        shared = row.microhomology
        assert NEAR[:left_end].endswith(shared)
        assert right[:right_start].endswith(shared)
        if not inserted:
            longer = left_end - len(shared) - 1, right_start - len(shared) - 1
            assert NEAR[longer[0]] != right[longer[1]]


def spoiled(rng, text, position):
    """Substitute, add or drop one base."""
    kind = rng.choice("sad")
    other = rng.choice("ACGT".replace(text[position], ""))
    middle = {"s": other, "a": other + text[position], "d": ""}[kind]
    return text[:position] + middle + text[position + 1 :]


def test_one_error_beside_the_junction_moves_no_end_far_without_a_word():
    """One error within 12 nt of a junction: exact, or a reason, or at most 3 nt off.

    An edit is worth doubt_match_nt (2) matching bases, one in a gap one more: behind a substitution
    fewer than 2 bases fit unsaid, behind a gap fewer than 3.
    """
    rng = random.Random(22)
    cases = []
    for _ in range(150):
        left_end, right_start = rng.randrange(300, 12_000), rng.randrange(13_000, 29_000)
        inserted = bases(rng, rng.choice([0, 4, 8]))
        text = joined(left_end, right_start, inserted)
        truth = normal_form(left_end, right_start, inserted, NEAR)
        cases.append((spoiled(rng, text, rng.randint(88, 111 + len(inserted))), truth))
    rows = map_reads([read(text) for text, _ in cases], LOCUS, PANEL, SETTINGS)
    silent = 0
    for row, (_, (left_end, right_start, _)) in zip(rows, cases, strict=True):
        moved = abs(row.left_last_base - left_end + 1 - START)
        moved += abs(row.right_first_base - right_start - START)
        silent = max(silent, 0 if row.reason else moved)
    assert silent <= SETTINGS.doubt_match_nt + 1


def test_reads_with_one_percent_of_errors_keep_their_place():
    """Errors anywhere: the place is right within 20 nt, and beyond 3 nt the row says so."""
    rng = random.Random(23)
    cases = []
    for text, truth, right in random_junctions(rng, 60):
        noisy = text
        for position in sorted(rng.sample(range(len(text)), len(text) // 100), reverse=True):
            noisy = spoiled(rng, noisy, position)
        cases.append((noisy, truth, right))
    rows = map_reads([read(text) for text, _, _ in cases], LOCUS, PANEL, SETTINGS)
    mapped = 0
    for row, (_, (left_end, right_start, _), right) in zip(rows, cases, strict=True):
        if not row.mapped:
            assert row.reason
            continue
        mapped += 1
        moved = abs(row.left_last_base - left_end + 1 - START)
        moved += abs(row.right_first_base - right_start - (1 if right is FAR else START))
        assert moved <= 3 or (row.reason and moved <= 20)
    assert mapped >= 57


def test_no_deletion_is_found_in_pieces_of_the_reference():
    rng = random.Random(24)
    reads = []
    for number in range(60):
        start, length = rng.randrange(0, 29_000), rng.randint(60, 400)
        piece = NEAR[start : start + length]
        reads.append(read(other_strand(piece) if number % 2 else piece))
    rows = map_reads(reads, LOCUS, PANEL, SETTINGS)
    assert {row.reason.partition(":")[0] for row in rows} == {"no deletion"}


def test_reads_do_not_depend_on_each_other():
    cases = list(random_junctions(random.Random(25), 8))
    reads = [read(text) for text, _, _ in cases]
    together = map_reads(reads, LOCUS, PANEL, SETTINGS)
    assert together == [map_reads([one], LOCUS, PANEL, SETTINGS)[0] for one in reads]
    assert together == map_reads(reads, LOCUS, PANEL, SETTINGS)
