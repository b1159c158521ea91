"""What results must never hold: paths and names of the machine, and text of data that acts."""

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pikepdf
import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources/demo/runs/2026-01-12_abi7500"
FOLDER, HOME, USER = "folder-quokka", "home-wombat", "user-numbat"
# One name for each of the plate's nine samples, then those of a small export.
IN_THE_SHEET = [
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>",
    '#import "evil.typ": *',
    "$x$ *b* `c` <label> @ref",
    "two\nlines\tand a tab",
    "n" * 200,
    "\u202eevil اسم",
    "../../../../escape",
    "</script><script>alert(1)</script>",
]
IN_THE_EXPORT = [
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "${HOME} $(id) {run} %s",
    "a\u2066b",
    "李明",
    "emoji 😀",
]
# U+202E, U+2066 and controls, which would change how a line reads, become blanks.
KEPT = {
    "two\nlines\tand a tab": "two lines and a tab",
    "\u202eevil اسم": "evil اسم",
    "a\u2066b": "a b",
}
CONFIG = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
# Everything that is made on request too, where the workflow has it.
RULES = " ".join(p.read_text(encoding="utf-8") for p in (ROOT / "workflow/rules").glob("*.smk"))
TARGETS = ["all", *(name for name in ("draw_figures",) if f"rule {name}:" in RULES)]
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")


def sheet_text():
    """The demo's sample sheet with hostile names, specimens and patient references."""
    rows = list(csv.reader(io.StringIO((DEMO / "samplesheet.csv").read_text(encoding="utf-8"))))
    header, controls = rows[0], rows[1:4]
    samples = [
        [f"A{n}:G{n}", name, "", "unknown", "", "100", IN_THE_EXPORT[0], name, "", ""]
        for n, name in enumerate(IN_THE_SHEET, 4)
    ]
    text = io.StringIO()
    csv.writer(text).writerows([header, *controls, *samples])
    return text.getvalue()


def export_text():
    text = io.StringIO()
    rows = [
        [f"{row}{column}", name, target, "31.5"]
        for column, name in enumerate(IN_THE_EXPORT, 1)
        for row, target in zip("AB", ("F.4/R-7", "=1+1"), strict=True)
    ]
    csv.writer(text).writerows([["Well", "Sample", "Target", "Ct"], *rows])
    return text.getvalue()


def lay_out(folder):
    """Write the run folders, and a panel and a reference that the config names by whole path."""
    plate, small, broken = (folder / "runs" / name for name in ("plate", "small", "broken"))
    shutil.copytree(DEMO, plate)
    (plate / "samplesheet.csv").write_text(sheet_text(), encoding="utf-8")
    (plate / "run.yaml").write_text(
        "operator: '<img src=x onerror=alert(1)>'\ncomments: '=cmd()'\n", encoding="utf-8"
    )
    for run, text in ((small, export_text()), (broken, "Well,Sample,Target,Ct\nA1,a\0b,x,<b>\n")):
        run.mkdir()
        (run / "export.csv").write_text(text, encoding="utf-8")
    (plate / "<img src=x onerror=alert(1)>.txt").write_text("no export", encoding="utf-8")
    shutil.copytree(ROOT / "resources/primers/ikzf1", folder / "panel")
    shutil.copytree(ROOT / "resources/reference/ikzf1", folder / "reference")
    overlay = {key: str(folder / key) for key in ("runs", "panel", "reference")}
    overlay["report"] = {"per_sample": True} if "per_sample" in CONFIG["report"] else {}
    (folder / "overlay.json").write_text(json.dumps(overlay), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A working folder with telling names whose runs hold hostile text, analysed."""
    base = tmp_path_factory.mktemp("privacy")
    work, home = base / FOLDER, base / HOME
    home.mkdir()
    work.mkdir()
    lay_out(work)
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(work), "--cores", "2", "--configfile", "overlay.json"]
    command += ["--", *TARGETS]
    user = {"HOME": str(home), "USER": USER, "LOGNAME": USER, "MPLCONFIGDIR": mpl.get_cachedir()}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=work,
        env={**os.environ, **user},
    )
    text = done.stdout + done.stderr
    assert done.returncode == 1, text  # `broken` is rejected, the others are finished
    assert (work / "results/runs/plate/report.pdf").is_file(), text
    assert (work / "results/summary/index.html").is_file(), text
    return work


def files(folder, *kinds):
    found = [path for path in sorted((folder / "results").rglob("*")) if path.is_file()]
    return [path for path in found if not kinds or path.suffix in kinds]


def parts(path):
    """Yield the bytes of a file, and of a PDF also what its streams and attachments hold."""
    yield path.read_bytes()
    if path.suffix != ".pdf":
        return
    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                yield stream_bytes(item)
            elif isinstance(item, pikepdf.Dictionary):
                yield from (bytes(v) for v in item.values() if isinstance(v, pikepdf.String))
        for attached in pdf.attachments.values():
            yield attached.get_file().read_bytes()


def stream_bytes(stream):
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:  # an image
        return stream.read_raw_bytes()


def test_results_name_neither_folder_nor_user_nor_machine(folder):
    secrets = [FOLDER, HOME, USER, str(ROOT), sys.prefix, str(Path.home()) + "/"]
    if len(socket.gethostname()) >= 6:  # a shorter name is found by chance in compressed bytes
        secrets.append(socket.gethostname())
    words = [form for word in secrets for form in (word.encode(), word.encode("utf-16-be"))]
    hits = [
        (path.relative_to(folder), word)
        for path in files(folder)
        for part in parts(path)
        for word in words
        if word in part
    ]
    assert hits == []


def test_logs_name_no_path(folder):
    for path in (folder / "logs").rglob("*.log"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in (FOLDER, HOME, USER, str(ROOT)) if word in text], path
        assert "\u202e" not in text
        assert "\0" not in text


def test_file_names_come_from_runs_and_never_from_samples(folder):
    for path in files(folder):
        assert re.fullmatch(r"[A-Za-z0-9._-]+", path.name), path
    assert {path.name for path in (folder / "results/runs").iterdir()} == {
        "plate",
        "small",
        "broken",
    }
    assert not list(folder.parent.rglob("escape*"))


def test_no_cell_is_a_formula_and_no_row_is_torn(folder):
    for path in files(folder, ".tsv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))
        assert len({len(row) for row in rows}) == 1, path
        assert len(path.read_bytes().split(b"\n")) == len(rows) + 1, path
        risky = [
            cell
            for row in rows
            for cell in row
            if re.match(r"[=+\-@\t\r].", cell) and not NUMBER.fullmatch(cell)
        ]
        assert risky == [], path


def test_nothing_unseen_is_in_a_text(folder):
    for path in files(folder, ".tsv", ".json", ".html", ".svg", ".txt"):
        text = path.read_text(encoding="utf-8")
        assert not set(text) & set("\0\u202e\u2066\u2028\x1b\x07"), path


def samples_of(folder, run):
    with (folder / f"results/runs/{run}/samples.tsv").open(encoding="utf-8", newline="") as file:
        return [row["sample"] for row in csv.DictReader(file, delimiter="\t")]


def test_every_sample_is_kept_under_its_own_name(folder):
    for run, names in (("plate", IN_THE_SHEET), ("small", IN_THE_EXPORT)):
        read = [re.sub(r"^'(?=[=+\-@])", "", name) for name in samples_of(folder, run)]
        assert sorted(read) == sorted(KEPT.get(name, name) for name in names)


class Page(HTMLParser):
    """What a browser would run or load: scripts that are no data, handlers, sources."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.handlers, self.sources, self.runs = [], [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.runs = tag == "script" and dict(attrs).get("type") != "application/json"
        self.scripts += [""] if self.runs else []
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.sources += [value for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data):
        if self.runs:
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self.runs = False


def test_no_page_runs_what_a_name_says(folder):
    (path,) = files(folder, ".html")
    page = Page(path.read_text(encoding="utf-8"))
    template = ROOT / "src/breakpoint_pcr/summary/template/page.html"
    assert len(page.scripts) == len(Page(template.read_text(encoding="utf-8")).scripts)
    assert not [script for script in page.scripts if "alert" in script]
    assert page.handlers == []
    assert "x" not in page.sources


def test_no_picture_holds_more_than_a_picture(folder):
    for path in files(folder, ".svg"):
        tags = {node.tag.rpartition("}")[2] for node in ElementTree.parse(path).iter()}
        assert not tags & {"script", "foreignObject", "a", "image"}, path


def test_every_document_is_json(folder):
    for path in files(folder, ".json"):
        json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_a_pdf_prints_names_as_they_are(folder):
    path = folder / "results/runs/plate/report.pdf"
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    text = re.sub(r"\s", "", done.stdout.decode("utf-8"))
    for name in IN_THE_SHEET[:4] + IN_THE_SHEET[7:]:
        assert re.sub(r"\s", "", name) in text


def test_no_pdf_has_an_action(folder):
    for path in files(folder, ".pdf"):
        with pikepdf.open(path) as pdf:
            keys = {str(k) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) for k in o}
        assert not keys & {"/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA"}, path
