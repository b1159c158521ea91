"""`breakpoint-pcr explain`: it says what samples.tsv says, of wells that exist, and what to do."""

import json
import re
from pathlib import Path

import pytest

from breakpoint_pcr.calling import CallSettings, call_run
from breakpoint_pcr.calling.primers import unconfirmed_primers
from breakpoint_pcr.calling.results import _there_is
from breakpoint_pcr.cli import main
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.verification import verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.runs import RunRecord, Status, write_record
from breakpoint_pcr.tables import (
    Clone,
    Detected,
    LevelMethod,
    Product,
    Reaction,
    Sample,
    SampleLevel,
    Site,
    read_table,
    write_curves,
    write_table,
)

DEMO = Path("resources/demo/runs")
RUNS = sorted(path.name for path in DEMO.iterdir())
CONFIG = read_yaml(Path("config/config.yaml"))
PANEL = load_panel(Path(CONFIG["panel"]))
LIMITS = {key: CONFIG[key] for key in ("calling", "curves", "controls", "replicates")}
PLACE = re.compile(r"(?<![\w.+/-])([A-P](?:[1-9]|1\d|2[0-4]))(?![\w./-])")
CLEAN, HARD, FAILED = RUNS


def make_run(folder, run, products, sites):
    """Write what snakemake writes of a run, as far as explain reads it."""
    settings = IngestSettings.from_config(CONFIG["ingest"])
    record, reactions, curves = read_run(DEMO / run, panel=PANEL, settings=settings)
    called = call_run(
        record,
        reactions,
        curves,
        products,
        panel=PANEL,
        settings=CallSettings.from_config(**LIMITS),
        unconfirmed=unconfirmed_primers(PANEL, sites, ()),
    )
    folder.mkdir(parents=True)
    write_record(folder / "run.json", record)
    write_table(folder / "reactions.tsv", Reaction, reactions)
    write_curves(folder / "curves.tsv", curves)
    write_table(folder / "samples.tsv", Sample, called.samples, [a.name for a in PANEL.assays])


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    locus = load_reference(Path(CONFIG["reference"]))
    found = verify(PANEL, locus, Conditions.from_config(CONFIG["primers"]))
    (folder / "panel").mkdir()
    write_table(folder / "panel/products.tsv", Product, found.products)
    write_table(folder / "panel/sites.tsv", Site, found.sites)
    for run in RUNS:
        make_run(folder / "runs" / run, run, found.products, found.sites)
    return folder


@pytest.fixture
def explain(results, capsys):
    """Return a function that gives the page on a sample as one line per paragraph."""

    def explained(run, sample, status=0):
        assert main(["explain", run, sample, "--results", str(results)]) == status
        printed = capsys.readouterr()
        return printed.err if status else printed.out

    return explained


def flowing(page):
    """The page without its line breaks, to look for sentences in it."""
    return " ".join(page.split())


@pytest.mark.parametrize("run", RUNS)
def test_the_page_of_every_sample_agrees_with_the_table(results, explain, run):
    places = {row.well for row in read_table(results / "runs" / run / "reactions.tsv", Reaction)}
    for row in read_table(results / "runs" / run / "samples.tsv", Sample):
        page = explain(run, row.sample)
        assert page.startswith(f"{run} / {row.sample}: {row.call}\n")
        text = flowing(page)
        if row.deletions:
            found = re.search(r"found(?:, whatever the unknown assays are)?: ([^a-z]*) ", text)
            assert found[1].split()[: len(row.deletions)] == ", ".join(row.deletions).split()
        if row.candidates:
            assert f"calls that remain possible: {', '.join(row.candidates)}" in text
        named = set(PLACE.findall(page))
        assert named
        assert named <= places
        for flag in row.flags:
            assert f"  {flag}: " in page
        assert ("What would settle it" in page) is (row.call in ("inconclusive", "invalid"))
        assert max(map(len, page.splitlines())) <= 100
        assert "{" not in page


def test_a_clear_class(explain):
    text = flowing(explain(CLEAN, "S01"))
    # The plan puts 12,000 copies of Δ4-7 into S01; F.4/R-7 is row C, S01 column 4.
    assert "F.4/R-7: positive. Would show Δ4-7 163-184 bp C4 Ct 26.5527, own Ct" in text
    assert "positive (standard curve, Ct 26.5527 below 36)" in text
    assert (
        "as it should be: no-template control C1 (NTC: no Ct, no amplification (no rise))" in text
    )
    assert "1. F.4/R-7 positive, explained by Δ4-7" in text
    assert "Δ4-8: alone it does not explain F.4/R-7 (C4) positive; F.4/R-8 (F4) negative" in text
    assert "mixed: Δ4-7 explains all that is positive: F.4/R-7 (C4)" in text
    assert "negative: F.4/R-7 (C4) positive" in text
    assert "primer_unconfirmed: R-8 has no exact site" in text


def test_mixed(explain):
    text = flowing(explain(CLEAN, "S06"))
    assert "F.2a/R-7, F.4/R-7 positive, explained by Δ2-7 with Δ4-7" in text
    assert "Δ2-7: it is there, but not alone; alone it does not explain F.4/R-7 (C9)" in text


def test_negative(explain):
    text = flowing(explain(CLEAN, "S07"))
    assert "none of the deletions that the plate shows was found" in text
    assert "Δ2-7: F.2a/R-7 (A10), F.2b/R-7 (B10) negative" in text
    assert "than its input of 100 ng explains (from 10 other samples and controls)" in text


def test_invalid_for_want_of_dna(explain):
    text = flowing(explain(HARD, "S17"))
    assert "Δ4-7: F.4/R-7 (C10) negative; without adequate DNA this excludes nothing" in text
    assert "1. Repeat the sample from DNA, with more of it" in text
    assert "control gene ALB: G10 negative (no Ct" in text


def test_invalid_for_want_of_wells(explain):
    text = flowing(explain(FAILED, "S25"))
    assert "Δ4-7: neither shown nor excluded: not one well can be used" in text
    assert "1. Repeat every assay of the sample: not one of its wells can be used" in text


def test_inconclusive_says_what_to_repeat_and_what_it_would_mean(explain):
    text = flowing(explain(HARD, "S16"))
    assert "F.4/R-7: review (replicates disagree)" in text
    assert "Δ4-7: not ruled out: F.4/R-7 (C9, H9) is unknown" in text
    assert "1. Repeat F.4/R-7: C9 positive (standard curve, Ct 28.0664 below 36), H9 " in text
    assert "If positive, the sample is Δ4-7; if negative, negative" in text


def test_failed_controls_are_named(explain):
    text = flowing(explain(FAILED, "S21"))
    assert "F.4/R-7: negatives stand, positives do not failed: no-template control C1 (NTC:" in text
    assert "F.2a/R-8: positives stand, negatives do not" in text
    assert "failed: positive control D3 (PC: no Ct, no amplification (no rise))" in text
    assert "1. Repeat F.4/R-7 (C4) beside controls that hold: no-template control" in text
    assert "If positive, the sample is Δ4-7 or mixed; if negative, Δ2-8 or negative" in text


def test_what_changes_nothing_need_not_be_repeated(explain):
    """S29: F.2b/R-8 is open, but would be the Δ2-8 that F.2a/R-8 shows."""
    text = flowing(explain(FAILED, "S29"))
    settle = text.partition("What would settle it")[2]
    assert "1. Run F.4/R-7 for this sample: it was left out." in settle
    assert "F.2b/R-8" not in settle


def test_overridden(results, explain, tmp_path, capsys):
    record = json.loads((results / "runs" / CLEAN / "run.json").read_text(encoding="utf-8"))
    decision = {"scope": "sample", "subject": "S09", "assay": "", "decision": "negative"}
    signed = {"by": "Dr X", "date": "2026-01-31", "reason": "carry-over from S01"}
    record["overrides"] = [decision | signed]
    folder = tmp_path / "runs" / CLEAN
    folder.mkdir(parents=True)
    (tmp_path / "panel").symlink_to(results / "panel")
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    for name in ("reactions.tsv", "curves.tsv", "samples.tsv"):
        (folder / name).symlink_to(results / "runs" / CLEAN / name)
    assert main(["explain", CLEAN, "S09", "--results", str(tmp_path)]) == 0
    page = capsys.readouterr().out
    # samples.tsv was made before the decision.
    warning, _, page = page.partition("\n\n")
    assert warning.startswith("warning: samples.tsv says Δ4-7: it was made with other limits")
    assert page.startswith(f"{CLEAN} / S09: negative\n")
    text = flowing(page)
    assert "set to negative by Dr X, 2026-01-31: carry-over from S01 by the rules it is" in text
    assert "1. F.4/R-7 positive, explained by Δ4-7" in text


def test_levels_are_shown_where_there_are_any(results, explain):
    path = results / "runs" / CLEAN / "levels.tsv"
    level = SampleLevel(
        CLEAN,
        "S01",
        "Δ4-7",
        Detected.YES,
        "F.4/R-7",
        LevelMethod.NONE,
        *(None,) * 4,
        Clone.UNKNOWN,
        *(None,) * 3,
        "Δ4-7 in 79 % of cells",
        "",
    )
    write_table(path, SampleLevel, [level])
    try:
        assert "\nLevel\n  Δ4-7 in 79 % of cells\n" in explain(CLEAN, "S01")
        assert "\nLevel\n" not in explain(CLEAN, "S02")
    finally:
        path.unlink()


# --- what cannot be explained ---------------------------------------------------------------------


def test_unknown_run(explain):
    said = explain("2026-01-13_abi7500", "S01", status=1)
    assert said.startswith("error: 2026-01-13_abi7500: no such run in ")
    assert said.endswith(f"; there is {', '.join(RUNS)}\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ("S99", "S99: no such sample in 2026-01-12_abi7500; there is S01, S02, S03, S04, S05"),
        ("NTC", "NTC: a control or standard (ntc), which is not called"),
    ],
)
def test_unknown_sample(explain, sample, words):
    said = explain(CLEAN, sample, status=1)
    assert said.startswith(f"error: {words}")
    assert said.count("\n") == 1


def test_among_many_samples_the_nearest_are_named():
    known = [f"S{n:02}" for n in range(1, 97)]
    assert _there_is("X41", known) == "did you mean S41?"
    assert _there_is("patient", known).endswith("S12 and 84 more")


def test_results_that_are_not_there(tmp_path, capsys):
    def said():
        assert main(["explain", CLEAN, "S01", "--results", str(tmp_path)]) == 1
        return capsys.readouterr().err

    assert "no results; run snakemake first, or name their folder" in said()
    (tmp_path / "runs" / CLEAN).mkdir(parents=True)
    assert "run.json: file missing; run snakemake first" in said()


def test_rejected_run(results, tmp_path, capsys):
    folder = tmp_path / "runs" / CLEAN
    folder.mkdir(parents=True)
    (tmp_path / "panel").symlink_to(results / "panel")
    record = RunRecord(CLEAN, Status.REJECTED, reason="export.csv line 43: column 'Ct' missing")
    write_record(folder / "run.json", record)
    for name in ("reactions.tsv", "curves.tsv"):
        (folder / name).write_text("")
    assert main(["explain", CLEAN, "S01", "--results", str(tmp_path)]) == 1
    words = "rejected, so nobody is called: export.csv line 43: column 'Ct' missing"
    assert capsys.readouterr().err == f"error: {CLEAN}: {words}\n"
