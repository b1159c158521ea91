"""Real RDML of four programs against truth tables that another parser made."""

import zipfile
from xml.etree import ElementTree as ET

import pytest
from real_exports import PANEL, SAMPLES, SETTINGS, needs_samples
from real_exports import read as read_sample
from real_exports import truth as truth_of

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.runs import Status

# Reactions, and what the reader must notice.
FILES = {
    "cfx96_v11_member_not_rdml_data": (60, ["runs_joined", "cq_silent", "cq_missing"]),
    "lc96_v11": (384, ["cq_not_shown"]),
    "ras002_v12_no_cq": (192, ["cq_missing"]),
    "stepone_v10": (24, []),
}
HEADERS = {
    "cfx96_v11_member_not_rdml_data": ("", "rfu", {"FAM", "Cy5"}, {"pos", "unkn", "ntc"}),
    "lc96_v11": ("2014-08-19", "raw", {"FAM", "Hex", "Texas Red", "Cy5"}, {"ntp", "std", "unkn"}),
    "stepone_v10": ("2006-11-10", "raw", {"FAM"}, {"ntc", "unkn", "std"}),
}
SENTINEL = " (sentinel"
RDML = "{http://www.rdml.org}"
pytestmark = needs_samples


def read(stem):
    name, export = read_sample(SAMPLES / "rdml" / f"{stem}.rdml")
    assert name == "rdml"
    return export


def truth(stem):
    return [
        {key: text.partition(SENTINEL)[0] for key, text in row.items()} for row in truth_of(stem)
    ]


def descriptions(stem):
    """Sample names by id, as ElementTree reads them; the truth tables hold the ids."""
    with zipfile.ZipFile(SAMPLES / "rdml" / f"{stem}.rdml") as archive:
        root = ET.fromstring(archive.read("rdml_data.xml"))
    return {
        sample.get("id"): sample.findtext(f"{RDML}description", "").strip()
        for sample in root.iter(f"{RDML}sample")
        if sample.find(f"{RDML}type") is not None
    }


def as_people_see_it(rows, names):
    """Put names for the ids of LightCycler 96: a description, and bACT for FAM@bACT."""
    shown = {"FAM@bACT": "bACT", "Hex@X": "X", "Texas Red@Y": "Y", "Cy5@IPC": "IPC"}
    return [
        row
        | {
            "sample": names[row["sample"]],
            "target": shown.get(row["target"], row["target"]),
        }
        for row in rows
    ]


def as_truth(record):
    return {
        "well": record.well,
        "sample": record.sample,
        "target": record.target,
        "ct": "" if record.ct is None else f"{record.ct:.4f}",
        "ct_raw": record.ct_text if record.ct is None else "",
        "n_cycles": str(len(record.values) or ""),
        "last_drn": f"{record.values[-1]:.4f}" if record.values else "",
    }


@pytest.mark.parametrize("stem", FILES)
def test_every_reaction_is_read_and_none_invented(stem):
    export, expected = read(stem), truth(stem)
    if stem == "lc96_v11":
        expected = as_people_see_it(expected, descriptions(stem))
    found = [as_truth(record) for record in export.records]
    columns = expected[0].keys()
    assert [{key: row[key] for key in columns} for row in found] == expected
    assert (len(found), [f.code for f in export.noticed]) == FILES[stem]


@pytest.mark.parametrize("stem", HEADERS)
def test_headers_are_read(stem):
    export = read(stem)
    kinds = {record.curve_kind for record in export.records}
    dyes, tasks = ({getattr(r, key) for r in export.records} for key in ("dye", "task"))
    assert (export.run_date, *kinds, dyes, tasks) == HEADERS[stem]


@pytest.mark.parametrize("stem", FILES)
def test_half_a_file_is_refused(tmp_path, stem):
    folder = tmp_path / "run"
    folder.mkdir()
    content = (SAMPLES / "rdml" / f"{stem}.rdml").read_bytes()
    (folder / "export").write_bytes(content[: len(content) // 2])
    record, reactions, curves = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert (record.status, reactions, curves) == (Status.REJECTED, [], [])
    assert "damaged zip archive" in record.reason


def test_a_whole_run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    content = (SAMPLES / "rdml" / "lc96_v11.rdml").read_bytes()
    (folder / "export").write_bytes(content)
    record, reactions, curves = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert (record.status, len(reactions), len(curves)) == (Status.READ, 384, 384)
    # 68.85 of 50 cycles: this program extrapolates.
    beyond = [f.sentence for f in record.noticed if f.code == "ct_beyond_cycles"]
    assert any("Ct 68.85 lies beyond the 50 cycles run" in sentence for sentence in beyond)
