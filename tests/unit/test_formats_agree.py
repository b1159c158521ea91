"""One plate, written in every format: the calls are those of the plan, or none is made.

What is expected comes from the truth and the rules by hand (resources/demo/plans), never from a
run of the pipeline.
"""

from dataclasses import replace

import pytest
from test_demo_calls import CALLS, SETTINGS, expected
from test_simulate_demo import CONFIG, PANEL, PLANS, products

from breakpoint_pcr.calling import call_run
from breakpoint_pcr.ingest.files.source import open_source
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.runs import Status
from breakpoint_pcr.simulate.plans import load_plan
from breakpoint_pcr.simulate.simulation import SimulationRequest, changed, simulate
from breakpoint_pcr.simulate.writers.catalogue import WRITERS

# A rotor has eight tubes to a letter: three controls and five samples.
COLUMNS = 8
PATH = PLANS[0]
# Without a curve, or with a Crt in place of the Ct, nothing can be positive.
NEVER_POSITIVE = {"sds2", "flex_crt", "lightcycler96", "ariamx"}


def calls_in(folder):
    record, reactions, curves = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert (record.status, record.reason) == (Status.READ, "")
    run = call_run(
        record, reactions, curves, products(), panel=PANEL, settings=CALLS, unconfirmed=frozenset()
    )
    return {sample.sample: str(sample.call) for sample in run.samples}


@pytest.mark.parametrize("name", [writer.name for writer in WRITERS])
def test_every_format_gives_the_calls_of_the_plan(tmp_path, name):
    plan = changed(load_plan(PATH), seed=None, format_name=name)
    plan = replace(plan, samples=plan.samples[:COLUMNS])
    limit = CONFIG["calling"]["ct_limit"]
    folder = simulate(SimulationRequest(plan, tmp_path, PANEL, products(), limit))
    names = {sample.name for sample in plan.samples}
    truth = {
        row["sample"]: row["call"]
        for row in expected(PATH.stem, "samples.tsv")
        if row["sample"] in names
    }
    assert set(truth.values()) == {"Δ4-7", "Δ2-7", "Δ2-8", "Δ4-8"}
    assert calls_in(folder) == (
        dict.fromkeys(truth, "inconclusive") if name in NEVER_POSITIVE else truth
    )


@pytest.mark.parametrize("name", [writer.name for writer in WRITERS])
def test_the_kind_of_a_file_rules_out_no_reader_that_knows_it(tmp_path, name):
    plan = changed(load_plan(PATH), seed=None, format_name=name)
    plan = replace(plan, samples=plan.samples[:COLUMNS])
    folder = simulate(SimulationRequest(plan, tmp_path, PANEL, products(), 36))
    for path in (p for p in folder.iterdir() if p.name.startswith(plan.name)):
        source = open_source(path)
        known = [r.name for r in readers(source.kind) if r.sniff(source, SETTINGS)]
        assert known == [r.name for r in readers() if r.sniff(source, SETTINGS)] != []
