"""The commands as their users meet them: what they write, and one line for what is wrong."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from breakpoint_pcr.cli import main
from breakpoint_pcr.documentation import GENERATED, table_reference

ROOT = Path(__file__).parents[2]
PLAN = next(iter(sorted((ROOT / "resources/demo/plans").glob("*.yaml"))))
COMMANDS = (
    "simulate",
    "classify-curves",
    "scan-primers",
    "make-reference",
    "make-panel",
    "benchmark-curves",
    "explain",
    "formats",
)
CURVES = "curve_id\t" + "\t".join(map(str, range(1, 21))) + "\n"
FLAT = "flat\t" + "\t".join(["0.5", "0.6"] * 10) + "\n"


def refused(capsys, *arguments):
    """Run a command that must fail with status 1; return its one line."""
    assert main([str(argument) for argument in arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("arguments", [[], ["dance"], ["simulate"], ["formats", "--loud"]])
def test_a_wrong_command_line_ends_with_the_usage(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: breakpoint-pcr" in capsys.readouterr().err


@pytest.mark.parametrize("command", [*COMMANDS, "write-docs"])
def test_every_command_explains_itself(capsys, command):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: breakpoint-pcr {command}" in capsys.readouterr().out


def test_the_guide_lists_every_command():
    guide = (ROOT / "docs/user-guide.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`breakpoint-pcr {name}" not in guide] == []


def test_starting_imports_nothing_heavy():
    """The list of commands must come at once: no numpy, yaml or jsonschema."""
    script = (
        "import sys, breakpoint_pcr.cli\n"
        "print({'numpy', 'yaml', 'jsonschema', 'pandas', 'Bio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == [b"set()"]


# simulate


def test_simulate_writes_the_same_run_twice(tmp_path, capsys):
    for name in "ab":
        assert main(["simulate", str(PLAN), str(tmp_path / name)]) == 0
        printed = capsys.readouterr().out.strip()
        assert printed == str(tmp_path / name / PLAN.stem)
    first, second = (bytes_of(tmp_path / name / PLAN.stem) for name in "ab")
    assert first == second
    shipped = bytes_of(ROOT / "resources/demo/runs" / PLAN.stem)
    assert first == shipped


def test_simulate_takes_another_seed_and_format(tmp_path):
    for seed, format_name in (("1", "generic"), ("2", "generic")):
        folder = tmp_path / seed
        call = ["simulate", str(PLAN), str(folder), "--seed", seed, "--format", format_name]
        assert main(call) == 0
    tables = [tmp_path / seed / PLAN.stem / f"{PLAN.stem}.csv" for seed in "12"]
    heads = {table.read_text(encoding="utf-8").partition(",1,2,")[0] for table in tables}
    assert heads == {"Well,Sample,Target,Dye,Task,Omit,Ct,Threshold"}
    assert tables[0].read_bytes() != tables[1].read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "abacus"], "format 'abacus' cannot be written; expected one of"),
        (["--seed", "-1"], "seed: -1; expected 0 to"),
    ],
)
def test_simulate_refuses_options_in_one_line(tmp_path, capsys, options, message):
    assert message in refused(capsys, "simulate", PLAN, tmp_path, *options)
    assert list(tmp_path.iterdir()) == []


def test_simulate_refuses_paths_in_one_line(tmp_path, capsys):
    assert "no.yaml: file missing" in refused(capsys, "simulate", tmp_path / "no.yaml", tmp_path)
    (tmp_path / "file").write_text("")
    assert "check the path" in refused(capsys, "simulate", PLAN, tmp_path / "file")


def test_simulate_does_not_replace_a_real_run(tmp_path, capsys):
    (tmp_path / PLAN.stem).mkdir()
    (tmp_path / PLAN.stem / "export.csv").write_text("precious")
    assert "is no simulated run" in refused(capsys, "simulate", PLAN, tmp_path)
    assert (tmp_path / PLAN.stem / "export.csv").read_text() == "precious"


# classify-curves


def test_classify_curves_writes_a_row_per_curve(tmp_path):
    """Alternating 0.5 and 0.6 has no rise; three values are too few cycles."""
    (tmp_path / "in.tsv").write_text(CURVES + FLAT + "short\t1\t2\t3" + "\t" * 17 + "\n")
    assert main(["classify-curves", str(tmp_path / "in.tsv"), str(tmp_path / "out.tsv")]) == 0
    assert (tmp_path / "out.tsv").read_text() == (
        "curve_id\tcurve\treasons\tct_own\nflat\tnone\tno rise\t\nshort\treview\ttoo few cycles\t\n"
    )


def test_classify_curves_refuses_in_one_line(tmp_path, capsys):
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    assert "in.tsv: no such file" in refused(capsys, "classify-curves", source, target)
    source.write_text("name\t1\t2\nx\t1\t2\n")
    assert "column 'curve_id' missing" in refused(capsys, "classify-curves", source, target)
    source.write_text(CURVES + FLAT)
    nowhere = tmp_path / "no/out.tsv"
    line = refused(capsys, "classify-curves", source, nowhere)
    assert str(nowhere) in line
    assert "check the path" in line
    assert str(tmp_path) in refused(capsys, "classify-curves", source, tmp_path)


# scan-primers


def scan(folder, primers="name\tsequence\np1\tACGGTTCAGTAACGGA\n", fasta=None):
    (folder / "p.tsv").write_text(primers)
    (folder / "r.fa").write_text(
        ">chr made up\nTTTTTACGGTTCAGTAACGGATTTTT\n" if fasta is None else fasta
    )
    options = ["--primers", folder / "p.tsv", "--reference", folder / "r.fa", folder / "out.tsv"]
    return ["scan-primers", *map(str, options)]


def test_scan_primers_writes_every_site(tmp_path):
    """The primer stands once, from base 5 on (0-based), 16 nt long."""
    assert main(scan(tmp_path)) == 0
    bars = "|" * 16
    assert (tmp_path / "out.tsv").read_text() == (
        "primer\trecord\tstart\tend\tstrand\tedits\talignment\n"
        f"p1\tchr\t5\t21\t+\t0\tACGGTTCAGTAACGGA / {bars} / ACGGTTCAGTAACGGA\n"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"primers": ""}, "p.tsv: column 'name' missing; found nothing"),
        ({"primers": "name\tseq\n"}, "p.tsv: column 'sequence' missing; found name, seq"),
        ({"primers": "name\tsequence\np\tACGT\n"}, "primer p: 4 nt; a site search needs"),
        ({"fasta": ""}, "r.fa: no record"),
        ({"fasta": "ACGT\n"}, "r.fa: text before the first '>'"),
    ],
)
def test_scan_primers_refuses_in_one_line(tmp_path, capsys, changes, message):
    assert message in refused(capsys, *scan(tmp_path, **changes))
    assert not (tmp_path / "out.tsv").exists()


def test_scan_primers_without_files(tmp_path, capsys):
    call = scan(tmp_path)
    (tmp_path / "r.fa").unlink()
    assert "r.fa: file missing; name a FASTA" in refused(capsys, *call)
    (tmp_path / "p.tsv").unlink()
    assert "p.tsv: file missing" in refused(capsys, *call)


# The others


def test_benchmark_curves_without_files(tmp_path, capsys):
    call = ("benchmark-curves", tmp_path / "c.parquet", tmp_path / "l.tsv")
    assert "l.tsv" in refused(capsys, *call)


def test_formats_are_listed_once_each(capsys):
    assert main(["formats"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {len(cells) for cells in lines} == {2}
    names = [name for name, _ in lines]
    assert {"abi_sections", "quantstudio_workbook", "generic"} <= set(names)
    assert len(names) == len(set(names))


def project(folder):
    """Copy what the commands need of the project."""
    for name in ("config", "workflow/schemas", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def test_write_docs_writes_the_documentation_of_the_project(tmp_path, monkeypatch):
    """What is shipped is documented, whatever --config names."""
    monkeypatch.chdir(project(tmp_path))
    names = ("config/README.md", "docs/tables.md")
    listing = ("README.md", "docs/formats.md")
    for name in listing:
        Path(name).write_text("a\n<!-- formats -->\nstale\n<!-- end of formats -->\nb\n")
    for name in names:
        Path(name).write_text("stale", encoding="utf-8")
    Path("other.yaml").write_text("broken: [")
    assert main(["--config", "other.yaml", "write-docs"]) == 0
    for name in names:
        assert GENERATED in Path(name).read_text(encoding="utf-8")
    assert "| `calling.ct_limit` | `36` |" in Path("config/README.md").read_text(encoding="utf-8")
    assert Path("docs/tables.md").read_text(encoding="utf-8") == table_reference()
    for name in listing:
        text = Path(name).read_text(encoding="utf-8")
        assert (text[:2], text[-3:], "stale" in text, "Rotor-Gene" in text) == (
            "a\n",
            "\nb\n",
            False,
            True,
        )


def test_the_configuration_can_be_another(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(project(tmp_path))
    (tmp_path / "in.tsv").write_text(CURVES + FLAT)
    call = ("classify-curves", "in.tsv", "out.tsv")
    line = refused(capsys, "--config", "no.yaml", *call)
    assert line == "error: no.yaml: file missing; name an existing one"
    text = Path("config/config.yaml").read_text(encoding="utf-8")
    Path("own.yaml").write_text(text.replace("cycles_min: 15", "cycles_min: 21"), encoding="utf-8")
    assert main(["--config", "own.yaml", *call]) == 0
    assert "too few cycles" in Path("out.tsv").read_text()
    Path("own.yaml").write_text(text.replace("cycles_min", "cycle_min"), encoding="utf-8")
    assert main(["--config", "own.yaml", *call]) == 1
    assert "curves.cycle_min is not known; did you mean cycles_min?" in capsys.readouterr().err
