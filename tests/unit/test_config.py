"""A configuration is checked whole, and each problem named by its key."""

from copy import deepcopy
from pathlib import Path

import pytest

from breakpoint_pcr.config import checked, read_yaml
from breakpoint_pcr.errors import ConfigError

CONFIG = read_yaml(Path("config/config.yaml"))
SCHEMA = read_yaml(Path("workflow/schemas/config.schema.yaml"))


def changed(**sections):
    """Return the shipped configuration with some values replaced."""
    config = deepcopy(CONFIG)
    for section, values in sections.items():
        if isinstance(values, dict):
            config[section].update(values)
        else:
            config[section] = values
    return config


def test_shipped_configuration_fits():
    assert checked(CONFIG, SCHEMA)["calling"]["require_curve"] is True


def test_whole_and_decimal_numbers_are_the_same():
    whole, decimal = (checked(changed(calling={"ct_limit": n}), SCHEMA) for n in (36, 36.0))
    assert repr(whole) == repr(decimal)


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (
            changed(calling={"ct_limt": 36}),
            "config: calling.ct_limt is not known; did you mean ct_limit?",
        ),
        (changed(calling={"ct_limit": "36"}), "config: calling.ct_limit: '36' is not of type"),
        (changed(calling={"ct_limit": True}), "config: calling.ct_limit: True is not of type"),
        (changed(calling={"grey_zone": [35]}), "config: calling.grey_zone: [35] does not fit"),
        (changed(replicates={"rule": "vote"}), "config: replicates.rule: 'vote' is not one of"),
        ({k: v for k, v in CONFIG.items() if k != "panel"}, "config: panel is missing; copy it"),
        (changed(run="x"), "config: run is not known; did you mean runs?"),
    ],
)
def test_problem_names_its_key(config, line):
    with pytest.raises(ConfigError) as caught:
        checked(config, SCHEMA)
    assert str(caught.value).startswith(line)
    assert len(str(caught.value).splitlines()) == 1


def test_all_problems_at_once():
    config = changed(calling={"ct_limit": -1, "x": 1})
    with pytest.raises(ConfigError) as caught:
        checked(config, SCHEMA)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["a: [", "- 1", "\tx: 1"])
def test_not_a_mapping(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_yaml(path)
    assert len(str(caught.value).splitlines()) == 1
