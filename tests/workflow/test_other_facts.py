"""Panel and reference folders of a laboratory in the workflow: good ones, and damaged ones."""

import csv
import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from breakpoint_pcr.cli import main

ROOT = Path(__file__).parents[2]
PANEL, REFERENCE = ROOT / "resources/primers/ikzf1", ROOT / "resources/reference/ikzf1"


def snakemake(folder, **keys):
    """Verify the panel in a working folder; return exit status and everything it printed."""
    (folder / "runs/r").mkdir(parents=True, exist_ok=True)
    (folder / "overlay.json").write_text(json.dumps({"runs": "runs", **keys}))
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "1", "results/panel/panel.json"]
    command += ["--configfile", "overlay.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_a_damaged_panel_is_one_line(tmp_path):
    shutil.copytree(PANEL, tmp_path / "panel")
    path, info = tmp_path / "panel/primers.tsv", tmp_path / "panel/info.yaml"
    old = path.read_bytes()
    new = old + b"r-8\tprimer\tACGTTGCAACGTTGCAACGT\t-\t8\t\n"
    path.write_bytes(new)
    sums = [sha256(content).hexdigest() for content in (old, new)]
    info.write_text(info.read_text(encoding="utf-8").replace(*sums), encoding="utf-8")
    status, text = snakemake(tmp_path, panel="panel")
    assert status == 1
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    assert "panel/primers.tsv line 7: name 'r-8' stands twice" in lines[0]


@pytest.mark.parametrize(("key", "path"), [("panel", "file"), ("reference", "empty")])
def test_a_folder_without_facts_is_one_line(tmp_path, key, path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    status, text = snakemake(tmp_path, **{key: path})
    assert status == 1
    assert "Traceback" not in text
    expected = f"config: {key}: {path} holds no info.yaml; name a {key} folder"
    assert [line for line in text.splitlines() if line.startswith(expected)]


def test_a_panel_and_a_reference_of_the_laboratory(tmp_path):
    """What the two commands write is what the workflow reads."""
    tables = [f"--{name}={PANEL / name}.tsv" for name in ("primers", "assays")]
    assert main(["make-panel", str(tmp_path / "mine"), *tables, f"--like={PANEL}"]) == 0
    options = ["--start=1", "--chromosome=own", f"--like={REFERENCE}"]
    options += [f"--{name}=own" for name in ("assembly", "accession", "source")]
    made = ["make-reference", str(tmp_path / "here"), f"--fasta={REFERENCE / 'locus.fa'}", *options]
    assert main(made) == 0
    status, text = snakemake(tmp_path, panel="mine", reference="here")
    assert status == 0, text
    document = json.loads((tmp_path / "results/panel/panel.json").read_text(encoding="utf-8"))
    assert (document["panel"]["name"], document["reference"]["assembly"]) == ("mine", "own")
    with (tmp_path / "results/panel/sites.tsv").open(encoding="utf-8", newline="") as file:
        rows = {row["primer"]: int(row["start"]) for row in csv.DictReader(file, delimiter="\t")}
    assert rows["F.2a"] == 50307639 - 50299083
