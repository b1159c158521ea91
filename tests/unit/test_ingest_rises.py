"""Raw curves from a file of their own are compared with their Cts; several plates are named."""

from dataclasses import replace

import pytest

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.checks import check_plates
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.files.extent import check_book, check_folder
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.ingest.rises import check_rises, half_rise
from breakpoint_pcr.tables import CurveKind, State

CYCLES = 40


def step(middle, *, drift=0.0):
    """A curve that rises from 10 to 20 within two cycles around the middle, on drifting light."""
    return tuple(
        10 + drift * cycle + min(max((cycle - middle + 1) * 5, 0), 10)
        for cycle in range(1, CYCLES + 1)
    )


def placed(ct, values, *, well="A1", kind=CurveKind.RAW, joined=("curves.txt",)):
    record = Record(
        *(well, "S", "T", "", "FAM", State.OK, ct, str(ct)), curve_kind=kind, values=values
    )
    export = Export("results.txt", "mx", "Ct", (record,), curve_files=joined)
    return Placed(record, export)


def wells(places):
    return [finding.subject for finding in check_rises(places)]


@pytest.mark.parametrize("middle", [10, 24, 37])
def test_half_of_a_rise_is_its_middle(middle):
    assert half_rise(step(middle)) == pytest.approx(middle)


def test_half_of_a_rise_on_falling_light():
    """Light that falls by 0.1 a cycle: lowest right before the rise, so half lies near it."""
    assert half_rise(step(24, drift=-0.1)) == pytest.approx(24, abs=0.3)


def test_no_rise_and_no_values():
    assert half_rise((1.0,) * CYCLES) is None
    assert half_rise(()) is None
    assert half_rise((None,) * CYCLES) is None
    assert half_rise(tuple(float(-n) for n in range(CYCLES))) is None


def test_a_curve_that_follows_its_ct_is_fine():
    places = [placed(ct, step(ct + 5)) for ct in (18, 22, 27, 31)]
    assert wells(places) == []


@pytest.mark.parametrize("lag", [-6, 12])
def test_a_curve_far_from_its_ct_is_named(lag):
    assert wells([placed(22, step(22 + lag))]) == ["A1"]


def test_a_curve_off_the_others_of_its_target_is_named():
    places = [placed(ct, step(ct + 5)) for ct in (18, 22, 27)]
    assert wells([*places, placed(24, step(32.5), well="B7")]) == ["B7"]


def test_the_end_of_a_run_cuts_the_rise_of_a_late_curve():
    """Ct 35 of 40 cycles, half of its rise at 36; at Ct 25 such a lag is of another curve."""
    others = [placed(ct, step(ct + 5)) for ct in (18, 22, 27)]
    assert wells([*others, placed(35, step(36), well="B7")]) == []
    assert wells([*others, placed(25, step(26), well="B7")]) == ["B7"]


def test_a_late_curve_that_rises_too_late_is_named():
    others = [placed(ct, step(ct + 2)) for ct in (18, 22, 27)]
    assert wells([*others, placed(33, step(38.5), well="B7")]) == ["B7"]


def test_two_cts_show_no_median():
    """7.5 and -0.5 cycles after their Cts: 4 from the middle of the two."""
    assert wells([placed(20, step(27.5)), placed(21, step(20.5), well="B7")]) == []


def test_the_first_cycles_do_not_count():
    """Light that settles: dark for two cycles, so that half of its way would be at cycle 2."""
    values = (-100.0, 500.0, *step(24)[2:])
    assert half_rise(values) == pytest.approx(24)


def test_each_target_has_a_median_of_its_own():
    first = [placed(ct, step(ct + 8)) for ct in (18, 22, 27)]
    second = [
        replace(p, record=replace(p.record, target="U"))
        for p in (placed(ct, step(ct)) for ct in (18, 22, 27))
    ]
    assert wells([*first, *second]) == []


def test_a_ct_without_a_rise_is_named():
    (finding,) = check_rises([placed(22, (1.0,) * CYCLES)])
    assert "never rises" in finding.sentence


def test_what_other_checks_compare_is_left_to_them():
    """ΔRn has a threshold, RFU a common line; a curve in the file of its Ct was not joined."""
    off = step(36)
    assert wells([placed(22, off, kind=CurveKind.DELTA_RN)]) == []
    assert wells([placed(22, off, kind=CurveKind.RFU)]) == []
    assert wells([placed(22, off, joined=())]) == []


def test_several_plates_and_days_are_named():
    place = placed(22, step(27))
    first = replace(place.export, file="a", plate="P1", run_date="2026-02-03")
    second = replace(place.export, file="b", plate="P2", run_date="2026-02-04")
    unnamed = replace(place.export, file="c")
    both = [Placed(place.record, export) for export in (first, second, unnamed)]
    found = [finding.sentence for finding in check_plates(both)]
    assert [("'P1', 'P2'" in s, "'2026-02-03', '2026-02-04'" in s) for s in found] == [
        (True, False),
        (False, True),
    ]
    assert list(check_plates([both[0], both[2]])) == []


def test_a_folder_of_more_than_a_run():
    check_folder("run", {f"{n}.csv": 200_000 for n in range(1_000)})
    for sizes in ({f"{n}.csv": 1 for n in range(1_001)}, {"a.csv": 1, "film.mp4": 200_000_000}):
        with pytest.raises(ExportError, match="take out what is no export of this run"):
            check_folder("run", sizes)


def test_sheets_of_more_than_a_plate():
    check_book("a.xlsx", 3_000_000)
    with pytest.raises(ExportError, match="at most 3000000 expected"):
        check_book("a.xlsx", 3_000_001)
