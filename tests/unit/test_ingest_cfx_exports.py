"""CFX files as they reach a run folder: names, regions of Windows, all tables at once."""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection, sentences
from test_ingest_cfx import CQ as CQS
from test_ingest_cfx import CURVES, FAM, GOOD, HEADER, HEX, ROWS

from breakpoint_pcr.ingest.formats.cfx_runs import run_and_dye

INFORMATION = (
    "File Name,run 7.pcrd\r\nCreated By User,admin\r\nNotes,\r\nID,\r\n"
    "Run Started,02/03/2026 13:39:16 UTC\r\nRun Ended,02/03/2026 14:54:58 UTC\r\n"
    "Sample Vol,20\r\nCFX Maestro Version,5.0.021.0616. \r\n"
)
STATES = [("A1", 2.5), ("A2", 3.5), ("A3", None), ("A4", 1.5)]


def cqs(reactions):
    return [(reaction.well, reaction.ct) for reaction in reactions]


def test_run_information_tells_date_and_software(tmp_path):
    """CFX writes the start month first and in UTC, whatever the region of its Windows."""
    record, reactions, _ = read_folder(tmp_path, GOOD | {"run 7_Run Information.csv": INFORMATION})
    assert (record.run_date, record.software) == ("2026-02-03", "CFX Maestro 5.0.021.0616")
    assert cqs(reactions) == STATES
    assert "file_not_used" not in codes(record)


def test_run_information_of_another_run_is_not_used(tmp_path):
    text = INFORMATION.replace("run 7", "run 8")
    record, _, _ = read_folder(tmp_path, GOOD | {"run 8 -  Run Information.csv": text})
    assert (record.status, record.run_date, record.software) == ("read", "", "")
    assert sentences(record, "file_not_used") == [
        "run 8 -  Run Information.csv is of plate 'run 8'; not used"
    ]


def test_run_information_alone_is_refused(tmp_path):
    message = rejection(tmp_path, {"run 7 -  Run Information.csv": INFORMATION})
    assert "information on a run, but no results of it; expected both (format cfx)" in message


# As CFX Manager 1 and 2, 3, Maestro, and laboratories write them.
@pytest.mark.parametrize(
    ("file", "run", "dye"),
    [
        ("a b -  Quantification Cq Results.csv", "a b", ""),
        ("a b -  Quantification Cq Results_0.csv", "a b", ""),
        ("a_b-Quantification-Cq_Results.csv", "a b", ""),
        ("a-b-Quantificatio-Cq-Results.csv", "a b", ""),
        ("a b -  Quantitation Ct Results.xlsx", "a b", ""),
        ("a b -  Quantification Summary_0.csv", "a b", ""),
        ("a b -  Quantification Cq Results (1).csv", "a b", ""),
        ("a b -  Quantification Amplification Results_FAM.csv", "a b", "FAM"),
        ("a b -  Quantification Amplification Results.xlsx", "a b", ""),
        ("a b -  Quantitation Amplification Results_Cal Gold 540.txt", "a b", "Cal Gold 540"),
        ("a_b-Quantification-Amplification-Results_Texas_Red.csv", "a b", "Texas Red"),
        ("a b -  Quantification Amplification Results_Cy5.5 (2).csv", "a b", "Cy5.5"),
        ("a b -  Melt Curve Amplification Results_FAM.csv", "", ""),
        ("results.csv", "", ""),
    ],
)
def test_run_and_dye_of_a_name(file, run, dye):
    assert run_and_dye(file) == (run, dye)


def test_renamed_files_join(tmp_path):
    files = {
        "sam_2026-01-02_03-04-05_Connect-Quantification-Cq_Results.csv": GOOD[CQS],
        "sam_2026-01-02 03-04-05_Connect -  Quantification Amplification Results_FAM.csv": CURVES,
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, cqs(reactions), len(curves)) == ("read", STATES, 4)


CUSTOM = (
    INFORMATION + "\r\nWell group,All Wells\r\nAmplification step,3\r\n\r\n"
    "Well,Fluor,Target,Content,Sample,Cq,Starting Quantity (SQ)\r\n"
    "A01,FAM,F.4/R-7,Unkn-1,S1,2.5,NaN\r\nA02,FAM,F.4/R-7,Unkn-2,S2,3.5,NaN\r\n"
    "A03,FAM,F.4/R-7,NTC-6,,NaN,NaN\r\nA04,FAM,F.4/R-7,Pos Ctrl,PC,1.5,NaN\r\n"
)


def test_a_custom_export_names_its_run_above_the_table(tmp_path):
    record, reactions, curves = read_folder(tmp_path, {"result.csv": CUSTOM, FAM: CURVES})
    assert (record.run_date, record.software) == ("2026-02-03", "CFX Maestro 5.0.021.0616")
    assert (cqs(reactions), len(curves)) == (STATES, 4)
    assert [r.role for r in reactions] == ["unknown", "unknown", "ntc", "positive_control"]


def test_a_custom_export_of_another_run_is_refused(tmp_path):
    text = CUSTOM.replace("run 7", "run 8")
    message = rejection(tmp_path, {"result.csv": text, FAM: CURVES})
    assert "curves of plate 'run 7', results in result.csv of plate 'run 8'" in message


def test_a_custom_export_saved_by_a_spreadsheet(tmp_path):
    """Each line is as wide as the table."""
    lines = CUSTOM.split("\r\n")[:-1]
    text = "".join(f"{line}{',' * (6 - line.count(','))}\r\n" for line in lines)
    record, reactions, curves = read_folder(tmp_path, {"result.csv": text, FAM: CURVES})
    assert (record.run_date, record.software) == ("2026-02-03", "CFX Maestro 5.0.021.0616")
    assert (cqs(reactions), len(curves)) == (STATES, 4)


@pytest.mark.parametrize("letters", range(3))
def test_the_name_of_a_run_in_chinese(tmp_path, letters):
    """However the bytes of the samples' names fall."""
    rows = "".join(
        f"{row}{column:02d},FAM,F.4/R-7,Unkn,{'样本' * 9}{row}{column},NaN,NaN\r\n"
        for row in "BCDEFGH"
        for column in range(1, 13)
    )
    text = CUSTOM.replace("run 7", "某轮 7").replace("Notes,", f"Notes,{'x' * letters}") + rows
    files = {"result.csv": text, FAM.replace("run 7", "某轮 7"): CURVES}
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert (len(reactions), len(curves)) == (88, 4)


def test_a_file_named_after_another_run_is_said(tmp_path):
    """The Cq table says itself that it is of run 8; its name, and the curves', say run 7."""
    files = {CQS: CUSTOM.replace("run 7", "run 8"), FAM: CURVES}
    record, _, _ = read_folder(tmp_path, files)
    assert sentences(record, "run_name_differs") == [
        f"{CQS} is named after run 'run 7', and says itself that it is of "
        "'run 8'; taken as of the first; make sure that all files are of one run"
    ]
    record, _, _ = read_folder(tmp_path, {CQS: CUSTOM, FAM: CURVES}, name="same")
    assert "run_name_differs" not in codes(record)


@pytest.mark.parametrize(
    ("old", "new", "date"),
    [
        ("02/03/2026", "13/03/2026", ""),
        ("02/03/2026 13:39:16 UTC", "22/09/2026", "2026-09-22"),
        ("02/03/2026 13:39:16 UTC", "02/03/2026", ""),
        ("run 7.pcrd", "C:\\runs\\run 7.pcrd", "2026-02-03"),
    ],
)
def test_dates_and_paths_of_run_information(tmp_path, old, new, date):
    text = INFORMATION.replace(old, new)
    record, _, _ = read_folder(tmp_path, GOOD | {"run 7 -  Run Information.csv": text})
    assert (record.run_date, "file_not_used" in codes(record)) == (date, False)


def test_a_note_that_names_a_run_is_no_run_information(tmp_path):
    record, _, _ = read_folder(tmp_path, GOOD | {"notes.csv": "File Name,run 7.pcrd\r\n"})
    assert [f.subject for f in record.noticed if f.code == "file_not_used"] == ["notes.csv"]


@pytest.mark.parametrize(
    ("word", "encoding"),
    [("Non Numérique", "cp1252"), ("n. def.", "cp1252"), ("非数字", "gb18030"), ("NeuN", "utf-8")],
)
def test_not_a_number_in_the_words_of_the_region(tmp_path, word, encoding):
    """.NET writes NaN as the region of Windows spells it; text in its code page."""
    name = "样本" if encoding == "gb18030" else "µ1"
    rows = ROWS.replace("NaN", word).replace("S1", name)
    files = {
        CQS: (HEADER + rows).encode(encoding),
        FAM: CURVES.replace(",0,0,50", f",{word},0,50").encode(encoding),
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert (cqs(reactions), reactions[0].sample) == (STATES, name)
    assert (reactions[2].ct_text, reactions[2].state) == (word, "undetermined")
    assert curves[1].values[:2] == (None, 0)
    read_as = {f"the text is not UTF-8 and was read as {encoding}"}
    assert set(sentences(record, "encoding_guessed")) == (read_as if encoding != "utf-8" else set())


def test_semicolons_decimal_commas_and_an_excel_line(tmp_path):
    """As Excel saves it again: a line sep=, columns without heading, fewer digits."""
    header = HEADER.strip().replace(",", ";") + ";;\r\n"
    rows = ROWS.replace(".4/", "|").replace(",", ";").replace(".", ",").replace("|", ".4/")
    curves = CURVES.replace(",", ";").replace(".", ",")
    files = {CQS: "sep=;\r\n" + header + rows.replace("\r\n", ";;\r\n"), FAM: curves}
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, cqs(reactions)) == ("read", STATES)
    assert curves[0].values[:2] == (-1.5, 50)


def test_iq5_and_myiq_name_type_and_identifier(tmp_path):
    text = (
        ',"Well","Fluor","Type","Identifier","Replicate #","Threshold Cycle (Ct)","Ct Mean"\r\n'
        ',"A01","SYBR","Std","S 1",1,"19,03","18,53"\r\n,"A02","SYBR","Unkn","",2,"N/A","00,00"\r\n'
    )
    export = read_export(tmp_path, text)
    assert (export.format, export.instrument) == ("cfx", "Bio-Rad iQ5 or MyiQ")
    assert [(r.well, r.sample, r.task, r.ct, r.state) for r in export.records] == [
        ("A1", "S 1", "Std", 19.03, "ok"),
        ("A2", "", "Unkn", None, "undetermined"),
    ]


def test_a_384_well_plate(tmp_path):
    rows = ",A01,FAM,T,Unkn,S1,,2.5,,,\r\n,P24,FAM,T,Unkn,S2,,3.5,,,\r\n"
    files = {
        CQS: HEADER + rows,
        FAM: ",Cycle,A1,P24\r\n,1,0,0\r\n,2,9,1\r\n,3,99,9\r\n,4,200,99\r\n",
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.plate_wells, cqs(reactions)) == (384, [("A1", 2.5), ("P24", 3.5)])
    assert curves[1].values == (0, 1, 9, 99)


@pytest.mark.parametrize(("count", "codes"), [(4, set()), (5, {"cts_rounded"})])
def test_rounded_cqs_are_said(tmp_path, count, codes):
    rows = [f",A{n:02d},FAM,T,Unkn,S{n},,{30 + n},,,\r\n" for n in range(1, count + 1)]
    record, reactions, _ = read_folder(tmp_path, {CQS: HEADER + "".join(rows)})
    assert cqs(reactions) == [(f"A{n}", 30 + n) for n in range(1, count + 1)]
    assert {"cts_rounded"} & {finding.code for finding in record.noticed} == codes


def test_curves_that_do_not_begin_at_cycle_1_are_refused(tmp_path):
    late = CURVES.replace(",1,-1.5,0,0,50\r\n", "")
    message = rejection(tmp_path, {CQS: GOOD[CQS], FAM: late})
    assert "the curves begin at cycle 2; expected cycle 1; set Cycles to Analyze" in message


# Everything at once

MELT = ",Temperature,A1,A2,A3,A4\r\n,65,1,2,3,4\r\n,65.5,1,2,3,4\r\n"
GRID = ",,1,2,3,4\r\n,A,Unkn,Unkn,NTC,Pos Ctrl\r\n,A,S1,S2,,PC\r\n,A,2.5,3.5,NaN,1.5\r\n"
END_POINT = (
    ",Well,Fluor,Target,Content,Sample,End RFU,Call,Sample Type,CallType,Is Control\r\n"
    ",A01,FAM,F.4/R-7,Unkn-1,S1,210,,Unknown,Unassigned,False\r\n"
)
OTHERS = {
    "Allelic Discrimination Results_ADSheet": (
        ",Well,Sample,Call,Type,RFU1,RFU2\r\n,A01,S1,,Auto,1,2\r\n"
    ),
    "ANOVA Results_ANOVA": ",Source,DF,SS\r\n",
    "End Point Results_FAM": END_POINT,
    "End Point Results_HEX": END_POINT.replace("FAM", "HEX"),
    "Gene Expression Results - Bar Chart_0": (
        ",Data Set,Target,Sample,Control,Relative Quantity,Mean Cq,Cq SD\r\n"
        ",1-FAM,F.4/R-7,S1,,0,2.5,0\r\n"
    ),
    "Melt Curve Amplification Results_FAM": MELT,
    "Melt Curve Amplification Results_HEX": MELT,
    "Melt Curve Derivative Results_FAM": MELT,
    "Melt Curve Derivative Results_HEX": MELT,
    "Melt Curve RFU Results_FAM": MELT,
    "Melt Curve Peak Results_0": (
        ",Well,Fluor,Target,Content,Sample,Melt Temperature,Peak Height,Begin Temperature,"
        "End Temperature\r\n,A01,FAM,F.4/R-7,Unkn-1,S1,None,None,None,None\r\n"
    ),
    "Melt Curve Plate View Results_FAM": GRID,
    "Melt Curve Plate View Results_HEX": GRID,
    "Melt Curve Summary_0": (
        ",Well,Fluor,Content,Sample,Melt Temperature\r\n,A01,FAM,Unkn,S1,80\r\n"
    ),
    "Quantification Plate View Results_FAM": GRID,
    "Quantification Plate View Results_HEX": GRID,
    "Standard Curve Results_0": (
        ",Fluor,Efficiency %,Slope,Y-Intercept,R^2\r\n,FAM,N/A,N/A,N/A,N/A\r\n"
    ),
}
HEX_ROWS = ROWS.replace("FAM", "HEX").replace("F.4/R-7", "ALB")
SUMMARY = ",Well,Fluor,Target,Content,Sample,Cq,SQ\r\n" + "".join(
    ",".join([*line.split(",")[:6], line.split(",")[7], "NaN\r\n"])
    for line in (ROWS + HEX_ROWS).split("\r\n")[:-1]
)


def test_all_data_sheets_of_a_run_at_once(tmp_path):
    """`All Data Sheets`: the Cqs and curves of both dyes join, the rest is listed."""
    files = {f"run 7 -  {name}.csv": text for name, text in OTHERS.items()} | {
        "run 7 -  Quantification Cq Results_0.csv": HEADER + ROWS + HEX_ROWS,
        "run 7 -  Quantification Summary_0.csv": SUMMARY,
        "run 7_Run Information.csv": INFORMATION,
        FAM: CURVES,
        HEX: CURVES.replace("150,0,310", "150,1,310"),
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert [(r.well, r.dye, r.ct) for r in reactions] == [
        (well, dye, ct) for well, ct in STATES for dye in ("FAM", "HEX")
    ]
    assert len(curves) == 8
    assert [curve.values[3] for curve in curves[4:6]] == [0, 1]
    assert (record.run_date, record.software) == ("2026-02-03", "CFX Maestro 5.0.021.0616")
    unused = {f.subject for f in record.noticed if f.code == "file_not_used"}
    assert unused == {
        *(f"run 7 -  {name}.csv" for name in OTHERS),
        "run 7 -  Quantification Summary_0.csv",
    }
