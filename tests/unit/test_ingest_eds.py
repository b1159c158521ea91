"""EDS files: what is read, and that each says clearly where it holds no Ct."""

import io
import json
import zipfile

import pytest
from ingest_exports import abi, codes, read_export, read_folder, rejection, result, sentences

from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.tables import CurveKind, State

MANIFEST_1 = "Implementation-Version: QuantStudio Software v1.5\nSpecification-Version: 1.3.2\n"
EXPERIMENT = (
    "<Experiment><Name>E1</Name><RunState>{0}</RunState><ChemistryType>TAQMAN</ChemistryType>"
    "<RunEndTime>1772359200000</RunEndTime><InstrumentTypeId>steponeplus</InstrumentTypeId>"
    "</Experiment>"
)
HEAD = "Session Name\t\nWell\tSample Name\tDetector\tTask\tCt\tAvg Ct\n"
RISING = "Rn values\t1\t1\t1.1\t1.5\t2\nDelta Rn values\t0\t0\t0.1\t5.0E-1\t1\n"
FLAT = "Rn values\t1\t1\t1\t1\t1\nDelta Rn values\t0\tNaN\t0\t-1.5E-4\t0\n"
ROWS = (
    f"0\tS1\tF.4/R-7\tUNKNOWN\t3.25\t3.25\n{RISING}DDCT Values\t0\t\tS1\t3.25\n"
    f"12\tS1\tALB\tUNKNOWN\t5.0\t\n{FLAT}"
    f"13\t\tALB\tNTC\t3.5\t\n{RISING}"
)


def archive(**members):
    """An EDS file in memory; names with `__` for `/`, `___` for `.`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name.replace("___", ".").replace("__", "/"), text)
    return content.getvalue()


def feature(name, items):
    values = "".join(
        f"<FeatureValue><Index>{i}</Index><FeatureItem>{item}</FeatureItem></FeatureValue>"
        for i, item in items
    )
    return f"<FeatureMap><Feature><Id>{name}</Id></Feature>{values}</FeatureMap>"


def detector(name, task):
    return (
        f"<DetectorTaskList><DetectorTask><Task>{task}</Task><Detector><Name>{name}</Name>"
        "<Reporter>FAM</Reporter></Detector></DetectorTask></DetectorTaskList>"
    )


SETUP = (
    "<Plate><Rows>8</Rows><Columns>12</Columns>"
    + feature("sample", [(0, "<Sample><Name>S1</Name></Sample>")])
    + feature(
        "detector-task",
        [
            (0, detector("F.4/R-7", "UNKNOWN")),
            (12, detector("ALB", "UNKNOWN")),
            (13, detector("ALB", "NTC")),
            (14, detector("ALB", "NTC")),
        ],
    )
    + "<Wells>"
    + "".join(
        f"<Well><Index>{i}</Index><IsOmit>{'true' if i == 13 else 'false'}</IsOmit></Well>"
        for i in range(96)
    )
    + "</Wells><PassiveReferenceDye>ROX</PassiveReferenceDye></Plate>"
)


def version_1(rows=ROWS, state="COMPLETE", setup=SETUP, **more):
    members = {
        "apldbio__sds__Manifest___mf": MANIFEST_1,
        "apldbio__sds__experiment___xml": EXPERIMENT.format(state),
        "apldbio__sds__plate_setup___xml": setup,
        "apldbio__sds__analysis_result___txt": HEAD + rows,
    }
    return archive(**{name: text for name, text in (members | more).items() if text})


def test_version_1(tmp_path):
    """1772359200 s after 1970 is 2026-03-01 10:00 UTC. Well 12 of 8 x 12 is B1."""
    export = read_export(tmp_path, version_1())
    head = (export.format, export.ct_kind, export.instrument, export.software, export.run_date)
    assert head == ("eds", "Ct", "StepOnePlus", "QuantStudio Software v1.5", "2026-03-01")
    assert (export.n_cycles, export.plate_wells, export.passive_reference) == (5, 96, "ROX")
    curve = {"curve_kind": CurveKind.DELTA_RN, "values": (0.0, 0.0, 0.1, 0.5, 1.0)}
    flat = {"curve_kind": CurveKind.DELTA_RN, "values": (0.0, None, 0.0, -1.5e-4, 0.0)}
    assert export.records == (
        Record("A1", "S1", "F.4/R-7", "UNKNOWN", "FAM", State.OK, 3.25, "3.25", **curve),
        Record("B1", "S1", "ALB", "UNKNOWN", "FAM", State.UNDETERMINED, None, "5.0", **flat),
        Record("B2", "", "ALB", "NTC", "FAM", State.OMITTED, 3.5, "3.5", **curve),
        Record("B3", "", "ALB", "NTC", "FAM", State.OMITTED, None, ""),
    )
    assert [finding.code for finding in export.noticed] == ["missing_from_results"]
    assert len(export.empty_wells) == 92


def test_a_file_without_its_setup_is_read_with_a_warning(tmp_path):
    export = read_export(tmp_path, version_1(setup=""))
    assert [record.well for record in export.records] == ["A1", "B1", "B2"]
    assert [finding.code for finding in export.noticed] == ["plate_size_assumed"]
    large = read_export(tmp_path, version_1(ROWS.replace("13\t\t", "383\t\t"), setup=""), name="b")
    assert [record.well for record in large.records] == ["A1", "A13", "P24"]


def test_an_unfinished_run_is_said(tmp_path):
    record, _, _ = read_folder(tmp_path, {"a.eds": version_1(state="STOPPED")})
    assert sentences(record, "run_not_complete") == [
        "the run is not complete: its state is 'STOPPED'"
    ]


RUN_2 = {"endTime": 1772359200000}
SUMMARY = {"instrumentType": "QS6PRO", "name": "E2", "runStatus": "COMPLETED"}
SETUP_2 = {
    "blockType": "BLOCK_384W",
    "passiveReference": "ROX",
    "targets": [{"name": "ALB", "reporter": "VIC"}, {"name": "F.4/R-7", "reporter": "FAM"}],
    "wells": [
        {
            "index": 0,
            "sampleName": "S1",
            "targetAssignments": [{"targetName": "ALB", "task": "UNKNOWN"}],
        },
        {
            "index": 24,
            "sampleName": "S2",
            "targetAssignments": [{"targetName": "ALB", "task": "NTC"}],
        },
        {
            "index": 25,
            "sampleName": "S3",
            "omitted": True,
            "targetAssignments": [{"targetName": "ALB"}],
        },
    ],
}


def reaction(cq, values=(0.0, 0.0, 0.1, 0.5, 1.0), **more):
    found = {"rn": [1 + (v or 0) for v in values], "deltaRn": list(values), "cq": cq}
    found |= {"ctThreshold": 0.2, "ctBaselineStart": 1, "ctBaselineEnd": 2} | more
    return {"targetName": "ALB", "omitted": False, "amplificationResult": found}


def wells(*results):
    return {
        "wellResults": [
            {"wellIndex": index, "reactionResults": [found]} for index, found in results
        ]
    }


def version_2(results, setup=SETUP_2, summary=SUMMARY, **more):
    members = {
        "Manifest___mf": "Implementation-Title: qPCR File API\nImplementation-Version: 2.5.6\n",
        "summary___json": json.dumps(summary),
        "run__run_summary___json": json.dumps(RUN_2),
        "setup__plate_setup___json": setup if isinstance(setup, str) else json.dumps(setup),
        "primary__analysis_result___json": results
        if isinstance(results, str)
        else json.dumps(results),
    }
    return archive(**members, **more)


def test_version_2(tmp_path):
    """A cq of -1 is not reached; well 24 of 16 x 24 is B1."""
    results = wells((0, reaction(3.25)), (24, reaction(-1.0, [0.0, None, 0.0, 0.0, 0.0])))
    export = read_export(tmp_path, version_2(results))
    head = (export.format, export.ct_kind, export.instrument, export.software, export.run_date)
    assert head == ("eds", "Cq", "QS6PRO", "2.5.6", "2026-03-01")
    fit = {"threshold": 0.2, "baseline_start": 1, "baseline_end": 2}
    fit |= {"curve_kind": CurveKind.DELTA_RN}
    up, flat = (0.0, 0.0, 0.1, 0.5, 1.0), (0.0, None, 0.0, 0.0, 0.0)
    missing = State.UNDETERMINED
    assert export.records == (
        Record("A1", "S1", "ALB", "UNKNOWN", "VIC", State.OK, 3.25, "3.25", values=up, **fit),
        Record("B1", "S2", "ALB", "NTC", "VIC", missing, None, "-1.0", values=flat, **fit),
        Record("B2", "S3", "ALB", "", "VIC", State.OMITTED, None, ""),
    )
    assert (export.n_cycles, export.plate_wells, export.plate) == (5, 384, "E2")


def test_the_crossing_is_compared_with_the_cq(tmp_path):
    record, _, _ = read_folder(tmp_path, {"a.eds": version_2(wells((0, reaction(4.25))))})
    assert [f.subject for f in record.noticed if f.code == "ct_off_curve"] == ["A1"]


def test_a_7500_file_says_that_it_holds_no_ct(tmp_path):
    content = archive(
        apldbio__sds__Manifest___mf="Implementation-Version: 7500 Software v2.3\r\n",
        apldbio__sds__multicomponent_data___txt="WELL\tCYCLE\n",
    )
    reason = (
        "a.eds: EDS file of 7500 Software v2.3 without results: it holds the dyes' signals, but no "
        "Ct and no Rn; open it in the instrument's software and export Results and Amplification "
        "Data (csv, txt or xlsx)"
    )
    assert rejection(tmp_path, {"a.eds": content}) == reason
    folder = {"a.csv": abi(result("A1", "S1", "ALB", "20")), "a.eds": content}
    (tmp_path / "beside").mkdir()
    record, reactions, _ = read_folder(tmp_path / "beside", folder)
    assert (record.status, len(reactions)) == ("read", 1)
    assert sentences(record, "file_not_used") == [reason]
    assert "no_curves" in codes(record)


def test_groups_alone_are_refused(tmp_path):
    groups = {"replicateGroupResults": [{"cqMean": 20.5}, {"cqMean": 21}]}
    assert rejection(tmp_path, {"a.eds": version_2(groups)}) == (
        "a.eds: EDS file with 2 results of replicate groups and no Ct of a well; analyse the run "
        "in Design & Analysis and export it as xlsx with Results and Amplification Data ticked"
    )


PATH = "a.eds apldbio/sds/analysis_result.txt"
SETUP_NAME = "a.eds: apldbio/sds/plate_setup.xml"
DAMAGED = "is damaged or of an unknown version; export the run as xlsx"
BOMB = '<!DOCTYPE x [<!ENTITY a "b">]><Plate>&a;</Plate>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            version_1(ROWS.replace("13\t\tALB", "12\tS1\tALB")),
            "a.eds: well B1 has target 'ALB' twice; expected each reaction once; export the run as "
            "xlsx",
        ),
        (
            version_1(ROWS.replace("13\t", "96\t")),
            f"{PATH} line 10: '97' is no well of a 8x12 plate; the file is damaged; export the run "
            "as xlsx",
        ),
        (
            version_1(ROWS.replace("13\t", "9" * 5000 + "\t")),
            f"{PATH} line 10: '{'9' * 40}…' is no well; the file is damaged; "
            "export the run as xlsx",
        ),
        (
            version_1(ROWS.replace("1.5\t2", "1.5\tx")),
            f"{PATH} line 3: 'x' is no number; the file is damaged; export the run as xlsx",
        ),
        (
            version_1(ROWS.replace("\t1.5\t2", "\t1.5", 1).replace("5.0E-1\t1", "5.0E-1", 1)),
            "a.eds: curves of 4 to 5 cycles on one plate; the file is damaged; export the run as "
            "xlsx",
        ),
        (version_1(ROWS.replace("3.25", "maybe")), "a.eds: Ct of A1 is 'maybe'; expected a number"),
        (
            archive(
                apldbio__sds__analysis_result___txt="Session\nWell\tSample Name\tCall\n0\tS\tX\n"
            ),
            "a.eds: results without Ct; found 'well', 'sample name', 'call'; expected an "
            "amplification run; genotyping and melt runs cannot be read",
        ),
        (version_1(setup="<Plate>"), f"{SETUP_NAME} {DAMAGED}"),
        (version_1(setup=BOMB), f"{SETUP_NAME} {DAMAGED}"),
        (
            version_1(setup=SETUP.replace("<Rows>8", "<Rows>9")),
            "a.eds: plate of 9 rows and 12 columns; expected 48, 96 or 384 wells; export the run "
            "as xlsx",
        ),
        (version_1(setup=SETUP.replace("<Index>12<", "<Index>x<")), f"{SETUP_NAME} {DAMAGED}"),
        (version_2("[" * 100_000), f"a.eds: primary/analysis_result.json {DAMAGED}"),
        (version_2("[1]"), f"a.eds: primary/analysis_result.json {DAMAGED}"),
        (
            version_2(wells((384, reaction(3.25)))),
            "a.eds primary/analysis_result.json: '385' is no well of a 16x24 plate; damaged; "
            "export the run as xlsx",
        ),
        (
            version_2(wells((0, reaction("3.25")))),
            "a.eds primary/analysis_result.json: '3.25' is no number; damaged; export the run as "
            "xlsx",
        ),
        (
            version_2(wells((0, reaction(float("inf"))))),
            "a.eds primary/analysis_result.json: a number is infinite; damaged; export the run as "
            "xlsx",
        ),
        (
            version_2(wells((0, reaction(10**400)))),
            "a.eds primary/analysis_result.json: a number is too large; damaged; export the run as "
            "xlsx",
        ),
        (
            version_2(wells((0, reaction(3.25))), setup=SETUP_2 | {"blockType": "CHIP"}),
            "a.eds: plate of block 'CHIP'; expected 48, 96 or 384 wells; export the run as xlsx",
        ),
    ],
)
def test_bad_files_are_one_line(tmp_path, content, reason):
    assert rejection(tmp_path, {"a.eds": content}).startswith(reason)


def test_an_encrypted_member_is_refused(tmp_path):
    content = bytearray(version_1())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    assert "is encrypted" in rejection(tmp_path, {"a.eds": bytes(content)})


def test_a_bomb_is_refused(tmp_path):
    content = version_1(ROWS + " " * 40_000_000)
    assert "unpacks from" in rejection(tmp_path, {"a.eds": content})
