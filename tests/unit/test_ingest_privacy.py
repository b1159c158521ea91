"""Names that look like personal data: each shipped pattern on names that are, and that are not."""

from pathlib import Path

import pytest
from ingest_exports import CONFIG, PANEL, abi, folder_of, result

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.ingest.privacy import PrivacySettings, judge_names
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import CurveKind, Level, Reaction, Role, State

SHIPPED = CONFIG["privacy"]
# Made up; the identity number is the example of GB 11643-1999.
PERSONAL = [
    "1987-03-12",
    "1987/3/12",
    "2019.12.31",
    "MM_1987-03-12",
    "12.03.1987",
    "3/12/1987",
    "Muster 12-03-1987",
    "1987年3月12日",
    "李明 1987年03月",
    "19870312",
    "11010519491231002X",
    "ID 110105194912310021",
    "Muster, Erika",
    "O'Neil, Mary-Ann",
    "Müller, Jörg",
    "von der Leyen, Ida".title(),
    "MUSTER, ERIKA",
    "李明",
    "欧阳修文",
    "阿卜杜拉·买买提",
]
CODES = [
    "S01",
    "P-001",
    "20260112-03",
    "BM20251220",
    "25-10345",
    "2025-10-123",
    "2025-13-01",
    "1987",
    "0123456789",
    "12345678",
    "19871301",
    "PC",
    "NTC 1",
    "空白",
    "阳性对照",
    "骨髓",
    "样本",
    "样本12",
    "李",
    "F.4/R-7",
    "S1, repeat",
    "BM, PB",
    "1.2.13",
    "Sample A",
    "Jurkat",
    "1e-3",
    "A" * 200,
    "=cmd()",
    "<b>",
]


def reaction(well, sample, role=Role.UNKNOWN):
    return Reaction(
        run="r",
        file="e.csv",
        well=well,
        sample=sample,
        assay="a",
        target="a",
        dye="FAM",
        role=role,
        state=State.OK,
        ct=25.0,
        ct_text="25",
        threshold=0.2,
        baseline_start=None,
        baseline_end=None,
        curve_kind=CurveKind.NONE,
        n_cycles=40,
        input_ng=None,
    )


def found(*names, sheet=(), role=Role.UNKNOWN, date="2026-01-12", **changes):
    settings = PrivacySettings.from_config({**SHIPPED, **changes})
    rows = [reaction(f"A{place}", name, role) for place, name in enumerate(names, 1)]
    return list(judge_names(rows, sheet, settings, run_date=date))


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_data_is_named_by_well_and_not_repeated(name):
    (finding,) = found("S01", name)
    assert (finding.level, finding.scope, finding.code) == (Level.WARNING, "run", "personal_data")
    assert "of A2 looks like" in finding.sentence
    assert "use a code in its place" in finding.sentence
    assert name not in finding.sentence
    assert not finding.subject


@pytest.mark.parametrize("name", CODES)
def test_codes_pass(name):
    assert found(name) == []


@pytest.mark.parametrize("pattern", SHIPPED["personal_patterns"])
def test_every_pattern_is_needed(pattern):
    others = [p for p in SHIPPED["personal_patterns"] if p != pattern]
    assert any(not found(name, personal_patterns=others) for name in PERSONAL)


@pytest.mark.parametrize("name", ["2026-01-12 S3", "20260112", "12.01.2026", "1/12/2026"])
def test_the_date_of_the_run_is_no_birth_date(name):
    assert found(name, date="2026-01-12T08:30:00") == []
    assert len(found(name, date="2026-01-13")) == 1
    assert len(found(name, date="")) == 1


def test_a_birth_date_beside_the_date_of_the_run_is_seen():
    assert len(found("2026-01-12 1987-03-12")) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.UNKNOWN])
def test_controls_and_standards_have_names_of_their_own(role):
    assert found("李明", role=role) == []


def test_all_wells_stand_in_one_finding():
    (finding,) = found("李明", "S01", "李明", "1987-03-12")
    assert "A1, A3, A4" in finding.sentence


def test_a_patient_reference_is_judged_too():
    sheet = [SheetEntry("A1", patient_ref="Muster, Erika"), SheetEntry("H12", patient_ref="李明")]
    (finding,) = found("S01", sheet=sheet)
    assert "patient reference of A1 looks like" in finding.sentence
    assert "Erika" not in finding.sentence


def test_a_name_that_is_no_code_of_the_laboratory():
    (finding,) = found("AB0001", "ab0001", "AB00012", sample_id="[A-Z]{2}[0-9]{4}")
    assert finding.code == "sample_id_unexpected"
    assert "of A2, A3 is no sample code" in finding.sentence
    assert "AB00012" not in finding.sentence


def test_one_warning_per_well_is_enough():
    assert [f.code for f in found("李明", sample_id="[A-Z]+")] == ["personal_data"]


@pytest.mark.parametrize("bad", [{"sample_id": "["}, {"personal_patterns": ["["]}])
def test_a_bad_pattern_is_named(bad):
    (key,) = bad
    with pytest.raises(ConfigError, match=f"config: ingest.privacy.{key}.* is no regular"):
        PrivacySettings.from_config({**SHIPPED, **bad})


def test_a_pattern_that_fits_any_name_is_refused():
    with pytest.raises(ConfigError, match="fits any name"):
        PrivacySettings.from_config({**SHIPPED, "personal_patterns": ["x*"]})


def test_no_pattern_is_slow_on_a_long_name():
    """200 letters that nearly fit: seconds here would be catastrophic backtracking."""
    for name in (
        "A" * 199 + "1",
        "Aa " * 66 + "1",
        "1-" * 100,
        "样" * 200,
        "A, " + "Aa" * 98 + "1",
    ):
        assert found(name) == []


def test_a_run_with_a_name_says_so(tmp_path):
    export = abi(
        result("A1", "Muster; Erika 12.03.1987", "F.4/R-7", "25.0"),
        result("A2", "NTC", "F.4/R-7", "Undetermined"),
    )
    folder = folder_of(tmp_path, {"e.csv": export})
    record, reactions, _ = read_run(
        folder, panel=PANEL, settings=IngestSettings.from_config(CONFIG)
    )
    (sentence,) = [f.sentence for f in record.noticed if f.code == "personal_data"]
    assert "A1" in sentence
    assert "A2" not in sentence
    assert "Muster" not in sentence
    assert reactions[0].sample.startswith("Muster")


def test_the_demo_runs_are_clean():
    settings = IngestSettings.from_config(CONFIG)
    for folder in Path("resources/demo/runs").iterdir():
        record, _, _ = read_run(folder, panel=PANEL, settings=settings)
        assert not {"personal_data", "sample_id_unexpected"} & {f.code for f in record.noticed}
