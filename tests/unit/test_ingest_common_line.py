"""The line that curves without a threshold show: which Cts it is asked of."""

from dataclasses import replace

import pytest

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.common_line import check_common_lines
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.tables import CurveKind, State

# Crosses 100 at 2.5.
RISING = (0.0, 50.0, 150.0, 200.0, 210.0)
LIMIT = 0.5


def places(*cts, kind=CurveKind.RFU, targets="TTTT", threshold=None, files=("c.csv",), ct="Cq"):
    """Reactions with one and the same curve, and these Cts."""
    export = Export("r.csv", "cfx", ct, (), curve_files=files)
    record = Record("A1", "S", "", "", "FAM", State.OK, None, "", threshold, curve_kind=kind)
    return [
        Placed(replace(record, target=target, ct=cq, ct_text=str(cq), values=RISING), export)
        for cq, target in zip(cts, targets, strict=True)
    ]


def found(given):
    return [finding.code for finding in check_common_lines(given, LIMIT)]


def test_curves_of_another_file_are_refused_and_those_of_the_same_are_a_warning():
    with pytest.raises(ExportError, match="2 of 4 curves of FAM do not cross one line"):
        found(places(2.5, 2.5, 1.1, 4.1))
    assert found(places(2.5, 2.5, 1.1, 4.1, files=())) == ["cts_off_one_line"]


@pytest.mark.parametrize(
    "given", [{"threshold": 0.2}, {"ct": "Crt"}, {"kind": CurveKind.RAW}, {"kind": CurveKind.RN}]
)
def test_other_checks_are_made_of_these(given):
    assert found(places(2.5, 2.5, 1.1, 4.1, **given)) == []


def test_rfu_has_a_line_a_dye_and_delta_rn_a_line_a_target():
    """Of each target there are two, too few for a line of its own."""
    four = {"targets": "TTUU", "files": ()}
    assert found(places(2.5, 2.5, 1.1, 4.1, **four)) == ["cts_off_one_line"]
    assert found(places(2.5, 2.5, 1.1, 4.1, kind=CurveKind.DELTA_RN, **four)) == []


@pytest.mark.parametrize("ct", [None, 0.9, 5.0, 6.0])
def test_a_ct_beyond_its_curve_shows_no_line(ct):
    assert found(places(2.5, 2.5, 2.5, ct)) == []
