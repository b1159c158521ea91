"""The command that classifies a table of curves."""

import pytest
from curve_shapes import CYCLES, LIMITS, logistic, noise

from breakpoint_pcr.cli import main
from breakpoint_pcr.curves.files import classify_file
from breakpoint_pcr.errors import TableError


def write(path, header, rows):
    path.write_text("\n".join("\t".join(map(str, row)) for row in [header, *rows]) + "\n")
    return path


CURVES = {
    "good": list(logistic(25) + noise(0.003, 1)),
    "quiet": list(noise(0.003, 2)),
    "short": [*(logistic(22) + noise(0.003, 3))[:35], "", "", "", "", ""],
    "brief": [1, 2, 3, *[""] * 37],
}
NUMBERS = [str(int(cycle)) for cycle in CYCLES]


@pytest.mark.parametrize("order", [NUMBERS, NUMBERS[::-1]], ids=["in order", "reversed"])
def test_classes_are_written_in_order(tmp_path, order):
    rows = [
        [name, "1.0", *(values[int(cycle) - 1] for cycle in order)]
        for name, values in CURVES.items()
    ]
    source = write(tmp_path / "in.tsv", ["curve_id", "reference_amplitude", *order], rows)
    assert main(["classify-curves", str(source), str(tmp_path / "out.tsv")]) == 0
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    assert lines[0].split("\t") == ["curve_id", "curve", "reasons", "ct_own"]
    found = {name: rest for name, *rest in (line.split("\t") for line in lines[1:])}
    assert list(found) == list(CURVES)
    assert [cells[0] for cells in found.values()] == ["standard", "none", "standard", "review"]
    assert found["quiet"] == ["none", "no rise", ""]
    assert found["brief"] == ["review", "too few cycles", ""]
    # A logistic of growth 2 is at a tenth of its height log2(9) = 3.17 cycles before its middle.
    assert float(found["good"][2]) == pytest.approx(25 - 3.17, abs=0.2)


def test_the_reference_is_optional(tmp_path):
    weak = [0.05 * value for value in CURVES["good"]]
    plain = write(tmp_path / "plain.tsv", ["curve_id", *NUMBERS], [["a", *weak]])
    classify_file(plain, tmp_path / "out.tsv", LIMITS)
    assert "\tstandard\t" in (tmp_path / "out.tsv").read_text()
    header = ["curve_id", "reference_amplitude", *NUMBERS]
    given = write(tmp_path / "given.tsv", header, [["a", "1", *weak], ["b", "", *weak]])
    classify_file(given, tmp_path / "out.tsv", LIMITS)
    rows = [line.split("\t")[:3] for line in (tmp_path / "out.tsv").read_text().splitlines()[1:]]
    assert rows == [["a", "review", "weak"], ["b", "standard", ""]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "in.tsv: column 'curve_id' missing"),
        ("id\t1\t2\na\t1\t2\n", "in.tsv: column 'curve_id' missing; found id, 1, 2"),
        ("curve_id\n", "in.tsv: column 'no cycle'; expected one column per cycle"),
        ("curve_id\t1\t3\na\t1\t2\n", "in.tsv: column '3'; expected one column per cycle"),
        ("curve_id\t1\t1\na\t1\t2\n", "in.tsv: column"),
        ("curve_id\t1\tdye\na\t1\t2\n", "in.tsv: column 'dye'"),
        ("curve_id\t1\t2\na\t1\t2\t3\n", "in.tsv line 2: 4 cells under 3 headings"),
        ("curve_id\t1\t2\na\t1\t2\nb\t1\t2,5\n", "in.tsv line 3: could not convert"),
        ("curve_id\t1\na\t\xff\n", "in.tsv: 'utf-8' codec"),
    ],
)
def test_a_bad_table_is_one_line(tmp_path, text, message):
    source = tmp_path / "in.tsv"
    source.write_bytes(text.encode("latin-1"))
    with pytest.raises(TableError) as problem:
        classify_file(source, tmp_path / "out.tsv", LIMITS)
    assert message in str(problem.value)
    assert "\n" not in str(problem.value)
    assert not (tmp_path / "out.tsv").exists()


def test_no_file(tmp_path, capsys):
    assert main(["classify-curves", str(tmp_path / "no.tsv"), str(tmp_path / "out.tsv")]) == 1
    assert "no such file" in capsys.readouterr().err
