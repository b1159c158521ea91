"""What an EDS file says beside its results: thresholds, baselines, algorithm, flags, tasks.

Blocks as QuantStudio Design & Analysis 1.5.2 writes them into analysis_protocol.xml; own values.
"""

import pytest
from ingest_exports import read_export, read_folder, rejection, sentences
from round_trips import round_trip
from test_ingest_eds import (
    DAMAGED,
    HEAD,
    RISING,
    ROWS,
    SETUP,
    SETUP_2,
    detector,
    reaction,
    version_1,
    version_2,
    wells,
)

DEFAULT = "AnalysisProtocol.DEFAULT_SETTINGS"
PACKAGE = "com.apldbio.sds.platform.core.analysis"
TYPES = {"Threshold": "Double", "AutoCt": "Boolean", "WellIndex": "Int", "BaselineStop": "Int"}


def block(kind, **values):
    said = "".join(
        f'<JaxbSettingValue>\n <Name>{name}</Name>\n <JaxbValueItem type="{TYPES.get(name, "")}">\n'
        f"  <{TYPES.get(name, 'String')}Value>{value}</{TYPES.get(name, 'String')}Value>\n"
        " </JaxbValueItem>\n</JaxbSettingValue>\n"
        for name, value in values.items()
    )
    return f"<JaxbAnalysisSettings><Type>{PACKAGE}.{kind}</Type>{said}</JaxbAnalysisSettings>"


def target(name, threshold, *, automatic="true", baseline="true"):
    return block(
        "IDetectorSettings",
        AutoCt=automatic,
        AutoBaseline=baseline,
        BaselineStart=3,
        BaselineStop=4,
        ObjectName=name,
        Threshold=threshold,
    )


def well(index, name, stop, *, automatic="true", shared="true"):
    return block(
        "IWellSettings",
        UseDetectorDefaults=shared,
        AutoBaseline=automatic,
        WellIndex=index,
        BaselineStart=1,
        BaselineStop=stop,
        ObjectName=name,
    )


def protocol(*blocks, algorithm="default"):
    usual = (
        target(DEFAULT, 0.2),
        block("IAlgorithmSelectSettings", AlgorithmName=algorithm, ObjectName=DEFAULT),
        block("ICrtSettings", CrtStartValue=1),
        block("IWellSettings", UseDetectorDefaults="false", BaselineStart=3, BaselineStop=15),
    )
    return (
        f"<JaxbAnalysisProtocol><Name>x</Name>{''.join((*usual, *blocks))}</JaxbAnalysisProtocol>"
    )


def read(tmp_path, *blocks, **more):
    settings = {"algorithm": more.pop("algorithm", "default")}
    members = {"apldbio__sds__analysis_protocol___xml": protocol(*blocks, **settings)}
    return read_export(tmp_path, version_1(**members | more))


def thresholds(export):
    return {(r.well, r.target): r.threshold for r in export.records}


def test_a_threshold_set_by_hand_counts(tmp_path):
    """Cts of ALB: B1 not reached, B2 3.5; nothing is set for the other target."""
    export = read(tmp_path, target("ALB", 0.25, automatic="false"))
    assert thresholds(export) == {
        ("A1", "F.4/R-7"): None,
        ("B1", "ALB"): 0.25,
        ("B2", "ALB"): 0.25,
        ("B3", "ALB"): None,
    }


def test_a_threshold_set_by_hand_is_compared_with_the_curve(tmp_path):
    """The curve of A1 crosses 0.9 at 4.8; its Ct is 3.25."""
    content = version_1(
        apldbio__sds__analysis_protocol___xml=protocol(target("F.4/R-7", 0.9, automatic="false"))
    )
    record, _, _ = read_folder(tmp_path, {"a.eds": content})
    assert sentences(record, "ct_off_curve") == [
        "A1 F.4/R-7: Ct 3.25, but the exported curve crosses the exported threshold of 0.9 at "
        "cycle 4.80"
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"), [(0.2, 0.2), (0.9, None), (-1, None), ("NaN", None)]
)
def test_a_threshold_that_the_software_chose_counts_where_the_curves_cross_it(
    tmp_path, chosen, expected
):
    """A1 has a Ct of 3.25, where its curve stands at 0.2; at 0.9 it is at cycle 4.8."""
    assert thresholds(read(tmp_path, target("F.4/R-7", chosen)))["A1", "F.4/R-7"] == expected


def test_a_threshold_without_any_ct_proves_nothing(tmp_path):
    rows = ROWS.replace("3.25", "5.0")
    assert thresholds(read(tmp_path, target("F.4/R-7", 0.2), rows=rows))["A1", "F.4/R-7"] is None


def test_baselines_of_wells(tmp_path):
    """Chosen by the software, set for one well alone, set for a target, and none."""
    export = read(
        tmp_path,
        target("F.4/R-7", 0.2),
        target("ALB", 0.2, baseline="false"),
        well(0, "F.4/R-7", 2),
        well(12, "ALB", 3, automatic="false", shared="false"),
        well(13, "ALB", 5, automatic="false"),
        well(383, "ALB", 5),
    )
    assert [(r.well, r.baseline_start, r.baseline_end) for r in export.records] == [
        ("A1", 1, 2),
        ("B1", 1, 3),
        ("B2", 3, 4),
        ("B3", None, None),
    ]


def test_a_file_without_settings_has_no_thresholds(tmp_path):
    export = read_export(tmp_path, version_1())
    assert [(r.threshold, r.baseline_end) for r in export.records] == [(None, None)] * 4


def test_another_algorithm_gives_crts(tmp_path):
    assert read(tmp_path).ct_kind == "Ct"
    assert read(tmp_path, algorithm="Crt").ct_kind == "Crt"
    content = version_1(
        apldbio__sds__analysis_result___txt=(HEAD + ROWS).replace("\tCt\t", "\tCrt\t")
    )
    assert read_export(tmp_path, content, name="b").ct_kind == "Crt"


def test_crts_of_version_2(tmp_path):
    results = wells((0, reaction(3.25)))
    plain = version_2(results, primary__analysis_setting___json='{"x": {"method": "CT"}}')
    assert read_export(tmp_path, plain).ct_kind == "Cq"
    relative = version_2(results, primary__analysis_setting___json='{"x": {"method": "CRT"}}')
    assert read_export(tmp_path, relative, name="b").ct_kind == "Crt"


@pytest.mark.parametrize(
    "settings",
    ["<JaxbAnalysisProtocol>", protocol(target("ALB", "much")), protocol(well("x", "ALB", 3))],
)
def test_damaged_settings_are_refused(tmp_path, settings):
    content = version_1(apldbio__sds__analysis_protocol___xml=settings)
    expected = f"a.eds: apldbio/sds/analysis_protocol.xml {DAMAGED}"
    assert rejection(tmp_path, {"a.eds": content}) == expected


def test_the_task_of_the_setup_counts_where_the_results_say_target(tmp_path):
    """Version 1 writes Target into the results of wells that were set up as unknown."""
    rows = ROWS.replace("UNKNOWN", "Target").replace("NTC", "Target")
    export = read_export(tmp_path, version_1(rows))
    assert [r.task for r in export.records] == ["UNKNOWN", "UNKNOWN", "NTC", "NTC"]
    alone = read_export(tmp_path, version_1(rows, setup=""), name="b")
    assert [r.task for r in alone.records] == ["Target"] * 3
    said = read_export(tmp_path, version_1(ROWS.replace("UNKNOWN", "STANDARD")), name="c")
    assert [r.task for r in said.records][:2] == ["STANDARD", "STANDARD"]


def test_flags_of_the_setup(tmp_path):
    """Well 0 is A1; the code HSD is HIGHSD in the software's exports."""
    setup = SETUP.replace(
        "<Index>0</Index><IsOmit>false</IsOmit>",
        "<Index>0</Index><IsOmit>false</IsOmit><FlagName>HSD-F.4/R-7</FlagName>"
        "<FlagName>NHC-F.4/R-7</FlagName>",
    )
    export = read_export(tmp_path, version_1(setup=setup))
    assert [r.flags for r in export.records] == [("HIGHSD", "NHC"), (), (), ()]


def test_flags_of_version_2(tmp_path):
    found = reaction(3.25) | {"resultQCIssues": ["LOW_ROX", 3, " "]}
    assert read_export(tmp_path, version_2(wells((0, found)))).records[0].flags == ("LOW_ROX",)


def test_the_instrument_by_its_name(tmp_path):
    named = (
        "<Experiment><InstrumentTypeId>appletini</InstrumentTypeId>"
        '<ExperimentProperty type="InstrumentInfo"><PropertyValue key="instrumentType"><String>'
        "QuantStudio 3 - 96-Well 0.1-mL Block</String></PropertyValue></ExperimentProperty>"
        "</Experiment>"
    )
    content = version_1(apldbio__sds__experiment___xml=named)
    assert read_export(tmp_path, content).instrument == "QuantStudio 3"


def test_not_reached_without_curves_is_told_by_the_cycles_set(tmp_path):
    """A run of 35 cycles: a Ct of 35.0 is none, though no curve shows the end of the run."""
    stages = "".join(
        f"<TCStage><StageFlag>{flag}</StageFlag><NumOfRepetitions>{n}</NumOfRepetitions></TCStage>"
        for flag, n in (("PRE_CYCLING", 1), ("CYCLING", 35), ("MELT_CURVE", 1))
    )
    rows = "0\tS1\tALB\tTarget\t35.0\t\n12\tS1\tALB\tTarget\t34.9\t\n"
    cycling = f"<TCProtocol>{stages}</TCProtocol>"
    export = read_export(tmp_path, version_1(rows, apldbio__sds__tcprotocol___xml=cycling))
    assert [(r.well, r.ct) for r in export.records][:2] == [("A1", None), ("B1", 34.9)]
    broken = version_1(rows, apldbio__sds__tcprotocol___xml=cycling.replace("35", "many"))
    assert rejection(tmp_path, {"a.eds": broken}) == f"a.eds: apldbio/sds/tcprotocol.xml {DAMAGED}"


def test_samples_of_setup_and_results(tmp_path):
    """A plate that was renamed after its analysis; a sample that only the setup names."""
    rows = f"0\tS9\tF.4/R-7\tTarget\t3.25\t\n{RISING}"
    export = read_export(tmp_path, version_1(rows))
    sentence = (
        "A1: sample 'S1' in the setup, 'S9' in the results, which count; analyse and export the "
        "run again"
    )
    assert [f.sentence for f in export.noticed if f.code == "setup_contradiction"] == [sentence]
    assert export.records[0].sample == "S9"
    unnamed = read_export(tmp_path, version_1(rows.replace("S9", "")), name="b")
    assert unnamed.records[0].sample == "S1"


def test_samples_of_version_2(tmp_path):
    results = {
        "wellResults": [{"wellIndex": 0, "sampleName": "S9", "reactionResults": [reaction(3.25)]}]
    }
    export = read_export(tmp_path, version_2(results))
    assert export.records[0].sample == "S9"
    assert "setup_contradiction" in [finding.code for finding in export.noticed]


def test_a_cq_of_nan_is_not_reached(tmp_path):
    """The software writes a bare NaN, which is no JSON."""
    export = read_export(tmp_path, version_2(wells((0, reaction(float("nan"))))))
    assert [(r.state, r.ct_text) for r in export.records][:1] == [("undetermined", "NaN")]


def test_two_targets_of_a_well(tmp_path):
    """The order of the maps differs: in some files the targets stand before the samples."""
    maps = SETUP.split("<FeatureMap>")
    setup = "<FeatureMap>".join([maps[0], maps[2].partition("<Wells>")[0], maps[1]])
    setup += "<Wells>" + SETUP.partition("<Wells>")[2]
    setup = setup.replace(
        detector("F.4/R-7", "UNKNOWN"),
        detector("F.4/R-7", "UNKNOWN").replace(
            "</DetectorTaskList>",
            "<DetectorTask><Task>UNKNOWN</Task><Detector><Name>ALB</Name><Reporter>VIC</Reporter>"
            "</Detector></DetectorTask></DetectorTaskList>",
        ),
    )
    rows = f"0\tS1\tALB\tTarget\t3.5\t\n{RISING}0\tS1\tF.4/R-7\tTarget\t3.25\t\n{RISING}"
    export = read_export(tmp_path, version_1(rows, setup=setup))
    assert [(r.well, r.sample, r.target, r.dye, r.ct) for r in export.records][:2] == [
        ("A1", "S1", "ALB", "VIC", 3.5),
        ("A1", "S1", "F.4/R-7", "FAM", 3.25),
    ]


@pytest.mark.parametrize("format_name", ["eds_1", "eds_2"])
def test_thresholds_and_baselines_make_the_round_trip(tmp_path, format_name):
    plate, _, (_, reactions, _) = round_trip(tmp_path, format_name)
    made = {r.tube.well: r.reading for r in plate.exported}
    read_back = [r for r in reactions if r.state not in ("omitted", "empty")]
    assert read_back
    for found in read_back:
        reading = made[found.well]
        assert found.threshold == plate.readout.threshold
        fit = (found.baseline_start, found.baseline_end)
        assert fit == (reading.baseline_start, reading.baseline_end)


def test_the_setup_of_version_2_names_the_plate(tmp_path):
    """Blocks of D&A 2: BLOCK_96W_02ML has 96 wells, not two."""
    setup = SETUP_2 | {"blockType": "BLOCK_96W_02ML", "wells": []}
    export = read_export(tmp_path, version_2(wells((12, reaction(3.25))), setup=setup))
    assert (export.plate_wells, export.records[0].well) == (96, "B1")
