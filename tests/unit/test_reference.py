"""The shipped reference against what is known of the gene."""

from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.reference import load_reference

SHIPPED = Path("resources/reference/ikzf1")


def test_exons_have_the_published_lengths():
    """cDNA of NM_006060.6: exon 2 is c.-14_40 (54 nt), 3 c.41_160 (120), 4 c.161_421 (261), ..."""
    exons = {e.number: e.end - e.start for e in load_reference(SHIPPED).exons}
    assert exons == {1: 207, 2: 54, 3: 120, 4: 261, 5: 168, 6: 126, 7: 135, 8: 5184}


def test_start_codon_is_at_base_15_of_exon_2():
    locus = load_reference(SHIPPED)
    start = locus.exons[1].start
    assert locus.records[0].sequence[start + 14 : start + 17] == "ATG"


def test_introns_begin_and_end_as_introns_do():
    """GT-AG rule: all seven introns of the gene are canonical."""
    locus = load_reference(SHIPPED)
    sequence = locus.records[0].sequence
    pairs = zip(locus.exons, locus.exons[1:], strict=False)
    ends = [sequence[a.end : a.end + 2] + sequence[b.start - 2 : b.start] for a, b in pairs]
    assert ends == ["GTAG"] * 7


def test_breakpoints_span_the_four_classes():
    locus = load_reference(SHIPPED)
    found = {locus.deletion(b).label for b in locus.breakpoints}
    assert found == {"Δ4-7", "Δ2-7", "Δ4-8", "Δ2-8"}


def test_changed_sequence_is_refused(tmp_path):
    folder = copytree(SHIPPED, tmp_path / "r")
    path = folder / "locus.fa"
    path.write_text(path.read_text().replace("ATACGT", "ATACGA", 1))
    with pytest.raises(LocusError, match="locus.fa: sha256 is .* restore the file"):
        load_reference(folder)


def write_reference(folder, **changes):
    """Write a reference of two exons on 60 nt, with some keys of info.yaml or files replaced."""
    folder.mkdir()
    files = {
        "locus.fa": b">locus\n" + b"ACGTACGTAC" * 6 + b"\n",
        "exons.tsv": b"exon\tstart\tend\n1\t111\t120\n2\t131\t140\n",
        "breakpoints.tsv": BREAKPOINTS + b"main\t125\t0\tlocus\t145\tmade up\n",
    }
    files |= {name: changes.pop(name) for name in list(changes) if name in files}
    sums = {}
    for name, content in files.items():
        (folder / name).write_bytes(content)
        sums[name] = {"file": name, "sha256": sha256(content).hexdigest()}
    record = {"name": "locus", "chromosome": "chrM", "start": 101, "source": "made up"}
    record |= sums["locus.fa"]
    info = {
        **dict.fromkeys(("gene", "assembly", "sequence_accession", "transcript"), "made up"),
        "numbering": "as made up",
        "exons": sums["exons.tsv"],
        "breakpoints": sums["breakpoints.tsv"],
        "records": [{**record, **changes.pop("record", {})}],
        **changes,
    }
    (folder / "info.yaml").write_text(yaml.safe_dump(info))
    return folder


BREAKPOINTS = b"form\tleft_last_base\tinserted_nt\tright_record\tright_first_base\tevidence\n"


def test_chromosome_positions_become_indices(tmp_path):
    """Start 101: base 111 has index 10; the last base kept, 125, ends at index 25."""
    locus = load_reference(write_reference(tmp_path / "r"))
    assert [(e.number, e.start, e.end) for e in locus.exons] == [(1, 10, 20), (2, 30, 40)]
    found = locus.breakpoints[0]
    assert (found.left_end, found.right_start) == (25, 44)
    assert locus.deletion(found).label == "Δ2-2"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"exons.tsv": b""}, "exons.tsv: column 'exon' missing; found nothing"),
        ({"exons.tsv": b"exon\tstart\tend\n"}, "exons.tsv: no rows"),
        ({"exons.tsv": b"exon\tbegin\tend\n1\t1\t2\n"}, "exons.tsv: column 'start' missing"),
        ({"exons.tsv": b"exon\tstart\tend\n1\t1e3\t2\n"}, "exons.tsv line 2: start is '1e3'"),
        ({"exons.tsv": b"exon\tstart\tend\n1\t90\t95\n"}, "line 2: exon 1, 90-95, lies outside"),
        (
            {"exons.tsv": b"exon\tstart\tend\n2\t111\t120\n2\t131\t140\n"},
            "exon 2 follows exon 2; expected exons once each",
        ),
        ({"exons.tsv": b"exon\tstart\tend\n1\t111\t135\n2\t131\t140\n"}, "without overlap"),
        ({"exons.tsv": b"exon\tstart\tend\n1\t\xff\t135\n"}, "exons.tsv: no table of UTF-8"),
        ({"breakpoints.tsv": BREAKPOINTS + b"main\t125\n"}, "line 2: record '' is unknown"),
        (
            {"breakpoints.tsv": BREAKPOINTS + b"main\t125\tno\tlocus\t145\tx\n"},
            "breakpoints.tsv line 2: inserted_nt is 'no'; expected a whole number",
        ),
        (
            {"breakpoints.tsv": BREAKPOINTS + b"main\t125\t0\tlocus\t1450\tx\n"},
            "breakpoints.tsv line 2: 125 to 1450 lies outside",
        ),
        (
            {"breakpoints.tsv": BREAKPOINTS + b"main\t145\t0\tlocus\t125\tx\n"},
            "breakpoints.tsv line 2: right_first_base 125 does not lie behind left_last_base 145",
        ),
        ({"locus.fa": b"ACGT\n"}, "locus.fa: expected one FASTA record"),
        ({"locus.fa": b">a\nACGT\n>b\nACGT\n"}, "locus.fa: expected one FASTA record"),
        ({"locus.fa": b">a\nAC-GT\n"}, "locus.fa: holds '-' (base 3); expected A, C, G, T or N"),
        ({"locus.fa": b">a\nAC\xe4GT\n"}, "locus.fa: holds"),
        ({"locus.fa": b">a\n"}, "locus.fa: no sequence below the header"),
        ({"records": []}, "records: the first one needs a start"),
        ({"records": "locus.fa"}, "records: holds 'locus.fa'; expected a list"),
        ({"records": ["locus.fa"]}, "records, entry 1: holds 'locus.fa'"),
        ({"records": [{"name": "locus"}]}, "records, entry 1: 'file' missing"),
        ({"record": {"start": None}}, "records: the first one needs a start"),
        ({"record": {"start": "101"}}, "record locus: start is '101'"),
        ({"record": {"strand": "-"}}, "record locus: strand is '-'; expected +"),
        ({"exons": "exons.tsv"}, "exons: holds 'exons.tsv'; expected file, sha256"),
        ({"exons": {"file": "no.tsv", "sha256": "0"}}, "no.tsv: file missing; info.yaml names it"),
        ({"gene": None}, "info.yaml: 'gene' missing"),
        ({"exons": {"file": "../e.tsv", "sha256": "0"}}, "file is '../e.tsv'; expected the name"),
        ({"exons": {"file": "/etc/passwd", "sha256": "0"}}, "file is '/etc/passwd'; expected the"),
        ({"exons": {"file": "a\\e.tsv", "sha256": "0"}}, "expected the name of a file in this"),
        ({"exons": {"file": "..", "sha256": "0"}}, "expected the name of a file in this folder"),
        ({"record": {"file": "../../x"}}, "file is '../../x'; expected the name of a file in this"),
        ({"locus.fa": b""}, "locus.fa: expected one FASTA record, found none"),
        ({"locus.fa": b">a\nACGT\n>b\nACGT\n"}, "expected one FASTA record, found 2; give each"),
        ({"locus.fa": b">a\nACGRT\n"}, "locus.fa: holds 'R' (base 4); expected A, C, G, T or N"),
        ({"locus.fa": b">a\nACGUT\n"}, "locus.fa: holds 'U' (base 4)"),
        ({"breakpoints.tsv": b""}, "breakpoints.tsv: column 'form' missing; found nothing"),
        ({"breakpoints.tsv": BREAKPOINTS}, "breakpoints.tsv: no rows"),
        (
            {"breakpoints.tsv": BREAKPOINTS + b"\t125\t0\tlocus\t145\tx\n"},
            "breakpoints.tsv line 2: form is empty",
        ),
        (
            {"breakpoints.tsv": BREAKPOINTS + b"main\t125\t0\tfar\t145\tx\n"},
            "line 2: record 'far' is unknown; expected locus",
        ),
        (
            {"breakpoints.tsv": BREAKPOINTS + b'main\t125\t0\tlocus\t145\t"x\nmain\t1\n'},
            "breakpoints.tsv: quotation marks do not pair",
        ),
        (
            {"exons.tsv": b"exon\tstart\tend\n2\t131\t140\n1\t111\t120\n"},
            "exons.tsv line 3: exon 1 follows exon 2",
        ),
        (
            {"exons.tsv": b"exon\tstart\tend\n1\t131\t140\n2\t111\t120\n"},
            "of a gene on the minus strand turn the record",
        ),
    ],
)
def test_a_malformed_folder_is_one_line(tmp_path, changes, message):
    with pytest.raises(LocusError) as caught:
        load_reference(write_reference(tmp_path / "r", **changes))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_of_a_spreadsheet_is_read(tmp_path):
    """Byte order mark, Windows line ends, a cell in quotation marks."""
    rows = b'exon\tstart\tend\r\n1\t111\t120\r\n"2"\t131\t140\r\n'
    locus = load_reference(write_reference(tmp_path / "r", **{"exons.tsv": b"\xef\xbb\xbf" + rows}))
    assert [exon.number for exon in locus.exons] == [1, 2]
