"""Simulate a plate, write it, read it back: what the tests of every written format share."""

from ingest_exports import PANEL, settings
from test_simulate import PANEL as MADE_UP
from test_simulate import PRODUCTS, SAMPLES, plan

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.simulate.simulation import SimulationRequest, simulate, simulate_plate
from breakpoint_pcr.simulate.truth import FaultKind

STRICT = [
    *SAMPLES,
    {"name": "O", "faults": [{"kind": "omitted", "assay": "L1/R1"}]},
    {"name": "E", "faults": [{"kind": "empty", "assay": "CG"}]},
    {"name": "H", "faults": [{"kind": "missing_cycles", "assay": "CG", "cycle": 9, "size": 2}]},
    {
        "name": "N",
        "alleles": {"Δ3-5": 900},
        "faults": [{"kind": "missing_curve", "assay": "L1/R1"}],
    },
]


def round_trip(tmp_path, format_name, samples=STRICT, **keys):
    """Return the plate as simulated, and record, reactions and curves as read without the sheet."""
    made = plan(samples=samples, format=format_name, **keys)
    plate = simulate_plate(made, panel=MADE_UP, products=PRODUCTS)
    request = SimulationRequest(made, tmp_path, MADE_UP, PRODUCTS, 36)
    folder = simulate(request)
    (folder / "samplesheet.csv").unlink()
    return plate, folder, read_run(folder, panel=PANEL, settings=settings())


def expected(plate, *, curve):
    """Well, sample, target, Ct and curve of each reaction that has a result.

    `curve` picks Rn or ΔRn of (cycle, Rn, ΔRn).
    """
    rows = []
    for reaction in plate.exported:
        tube = reaction.tube
        if tube.fault(FaultKind.EMPTY) or tube.fault(FaultKind.OMITTED):
            continue
        values = {point[0]: point[curve] for point in reaction.points}
        cycles = range(1, plate.readout.cycles + 1) if values else ()
        series = tuple(values.get(cycle) for cycle in cycles)
        rows.append((tube.well, tube.label.name, tube.target, reaction.reading.ct, series))
    return rows


def found(reactions, curves):
    """The same of what was read; the i-th curve is of the i-th reaction that has one."""
    series = iter(curves)
    rows = []
    for reaction in reactions:
        values = () if reaction.curve_kind == "none" else next(series).values
        if reaction.state not in ("omitted", "empty"):
            rows.append((reaction.well, reaction.sample, reaction.target, reaction.ct, values))
    assert next(series, None) is None
    return rows
