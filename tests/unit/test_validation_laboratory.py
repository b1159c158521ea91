"""A laboratory's own validation: every expected number is counted by hand from the few rows here.

Runs are built from rows as the calls leave them; one test reads run folders from end to end.
"""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from test_simulate_demo import CONFIG, DEMO, PANEL, products

from breakpoint_pcr.calling import CallSettings, call_run
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.levels import LevelSettings, levels_of
from breakpoint_pcr.runs import Override, RunRecord, SheetEntry, Status, write_record
from breakpoint_pcr.simulate.plans import load_plan
from breakpoint_pcr.simulate.simulation import SimulationRequest, simulate
from breakpoint_pcr.tables import (
    CurveClass,
    Outcome,
    Quantity,
    Role,
    Sample,
    StandardCurve,
    State,
    Well,
    write_table,
)
from breakpoint_pcr.validation.laboratory import assess, read_runs
from breakpoint_pcr.validation.laboratory_runs import laboratory_run
from breakpoint_pcr.validation.rows import Difference

ASSAYS = [assay.name for assay in PANEL.assays]
F4 = "F.4/R-7"


def well(
    name, sample, *, assay=F4, ct=27.0, role=Role.UNKNOWN, outcome=Outcome.POSITIVE, curve=None
):
    shape = curve or (CurveClass.NONE if ct is None else CurveClass.STANDARD)
    return Well(
        run="R1",
        well=name,
        sample=sample,
        assay=assay,
        role=role,
        state=State.UNDETERMINED if ct is None else State.OK,
        ct=ct,
        ct_text="",
        ct_own=ct,
        curve=shape,
        curve_reasons=(),
        outcome=outcome,
        reason="",
    )


def sample(name, call, deletions=None, *, candidates=(), flags=()):
    found = (call,) if call.startswith("Δ") and deletions is None else tuple(deletions or ())
    return Sample("R1", name, call, found, candidates, "", flags, f"why {call}", {})


def run(wells=(), samples=(), *, name="R1", date="2026-03-02", sheet=(), standards=(), **record):
    made = RunRecord(name, Status.READ, run_date=date, sheet=tuple(sheet), **record)
    return laboratory_run(
        made,
        wells=[replace(w, run=name) for w in wells],
        samples=[replace(s, run=name) for s in samples],
        standards=standards,
    )


def plate(*lines, assays=ASSAYS):
    """A run of (sample row, truth or None): a column of wells for each, one row for each assay."""
    wells, sheet = [], []
    for column, (row, truth) in enumerate(lines, 1):
        for letter, assay in zip("ABCDEFG", assays, strict=False):
            wells.append(well(f"{letter}{column}", row.sample, assay=assay))
            sheet.append(SheetEntry(f"{letter}{column}", sample=row.sample, truth=truth))
    return run(wells, [row for row, _ in lines], sheet=sheet)


def assessed(*runs):
    return assess(runs, panel=PANEL, confidence=0.95)


def counts(row):
    return (
        row.true_positive,
        row.false_positive,
        row.false_negative,
        row.true_negative,
        row.open,
    )


def by_class(found):
    return {row.deletion: row for row in found.agreement}


EIGHT = (
    (sample("S1", "Δ4-7"), ("Δ4-7",)),
    (sample("S2", "Δ4-7"), ()),
    (sample("S3", "negative"), ("Δ4-7",)),
    (sample("S4", "negative"), ()),
    (sample("S5", "inconclusive", candidates=("Δ4-7", "negative")), ("Δ4-7",)),
    (sample("S6", "invalid"), ()),
    (sample("S7", "mixed", ("Δ2-7", "Δ4-7")), ("Δ2-7", "Δ4-7")),
    (sample("S8", "inconclusive", ("Δ4-7",), candidates=("Δ4-7", "mixed")), ("Δ4-7",)),
)


def test_agreement_by_hand():
    rows = by_class(assessed(plate(*EIGHT)))
    assert list(rows) == ["Δ2-7", "Δ2-8", "Δ4-7", "Δ4-8", "any"]
    # S1 S7 S8 | S2 | S3 | S4 | S5 S6
    assert counts(rows["Δ4-7"]) == (3, 1, 1, 1, 2)
    # S7 | - | - | S1 S2 S3 S4 | S5 S6 S8
    assert counts(rows["Δ2-7"]) == (1, 0, 0, 4, 3)
    assert counts(rows["Δ2-8"]) == (0, 0, 0, 5, 3)
    assert counts(rows["any"]) == (3, 1, 1, 1, 2)
    assert rows["any"].samples == rows["any"].names == 8
    assert (rows["Δ4-7"].ppa, rows["Δ4-7"].npa) == (0.75, 0.5)
    # Wilson of 3 / 4, by the formula of EP12 at z = 1.959964.
    assert rows["Δ4-7"].ppa_low == pytest.approx(0.300642, abs=1e-6)
    assert rows["Δ4-7"].ppa_high == pytest.approx(0.954413, abs=1e-6)
    assert rows["Δ2-8"].ppa is rows["Δ2-8"].ppa_low is None
    assert rows["Δ2-8"].npa == 1.0


def test_disagreements_by_hand():
    found = {row.sample: row for row in assessed(plate(*EIGHT)).disagreements}
    assert {name: row.result for name, row in found.items()} == {
        "S2": Difference.WRONG,
        "S3": Difference.WRONG,
        "S5": Difference.INCONCLUSIVE,
        "S6": Difference.INVALID,
        "S8": Difference.INCONCLUSIVE,
    }
    assert (found["S3"].truth, found["S3"].deletions, found["S3"].reason) == (
        ("Δ4-7",),
        (),
        "why negative",
    )


def test_an_inconclusive_call_that_names_a_wrong_class_is_wrong():
    row = sample("S1", "inconclusive", ("Δ2-7",), candidates=("Δ2-7", "mixed"))
    found = assessed(plate((row, ("Δ4-7",))))
    assert [row.result for row in found.disagreements] == [Difference.WRONG]
    assert by_class(found)["Δ2-7"].false_positive == 1


def test_a_mixed_call_with_an_open_list_misses_no_class():
    row = sample("S1", "mixed", ("Δ4-7",))
    found = by_class(assessed(plate((row, ("Δ2-7", "Δ4-7")))))
    assert (found["Δ2-7"].open, found["Δ2-7"].false_negative) == (1, 0)
    assert found["any"].true_positive == 1


def test_a_class_that_the_plate_does_not_test_does_not_count():
    lines = ((sample("S1", "negative"), ("Δ2-8",)), (sample("S2", "negative"), ()))
    found = assessed(plate(*lines, assays=[F4]))
    rows = by_class(found)
    assert rows["Δ2-8"].samples == 0
    assert rows["Δ2-8"].npa is None
    assert counts(rows["Δ4-7"]) == (0, 0, 0, 2, 0)
    assert counts(rows["any"]) == (0, 0, 0, 1, 0)
    assert [(row.sample, row.result) for row in found.disagreements] == [
        ("S1", Difference.NOT_TESTED)
    ]
    assert found.disagreements[0].reason == "Δ2-8 not tested on this plate; why negative"


def test_no_truth_no_rows():
    found = assessed(plate((sample("S1", "Δ4-7"), None)), run())
    assert found.agreement == found.disagreements == []


def test_a_run_without_truth_beside_one_with():
    with_truth, without = plate(EIGHT[0]), plate((sample("S9", "negative"), None))
    assert by_class(assessed(with_truth, without))["any"].samples == 1


def test_a_name_in_two_runs_counts_twice_and_is_said():
    first = plate(EIGHT[0])
    again = run(first.wells, first.samples, name="R2", sheet=first.record.sheet)
    found = by_class(assessed(first, again))["Δ4-7"]
    assert (found.samples, found.names, found.true_positive) == (2, 1, 2)


def test_two_truths_of_one_sample_are_left_out_and_listed():
    rows = [well("A1", "S1"), well("A2", "S1"), well("A3", "S2")]
    sheet = [
        SheetEntry("A1", truth=("Δ4-7",)),
        SheetEntry("A2", truth=()),
        SheetEntry("A3", truth=("Δ4-7",)),
    ]
    found = assessed(run(rows, [sample("S1", "Δ4-7"), sample("S2", "Δ4-7")], sheet=sheet))
    assert by_class(found)["Δ4-7"].samples == 1
    (row,) = found.disagreements
    assert (row.sample, row.result, row.truth) == ("S1", Difference.LEFT_OUT, ())
    assert row.reason == "the sheet gives this sample two truths: none and Δ4-7; give it one"


def test_the_truth_of_a_replicate_is_that_of_its_sample():
    rows = [well("A1", "S1"), well("A2", "S1b")]
    sheet = [SheetEntry("A2", truth=("Δ4-7",), replicate_of="S1")]
    found = assessed(run(rows, [sample("S1", "Δ4-7")], sheet=sheet))
    assert by_class(found)["Δ4-7"].true_positive == 1


def test_a_reviewers_call_is_not_the_methods():
    row = sample("S1", "Δ4-7", flags=("overridden",))
    found = assessed(plate((row, ("Δ4-7",))))
    assert found.agreement == []
    assert [row.result for row in found.disagreements] == [Difference.LEFT_OUT]
    assert "reviewer" in found.disagreements[0].reason


def control(cts, name, date):
    rows = [
        well(f"A{n}", "PC", ct=ct, role=Role.POSITIVE_CONTROL) for n, ct in enumerate(cts, start=1)
    ]
    return run(rows, name=name, date=date)


def test_precision_by_hand():
    # The design of test_statistics_precision: two days of two runs of two wells.
    runs = [
        control([1.0, 3.0], "R1", "2026-03-02 09:00:00"),
        control([5.0, 7.0], "R2", "2026-03-02 15:00"),
        control([2.0, 4.0], "R3", "2026-03-03"),
        control([10.0, 12.0, None], "R4", "2026-03-03T10:00:00"),
    ]
    (row,) = assessed(*runs).precision
    assert (row.sample, row.role, row.assay) == ("PC", Role.POSITIVE_CONTROL, F4)
    assert (row.days, row.runs, row.wells, row.without_ct, row.mean) == (2, 4, 8, 1, 5.5)
    assert row.repeatability_sd == pytest.approx(2**0.5)
    assert row.between_run_sd == pytest.approx(19**0.5)
    assert row.within_laboratory_sd == pytest.approx(21**0.5)


def test_runs_without_a_date_are_left_out_beside_dated_ones():
    runs = [control([1.0, 3.0], "R1", "2026-03-02"), control([9.0, 9.0], "R2", "March 3")]
    (row,) = assessed(*runs).precision
    assert (row.days, row.runs, row.mean) == (1, 1, 2.0)
    assert row.reason.startswith("left out, as they have no date: R2; one run: ")


def test_without_any_date_only_repeatability_is_told():
    (row,) = assessed(control([1.0, 3.0], "R1", ""), control([5.0, 7.0], "R2", "")).precision
    assert row.repeatability_sd == pytest.approx(2**0.5)
    assert row.between_run_sd is row.between_day_sd is row.within_laboratory_sd is None
    assert row.days == 0
    assert row.reason.startswith("no run has a date")


def test_materials_are_told_apart():
    rows = [
        well("A1", "STD", role=Role.STANDARD, ct=20.0),
        well("A2", "STD", role=Role.STANDARD, ct=20.2),
        well("A3", "STD", role=Role.STANDARD, ct=30.0),
        well("A4", "STD", role=Role.STANDARD, ct=30.4),
        well("B1", "NTC", role=Role.NTC, ct=39.0),
        well("B2", "NTC", role=Role.NTC, ct=38.0),
        well("C1", "S1", ct=25.0),
        well("C2", "S2", ct=None),
        well("C3", "S2", ct=None),
        well("C4", "S3", ct=36.5, curve=CurveClass.NONE),
        well("C5", "S3", ct=25.5),
    ]
    sheet = [SheetEntry(f"A{n}", copies=1e5 if n < 3 else 100.0) for n in range(1, 5)]
    found = assessed(run(rows, sheet=sheet)).precision
    assert [(row.sample, row.copies, row.wells, row.without_ct) for row in found] == [
        ("STD", 100.0, 2, 0),
        ("STD", 1e5, 2, 0),
        ("S3", None, 1, 1),
    ]
    assert found[1].mean == pytest.approx(20.1)
    assert found[2].reason == "fewer than two values"


def series(hits, *, of=20, name="R1", instrument="Q5", **entry):
    """A run of spiked dilutions {copies: positive}; truth and assay as given."""
    rows, sheet, number = [], [], 0
    for copies, positive in hits.items():
        for index in range(of):
            number += 1
            place = f"{'ABCDEFGH'[(number - 1) // 24]}{(number - 1) % 24 + 1}"
            ct = 30.0 if index < positive else None
            outcome = Outcome.POSITIVE if index < positive else Outcome.NEGATIVE
            rows.append(well(place, f"D{copies}", ct=ct, outcome=outcome))
            sheet.append(SheetEntry(place, sample=f"D{copies}", copies=copies, **entry))
    return run(rows, name=name, sheet=sheet, instrument=instrument)


GOLDEN = {20.0: 24, 10.0: 24, 5.0: 23, 2.5: 19, 1.25: 15, 0.625: 9}


def test_detection_meets_the_golden_series_over_two_instruments():
    first = series({copies: hits - hits // 2 for copies, hits in GOLDEN.items()}, of=12)
    second = series(
        {copies: hits // 2 for copies, hits in GOLDEN.items()}, of=12, name="R2", instrument="Q7"
    )
    found = assessed(first, second)
    assert [row.instrument for row in found.cutoff] == ["Q5"] * 6 + ["Q7"] * 6 + ["all"] * 6
    lowest = found.cutoff[12]
    assert (lowest.copies, lowest.wells, lowest.positive) == (0.625, 24, 9)
    assert (lowest.ct_mean, lowest.ct_sd) == (30.0, 0.0)
    (row,) = found.detection
    assert (row.assay, row.levels, row.wells) == (F4, 6, 144)
    assert (round(row.c5, 4), round(row.c50, 4), round(row.c95, 4)) == (0.1716, 0.9152, 4.8806)
    assert (round(row.c95_low, 3), round(row.c95_high, 3)) == (2.910, 8.186)
    assert "C95 by instrument: " in row.reason


def test_an_instrument_without_a_limit_of_its_own_is_named():
    first = series(GOLDEN, of=24)
    second = series({1.0: 0, 20.0: 20}, name="R2", instrument="Q7")
    (row,) = assessed(first, second).detection
    assert row.reason.endswith("C95 by instrument: 4.88 (Q5) to 4.88 (Q5), none for Q7")


def test_an_instrument_without_a_name_counts_among_all():
    found = assessed(series({1.0: 5, 2.0: 9, 4.0: 14, 8.0: 20}, instrument=""))
    assert {row.instrument for row in found.cutoff} == {"all"}


def test_review_is_not_found_and_invalid_wells_are_left_out():
    base = series({1.0: 5, 2.0: 9, 4.0: 14, 8.0: 20})
    changed = {"A1": Outcome.REVIEW, "A2": Outcome.INVALID, "A3": Outcome.INVALID}
    wells = [replace(w, outcome=changed.get(w.well, w.outcome)) for w in base.wells]
    override = Override("well", "A4", "", "positive", "N. N.", "2026-03-03", "looked again")
    found = assessed(run(wells, sheet=base.record.sheet, overrides=(override,)))
    assert (found.cutoff[0].wells, found.cutoff[0].positive) == (17, 1)
    assert found.detection[0].reason.startswith(
        "2 wells invalid, left out; 1 wells set by a reviewer, left out"
    )


def test_a_line_for_a_whole_well_counts_where_the_dna_has_the_target():
    rows = [well("A1", "D", assay=assay) for assay in (F4, "F.2a/R-7", "ALB")]
    entry = SheetEntry("A1", copies=5.0, truth=("Δ4-7",))
    assert [r.assay for r in assessed(run(rows, sheet=[entry])).cutoff] == [F4]
    unsaid = replace(entry, truth=None)
    assert [r.assay for r in assessed(run(rows, sheet=[unsaid])).cutoff] == ["F.2a/R-7", F4]
    named = replace(entry, assay="F.2a/R-7")
    assert [r.assay for r in assessed(run(rows, sheet=[named])).cutoff] == ["F.2a/R-7"]


def test_copies_of_standards_are_no_detection_series():
    rows = [well("A1", "STD", role=Role.STANDARD)]
    found = assessed(run(rows, sheet=[SheetEntry("A1", copies=5.0)]))
    assert found.cutoff == found.detection == []


CURVE = StandardCurve(
    *("R1", "ALB", Quantity.COPIES, "", ("A1", "A2")),
    *(2, -3.3, 38.0, 1.0, 1.0, 0.9, 1.1, 10.0, 1000.0, True, ""),
)


def write_run(folder, laboratory, *, status=Status.READ):
    folder.mkdir()
    write_record(folder / "run.json", replace(laboratory.record, status=status))
    write_table(folder / "wells.tsv", Well, laboratory.wells)
    write_table(folder / "samples.tsv", Sample, laboratory.samples, ASSAYS)
    write_table(folder / "standards.tsv", StandardCurve, laboratory.standards)
    return folder


def test_folders_are_read_by_date_and_rejected_runs_contribute_nothing(tmp_path):
    runs = {
        "late": run(name="late", date="2026-05-01", standards=[replace(CURVE, run="late")]),
        "early": run(name="early", date="2026-04-01", standards=[CURVE]),
    }
    folders = [write_run(tmp_path / name, made) for name, made in runs.items()]
    bad = replace(plate(*EIGHT), standards=(CURVE,))
    folders.append(write_run(tmp_path / "bad", bad, status=Status.REJECTED))
    read = read_runs(folders)
    assert [made.name for made in read] == ["early", "late"]
    found = assessed(*read)
    assert [row.run for row in found.standards] == ["R1", "late"]
    assert found.agreement == found.precision == []


CALLS = CallSettings.from_config(
    **{key: CONFIG[key] for key in ("calling", "curves", "controls", "replicates")}
)


def called(folder):
    """Read and call a run folder; return the record, the calls and the levels."""
    settings = IngestSettings.from_config(CONFIG["ingest"])
    record, reactions, curves = read_run(folder, panel=PANEL, settings=settings)
    assert (record.status, record.reason) == (Status.READ, "")
    result = call_run(
        record, reactions, curves, products(), panel=PANEL, settings=CALLS, unconfirmed=frozenset()
    )
    limits = LevelSettings.from_config(CONFIG["level"])
    return record, result, levels_of(record, result, products(), panel=PANEL, settings=limits)


def with_truth(folder, truths):
    """Give the sheet of a run folder a column truth."""
    path = folder / "samplesheet.csv"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys([*lines[0], "truth"])))
        writer.writeheader()
        writer.writerows({**line, "truth": truths(line["sample"])} for line in lines)
    return folder


@pytest.mark.parametrize("plan", sorted((DEMO / "plans").glob("*.yaml")), ids=lambda p: p.stem)
def test_truth_never_reaches_a_call(tmp_path, plan):
    """The same simulated run without a truth, with one for each sample, and with another."""
    found = []
    for number, truths in enumerate((lambda _: "", lambda _: "Δ4-7", lambda _: "negative")):
        (tmp_path / str(number)).mkdir()
        request = SimulationRequest(
            load_plan(plan),
            tmp_path / str(number),
            PANEL,
            products(),
            CONFIG["calling"]["ct_limit"],
        )
        found.append(called(with_truth(simulate(request), truths)))
    records, calls, levels = zip(*found, strict=True)
    assert {entry.truth for entry in records[0].sheet} == {None}
    assert {entry.truth for entry in records[1].sheet} == {("Δ4-7",)}
    assert {entry.truth for entry in records[2].sheet} == {()}
    assert calls[0] == calls[1] == calls[2]
    assert levels[0] == levels[1] == levels[2]
    assert calls[0].samples


def test_only_the_validation_looks_at_the_truth():
    """No stage of a run so much as names the field of the sheet, but where it is read."""
    package = Path("src/breakpoint_pcr")
    stages = ("calling", "curves", "levels", "report", "summary")
    files = [path for stage in stages for path in (package / stage).rglob("*.py")]
    assert [path for path in files if ".truth" in path.read_text(encoding="utf-8")] == []


def test_a_simulated_run_agrees_with_its_own_truth(tmp_path):
    """End to end: expected/samples.tsv of a demo run as truth, its calls, the agreement."""
    plan = load_plan(DEMO / "plans" / "2026-01-12_abi7500.yaml")
    request = SimulationRequest(plan, tmp_path, PANEL, products(), CONFIG["calling"]["ct_limit"])
    folder = simulate(request)
    with (folder / "expected" / "samples.tsv").open(encoding="utf-8") as file:
        expected = {row["sample"]: row["deletions"] for row in csv.DictReader(file, delimiter="\t")}
    record, result, level = called(
        with_truth(folder, lambda name: (expected[name] or "none") if name in expected else "")
    )
    made = laboratory_run(
        record, wells=result.wells, samples=result.samples, standards=level.standards
    )
    found = by_class(assessed(made))["any"]
    held = sum(bool(deletions) for deletions in expected.values())
    assert found.samples == len(expected)
    assert found.true_positive == held
    assert found.false_positive == found.false_negative == 0
