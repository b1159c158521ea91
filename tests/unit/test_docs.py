"""The documents say what the code does: formats, commands, keys, and the worked example."""

import re
from pathlib import Path

from breakpoint_pcr.cli import main
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.curves.classes import Reason
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.samplesheet import COLUMNS

DOCS = Path("docs")
CONFIG = read_yaml(Path("config/config.yaml"))


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


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
