"""Reading a VCF: forms, frequencies, the wrong assembly, damaged files, a large one."""

import gzip
import time

import pytest
from Bio import bgzf

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.variants import read_variants
from breakpoint_pcr.reference import Locus, Record

# Bases 1001 to 1060 of the chromosome; then a stretch of N, and a record without a place.
TEXT = "ACGTTGCATCGGATTACAGCACGTTGCATCGGATTACAGCNNNNNNNNNNACGTTGCATC"
LOCUS = Locus(
    "G",
    "GRCh38",
    "NC_000007.14",
    "X",
    "",
    (
        Record("near", TEXT, "chr7", 1001, "", ""),
        Record("beyond", "ACGT", "chr7", None, "", ""),
    ),
    (),
    (),
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
DECLARED = tuple(
    f'##INFO=<ID={key},Number=A,Type=Float,Description="a frequency">'
    for key in ("AF", "AF_afr", "AF_popmax", "AF_raw", "AF_nfe_XX", "EAS_AF")
)


def vcf(*lines, head=DECLARED, columns=COLUMNS):
    return "\n".join(("##fileformat=VCFv4.2", *head, columns, *lines, ""))


def line(
    position=1001, reference="A", alternative="G", info="AF=0.1", *, chromosome="chr7", name="."
):
    return "\t".join((chromosome, str(position), name, reference, alternative, ".", ".", info))


def written(folder, text, name="v.vcf"):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder, *lines, ignored=(), **settings):
    path = written(folder, vcf(*lines, **settings))
    return list(read_variants(path, LOCUS, studies_ignored=ignored))


def refused(folder, *lines, **settings):
    with pytest.raises(LocusError) as caught:
        read(folder, *lines, **settings)
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(f"{folder}/")


@pytest.mark.parametrize("chromosome", ["chr7", "7", "Chr7", "NC_000007.14"])
def test_names_of_the_chromosome(tmp_path, chromosome):
    found = read(tmp_path, line(chromosome=chromosome, name="rs5"))
    assert [(a.record, a.chromosome, a.position, a.identifier) for a in found] == [
        ("near", chromosome, 1001, "rs5")
    ]


def test_plain_gzip_and_bgzip_give_the_same(tmp_path):
    lines = [line(1001 + at, TEXT[at], "N" if TEXT[at] != "N" else "A") for at in range(40)]
    text = vcf(*lines)
    plain = list(read_variants(written(tmp_path, text), LOCUS, studies_ignored=()))
    packed = written(tmp_path, gzip.compress(text.encode()), "v.vcf.gz")
    blocked = tmp_path / "v.vcf.bgz"
    with bgzf.BgzfWriter(blocked) as file:
        file.write(text)
    assert len(plain) == 40
    assert list(read_variants(packed, LOCUS, studies_ignored=())) == plain
    assert list(read_variants(blocked, LOCUS, studies_ignored=())) == plain


def test_line_ends_of_windows_and_genotypes_are_no_hindrance(tmp_path):
    genotypes = line(1002, "c", "t", "AF=0.5") + "\tGT\t0|1\t1|1"
    text = vcf(line(info="AF=0.25"), genotypes, columns=COLUMNS + "\tFORMAT\tS1\tS2")
    path = written(tmp_path, "\ufeff" + text.replace("\n", "\r\n"))
    found = list(read_variants(path, LOCUS, studies_ignored=()))
    assert [(a.reference, a.alternative, a.frequency) for a in found] == [
        ("A", "G", 0.25),
        ("C", "T", 0.5),
    ]


def test_each_alternative_allele_is_a_row(tmp_path):
    found = read(tmp_path, line(1002, "C", "T,*,<DEL>,G,CA", "AF=0.1,0.2,0.3,.,0.5;END=1009"))
    assert [(a.alternative, a.last, a.frequency) for a in found] == [
        ("T", 1002, 0.1),
        ("<DEL>", 1009, 0.3),
        ("G", 1002, None),
        ("CA", 1002, 0.5),
    ]


def test_lines_without_an_alternative_allele_are_none(tmp_path):
    assert read(tmp_path, line(alternative="."), line(alternative="<NON_REF>,<*>", info=".")) == []


@pytest.mark.parametrize(
    ("info", "frequency", "population"),
    [
        (".", None, ""),
        ("AF=.", None, ""),
        ("AF=nan", None, ""),
        ("AF=1e-05", 1e-05, "AF"),
        ("DP=3;AF=0.25;DB", 0.25, "AF"),
        # gnomAD: the highest population; neither unfiltered counts nor a split by sex.
        ("AF=0.01;AF_afr=0.04;AF_popmax=0.04;AF_raw=0.3;AF_nfe_XX=0.5", 0.04, "AF_afr"),
        ("AF=0.02;EAS_AF=0.31;AF_afr=.", 0.31, "EAS_AF"),
        # A key that the header does not declare as a frequency.
        ("AF=0.02;AF_odd=high", 0.02, "AF"),
        # Without AF: counts.
        ("AC=3;AN=1000", 0.003, "AC/AN"),
        ("AC=3;AN=1000;AC_afr=2;AN_afr=100;AC_raw=9;AN_raw=10", 0.02, "AC_afr/AN_afr"),
        ("AC=3;AN=1000;AF=0.5", 0.5, "AF"),
        ("AC=0;AN=0", None, ""),
        # dbSNP: REF first, with brackets in the builds up to 150.
        ("CAF=0.5747,0.4253;COMMON=1", 0.4253, "CAF"),
        ("CAF=[0.9642,0.03581]", 0.03581, "CAF"),
        ("CAF=0.99,.", None, ""),
        ("TOPMED=0.76728147298674821,0.23271852701325178", 0.23271852701325178, "TOPMED"),
        ("FREQ=1000Genomes:0.99,0.01|TOPMED:0.97,0.03|KOREAN:1,.", 0.03, "TOPMED"),
    ],
)
def test_frequencies(tmp_path, info, frequency, population):
    found = read(tmp_path, line(info=info))
    assert [(a.frequency, a.population) for a in found] == [(frequency, population)]


def test_frequencies_of_real_dbsnp_lines(tmp_path):
    """FREQ of rs1570391677 and rs72854879 as dbSNP writes them.

    SGDP_PRJ has 0.5385 where ten times as large studies have 0.06.
    """
    first = "RS=1570391677;FREQ=KOREAN:0.9891,0.0109,.|SGDP_PRJ:0,1,.|dbGaP_PopFreq:1,.,0"
    second = (
        "FREQ=1000Genomes:0.9391,0.0609|ALSPAC:0.9992,0.0007784|GnomAD:0.9427,0.0573|"
        "SGDP_PRJ:0.4615,0.5385|TOPMED:0.939,0.061|dbGaP_PopFreq:0.9689,0.03107;COMMON"
    )
    lines = line(1004, "T", "A,C", first), line(1005, "T", "C", second)
    found = [(a.alternative, a.frequency, a.population) for a in read(tmp_path, *lines)]
    assert found == [
        ("A", 1.0, "SGDP_PRJ"),
        ("C", 0.0, "dbGaP_PopFreq"),
        ("C", 0.5385, "SGDP_PRJ"),
    ]
    found = [a.frequency for a in read(tmp_path, *lines, ignored=["SGDP_PRJ"])]
    assert found == [0.0109, 0.0, 0.061]


@pytest.mark.parametrize(
    ("cells", "last"),
    [
        # Deletions that begin before the locus and reach its first base.
        ((999, "TTA", "T", "."), 1001),
        ((900, "T", "<DEL>", "END=1001"), 1001),
        ((900, "T", "<DEL>", "SVLEN=-105"), 1005),
        # Where END and SVLEN differ the longer counts.
        ((900, "T", "<DEL>", "END=950;SVLEN=105"), 1005),
        ((900, "T", "<CNV>", "END=2000"), 2000),
        # No length at all: the base behind POS is concerned.
        ((1010, "C", "<DEL>", "."), 1010),
        # The inserted length moves nothing on the reference.
        ((1010, "C", "<INS>", "SVLEN=6000;END=1010"), 1010),
        # A base that the locus does not know is no mismatch, nor is one that the VCF does not.
        ((1045, "A", "G", "."), 1045),
        ((1002, "N", "G", "."), 1002),
        # Reaches beyond the end of the locus.
        ((1060, "CAAAA", "C", "."), 1064),
        ((1002, "C", "C[chr2:321[", "."), 1002),
        ((1002, "C", "]chr2:321]ACC", "."), 1002),
    ],
)
def test_what_reaches_into_the_locus(tmp_path, cells, last):
    found = read(tmp_path, line(*cells))
    assert [(a.position, a.last) for a in found] == [(cells[0], last)]


def test_what_does_not_reach_into_the_locus(tmp_path):
    lines = [
        line(900, "T", "<DEL>", "END=950"),
        line(900, "T", "<INS>", "SVLEN=500"),
        line(998, "TT", "T"),
        line(999, "T", "C"),
        line(1061, "T", "C"),
        line(5000, "T", "C"),
    ]
    assert read(tmp_path, *lines) == []


def test_reading_stops_behind_the_locus_when_the_file_is_sorted(tmp_path):
    assert len(read(tmp_path, line(), line(1061, "T", "C"), "nonsense", line(1002, "C", "A"))) == 1


def test_file_that_is_not_sorted_is_read_to_its_end(tmp_path):
    lines = [line(1002, "C", "A"), line(), line(9000), line(1003, "G", "A")]
    assert [a.position for a in read(tmp_path, *lines)] == [1002, 1001, 1003]


def test_lines_of_other_chromosomes_are_passed_over(tmp_path):
    others = [line(1001, "T", "rubbish", chromosome=name) for name in ("chr1", "chr77", "chrX")]
    assert len(read(tmp_path, *others[:2], line(), others[2])) == 1


def test_wrong_assembly(tmp_path):
    assert refused(tmp_path, line(), line(1004, "TAG", "T")) == (
        "v.vcf line 10: REF has A at chr7:1,005; expected T (GRCh38); name a VCF of this assembly"
    )
    # Also where only the second part of REF lies in the locus.
    assert "REF has C at chr7:1,001; expected A" in refused(tmp_path, line(1000, "TC", "T"))


def test_wrong_version_of_the_accession(tmp_path):
    assert refused(tmp_path, line(chromosome="NC_000007.13")) == (
        "v.vcf: its chromosome is NC_000007.13; expected NC_000007.14 (GRCh38); "
        "name a VCF of this assembly"
    )


def test_nothing_on_the_chromosome_names_what_there_is(tmp_path):
    lines = [line(chromosome=f"chr{n}") for n in (1, 2, 3, 4, 5, 6, 8, 9)]
    assert refused(tmp_path, *lines) == (
        "v.vcf: nothing on the chromosome of the locus; found chr1, chr2, chr3, chr4, chr5, chr6 "
        "and 2 more; expected chr7, 7 or NC_000007.14; name a VCF of this chromosome and assembly "
        "(GRCh38)"
    )
    assert "found no lines" in refused(tmp_path)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("chr7\t1002\t.\tC", "line 10: 4 columns; expected 8 or more; copy the file again"),
        ("chr7 1002 . C T . . .", "line 10: found 'chr7 1002 . C T . . .'; expected columns with"),
        ("\t1002\t.\tC\tT\t.\t.\t.", "line 10: found"),
        (line("x"), "line 10: POS is 'x'; expected a whole number; mend the line"),
        (line("-5"), "line 10: POS is '-5'"),
        (line("٣"), "line 10: POS is"),
        (line(1002, "C", "T", "AF=lots"), "line 10: AF holds 'lots'; expected a number; use"),
        (line(1002, "C", "T", "AF=1.2"), "line 10: AF gives a frequency of 1.2; expected 0 to 1"),
        (line(1002, "C", "T", "AF=-0.1"), "line 10: AF gives a frequency of -0.1"),
        (line(1002, "C", "T", "AF=inf"), "line 10: AF gives a frequency of inf"),
        (line(1002, "C", "T,G", "AF=0.1"), "line 10: AF has 1 values; expected 2, one per allele"),
        (line(1002, "C", "T", "AC=5;AN=2"), "line 10: AC gives a frequency of 2.5"),
        (line(1002, "C", "T", "FREQ=A:0.9,0.1,0"), "line 10: FREQ A has 3 values; expected 2"),
        (line(1002, "C", "T", "CAF=1"), "line 10: CAF has 1 values; expected 2"),
        (line(1002, "C", "<DEL>", "END=soon"), "line 10: END is 'soon'; expected a whole number"),
        (line(1002, "C", "<DEL>", f"END={'9' * 5000}"), "line 10: END is '9999"),
        (line(1002, "R", "T"), "line 10: REF is 'R'; expected A, C, G, T or N"),
        (line(1002, ".", "T"), "line 10: REF is '.'"),
        (line(1002, "C", "T,,G"), "line 10: ALT holds ''; expected bases, *, <...> or a breakend"),
        (line(1002, "C", "U"), "line 10: ALT holds 'U'"),
        (line(1002, "C", "<DEL"), "line 10: ALT holds '<DEL'"),
    ],
)
def test_broken_lines(tmp_path, broken, words):
    assert refused(tmp_path, line(), broken).startswith(f"v.vcf {words}")


def test_huge_position_is_one_line(tmp_path):
    """Python turns no text of more than 4,300 digits into a number."""
    assert "line 10: POS is '9999" in refused(tmp_path, line(), line("9" * 5000))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty; expected a VCF"),
        (b"chr7\t1001\t.\tA\tG\n", "line 1: found 'chr7"),
        (b"BCF\x02\x02rest", "a BCF; expected a VCF; convert it with `bcftools view`"),
        (b"##fileformat=VCFv4.2\n##only=a header\n", "ends within its header"),
        (b"##fileformat=VCFv4.2\nchr7\t1001\t.\tA\tG\t.\t.\t.\n", "line 2: found 'chr7 1001"),
        (b"##fileformat=VCFv4.2\n#CHROM POS ID\n", "line 2: found '#CHROM POS ID'"),
        (gzip.compress(b"TBI\x01index"), "line 1: found 'TBI"),
    ],
)
def test_what_is_no_vcf(tmp_path, content, words):
    path = written(tmp_path, content)
    with pytest.raises(LocusError) as caught:
        list(read_variants(path, LOCUS, studies_ignored=()))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none.vcf", tmp_path):
        with pytest.raises(LocusError, match="file missing; name a VCF, or set variants to null"):
            list(read_variants(path, LOCUS, studies_ignored=()))


def test_cut_gzip(tmp_path):
    text = vcf(*(line(1001 + at, base, "N") for at, base in enumerate(TEXT))).encode()
    for content in (gzip.compress(text)[:-20], gzip.compress(text)[:-4] + b"\0\0\0\0"):
        path = written(tmp_path, content, "v.vcf.gz")
        with pytest.raises(LocusError, match="damaged gzip file .*; copy it again"):
            list(read_variants(path, LOCUS, studies_ignored=()))


def test_bgzip_cut_between_two_blocks(tmp_path):
    """Such a file unpacks without an error; only the missing end block tells."""
    path = tmp_path / "v.vcf.gz"
    with bgzf.BgzfWriter(path) as file:
        file.write(vcf(line()))
        file.flush()
        file.write(line(1003, "G", "T") + "\n")
    content = path.read_bytes()
    assert len(list(read_variants(path, LOCUS, studies_ignored=()))) == 2
    starts = [at for at in range(len(content)) if content.startswith(b"\x1f\x8b\x08\x04", at)]
    path.write_bytes(content[: starts[1]])
    assert gzip.decompress(path.read_bytes()).endswith(b"AF=0.1\n")
    with pytest.raises(LocusError, match="bgzip file without its end block; copy it again"):
        list(read_variants(path, LOCUS, studies_ignored=()))


def test_a_million_lines_take_a_few_seconds(tmp_path):
    """Half of them on another chromosome, half before the locus."""
    far = Record("near", TEXT, "chr7", 40_000_001, "", "")
    locus = Locus("G", "GRCh38", "NC_000007.14", "X", "", (far,), (), ())
    tail = "\t.\tA\tG\t.\tPASS\tAC=1;AN=1000;AF=0.001\n"
    path = tmp_path / "big.vcf"
    with path.open("w", encoding="ascii") as file:
        file.write(vcf())
        for name in ("chr6", "chr7"):
            file.writelines(f"{name}\t{at}{tail}" for at in range(1, 25_000_000, 50))
        file.write(line(40_000_001) + "\n")
    before = time.process_time()
    found = list(read_variants(path, locus, studies_ignored=()))
    assert len(found) == 1
    assert time.process_time() - before < 5
