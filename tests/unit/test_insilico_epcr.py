"""The site search and the product sizes against e-PCR (Debian package ncbi-epcr)."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.scan import scan
from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference

pytestmark = pytest.mark.skipif(
    shutil.which("e-PCR") is None or shutil.which("re-PCR") is None,
    reason="e-PCR is not installed (Debian: apt-get install ncbi-epcr)",
)
# One mismatch and one gap, which e-PCR allows anywhere in the primer.
EPCR_EDITS = ("-n", "1", "-g", "1")
RULE = SearchRule(edits_max=2, three_prime_edits_max=2, three_prime_nt=10)


def other_strand(text):
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines() if not line.startswith("#")]


def edited(sequence, rng):
    """Give a primer one mismatch or one gap, not in its first or last base."""
    at = rng.randrange(1, len(sequence) - 1)
    middle = rng.choice(["", sequence[at] + rng.choice("ACGT"), rng.choice("ACGT")])
    return sequence[:at] + middle + sequence[at + 1 :]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Two primers, and 60 kb with 60 damaged sites of each, facing at about 200 bases."""
    folder, rng = tmp_path_factory.mktemp("epcr"), random.Random(23)
    letters = lambda count: "".join(rng.choices("ACGT", k=count))  # noqa: E731
    primers = {"f": letters(21), "r": letters(20)}
    text = letters(500)
    for _ in range(60):
        forward, reverse = edited(primers["f"], rng), edited(primers["r"], rng)
        text += forward + letters(160) + other_strand(reverse) + letters(700)
    (folder / "text.fa").write_text(f">text\n{text}\n")
    (folder / "pair.sts").write_text(f"pair\t{primers['f']}\t{primers['r']}\t100-400\n")
    (folder / "primers.txt").write_text("".join(f"{n}\t{s}\n" for n, s in primers.items()))
    return folder, primers, text


def test_every_pair_that_epcr_finds_is_found(planted):
    folder, primers, text = planted
    pairs = run(
        folder, "e-PCR", *EPCR_EDITS, "-t", "3", "-w", "4", "-m", "50", "pair.sts", "text.fa"
    )
    sites = scan(primers, [("text", text)], RULE)
    starts = {site.start for site in sites if (site.primer, site.strand) == ("f", "+")}
    ends = {site.end for site in sites if (site.primer, site.strand) == ("r", "-")}
    assert len(pairs) > 30
    for _, _, strand, left, right, *_ in pairs:
        assert strand == "+"
        assert starts & set(range(int(left) - 3, int(left) + 2))
        assert ends & set(range(int(right) - 2, int(right) + 3))
    assert len(starts) == len(ends) == 60  # e-PCR needs an exact word, so it finds fewer


def test_every_site_that_repcr_finds_is_found(planted):
    folder, primers, text = planted
    run(folder, "famap", "-t", "N", "-b", "text.famap", "text.fa")
    run(folder, "fahash", "-b", "text.hash", "-w", "6", "-f", "1", "text.famap")
    rows = run(folder, "re-PCR", "-P", "text.hash", *EPCR_EDITS, "primers.txt")
    sites = scan(primers, [("text", text)], RULE)
    assert len(rows) > 40
    for name, _, strand, start, end, *_ in rows:
        near = [
            site
            for site in sites
            if (site.primer, site.strand) == (name, strand)
            and abs(site.start + 1 - int(start)) <= RULE.edits_max
            and abs(site.end - int(end)) <= RULE.edits_max
        ]
        assert near, (name, strand, start, end)


def test_sizes_of_the_panel_on_its_alleles(tmp_path):
    """Products up to 1 kb of the published primers on each allele, R-8 by its gapped site."""
    panel = load_panel(Path("resources/primers/ikzf1"))
    locus = load_reference(Path("resources/reference/ikzf1"))
    section = read_yaml(Path("config/config.yaml"))["primers"]
    found = verify(panel, locus, Conditions.from_config(section))
    expected = {}
    for allele in found.document["alleles"]:
        for row in allele["products"]:
            if row["size_max"] is not None and row["size_max"] <= 1000:
                key = (allele["allele"], f"{row['forward']}/{row['reverse']}")
                expected[key] = (row["size_min"], row["size_max"])
    sts = "".join(
        f"{a.name}\t{a.pairs[0].forward.sequence}\t{a.pairs[0].reverse.sequence}\t100-950\n"
        for a in panel.breakpoint_assays
    )
    (tmp_path / "pairs.sts").write_text(sts)
    by_name = {record.name: record.sequence for record in locus.records}
    sizes = {}
    for number, breakpoint_ in enumerate(locus.breakpoints):
        left = by_name[locus.records[0].name][: breakpoint_.left_end]
        right = by_name[breakpoint_.right_record][breakpoint_.right_start :]
        insert = "ACCATGTG"[: breakpoint_.inserted_nt]
        (tmp_path / "allele.fa").write_text(f">{number}\n{left}{insert}{right}\n")
        command = ("e-PCR", *EPCR_EDITS, "-t", "3", "-w", "4", "-m", "60", "pairs.sts", "allele.fa")
        form = breakpoint_.form.replace("_", " ")
        label = locus.deletion(breakpoint_).label
        name = label if form == "main" else f"{label} {form}"
        for _, pair, _, _, _, size, *_ in run(tmp_path, *command):
            sizes.setdefault((name, pair), []).append(int(size.split("/")[0]))
    assert {key: (min(values), max(values)) for key, values in sizes.items()} == expected
