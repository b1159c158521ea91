"""Public curves with human labels: agreement, artefacts on quiet curves, late curves, invariance.

The gates stand in the issue that asked for them. Nothing is fitted here: the limits are the shipped
ones, so that leaving a group out changes none of them. They were chosen with these curves in view;
curves that nobody here has seen are the fair test.
"""

from pathlib import Path
from time import process_time

import numpy as np
import pytest
import yaml

from breakpoint_pcr.curves import CurveLimits, judge_curves, measure_curves

LABELS = Path(__file__).parents[2].parent / "shared" / "curves"
pytest.importorskip("pyarrow", reason="parquet needs pyarrow, a development dependency")
if not LABELS.is_dir():
    pytest.skip("labelled curves are not beside the project", allow_module_level=True)

from breakpoint_pcr.curves.benchmark import (  # noqa: E402  (needs pandas and pyarrow)
    STRESS,
    chosen,
    judged_curves,
    read_labelled,
    score,
    series_precision,
)

LIMITS = CurveLimits.from_config(
    yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["curves"]
)
PROBES = ("RAS002", "kbqPCR", "batsch1", "batsch2", "batsch3")
QUIET_SETS = ("RAS002", "kbqPCR", "testdat", "vermeulen1")
# A quiet curve is labelled negative and reaches less than this part of the reference.
QUIET_MAX = 0.1
ROWS = slice(None)


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


def test_weak_positives_of_probe_assays_are_standard(data, classes):
    """The sketch that this replaces had 0.935."""
    rows = part(data, PROBES)
    found = score(chosen(data, rows), classes[rows] == "standard")
    assert found.sensitivity > 0.955
    assert found.specificity > 0.99


def references(data, judged):
    """Reference amplitude of each data set as the benchmark uses it."""
    numbers = [found.values["reference"] for found in judged]
    return {
        name: float(number) if number else None
        for name, number in zip(data.dataset, numbers, strict=True)
    }


@pytest.fixture(scope="module")
def quiet(data, judged):
    """(curves, reference amplitude) of each data set with real quiet curves."""
    features, verdicts = judged
    found = references(data, verdicts)
    return [
        (
            np.array(
                [
                    data.values[row]
                    for row in part(data, [name])
                    if data.label[row] == "n" and features.amplitude[row] < QUIET_MAX * found[name]
                ]
            ),
            found[name],
        )
        for name in QUIET_SETS
    ]


def cycle_of(curves, random, start=0.4, end=3):
    """A random cycle for each curve."""
    cycles = curves.shape[1]
    return random.integers(int(cycles * start), cycles - end, (len(curves), 1))


def ramp(curves):
    return np.linspace(0, 1, curves.shape[1])


def place(curves):
    return np.arange(curves.shape[1])


# What is added to quiet curves; `size` is a part of the reference amplitude.
ARTEFACTS = {
    "drift": lambda y, size, random: y + size * ramp(y),
    "drift down": lambda y, size, random: y - size * ramp(y),
    "evaporation": lambda y, size, random: y + size * np.clip(2 * ramp(y) - 1, 0, 1) ** 2,
    "late evaporation": lambda y, size, random: (
        y + size * np.clip((ramp(y) - 0.7) / 0.3, 0, 1) ** 2
    ),
    "jump": lambda y, size, random: y + size * (place(y) >= cycle_of(y, random)),
    "step back": lambda y, size, random: y - size * (place(y) >= cycle_of(y, random)),
    "spike": lambda y, size, random: y + size * (place(y) == cycle_of(y, random)),
    "spike down": lambda y, size, random: y - size * (place(y) == cycle_of(y, random)),
    "wave": lambda y, size, random: (
        y + size / 2 * np.sin(2 * np.pi * (1.5 * ramp(y) + random.random((len(y), 1))))
    ),
    "long wave": lambda y, size, random: (
        y + size / 2 * np.sin(2 * np.pi * (0.7 * ramp(y) + random.random((len(y), 1))))
    ),
    "saturation": lambda y, size, random: np.minimum(y + size * ramp(y), y[ROWS, :1] + 0.7 * size),
    "clipped": lambda y, size, random: np.minimum(
        y, np.quantile(y, 1 - size / 2, axis=1, keepdims=True)
    ),
    "missing": lambda y, size, random: np.where(random.random(y.shape) < 0.3 * size, np.nan, y),
    "block missing": lambda y, size, random: np.where(
        np.abs(place(y) - cycle_of(y, random)) < 5 * size, np.nan, y
    ),
    "scale": lambda y, size, random: 1000 * size * y,
    "small scale": lambda y, size, random: y / (1000 * size),
}
# Of those, the ones whose size is no fluorescence.
WITHOUT_UNIT = ("clipped", "missing", "block missing", "scale", "small scale")


@pytest.mark.parametrize("size", [0.1, 0.3, 1.0])
@pytest.mark.parametrize("name", ARTEFACTS)
def test_an_artefact_on_a_quiet_curve_is_not_standard(quiet, name, size):
    random = np.random.default_rng(7)
    found = []
    for curves, reference in quiet:
        unit = 1.0 if name in WITHOUT_UNIT else reference
        changed = ARTEFACTS[name](curves, size * unit, random)
        found += judge(changed.tolist(), reference)
    kinds = np.array([str(verdict.curve) for verdict in found])
    assert len(kinds) > 200
    assert (kinds == "standard").mean() <= 0.01
    if name.startswith("spike"):
        assert np.mean(["spike removed" in verdict.notes for verdict in found]) > 0.95
        assert (kinds == "none").mean() > 0.95


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
    reference = references(data, verdicts)
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
    assert np.mean([kind == "standard" for kind in kinds]) > 0.93
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


@pytest.mark.parametrize(("factor", "offset"), [(1000.0, 5.0), (2.5e-4, -1.0), (1.0, -1e5)])
def test_scale_and_offset_change_no_class(data, judged, factor, offset):
    verdicts = judged[1]
    references_ = [found.values["reference"] for found in verdicts]
    exact = [float(text) if text else None for text in references_]
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


def test_the_own_ct_is_as_precise_as_published_methods(data, judged):
    """Replicate SD in log10 units, median over data sets; without a fit 0.047 to 0.060."""
    features, verdicts = judged
    nothing = [None] * len(verdicts)
    alone = judge_curves(features, reference_amplitudes=nothing, levels=nothing, limits=LIMITS)
    found = series_precision(data, [verdict.ct_own for verdict in alone])
    assert np.median(list(found.values())) < 0.06
    second = series_precision(data, [verdict.ct_takeoff for verdict in verdicts])
    # The 37 genes of one laboratory, where nearly all methods lie between 0.061 and 0.066.
    assert found["vermeulen2"] < 0.067
    assert second["vermeulen2"] < 0.067


def test_a_plate_takes_milliseconds(data):
    rows = part(data, ["reps384"])
    cycles = np.arange(45)
    plate = [
        np.interp(cycles, range(len(v)), v).tolist() for v in map(data.values.__getitem__, rows)
    ]
    plate = (plate * 2)[:384]
    spent = []
    for _ in range(5):
        start = process_time()
        judge(plate, None)
        spent.append(process_time() - start)
    assert min(spent) < 0.05
