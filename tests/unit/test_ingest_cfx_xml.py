"""The XML of a CFX: read like its csv, and what is not built as CFX builds it is refused."""

import pytest
from ingest_exports import read_export, read_folder, rejection, sentences, workbook
from test_ingest_cfx import CQ as CQS
from test_ingest_cfx import CURVES, FAM, GOOD, HEADER, HEX
from test_ingest_cfx_exports import INFORMATION, STATES, cqs
from test_ingest_cfx_workbooks import DYES, SHEETS, as_cfx_packs


def xml(root, text):
    header, *rows = (line.split(",")[1:] for line in text.split("\r\n")[:-1])
    names = [
        name.replace(" ", "_").replace("(", "_x0028_").replace(")", "_x0029_") for name in header
    ]
    cells = (
        "".join(f"<{n}>{v}</{n}>" if v else f"<{n} />" for n, v in zip(names, row, strict=True))
        for row in rows
    )
    return f"<{root}>" + "".join(f"<Row>{row}</Row>" for row in cells) + f"</{root}>"


XML_CQS, XML_FAM = CQS.replace("csv", "xml"), FAM.replace("csv", "xml")
IN_XML = {XML_CQS: xml("_x0030_", GOOD[CQS]), XML_FAM: xml("FAM", CURVES)}


def test_xml_is_read_like_csv(tmp_path):
    from_csv, from_xml = (
        read_folder(tmp_path, files, name=name) for name, files in (("csv", GOOD), ("xml", IN_XML))
    )
    assert from_xml[0].status == "read", from_xml[0].reason
    assert [(r.well, r.sample, r.target, r.dye, r.role, r.ct, r.state) for r in from_csv[1]] == [
        (r.well, r.sample, r.target, r.dye, r.role, r.ct, r.state) for r in from_xml[1]
    ]
    assert [c.values for c in from_csv[2]] == [c.values for c in from_xml[2]]


def test_xml_keeps_every_digit_and_letter(tmp_path):
    rows = ",A01,Cal Gold 540,T &lt; 1 &amp; Δ,Unkn,甲,,8.62633865354423,,,\r\n"
    export = read_export(tmp_path, xml("_x0030_", HEADER + rows), name="r.xml")
    (record,) = export.records
    assert (record.target, record.sample, record.dye) == ("T < 1 & Δ", "甲", "Cal Gold 540")
    assert (record.ct, record.ct_text) == (8.62633865354423, "8.62633865354423")


def test_the_root_of_an_xml_names_the_dye(tmp_path):
    rows = ",A01,Texas Red,F.4/R-7,Unkn,S1,,2.5,,,\r\n"
    curves = xml("Texas_x0020_Red", ",Cycle,A1\r\n,1,0\r\n,2,50\r\n,3,150\r\n,4,200\r\n")
    name = "run 7 -  Quantification Amplification Results_Texas_Red.xml"
    record, reactions, found = read_folder(tmp_path, {CQS: HEADER + rows, name: curves})
    assert record.status == "read", record.reason
    assert (reactions[0].dye, found[0].values) == ("Texas Red", (0, 50, 150, 200))


def test_a_missing_element_is_a_blank_cell(tmp_path):
    text = IN_XML[XML_FAM].replace("<A2>0</A2>", "", 1)
    _, _, curves = read_folder(tmp_path, IN_XML | {XML_FAM: text})
    assert curves[1].values[:2] == (None, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<FAM>", "<!DOCTYPE a><FAM>", "document type or entities"),
        ("<Cycle>3</Cycle>", "<Cycle><b/></Cycle>", "XML element 'b' where a CFX writes rows"),
        ("</FAM>", "<Line/></FAM>", "XML element 'Line' where a CFX writes rows"),
        ("</FAM>", "", "damaged XML (no element found)"),
        ("<A2>0</A2>", "<A1>0</A1>", "'A1' twice in one row"),
        ("<A2>0</A2>", "<A2>0x</A2>", "'0x' is no number"),
        ("<Cycle>3</Cycle>", "<Cycle>4</Cycle>", "cycle '4' where cycle 3"),
        ("<A2>0</A2>", f"<A2>{'9' * 20_000}</A2>", "cell of 20000 letters"),
        ("<FAM>", '<?xml version="1.0" encoding="x-no"?><FAM>', "encoding that cannot be read"),
    ],
)
def test_odd_xml_is_refused(tmp_path, old, new, message):
    text = IN_XML[XML_FAM].replace(old, new, 1)
    assert message in rejection(tmp_path, IN_XML | {XML_FAM: text})


def test_xml_of_many_short_rows_and_one_long_one_is_refused(tmp_path):
    """Each is within its limit; as a table of whole rows they would fill the memory."""
    cells = "".join(f"<{row}{column}/>" for row in "ABCDEFGH" for column in range(1, 25))
    text = f"<FAM><Row><Cycle>1</Cycle>{cells}</Row>{'<Row/>' * 150_000}</FAM>"
    message = rejection(tmp_path, IN_XML | {XML_FAM: text})
    assert "XML reaches row 150001, column 193" in message


def test_an_xml_whose_name_says_another_dye_is_refused(tmp_path):
    files = {XML_CQS: IN_XML[XML_CQS], HEX.replace("csv", "xml"): IN_XML[XML_FAM]}
    assert "curves of 'FAM', the name says 'HEX'; expected one dye" in rejection(tmp_path, files)


def test_run_information_in_xml(tmp_path):
    rows = "".join(
        f"<Row><Column1>{key}</Column1><Column2>{value}</Column2></Row>"
        for key, _, value in (line.partition(",") for line in INFORMATION.split("\r\n")[:-1])
    )
    text = f"<Run_x0020_Information>{rows}</Run_x0020_Information>"
    record, _, _ = read_folder(tmp_path, IN_XML | {"run 7 - Run Information.xml": text})
    assert (record.run_date, record.software) == ("2026-02-03", "CFX Maestro 5.0.021.0616")


def test_the_same_run_in_three_formats_is_read_once(tmp_path):
    files = {
        **GOOD,
        **IN_XML,
        "run 7 -  Quantification Cq Results.xlsx": as_cfx_packs(workbook(SHEETS)),
        "run 7 -  Quantification Amplification Results.xlsx": as_cfx_packs(workbook(DYES)),
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert (cqs(reactions), len(curves)) == (STATES, 4)
    assert len(sentences(record, "file_not_used")) == 2


def test_curves_that_differ_between_formats_are_refused(tmp_path):
    text = IN_XML[XML_FAM].replace("<A2>250</A2>", "<A2>251</A2>")
    assert "has two curves; expected one" in rejection(tmp_path, GOOD | {XML_FAM: text})


def test_no_cq_is_a_blank_in_one_format_and_a_word_in_the_other(tmp_path):
    files = {**GOOD, XML_CQS: IN_XML[XML_CQS].replace("<Cq>NaN</Cq>", "<Cq />")}
    record, reactions, _ = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert [(r.file, r.ct_text, r.state) for r in reactions if r.well == "A3"] == [
        (CQS, "NaN", "undetermined")
    ]
