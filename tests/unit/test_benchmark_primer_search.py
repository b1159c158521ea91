"""The benchmark of the site search: what it plants, and how it reads the other programs."""

import shutil
import sys
from pathlib import Path

import pytest

from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.panel import load_panel

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import primer_search
from planted_genome import Kind, fewest_edits, plant, read_back
from search_page import page, table, verdict
from search_peers import Oligos, Peer, Place, peers, read_ours
from search_trials import Cost, Trial, measure, run, score

RULE = SearchRule(edits_max=3, three_prime_edits_max=1, three_prime_nt=10)
SMALL = ("--genome-mb", "0.2", "--copies", "1", "--repeats", "1", "--timeout", "100")

# A record of 310: 30 nt, a, 60 nt, the other strand of b, 50 nt, b, 60 nt, the other strand of a,
# 30 nt; a and b have 20. What the programs printed on it, with the pair a, b as number 0.
OLIGOS = Oligos({"a": "AGCGGAATCATCTCGAGTGG", "b": "GATGCATCGTGTCTCTTAAA"}, (("a", "b"),), 310)
SITES = {
    Place(("a",), "+", 30, 50),
    Place(("b",), "-", 110, 130),
    Place(("b",), "+", 180, 200),
    Place(("a",), "-", 260, 280),
}
PRODUCTS = {Place(("a", "b"), "", 30, 130), Place(("b", "a"), "", 180, 280)}
PRINTED = {
    "breakpoint-pcr": """primer\trecord\tstart\tend\tstrand\tedits\talignment
a\trec\t30\t50\t+\t0\tAGCGGAATCATCTCGAGTGG / |||||||||||||||||||| / AGCGGAATCATCTCGAGTGG
a\trec\t260\t280\t-\t0\tAGCGGAATCATCTCGAGTGG / |||||||||||||||||||| / AGCGGAATCATCTCGAGTGG
b\trec\t180\t200\t+\t0\tGATGCATCGTGTCTCTTAAA / |||||||||||||||||||| / GATGCATCGTGTCTCTTAAA
b\trec\t110\t130\t-\t0\tGATGCATCGTGTCTCTTAAA / |||||||||||||||||||| / GATGCATCGTGTCTCTTAAA
""",
    "e-PCR": "rec\t0\t+\t31\t130\t100/60-110\t0\t0\t\nrec\t0\t-\t181\t280\t100/60-110\t0\t0\t\n",
    "re-PCR": """#- sts\tseq\tstrand\tfrom\tto\tmism\tgaps
a\trec\t+\t31\t50\t0\t0\t20/0
a\trec\t+\t31\t50\t0\t0\t20/0
#- Done
a\trec\t-\t261\t280\t0\t0\t20/0
b\trec\t+\t181\t200\t0\t0\t20/0
b\trec\t-\t111\t130\t0\t0\t20/0
""",
    "ipcress": """ipcress: rec:filter(unmasked) 0 100 A 30 0 B 110 0 forward
ipcress: rec:filter(unmasked) 0 100 B 180 0 A 260 0 revcomp
-- completed ipcress analysis
""",
    "primersearch": """
Primer name 0
Amplimer 1
\tSequence: rec
\t
\tAGCGGAATCATCTCGAGTGG hits forward strand at 31 with 0 mismatches
\tGATGCATCGTGTCTCTTAAA hits reverse strand at [181] with 0 mismatches
\tAmplimer length: 100 bp
Amplimer 2
\tSequence: rec
\t
\tGATGCATCGTGTCTCTTAAA hits forward strand at 181 with 0 mismatches
\tAGCGGAATCATCTCGAGTGG hits reverse strand at [31] with 0 mismatches
\tAmplimer length: 100 bp
""",
    "blastn-short": """a\tplus\t1\t20\t31\t50
a\tminus\t1\t20\t280\t261
b\tminus\t1\t20\t130\t111
b\tplus\t1\t20\t181\t200
""",
    "sketch": """site\trec\ta\t+\t41\t0\t0mm\tTATAGCGGAATCATCTCGAGTGGC
site\trec\tb\t-\t111\t0\t0mm\tTTTTAAGAGACACGATGCATCCCG
site\trec\tb\t+\t191\t0\t0mm\tCCCGATGCATCGTGTCTCTTAAAC
site\trec\ta\t-\t261\t0\t0mm\tGCCACTCGAGATGATTCCGCTCCT
product\trec\ta\tb\t100\t0
""",
}


@pytest.mark.parametrize("program", PRINTED)
def test_what_a_program_prints_is_read(program):
    peer = next(peer for peer in peers() if peer.name.startswith(program))
    lines = PRINTED[program].splitlines(keepends=True)
    products = program in ("e-PCR", "ipcress", "primersearch")
    assert set(peer.parse(lines, OLIGOS)) == (PRODUCTS if products else SITES)


def test_every_program_has_a_recorded_answer():
    for peer in peers():
        assert any(peer.name.startswith(program) for program in PRINTED), peer.name


def test_a_local_alignment_is_drawn_out_to_the_whole_primer():
    """Bases 1-9 of b against 188-180 of the minus strand: 11 bases remain beyond 180."""
    read = next(peer.parse for peer in peers() if peer.name.startswith("blastn"))
    lines = ["b\tminus\t1\t9\t188\t180\n", "b\tplus\t2\t8\t21\t27\n"]
    assert list(read(lines, OLIGOS)) == [
        Place(("b",), "-", 168, 188, 11),
        Place(("b",), "+", 19, 39, 12),
    ]


@pytest.mark.parametrize(
    ("site", "edits"),
    [
        ("ACGGTCATTGCAAGGCTTCA", 0),
        ("ACGGTCATTGCAAGGCTTCT", 1),  # the last base
        ("AGGGTGATTGCAAGGCTTCA", 2),  # two before the last ten
        ("ACGGTCATTGCAAAGGCTTCA", 1),  # one base more in the last ten
        ("ACGGTCATGCAAGGCTTCA", 1),  # one base less before them
        ("ACGGTCATTGCAAGCCTTGA", None),  # two in the last ten
        ("TCCGAGATTGCAAGGCTTCA", None),  # four
    ],
)
def test_the_independent_count(site, edits):
    found = fewest_edits("ACGGTCATTGCAAGGCTTCA", f"GGGTTT{site}", RULE)
    assert found == edits if edits is not None else found > RULE.edits_max


def planted_in(folder, **sizes):
    folder.mkdir(exist_ok=True)
    sizes = {"length_nt": 200_001, "copies": 1, "seed": 1, **sizes}
    return plant(folder, load_panel(Path("resources/primers/ikzf1")), RULE, **sizes)


def test_the_genome_holds_what_was_planted(tmp_path):
    planted = planted_in(tmp_path)
    lines = planted.path.read_text().splitlines()[1:]
    text = "".join(lines)
    assert {len(line) for line in lines[:-1]} == {60}
    assert len(text) == 200_001
    assert sum(text.count(base) for base in "CG") / len(text) == pytest.approx(0.41, abs=0.01)
    for site in planted.sites:
        assert text[site.start : site.end] == site.plus
        assert read_back(planted, site.start, site.end) == site.plus
    assert planted.over_line_ends
    assert any(site.start == 0 for site in planted.judged)
    assert any(site.end == len(text) for site in planted.judged)
    for site in planted.judged:
        assert (site in planted.in_rule) or site.kind is Kind.MISMATCH


def test_a_site_over_the_seam_of_two_pieces_is_whole(tmp_path, monkeypatch):
    whole = planted_in(tmp_path / "a")
    monkeypatch.setattr("planted_genome.PIECE_NT", 6000)
    pieces = planted_in(tmp_path / "b")
    for site in whole.sites:
        assert read_back(pieces, site.start, site.end) == site.plus


def test_the_same_seed_gives_the_same_genome(tmp_path):
    first, second = planted_in(tmp_path / "a"), planted_in(tmp_path / "b")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.constructs == second.constructs
    third = planted_in(tmp_path / "c", seed=2)
    assert first.path.read_bytes() != third.path.read_bytes()


def test_too_short_a_genome_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"--genome-mb: 0\.05 is too short; at least 0\.10"):
        planted_in(tmp_path, length_nt=50_000)


def test_sites_and_products_are_matched_by_position(tmp_path):
    planted = planted_in(tmp_path)
    made = next(made for made in planted.constructs if len(made.judged) == 1)
    left, right = (
        Place((site.primer.name,), site.strand, site.start + 2, site.end - 3)
        for site in (made.left, made.right)
    )
    whole = Place(left.names + right.names, "", made.left.start, made.right.end)
    far = Place(left.names, left.strand, made.left.start + 4, made.left.end)
    assert score([whole], planted, 3).sites == {made.judged[0]}
    assert score([left, right, right], planted, 3).sites == {made.judged[0]}
    missed = score([far, far], planted, 3)
    assert (missed.sites, missed.other_places) == (frozenset(), 1)


def test_a_program_that_is_absent_slow_or_fails_is_said_so(tmp_path):
    commands = {
        "absent": ("no-such-program-here",),
        "slow": (sys.executable, "-c", "while True: pass"),
        "broken": (sys.executable, "-c", "raise SystemExit(3)"),
        "well": (sys.executable, "-c", "print()"),
    }
    trials = [
        Trial(Peer(name, "", (), command, read_ours), tmp_path / name)
        for name, command in commands.items()
    ]
    measure(trials, repeats=2, limit_s=1)
    assert [(trial.failure, len(trial.rounds)) for trial in trials] == [
        ("not installed", 0),
        ("stopped after 1 CPU s", 1),
        ("failed (exit code 3)", 1),
        ("", 2),
    ]
    planted = planted_in(tmp_path)
    assert "| absent | not installed |" in table(trials, planted)


def test_cost_is_that_of_the_child(tmp_path):
    command = (sys.executable, "-c", "x = bytearray(300 << 20)\nfor i in range(300_000): pass")
    cost = run(command, tmp_path / "out", 60)
    assert cost.peak_mib >= 300
    assert 0 < cost.cpu_s <= cost.wall_s * 1.5


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Everything that is installed, on 0.2 Mb."""
    options = primer_search.arguments(SMALL)
    return (*primer_search.benchmark(tmp_path_factory.mktemp("search"), options), options)


def test_ours_finds_every_planted_site_of_the_rule(small):
    trials, planted, _ = small
    ours = trials[0]
    assert ours.failure == ""
    assert ours.score.sites == planted.in_rule.intersection(planted.judged)
    assert ours.score.products == set(planted.doubles)
    assert len(planted.judged) == 5 * len(Kind) * 2 + 2


@pytest.mark.parametrize("program", ["e-PCR", "re-PCR", "ipcress", "primersearch", "blastn"])
def test_the_other_programs_find_every_exact_site(small, program):
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed (Debian: see benchmarks/primer_search.py)")
    trials, planted, _ = small
    exact = {site for site in planted.judged if site.kind is Kind.EXACT}
    runs = [trial for trial in trials if trial.peer.name.startswith(program)]
    assert runs
    for trial in runs:
        assert trial.failure == ""
        assert exact <= trial.score.sites


def test_the_page_is_whole(small):
    trials, planted, options = small
    text = page(trials, planted, options)
    for trial in trials:
        assert f"| {trial.peer.name} | " in text
    assert "{" not in text
    assert "genome of 0.2 Mb, seed 1" in text


def test_a_faster_program_that_is_as_complete_is_named_with_the_reason(small):
    trials, planted, _ = small
    ours = Trial(trials[0].peer, trials[0].answer, None, [Cost(2.0, 2.0, 50.0)], trials[0].score)
    rival = Trial(peers()[1], trials[0].answer, None, [Cost(1.0, 1.0, 50.0)], trials[0].score)
    assert "Why ours stays: NCBI no longer keeps it" in verdict([ours, rival], planted)
    slower = Trial(peers()[1], trials[0].answer, None, [Cost(3.0, 3.0, 50.0)], trials[0].score)
    assert verdict([ours, slower], planted).startswith("No program is both")
    assert "fault to report" in verdict(
        [Trial(ours.peer, ours.answer, None, ours.rounds, score([], planted, 3))], planted
    )
