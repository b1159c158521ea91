"""Simulated runs, read and called: every number survives, every call is the expected one.

What is expected comes from the truth and the rules of a call by hand (resources/demo/plans), never
from a run of the pipeline. When one of these fails, the design decides who is wrong.
"""

import csv

import pytest
from test_simulate_demo import CONFIG, DEMO, PANEL, PLANS, products

from breakpoint_pcr.calling.calling import call_run
from breakpoint_pcr.calling.settings import CallSettings
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.runs import Status
from breakpoint_pcr.simulate.plans import load_plan
from breakpoint_pcr.simulate.simulation import SimulationRequest, changed, simulate, simulate_plate
from breakpoint_pcr.simulate.truth import FaultKind
from breakpoint_pcr.tables import CurveKind, State

SETTINGS = IngestSettings.from_config(CONFIG["ingest"])
CALLS = CallSettings.from_config(
    calling=CONFIG["calling"],
    curves=CONFIG["curves"],
    controls=CONFIG["controls"],
    replicates=CONFIG["replicates"],
)
RUNS = [path.stem for path in PLANS]


def expected(run, table):
    with (DEMO / "runs" / run / "expected" / table).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module", params=RUNS)
def called(request):
    record, reactions, curves = read_run(
        DEMO / "runs" / request.param, panel=PANEL, settings=SETTINGS
    )
    assert record.status is Status.READ
    return request.param, call_run(
        record, reactions, curves, products(), panel=PANEL, settings=CALLS, unconfirmed=frozenset()
    )


@pytest.mark.parametrize("format_name", ["abi7500_v2", "quantstudio", "generic"])
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_reading_gives_back_what_was_simulated(tmp_path, path, format_name):
    plan = changed(load_plan(path), seed=None, format_name=format_name)
    folder = simulate(
        SimulationRequest(plan, tmp_path, PANEL, products(), CONFIG["calling"]["ct_limit"])
    )
    record, reactions, curves = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert (record.status, record.reason) == (Status.READ, "")
    plate = simulate_plate(plan, panel=PANEL, products=products())
    found = [(r.well, r.sample, r.assay, r.target, r.role) for r in reactions]
    assert found == [
        (r.tube.well, r.tube.sample.name, r.tube.assay, r.tube.assay, r.tube.sample.role)
        for r in plate.reactions
    ]
    values = iter(curves)
    for reaction, simulated in zip(reactions, plate.reactions, strict=True):
        check_reaction(reaction, simulated)
        if reaction.curve_kind is not CurveKind.NONE:
            curve = next(values)
            assert (curve.well, curve.values) == (reaction.well, simulated.reading.delta_rn)
    assert next(values, None) is None


def check_reaction(reaction, simulated):
    reading = simulated.reading
    if simulated.tube.fault(FaultKind.OMITTED):
        assert reaction.state in (State.OMITTED, State.NO_DATA)
        return
    assert reaction.state is (State.UNDETERMINED if reading.ct is None else State.OK)
    assert reaction.ct == reading.ct
    assert reaction.threshold == 0.2
    assert reaction.dye == "FAM"
    assert (reaction.curve_kind is CurveKind.DELTA_RN) == bool(reading.delta_rn)


def test_calls_are_the_expected_ones(called):
    run, result = called
    found = {
        s.sample: (s.call, frozenset(s.deletions), frozenset(s.candidates)) for s in result.samples
    }
    wanted = {
        row["sample"]: (
            row["call"],
            frozenset(filter(None, row["deletions"].split(";"))),
            frozenset(filter(None, row["candidates"].split(";"))),
        )
        for row in expected(run, "samples.tsv")
    }
    assert found == wanted


def test_outcomes_are_the_expected_ones(called):
    run, result = called
    found = {(w.well, w.assay): w.outcome.value for w in result.wells}
    wanted = {
        (row["well"], row["assay"]): row["outcome"].split(";") for row in expected(run, "wells.tsv")
    }
    assert found.keys() == wanted.keys()
    assert {key: found[key] for key in found if found[key] not in wanted[key]} == {}
