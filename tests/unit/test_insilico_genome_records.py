"""Records of a genome: where they begin, how they are grouped, and what is wrong with a file."""

import gzip
import random

import pytest
from Bio import bgzf
from hypothesis import given, settings
from hypothesis import strategies as st
from insilico_genome_example import fasta, letters, packed

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico import packing as packing_module
from breakpoint_pcr.insilico.fasta import read_fasta
from breakpoint_pcr.insilico.genome.records import index_genome, parts_of, read_part
from breakpoint_pcr.insilico.packing import packing_of
from breakpoint_pcr.insilico.rows import GenomeRecord, Packing
from breakpoint_pcr.tables import read_table, write_table

PACKINGS = ["plain", "gzip", "bgzip"]
RNG = random.Random(2)
# Three blocks of bgzip and more in the second record.
RECORDS = {
    "a": letters(RNG, 100),
    "b": letters(RNG, 200_000).lower(),
    "c": "N" * 70_000,
    "d": letters(RNG, 61),
}


def header_at(path, packing, offset):
    """Read the line at an offset: from the text, or by the virtual offset with Biopython."""
    if packing == "bgzip":
        with bgzf.BgzfReader(str(path), "rb") as file:
            file.seek(offset)
            return file.readline()
    text = path.read_bytes() if packing == "plain" else gzip.decompress(path.read_bytes())
    return text[offset:].partition(b"\n")[0] + b"\n"


@pytest.mark.parametrize("packing", PACKINGS)
def test_index(tmp_path, packing):
    path = packed(tmp_path, fasta(RECORDS), packing)
    found = index_genome(path)
    assert [(row.record, row.length_nt) for row in found] == [
        ("a", 100),
        ("b", 200_000),
        ("c", 70_000),
        ("d", 61),
    ]
    for row in found:
        assert row.packing == packing_of(path) == packing
        assert header_at(path, packing, row.offset) == f">{row.record} made up\n".encode()


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_parts_are_read_from_where_they_begin(tmp_path, packing, ends):
    content = fasta(RECORDS).replace(b"\n", ends.encode())
    path = packed(tmp_path, content, packing)
    rows = index_genome(path)
    for first in range(len(rows)):
        for last in range(first, len(rows) + 1):
            found = read_part(path, rows[first:last])
            assert {row.record: text.decode() for row, text in found} == {
                row.record: RECORDS[row.record] for row in rows[first:last]
            }


def test_headers_and_line_ends_across_the_blocks_of_bgzip(tmp_path):
    """A header, a line end and a '>' each at the seam of two blocks; an empty block between."""
    path = tmp_path / "seams.gz"
    with bgzf.BgzfWriter(str(path), "wb") as file:
        for block in (b">on", b"e two\nACG", b"", b"T\n", b">", b"two\nAC\n\n", b">three\n", b"GG"):
            file.write(block)
            file.flush()
    rows = index_genome(path)
    assert [(row.record, row.length_nt) for row in rows] == [("one", 4), ("two", 2), ("three", 2)]
    for row in rows:
        ((_, text),) = read_part(path, [row])
        assert text == {"one": b"ACGT", "two": b"AC", "three": b"GG"}[row.record]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("ACGTNacgtn", min_size=1, max_size=40), min_size=1, max_size=6),
    st.integers(1, 30),
    st.integers(1, 50),
)
def test_any_block_size_gives_the_same_records(tmp_path_factory, texts, width, block):
    folder = tmp_path_factory.mktemp("blocks")
    records = {f"r{number}": text for number, text in enumerate(texts)}
    content = fasta(records, width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing_module, "BLOCK_BYTES", block)
        for packing in ("plain", "gzip"):
            path = packed(folder, content, packing)
            rows = index_genome(path)
            assert [row.offset for row in rows] == [
                content.index(f">{name} ".encode()) for name in records
            ]
            for number, row in enumerate(rows):
                found = list(read_part(path, rows[number:]))
                assert found[0] == (row, records[row.record].encode())
                assert len(found) == len(rows) - number


def test_real_bgzip_has_the_same_field(tmp_path):
    """Block made by htslib bgzip 1.16: `printf '>a\\nACGT\\n' | bgzip | xxd -p`."""
    block = (
        "1f8b08040000000000ff0600424302002600010800f7ff3e610a414347540a3096dade08000000"
        "1f8b08040000000000ff0600424302001b0003000000000000000000"
    )
    path = tmp_path / "a.gz"
    path.write_bytes(bytes.fromhex(block))
    assert index_genome(path) == [GenomeRecord("", "a", 4, Packing.BGZIP, 0)]


def row(name, length):
    return GenomeRecord("", name, length, Packing.PLAIN, 0)


def test_parts():
    """Long records alone, short ones together; a record never joins one that it would overfill."""
    lengths = {"chr1": 250, "chr2": 100, "chrM": 1, "s1": 40, "s2": 60, "s3": 1, "s4": 99}
    rows = parts_of([row(*item) for item in lengths.items()], 100)
    assert [(r.part, r.record) for r in rows] == [
        ("001", "chr1"),
        ("002", "chr2"),
        ("003", "chrM"),
        ("003", "s1"),
        ("004", "s2"),
        ("004", "s3"),
        ("005", "s4"),
    ]
    assert [r.length_nt for r in rows] == list(lengths.values())
    assert parts_of([], 100) == []
    many = parts_of([row(f"c{number}", 10) for number in range(1000)], 10)
    assert (many[0].part, many[-1].part) == ("0001", "1000")


def test_the_table_of_records_is_read_as_it_was_written(tmp_path):
    rows = parts_of([row("=1", 5), GenomeRecord("", "b", 7, Packing.BGZIP, 1 << 45)], 5)
    write_table(tmp_path / "t.tsv", GenomeRecord, rows)
    assert read_table(tmp_path / "t.tsv", GenomeRecord) == rows


def bgzipped(content):
    """Pack in blocks of 100 bytes, so that a small file has several."""
    blocks = (content[at : at + 100] for at in range(0, len(content), 100))
    return b"".join(map(bgzip_block, blocks)) + bgzip_block(b"")


def bgzip_block(text):
    """One block as the specification describes it (SAM/BAM format, section 4.1)."""
    plain = gzip.compress(text)
    body = plain[10:]
    size = 18 + len(body) - 1
    head = b"\x1f\x8b\x08\x04" + b"\x00" * 4 + b"\x00\xff" + (6).to_bytes(2, "little")
    return head + b"BC\x02\x00" + size.to_bytes(2, "little") + body


GOOD = fasta({"a": "ACGTTGCA" * 20, "b": "GGCA" * 90})


def test_own_blocks_are_bgzip(tmp_path):
    (tmp_path / "g.gz").write_bytes(bgzipped(GOOD))
    with bgzf.BgzfReader(str(tmp_path / "g.gz"), "rb") as file:
        assert file.read(10_000) == GOOD
    assert [(r.record, r.length_nt) for r in index_genome(tmp_path / "g.gz")] == [
        ("a", 160),
        ("b", 360),
    ]


def damaged(content, at):
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no record; a FASTA begins with a line '>name'"),
        (b"name\tlength\n", "text before the first '>'; expected a FASTA"),
        (b">a\nACGT\n>b\n>c\nAC\n", "record b is empty; remove it, or restore its sequence"),
        (b">a\nACGT\n>b", "record b is empty;"),
        (b">a\nACGT\n>a x\nACGT\n", "record 'a' stands twice; give each its own name"),
        (b">a\nACGT\n>\nACGT\n", "line 3: record without a name"),
        (b">a\nAC>GT\n", "record a holds '>'; expected bases"),
        (b">a\nACGT\n\x00\x01", r"record a holds '\x00'; expected bases"),
        (gzip.compress(GOOD)[:-12], "damaged gzip file"),
        (gzip.compress(GOOD)[:-4], "damaged gzip file"),
        (damaged(gzip.compress(GOOD), 40), "damaged gzip file"),
        (damaged(gzip.compress(GOOD), -7), "damaged gzip file"),
        (gzip.compress(b""), "no record;"),
        (
            bgzipped(GOOD)[: -len(bgzip_block(b""))],
            "damaged bgzip file (the empty block at its end is missing)",
        ),
        (bgzipped(GOOD)[:-10], "damaged bgzip file"),
        (bgzipped(GOOD)[:-40], "damaged bgzip file"),
        (bgzipped(GOOD)[:15], "damaged gzip file"),
        (damaged(bgzipped(GOOD), 30), "damaged bgzip file"),
        (bgzipped(GOOD) + b"more", "damaged bgzip file (a block has no head)"),
    ],
)
def test_bad_files(tmp_path, content, message):
    path = tmp_path / "genome.fa"
    path.write_bytes(content)
    with pytest.raises(LocusError) as caught:
        index_genome(path)
    assert str(caught.value).startswith(f"{path}")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files(tmp_path):
    with pytest.raises(LocusError, match=r"no\.fa: file missing; name a FASTA"):
        index_genome(tmp_path / "no.fa")
    with pytest.raises(LocusError, match="file missing"):
        index_genome(tmp_path)
    with pytest.raises(LocusError, match="file missing"):
        list(read_part(tmp_path / "no.fa", [row("a", 1)]))


CHANGES = {
    "renamed": fasta({"a": "A" * 90, "x": "C" * 90, "c": "G" * 90}),
    "longer": fasta({"a": "A" * 90, "b": "C" * 91, "c": "G" * 90}),
    "shifted": fasta({"a": "A" * 91, "b": "C" * 90, "c": "G" * 90}),
    "short": fasta({"a": "A" * 90}),
    "other": b"nothing",
}


@pytest.mark.parametrize("packing", ["plain", "gzip"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_has_changed_since_is_refused(tmp_path, packing, change):
    content = fasta({"a": "A" * 90, "b": "C" * 90, "c": "G" * 90})
    rows = index_genome(packed(tmp_path, content, packing))
    path = packed(tmp_path, CHANGES[change], packing)
    with pytest.raises(LocusError, match="record b .* is not where it was listed"):
        list(read_part(path, rows[1:]))


def test_another_packing_is_a_change(tmp_path):
    rows = index_genome(packed(tmp_path, GOOD, "bgzip"))
    other = packed(tmp_path, GOOD, "gzip")
    with pytest.raises(LocusError, match="the file has changed since"):
        list(read_part(other, rows))


def test_scan_primers_reads_bgzip_too(tmp_path):
    path = packed(tmp_path, GOOD, "bgzip")
    assert [(name, len(text)) for name, text in read_fasta(path)] == [("a", 160), ("b", 360)]
