"""The engine knows no gene: a made-up locus and panel, from simulated plate to report.

Everything is made here, from a seed: 40 kb of random bases, five exons, two deletions with one
junction each, two forward primers, one reverse primer and a control gene without primers.
"""

import csv
import json
import random
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.cli import main

ROOT = Path(__file__).parents[2]
RUN = "made-up-run"
CHROMOSOME_START = 5001
LENGTH = 40_000
# 1-based closed on the record.
EXON_STARTS = {1: 1001, 2: 10001, 3: 18001, 4: 26001, 5: 34001}
EXON_NT = 200
# Last base kept and first base kept, 1-based on the record, and the bases inserted between.
JUNCTIONS = {"Δ2-4": (6000, 29001, 4), "Δ3-4": (15000, 29001, 0)}
PRIMER_NT = 20
# 5' end of each primer, 1-based on the record: 120 nt of the left and 100 of the right piece.
FORWARD = {"Q2": 5881, "Q3": 14881}
REVERSE = {"Z4": 29100}
SIZES = {"Δ2-4": 120 + 4 + 100, "Δ3-4": 120 + 100}
ASSAYS = {"Q2/Z4": "Δ2-4", "Q3/Z4": "Δ3-4"}
SAMPLES = {
    "S1": ({"Δ3-4": 8000}, "Δ3-4"),
    "S2": ({"Δ2-4": 8000}, "Δ2-4"),
    "S3": ({"Δ2-4": 6000, "Δ3-4": 6000}, "mixed"),
    "S4": ({}, "negative"),
}


def reverse_complement(sequence):
    return sequence.translate(str.maketrans("ACGT", "TGCA"))[::-1]


def write_facts(folder, info, files):
    """Write a folder of facts; `files` is content by (place in info.yaml, file name)."""
    folder.mkdir(parents=True)
    for (keys, name), text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        info = keys(info, name, sha256(text.encode()).hexdigest())
    (folder / "info.yaml").write_text(yaml.safe_dump(info, allow_unicode=True), encoding="utf-8")


def table(*rows):
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def write_reference(folder, sequence):
    def placed(key):
        return lambda info, name, digest: {**info, key: {"file": name, "sha256": digest}}

    def recorded(info, name, digest):
        record = {"name": "locus", "chromosome": "chrM", "start": CHROMOSOME_START}
        return {**info, "records": [{**record, "source": "t", "file": name, "sha256": digest}]}

    shift = CHROMOSOME_START - 1
    exons = [
        (number, start + shift, start + shift + EXON_NT - 1)
        for number, start in EXON_STARTS.items()
    ]
    junctions = [
        ("main", left + shift, inserted, "locus", right + shift, "sequenced")
        for left, right, inserted in JUNCTIONS.values()
    ]
    head = ("form", "left_last_base", "inserted_nt", "right_record", "right_first_base", "evidence")
    info = {"gene": "MADE1", "assembly": "MU1", "sequence_accession": "MU_1.1"}
    info |= {"transcript": "MU_T.1", "numbering": "exons as made up"}
    files = {
        (recorded, "locus.fa"): f">locus\n{sequence}\n",
        (placed("exons"), "exons.tsv"): table(("exon", "start", "end"), *exons),
        (placed("breakpoints"), "breakpoints.tsv"): table(head, *junctions),
    }
    write_facts(folder, info, files)


def write_panel(folder, sequence):
    def placed(info, name, digest):
        return {**info, "files": {**info["files"], name: digest}}

    left = {name: sequence[place - 1 : place - 1 + PRIMER_NT] for name, place in FORWARD.items()}
    right = {
        name: reverse_complement(sequence[place - PRIMER_NT : place])
        for name, place in REVERSE.items()
    }
    primers = [(name, "primer", text, "+", name[1], "") for name, text in left.items()]
    primers += [(name, "primer", text, "-", name[1], "") for name, text in right.items()]
    assays = [(name, *name.split("/"), "breakpoint", "") for name in ASSAYS]
    head = ("name", "kind", "sequence", "strand", "borders_exon", "note")
    info = {"name": "made_up", "version": "1", "title": "Made-up panel", "citation": "none"}
    files = {
        (placed, "primers.tsv"): table(head, *primers),
        (placed, "assays.tsv"): table(
            ("name", "forward", "reverse", "kind", "aliases"),
            *assays,
            ("GENE", "", "", "control_gene", ""),
        ),
    }
    write_facts(folder, {**info, "files": {}}, files)


def write_plan(path):
    dna, both = {"input_ng": 100}, dict.fromkeys(JUNCTIONS, 3000)
    controls = [
        {"name": "NTC", "role": "ntc"},
        {"name": "WT", "role": "negative_control", **dna},
        {
            "name": "PC",
            "role": "positive_control",
            **dna,
            "alleles": both,
        },
    ]
    samples = [{"name": name, **dna, "alleles": held} for name, (held, _) in SAMPLES.items()]
    plan = {
        "name": RUN,
        "format": "generic",
        "seed": 11,
        "date": "2026-03-04",
        "cycles": 40,
        "threshold": 0.2,
        "baseline": {"kind": "line", "start": 3, "end": None},
        "assays": [*ASSAYS, "GENE"],
        "samples": [*controls, *samples],
    }
    path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of the made-up run, of the shipped configuration but for panel and reference."""
    folder = tmp_path_factory.mktemp("second")
    draw = random.Random(20260304)
    sequence = "".join(draw.choice("ACGT") for _ in range(LENGTH))
    write_reference(folder / "reference", sequence)
    write_panel(folder / "panel", sequence)
    write_plan(folder / "plan.yaml")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    paths = {name: str(folder / name) for name in ("panel", "reference", "runs")}
    (folder / "own.yaml").write_text(yaml.safe_dump({**config, **paths}, allow_unicode=True))
    options = ["--config", folder / "own.yaml", "simulate", folder / "plan.yaml", folder / "runs"]
    assert main([str(option) for option in options]) == 0
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "2", "--config"]
    command += ["panel=panel", "reference=reference", "runs=runs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "results"


def test_the_panel_is_verified(results):
    """Sizes by hand: pieces of 120 and 100 nt, and what was inserted between."""
    panel = json.loads((results / "panel/panel.json").read_text(encoding="utf-8"))
    assert panel["verdict"] != "FAIL"
    assert panel["reference"]["gene"] == "MADE1"
    products = {
        (row["allele"], row["assay"]): (int(row["size_min"]), int(row["size_max"]))
        for row in rows(results / "panel/products.tsv")
        if row["product"] == "must"
    }
    assert products == {
        (label, assay): (SIZES[label], SIZES[label]) for assay, label in ASSAYS.items()
    }
    sites = {row["primer"]: row for row in rows(results / "panel/sites.tsv") if row["edits"] == "0"}
    starts = {name: int(row["start"]) + 1 for name, row in sites.items()}
    assert starts == FORWARD | {name: end - PRIMER_NT + 1 for name, end in REVERSE.items()}


def test_every_sample_is_called_as_it_was_made(results):
    called = {row["sample"]: row for row in rows(results / f"runs/{RUN}/samples.tsv")}
    assert {name: row["call"] for name, row in called.items()} == {
        name: call for name, (_, call) in SAMPLES.items()
    }
    for name, (held, _) in SAMPLES.items():
        assert called[name]["deletions"] == ";".join(sorted(held))


def test_the_simulator_expected_the_same(results):
    """The expectation follows from the truth of the plate, not from a call."""
    expected = rows(results.parent / f"runs/{RUN}/expected/samples.tsv")
    assert {row["sample"]: row["call"] for row in expected} == {
        name: call for name, (_, call) in SAMPLES.items()
    }


def test_report_and_summary_speak_of_this_panel_alone(results):
    run = results / f"runs/{RUN}"
    assert (run / "report.pdf").read_bytes().startswith(b"%PDF-")
    shown = [run / "report.json", results / "summary/index.html", results / "panel/panel.json"]
    for path in shown:
        text = re.sub(r"base64,[A-Za-z0-9+/=\s]+", "", path.read_text(encoding="utf-8"))
        assert "Δ3-4" in text, path
        foreign = [w for w in ("IKZF", "Δ4-7", "F.2a", "R-8", "ALB", "chr7") if w in text]
        assert foreign == [], path
    assert "MADE1" in shown[0].read_text(encoding="utf-8")
