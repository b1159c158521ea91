"""Standard curves of a run: which wells count, and when the line is used."""

import pytest
from calling_bench import DOUBTFUL, OMITTED, entry
from levels_bench import ct_of, curve, exact, measured, patient, settings, standards

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.runs import Override, SheetEntry
from breakpoint_pcr.tables import Level, Quantity, Role

ASSAY = "F.4/R-7"


def findings(found, code):
    return [(f.level, f.subject, f.sentence) for f in found.findings if f.code == code]


def test_the_golden_curve():
    """clinical.md B5: Ct 18.61 ... 35.21 at 10^5 ... 10^0."""
    cts = (18.61, 21.93, 25.30, 28.58, 31.99, 35.21)
    points = [({"copies": 10.0**x}, ct) for x, ct in zip((5, 4, 3, 2, 1, 0), cts, strict=True)]
    _, found = measured(standards(ASSAY, 20, points))
    row = curve(found, ASSAY)
    assert (row.accepted, row.reason, row.points) == (True, "", 6)
    assert row.wells == ("A20", "B20", "C20", "D20", "E20", "F20")
    assert row.slope == pytest.approx(-3.3274, abs=5e-5)
    assert row.intercept == pytest.approx(35.2552, abs=5e-5)
    assert row.r_squared == pytest.approx(0.999962, abs=5e-7)
    assert row.efficiency == pytest.approx(0.9977, abs=5e-5)
    assert row.efficiency_low == pytest.approx(0.9860, abs=5e-5)
    assert row.efficiency_high == pytest.approx(1.0097, abs=5e-5)
    assert (row.quantity_min, row.quantity_max) == (1, 100_000)
    assert found.findings == []


def test_genomic_standards_of_a_control_gene_need_no_copies():
    """66 ng are 10,000 cells of 6.6 pg, and 20,000 copies."""
    points = [({"input_ng": 66 / 10**k}, ct_of(4 - k)) for k in range(4)]
    _, found = measured(standards("ALB", 20, points))
    row = curve(found, "ALB")
    assert row.accepted
    assert (row.quantity_min, row.quantity_max) == pytest.approx((20, 20_000))
    assert row.slope == pytest.approx(-10 / 3)


def test_genomic_standards_say_nothing_of_a_breakpoint():
    points = [({"input_ng": 66 / 10**k}, ct_of(4 - k)) for k in range(4)]
    _, found = measured(standards(ASSAY, 20, points))
    assert found.standards == []
    assert findings(found, "standard_without_quantity") == [
        (
            Level.WARNING,
            "run",
            "standards of unknown content: A20 F.4/R-7, B20 F.4/R-7, C20 F.4/R-7, D20 F.4/R-7; "
            "give copies or dilution in the sample sheet",
        )
    ]


def test_copies_in_the_sheet_beat_the_input():
    points = [({"copies": 10.0**x, "input_ng": 100}, ct_of(x)) for x in (1, 2, 3)]
    _, found = measured(standards("ALB", 20, points))
    assert curve(found, "ALB").quantity_max == 1000


def test_curves_of_every_assay_stand_in_panel_order():
    _, found = measured(
        exact("ALB", 20, (1, 2, 3)),
        exact(ASSAY, 21, (-3, -2, -1), "dilution", patient_ref="P1"),
        exact(ASSAY, 22, (1, 2, 3)),
        exact("F.2a/R-7", 23, (1, 2, 3)),
    )
    assert [(row.assay, row.quantity, row.patient_ref) for row in found.standards] == [
        ("F.2a/R-7", Quantity.COPIES, ""),
        (ASSAY, Quantity.COPIES, ""),
        (ASSAY, Quantity.DILUTION, "P1"),
        ("ALB", Quantity.COPIES, ""),
    ]
    assert all(row.accepted for row in found.standards)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([(1, 33.0), (2, 29.0), (3, 25.0)], "slope -4 outside -3.9 to -3.1 cycles per log10"),
        ([(1, 33.0), (2, 30.0), (3, 27.0)], "slope -3 outside -3.9 to -3.1 cycles per log10"),
        # Means 33, 30, 26: slope -3.5; about it +1/6, -1/3, +1/6, so SS 1/6; SSyy 24.6667.
        ([(1, 33.0), (2, 30.0), (3, 26.0)], "r squared 0.9932, at least 0.995 needed"),
        ([(1, 33.0), (1, 33.1), (2, 29.7)], "2 different quantities with a Ct, 3 needed"),
        ([(1, 33.0), (1, 33.1)], "1 different quantities with a Ct, 3 needed"),
    ],
)
def test_a_bad_line_is_not_used(points, reason):
    made = standards(ASSAY, 20, [({"copies": 10.0**x}, ct) for x, ct in points])
    _, found = measured(made, level={"r_squared_min": 0.995})
    row = curve(found, ASSAY)
    assert (row.accepted, row.reason) == (False, reason)
    sentence = f"standards of F.4/R-7 (copies): no level is read from the curve: {reason}"
    assert findings(found, "standard_curve_not_accepted") == [(Level.WARNING, ASSAY, sentence)]


def test_a_single_quantity_makes_no_line():
    _, found = measured(standards(ASSAY, 20, [({"copies": 10}, 33.0)]))
    row = curve(found, ASSAY)
    assert (row.slope, row.efficiency, row.quantity_min, row.points) == (None, None, None, 1)


def test_a_line_that_rises_has_no_efficiency():
    points = [({"copies": 10.0**x}, 20 + x) for x in (1, 2, 3)]
    _, found = measured(standards(ASSAY, 20, points))
    row = curve(found, ASSAY)
    assert (row.efficiency, row.accepted) == (None, False)


def test_a_quantity_with_a_dark_well_is_left_out():
    points = [({"copies": 10.0**x}, ct_of(x)) for x in (0, 1, 2, 3)]
    _, found = measured(standards(ASSAY, 20, [*points, ({"copies": 1.0}, None)]))
    row = curve(found, ASSAY)
    assert (row.accepted, row.points, row.quantity_min) == (True, 3, 10)
    assert row.wells == ("A20", "B20", "C20", "D20", "E20")
    assert findings(found, "standard_left_out") == [
        (
            Level.INFO,
            ASSAY,
            "standards of F.4/R-7 (copies) left out of the curve: "
            "A20 (another well of this quantity is dark), E20 (no Ct)",
        )
    ]


def test_doubtful_and_unusable_wells_do_not_count():
    made, sheet = exact(ASSAY, 20, (1, 2, 3, 4, 5))
    made[0] = entry("STD", ASSAY, (20.0, DOUBTFUL), Role.STANDARD, "A20")
    made[4] = entry("STD", ASSAY, OMITTED, Role.STANDARD, "E20")
    _, found = measured((made, sheet))
    row = curve(found, ASSAY)
    assert (row.accepted, row.points, row.quantity_min, row.quantity_max) == (True, 3, 100, 10_000)
    ((_, _, sentence),) = findings(found, "standard_left_out")
    assert sentence.endswith("left out of the curve: A20 (review), E20 (invalid)")


def test_a_late_standard_counts_and_one_that_a_reviewer_put_out_does_not():
    """Ct 38 is beyond the limit of a call, not of a curve."""
    made = exact(ASSAY, 20, (0, 1, 2, 3))
    _, found = measured(made)
    assert (curve(found, ASSAY).points, curve(found, ASSAY).quantity_min) == (4, 1)
    override = Override("well", "B20", ASSAY, "negative", "dr-x", "2026-03-02", "bubble")
    _, found = measured(made, overrides=[override])
    assert curve(found, ASSAY).points == 3
    ((_, _, sentence),) = findings(found, "standard_left_out")
    assert sentence.endswith(": B20 (negative by a reviewer)")


def test_a_dilution_of_nobody_is_not_used():
    _, found = measured(exact(ASSAY, 20, (-3, -2, -1, 0), "dilution"))
    row = curve(found, ASSAY, "dilution")
    assert not row.accepted
    assert row.reason == "the sheet does not say whose sample was diluted (patient_ref)"


def test_a_diluted_sample_is_dark_where_it_holds_nothing():
    """One sheet line speaks of every assay of a column: that is no fault of the others."""
    dark = standards("F.2a/R-7", 21, [({"dilution": 0.1}, None)] * 3, patient_ref="P1")
    _, found = measured(exact(ASSAY, 20, (-3, -2, -1), "dilution", patient_ref="P1"), dark)
    ((level, assay, sentence),) = findings(found, "standard_curve_not_accepted")
    assert (level, assay) == (Level.INFO, "F.2a/R-7")
    assert sentence.endswith("0 different quantities with a Ct, 3 needed")


def test_the_control_gene_of_a_dilution_series_makes_no_curve():
    points = [({"dilution": 0.1**k, "input_ng": 100}, 22.0) for k in range(4)]
    _, found = measured(standards("ALB", 20, points, patient_ref="P1"))
    assert found.standards == []
    assert found.findings == []


def test_copies_of_a_well_that_is_no_standard_are_a_finding():
    sheet = [SheetEntry("A20", role=Role.UNKNOWN, copies=100.0)]
    _, found = measured([entry("S", ASSAY, (30.0, "standard"), Role.UNKNOWN, "A20")], sheet=sheet)
    assert findings(found, "quantity_without_standard") == [
        (
            Level.WARNING,
            "run",
            "copies or dilution given, but the role is not standard: A20 F.4/R-7 (unknown); "
            "not used",
        )
    ]


def test_the_order_of_the_wells_changes_nothing():
    made, sheet = exact(ASSAY, 20, (1, 2, 3, 4))
    _, forward = measured((made, sheet), patient("S"))
    _, backward = measured((made[::-1], sheet[::-1]), patient("S"))
    assert forward.standards == backward.standards


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"slope_min": -3.0},
            "config: level.slope_min: -3 lies above level.slope_max, -3.1; expected at most that; "
            "change one of them",
        ),
        (
            {"subclonal_max": 0.5},
            "config: level.subclonal_max: 0.5 lies above level.clonal_min, 0.3; expected at most "
            "that; change one of them",
        ),
        (
            {"lod": [{"assay": ASSAY, "copies": n, "by": "x", "date": "d"} for n in (3, 4)]},
            "config: level.lod: assay 'F.4/R-7' stands twice; expected one limit an assay; "
            "delete one",
        ),
    ],
)
def test_limits_that_contradict_each_other_are_one_line(changes, message):
    with pytest.raises(ConfigError) as caught:
        settings(**changes)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["F.9/R-9", "ALB"])
def test_a_limit_of_detection_of_an_unknown_assay_is_one_line(name):
    entries = [{"assay": name, "copies": 12, "by": "dr-x", "date": "2026-01-31"}]
    with pytest.raises(ConfigError) as caught:
        measured(patient("S"), level={"lod": entries})
    assert str(caught.value) == (
        f"config: level.lod: assay {name!r} is no breakpoint assay of the panel; expected one of "
        "F.2a/R-7, F.2b/R-7, F.4/R-7, F.2a/R-8, F.2b/R-8, F.4/R-8; mend the name or delete the "
        "entry"
    )
