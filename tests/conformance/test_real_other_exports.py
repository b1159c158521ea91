"""Real exports of Bio-Rad, Roche, Qiagen, Agilent and Analytik Jena against their truth tables."""

import csv

import pytest
from real_exports import PANEL, SAMPLES, SETTINGS, needs_samples, read, truth

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.runs import Status

TRUTHS = {
    "cfx/cfx_maestro_cq_results.csv": "cfx",
    "cfx/cfx384_manager_NA.csv": "cfx",
    "cfx/cfx_manager_tab_decimal_comma.txt": "cfx",
    "roche/lc480_absquant_cp.txt": "lightcycler480",
    "rotorgene/rotorgene_quant_semicolon_decimal_comma.csv": "rotorgene",
    "rotorgene/rotorgeneq_hrm_cell_lines.rex": "rotorgene",
    "mx/mx_text_report_decimal_comma.txt": "mx",
}
pytestmark = needs_samples


def as_truth(record):
    """The record in the words of a truth table."""
    return {
        "well": record.well,
        "sample": record.sample,
        "target": record.target,
        "task": record.task,
        "dye": record.dye,
        "ct": "" if record.ct is None else f"{record.ct:.4f}",
        "ct_raw": record.ct_text if record.ct is None else "",
        "threshold": "" if record.threshold is None else f"{record.threshold:g}",
        "n_cycles": str(len(record.values) or ""),
        "last_drn": f"{record.values[-1]:.4f}" if record.values else "",
    }


def read_folder(tmp_path, *paths):
    folder = tmp_path / "run"
    folder.mkdir(parents=True)
    for path in paths:
        (folder / path.name).write_bytes(path.read_bytes())
    return read_run(folder, panel=PANEL, settings=SETTINGS)


def cells(path, encoding="utf-8-sig"):
    """The rows of a csv as dictionaries, by Python's own reader."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TRUTHS)
def test_every_reaction_is_read_and_none_invented(name):
    reader, export = read(SAMPLES / name)
    rows = truth(name)
    assert reader == TRUTHS[name]
    if name.endswith(".rex"):  # its truth counts tubes; eight stand in a row of the rotor
        for row in rows:
            letter, place = divmod(int(row["well"]) - 1, 8)
            row["well"] = f"{'ABCDEFGHI'[letter]}{place + 1}"
    found = [as_truth(record) for record in export.records]
    assert [{key: row[key] for key in rows[0]} for row in found] == rows


@pytest.mark.parametrize("name", TRUTHS)
def test_half_a_file_is_refused(tmp_path, name):
    """Each of these is cut inside a row there; a cut between rows cannot be seen."""
    folder = tmp_path / "run"
    folder.mkdir()
    content = (SAMPLES / name).read_bytes()
    (folder / "export").write_bytes(content[: len(content) // 2])
    record, reactions, _ = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert (record.status, reactions) == (Status.REJECTED, [])
    assert "cut off" in record.reason or "unclosed" in record.reason


# Bio-Rad CFX: Cqs and curves of a run


@pytest.mark.parametrize(
    ("run", "cqs"), [("connect_gapdh", 48), ("cfx96_gapdh", 78), ("synthetic_demo_export", 180)]
)
def test_every_cq_of_a_cfx_run_has_its_own_curve(tmp_path, run, cqs):
    """Cq, sample and curve against the files' cells, as Python's csv reads them."""
    paths = sorted((SAMPLES / "cfx" / run).iterdir())
    record, reactions, curves = read_folder(tmp_path, *paths)
    assert (record.status, record.reason) == (Status.READ, "")
    assert len(reactions) == len(curves) == cqs
    series = {
        (column, path.stem.rpartition("_")[2]): [row[column] for row in cells(path)]
        for path in paths
        if "Amplification" in path.name
        for column in cells(path)[0]
    }
    rows = {
        (f"{row['Well'][0]}{int(row['Well'][1:])}", row["Fluor"]): row
        for path in paths
        if "Cq" in path.name
        for row in cells(path)
    }
    for reaction, curve in zip(reactions, curves, strict=True):
        key = (reaction.well, reaction.dye)
        row = rows.pop(key)
        assert reaction.ct_text == row["Cq"]
        assert reaction.ct == (None if row["Cq"] in ("NaN", "N/A") else float(row["Cq"]))
        assert (reaction.sample, reaction.target) == (row["Sample"], row["Target"])
        assert list(curve.values) == [float(cell) for cell in series[key]]
    assert not rows
    off = {finding.code for finding in record.noticed} & {"ct_off_curve", "cts_off_one_line"}
    assert not off


def test_curves_of_another_cfx_run_are_refused(tmp_path):
    """Both runs are called `run` and have wells in common: only the curves themselves tell."""
    cq = SAMPLES / "cfx/cfx96_gapdh/run -  Quantification Cq Results.csv"
    other = SAMPLES / "cfx/connect_gapdh/run -  Quantification Amplification Results_SYBR.csv"
    record, reactions, _ = read_folder(tmp_path, cq, other)
    assert (record.status, reactions) == (Status.REJECTED, [])
    assert "34 of 44 curves of SYBR do not cross one line at their Cts" in record.reason


# Roche LightCycler 480


def test_raw_data_of_a_light_cycler_480_are_read_whole():
    """Against the file's cells: 96 wells, program 2, 45 cycles, channel 465-510."""
    path = SAMPLES / "roche" / "lc480_raw_data.txt"
    reader, export = read(path)
    assert (reader, export.joins, export.n_cycles) == ("lightcycler480", "lightcycler480", 45)
    assert export.plate == "HL60_U937_coculture_IL10"
    light = {}
    for line in path.read_text(encoding="utf-8").splitlines()[2:]:
        well, sample, program, _, cycle, _, _, value = line.split("\t")
        assert program == "2"
        light.setdefault((well, sample), {})[int(cycle)] = float(value)
    assert len(light) == len(export.records) == 96
    for record in export.records:
        values = light[record.well, record.sample]
        assert record.values == tuple(values[cycle] for cycle in range(1, 46))


def test_raw_data_without_cps_and_cps_of_another_experiment_are_refused(tmp_path):
    raw = SAMPLES / "roche" / "lc480_raw_data.txt"
    record, _, _ = read_folder(tmp_path / "a", raw)
    assert "no results of their plate" in record.reason
    record, _, _ = read_folder(tmp_path / "b", raw, SAMPLES / "roche" / "lc480_absquant_cp.txt")
    assert "curves of plate 'HL60_U937_coculture_IL10', results in lc480" in record.reason


# Qiagen Rotor-Gene


def test_a_rotor_gene_csv_tells_run_and_channel():
    """Its date is that of the export: another one stands in each csv of one run."""
    _, export = read(SAMPLES / "rotorgene/rotorgene_quant_semicolon_decimal_comma.csv")
    assert (export.plate, export.run_date) == ("Run 2010-09-22 (3)", "")
    assert {record.target for record in export.records} == {"Cycling A.FAM"}
    assert [r.well for r in export.records if r.ct is None] == ["H8", "I2"]


def test_a_run_file_holds_the_cycling_and_not_the_melt():
    """55 cycles of Cycling A.Green; the HRM of 127 points beside it is no curve."""
    _, export = read(SAMPLES / "rotorgene/rotorgeneq_hrm_cell_lines.rex")
    assert {(r.dye, r.curve_kind, len(r.values)) for r in export.records} == {
        ("Cycling A.Green", "raw", 55)
    }
    assert (export.run_date, export.software) == ("2017-06-17", "REX 3.14")
    assert export.records[0].values[:2] == (1.30037384603647, 1.33276656966288)


# Agilent Mx


def test_instrument_data_of_an_mx_are_read_whole():
    """Against the file's cells: 34 wells by number along the rows, four assays, 45 cycles."""
    path = SAMPLES / "mx" / "mx3005p_instrument_data.txt"
    _, export = read(path)
    assert (export.plate, export.n_cycles, len(export.records)) == ("run03", 45, 136)
    light = {}
    for line in path.read_text(encoding="utf-8").splitlines()[2:]:
        cells = [cell.strip() for cell in line.split("\t")]
        light.setdefault((int(cells[3]), cells[4]), []).append(float(cells[6]))
    for record in export.records:
        row, column = "ABCDEFGH".index(record.well[0]), int(record.well[1:])
        assert list(record.values) == light.pop((12 * row + column, record.target))
    assert not light


def test_instrument_data_join_no_report_of_another_name(tmp_path):
    folder = SAMPLES / "mx"
    record, _, _ = read_folder(tmp_path, *folder.iterdir())
    assert (record.status, "curves of plate 'run03'" in record.reason) == (Status.REJECTED, True)


# Analytik Jena qTOWER


def test_a_qtower_table_is_read_whole():
    """No truth table: against the file's cells, as Python's csv reads them."""
    path = SAMPLES / "qtower" / "qtower384_qpcrsoft_latin1.csv"
    reader, export = read(path)
    assert (reader, export.run_date) == ("qtower", "2022-09-15")
    assert export.instrument == "Analytik Jena qTOWER³84 /G"
    text = path.read_text(encoding="cp1252")
    rows = list(csv.DictReader(text[text.index("Well,,") :].splitlines()))
    assert len(rows) == len(export.records) == 360
    for row, record in zip(rows, export.records, strict=True):
        gene, ct = row["GOI"] or row["Reference gene"], row["Ct GOI"] or row["Ct Ref. gene"]
        assert not (row["GOI"] and row["Reference gene"])
        assert (record.well, record.sample) == (row["Well"], row["Sample name"])
        assert (record.task, record.target, record.ct_text) == (row["Sample type"], gene, ct)
        assert record.ct == (float(ct) if ct[:1].isdigit() else None)
        state = "undetermined" if ct == "No Ct" else "ok" if ct else "no_data" if gene else "empty"
        assert record.state == state
    assert [f.code for f in export.noticed] == ["encoding_guessed"]
