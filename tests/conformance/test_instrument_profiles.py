"""The shipped instrument profiles are what the real curves beside the project give."""

import sys
from pathlib import Path

import pytest
import yaml

SHARED = Path(__file__).parents[2].parent / "shared"
pytest.importorskip("pyarrow", reason="parquet needs pyarrow, a development dependency")
if not (SHARED / "curves").is_dir() or not (SHARED / "samples").is_dir():
    pytest.skip("the real curves are not beside the project", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import fit_instruments  # noqa: E402  (a script, found beside the project's benchmarks)

PROFILES = Path("resources/simulation/instruments.yaml")


def test_the_profiles_are_fitted_to_the_real_curves():
    """Same curves, same numbers but for the last of three figures: none was typed in."""
    curves = fit_instruments.read_all(SHARED)
    made = fit_instruments.as_yaml(
        {name: fit_instruments.fit(name, found) for name, found in curves.items()}
    )
    shipped = yaml.safe_load(PROFILES.read_text(encoding="utf-8"))
    again = yaml.safe_load(made)
    assert list(again) == list(shipped)
    for name, profile in shipped.items():
        for part in ("measured", "physics"):
            close = pytest.approx(profile.pop(part), rel=0.02, abs=1e-5)
            assert again[name].pop(part) == close, name
        assert again[name] == profile
