"""Drop-outs, wrong sheets, plate effects and optical faults of the simulator, by hand."""

import csv
import math
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from test_simulate import LIMIT, PANEL, PRODUCTS, QUIET, SAMPLES, one, plan, reactions, written

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.runs import Status
from breakpoint_pcr.simulate.artefacts import artefact, distort
from breakpoint_pcr.simulate.assumptions import ASSUMPTIONS
from breakpoint_pcr.simulate.effects import PlateEffects, WellEffects
from breakpoint_pcr.simulate.expectations import Rules, expected_calls, outcomes_alone
from breakpoint_pcr.simulate.physics import Physics
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.truth import Fault, FaultKind, PlanError
from breakpoint_pcr.tables import State

FREE = {**QUIET, "half_speed_rn": 1e9, "full_rn": 1e9, "drift_per_cycle": 0}
FORMATS = ["abi7500_v2", "quantstudio", "generic"]
CONFIG = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))
INGEST = IngestSettings.from_config(CONFIG["ingest"])


def table(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="," if path.suffix == ".csv" else "\t"))


def read(tmp_path, fault, format_name):
    struck = {"name": "X", "alleles": {"Δ3-5": 9000}, "faults": [fault]}
    folder = written(tmp_path, format=format_name, samples=[*SAMPLES, struck])
    record, found, curves = read_run(folder, panel=PANEL, settings=INGEST)
    well = [r for r in found if r.well == "A5"]
    return folder, record, well, [curve for curve in curves if curve.well == "A5"]


# In the tube


def test_an_inhibitor_strikes_every_assay_of_its_sample():
    """Efficiency 0.95 x 0.8 = 0.76: Ct = ln(0.2 / (copies x 3.6e-13)) / ln(1.76).

    Deletion, 100,000 copies: ln(5.556e6) = 15.530, / 0.5653 = 27.47. Control gene, 30,303 copies:
    ln(1.833e7) = 16.724, / 0.5653 = 29.58. A straight line between cycles is up to 0.1 early.
    """
    sample = {"alleles": {"Δ3-5": 100000}, "faults": [{"kind": "inhibited", "size": 0.8}]}
    tubes = one(sample, physics=FREE)
    assert tubes["A1"].reading.ct == pytest.approx(27.42, abs=0.07)
    assert tubes["C1"].reading.ct == pytest.approx(29.53, abs=0.07)


def test_a_contaminated_sample_is_lit_in_every_assay():
    tubes = one({"input_ng": None, "faults": [{"kind": "contaminated", "size": 500}]})
    assert [tubes[well].reading.ct is None for well in ("A1", "B1", "C1")] == [False] * 3
    assert outcomes_alone(tubes["A1"], LIMIT) == ("positive",)


def test_the_sheet_may_be_wrong_about_the_dna(tmp_path):
    """10 ng are there (3,030 copies of the control gene), the sheet says 100."""
    sample = {"name": "S", "input_ng": 10, "sheet": {"input_ng": 100}}
    folder = written(tmp_path, samples=[sample])
    assert [row["input_ng"] for row in table(folder / "samplesheet.csv")] == ["100"]
    (template,) = reactions(samples=[sample])["C1"].tube.templates
    assert template.copies == pytest.approx(3030, abs=1)


def test_a_well_without_mix_is_dark_and_noisy():
    """A twentieth of the light, 2.36 x 0.05 = 0.118; noise of the ratio 20 times 0.12 %: 2.4 %."""
    faults = [{"kind": "no_mix", "size": 0.05}]
    wells = [
        one({"alleles": {"Δ3-5": 10000}, "faults": faults}, seed=seed)["A1"] for seed in range(40)
    ]
    rn = np.array([well.reading.rn for well in wells])[:, 5:]
    assert {sum(well.molecules) for well in wells} == {0}
    assert rn.mean() == pytest.approx(0.118 * 1.027, rel=0.01)  # drift: 0.0012 x 22 cycles
    noise = np.diff(rn, 2, axis=1).std() / math.sqrt(6) / rn.mean()
    assert noise == pytest.approx(0.024, rel=0.1)
    assert outcomes_alone(wells[0], LIMIT) == ("negative", "review")


def test_no_light_at_all_is_refused():
    with pytest.raises(PlanError, match="sample S: fault no_mix has size 0; expected"):
        one({"faults": [{"kind": "no_mix"}]})


# In the optics


@pytest.mark.parametrize(
    ("kind", "cycle", "expected"),
    [
        ("step_back", 3, [0, 0, -0.9, -0.9]),  # 0.1 of 9 Rn
        ("wave", 1, [0, 0.45 * math.sin(0.75 * math.pi), -0.45, 0.45 * math.sin(0.25 * math.pi)]),
        ("hook", 0, [0, 0, 0, 0]),
        ("no_result", 0, [0, 0, 0, 0]),
    ],
)
def test_artefact_shapes(kind, cycle, expected):
    """A wave of 1.5 swings in 4 cycles moves on by 0.75 pi a cycle."""
    fault = Fault(FaultKind(kind), "L1/R1", "", 0.1, cycle)
    assert artefact(fault, cycles=4, physics=Physics()) == pytest.approx(expected)


def test_a_hook_falls_after_the_rise():
    """Steepest into cycle 3; from cycle 6 it falls evenly, by 0.2 x 10 = 2 at cycle 10."""
    signal = [0, 0, 5, 8, 9, 9.5, 9.7, 9.8, 9.9, 10]
    fault = Fault(FaultKind.HOOK, size=0.2)
    bent = distort(signal, signal, fault=fault, physics=Physics())
    fallen = [round(a - b, 6) for a, b in zip(signal, bent, strict=True)]
    assert fallen == [0, 0, 0, 0, 0, 0, 0.5, 1.0, 1.5, 2.0]
    flat = [1.0] * 10
    assert distort(flat, [0.0] * 10, fault=fault, physics=Physics()) == tuple(flat)


def test_a_saturated_detector_ends():
    """0.3 of 9 Rn over the background of 2.36: 5.06."""
    fault = Fault(FaultKind.SATURATION, size=0.3)
    assert distort([2.4, 5.0, 7.0], [0, 3, 5], fault=fault, physics=Physics()) == (2.4, 5.0, 5.06)


@pytest.mark.parametrize("kind", ["step_back", "wave", "hook", "saturation", "missing_cycles"])
def test_what_distorts_a_product_leaves_it_to_be_doubted(kind):
    fault = {"kind": kind, "assay": "L1/R1", "size": 0.3, "cycle": 12}
    lit = one({"alleles": {"Δ3-5": 10000}, "faults": [fault]})["A1"]
    dark = one({"faults": [{**fault, "assay": "L2/R1"}]})["B1"]
    assert outcomes_alone(lit, LIMIT) == ("positive", "review")
    assert outcomes_alone(dark, LIMIT) == ("negative", "review")


# On the plate


def test_effects_by_place():
    """Shares of 0.1 over 12 columns and 0.2 over 8 rows, half of each on either side of 1."""
    effects = PlateEffects(
        gain_columns=0.1, level_rows=0.2, efficiency_corners=0.04, edge_evaporation=0.03
    )
    size = {"rows": 8, "columns": 12}
    first = effects.at(0, 0, **size)
    assert (first.gain, first.level) == pytest.approx((0.95, 0.9))
    assert (first.efficiency, first.evaporation) == pytest.approx((0.98, 0.06))
    last = effects.at(7, 11, **size)
    assert (last.gain, last.level, last.efficiency) == pytest.approx((1.05, 1.1, 1.02))
    assert effects.at(0, 11, **size).efficiency == pytest.approx(1.0)
    assert effects.at(0, 5, **size).evaporation == 0.03
    assert effects.at(3, 5, **size).evaporation == 0
    assert PlateEffects().at(2, 3, **size) == WellEffects()


def test_gradients_of_the_light():
    """Column 1 of 12 is 10 % below the middle: level 2.36 x 0.9; row A of 8 likewise: gain 0.9."""
    effects = {"level_columns": 0.2, "gain_rows": 0.2}
    shaded = one({"alleles": {"Δ3-5": 10000}}, physics=QUIET, effects=effects)["A1"].reading
    plain = one({"alleles": {"Δ3-5": 10000}}, physics=QUIET)["A1"].reading
    assert shaded.rn[3] == pytest.approx(plain.rn[3] * 0.9, abs=2e-4)
    assert shaded.delta_rn[-1] == pytest.approx(plain.delta_rn[-1] * 0.9, rel=0.01)


def test_a_colder_corner_is_later():
    """Efficiency 0.95 x 0.98 = 0.931 in A1: ln(5.556e7) / ln(1.931) = 27.10 instead of 26.70."""
    cold = one({"alleles": {"Δ3-5": 10000}}, physics=FREE, effects={"efficiency_corners": 0.04})
    assert cold["A1"].reading.ct == pytest.approx(27.06, abs=0.06)


def test_the_efficiency_never_passes_one():
    """Row 3 of 8, column 12 of 12: 0.95 x (1 + (0.5 - 0.214) / 2) = 1.086; a molecule doubles."""
    effects = {"efficiency_corners": 1.0}
    hot = reactions(
        samples=[{"name": f"S{n}", "input_ng": 1} for n in range(12)],
        assays=["L1/R1", "L2/R1", "CG"],
        effects=effects,
        physics=FREE,
    )["C12"]
    doubled = np.diff(np.log2(np.array(hot.reading.delta_rn[30:])))
    assert doubled[-4:] == pytest.approx([1] * 4, abs=1e-3)


def test_outer_wells_dry():
    """A corner rises by twice 0.05 x 9 = 0.9 Rn, an edge by 0.45; convex by 20 % a cycle."""
    samples = [{"name": f"S{n}"} for n in range(3)]
    wet = reactions(samples=samples, physics=QUIET)
    dry = reactions(samples=samples, physics=QUIET, effects={"edge_evaporation": 0.05})
    ends = {well: dry[well].reading.rn[-1] - wet[well].reading.rn[-1] for well in dry}
    assert ends["A1"] == pytest.approx(0.9, abs=1e-3)
    assert ends["A2"] == pytest.approx(0.45, abs=1e-3)
    assert ends["B2"] == 0
    assert outcomes_alone(dry["A1"], LIMIT) == ("negative", "review")
    assert outcomes_alone(dry["B2"], LIMIT) == ("negative",)


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        ({"tilt": 1}, "effects: key 'tilt' is unknown; expected gain_columns"),
        ({"gain_rows": 2}, "effects: gain_rows: 2; expected -1 to 1"),
    ],
)
def test_wrong_effects_are_one_line(effects, message):
    with pytest.raises(PlanError, match=re.escape(message)):
        plan(effects=effects)


# In the export


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_reaction_without_a_result_is_nowhere(tmp_path, format_name):
    """The sheet names the well, so a reader has to refuse the run."""
    fault = {"kind": "no_result", "assay": "L1/R1"}
    folder, record, _, _ = read(tmp_path, fault, format_name)
    assert record.status is Status.REJECTED
    assert "no reaction in well A5" in record.reason
    assert ("A5", "L1/R1") not in {
        (row["well"], row["assay"]) for row in table(folder / "expected" / "wells.tsv")
    }
    assert "X" not in {row["sample"] for row in table(folder / "expected" / "samples.tsv")}
    (folder / "samplesheet.csv").unlink()
    again, found, _ = read_run(folder, panel=PANEL, settings=INGEST)
    assert again.status is Status.READ
    assert {r.well for r in found if r.sample == "X"} == {"B5", "C5"}


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_empty_well_has_no_names(tmp_path, format_name):
    folder, _, _, _ = read(tmp_path, {"kind": "empty", "assay": "L1/R1"}, format_name)
    (folder / "samplesheet.csv").unlink()
    record, found, _ = read_run(folder, panel=PANEL, settings=INGEST)
    assert record.status is Status.READ
    assert {(r.sample, r.assay, r.state) for r in found if r.well == "A5"} <= {
        ("", "", State.EMPTY)
    }


@pytest.mark.parametrize("format_name", FORMATS)
def test_missing_cycles_are_a_gap(tmp_path, format_name):
    fault = {"kind": "missing_cycles", "assay": "L1/R1", "cycle": 10, "size": 5}
    _, record, (well,), (curve,) = read(tmp_path, fault, format_name)
    assert record.status is Status.READ
    assert well.ct is not None
    assert [n for n, value in enumerate(curve.values, 1) if value is None] == [10, 11, 12, 13, 14]


# Wrong sheets


def swapped(**keys):
    samples = [
        *SAMPLES[:2],
        {"name": "S", "input_ng": 20, "alleles": {"Δ3-5": 9000}},
        {"name": "T", "input_ng": 100},
        {"name": "U", "input_ng": 100},
    ]
    return {"samples": samples, **keys}


@pytest.mark.parametrize("format_name", FORMATS)
def test_exchanged_names_leave_the_tubes(tmp_path, format_name):
    """Column 3 holds S (Δ3-5, 20 ng) and is called T (100 ng)."""
    folder = written(tmp_path, format=format_name, **swapped(swapped=[["S", "T"]]))
    record, found, _ = read_run(folder, panel=PANEL, settings=INGEST)
    assert record.status is Status.READ
    by_well = {r.well: r for r in found}
    assert (by_well["A3"].sample, by_well["A4"].sample) == ("T", "S")
    assert by_well["A3"].ct is not None
    assert by_well["A4"].ct is None
    assert (by_well["A3"].input_ng, by_well["A4"].input_ng) == (100, 20)
    truth = {row["well"]: row for row in table(folder / "expected" / "truth.tsv")}
    assert (truth["A3"]["sample"], truth["A3"]["labelled"]) == ("S", "T L1/R1")
    expected = {row["sample"]: row["call"] for row in table(folder / "expected" / "samples.tsv")}
    assert expected == {"U": "negative"}
    wells = {(row["well"]): row["outcome"] for row in table(folder / "expected" / "wells.tsv")}
    assert (wells["A3"], wells["A4"]) == ("positive", "negative")


def test_the_noise_of_a_tube_does_not_hang_on_its_name():
    plain, wrong = reactions(**swapped()), reactions(**swapped(swapped=[["S", "T"]]))
    assert {w: r.reading for w, r in plain.items()} == {w: r.reading for w, r in wrong.items()}


@pytest.mark.parametrize(
    "keys", [{"swapped": [["NTC", "S"]]}, {"swapped_assays": [["L1/R1", "L2/R1"]]}]
)
def test_nothing_is_expected_where_controls_or_assays_are_exchanged(tmp_path, keys):
    folder = written(tmp_path, **swapped(**keys))
    assert table(folder / "expected" / "wells.tsv") == []
    assert table(folder / "expected" / "samples.tsv") == []
    assert len(table(folder / "expected" / "truth.tsv")) == 15
    plate = simulate_plate(plan(**swapped(**keys)), panel=PANEL, products=PRODUCTS)
    assert expected_calls(plate.reactions, Rules(PANEL, PRODUCTS, LIMIT)) == {}


def test_exchanged_assays_are_so_in_the_export(tmp_path):
    folder = written(tmp_path, **swapped(swapped_assays=[["L1/R1", "L2/R1"]]))
    _, found, _ = read_run(folder, panel=PANEL, settings=INGEST)
    lit = {r.well: r.assay for r in found if r.sample == "S" and r.ct is not None}
    assert lit == {"A3": "L2/R1", "C3": "CG"}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"swapped": [["P1", "P9"]]}, "swapped: 'P9' is not in the plan, or stands twice"),
        ({"swapped": [["P1", "P2"], ["P2", "NTC"]]}, "swapped: 'P2' is not in the plan, or"),
        ({"swapped": [["P1"]]}, "swapped: ['P1']; expected pairs of names"),
        ({"swapped_assays": [["CG", "L9/R1"]]}, "swapped_assays: 'L9/R1' is not in the plan"),
    ],
)
def test_wrong_exchanges_are_one_line(keys, message):
    with pytest.raises(PlanError, match=re.escape(message)):
        reactions(**keys)


def test_assumptions_are_sentences():
    assert len(ASSUMPTIONS) > 10
    assert all(sentence.endswith(".") and "  " not in sentence for sentence in ASSUMPTIONS)
    assert any(sentence.startswith("Not simulated: ") for sentence in ASSUMPTIONS)
