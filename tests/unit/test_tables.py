"""Tables survive a round trip, whatever names laboratories use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakpoint_pcr.errors import TableError
from breakpoint_pcr.tables import (
    Curve,
    Finding,
    Level,
    Sample,
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
