"""Limits moved: which there are, how far they go, and what they do to a few plates."""

from pathlib import Path

import pytest
from test_validation_study import CONFIG, SECTIONS, pipeline

from breakpoint_pcr.calling import CallSettings
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.validation.limits import (
    Limit,
    limits_of,
    limits_of_part,
    move_limits,
    with_value,
)
from breakpoint_pcr.validation.population import unknowns
from breakpoint_pcr.validation.study import batch_plates

SHIPPED = read_yaml(Path("workflow/schemas/config.schema.yaml"))
SCHEMA = {
    "$defs": {"cycles": {"type": "number", "minimum": 0, "maximum": 60}},
    "properties": {
        "calling": {
            "properties": {
                "ct_limit": {"type": "number", "exclusiveMinimum": 0, "maximum": 60},
                "require_curve": {"type": "boolean"},
                "grey_zone": {
                    "oneOf": [
                        {"type": "null"},
                        {"type": "array", "items": {"$ref": "#/$defs/cycles"}},
                    ]
                },
            }
        },
        "curves": {
            "properties": {
                "cycles_min": {"type": "integer", "minimum": 15, "maximum": 60},
                "assays": {"type": "object"},
            }
        },
        "controls": {
            "properties": {
                "control_gene": {
                    "properties": {"delay_max": {"type": ["number", "null"], "maximum": 60}}
                }
            }
        },
    },
}
SETTINGS = {
    "calling": {"ct_limit": 50, "require_curve": True, "grey_zone": None},
    "curves": {"cycles_min": 17, "assays": {"X": {"cycles_min": 20}}},
    "controls": {"control_gene": {"delay_max": 1}},
}


def named(settings=SETTINGS):
    return {limit.name: limit for limit in limits_of(settings, SCHEMA)}


def test_every_number_is_a_limit_and_what_is_off_is_listed():
    found = named()
    assert list(found) == [
        "calling.ct_limit",
        "calling.grey_zone",
        "curves.cycles_min",
        "controls.control_gene.delay_max",
    ]
    assert found["calling.grey_zone"].value is None
    pair = named({"calling": {"grey_zone": [35, 37]}})
    assert {name: limit.value for name, limit in pair.items()} == {
        "calling.grey_zone[1]": 35,
        "calling.grey_zone[2]": 37,
    }
    assert pair["calling.grey_zone[2]"].highest == 60


def test_limits_stay_within_the_schema():
    limit = named()["calling.ct_limit"]
    assert limit.moved(0.1, -1) == pytest.approx(45)
    assert limit.moved(0.5, 1) == 60  # 75 is beyond the maximum
    whole = named()["curves.cycles_min"]
    assert whole.moved(0.05, 1) == 18  # 17.85, away from 17
    assert whole.moved(0.05, -1) == 16  # 16.15, away from 17
    assert whole.moved(0.2, -1) == 15  # 13 is below the minimum
    assert Limit(("a",), 15, 15, 60, whole=True).moved(0.2, -1) is None
    assert Limit(("a",), 0, 0, 1, whole=False).moved(0.2, 1) is None
    assert Limit(("a",), None, 0, 1, whole=False).moved(0.2, 1) is None


def test_one_number_is_replaced():
    changed = with_value(SETTINGS, ("controls", "control_gene", "delay_max"), 2)
    assert changed["controls"]["control_gene"] == {"delay_max": 2}
    assert changed["calling"] == SETTINGS["calling"]
    assert SETTINGS["controls"]["control_gene"] == {"delay_max": 1}
    assert with_value({"zone": [1, 2]}, ("zone", 1), 5) == {"zone": [1, 5]}


def test_parts_take_every_limit_once():
    limits = limits_of(SETTINGS, SCHEMA)
    parts = [limits_of_part(part, "abc", limits) for part in "abc"]
    assert [len(part) for part in parts] == [2, 1, 1]
    assert sorted(limit.name for part in parts for limit in part) == sorted(named())


def test_every_limit_of_the_shipped_config_can_be_moved_and_used():
    settings = {key: CONFIG[key] for key in SECTIONS}
    limits = limits_of(settings, SHIPPED)
    names = {limit.name for limit in limits}
    assert {"calling.ct_limit", "curves.slope_snr_min", "replicates.ct_spread_max"} <= names
    assert "controls.control_gene.ct_max" in names
    assert not any(name.startswith("curves.assays") for name in names)
    for limit in limits:
        for direction in (-1, 1):
            moved = limit.moved(0.2, direction)
            if moved is not None:
                CallSettings.from_config(**with_value(settings, limit.path, moved))


def test_moving_a_limit_changes_what_it_decides():
    settings = {key: CONFIG[key] for key in SECTIONS}
    study = {"limit_samples": 40, "limit_shift": 0.2}
    limits = {limit.name: limit for limit in limits_of(settings, SHIPPED)}
    chosen = [limits["calling.ct_limit"], limits["calling.near_cutoff"]]
    zone = Limit(("calling", "grey_zone"), None, 0, 60, whole=False)
    effects = move_limits([*chosen, zone], pipeline(), settings=settings, study=study)
    assert [(row.limit, row.moved) for row in effects] == [
        ("calling.ct_limit", "28.8"),
        ("calling.ct_limit", "43.2"),
        ("calling.near_cutoff", "0.8"),
        ("calling.near_cutoff", "1.2"),
        ("calling.grey_zone", "off"),
    ]
    early, late, flag, _, off = effects
    assert {row.samples for row in effects} == {40}
    # 28.8 cycles: all but about 5,000 copies are missed
    assert early.changed > 0
    assert early.wrong > off.wrong
    # 43.2 cycles are more than 40 were run on some plates: no negative there
    assert late.open >= late.open_before
    assert (flag.changed, off.changed) == (0, 0)  # flags are no calls
    assert (off.value, off.open) == ("off", off.open_before)


def test_limits_are_moved_on_arms_with_a_target_only():
    bench = pipeline()
    plates = list(batch_plates("limits", {"limit_samples": 60}, bench.population))
    assert sum(len(unknowns(plate.plan)) for plate in plates) == 60
    assert all(plate.arm.target for plate in plates)
