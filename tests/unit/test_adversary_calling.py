"""Sheets and settings that could make a call of somebody else, or none at all, unseen."""

import pytest
from calling_bench import (
    CALLING,
    FLAT,
    NEG,
    POS,
    call,
    calls,
    codes,
    controls,
    entry,
    expects,
    ntc,
    positive,
    sample,
    settings,
    the,
    wild_type,
)

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Level

FIRST = [entry("S1", "F.4/R-7", POS, at="A21"), entry("S1", "ALB", POS, at="A22")]
SECOND = [entry("S2", "F.4/R-7", NEG, at="A23"), entry("S2", "ALB", POS, at="A24")]
CONTROLS = [e for e in controls() if e[1] in ("F.4/R-7", "ALB")]


def joined(*lines):
    """A run of S1 (Δ4-7) and S2 (negative) with sheet lines (well, replicate_of, patient)."""
    sheet = [SheetEntry(well, replicate_of=of, patient_ref=ref) for well, of, ref in lines]
    return call(FIRST, SECOND, CONTROLS, sheet=sheet)


def joins(result):
    return [(f.level, f.code, f.subject) for f in result.findings if f.code.startswith("replicate")]


APART = {"S1": "Δ4-7", "S2": "negative"}
UNCLEAR = [(Level.ERROR, "replicate_of_unclear", "S2")]


def test_a_replicate_of_a_control_is_none():
    result = joined(("A23", "PC", ""), ("A24", "PC", ""))
    assert (calls(result), joins(result)) == (APART, UNCLEAR)


def test_a_replicate_in_some_wells_only_is_none():
    result = joined(("A23", "S1", ""))
    assert (calls(result), joins(result)) == (APART, UNCLEAR)


def test_a_replicate_of_another_patient_is_none():
    result = joined(("A21", "", "P1"), ("A23", "S1", "P2"), ("A24", "S1", "P2"))
    assert (calls(result), joins(result)) == (APART, UNCLEAR)
    same = joined(("A21", "", "P1"), ("A23", "S1", "P1"), ("A24", "S1", "P1"))
    assert calls(same) == {"S1": "inconclusive"}


def test_two_patients_do_not_meet_under_a_third_name():
    wells = [("A21", "X", "P1"), ("A22", "X", "P1"), ("A23", "X", "P2"), ("A24", "X", "P2")]
    result = joined(*wells)
    assert calls(result) == {"X": "Δ4-7", "S2": "negative"}
    assert UNCLEAR[0] in joins(result)


def test_a_name_that_is_not_on_the_plate_is_told():
    result = joined(("A23", "S99", ""), ("A24", "S99", ""))
    assert calls(result) == {"S1": "Δ4-7", "S99": "negative"}
    assert joins(result) == [(Level.WARNING, "replicates_joined", "S2")]


def test_a_positive_control_that_contains_nothing():
    """`none` is a word: dark wells are right then, lit ones are not, and vouch for nothing."""
    for letters, failed in (("------", False), ("--+---", True)):
        entries = [*sample("P", "--+---"), *ntc(), *wild_type(), *positive(letters)]
        result = call(entries, sheet=expects("PC", (), entries))
        assert "positive_control_missing" in codes(result, "assay")
        assert ("dark_positive_control_failed" in codes(result, "assay")) is failed
        # A spoilt F.4/R-7 leaves nothing to say; a clean one leaves its positive.
        assert calls(result) == {"P": "invalid" if failed else "inconclusive"}


def test_a_negative_in_spite_of_a_ct_is_flagged():
    result = call(sample("S", "--.---"), entry("S", "F.4/R-7", (26.5, FLAT)), controls())
    assert (the(result).call, the(result).flags) == ("negative", ("ct_disagreement",))
    late = call(sample("S", "--.---"), entry("S", "F.4/R-7", (38.0, FLAT)), controls())
    assert (the(late).call, the(late).flags) == ("negative", ())


def test_a_plate_of_controls_says_that_nobody_is_called():
    assert "no_samples" in codes(call(controls()), "run")
    assert "no_samples" not in codes(call(sample("S", "------"), controls()), "run")


def test_a_grey_zone_that_ends_before_it_begins():
    with pytest.raises(ConfigError, match=r"^config: calling.grey_zone: 37 lies above 35; lowest"):
        settings(calling=CALLING | {"grey_zone": [37, 35]})
    assert settings(calling=CALLING | {"grey_zone": [35, 35]}).wells.grey_zone == (35, 35)
