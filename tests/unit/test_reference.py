"""The shipped reference against what is known of the gene."""

from pathlib import Path
from shutil import copytree

import pytest

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
