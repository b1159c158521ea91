"""What the simulator writes in each Applied Biosystems format is read back to the last digit."""

import pytest
from ingest_exports import CONFIG
from test_simulate import PANEL, SAMPLES, files, reactions, written

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import CurveKind, State

INGEST = IngestSettings.from_config(CONFIG)
# Writer, reader, and what the file tells of the run.
FORMATS = {
    "abi7500_v2": ("abi_sections", "Applied Biosystems 7500", "Ct"),
    "stepone": ("abi_sections", "StepOnePlus", "Ct"),
    "sds1": ("abi_sds1", "Applied Biosystems 7500 Real-Time PCR System", "Ct"),
    "sds1_study": ("abi_sds1", "Applied Biosystems 7500 Real-Time PCR System", "Ct"),
    "sds2": ("abi_sds2", "Applied Biosystems 7900HT", "Ct"),
    "flex": ("abi_sections", "QuantStudio(TM) 7 Flex System", "Ct"),
    "flex_crt": ("abi_sections", "QuantStudio(TM) 7 Flex System", "Crt"),
    "flex_workbook": ("quantstudio_workbook", "QuantStudio(TM) 7 Flex System", "Ct"),
    "quantstudio": ("quantstudio_workbook", "QuantStudio™ 5 System", "Cq"),
    "quantstudio_csv": ("quantstudio_csv", "QuantStudio™ 5 System", "Cq"),
    "eds_1": ("eds", "QuantStudio 5", "Ct"),
    "eds_2": ("eds", "QS7PRO", "Cq"),
}
# A well of each export's fault, in a sample of its own: row A is the first assay.
FAULTS = ("omitted", "empty", "missing_curve", "missing_cycles")
STRUCK = [
    {
        "name": f"X-{kind}",
        "alleles": {"Δ3-5": 9000},
        "faults": [{"kind": kind, "assay": "L1/R1", "cycle": 5, "size": 2}],
    }
    for kind in FAULTS
]
# How an omitted well comes back: the results of SDS v1 have no column that says so.
OMITTED = {"sds1": State.NO_DATA}
# A study of SDS v1 holds no date of the run; 2/3/26 of SDS v2 may be in February or in March.
DATES = {"sds1_study": "", "sds2": ""}
# Results without curves, in which omitted and empty wells have no row.
BARE = ("sds2",)


# A study has letters such as µ above its table; results alone bring no curves.
NOTICED = {"sds1_study": ["encoding_guessed"], "sds2": ["no_curves"]}


def read(tmp_path, format_name, **keys):
    folder = written(tmp_path, format=format_name, **keys)
    return read_run(folder, panel=PANEL, settings=INGEST)


# 14 samples do not fit twelve columns, so the plate has 384 wells; SDS v1 has none such.
SMALL = ("sds1", "sds1_study")
PLATES = [(name, n) for name in FORMATS for n in (4, 14) if n == 4 or name not in SMALL]


@pytest.mark.parametrize(("format_name", "columns"), PLATES)
def test_a_round_trip_is_exact(tmp_path, format_name, columns):
    samples = [*SAMPLES, *({"name": f"Y{i}", "input_ng": 50} for i in range(columns - 4))]
    record, found, curves = read(tmp_path, format_name, samples=samples)
    reader, instrument, ct_kind = FORMATS[format_name]
    assert (record.status, record.format, record.instrument, record.ct_kind) == (
        *("read", reader, instrument),
        ct_kind,
    )
    date = DATES.get(format_name, "2026-02-03")
    assert (record.run_date, record.plate_wells) == (date, 96 if columns == 4 else 384)
    assert [finding.code for finding in record.noticed] == NOTICED.get(format_name, [])
    plate = reactions(format=format_name, samples=samples)
    by_well = {curve.well: curve.values for curve in curves}
    assert [r.well for r in found] == list(plate)
    for reaction in found:
        tube, reading = plate[reaction.well].tube, plate[reaction.well].reading
        assert (reaction.sample, reaction.target) == (tube.label.name, tube.target)
        curve = () if format_name in BARE else reading.delta_rn
        assert (reaction.ct, by_well.get(reaction.well, ())) == (reading.ct, curve)
        assert reaction.state is (State.UNDETERMINED if reading.ct is None else State.OK)
        drawn = (CurveKind.NONE, None) if format_name in BARE else (CurveKind.DELTA_RN, 40)
        assert (reaction.curve_kind, reaction.n_cycles) == drawn


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name not in BARE])
def test_faults_of_the_export_come_back_as_what_they_are(tmp_path, format_name):
    samples = [*SAMPLES, *STRUCK]
    _, found, curves = read(tmp_path, format_name, samples=samples)
    at = {reaction.well: reaction for reaction in found}
    drawn = {curve.well: curve.values for curve in curves}
    plate = reactions(format=format_name, samples=samples)
    omitted, empty, bare, gap = (f"A{column}" for column in range(5, 9))
    assert at[omitted].state is OMITTED.get(format_name, State.OMITTED)
    assert (at[empty].state, at[empty].ct, at[empty].sample) == (State.EMPTY, None, "X-empty")
    assert (at[bare].state, at[bare].curve_kind) == (State.OK, CurveKind.NONE)
    assert at[bare].ct == plate[bare].reading.ct
    expected = list(plate[gap].reading.delta_rn)
    expected[4:6] = [None, None]
    assert list(drawn[gap]) == expected
    assert (at[gap].ct, at[gap].state) == (plate[gap].reading.ct, State.OK)


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_plan_gives_the_same_bytes(tmp_path, format_name):
    first = files(written(tmp_path / "a", format=format_name))
    assert files(written(tmp_path / "b", format=format_name)) == first
