"""The documents say what the code does: formats, commands, keys, and the worked example."""

import re
from pathlib import Path

import yaml

from breakpoint_pcr.cli import main
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.curves.classes import Reason
from breakpoint_pcr.ingest.readers import readers
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.samplesheet import COLUMNS
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import Role, State

DOCS = Path("docs")
CONFIG = read_yaml(Path("config/config.yaml"))


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


def block(language):
    """Return the only fenced block of docs/formats.md in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", text_of("formats.md"), re.DOTALL)
    return found


def test_every_reader_stands_in_the_formats_and_nothing_else():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", text_of("formats.md"), re.MULTILINE)
    assert rows == [(reader.name, reader.title) for reader in readers()]


def test_the_readme_lists_the_formats():
    text = Path("README.md").read_text(encoding="utf-8")
    listed = text.partition("<!-- formats -->\n")[2].partition("<!-- end of formats -->")[0]
    assert listed == "".join(f"- {reader.title}\n" for reader in readers())


def test_formats_prints_the_same(capsys):
    assert main(["formats"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{reader.name}\t{reader.title}" for reader in readers()]


def read_example(tmp_path, generic):
    folder = tmp_path / "run"
    folder.mkdir(exist_ok=True)
    (folder / "export.csv").write_bytes(block("csv").encode("gb18030"))
    ingest = CONFIG["ingest"] | {"generic": CONFIG["ingest"]["generic"] | generic}
    panel = load_panel(Path("resources/primers/ikzf1"))
    return read_run(folder, panel=panel, settings=IngestSettings.from_config(ingest))


def test_the_worked_example_is_read(tmp_path):
    """Expected values are those that the document prints."""
    overlay = yaml.safe_load(block("yaml"))["ingest"]["generic"]
    record, reactions, _ = read_example(tmp_path, overlay)
    assert (record.status, record.reason) == (Status.READ, "")
    found = [(r.well, r.sample, r.assay, r.role, r.state, r.ct) for r in reactions]
    assert found == [
        ("A1", "NTC", "F.4/R-7", Role.NTC, State.UNDETERMINED, None),
        ("A2", "PC", "F.4/R-7", Role.POSITIVE_CONTROL, State.OK, 27.31),
        ("A3", "S-01", "F.4/R-7", Role.UNKNOWN, State.OK, 30.02),
        ("A3", "S-01", "ALB", Role.UNKNOWN, State.OK, 24.87),
    ]
    assert reactions[0].ct_text == "未检出"


def test_the_worked_example_needs_its_configuration(tmp_path):
    record, _, _ = read_example(tmp_path, {})
    assert record.status is Status.REJECTED


def test_the_calling_document_names_every_reason_of_a_curve():
    text = text_of("calling.md")
    assert [reason for reason in Reason if reason not in text] == []


def test_keys_that_the_documents_name_exist():
    known = {key for section in CONFIG.values() if isinstance(section, dict) for key in section}
    limits = set(re.findall(r"`(\w+_(?:min|max|none|limit|room))`", text_of("calling.md")))
    inner = set(CONFIG["controls"]["control_gene"])
    assert limits <= known | inner
    assert len(limits) > 10


def test_the_guide_names_every_column_of_the_sheet_and_every_command(capsys):
    text = text_of("user-guide.md")
    assert [column for column in COLUMNS if f"`{column}`" not in text] == []
    try:
        main(["--help"])
    except SystemExit:
        commands = re.findall(r"^    ([a-z][a-z-]+)", capsys.readouterr().out, re.MULTILINE)
    assert len(commands) > 4
    assert [name for name in commands if f"`breakpoint-pcr {name}" not in text] == []


def test_links_between_the_documents_lead_somewhere():
    for path in (Path("README.md"), Path("CHANGELOG.md"), *DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)
