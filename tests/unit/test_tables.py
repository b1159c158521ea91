"""Tables survive a round trip, whatever names laboratories use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakpoint_pcr.errors import TableError
from breakpoint_pcr.runs import read_record
from breakpoint_pcr.tables import (
    Amplifies,
    Curve,
    Feature,
    Finding,
    Level,
    Pattern,
    Product,
    Reaction,
    Sample,
    Site,
    Well,
    read_curves,
    read_table,
    write_curves,
    write_table,
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\t\x00"), max_size=20)


@given(sentence=TEXT, subject=TEXT)
def test_any_text_comes_back(tmp_path_factory, sentence, subject):
    path = tmp_path_factory.mktemp("t") / "findings.tsv"
    rows = [Finding(Level.ERROR, "sample", subject, "code", sentence)]
    write_table(path, Finding, rows)
    assert read_table(path, Finding) == rows


@pytest.mark.parametrize("name", ["=1+1", "+x", "-5", "@cmd", "'=1", "''-2"])
def test_no_cell_starts_a_formula(tmp_path, name):
    path = tmp_path / "findings.tsv"
    rows = [Finding(Level.INFO, "sample", name, "code", name)]
    write_table(path, Finding, rows)
    cells = path.read_text(encoding="utf-8").splitlines()[1].split("\t")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert read_table(path, Finding) == rows


def test_assay_columns_follow_the_given_order(tmp_path):
    path = tmp_path / "samples.tsv"
    row = Sample("r", "s", "mixed", ("A", "B"), (), "", ("x",), "", {"two": "31.5;32", "one": ""})
    write_table(path, Sample, [row], ["one", "two"])
    header = path.read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert header[-2:] == ["one", "two"]
    assert read_table(path, Sample) == [row]


def test_missing_column_is_named(tmp_path):
    path = tmp_path / "findings.tsv"
    path.write_text("level\tscope\tsubject\tcode\n", encoding="utf-8")
    with pytest.raises(TableError, match="findings.tsv: column 'sentence' missing"):
        read_table(path, Finding)


def test_wrong_word_is_placed(tmp_path):
    path = tmp_path / "findings.tsv"
    path.write_text("level\tscope\tsubject\tcode\tsentence\nloud\tx\tx\tx\tx\n", encoding="utf-8")
    with pytest.raises(TableError, match="findings.tsv line 2: 'loud' is not a valid Level"):
        read_table(path, Finding)


def test_curves_keep_gaps_and_lengths(tmp_path):
    path = tmp_path / "curves.tsv"
    curves = [Curve("r", "A1", "x", (0.1, None, -0.25)), Curve("r", "A2", "", (1e-07, 2.0))]
    write_curves(path, curves)
    assert path.read_text().splitlines()[0] == "run\twell\tassay\t1\t2\t3"
    assert read_curves(path, [3, 2]) == curves


def test_a_negative_measurement_stays_a_number(tmp_path):
    """Other programs read features.tsv: an apostrophe would make text of every negative slope."""
    path = tmp_path / "features.tsv"
    rows = [Feature("r", "A1", "x", {"slope": "-0.00055", "noise": "-1e-07", "odd": "-x"})]
    write_table(path, Feature, rows, ["slope", "noise", "odd"])
    assert path.read_text().splitlines()[1] == "r\tA1\tx\t-0.00055\t-1e-07\t'-x"
    assert read_table(path, Feature) == rows


FINDING = "level\tscope\tsubject\tcode\tsentence\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "column 'code' missing"),
        (FINDING.encode() + b"info\trun\tr\n", "line 2: 3 cells under 5"),
        (FINDING.encode() + b"info\trun\tr\tc\ts\tmore\n", "line 2: 6 cells under 5"),
        (FINDING.encode() + b"info\trun\t\xff\tc\ts\n", "no table"),
    ],
)
def test_a_damaged_table_is_one_line(tmp_path, content, message):
    path = tmp_path / "findings.tsv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=f"findings.tsv.*{message}.*delete the file") as caught:
        read_table(path, Finding)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rows", ["r\tA1\tx\tmuch\n", "r\tA1\n", "r\tA1\tx\t1\nr\tA2\tx\t1\n"])
def test_damaged_curves_are_one_line(tmp_path, rows):
    path = tmp_path / "curves.tsv"
    path.write_text(f"run\twell\tassay\t1\n{rows}")
    with pytest.raises(TableError, match="curves.tsv: .*; delete the file and run again"):
        read_curves(path, [1])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"run": "r", "status": "half", "files": []}'])
def test_a_damaged_record_is_one_line(tmp_path, text):
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(TableError, match="run.json: damaged .*; delete the file") as caught:
        read_record(path)
    assert "\n" not in str(caught.value)


# The columns that users and other programs rely on (design, section 5), in their order.
CONTRACT = {
    Reaction: "run file well sample assay target dye role state ct ct_text threshold "
    "baseline_start baseline_end curve_kind n_cycles input_ng",
    Well: "run well sample assay role state ct ct_text ct_own curve curve_reasons outcome reason",
    Sample: "run sample call deletions candidates evidence flags reason",
    Finding: "level scope subject code sentence",
    Site: "primer record start end strand mismatches gaps edits alignment verdict",
    Product: "allele class assay forward reverse size_min size_max product",
    Pattern: "call deletions flags",
}


@pytest.mark.parametrize("table", CONTRACT, ids=lambda table: table.__name__)
def test_headings_are_the_contract(tmp_path, table):
    path = tmp_path / "table.tsv"
    write_table(path, table, [])
    assert path.read_text(encoding="utf-8").rstrip("\n").split("\t") == CONTRACT[table].split()


def test_a_column_may_be_named_unlike_its_field(tmp_path):
    path = tmp_path / "products.tsv"
    row = Product("x", "Δ3-5", "a", "f", "r", 150, None, Amplifies.MUST)
    write_table(path, Product, [row])
    assert read_table(path, Product) == [row]
