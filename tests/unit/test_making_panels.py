"""Panel folders made from a laboratory's own tables."""

from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.cli import main
from breakpoint_pcr.panel import load_panel

SHIPPED = Path("resources/primers/ikzf1")
PRIMERS = """name\tkind\tsequence\tstrand\tborders_exon\tnote
L1\tprimer\tACGTTGCAACGTTGCAACGT\t+\t3\t
R1\tprimer\tGGGTACGTACGTACGTACGT\t-\t5\t
"""
ASSAYS = """name\tforward\treverse\tkind\taliases
L1/R1\tL1\tR1\tbreakpoint\tone
GENE\t\t\tcontrol_gene\t
"""
SAID = ("--title", "My PCR", "--citation", "ours")


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "p.tsv").write_text(PRIMERS)
    (tmp_path / "a.tsv").write_text(ASSAYS)
    return tmp_path


def make(folder, *options):
    tables = ("--primers", folder / "p.tsv", "--assays", folder / "a.tsv")
    return main(["make-panel", *map(str, (folder / "mine", *tables, *options))])


def refused(capsys, folder, *options):
    assert make(folder, *options) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert not (folder / "mine").exists()
    return lines[0]


def test_own_tables_become_a_panel(tables, capsys):
    limits = ("--limitation", "Seen: one.", "--limitation", "Not seen: two.")
    assert make(tables, *SAID, "--version", "2b", *limits) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 oligos: L1, R1",
        "L1/R1: Δ3-5",
        "GENE: control_gene",
    ]
    panel = load_panel(tables / "mine")
    assert (panel.name, panel.version, panel.title) == ("mine", "2b", "My PCR")
    assert panel.limitations == ("Seen: one.", "Not seen: two.")
    assert [d.label for d in panel.deletions] == ["Δ3-5"]
    sums = yaml.safe_load((tables / "mine/info.yaml").read_text())["files"]
    assert sums["primers.tsv"] == sha256(PRIMERS.encode()).hexdigest()
    assert (tables / "mine/assays.tsv").read_text() == ASSAYS


def test_tables_of_a_spreadsheet_are_taken_as_they_are(tables):
    content = PRIMERS.replace("\n", "\r\n").encode("utf-8-sig")
    (tables / "p.tsv").write_bytes(content)
    assert make(tables, *SAID) == 0
    assert (tables / "mine/primers.tsv").read_bytes() == content
    assert [p.name for p in load_panel(tables / "mine").primers] == ["L1", "R1"]


def test_what_is_known_of_the_same_primers_comes_along(tables):
    """The remark on R-8 holds for the printed R-8, not for another one of this name."""
    for name, text in (("p.tsv", "primers.tsv"), ("a.tsv", "assays.tsv")):
        (tables / name).write_bytes((SHIPPED / text).read_bytes())
    assert make(tables, "--like", SHIPPED) == 0
    made, shipped = load_panel(tables / "mine"), load_panel(SHIPPED)
    assert (made.primers, made.assays, made.sha256) == (
        shipped.primers,
        shipped.assays,
        shipped.sha256,
    )
    assert (made.title, made.citation) == (shipped.title, shipped.citation)
    assert (made.limitations, made.known_deviations) == (
        shipped.limitations,
        shipped.known_deviations,
    )
    text = (tables / "p.tsv").read_text().replace("CAGGAAGA", "CAGGGAAGA")
    (tables / "p.tsv").write_text(text)
    (tables / "mine").rename(tables / "first")
    assert make(tables, "--like", SHIPPED) == 0
    assert load_panel(tables / "mine").known_deviations == ()


def test_what_is_missing_is_one_line(tables, capsys):
    assert "--title is missing; give it, or --like a panel" in refused(capsys, tables)
    assert "--citation is missing" in refused(capsys, tables, *SAID[:2])
    (tables / "a.tsv").unlink()
    assert "a.tsv: file missing" in refused(capsys, tables, *SAID)


def test_a_contradiction_names_the_table_that_was_given(tables, capsys):
    (tables / "p.tsv").write_text(PRIMERS.replace("ACGTTG", "ACGUTG"))
    line = refused(capsys, tables, *SAID)
    assert f"{tables / 'p.tsv'} line 2: sequence of L1 holds 'U' (letter 4)" in line


def test_a_panel_is_never_replaced(tables, capsys):
    assert make(tables, *SAID) == 0
    assert make(tables, *SAID) == 1
    assert "mine: exists; a folder of facts is never replaced" in capsys.readouterr().err
