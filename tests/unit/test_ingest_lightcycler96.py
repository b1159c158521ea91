"""LightCycler 96: the result table, and what its software writes beside the RDML of a run.

Tables are in the layout of `RUN - Abs Quant.txt` of the LightCycler 96 software 1.1; archives have
the members of its .lc96p. All names and numbers are made up.
"""

import io
import zipfile

import pytest
from ingest_exports import codes, read_export, read_folder, rejection, sentences, workbook
from round_trips import expected, found, round_trip

HEADER = (
    "Color\tPosition\tSample Name\tGene Name\tCq\tConcentration\tCall\tExcluded\tSample Type\t"
    "Standard\tCq Mean\tCq Error\tReplicate Group\tDye\tEdited Call\tSlope\tEPF\tFailure\tNotes\t"
    "Sample Prep Notes\tNumber\r\n"
)


def row(well, cq="-", call="Negative", **cells):
    """A row of the result table; what is not given is a dash, as the software writes it."""
    said = {"sample": f"S {well}", "gene": "ALB", "excluded": "False", "type": "Unknown"}
    said |= {"edited": "False", "failure": "None", "dye": "FAM", "epf": "0.63"} | cells
    names = f"-8075794\t{well}\t{said['sample']}\t{said['gene']}"
    start = f"{names}\t{cq}\t-\t{call}\t{said['excluded']}\t{said['type']}\t-\t-\t-\t-"
    end = f"{said['dye']}\t{said['edited']}\t0.04\t{said['epf']}\t{said['failure']}"
    return f"{start}\t{end}\t-\t-\t1\r\n"


EMPTY = row("H12", sample="-", gene="-", call="-", dye="-")
ROWS = (
    row("A1", "24.51", "Positive"),
    row("A1", "31.07", "Positive", gene="F.4/R-7", dye="VIC"),
    row("A2"),
    row("A3", call="Invalid", failure="No baseline"),
    row("A4", "33.90", "Positive", excluded="True"),
    row("A5", type="Negative control"),
    row("A6", "30.25", "Negative"),
    row("A7", call="Positive", edited="True"),
    row("A8", "100", "Negative"),
    row("A9", gene="-"),
    row("A10", call="-"),
    row("A11", sample="-", gene="-"),
    EMPTY,
)
TABLE = HEADER + "".join(ROWS)
WANTED = [
    ("A1", "S A1", "ALB", "FAM", 24.51, "ok", ()),
    ("A1", "S A1", "F.4/R-7", "VIC", 31.07, "ok", ()),
    ("A2", "S A2", "ALB", "FAM", None, "undetermined", ()),
    ("A3", "S A3", "ALB", "FAM", None, "no_data", ("call Invalid", "No baseline")),
    ("A4", "S A4", "ALB", "FAM", 33.9, "omitted", ()),
    ("A5", "S A5", "ALB", "FAM", None, "undetermined", ()),
    ("A6", "S A6", "ALB", "FAM", 30.25, "ok", ("call Negative",)),
    ("A7", "S A7", "ALB", "FAM", None, "no_data", ("call Positive", "call edited by a user")),
    ("A8", "S A8", "ALB", "FAM", None, "undetermined", ()),
    ("A9", "S A9", "FAM", "FAM", None, "undetermined", ()),
    ("A10", "S A10", "ALB", "FAM", None, "no_data", ()),
    ("A11", "", "FAM", "FAM", None, "undetermined", ()),
]


def rows_in(export):
    return [
        (r.well, r.sample, r.target, r.dye, r.ct, r.state, r.flags)
        for r in export.records
    ]  # fmt: skip


def as_workbook(text):
    return workbook({"Sheet1": [line.split("\t") for line in text.split("\r\n") if line]})


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.replace("\r\n", "\n"),
        TABLE.replace(".", ",").replace("F,4", "F.4"),
        TABLE.replace("\t", ";"),
        TABLE.replace("\t", ","),
        TABLE.replace("False", "Unchecked").replace("True", "Checked"),
        as_workbook(TABLE),
    ],
    ids=["tab", "bom", "utf-16", "no mark", "lf", "decimal comma", ";", ",", "words", "xlsx"],
)
def test_the_result_table(tmp_path, content):
    export = read_export(tmp_path, content, name="run 7 - Abs Quant.txt")
    assert (export.format, export.ct_kind, export.plate) == ("lightcycler96", "Cq", "run 7")
    assert (export.instrument, export.plate_wells) == ("Roche LightCycler 96", 96)
    assert rows_in(export) == WANTED
    assert export.empty_wells == {"H12"}


@pytest.mark.parametrize(
    ("name", "plate"),
    [("run 7.5 - Abs Quant.txt", "run 7.5"), ("run 7.txt", "run 7"), ("7 - 8 - Tm.txt", "7")],
)
def test_the_name_of_a_run(tmp_path, name, plate):
    assert read_export(tmp_path, TABLE, name=name).plate == plate


def test_tasks_and_findings(tmp_path):
    record, reactions, _ = read_folder(tmp_path, {"a.txt": TABLE})
    assert (record.status, record.reason) == ("read", "")
    assert [r.role for r in reactions if r.well == "A5"] == ["negative_control"]
    assert sentences(record, "cq_missing") == [
        "no Cq, and not called Negative, so without a result: 'A3', 'A7', 'A10'"
    ]


def test_a_table_without_the_column_of_exclusions_says_so(tmp_path):
    lines = [line.split("\t") for line in TABLE.split("\r\n")[:-1]]
    text = "".join("\t".join([*cells[:7], *cells[8:]]) + "\r\n" for cells in lines)
    record, reactions, _ = read_folder(tmp_path, {"a.txt": text})
    assert record.status == "read", record.reason
    assert len(reactions) == len(WANTED)
    assert "exclusions_unknown" in codes(record)


BATCH = "File Name\tAnalysis Name\t" + HEADER + "a.lc96p\tAbs Quant\t" + ROWS[0]
REFUSED = [
    (BATCH + "b.lc96p\tAbs Quant\t" + ROWS[2], "results of 2 runs ('a.lc96p', 'b.lc96p')"),
    (
        BATCH + "a.lc96p\tAbs Quant 2\t" + ROWS[0],
        "line 3: well A1 has 'ALB' twice (analyses 'Abs Quant', 'Abs Quant 2')",
    ),
    (HEADER + row("A1", excluded="Maybe"), "A1 is neither excluded nor kept ('maybe')"),
    (HEADER + row("A1", "24.51?"), "Cq of A1 is '24.51?'"),
    (HEADER + row("J1"), "'J1' is no well of a 8x12 plate"),
    (HEADER + row("A1, A2"), "'A1, A2' is no well"),
    (HEADER + EMPTY, "no reactions below the header"),
    (TABLE[:-40], "cut off"),
    (HEADER.replace("Cq\t", "").replace("\tCq Mean", ""), "without Cq (of samples, genotypes or"),
    (
        "Color\tPosition\tSample Name\tGene Name\tCondition Name\tSample Type\tConcentration\tDye\t"
        "Replicate Group\tNotes\tSample Prep Notes\tNumber\n"
        "1\tA1\tS1\tALB\t\tUnknown\t\tFAM\t\t\t\t1\n",
        "no Ct of a well in it; export the result table of the Abs Quant analysis",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, text, message):
    assert message in rejection(tmp_path, {"a.txt": text})


def test_two_tables_in_a_workbook_are_refused(tmp_path):
    cells = [line.split("\t") for line in TABLE.split("\r\n") if line]
    book = workbook({"a": cells, "b": cells})
    assert "2 result tables" in rejection(tmp_path, {"a.xlsx": book})


@pytest.mark.parametrize("heading", ["Sample Prep Notes", "Excluded"])
def test_a_table_of_other_origin_is_left_to_the_generic_reader(tmp_path, heading):
    own = "Position,Sample Name,Gene Name,Cq\nA1,S1,ALB,30.1\n"
    record, _, _ = read_folder(tmp_path, {"a.csv": own})
    assert record.format != "lightcycler96"
    with_heading = own.replace("Cq\n", f"Cq,{heading}\n").replace("30.1", "30.1,-")
    record, _, _ = read_folder(tmp_path, {"a.csv": with_heading}, name="run-2")
    assert record.format == "lightcycler96"


# The run: a zip of RDML and of the software's own members.
SAMPLE = "1c76448f-03d2-453f-8628-d764e1ca1d55"
REACTS = (("1", "24.51"), ("2", "100"), ("3", "33.90"), ("4", "29.57"))
CALLS = {"1": "Positive", "2": "Negative", "3": "Positive", "4": "Negative"}


def rdml(reacts=REACTS):
    datas = "".join(
        f"<react id='{well}'><sample id='{SAMPLE}'/><data><tar id='FAM@ALB'/>"
        + (f"<cq>{cq}</cq>" if cq else "")
        + "<adp><cyc>1</cyc><fluor>0.1</fluor></adp><adp><cyc>2</cyc><fluor>0.2</fluor></adp>"
        "</data></react>"
        for well, cq in reacts
    )
    return (
        "<rdml version='1.1' xmlns='http://www.rdml.org'>"
        f"<sample id='{SAMPLE}'><description>S 1</description><type>unkn</type></sample>"
        "<target id='FAM@ALB'><type>toi</type><dyeId id='FAM'/></target>"
        "<experiment id='e'><run id='r'><pcrFormat><rows>8</rows><columns>12</columns></pcrFormat>"
        f"{datas}</run></experiment></rdml>"
    )


def app(excluded="3", run="r"):
    graphs = "".join(
        f"<react id='{well}'><factGraph id='g{well}' targetId='FAM@ALB' "
        f"isExcluded='{str(well == excluded).lower()}' /></react>"
        for well in CALLS
    )
    return (
        "<?xml version='1.0'?><rocheLC96AppExtension xmlns='http://www.roche.ch/LC96AppExtension"
        f"Schema'><experiment id='e'><run id='{run}'>{graphs}</run></experiment>"
        "</rocheLC96AppExtension>"
    )


def calculated():
    """The analysis behind the reactions has calls of its own, of other graphs than the last."""
    graphs = "".join(
        f"<react id='{well}'><factGraph id='g{well}' targetId='FAM@ALB'>\n<call>{call}</call>"
        "<normFlour><cyc>1</cyc></normFlour></factGraph></react>"
        for well, call in CALLS.items()
    )
    return (
        "<?xml version='1.0'?><rocheLC96CalculatedData xmlns='http://www.roche.ch/LC96Calculated"
        f"DataSchema'><experiment id='e'><run id='r'>{graphs}</run><moduleCalculatedData>"
        "<absQuantDataSource><graphId>g1</graphId><call>Invalid</call></absQuantDataSource>"
        "</moduleCalculatedData></experiment></rocheLC96CalculatedData>"
    )


def archive(**members):
    content = io.BytesIO()
    manifest = "<lc96manifest Version='1.00.00'><experiment state='processed'/></lc96manifest>"
    names = {"rdml_data": rdml(), "app_data": app(), "calculated_data": calculated()}
    names |= {"manifest": manifest} | members
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in names.items():
            if text is not None:
                file.writestr(f"{name}.xml", text)
    return content.getvalue()


def test_a_run_holds_exclusions_and_calls_beside_the_rdml(tmp_path):
    record, reactions, curves = read_folder(tmp_path, {"run.lc96p": archive()})
    assert (record.status, record.format) == ("read", "rdml")
    assert [(r.well, r.ct_text, r.state) for r in reactions] == [
        ("A1", "24.51", "undetermined"),
        ("A2", "100", "undetermined"),
        ("A3", "33.90", "omitted"),
        ("A4", "29.57", "undetermined"),
    ]
    assert len(curves) == 4


def test_a_cq_that_the_software_does_not_show_is_a_finding(tmp_path):
    text = rdml().replace("<adp><cyc>2</cyc>", "<adp><cyc>50</cyc>")
    export = read_export(tmp_path, archive(rdml_data=text))
    assert [(r.well, r.ct, r.state) for r in export.records] == [
        ("A1", 24.51, "ok"),
        ("A2", None, "undetermined"),
        ("A3", 33.9, "omitted"),
        ("A4", 29.57, "ok"),
    ]
    assert [(f.code, f.sentence) for f in export.noticed] == [
        (
            "cq_not_shown",
            "the LightCycler 96 software calls these Negative or Invalid and shows no Cq, though "
            "the file holds one: 1 reactions ('A4 ALB'); compare with its result table",
        )
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"app_data": None, "calculated_data": None, "manifest": None},
        {"app_data": "<other/>", "calculated_data": "notes", "manifest": ""},
    ],
    ids=["absent", "of others"],
)
def test_without_these_members_nothing_is_excluded(tmp_path, members):
    export = read_export(tmp_path, archive(**members))
    assert "omitted" not in {r.state for r in export.records}
    assert export.noticed == ()


UNREADABLE = [
    ({"app_data": app()[:200]}, "member app_data.xml line 1: damaged XML"),
    ({"calculated_data": calculated()[:-9]}, "member calculated_data.xml line 5: damaged XML"),
    (
        {"app_data": "<!DOCTYPE a [<!ENTITY b 'c'>]>" + app()[21:]},
        "member app_data.xml: XML with a document type or entities",
    ),
    ({"rdml_data": rdml([("1", ""), ("2", "")])}, "of the LightCycler 96 that was not analysed"),
    ({"app_data": app(run="another")}, "app_data.xml tells of other reactions than the RDML"),
    (
        {"app_data": app(run="another", excluded="")},
        "app_data.xml tells of other reactions than the RDML",
    ),
    (
        # Of the excluded reaction alone: it would count as measured.
        {"app_data": app().replace("targetId='FAM@ALB' isExcluded='true'", "isExcluded='true'")},
        "app_data.xml tells of other reactions than the RDML",
    ),
    ({"rdml_data": None}, "of the LightCycler 96 that was not analysed"),
]


@pytest.mark.parametrize(("members", "message"), UNREADABLE)
def test_runs_that_cannot_be_read(tmp_path, members, message):
    assert message in rejection(tmp_path, {"run.lc96u": archive(**members)})


def test_an_unanalysed_run_beside_a_table_is_not_used(tmp_path):
    run = archive(rdml_data=rdml([("1", "")]))
    record, reactions, _ = read_folder(tmp_path, {"a.txt": TABLE, "run.lc96u": run})
    assert (record.status, len(reactions)) == ("read", len(WANTED))
    assert "not analysed" in sentences(record, "file_not_used")[0]


def test_round_trip_of_the_table(tmp_path):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "lightcycler96")
    assert (record.status, record.reason) == ("read", "")
    wanted = [(*row[:4], ()) for row in expected(plate, curve=2)]
    assert found(reactions, curves) == wanted
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]


def test_round_trip_of_the_run(tmp_path):
    plate, folder, (record, reactions, curves) = round_trip(tmp_path, "lightcycler96_run")
    assert (record.status, record.reason) == ("read", "")
    assert found(reactions, curves) == expected(plate, curve=1)
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
    assert "cq_not_shown" not in codes(record)
    (path,) = folder.glob("*.lc96p")
    assert b"<excl>" not in zipfile.ZipFile(path).read("rdml_data.xml")
