"""What the LightCycler 96 software writes beside the RDML of a real run, against ElementTree."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import load_panel

RUN = Path(__file__).parents[2].parent / "shared" / "samples" / "rdml" / "lc96_v11.rdml"
SETTINGS = IngestSettings.from_config(
    yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["ingest"]
)
PANEL = load_panel(Path("resources/primers/ikzf1"))
ROW_LETTERS = "ABCDEFGH"
CYCLES = 50
pytestmark = pytest.mark.skipif(
    not RUN.is_file(), reason="the real exports stand beside the project, not in it"
)


def read(tmp_path, change=lambda name, text: text):
    """The run as a .lc96p, its members changed."""
    folder = tmp_path / "run"
    folder.mkdir()
    with (
        zipfile.ZipFile(RUN) as real,
        zipfile.ZipFile(folder / "run.lc96p", "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in real.namelist():
            copy.writestr(name, change(name, real.read(name).decode("utf-8")))
    return read_run(folder, panel=PANEL, settings=SETTINGS)


def well(number):
    row, column = divmod(int(number) - 1, 12)
    return f"{ROW_LETTERS[row]}{column + 1}"


def elements(member, tag):
    with zipfile.ZipFile(RUN) as archive:
        root = ET.fromstring(archive.read(member))
    return [e for e in root.iter() if e.tag.rpartition("}")[2] == tag]


def test_calls_that_the_cqs_deny_are_counted(tmp_path):
    calls = {
        (react.get("id"), graph.get("targetId")): graph[0].text
        for react in elements("calculated_data.xml", "react")
        for graph in react
    }
    denied = 0
    for react in elements("rdml_data.xml", "react"):
        for data in (e for e in react if e.tag.endswith("}data")):
            target, cq = data[0].get("id"), float(data[1].text)
            denied += calls[react.get("id"), target] != "Positive" and cq < CYCLES
    record, _, _ = read(tmp_path)
    (sentence,) = [f.sentence for f in record.noticed if f.code == "cq_not_shown"]
    assert f"holds one: {denied} reactions (" in sentence


def test_a_reaction_that_a_user_excludes_is_omitted(tmp_path):
    graphs = [(r.get("id"), g.get("id")) for r in elements("app_data.xml", "react") for g in r]
    chosen = graphs[5::40]

    def excluding(name, text):
        for _, graph in chosen if name == "app_data.xml" else ():
            start = text.index(f'id="{graph}"')
            text = text[:start] + text[start:].replace('"false"', '"true"', 1)
        return text

    _, reactions, _ = read(tmp_path, excluding)
    omitted = [r.well for r in reactions if r.state == "omitted"]
    assert sorted(omitted) == sorted(well(react) for react, _ in chosen)
