"""The simulated cut-off: expected numbers follow from the physics with pencil and paper.

N copies reach the threshold at Ct1 - log(N) / log(1 + E), where one copy does at Ct1. The molecules
of a tube are Poisson and double by chance, so ln N scatters with variance (1 + (1 - E) / (1 + E)) /
N. From both: half of the wells are positive at N50 = (1 + E)^(Ct1 - limit), and 5 or 95 % where
N = N50 exp(-+1.645 sqrt(that variance)).
"""

import math
from dataclasses import replace

import pytest
from test_simulate_demo import CONFIG, PANEL, products

from breakpoint_pcr.calling import CallSettings
from breakpoint_pcr.simulate.instruments import InstrumentProfile
from breakpoint_pcr.simulate.physics import Physics
from breakpoint_pcr.tables import Amplifies
from breakpoint_pcr.validation.cutoff import COPIES, WELLS, CutoffStudy, simulate_dilutions
from breakpoint_pcr.validation.dilutions import DilutionWell, cutoff_curves, cutoff_levels

F4 = "F.4/R-7"
SECTIONS = ("calling", "curves", "controls", "replicates")
LIMIT = CONFIG["calling"]["ct_limit"]
THRESHOLD = 0.2
PROFILE = InstrumentProfile(
    name="bench",
    physics=Physics(),
    threshold=THRESHOLD,
    unit="Rn",
    passive_reference=True,
    formats=("generic",),
    curves=0,
    source="constants of simulate.physics",
    measured={},
)


def study(seed=1, limit=LIMIT, instruments=("bench",)):
    """One breakpoint assay and the control gene."""
    sections = {key: CONFIG[key] for key in SECTIONS}
    sections["calling"] = sections["calling"] | {"ct_limit": limit}
    assays = tuple(assay for assay in PANEL.assays if assay.name in (F4, "ALB"))
    return CutoffStudy(
        panel=replace(PANEL, assays=assays),
        products=products(),
        instruments={name: replace(PROFILE, name=name) for name in instruments},
        settings=CallSettings.from_config(**sections),
        seed=seed,
    )


def curve_of(wells):
    levels = cutoff_levels(wells, [F4], confidence=0.95)
    (curve,) = cutoff_curves(levels, confidence=0.95, notes={})
    return levels, curve


@pytest.fixture(scope="module")
def simulated():
    return list(simulate_dilutions(study()))


def half_positive(limit=LIMIT):
    physics = PROFILE.physics
    doubling = math.log(1 + physics.efficiency)
    one_copy = math.log(THRESHOLD / physics.signal_per_copy) / doubling
    return math.exp((one_copy - limit) * doubling)


def share_positive(quantile):
    """Solve N = N50 exp(z sqrt(v / N)) by iteration."""
    efficiency = PROFILE.physics.efficiency
    variance = 1 + (1 - efficiency) / (1 + efficiency)
    copies = half_positive()
    for _ in range(50):
        copies = half_positive() * math.exp(quantile * math.sqrt(variance / copies))
    return copies


def test_every_level_of_every_assay_and_instrument(simulated):
    levels, _ = curve_of(simulated)
    assert [row.copies for row in levels if row.instrument == "bench"] == list(COPIES)
    assert {row.wells for row in levels} == {WELLS}
    assert WELLS >= 40
    assert (COPIES[0], COPIES[-1]) == (0.5, 210)


def test_cts_are_those_of_the_physics(simulated):
    levels, _ = curve_of(simulated)
    top = levels[-1]
    expected = LIMIT + math.log(half_positive() / top.copies) / math.log(1.95)
    assert top.rate == 1.0
    assert top.ct_mean == pytest.approx(expected, abs=0.25)


def test_the_limit_lies_where_the_physics_put_it(simulated):
    _, curve = curve_of(simulated)
    # The brakes of the physics slow the last cycles before the threshold: some 0.1 cycles, 10 %.
    assert curve.c50 == pytest.approx(1.1 * half_positive(), rel=0.1)
    # The scatter of baseline, gain and noise comes on top of the molecules'; 40 wells a step leave
    # the width of the rise uncertain by a fifth.
    width = share_positive(1.645) / share_positive(-1.645)
    assert math.log(curve.c95 / curve.c5) == pytest.approx(math.log(width), rel=0.35)
    assert curve.c95_low < curve.c95 < curve.c95_high


def test_single_copies_are_not_found(simulated):
    """A copy needs some four cycles beyond the limit: no one-hit model, and none is claimed."""
    levels, curve = curve_of(simulated)
    assert sum(row.positive for row in levels if row.copies <= 2) == 0
    assert curve.one_hit_lod is None


def test_a_limit_one_cycle_earlier_needs_twice_the_copies(simulated):
    _, curve = curve_of(simulated)
    _, earlier = curve_of(simulate_dilutions(study(limit=LIMIT - 1)))
    assert earlier.c50 / curve.c50 == pytest.approx(1.95, rel=0.15)


def test_the_seed_decides(simulated):
    assert list(simulate_dilutions(study())) == simulated
    assert list(simulate_dilutions(study(seed=2))) != simulated


def test_instruments_have_numbers_of_their_own():
    wells = list(simulate_dilutions(study(instruments=("one", "two"))))
    one, two = ([w.ct for w in wells if w.instrument == name] for name in ("one", "two"))
    assert one != two
    levels, curve = curve_of(wells)
    assert [row.instrument for row in levels] == [
        name for name in ("one", "two", "all") for _ in COPIES
    ]
    assert curve.wells == 2 * WELLS * len(COPIES)


def test_an_assay_that_nothing_lights_has_no_row():
    dark = [replace(row, product=Amplifies.NONE) for row in products()]
    assert list(simulate_dilutions(replace(study(), products=dark))) == []


def test_levels_by_hand():
    wells = [
        DilutionWell(F4, "Q", 2.0, positive=True, ct=35.0),
        DilutionWell(F4, "Q", 2.0, positive=False, ct=37.0),
        DilutionWell(F4, "", 2.0, positive=False, ct=None),
        DilutionWell(F4, "Q", 1.0, positive=False, ct=None),
    ]
    levels = cutoff_levels(wells, [F4], confidence=0.95)
    found = [(r.instrument, r.copies, r.wells, r.positive, r.ct_mean, r.ct_sd) for r in levels]
    assert found == [
        ("Q", 1.0, 1, 0, None, None),
        ("Q", 2.0, 2, 1, 36.0, 2**0.5),
        ("all", 1.0, 1, 0, None, None),
        ("all", 2.0, 3, 1, 36.0, 2**0.5),
    ]
