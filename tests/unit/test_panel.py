"""The panel as data, and everything wrong that a panel folder can hold."""

from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import BreakpointPcrError, PanelError
from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference

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
        (
            ("L1\tprimer\tACJT\t+\t3\t",),
            (),
            r"sequence of L1 holds 'J' \(letter 3\); use IUPAC nucleotide letters",
        ),
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
        ("primers.tsv", PRIMERS.encode() + b"L1\n", "line 2: strand of L1 is ''"),
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


# Hostile folders: each is one line that says where, what was found and what to do.

A20, C20 = "ACGTTGCAACGTTGCAACGT", "GGGTACGTACGTACGTACGT"


def primer_row(name="L1", sequence=A20, *, exon="3", kind="primer", note=""):
    return "\t".join((name, kind, sequence, "+", exon, note))


def refusal(folder, primers=GOOD_PRIMERS, assays=("a\tL1\tR1\tbreakpoint\t",)):
    with pytest.raises(PanelError) as caught:
        load_panel(write_panel(folder / "p", primers, assays))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(folder / "p"))
    return message.removeprefix(f"{folder / 'p'}/")


@pytest.mark.parametrize(
    ("sequence", "message"),
    [
        ("ACGT ACGTACGT", "holds ' ' (letter 5); use IUPAC nucleotide letters"),
        ("ACGTACGTACG7", "holds '7' (letter 12)"),
        (
            "acgtuacgtacg",
            "holds 'u' (letter 5); use IUPAC nucleotide letters (ABCDGHKMNRSTVWY); wr",
        ),
        ("ACGTACGTIACG", "holds 'I' (letter 9)"),
        ("ACGTAC-TACGT", "holds '-' (letter 7)"),
        ("5'-ACGTACGTAC-3'", "holds '5' (letter 1)"),
        ("ACGTACGTACßT", "holds 'ß' (letter 11)"),  # capital of ß is SS, an IUPAC code twice
        ("ACGTACGTAC\u200bGT", "holds '\\u200b' (letter 11)"),
        ("", "holds nothing"),
    ],
)
def test_a_sequence_of_other_letters(tmp_path, sequence, message):
    line = refusal(tmp_path, (primer_row(sequence=sequence), GOOD_PRIMERS[1]))
    assert f"primers.tsv line 2: sequence of L1 {message}" in line


def test_lower_case_and_iupac_letters_are_read(tmp_path):
    rows = (primer_row(sequence="acgtryswkmbdhvn"), GOOD_PRIMERS[1])
    panel = load_panel(write_panel(tmp_path / "p", rows, ("a\tL1\tR1\tbreakpoint\t",)))
    assert panel.primers[0].sequence == "ACGTRYSWKMBDHVN"


@pytest.mark.parametrize("second", ["L1", "l1", "L 1", " L1"])
def test_a_primer_name_that_stands_twice(tmp_path, second):
    line = refusal(tmp_path, (*GOOD_PRIMERS, primer_row(second)))
    assert "primers.tsv line 4: name" in line
    assert "stands twice, as in 2 but for capitals and blanks" in line


@pytest.mark.parametrize(
    ("name", "found"),
    [("", "is empty"), ("L+1", "holds '+'"), ("L;1", "holds ';'"), ("L\u200b1", "holds '\\u200b'")],
)
def test_a_primer_name_that_cannot_be_used(tmp_path, name, found):
    assert found in refusal(tmp_path, (*GOOD_PRIMERS, primer_row(name)))


@pytest.mark.parametrize("second", ["a", "A", " a ", "a.", "A\u00a0"])
def test_an_assay_name_that_stands_twice(tmp_path, second):
    """Exports write one assay in several ways, so only letters and digits tell names apart."""
    assays = ("a\tL1\tR1\tbreakpoint\t", f"{second}\tL1\tR1\tbreakpoint\t")
    line = refusal(tmp_path, assays=assays)
    assert "assays.tsv line 3: " in line


@pytest.mark.parametrize(
    ("assay", "message"),
    [
        ("a\tL1+L1\tR1\tbreakpoint\t", "forward of a names L1 twice; name it once"),
        ("a\tL1 + L9\tR1\tbreakpoint\t", "primer 'L9' of a is not in primers.tsv; expected one"),
        ("a\tL1+\tR1\tbreakpoint\t", "primer '' of a is not in primers.tsv"),
        ("a\tl1\tR1\tbreakpoint\t", "primer 'l1' of a is not in primers.tsv; expected one of L1"),
        ("a\tR1\tR1\tbreakpoint\t", "forward primer R1 of a lies on strand -; expected +"),
        ("a\tL1\tL1\tbreakpoint\t", "reverse primer L1 of a lies on strand +; expected -"),
        ("a\tL1\t\tbreakpoint\t", "breakpoint assay a lacks primers; name forward and reverse"),
        ("a\tL1\t\tcontrol_gene\t", "control_gene assay a lacks primers"),
        ("a\tP1\tR1\tbreakpoint\t", "P1 of a is a probe; expected a primer"),
        ("a\tL2\tR1\tbreakpoint\t", "pair L2/R1: borders_exon is missing; add it"),
        ("a;b\tL1\tR1\tbreakpoint\t", "name 'a;b' holds ';'; choose another name"),
        ("\tL1\tR1\tbreakpoint\t", "name '' is empty; choose another name"),
        ("--\tL1\tR1\tbreakpoint\t", "'--' names both -- and --, for only letters and digits"),
    ],
)
def test_an_assay_that_cannot_be(tmp_path, assay, message):
    more = (primer_row("P1", exon="", kind="probe"), primer_row("L2", C20[::-1], exon=""))
    assert f"assays.tsv line 2: {message}" in refusal(tmp_path, (*GOOD_PRIMERS, *more), (assay,))


def test_a_pooled_assay_may_have_blanks(tmp_path):
    primers = (*GOOD_PRIMERS, primer_row("L2", C20[::-1]))
    folder = write_panel(tmp_path / "p", primers, ("a\tL1 + L2\tR1\tbreakpoint\t",))
    assert [pair.name for pair in load_panel(folder).assays[0].pairs] == ["L1/R1", "L2/R1"]


def test_a_panel_without_a_breakpoint_assay(tmp_path):
    line = refusal(tmp_path, assays=("GENE\t\t\tcontrol_gene\t",))
    assert line == "assays.tsv: no breakpoint assay; expected at least one; add it"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (PRIMERS.replace("\t", " "), "column 'name' missing; found name kind sequence strand"),
        (PRIMERS.replace("\t", " "), "cells are separated by tabs"),
        (PRIMERS + "L1 primer ACGT + 3\n", "line 2: holds one cell, 'L1 primer ACGT + 3'; cells"),
        (PRIMERS + primer_row() + "\tx\n", "line 2: 7 cells under 6 columns; delete what stands"),
        (PRIMERS + primer_row(exon="1" * 5000) + "\n", "line 2: borders_exon is"),
        (PRIMERS + primer_row(exon="three") + "\n", "borders_exon is 'three'; expected a whole"),
        # A lone quotation mark would swallow the rows below it, and two of them what is between.
        (PRIMERS + primer_row(note='"a') + "\n" + GOOD_PRIMERS[1] + "\n", "quotation marks do not"),
        (
            PRIMERS + primer_row(note='"a') + "\n" + primer_row("L2", note='b"') + "\n",
            "line 2: a cell goes over several lines; write it in one",
        ),
    ],
)
def test_a_damaged_table(tmp_path, rows, message):
    folder = write_panel(tmp_path / "p")
    rewrite(folder, "primers.tsv", rows.encode())
    with pytest.raises(PanelError) as caught:
        load_panel(folder)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_checksum_in_capitals_is_the_same(tmp_path):
    folder = write_panel(tmp_path / "p")
    digest = sha256((folder / "primers.tsv").read_bytes()).hexdigest()
    info = folder / "info.yaml"
    info.write_text(info.read_text().replace(digest, digest.upper()))
    assert load_panel(folder).primers


def test_changed_line_ends_are_named(tmp_path):
    folder = write_panel(tmp_path / "p")
    path = folder / "primers.tsv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(PanelError, match="primers.tsv: only the line ends differ from info.yaml"):
        load_panel(folder)


def test_a_date_that_is_none_is_no_traceback(tmp_path):
    folder = write_panel(tmp_path / "p")
    info = folder / "info.yaml"
    info.write_text(info.read_text().replace("'1'", "2024-13-45"))
    with pytest.raises(BreakpointPcrError, match="info.yaml: not YAML"):
        load_panel(folder)


def test_a_border_that_is_no_exon_fails_the_primer(tmp_path):
    """The reference has exons 1 to 8."""
    text = (SHIPPED / "ikzf1_r8g/primers.tsv").read_text().replace("-\t8\t", "-\t9\t")
    folder = copytree(SHIPPED / "ikzf1_r8g", tmp_path / "p")
    rewrite(folder, "primers.tsv", text.encode())
    section = read_yaml(Path("config/config.yaml"))["primers"]
    locus = load_reference(Path("resources/reference/ikzf1"))
    found = verify(load_panel(folder), locus, Conditions.from_config(section))
    said = [f for f in found.findings if (f.subject, f.code) == ("R-8", "wrong_region")]
    assert [f.level for f in said] == ["error"]
    assert "borders_exon says 9" in said[0].sentence
