"""The workflow as its users meet it: results, reruns, bad input. Snakemake runs for real."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources/demo/runs"
FIRST, SECOND = sorted(path.name for path in DEMO.iterdir() if path.is_dir())[:2]


def snakemake(folder, *options, library=None):
    """Run snakemake in a working folder; return exit status and everything it printed."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "2", *options]
    environment = dict(os.environ)
    if library:
        environment["PYTHONPATH"] = str(library)
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    return done.returncode, done.stdout + done.stderr


def planned(folder, *options, library=None):
    """Rules (with their run) that a dry run would execute."""
    status, text = snakemake(folder, "--dry-run", *options, library=library)
    assert status == 0, text
    found = set()
    for block in re.split(r"^ *(?=(?:local)?rule \w+:$)", text, flags=re.MULTILINE)[1:]:
        rule = re.match(r"(?:local)?rule (\w+):", block)[1]
        run = re.search(r"^ +wildcards: run=(\S+)$", block, re.MULTILINE)
        found.add((rule, run[1] if run else ""))
    return found - {("all", "")}


def config(folder, **keys):
    """Write an overlay and return the options that use it."""
    path = folder / "overlay.json"
    path.write_text(json.dumps({"runs": "runs", **keys}))
    return ("--configfile", str(path))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A working folder with two demo runs, analysed."""
    folder = tmp_path_factory.mktemp("finished")
    for name in (FIRST, SECOND):
        shutil.copytree(DEMO / name, folder / "runs" / name)
    status, text = snakemake(folder, *config(folder))
    assert status == 0, text
    return folder


def test_every_promised_file_is_there(finished):
    for name in (FIRST, SECOND):
        run = finished / "results/runs" / name
        assert (run / "report.pdf").read_bytes().startswith(b"%PDF-")
        tables = ("reactions", "curves", "features", "wells", "samples", "levels", "standards")
        tables += ("findings",)
        assert all((run / f"{table}.tsv").is_file() for table in tables)
    panel = ("sites", "oligos", "dimers", "products", "decision_table", "findings")
    assert all((finished / f"results/panel/{table}.tsv").is_file() for table in panel)
    summary = ("runs.tsv", "samples.tsv", "standing.tsv", "controls.tsv", "index.html", "ct.svg")
    assert all((finished / "results/summary" / name).is_file() for name in summary)


def test_outputs_name_no_path_of_the_machine(finished):
    for path in (finished / "results").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert str(finished).encode() not in data, path
            assert str(ROOT).encode() not in data, path


def test_nothing_changed_means_nothing_to_be_done(finished):
    status, text = snakemake(finished, *config(finished))
    assert status == 0
    assert "Nothing to be done" in text


def test_the_cluster_profile_plans_the_same_rules(finished):
    """All but the executor, a plugin that a cluster's users install."""
    profile = ("--profile", str(ROOT / "workflow/profiles/slurm"), "--executor", "local")
    rules = {rule for rule, _ in planned(finished, "--forceall", *profile, *config(finished))}
    stages = {"verify_primers", "report_panel", "read_run", "call_run", "report_run"}
    assert rules == stages | {"summarise_runs", "confirm_runs"}


def test_a_whole_number_is_the_same_as_its_decimal(finished):
    assert planned(finished, *config(finished, calling={"ct_limit": 36.0})) == set()


def test_ct_limit_reruns_calls_and_later_only(finished):
    expected = {(rule, run) for rule in ("call_run", "report_run") for run in (FIRST, SECOND)}
    expected |= {("summarise_runs", ""), ("confirm_runs", "")}
    assert planned(finished, *config(finished, calling={"ct_limit": 35})) == expected


def test_report_wording_reruns_reports_only(finished):
    found = planned(finished, *config(finished, report={"laboratory": "Another laboratory"}))
    assert {rule for rule, _ in found} == {"report_run", "confirm_runs"}


def test_new_run_runs_alone(finished, tmp_path):
    folder = tmp_path / "work"
    shutil.copytree(finished, folder)
    shutil.copytree(DEMO / FIRST, folder / "runs/new_run")
    expected = {(rule, "new_run") for rule in ("read_run", "call_run", "report_run")}
    expected |= {("summarise_runs", ""), ("confirm_runs", "")}
    assert planned(folder, *config(folder)) == expected


def test_changed_sample_sheet_reruns_its_run(finished, tmp_path):
    folder = tmp_path / "work"
    shutil.copytree(finished, folder)
    with (folder / "runs" / FIRST / "samplesheet.csv").open("a") as file:
        file.write("\n")
    found = planned(folder, *config(folder))
    assert ("read_run", FIRST) in found
    assert ("read_run", SECOND) not in found


@pytest.mark.parametrize(
    ("module", "rules"),
    [
        ("report/wording/en.yaml", {"report_run", "summarise_runs"}),
        ("report/document.py", {"report_run"}),
        ("ingest/formats/readers.py", {"read_run"}),
        ("insilico/alleles.py", {"verify_primers"}),
    ],
)
def test_edited_library_reruns_the_stages_that_use_it(finished, tmp_path, module, rules):
    library = tmp_path / "library"
    shutil.copytree(ROOT / "src", library, ignore=shutil.ignore_patterns("__pycache__"))
    with (library / "breakpoint_pcr" / module).open("a") as file:
        file.write("\n# changed\n")
    found = {rule for rule, _ in planned(finished, *config(finished), library=library)}
    stages = {"verify_primers", "read_run", "call_run", "report_run", "summarise_runs"}
    later = {
        "verify_primers": {"call_run", "report_run", "summarise_runs"},
        "read_run": {"call_run", "report_run", "summarise_runs"},
        "report_run": set(),
        "summarise_runs": set(),
    }
    allowed = rules.union(*(later[rule] for rule in rules))
    assert rules <= found
    assert found & stages <= allowed


BAD = {
    "empty_folder": ({}, "no export"),
    "empty_file": ({"export.csv": b""}, "export.csv"),
    "foreign_file": ({"export.csv": b"hello, this is a letter\nto somebody\n"}, "export.csv"),
    "truncated_workbook": ({"export.xlsx": b"PK\x03\x04 cut off"}, "export.xlsx"),
    "bad_sheet": ({"samplesheet.csv": b"well,sample,asay\nA1,x,y\n"}, "asay"),
    "bad_role": ({"samplesheet.csv": b"well,sample,role\nA1,x,patient\n"}, "patient"),
}


@pytest.fixture(scope="module")
def troubled(tmp_path_factory):
    """One good run among bad ones, and what was printed."""
    folder = tmp_path_factory.mktemp("troubled")
    shutil.copytree(DEMO / FIRST, folder / "runs/good")
    for name, (files, _) in BAD.items():
        target = folder / "runs" / name
        if any(file.startswith("samplesheet") for file in files):
            shutil.copytree(DEMO / FIRST, target)
        target.mkdir(exist_ok=True)
        for file, data in files.items():
            (target / file).write_bytes(data)
    twice = folder / "runs/twice"
    shutil.copytree(DEMO / FIRST, twice)
    export = next(path for path in twice.glob("*.csv") if path.name != "samplesheet.csv")
    # Another result of the same wells; an exact copy would be told, and left out.
    other = export.read_text(encoding="utf-8").replace("Undetermined", "30.1234", 1)
    (twice / f"copy_of_{export.name}").write_text(other, encoding="utf-8")
    shutil.copytree(DEMO / FIRST, folder / "runs/has blank")
    return folder, *snakemake(folder, *config(folder))


def test_rejected_runs_end_with_status_1_and_no_traceback(troubled):
    _, status, text = troubled
    assert status == 1
    assert "Traceback" not in text


@pytest.mark.parametrize("name", [*BAD, "twice", "has blank"])
def test_each_rejected_run_has_one_line(troubled, name):
    _, _, text = troubled
    lines = [line for line in text.splitlines() if line.startswith("rejected: ")]
    own = [line for line in lines if name in line.partition(":")[2].partition(":")[0]]
    assert len(own) == 1
    assert BAD.get(name, ({}, ""))[1] in own[0]


def test_the_others_are_finished(troubled):
    folder, _, _ = troubled
    assert (folder / "results/runs/good/report.pdf").is_file()
    assert (folder / "results/summary/index.html").is_file()
    for name in BAD:
        assert (folder / "results/runs" / name / "report.pdf").is_file()
        record = json.loads((folder / "results/runs" / name / "run.json").read_text())
        assert record["status"] == "rejected"


def test_report_of_a_rejected_run_is_made_on_request(troubled):
    folder, _, _ = troubled
    target = folder / "results/runs/empty_file/report.pdf"
    target.unlink()
    status, text = snakemake(folder, "results/runs/empty_file/report.pdf", *config(folder))
    assert status == 0, text
    assert target.is_file()


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (
            {"calling": {"ct_limt": 36}},
            "config: calling.ct_limt is not known; did you mean ct_limit?",
        ),
        (
            {"calling": {"ct_limit": "late"}},
            "config: calling.ct_limit: 'late' is not of type 'number'",
        ),
        ({"runs": "nowhere"}, "config: nowhere does not exist; name an existing folder"),
        ({"panel": "nowhere"}, "config: nowhere does not exist; name an existing folder"),
    ],
)
def test_bad_configuration_is_one_line(tmp_path, keys, line):
    (tmp_path / "runs/r").mkdir(parents=True)
    status, text = snakemake(tmp_path, *config(tmp_path, **keys))
    assert status == 1
    assert "Traceback" not in text
    assert [found for found in text.splitlines() if found.startswith("config: ")] == [
        next(found for found in text.splitlines() if found.startswith(line))
    ]


def test_same_input_same_bytes(finished, tmp_path):
    shutil.copytree(finished / "runs" / FIRST, tmp_path / "runs" / FIRST)
    status, text = snakemake(tmp_path, *config(tmp_path))
    assert status == 0, text
    for name in ("report.pdf", "report.json", "run.json", "wells.tsv", "samples.tsv"):
        first, second = (p / "results/runs" / FIRST / name for p in (finished, tmp_path))
        assert first.read_bytes() == second.read_bytes(), name
