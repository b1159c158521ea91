"""A small study through the real pipeline: its plates, its calls, and that it sees an error."""

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from test_simulate_demo import CONFIG, PANEL, products

from breakpoint_pcr.calling import CallSettings
from breakpoint_pcr.explanation import alleles_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.simulate.instruments import read_instruments
from breakpoint_pcr.simulate.plate import lay_out, plate_size
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.tables import Call, Role
from breakpoint_pcr.validation.arms import ARMS, arms_for, study_plates
from breakpoint_pcr.validation.batches import batch_names, batch_samples
from breakpoint_pcr.validation.population import EFFICIENCY, INPUT_NG, Population, unknowns
from breakpoint_pcr.validation.rows import CLEAN, Result
from breakpoint_pcr.validation.study import (
    Pipeline,
    call_plate,
    judged_samples,
    read_plate,
    study_plate,
)

STUDY = {"samples": 1150, "samples_per_batch": 500, "seed": 7, "copies_present": 100}
SECTIONS = ("calling", "curves", "controls", "replicates")


@cache
def pipeline(seed=7):
    found = tuple(products())
    profiles = read_instruments(Path("resources/simulation/instruments.yaml"))
    population = Population(PANEL, alleles_of(found), profiles, frozenset({"R-8"}), 100, seed)
    calls = CallSettings.from_config(**{key: CONFIG[key] for key in SECTIONS})
    return Pipeline(population, found, IngestSettings.from_config(CONFIG["ingest"]), calls)


def plates(samples, *names, seed=7, batch="1"):
    population = pipeline(seed).population
    arms = [arm for arm in arms_for(population) if not names or arm.name in names]
    return list(study_plates(batch, samples, population, arms))


def test_batches_hold_all_samples():
    names = batch_names(STUDY)
    assert names == ["1", "2", "3", "limits"]
    assert [batch_samples(name, STUDY | {"limit_samples": 40}) for name in names] == [
        500,
        500,
        150,
        40,
    ]


@pytest.mark.parametrize("samples", [1, 22, 500])
def test_a_batch_holds_exactly_its_samples(samples):
    assert sum(len(unknowns(plate.plan)) for plate in plates(samples)) == samples


def test_plates_follow_from_seed_batch_and_number():
    assert plates(60) == plates(60)
    assert plates(60) != plates(60, seed=8)
    assert plates(60) != plates(60, batch="2")
    assert plates(60)[0] == plates(500)[0]  # a longer batch begins alike


def test_arms_are_dealt_by_their_shares():
    dealt = plates(20_000)
    counts = Counter(plate.arm.name for plate in dealt)
    assert sum(arm.share for arm in ARMS) == pytest.approx(1)
    for arm in ARMS:
        assert counts[arm.name] / len(dealt) == pytest.approx(arm.share, abs=0.003), arm.name
    assert max(ARMS, key=lambda arm: arm.share).name == CLEAN
    assert next(arm.share for arm in ARMS if arm.name == CLEAN) >= 1 / 2


def test_arms_that_the_panel_cannot_show_are_left_out():
    population = pipeline().population
    names = {arm.name for arm in arms_for(population)}
    assert {"reference_only", "poor_primer"} <= names
    sure = replace(population, unconfirmed=frozenset(), alleles=population.sure)
    assert {arm.name for arm in arms_for(sure)} == names - {"reference_only", "poor_primer"}


def test_clean_plates_have_nothing_amiss_and_everything_there_is():
    drawn = plates(3000, CLEAN)
    samples = [sample for plate in drawn for sample in unknowns(plate.plan)]
    assert not any(sample.faults or sample.left_out for p in drawn for sample in p.plan.samples)
    assert not any(p.plan.priming or p.plan.swapped for p in drawn)
    negative = sum(not sample.alleles for sample in samples) / len(samples)
    assert negative == pytest.approx(0.4, abs=0.03)  # three standard errors of 3000
    assert sum(len(sample.alleles) == 2 for sample in samples) == pytest.approx(300, abs=50)
    held = {name for sample in samples for name in sample.alleles}
    assert held == {allele.name for allele in pipeline().population.sure}
    copies = [c for sample in samples for c in sample.alleles.values()]
    assert (min(copies) >= 100, max(copies) <= 1e5) == (True, True)
    assert all(c <= s.genomes for s in samples for c in s.alleles.values())  # one in every cell
    told = [float(sample.sheet["input_ng"]) for sample in samples]
    assert (min(told) >= INPUT_NG[0], max(told) <= INPUT_NG[1]) == (True, True)
    assert {p.instrument for p in drawn} == set(pipeline().population.instruments)
    assert {p.plan.format for p in drawn} == {"abi7500_v2", "quantstudio", "generic"}
    assert {p.plan.cycles for p in drawn} == {40, 45}
    assert {plate_size(p.plan) for p in drawn} == {96, 384}
    assert {bool(sample.extra_wells) for sample in samples} == {True, False}
    values = [value for p in drawn for value in p.plan.assays.values()]
    assert (min(values) >= EFFICIENCY[0], max(values) <= EFFICIENCY[1]) == (True, True)


def test_two_alleles_of_a_sample_are_of_different_classes():
    classes = {allele.name: allele.deletion for allele in pipeline().population.alleles}
    for plate in plates(1000, CLEAN):
        for sample in unknowns(plate.plan):
            found = [classes[name] for name in sample.alleles]
            assert len(set(found)) == len(found)


def test_every_plan_can_be_pipetted():
    for plate in plates(3000):
        assert lay_out(plate.plan, panel=PANEL, products=pipeline().products)


@pytest.mark.parametrize("arm", [arm.name for arm in ARMS if arm.name != CLEAN])
def test_each_arm_does_what_it_says(arm):
    drawn = plates(200, arm)
    samples = [sample for plate in drawn for sample in unknowns(plate.plan)]
    controls = [s for plate in drawn for s in plate.plan.samples if s.role is not Role.UNKNOWN]
    kinds = Counter(fault.kind for sample in samples for fault in sample.faults)
    copies = [c for sample in samples for c in sample.alleles.values()]
    sure = {allele.name for allele in pipeline().population.sure}
    # one sample in three, rounded up on each plate
    third = sum(-(-len(unknowns(plate.plan)) // 3) for plate in drawn)
    shown = {
        "inhibited": kinds == {FaultKind.INHIBITED: third},
        "optics": len(kinds) == 8 and all(sample.faults for sample in samples),
        "plate_effects": all(plate.plan.effects.gain_columns for plate in drawn),
        "drop_outs": all(sample.faults for sample in samples) and FaultKind.OMITTED in kinds,
        "failed_controls": not kinds and any(c.faults for c in controls),
        "little_dna": all(sample.input_ng <= 10 for sample in samples),
        "low": all(any(c < 100 for c in sample.alleles.values()) for sample in samples),
        "reference_only": not any(sure.intersection(s.alleles) for s in samples),
        "poor_primer": all(plate.plan.priming == {"R-8": 0.3} for plate in drawn),
        "dead_reaction": all(sample.alleles and not sample.extra_wells for sample in samples),
        "contaminated": kinds == {FaultKind.CONTAMINATED: 200},
        "swapped": all(plate.plan.swapped for plate in drawn),
    }
    assert shown[arm]
    assert all(c >= 1 for c in copies)


@cache
def small_study():
    return tuple(row for plate in plates(150) for row in study_plate(plate, pipeline()))


def test_a_small_study_finds_no_wrong_call():
    rows = small_study()
    assert len(rows) == 150
    assert [row for row in rows if row.target and row.result is Result.WRONG] == []
    clean = [row.result for row in rows if row.arm == CLEAN]
    assert len(clean) >= 60
    assert clean.count(Result.RIGHT) / len(clean) >= 0.9  # 0.97 are asked of the whole study
    assert {row.call for row in rows} >= {"negative", "mixed"}


def test_a_study_is_the_same_each_time():
    (plate,) = plates(150)[:1]
    again = study_plate(plate, pipeline())
    assert again == list(small_study()[: len(again)])


def test_a_result_that_is_not_right_says_how_it_arose():
    rows = [row for plate in plates(40, "dead_reaction") for row in study_plate(plate, pipeline())]
    wrong = [row for row in rows if row.result is Result.WRONG]
    assert wrong  # nobody can tell a dead single well from a negative
    assert not any(row.target for row in rows)
    assert all("molecules" in row.cause and "negative" in row.cause for row in wrong)
    assert all((row.cause == "") == (row.result is Result.RIGHT) for row in rows)


def exchanged(row):
    """Call the positive negative and the negative positive, as a broken caller would."""
    label = PANEL.deletions[0].label
    if row.call == Call.NEGATIVE:
        return replace(row, call=label, deletions=(label,))
    return replace(row, call=Call.NEGATIVE.value, deletions=(), candidates=())


def test_a_broken_caller_is_seen():
    (plate,) = [plate for plate in plates(200, CLEAN) if len(unknowns(plate.plan)) >= 9][:1]
    read = read_plate(plate, pipeline())
    run = call_plate(read, pipeline(), pipeline().calls)
    broken = replace(run, samples=[exchanged(row) for row in run.samples])
    before = Counter(row.result for row in judged_samples(read, run, pipeline()))
    after = Counter(row.result for row in judged_samples(read, broken, pipeline()))
    assert before[Result.WRONG] == 0
    # All that were right are wrong; what was invalid is now called negative, which may be right.
    assert after[Result.WRONG] >= before[Result.RIGHT] > 0
    assert after[Result.RIGHT] <= len(run.samples) - before[Result.RIGHT]


def test_a_sample_that_nobody_called_is_invalid():
    (plate,) = plates(9, CLEAN)[:1]
    read = read_plate(plate, pipeline())
    run = call_plate(read, pipeline(), pipeline().calls)
    rows = judged_samples(read, replace(run, samples=[]), pipeline())
    assert {row.result for row in rows} == {Result.INVALID}
    assert {row.cause for row in rows if not row.present} == {"the run has no well of the sample"}


def test_swapped_names_are_counted_and_no_target():
    rows = [row for plate in plates(60, "swapped") for row in study_plate(plate, pipeline())]
    assert Result.WRONG in {row.result for row in rows}
    assert not any(row.target for row in rows)
    assert any(" is " in fault for row in rows for fault in row.faults)


def test_foreign_copies_are_noticed_or_wrong():
    rows = [row for plate in plates(60, "contaminated") for row in study_plate(plate, pipeline())]
    found = Counter((row.result, row.noticed) for row in rows)
    assert found[Result.WRONG, True] + found[Result.WRONG, False] > 0
    assert all(row.faults for row in rows)
