"""The command scan-primers: files in, a table out, one line for each problem."""

import csv
import gzip

import pytest

from breakpoint_pcr.errors import ConfigError, LocusError, PanelError
from breakpoint_pcr.insilico import packing as packing_module
from breakpoint_pcr.insilico.fasta import read_fasta
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.scan import scan, scan_files

RULE = SearchRule(3, 1, 10)
PRIMER = "ACGGTCATTGCAAGGCTTCA"
COMPLEMENT = "TGAAGCCTTGCAATGACCGT"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "p.tsv").write_text(f"name\tsequence\tnote\na\t{PRIMER.lower()}\tx\n")
    fasta = f">one first record\nTTTTT{PRIMER[:7]}\n{PRIMER[7:]}TTTTT\n>two\nGG{COMPLEMENT}GG\n"
    (tmp_path / "r.fa").write_text(fasta)
    return tmp_path


def written(folder):
    with (folder / "out.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def test_table(files):
    scan_files(files / "p.tsv", files / "r.fa", files / "out.tsv", RULE)
    drawn = f"{PRIMER} / {'|' * 20} / {PRIMER}"
    assert written(files) == [
        ["primer", "record", "start", "end", "strand", "edits", "alignment"],
        ["a", "one", "5", "25", "+", "0", drawn],
        ["a", "two", "2", "22", "-", "0", drawn],
    ]


def test_gzip_and_windows_line_ends_change_nothing(files):
    scan_files(files / "p.tsv", files / "r.fa", files / "out.tsv", RULE)
    expected = written(files)
    text = (files / "r.fa").read_text().replace("\n", "\r\n")
    (files / "r.fa.gz").write_bytes(gzip.compress(text.encode()))
    scan_files(files / "p.tsv", files / "r.fa.gz", files / "out.tsv", RULE)
    assert written(files) == expected


def test_records_may_be_text_or_bytes():
    assert scan({"a": PRIMER}, [("r", COMPLEMENT)], RULE) == scan(
        {"a": PRIMER}, [("r", COMPLEMENT.encode())], RULE
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.tsv: column 'name' missing; found nothing; expected name, sequence"),
        ("name\tseq\na\tACGT\n", "column 'sequence' missing; found name, seq;"),
        ("name\tsequence\n", "p.tsv: no primers;"),
        ("name\tsequence\na\tACGTXACGT\n", "p.tsv line 2: sequence of a holds 'X'; use IUPAC"),
        ("name\tsequence\na\n", "p.tsv line 2: sequence of a is empty;"),
        ("name\tsequence\na\tACGTACGTA\na\tACGTACGTA\n", "p.tsv line 3: name 'a' is empty or"),
        ("name\tsequence\na\tACG\n", "primer a: 3 nt; a site search needs at least 8"),
    ],
)
def test_bad_primer_table(files, text, message):
    (files / "p.tsv").write_text(text)
    with pytest.raises(PanelError) as caught:
        scan_files(files / "p.tsv", files / "r.fa", files / "out.tsv", RULE)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (files / "out.tsv").exists()


def test_primer_table_that_is_no_text(files):
    (files / "p.tsv").write_bytes(b"name\tsequence\n\xff\xfe\t\x00\n")
    with pytest.raises(PanelError, match=r"p\.tsv: not a table of UTF-8 text"):
        scan_files(files / "p.tsv", files / "r.fa", files / "out.tsv", RULE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "r.fa: no record; a FASTA begins with a line '>name'"),
        (b"ACGT\n>a\nACGT\n", "r.fa: text before the first '>'"),
        (b">\nACGT\n", "r.fa line 1: record without a name"),
        (b">a\nACGT\nACGT\n>  \nACGT\n", "r.fa line 4: record without a name"),
        (b"\n\nx\n>a\nACGT\n", "r.fa: text before the first '>'"),
        (b">a\nAC-GT\n", "r.fa: record a holds '-'; expected bases"),
        (b">a\nACGT\n>a\nACGT\n", "r.fa: record 'a' stands twice"),
        (gzip.compress(b">a\nACGT\n")[:-9], "r.fa: damaged gzip file"),
    ],
)
def test_bad_reference(files, content, message):
    (files / "r.fa").write_bytes(content)
    with pytest.raises(LocusError) as caught:
        list(read_fasta(files / "r.fa"))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_blocks_of_a_file_join_without_a_seam(files, monkeypatch, size):
    text = b"\n>a >b\nAC\nGT\n\nAC\n>c\r\n\r\nGG\r\n>d\n>e\nT"
    (files / "r.fa").write_bytes(text)
    monkeypatch.setattr(packing_module, "BLOCK_BYTES", size)
    expected = [("a", b"ACGTAC"), ("c", b"GG"), ("d", b""), ("e", b"T")]
    assert list(read_fasta(files / "r.fa")) == expected
    (files / "r.fa").write_bytes(text + b"\n>\n")
    with pytest.raises(LocusError, match="line 13: record without a name"):
        list(read_fasta(files / "r.fa"))


def test_missing_files(files):
    with pytest.raises(PanelError, match=r"no\.tsv: file missing"):
        scan_files(files / "no.tsv", files / "r.fa", files / "out.tsv", RULE)
    with pytest.raises(LocusError, match=r"no\.fa: file missing"):
        scan_files(files / "p.tsv", files / "no.fa", files / "out.tsv", RULE)
    with pytest.raises(ConfigError, match="nowhere: folder missing"):
        scan_files(files / "p.tsv", files / "r.fa", files / "nowhere" / "out.tsv", RULE)
