"""Public curves with human labels: agreement, artefacts on quiet curves, late curves, invariance.

The gates stand in the issue that asked for them. The limits are the shipped ones; they were chosen
with these curves in view, so curves that nobody here has seen are the fair test.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from breakpoint_pcr.curves import CurveLimits, judge_curves, measure_curves

LABELS = Path(__file__).parents[2].parent / "shared" / "curves"
pytest.importorskip("pyarrow", reason="parquet needs pyarrow, a development dependency")
if not LABELS.is_dir():
    pytest.skip("labelled curves are not beside the project", allow_module_level=True)

from breakpoint_pcr.curves.agreement import left_out, score, worst_groups  # noqa: E402
from breakpoint_pcr.curves.disturbances import (  # noqa: E402
    DAMAGES,
    HEIGHTS,
    SIZES,
    outcome_of,
    quiet_curves,
)
from breakpoint_pcr.curves.labelled import (  # noqa: E402  (needs pandas and pyarrow)
    STRESS,
    chosen,
    data_set_references,
    judged_curves,
    read_labelled,
)
from breakpoint_pcr.curves.precision import (  # noqa: E402
    PAIRS,
    by_data_set,
    compared_cts,
    in_series,
    paired_ratio,
    series_sds,
)
from breakpoint_pcr.ingest.files.source import open_source  # noqa: E402
from breakpoint_pcr.ingest.formats.readers import readers  # noqa: E402
from breakpoint_pcr.ingest.reading import IngestSettings  # noqa: E402

SAMPLES = LABELS.parent / "samples"
LIMITS = CurveLimits.from_config(
    yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["curves"]
)
PROBES = ("RAS002", "kbqPCR", "batsch1", "batsch2", "batsch3")


@pytest.fixture(scope="module")
def data():
    every = read_labelled(LABELS / "train_curves.parquet", LABELS / "train_labels.tsv.gz")
    return chosen(every, [row for row, name in enumerate(every.dataset) if name != STRESS])


@pytest.fixture(scope="module")
def judged(data):
    return judged_curves(data, LIMITS)


@pytest.fixture(scope="module")
def classes(judged):
    return np.array([str(found.curve) for found in judged[1]])


def part(data, names):
    return [row for row, name in enumerate(data.dataset) if name in names]


def test_the_classes_agree_with_people(data, classes):
    found = score(data, classes == "standard")
    assert found.balanced >= 0.985
    assert found.low >= 0.97
    assert (classes == "review").mean() <= 0.04
    assert not ((data.label == "y") & (classes == "none")).any()


def test_no_group_carries_the_agreement(data, judged):
    """Limits picked without a group, if the others ask for it, judge that group as well.

    Picked greedily, competimer alone falls: its inhibited curves are the only ones of their kind.
    """
    found = left_out(data, judged[0], LIMITS)
    assert found.steady.balanced >= 0.985
    assert found.lowest >= 0.985
    assert found.dependent == ["competimer"]


def test_the_groups_that_agree_least(data, classes):
    """Bent or falling baselines (CD74), inhibition (competimer), products from cycle 9 (C60)."""
    worst = worst_groups(data, classes == "standard")
    assert [name for _, name, _ in worst[:3]] == ["CD74", "competimer", "C60.amp"]
    assert worst[0][0] > 0.8


def test_weak_positives_of_probe_assays_are_standard(data, classes):
    """The sketch that this replaces had 0.935."""
    rows = part(data, PROBES)
    found = score(chosen(data, rows), classes[rows] == "standard")
    assert found.sensitivity > 0.965
    assert found.specificity > 0.99


def references(data, judged):
    """Reference amplitude of each data set as the benchmark uses it."""
    return dict(zip(data.dataset, data_set_references(data, judged[0]), strict=True))


@pytest.fixture(scope="module")
def quiet(data, judged):
    return quiet_curves(data, judged[0])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*HEIGHTS, *DAMAGES])
def test_a_disturbed_quiet_curve_is_not_standard(quiet, name, size):
    assert sum(len(found.curves) for found in quiet) > 200
    found = outcome_of(name, size, quiet=quiet, limits=LIMITS)
    assert found.standard <= 0.01
    if name.startswith("spike"):
        assert found.spike_noted > 0.95
        assert found.none > 0.95


def judge(curves, reference, limits=LIMITS):
    return judge_curves(
        measure_curves(curves, limits),
        reference_amplitudes=[reference] * len(curves),
        levels=[None] * len(curves),
        limits=limits,
    )


def test_late_curves_without_a_plateau_are_standard(data, judged):
    """Real good probe curves, moved so that they take off at cycle 30 to 34 of 40.

    The cycles before are the curve's own baseline with its own residuals, drawn at random.
    """
    features, verdicts = judged
    random = np.random.default_rng(3)
    reference = references(data, judged)
    kinds = []
    for name in ("RAS002", "batsch1", "batsch3", "kbqPCR"):
        rows = [row for row in part(data, [name]) if verdicts[row].curve == "standard"]
        late = [
            curve
            for row in rows
            for takeoff in range(30, 35)
            if (curve := moved(data.values[row], features.take([row]), takeoff, random))
        ]
        kinds += [verdict.curve for verdict in judge(late, reference[name])]
    assert len(kinds) > 1000
    assert np.mean([kind == "standard" for kind in kinds]) > 0.94
    assert not any(kind == "none" for kind in kinds)


def moved(values, features, takeoff, random):
    """Return 40 cycles of the curve, delayed to the take-off; None where it is late already."""
    delay = round(takeoff - features.takeoff[0])
    end = int(features.baseline_cycles[0]) + 2
    if delay < 0 or not np.isfinite(values).all():
        return None
    line = features.intercept[0] + features.baseline_slope[0] * np.arange(1 - delay, 3)
    cycle = np.arange(3, end + 1)
    base = features.intercept[0] + features.baseline_slope[0] * cycle
    rest = np.array(values[2:end]) - base
    start = line + random.choice(rest, len(line))
    return [*start.tolist(), *values[2:]][:40]


def test_real_late_probe_curves_without_a_plateau_are_standard():
    """Example run of a QuantStudio 7 Pro: 48 wells of a FAM/MGB target at Ct 29.5 to 30.2.

    All of them still rise at cycle 40, as does the VIC/TAMRA target beside it.
    """
    export = SAMPLES / "quantstudio" / "qs7pro_da27_presence_absence.xlsx"
    if not export.is_file():
        pytest.skip("the real exports stand beside the project, not in it")
    config = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))
    settings = IngestSettings.from_config(config["ingest"])
    source = open_source(export)
    reader = next(reader for reader in readers() if reader.sniff(source, settings))
    records = [entry for entry in reader.read(source, settings).records if entry.values]
    for target, amplified in (("Xeno", 48), ("IPC", 82)):
        wells = [entry for entry in records if entry.target == target]
        features = measure_curves([entry.values for entry in wells], LIMITS)
        found = judge([entry.values for entry in wells], float(np.median(features.amplitude[:40])))
        rising = [verdict for verdict in found if verdict.curve != "none"]
        assert len(rising) == amplified
        assert not any("no plateau" in verdict.reasons for verdict in rising)
        assert sum(verdict.curve == "standard" for verdict in rising) >= amplified - 1


@pytest.mark.parametrize(("factor", "offset"), [(1000.0, 5.0), (2.5e-4, -1.0), (1.0, -1e5)])
def test_scale_and_offset_change_no_class(data, judged, factor, offset):
    exact = data_set_references(data, judged[0])
    plain, changed = (
        judge_curves(
            measure_curves([[a * value + b for value in row] for row in data.values], LIMITS),
            reference_amplitudes=[None if number is None else a * number for number in exact],
            levels=[None] * len(exact),
            limits=LIMITS,
        )
        for a, b in ((1.0, 0.0), (factor, offset))
    )
    for before, after in zip(plain, changed, strict=True):
        assert (before.curve, before.reasons) == (after.curve, after.reasons)
        assert after.ct_own == (before.ct_own and pytest.approx(before.ct_own, abs=1e-3))


def test_the_own_cts_are_as_precise_as_others_without_a_fit(data):
    """On the same curves; the medians over data sets beside those of the comparison's methods."""
    series = in_series(data)
    found = {name: series_sds(series, cts) for name, cts in compared_cts(series, LIMITS).items()}
    medians = {name: np.median(list(by_data_set(sds).values())) for name, sds in found.items()}
    for ours, theirs in PAIRS.items():
        assert paired_ratio(found[ours], found[theirs]) < 1
        assert medians[ours] < 1.01 * medians[theirs]
    # All data sets of the facts' table: 0.0467, 0.0502 and 0.0599; ten of them are here.
    assert medians["own"] < 0.0502
    assert medians["take-off"] < 0.0599
