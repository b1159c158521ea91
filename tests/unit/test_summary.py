"""Tables, figure and page over all runs, from run folders built by hand."""

import csv
import json
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import permutations
from xml.etree import ElementTree

import pytest
from summary_example import HOSTILE, level, made_up_panel, sample, well, write_run

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.summary import SummarySource, summarise
from breakpoint_pcr.summary.island import ct_words
from breakpoint_pcr.summary.wording import load_page_words
from breakpoint_pcr.tables import (
    Clone,
    Detected,
    Finding,
    Level,
    Outcome,
    Role,
)

CT_LIMIT = 33.5


def three_runs(base):
    """One valid run, a repeat of two of its samples with fewer assays, and a rejected folder."""
    first = RunRecord("z-first", Status.READ, run_date="2026-03-01", instrument="cycler 1")
    lots = {"operator": "op", "primer_lot": "P7", "kit": "K1"}
    second = RunRecord("a-second", Status.READ, run_date="2026-03-08 09:30", laboratory=lots)
    rejected = RunRecord("broken", Status.REJECTED, "export.xls: empty; export again")
    return [
        write_run(
            base,
            first,
            wells=[
                well("z-first", "A1", "S-1", "L/R", Role.UNKNOWN, 35.25, Outcome.NEGATIVE),
                well("z-first", "A1", "S-1", "REF", Role.UNKNOWN, 22.0),
                well("z-first", "H1", "PC", "L/R", Role.POSITIVE_CONTROL, 25.5),
                well("z-first", "H2", "NTC", "L/R", Role.NTC, None, Outcome.NEGATIVE),
            ],
            samples=[
                sample("z-first", "S-2", "Δ2-5", cts={"L/R": "24.123456"}, deletions=("Δ2-5",)),
                sample("z-first", "S-1", "inconclusive", candidates=("Δ2-5", "negative")),
                sample("z-first", "S-3", "negative", flags=("near_cutoff",)),
            ],
            findings=[Finding(Level.WARNING, "well", "A1", "late", "A1 late")],
        ),
        write_run(
            base,
            second,
            wells=[well("a-second", "H1", "PC", "M/R", Role.POSITIVE_CONTROL, 26.25)],
            samples=[
                sample("a-second", "S-1", "negative", cts={"M/R": "33.4999"}),
                sample("a-second", "S-2", "negative", flags=("control_missing",)),
            ],
            findings=[
                Finding(Level.ERROR, "assay", "L/R", "ntc_missing", "no NTC"),
                Finding(Level.WARNING, "assay", "M/R", "positive_control_review", "PC"),
                Finding(Level.INFO, "assay", "M/R", "wild_type_control_missing", "not required"),
            ],
            assays=("M/R",),
        ),
        write_run(base, rejected, assays=()),
    ]


def summarised(folders, base):
    output = base / "summary"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    summarise(SummarySource(tuple(folders), made_up_panel(), CT_LIMIT, "en", output))
    return output


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    base = tmp_path_factory.mktemp("three")
    return summarised(three_runs(base), base)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def island(page):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


class Reader(HTMLParser):
    """Tags with their attributes, and the text of scripts."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def values(self, *attributes):
        return [v for _, attrs in self.tags for name, v in attrs.items() if name in attributes]


def test_runs_stand_in_the_order_of_their_dates_undated_first(output):
    rows = rows_of(output / "runs.tsv")
    assert [row["run"] for row in rows] == ["broken", "z-first", "a-second"]
    first = rows[1]
    assert (first["wells"], first["reactions"], first["samples"]) == ("3", "4", "3")
    counts = [
        first[call] for call in ("Δ2-5", "Δ3-5", "mixed", "negative", "inconclusive", "invalid")
    ]
    assert counts == ["1", "0", "0", "1", "1", "0"]
    assert (first["errors"], first["warnings"], first["infos"]) == ("0", "1", "0")


def test_rejected_run_is_listed_with_its_reason(output):
    row = rows_of(output / "runs.tsv")[0]
    assert (row["status"], row["reason"]) == ("rejected", "export.xls: empty; export again")
    assert row["samples"] == "0"
    assert row["controls"] == ""
    page = (output / "index.html").read_text(encoding="utf-8")
    assert "export.xls: empty; export again" in page
    assert "../runs/broken/report.pdf" in Reader(page).values("href")


def test_controls_of_a_run_in_one_word(output):
    assert [row["controls"] for row in rows_of(output / "runs.tsv")] == ["", "passed", "missing"]


def test_samples_join_the_assays_of_all_runs_in_panel_order(output):
    rows = rows_of(output / "samples.tsv")
    assert list(rows[0])[-3:] == ["L/R", "M/R", "REF"]
    places = [(row["run"], row["sample"]) for row in rows]
    assert places == [
        *(("z-first", name) for name in ("S-2", "S-1", "S-3")),
        *(("a-second", name) for name in ("S-1", "S-2")),
    ]
    assert [row["M/R"] for row in rows] == ["", "", "", "33.4999", ""]
    assert rows[0]["L/R"] == "24.123456"


def test_standing_calls_over_the_runs(output):
    rows = {row["sample"]: row for row in rows_of(output / "standing.tsv")}
    assert list(rows) == ["S-1", "S-2", "S-3"]
    assert (rows["S-1"]["call"], rows["S-1"]["basis_run"]) == ("negative", "a-second")
    assert rows["S-1"]["runs"] == "z-first;a-second"
    assert rows["S-1"]["calls"] == "inconclusive;negative"
    assert (rows["S-2"]["call"], rows["S-2"]["candidates"]) == ("inconclusive", "Δ2-5;negative")
    assert rows["S-3"]["flags"] == "near_cutoff"


def test_control_history(output):
    rows = rows_of(output / "controls.tsv")
    told = [(r["run"], r["assay"], r["sample"], r["role"], r["ct"], r["outcome"]) for r in rows]
    assert told == [
        ("z-first", "L/R", "PC", "positive_control", "25.5", "positive"),
        ("z-first", "L/R", "NTC", "ntc", "", "negative"),
        ("a-second", "M/R", "PC", "positive_control", "26.25", "positive"),
    ]
    assert [row["run_date"] for row in rows] == ["2026-03-01", "2026-03-01", "2026-03-08 09:30"]
    assert [row["instrument"] for row in rows] == ["cycler 1", "cycler 1", ""]
    assert rows[2]["lots"] == "primer_lot: P7; kit: K1"


def test_findings_of_the_runs_and_of_the_whole(output):
    rows = [(row["run"], row["level"], row["code"]) for row in rows_of(output / "findings.tsv")]
    assert rows == [
        ("", "error", "runs_contradict"),
        ("z-first", "warning", "late"),
        ("a-second", "error", "ntc_missing"),
        ("a-second", "warning", "positive_control_review"),
        ("a-second", "info", "wild_type_control_missing"),
    ]


def levelled_runs(base):
    """A run with a fraction and a level that a negative excludes, and a later one with neither."""
    first, second = (RunRecord(n, Status.READ, run_date=f"2026-03-0{n}") for n in "12")
    return [
        write_run(
            base,
            first,
            samples=[
                sample("1", "S-1", "Δ2-5", deletions=("Δ2-5",)),
                sample("1", "S-2", "negative"),
            ],
            levels=[
                level("1", "S-1", "Δ2-5", Detected.YES, fraction=0.42, clone=Clone.CLONAL),
                level("1", "S-2", "Δ2-5", Detected.NO, excluded=2e-4),
            ],
        ),
        write_run(
            base,
            second,
            samples=[sample("2", "S-2", "negative")],
            levels=[level("2", "S-2", "Δ2-5", Detected.NO)],
        ),
    ]


def test_levels_of_all_runs_in_their_order(tmp_path):
    output = summarised(levelled_runs(tmp_path), tmp_path)
    rows = [
        (r["run"], r["sample"], r["fraction"], r["excluded"])
        for r in rows_of(output / "levels.tsv")
    ]
    assert rows == [("1", "S-1", "0.42", ""), ("1", "S-2", "", "0.0002"), ("2", "S-2", "", "")]
    page = (output / "index.html").read_text(encoding="utf-8")
    assert "levels.tsv" in Reader(page).values("href")


def test_page_says_the_level_of_each_result_where_the_run_has_one(tmp_path):
    output = summarised(levelled_runs(tmp_path), tmp_path)
    page = (output / "index.html").read_text(encoding="utf-8")
    data = island(page)
    said = {
        (data["runs"][row["run"]]["run"], row["sample"]): [
            line.replace("\u00a0", " ") for line in row["level"]
        ]
        for row in data["results"]
    }
    assert said == {
        ("1", "S-1"): ["42 %, clonal"],
        ("1", "S-2"): ["excludes ≥ 0.020 %"],
        ("2", "S-2"): [],
    }
    assert data["with_levels"]
    assert page.count('<th scope="col">Level</th>') == 2  # of results and of findings


def test_page_without_levels_has_no_column_for_them(output):
    page = (output / "index.html").read_text(encoding="utf-8")
    assert not island(page)["with_levels"]
    assert page.count('<th scope="col">Level</th>') == 1


def test_undated_run_that_shares_a_sample_is_pointed_out(tmp_path):
    folders = [
        write_run(
            tmp_path, RunRecord(run, Status.READ, run_date=date), samples=[sample(run, "S", "Δ2-5")]
        )
        for run, date in (("one", "2026-03-01"), ("two", "March 2026"))
    ]
    rows = rows_of(summarised(folders, tmp_path) / "findings.tsv")
    assert [(row["run"], row["code"]) for row in rows] == [("two", "run_undated")]


def test_the_order_of_the_runs_given_changes_nothing(tmp_path):
    folders = three_runs(tmp_path)
    written = []
    for order in permutations(folders):
        output = tmp_path / "summary"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        summarise(SummarySource(order, made_up_panel(), CT_LIMIT, "en", output))
        written.append({path.name: path.read_bytes() for path in output.iterdir()})
    assert all(files == written[0] for files in written)
    assert len(written[0]) == 10


def test_page_needs_nothing_from_outside(output):
    page = (output / "index.html").read_text(encoding="utf-8")
    reader = Reader(page)
    assert all(value.startswith("data:image/png;base64,") for value in reader.values("src"))
    allowed = re.compile(r"\.\./runs/[\w.-]+/report\.(pdf|json)|\w+\.(tsv|svg)|#\w+")
    assert all(allowed.fullmatch(value) for value in reader.values("href"))
    assert not {"link", "iframe", "object", "base"} & {tag for tag, _ in reader.tags}


def test_policy_allows_exactly_the_own_script_and_style(output):
    page = (output / "index.html").read_text(encoding="utf-8")
    policy = next(
        attrs["content"]
        for tag, attrs in Reader(page).tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; img-src data:; ")
    for element, count in (("script", 2), ("style", 1)):
        texts = re.findall(f"<{element}>(.*?)</{element}>", page, re.DOTALL)
        digests = [b64encode(sha256(text.encode()).digest()).decode() for text in texts]
        (allowed,) = re.findall(f"{element}-src ([^;]*);", policy)
        assert len(texts) == count
        assert sorted(allowed.split()) == sorted(f"'sha256-{digest}'" for digest in digests)


def test_page_puts_samples_that_need_review_first(output):
    data = island((output / "index.html").read_text(encoding="utf-8"))
    told = [(row["sample"], row["review"], row["contradict"]) for row in data["standing"]]
    assert told == [("S-2", True, True), ("S-3", True, False), ("S-1", False, False)]


def test_page_never_rounds_a_ct_across_the_limit(output):
    """33.4999 is below the limit of 33.5; two decimals would show it at the limit."""
    data = island((output / "index.html").read_text(encoding="utf-8"))
    cts = {(row["sample"], data["runs"][row["run"]]["run"]): row["cts"] for row in data["results"]}
    assert cts["S-1", "a-second"] == ["", "33.4999", ""]
    assert cts["S-2", "z-first"] == ["24.12", "", ""]


@pytest.mark.parametrize(
    ("exported", "said"),
    [
        ("", ""),
        ("Undetermined", "–"),
        ("24.123;Undetermined", "24.12; –"),
        ("21;22;23;24", "21.00; 22.00; 23.00; 24.00"),
        ("23;21;22;24;No Ct", "21.00–24.00 (5 wells)"),
        ("-;-;-;-;-", "– (5 wells)"),
    ],
)
def test_page_says_the_cts_of_a_cell_in_short(exported, said):
    assert ct_words(exported, 33.5, load_page_words("en")) == said


def hostile_runs(base):
    rows = [
        sample("r", name, "negative", reason=name, flags=(name.replace(";", ""),))
        for name in HOSTILE
    ]
    findings = [Finding(Level.ERROR, "sample", name, "code", name) for name in HOSTILE]
    record = RunRecord("r", Status.READ, run_date=HOSTILE[0], instrument=HOSTILE[1])
    rejected = RunRecord("x", Status.REJECTED, reason=HOSTILE[1], format=HOSTILE[2])
    return [
        write_run(base, record, samples=rows, findings=findings),
        write_run(base, rejected),
    ]


def test_hostile_names_stay_text(tmp_path):
    output = summarised(hostile_runs(tmp_path), tmp_path)
    page = (output / "index.html").read_text(encoding="utf-8")
    reader = Reader(page)
    # data, the page's own script and uPlot; this run has no plate
    assert [tag for tag, _ in reader.tags].count("script") == 3
    assert [tag for tag, _ in reader.tags].count("img") == 1
    assert not [n for _, attrs in reader.tags for n in attrs if n.startswith("on")]
    data = island(page)
    assert {row["sample"] for row in data["standing"]} == set(HOSTILE)
    cells = (output / "samples.tsv").read_text(encoding="utf-8").split("\t")
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_browser_draws_hostile_names_as_text(tmp_path):
    output = summarised(hostile_runs(tmp_path), tmp_path)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
    command += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
    command += ["--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    page = (output / "index.html").as_uri()
    done = subprocess.run([*command, page], capture_output=True, text=True, check=True, timeout=60)
    drawn = Reader(done.stdout)
    assert [tag for tag, _ in drawn.tags].count("script") == 3
    assert [tag for tag, _ in drawn.tags].count("img") == 1
    # 8 samples once as standing call and once as result, 8 findings, 2 runs, 5 headings
    assert [tag for tag, _ in drawn.tags].count("tr") == 8 + 8 + 8 + 2 + 5
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in done.stdout


def test_figure_shows_every_ct_and_the_limit(output):
    root = ElementTree.fromstring((output / "ct.svg").read_bytes())
    text = " ".join(t for node in root.iter() for t in [node.text or ""] if t.strip())
    for expected in ("L/R", "M/R", "REF", "z-first", "a-second", "Ct limit 33.5"):
        assert expected in text
    assert "broken" not in text
    clipped = [node for node in root.iter() if node.get("clip-path")]
    points = [child for node in clipped for child in node if child.tag.endswith("}use")]
    assert len(points) == 4  # wells with a Ct, by hand; ticks and legend are not clipped
    assert (output / "ct.png").read_bytes().startswith(b"\x89PNG")


def test_figure_names_are_text_not_formulas(tmp_path):
    name = "$x^2$ <&> 喆"
    record = RunRecord("r", Status.READ)
    wells = [well("r", "A1", "S", name, Role.UNKNOWN, 30.0)]
    output = summarised([write_run(tmp_path, record, wells=wells)], tmp_path)
    root = ElementTree.fromstring((output / "ct.svg").read_bytes())
    assert name in [node.text for node in root.iter()]


def test_outputs_hold_no_clock_and_no_machine_path(output, tmp_path):
    for path in output.iterdir():
        data = path.read_bytes()
        assert str(output.parent).encode() not in data
        assert b"<dc:date>" not in data


def test_ct_statistics_by_hand(tmp_path):
    """Three Cts 20, 23, 30: median 23; a well without a Ct counts as a reaction only."""
    cts = [20.0, 30.0, None, 23.0]
    outcomes = [Outcome.POSITIVE, Outcome.REVIEW, Outcome.NEGATIVE, Outcome.POSITIVE]
    wells = [
        well("r", f"A{place}", "S", "L/R", Role.UNKNOWN, ct, outcome)
        for place, (ct, outcome) in enumerate(zip(cts, outcomes, strict=True), 1)
    ]
    wells.append(well("r", "B1", "NTC", "L/R", Role.NTC, None, Outcome.NEGATIVE))
    folder = write_run(tmp_path, RunRecord("r", Status.READ), wells=wells)
    rows = [tuple(row.values()) for row in rows_of(summarised([folder], tmp_path) / "ct.tsv")]
    assert rows == [
        ("r", "L/R", "unknown", "4", "2", "3", "23.0", "20.0", "30.0"),
        ("r", "L/R", "ntc", "1", "0", "0", "", "", ""),
    ]


def test_no_runs_at_all(tmp_path):
    output = summarised([], tmp_path)
    headers = {p.stem: p.read_text(encoding="utf-8").splitlines() for p in output.glob("*.tsv")}
    assert set(headers) == {
        *("runs", "samples", "standing", "levels", "controls", "ct", "findings")
    }
    assert all(len(lines) == 1 for lines in headers.values())
    page = (output / "index.html").read_text(encoding="utf-8")
    assert "No runs yet" in page
    assert "No Ct in any run" in (output / "ct.svg").read_text(encoding="utf-8")


def test_tables_need_no_matplotlib():
    code = "import sys, breakpoint_pcr.summary as s; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_unknown_language_is_one_line(tmp_path):
    source = SummarySource((), made_up_panel(), CT_LIMIT, "xx", tmp_path)
    with pytest.raises(ConfigError, match="'xx'"):
        summarise(source)
