"""Files of reads: formats, trimming, names, and everything that can be wrong with a file."""

import gzip
from dataclasses import replace

import pytest
from junctions_bench import LOCUS, PANEL, SETTINGS, joined, other_strand, trace_file

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.junctions.mapping import map_reads
from breakpoint_pcr.junctions.reading import read_reads
from breakpoint_pcr.junctions.reads import trimmed
from breakpoint_pcr.tables import Level


def only(path, **changes):
    """Read one path that holds one read."""
    (found,), findings = read_reads([path], replace(SETTINGS, **changes))
    assert findings == []
    return found


def refusal(path, **changes):
    """Return the one error of a path without reads."""
    reads, findings = read_reads([path], replace(SETTINGS, **changes))
    assert reads == []
    assert [f.code for f in findings] == ["reads_not_readable", "no_reads"]
    assert findings[0].level is Level.ERROR
    assert "\n" not in findings[0].sentence
    return findings[0].sentence


def test_trimming_keeps_the_best_stretch():
    """Error probabilities at Q2, Q20, Q30: 0.631, 0.01, 0.001.

    With 0.05 the scores are -0.581, 0.04, 0.049. Bases 1-2 sum to 0.08, bases 4-6 to 0.147, and
    going over the Q2 between them costs 0.581: 4-6 win.
    """
    assert trimmed([2, 20, 20, 2, 30, 30, 30, 2], 0.05) == (4, 7)


def test_trimming_goes_over_a_poor_base_that_pays():
    """Thirteen Q20 sum to 0.52, thirteen more to 0.52; one Q10 (0.1) between costs only 0.05."""
    assert trimmed([20] * 13 + [10] + [20] * 13, 0.05) == (0, 27)


def test_trimming_keeps_nothing_of_a_poor_read():
    assert trimmed([2, 5, 2], 0.05) == (0, 0)


def test_trimming_drops_ends_that_count_zero():
    """At a limit of 0.1 a base of Q10 counts exactly 0."""
    assert trimmed([10, 20, 10], 0.1) == (1, 2)


def test_fasta(tmp_path):
    path = tmp_path / "a.fa"
    path.write_bytes(b"\xef\xbb\xbf\r\n>one M\xc3\xbcller\r\nacg-t\r\nNRu\r\n")
    found = only(path)
    assert (found.name, found.file, found.sequence) == ("one", "a.fa", "ACGTNNT")
    assert (found.length_nt, found.cut_nt, found.qualities) == (7, 0, None)


def test_notes_behind_the_bases_are_cut_with_a_word(tmp_path):
    path = tmp_path / "a.fa"
    path.write_text(">one\nACGTACGT#NOTE 17\n>two\nACGT\n", encoding="utf-8")
    (one, two), findings = read_reads([path], SETTINGS)
    assert (one.sequence, one.cut_nt) == ("ACGTACGT", 7)
    assert two.cut_nt == 0
    assert [(f.code, f.subject) for f in findings] == [("letters_cut", "a.fa: one")]


def test_fastq_is_trimmed(tmp_path):
    """Q2 is '#', Q40 is 'I'."""
    path = tmp_path / "a.fastq.gz"
    path.write_bytes(gzip.compress(b"@r 1:N:0\nACGTACGT\n+\n##IIII##\n\n"))
    found = only(path)
    assert (found.name, found.sequence, found.qualities) == ("r", "GTAC", (40,) * 4)
    assert (found.length_nt, found.cut_nt) == (8, 4)
    assert only(path, trim_error_max=None).sequence == "ACGTACGT"


def test_trace(tmp_path):
    path = tmp_path / "plate_A1.ab1"
    path.write_bytes(trace_file("ACGTAC-TAC", [2, 2, *[40] * 6, 2, 2], "patient 7"))
    found = only(path)
    assert (found.name, found.sequence, found.length_nt) == ("patient", "GTACNT", 10)


def test_trace_without_sample_name_or_qualities(tmp_path):
    path = tmp_path / "plate_A1.ab1"
    path.write_bytes(trace_file("", [], tags={(b"PBAS", 2): (2, b"ACGTACGT")}))
    found = only(path)
    assert (found.name, found.sequence, found.qualities) == ("plate_A1", "ACGTACGT", None)


def test_trace_of_a_reverse_primer_is_mapped(tmp_path):
    sequence = other_strand(joined(10_000, 20_000, "ACT"))
    poor = "N" * 20
    qualities = [3] * 20 + [45] * len(sequence) + [3] * 20
    (tmp_path / "x.ab1").write_bytes(trace_file(poor + sequence + poor, qualities))
    row = map_reads(read_reads([tmp_path], SETTINGS)[0], LOCUS, PANEL, SETTINGS)[0]
    assert (row.strand, row.hgvs) == ("-", "NC_000099.1:g.11001_21000delinsACT")
    assert (row.length_nt, row.trimmed_nt, row.left_nt, row.right_nt) == (243, 40, 100, 100)
    assert row.reason == ""


def test_folder_hidden_files_and_order(tmp_path):
    for name in ("b.fa", "a.fa", ".hidden.fa", "~$a.fa"):
        (tmp_path / name).write_text(f">{name}\nACGT\n", encoding="utf-8")
    reads, findings = read_reads([tmp_path, tmp_path / "a.fa"], SETTINGS)
    assert [read.name for read in reads] == ["a.fa", "b.fa"]
    assert findings == []


def test_files_of_one_name_are_told_apart(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.fa").write_text(">r\nACGT\n", encoding="utf-8")
    reads, _ = read_reads([tmp_path / "x", tmp_path / "y"], SETTINGS)
    assert [(read.file, read.name) for read in reads] == [("x/a.fa", "r"), ("y/a.fa", "r")]


def test_names_of_a_file_are_told_apart(tmp_path):
    path = tmp_path / "a.fa"
    path.write_text(">s 1\nACGT\n>s 2\nACGT\n", encoding="utf-8")
    assert [read.name for read in read_reads([path], SETTINGS)[0]] == ["s 1", "s 2"]
    path.write_text(">s 1\nACGT\n>s 1\nACGA\n>t\nA\n", encoding="utf-8")
    reads, findings = read_reads([path], SETTINGS)
    assert [read.name for read in reads] == ["s 1 (1)", "s 1 (2)", "t"]
    assert {f.code for f in findings} == {"read_name_repeated"}


WHOLE = gzip.compress(b">r\nACGT\n" * 50)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "holds no read"),
        (b"well,ct\nA1,20\n", "begins with 'w'"),
        (WHOLE[:-9], "damaged gzip file"),
        (WHOLE[:12] + b"\xff" * 8 + WHOLE[20:], "damaged gzip file"),
        (b"@r\nACGT\n+\nII\n", "damaged"),
        (b"@r\nACGT\n", "damaged"),
        (b"@r\nAC\n+\n\x05\x06\n", "no Phred+33"),
        (b"ABIF", "damaged"),
        (trace_file("ACGTACGT", [40] * 8)[:150], "damaged"),
        (trace_file("", []), "without called bases"),
        (trace_file("", [], tags={(b"LIMS", 1): (2, b"123456")}), "without called bases"),
    ],
)
def test_damaged_files_are_one_line_each(tmp_path, content, words):
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    assert words in refusal(path)


def test_a_file_that_is_not_there(tmp_path):
    assert "No such file" in refusal(tmp_path / "gone.fa")


def test_limits_of_a_file(tmp_path):
    path = tmp_path / "x.fa.gz"
    path.write_bytes(gzip.compress(b">r\nACGT\n" * 101))
    assert "more than 100 reads" in refusal(path)
    path.write_bytes(gzip.compress(b">r\n" + b"A" * 1_000_000))
    assert "more than 1 MB" in refusal(path)


def test_other_files_go_on(tmp_path):
    (tmp_path / "a.fa").write_bytes(b"\x00\x01")
    (tmp_path / "b.fa").write_text(">r\nACGT\n", encoding="utf-8")
    reads, findings = read_reads([tmp_path], SETTINGS)
    assert [read.file for read in reads] == ["b.fa"]
    assert [(f.subject, f.code) for f in findings] == [("a.fa", "reads_not_readable")]


def test_no_files_are_a_fault_of_the_configuration():
    with pytest.raises(ConfigError, match="config: junctions is null; name files or folders"):
        read_reads([], SETTINGS)
