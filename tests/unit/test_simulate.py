"""The simulator, against numbers worked out by hand and against measured anchors.

The panel is made up: left primers L1 and L2, right primer R1, a control gene CG.
"""

import csv
import math
import re
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from python_calamine import CalamineWorkbook
from test_panel import write_panel

from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.simulate.artefacts import artefact
from breakpoint_pcr.simulate.expectations import Rules, expected_calls, outcomes_alone
from breakpoint_pcr.simulate.physics import (
    Physics,
    Readout,
    amplify,
    efficiency_of,
    read_out,
    sample_molecules,
)
from breakpoint_pcr.simulate.plans import load_plan, read_plan
from breakpoint_pcr.simulate.plate import well_number
from breakpoint_pcr.simulate.simulation import (
    SimulationRequest,
    changed,
    simulate,
    simulate_plate,
)
from breakpoint_pcr.simulate.truth import Fault, FaultKind, PlanError, Template
from breakpoint_pcr.tables import Amplifies, Product

LIMIT = 36
SECTION = re.compile(r"^\[(.*?)\],*\n(.*?)(?=^,*\n|^\n|\Z)", re.MULTILINE | re.DOTALL)


def made_up_panel():
    rows = [
        f"{name}\tprimer\t{'ACGT' * 5}\t{strand}\t{exon}\t"
        for name, strand, exon in (("L1", "+", 3), ("L2", "+", 4), ("R1", "-", 5))
    ]
    assays = [
        "L1/R1\tL1\tR1\tbreakpoint\t",
        "L2/R1\tL2\tR1\tbreakpoint\t",
        "CG\t\t\tcontrol_gene\t",
    ]
    with tempfile.TemporaryDirectory() as folder:
        return load_panel(write_panel(Path(folder), rows, assays))


PANEL = made_up_panel()
PRODUCTS = (
    Product("wild type", "", "L1/R1", "L1", "R1", 90000, 90000, Amplifies.NONE),
    Product("Δ3-5", "Δ3-5", "L1/R1", "L1", "R1", 200, 210, Amplifies.MUST),
    Product("Δ3-5", "Δ3-5", "L2/R1", "L2", "R1", None, None, Amplifies.NONE),
    Product("Δ4-5", "Δ4-5", "L1/R1", "L1", "R1", 650, 660, Amplifies.MAY),
    Product("Δ4-5", "Δ4-5", "L2/R1", "L2", "R1", 180, 190, Amplifies.MUST),
)
SAMPLES = [
    {"name": "NTC", "role": "ntc"},
    {
        "name": "PC",
        "role": "positive_control",
        "input_ng": 100,
        "alleles": {"Δ3-5": 3000, "Δ4-5": 3000},
    },
    {"name": "P1", "input_ng": 100, "alleles": {"Δ3-5": 10000}},
    {"name": "P2", "input_ng": 100},
]
PLAN = {
    "name": "made-up",
    "format": "abi7500_v2",
    "seed": 7,
    "date": "2026-02-03",
    "cycles": 40,
    "threshold": 0.2,
    "baseline": {"kind": "line", "start": 3, "end": None},
    "assays": ["L1/R1", "L2/R1", "CG"],
    "samples": SAMPLES,
}
QUIET = {
    "level_cv": 0,
    "gain_cv": 0,
    "drift_sd": 0,
    "bend_sd": 0,
    "unsettled_sd": 0,
    "reporter_noise": 0,
    "reference_noise": 0,
}


def plan(**keys):
    return read_plan({**PLAN, **keys})


def reactions(**keys):
    plate = simulate_plate(plan(**keys), panel=PANEL, products=PRODUCTS)
    return {reaction.tube.well: reaction for reaction in plate.reactions}


def one(sample, **keys):
    """The reactions of a plate with this sample alone: A1 is L1/R1, B1 is L2/R1, C1 is CG."""
    return reactions(samples=[{"name": "S", "input_ng": 100, **sample}], **keys)


def written(folder, **keys):
    return simulate(SimulationRequest(plan(**keys), folder, PANEL, PRODUCTS, LIMIT))


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# The same, and only what the seed says


@pytest.mark.parametrize("format_name", ["abi7500_v2", "quantstudio", "generic"])
def test_same_plan_same_bytes(tmp_path, format_name):
    first = files(written(tmp_path / "a", format=format_name))
    assert files(written(tmp_path / "b", format=format_name)) == first
    other = files(written(tmp_path / "c", format=format_name, seed=8))
    assert {name for name in first if first[name] != other[name]} >= {
        name for name in first if name.startswith("made-up.")
    }


def test_another_sample_changes_no_other_tube():
    before = reactions()
    after = reactions(samples=[*SAMPLES, {"name": "P3", "alleles": {"Δ4-5": 500}}])
    assert {well: after[well] for well in before} == before
    assert set(after) - set(before) == {"A5", "B5", "C5"}


def test_tubes_differ_from_each_other():
    noise = {reaction.reading.rn for reaction in reactions().values()}
    assert len(noise) == 12


# Truth


def test_an_allele_lights_what_the_products_say():
    tubes = one({"alleles": {"Δ4-5": 1000}})
    assert tubes["A1"].tube.templates == (Template(1000, 650, Amplifies.MAY),)
    assert tubes["B1"].tube.templates == (Template(1000, 180, Amplifies.MUST),)
    silent = one({"alleles": {"Δ4-5": 1000}, "long_products": False})
    assert silent["A1"].tube.templates == ()


def test_control_gene_copies_follow_from_the_mass():
    """100 ng / 6.6 pg = 15,152 genomes, two copies each: 30,303."""
    (template,) = one({})["C1"].tube.templates
    assert template.copies == pytest.approx(30303, abs=1)
    assert one({"input_ng": None})["C1"].tube.templates == ()


def test_a_poor_primer_starts_on_a_share_of_the_templates():
    tubes = one({"alleles": {"Δ3-5": 1000}}, priming={"R1": 0.25})
    assert tubes["A1"].tube.templates[0].copies == 250


def test_nothing_amplifies_from_wild_type():
    tubes = one({})
    assert [tubes[well].reading.ct for well in ("A1", "B1")] == [None, None]
    assert tubes["A1"].molecules == ()


# Physics


def test_poisson_leaves_the_expected_share_of_empty_tubes():
    """At one copy a tube, exp(-1) = 36.8 % of the tubes are empty; 3 SD of 4,000 draws: 2.3 %."""
    rng = np.random.default_rng(1)
    draws = [sample_molecules([Template(1.0, 200, Amplifies.MUST)], rng)[0] for _ in range(4000)]
    assert draws.count(0) / 4000 == pytest.approx(math.exp(-1), abs=0.023)


def test_perfect_doubling():
    rng = np.random.default_rng(1)
    signal = amplify([3], [1.0], cycles=10, physics=Physics(signal_per_copy=1e-13), rng=rng)
    assert [round(y / 1e-13) for y in signal] == [3 * 2**n for n in range(1, 11)]


def test_half_efficiency_grows_by_half_on_average():
    """Mean after 8 cycles from 20 molecules: 20 x 1.5^8 = 512.6."""
    physics = Physics(signal_per_copy=1e-13)
    ends = [
        amplify([20], [0.5], cycles=8, physics=physics, rng=np.random.default_rng(n))[-1] / 1e-13
        for n in range(400)
    ]
    assert statistics.fmean(ends) == pytest.approx(512.6, rel=0.03)
    assert statistics.stdev(ends) > 10


def test_long_products_are_slower():
    """650 bp is 400 over 250: 0.95 x (1 - 0.04 x 4) = 0.798."""
    assert efficiency_of(Template(1, 650, Amplifies.MAY), 0.95, Physics()) == pytest.approx(0.798)
    assert efficiency_of(Template(1, 190, Amplifies.MUST), 0.95, Physics()) == 0.95
    tubes = one({"alleles": {"Δ4-5": 5000}})
    assert tubes["A1"].reading.ct > tubes["B1"].reading.ct + 2


def test_ct_of_a_deletion_is_the_one_computed_by_hand():
    """Ct = log(0.2 / (10,000 x 3.6e-13)) / log(1.95) = 26.70 without brakes, noise and drift.

    Between two cycles the instrument draws a straight line, which is up to 0.1 early.
    """
    free = {**QUIET, "half_speed_rn": 1e9, "full_rn": 1e9, "drift_per_cycle": 0}
    ct = one({"alleles": {"Δ3-5": 10000}}, physics=free)["A1"].reading.ct
    assert 26.58 < ct < 26.75


def test_ct_with_brakes_and_noise_stays_near():
    """The brakes cost part of a cycle (half speed at Rn 1.4), gain (CV 6 %) a tenth."""
    ct = one({"alleles": {"Δ3-5": 10000}})["A1"].reading.ct
    assert 26.4 < ct < 27.4


def test_slope_of_a_dilution_series():
    """Ten times less template is 1 / log10(1.95) = 3.448 cycles later."""
    cts = [one({"alleles": {"Δ3-5": n}}, physics=QUIET)["A1"].reading.ct for n in (1e5, 1e4, 1e3)]
    assert np.diff(cts) == pytest.approx(1 / math.log10(1.95), abs=0.1)


def test_twenty_copies_cross_near_36():
    """Published plasmid series: 15 copies at Ct 36.45, 2 SD 35.4-37.5."""
    cts = [one({"alleles": {"Δ3-5": 15}}, seed=n, cycles=45)["A1"].reading.ct for n in range(40)]
    assert 36.0 < statistics.fmean(cts) < 36.9
    assert 0.3 < statistics.stdev(cts) < 0.8


def test_late_curves_have_no_plateau_by_cycle_40():
    """ABI 7500 Fast FAM/TAMRA: 1 to 3 of Ct 28-29 still climb at 83-86 % of the steepest rise."""
    rn = one({"alleles": {"Δ3-5": 2500}}, physics=QUIET)["A1"].reading.delta_rn
    steps = np.diff(rn)
    assert 0.6 < steps[-3:].mean() / steps.max() < 0.95
    assert 0.4 < steps.max() < 0.75


def test_background_is_as_noisy_as_measured():
    """Cycle noise 0.12 % of the level, well-to-well CV 1.4 % (ABI 7500 Fast, FAM/ROX)."""
    samples = [{"name": f"N{n}", "role": "ntc"} for n in range(24)]
    rn = np.array([r.reading.rn for r in reactions(samples=samples).values()])
    levels = rn[:, 5:].mean(axis=1)
    noise = np.diff(rn, 2, axis=1)[:, 5:].std(axis=1) / math.sqrt(6) / levels
    assert noise.mean() == pytest.approx(0.0012, rel=0.1)
    assert levels.std() / levels.mean() == pytest.approx(0.014, rel=0.35)
    drift = (rn[:, -5:].mean(axis=1) - rn[:, 5:10].mean(axis=1)) / 30 / levels
    assert drift.mean() == pytest.approx(0.0012, rel=0.1)


# The instrument

READOUT = Readout(cycles=20, threshold=0.2, baseline="line", start=3, end=10, digits=4)


def test_line_baseline_and_crossing():
    """Rn = 1 + 0.01 c and 0.1 more per cycle from cycle 15: ΔRn 0.1, 0.2, ... crosses at 16."""
    rn = [1 + 0.01 * c + max(0, c - 14) * 0.1 for c in range(1, 21)]
    reading = read_out(rn, READOUT)
    assert reading.delta_rn[:14] == pytest.approx([0] * 14)
    assert reading.ct == pytest.approx(16.0)
    between = read_out(rn, replace(READOUT, threshold=0.25))
    assert between.ct == pytest.approx(16.5)


def test_flat_baseline_keeps_the_drift():
    """Mean of 1.03 ... 1.10 is 1.065; 1.3 at cycle 30 is 0.235 above, 0.2 is reached at 26.5."""
    rn = [1 + 0.01 * c for c in range(1, 31)]
    reading = read_out(rn, replace(READOUT, cycles=30, baseline="flat"))
    assert reading.ct == pytest.approx(26.5)
    assert read_out(rn, replace(READOUT, cycles=30)).ct is None


def test_chosen_baseline_ends_before_the_rise():
    tubes = one({"alleles": {"Δ3-5": 10000}})
    lit, dark = tubes["A1"].reading, tubes["B1"].reading
    assert (lit.baseline_start, dark.baseline_end) == (3, 39)
    assert lit.ct - 7 < lit.baseline_end <= lit.ct - 4


# Faults


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("jump", [0, 0, 0.9, 0.9]),  # 0.1 of 9 Rn, from cycle 3
        ("spike", [0, 0, 0.9, 0]),
        ("convex", [0.9 / 1.2**3, 0.9 / 1.2**2, 0.9 / 1.2, 0.9]),
        ("drift", [0, 0.1 * 2.36 * 0.8 / 3, 0.1 * 2.36 * 0.9 * 2 / 3, 0.1 * 2.36]),
        ("dead", [0, 0, 0, 0]),
    ],
)
def test_artefact_shapes(kind, expected):
    fault = Fault(FaultKind(kind), "L1/R1", "", 0.1, 3)
    assert artefact(fault, cycles=4, physics=Physics()) == pytest.approx(expected)


FAULTS = [
    # fault, copies -> outcome alone, whether there is a Ct
    ({"kind": "dead"}, 10000, "negative", False),
    ({"kind": "contaminated", "size": 500}, 0, "positive", True),
    ({"kind": "weak", "size": 0.1}, 10000, "review", True),
    ({"kind": "weak", "size": 0.1}, 0, "negative", False),
    ({"kind": "inhibited", "size": 0.6}, 1000000, "review", True),
    ({"kind": "drift", "size": 0.1}, 0, "negative", False),
    ({"kind": "convex", "size": 0.3}, 0, "negative;review", True),
    ({"kind": "jump", "size": 0.3, "cycle": 20}, 0, "review", True),
    ({"kind": "jump", "size": 0.3, "cycle": 38}, 0, "negative", True),
    ({"kind": "spike", "size": 0.3, "cycle": 20}, 0, "negative", False),
    ({"kind": "spike", "size": 0.3, "cycle": 20}, 10000, "positive", True),
    ({"kind": "missing_curve"}, 10000, "review", True),
    ({"kind": "missing_curve"}, 0, "negative", False),
    ({"kind": "omitted"}, 10000, "invalid", True),
]


@pytest.mark.parametrize(("fault", "copies", "outcome", "crosses"), FAULTS)
def test_outcomes_of_faults(fault, copies, outcome, crosses):
    alleles = {"Δ3-5": copies} if copies else {}
    reaction = one({"alleles": alleles, "faults": [{"assay": "L1/R1", **fault}]})["A1"]
    assert ";".join(outcomes_alone(reaction, LIMIT)) == outcome
    assert (reaction.reading.ct is not None) == crosses


def test_a_spike_leaves_the_other_cycles_alone():
    clean = one({})["A1"].reading.rn
    spiked = one({"faults": [{"kind": "spike", "assay": "L1/R1", "size": 0.1, "cycle": 20}]})["A1"]
    changes = [round(b - a, 3) for a, b in zip(clean, spiked.reading.rn, strict=True)]
    assert changes == [0] * 19 + [0.9] + [0] * 20


def test_a_fault_strikes_one_well_of_two():
    sample = {
        "alleles": {"Δ3-5": 10000},
        "extra_wells": {"D1": "L1/R1"},
        "faults": [{"kind": "dead", "assay": "L1/R1", "well": "D1"}],
    }
    tubes = one(sample)
    assert tubes["A1"].reading.ct is not None
    assert tubes["D1"].reading.ct is None


# Expectations


def calls(*samples):
    controls = [{"name": "NTC", "role": "ntc"}, SAMPLES[1]]
    plate = simulate_plate(plan(samples=[*controls, *samples]), panel=PANEL, products=PRODUCTS)
    found = expected_calls(plate.reactions, Rules(PANEL, PRODUCTS, LIMIT))
    return {name: (e.call, e.deletions) for name, e in found.items()}


def test_calls_that_truth_decides():
    dna = {"input_ng": 100}
    found = calls(
        {"name": "a", **dna, "alleles": {"Δ3-5": 5000}},
        {"name": "b", **dna, "alleles": {"Δ4-5": 5000}},
        {"name": "c", **dna, "alleles": {"Δ4-5": 5000}, "long_products": False},
        {"name": "d", **dna, "alleles": {"Δ4-5": 5000, "Δ3-5": 300}},
        {"name": "e", **dna},
    )
    assert found == {
        "a": ("Δ3-5", ("Δ3-5",)),
        "b": ("Δ4-5", ("Δ4-5",)),
        "c": ("Δ4-5", ("Δ4-5",)),
        "d": ("mixed", ("Δ3-5", "Δ4-5")),
        "e": ("negative", ()),
    }


def test_calls_that_truth_does_not_decide_are_left_out():
    """Too few copies, no DNA, a doubtful well, an assay not run: a person must say."""
    dna = {"input_ng": 100}
    assert not calls(
        {"name": "a", **dna, "alleles": {"Δ3-5": 2}},
        {"name": "b"},
        {"name": "c", **dna, "faults": [{"kind": "omitted", "assay": "L1/R1"}]},
        {"name": "d", **dna, "left_out": ["L2/R1"]},
    )


def test_controls_decide_what_stands(tmp_path):
    """Contaminated water voids positives of L1/R1; a dead control voids negatives of L2/R1."""
    samples = [
        {
            "name": "NTC",
            "role": "ntc",
            "faults": [{"kind": "contaminated", "assay": "L1/R1", "size": 300}],
        },
        {**SAMPLES[1], "faults": [{"kind": "dead", "assay": "L2/R1"}]},
        {"name": "S", "input_ng": 100, "alleles": {"Δ3-5": 9000}},
        {"name": "T", "input_ng": 100, "alleles": {"Δ4-5": 9000}, "long_products": False},
    ]
    folder = written(tmp_path, samples=samples)
    with (folder / "expected" / "wells.tsv").open(encoding="utf-8") as file:
        found = {
            (r["well"], r["assay"]): r["outcome"] for r in csv.DictReader(file, delimiter="\t")
        }
    assert found["A1", "L1/R1"] == "positive"
    assert found["B2", "L2/R1"] == "negative"
    assert [found["A3", "L1/R1"], found["B3", "L2/R1"], found["C3", "CG"]] == [
        "invalid",
        "invalid",
        "positive",
    ]
    assert [found["A4", "L1/R1"], found["B4", "L2/R1"]] == ["negative", "positive"]


# What is written holds the numbers of the plate


def test_7500_export_holds_the_plate(tmp_path):
    samples = [*SAMPLES, {"name": "O", "faults": [{"kind": "omitted", "assay": "L1/R1"}]}]
    text = (written(tmp_path, samples=samples) / "made-up.csv").read_text(encoding="utf-8")
    assert text.startswith("* Block Type = 96well,")
    sections = {
        name: list(csv.DictReader(body.strip().splitlines()))
        for name, body in re.findall(
            r"^\[(.*?)\],*\n(.*?)(?=^,*\n|^\n|\Z)", text, re.MULTILINE | re.DOTALL
        )
    }
    assert list(sections) == ["Sample Setup", "Results", "Amplification Data"]
    plate = reactions(samples=samples)
    assert len(sections["Sample Setup"]) == 96
    results = {row["Well"]: row for row in sections["Results"]}
    assert set(results) == set(plate) - {"A5"}
    for well, row in results.items():
        reading = plate[well].reading
        curve = [r for r in sections["Amplification Data"] if r["Well"] == well]
        ct = None if row["Cт"] == "Undetermined" else float(row["Cт"])
        assert ct == reading.ct
        assert tuple(float(r["Rn"]) for r in curve) == reading.rn
        assert tuple(float(r["ΔRn"]) for r in curve) == reading.delta_rn
        assert {r["Target Name"] for r in curve} == {row["Target Name"]}
    assert results["A1"]["Task"] == "NTC"


def test_workbook_holds_the_plate(tmp_path):
    samples = [*SAMPLES, {"name": "O", "faults": [{"kind": "omitted", "assay": "L1/R1"}]}]
    folder = written(tmp_path, samples=samples, format="quantstudio")
    book = CalamineWorkbook.from_path(str(folder / "made-up.xlsx"))
    plate = reactions(samples=samples, format="quantstudio")
    results = table(book, "Results")
    curves = table(book, "Amplification Data")
    assert {row["Well Position"] for row in results} == set(plate)
    for row in results:
        reaction = plate[row["Well Position"]]
        curve = [r for r in curves if r["Well Position"] == row["Well Position"]]
        assert row["Cq"] == (reaction.reading.ct or "UNDETERMINED")
        assert tuple(r["Rn"] for r in curve) == reaction.reading.rn
        assert tuple(r["dRn"] for r in curve) == reaction.reading.delta_rn
        assert [r["Cycle Number"] for r in curve] == list(range(1, 41))
        assert row["Omit"] == ("TRUE" if row["Well Position"] == "A5" else "FALSE")


def table(book, sheet):
    rows = book.get_sheet_by_name(sheet).to_python()
    top = next(n for n, row in enumerate(rows) if row[0] == "Well")
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def test_generic_table_holds_the_plate(tmp_path):
    path = written(tmp_path, format="generic") / "made-up.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    plate = reactions()
    assert [row["Well"] for row in rows] == list(plate)
    for row in rows:
        reading = plate[row["Well"]].reading
        assert row["Ct"] == "-" if reading.ct is None else float(row["Ct"]) == reading.ct
        assert tuple(float(row[str(c)]) for c in range(1, 41)) == reading.delta_rn


def test_missing_curve_has_a_ct_and_no_rows(tmp_path):
    sample = {
        "name": "S",
        "alleles": {"Δ3-5": 9000},
        "faults": [{"kind": "missing_curve", "assay": "L1/R1"}],
    }
    text = (written(tmp_path, samples=[sample]) / "made-up.csv").read_text(encoding="utf-8")
    assert re.search(r"^A1,S,L1/R1,UNKNOWN,FAM,TAMRA,2[67]\.\d+,", text, re.MULTILINE)
    assert not re.search(r"^A1,1,", text, re.MULTILINE)
    assert re.search(r"^B1,1,L2/R1,", text, re.MULTILINE)


def test_sample_sheet_joins_wells_and_states_what_the_plan_says(tmp_path):
    samples = [
        {"name": "S", "input_ng": 20, "left_out": ["L2/R1"], "sheet": {"expected": "Δ3-5;Δ4-5"}},
        {"name": "T", "extra_wells": {"D1": "CG"}},
    ]
    folder = written(tmp_path, samples=samples)
    with (folder / "samplesheet.csv").open(encoding="utf-8") as file:
        rows = [
            (r["well"], r["sample"], r["role"], r["expected"], r["input_ng"])
            for r in csv.DictReader(file)
        ]
    assert rows == [
        ("A1", "S", "unknown", "Δ3-5;Δ4-5", "20"),
        ("C1", "S", "unknown", "Δ3-5;Δ4-5", "20"),
        ("D1", "T", "unknown", "", ""),
        ("A2:C2", "T", "unknown", "", ""),
    ]


def test_run_yaml_is_written_where_planned(tmp_path):
    folder = written(tmp_path, run_yaml={"operator": "A. Example"})
    assert yaml.safe_load((folder / "run.yaml").read_text()) == {"operator": "A. Example"}


def test_384_wells(tmp_path):
    """Well numbers run by row: B1 of 24 columns is 25."""
    samples = [{"name": f"S{n}"} for n in range(13)]
    assert simulate_plate(plan(samples=samples), panel=PANEL, products=PRODUCTS).wells == 384
    assert (well_number("B1", 384), well_number("B1", 96)) == (25, 13)


# What a plan can get wrong: one line each

WRONG = [
    ({"seeds": 1}, "plan: key 'seeds' is unknown; expected name,"),
    ({"name": "../up"}, "name '../up'; expected 1 to 64"),
    ({"physics": {"gravity": 9.81}}, "physics: key 'gravity' is unknown"),
    ({"format": "abacus"}, "format 'abacus' cannot be written; expected one of abi7500_v2"),
    ({"assays": ["L9/R1"]}, "assay 'L9/R1' is not in the panel; expected L1/R1"),
    (
        {"baseline": {"kind": "wavy", "start": 3, "end": 9}},
        "baseline: kind 'wavy'; expected line or",
    ),
    ({"samples": [{"name": "S", "role": "judge"}]}, "sample S: role 'judge'; expected unknown"),
    ({"samples": [{"name": "S", "allele": {}}]}, "sample S: key 'allele' is unknown"),
    ({"samples": [{"name": "S", "alleles": {"Δ9-9": 5}}]}, "allele 'Δ9-9' is not in the products"),
    ({"samples": [{"name": "S", "sheet": {"colour": 1}}]}, "sheet: key 'colour' is unknown"),
    (
        {"samples": [{"name": "S", "faults": [{"kind": "fire"}]}]},
        "fault 'fire'; expected contaminated",
    ),
    (
        {"samples": [{"name": "S", "faults": [{"kind": "dead", "assay": "L1/R2"}]}]},
        "fault dead strikes no well; check assay 'L1/R2'",
    ),
    ({"samples": [{"name": "S", "extra_wells": {"A1": "CG"}}]}, "well A1 is used twice"),
    ({"samples": [{"name": "S", "extra_wells": {"A01": "CG"}}]}, "well 'A01'; expected a letter"),
    ({"samples": [{"name": f"S{n}"} for n in range(25)]}, "a plate holds at most 16 by 24"),
]


@pytest.mark.parametrize(("keys", "message"), WRONG)
def test_wrong_plans_are_one_line(tmp_path, keys, message):
    with pytest.raises(PlanError, match=re.escape(message)) as problem:
        written(tmp_path, **keys)
    assert "\n" not in str(problem.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [", "not YAML"),
        ("- 1\n", "holds list; expected keys with values"),
        ("name: x\n", "'format' missing; a plan needs"),
        ("", "holds NoneType; expected keys with values"),
    ],
)
def test_broken_plan_files_are_one_line(tmp_path, text, message):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BreakpointPcrError, match=re.escape(message)) as problem:
        load_plan(path)
    assert str(problem.value).startswith(f"{path}: ")
    assert "\n" not in str(problem.value)


def test_a_folder_of_the_user_is_not_replaced(tmp_path):
    mine = tmp_path / "made-up"
    mine.mkdir()
    (mine / "export.csv").write_text("precious")
    with pytest.raises(PlanError, match="exists and is no simulated run"):
        written(tmp_path)
    assert (mine / "export.csv").read_text() == "precious"


def test_an_older_simulation_is_replaced(tmp_path):
    folder = written(tmp_path)
    first = files(folder)
    written(tmp_path, format="quantstudio")
    assert "made-up.csv" not in files(folder)
    written(tmp_path)
    assert files(folder) == first


def test_seed_and_format_can_be_changed():
    other = changed(plan(), seed=11, format_name="generic")
    assert (other.seed, other.format) == (11, "generic")
    assert changed(plan(), seed=None, format_name=None) == plan()


def test_the_simulator_knows_nothing_of_the_judges():
    """Neither the curve rules nor the calls may be imported: truth must not lean on them."""
    folder = Path(sys.modules["breakpoint_pcr.simulate.simulation"].__file__).parent
    for path in folder.rglob("*.py"):
        assert not re.search(
            r"breakpoint_pcr\.(curves|calling|explanation|ingest)", path.read_text("utf-8")
        ), path


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"date": "3 February"}, "Invalid isoformat"),
        ({"cycles": 0}, "cycles: 0; expected 15 to 60"),
        ({"seed": -1}, "seed: -1; expected 0 to"),
        ({"priming": {"L1": -0.5}}, "priming of L1: -0.5; expected 0 to 1"),
        ({"physics": {"full_rn": "high"}}, "physics: full_rn is 'high'; expected a number"),
        ({"baseline": {"kind": "line", "start": 15, "end": 3}}, "baseline: end: 3; expected 17"),
        ({"baseline": {"kind": "line", "start": 39, "end": None}}, "baseline: start: 39"),
        ({"samples": [{"name": "S"}, {"name": "S"}]}, "sample name 'S' stands twice"),
        ({"samples": [{}]}, "sample name '' stands twice or is empty"),
        ({"samples": [{"name": "S", "alleles": {"Δ3-5": -1}}]}, "sample S: Δ3-5: -1.0; expected"),
        ({"samples": [{"name": "S", "alleles": {"Δ3-5": math.nan}}]}, "sample S: Δ3-5: nan"),
        ({"samples": [{"name": "S", "input_ng": -1}]}, "sample S: input_ng: -1.0"),
    ],
)
def test_impossible_numbers_are_one_line(tmp_path, keys, message):
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump({**PLAN, **keys}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PlanError, match=re.escape(message)) as problem:
        load_plan(path)
    assert "\n" not in str(problem.value)


def test_an_impossible_seed_of_the_command_is_refused():
    with pytest.raises(PlanError, match="seed: -1"):
        changed(plan(), seed=-1, format_name=None)
