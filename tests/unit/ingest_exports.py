"""Small exports, written by hand, and what the tests of reading share."""

import copy
import io
from pathlib import Path

import xlsxwriter
import yaml

from breakpoint_pcr.ingest.files.source import open_source
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import load_panel

CONFIG = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["ingest"]
PANEL = load_panel(Path("resources/primers/ikzf1"))
HEADER = (
    "* Block Type = 96well\n* Chemistry = TAQMAN\n"
    "* Experiment Run End Time = 2026-03-01 16:42:10 PM CST\n"
    "* Instrument Type = sds7500\n* Passive Reference = ROX\n\n"
)
SETUP = "[Sample Setup]\nWell,Sample Name,Target Name,Task,Reporter\n"
RESULTS = (
    "[Results]\nWell,Sample Name,Target Name,Task,Reporter,Cт,Cт Mean,Ct Threshold,"
    "Baseline Start,Baseline End,Comments,NOAMP\n"
)
CURVES = "[Amplification Data]\nWell,Cycle,Target Name,Rn,ΔRn\n"
# Five cycles; ΔRn crosses 0.2 between cycles 3 and 4: 3 + (0.2 - 0.1) / (0.5 - 0.1) = 3.25.
RISING = (0.0, 0.0, 0.1, 0.5, 1.0)
FLAT = (0.0, 0.01, 0.0, -0.01, 0.0)


def settings(**generic):
    config = copy.deepcopy(CONFIG)
    config["generic"] |= generic
    return IngestSettings.from_config(config)


def result(well, sample, target, ct, *, task="UNKNOWN", flag="N"):
    return f"{well},{sample},{target},{task},FAM,{ct},,0.2,1,2,,{flag}\n"


def curve(well, target, values):
    return "".join(f"{well},{i},{target},{1 + v},{v}\n" for i, v in enumerate(values, 1))


def abi(*results, setup="", curves=""):
    """A 7500 v2 export; rows as made by `result` and `curve`."""
    parts = [HEADER, SETUP + setup + "\n" if setup else "", RESULTS, *results]
    parts += ["\n", "Analysis Type = Singleplex,,,,,,\n", "\n", CURVES + curves if curves else ""]
    return "".join(parts)


PLAIN = abi(
    result("A1", "S1", "F.4/R-7", "3.25"),
    result("A2", "S1", "ALB", "Undetermined"),
    curves=curve("A1", "F.4/R-7", RISING) + curve("A2", "ALB", FLAT),
)


def workbook(sheets):
    """An xlsx in memory from {sheet: rows}."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return content.getvalue()


def folder_of(tmp_path, files, name="run-1"):
    folder = tmp_path / name
    folder.mkdir()
    for file, content in files.items():
        data = content.encode("utf-8") if isinstance(content, str) else content
        (folder / file).write_bytes(data)
    return folder


def read_folder(tmp_path, files, chosen=None, name="run-1"):
    folder = folder_of(tmp_path, files, name)
    return read_run(folder, panel=PANEL, settings=chosen or settings())


def read_export(tmp_path, content, chosen=None, name="export.dat"):
    """The export as its reader returns it, and the reader's name."""
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    source, chosen = open_source(path), chosen or settings()
    reader = next(reader for reader in readers() if reader.sniff(source, chosen))
    return reader.read(source, chosen)


def rejection(tmp_path, files, chosen=None):
    """The one line of a rejected run."""
    record, reactions, curves = read_folder(tmp_path, files, chosen)
    assert (record.status, reactions, curves) == ("rejected", [], [])
    assert "\n" not in record.reason
    return record.reason


def codes(record):
    return [finding.code for finding in record.noticed]


def sentences(record, code):
    return [finding.sentence for finding in record.noticed if finding.code == code]
