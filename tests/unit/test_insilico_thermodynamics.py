"""Thermodynamics against hand calculations with the published nearest-neighbour values."""

import itertools
import re
import shutil
import subprocess
from math import log, sqrt

import pytest
from Bio.SeqUtils import MeltingTemp

from breakpoint_pcr.insilico.conditions import ReactionMix
from breakpoint_pcr.insilico.thermodynamics import (
    dimers,
    oligo,
    on_site,
    self_end,
    tm_range,
    variants,
)

MIX = ReactionMix(monovalent_mm=50, divalent_mm=3, dntp_mm=0.8, oligo_nm=300, dg_celsius=37)
# SantaLucia 1998, table 2: enthalpy in kcal/mol, entropy in cal/(K mol), free energy at 37 °C.
NEIGHBOURS = {
    **dict.fromkeys(("AA", "TT"), (-7.9, -22.2, -1.00)),
    "AT": (-7.2, -20.4, -0.88),
    "TA": (-7.2, -21.3, -0.58),
    **dict.fromkeys(("CA", "TG"), (-8.5, -22.7, -1.45)),
    **dict.fromkeys(("GT", "AC"), (-8.4, -22.4, -1.44)),
    **dict.fromkeys(("CT", "AG"), (-7.8, -21.0, -1.28)),
    **dict.fromkeys(("GA", "TC"), (-8.2, -22.2, -1.30)),
    "CG": (-10.6, -27.2, -2.17),
    "GC": (-9.8, -24.4, -2.24),
    **dict.fromkeys(("GG", "CC"), (-8.0, -19.9, -1.84)),
}
ENDS = {
    "A": (2.3, 4.1, 1.03),
    "T": (2.3, 4.1, 1.03),
    "G": (0.1, -2.8, 0.98),
    "C": (0.1, -2.8, 0.98),
}
# Monovalent equivalent of Mg2+, von Ahsen 2001: [Na] + 120 sqrt([Mg] - [dNTP]), in mol/l.
SODIUM = (50 + 120 * sqrt(3 - 0.8)) / 1000


def summed(sequence):
    steps = [NEIGHBOURS[a + b] for a, b in itertools.pairwise(sequence)]
    return [
        sum(values) for values in zip(*steps, ENDS[sequence[0]], ENDS[sequence[-1]], strict=True)
    ]


@pytest.mark.parametrize(
    "sequence", ["AAAGAACCCTCAGGCATTCA", "GGAGTCTGTGAAGGTCACACC", "GTCTCGGCATACAGGGAAGA"]
)
def test_melting_temperature(sequence):
    enthalpy, entropy, _ = summed(sequence)
    entropy += 0.368 * (len(sequence) - 1) * log(SODIUM)
    expected = 1000 * enthalpy / (entropy + 1.987 * log(300e-9 / 4)) - 273.15
    found = oligo("p", sequence, MIX)
    assert found.tm_celsius == pytest.approx(expected, abs=0.05)
    peer = MeltingTemp.Tm_NN(
        sequence,
        nn_table=MeltingTemp.DNA_NN3,
        dnac1=75,  # a quarter of the oligo, in this tool's terms
        dnac2=0,
        Na=50,
        Mg=3,
        dNTPs=0.8,
        saltcorr=5,
    )
    assert found.tm_celsius == pytest.approx(peer, abs=0.1)


@pytest.mark.parametrize("sequence", ["AAAGAACCCTCAGGCATTCA", "CTCCTCTAATCTTTGGACTTGTGA"])
def test_stability_of_the_last_five_bases(sequence):
    """Free energy at 37 °C with the salt correction 0.114 ln[Na] per phosphate step."""
    free_energy = summed(sequence[-5:])[2] - 0.114 * 4 * log(SODIUM)
    assert oligo("p", sequence, MIX).end_stability_dg_kcal == pytest.approx(free_energy, abs=0.05)


def test_gc_and_length():
    found = oligo("p", "GTCTCGGCATACAGGAAGA", MIX)
    assert (found.length_nt, found.gc_percent) == (19, pytest.approx(100 * 10 / 19, abs=0.001))


def test_hairpin_with_a_long_stem_melts_above_one_with_a_short_stem():
    strong = oligo("p", "GCGCGCATTTTTGCGCGC", MIX)
    weak = oligo("p", "GCGATCATTTTTAACCGC", MIX)
    assert strong.hairpin_tm_celsius > 70
    assert weak.hairpin_tm_celsius is None or weak.hairpin_tm_celsius < 50


def test_what_cannot_pair_has_no_structure():
    found = oligo("p", "AAAAAAAAAAAAAAAAAAAA", MIX)
    assert (found.hairpin_tm_celsius, found.self_dimer_dg_kcal) == (None, None)
    row = dimers({"a": "AAAAAAAAAAAA", "b": "ACACACACACAC"}, [], MIX)[0]
    assert (row.tm_celsius, row.dg_kcal, row.three_prime_dg_kcal) == (None, None, None)


def test_dimer_of_complements_is_the_full_duplex():
    row = dimers({"a": "CAACAAGTGACCCATCC", "b": "GGATGGGTCACTTGTTG"}, [], MIX)[0]
    free_energy = summed("CAACAAGTGACCCATCC")[2] - 0.114 * 16 * log(SODIUM)
    assert row.dg_kcal == pytest.approx(free_energy, abs=0.3)
    assert row.three_prime_dg_kcal == pytest.approx(free_energy, abs=0.3)


def test_each_pair_stands_once_and_knows_its_reactions():
    oligos = {"a": "CAACAAGTGACCC", "b": "GGATGGGTCACTT", "c": "TTGACCATGCAAC"}
    rows = dimers(oligos, [frozenset({"a", "c"})], MIX)
    assert [(r.first, r.second, r.share_an_assay) for r in rows] == [
        ("a", "b", False),
        ("a", "c", True),
        ("b", "c", False),
    ]


def test_degenerate_oligo_gets_the_worst_of_its_sequences():
    low, high = "CAACAAGTGACCCATCCTTTA", "CAACAAGTGACCCATCCTTTG"
    tms = [oligo("p", sequence, MIX).tm_celsius for sequence in (low, high)]
    degenerate = "CAACAAGTGACCCATCCTTTR"
    assert variants(degenerate) == (low, high)
    assert tm_range(degenerate, MIX) == (min(tms), max(tms))
    assert oligo("p", degenerate, MIX).tm_celsius == min(tms)


def test_very_degenerate_oligo_is_bounded_by_two():
    assert variants("NNRYSW") == ("AAATCA", "CCGCCA")


def test_oligo_that_is_too_long_for_structures():
    found = oligo("p", "ACGTTGCA" * 9, MIX)
    assert found.hairpin_dg_kcal is None
    assert found.tm_celsius > 70


OLIGOS = (
    "CAACAAGTGACCCATCCTTTG",
    "CTCCTCTAATCTTTGGACTTGTGA",
    "GGAGTCTGTGAAGGTCACACC",
    "AAAGAACCCTCAGGCATTCA",
    "GTCTCGGCATACAGGAAGA",
)
CONDITIONS = ("-mv", "50", "-dv", "3", "-n", "0.8", "-d", "300")


def command(*words):
    """Run a command of Debian's package primer3, built apart from the library that we use."""
    if not shutil.which(words[0]):
        pytest.skip(f"{words[0]} is not installed (Debian package primer3)")
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def ntthal(mode, first, second=""):
    """Return melting temperature in °C and free energy in kcal/mol; None without a structure."""
    pair = ("-s2", second) if second else ()
    text = command("ntthal", *CONDITIONS, "-t", "37", "-a", mode, "-s1", first, *pair)
    found = re.search(r"dG = (\S+)\s+t = (\S+)", text)
    return (float(found[2]), float(found[1]) / 1000) if found else (None, None)


@pytest.mark.parametrize("sequence", OLIGOS)
def test_melting_temperature_of_primer3(sequence):
    text = command("oligotm", *CONDITIONS, "-tp", "1", "-sc", "1", sequence)
    assert oligo("p", sequence, MIX).tm_celsius == pytest.approx(float(text), abs=0.001)


@pytest.mark.parametrize("sequence", OLIGOS)
def test_structures_of_primer3(sequence):
    found = oligo("p", sequence, MIX)
    for values, expected in (
        ((found.hairpin_tm_celsius, found.hairpin_dg_kcal), ntthal("HAIRPIN", sequence)),
        ((found.self_dimer_tm_celsius, found.self_dimer_dg_kcal), ntthal("ANY", *[sequence] * 2)),
    ):
        assert values == (
            (None, None) if expected[0] is None else pytest.approx(expected, abs=0.001)
        )
    end = self_end(sequence, MIX)
    assert end.dg_kcal == pytest.approx(ntthal("END1", sequence, sequence)[1], abs=0.001)


def test_dimers_of_primer3():
    rows = dimers({text: text for text in OLIGOS}, [], MIX)
    assert len(rows) == 10
    for row in rows:
        tm, energy = ntthal("ANY", row.first, row.second)
        assert (row.tm_celsius, row.dg_kcal) == pytest.approx((tm, energy), abs=0.001)
        ends = [ntthal("END1", *pair)[1] for pair in ((row.first, row.second),)]
        ends += [ntthal("END1", row.second, row.first)[1]]
        assert row.three_prime_dg_kcal == pytest.approx(min(ends), abs=0.001)


def test_hairpin_by_hand():
    """CGTCAG TTTTT CTGACG: a stem of six pairs and a loop of five.

    SantaLucia & Hicks 2004, doi 10.1146/annurev.biophys.32.110601.141800: loop of five 3.3
    kcal/mol, and the first mismatch of the loop, which is -0.2 to -1.2 in its table.
    """
    stem = sum(NEIGHBOURS[a + b][2] for a, b in itertools.pairwise("CGTCAG"))
    expected = stem + 3.3 - 0.7 - 0.114 * 5 * log(SODIUM)
    assert oligo("p", "CGTCAGTTTTTCTGACG", MIX).hairpin_dg_kcal == pytest.approx(expected, abs=0.6)


def test_melting_temperature_follows_the_salts():
    """The formula of the first test at other salts; dNTP beyond Mg2+ leaves no Mg2+."""
    sequence = OLIGOS[0]
    enthalpy, entropy, _ = summed(sequence)
    for sodium, magnesium, dntp, strands in (
        (50, 1.5, 0.6, 200),
        (20, 5, 0.2, 900),
        (50, 1, 3, 50),
    ):
        free = max(0, magnesium - dntp)
        salt = (sodium + 120 * sqrt(free)) / 1000
        whole = entropy + 0.368 * (len(sequence) - 1) * log(salt)
        expected = 1000 * enthalpy / (whole + 1.987 * log(strands * 1e-9 / 4)) - 273.15
        mix = ReactionMix(sodium, magnesium, dntp, strands, 37)
        assert tm_range(sequence, mix)[0] == pytest.approx(expected, abs=0.05)


def test_own_3_prime_end():
    """GAATTC at the 3' end pairs with itself; in the middle of another oligo it does not extend."""
    end, middle = "ACCATCTCAGAATTC", "ACCAGAATTCTCATA"
    # The six pairs by hand: AA/TT twice, AT, GA twice; both ends G-C; salt of five steps.
    by_hand = summed("GAATTC")[2] - 0.114 * 5 * log(SODIUM)
    strong = self_end(end, MIX).dg_kcal
    # Bases beside the duplex stack on it: up to -1 at either end.
    assert by_hand - 2 < strong <= by_hand + 0.2
    weak = self_end(middle, MIX).dg_kcal
    assert weak is None or weak > strong + 1.5


def test_duplex_with_an_exact_site_melts_as_the_oligo():
    for sequence in OLIGOS:
        found = on_site(sequence, sequence, MIX)
        # The two routines of primer3 use 1.9872 and 1.987 cal/(K mol), and other roundings.
        assert found.tm_celsius == pytest.approx(oligo("p", sequence, MIX).tm_celsius, abs=0.1)


def test_duplex_with_a_bulged_site():
    """R-8 on its site: the bulge of one base costs a stack and 4.0 kcal/mol or less."""
    printed, site = "GTCTCGGCATACAGGAAGA", "GTCTCGGCATACAGGGAAGA"
    found = on_site(printed, site, MIX)
    exact = on_site(printed, printed, MIX)
    assert exact.tm_celsius - 8 < found.tm_celsius < exact.tm_celsius - 2
    tm, energy = ntthal("ANY", printed, "TCTTCCCTGTATGCCGAGAC")
    assert (found.tm_celsius, found.dg_kcal) == pytest.approx((tm, energy), abs=0.001)


def test_iupac_oligo_on_its_site_counts_its_best_fit():
    assert on_site("CAACAAGTGACCCATCCTTTR", OLIGOS[0], MIX) == on_site(OLIGOS[0], OLIGOS[0], MIX)
