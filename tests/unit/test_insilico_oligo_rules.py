"""The rules for ordering oligos, each at its limit and beyond."""

from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.conditions import Conditions, ReactionMix
from breakpoint_pcr.insilico.judgement import judge_oligo
from breakpoint_pcr.insilico.oligo_rules import (
    OligoRules,
    judge_end,
    judge_mix,
    judge_on_site,
    judge_probe,
    judge_runs,
    judge_self_end,
    longest_run,
    mix_words,
)
from breakpoint_pcr.insilico.thermodynamics import Structure, oligo
from breakpoint_pcr.tables import Level, Oligo

CONDITIONS = Conditions.from_config(read_yaml(Path("config/config.yaml"))["primers"])
LIMITS = CONDITIONS.limits
MIX = ReactionMix(50, 3, 0.8, 300, 37)
RULES = OligoRules(
    end_stability_dg_min_kcal=-5,
    three_prime_gc_max=3,
    base_run_max_nt=4,
    g_run_max_nt=3,
    probe_tm_above_min_celsius=5,
)
PUBLISHED = {
    "F.2a": "CAACAAGTGACCCATCCTTTG",
    "F.2b": "CTCCTCTAATCTTTGGACTTGTGA",
    "F.4": "GGAGTCTGTGAAGGTCACACC",
    "R-7": "AAAGAACCCTCAGGCATTCA",
    "R-8": "GTCTCGGCATACAGGAAGA",
}


def row(sequence="ACGTACGTACGTACGTATAT", *, tm=60.0, end=-3.0):
    return Oligo("p", sequence, len(sequence), 50.0, tm, None, None, None, None, end)


def codes(findings):
    return [(f.level, f.code) for f in findings]


@pytest.mark.parametrize(
    ("end", "expected"),
    [(-5.0, []), (-5.01, [(Level.WARNING, "end_stability")]), (None, [])],
)
def test_end_stability(end, expected):
    assert codes(judge_end(row(end=end), RULES, MIX)) == expected


@pytest.mark.parametrize(
    ("tail", "found"),
    [("ACACC", False), ("AGACC", False), ("CGACC", True), ("ASSCC", True), ("ARYCC", True)],
)
def test_g_and_c_at_the_3_prime_end(tail, found):
    """ACACC: 3; AGACC: 3; CGACC: 4; S is G or C; R may be G and Y may be C: 4."""
    expected = [(Level.WARNING, "three_prime_gc")] if found else []
    assert codes(judge_end(row("ATATATATATATATA" + tail), RULES, MIX)) == expected


@pytest.mark.parametrize(
    ("sequence", "sentences"),
    [
        ("ACAAAATGGGACCCCTTTT", []),
        ("ACAAAAATC", ["a run of 5 A; expected at most 4"]),
        ("ACGGGGATC", ["a run of 4 G; expected at most 3"]),
        ("ACGGRGATC", ["a run of 4 G; expected at most 3"]),
        ("TTTTTGGGG", ["a run of 4 G; expected at most 3", "a run of 5 T; expected at most 4"]),
    ],
)
def test_runs_of_one_base(sequence, sentences):
    assert [f.sentence for f in judge_runs(row(sequence), RULES)] == sentences


def test_longest_run():
    assert [longest_run("AACAAAT", base) for base in "ACGT"] == [3, 1, 0, 1]
    assert longest_run("ANRA", "A") == 4


def test_dimer_of_an_oligo_with_its_own_3_prime_end():
    """The limit as shipped is -6 kcal/mol, as for two oligos."""
    assert codes(judge_self_end("p", Structure(20.0, -6.0), LIMITS)) == []
    assert codes(judge_self_end("p", Structure(None, None), LIMITS)) == []
    assert codes(judge_self_end("p", Structure(20.0, -6.1), LIMITS)) == [
        (Level.WARNING, "self_dimer_end")
    ]


def test_melting_on_an_edited_site():
    """The lowest melting temperature as shipped is 57 °C."""
    found = list(judge_on_site("p", 60.6, Structure(57.1, -17.6), LIMITS))
    assert codes(found) == [(Level.INFO, "melting_on_site")]
    assert found[0].sentence == "melts at 57.1 °C on its edited site, 3.5 °C below an exact one"
    found = list(judge_on_site("p", 60.6, Structure(56.9, -17.6), LIMITS))
    assert codes(found) == [(Level.WARNING, "melting_on_site")]
    assert codes(judge_on_site("p", 60.6, Structure(None, None), LIMITS)) == [
        (Level.WARNING, "melting_on_site")
    ]


@pytest.mark.parametrize(
    ("sequence", "tm", "expected"),
    [
        ("CACGT", 66.0, []),
        ("CACGT", 65.9, [(Level.WARNING, "probe_melting")]),
        ("GACCT", 70.0, [(Level.WARNING, "probe_first_base")]),
        ("RACCT", 70.0, [(Level.WARNING, "probe_first_base")]),
        ("CAGGT", 70.0, [(Level.INFO, "probe_strand")]),
    ],
)
def test_probe(sequence, tm, expected):
    """Primers at 60 and 61 °C: a probe is expected at 66 °C or more."""
    found = list(judge_probe(row(sequence, tm=tm), {"a": 60.0, "b": 61.0}, RULES))
    assert codes(found) == expected
    if expected == [(Level.WARNING, "probe_melting")]:
        assert "4.9 °C above b" in found[0].sentence


def test_probe_without_primers_is_judged_by_its_sequence():
    assert codes(judge_probe(row("GACCT"), {}, RULES)) == [(Level.WARNING, "probe_first_base")]


def test_melting_range_of_primers_is_not_asked_of_a_probe():
    """The highest melting temperature of a primer as shipped is 66 °C."""
    hot = row(tm=69.0)
    assert "melting_temperature" in [f.code for f in judge_oligo(hot, (69.0, 69.0), LIMITS)]
    assert codes(judge_oligo(hot, (69.0, 69.0), LIMITS, probe=True)) == []


@pytest.mark.parametrize(
    ("magnesium", "dntp", "found"), [(3, 0.8, 0), (0.8, 0.8, 1), (1.5, 3, 1), (0, 0.8, 0)]
)
def test_mix_without_free_magnesium(magnesium, dntp, found):
    mix = ReactionMix(50, magnesium, dntp, 300, 37)
    assert len(list(judge_mix(mix, "p"))) == found


def test_conditions_in_words():
    assert mix_words(MIX) == (
        "50 mmol/l monovalent cations, 3 mmol/l Mg2+, 0.8 mmol/l dNTP, 300 nmol/l of each oligo; "
        "free energies at 37 °C"
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_primers_keep_to_the_rules(name):
    """By eye: ends CTTTG, TGTGA, ACACC, ATTCA, GAAGA; no run beyond three."""
    found = oligo(name, PUBLISHED[name], MIX)
    assert [*judge_end(found, RULES, MIX), *judge_runs(found, RULES)] == []
