"""A run folder as a whole: files, merging, roles, findings, rejected runs."""

import csv
import io
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from ingest_exports import (
    FLAT,
    PANEL,
    PLAIN,
    RISING,
    abi,
    codes,
    curve,
    folder_of,
    read_folder,
    rejection,
    result,
    sentences,
    settings,
    workbook,
)

from breakpoint_pcr.ingest import reading
from breakpoint_pcr.ingest.checks import crossing
from breakpoint_pcr.ingest.files import source
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.runs import FileKind, RunFile, Status, read_record, write_record
from breakpoint_pcr.tables import Curve, CurveKind, Level, Reaction, Role, State

EXPECTED = "a format that `breakpoint-pcr formats` lists"


def test_a_run(tmp_path):
    record, reactions, curves = read_folder(tmp_path, {"e.csv": PLAIN})
    assert (record.run, record.status, record.reason) == ("run-1", Status.READ, "")
    assert (record.format, record.instrument) == ("abi_sections", "Applied Biosystems 7500")
    assert (record.run_date, record.ct_kind, record.plate_wells) == ("2026-03-01", "Ct", 96)
    assert (record.chemistry, record.passive_reference) == ("TAQMAN", "ROX")
    digest = sha256(PLAIN.encode()).hexdigest()
    size = len(PLAIN.encode())
    assert record.files == (RunFile("e.csv", size, digest, FileKind.EXPORT, "abi_sections", "Ct"),)
    assert record.noticed == ()
    assert reactions[0] == Reaction(
        run="run-1",
        file="e.csv",
        well="A1",
        sample="S1",
        assay="F.4/R-7",
        target="F.4/R-7",
        dye="FAM",
        role=Role.UNKNOWN,
        state=State.OK,
        ct=3.25,
        ct_text="3.25",
        threshold=0.2,
        baseline_start=1,
        baseline_end=2,
        curve_kind=CurveKind.DELTA_RN,
        n_cycles=5,
        input_ng=None,
    )
    assert curves == [Curve("run-1", "A1", "F.4/R-7", RISING), Curve("run-1", "A2", "ALB", FLAT)]


def test_a_record_survives_its_file(tmp_path):
    files = {"e.csv": PLAIN, "samplesheet.csv": "well,expected\nA1,D4-7\n", "note.txt": "x"}
    record, _, _ = read_folder(tmp_path, files)
    write_record(tmp_path / "run.json", record)
    assert read_record(tmp_path / "run.json") == record


def test_plate_order_and_cycles_of_reactions_without_a_curve(tmp_path):
    text = abi(
        result("B1", "S2", "ALB", "3.25"),
        result("A10", "S1", "ALB", "Undetermined"),
        result("A2", "S1", "Z", "3.25"),
        result("A2", "S1", "ALB", "5.0"),
        curves=curve("B1", "ALB", RISING) + curve("A2", "ALB", FLAT),
    )
    _, reactions, curves = read_folder(tmp_path, {"e.csv": text})
    found = [(r.well, r.target, r.curve_kind.value, r.n_cycles) for r in reactions]
    assert found == [
        ("A2", "Z", "none", 5),
        ("A2", "ALB", "dRn", 5),
        ("A10", "ALB", "none", 5),
        ("B1", "ALB", "dRn", 5),
    ]
    assert [(c.well, c.assay) for c in curves] == [("A2", "ALB"), ("B1", "ALB")]


def test_other_files_are_listed_and_hidden_ones_are_not(tmp_path):
    files = {
        "e.csv": PLAIN,
        ".hidden": "x",
        "~$e.xlsx": "lock",
        "notes.txt": "all went well",
        "scan.pdf": b"%PDF-1.7",
        "empty.csv": "",
        "lab.xlsx": workbook({"Results": [["a", "b"]]}),
    }
    record, reactions, _ = read_folder(tmp_path, files)
    assert [(file.name, file.kind.value) for file in record.files] == [
        ("e.csv", "export"),
        ("empty.csv", "other"),
        ("lab.xlsx", "other"),
        ("notes.txt", "other"),
        ("scan.pdf", "other"),
    ]
    assert [(f.level, f.subject) for f in record.noticed] == [
        (Level.WARNING, "empty.csv"),
        (Level.INFO, "lab.xlsx"),
        (Level.INFO, "notes.txt"),
        (Level.INFO, "scan.pdf"),
    ]
    assert record.noticed[3].sentence == "scan.pdf is no export that a reader knows (PDF); not used"
    assert len(reactions) == 2


def test_folders_below_are_not_looked_at(tmp_path):
    folder = folder_of(tmp_path, {"e.csv": PLAIN})
    (folder / "old").mkdir()
    (folder / "old" / "e.csv").write_text("broken")
    record, reactions, _ = read_run(folder, panel=PANEL, settings=settings())
    assert [file.name for file in record.files] == ["e.csv"]
    assert len(reactions) == 2


# Several exports.


def test_exports_are_joined(tmp_path):
    files = {
        "b.csv": abi(result("A1", "S1", "ALB", "22.5")),
        "a.csv": abi(result("A2", "S1", "F.4/R-7", "Undetermined"), result("A1", "S1", "X", "20")),
    }
    record, reactions, _ = read_folder(tmp_path, files)
    assert [(r.well, r.target, r.file) for r in reactions] == [
        ("A1", "X", "a.csv"),
        ("A1", "ALB", "b.csv"),
        ("A2", "F.4/R-7", "a.csv"),
    ]
    assert record.format == "abi_sections"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (
            result("A1", "S1", "ALB", "22"),
            result("A1", "S1", "ALB", "23"),
            "a.csv and b.csv: well A1 has 'ALB' twice; expected each reaction once; take one of "
            "the two exports out of the folder",
        ),
        (
            result("A1", "S1", "ALB", "22"),
            result("A1", "S1", "Albumin", "23"),
            "a.csv and b.csv: well A1 has 'ALB' twice (targets 'ALB' and 'Albumin'); expected each "
            "reaction once; take one of the two exports out of the folder",
        ),
        (
            result("A1", "S1", "ALB", "22"),
            result("A1", "S2", "X", "23"),
            "a.csv and b.csv: well A1 holds 'S1' and 'S2'; one sample a well expected; "
            "mend the export",
        ),
    ],
)
def test_two_files_that_claim_one_well(tmp_path, first, second, reason):
    assert rejection(tmp_path, {"a.csv": abi(first), "b.csv": abi(second)}) == reason


def test_a_damaged_export_beside_a_good_one_is_not_passed_over(tmp_path):
    files = {"a.csv": PLAIN, "b.xlsx": b"PK\x03\x04 broken"}
    assert rejection(tmp_path, files) == (
        "b.xlsx: damaged zip archive; expected a whole file; copy or export it again"
    )
    record, _, _ = read_run(tmp_path / "run-1", panel=PANEL, settings=settings())
    assert [(file.name, file.kind.value) for file in record.files] == [
        ("a.csv", "export"),
        ("b.xlsx", "other"),
    ]


# Rejected folders.


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, f"run-1: no export; found no file; expected {EXPECTED}; add the run's export"),
        (
            {"samplesheet.csv": "well\n"},
            f"run-1: no export; found no file; expected {EXPECTED}; add the run's export",
        ),
        (
            {"a.txt": "Dear all,\nthe run"},
            "a.txt: text that begins with 'Dear all,', which no reader knows; "
            f"expected {EXPECTED}; export the run again",
        ),
        (
            {"a.csv": ""},
            f"a.csv: empty file, which no reader knows; expected {EXPECTED}; export the run again",
        ),
        (
            {"a.xls": bytes(range(256)) * 4},
            f"a.xls: binary file, which no reader knows; expected {EXPECTED}; export the run again",
        ),
        (
            {"a.pdf": b"%PDF-1.7", "b.png": b"\x89PNG\r\n"},
            f"run-1: no export; found a.pdf (PDF), b.png (PNG image); expected {EXPECTED}; "
            "add the run's export",
        ),
    ],
)
def test_folders_without_an_export(tmp_path, files, reason):
    assert rejection(tmp_path, files) == reason


def test_names_of_runs_and_files(tmp_path):
    record, _, _ = read_folder(tmp_path, {"e.csv": PLAIN}, name="März 1")
    assert record.reason == (
        "'M\\xe4rz 1': not a run name; expected up to 64 of A-Z a-z 0-9 . _ -; rename the folder"
    )
    assert rejection(tmp_path, {"a\nb.csv": PLAIN}) == (
        "'a\\nb.csv': braces or control characters in the name; rename the file"
    )


def test_a_folder_that_is_not_there(tmp_path):
    record, _, _ = read_run(tmp_path / "run-9", panel=PANEL, settings=settings())
    assert record.reason == "run-9: no such folder; expected a folder that holds a run's export"


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(reading, "open_source", refuse)
    assert rejection(tmp_path, {"e.csv": PLAIN}) == (
        "e.csv: cannot be read (Permission denied); mend its permissions, or copy it again"
    )


@pytest.mark.parametrize("name", ["e.csv", "samplesheet.csv", "run.yaml"])
def test_a_disk_that_fails_while_a_file_is_read(tmp_path, monkeypatch, name):
    """The error of a read bears no file name: only that of an open does."""

    class Failing(io.BytesIO):
        def read(self, *_):
            raise OSError(5, "Input/output error")

        def readinto(self, *_):
            raise OSError(5, "Input/output error")

    opened = Path.open

    def fail(path, mode="r", **kwargs):
        failing = path.name == name and mode == "rb"
        return Failing() if failing else opened(path, mode, **kwargs)

    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(reading, "digest_file", lambda _: (1, "0" * 64))
    files = {"e.csv": PLAIN, "samplesheet.csv": "well\n", "run.yaml": ""}
    assert rejection(tmp_path, files) == (
        f"{name}: cannot be read (Input/output error); mend its permissions, or copy it again"
    )


def test_a_disk_that_fails_at_the_checksum(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(source, "file_digest", fail)
    assert rejection(tmp_path, {"e.csv": PLAIN}).startswith("e.csv: cannot be read (Input/outp")


def test_a_huge_export(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "TEXT_BYTES_MAX", 200)
    assert rejection(tmp_path, {"e.csv": PLAIN}) == (
        f"e.csv: text of {len(PLAIN.encode())} bytes, at most 200; export fewer tables"
    )


def test_a_name_of_201_letters(tmp_path):
    assert rejection(tmp_path, {"e.csv": abi(result("A1", "x" * 201, "ALB", "22"))}) == (
        f"e.csv: well A1 has a name of 201 letters, '{'x' * 40}…'; at most 200 expected; shorten it"
    )
    files = {"e.csv": abi(result("A1", "x" * 200, "ALB", "22"))}
    assert read_folder(tmp_path, files, name="run-2")[0].status == "read"


# Findings and roles.


def test_roles(tmp_path):
    rows = [
        ("A1", "NTC", "UNKNOWN"),
        ("A2", "", "NTC"),
        ("A3", "PC-1", "UNKNOWN"),
        ("A4", "WT", "UNKNOWN"),
        ("A5", "S1", "STANDARD"),
        ("A6", "PC-2", "NTC"),
        ("A7", "S2", "ODD"),
        ("A8", "", "UNKNOWN"),
    ]
    text = abi(*[result(well, name, "ALB", "22", task=task) for well, name, task in rows])
    record, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert [(r.well, r.sample, r.role.value) for r in reactions] == [
        ("A1", "NTC", "ntc"),
        ("A2", "", "ntc"),
        ("A3", "PC-1", "positive_control"),
        ("A4", "WT", "negative_control"),
        ("A5", "S1", "standard"),
        ("A6", "PC-2", "ntc"),
        ("A7", "S2", "unknown"),
        ("A8", "", "unknown"),
    ]
    assert sentences(record, "role_contradiction") == [
        "A6: the export's task says ntc, the name 'PC-2' says positive_control; the task counts"
    ]
    assert sentences(record, "task_unknown") == [
        "task 'ODD' in 1 well (A7) is not known and decides no role"
    ]
    assert sentences(record, "sample_missing") == [
        "no sample name in 1 well (A8); name it in the sample sheet"
    ]


def test_many_unknown_tasks_are_one_finding(tmp_path):
    """Some laboratories write the sample where CFX has the content."""
    rows = [result(f"A{n}", f"S{n}", "ALB", "22.5", task=f"x{n}") for n in range(1, 11)]
    record, _, _ = read_folder(tmp_path, {"e.csv": abi(*rows)})
    named = ", ".join(f"'x{n}'" for n in range(1, 9))
    assert sentences(record, "task_unknown") == [
        f"10 tasks are not known and decide no role: {named} and 2 more"
    ]


@pytest.mark.parametrize(
    ("name", "target", "sheet", "level"),
    [
        ("P1", "ALB", "", Level.WARNING),
        ("NTC", "ALB", "", Level.INFO),
        ("", "ALB", "", Level.INFO),
        ("P1", "Foreign", "", Level.INFO),
        ("P1", "ALB", "well,role\nA1,ntc\n", Level.INFO),
    ],
    ids=["called", "control by name", "nameless", "no assay", "control by sheet"],
)
def test_an_unknown_task_warns_where_the_well_is_called(tmp_path, name, target, sheet, level):
    """A `nac` has no polymerase: dark whatever is in it, it may not vouch as a control."""
    files = {"e.csv": abi(result("A1", name, target, "22.5", task="nac"))}
    record, _, _ = read_folder(tmp_path, files | ({"samplesheet.csv": sheet} if sheet else {}))
    assert [f.level for f in record.noticed if f.code == "task_unknown"] == [level]


def test_targets_outside_the_panel(tmp_path):
    text = abi(
        result("A1", "S1", "alb", "22"),
        result("A2", "S1", "X", "22"),
        result("B2", "S1", "X", "22"),
    )
    record, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert [reaction.assay for reaction in reactions] == ["ALB", "", ""]
    assert sentences(record, "unmapped_target") == [
        "target 'X' is no assay of the panel in 2 wells (A2, B2); name the assay in the sample "
        "sheet, or its alias"
    ]
    assert "no_known_assay" not in codes(record)


def test_a_crt_is_not_compared_with_a_threshold(tmp_path):
    """RISING crosses 0.2 at 3.25; a Crt is no crossing, so one of 4.9 is nothing to notice."""
    text = abi(result("A1", "S1", "ALB", "4.9"), curves=curve("A1", "ALB", RISING))
    record, _, _ = read_folder(tmp_path, {"e.csv": text.replace(",Cт,", ",CRT,")})
    assert (record.ct_kind, "ct_off_curve" in codes(record)) == ("Crt", False)
    record, _, _ = read_folder(tmp_path, {"e.csv": text}, name="run-2")
    assert (record.ct_kind, "ct_off_curve" in codes(record)) == ("Ct", True)


def test_of_two_exports_the_crt_and_the_larger_plate_count(tmp_path):
    """Whichever comes first: a Crt that passed for a Ct could be called."""
    crt = abi(result("A2", "S1", "ALB", "22.5")).replace(",Cт,", ",CRT,")
    table = "Well,Sample,Target,Ct\nP24,S2,ALB,23.5\n"
    for number, names in enumerate((("a.csv", "b.csv"), ("b.csv", "a.csv"))):
        files = dict(zip(names, (crt, table), strict=True))
        record, _, _ = read_folder(tmp_path, files, name=f"run-{number}")
        assert (record.ct_kind, record.plate_wells) == ("Crt", 384)


def test_an_empty_well_lacks_no_target(tmp_path):
    text = abi(result("A1", "S1", "ALB", "22.5"), result("A2", "S2", "", ""))
    record, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert [(r.well, r.state) for r in reactions] == [("A1", State.OK), ("A2", State.EMPTY)]
    assert "unmapped_target" not in codes(record)


def test_foreign_targets_may_share_a_well(tmp_path):
    """Neither is an assay of the panel, which makes them no double."""
    text = abi(result("A1", "S1", "X", "22.5"), result("A1", "S1", "Y", "23.5"))
    _, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert [(r.target, r.ct) for r in reactions] == [("X", 22.5), ("Y", 23.5)]


def test_a_sample_named_for_one_target_of_its_well(tmp_path):
    text = abi(result("A1", "", "X", "22.5"), result("A1", "S1", "ALB", "23.5"))
    _, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert [(r.sample, r.target) for r in reactions] == [("", "X"), ("S1", "ALB")]


def test_no_known_assay_is_an_error_and_the_run_is_read(tmp_path):
    record, reactions, _ = read_folder(tmp_path, {"e.csv": abi(result("A1", "S1", "X", "22"))})
    assert len(reactions) == 1
    levels = {finding.code: finding.level for finding in record.noticed}
    assert levels == {
        "unmapped_target": Level.WARNING,
        "no_known_assay": Level.ERROR,
        "no_curves": Level.WARNING,
    }


def test_control_characters_become_blanks(tmp_path):
    text = abi(result("A1", '"S\n1"', "ALB", "22"), result("A2", "S\x012\x7f", "ALB", "22"))
    record, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert [reaction.sample for reaction in reactions] == ["S 1", "S 2"]
    assert sentences(record, "name_cleaned") == [
        "characters that cannot be seen in names of A1, A2 became blanks"
    ]


def test_a_ct_off_its_own_curve(tmp_path):
    """RISING crosses 0.2 at 3.25: a Ct of 3.7 is 0.45 off, one of 3.76 is 0.51 off."""
    text = abi(
        result("A1", "S1", "ALB", "3.70"),
        result("A2", "S1", "ALB", "3.76"),
        result("A3", "S1", "ALB", "3.25"),
        curves=curve("A1", "ALB", RISING) + curve("A2", "ALB", RISING) + curve("A3", "ALB", FLAT),
    )
    record, _, _ = read_folder(tmp_path, {"e.csv": text})
    assert sentences(record, "ct_off_curve") == [
        "A2 ALB: Ct 3.76, but the exported curve crosses the exported threshold of 0.2 at cycle "
        "3.25",
        "A3 ALB: Ct 3.25, but the exported curve crosses the exported threshold of 0.2 never",
    ]


def test_the_last_upward_crossing_counts():
    """1 up (at 1.5), down, and up again between cycles 4 and 5: 4 + (1 - 0) / (2 - 0)."""
    assert crossing([0, 2, 2, 0, 2, 3], 1) == 4.5
    assert crossing([0, None, 2], 1) is None
    assert crossing([2, 0], 1) is None
    assert crossing([], 1) is None


def test_a_ct_beyond_the_cycles(tmp_path):
    text = abi(
        result("A1", "S1", "ALB", "41.5"),
        result("A2", "S1", "ALB", "5"),
        result("A3", "S1", "ALB", "100"),
        curves="".join(curve(well, "ALB", FLAT) for well in ("A1", "A2", "A3")),
    )
    record, reactions, _ = read_folder(tmp_path, {"e.csv": text})
    assert {reaction.state for reaction in reactions} == {State.UNDETERMINED}
    assert sentences(record, "ct_beyond_cycles") == [
        "A1 ALB: Ct 41.5 lies beyond the 5 cycles run and counts as not reached"
    ]


def test_flags_of_the_instrument(tmp_path):
    text = abi(result("A1", "S1", "ALB", "22", flag="Y"), result("A2", "S1", "ALB", "22", flag="Y"))
    record, _, _ = read_folder(tmp_path, {"e.csv": text})
    assert sentences(record, "instrument_flag") == [
        "the instrument's software flags NOAMP: A1 ALB, A2 ALB"
    ]


def test_reading_imports_nothing_heavy():
    code = (
        "import sys; import breakpoint_pcr.ingest.reading; "
        "print([m for m in ('numpy', 'pandas', 'scipy', 'matplotlib', 'Bio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_readers_have_names_of_their_own():
    assert len({reader.name for reader in readers()}) == len(list(readers()))
    assert all(reader.title for reader in readers())


@pytest.mark.parametrize(
    "folder", sorted(Path("resources/demo/runs").glob("*")), ids=lambda path: path.name
)
def test_demo_runs_are_read(folder):
    """The simulator's own list of what it pipetted, against what is read from its export."""
    record, reactions, curves = read_run(folder, panel=PANEL, settings=settings())
    assert record.status == "read", record.reason
    with (folder / "expected" / "truth.tsv").open(encoding="utf-8", newline="") as file:
        truth = {(row["well"], row["assay"]) for row in csv.DictReader(file, delimiter="\t")}
    assert {(reaction.well, reaction.assay) for reaction in reactions} == truth
    kinds = [reaction.curve_kind for reaction in reactions]
    assert len(curves) == sum(kind is not CurveKind.NONE for kind in kinds) > 0
    assert not {"ct_off_curve", "ct_beyond_cycles", "no_known_assay"} & set(codes(record))
