"""Reference folders made from another sequence: GRCh37, a whole chromosome, a laboratory's own."""

import gzip
import random
from itertools import groupby, pairwise
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.cli import main
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.making.lifting import place_base
from breakpoint_pcr.making.regions import cut, region_of, whole_record
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference

SHIPPED = Path("resources/reference/ikzf1")
LOCUS = load_reference(SHIPPED)
BASES = LOCUS.records[0].sequence
CONDITIONS = Conditions.from_config(read_yaml(Path("config/config.yaml"))["primers"])

# GRCh37.p13 beside LRG_1121, which is the shipped record (EBI-LRG/lrg-xml, LRG_1121.xml, mapping
# GRCh37.p13): chr7:50,338,679-50,474,799 differs from it in one place; the bases 31,954 to 43,851
# of the LRG are missing, and chr7:50,370,632-50,410,631 is 40,000 N in their stead.
START_37 = 50338679
GAP_FIRST_37, GAP_NT = 50370632, 40_000
REPLACED_NT = 43851 - 31954 + 1
GRCH37 = BASES[: 31954 - 1] + "N" * GAP_NT + BASES[43851:]
# From GRCh38 to GRCh37: before the gap the difference of the first bases, behind it that and the
# bases that the gap has more: 39,596 and 39,596 + 40,000 - 11,898 = 67,698.
SHIFTS = (50338679 - 50299083, 50338679 - 50299083 + GAP_NT - REPLACED_NT)
FACTS = ("--assembly", "GRCh37", "--accession", "NC_000007.13", "--source", "made in a test")


def other_strand(text):
    return text[::-1].translate(str.maketrans("ACGTN", "TGCAN"))


def fasta(path, **records):
    path.write_text("".join(f">{name} made up\n{text}\n" for name, text in records.items()))
    return path


def make(out, *options, facts=FACTS):
    return main(["make-reference", *map(str, (out, *options)), *facts])


def refused(capsys, *options, **keywords):
    """Make a reference that cannot be made: one line, and no folder."""
    capsys.readouterr()
    assert make(*options, **keywords) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert not Path(options[0]).exists()
    return lines[0]


@pytest.fixture(scope="module")
def grch37(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grch37")
    source = fasta(folder / "locus.fa", locus=GRCH37.lower())
    options = ("--fasta", source, "--start", START_37, "--chromosome", "chr7", "--like", SHIPPED)
    assert make(folder / "made", *options) == 0
    return folder / "made"


def test_the_gap_lies_where_the_assembly_has_it():
    assert START_37 + GRCH37.index("N") == GAP_FIRST_37
    assert {len(list(run)) for letter, run in groupby(GRCH37) if letter == "N"} == {GAP_NT}
    assert START_37 + len(GRCH37) - 1 == 50474799
    assert SHIFTS == (39_596, 67_698)


def test_exons_and_breakpoints_come_out_in_grch37(grch37):
    """Exons 1 to 3 lie before the gap. All left ends before exon 4 but those of it are too."""
    made, first = load_reference(grch37), LOCUS.records[0]
    exons = [(e.number, made.records[0].position(e.start)) for e in made.exons]
    assert exons == [
        (e.number, first.position(e.start) + SHIFTS[e.number > 3]) for e in LOCUS.exons
    ]
    assert [e.end - e.start for e in made.exons] == [e.end - e.start for e in LOCUS.exons]
    for old, new in zip(LOCUS.breakpoints, made.breakpoints, strict=True):
        behind = first.position(old.left_end) > 50299083 + 43851
        left = made.records[0].position(new.left_end)
        assert left == first.position(old.left_end) + SHIFTS[behind]
        assert made.deletion(new) == LOCUS.deletion(old)
        if old.right_record == "locus":
            right = made.records[0].position(new.right_start)
            assert right == first.position(old.right_start) + SHIFTS[1]
        else:
            assert (new.right_record, new.right_start) == (old.right_record, old.right_start)


@pytest.fixture(scope="module")
def verified(grch37):
    panel = load_panel(Path("resources/primers/ikzf1"))
    return tuple(verify(panel, locus, CONDITIONS) for locus in (LOCUS, load_reference(grch37)))


def test_the_panel_has_the_same_sites_in_grch37(verified):
    """F.2a and F.2b lie before the gap; F.4 (LRG 46,013) and all others behind it."""
    old, new = verified
    said = [[(f.subject, f.code, f.level) for f in found.findings] for found in verified]
    assert said[0] == said[1]
    for one, two in zip(old.sites, new.sites, strict=True):
        behind = one.start >= 43851
        shift = (GAP_NT - REPLACED_NT) * behind if one.record == "locus" else 0
        assert (two.primer, two.start, two.alignment) == (
            one.primer,
            one.start + shift,
            one.alignment,
        )


def test_deletion_alleles_give_the_same_products_in_grch37(verified):
    """The gap lies within intron 3: a junction of exon 2 removes it, one of exon 4 is behind it.

    A pair that spans it (F.2 on an allele of exon 4) gives no product in either.
    """
    old, new = ([row for row in found.products if row.allele != "wild type"] for found in verified)
    assert [row for row in old if row.product != "none"] == [
        row for row in new if row.product != "none"
    ]
    for one, two in zip(old, new, strict=True):
        spans = one.forward.startswith("F.2") and one.deletion.startswith("Δ4")
        assert two.product == one.product
        if one.size_min is not None:
            assert two.size_min == one.size_min + 28_102 * spans
    assert verified[0].patterns == verified[1].patterns


def test_wild_type_distances_differ_by_the_gap(verified):
    """GRCh38: F.2a starts at 50,307,639, F.4 at 50,345,095, R-7 ends at 50,396,007.

    F.4/R-7 is 50,913 bp in both. F.2a/R-7 is 88,369 bp there, 40,000 - 11,898 = 28,102 more here.
    """
    sizes = [
        {row.assay: row.size_min for row in found.products if row.allele == "wild type"}
        for found in verified
    ]
    assert sizes[0]["F.4/R-7"] == sizes[1]["F.4/R-7"] == 50396007 - 50345095 + 1
    assert (sizes[0]["F.2a/R-7"], sizes[1]["F.2a/R-7"]) == (88_369, 88_369 + 28_102)
    differences = {name: size - sizes[0][name] for name, size in sizes[1].items()}
    assert differences == {
        **dict.fromkeys(("F.2a/R-7", "F.2b/R-7", "F.2a/R-8", "F.2b/R-8"), 28_102),
        **dict.fromkeys(("F.4/R-7", "F.4/R-8"), 0),
    }


def test_the_folder_says_where_it_comes_from(grch37):
    info = yaml.safe_load((grch37 / "info.yaml").read_text())
    assert (info["assembly"], info["sequence_accession"]) == ("GRCh37", "NC_000007.13")
    assert info["gene"] == "IKZF1"  # from the other reference
    assert info["made_from"] == {
        "fasta": "locus.fa",
        "region": "the only record",
        "lifted_from": "ikzf1",
    }
    assert info["records"][0]["source"] == "made in a test"
    assert info["records"][1]["source"] == LOCUS.records[1].source


def test_the_same_input_gives_the_same_bytes(grch37, tmp_path):
    source = fasta(tmp_path / "locus.fa", locus=GRCH37)
    options = ("--fasta", source, "--start", START_37, "--chromosome", "chr7", "--like", SHIPPED)
    assert make(tmp_path / "again", *options) == 0
    for path in sorted(grch37.iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_back_to_grch38_everything_is_where_it_was(grch37, tmp_path):
    source = SHIPPED / "locus.fa"
    options = ("--fasta", source, "--start", 50299083, "--chromosome", "chr7", "--like", grch37)
    assert make(tmp_path / "back", *options) == 0
    back = load_reference(tmp_path / "back")
    assert (back.exons, back.breakpoints) == (LOCUS.exons, LOCUS.breakpoints)


def test_a_region_of_a_packed_genome_that_reaches_the_record_beyond(tmp_path, capsys):
    """The downstream record lies 5,000 bases behind the locus here: its breakpoints are placed."""
    rng = random.Random(3)
    spacer = lambda count: "".join(rng.choices("ACGT", k=count))  # noqa: E731
    chromosome = spacer(1000) + BASES + spacer(5000) + LOCUS.records[1].sequence + spacer(500)
    text = f">1\n{spacer(300)}\n>7 x\n{chromosome}\n>X\nACGT\n"
    path = tmp_path / "genome.fa.gz"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    region = f"7:1,001-{1000 + 108_019 + 5000 + 783}"
    options = ("--fasta", path, "--region", region, "--chromosome", "chr7", "--like", SHIPPED)
    assert make(tmp_path / "made", *options) == 0
    assert "downstream" not in capsys.readouterr().out
    made = load_reference(tmp_path / "made")
    assert [record.name for record in made.records] == ["locus"]
    assert made.records[0].position(0) == 1001
    beyond = [
        (new.right_start, old.right_start)
        for old, new in zip(LOCUS.breakpoints, made.breakpoints, strict=True)
        if old.right_record == "downstream"
    ]
    assert {new - old for new, old in beyond} == {108_019 + 5000}
    panel = load_panel(Path("resources/primers/ikzf1"))
    old, new = (verify(panel, locus, CONDITIONS) for locus in (LOCUS, made))
    seen = [[row for row in found.products if row.product != "none"] for found in (old, new)]
    assert seen[0] == seen[1]
    wild = {r.assay: r.size_max for r in new.products if r.allele == "wild type"}
    # R-8 ends at base 706 of the record, F.4 starts at base 46,013 of the locus; the printed R-8
    # lacks a base.
    assert wild["F.4/R-8"] == 108_019 + 5000 + 706 - 46_012 - 1


EXONS = "exon\tstart\tend\n1\t1101\t1200\n2\t1501\t1600\n"
BREAKPOINTS = (
    "form\tleft_last_base\tinserted_nt\tright_record\tright_first_base\tevidence\n"
    "main\t1400\t2\tlocus\t1700\tmade up\n"
)
OWN = (*FACTS, "--gene", "MADE1", "--transcript", "T1", "--numbering", "as made up")


@pytest.fixture
def own(tmp_path):
    """A laboratory's own sequence and tables."""
    rng = random.Random(8)
    fasta(tmp_path / "own.fa", mine="".join(rng.choices("ACGT", k=1000)))
    (tmp_path / "e.tsv").write_text(EXONS)
    (tmp_path / "b.tsv").write_text(BREAKPOINTS)
    paths = {"fasta": "own.fa", "exons": "e.tsv", "breakpoints": "b.tsv"}
    given = [x for name, file in paths.items() for x in (f"--{name}", tmp_path / file)]
    return tmp_path, [*given, "--start", 1001]


def test_an_own_sequence_with_own_tables(own, capsys):
    folder, options = own
    assert make(folder / "made", *options, facts=OWN) == 0
    assert capsys.readouterr().out.splitlines() == [
        "locus: mine:1,001-2,000, 1,000 bases, 0 of them N",
        "exons 1, 2",
        "1 breakpoints",
    ]
    made = load_reference(folder / "made")
    assert [(e.number, e.start, e.end) for e in made.exons] == [(1, 100, 200), (2, 500, 600)]
    assert (made.breakpoints[0].left_end, made.breakpoints[0].right_start) == (400, 699)
    assert made.deletion(made.breakpoints[0]).label == "Δ2-2"


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("e.tsv", EXONS + "3\t1990\t2001\n", "e.tsv line 4: exon 3, 1990-2001, lies outside"),
        ("e.tsv", EXONS + "3\t1401\t1450\n", "e.tsv line 4: exon 3 follows exon 2; expected exons"),
        ("e.tsv", "", "e.tsv: column 'exon' missing"),
        ("b.tsv", BREAKPOINTS.replace("locus", "far"), "b.tsv line 2: record 'far' is unknown"),
        ("b.tsv", BREAKPOINTS.replace("1700", "1300"), "b.tsv line 2: right_first_base 1300"),
        ("b.tsv", BREAKPOINTS.replace("main", ""), "b.tsv line 2: form is empty"),
        ("own.fa", "", "own.fa: no record"),
        ("own.fa", ">a\nACGT\n>b\nACGT\n", "own.fa: holds several records (a, b, ...)"),
        (
            "own.fa",
            ">a\nACGTRA\n",
            "own.fa: record a: holds 'R' (base 5); expected A, C, G, T or N",
        ),
        ("own.fa", ">a\n", "own.fa: record a: no sequence below the header"),
    ],
)
def test_own_files_that_cannot_serve_are_one_line(own, capsys, file, content, message):
    folder, options = own
    (folder / file).write_text(content)
    assert message in refused(capsys, folder / "made", *options, facts=OWN)


@pytest.mark.parametrize(
    ("change", "facts", "message"),
    [
        (("--region", "mine:1-500"), OWN, "expected either --region"),
        (("--start", "0"), OWN, "--start is 0; expected a position from 1 on"),
        ((), FACTS, "--gene is missing; give it, or --like a reference that says it"),
    ],
)
def test_what_is_not_said_is_one_line(own, capsys, change, facts, message):
    folder, options = own
    assert message in refused(capsys, folder / "made", *options, *change, facts=facts)


def test_tables_must_be_named(own, capsys):
    folder, options = own
    for table in ("exons", "breakpoints"):
        at = options.index(f"--{table}")
        fewer = options[:at] + options[at + 2 :]
        assert f"--{table} is missing" in refused(capsys, folder / "made", *fewer, facts=OWN)


def test_a_folder_is_never_replaced(own, capsys):
    folder, options = own
    (folder / "made").mkdir()
    assert make(folder / "made", *options, facts=OWN) == 1
    assert "made: exists; a folder of facts is never replaced" in capsys.readouterr().err
    assert list((folder / "made").iterdir()) == []
    assert "no: folder missing" in refused(capsys, folder / "no/made", *options, facts=OWN)


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ("chr8:1-10", "record 'chr8' is not there; found chr7, chrX; write it as the FASTA does"),
        ("chr7:1-11", "region chr7:1-11: the record has 10 bases; name a region inside it"),
        ("chr7:0-5", "expected RECORD:FIRST-LAST, 1-based"),
        ("chr7:6-5", "expected RECORD:FIRST-LAST, 1-based"),
        ("chr7:a-5", "expected RECORD:FIRST-LAST, 1-based"),
        ("chr7", "expected RECORD:FIRST-LAST, 1-based"),
    ],
)
def test_a_region_that_is_not_there_is_one_line(tmp_path, region, message):
    path = fasta(tmp_path / "g.fa", chr7="ACGTACGTAC", chrX="ACGT")
    with pytest.raises(LocusError) as caught:
        cut(path, region_of(region))
    assert message in str(caught.value)


def test_a_region_is_cut_wherever_the_lines_break(tmp_path):
    text = "".join(random.Random(1).choices("ACGT", k=500))
    for width in (1, 7, 60, 1000):
        lines = "\n".join(text[at : at + width] for at in range(0, len(text), width))
        (tmp_path / "g.fa").write_text(f">a\nTTTT\n>b\n{lines}\n")
        assert cut(tmp_path / "g.fa", region_of("b:101-350")) == text[100:350]
        assert cut(tmp_path / "g.fa", region_of("b:1-500")) == text


def test_an_rna_is_read_as_dna(tmp_path):
    assert whole_record(fasta(tmp_path / "r.fa", r="acguN")) == ("r", "ACGTN")


# What cannot be placed


def lifted(tmp_path, capsys, sequence):
    source = fasta(tmp_path / "locus.fa", locus=sequence)
    return refused(capsys, tmp_path / "made", "--fasta", source, "--start", 1, "--like", SHIPPED)


def test_a_locus_that_ends_early_names_what_is_missing(tmp_path, capsys):
    line = lifted(tmp_path, capsys, BASES[:100_000])
    assert "the first base of exon 8: none of its flanks of 40 bases" in line
    assert "--exons" in line


def test_a_turned_sequence_is_said_to_be_turned(tmp_path, capsys):
    line = lifted(tmp_path, capsys, other_strand(BASES))
    assert "the first base of exon 1 lies on the other strand; turn" in line.replace(
        " of the sequence", ""
    )


def test_an_exon_that_stands_twice_is_not_placed(tmp_path, capsys):
    exon = LOCUS.exons[2]
    copy = BASES[exon.start - 700 : exon.end + 700]
    assert "the first base of exon 3: none" in lifted(tmp_path, capsys, BASES + copy)


def test_a_breakpoint_in_a_gap_is_named(tmp_path, capsys):
    """The left ends about F.4: bases 46,099 to 46,115 of the locus."""
    line = lifted(tmp_path, capsys, BASES[:46_000] + "N" * 300 + BASES[46_300:])
    assert "the left end of breakpoint 50345181 to locus 50395938: none of its flanks" in line


def test_exons_in_another_order_are_refused(tmp_path, capsys):
    """Exons 4 (77,451 of the locus) and 5 (83,458) exchanged."""
    cuts = [0, 77_000, 80_000, 86_000, len(BASES)]
    parts = [BASES[a:b] for a, b in pairwise(cuts)]
    line = lifted(tmp_path, capsys, parts[0] + parts[2] + parts[1] + parts[3])
    assert "exon 4 comes out behind exon 5" in line


def test_a_base_is_placed_by_one_flank_where_the_other_is_changed():
    rng = random.Random(4)
    old = "".join(rng.choices("ACGT", k=400))
    assert place_base(200, old, old[:180] + "N" * 30 + old[190:], "it") == 220  # behind it only
    assert place_base(200, old, old[:210] + "N" * 30 + old[210:], "it") == 200  # before it only
    assert place_base(200, old, old[:200] + "N" * 9 + old[200:], "it") == 209
    two = old[:201] + "N" * 9 + old[200:]
    with pytest.raises(LocusError, match="its two flanks fit at bases 201 and 211"):
        place_base(200, old, two, "it")


def test_a_repeat_is_told_by_a_longer_flank():
    """The same 60 bases stand twice; with 80 they differ."""
    rng = random.Random(5)
    letters = lambda count: "".join(rng.choices("ACGT", k=count))  # noqa: E731
    repeat = letters(60)
    old = letters(200) + repeat + letters(200) + repeat + letters(200)
    new = letters(50) + old
    assert [place_base(at, old, new, "it") for at in (230, 490)] == [280, 540]


def test_a_changed_base_within_an_exon_is_told(tmp_path, capsys):
    exon = LOCUS.exons[7]
    at = exon.start + 1000
    changed = BASES[:at] + {"A": "C"}.get(BASES[at], "A") + BASES[at + 1 :]
    source = fasta(tmp_path / "locus.fa", locus=changed)
    options = ("--fasta", source, "--start", 50299083, "--like", SHIPPED)
    assert make(tmp_path / "made", *options) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "exon 8: its bases differ from those of GRCh38; look at it" in lines
    assert "exons 1 to 8 moved by +0 bases" in lines
