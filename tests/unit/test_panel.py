"""The panel as data, and everything wrong that a panel folder can hold."""

from hashlib import sha256
from pathlib import Path

import pytest

from breakpoint_pcr.errors import BreakpointPcrError, PanelError
from breakpoint_pcr.panel import load_panel

SHIPPED = Path("resources/primers")
INFO = "name: made_up\nversion: '1'\ntitle: t\ncitation: c\nfiles:\n"
PRIMERS = "name\tkind\tsequence\tstrand\tborders_exon\tnote\n"
ASSAYS = "name\tforward\treverse\tkind\taliases\n"
GOOD_PRIMERS = (
    "L1\tprimer\tACGTACGTACGTACGTACGT\t+\t3\t",
    "R1\tprimer\tGGGTACGTACGTACGTACGT\t-\t5\t",
)


def write_panel(folder, primers=GOOD_PRIMERS, assays=("L1/R1\tL1\tR1\tbreakpoint\tone",)):
    folder.mkdir(exist_ok=True)
    texts = {"primers.tsv": PRIMERS, "assays.tsv": ASSAYS}
    for (name, head), rows in zip(texts.items(), (primers, assays), strict=True):
        (folder / name).write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    sums = "".join(f"  {n}: {sha256((folder / n).read_bytes()).hexdigest()}\n" for n in texts)
    (folder / "info.yaml").write_text(INFO + sums, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["ikzf1", "ikzf1_r8g"])
def test_labels_follow_from_the_primers(name):
    """First deleted exon of the forward, last deleted exon of the reverse (DESIGN section 3)."""
    panel = load_panel(SHIPPED / name)
    labels = {a.name: [d.label for d in a.deletions] for a in panel.breakpoint_assays}
    assert labels == {
        "F.2a/R-7": ["Δ2-7"],
        "F.2b/R-7": ["Δ2-7"],
        "F.4/R-7": ["Δ4-7"],
        "F.2a/R-8": ["Δ2-8"],
        "F.2b/R-8": ["Δ2-8"],
        "F.4/R-8": ["Δ4-8"],
    }
    assert [a.name for a in panel.control_genes] == ["ALB"]


def test_sequences_are_the_published_ones():
    """Tang 2022, table of primers, as quoted in the design."""
    published = {
        "F.2a": "CAACAAGTGACCCATCCTTTG",
        "F.2b": "CTCCTCTAATCTTTGGACTTGTGA",
        "F.4": "GGAGTCTGTGAAGGTCACACC",
        "R-7": "AAAGAACCCTCAGGCATTCA",
        "R-8": "GTCTCGGCATACAGGAAGA",
    }
    assert {p.name: p.sequence for p in load_panel(SHIPPED / "ikzf1").primers} == published
    twenty = {**published, "R-8": "GTCTCGGCATACAGGGAAGA"}
    assert {p.name: p.sequence for p in load_panel(SHIPPED / "ikzf1_r8g").primers} == twenty


@pytest.mark.parametrize("target", ["F.4/R-7", "F4-R7", "f4 r7", "IKZF1 F.4/R-7"])
def test_targets_are_recognised(target):
    assert load_panel(SHIPPED / "ikzf1").assay_of_target(target) == "F.4/R-7"


@pytest.mark.parametrize("target", ["", "-", "F.4/R-77", "GAPDH", "F.4"])
def test_other_targets_are_not(target):
    assert load_panel(SHIPPED / "ikzf1").assay_of_target(target) is None


def test_pooled_assay_has_every_pair(tmp_path):
    primers = (*GOOD_PRIMERS, "L2\tprimer\tTTTTACGTACGTACGTACGT\t+\t4\t")
    panel = load_panel(write_panel(tmp_path / "p", primers, ("pool\tL1+L2\tR1\tbreakpoint\t",)))
    assert [pair.name for pair in panel.assays[0].pairs] == ["L1/R1", "L2/R1"]
    assert [d.label for d in panel.deletions] == ["Δ3-5", "Δ4-5"]


@pytest.mark.parametrize(
    ("primers", "assays", "message"),
    [
        (
            (),
            ("L1/R1\tL1\tR1\tbreakpoint\t",),
            "primers.tsv: no rows; expected at least one below the header",
        ),
        (("L1\tprimer\tACJT\t+\t3\t",), (), "holds 'J'; use IUPAC nucleotide letters"),
        (("L1\tprimer\t\t+\t3\t",), (), "holds nothing"),
        (("L1\tprimer\tACGT\tplus\t3\t",), (), r"strand of L1 is 'plus'; expected \+ or -"),
        ((*GOOD_PRIMERS, GOOD_PRIMERS[0]), ("a\tL1\tR1\tbreakpoint\t",), "'L1' stands twice"),
        (GOOD_PRIMERS, ("a\tL9\tR1\tbreakpoint\t",), "primer 'L9' of a is not in primers.tsv"),
        (GOOD_PRIMERS, ("a\tR1\tL1\tbreakpoint\t",), r"lies on strand -; expected \+"),
        (GOOD_PRIMERS, ("a\t\t\tbreakpoint\t",), "breakpoint assay a lacks primers"),
        (GOOD_PRIMERS, ("a\tL1\tR1\tother\t",), "kind of a is 'other'"),
        (GOOD_PRIMERS, ("call\tL1\tR1\tbreakpoint\t",), "'call' is the name of a column"),
        (GOOD_PRIMERS, ("a\tL1\tR1\tbreakpoint\tx", "b\tL1\tR1\tbreakpoint\tX"), "'X' names both"),
        (
            ("L1\tprimer\tACGT\t+\t6\t", GOOD_PRIMERS[1]),
            ("a\tL1\tR1\tbreakpoint\t",),
            "exon 6 lies behind exon 5",
        ),
    ],
)
def test_contradictions_are_one_line(tmp_path, primers, assays, message):
    with pytest.raises(PanelError, match=message) as caught:
        load_panel(write_panel(tmp_path / "p", primers, assays))
    assert "\n" not in str(caught.value)


def test_changed_table_is_refused(tmp_path):
    folder = write_panel(tmp_path / "p")
    with (folder / "primers.tsv").open("a", encoding="utf-8") as file:
        file.write("L2\tprimer\tACGT\t+\t3\t\n")
    with pytest.raises(PanelError, match="primers.tsv: sha256 is .* info.yaml says"):
        load_panel(folder)


def test_missing_folder_is_one_line(tmp_path):
    with pytest.raises(PanelError, match="no info.yaml; a panel is"):
        load_panel(tmp_path)


def rewrite(folder, name, content):
    """Replace a file by these bytes, and its sha256 in info.yaml."""
    old, new = (sha256(data).hexdigest() for data in ((folder / name).read_bytes(), content))
    info = folder / "info.yaml"
    info.write_text(info.read_text().replace(old, new))
    (folder / name).write_bytes(content)


def test_a_table_from_a_spreadsheet_is_read(tmp_path):
    """Byte order mark, Windows line ends, empty cells cut off, a blank line, another column."""
    folder = write_panel(tmp_path / "p")
    plain = load_panel(folder)
    text = (folder / "primers.tsv").read_text()
    text = text.replace("note\n", "note\tsupplier\n").replace("\t3\t\n", "\t3\n\n")
    rewrite(folder, "primers.tsv", text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_panel(folder).primers == plain.primers


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("primers.tsv", b"", "primers.tsv: column 'name' missing; found nothing; add it"),
        ("primers.tsv", b"name,kind\nL1,primer\n", "column 'name' missing; found name,kind"),
        ("primers.tsv", PRIMERS.encode(), "primers.tsv: no rows"),
        ("primers.tsv", PRIMERS.encode() + b"L\xe41\tprimer\n", "primers.tsv: no table of UTF-8"),
        ("primers.tsv", b"name\t" + PRIMERS.encode(), "column 'name' stands twice; delete one"),
        (
            "primers.tsv",
            PRIMERS.encode() + b"\n\nL1\tprimer\tACGT\t+\t3.5\t\n",
            "primers.tsv line 4: borders_exon is '3.5'; expected a whole number",
        ),
        ("primers.tsv", PRIMERS.encode() + b"L1\tprimer\tACGT\t+\t-3\t\n", "borders_exon is '-3'"),
        ("primers.tsv", PRIMERS.encode() + b"L1\n", "line 2: sequence of L1 holds nothing"),
        ("assays.tsv", b"\xff\xfe\0\0", "assays.tsv: no table of UTF-8 text"),
        ("assays.tsv", b"name\tforward\n", "assays.tsv: column 'reverse' missing"),
        ("info.yaml", b"", "info.yaml: holds NoneType"),
        ("info.yaml", b"- a\n", "info.yaml: holds list"),
        ("info.yaml", b"name: [\n", "info.yaml: not YAML"),
        ("info.yaml", b"name: \xe4\n", "info.yaml: not YAML"),
        ("info.yaml", b"name: a\n", "info.yaml: 'version' missing; add it"),
        (
            "info.yaml",
            b"name: a\nversion: 1\ntitle: t\ncitation: c\nfiles: primers.tsv\n",
            "info.yaml: files: holds 'primers.tsv'",
        ),
        (
            "info.yaml",
            b"name: a\nversion: 1\ntitle: t\ncitation: c\nfiles: {primers.tsv: 1}\n",
            "info.yaml: files: 'assays.tsv' missing",
        ),
    ],
)
def test_a_malformed_file_is_one_line(tmp_path, name, content, message):
    folder = write_panel(tmp_path / "p")
    rewrite(folder, name, content)
    with pytest.raises(BreakpointPcrError, match=message) as caught:
        load_panel(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("known_deviations: x\n", "known_deviations: holds 'x'; expected a list"),
        ("known_deviations: [x]\n", "known_deviations, entry 1: holds 'x'; expected primer, text"),
        ("known_deviations: [{primer: L1}]\n", "known_deviations, entry 1: 'text' missing"),
        ("limitations: x\n", "limitations: expected a list of sentences"),
    ],
)
def test_malformed_remarks_are_one_line(tmp_path, more, message):
    folder = write_panel(tmp_path / "p")
    with (folder / "info.yaml").open("a") as file:
        file.write(more)
    with pytest.raises(PanelError, match=message):
        load_panel(folder)
