"""Instrument profiles: what is measured of known curves, and whether profiles draw such curves."""

import math
import re
import statistics
from dataclasses import fields, replace
from pathlib import Path
from time import process_time

import numpy as np
import pytest
import yaml
from test_simulate import PANEL, PLAN, PRODUCTS, plan

from breakpoint_pcr.simulate.fitting import physics_of
from breakpoint_pcr.simulate.instruments import INSTRUMENTS, light_of_one, read_instruments
from breakpoint_pcr.simulate.measures import shape_of, summarise
from breakpoint_pcr.simulate.physics import Physics, WellOptics, amplify, fluoresce
from breakpoint_pcr.simulate.plans import load_plan, read_plan
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.truth import PlanError
from breakpoint_pcr.simulate.writers.catalogue import WRITERS

PROFILES = read_instruments(Path(INSTRUMENTS))
LIT, QUIET_WELLS = 120, 40


def curves_of(profile, *, seed=1):
    """120 wells of 300 to 300,000 copies and 40 without, as the profile draws them."""
    found = []
    for well in range(LIT + QUIET_WELLS):
        rng = np.random.default_rng([seed, well])
        copies = [int(10 ** rng.uniform(2.5, 5.5))] if well < LIT else []
        signal = amplify(
            copies,
            [profile.physics.efficiency] * len(copies),
            cycles=int(profile.measured["cycles"]),
            physics=profile.physics,
            rng=rng,
        )
        found.append(fluoresce(signal, well=WellOptics(), physics=profile.physics, rng=rng))
    return found


def measured(profile, curves):
    """The same measures as of the real curves; without a known level CV a unit stands for it."""
    return summarise(
        curves,
        amplified=[well < LIT for well in range(len(curves))],
        assays=[""] * len(curves),
        unit=None if profile.measured["level_cv"] else profile.physics.level_rn,
    )


# What is measured of curves whose making is known


def test_noise_of_known_curves_is_found():
    """Level 100, climb 0.001, white noise 0.004 smoothed by a quarter, walk 0.001, first cycle 3 %.

    Smoothed white noise by hand: scatter 0.004 sqrt(6 / 16) = 0.00245, second differences
    0.004 sqrt(1 / 16) = 0.001; the walk adds to both.
    """
    rng = np.random.default_rng(5)
    index = np.arange(42)
    curves = []
    for _ in range(200):
        y = 1 + 0.001 * index + 0.001 * np.cumsum(rng.standard_normal(42))
        y = 100 * (y + 0.004 * rng.standard_normal(42))
        y = (y[:-2] + 2 * y[1:-1] + y[2:]) / 4
        curves.append(y + 3 * 0.5 ** np.arange(40))
    found = summarise(curves, amplified=[False] * 200, assays=[""] * 200)
    assert found.level == pytest.approx(100, rel=0.01)
    assert found.drift == pytest.approx(0.001, rel=0.15)
    assert found.smoothing == pytest.approx(0.25, abs=0.04)
    assert found.noise == pytest.approx(0.004, rel=0.15)
    assert found.wander == pytest.approx(0.001, rel=0.2)
    assert found.unsettled == pytest.approx(0.03, rel=0.1)
    assert found.roughness == pytest.approx(0.00105, rel=0.15)


def test_spread_between_wells_is_found_within_assays():
    """Two assays of level 100 and 300, each with CV 5 %; slopes with SD 0.002."""
    rng = np.random.default_rng(6)
    index = np.arange(40)
    levels = np.repeat([100, 300], 150) * np.exp(0.05 * rng.standard_normal(300))
    slopes = 0.002 * rng.standard_normal(300)
    noise = 0.001 * rng.standard_normal((300, 40))
    curves = levels[:, None] * (1 + slopes[:, None] * index + noise)
    found = summarise(curves, amplified=[False] * 300, assays=["a"] * 150 + ["b"] * 150)
    assert found.level_cv == pytest.approx(0.05, rel=0.1)
    assert found.drift_sd == pytest.approx(0.002, rel=0.1)
    assert (found.rises, found.optics_cv, found.plateau_noise) == (0, 0, None)


def test_light_common_to_level_and_rise_is_found():
    """All light varies by 10 %, and the level by 10 % more: together sqrt(2) x 10 %."""
    rng = np.random.default_rng(7)
    physics = Physics(level_cv=0.1, optics_cv=0.1, gain_cv=0, additive_noise=0.001)
    curves = []
    for well in range(200):
        signal = amplify([3000 + well], [0.95], cycles=45, physics=physics, rng=rng)
        curves.append(fluoresce(signal, well=WellOptics(), physics=physics, rng=rng))
    found = summarise(curves, amplified=[True] * 200, assays=[""] * 200)
    assert found.level_cv == pytest.approx(0.1 * math.sqrt(2), rel=0.12)
    assert found.optics_cv == pytest.approx(0.1, rel=0.2)
    back = physics_of(found, shape_of(curves, amplified=[True] * 200), passive_reference=True)
    assert back["level_cv"] == pytest.approx(0.1, rel=0.25)
    assert back["full_rn"] == pytest.approx(physics.full_rn, rel=0.1)
    assert back["half_speed_rn"] == pytest.approx(physics.half_speed_rn, rel=0.3)


def test_curves_that_start_at_once_cannot_be_measured():
    with pytest.raises(ValueError, match="no curve has enough clean cycles"):
        summarise([[float(c) for c in range(40)]], amplified=[True], assays=[""])


def test_smoothing_gives_a_share_to_each_neighbour():
    """A product that doubles, 1, 2, 4, 8 ...: a quarter of both neighbours and half of itself."""
    off = {entry.name: 0 for entry in fields(Physics) if entry.type in (float, "float")}
    physics = Physics(**{**off, "level_rn": 0.0, "smoothing": 0.25})
    seen = fluoresce(
        [1.0, 2, 4, 8], well=WellOptics(), physics=physics, rng=np.random.default_rng()
    )
    assert seen == (1, 0.25 * (1 + 4) + 0.5 * 2, 0.25 * (2 + 8) + 0.5 * 4, 8)


# The shipped profiles


def test_there_are_several_kinds():
    assert len(PROFILES) >= 5
    assert PROFILES["abi7500_fam_tamra"].passive_reference
    assert {profile.passive_reference for profile in PROFILES.values()} == {True, False}
    formats = {writer.name for writer in WRITERS}
    assert all(profile.formats and set(profile.formats) <= formats for profile in PROFILES.values())
    assert all(profile.curves >= 20 and profile.source for profile in PROFILES.values())


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_draws_curves_like_the_real_ones(name):
    """Stated tolerances; the real measures stand in the file and come from real curves alone."""
    profile = PROFILES[name]
    real, drawn = profile.measured, measured(profile, curves_of(profile)).as_numbers()
    for key, share, least in (
        ("level", 0.1, 0),
        ("level_cv", 0.2, 0.002),
        ("scatter", 0.25, 0),
        ("roughness", 0.15, 0),
        ("rise", 0.15, 0),
        ("steepest", 0.25, 0),
        ("drift", 0.3, 0.0007),
        ("drift_sd", 0.3, 0.0005),
        ("unsettled", 0.3, 0.005),
    ):
        assert abs(drawn[key] - real[key]) <= share * abs(real[key]) + least, key


@pytest.mark.parametrize("name", PROFILES)
def test_copies_cross_where_the_published_series_says(name):
    """15 copies at Ct 36.45, SD 0.545: the median of 48 wells within one SD of it.

    A background that climbs ever less makes the baseline too steep, and Cts late.
    """
    profile = PROFILES[name]
    samples = [{"name": f"S{n}", "input_ng": 100, "alleles": {"Δ3-5": 15}} for n in range(24)]
    cts = []
    for seed in (1, 2):
        base = plan(samples=samples, cycles=45, seed=seed)
        mine = replace(base, physics=profile.physics, threshold=profile.threshold)
        plate = simulate_plate(mine, panel=PANEL, products=PRODUCTS)
        cts += [r.reading.ct for r in plate.reactions if r.tube.assay == "L1/R1"]
    assert statistics.median(ct for ct in cts if ct) == pytest.approx(36.45, abs=0.545)


def test_light_of_one_copy_without_brakes_is_by_hand():
    """0.2 / 1.95^40.5 = 3.575e-13; a line between cycles reads up to 0.1 cycle early."""
    free = Physics(half_speed_rn=1e9, full_rn=1e9)
    assert light_of_one(free, 0.2, 40.5) == pytest.approx(3.575e-13, rel=0.07)


def test_a_plan_may_name_an_instrument(tmp_path):
    keys = {key: value for key, value in PLAN.items() if key != "threshold"}
    made = read_plan({**keys, "instrument": "two_targets_rfu"}, PROFILES)
    profile = PROFILES["two_targets_rfu"]
    assert (made.threshold, made.physics) == (profile.threshold, profile.physics)
    assert made.passive_reference is False
    path = tmp_path / "plan.yaml"
    path.write_text(
        yaml.safe_dump(
            {**keys, "instrument": "abi7500_fam_tamra", "threshold": 0.3, "physics": {"bend": 0.1}}
        )
    )
    other = load_plan(path, PROFILES)
    assert (other.threshold, other.physics.bend) == (0.3, 0.1)
    assert other.physics.half_speed_rn == PROFILES["abi7500_fam_tamra"].physics.half_speed_rn


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"instrument": "abacus"}, "instrument 'abacus' is unknown; expected one of abi7500_fam"),
        ({}, "'threshold' missing; a plan needs it or an instrument"),
    ],
)
def test_a_plan_without_threshold_needs_an_instrument(keys, message):
    rest = {key: value for key, value in PLAN.items() if key != "threshold"}
    with pytest.raises(PlanError, match=re.escape(message)):
        read_plan({**rest, **keys}, PROFILES)


ENTRY = {
    "source": "made up",
    "curves": 20,
    "unit": "Rn",
    "formats": ["generic"],
    "passive_reference": True,
    "threshold": 0.2,
    "single_copy_ct": 40.5,
    "measured": {},
    "physics": {},
}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({**ENTRY, "colour": 1}, "mine: 'colour' missing or unknown; expected source"),
        ({k: v for k, v in ENTRY.items() if k != "unit"}, "mine: 'unit' missing or unknown"),
        ({**ENTRY, "physics": {"gravity": 9.81}}, "mine: physics: gravity is unknown"),
        ({**ENTRY, "threshold": "high"}, "mine: could not convert string to float: 'high'"),
        ({**ENTRY, "threshold": 99}, "mine: threshold 99 is not reached; full_rn 9"),
        ([], "mine: 'curves' missing or unknown"),
    ],
)
def test_wrong_profiles_are_one_line(tmp_path, entry, message):
    path = tmp_path / "instruments.yaml"
    path.write_text(yaml.safe_dump({"mine": entry}))
    with pytest.raises(PlanError, match=re.escape(message)) as problem:
        read_instruments(path)
    assert "\n" not in str(problem.value)


def test_a_plate_is_quick():
    """84 wells with every kind of noise: 25 ms of CPU time on a busy machine; twice that is odd."""
    samples = [{"name": f"S{n}", "input_ng": 100, "alleles": {"Δ3-5": 500}} for n in range(12)]
    profile = PROFILES["multiplex_rfu"]
    extra = {f"{row}{n + 1}": "CG" for n in range(12) for row in "DEFG"}
    for number, sample in enumerate(samples, 1):
        sample["extra_wells"] = {w: a for w, a in extra.items() if w[1:] == str(number)}
    mine = replace(plan(samples=samples), physics=profile.physics, threshold=profile.threshold)
    times = []
    for _ in range(5):
        start = process_time()
        plate = simulate_plate(mine, panel=PANEL, products=PRODUCTS)
        times.append(process_time() - start)
    assert len(plate.reactions) == 84
    assert min(times) < 0.06
